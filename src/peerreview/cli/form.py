"""The command ``form``: sheets for people to fill in, and filled ones to the review's tables."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli.options import (
    Appraisal,
    Codebook,
    Fields,
    Instrument,
    Protocol,
    Quiet,
    Reports,
    Screening,
    Studies,
    Themes,
    Unique,
)
from peerreview.cli.outputs import check_table, put
from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from peerreview.paper.forms import Form
    from peerreview.review import Review


class Sheet(StrEnum):
    """What there is a form of."""

    reports = "reports"
    studies = "studies"
    themes = "themes"
    appraisal = "appraisal"
    findings = "findings"
    retrieval = "retrieval"
    conflicts = "conflicts"
    possible = "possible"


TAKEN_ELSEWHERE = {
    Sheet.retrieval: "decisions takes a filled list of full texts",
    Sheet.conflicts: "screen --resolve takes a filled form of conflicts",
    Sheet.possible: "dedupe --resolve takes a filled form of possible pairs",
}


def form(
    sheet: Annotated[Sheet, typer.Argument(help="What to fill in.")],
    filled: Annotated[
        list[Path] | None,
        typer.Argument(help="Filled forms, to be the table; with --reviewer consensus, what people said."),
    ] = None,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Form to write, .xlsx or .csv; with filled forms the table, .csv."
        ),
    ],
    reviewer: Annotated[
        str, typer.Option("--reviewer", help="Who fills it in; consensus for what people differ on.")
    ] = "",
    studies: Studies = None,
    fields: Fields = None,
    reports: Reports = None,
    screening: Screening = None,
    unique: Unique = None,
    themes: Themes = None,
    codebook: Codebook = None,
    appraisal: Appraisal = None,
    instrument: Instrument = "",
    protocol: Protocol = None,
    replace: Annotated[bool, typer.Option("--replace", help="Drop what stands in the output.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write a sheet to fill in, or make the table of filled ones."""
    from peerreview.cli import retrieving
    from peerreview.cli.forms import written
    from peerreview.review import Review

    named = {
        "studies": studies,
        "fields": fields,
        "reports": reports,
        "screening": screening,
        "unique": unique,
        "themes": themes,
        "codebook": codebook,
        "appraisal": appraisal,
    }
    given = [path for path in named.values() if path is not None]
    review = Review.around(given[0] if given else None, *given[1:])
    review.note_named(*(filled or ()))
    if filled and not reviewer:
        if sheet in TAKEN_ELSEWHERE:
            raise UsageError(f"{TAKEN_ELSEWHERE[sheet]}; this command writes it")
        check_table(output)
        table = _taken(review, sheet, filled, named)
        if not replace:
            _keep_rows(output, sheet, table)
        review.remark(
            f"{tables.counted(len(table), 'row')} of {sheet} from {tables.counted(len(filled), 'form')}"
        )
        put(review, [(output, table)])
        return
    if sheet == Sheet.retrieval:
        put(
            review,
            [(output, retrieving.to_fill(review, output, reviewer, unique=unique, screening=screening))],
        )
        return
    made = _MAKERS[sheet](review, named, reviewer, filled or (), instrument, protocol)
    review.remark(f"{tables.counted(len(made.cells), 'row')} to fill in")
    if not replace:
        _keep_filled(output, made)
    put(review, [(output, written(made, output))])


_Named = dict[str, Path | None]


def _reports_form(
    review: "Review", named: _Named, reviewer: str, filled: "Sequence[Path]", *_: object
) -> "Form":
    from peerreview.paper import filling

    _no_people(reviewer, filled, Sheet.reports)
    outcomes = review.read(tables.SCREENING, named["screening"])
    included = outcomes.loc[
        (outcomes["stage"] == "full_text") & (outcomes["outcome"] == "include"), "record_id"
    ]
    records = review.read(tables.UNIQUE, named["unique"])
    known = review.read_optional(tables.REPORTS, named["reports"])
    return filling.reports(records[records["record_id"].isin(included)], known)


def _studies_form(
    review: "Review", named: _Named, reviewer: str, filled: "Sequence[Path]", *_: object
) -> "Form":
    from peerreview.paper import filling

    known = _known_studies(review, named)
    declared = _fields(review, named, known)
    said = _extracted(review, filled)
    return filling.studies(known, declared, reviewer or "reviewer", said)


def _appraisal_form(
    review: "Review",
    named: _Named,
    reviewer: str,
    filled: "Sequence[Path]",
    instrument: str,
    protocol: Path | None,
) -> "Form":
    from peerreview.cli.inputs import read_instruments
    from peerreview.paper import filling

    known = review.read(tables.STUDIES, named["studies"])
    chosen = [
        (each.instrument, known[known["study_id"].isin(each.studies)])
        for each in read_instruments(review, review.protocol(protocol), instrument, known)
    ]
    said = None
    if reviewer in tables.RESOLUTIONS:
        said = (
            _rows_of(review, filled, tables.APPRAISAL, "judgement")
            if filled
            else review.read(tables.APPRAISAL, named["appraisal"])
        )
    return filling.appraisal(chosen, reviewer or "reviewer", said)


def _themes_form(
    review: "Review", named: _Named, reviewer: str, filled: "Sequence[Path]", *_: object
) -> "Form":
    from peerreview.paper import filling

    _no_people("", filled, Sheet.themes)
    known = review.read(tables.STUDIES, named["studies"])
    return filling.themes(known, review.read_optional(tables.CODEBOOK, named["codebook"]), reviewer)


def _findings_form(
    review: "Review", named: _Named, reviewer: str, filled: "Sequence[Path]", *_: object
) -> "Form":
    from peerreview.paper import filling

    _no_people(reviewer, filled, Sheet.findings)
    codebook = review.read_optional(tables.CODEBOOK, named["codebook"])
    return filling.findings(review.read(tables.THEMES, named["themes"]), codebook)


def _conflicts_form(
    review: "Review",
    named: _Named,
    reviewer: str,
    filled: "Sequence[Path]",
    _instrument: str,
    protocol: Path | None,
) -> "Form":
    from peerreview.paper import filling
    from peerreview.screening import people
    from peerreview.tables.writing import from_people

    _no_people(reviewer, filled, Sheet.conflicts)
    plan = review.protocol(protocol)
    open_ = from_people(review.read(tables.CONFLICTS))
    votes = people.known_as(review.read_votes(review.vote_files(None)), plan.reviewers)
    shown = people.shown_as(votes["reviewer"].unique().tolist(), plan.reviewers)
    notes: dict[tuple[str, str], str] = {}
    columns = ("record_id", "stage", "reviewer", "note")
    for record_id, stage, who, note in zip(*(votes[name] for name in columns), strict=True):
        if note.strip():
            said = f"{shown[who]}: {note.strip()}"
            before = notes.get((record_id, stage), "")
            notes[record_id, stage] = f"{before}\n{said}" if before else said
    return filling.conflicts(open_, notes, review.read(tables.UNIQUE, named["unique"]), plan.reasons)


def _possible_form(
    review: "Review", _named: _Named, reviewer: str, filled: "Sequence[Path]", *_: object
) -> "Form":
    from peerreview.paper import filling
    from peerreview.tables.writing import from_people

    _no_people(reviewer, filled, Sheet.possible)
    return filling.possible(from_people(review.read(tables.POSSIBLE)))


_MAKERS: "dict[Sheet, Callable[..., Form]]" = {
    Sheet.reports: _reports_form,
    Sheet.studies: _studies_form,
    Sheet.themes: _themes_form,
    Sheet.appraisal: _appraisal_form,
    Sheet.findings: _findings_form,
    Sheet.conflicts: _conflicts_form,
    Sheet.possible: _possible_form,
}


def _no_people(reviewer: str, filled: "Sequence[Path]", sheet: Sheet) -> None:
    if reviewer or filled:
        raise UsageError(f"a form of {sheet} is the team's; leave out --reviewer and other forms")


def _known_studies(review: "Review", named: _Named) -> "pd.DataFrame":
    """Return the studies with their labels; those that only reports name have none yet."""
    known = (
        tables.rows(review.read(tables.STUDIES, named["studies"]))
        if review.has(tables.STUDIES, named["studies"])
        else []
    )
    there = {row["study_id"] for row in known}
    reports = review.read_optional(tables.REPORTS, named["reports"])
    new = [{"study_id": study_id} for study_id in dict.fromkeys(reports["study_id"]) if study_id not in there]
    if not known and not new:
        raise InputError("names no study yet; fill in form reports first", path=review.path(tables.REPORTS))
    return tables.make(tables.STUDIES, [*known, *new])


def _fields(review: "Review", named: _Named, known: "pd.DataFrame") -> "pd.DataFrame":
    from peerreview.paper import filling

    if review.has(tables.FIELDS, named["fields"]):
        return review.read(tables.FIELDS, named["fields"])
    there = review.read(tables.STUDIES, named["studies"]) if review.has(tables.STUDIES) else known
    declared = filling.undeclared(there)
    if declared.empty:
        raise InputError(
            "is not there, and no study has columns of its own: what is extracted is not known",
            path=review.path(tables.FIELDS),
        )
    return declared


def _extracted(review: "Review", filled: "Sequence[Path]") -> "dict[str, pd.DataFrame]":
    """Return filled forms of studies, or Covidence's export, by who filled them in, else by the file."""
    from peerreview.synthesis import extraction
    from peerreview.tables import reading
    from peerreview.tables.writing import from_people

    said: dict[str, pd.DataFrame] = {}
    for path in filled:
        raw = tables.named(reading.read_raw(path, tables.STUDIES), tables.STUDIES)
        form = tables.check(extraction.as_form(raw), tables.Table("studies", columns=("study_id",)))
        for remark in tables.remarks(raw):
            review.remark(remark)
        for name, rows in extraction.by_person(from_people(form), path.stem).items():
            if name in said:
                raise InputError(f"is of {name!r}, as another of these forms is", path=path)
            said[name] = rows
    return said


def _rows_of(review: "Review", filled: "Sequence[Path]", table: tables.Table, answer: str) -> "pd.DataFrame":
    """Return the rows of forms in which the answer is filled in, as the table."""
    import pandas as pd

    from peerreview.tables import places, reading
    from peerreview.tables.writing import from_people

    parts: list[pd.DataFrame] = []
    stretches: list[places.Stretch] = []
    for path in filled:
        raw = tables.named(reading.read_raw(path, tables.Table(table.name, columns=(answer,))), table)
        for remark in tables.remarks(raw):
            review.remark(remark)
        if answer not in raw:
            raise InputError(f"has no column {answer!r}; is it a form of {table.name}?", path=path)
        is_filled = raw[answer].str.strip() != ""
        stretches += places.take(raw, is_filled.to_numpy().nonzero()[0].tolist())
        parts.append(from_people(raw[is_filled]))
        n_left = int((~is_filled).sum())
        if n_left:
            review.remark(
                f"{path}: {tables.counted(n_left, 'row is', 'rows are')} not filled in, and left out"
            )
    rows = pd.concat(parts, ignore_index=True).fillna("")
    checked = tables.check(places.put(rows, stretches), table)
    return places.put(checked[list(table.all_columns)], stretches)


def _coded(review: "Review", filled: "Sequence[Path]", named: _Named) -> "pd.DataFrame":
    """Return the themes of filled forms, and of what coding tools export."""
    import pandas as pd

    from peerreview.synthesis import coded_elsewhere
    from peerreview.tables import reading

    parts: list[pd.DataFrame] = []
    for path in filled:
        raw = tables.named(reading.read_raw(path, tables.THEMES), tables.THEMES)
        if {"study_id", "theme"} <= set(raw.columns):
            parts.append(_rows_of(review, [path], tables.THEMES, "theme"))
            continue
        found = coded_elsewhere.read(
            raw,
            studies=review.read(tables.STUDIES, named["studies"]),
            documents=review.read_optional(tables.DOCUMENTS),
        )
        review.remark(f"{path}: read as {found.told}")
        parts.append(tables.check(found.themes, tables.THEMES)[list(tables.THEMES.all_columns)])
    return pd.concat(parts, ignore_index=True)


def _taken(review: "Review", sheet: Sheet, filled: "Sequence[Path]", named: _Named) -> "pd.DataFrame":
    """Return filled forms as the review's table, checked."""
    from peerreview.paper import filling

    if sheet == Sheet.appraisal:
        return _rows_of(review, filled, tables.APPRAISAL, "judgement")
    if sheet == Sheet.themes:
        return _coded(review, filled, named)
    if sheet == Sheet.findings:
        columns = tables.Table("findings", columns=filling.FINDINGS, filled=("finding",))
        return _rows_of(review, filled, columns, "finding")
    if sheet == Sheet.reports:
        unkeyed = tables.Table("reports", columns=tables.REPORTS.columns)
        given = _rows_of(review, filled, unkeyed, "study_id")
        return tables.check(filling.reports_of(given), tables.REPORTS)
    return _agreed_studies(review, filled, named)


def _agreed_studies(review: "Review", filled: "Sequence[Path]", named: _Named) -> "pd.DataFrame":
    """
    Return the studies as all who extracted them agree, a consensus first.

    Raises
    ------
    InputErrors
        For each cell on which people differ.
    """
    import pandas as pd

    from peerreview.errors import InputErrors
    from peerreview.synthesis import extraction

    said = _extracted(review, filled)
    whole = list(said.values())
    names = list(dict.fromkeys(name for rows in whole for name in extraction.extracted(rows)))
    agreed, apart = extraction.differences(said, ["label", *names])
    if apart:
        raise InputErrors([
            InputError(
                f"{study_id} {name}: {', '.join(f'{who} {cell!r}' for who, cell in voices.items())}; "
                "settle it in form studies --reviewer consensus",
                path=filled[0],
            )
            for (study_id, name), voices in apart.items()
        ])  # fmt: skip
    ids = dict.fromkeys(study_id for rows in whole for study_id in rows["study_id"])
    columns = {
        name: pd.Series([agreed.get((each, name), "") for each in ids], dtype="str")
        for name in ("label", *names)
    }
    table = tables.check(
        pd.DataFrame({"study_id": pd.Series(list(ids), dtype="str"), **columns}), tables.STUDIES
    )
    if review.has(tables.FIELDS, named["fields"]):
        extraction.check(table, review.read(tables.FIELDS, named["fields"]))
    return table


def _keep_rows(output: Path, sheet: Sheet, table: "pd.DataFrame") -> None:
    """Refuse to drop rows of the review's table that none of the forms has."""
    from peerreview.tables import reading

    if not output.is_file() or not output.stat().st_size:
        return
    before = reading.read_raw(output)
    shared = [column for column in table.columns if column in before]
    now = set(table[shared].itertuples(index=False, name=None))
    lost = [row for row in before[shared].itertuples(index=False, name=None) if row not in now]
    if lost:
        message = (
            f"holds {tables.counted(len(lost), f'row of {sheet} that is', f'rows of {sheet} that are')} "
            "not in these forms; name another, or --replace"
        )
        raise InputError(message, path=output)


def _keep_filled(output: Path, made: "Form") -> None:
    """Refuse to write over a form in which more is filled in than in the new one."""
    from peerreview.tables import reading

    if not output.is_file() or not output.stat().st_size:
        return
    fills = [field.name for field in made.fields if field.is_filled]
    before = reading.read_raw(output, tables.Table("form", columns=tuple(fills)))
    n_before = sum(int((before[name].str.strip() != "").sum()) for name in fills if name in before)
    n_now = sum(int((made.cells[name].str.strip() != "").sum()) for name in fills)
    if n_before > n_now:
        filled = tables.counted(n_before - n_now, "cell that was", "cells that were")
        message = f"holds {filled} filled in; name another file, or --replace"
        raise InputError(message, path=output)
