"""
Write overrides.csv as people would: judge each pair that the rules left open, and mend what they got wrong.

    python3 settle_duplicates.py RECORDS TRUTH DUPLICATES OVERRIDES REPORTS

Which record is of which work is known because the exports were invented.
Of the included reports it also writes the record ids to REPORTS.
"""

import csv
import sys
from pathlib import Path

from works import Work, read_truth

COLUMNS = ("record_id", "duplicate_of", "verdict", "by", "why")
WHY = {
    "part": "parts I and II",
    "part_bare": "parts 1 and 2",
    "erratum": "erratum",
    "reply": "reply to it",
    "editorial": "editorials of two issues",
    "conference": "conference abstract and article",
    "wave": "two waves of a survey",
    "protocol": "protocol and trial",
}


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def why_distinct(one: Work, other: Work) -> str:
    """Return what makes two works that look alike different."""
    twin = one if one.twin_of == other.number else other if other.twin_of == one.number else None
    if twin:
        return WHY[twin.twin]
    if one.ref and one.study_id == other.study_id:
        return "two reports of one study"
    return "another article" if one.title != other.title else "same title, another article"


def settle(
    records: list[dict[str, str]], judged: list[dict[str, str]], works: dict[str, Work]
) -> list[list[str]]:
    """Return rows of overrides.csv: what the rules left open or got wrong."""
    kept = {row["record_id"]: row["duplicate_of"] for row in judged if row["verdict"] == "duplicate"}
    rows: dict[tuple[str, str], list[str]] = {}

    def add(one: str, other: str, verdict: str, why: str) -> None:
        pair = (max(one, other), min(one, other))
        rows.setdefault(pair, [*pair, verdict, "ana and ben", why])

    for row in judged:
        one, other = row["record_id"], row["duplicate_of"]
        if row["verdict"] == "possible":
            same = works[one].number == works[other].number
            why = "same article" if same else why_distinct(works[one], works[other])
            add(one, other, "duplicate" if same else "distinct", why)
    clusters: dict[str, list[str]] = {}
    for row in records:
        clusters.setdefault(kept.get(row["record_id"], row["record_id"]), []).append(row["record_id"])
    survivors: dict[int, str] = {}
    for members in clusters.values():
        firsts: dict[int, str] = {}
        for record_id in members:
            firsts.setdefault(works[record_id].number, record_id)
        for record_id in members:
            # Merged with records of another work: each such pair is told apart.
            for other in members:
                if works[record_id].number < works[other].number:
                    add(record_id, other, "distinct", why_distinct(works[record_id], works[other]))
        for number, record_id in firsts.items():
            if number in survivors:
                add(record_id, survivors[number], "duplicate", "same article, found while screening")
            survivors.setdefault(number, record_id)
        # Told apart, the records of one work may no longer hang together by the rules alone.
        if len(firsts) > 1:
            for record_id in members:
                if firsts[works[record_id].number] != record_id:
                    add(record_id, firsts[works[record_id].number], "duplicate", "same article")
    return [rows[pair] for pair in sorted(rows)]


def main() -> None:
    """Write overrides.csv and reports.csv."""
    records_file, truth, judged_file, overrides_file, reports_file = map(Path, sys.argv[1:6])
    records = read(records_file)
    works = read_truth(truth, records)
    rows = settle(records, read(judged_file), works)
    if overrides_file.exists():
        # What people once said of a pair stands, whatever the rules make of it today.
        said = [[row[column] for column in COLUMNS] for row in read(overrides_file)]
        held = [row for row in said if row[0] in works and row[1] in works]
        rows = sorted({(row[0], row[1]): row for row in rows + held}.values())
    with overrides_file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow([*COLUMNS, "basis"])
        table.writerows([*row, "synthetic"] for row in rows)
    reports: dict[str, tuple[str, str]] = {}
    for record_id in sorted(works):
        work = works[record_id]
        if work.ref:
            reports.setdefault(work.ref, (record_id, work.study_id))
    with reports_file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["record_id", "study_id", "ref", "basis"])
        table.writerows([*reports[ref], ref, "text"] for ref in sorted(reports))
    n_apart = sum(row[2] == "distinct" for row in rows)
    print(f"{overrides_file}: {n_apart} pairs told apart, {len(rows) - n_apart} merged", file=sys.stderr)


if __name__ == "__main__":
    main()
