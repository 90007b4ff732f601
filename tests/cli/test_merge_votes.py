"""Tests of the merge-votes command, and of git calling it."""

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.cli.init import DRIVER

run = CliRunner().invoke
HEADER = "record_id,reviewer,stage,decision\n"
VOTE = "r{},{},title_abstract,include\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_ours_is_written_with_the_votes_of_both() -> None:
    Path("base").write_text(HEADER)
    Path("ours").write_text(HEADER + VOTE.format(1, "ana"))
    Path("theirs").write_text(HEADER + VOTE.format(2, "bo"))

    result = run(app, ["merge-votes", "base", "ours", "theirs", "decisions/all.csv"])

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert Path("ours").read_text() == HEADER + VOTE.format(1, "ana") + VOTE.format(2, "bo")
    assert Path("theirs").read_text() == HEADER + VOTE.format(2, "bo")


def test_what_both_changed_is_written_with_marks_and_fails() -> None:
    for name, label in (("base", "A"), ("ours", "B"), ("theirs", "C")):
        Path(name).write_text(f"study_id,label\nS1,{label}\n")

    result = run(app, ["merge-votes", "base", "ours", "theirs", "studies.csv"])

    assert result.exit_code == 1
    assert result.stderr == "studies.csv: label of S1 is 'B' in ours and 'C' in theirs\n"
    assert "<<<<<<< ours\nS1,B\n=======\nS1,C\n>>>>>>> theirs\n" in Path("ours").read_text()


def test_what_is_no_table_leaves_ours_as_it_was() -> None:
    Path("base").write_text(HEADER)
    Path("ours").write_text(HEADER)
    Path("theirs").write_text(HEADER + "a,b,c,d,e\n")

    result = run(app, ["merge-votes", "base", "ours", "theirs", "decisions/all.csv"])

    assert (result.exit_code, Path("ours").read_text()) == (1, HEADER)
    assert result.stderr.startswith("decisions/all.csv:2: 5 cells in a table of 4 columns")
    assert run(app, ["merge-votes", "base", "ours", "gone"]).stderr == "gone: no such file\n"


def git(*words: str) -> str:
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_git_merges_two_branches_of_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    told = run(app, ["init", "review", "--git", "--without-abstracts"])
    assert told.stderr.endswith(f"once in each clone: {DRIVER}\n")
    monkeypatch.chdir("review")
    git("init", "-q", "-b", "main")
    driver = DRIVER.partition('"')[2].rstrip('"').replace("peerreview", f"{sys.executable} -m peerreview", 1)
    git("config", "merge.peerreview.driver", driver)
    Path("exports/a b.ris").write_text("TY  - JOUR\nTI  - A\nER  - \n")
    Path("decisions/all votes.csv").write_text(HEADER)
    git("add", ".")
    git("commit", "-qm", "begun")
    for who in ("ana", "bo"):
        git("checkout", "-q", "-b", who, "main")
        with Path("decisions/all votes.csv").open("a") as stream:
            stream.write(VOTE.format(1, who))
        git("commit", "-qam", who)
    git("merge", "-q", "-m", "both", "ana")

    votes = Path("decisions/all votes.csv").read_text()
    assert sorted(votes.splitlines()[1:]) == [VOTE.format(1, who).strip() for who in ("ana", "bo")]
    tracked = git("ls-files").splitlines()
    assert "exports/.gitkeep" in tracked
    assert not [name for name in tracked if "a b.ris" in name]


def test_a_review_that_is_there_gets_what_git_needs_and_nothing_else() -> None:
    run(app, ["init", "review"])
    Path("review/.gitignore").write_text("mine")
    before = {path: path.read_bytes() for path in Path("review").rglob("*") if path.is_file()}

    result = run(app, ["init", "review", "--git", "--without-abstracts"])
    again = run(app, ["init", "review", "--git"])

    assert (result.exit_code, again.exit_code) == (0, 1)
    assert "review/.gitattributes: is there already" in again.stderr
    after = {path: path.read_bytes() for path in Path("review").rglob("*") if path.is_file()}
    changed = {path for path, content in after.items() if content != before.get(path)}
    assert changed == {
        Path(f"review/{name}") for name in (".gitattributes", ".gitignore", ".github/workflows/review.yml")
    }
    assert Path("review/.gitignore").read_text().startswith("mine\n# Publishers'")
    assert run(app, ["init", "other", "--without-abstracts"]).exit_code == 2


def test_without_abstracts_the_hashes_of_the_exports_are_kept() -> None:
    run(app, ["init", "review", "--git", "--without-abstracts"])
    Path("a.ris").write_text("TY  - JOUR\nTI  - A\nER  - \n")

    run(app, ["import", "a.ris", "--source", "MEDLINE", "--report", "exports.json"])

    assert "-o $@ --report exports.json\n" in Path("review/Makefile").read_text()
    assert sha256(Path("a.ris").read_bytes()).hexdigest() in Path("exports.json").read_text()
    ignored = Path("review/.gitignore").read_text().splitlines()
    assert {"/exports/*", "/records.csv", "/unique.csv"} <= set(ignored)
    assert "/exports.json" not in ignored


def test_the_page_on_git_says_the_same_line() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "git.md"
    assert f"\n{DRIVER}\n" in page.read_text(encoding="utf-8")
