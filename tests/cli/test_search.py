"""Tests of the search command."""

import json
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

    assert result.exit_code == 0
    assert result.stderr == "no sources.csv: what was searched is not compared with it\n"
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


def test_a_search_is_no_export_and_an_export_no_search() -> None:
    """Each says what the other is, and where it is read."""
    Path("strategies/medline.txt").write_text(OVID.format(n=140))
    Path("medline.ris").write_text("TY  - JOUR\nTI  - A\nER  - \n")

    imported = run(app, ["import", "strategies/medline.txt"])
    searched = run(app, ["search", "medline.ris"])

    assert (imported.exit_code, searched.exit_code) == (1, 1)
    assert imported.stderr.startswith("strategies/medline.txt: is a search history (Ovid), not an export")
    assert searched.stderr.endswith(
        "medline.ris: is an export (ris), not a search history; import reads it\n"
    )


def test_sources_name_the_searches_and_their_numbers_are_compared() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=140))
    Path("sources.csv").write_text(
        "file,source,source_kind,platform,searched_on,records\n"
        "exports/medline.ris,MEDLINE,database,Ovid,2023-06-21,141\n"
    )

    result = run(app, ["search", "-o", "-"])

    assert "**Search strategy 1: MEDLINE (Ovid)**" in result.stdout
    assert "the last line found 140, sources.csv says 141 records of MEDLINE" in result.stderr
    assert (
        "| MEDLINE | Ovid | 2023-06-21 | 3 | 140 | 141 | 1 error | strategies/medline.txt |" in result.stdout
    )
    assert "MEDLINE (Ovid). \\[sources.csv, by source\\_kind\\]" in result.stdout  # PRISMA-S, item 1


def test_the_lines_are_a_table_for_other_programs() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=99))

    result = run(app, ["search", "-o", "strategies.csv"])

    assert result.exit_code == 0
    assert "strategies/medline.txt,4,ovid,3,1 or 2,99,1 OR 2," in Path("strategies.csv").read_text()
    assert (
        "strategies/medline.txt,4,3,error,or,Boolean and proximity"
        in Path("strategies-checks.csv").read_text()
    )


def test_what_changed_since_it_was_run_before_is_laid_out() -> None:
    Path("2021.txt").write_text(OVID.format(n=140))
    Path("2024.txt").write_text(OVID.format(n=150).replace("nurs*.tw.", "(nurs* or midwi*).tw."))

    result = run(app, ["search", "2024.txt", "--diff", "2021.txt", "-o", "-"])

    assert result.exit_code == 0
    assert (
        "| changed | 2 | nurs\\*.tw. | 50 | 2 | (nurs\\* or midwi\\*).tw. | 50 | new: midwi\\* |"
        in result.stdout
    )
    assert "Lines: 2 same, 1 changed, 0 added, 0 left out." in result.stdout


def test_a_search_that_may_have_been_one_of_two_before_is_asked_for() -> None:
    Path("base").mkdir()
    for name in ("base/a.txt", "base/b.txt", "strategies/c.txt"):
        Path(name).write_text(OVID.format(n=140))

    result = run(app, ["search", "--diff", "base"])

    assert result.exit_code == 1
    assert (
        "strategies/c.txt: which search was it before, base/a.txt or base/b.txt? Name one file each"
        in result.stderr
    )


def test_json_is_the_data_standard_a_file_for_each_search() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=140))
    Path("strategies/other.txt").write_text(OVID.format(n=141))

    assert run(app, ["search", "-o", "search.json"]).exit_code == 0

    search = json.loads(Path("search-medline.json").read_text())
    assert search["platform"] == "Ovid"
    assert search["search_string"] == "1. exp Peer Review/\n2. nurs*.tw.\n3. 1 or 2"
    assert search["lines"][2] == {"number": 3, "text": "1 or 2", "results": 140, "limits": ""}
    assert [each["file"] for each in json.loads(Path("search.json").read_text())["searches"]] == [
        "strategies/medline.txt",
        "strategies/other.txt",
    ]


def test_status_and_report_know_the_searches() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=99))
    Path("strategies/broken.txt").write_text("buy milk\n")
    Path("sources.csv").write_text("file,source,source_kind\n,MEDLINE,database\n")

    standing = run(app, ["status"])
    assert "strategies/medline.txt:4: line 3: found 99, and could find at least 100" in standing.stdout
    assert "strategies/broken.txt: is no search history of a platform that is known" in standing.stdout
    Path("strategies/broken.txt").unlink()
    reported = run(app, ["report", "-o", "report.md"])
    assert reported.exit_code == 0
    assert "## Search strategies" in Path("report.md").read_text()
    assert "found 1 contradiction" in Path("report.md").read_text()


def test_a_database_without_a_strategy_is_named() -> None:
    Path("strategies/medline.txt").write_text(OVID.format(n=140))
    Path("sources.csv").write_text(
        "file,source,source_kind\na.ris,MEDLINE,database\nb.ris,Embase,database\nc.ris,hand,hand_searching\n"
    )

    result = run(app, ["search", "-o", "-"])

    assert "1 search strategy is given in full, 3 lines in all." in result.stdout
    assert "None is given for Embase." in result.stdout


def test_sources_name_the_platform_of_a_search_that_does_not_show_it() -> None:
    Path("strategies/pubmed.txt").write_text('"shift work" AND (nap OR rest)\n')
    Path("sources.csv").write_text(
        "file,source,source_kind,platform\nexports/pubmed.nbib,MEDLINE,database,PubMed\n"
    )

    result = run(app, ["search", "-o", "-"])

    assert result.exit_code == 0
    assert '"shift work" AND (nap OR rest)' in result.stdout
