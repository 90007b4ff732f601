"""What lies in the reader's folder before the first command of a page: all of it invented."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from types import MappingProxyType

from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.cli.init import example_files, review_files
from tests.pages import tools
from tests.pages.works import FULL_TEXT_REASONS, HELD, INCLUDED, MAYBE, TO_FULL_TEXT, WORKS, ris

Setting = Callable[[Path], None]


def example(folder: Path) -> None:
    """Lay out the worked example, not made yet."""
    _write(folder, example_files())


def exports(folder: Path) -> None:
    """Lay out three databases' exports, and nothing else."""
    (folder / "exports").mkdir()
    for name, places in HELD.items():
        (folder / "exports" / f"{name}.ris").write_text(ris(list(places)), encoding="utf-8")


def imported(folder: Path) -> None:
    """Lay out a new review whose exports were imported and whose duplicates were found."""
    _write(folder, review_files())
    for name, places in HELD.items():
        (folder / "exports" / f"{name}.ris").write_text(ris(list(places)), encoding="utf-8")
    sources = "file,source,source_kind,platform,round,searched_on,records,query\n" + "".join(
        f"exports/{name}.ris,{name.upper() if name != 'embase' else 'Embase'},database,,1,2026-01-31,"
        f"{len(places)},peer AND work*\n"
        for name, places in HELD.items()
    )
    (folder / "sources.csv").write_text(sources, encoding="utf-8")
    laid_down = (folder / "peerreview.toml").read_text(encoding="utf-8")
    reasons = "".join(f'    "{reason}",\n' for reason in FULL_TEXT_REASONS)
    start, _, rest = laid_down.partition("reasons = [")
    comment, _, after = rest.partition("\n")
    after = after[after.index("]") :]
    (folder / "peerreview.toml").write_text(
        f"{start}reasons = [{comment}\n{reasons}{after}", encoding="utf-8"
    )
    names = [f"exports/{name}.ris" for name in HELD]
    _run(folder, ["import", *names, "-o", "records.csv"], ["dedupe", "records.csv", "-o", "unique.csv"])


def review(folder: Path) -> None:
    """Lay out a review that two people screened to its end, with its studies."""
    imported(folder)
    for reviewer, differs in (("ana", "10.5555/w.6"), ("ben", "10.5555/w.7")):
        votes = [("record_id", "reviewer", "stage", "decision", "reason")]
        for row in rows(folder / "unique.csv"):
            is_in = row["doi"] in TO_FULL_TEXT and row["doi"] != differs
            said = "maybe" if is_in and row["doi"] in MAYBE else "include" if is_in else "exclude"
            votes.append((row["record_id"], reviewer, "title_abstract", said, ""))
            if row["doi"] in TO_FULL_TEXT:
                stays = row["doi"] in INCLUDED
                why = "" if stays else FULL_TEXT_REASONS[row["doi"] == "10.5555/w.6"]
                votes.append(
                    (row["record_id"], reviewer, "full_text", "include" if stays else "exclude", why)
                )
        _table(folder / "decisions" / f"{reviewer}.csv", votes)
    settled = [("record_id", "reviewer", "stage", "decision", "role")]
    settled += [
        (row["record_id"], "di", "title_abstract", "include", "adjudicator")
        for row in rows(folder / "unique.csv")
        if row["doi"] in ("10.5555/w.6", "10.5555/w.7")
    ]
    _table(folder / "decisions" / "resolutions.csv", settled)
    included = [row for row in rows(folder / "unique.csv") if row["doi"] in INCLUDED]
    of = {"10.5555/w.8": "abbot2015"}
    studies, reports = [("study_id", "label", "country", "design")], [("record_id", "study_id")]
    for row in sorted(included, key=lambda row: row["year"]):
        name = row["authors"].partition(",")[0]
        study = of.get(row["doi"], f"{name.lower()}{row['year']}")
        reports.append((row["record_id"], study))
        if row["doi"] not in of:
            studies.append((study, f"{name} {row['year']}", "Norway", "qualitative"))
    _table(folder / "studies.csv", studies)
    _table(folder / "reports.csv", reports)
    names = sorted(f"decisions/{path.name}" for path in (folder / "decisions").glob("*.csv"))
    _run(folder, ["screen", "unique.csv", *names, "-o", "screening.csv"])


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _table(path: Path, cells: Sequence[Sequence[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(cells)
    path.write_text(written.getvalue(), encoding="utf-8")


def _run(folder: Path, *commands: Sequence[str]) -> None:
    with chdir(folder):
        for command in commands:
            result = CliRunner().invoke(app, list(command))
            assert result.exit_code == 0, result.stderr


def ovid(folder: Path) -> None:
    """Lay out one export of Ovid's that holds three databases, each record with the name of its own."""
    (folder / "exports").mkdir()
    names = {"medline": "Ovid MEDLINE(R) ALL", "embase": "Embase", "cinahl": "APA PsycInfo"}
    text = "".join(ris(list(places), database=names[name]) for name, places in HELD.items())
    (folder / "exports" / "ovid.ris").write_text(text, encoding="utf-8")


def second_round(folder: Path) -> None:
    """Lay out a finished review, and the export of the same search a year later."""
    review(folder)
    new = ris([0, 1]) + ris([2], renamed=("Peer workers in schools", "10.5555/w.90"))
    (folder / "exports" / "medline-2027.ris").write_text(new, encoding="utf-8")


def deduplicated(folder: Path) -> None:
    """Lay out the export of a library from which EndNote had removed the duplicates."""
    (folder / "exports").mkdir()
    (folder / "exports" / "library.ris").write_text(ris(range(len(WORKS))), encoding="utf-8")


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "example": example,
        "exports": exports,
        "imported": imported,
        "review": review,
        "second round": second_round,
        "ovid": ovid,
        "deduplicated": deduplicated,
        "endnote": tools.endnote,
        "zotero": tools.zotero,
        "rayyan": tools.rayyan,
        "covidence": tools.covidence,
        "asreview": tools.asreview,
        "eppi": tools.eppi,
    }
)
"""By the name that a page gives: ``<!-- setting: NAME -->``."""
