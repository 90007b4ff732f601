"""Two people at once, killed processes, full disks: no row of people's tables is lost, none is half there."""

import contextlib
import inspect
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import FrameType

import pytest

from peerreview import tables
from peerreview.errors import InputError
from peerreview.tables import appending, locking, reading, writing
from tests.builders import make_votes

posix = pytest.mark.skipif(os.name == "nt", reason="modes, links and signals of POSIX")
OURS = (locking.__file__, writing.__file__, contextlib.__file__)
HEADER = "record_id,reviewer,stage,decision\n"


def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a process of its own that runs some lines of Python."""
    lines = "import sys\nfrom pathlib import Path\n" + textwrap.dedent(code)
    command = [sys.executable, "-c", lines, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


APPEND = """
    from peerreview import tables
    from peerreview.tables import appending
    path, name, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    print("ready", flush=True)
    for number in range(n):
        vote = {"record_id": f"{name}{number}", "reviewer": name, "stage": "full_text", "decision": "include"}
        appending.append(path, tables.make(tables.VOTES, [vote]), tables.VOTES)
"""
HOLD = """
    import time
    from peerreview.tables import locking
    with locking.alone(Path(sys.argv[1])):
        print("ready", flush=True)
        time.sleep(float(sys.argv[2]))
"""
WORK = """
    import os
    from peerreview.tables import locking
    folder, name = Path(sys.argv[1]), sys.argv[2]
    with locking.alone(folder / name), locking.passing_folder(folder, "dedupe") as steps:
        (steps / f".{os.getpid()}.steps").touch()
        print("ready", flush=True)
        sys.stdin.readline()
"""


def ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def end(process: "subprocess.Popen[str]", signalled: int | None = None) -> None:
    if signalled is not None:
        process.send_signal(signalled)
    _, told = process.communicate()
    assert process.returncode == (0 if signalled is None else -signalled), told


def votes_in(path: Path) -> list[str]:
    return reading.read(path, tables.VOTES)["record_id"].tolist()


@pytest.mark.slow
@pytest.mark.parametrize("there", ["", HEADER, HEADER + "r1,ana,full_text,exclude"])
def test_of_four_who_vote_at_once_no_vote_is_lost(tmp_path: Path, there: str) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(there, encoding="utf-8")

    voters = [start(APPEND, path, name, 15) for name in "abcd"]
    for voter in voters:
        end(voter)

    votes = votes_in(path)
    assert {vote for vote in votes if vote != "r1"} == {f"{name}{n}" for name in "abcd" for n in range(15)}
    assert len(votes) == len(set(votes))
    for name in "abcd":
        assert [vote for vote in votes if vote[0] == name] == [f"{name}{n}" for n in range(15)]
    assert [each.name for each in tmp_path.iterdir()] == ["votes.csv"]


@posix
def test_a_lock_whose_holder_was_killed_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    holder = start(HOLD, path, 60)
    ready(holder)
    assert (tmp_path / ".votes.csv.lock").exists()
    end(holder, signal.SIGKILL)

    begun = time.monotonic()
    appending.append(path, make_votes("r1 ana full_text include"), tables.VOTES)

    assert time.monotonic() - begun < 1
    assert votes_in(path) == ["r1"]
    assert [each.name for each in tmp_path.iterdir()] == ["votes.csv"]


def test_who_waits_is_told_once_and_goes_on_when_the_other_is_done(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    holder = start(HOLD, path, 0.3)
    ready(holder)
    told: list[Path] = []

    appending.append(path, make_votes("r1 ana full_text include"), tables.VOTES, waiting=told.append)
    end(holder)

    assert told == [path]
    assert votes_in(path) == ["r1"]


def test_who_holds_a_file_may_write_it(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"

    with locking.alone(path):
        appending.append(path, make_votes("r1 ana full_text include"), tables.VOTES)
        appending.append(path, make_votes("r2 ana full_text include"), tables.VOTES)
        assert (tmp_path / ".votes.csv.lock").exists()

    assert votes_in(path) == ["r1", "r2"]
    assert not (tmp_path / ".votes.csv.lock").exists()


@pytest.mark.slow
@posix
def test_a_vote_killed_at_any_moment_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    before: list[str] = []
    for number in range(12):
        voter = start(APPEND, path, f"k{number}x", 10_000)
        ready(voter)
        time.sleep(0.01 + 0.003 * number)
        end(voter, signal.SIGKILL)
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n")
        assert {line.count(",") for line in text.splitlines()} == {len(tables.VOTES.all_columns) - 1}
        votes = votes_in(path)
        assert votes[: len(before)] == before
        before = votes

    appending.append(path, make_votes("last ana full_text include"), tables.VOTES)

    assert votes_in(path) == [*before, "last"]
    assert [each.name for each in tmp_path.iterdir()] == ["votes.csv"]


@posix
def test_on_a_full_disk_the_file_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    appending.append(path, make_votes(*(f"r{n} ana full_text include" for n in range(200))), tables.VOTES)
    before = path.read_bytes()

    full = start(
        """
        import resource, signal
        from peerreview import tables
        from peerreview.errors import InputError
        from peerreview.tables import appending
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            row = {"record_id": "x", "reviewer": "ana", "stage": "full_text", "decision": "include"}
            appending.append(Path(sys.argv[1]), tables.make(tables.VOTES, [row]), tables.VOTES)
        except InputError as error:
            print(error)
        """,
        path,
    )
    told, faults = full.communicate()

    assert told == f"{path}: cannot be written: File too large\n", faults
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["votes.csv"]


@posix
def test_private_votes_stay_private_and_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    file, link = tmp_path / "shared" / "ana.csv", tmp_path / "votes.csv"
    file.write_text(HEADER, encoding="utf-8")
    file.chmod(0o600)
    link.symlink_to(file)

    appending.append(link, make_votes("r1 ana full_text include"), tables.VOTES)

    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
    assert votes_in(file) == ["r1"]
    assert [each.name for each in file.parent.iterdir()] == ["ana.csv"]


@posix
def test_links_that_lead_to_each_other_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")

    with pytest.raises(InputError, match=r"a\.csv: cannot be read: Too many levels of symbolic links"):
        appending.append(tmp_path / "a.csv", make_votes("r1 ana full_text include"), tables.VOTES)


@posix
def test_what_a_killed_run_had_begun_is_removed_and_nothing_of_people_s(tmp_path: Path) -> None:
    for name in (".votes.csv.4711.part", ".votes.csv.ours.part", ".other.csv.4711.part", "votes.csv.part"):
        (tmp_path / name).write_text("half", encoding="utf-8")

    writing.write("whole", tmp_path / "votes.csv")

    assert sorted(each.name for each in tmp_path.iterdir()) == [
        ".other.csv.4711.part", ".votes.csv.ours.part", "votes.csv", "votes.csv.part",
    ]  # fmt: skip


@posix
@posix
def test_what_killed_processes_left_is_cleared_and_what_others_hold_stays(tmp_path: Path) -> None:
    killed, working = start(WORK, tmp_path, "killed.csv"), start(WORK, tmp_path, "held.csv")
    for each in (killed, working):
        ready(each)
    end(killed, signal.SIGKILL)
    (tmp_path / ".killed.csv.71.part").touch()
    (tmp_path / ".held.csv.72.part").touch()
    for name, said in ((".other.lock", ""), (".notes.txt.lock", "pid 71")):
        (tmp_path / name).write_text(said)
    assert len(list(tmp_path.glob(".dedupe-*"))) == 2

    locking.clear(tmp_path)

    steps = {f".{working.pid}.steps"}
    theirs = {".held.csv.72.part", ".other.lock", ".notes.txt.lock"}
    left = {path.name for path in tmp_path.iterdir()}
    (folder,) = (path for path in tmp_path.glob(".dedupe-*"))
    assert {path.name for path in folder.iterdir()} == steps
    assert left == {*theirs, ".held.csv.lock", folder.name, f".{folder.name}.lock"}
    end(working)
    assert {path.name for path in tmp_path.iterdir()} == theirs


def test_a_folder_that_we_hold_ourselves_is_not_cleared_away(tmp_path: Path) -> None:
    with locking.alone(tmp_path / "votes.csv"), locking.passing_folder(tmp_path, "dedupe") as steps:
        locking.clear(tmp_path)

        assert steps.is_dir()
        assert (tmp_path / ".votes.csv.lock").exists()
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(InputError, match=r"votes\.csv: cannot be written: "):
        appending.append(tmp_path / "file" / "votes.csv", make_votes("r1 a full_text include"), tables.VOTES)


@posix
def test_a_file_system_without_locks_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import fcntl

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", no_locks)
    appending.append(tmp_path / "votes.csv", make_votes("r1 ana full_text include"), tables.VOTES)

    assert votes_in(tmp_path / "votes.csv") == ["r1"]


@posix
def test_ctrl_c_while_a_file_is_taken_leaves_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_lock: int) -> bool:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(locking, "_is_locked", interrupt)
    with pytest.raises(KeyboardInterrupt), locking.alone(tmp_path / "votes.csv"):
        pass

    assert list(tmp_path.iterdir()) == []


@posix
def test_ctrl_c_once_a_lock_is_made_and_not_yet_known_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lock = locking._open

    def interrupt(beside: Path, path: Path) -> int:
        make_lock(beside, path)
        raise KeyboardInterrupt

    monkeypatch.setattr(locking, "_open", interrupt)
    with pytest.raises(KeyboardInterrupt), locking.alone(tmp_path / "votes.csv"):
        pass

    assert list(tmp_path.iterdir()) == []


def interrupted(folder: Path, at: int) -> int:
    """Write two files, one of them held already, and press Ctrl-C at a step; return how many there were."""
    n = 0

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal n
        # A generator that yields does not return: whoever asked for it has Ctrl-C then.
        is_step = event != "return" or not frame.f_code.co_flags & inspect.CO_GENERATOR
        if is_step and frame.f_code.co_filename in OURS:
            n += 1
            if n == at:
                sys.setprofile(None)
                raise KeyboardInterrupt

    with contextlib.suppress(KeyboardInterrupt):
        sys.setprofile(profile)
        try:
            with locking.alone(folder / "votes.csv"):
                writing.write_all({folder / "votes.csv": "new", folder / "a.csv": "new"})
        finally:
            sys.setprofile(None)
    return n


@pytest.mark.slow
@posix
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # a file that nobody closed yet
def test_ctrl_c_at_any_step_leaves_nothing_beside_and_no_file_held(tmp_path: Path) -> None:
    n_steps = interrupted(tmp_path, 0)
    assert n_steps > 100

    for at in range(1, n_steps + 1):
        for name in ("votes.csv", "a.csv"):
            (tmp_path / name).write_text("old", encoding="utf-8")
        interrupted(tmp_path, at)

        assert {path.name for path in tmp_path.iterdir()} == {"votes.csv", "a.csv"}, at
        assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} <= {"old", "new"}
        assert locking._ours == {}
