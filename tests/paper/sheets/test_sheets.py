"""Tests of sheets."""

import pytest

from peerreview import tables
from peerreview.paper import sheets
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.paper.sheets.studies import characteristics, study_counts
from peerreview.tables import OUTSIDE_NOTE, SYNTHETIC_NOTE
from tests.builders import make


def make_sheet(n_narrow: int, *cells: Cell) -> Sheet:
    columns = (
        Column("study", "Study"),
        *(Column(f"t{n}", f"Theme {n}", narrow=True) for n in range(n_narrow)),
    )
    row = (Cell("Ada 2001"), *(cells or [Cell("•")] * n_narrow))
    return Sheet("matrix", "Themes", columns, (row,), ("A note.",))


def test_the_dagger_is_explained_only_where_a_cell_has_one() -> None:
    assert make_sheet(1, Cell("•")).all_notes == ("A note.",)
    assert make_sheet(1, Cell("•", synthetic=True)).all_notes == ("A note.", SYNTHETIC_NOTE)


def test_a_blank_cell_has_no_dagger() -> None:
    assert str(Cell("", synthetic=True)) == ""


def test_a_wide_matrix_is_set_in_parts_that_repeat_the_studies() -> None:
    parts = sheets.panels(make_sheet(7), 3)

    assert [len(part.columns) for part in parts] == [4, 4, 2]
    assert {part.rows[0][0].text for part in parts} == {"Ada 2001"}
    assert [part.notes for part in parts] == [(), (), ("A note.",)]
    assert parts[1].title == "Themes (part 2 of 3)"


def test_a_table_that_fits_is_not_cut() -> None:
    assert sheets.panels(make_sheet(3), 3) == (make_sheet(3),)


def test_columns_share_the_page_and_no_more() -> None:
    assert sum(make_sheet(5).shares) == pytest.approx(1)


def test_many_wide_columns_turn_the_page() -> None:
    wide = tuple(Column(str(n), str(n)) for n in range(9))

    assert Sheet("a", "A", wide, ()).landscape
    assert not make_sheet(9).landscape


def test_columns_of_long_text_turn_the_page_and_get_the_room_that_is_left() -> None:
    columns = (Column("item", "Item"), *(Column(name, name) for name in ("asked", "said", "why")))
    sheet = Sheet(
        "a", "A", columns, ((Cell("1a"), Cell("word " * 40), Cell("word " * 40), Cell("word " * 5)),)
    )

    assert sheet.landscape
    assert sheet.shares[0] < sheet.shares[3] < min(sheet.shares[1:3])


def test_a_column_is_never_narrower_than_its_longest_word() -> None:
    columns = (Column("date", "Searched on"), Column("query", "Search strategy"))
    sheet = Sheet("a", "A", columns, ((Cell("2024-03-31"), Cell("peer AND work " * 30)),))

    assert sheet.shares[0] * sheets.CHARACTERS_ACROSS >= len("2024-03-31")


def test_what_is_known_from_outside_the_reports_is_marked_and_explained() -> None:
    studies = make(
        tables.STUDIES,
        study_id=["s1", "s2", "s3"],
        label=["a", "b", "c"],
        country=["Chad", "Chad", "Mali"],
        country_basis=["outside", "text", "text"],
    )

    shown, counted = characteristics(studies), study_counts(studies, "country")

    assert [str(row[1]) for row in shown.rows] == ["Chad‡", "Chad", "Mali"]
    assert [str(row[1]) for row in counted.rows] == ["2‡", "1"]
    assert shown.all_notes[-1] == counted.all_notes[-1] == OUTSIDE_NOTE
    assert OUTSIDE_NOTE not in characteristics(studies.assign(country_basis="text")).all_notes
