"""
Write the votes of two invented reviewers, and how they settled their conflicts.

    python3 make_votes.py UNIQUE TRUTH FOLDER

The reviewers are not those of the model review, whose votes are not
published. They vote on what unique.csv lists, as people do; what becomes of
a record is known because the exports were invented, too.
"""

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from works import REASONS, SEED, Work, chance, pick, read_truth

COLUMNS = ("record_id", "reviewer", "stage", "decision", "reason", "role", "decided_at", "note", "basis")
REVIEWERS = ("ana", "ben")
STARTS = {
    ("ana", "title_abstract"): datetime(2023, 11, 28, 9, 4),  # noqa: DTZ001  invented, in UTC
    ("ben", "title_abstract"): datetime(2023, 11, 28, 13, 31),  # noqa: DTZ001
    ("ana", "full_text"): datetime(2024, 1, 22, 8, 47),  # noqa: DTZ001
    ("ben", "full_text"): datetime(2024, 1, 23, 10, 12),  # noqa: DTZ001
}
DISCUSSED = {
    "title_abstract": datetime(2024, 1, 15, 14, 0),  # noqa: DTZ001
    "full_text": datetime(2024, 2, 19, 14, 0),  # noqa: DTZ001
}
Vote = dict[str, str]


def read_works(unique: Path, truth: Path) -> list[tuple[str, bool, Work]]:
    """Return (record id, whether a database held it, work) of each record to screen, in the file's order."""
    with unique.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    works = read_truth(truth, rows)
    return [(row["record_id"], "database" in row["source_kinds"], works[row["record_id"]]) for row in rows]


class Desk:
    """One reviewer's working hours: each vote takes a while, and nobody works at night."""

    def __init__(self, random: Random, start: datetime) -> None:
        self.random, self.now = random, start

    def next(self, seconds: float) -> str:
        """Return the time of the next vote."""
        self.now += timedelta(seconds=int(seconds * (0.4 + 1.6 * self.random.random())))
        if self.now.hour >= 18:
            self.now = (self.now + timedelta(days=1)).replace(hour=8, minute=30 + self.now.second // 2)
            while self.now.weekday() > 4:
                self.now += timedelta(days=1)
        return stamp(self.now)


def stamp(moment: datetime) -> str:
    """Return a moment as the decisions write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def vote(record_id: str, reviewer: str, stage: str, decision: str, at: str, **more: str) -> Vote:
    """Return a row of a decisions file."""
    row = dict.fromkeys(COLUMNS, "") | {"record_id": record_id, "reviewer": reviewer, "stage": stage}
    return row | {"decision": decision, "role": "reviewer", "decided_at": at, "basis": "synthetic"} | more


def judge_title(random: Random, work: Work) -> str:
    """Return what one reviewer makes of a title and abstract."""
    drawn = random.random()
    if work.fate != "screened_out":
        return "include" if drawn < 0.86 else "maybe" if drawn < 0.92 else "exclude"
    if work.near:
        return "include" if drawn < 0.055 else "maybe" if drawn < 0.08 else "exclude"
    return "include" if drawn < 0.0025 else "maybe" if drawn < 0.004 else "exclude"


def judge_text(random: Random, work: Work) -> tuple[str, str]:
    """Return what one reviewer makes of a full text: a decision, and the reason of an exclusion."""
    if work.fate == "included":
        wrong = chance(random, 0.06)
        return ("exclude", REASONS["integration"]) if wrong else ("include", "")
    if chance(random, 0.05):
        return "include", ""
    other = chance(random, 0.09)
    return "exclude", pick(random, list(REASONS.values())) if other else REASONS[work.fate]


def advances(decision: str) -> bool:
    """Return whether a vote sends a record on."""
    return decision != "exclude"


def screen_titles(works: list[tuple[str, bool, Work]]) -> tuple[dict[str, list[Vote]], list[Vote]]:
    """Return the votes on titles and abstracts, and the resolutions."""
    random = Random(f"{SEED}/titles")
    votes: dict[str, list[Vote]] = {name: [] for name in REVIEWERS}
    settled: list[Vote] = []
    desks = {name: Desk(random, STARTS[name, "title_abstract"]) for name in REVIEWERS}
    table = Desk(random, DISCUSSED["title_abstract"])
    for record_id, in_database, work in works:
        if not in_database:
            continue
        right = work.fate != "screened_out"
        said = [judge_title(random, work) for _ in REVIEWERS]
        while all(advances(each) != right for each in said):
            # Both wrong: nobody would ever find out, and the review would be another one.
            said = [judge_title(random, work) for _ in REVIEWERS]
        for name, decision in zip(REVIEWERS, said, strict=True):
            at = desks[name].next(26)
            if chance(random, 0.003):
                slip = "exclude" if advances(decision) else "include"
                votes[name].append(vote(record_id, name, "title_abstract", slip, at, note="slip of the hand"))
                at = desks[name].next(20)
            votes[name].append(vote(record_id, name, "title_abstract", decision, at))
        if advances(said[0]) == advances(said[1]):
            continue
        outcome = "include" if right else "exclude"
        if chance(random, 0.22):
            wrong = REVIEWERS[0] if advances(said[0]) != right else REVIEWERS[1]
            votes[wrong].append(
                vote(
                    record_id,
                    wrong,
                    "title_abstract",
                    outcome,
                    table.next(70),
                    note="changed after discussion",
                )
            )
        else:
            role = "consensus" if chance(random, 0.9) else "adjudicator"
            by = "ana and ben" if role == "consensus" else "cleo"
            settled.append(vote(record_id, by, "title_abstract", outcome, table.next(90), role=role))
    return votes, settled


def read_texts(works: list[tuple[str, bool, Work]]) -> tuple[dict[str, list[Vote]], list[Vote]]:
    """Return the votes on full texts, and the resolutions."""
    random = Random(f"{SEED}/texts")
    votes: dict[str, list[Vote]] = {name: [] for name in REVIEWERS}
    settled: list[Vote] = []
    desks = {name: Desk(random, STARTS[name, "full_text"]) for name in REVIEWERS}
    table = Desk(random, DISCUSSED["full_text"])
    for record_id, _, work in works:
        if work.fate == "screened_out":
            continue
        right = "include" if work.fate == "included" else "exclude"
        said = [judge_text(random, work) for _ in REVIEWERS]
        while all(decision != right for decision, _ in said):
            said = [judge_text(random, work) for _ in REVIEWERS]
        for name, (decision, reason) in zip(REVIEWERS, said, strict=True):
            votes[name].append(
                vote(record_id, name, "full_text", decision, desks[name].next(900), reason=reason)
            )
        if said[0] != said[1]:
            reason = "" if right == "include" else REASONS[work.fate]
            by = "ana and ben"
            settled.append(
                vote(record_id, by, "full_text", right, table.next(240), reason=reason, role="consensus")
            )
    return votes, settled


def write(rows: list[Vote], path: Path) -> None:
    """Write votes, the earliest first; the file is there whole, or not at all."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(
            sorted(rows, key=lambda row: (row["decided_at"], row["record_id"], row["note"] == ""))
        )
    part.replace(path)


def main() -> None:
    """Write a file per reviewer, and last of all the resolutions."""
    unique, truth, folder = map(Path, sys.argv[1:4])
    folder.mkdir(parents=True, exist_ok=True)
    works = read_works(unique, truth)
    titles, settled_titles = screen_titles(works)
    texts, settled_texts = read_texts(works)
    for name in REVIEWERS:
        write(titles[name] + texts[name], folder / f"{name}.csv")
    write(settled_titles + settled_texts, folder / "resolutions.csv")


if __name__ == "__main__":
    main()
