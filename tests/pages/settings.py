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

Setting = Callable[[Path], None]
WORKS = (
    ("Peer support on acute wards: a qualitative study", "Abbot, Ann", "2015", "Ward Studies", "10.5555/w.1"),
    ("Supervision of peer workers in community teams", "Bell, Bo", "2016", "Peer Work", "10.5555/w.2"),
    ("Sleep and shift work among nurses", "Cole, Cy", "2016", "Nursing Hours", "10.5555/w.3"),
    ("What managers say about peer roles", "Dunn, Di", "2017", "Ward Studies", "10.5555/w.4"),
    ("Housing after prison: a cohort study", "Eden, Eve", "2018", "Housing Research", "10.5555/w.5"),
    ("Training for peer support workers: a survey", "Ford, Flo", "2018", "Peer Work", "10.5555/w.6"),
    ("Lived experience in service design", "Gray, Gil", "2019", "Service Design", "10.5555/w.7"),
    ("Role conflict of peer workers in hospitals", "Hall, Hanna", "2019", "Ward Studies", "10.5555/w.8"),
    ("Peer workers and pay: an editorial", "Ives, Ian", "2020", "Peer Work", "10.5555/w.9"),
    ("Burnout in emergency departments", "Jones, Jo", "2020", "Nursing Hours", "10.5555/w.10"),
    ("Integrating peer workers: a case study", "Kent, Kim", "2021", "Service Design", "10.5555/w.11"),
    ("Peer support by telephone: a randomised trial", "Lane, Lou", "2022", "Peer Work", "10.5555/w.12"),
)
HELD = {"medline": range(9), "embase": (0, 1, 3, 5, 7, 9, 10), "cinahl": (1, 3, 6, 8, 10, 11)}
"""Which of the works each database holds."""
INCLUDED = ("10.5555/w.1", "10.5555/w.2", "10.5555/w.8", "10.5555/w.11")
TO_FULL_TEXT = (*INCLUDED, "10.5555/w.4", "10.5555/w.6", "10.5555/w.7")
MAYBE = ("10.5555/w.4",)
FULL_TEXT_REASONS = ("Wrong population", "Wrong design")


def ris(places: Sequence[int], *, database: str = "") -> str:
    """Return works as the RIS of a database."""
    records = []
    for place in places:
        title, author, year, journal, doi = WORKS[place]
        source = f"DB  - {database}\n" if database else ""
        records.append(
            f"TY  - JOUR\n{source}AN  - {700 + place}\nT1  - {title}\nA1  - {author}\nY1  - {year}\n"
            f"JF  - {journal}\nDO  - {doi}\nAB  - An invented abstract, for demonstration.\nER  - \n\n"
        )
    return "".join(records)


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
        (row["record_id"], "ana and ben", "title_abstract", "include", "consensus")
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


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {"example": example, "exports": exports, "imported": imported, "review": review}
)
"""By the name that a page gives: ``<!-- setting: NAME -->``."""
