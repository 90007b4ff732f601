"""Tests of the list of full texts sought: what people write in it comes back, and is never lost."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make

run = CliRunner().invoke


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a review in which three full texts are sought, as the working folder."""
    monkeypatch.chdir(tmp_path)
    records = make(
        tables.UNIQUE,
        title=["=HYPERLINK(1)", "B <b>bold</b>", "C", "D"],
        authors=["Ek, B", "", "", ""],
        doi=["10.5555/a", "", "", ""],
        url=["", "https://example.org/b", "", ""],
    )
    writing.write(records, tmp_path / "unique.csv")
    (tmp_path / "screening.csv").write_text(
        "record_id,stage,outcome,reason,reviewers,resolved_by\n"
        + "".join(
            f"r{n},title_abstract,include,,ana; bo,votes\nr{n},full_text,pending,,,\n" for n in (1, 2, 3)
        )
    )
    return tmp_path


def listed(path: str) -> list[dict[str, str]]:
    """Return the rows of a list, as a spreadsheet has them."""
    if path.endswith(".csv"):
        return [dict(row) for row in reading.read_raw(Path(path)).to_dict("records")]  # type: ignore[arg-type]
    header, *rows = load_workbook(path)["form"].iter_rows(values_only=True)
    return [{str(name): str(cell or "") for name, cell in zip(header, row, strict=True)} for row in rows]


def fill(path: str, record_id: str, **said: str) -> None:
    """Write into a row of a list, as people do."""
    if path.endswith(".csv"):
        table = reading.read_raw(Path(path))
        for column, cell in said.items():
            table.loc[table["record_id"] == record_id, column] = cell
        writing.write(table, Path(path))
        return
    book = load_workbook(path)
    page = book["form"]
    names = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        if row[names.index("record_id")].value == record_id:
            for column, cell in said.items():
                row[names.index(column)].value = cell
    book.save(path)


BOTH = pytest.mark.parametrize("path", ["sought.xlsx", "sought.csv"])


@pytest.mark.usefixtures("review")
@BOTH
def test_full_texts_that_nobody_has_are_listed_with_their_links(path: str) -> None:
    result = run(app, ["form", "retrieval", "-o", path])

    assert (result.exit_code, result.stdout) == (0, "")
    rows = listed(path)
    assert [row["record_id"] for row in rows] == ["r1", "r2", "r3"]
    assert [row["link"] for row in rows] == ["https://doi.org/10.5555/a", "https://example.org/b", ""]
    assert "decisions/sought.csv" in result.stderr
    if path.endswith(".csv"):
        assert rows[0]["title"] == "'=HYPERLINK(1)"


@pytest.mark.usefixtures("review")
@BOTH
def test_what_people_wrote_stays_when_the_list_is_made_again(path: str) -> None:
    run(app, ["form", "retrieval", "-o", path])
    fill(
        path,
        "r1",
        requested_at="Library",
        requested_on="2026-05-04",
        requested_from="Ms Ek",
        note="asked twice",
    )
    fill(path, "r3", decision="not_retrieved")
    before = {row["record_id"]: row for row in listed(path)}

    run(app, ["form", "retrieval", "-o", path])

    assert before == {row["record_id"]: row for row in listed(path)}


@pytest.mark.usefixtures("review")
@BOTH
def test_answers_become_votes_at_retrieval_and_stay_in_the_list(path: str) -> None:
    run(app, ["form", "retrieval", "-o", path, "--reviewer", "ana"])
    fill(path, "r1", decision="include", requested_at="Library", requested_on="2026-05-04")
    fill(path, "r3", decision="not_retrieved", note="no answer")

    taken = run(app, ["decisions", path, "-o", "decisions/sought.csv", "--records", "unique.csv"])
    run(app, ["form", "retrieval", "-o", path])

    assert taken.exit_code == 0, taken.stderr
    votes = reading.read(Path("decisions/sought.csv"), tables.VOTES)
    assert list(
        zip(votes["record_id"], votes["reviewer"], votes["stage"], votes["decision"], strict=True)
    ) == [("r1", "ana", "retrieval", "include"), ("r3", "ana", "retrieval", "not_retrieved")]
    assert [row["decision"] for row in listed(path)] == ["include", "", "not_retrieved"]


@pytest.mark.usefixtures("review")
def test_a_full_text_that_came_is_sought_no_more() -> None:
    Path("decisions").mkdir()
    Path("decisions/a.csv").write_text("record_id,reviewer,stage,decision\nr2,ana,retrieval,include\n")

    run(app, ["form", "retrieval", "-o", "sought.csv"])

    assert [row["record_id"] for row in listed("sought.csv")] == ["r1", "r3"]


@pytest.mark.usefixtures("review")
def test_another_table_is_not_written_over() -> None:
    Path("sought.csv").write_text("study,notes\nA,b\n")

    result = run(app, ["form", "retrieval", "-o", "sought.csv"])

    assert (result.exit_code, result.stderr) == (
        1,
        "sought.csv: is no list of full texts sought; name another file with -o\n",
    )
    assert Path("sought.csv").read_text() == "study,notes\nA,b\n"


@pytest.mark.usefixtures("review")
def test_the_list_is_a_table() -> None:
    result = run(app, ["form", "retrieval", "-o", "sought.docx"])

    assert (result.exit_code, result.stderr) == (
        2,
        "sought.docx: the list is filled in as .xlsx or .csv; name such a file\n",
    )
