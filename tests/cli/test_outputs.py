"""Where outputs may go: what people set up is not replaced by what a command makes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.review import name_of

Run = Callable[..., Result]
STUDIES = "study_id,label,country\ns1,Reeves 2019,Kenya\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run commands in a review of one record and no vote."""
    monkeypatch.chdir(tmp_path)
    Path("a.ris").write_text("TY  - JOUR\nTI  - A title of an article\nER  - \n", encoding="utf-8")
    Path("decisions").mkdir()
    Path("decisions/ana.csv").write_text("record_id,reviewer,stage,decision\n", encoding="utf-8")
    for command in (["import", "a.ris", "--source", "MEDLINE"], ["dedupe"]):
        assert CliRunner().invoke(app, command).exit_code == 0
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def refused(result: Result, path: str, *said: str) -> None:
    assert result.exit_code == 2, result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{path}: ")
    assert all(each in line for each in said)


@pytest.mark.parametrize(
    "table", [table for table in vars(tables).values() if isinstance(table, tables.Table)], ids=name_of
)
def test_no_outcomes_are_written_where_another_table_lies(run: Run, table: tables.Table) -> None:
    name = name_of(table)
    before = Path(name).read_bytes() if Path(name).exists() else None
    if name == name_of(tables.SCREENING):
        return

    result = run("screen", "-o", name)

    refused(result, name)
    assert (Path(name).read_bytes() if Path(name).exists() else None) == before


@pytest.mark.parametrize("command", ["dedupe", "screen"])
@pytest.mark.parametrize("name", ["studies.csv", "our-studies.csv", "kept/studies.csv"])
def test_a_table_of_people_s_is_not_written_over_whatever_its_name(run: Run, command: str, name: str) -> None:
    Path("kept").mkdir()
    for folder in (".", "kept"):
        for side in ("duplicates", "records", "unique"):
            Path(folder, f"{side}.csv").write_bytes(Path(f"{side}.csv").read_bytes())
    Path(name).write_text(STUDIES, encoding="utf-8")

    result = run(command, "-o", name)

    assert result.exit_code == 2, result.stderr
    assert result.stderr.splitlines()[-1].startswith(f"{name}: ")
    assert Path(name).read_text(encoding="utf-8") == STUDIES


def test_a_side_output_is_not_written_over_a_table_of_people_s_either(run: Run) -> None:
    Path("conflicts.csv").write_text(STUDIES, encoding="utf-8")

    result = run("screen")

    assert result.exit_code != 0
    assert Path("conflicts.csv").read_text(encoding="utf-8") == STUDIES


def test_a_sheet_is_not_written_where_a_table_lies(run: Run) -> None:
    refused(run("dedupe", "--summary", "sources.csv"), "sources.csv", "is where sources lie")
    refused(run("agreement", "-o", "assignments.csv"), "assignments.csv", "is where assignments lie")
    assert not Path("sources.csv").exists()


def test_a_table_that_an_older_version_wrote_or_people_added_a_column_to_is_made_anew(run: Run) -> None:
    Path("screening.csv").write_text("record_id,stage,outcome\nr1,full_text,include\n", encoding="utf-8")
    Path("duplicates.csv").write_text(
        Path("duplicates.csv").read_text(encoding="utf-8").replace("similarities", "similarities,ours"),
        encoding="utf-8",
    )

    assert run("screen").exit_code == 0
    assert run("dedupe").exit_code == 0
    assert "resolved_by" in Path("screening.csv").read_text(encoding="utf-8")
    assert "ours" not in Path("duplicates.csv").read_text(encoding="utf-8")


def test_a_sheet_may_be_called_as_a_table_in_a_folder_of_its_own(run: Run) -> None:
    Path("studies.csv").write_text(STUDIES, encoding="utf-8")

    assert run("table", "characteristics", "-o", "tables/studies.csv").exit_code == 0
    assert run("table", "characteristics", "-o", "tables/studies.csv").exit_code == 0


def test_no_json_is_written_over_another_kind_or_somebody_else_s(run: Run) -> None:
    command = "screen", "--status", "-o"
    assert run("prisma", "-o", "flow.json").exit_code == 0
    Path("mine.json").write_text("{}", encoding="utf-8")
    Path("begun.json").touch()

    refused(run(*command, "flow.json"), "flow.json", "holds peerreview/flow, and this is none")
    refused(run(*command, "mine.json"), "mine.json", "holds something else, and this is none")
    for _ in range(2):
        assert run(*command, "begun.json").exit_code == 0
        assert run("prisma", "-o", "flow.json").exit_code == 0
        assert run("export", "-o", "all.json").exit_code == 0


def test_what_people_wrote_of_their_review_is_no_place_for_a_report(run: Run) -> None:
    Path("README.md").write_text("ours\n", encoding="utf-8")

    refused(run("report", "-o", "README.md"), "README.md", "is what people wrote of this review")
    assert run("report", "-o", "out/README.md").exit_code == 0
    Path("README.md").unlink()
    assert run("report", "-o", "README.md").exit_code == 0


def test_two_tables_of_one_run_are_never_one_file(run: Run) -> None:
    for name in ("duplicates.csv", "possible.csv"):
        refused(run("dedupe", "-o", name), name, "another table is written there too")
    Path("link.csv").symlink_to("duplicates.csv")
    refused(run("dedupe", "-o", "link.csv"), "duplicates.csv", "another table is written there too")


def test_a_private_output_stays_private_and_a_linked_one_linked(run: Run, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    Path("screening.csv").symlink_to(shared / "screening.csv")
    assert run("screen").exit_code == 0
    (shared / "screening.csv").chmod(0o600)

    assert run("screen").exit_code == 0

    assert Path("screening.csv").is_symlink()
    assert (shared / "screening.csv").stat().st_mode & 0o777 == 0o600
    assert (shared / "screening.csv").read_text(encoding="utf-8").startswith("record_id,stage")
