"""Tests of the trace command."""

import json
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


def test_a_record_is_told_with_its_place(record_id: str) -> None:
    result = run(app, ["trace", record_id])

    assert result.exit_code == 0
    assert result.stdout.startswith("Reeves V (no date). B.\n")
    assert f"\n  MEDLINE: a.ris, line 4; {record_id}\n" in result.stdout
    assert "XX  - odd" not in result.stdout


def test_the_exports_own_text_is_shown_where_it_is_asked_for(record_id: str) -> None:
    result = run(app, ["trace", record_id, "--text"])

    assert result.stdout.endswith("\n\nTY  - JOUR\nTI  - B\nAU  - Reeves, V\nXX  - odd\nER  -\n")
    told = json.loads(run(app, ["trace", record_id, "--text", "--json"]).stdout)
    assert (told["schema"], told["text"][:11]) == ("peerreview/trace/1", "TY  - JOUR\n"[:11])


def test_show_is_the_same_by_its_old_name(record_id: str) -> None:
    assert run(app, ["show", record_id]).stdout == run(app, ["trace", record_id]).stdout
    assert " show " not in run(app, ["--help"]).stdout


def test_words_need_no_quotes_and_the_beginning_of_an_id_is_enough_where_it_is_one(record_id: str) -> None:
    assert run(app, ["trace", "reeves", "b"]).stdout == run(app, ["trace", record_id[:7]]).stdout


@pytest.mark.usefixtures("record_id")
def test_several_records_of_a_name_are_listed() -> None:
    (Path("a.ris")).write_bytes(make_ris("TI  - Peers in wards") + make_ris("TI  - Peers at home"))
    run(app, ["import", "a.ris", "--source", "MEDLINE", "--replace"])

    result = run(app, ["trace", "peers"])

    assert result.exit_code == 1
    first, *candidates = result.stderr.splitlines()
    assert first == "records.csv: 2 records fit 'peers' by words of the title; name one by its id"
    assert [each.partition(": ")[2] for each in candidates] == [
        "Peers at home (no date).",
        "Peers in wards (no date).",
    ]


@pytest.mark.usefixtures("record_id")
@pytest.mark.parametrize("name", ["none", ""])
def test_an_unknown_record_is_an_error(name: str) -> None:
    result = run(app, ["trace", name])

    said = f"records.csv: no record {name!r}; why-not says what comes nearest\n"
    assert (result.exit_code, result.stderr) == (1, said)


def test_an_export_changed_or_gone_is_told(record_id: str, tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_bytes(make_ris("TI  - A") + make_ris("TI  - C"))
    changed = run(app, ["trace", record_id, "--text"])
    (tmp_path / "a.ris").unlink()
    gone = run(app, ["trace", record_id, "--text"])

    assert "a.ris:4: another text stands here now" in changed.stderr
    assert "a.ris: not here" in gone.stderr
    assert "Reeves V" in gone.stdout


def test_the_export_of_the_review_is_shown_from_a_folder_with_another_of_that_name(
    record_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.ris").write_bytes(make_ris("TI  - Z"))
    monkeypatch.chdir(tmp_path / "elsewhere")

    result = run(app, ["trace", record_id, "--text", "--records", "../records.csv"])

    assert "\nTY  - JOUR\nTI  - B\n" in result.stdout
    assert result.stderr == ""


def test_a_flow_counted_from_other_tables_is_counted_anew(record_id: str) -> None:
    run(app, ["prisma", "-o", "flow.json"])
    fresh = run(app, ["trace", record_id])
    Path("records.csv").write_text(Path("records.csv").read_text() + "\n")
    stale = run(app, ["trace", record_id])

    assert "counted from another" not in fresh.stderr
    assert "flow.json was counted from another records.csv; the boxes told are counted anew" in stale.stderr
    assert stale.stdout == fresh.stdout
