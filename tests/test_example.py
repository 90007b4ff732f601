"""The worked example is made once, and compared with what is known of the review."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.cli.init import LIVING, PACKED, example_files
from peerreview.cli.standing import read_reviewed
from peerreview.paper.trail import index
from peerreview.review import Review
from tests import leaving
from tests.paper.test_trail import check_all

REPOSITORY = Path(__file__).parents[1]
EXAMPLE = REPOSITORY / "examples" / "peer-workforce"
TOOLS = (f"PEERREVIEW={sys.executable} -m peerreview", f"PYTHON={sys.executable}")
DAGGER_NOTE = "† synthetic, for demonstration; not a finding about the study"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine"),
]


def make(folder: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    # Any other hash seed than the one that expected/ was made with has to do.
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    command = ["make", "-C", str(folder), "--no-print-directory", *TOOLS, *targets]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the example's folder after make, and what the commands said on the way."""
    folder = tmp_path_factory.mktemp("example") / "of another name"
    for name, content in example_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    run = make(folder, "all", "evidence.md")
    assert run.returncode == 0, run.stderr
    return folder, run.stderr


@pytest.fixture(scope="session")
def example(made: tuple[Path, str]) -> Path:
    return made[0]


@pytest.fixture(scope="session")
def boxes(example: Path) -> dict[str, dict[str, object]]:
    flow = json.loads((example / "flow.json").read_text(encoding="utf-8"))
    return dict(flow["boxes"])


def test_the_flow_is_that_of_the_published_review(boxes: dict[str, dict[str, object]]) -> None:
    published = {
        "databases": 10_491, "duplicates": 5_300, "screened": 5_191, "excluded": 5_051, "sought": 140,
        "assessed": 140, "reports_excluded": 125, "other_sought": 14, "other_assessed": 14,
        "other_reports_excluded": 12, "reports": 17, "studies": 16,
    }  # fmt: skip

    assert {key: boxes[key]["n"] for key in published} == published, (
        "after a change to the rules: make settled"
    )


def test_outputs_are_byte_for_byte_the_committed_ones(example: Path) -> None:
    committed = sorted(path for path in (EXAMPLE / "expected").iterdir())
    assert committed
    for expected in committed:
        found = next(
            path
            for path in (
                example / expected.name,
                example / "tables" / expected.name,
                example / "exports" / expected.name,
            )
            if path.exists()
        )
        assert expected.read_bytes() == found.read_bytes(), (
            f"{expected.name}: run make expected and look at the diff"
        )


def test_make_does_nothing_the_second_time(example: Path) -> None:
    assert make(example, "--question", "all", "evidence.md").returncode == 0


def test_make_ends_with_what_to_open(example: Path) -> None:
    told = make(example).stdout.splitlines()

    assert "Open prisma.svg" in told[-2]
    named = re.findall(r"[\w/]+\.(?:svg|md)|tables/", told[-2])
    assert named
    assert all((example / each).exists() for each in named)


def test_the_count_of_the_rules_alone_is_printed_before_that_of_the_people(made: tuple[Path, str]) -> None:
    folder, said = made
    alone = sum(row["verdict"] == "duplicate" for row in rows(folder / "automatic" / "duplicates.csv"))

    after = said.index("5,300 duplicates")
    assert said.index(f"{alone:,} duplicates") <= after


def test_people_looked_at_pairs_and_did_not_judge_the_whole_table(example: Path) -> None:
    assert len(rows(example / "overrides.csv")) < 600


def test_only_the_citations_of_included_reports_are_real(example: Path) -> None:
    real = [
        row
        for row in rows(example / "records.csv")
        if "Synthetic record, for demonstration" not in row["extra"]
    ]
    cited = rows(EXAMPLE / "synthetic" / "included-reports.csv")

    assert len(cited) == 17
    assert all("Citation as in Reeves et al. 2024 (CC BY 4.0), reference " in row["extra"] for row in real)
    invented = ("doi", "pmid", "pmcid", "accession", "abstract", "keywords", "issn", "url")
    assert {""} == {row[column] for row in real for column in invented}
    titles = {row["title"].casefold().replace("’", "'") for row in cited}
    assert titles == {row["title"].casefold().replace("’", "'").rstrip(".") for row in real}


def test_invented_records_carry_invented_dois(example: Path) -> None:
    dois = [row["doi"] for row in rows(example / "records.csv") if row["doi"]]

    assert len(dois) > 5_000
    assert all(doi.startswith("10.5555/") for doi in dois)


@pytest.mark.parametrize(
    "name",
    [
        "sources",
        "overrides",
        "reports",
        "studies",
        "themes",
        "stated",
        "codebook",
        "appraisal",
        "decisions/ana",
    ],
)
def test_every_row_that_people_write_says_its_basis(example: Path, name: str) -> None:
    assert {"text", "title", "outside", "synthetic"} >= {
        row["basis"] for row in rows(example / f"{name}.csv")
    }


@pytest.mark.parametrize(
    "name",
    [
        "prisma.svg",
        "agreement.md",
        "themes.md",
        "appraisal.md",
        "tables/characteristics.md",
        "tables/counts.md",
        "tables/sources.md",
        "tables/excluded.csv",
        "tables/themes.tex",
        "tables/matrix.html",
    ],
)
def test_figures_and_tables_with_synthetic_rows_say_so(example: Path, name: str) -> None:
    text = (example / name).read_text(encoding="utf-8")

    assert DAGGER_NOTE.removeprefix("† ") in " ".join(text.split())


def test_what_the_text_supports_needs_no_such_note(example: Path) -> None:
    assert "synthetic" not in (example / "evidence.md").read_text(encoding="utf-8")


def test_themes_tally_as_published_and_less_where_the_text_says_less(example: Path) -> None:
    found = rows(example / "themes.csv")
    full = Counter(row["theme"] for row in found)
    supported = Counter(row["theme"] for row in found if row["basis"] == "text")
    themes = ("education", "role_clarity", "supervision", "leadership", "inclusion", "commitment")

    assert [full[theme] for theme in themes] == [12, 12, 8, 11, 14, 16]
    assert [supported[theme] for theme in themes] == [11, 9, 6, 9, 8, 16]
    labels = {row["theme"]: row["label"] for row in rows(example / "codebook.csv")}
    for name, tally in (("themes.md", full), ("evidence.md", supported)):
        text = (example / name).read_text(encoding="utf-8").replace("†", "")
        cells = [
            [cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("|")
        ]
        printed = {line[1].replace("&emsp;", "").replace("&nbsp;", "").strip(): line[2] for line in cells}
        assert {labels[theme]: str(tally[theme]) for theme in themes}.items() <= printed.items()


def test_no_quotation_was_invented(example: Path) -> None:
    assert {""} == {row.get("quote", "") for row in rows(example / "themes.csv")}


def test_countries_and_designs_are_those_of_the_review(example: Path) -> None:
    studies = rows(example / "studies.csv")

    assert Counter(row["country"] for row in studies) == {
        "United States": 7,
        "Australia": 3,
        "United Kingdom": 2,
        "Finland": 1,
        "Singapore": 1,
        "Multi-country": 2,
    }
    assert Counter(row["design"] for row in studies) == {"qualitative": 13, "mixed methods": 3}


def test_the_rating_rule_gives_the_ratings_of_the_review(example: Path) -> None:
    text = (example / "appraisal.md").read_text(encoding="utf-8").replace("†", "")
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")
    ]

    assert [line[:2] for line in cells if line[0] in ("good", "fair", "poor")] == [
        ["good", "11"],
        ["fair", "5"],
        ["poor", "0"],
    ]


def test_reviewers_differed_changed_votes_and_settled(example: Path) -> None:
    votes = rows(example / "decisions" / "ana.csv") + rows(example / "decisions" / "ben.csv")
    cast = Counter((row["record_id"], row["reviewer"], row["stage"]) for row in votes)
    settled = rows(example / "decisions" / "resolutions.csv")

    assert 20 < sum(times > 1 for times in cast.values()) < 120
    assert {"consensus", "adjudicator"} == {row["role"] for row in settled}
    assert 60 < len(settled) < 250
    assert not rows(example / "conflicts.csv")
    assert all(row["decided_at"] for row in votes + settled)


def test_every_record_is_traced_to_the_boxes_that_count_it(example: Path) -> None:
    review = Review(example)
    laid_down = review.protocol()
    found = index(read_reviewed(review, laid_down))

    check_all(found)
    assert len(found.reviewed.records) == 10_505
    assert not [line for line in review.told() if "flow.json was counted" in line]


def test_at_least_a_hundred_pairs_look_alike_and_are_not_duplicates(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLE / "synthetic"))
    works = __import__("works")
    held, others = works.make_works()

    assert sum(bool(work.twin) for work in held) >= 100
    assert len(held) == 5_191
    assert len(others) == 14
    assert len(works.hold(held)) == 10_491


@pytest.mark.parametrize(("name", "folder"), PACKED.items())
def test_the_wheel_takes_along_exactly_the_examples(name: str, folder: str) -> None:
    with (REPOSITORY / "pyproject.toml").open("rb") as stream:
        packed = tomllib.load(stream)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    prefix = f"examples/{name}/"
    own = {path.removeprefix(prefix): target for path, target in packed.items() if path.startswith(prefix)}

    assert set(own) == set(example_files(name))
    assert all(target == f"peerreview/cli/templates/{folder}/{path}" for path, target in own.items())


def test_the_source_archive_leaves_out_what_make_wrote() -> None:
    with (REPOSITORY / "pyproject.toml").open("rb") as stream:
        left_out = tomllib.load(stream)["tool"]["hatch"]["build"]["targets"]["sdist"]["exclude"]
    written = [
        f"/examples/{name}{line}"
        for name in PACKED
        for line in (EXAMPLE.with_name(name) / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("/")
    ]

    assert written == left_out


@pytest.fixture(scope="session")
def living(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the living review's folder after make."""
    folder = tmp_path_factory.mktemp("living") / "of another name"
    for name, content in example_files(LIVING).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    run = make(folder, "all")
    assert run.returncode == 0, run.stderr
    return folder


def test_the_living_review_comes_to_the_committed_outputs(living: Path) -> None:
    committed = sorted((EXAMPLE.with_name(LIVING) / "expected").iterdir())

    assert committed
    for expected in committed:
        assert expected.read_bytes() == (living / expected.name).read_bytes(), (
            f"{expected.name}: run make expected in it and look at the diff"
        )
    assert make(living, "--question", "all").returncode == 0


def test_the_base_is_still_what_was_published_of_it_and_the_versions_sum(living: Path) -> None:
    run = make(living, "check")

    assert run.returncode == 0, run.stderr
    assert "version 2: L2 holds: 3 + 1 - 1 = 3" in run.stdout
    assert "version 2: L3 holds: 3 + 1 + 1 - 1 = 4" in run.stdout
    assert "L4 holds: 10 + 7 = 17" in run.stdout


def test_an_update_asks_for_new_works_alone_and_decisions_stay(
    living: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(living)
    records = {row["record_id"]: row["round"] for row in rows(living / "records.csv")}
    votes = tmp_path / "decisions"
    votes.mkdir()
    for path in (living / "decisions").glob("*.csv"):
        base = [row for row in rows(path) if records[row["record_id"]] == "1"]
        frame = pd.DataFrame(base, dtype="str")
        (votes / path.name).write_text(frame.to_csv(index=False, lineterminator="\n"), encoding="utf-8")

    asked = tmp_path / "ana.csv"
    result = CliRunner().invoke(
        app,
        ["screen", "unique.csv", *map(str, sorted(votes.glob("*.csv"))), "--form", "ana", "-o", str(asked)],
    )

    assert result.exit_code == 0, result.stderr
    found = {row["record_id"] for row in rows(asked)}
    assert found == {"e5-6183d3", "e6-1758dd", "m8-adb516", "m9-336da5"}
    assert {records[each] for each in found} == {"2"}


def test_status_compares_the_ledger_by_content(living: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(living)

    result = CliRunner().invoke(app, ["status", "--json"])

    outputs = {each["file"]: each["state"] for each in json.loads(result.stdout)["outputs"]}
    assert {outputs[f"ledger.{suffix}"] for suffix in ("svg", "md", "csv")} == {"fresh"}


PIPELINE = (
    ("screen",),
    ("prisma", "-o", "flow.json"),
    ("report", "-o", "report.md"),
)
STUDIES = sorted({row["study_id"] for row in rows(EXAMPLE / "reports.csv")})
EVERY = 600
"""Of the records that are no report of an included study, one in so many."""


@pytest.fixture(scope="session")
def lesser(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the worked example with all included studies and a part of the other records, counted."""
    folder = tmp_path_factory.mktemp("lesser")
    for name in (
        "peerreview.toml",
        "reports.csv",
        "studies.csv",
        "themes.csv",
        "codebook.csv",
        "appraisal.csv",
    ):
        shutil.copy(example / name, folder / name)
    reports = {row["record_id"] for row in rows(example / "reports.csv")}
    merged = {row["record_id"]: row["duplicate_of"] for row in rows(example / "duplicates.csv")}
    others = [row["record_id"] for row in rows(example / "unique.csv")][::EVERY]
    works = {merged.get(each, each) for each in reports} | set(others)
    kept = works | {removed for removed, stays in merged.items() if stays in works}
    (folder / "decisions").mkdir()
    for name in (
        "records.csv",
        "unique.csv",
        "duplicates.csv",
        *(f"decisions/{each}.csv" for each in ("ana", "ben", "resolutions")),
    ):
        shutil.copy(example / name, folder / name)
        leaving.keep_rows(folder / name, lambda row: row["record_id"] in kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in PIPELINE:
            leaving.run(*command)
    return folder


def told_of(folder: Path, record_ids: Collection[str]) -> dict[frozenset[str], dict[str, Any]]:
    """Return what ``retractions`` tells of works, each left out and all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        leaving.watch(record_ids)
        leaving.run("retractions", "watch.csv", "-o", "found.json")
        found = json.loads(Path("found.json").read_text(encoding="utf-8"))["consequences"]
    return {frozenset(each["record_ids"]): each for each in found}


@pytest.fixture(scope="session")
def consequences(lesser: Path) -> dict[frozenset[str], dict[str, Any]]:
    """Return what ``retractions`` tells of each included work left out."""
    return told_of(lesser, {row["record_id"] for row in rows(lesser / "reports.csv")})


@pytest.mark.parametrize("study_id", STUDIES)
def test_the_example_without_a_study_is_what_retractions_tells_of(
    lesser: Path,
    consequences: dict[frozenset[str], dict[str, Any]],
    study_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(lesser, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    before = leaving.state()
    gone = frozenset(row["record_id"] for row in rows(Path("reports.csv")) if row["study_id"] == study_id)
    # A study goes with its last report.
    told = consequences[gone] if len(gone) == 1 else told_of(tmp_path, gone)[gone]

    leaving.take_out_by_hand(gone)
    for command in PIPELINE:
        leaving.run(*command)

    label = next(row["label"] for row in rows(lesser / "studies.csv") if row["study_id"] == study_id)
    assert told["studies"] == [label]
    leaving.check(told, before, leaving.state())
