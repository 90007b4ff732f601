"""
What people do between two commands of a page: ``python -m tests.pages.by_hand fill …`` or ``press …``.

A page says it in words, and to the tests in a comment: ``<!-- by hand: fill ana.xlsx decision=include -->``,
or ``<!-- by hand: press eeiq screen --review --as ana -->``.
"""

import csv
import io
import sys
from pathlib import Path


def fill(file: str, *cells: str) -> None:
    """Fill the blank cells of columns of a form, ``column=value``; ``value*2`` in two rows alone."""
    path = Path(file)
    answers = [cell.partition("=")[::2] for cell in cells]
    if path.suffix == ".csv":
        _fill_csv(path, answers)
        return
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book["form"]
    names = [cell.value for cell in sheet[1]]
    for column, answer in answers:
        value, most = _meant(answer)
        for row in range(2, min(sheet.max_row, most + 1) + 1):
            if not sheet.cell(row, names.index(column) + 1).value:
                sheet.cell(row, names.index(column) + 1, value)
    book.save(path)


def _fill_csv(path: Path, answers: list[tuple[str, str]]) -> None:
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    for column, answer in answers:
        value, most = _meant(answer)
        for row in rows[:most]:
            row[header.index(column)] = row[header.index(column)] or value
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    path.write_text(written.getvalue(), encoding="utf-8")


def _meant(answer: str) -> tuple[str, int]:
    value, _, times = answer.partition("*")
    return value, int(times) if times else 10_000


def press(keys: str, *command: str) -> None:
    """Press keys one by one in a terminal where a command runs, the last of which ends it."""
    from tests.terminals import PATIENCE, Terminal

    terminal = Terminal(*command)
    try:
        terminal.press_each(keys)
        assert terminal.process.wait(PATIENCE) == 0, terminal.said
    finally:
        terminal.close()


if __name__ == "__main__":
    {"fill": fill, "press": press}[sys.argv[1]](*sys.argv[2:])
