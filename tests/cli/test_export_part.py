"""Tests of exporting a part of the records: by outcome, list, round, and what is new."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make

run = CliRunner().invoke


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a review under way, as the working folder."""
    monkeypatch.chdir(tmp_path)
    records = make(
        tables.UNIQUE,
        title=["Sought", "Assessed", "Excluded", "Out of it", "Missing", "Two minds", "Got"],
        doi=["10.5555/a", "", "10.5555/c", "", "", "", ""],
        round=["1", "1", "1", "1", "2", "3", "3"],
        year=["2001"] * 7,
    )
    writing.write(records, tmp_path / "unique.csv")
    (tmp_path / "screening.csv").write_text(
        "record_id,stage,outcome,reason,reviewers,resolved_by\n"
        + "".join(f"r{n},title_abstract,include,,ana; bo,votes\n" for n in (1, 2, 3, 5, 7))
        + "r4,title_abstract,exclude,,ana; bo,votes\n"
        "r6,title_abstract,conflict,,ana; bo,\n"
        "r5,retrieval,not_retrieved,,ana,votes\n"
        "r1,full_text,pending,,,\n"
        "r2,full_text,pending,,ana,\n"
        "r3,full_text,exclude,wrong population,ana; bo,votes\n"
        "r7,full_text,pending,,,\n"
    )
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "sought.csv").write_text(
        "record_id,reviewer,stage,decision\nr7,ana,retrieval,include\n"
    )
    return tmp_path


def exported(*options: str) -> list[str]:
    result = run(app, ["export", "-o", "out.csv", *options])
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return list(reading.read(Path("out.csv"), tables.Table("out", ("record_id",)))["record_id"])


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--stage", "title_abstract", "--outcome", "include"], ["r1", "r2", "r3", "r5", "r7"]),
        (["--stage", "title_abstract", "--outcome", "conflict"], ["r6"]),
        (["--stage", "full_text", "--outcome", "pending"], ["r1", "r2", "r7"]),
        (["--stage", "full_text", "--reason", "Wrong  population"], ["r3"]),
        (["--stage", "full_text"], ["r1", "r2", "r3", "r7"]),
        (["--stage", "full_text", "--outcome", "exclude", "--outcome", "pending"], ["r1", "r2", "r3", "r7"]),
        (["--since", "2"], ["r5", "r6", "r7"]),
        (["--since", "2", "--stage", "title_abstract", "--outcome", "include"], ["r5", "r7"]),
    ],
)
def test_a_part_is_what_all_options_say(options: list[str], ids: list[str]) -> None:
    assert ids == exported(*options)


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("outcome", "ids"), [("pending", ["r1"]), ("not_retrieved", ["r5"]), ("include", ["r2", "r3", "r7"])]
)
def test_a_full_text_is_sought_until_somebody_has_it_or_gives_it_up(outcome: str, ids: list[str]) -> None:
    assert ids == exported("--stage", "retrieval", "--outcome", outcome)


@pytest.mark.usefixtures("review")
def test_a_part_without_records_is_an_empty_file_and_said() -> None:
    result = run(app, ["export", "-o", "out.ris", "--stage", "full_text", "--outcome", "conflict"])

    assert result.exit_code == 0
    assert "out.ris: 0 of 7 records\n" in result.stderr
    assert Path("out.ris").read_text() == ""


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--outcome", "include"], "--outcome and --reason go with --stage: an outcome is one of a stage\n"),
        (
            ["--stage", "full_text", "--reason", "too old"],
            "--reason 'too old' is none at full_text; reasons: wrong population\n",
        ),
        (
            ["--stage", "full_text", "--outcome", "include", "--reason", "x"],
            "--reason is that of an exclusion; leave --outcome out, or say exclude\n",
        ),
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(options: list[str], told: str) -> None:
    result = run(app, ["export", "-o", "out.ris", *options])

    assert (result.exit_code, result.stderr) == (2, told)
    assert not Path("out.ris").exists()


@pytest.mark.usefixtures("review")
def test_an_unknown_outcome_is_told_with_those_there_are() -> None:
    result = run(app, ["export", "--stage", "full_text", "--outcome", "perhaps"])

    assert result.exit_code == 2
    for outcome in ("include", "exclude", "not_retrieved", "conflict", "pending"):
        assert outcome in result.stderr


@pytest.mark.usefixtures("review")
def test_a_reason_of_the_protocol_that_none_has_is_an_empty_part() -> None:
    Path("peerreview.toml").write_text('[screening]\nreasons = ["wrong population", "wrong design"]\n')

    assert exported("--stage", "full_text", "--reason", "wrong design") == []


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize(
    "text", ["r3\n\nr1\nr9\n", "title,record_id\nA,r3\nB,r1\nC,r9\n", "record_id\nr1\nr3\n"]
)
def test_a_list_of_ids_may_name_duplicates(text: str) -> None:
    Path("ids.txt").write_text(text)
    Path("duplicates.csv").write_text(
        "record_id,duplicate_of,verdict,relation,rule,score,similarities\nr9,r1,duplicate,,,,\n"
    )

    assert exported("--ids", "ids.txt") == ["r1", "r3"]


@pytest.mark.usefixtures("review")
def test_an_id_of_no_record_is_told_with_its_line() -> None:
    Path("ids.txt").write_text("r1\nr77\n")

    result = run(app, ["export", "-o", "out.ris", "--ids", "ids.txt"])

    assert (result.exit_code, result.stderr) == (1, "ids.txt:2: 'r77' is no record here\n")
    assert not Path("out.ris").exists()


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize("suffix", ["ris", "bib", "json", "xml", "nbib", "csv"])
def test_what_another_tool_has_already_is_not_new(suffix: str) -> None:
    exported("--stage", "title_abstract", "--outcome", "include")
    Path("out.csv").rename("before.csv")
    run(app, ["export", "-o", f"before.{suffix}", "--stage", "title_abstract", "--outcome", "include"])

    assert exported("--new-to", f"before.{suffix}") == ["r4", "r6"]


@pytest.mark.usefixtures("review")
def test_records_are_known_elsewhere_by_doi_and_title() -> None:
    Path("other.ris").write_text(
        "TY  - JOUR\nTI  - Another title\nDO  - 10.5555/A\nER  - \n\n"
        "TY  - JOUR\nTI  - Out of it\nPY  - 2001\nER  - \n"
    )

    assert exported("--new-to", "other.ris") == ["r2", "r3", "r5", "r6", "r7"]


@pytest.mark.usefixtures("review")
def test_a_file_that_is_no_export_is_told() -> None:
    Path("other.txt").write_text("nothing of that kind\n")

    result = run(app, ["export", "-o", "out.ris", "--new-to", "other.txt"])

    assert result.exit_code == 1
    assert result.stderr.startswith("other.txt: ")
    assert "Traceback" not in result.stderr
