"""Outputs that take no proof are compared with what their commands would write now."""

import zipfile
from pathlib import Path

import pytest

from tests.cli.test_retractions import TITLES, done, finished, notice, review
from tests.cli.test_search import OVID
from tests.cli.test_verify import change, verify
from tests.imports.test_notices import row

__all__ = ["finished", "review"]


@pytest.fixture
def ids(review: list[str]) -> list[str]:
    """The ids of a finished review's records, with a search and a table of notices beside it."""
    Path("strategies").mkdir()
    Path("strategies/medline.txt").write_text(OVID.format(n=140), encoding="utf-8")
    notice(row(TITLES[0], doi="10.5555/p0", date="3/31/2024 0:00"))
    return review


def odd(*words: str) -> dict[str, str]:
    """Return what does not hold of each file, to where its line is named."""
    lines = [line for line in verify(*words).stdout.splitlines() if ": holds" not in line]
    said = (line.partition(": the whole: ") for line in lines)
    return {file: why.partition(": ")[0] for file, _, why in said}


def otherwise(command: str) -> str:
    return f"cannot be checked ({command} without options would write it otherwise"


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_number_that_was_changed_in_the_searches_appendix_is_found() -> None:
    files = {"search.md": "140", "search.tex": "140", "search.csv": "140", "search-checks.csv": "severity"}
    for file in ("search.md", "search.tex", "search.csv", "search.json"):
        done("search", "-o", file)
    # What people keep under a like name is theirs.
    Path("search-notes.csv").write_text("a,b\n", encoding="utf-8")
    Path("retractions.csv").write_text("record_id,kind,verdict,why\n", encoding="utf-8")
    told = verify().stdout.splitlines()
    assert not [line for line in told if line.startswith(("search-notes", "retractions"))]
    for file in (*files, "search.json"):
        assert f"{file}: the whole: holds (search writes the same)" in told

    for file, number in (files | {"search.json": "140"}).items():
        change(file, number, "141")

    found = odd()
    assert {file: found.get(file) for file in files} == dict.fromkeys(files, otherwise("search"))
    assert found["search.json"].startswith("cannot be checked (search without options")
    assert verify("search.md").exit_code == 3


@pytest.mark.usefixtures("ids")
def test_a_search_that_was_saved_anew_is_told_of_its_appendix() -> None:
    """In a page that has a proof each cell is told by its row."""
    done("search", "-o", "search.html")
    assert verify("search.html").exit_code == 0

    change("strategies/medline.txt", "(140)", "(141)")

    assert "was 140, is 141" in verify("search.html").stdout


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("watch.csv", "--dated", "2024-05-01")])
@pytest.mark.usefixtures("ids")
def test_what_was_told_of_retractions_is_looked_up_in_the_notices_again(options: tuple[str, ...]) -> None:
    files = {"retractions.md": "8 records", "retractions.json": "8 records"}
    files |= {"retracted.csv": "2024-03-31"} if options else {}
    for file in files:
        done("retractions", *options, "-o", file)
    told = verify().stdout.splitlines()
    for file in files:
        assert f"{file}: the whole: holds (retractions writes the same)" in told

    for file, number in files.items():
        change(file, number, number.replace("8", "9").replace("31", "30"))

    found = odd()
    assert {file: found[file] for file in files} == dict.fromkeys(files, otherwise("retractions"))


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_without_the_notices_of_then_what_was_told_of_them_cannot_be_checked() -> None:
    done("retractions", "watch.csv", "-o", "retractions.md")
    change("watch.csv", "3/31/2024", "3/30/2024")

    said = "cannot be checked (the notices that it was written of are not there as they were then)"
    assert odd("retractions.md") == {"retractions.md": said}


@pytest.mark.usefixtures("ids")
def test_a_page_on_retractions_is_laid_out_again_where_no_notices_were_needed() -> None:
    done("retractions", "-o", "retractions.html")
    change("studies.csv", "Spain", "Portugal")

    assert "table retractions: holds" in verify("retractions.html").stdout


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_in_a_folder_what_takes_no_proof_is_told_too() -> None:
    for command in ("search", "report", "table yield"):
        done(*command.split(), "-o", f"{'tables/' * command.startswith('t')}{command.split()[-1]}.md")
    Path("tables/counts.md").write_text("by hand\n", encoding="utf-8")

    result = verify()

    assert result.exit_code == 0, result.output
    told = result.stdout.splitlines()
    assert "report.md: the whole: holds (report writes the same)" in told
    assert "tables/yield.md: the whole: holds (table yield writes the same)" in told
    assert "not compared: tables/counts.md" in result.stderr.splitlines()
    assert not [line for line in verify("tables").stdout.splitlines() if not line.startswith("tables/")]
    change("tables/yield.md", "| 6", "| 7")
    change("report.md", "8 records", "9 records")
    Path("search.md").unlink()
    Path("Makefile").write_text("search.md: strategies\n\tpeerreview search -o $@\n", encoding="utf-8")

    assert verify().exit_code == 1
    assert odd() == {
        "report.md": "differs (report would write it otherwise",
        "tables/yield.md": otherwise("table yield"),
        "search.md": "cannot be checked (it is not there; the Makefile writes it)",
    }


@pytest.mark.usefixtures("ids")
def test_of_a_folder_without_any_proof_what_takes_none_is_told() -> None:
    Path("flow.json").unlink()

    assert "report.md: the whole: differs (report" in verify().stdout


@pytest.mark.usefixtures("ids")
def test_where_the_protocol_cannot_be_read_nothing_can_be_checked() -> None:
    Path("peerreview.toml").write_text("votes =\n", encoding="utf-8")

    result = verify()

    assert result.stdout.startswith("peerreview.toml: the whole: cannot be checked (")
    assert result.stderr.splitlines()[-1].startswith("peerreview.toml:1: is not TOML")
    assert result.exit_code == 1


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_in_a_package_what_takes_no_proof_is_told_by_the_packages_own_tables() -> None:
    done("search", "-o", "search.md")
    done("report", "-o", "report.md")
    done("package", "-q", "-o", "review.zip")
    assert "review.zip: search.md: the whole: holds (search writes the same)" in verify("review.zip").stdout
    assert odd("review.zip") == {}
    change("search.md", "140", "141")
    done("package", "-q", "-o", "other.zip")

    assert odd("other.zip") == {"other.zip: search.md": otherwise("search")}


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_in_an_anonymous_package_what_takes_no_proof_still_holds() -> None:
    done("report", "-o", "report.md")
    done("agreement", "-o", "agreement.md")
    done("package", "-q", "--anonymous", "-o", "review.zip")
    Path("elsewhere").mkdir()
    Path("review.zip").rename("elsewhere/review.zip")

    assert odd("elsewhere/review.zip", "--folder", "elsewhere") == {}
    assert "agreement.md" in zipfile.ZipFile("elsewhere/review.zip").namelist()
