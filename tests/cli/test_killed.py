"""The keyboard screen in real terminals: killed, left and opened twice, it has every vote once."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("textual", reason="textual is not installed: no terminal was opened")
pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
termios = pytest.importorskip("termios", reason="no pseudo-terminals on this system")

from peerreview import tables  # noqa: E402
from peerreview.tables import reading, writing  # noqa: E402
from tests.builders import make  # noqa: E402

N_RECORDS = 200
PATIENCE = 60.0
"""Seconds until a busy machine has shown what it was asked for; in vain, it is a fault."""
VOTES = Path("decisions/ana.csv")


class Terminal:
    """A terminal of 80 columns and 24 lines in which somebody screens."""

    def __init__(self) -> None:
        self.ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        command = [sys.executable, "-m", "peerreview", "screen", "--review", "--as", "ana", "--order", "id"]
        environment = os.environ | {"TERM": "xterm-256color", "PYTHONWARNINGS": "default"}
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.said = b""
        threading.Thread(target=self._listen, daemon=True).start()
        until(lambda: self.n_judged is not None, "the screen is there")

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while piece := os.read(self.ours, 65_536):
                self.said += piece

    @property
    def n_judged(self) -> int | None:
        """How many records the screen last said are judged."""
        told = re.findall(rb"(?<!record )(?<!\d)(\d+) of %d" % N_RECORDS, self.said)
        return int(told[-1]) if told else None

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Terminal]]:
    """Return a way to open terminals in a review of two hundred records; what stands open is closed."""
    monkeypatch.chdir(tmp_path)
    ids = [f"r{number:03}" for number in range(N_RECORDS)]
    titles = [f"Peer workers {number}" for number in range(N_RECORDS)]
    unique = make(tables.UNIQUE, record_id=ids, title=titles, source_kinds=["database"] * N_RECORDS)
    writing.write(unique, tmp_path / "unique.csv")
    opened: list[Terminal] = []

    def open_one() -> Terminal:
        opened.append(Terminal())
        return opened[-1]

    yield open_one
    for each in opened:
        each.kill()
        os.close(each.ours)


def until(is_so: Callable[[], bool], what: str) -> None:
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < PATIENCE, f"in vain: {what}"
        time.sleep(0.01)


def votes() -> dict[str, list[str]]:
    """Return what the file says of each record, in the order of its rows."""
    found: dict[str, list[str]] = {}
    if VOTES.exists():
        written = reading.read(VOTES, tables.VOTES)
        for record_id, decision in zip(written["record_id"], written["decision"], strict=True):
            found.setdefault(record_id, []).append(decision)
    return found


def n_rows() -> int:
    return sum(map(len, votes().values()))


def has_grown(n_before: int) -> bool:
    return n_rows() > n_before or len(standing()) == N_RECORDS


def standing() -> dict[str, str]:
    return {record_id: said[-1] for record_id, said in votes().items() if said[-1] != "withdrawn"}


@pytest.mark.slow
def test_two_hundred_records_are_screened_through_kills_undo_and_two_windows_each_once(
    terminal: Callable[[], Terminal],
) -> None:
    first = terminal()
    first.press("i" * 80)
    until(lambda: n_rows() > 20, "votes are in the file")
    first.kill()
    shown, n_first = first.n_judged, len(standing())
    assert shown is not None
    assert shown <= n_first

    second = terminal()
    assert second.n_judged == n_first
    second.press("eeeee")
    until(lambda: len(standing()) == n_first + 5, "the next five are judged")
    second.press("uuu")
    until(lambda: len(standing()) == n_first + 2, "three are taken back")
    second.press("m" * 80)
    until(lambda: n_rows() > n_first + 30, "more votes are in the file")
    second.kill()

    one, other = terminal(), terminal()
    while len(standing()) < N_RECORDS:
        n_before = n_rows()
        one.press("m" * 8)
        other.press("m" * 8)
        until(partial(has_grown, n_before), "either window writes")
    for each in (one, other):
        each.press("q")
        each.process.wait(PATIENCE)

    assert one.process.returncode == other.process.returncode == 0
    found = votes()
    assert sorted(standing()) == [f"r{number:03}" for number in range(N_RECORDS)]
    undone = [said for said in found.values() if "withdrawn" in said]
    assert undone == [["exclude", "withdrawn", "maybe"]] * 3
    assert n_rows() == N_RECORDS + 6
    times = reading.read(VOTES, tables.VOTES).groupby("record_id")["decided_at"].agg(list)
    assert all(each == sorted(set(each)) for each in times)
    assert [path.name for path in Path("decisions").iterdir()] == ["ana.csv"]
