"""Columns of which each word stands once say what their cells would, one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from peerreview.screening.coded import Coded, by_row, numbers, side_by_side, together

CELLS = st.lists(st.sampled_from(["include", "exclude", "", "maybe"]))


@given(CELLS)
def test_a_column_gives_its_cells_back_and_counts_them(cells: list[str]) -> None:
    column = Coded.of(cells)

    assert list(column) == cells == column.series().tolist()
    assert column.distinct == list(dict.fromkeys(cells))
    assert column.counts == {word: cells.count(word) for word in cells}
    assert side_by_side([column, column]) == {(word, word): cells.count(word) for word in cells}


@given(CELLS, CELLS)
def test_words_are_judged_once_and_rows_hear_of_it(cells: list[str], below: list[str]) -> None:
    column = together([Coded.of(cells), Coded.of(below)])
    filled = column.which(bool)

    assert list(column) == [*cells, *below]
    assert list(column.take(filled)) == [word for word in (*cells, *below) if word]
    assert list(column.map(len)) == [len(word) for word in (*cells, *below)]
    blank_told = column.where(filled, Coded.alike("blank", len(column)))
    assert list(blank_told) == [word or "blank" for word in (*cells, *below)]


def test_a_word_of_no_row_is_not_judged() -> None:
    column = Coded.of(["include", "perhaps"]).take(np.array([0]))

    assert column.distinct == ["include"]
    assert list(column.map({"include": "INCLUDE"}.__getitem__)) == ["INCLUDE"]


def test_two_people_s_columns_are_read_row_by_row() -> None:
    ana, ben = Coded.of(["include", "exclude"]), Coded.of(["exclude", ""])

    assert list(by_row([ana, ben])) == ["include", "exclude", "exclude", ""]


def test_rows_that_say_the_same_have_one_number() -> None:
    one, two, three = numbers([Coded.of(["r1", "r1", "r2"]), Coded.of(["ana", "ana", "ana"])]).tolist()

    assert one == two != three


def test_a_changed_cell_leaves_the_others_of_its_word() -> None:
    assert list(Coded.alike("", 3).changed({1: "wrong age"})) == ["", "wrong age", ""]
