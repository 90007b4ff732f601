"""What people open in a spreadsheet runs nothing there, whoever wrote the titles, names and reasons."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.flow import exchange
from peerreview.tables import reading, writing
from tests.builders import make, make_records

Run = Callable[..., Result]
SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝")
SIGNED = [f"{sign}cmd|' /C calc'!A{number}" for number, sign in enumerate(SIGNS)]
NUMBER = re.compile(r"[+-]?[0-9.,]+(?:[eE][+-]?[0-9]+)?%?")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run commands in a review whose sources, people, titles and reasons are formulas."""
    monkeypatch.chdir(tmp_path)
    n = len(SIGNED)
    records = make_records(
        title=[f"{signed} of an article on {'abcdefgh'[place] * 6}" for place, signed in enumerate(SIGNED)],
        authors=SIGNED,
        year=[str(2001 + place) for place in range(n)],
        source=[signed.strip() for signed in SIGNED],
    )
    writing.write(records, Path("records.csv"))
    Path("decisions").mkdir()
    for name, decision in (("=ana", "include"), ("@bo", "exclude")):
        votes = {
            "record_id": [f"r{each + 1}" for each in range(n)] * 2,
            "reviewer": [name] * 2 * n,
            "stage": ["title_abstract"] * n + ["full_text"] * n,
            "decision": ["include"] * n + ["exclude" if place > 2 else decision for place in range(n)],
            "reason": [""] * n
            + ["" if decision == "include" and place < 3 else SIGNED[0] for place in range(n)],
        }
        writing.write(make(tables.VOTES, **votes), Path("decisions") / f"{name[1:]}.csv")
    for command in (["dedupe", "--summary", "counts.csv"], ["screen"]):
        assert CliRunner().invoke(app, command).exit_code == 0
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def running(path: str) -> list[str]:
    """Return the cells of a table that a spreadsheet would run."""
    with Path(path).open(encoding="utf-8-sig", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert len(cells) > 4
    return [cell for cell in cells if cell.startswith((*SIGNS, "\n")) and not NUMBER.fullmatch(cell)]


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("counts.csv", []),
        ("conflicts.csv", []),
        ("possible.csv", ["dedupe"]),
        ("agreement.csv", ["agreement", "-o", "agreement.csv"]),
        ("flow.csv", ["prisma", "-o", "flow.csv"]),
        ("refs.csv", ["export", "unique.csv", "-o", "refs.csv"]),
        ("form.csv", ["screen", "--form", "=cy", "-o", "form.csv"]),
        ("settle.csv", ["form", "conflicts", "-o", "settle.csv"]),
        ("sought.csv", ["form", "retrieval", "-o", "sought.csv"]),
        ("tables/excluded.csv", ["table", "excluded", "-o", "tables/excluded.csv"]),
        ("tables/agreement.csv", ["table", "agreement", "-o", "tables/agreement.csv"]),
    ],
)
def test_no_cell_that_people_open_is_a_formula(run: Run, path: str, command: list[str]) -> None:
    if path == "tables/agreement.csv":
        assert run("agreement", "-o", "agreement.json").exit_code == 0
    result = run(*command) if command else None

    assert result is None or result.exit_code == 0, result.stderr
    assert running(path) == []


def test_what_was_rejected_or_not_matched_runs_nothing_either(run: Run) -> None:
    Path("new").mkdir()
    Path("new/a.csv").write_text("Authors,Title,Year\n=cmd(),,2001\nAnn,One,2002\n", encoding="utf-8")
    assert run("import", "new/a.csv", "--lenient", "--source", "M", "-o", "new/records.csv").exit_code == 0
    assert running("new/rejects.csv") == []
    assert "'=cmd()" in Path("new/rejects.csv").read_text(encoding="utf-8")

    Path("sheet.csv").write_text("title,decision\n=HYPERLINK(1),include\n", encoding="utf-8")
    result = run(
        "decisions", "sheet.csv", "--reviewer", "cy", "--unmatched", "left.csv", "-o", "decisions/cy.csv"
    )

    assert result.exit_code == 0, result.stderr
    assert running("left.csv") == []
    assert "'=HYPERLINK(1)" in Path("left.csv").read_text(encoding="utf-8")


def test_a_search_and_a_paper_run_nothing_in_a_spreadsheet(run: Run) -> None:
    lines = [f"{number} {signed.strip()}.tw. 9" for number, signed in enumerate(SIGNED, start=1)]
    Path("ovid.txt").write_text("\n".join(["Ovid MEDLINE(R) ALL <1946 to May 01, 2026>", "", *lines, ""]))
    Path("=paper.md").write_text("Of 57 records 28 were duplicates, 29 were screened and 9 excluded.\n")

    assert run("search", "ovid.txt", "-o", "lines.csv").exit_code == 0
    assert run("audit", "=paper.md", "-o", "audited.csv").exit_code == 0

    assert running("lines.csv") == running("lines-checks.csv") == running("audited.csv") == []
    assert "'=cmd|' /C calc'!A0.tw." in Path("lines.csv").read_text(encoding="utf-8")


def test_a_flow_in_r_s_rows_comes_back_to_the_letter(run: Run) -> None:
    assert run("prisma", "-o", "flow.json", "-o", "flow.csv").exit_code == 0

    told = exchange.read(reading.read_text(Path("flow.json")), ".json")
    back = exchange.read(reading.read_text(Path("flow.csv")), ".csv")

    for box in ("excluded_full_text", "identified_databases"):
        if box in back.boxes and back[box].parts:
            assert [(part.label, part.n) for part in back[box].parts] == [
                (part.label, part.n) for part in told[box].parts
            ]
    labels = {part.label for box in back.boxes.values() for part in box.parts}
    # The package reads no straight apostrophe.
    assert SIGNED[0].replace("'", "’") in labels
    assert not any(label.startswith("’") for label in labels)


def test_a_small_number_with_its_sign_and_exponent_stays_a_number() -> None:
    assert [writing.escape_cell(cell) for cell in ("-1.4e-17", "+3", "-50%")] == ["-1.4e-17", "+3", "-50%"]
    assert writing.escape_cell("-1e5+cmd()") == "'-1e5+cmd()"
