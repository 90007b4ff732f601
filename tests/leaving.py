"""A review without one of its included studies: by ``retractions``, and as a team takes it out by hand."""

import csv
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from peerreview.cli import app
from tests.imports.test_notices import HEADER

REASON = "Retracted publication"
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    """Return a CSV's rows."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def keep_rows(path: Path, stays: Callable[[Row], bool]) -> None:
    """Write a CSV anew with the rows that stay."""
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    left = [row for row in rows(path) if stays(row)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(left)


def run(*words: str) -> None:
    """Run a command in the working folder."""
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == 0, result.output + repr(result.exception)


def watch(record_ids: Collection[str]) -> None:
    """Write ``watch.csv``, in which Retraction Watch has each of the records retracted."""
    lines = [HEADER]
    for number, row in enumerate(
        each for each in rows(Path("records.csv")) if each["record_id"] in record_ids
    ):
        title, authors = (row[name].replace('"', '""') for name in ("title", "authors"))
        names = ";".join(" ".join(reversed(each.split(", "))) for each in authors.split("; "))
        lines.append(
            f'{number},"{title}",,,J,,,"{names}",,,3/31/2024 0:00,10.5555/n{number},0,1/1/{row["year"]} 0:00,'
            f"{row['doi'] or 'unavailable'},{row['pmid'] or 0},Retraction,+Error in Data;,No,"
        )
    Path("watch.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


@dataclass(frozen=True)
class State:
    """What a review says: its boxes (count, records) and its report."""

    boxes: dict[str, tuple[int, tuple[str, ...]]]
    report: str


def state() -> State:
    """Return what ``flow.json`` and ``report.md`` of the working folder say."""
    boxes = json.loads(Path("flow.json").read_text(encoding="utf-8"))["boxes"]
    report = Path("report.md").read_text(encoding="utf-8").replace("\\", "")
    return State({name: (box["n"], tuple(sorted(box["ids"]))) for name, box in boxes.items()}, report)


def take_out_by_hand(record_ids: Collection[str]) -> None:
    """
    Exclude works at full text by consensus, and take away the studies that have no other report.

    The reason is put among the protocol's, as the how-to says.
    """
    plan = Path("peerreview.toml")
    lists_reason = plan.read_text(encoding="utf-8").replace("reasons = [", f'reasons = ["{REASON}", ', 1)
    plan.write_text(lists_reason, encoding="utf-8")
    kept = {row["record_id"]: row["duplicate_of"] for row in rows(Path("duplicates.csv"))}
    members = {*record_ids, *(each for each, stays in kept.items() if stays in record_ids)}
    for path in sorted(Path("decisions").glob("*.csv")):
        keep_rows(
            path,
            lambda row: (
                row["record_id"] not in members
                or row["stage"] != "full_text"
                or row.get("role", "") in ("", "reviewer")
            ),
        )
    votes = [f"{each},ana and ben,full_text,exclude,{REASON},consensus" for each in sorted(record_ids)]
    Path("decisions/retracted.csv").write_text(
        "\n".join(["record_id,reviewer,stage,decision,reason,role", *votes, ""]), encoding="utf-8"
    )
    keep_rows(Path("reports.csv"), lambda row: row["record_id"] not in members)
    staying = {row["study_id"] for row in rows(Path("reports.csv"))}
    for name in ("studies.csv", "themes.csv", "appraisal.csv", "changes.csv"):
        if Path(name).exists():
            keep_rows(
                Path(name),
                lambda row: row["study_id"] in staying and row.get("record_id", "") not in members,
            )


def check(told: Mapping[str, Any], before: State, after: State) -> None:
    """Check that what ``retractions`` tells of is what the review without the works has."""
    counted = {each["key"]: each["after"] for each in told["boxes"]}
    for name, (n, ids) in after.boxes.items():
        assert counted.get(name, before.boxes[name][0]) == n, name
        assert (name in counted) == (before.boxes[name] != (n, ids)), name
    assert told["sentences"]
    for was, will in told["sentences"]:
        assert was.rstrip(".") in before.report
        assert will.rstrip(".") in after.report
