"""Tests of the show command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading
from tests.builders import make_ris

run = CliRunner().invoke


@pytest.fixture
def record_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the id of the second record of a review, whose folder is the working one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.ris").write_bytes(
        make_ris("TI  - A") + make_ris("TI  - B", "AU  - Reeves, V", "XX  - odd")
    )
    run(app, ["import", "a.ris", "--source", "MEDLINE"])
    return str(reading.read(tmp_path / "records.csv", tables.RECORDS)["record_id"].iloc[1])


def test_a_record_is_shown_with_its_place_and_its_text(record_id: str) -> None:
    result = run(app, ["show", record_id])

    assert result.exit_code == 0
    assert "title: B\nauthors: Reeves, V\n" in result.stdout
    assert "\na.ris:4\nTY  - JOUR\nTI  - B\nAU  - Reeves, V\nXX  - odd\nER  -\n" in result.stdout


def test_the_beginning_of_an_id_is_enough_where_it_is_one(record_id: str) -> None:
    assert "title: B" in run(app, ["show", record_id[:7]]).stdout
    several = run(app, ["show", ""])
    assert (several.exit_code, "2 records begin with ''" in several.stderr) == (1, True)


@pytest.mark.usefixtures("record_id")
def test_an_unknown_record_is_an_error() -> None:
    result = run(app, ["show", "none"])

    assert (result.exit_code, result.stderr) == (1, "records.csv: no record 'none'\n")


def test_an_export_changed_or_gone_is_told(record_id: str, tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_bytes(make_ris("TI  - A") + make_ris("TI  - C"))
    changed = run(app, ["show", record_id])
    (tmp_path / "a.ris").unlink()
    gone = run(app, ["show", record_id])

    assert "a.ris:4: another text stands here now" in changed.stderr
    assert "a.ris: not here" in gone.stderr
    assert "title: B" in gone.stdout


def test_the_export_of_the_review_is_shown_from_a_folder_with_another_of_that_name(
    record_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.ris").write_bytes(make_ris("TI  - Z"))
    monkeypatch.chdir(tmp_path / "elsewhere")

    result = run(app, ["show", record_id, "--records", "../records.csv"])

    assert "\na.ris:4\nTY  - JOUR\nTI  - B\n" in result.stdout
    assert result.stderr == ""
