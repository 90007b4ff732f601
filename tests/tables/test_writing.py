"""Tests of writing: whole files or none, the main one last, cells that run nothing."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.errors import InputError
from peerreview.tables import writing


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that take the place of others, in order, as they are written."""
    names: list[str] = []
    replace = Path.replace

    def noted(part: Path, target: Path) -> Path:
        names.append(target.name)
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", noted)
    return names


def test_files_take_their_places_in_the_order_given(tmp_path: Path, replaced: list[str]) -> None:
    writing.write_all({tmp_path / name: name for name in ("side.csv", "aside.csv", "main.csv")})

    assert replaced == ["side.csv", "aside.csv", "main.csv"]
    assert [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())] == [
        "aside.csv", "main.csv", "side.csv",
    ]  # fmt: skip


def test_where_one_file_cannot_be_written_no_other_changes(tmp_path: Path) -> None:
    (tmp_path / "side.csv").write_text("old", encoding="utf-8")
    (tmp_path / "main.csv").mkdir()

    with pytest.raises(InputError, match="is a folder"):
        writing.write_all({tmp_path / "side.csv": "new", tmp_path / "main.csv": "new"})

    assert (tmp_path / "side.csv").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["main.csv", "side.csv"]


def test_the_file_that_a_makefile_names_is_replaced_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replaced: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.ris").write_text("TY  - JOUR\nTI  - A title of an article\nER  - \n", encoding="utf-8")
    Path("sources.csv").write_text("file,source,source_kind\na.ris,MEDLINE,database\n", encoding="utf-8")
    Path("ana.csv").write_text("record_id,reviewer,stage,decision\n", encoding="utf-8")
    run = CliRunner().invoke
    commands = {
        "records.csv": ["import", "a.ris", "--sources", "sources.csv", "-o", "records.csv"],
        "unique.csv": ["dedupe", "records.csv", "-o", "unique.csv"],
        "screening.csv": ["screen", "unique.csv", "ana.csv", "-o", "screening.csv"],
        "prisma.svg": ["prisma", "-o", "prisma.svg", "-o", "flow.json", "-o", "flow.csv"],
        "report.md": ["report", "-o", "report.md"],
    }

    for main, command in commands.items():
        replaced.clear()
        assert run(app, command).exit_code == 0
        assert len(replaced) > 1
        assert replaced[-1] == main


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula_whatever_sign_it_begins_with(sign: str) -> None:
    cell = f"{sign}cmd|' /C calc'!A0"

    assert writing.escape_cell(cell) == f"'{cell}"
    assert writing.escape_cell(f"a{cell}") == f"a{cell}"
