"""Published papers audited, and tables of audits checked: each paper is read again, number by number."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.errors import InputError, MissingToolError

if TYPE_CHECKING:
    from peerreview.flow.verified import Checked
    from peerreview.paper.sheets import Sheet
    from peerreview.paper.sheets.audits import Audited

Rows = Sequence[Mapping[str, Any]]


def audit(path: Path) -> "Audited":
    """
    Return a paper's audit.

    Raises
    ------
    InputError
        For what is no paper, or cannot be read.
    MissingToolError
        For a PDF without the program that reads it.
    """
    from peerreview.flow import printed
    from peerreview.imports.papers import reading as papers
    from peerreview.imports.papers import statements
    from peerreview.paper.sheets.audits import Audited
    from peerreview.tables import reading

    paper = papers.read(reading.read_bytes(path), path)
    found = printed.audit(statements.read(paper), unread=statements.why_unread(paper))
    return Audited(str(path), paper.title, paper.doi, found)


def audit_or_why(path: Path, named: str, tell: Callable[[str], None]) -> "Audited":
    """
    Return a paper's audit; of one that cannot be read, that, told: it costs the others nothing.

    Parameters
    ----------
    named : what the paper is called in the audit.
    """
    from dataclasses import replace

    from peerreview.flow import printed
    from peerreview.paper.sheets.audits import Audited

    try:
        return replace(audit(path), file=named)
    except (InputError, MissingToolError) as error:
        tell(str(error))
        why = error.message if isinstance(error, InputError) else str(error)
        return Audited(named, "", "", printed.audit((), unread=why))


def check_audits(path: Path, *folders: Path) -> "list[Checked] | None":
    """
    Return whether each paper of a table of audits still says what stands there; None for no such table.

    Parameters
    ----------
    folders : where the papers may lie, as the table names them, besides beside it.

    Raises
    ------
    InputError
        For a table that cannot be read.
    """
    from peerreview.paper.sheets import audits as stage
    from peerreview.tables import reading

    again = cache(lambda named: _again(named, [*folders, path.parent]))
    if path.suffix.lower() == ".json":
        said = reading.parse_json(reading.read_text(path), path=path)
        if not isinstance(said, dict) or said.get("schema") != stage.SCHEMA:
            return None
        papers = [each for each in said.get("papers", ()) if isinstance(each, dict)]
        return list(_checked(papers, lambda named: stage.to_json([again(named)[0]])["papers"], again))
    frame = reading.read_raw(path)
    names = [{column.name for column in sheet.columns} for sheet in stage.to_tables([])]
    place = next((place for place, each in enumerate(names) if each <= set(frame.columns)), None)
    if place is None:
        return None
    rows = list(tables.rows(frame))
    return list(_checked(rows, lambda named: _rows_of(stage.to_tables([again(named)[0]])[place]), again))


def _again(named: str, folders: Sequence[Path]) -> "tuple[Audited, str]":
    """Return a paper's audit now, and why it could not be read; blank where it was."""
    faults: list[str] = []
    there = (folder / named for folder in folders)
    path = next((each for each in there if each.is_file()), Path(named))
    found = audit_or_why(path, named, faults.append)
    return found, (faults or [""])[0] if path.is_file() else "it is not there"


def _rows_of(sheet: "Sheet") -> Rows:
    """Return the rows of a sheet as its table of data has them."""
    from peerreview.render.sheets import fill
    from peerreview.tables import dialects

    (_, names), *rows = dialects.records(fill([sheet], ".csv"), ",")
    return [dict(zip(names, cells, strict=True)) for _, cells in rows]


def _checked(
    rows: Rows, now: "Callable[[str], Rows]", again: "Callable[[str], tuple[Audited, str]]"
) -> "Iterator[Checked]":
    """Yield of each paper whether its rows are what is read of it now."""
    from peerreview.flow.verified import Checked, Word

    for named in dict.fromkeys(str(row.get("file", "")) for row in rows):
        was = _once([row for row in rows if row.get("file") == named])
        is_ = _once(now(named))
        why = _difference(was, is_)
        fault = again(named)[1]
        if why and fault:
            yield Checked(named, Word.UNKNOWN, fault)
        else:
            yield Checked(named, Word.DIFFERS if why else Word.HOLDS, why)


def _once(rows: Rows) -> Rows:
    """Return rows without those that say the same again: a paper may have been named twice."""
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


def _difference(was: Rows, is_: Rows) -> str:
    """Return what rows of a paper say that is not read of it now, in words; blank for nothing."""
    if len(was) == len(is_) == 1:
        before, after = was[0], is_[0]
        other = [(name, before.get(name), after[name]) for name in after if before.get(name) != after[name]]
        return "; ".join(
            f"{name}: the table says {one or 'nothing'}, the paper {now or 'nothing'}"
            if isinstance(now, str)
            else f"{name}: the paper says others"
            for name, one, now in other
        )
    names = list(is_[0]) if is_ else []
    known = [{name: row.get(name) for name in names or row} for row in was]
    too_many = [row for row in known if row not in is_]
    missing = [row for row in is_ if row not in known]
    told = [f"the table says {_number(row)}, the paper does not" for row in too_many]
    told += [f"the paper says {_number(row)}, the table does not" for row in missing]
    return "; ".join(told)


def _number(row: Mapping[str, Any]) -> str:
    return f"{row.get('box')} {row.get('n')}"
