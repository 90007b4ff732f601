"""What a search's numbers contradict, and what they leave to ask."""

import pytest

from peerreview import tables
from peerreview.flow.strategies.arithmetic import check
from peerreview.flow.strategies.combinations import MOST, find_range, parse
from tests.builders import make

HITS = {"1": 100, "2": 50, "3": 10}


def checks_of(*lines: str, inexact: str = "") -> list[tuple[str, str, str]]:
    """Return (number, severity, check) for lines such as ``120 1 OR 2``; ``-`` for no count."""
    parts = [line.partition(" ") for line in lines]
    table = make(
        tables.STRATEGIES,
        file=["s.txt"] * len(lines),
        line=[str(number) for number in range(1, len(lines) + 1)],
        platform=["ovid"] * len(lines),
        number=[str(number) for number in range(1, len(lines) + 1)],
        text=["x"] * len(lines),
        hits=[hits.replace("-", "") for hits, _, _ in parts],
        combination=[combination for _, _, combination in parts],
    )
    found = check(table, {"ovid": inexact} if inexact else {})
    return [(row["number"], row["severity"], row["check"]) for row in tables.rows(found)]


@pytest.mark.parametrize(
    ("combination", "least", "most"),
    [
        ("1 OR 2 OR 3", 100, 160),
        ("1 AND 2 AND 3", 0, 10),
        ("1 NOT 2", 50, 100),
        ("(1 OR 2) AND 3", 0, 10),
        ("1 OR …", 100, MOST),
        ("1 AND …", 0, 100),
        ("LIMIT(2)", 0, 50),
        ("3 OR 1 AND 2", 0, 60),
        ("1 AND 2 NOT 3", 0, 50),
        ("9", 0, MOST),
        ("", 0, MOST),
    ],
)
def test_a_combination_can_find_so_many(combination: str, least: float, most: float) -> None:
    assert find_range(parse(combination), HITS) == (least, most)


@pytest.mark.parametrize(
    ("combined", "name"),
    [
        ("99 1 OR 2", "or"),
        ("151 1 OR 2", "or"),
        ("51 1 AND 2", "and"),
        ("101 1 NOT 2", "not"),
        ("49 1 NOT 2", "not"),
        ("101 LIMIT(1)", "limit"),
        ("101 DEDUPE(1)", "limit"),
        ("10 1 OR 7", "reference"),
        ("10 1 OR 3", "circular"),
    ],
)
def test_a_number_that_cannot_be_is_an_error(combined: str, name: str) -> None:
    assert ("3", "error", name) in checks_of("100 ", "50 ", combined)


def test_sound_numbers_are_no_error() -> None:
    assert checks_of("100 ", "50 ", "140 1 OR 2", "30 3 AND …", "25 LIMIT(4)", "20 DEDUPE(5)") == []


def test_where_a_platform_does_not_count_exactly_it_is_a_remark() -> None:
    assert checks_of("100 ", "50 ", "99 1 OR 2", inexact="Scopus estimates") == [("3", "remark", "or")]


def test_lines_that_rest_on_each_other_are_circular() -> None:
    found = checks_of("- ", "- 1 OR 3", "- 1 OR 2")

    assert [each for each in found if each[2] == "circular"] == [
        ("2", "error", "circular"),
        ("3", "error", "circular"),
    ]


def test_a_line_that_nothing_uses_is_remarked_on() -> None:
    assert checks_of("100 ", "50 ", "7 ", "140 1 OR 2") == [("3", "remark", "unused")]


def test_a_line_that_changed_nothing_is_remarked_on() -> None:
    assert checks_of("100 ", "50 ", "100 1 OR 2") == [("3", "remark", "idle")]
    assert checks_of("100 ", "100 LIMIT(1)") == [("2", "remark", "idle")]
    assert checks_of("100 ", "0 ", "100 1 OR 2") == [("3", "remark", "idle")]


def test_a_line_without_a_count_among_others_is_remarked_on() -> None:
    assert checks_of("100 ", "- ", "140 1 OR 2") == [("2", "remark", "hits")]
