"""A search compared with the same one run before."""

import pandas as pd

from peerreview import tables
from peerreview.flow.strategies.changes import compare
from tests.builders import make


def search(*lines: str) -> pd.DataFrame:
    """Return a search from lines such as ``12 nurs*.ti.`` or ``30 =1 OR 2``."""
    parts = [line.partition(" ") for line in lines]
    texts = [text for _, _, text in parts]
    return make(
        tables.STRATEGIES,
        number=[str(number) for number in range(1, len(lines) + 1)],
        text=[text.removeprefix("=") for text in texts],
        hits=[hits for hits, _, _ in parts],
        combination=[text.removeprefix("=") if text.startswith("=") else "" for text in texts],
    )


def told(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return what became of each line: (what, number before, number now)."""
    return [
        (each.what, each.before["number"] if each.before else "", each.after["number"] if each.after else "")
        for each in compare(before, after)
    ]


BASE = search("100 peer*.ti.", "50 nurs*.ti.", "140 =1 OR 2")


def test_the_same_search_with_other_counts_is_the_same() -> None:
    later = search("120 peer*.ti.", "60 nurs*.ti.", "170 =1 OR 2")

    assert {what for what, _, _ in told(BASE, later)} == {"same"}


def test_a_line_put_in_renumbers_the_others_and_changes_none_of_them() -> None:
    later = search("9 buddy.ti.", "100 peer*.ti.", "50 nurs*.ti.", "140 =2 OR 3")

    assert told(BASE, later) == [
        ("added", "", "1"),
        ("same", "1", "2"),
        ("same", "2", "3"),
        ("same", "3", "4"),
    ]


def test_a_combination_of_one_line_more_is_changed() -> None:
    later = search("100 peer*.ti.", "50 nurs*.ti.", "9 buddy.ti.", "145 =1 OR 2 OR 3")

    assert told(BASE, later)[-1] == ("changed", "3", "4")


def test_terms_that_came_and_went_are_named() -> None:
    before, after = search("5 (peer* or buddy).ti."), search("6 (peer* or mentor*).ti,ab.")

    (change,) = compare(before, after)
    assert (change.what, change.words) == ("changed", "new: mentor*; gone: buddy")


def test_a_line_left_out_is_told() -> None:
    assert told(BASE, search("100 peer*.ti."))[1:] == [("left out", "2", ""), ("left out", "3", "")]
