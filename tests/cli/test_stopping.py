"""``screen --stopping``: shown, asked for, counted in the flow, and taken back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.screening.order import shuffle
from peerreview.screening.stopping import TOOL
from peerreview.tables import reading, writing
from tests.builders import make

Run = Callable[..., Result]
N = 100
RELEVANT = {f"r{number}" for number in range(1, N + 1, 9)}
UNIQUE = make(
    tables.UNIQUE,
    title=[f"ward {number}" for number in range(N)],
    source_kinds=["database"] * N,
)


def _votes(name: str, n_read: int, *, relevant: set[str] = RELEVANT) -> list[str]:
    """Write the votes of somebody who read so many in the shuffled order; return the records."""
    order = shuffle(UNIQUE["record_id"], reviewer=name, stage="title_abstract")[:n_read]
    began = datetime(2026, 3, 1, 9, tzinfo=UTC)
    rows = [
        {
            "record_id": record_id, "reviewer": name, "stage": "title_abstract",
            "decision": "include" if record_id in relevant else "exclude",
            "decided_at": (began + timedelta(minutes=place)).isoformat(),
        }
        for place, record_id in enumerate(order)
    ]  # fmt: skip
    writing.write(tables.make(tables.VOTES, rows), Path(f"decisions/{name}.csv"))
    return list(order)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run ``peerreview`` in a folder with records and the votes of one reviewer."""
    monkeypatch.chdir(tmp_path)
    Path("decisions").mkdir()
    writing.write(UNIQUE, Path("unique.csv"))
    writing.write(UNIQUE[list(tables.RECORDS.all_columns)], Path("records.csv"))
    Path("peerreview.toml").write_text("[screening]\nvotes_required = { title_abstract = 1 }\n")
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def _box(name: str) -> int:
    boxes = json.loads(Path("flow.json").read_text())["boxes"]
    return int(boxes[name]["n"]) if name in boxes else 0


def test_it_is_shown_what_the_votes_bear_and_nothing_is_written(run: Run) -> None:
    _votes("ana", 90)
    before = sorted(path.name for path in Path("decisions").iterdir())

    told = run("screen", "--stopping")

    assert told.exit_code == 0, told.output
    assert "ana at title_abstract: 90 read" in told.stdout
    assert "it rests on the random sample of the last 90 read" in told.stdout
    assert "Callaghan & Müller-Hansen 2020, doi:10.1186/s13643-020-01521-4" in told.stdout
    assert sorted(path.name for path in Path("decisions").iterdir()) == before
    assert not Path("screening.csv").exists()


def test_the_document_says_the_same(run: Run) -> None:
    _votes("ana", 90)
    _votes("bo", 30)

    told = run("screen", "--stopping", "--recall", "0.6", "-o", "stopping.json")

    assert told.exit_code == 0, told.output
    found = json.loads(Path("stopping.json").read_text())
    assert found["schema"] == "peerreview/stopping/1"
    assert (found["rule"]["recall"], found["rule"]["confidence"]) == (0.6, 0.95)
    assert "Callaghan & Müller-Hansen 2020" in found["rule"]["source"]
    ana, bo = found["reviewers"]
    assert (ana["reviewer"], ana["n_seen"], ana["basis"], ana["bears"]) == ("ana", 90, "random sample", True)
    assert (bo["reviewer"], bo["n_seen"], bo["bears"]) == ("bo", 30, False)
    assert ana["recall_at_least"] >= 0.6
    assert (
        json.loads(run("screen", "--stopping", "--json", "--as", "bo").stdout)["reviewers"][0]["n_seen"] == 30
    )


def test_what_is_set_aside_is_counted_as_ineligible_by_automation_and_the_flow_closes(run: Run) -> None:
    read = _votes("ana", 90)

    told = run("screen", "--stopping", "--stop", "--recall", "0.6")

    assert told.exit_code == 0, told.output
    assert "10 records that nobody had judged are set aside in decisions/stopped.csv" in told.stderr
    stopped = reading.read(Path("decisions/stopped.csv"), tables.VOTES)
    assert set(stopped["record_id"]) == set(UNIQUE["record_id"]) - set(read)
    assert set(stopped["reviewer"]) == {TOOL}
    assert set(stopped["role"]) == {"automation"}
    assert set(stopped["reason"]) == {
        "recall of at least 60 % with 95 % confidence (Callaghan & Müller-Hansen 2020)"
    }
    assert stopped["note"].str.startswith("ana: p = ").all()
    assert run("screen").exit_code == 0
    assert run("prisma", "-o", "flow.json").exit_code == 0
    assert (_box("automation"), _box("screened"), _box("awaiting_screening")) == (10, 90, 0)
    report = run("report", "-o", "report.md")
    assert report.exit_code == 0, report.output
    assert (
        "Before screening, the automation tool stopping rule settled 10 records on which no reviewer voted: "
        "recall of at least 60 % with 95 % confidence (Callaghan & Müller-Hansen 2020)."
    ) in Path("report.md").read_text()


def test_what_is_set_aside_is_still_unread_at_the_next_look(run: Run) -> None:
    _votes("ana", 90)
    before = run("screen", "--stopping").stdout
    run("screen", "--stopping", "--stop", "--recall", "0.6")

    after = run("screen", "--stopping").stdout

    assert after == before.replace("10 left", "10 left, 10 of them set aside")
    again = run("screen", "--stopping", "--stop", "--recall", "0.6")
    assert (again.exit_code, "there is nothing to set aside" in again.stderr) == (1, True)


def test_a_vote_on_what_is_set_aside_is_told_with_its_way_out(run: Run) -> None:
    read = _votes("ana", 90)
    run("screen", "--stopping", "--stop", "--recall", "0.6")
    late = next(each for each in UNIQUE["record_id"] if each not in read)
    rows = [{"record_id": late, "reviewer": "bo", "stage": "title_abstract", "decision": "include"}]
    writing.write(tables.make(tables.VOTES, rows), Path("decisions/bo.csv"))

    told = run("screen")

    assert told.exit_code == 1
    assert (
        f"decisions/bo.csv:2: '{late}' is removed before screening (what removed it can be withdrawn)"
        in told.stderr
    )
    assert run("screen", "--stopping", "--resume").exit_code == 0
    assert run("screen").exit_code == 0


def test_it_is_taken_back_as_often_as_it_is_asked_for(run: Run) -> None:
    _votes("ana", 90)
    rounds = []

    for _ in range(2):
        assert run("screen", "--stopping", "--stop", "--recall", "0.6").exit_code == 0
        assert run("screen", "--stopping", "--resume").exit_code == 0
        run("screen")
        screening = reading.read(Path("screening.csv"), tables.SCREENING)
        rounds.append(screening[screening["stage"] == "title_abstract"]["outcome"].value_counts()["pending"])

    assert rounds == [10, 10]
    assert len(reading.read(Path("decisions/stopped.csv"), tables.VOTES)) == 40
    again = run("screen", "--stopping", "--resume")
    assert again.exit_code == 1
    assert "nothing is set aside by a stopping rule" in again.stderr


def test_votes_that_do_not_bear_it_set_nothing_aside(run: Run) -> None:
    _votes("ana", 90)
    _votes("bo", 30)

    told = run("screen", "--stopping", "--stop", "--recall", "0.6")

    assert told.exit_code == 1
    assert "bo at title_abstract: the votes do not bear stopping: p = " in told.stderr
    assert not Path("decisions/stopped.csv").exists()
    assert run("screen", "--stopping", "--stop", "--recall", "0.6", "--as", "ana").exit_code == 0


def test_what_somebody_has_judged_stays_open(run: Run) -> None:
    Path("peerreview.toml").write_text("")
    read = _votes("ana", 90)
    others = [each for each in UNIQUE["record_id"] if each not in read][:4]
    rows = [
        {"record_id": each, "reviewer": "bo", "stage": "title_abstract", "decision": "exclude"}
        for each in others
    ]
    writing.write(tables.make(tables.VOTES, rows), Path("decisions/bo.csv"))

    told = run("screen", "--stopping", "--stop", "--recall", "0.6", "--as", "ana")

    assert told.exit_code == 0, told.output
    assert "6 records that nobody had judged are set aside" in told.stderr
    assert "4 that somebody has judged stay open for another's vote" in told.stderr
    assert run("screen").exit_code == 0


def test_where_all_is_judged_there_is_nothing_to_set_aside(run: Run) -> None:
    _votes("ana", N)

    told = run("screen", "--stopping", "--stop")

    assert told.exit_code == 1
    assert "no record is left that nobody has judged" in told.stderr
    assert "no record is left" in run("screen", "--stopping").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--stopping", "--recall", "95"), "--recall 95 is no share between 0 and 1"),
        (("--stopping", "--confidence", "0"), "--confidence 0 is no share"),
        (("--stopping", "--stop", "--resume"), "--stop and --resume are one at a time"),
        (("--stopping", "--stop", "--stage", "full_text"), "--stop is of title_abstract"),
        (("--stopping", "-o", "stopping.txt"), "--stopping is written as .json"),
        (("--stopping", "--check"), "are one at a time"),
        (("--stop",), "--stop goes with --stopping"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(run: Run, arguments: tuple[str, ...], told: str) -> None:
    _votes("ana", 20)

    result = run("screen", *arguments)

    assert (result.exit_code, told in result.stderr) == (2, True), result.output


def test_who_has_no_vote_is_told(run: Run) -> None:
    _votes("ana", 20)

    assert (
        "'cy' has no vote at title_abstract or full_text" in run("screen", "--stopping", "--as", "cy").stderr
    )
