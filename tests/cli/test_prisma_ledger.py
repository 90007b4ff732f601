"""``prisma --ledger``: a living review's tables in, its versions side by side out."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview.cli import app
from peerreview.tables.writing import to_csv
from tests.flow.test_ledger import small
from tests.reviews import History, make_history


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["prisma", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, history: History) -> None:
    for name in ("records", "duplicates", "screening", "reports", "studies", "sources", "changes"):
        (folder / f"{name}.csv").write_text(to_csv(getattr(history, name)), encoding="utf-8")


def test_the_versions_stand_side_by_side_with_what_was_retired_and_why(folder: Path) -> None:
    write(folder, small("s1 2 retired"))

    result = run("--ledger", "-o", "-")

    assert result.exit_code == 0
    assert "|  | Version 1 (base) | Version 2 |" in result.stdout
    assert "| Searched | 2021-05-10 | 2024-02-01 – 2024-02-03 |" in result.stdout
    assert "| Identified in an earlier version already |  | 1 |" in result.stdout
    assert "| Studies retired |  | 1 |" in result.stdout
    assert "studies retired = total: 1 + 1 − 1 = 1." in result.stdout
    assert "Retired in version 2: A; Retracted." in result.stdout


def test_csv_and_json_have_the_numbers_bare(folder: Path) -> None:
    write(folder, small("s1 2 retired"))

    result = run("-q", "--ledger", "-o", "ledger.csv", "-o", "ledger.json")

    assert result.exit_code == 0
    lines = (folder / "ledger.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "count,version_1,version_2"
    assert "retired_studies,,1" in lines
    content = json.loads((folder / "ledger.json").read_text(encoding="utf-8"))
    assert (content["schema"], content["state"]) == ("peerreview/ledger/1", "final")
    assert content["versions"][1]["counts"]["found_before"] == {"n": 1, "ids": ["r3"]}
    assert content["versions"][1]["changes"][0]["reason"] == "Retracted"
    assert {each["status"] for each in content["identities"]} == {"holds"}


def test_it_is_drawn_in_every_format_from_one_count(folder: Path) -> None:
    write(folder, small("s1 2 retired"))
    names = [f"ledger{suffix}" for suffix in (".svg", ".html", ".pdf", ".png", ".docx", ".tex", ".xlsx")]

    result = run("-q", "--ledger", "--dpi", "50", *(each for name in names for each in ("-o", name)))

    assert result.exit_code == 0, result.stderr
    assert all((folder / name).stat().st_size > 500 for name in names)
    assert "The versions of the review" in (folder / "ledger.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "said"), [("-oledger.doc", ".json"), ("--width=40mm", "needs a width of")]
)
def test_what_it_cannot_write_is_said_and_nothing_written(folder: Path, option: str, said: str) -> None:
    write(folder, small())

    result = run("-q", "--ledger", option)

    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(folder.glob("ledger.*"))


def test_a_check_proves_each_version_and_the_whole(folder: Path) -> None:
    write(folder, small("s1 2 retired"))

    result = run("-q", "--ledger", "--check")

    assert result.exit_code == 0
    assert "version 2: L2 holds: 1 + 1 - 1 = 1" in result.stdout
    assert "L4 holds: 1 + 2 = 3" in result.stdout


def test_an_unfinished_version_is_a_draft_and_so_are_those_after_it(folder: Path) -> None:
    history = small()
    screening = history.screening.assign(outcome=["include", "pending", "include", "include"])
    write(folder, replace(history, screening=screening))

    checked, written = run("-q", "--ledger", "--check"), run("--ledger", "-o", "-")

    assert checked.exit_code == 3
    assert "version 2: version 1 is unfinished" in checked.stderr
    assert written.exit_code == 0
    assert "| Version 1 (base): DRAFT | Version 2: DRAFT |" in written.stdout


def base_of(history: History) -> History:
    """Return a small review's first round: r1, of s1."""
    return replace(
        history,
        records=history.records[:1],
        duplicates=history.duplicates[:0],
        screening=history.screening[:2],
        reports=history.reports[:1],
        studies=history.studies[:1],
        sources=history.sources[:1],
        changes=history.changes[:0],
    )


def test_what_was_written_of_an_earlier_version_still_holds_or_is_named_by_record(folder: Path) -> None:
    history = small()
    write(folder, base_of(history))
    run("-q", "-o", "flow-1.json")
    write(folder, history)

    agrees = run("-q", "--ledger", "--check", "--previous", "flow-1.json")
    outcomes = history.screening.assign(outcome=["exclude", "include", "include", "include"]).drop(1)
    write(
        folder, replace(history, screening=outcomes, reports=history.reports[1:], studies=history.studies[1:])
    )
    differs = run("-q", "--ledger", "--check", "--previous", "flow-1.json")
    written = run("--ledger", "--previous", "flow-1.json", "-o", "-")

    assert agrees.exit_code == 0, agrees.stderr
    assert differs.exit_code == 1
    assert "flow-1.json: version 1: r1: included then, excluded now" in differs.stderr
    assert written.exit_code == 0
    assert "version 1: r1: included then, excluded now; it was written of other tables" in written.stderr


def test_what_moved_between_two_updates_tells_what_was_retired(folder: Path) -> None:
    history = small("s1 2 retired")
    write(folder, base_of(history))
    run("-q", "-o", "flow-1.json")
    write(folder, history)
    run("-q", "--previous", "flow-1.json", "-o", "flow-2.json")

    result = run("-q", "--diff", "flow-1.json", "flow-2.json")

    assert "Studies retired from the review: – → 1; + s1" in result.stdout
    assert "Total studies included in review: – → 1; + s2" in result.stdout


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("s9,2,retired,x", "changes.csv:2: study_id 's9' is in neither studies.csv nor reports.csv"),
        ("s1,2,gone,x", "changes.csv:2: change 'gone' is not retired or corrected"),
        ("s1,2,retired,", "changes.csv:2: reason is blank"),
        ("s1,x,retired,x", "changes.csv:2: round 'x' is not a whole number"),
    ],
)
def test_a_change_that_cannot_be_is_told_with_file_and_line(folder: Path, row: str, said: str) -> None:
    write(folder, small())
    (folder / "changes.csv").write_text(f"study_id,round,change,reason\n{row}\n", encoding="utf-8")

    result = run("--ledger", "-o", "ledger.md")

    assert result.exit_code == 1
    assert said in result.stderr
    assert not (folder / "ledger.md").exists()


def test_typed_numbers_have_no_versions(folder: Path) -> None:
    (folder / "paper.toml").write_text("screened = 1\n")

    assert run("--ledger", "--flow", "paper.toml").exit_code == 2


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_the_ledger_speaks_other_languages(folder: Path, language: str) -> None:
    write(folder, make_history(5, n_rounds=3))

    result = run("-q", "--ledger", "--labels", language, "-o", "-")

    assert result.exit_code == 0
    assert "Version 1 (base)" not in result.stdout
    assert "Records" not in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["svg", "html", "pdf", "docx", "png"])
def test_a_ledgers_figure_carries_the_proof_of_each_number_of_each_version(folder: Path, suffix: str) -> None:
    history = small("s1 2 retired")
    write(folder, history)
    run("-q", "--ledger", "-o", f"ledger.{suffix}")
    holds = CliRunner().invoke(app, ["verify", f"ledger.{suffix}"])
    write(folder, replace(history, changes=history.changes[:0]))

    differs = CliRunner().invoke(app, ["verify", f"ledger.{suffix}"])

    assert holds.exit_code == 0, holds.output
    assert f"ledger.{suffix}: version 2: found_before: holds" in holds.stdout.splitlines()
    assert differs.exit_code == 1
    lines = differs.stdout.splitlines()
    assert f"ledger.{suffix}: version 2: retired_studies: differs (was 1, is 0: record s1)" in lines
    assert f"ledger.{suffix}: changes.csv: differs (was 1 row, is 0)" in lines


def test_an_outcome_that_changed_is_named_in_the_version_that_it_moves(folder: Path) -> None:
    history = small()
    write(folder, history)
    run("-q", "--ledger", "-o", "ledger.svg")
    outcomes = [str(each) for each in history.screening["outcome"]]
    place = len(outcomes) - 1 - outcomes[::-1].index("include")
    outcomes[place] = "exclude"
    record = history.screening["record_id"].iloc[place]
    write(folder, replace(history, screening=history.screening.assign(outcome=outcomes)))

    said = CliRunner().invoke(app, ["verify", "ledger.svg"]).stdout

    moved = [line for line in said.splitlines() if ": version 2: reports_excluded: differs" in line]
    assert [line for line in moved if record in line], said
