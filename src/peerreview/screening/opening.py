"""Files of votes: one export each, or one a sheet where a workbook has several, as one per reviewer."""

from collections.abc import Sequence
from dataclasses import replace

from peerreview.errors import InputError
from peerreview.imports import formats
from peerreview.screening.screeners import Asked, Export, columns, registry
from peerreview.screening.screeners.words import fold_stage
from peerreview.tables import workbooks

_OF_FORMS = ("sheet 'about' ", "sheet 'allowed' ")
"""How it is told that the sheets beside our own forms were left out: nobody need know."""


def open_file(name: str, content: bytes, asked: Asked) -> tuple[list[Export], list[str]]:
    """
    Return the exports in a file, and what is odd about its text.

    Of a workbook with several sheets each is an export of its own, which
    bears the sheet's name: its columns may stand in another order, and it
    may be another person's. Hidden sheets, and those that are no table of
    votes beside one that is, are left out and told. A sheet that is called
    as a stage is of that stage, and nobody's name.

    Raises
    ------
    InputError
        For what cannot be read.
    """
    try:
        decoded = formats.decode(content)
        sheets = _sheets(name, content, asked) if decoded.encoding == "workbook" else []
    except InputError as error:
        raise InputError(error.message, path=name) from error
    hidden = [f"{each.name}: is hidden, and not read" for each, sheet in sheets if sheet.is_hidden]
    shown = [each for each, sheet in sheets if not sheet.is_hidden and each.grid.lines]
    if len(shown) + len(hidden) < 2:
        told = [
            f"{name}:{warned.line}: {warned.message}"
            for warned in decoded.warnings
            if not warned.message.startswith(_OF_FORMS)
        ]
        return [Export(name, decoded.text, asked)], told
    problems = {each.name: problem for each in shown if (problem := _problem(each))}
    taken = [each for each in shown if each.name not in problems]
    if not taken:
        raise problems[shown[0].name]
    left_out = [f"{place}: is no table of votes, and not read" for place in problems]
    if len(taken) == 1:
        taken = [replace(taken[0], sheet="")]
    names = {each.name for each in taken}
    odd = [
        f"{each.name}:{row}: {message}"
        for each, sheet in sheets
        if each.name in names
        for row, message in sheet.remarks
    ]
    return taken, [*odd, *hidden, *left_out]


def _sheets(name: str, content: bytes, asked: Asked) -> Sequence[tuple[Export, workbooks.Sheet]]:
    from peerreview.imports.formats import xlsx  # noqa: PLC0415  it reads sheets as this room's tables are read

    found = []
    for sheet, text in xlsx.sheets_of(content):
        stage = fold_stage(sheet.name) or ""
        of_stage = replace(asked, stage=asked.stage or stage)
        export = Export(f"{name}:{sheet.name}", text, of_stage, "" if stage else sheet.name)
        found.append((export, sheet))
    return found


def _problem(export: Export) -> InputError | None:
    """Return why a sheet is no table of votes; None where it is one."""
    try:
        registry.detect(export)
        if export.asked.votes:
            columns.named(export)
    except InputError as error:
        return error
    return None
