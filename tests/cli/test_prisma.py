"""The prisma command: tables or typed numbers in, a proved figure out."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview.cli import app
from peerreview.files import to_csv
from tests.reviews import make_review


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["prisma", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_review(folder: Path, seed: int = 3, *, finished: bool = True) -> None:
    review = make_review(seed, finished=finished)
    for name in ("records", "duplicates", "screening", "reports", "studies"):
        (folder / f"{name}.csv").write_text(to_csv(getattr(review, name)), encoding="utf-8")


TYPED = """
databases = 10491
duplicates = 5300
screened = 5191
citation_searching = 14
"""


def test_a_reviews_folder_needs_no_option(folder: Path) -> None:
    write_review(folder)

    result = run()

    assert result.exit_code == 0
    assert result.stdout == ""
    assert ET.parse(folder / "prisma.svg").getroot().tag.endswith("svg")
    assert "read records.csv, duplicates.csv, screening.csv, reports.csv, studies.csv" in result.stderr


def test_several_outputs_come_from_one_count(folder: Path) -> None:
    write_review(folder)

    run("-o", "a.svg", "-o", "flow.json", "-o", "flow.csv", "-o", "flow.dot")

    flow = json.loads((folder / "flow.json").read_text(encoding="utf-8"))
    assert flow["schema"] == "peerreview/flow/1"
    assert re.fullmatch("[0-9a-f]{64}", flow["inputs"]["records"])
    assert flow["boxes"]["databases"]["n"] == len(flow["boxes"]["databases"]["ids"])
    assert (folder / "flow.dot").read_text(encoding="utf-8").startswith("digraph")


def test_the_same_tables_give_the_same_bytes(folder: Path) -> None:
    write_review(folder)

    run("-o", "a.svg", "-o", "a.json")
    run("-o", "b.svg", "-o", "b.json")

    for suffix in ("svg", "json"):
        assert (folder / f"a.{suffix}").read_bytes() == (folder / f"b.{suffix}").read_bytes()


def test_what_does_not_add_up_writes_nothing(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")
    (folder / "prisma.svg").write_text("old", encoding="utf-8")

    result = run("--flow", "paper.toml")

    assert result.exit_code == 1
    assert "paper.toml: D1 fails by +14: 10,491 + 14 - 5,300 is not 5,191: 14 is also the count of citation_searching" in result.stderr
    assert (folder / "prisma.svg").read_text(encoding="utf-8") == "old"


def test_what_does_not_add_up_is_stamped_where_it_is_drawn(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")

    result = run("--flow", "paper.toml", "--allow-inconsistent")

    assert result.exit_code == 0
    assert "DOES NOT ADD UP" in (folder / "prisma.svg").read_text(encoding="utf-8")


def test_a_check_of_what_does_not_add_up_prints_each_identity_and_fails(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")

    result = run("--flow", "paper.toml", "--check")

    assert result.exit_code == 1
    assert "D1 fails by +14" in result.stdout
    assert "D2 cannot be checked: excluded, sought are blank" in result.stdout
    assert not (folder / "prisma.svg").exists()


def test_an_unfinished_review_is_a_draft_and_its_check_says_so(folder: Path) -> None:
    write_review(folder, 5, finished=False)

    assert run("-q").exit_code == 0
    assert ">DRAFT<" in (folder / "prisma.svg").read_text(encoding="utf-8")
    assert run("--check").exit_code == 3


def test_a_finished_review_passes_its_check(folder: Path) -> None:
    write_review(folder)

    result = run("--check")

    assert result.exit_code == 0
    assert "P1 holds" in result.stdout


def test_records_alone_are_a_draft(folder: Path) -> None:
    write_review(folder)
    for name in ("duplicates", "screening", "reports", "studies"):
        (folder / f"{name}.csv").unlink()

    result = run()

    assert result.exit_code == 0
    assert "the review is not finished" in result.stderr


def test_a_file_that_is_named_must_be_there(folder: Path) -> None:
    write_review(folder)

    result = run("--screening", "screened.csv")

    assert (result.exit_code, result.stderr) == (1, "screened.csv: no such file\n")


def test_an_outcome_of_no_record_is_named_with_its_line(folder: Path) -> None:
    write_review(folder)
    with (folder / "screening.csv").open("a", encoding="utf-8") as stream:
        stream.write("r999,full_text,include,,,votes\n")

    result = run()

    assert result.exit_code == 1
    assert re.search(r"screening\.csv:\d+: record_id 'r999' is not in the records", result.stderr)


@pytest.mark.usefixtures("folder")
def test_an_unknown_suffix_is_a_usage_error() -> None:
    assert run("-o", "prisma.bmp").exit_code == 2


def test_a_figure_can_go_to_standard_output(folder: Path) -> None:
    write_review(folder)

    result = run("-o", "-", "-q")

    assert result.stdout.startswith("<svg")
