"""The flow is what one gets who goes through the records one after the other with a pencil."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from peerreview import tables
from peerreview.flow import OTHER_METHODS, Box, Flow, Part, counting
from tests.builders import make as make_table
from tests.builders import make_records

KINDS = ("database", "database", "register", "website", "citation_searching", "other")
OUTCOMES = {
    "before_screening": ("", "", "", "include", "exclude", "conflict", "pending"),
    "title_abstract": ("", "include", "include", "exclude", "conflict", "pending"),
    "retrieval": ("", "", "include", "not_retrieved", "conflict", "pending"),
    "full_text": ("", "include", "exclude", "exclude", "not_retrieved", "conflict", "pending"),
}
REASONS = ("", "Wrong design", "Too old", "Animals")
IN_ORDER = ("Too old", "Wrong design")
"""The protocol's reasons."""


@dataclass(frozen=True)
class Made:
    """A review that need not make sense: any record is kept, any outcome at any stage."""

    records: Sequence[Mapping[str, str]]
    kept_of: Mapping[str, str]
    screening: Sequence[Mapping[str, str]]
    old: frozenset[str]


def make(seed: int) -> Made:
    chance = random.Random(seed)  # noqa: S311  made up, not secret
    names = [f"r{number}" for number in range(chance.randint(0, 14))]
    chance.shuffle(names)
    records = []
    for name in names:
        kind = chance.choice(KINDS)
        source = f"{kind} {chance.choice('ab')}"
        records.append(
            {
                "record_id": name,
                "source": source,
                "source_kind": kind,
                "round": chance.choice(["1", "2", "10"]),
            }
        )
    kept: list[str] = []
    kept_of = {}
    for name in chance.sample(names, len(names)):
        kept_of[name] = chance.choice(kept) if kept and chance.random() < 0.45 else name
        kept += [name] if kept_of[name] == name else []
    screening = []
    for name in kept:
        for stage, said in OUTCOMES.items():
            if outcome := chance.choice(said):
                screening.append(
                    {
                        "record_id": name,
                        "stage": stage,
                        "outcome": outcome,
                        "reason": chance.choice(REASONS) if outcome == "exclude" else "",
                        "resolved_by": chance.choice(["votes", "automation", "consensus"]),
                    }
                )
    chance.shuffle(screening)
    old = frozenset(name for name in names if chance.random() < 0.2) if chance.random() < 0.4 else frozenset()
    return Made(records, kept_of, screening, old)


def derive(
    made: Made, sources: Sequence[tuple[str, str, str]] | None = None, *, show_zero: bool = False
) -> Flow:
    duplicates = [
        {"record_id": gone, "duplicate_of": kept, "verdict": "duplicate"}
        for gone, kept in made.kept_of.items()
        if gone != kept
    ]
    columns = ("record_id", "source", "source_kind", "round")
    previous = (
        Flow({"databases": Box(len(made.old), tuple(made.old)), "studies": Box(0)}) if made.old else None
    )
    return counting.derive(
        make_records(**{column: [record[column] for record in made.records] for column in columns}),
        tables.make(tables.DUPLICATES, duplicates),
        tables.make(tables.SCREENING, list(made.screening)),
        reasons=IN_ORDER,
        previous=previous,
        show_zero=show_zero,
        sources=None
        if sources is None
        else make_table(
            tables.SOURCES,
            file=[f"{number}.ris" for number in range(len(sources))],
            source=[name for name, *_ in sources],
            source_kind=[kind for _, kind, _ in sources],
            round=[each for *_, each in sources],
        ),
    )


def by_hand(made: Made) -> dict[str, list[str]]:
    """Return the records of each box; a cluster goes by one name."""
    of_record = {record["record_id"]: record for record in made.records}
    is_left = {name: of_record[name]["source_kind"] in ("database", "register") for name in of_record}
    said: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for row in made.screening:
        said[row["record_id"]][row["stage"]] = row
    clusters: dict[str, list[str]] = defaultdict(list)
    for name, kept in made.kept_of.items():
        clusters[kept].append(name)
    boxes: dict[str, list[str]] = defaultdict(list)
    boxes["earlier_records"] = [name for name in of_record if name in made.old]
    counted = set()
    for kept, members in clusters.items():
        if any(name in made.old for name in members):
            continue
        left = [name for name in members if is_left[name]]
        if (
            not is_left[kept]
            and {"retrieval", "full_text"} & {*said[kept]}
            and "title_abstract" not in said[kept]
        ):
            # Judged as another method's before a database found it: it stays there.
            left = []
        name = kept
        if left and kept not in left:
            # Found by a database, too: counted there, by the earliest of those records.
            name = min(
                left,
                key=lambda each: (
                    int(of_record[each]["round"]),
                    tables.SOURCE_KINDS.index(of_record[each]["source_kind"]),
                    each,
                ),
            )
        counted.add(name)
        for box in boxes_of_cluster(said[kept], is_left=bool(left)):
            boxes[box].append(name)
        if not left:
            boxes[OTHER_METHODS[of_record[kept]["source_kind"]]].append(name)
    for name, record in of_record.items():
        if name in made.old:
            continue
        if is_left[name]:
            boxes["databases" if record["source_kind"] == "database" else "registers"].append(name)
        if name not in counted:
            boxes["duplicates" if is_left[name] else "found_again"].append(name)
    return boxes


def boxes_of_cluster(rows: Mapping[str, Mapping[str, str]], *, is_left: bool) -> list[str]:
    """Return the boxes in which a cluster stands, from what was said of it at each stage."""
    before, title, retrieval, full = (
        rows.get(stage, {}).get("outcome", "")
        for stage in ("before_screening", "title_abstract", "retrieval", "full_text")
    )
    found = []
    if is_left:
        column, sought = "", title == "include"
        if before == "exclude":
            by_tool = rows["before_screening"]["resolved_by"] == "automation"
            found.append("automation" if by_tool else "other_reasons")
        if title in ("include", "exclude"):
            found.append("screened")
        elif before != "exclude":
            found.append("awaiting_screening")
        if title == "exclude":
            by_tool = rows["title_abstract"]["resolved_by"] == "automation"
            found += ["excluded", "excluded_automation" if by_tool else "excluded_human"]
    else:
        column, sought = "other_", "exclude" not in (before, title)
        if not sought:
            found.append("other_set_aside")
    if sought:
        found.append(f"{column}sought")
    if "not_retrieved" in (retrieval, full):
        found.append(f"{column}not_retrieved")
    elif sought and full not in ("include", "exclude"):
        waits = "retrieval" if retrieval in ("pending", "conflict") else "assessment"
        found.append(f"{column}awaiting_{waits}")
    if full in ("include", "exclude"):
        found.append(f"{column}assessed")
    if full == "exclude":
        found.append(f"{column}reports_excluded")
    if full == "include":
        found.append("included")
    return found


@pytest.mark.parametrize("seed", range(80))
def test_each_box_holds_the_records_that_a_pencil_puts_there(seed: int) -> None:
    made = make(seed)

    counted, expected = derive(made), by_hand(made)

    linked = ("studies", "reports", "awaiting_study", "previous_studies", "previous_reports")
    found = {key: sorted(box.ids) for key, box in counted.boxes.items() if key not in linked}
    # Who excluded is told where a tool did.
    untold = () if expected["excluded_automation"] else ("excluded_human",)
    assert {key: ids for key, ids in found.items() if ids} == {
        key: sorted(ids) for key, ids in expected.items() if ids and key not in untold
    }
    assert all(box.n == len(box.ids) for key, box in counted.boxes.items() if key in found)


@pytest.mark.parametrize("seed", range(25))
def test_the_reasons_of_a_box_are_those_of_its_records(seed: int) -> None:
    made = make(seed)
    counted = derive(made)
    # By whichever record a cluster goes, the reason is that of the record kept.
    why = {
        (row["stage"], row["record_id"]): row["reason"]
        for row in made.screening
        if row["outcome"] == "exclude"
    }

    for key, stage in (("excluded", "title_abstract"), ("reports_excluded", "full_text")):
        grouped: dict[str, list[str]] = defaultdict(list)
        for name in counted[key].ids:
            grouped[why[stage, made.kept_of[name]] or counting.NO_REASON].append(name)
        is_told = key == "reports_excluded" or set(grouped) != {counting.NO_REASON}
        assert {part.label: list(part.ids) for part in counted[key].parts} == (grouped if is_told else {})
        assert [part.label for part in counted[key].parts] == sorted(
            (part.label for part in counted[key].parts), key=lambda label: in_order(label, counted[key].parts)
        )


def in_order(label: str, parts: Sequence[Part]) -> tuple[int, int, str]:
    """Return where a reason stands: as in the protocol, then the most frequent, at the end those without."""
    n = next(part.n for part in parts if part.label == label)
    place = IN_ORDER.index(label) if label in IN_ORDER else 9 if label == counting.NO_REASON else 8
    return place, -n, label


@pytest.mark.parametrize("seed", range(60))
def test_each_search_of_this_version_has_a_line_with_what_it_found(seed: int) -> None:
    made, chance = make(seed), random.Random(seed)  # noqa: S311  made up, not secret
    every = [(f"{kind} {letter}", kind) for kind in dict.fromkeys(KINDS) for letter in "ab"]
    declared = [(*each, chance.choice(["", "1", "2"])) for each in chance.sample(every, chance.randint(0, 5))]
    show_zero = chance.random() < 0.3
    counted, placed = derive(made, declared, show_zero=show_zero), by_hand(made)
    of_record = {record["record_id"]: record for record in made.records}
    # What was searched for an earlier version is no search of this one.
    earlier = {of_record[name]["round"] for name in made.old}
    now = [(name, kind) for name, kind, of in declared if (of or "1") not in earlier]
    searched = {kind for _, kind in now} | {
        each["source_kind"] for each in made.records if each["record_id"] not in made.old
    }
    boxes = {"database": "databases", "register": "registers", **OTHER_METHODS}
    names = [each["record_id"] for each in made.records]
    has_right = bool(placed["found_again"]) or any(placed[key] for key in OTHER_METHODS.values())
    has_right = has_right or any(kind in OTHER_METHODS for _, kind in now)

    for kind, key in boxes.items():
        is_template = kind in ("website", "organisation", "citation_searching")
        if kind in ("database", "register"):
            is_there = kind in searched or show_zero or (kind == "database" and "register" not in searched)
        else:
            is_there = has_right and (kind in searched or (show_zero and is_template))
        assert (key in counted.boxes) == is_there
        if not is_there or (kind in OTHER_METHODS and kind != "other"):
            assert counted[key].parts == ()
            continue
        own = sorted(placed[key], key=names.index)
        found = sorted({of_record[name]["source"] for name in own})
        first = [name for name, of in now if of == kind]
        lines = [*first, *(name for name in found if name not in first)]
        assert [(part.label, list(part.ids), part.n) for part in counted[key].parts] == [
            (line, ids := [name for name in own if of_record[name]["source"] == line], len(ids))
            for line in lines
        ]
    assert ("automation" in counted.boxes) == (show_zero or bool(placed["automation"]))
    assert ("excluded_automation" in counted.boxes) == bool(placed["excluded_automation"])
