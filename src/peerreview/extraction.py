"""What was extracted from studies: checked against the fields a team declared, and compared."""

import re
from collections.abc import Mapping

import pandas as pd

from peerreview.coefficients import agree_pairwise
from peerreview.errors import InputError
from peerreview.manuscript import extracted
from peerreview.sheets import Cell, Column, Sheet, heading_of, rows_of
from peerreview.tables import LIST, row_errors

_SHAPES = {
    "integer": (re.compile(r"-?[0-9]+"), "a whole number"),
    "number": (re.compile(r"-?[0-9]+(\.[0-9]+)?"), "a number"),
    "year": (re.compile(r"(1[89]|20)[0-9]{2}"), "a year"),
    "date": (re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"), "a date as in 2024-03-31"),
}


def check(studies: pd.DataFrame, fields: pd.DataFrame) -> list[str]:
    """
    Check the studies against the declared fields; return the columns that nobody declared.

    Parameters
    ----------
    fields : ``field, type, required, values, description``. ``choice`` takes one of
        ``values``, ``list`` several; other types are ``text, integer, number,
        year, date``.

    Raises
    ------
    InputError
        For a declared field without a column.
    RowErrors
        For cells of the wrong type, not among the values, or blank though required.
    """
    files = studies.attrs.get("files", (("", 0),))
    problems = []
    for field in fields.to_dict("records"):
        name, kind = field["field"], field["type"]
        if name not in studies.columns:
            there = ", ".join(extracted(studies)) or "none"
            raise InputError(
                f"column {name!r}, a declared field, is missing; found {there}", path=files[0][0], line=1
            )
        allowed = [value.strip() for value in field["values"].split(LIST.strip()) if value.strip()]
        for position, cell in enumerate(studies[name]):
            if not cell.strip():
                if field["required"] == "yes":
                    problems.append((position, f"{name} is blank; it is required"))
                continue
            said = [part.strip() for part in cell.split(LIST.strip())] if kind == "list" else [cell.strip()]
            if kind in _SHAPES and not _SHAPES[kind][0].fullmatch(cell.strip()):
                problems.append((position, f"{name} {cell!r} is not {_SHAPES[kind][1]}"))
            elif allowed:
                problems += [
                    (position, f"{name} {part!r} is not one of {', '.join(allowed)}")
                    for part in said
                    if part not in allowed
                ]
    if problems:
        raise row_errors(studies, sorted(problems))
    declared = set(fields["field"])
    return [column for column in extracted(studies) if column not in declared]


def agreement(extractions: Mapping[str, pd.DataFrame]) -> Sheet:
    """
    Return how far people agree on each field of the studies that both extracted.

    Parameters
    ----------
    extractions : person → studies as that person extracted them.
    """
    rows: list[list[Cell | str]] = []
    for column in _common(extractions):
        said = {
            person: dict(zip(studies["study_id"], studies[column].map(_plain), strict=True))
            for person, studies in extractions.items()
        }
        categories = sorted({cell for cells in said.values() for cell in cells.values()})
        for pair in agree_pairwise(said, categories):
            share = "–" if pair.percent is None else f"{100 * pair.percent:.1f}%"
            kappa = "–" if pair.kappa.value is None else f"{pair.kappa.value:.2f}"
            rows.append([heading_of(column), f"{pair.first} – {pair.second}", str(pair.n), share, kappa])
    columns = (
        Column("field", "Field"),
        Column("pair", "Extractors"),
        Column("n", "Studies extracted by both", number=True),
        Column("percent", "Agreement", number=True),
        Column("kappa", "Cohen's kappa", number=True),
    )
    note = "Case and spaces aside; Cohen's kappa, – where it is not defined, means little for free text."
    return Sheet("extraction", "Agreement between extractors by field", columns, rows_of(rows), (note,))


def differences(extractions: Mapping[str, pd.DataFrame]) -> Sheet:
    """Return the cells on which people differ, for them to settle."""
    people = sorted(extractions)
    labels: dict[str, str] = {}
    cells: dict[tuple[str, str], dict[str, str]] = {}
    shown = _common(extractions)
    for person in people:
        for row in extractions[person].to_dict("records"):
            labels.setdefault(row["study_id"], row["label"])
            for column in shown:
                cells.setdefault((row["study_id"], column), {})[person] = row[column]
    rows = [
        [labels[study_id], heading_of(column), *(said.get(person, "not extracted") for person in people)]
        for (study_id, column), said in cells.items()
        if len({_plain(said.get(person, "not extracted")) for person in people}) > 1
    ]
    columns = (
        Column("study", "Study"),
        Column("field", "Field"),
        *(Column(person, person) for person in people),
    )
    return Sheet(
        "differences", "Where extractors differ", columns, rows_of(rows), (f"{len(rows):,} cells to settle.",)
    )


def _common(extractions: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the extracted columns that everyone has, in the first one's order."""
    tables = [extractions[person] for person in sorted(extractions)]
    return [column for column in extracted(tables[0]) if all(column in table.columns for table in tables[1:])]


def _plain(cell: str) -> str:
    return " ".join(cell.casefold().split())
