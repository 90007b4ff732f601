"""Tests of the search command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app

run = CliRunner().invoke
OVID = """Database: Ovid MEDLINE(R) ALL <1946 to June 20, 2023>
1     exp Peer Review/ (100)
2     nurs*.tw. (50)
3     1 or 2 ({n})
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("strategies").mkdir()
    return tmp_path


def test_the_appendix_has_each_line_as_it_was_run() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=140))

    result = run(app, ["search", "-o", "-"])

    assert (result.exit_code, result.stderr) == (0, "")
    assert "| 2 | nurs\\*.tw. | 50 |\n| 3 | 1 or 2 | 140 |" in result.stdout


def test_check_fails_where_a_search_contradicts_itself_and_writes_nothing() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=99))

    result = run(app, ["search", "--check"])

    assert result.exit_code == 1
    assert "strategies/medline.txt:4: line 3: found 99, and could find at least 100" in result.stderr
    assert not Path("search.md").exists()
    Path("strategies/medline.txt").write_text(OVID.format(n=140))
    assert run(app, ["search", "--check"]).exit_code == 0


def test_without_searches_it_says_where_they_go() -> None:
    result = run(app, ["search"])

    assert result.exit_code == 1
    assert result.stderr == "strategies: no search histories; put them there, a file per source\n"


def test_what_is_no_search_is_refused_by_name() -> None:
    Path("strategies/notes.txt").write_text("buy milk\n")

    result = run(app, ["search"])

    assert result.exit_code == 1
    assert result.stderr.startswith("strategies/notes.txt: is no search history of a platform that is known")
