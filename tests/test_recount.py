"""
Whole reviews counted twice: by peerreview from users' files, and by whoever made them up.

Every number that is compared here was known before a file was written.
"""

import contextlib
import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from tests.leaving import rows
from tests.whole import FULL, TITLE, Whole, Work

WAYS = {"consensus": "consensus", "adjudicator": "an adjudicator"}


def run(*words: str) -> str:
    """Run a command in the working folder; return what it prints."""
    result = CliRunner().invoke(app, [*words])
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


@pytest.fixture(scope="module", params=[(1, True), (4, False)], ids=str)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Whole, Path]:
    """A review, imported, judged and settled, and its folder."""
    seed, finished = request.param
    folder, made = tmp_path_factory.mktemp("review"), Whole.of(seed)
    made.write_searches(folder)
    with contextlib.chdir(folder):
        run("import", *(row["file"] for row in rows(Path("sources.csv"))), "--quiet")
        run("dedupe", "--quiet")
        ids = {row["title"]: row["record_id"] for row in reversed(rows(Path("records.csv")))}
        for work in made.works:
            work.record_id = ids[work.title]
        made.judge(finished=finished)
        made.write_votes(folder)
        run("screen", "--quiet")
        run("agreement", "-o", "agreement.json", "--quiet")
        run("prisma", "-o", "flow.json", "-o", "prisma.svg", "--quiet")
    return made, folder


@pytest.fixture
def whole(made: tuple[Whole, Path], monkeypatch: pytest.MonkeyPatch) -> Whole:
    """What is true of the review; its folder is the working one."""
    monkeypatch.chdir(made[1])
    return made[0]


def percent(part: int, n: int) -> str:
    return f"{100 * part / n:.1f}%"


def square(works: list[Work], stage: str) -> list[list[int]]:
    """Return how often ana and ben said what before they talked; a maybe counts as an include."""
    said = Counter(
        tuple("include" if each == "maybe" else each for each in work.said[stage])
        for work in works
        if stage in work.said
    )
    words = ("include", "exclude")
    return [[said[one, other] for other in words] for one in words]


def test_every_number_of_a_review_is_the_one_that_was_true_before_its_files(whole: Whole) -> None:
    flow = json.loads(Path("flow.json").read_text(encoding="utf-8"))
    counted = {key: box["n"] or 0 for key, box in flow["boxes"].items()}
    for key, n in whole.boxes().items():
        assert counted.get(key, 0) == n, key
    for key, is_left in (("reports_excluded", True), ("other_reports_excluded", False)):
        reasons = Counter(
            work.reason for work in whole.works if work.end == "reports_excluded" and work.is_left == is_left
        )
        parts = flow["boxes"].get(key, {}).get("parts", [])
        assert {part["label"]: part["n"] for part in parts} == dict(reasons), key

    report = run("report", "-o", "-", "--quiet").replace("\\", "")
    n_records = sum(len(work.sources) for work in whole.works)
    n_works = len(whole.works)
    assert f"Deduplication removed {n_records - n_works} records and left {n_works}." in report
    stages = json.loads(Path("agreement.json").read_text(encoding="utf-8"))["stages"]
    for stage, words, unit in ((TITLE, "title and abstract", "record"), (FULL, "full text", "report")):
        table = square(whole.works, stage)
        n, n_same = sum(map(sum, table)), table[0][0] + table[1][1]
        (pair,) = next(each["pairs"] for each in stages if each["stage"] == stage)
        assert pair["table"] == table
        agreed = f"At {words}, ana and ben agreed on {percent(n_same, n)} of {n} {unit}s before resolution"
        assert agreed in report
    outcomes = Counter(
        work.outcomes.get(FULL, "conflict" if FULL in work.said else "pending")
        for work in whole.works
        if FULL in work.said
    )
    by = Counter(work.by.get(FULL) for work in whole.works)
    told = [f"{outcomes[each]} {each}" for each in ("conflict", "exclude", "include") if outcomes[each]]
    settled = [f"{by[way]} by {words}" for way, words in WAYS.items() if by[way]]
    tail = f"; settled {' and '.join(settled)}" if settled else ""
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    assert f"Outcomes at full text: {listed}{tail}." in report
    included = [work for work in whole.works if work.study]
    n_studies = len({work.study for work in included})
    assert f"The review includes {n_studies} studies in {len(included)} reports." in report


def test_every_source_gave_what_it_gave(whole: Whole) -> None:
    run("table", "yield", "-o", "yield.csv", "--quiet")

    for row in rows(Path("yield.csv")):
        source = row["source"]
        works = [work for work in whole.works if source in work.sources]
        alone = [work for work in works if len(work.sources) == 1]
        studies = {work.study for work in works if work.study}
        assert row["works"] == str(len(works))
        assert row["alone"] == str(len(alone))
        assert row["included"] == str(sum(work.end == "included" for work in works))
        assert row["included_alone"] == str(sum(work.end == "included" for work in alone))
        assert row["studies"] == str(len(studies))


@pytest.mark.slow
def test_where_each_work_stands_is_where_it_ended(whole: Whole) -> None:
    parts = {part["name"]: part for part in json.loads(run("status", "--json"))["parts"]}
    for stage, name in ((TITLE, "Title and abstract"), (FULL, "Full text")):
        here = [work for work in whole.works if stage in work.said]
        n_settled = sum(stage in work.outcomes for work in here)
        part = parts[name]
        assert (part["n"], part["done"], part["conflicts"]) == (len(here), n_settled, len(here) - n_settled)
    for work in whole.works[:2]:
        end = json.loads(run("trace", work.record_id, "--json"))["end"]
        aside = "set_aside" if work.end in ("automation", "other_reasons") else work.end
        assert end == (work.end if work.is_left or work.end == "included" else f"other_{aside}")
    assert "differs" not in run("verify")
