"""The tables of the paper as their commands lay them out now, where these have no options."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.cli.inputs import (
    read_appraisals,
    read_coding,
    read_findings,
    read_staying,
    read_studies,
)
from peerreview.cli.outputs import FORMATS, as_json, written
from peerreview.errors import PeerreviewError
from peerreview.review import AGREEMENT

if TYPE_CHECKING:
    from peerreview.agreement.measured import Measured
    from peerreview.cli.remaking import Remade
    from peerreview.paper.sheets import Sheet
    from peerreview.review import Review


def compare_paper(made: "Remade") -> None:
    """Compare the tables of the paper with what their commands write without options."""
    for path, command, make in _files(made):
        shown = path.relative_to(made.folder).as_posix()
        try:
            content = make()
            is_fresh = _is_same(made, path, content)
        except _NotHereError as error:
            made.add(shown, "unchecked", command, str(error))
        except PeerreviewError as error:
            made.add(shown, "blocked", command, str(error).partition("\n")[0])
        else:
            where = "" if is_fresh else where_other(path, content)
            made.add(shown, "fresh" if is_fresh else "differs", command, where)


class _NotHereError(PeerreviewError):
    """What a file was written of lies elsewhere."""


def compare_report(made: "Remade") -> None:
    """Compare a report in Markdown with what ``report``, which has no options, writes now."""
    from peerreview.cli.remaking import REPORT
    from peerreview.cli.sections import read_sections
    from peerreview.render import report
    from peerreview.tables import reading

    path = made.folder / REPORT
    if not path.exists():
        return
    title = made.plan.title or "Systematic review"
    _, content = report.write(read_sections(made.review, made.plan), title, path.stem, path.suffix)[-1]
    now = content if isinstance(content, bytes) else content.encode()
    is_fresh = reading.read_bytes(path) == now
    made.add(
        path.name, "fresh" if is_fresh else "stale", "report", "" if is_fresh else where_other(path, now)
    )


_OF_LINES = (".md", ".html", ".tex", ".csv", ".json")
_MOST_LINES = 3


def where_other(path: Path, content: bytes) -> str:
    """Return which lines of a text are others than in what would be written; blank for what has no lines."""
    from peerreview.render import seals
    from peerreview.tables import few, reading

    if path.suffix not in _OF_LINES:
        return ""
    before, now = (each.splitlines() for each in (seals.bare(reading.read_bytes(path), path.suffix), content))
    other = [
        number for number, pair in enumerate(zip(before, now, strict=False), start=1) if pair[0] != pair[1]
    ]
    if len(before) != len(now):
        return f"from line {other[0] if other else min(len(before), len(now)) + 1:,} on"
    lines = [f"{number:,}" for number in other]
    return f"{'line' if len(other) == 1 else 'lines'} {few(lines, _MOST_LINES)}" if other else ""


def _is_same(made: "Remade", path: Path, content: bytes) -> bool:
    """Return whether a file is what its command would write now, and its proof of the files as they are."""
    from peerreview.cli.remaking import proof_holds
    from peerreview.flow.proofs import from_data
    from peerreview.render import seals
    from peerreview.tables import reading

    now = {f"{name}.csv": digest for name, digest in made.digests.items()}

    def is_of_now(said: dict[str, Any]) -> bool:
        for name, each in from_data(said).tables.items():
            file = made.folder / name
            if each.sha256 != (now.get(name) or (reading.digest(file) if file.is_file() else "")):
                return False
        return True

    return seals.bare(reading.read_bytes(path), path.suffix) == content and proof_holds(path, is_of_now)


def lay_out_again(review: "Review", command: str) -> "Sequence[Sheet]":
    """Return the sheets that a command lays out now without options, as ``table themes``; none if unknown."""
    from functools import partial

    from peerreview.cli.remaking import Remade

    try:
        made = Remade(review, review.protocol())
        make = _sheets(made, partial(measure, made)).get(command)
        if make is None:
            return ()
        return make()
    except PeerreviewError:
        return ()


def command_of(folder: Path, sheets: "Sequence[Sheet]") -> str:
    """Return the command that lays out just these sheets without options; blank where none does."""
    from peerreview.paper.sheets.kept import hash_cells
    from peerreview.review import Review

    wanted = [hash_cells(each) for each in sheets]
    # Of agreement there is a sheet a stage, and of searches one each.
    for command in (f"table {sheets[0].name}", sheets[0].name, "agreement", "search") if sheets else ():
        again = lay_out_again(Review(folder), command)
        if [hash_cells(each) for each in again] == wanted:
            return command
    return ""


def _files(made: "Remade") -> Iterator[tuple[Path, str, Callable[[], bytes]]]:
    """Yield the paper's tables that lie in the folder, and what may have made each."""
    from functools import cache, partial

    from peerreview.cli.remaking import KEPT, TABLES

    measured = cache(partial(measure, made))
    sheets = _sheets(made, measured)
    for folder, prefix in ((made.folder, ""), (made.folder / TABLES, "table ")):
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            name = f"{prefix}{path.stem}"
            if path.name in KEPT and not prefix:
                continue
            if not prefix and (found := _of_name(made, path, measured)):
                yield path, *found
            elif path.suffix in FORMATS and name in sheets:
                command = "appraise" if name == "appraisal" else name
                yield path, command, partial(_laid_out, sheets[name], path)
            elif prefix and path.is_file() and not path.name.startswith("."):
                made.add(path.relative_to(made.folder).as_posix(), "unchecked", name)


def _of_name(
    made: "Remade", path: Path, measured: "Callable[[], Measured]"
) -> tuple[str, Callable[[], bytes]] | None:
    """Return the command and the content of a file that is no sheet, or is made of more than tables."""
    from functools import partial

    from peerreview.cli.retractions import DEFAULT
    from peerreview.cli.searching import files_of
    from peerreview.paper.sheets.agreement import agreement_rows
    from peerreview.tables.writing import to_csv

    if path.name == AGREEMENT:
        return "agreement", lambda: as_json(measured().to_json()).encode()
    if path.name == "agreement.csv":
        return "agreement", lambda: to_csv(agreement_rows(measured())).encode()
    if path.name == DEFAULT.name or (path.stem == "retractions" and path.suffix in _TOLD):
        return "retractions", partial(_retracted, made, path)
    of_each = {f"search-{each.stem}.json" for each in files_of(made.review)}
    if path.name in {"search.csv", "search-checks.csv", "search.json", *of_each}:
        return "search", partial(_searched, made, path)
    return None


_TOLD = (*(suffix for suffix in FORMATS if suffix != ".csv"), ".json")
"""What ``retractions`` tells of the works, and what changes without them, in."""


def _searched(made: "Remade", path: Path) -> bytes:
    from peerreview.cli.searching import read_all, tables_of

    contents = tables_of(read_all(made.review, told=False), path.with_name(f"search{path.suffix}"))
    return _bytes_of(dict(contents).get(path, ""))


def _retracted(made: "Remade", path: Path) -> bytes:
    """Return what ``retractions`` writes now of the notices that a file says it was written of."""
    from peerreview.cli.proving import earlier_of
    from peerreview.cli.retractions import look, write

    # What notices are on is looked up in the tables as they would be.
    review = made.review.as_if({name: made.frames[name] for name in made.digests})
    found = look(review, made.plan, *_notices_of(path, made.folder))
    now = write(found, path.suffix, previous=earlier_of(made.folder))
    return _written(now, path) if isinstance(now, list) else _bytes_of(now)


def _notices_of(path: Path, folder: Path) -> tuple[Path | None, str]:
    """
    Return the notices that a file was written of, and the day they were fetched; none where it says of none.

    A workbook is not asked.
    """
    from peerreview.render import seals
    from peerreview.tables import reading

    content = seals.bare(reading.read_bytes(path), path.suffix).decode("utf-8", "replace")
    there = sorted(folder.glob("**/*.csv"))
    if path.suffix == ".csv":
        # The table says of each notice in which line of which file it is.
        named = (each for each in there if re.search(rf"[ ,;\"]{re.escape(each.name)}:[0-9]", content))
        return next(named, None), ""
    said = _COMPARED.search(content)
    if said is None:
        return None, ""
    found = next((each for each in there if reading.digest(each) == said["sha256"]), None)
    if found is None:
        raise _NotHereError("the notices that it was written of are not there as they were then")
    return found, said["dated"] or ""


_COMPARED = re.compile(r"\((?:fetched on (?P<dated>[0-9-]+)|[^()]*); SHA-256 (?P<sha256>[0-9a-f]{64})\)")


def _bytes_of(content: Any) -> bytes:
    from peerreview.tables.writing import to_csv

    return (content if isinstance(content, str) else to_csv(content)).encode()


def _written(sheets: "list[Sheet]", path: Path) -> bytes:
    (content,) = [content for file, content in written(sheets, path) if file == path]
    return content if isinstance(content, bytes) else content.encode()


def _laid_out(make: "Callable[[], list[Sheet]]", path: Path) -> bytes:
    return _written(make(), path)


def measure(made: "Remade") -> "Measured":
    """
    Return how far the reviewers agreed, by their votes.

    Raises
    ------
    PeerreviewError
        Where these are in words of their own.
    """
    if made.plan.categories:
        raise PeerreviewError("its votes are in words of their own, [agreement] categories")
    from peerreview.paper.sheets.agreement import agreement_of
    from peerreview.screening.votes import follow

    return agreement_of(
        made.votes,
        made.plan,
        kept=follow(made.frame(tables.DUPLICATES)),
        records=made.frame(tables.UNIQUE) if made.has(tables.UNIQUE) else None,
    )


def _sheets(made: "Remade", measured: "Callable[[], Measured]") -> "dict[str, Callable[[], list[Sheet]]]":
    """Return what each command of a table lays out where it has no options, by the file's name."""
    from functools import cache, partial

    from peerreview.cli import searching
    from peerreview.cli.retractions import look, write
    from peerreview.paper.citations import cite_studies, number_studies
    from peerreview.paper.sheets import registry

    coded = cache(lambda: read_coding(made.review))

    appraised = cache(lambda: read_appraisals(made.review, made.plan))

    def agreed() -> "list[Sheet]":
        from peerreview.paper.sheets.agreement import agreement_sheets

        return agreement_sheets(measured())

    def judged(*, summed: bool) -> "list[Sheet]":
        from peerreview.paper.sheets.appraisal import all_items, all_sheets

        return all_sheets(appraised()) if summed else all_items(appraised())

    def crossed(name: str) -> "list[Sheet]":
        from peerreview.paper.sheets import themes

        if name == "themes":
            return themes.theme_sheets(coded())
        return [themes.theme_matrix(coded()) if name == "matrix" else themes.theme_evidence(coded())]

    def tally() -> "list[Sheet]":
        from peerreview.paper.sheets.themes import theme_tally

        coding = coded()
        cited: Mapping[str, str] = dict(coding.studies)
        if made.plan.references == "numbers":
            cited = number_studies(made.frame(tables.REPORTS), read_staying(made.review, None))
        return [theme_tally(coding, references=cited)]

    def characteristics() -> "list[Sheet]":
        from peerreview.paper.sheets import studies

        included = read_studies(made.review, None, None)
        cited: Mapping[str, str] = cite_studies(made.frame(tables.REPORTS), made.frame(tables.UNIQUE))
        if made.plan.references == "numbers":
            cited = number_studies(made.frame(tables.REPORTS), included)
        return [studies.characteristics(included, citations=cited, columns=made.plan.columns)]

    def sources() -> "list[Sheet]":
        from peerreview.paper.sheets.searches import searches

        return [searches(made.frame(tables.SOURCES), made.frame(tables.RECORDS))]

    def findings() -> "list[Sheet]":
        from peerreview.paper.sheets.findings import summary_of_findings

        return [summary_of_findings(read_findings(made.review))]

    def searched() -> "list[Sheet]":
        found = searching.read_all(made.review, told=False)
        return searching.sheets(made.review, found)

    def retracted() -> "list[Sheet]":
        # As its command has it without notices: by what records say of themselves.
        found = write(look(made.review, made.plan, None), ".md")
        return found if isinstance(found, list) else []

    def from_tables(layout: registry.Layout) -> "list[Sheet]":
        asked = (*layout.TABLES, *layout.OPTIONAL)
        return [layout.lay_out(**{name: made.frame(registry.READABLE[name]) for name in asked})]

    return {
        "agreement": agreed,
        "appraisal": lambda: judged(summed=True),
        "themes": lambda: crossed("themes"),
        "search": searched,
        "retractions": retracted,
        "table appraisal": lambda: judged(summed=False),
        "table themes": tally,
        "table matrix": lambda: crossed("matrix"),
        "table evidence": lambda: crossed("evidence"),
        "table characteristics": characteristics,
        "table sources": sources,
        "table findings": findings,
    } | {f"table {each.NAME}": partial(from_tables, each) for each in registry.shipped()}
