"""What was extracted from studies, checked against the fields that a team declared."""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from peerreview.synthesis.studies import column_of
from peerreview.tables import LIST, RESOLUTIONS, header_error, row_errors
from peerreview.values.folding import same

_OF_FORMS = ("reviewer", "said")
"""Columns of forms: who filled it in, and what others said."""

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
    studies : ``study_id, label`` and a column per declared field.
    fields : ``field, type, required, values, description``. ``choice`` takes one of
        ``values``, ``list`` several; other types are ``text, integer, number,
        year, date``.

    Raises
    ------
    InputError
        For a declared field without a column.
    InputErrors
        For cells of the wrong type, not among the values, or blank though required.
    """
    problems = []
    for field in fields.to_dict("records"):
        name, kind = field["field"], field["type"]
        if name not in studies.columns:
            there = ", ".join(extracted(studies)) or "none"
            raise header_error(studies, f"column {name!r}, a declared field, is missing; found {there}")
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


def as_form(sheet: pd.DataFrame) -> pd.DataFrame:
    """
    Return a sheet of extracted studies as a filled form: Covidence's *Study ID* is study and label.

    Parameters
    ----------
    sheet : a column that says the study; optionally ``reviewer`` or *Reviewer Name*, and ``label``.

    Raises
    ------
    InputError
        Where no column says the study.
    """
    study = "study_id" if "study_id" in sheet else column_of(sheet.columns)
    if not study:
        message = f"column 'study_id' is missing; found {', '.join(sheet.columns)}"
        raise header_error(sheet, message)
    people = [column for column in sheet.columns if same(column) in ("reviewer", "reviewer name")]
    form = sheet.rename(columns={study: "study_id"} | dict.fromkeys(people[:1], "reviewer"))
    return form if "label" in form or study == "study_id" else form.assign(label=form["study_id"])


def by_person(form: pd.DataFrame, otherwise: str) -> dict[str, pd.DataFrame]:
    """
    Return each person's rows of a filled form; ``consensus`` is what Covidence calls Consensus.

    Parameters
    ----------
    form : ``study_id``, optionally ``reviewer``, and what was extracted.
    otherwise : whose rows are that name nobody.

    Raises
    ------
    InputErrors
        For a study that one person has twice: two may bear one name.
    """
    names = form["reviewer"].str.strip() if "reviewer" in form else pd.Series("", index=form.index)
    whose = names.where(names != "", names[names != ""].iloc[0] if names.any() else otherwise)
    whose = whose.map(lambda name: same(name) if same(name) in RESOLUTIONS else name)
    again = pd.DataFrame({"study": form["study_id"], "who": whose}).duplicated().to_numpy().nonzero()[0]
    if len(again):
        cure = "two studies of one name need another each, as 2020a and 2020b"
        twice = [(int(row), form["study_id"].iloc[row], whose.iloc[row]) for row in again]
        raise row_errors(
            form,
            [(row, f"study {study!r} stands here twice by {who!r}; {cure}") for row, study, who in twice],
        )
    return {name: form[whose == name] for name in dict.fromkeys(whose)}


def extracted(studies: pd.DataFrame) -> list[str]:
    """
    Return the columns that hold what was extracted: no ids, no column on where a cell comes from.

    Parameters
    ----------
    studies : ``study_id, label``, what was extracted, and columns of its basis.
    """
    return [
        column
        for column in studies.columns
        if column not in ("study_id", "label", "basis", *_OF_FORMS) and not column.endswith("_basis")
    ]


def differences(
    said: Mapping[str, pd.DataFrame], columns: Sequence[str]
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], dict[str, str]]]:
    """
    Return the cells that people agree on, and those on which they differ, by study and column.

    Case and blanks aside; a cell that only some filled in is one on which they differ. What was agreed
    (under a name such as ``consensus``) goes before what people said.

    Parameters
    ----------
    said : person → studies as that person extracted them.
    """
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for person, studies in said.items():
        for row in studies.to_dict("records"):
            for column in columns:
                if column in row:
                    cells.setdefault((row["study_id"], column), {})[person] = row[column].strip()
    agreed: dict[tuple[str, str], str] = {}
    apart: dict[tuple[str, str], dict[str, str]] = {}
    for place, voices in cells.items():
        settled = [voices[name] for name in RESOLUTIONS if voices.get(name)]
        others = {name: cell for name, cell in voices.items() if name not in RESOLUTIONS}
        if settled:
            agreed[place] = settled[0]
        elif len({same(cell) for cell in others.values()}) > 1:
            apart[place] = others
        elif others:
            agreed[place] = next(iter(others.values()))
    return agreed, apart


def must_have(studies: pd.DataFrame, column: str) -> None:
    """
    Check that the studies have a column.

    Parameters
    ----------
    studies : ``study_id, label`` and what was extracted.
    column : a name.

    Raises
    ------
    InputError
        Where they do not, with those there are.
    """
    if column not in studies.columns:
        raise header_error(studies, f"column {column!r} is missing; found {', '.join(studies.columns)}")
