"""The keyboard screen in real terminals: killed, left and opened twice, it has every vote once."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("textual", reason="textual is not installed: no terminal was opened")
pytest.importorskip("termios", reason="no pseudo-terminals on this system")

from peerreview import tables
from peerreview.tables import reading, writing
from tests.builders import make
from tests.terminals import PATIENCE, Terminal, until

N_RECORDS = 200
VOTES = Path("decisions/ana.csv")


class Screen(Terminal):
    """A terminal in which ana screens."""

    def __init__(self) -> None:
        super().__init__("screen", "--review", "--as", "ana", "--order", "id")
        until(lambda: self.n_judged is not None, "the screen is there")

    @property
    def n_judged(self) -> int | None:
        """How many records the screen last said are judged."""
        told = re.findall(rb"(?<!record )(?<!\d)(\d+) of %d" % N_RECORDS, self.said)
        return int(told[-1]) if told else None


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Screen]]:
    """Return a way to open terminals in a review of two hundred records; what stands open is closed."""
    monkeypatch.chdir(tmp_path)
    ids = [f"r{number:03}" for number in range(N_RECORDS)]
    titles = [f"Peer workers {number}" for number in range(N_RECORDS)]
    unique = make(tables.UNIQUE, record_id=ids, title=titles, source_kinds=["database"] * N_RECORDS)
    writing.write(unique, tmp_path / "unique.csv")
    opened: list[Screen] = []

    def open_one() -> Screen:
        opened.append(Screen())
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


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
    terminal: Callable[[], Screen],
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
