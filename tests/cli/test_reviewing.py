"""``dedupe --review``: keys in, overrides out, and what stands on the screen."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import typer
from rich.console import Console

from peerreview import tables
from peerreview.cli import reviewing
from peerreview.duplicates.rules import default_rules
from peerreview.errors import InputError
from peerreview.tables import reading, writing
from tests.builders import make_records

TITLE = "Peer support workers in mental health services"
Ask = Callable[[pd.DataFrame, str], pd.DataFrame]


@pytest.fixture
def overrides(tmp_path: Path) -> Path:
    return tmp_path / "overrides.csv"


@pytest.fixture
def ask(overrides: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that reviews records with these keys on a terminal of 80 columns and 24 lines."""

    def review(records: pd.DataFrame, keys: str) -> pd.DataFrame:
        pressed = iter(keys)
        monkeypatch.setattr(typer, "getchar", lambda: next(pressed))
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        return reviewing.review(
            records,
            tables.empty(tables.OVERRIDE),
            default_rules(),
            overrides=overrides,
            by="ana",
            workers=1,
        )

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    return review


def two_issues(n_issues: int = 2, **columns: list[str]) -> pd.DataFrame:
    """Return records of one title in several issues of a volume: perhaps one work."""
    same = {
        "title": [TITLE] * n_issues,
        "authors": ["Reeves, Ann; Singh, Bo"] * n_issues,
        "year": ["2019"] * n_issues,
        "journal": ["Health Policy"] * n_issues,
        "volume": ["3"] * n_issues,
        "issue": [str(number + 1) for number in range(n_issues)],
    }
    return make_records(**(same | columns))


def columns_of_an_editor(n_years: int, n_each: int = 2) -> pd.DataFrame:
    """Return a column that came several times a year, nobody says in which issue."""
    years = [str(1990 + number) for number in range(n_years) for _ in range(n_each)]
    return make_records(
        title=["Chair's Message"] * len(years),
        authors=["Sample, Mira"] * len(years),
        year=years,
        journal=["Ward Record"] * len(years),
        source=["DBLP"] * len(years),
    )


def said(path: Path) -> list[tuple[str, str, str]]:
    written = reading.read(path, tables.OVERRIDE)
    return list(zip(written["record_id"], written["duplicate_of"], written["verdict"], strict=True))


def test_a_killed_run_s_lock_goes_with_the_next_run_though_nothing_is_said(ask: Ask, overrides: Path) -> None:
    lock = overrides.with_name(f".{overrides.name}.lock")
    lock.touch()

    ask(two_issues(), "q")

    assert not lock.exists()
    assert not overrides.exists()


def test_where_no_verdict_could_be_written_none_is_asked_for(ask: Ask, overrides: Path) -> None:
    overrides.with_name(f".{overrides.name}.lock").mkdir()

    with pytest.raises(InputError, match=r"overrides\.csv: cannot be written: "):
        ask(two_issues(), "")


def test_each_verdict_is_written_at_once(
    ask: Ask, overrides: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ask(two_issues(), "?nq")

    written = reading.read(overrides, tables.OVERRIDE)
    assert written.to_numpy().tolist() == [["r2", "r1", "distinct", "ana", ""]]
    assert words.to_numpy().tolist() == written.to_numpy().tolist()
    assert "1 of 1: same title and authors, something differs" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["q", "s", "\x03"])
def test_the_review_can_be_broken_off(ask: Ask, overrides: Path, key: str) -> None:
    ask(two_issues(), key)

    assert not overrides.exists()


def test_a_group_may_be_judged_at_once_or_pair_by_pair(ask: Ask, overrides: Path) -> None:
    ask(two_issues(3), "nq")
    together = said(overrides)
    overrides.unlink()
    ask(two_issues(3), "pdssq")
    apart = said(overrides)

    assert together == [("r2", "r1", "distinct"), ("r3", "r1", "distinct"), ("r3", "r2", "distinct")]
    assert apart == [("r2", "r1", "duplicate")]


def test_a_pair_that_other_answers_settle_is_not_asked(ask: Ask, overrides: Path) -> None:
    ask(two_issues(3), "pdnq")

    assert said(overrides) == [("r2", "r1", "duplicate"), ("r3", "r1", "distinct")]


def test_one_work_in_a_group_takes_as_many_rows_as_join_it(ask: Ask, overrides: Path) -> None:
    words = ask(two_issues(4), "dq")

    assert len(said(overrides)) == 3
    assert set(words["verdict"]) == {"duplicate"}


def test_a_column_of_several_years_is_one_question(
    ask: Ask, overrides: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(columns_of_an_editor(3), "dq")

    assert "6 records in 3 sets; here 1a to 3b" in capsys.readouterr().err
    assert [row[2] for row in said(overrides)] == ["duplicate"] * 3


def test_an_answer_can_be_undone(ask: Ask, overrides: Path) -> None:
    words = ask(two_issues(), "nudq")

    assert said(overrides) == [("r2", "r1", "duplicate")]
    assert len(words) == 1


def test_undoing_the_first_answer_leaves_no_file(
    ask: Ask, overrides: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pd.concat([two_issues(), columns_of_an_editor(1, 3)], ignore_index=True)
    records["record_id"] = [f"r{number}" for number in range(len(records))]

    words = ask(records, "unuq")

    assert not overrides.exists()
    assert words.empty
    told = capsys.readouterr().err
    assert "nothing to undo" in told
    assert "the last answer is undone" in told


def test_what_stood_in_the_file_is_left_as_it_was(ask: Ask, overrides: Path) -> None:
    before = "record_id;duplicate_of;verdict;note\nr1;r9;distinct;mine\n"
    overrides.write_text(before)
    records = pd.concat([two_issues(), columns_of_an_editor(1, 3)], ignore_index=True)
    records["record_id"] = [f"r{number}" for number in range(len(records))]

    ask(records, "nuq")

    assert overrides.read_text() == before


def changed_by_another(monkeypatch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    """Have another change the file of overrides right after each answer is written."""
    write = writing.write

    def write_and_change(content: pd.DataFrame | str | bytes, path: Path) -> None:
        write(content, path)
        path.write_text(change(path.read_text()))

    monkeypatch.setattr(writing, "write", write_and_change)


def test_nothing_is_undone_in_a_file_that_changed_elsewhere(
    ask: Ask, overrides: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pd.concat([two_issues(), columns_of_an_editor(1, 3)], ignore_index=True)
    records["record_id"] = [f"r{number}" for number in range(len(records))]

    changed_by_another(monkeypatch, lambda text: text.replace(",ana,", ",ana s.,"))
    ask(records, "nuq")

    assert len(said(overrides)) == 1
    assert "nothing is undone, for this was changed elsewhere" in capsys.readouterr().err


def test_what_another_wrote_since_stays_where_an_answer_is_undone(
    ask: Ask, overrides: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = pd.concat([two_issues(), columns_of_an_editor(1, 3)], ignore_index=True)
    records["record_id"] = [f"r{number}" for number in range(len(records))]

    changed_by_another(monkeypatch, lambda text: text if "ben" in text else text + "r3,r2,distinct,ben,\n")
    ask(records, "nuq")

    assert said(overrides) == [("r3", "r2", "distinct")]
    assert "the last answer is undone" in capsys.readouterr().err


def test_an_answer_joins_what_another_said_since(
    ask: Ask, overrides: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = pd.concat([two_issues(), columns_of_an_editor(1, 3)], ignore_index=True)
    records["record_id"] = [f"r{number}" for number in range(len(records))]

    changed_by_another(monkeypatch, lambda text: text if "ben" in text else text + "r3,r2,distinct,ben,\n")
    words = ask(records, "nnq")

    assert ("r3", "r2", "distinct") in said(overrides)
    assert len(words) == len(said(overrides)) > 2


LONG = "Peers and wards, rivers, towns and many other things of which a title may speak at length " * 4


@pytest.mark.parametrize(
    "records",
    [
        two_issues(
            title=[LONG, LONG], abstract=["", LONG * 8], authors=["; ".join(["Reeves, Ann"] * 60)] * 2
        ),
        two_issues(title=["同伴支持" * 20] * 2),
        two_issues(18, title=[LONG] * 18),
        columns_of_an_editor(9),
    ],
)
def test_a_question_fits_a_small_terminal(
    ask: Ask, records: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.cells import cell_len

    ask(records, "q")

    lines = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", capsys.readouterr().err).splitlines()
    assert len(lines) <= 24
    assert max(map(cell_len, lines)) <= 80


def test_the_rest_of_a_long_group_is_a_key_away(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask(columns_of_an_editor(9), "  q")

    told = capsys.readouterr().err
    assert "here 1a to 5b" in told
    assert "here 6a to 9b" in told
    assert told.count("here 1a to 5b") == 2


def test_title_authors_year_and_venue_come_first_and_differences_are_marked() -> None:
    one = {"title": "Peers on wards", "authors": "Ek, Bo", "year": "2019", "journal": "Work", "doi": "10.5/a"}
    other = one | {"title": "Peers on wards at night", "year": "2020", "doi": ""}

    lines = reviewing.pair_lines(Console(width=80), one, other, room=20)

    shown = [line.plain.split(maxsplit=1)[0].rstrip("=≠") for line in lines]
    assert shown == ["title", "authors", "year", "journal", "doi"]
    assert [line.plain[8] for line in lines] == ["≠", "=", "≠", "=", " "]
    assert [str(span.style) for span in reviewing.marked(other["title"], one["title"]).spans] == [
        reviewing.MARK
    ] * 2


def test_a_cell_moves_no_cursor() -> None:
    lines = reviewing.pair_lines(Console(width=80), {"title": "\x1b[2Jx"}, {"title": "x"}, room=9)

    assert "\x1b" not in lines[0].plain
