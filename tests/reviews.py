"""Whole reviews as tables, made up at random but sound, for tests that hold for any review."""

import random
from dataclasses import dataclass

import pandas as pd

from peerreview import tables

KINDS = ("database", "database", "database", "register", "website", "citation_searching", "hand_searching")
REASONS = ("Wrong population, adults", "Wrong design", "", 'No "outcome" <given>', "研究デザインが対象外")


@dataclass(frozen=True)
class Review:
    """A review's tables."""

    records: pd.DataFrame
    duplicates: pd.DataFrame
    screening: pd.DataFrame
    reports: pd.DataFrame
    studies: pd.DataFrame


def make_review(seed: int, *, finished: bool = True, n_records: int = 40) -> Review:
    """Return a sound review; unless ``finished`` some outcomes are open."""
    chance = random.Random(seed)  # noqa: S311  made up, not secret
    n = chance.randint(0, n_records)
    records = []
    for number in range(n):
        kind = chance.choice(KINDS)
        source = f"{kind} {chance.randint(1, 2)}"
        records.append(
            {
                "record_id": f"r{number:03}",
                "source": source,
                "source_kind": kind,
                "round": chance.choice("1112"),
            }
        )
    clusters: list[list[int]] = []
    for number in range(n):
        if clusters and chance.random() < 0.4:
            chance.choice(clusters).append(number)
        else:
            clusters.append([number])

    def order(number: int) -> tuple[str, int, str]:
        each = records[number]
        return each["round"], tables.SOURCE_KINDS.index(each["source_kind"]), each["record_id"]

    duplicates: list[dict[str, str]] = []
    screening: list[dict[str, str]] = []
    included: list[int] = []
    for cluster in clusters:
        kept = records[min(cluster, key=order)]["record_id"]
        duplicates += [
            {"record_id": f"r{number:03}", "duplicate_of": kept, "verdict": "duplicate"}
            for number in cluster
            if f"r{number:03}" != kept
        ]
        is_left = any(records[number]["source_kind"] in tables.DATABASE_KINDS for number in cluster)

        def outcome(stage: str, said: str, reason: str = "", by: str = "votes", of: str = kept) -> None:
            row = {"record_id": of, "stage": stage, "outcome": said, "reason": reason, "resolved_by": by}
            screening.append(row)

        opened = "" if finished or chance.random() < 0.7 else chance.choice(("pending", "conflict"))
        if is_left:
            if chance.random() < 0.1:
                outcome("before_screening", "exclude", by=chance.choice(("automation", "votes")))
                continue
            if opened and chance.random() < 0.5:
                outcome("title_abstract", opened)
                continue
            if chance.random() < 0.4:
                outcome(
                    "title_abstract",
                    "exclude",
                    chance.choice(REASONS),
                    chance.choice(("votes", "automation")),
                )
                continue
            outcome("title_abstract", "include")
        if chance.random() < 0.15:
            outcome("retrieval", "not_retrieved")
            continue
        if opened:
            outcome(chance.choice(("retrieval", "full_text")), opened)
            continue
        if chance.random() < 0.5:
            outcome("full_text", "exclude", chance.choice(REASONS))
            continue
        outcome("full_text", "include")
        included.append(chance.choice(cluster))
    reports = [
        {"record_id": f"r{number:03}", "study_id": f"s{chance.randint(0, place // 2):02}"}
        for place, number in enumerate(included)
    ]
    studies = [{"study_id": each, "label": each} for each in sorted({row["study_id"] for row in reports})]
    return Review(
        tables.make(tables.RECORDS, records),
        tables.make(tables.DUPLICATES, duplicates),
        tables.make(tables.SCREENING, screening),
        tables.make(tables.REPORTS, reports),
        tables.make(tables.STUDIES, studies),
    )


@dataclass(frozen=True)
class History(Review):
    """A living review's tables."""

    sources: pd.DataFrame
    changes: pd.DataFrame


def make_history(seed: int, *, n_rounds: int, finished: bool = True) -> History:
    """
    Return a sound living review of so many rounds.

    What a round finds may have been found before; studies are retired and
    corrected after they were included; some rounds find nothing.
    """
    chance = random.Random(seed)  # noqa: S311  made up, not secret
    kinds = ("database", "database", "register", "website", "citation_searching")
    records: list[dict[str, str]] = []
    sources: list[dict[str, str]] = []
    for round_ in map(str, range(1, n_rounds + 1)):
        search = {"file": f"{round_}.ris", "source": "database 1", "source_kind": "database"}
        sources.append({**search, "round": round_})
        for _ in range(chance.choice((0, 3, 6, 12))):
            kind = chance.choice(kinds)
            record = {"record_id": f"r{len(records):03}", "source": f"{kind} 1", "source_kind": kind}
            records.append({**record, "round": round_})
    clusters: list[list[int]] = []
    for number in range(len(records)):
        if clusters and chance.random() < 0.35:
            chance.choice(clusters).append(number)
        else:
            clusters.append([number])
    duplicates, screening, included = [], [], []
    for cluster in clusters:

        def order(number: int) -> tuple[str, int, str]:
            each = records[number]
            return each["round"], tables.SOURCE_KINDS.index(each["source_kind"]), each["record_id"]

        stays = min(cluster, key=order)
        kept = records[stays]["record_id"]
        duplicates += [
            {"record_id": records[number]["record_id"], "duplicate_of": kept, "verdict": "duplicate"}
            for number in cluster
            if number != stays
        ]
        # What was decided for a version does not know what later ones find.
        own = [number for number in cluster if records[number]["round"] == records[stays]["round"]]
        is_left = any(records[number]["source_kind"] in tables.DATABASE_KINDS for number in own)
        stages = ["title_abstract"] if is_left else []
        for stage in (*stages, "full_text"):
            said = chance.choice(("include", "include", "exclude"))
            if not finished and chance.random() < 0.2:
                said = "pending"
            screening.append({"record_id": kept, "stage": stage, "outcome": said, "resolved_by": "votes"})
            if said != "include":
                break
        else:
            included.append(stays)
    reports = []
    first: dict[str, int] = {}
    for place, number in enumerate(sorted(included)):
        study = f"s{chance.randint(0, place // 2):02}"
        record = records[number]
        reports.append({"record_id": record["record_id"], "study_id": study})
        first[study] = min(int(record["round"]), first.get(study, n_rounds))
    changes = []
    for study, begins in sorted(first.items()):
        later = list(range(begins + 1, n_rounds + 1))
        if later and chance.random() < 0.3:
            changes.append({"study_id": study, "round": str(chance.choice(later)), "change": "retired"})
        elif chance.random() < 0.2:
            when = str(chance.choice([begins, *later]))
            changes.append({"study_id": study, "round": when, "change": "corrected"})
    return History(
        tables.make(tables.RECORDS, records),
        tables.make(tables.DUPLICATES, duplicates),
        tables.make(tables.SCREENING, screening),
        tables.make(tables.REPORTS, reports),
        tables.make(tables.STUDIES, [{"study_id": each, "label": each} for each in sorted(first)]),
        tables.make(tables.SOURCES, sources),
        tables.make(tables.CHANGES, [{**each, "reason": "Retracted"} for each in changes]),
    )
