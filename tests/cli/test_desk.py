"""``screen --review`` without its screen: who may sit down, what is written, what is refused."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app, desk, inputs
from peerreview.cli.desk import Seat, Wanted
from peerreview.errors import UsageError
from peerreview.review import Review
from peerreview.tables import reading, writing
from tests.builders import make

HEADER = "record_id,reviewer,stage,decision,reason,decided_at\n"
Sit = Callable[..., Seat]


@pytest.fixture(autouse=True)
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a review of four records, which are conflicts of ana and bo from the second on."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "decisions").mkdir()
    unique = make(tables.UNIQUE, title=["One", "Two", "Three", "Four"], source_kinds=["database"] * 4)
    writing.write(unique, tmp_path / "unique.csv")


def vote(name: str, *rows: str) -> None:
    Path(f"decisions/{name}.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def sit(name: str = "ana", *, conflicts: bool = False, stage: str = "", **more: object) -> Seat:
    """Return the seat of somebody; each look at the clock is a second later than the one before."""
    found = Review.around(None)
    plan = found.protocol()
    votes = found.read_votes(found.vote_files(None, may_be_none=True))
    records, settled = inputs.read_settled(found, plan, votes)
    wanted = Wanted(name, stage, conflicts=conflicts, **more)  # type: ignore[arg-type]
    seat = desk.take_seat(found, settled, records, plan, wanted, Path("decisions"))
    seat._now = clock().__next__
    return seat


def clock() -> Iterator[datetime]:
    time = datetime(2026, 5, 4, 12, tzinfo=UTC)
    while True:
        time += timedelta(seconds=1)
        yield time


def rows(name: str) -> list[str]:
    written = reading.read(Path(f"decisions/{name}.csv"), tables.VOTES)
    columns = ("record_id", "reviewer", "decision", "reason", "role", "note")
    return [" ".join(filter(None, cells)) for cells in zip(*(written[each] for each in columns), strict=True)]


def test_each_vote_is_in_the_file_before_the_next_one() -> None:
    seat = sit()

    assert seat.vote("r2", "include").is_written
    assert rows("ana") == ["r2 ana include"]
    assert seat.vote("r1", "exclude", note="=not people").is_written
    assert rows("ana") == ["r2 ana include", "r1 ana exclude '=not people"]
    assert seat.undo().is_written
    assert rows("ana")[2:] == ["r1 ana withdrawn"]
    assert sit().desk.judged == ["r2"]


def test_a_note_is_taken_up_as_it_was_written() -> None:
    sit().vote("r1", "exclude", note="=not people")

    stands = sit().desk.standing("r1")
    assert stands
    assert stands.note == "=not people"


def test_two_windows_of_one_reviewer_vote_on_each_record_once() -> None:
    one, other = sit(), sit()
    one.vote("r1", "include")

    told = other.vote("r1", "exclude")

    assert not told.is_written
    assert "another window came first: include by ana; press again" in told.text
    assert rows("ana") == ["r1 ana include"]
    assert other.vote("r1", "exclude").is_written
    assert one.undo().text.startswith("not written: r1 was judged again since")
    assert rows("ana") == ["r1 ana include", "r1 ana exclude"]


def test_a_file_that_somebody_broke_meanwhile_takes_no_vote_and_says_where() -> None:
    seat = sit()
    seat.vote("r1", "include")
    with Path("decisions/ana.csv").open("a", encoding="utf-8") as stream:
        stream.write("r2,ana,title_abstract,perhaps\n")

    told = seat.vote("r3", "include")

    assert told.is_fault
    assert told.text.startswith("not written: decisions/ana.csv:3: decision 'perhaps'")
    assert seat.desk.standing("r3") is None


def test_a_spreadsheet_s_own_file_is_added_to_as_it_is() -> None:
    Path("decisions/ana.csv").write_bytes(
        b"\xef\xbb\xbfrecord_id;reviewer;stage;decision;mine\r\nr1;ana;title_abstract;include;x\r\n"
    )

    assert sit().vote("r2", "include").is_written
    written = Path("decisions/ana.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written[0] == "record_id;reviewer;stage;decision;mine;decided_at"
    assert written[2] == "r2;ana;title_abstract;include;;2026-05-04T12:00:01.000Z"


def test_a_full_disk_refuses_the_vote_aloud_and_leaves_all_others() -> None:
    resource = pytest.importorskip("resource", reason="this system has no limits of file sizes")
    seat = sit()
    seat.vote("r1", "include")
    before = Path("decisions/ana.csv").read_bytes()
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, most[1]))
    try:
        told = seat.vote("r2", "include")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)

    assert told.is_fault
    assert told.text.startswith("not written: decisions/ana.csv: cannot be written")
    assert Path("decisions/ana.csv").read_bytes() == before
    assert seat.desk.standing("r2") is None
    assert seat.vote("r2", "include").is_written
    assert [path.name for path in Path("decisions").iterdir()] == ["ana.csv"]


def test_a_folder_that_takes_no_file_is_told() -> None:
    Path("decisions").rmdir()
    Path("decisions").write_text("", encoding="utf-8")

    told = sit_beside(Path("decisions")).vote("r1", "include")

    assert told.is_fault
    assert "not written" in told.text


def sit_beside(folder: Path) -> Seat:
    found = Review.around(None)
    plan = found.protocol()
    records, settled = inputs.read_settled(found, plan, tables.empty(tables.VOTES))
    return desk.take_seat(found, settled, records, plan, Wanted("ana"), folder)


@pytest.mark.slow
def test_processes_that_write_at_once_lose_no_vote() -> None:
    """Each of four windows casts its own records, and all of them the last one."""
    script = textwrap.dedent("""
        import sys
        from tests.cli.test_desk import sit
        seat = sit("ana")
        for record_id in sys.argv[1:]:
            seat.vote(record_id, "include")
    """)
    ids = [f"r{number}" for number in range(1, 42)]
    writing.write(
        make(tables.UNIQUE, record_id=ids, source_kinds=["database"] * len(ids)), Path("unique.csv")
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, *ids[part:40:4], "r41"], env=os.environ | {"PYTHONPATH": path}
        )
        for part in range(4)
    ]

    assert [each.wait() for each in started] == [0] * 4
    assert sorted(rows("ana")) == sorted(f"{record_id} ana include" for record_id in ids)


def test_conflicts_are_settled_as_resolve_settles_them() -> None:
    vote("ana", "r1,ana,title_abstract,include,,", "r2,ana,title_abstract,include,,")
    vote("bo", "r1,bo,title_abstract,exclude,,", "r2,bo,title_abstract,exclude,,")
    seat = sit("cy", conflicts=True)

    assert list(seat.desk.stages) == ["r1", "r2"]
    assert seat.vote("r1", "include", note="peers are meant").is_written
    together = sit("", conflicts=True)
    assert list(together.desk.stages) == ["r2"]
    assert together.vote("r2", "exclude").is_written
    assert rows("resolutions") == [
        "r1 cy include adjudicator peers are meant",
        "r2 consensus exclude consensus",
    ]
    result = CliRunner().invoke(app, ["screen"])
    assert "title_abstract: 1 include, 1 exclude, 2 pending" in result.stderr


def test_a_resolution_is_taken_back_and_settled_anew() -> None:
    vote("ana", "r1,ana,title_abstract,include,,")
    vote("bo", "r1,bo,title_abstract,exclude,,")
    seat = sit("ana", conflicts=True)

    assert "ana settles a conflict of their own votes" in seat.vote("r1", "include").text
    assert seat.undo().is_written
    assert seat.vote("r1", "include").is_written
    assert list(sit("ana", conflicts=True).desk.stages) == []
    assert [row.split()[2] for row in rows("resolutions")] == ["include", "withdrawn", "include"]


def test_two_who_settle_one_conflict_at_once_settle_it_once() -> None:
    vote("ana", "r1,ana,title_abstract,include,,")
    vote("bo", "r1,bo,title_abstract,exclude,,")
    one, other = sit("cy", conflicts=True), sit("dee; ed", conflicts=True)
    one.vote("r1", "include")

    told = other.vote("r1", "exclude")

    assert "another window came first: include by cy" in told.text
    assert rows("resolutions") == ["r1 cy include adjudicator"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("anna", "is none of the protocol's reviewers: ana, Bo Li, zoe; did you mean 'ana'?"),
        ("rob", "is ai by the protocol; a person sits at the keyboard"),
        ("zoe", "is adjudicator by the protocol: settle with --review --conflicts"),
    ],
)
def test_one_whom_the_protocol_does_not_have_as_a_reviewer_has_no_desk(name: str, problem: str) -> None:
    people = 'name = "ana"', 'name = "Bo Li"\naliases = ["bo"]', 'name = "zoe"\nrole = "adjudicator"'
    tool = 'name = "rob"\nrole = "ai"\ntool = "ASReview"\nversion = "1"'
    Path("peerreview.toml").write_text(
        "".join(f"[[reviewers]]\n{each}\n" for each in (*people, tool)), encoding="utf-8"
    )

    with pytest.raises(UsageError, match=problem.replace("?", r"\?")):
        sit(name)
    assert sit("bo").desk.reviewer == "Bo Li"
    assert sit("zoe", conflicts=True).desk.reviewer == "zoe"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Ana", "the votes are by 'ana'"),
        ("consensus", "no person's name"),
        ("=cmd()", "would run in a spreadsheet"),
        ("cy; dee", "is several people"),
    ],
)
def test_a_name_that_is_nearly_another_s_or_none_has_no_desk(name: str, problem: str) -> None:
    vote("ana", "r1,ana,title_abstract,include,,")

    with pytest.raises(UsageError, match=problem):
        sit(name)


@pytest.mark.parametrize(("answer", "is_seated"), [(True, True), (False, False)])
def test_whether_a_name_like_another_s_is_another_person_is_asked(
    answer: bool, is_seated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote("ana", "r1,Ana Ruiz,title_abstract,include,,")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: answer)

    if is_seated:
        assert sit("ana ruis").desk.reviewer == "ana ruis"
    else:
        with pytest.raises(UsageError, match="write 'Ana Ruiz' as it stands there"):
            sit("ana ruis")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "con", "resolutions", ".hidden", "a/b", "x" * 400, "ana\u202e", "研" * 200]
)
def test_an_odd_name_s_file_lies_in_the_folder_and_is_nobody_else_s(name: str) -> None:
    file = desk.file_name(name)

    assert Path(file).name == file
    assert not file.startswith(".")
    assert file not in {"con.csv", "resolutions.csv", desk.file_name(name + "x")}
    assert len(file.encode()) < 140
    assert file.isprintable()


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["screen", *arguments])


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--review"], "--review needs --as NAME"),
        (["--review", "--as", "ana", "-o", "x.csv"], "leave -o out"),
        (["--review", "--as", "ana", "--status"], "are one at a time"),
        (["--review", "--as", "ana", "--form", "ana"], "are one at a time"),
        (["--review", "--conflicts", "--sample", "3"], "are of votes"),
        (["--review", "--as", "ana", "--order", "id", "--seed", "3"], "--seed shuffles"),
        (["--review", "--as", "ana", "--share", "1/2 of ana,bo"], "--share goes with --form"),
        (["--as", "ana"], "--as goes with --review"),
        (["--conflicts"], "--conflicts goes with --review"),
        (["--order", "id"], "--order goes with"),
        (["--review", "--as", "ana"], "needs a terminal"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(arguments: list[str], problem: str) -> None:
    result = invoke(*arguments)

    assert result.exit_code == 2
    assert problem in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_textual_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "textual", None)
    monkeypatch.setattr(desk, "_has_terminal", lambda: True)

    result = invoke("--review", "--as", "ana")

    assert result.exit_code == 1
    assert result.stderr == (
        "screen --review needs textual: pip install textual, "
        "or screen --form NAME -o NAME.html for a browser\n"
    )


def test_votes_named_without_the_file_that_is_written_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("textual", reason="textual is not installed: no key was pressed")
    monkeypatch.setattr(desk, "_has_terminal", lambda: True)
    vote("ana", "r1,ana,title_abstract,include,,")
    vote("bo", "r1,bo,title_abstract,include,,")

    result = invoke("unique.csv", "decisions/bo.csv", "--review", "--as", "ana")

    assert result.exit_code == 2
    assert "decisions/ana.csv: votes are written there" in result.stderr


def test_where_no_vote_could_be_saved_nobody_is_asked_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("textual", reason="textual is not installed: no key was pressed")
    from peerreview.cli.keyboard import Keyboard

    monkeypatch.setattr(desk, "_has_terminal", lambda: True)
    monkeypatch.setattr(Keyboard, "run", lambda *_, **__: pytest.fail("a record was shown"))
    Path("decisions").rmdir()
    Path("decisions").write_text("", encoding="utf-8")

    result = invoke("--review", "--as", "ana", "-q")

    assert result.exit_code == 1
    assert result.stderr.startswith("decisions/ana.csv: cannot be written: ")
    assert result.stderr.endswith("; nothing is asked, for nothing would be saved\n")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(("is_said_again", "status"), [(False, 1), (True, 0)])
def test_who_leaves_with_a_vote_that_was_not_saved_is_told(
    monkeypatch: pytest.MonkeyPatch, *, is_said_again: bool, status: int
) -> None:
    pytest.importorskip("textual", reason="textual is not installed: no key was pressed")
    from peerreview.cli.keyboard import Keyboard

    def judge(shown: Keyboard, **_: object) -> None:
        shown.seat.vote("r1", "include")
        Path("decisions").rename("away")
        Path("decisions").write_text("", encoding="utf-8")
        assert shown.seat.vote("r2", "include").is_fault
        Path("decisions").unlink()
        Path("away").rename("decisions")
        if is_said_again:
            shown.seat.vote("r2", "exclude")

    monkeypatch.setattr(desk, "_has_terminal", lambda: True)
    monkeypatch.setattr(Keyboard, "run", judge)

    result = invoke("--review", "--as", "ana")

    assert result.exit_code == status
    told = "decisions/ana.csv: what was said of 1 record was not saved, as of r2\n"
    assert (result.stderr.splitlines(keepends=True)[-1] == told) is not is_said_again
    assert len(rows("ana")) == 1 + is_said_again


def test_where_nothing_is_left_to_settle_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("textual", reason="textual is not installed: no key was pressed")
    monkeypatch.setattr(desk, "_has_terminal", lambda: True)

    result = invoke("--review", "--conflicts")

    assert result.exit_code == 0
    assert "there is no conflict to settle" in result.stderr


def test_a_pilot_s_records_are_the_same_for_all() -> None:
    assert set(sit("ana", sample=2).desk.stages) == set(sit("bo", sample=2).desk.stages)
    assert len(sit("ana", sample=2).desk.stages) == 2


def test_an_order_stays_whatever_others_say() -> None:
    before = list(sit("ana").desk.stages)
    vote("bo", "r1,bo,title_abstract,exclude,,", "r3,bo,title_abstract,include,,")

    assert list(sit("ana").desk.stages) == before
    assert list(sit("ana", order="id").desk.stages) == ["r1", "r2", "r3", "r4"]


def test_by_relevance_each_record_says_which_words_spoke() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: no order by relevance")
    titles = ["Peer support on wards", "Sleep in mice", "Peer support at home", "Mice and sleep"]
    writing.write(make(tables.UNIQUE, title=titles, source_kinds=["database"] * 4), Path("unique.csv"))
    vote("ana", "r1,ana,title_abstract,include,,", "r2,ana,title_abstract,exclude,,")
    seat = sit(order="relevance")

    left = [record_id for record_id in seat.desk.stages if not seat.desk.standing(record_id)]
    assert left == ["r3", "r4"]
    assert sorted(seat.desk.stages) == ["r1", "r2", "r3", "r4"]
    assert "for: " in seat.why["r3"]
    assert "against: " in seat.why["r4"]
