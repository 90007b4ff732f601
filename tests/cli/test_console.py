"""Long work shows itself: on a terminal, from one second on, and nowhere else."""

import io
import sys
import time

import pytest

from peerreview.cli import console


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown_by(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, unseen: float = 0.0) -> str:
    monkeypatch.setattr(console, "SECONDS_UNSEEN", unseen)
    monkeypatch.setattr(console, "_quiet", False)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with console.working("looking for duplicates") as watch:
        watch("pairs", 0, 4_000)
        time.sleep(0.3)
        watch("pairs", 1_000, 4_000)
        time.sleep(0.3)
    return stream.getvalue()


@pytest.mark.slow
def test_a_long_step_shows_its_count_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = shown_by(monkeypatch, Terminal())

    assert "looking for duplicates: 1,000 of 4,000 pairs, about 1 s left" in shown


@pytest.mark.slow
def test_a_step_of_less_than_a_second_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "looking for" not in shown_by(monkeypatch, Terminal(), unseen=30)


@pytest.mark.slow
def test_what_is_no_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_by(monkeypatch, io.StringIO()) == ""


class Gone(Terminal):
    """A terminal whose line broke."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


@pytest.mark.slow
def test_work_goes_on_where_nobody_sees_it_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_by(monkeypatch, Gone()) == ""


@pytest.mark.parametrize(
    ("done", "seconds", "said"),
    [
        (0, 5.0, "0 of 4,000 pairs"),
        (4_000, 5.0, "4,000 of 4,000 pairs"),
        (3_999, 5.0, "3,999 of 4,000 pairs, about 1 s left"),
        (1_000, 20.0, "1,000 of 4,000 pairs, about 60 s left"),
        (1_000, 100.0, "1,000 of 4,000 pairs, about 5 min left"),
    ],
)
def test_the_time_left_is_told_as_people_would(done: int, seconds: float, said: str) -> None:
    assert console._counted("pairs", done, 4_000, seconds) == said
