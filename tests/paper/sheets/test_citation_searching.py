"""Tests of the table of citation searches."""

import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.paper.sheets import Sheet
from peerreview.paper.sheets.citation_searching import lay_out
from tests.builders import make

LENS = {
    "source": "Lens", "source_kind": "citation_searching", "platform": "citationchaser",
    "searched_on": "2026-03-01", "direction": "backward; forward", "seeds": "included",
}  # fmt: skip
RECORDS = make(
    tables.RECORDS,
    source=["Embase", "Lens", "Lens", "Lens"],
    source_kind=["database", *["citation_searching"] * 3],
    doi=["10.5555/one", "10.5555/one", "10.5555/two", ""],
    pmid=["111", "", "", ""],
)
# The database has r1, and the citation search r2, which is the same, r3 and r4.
UNIQUE = make(tables.UNIQUE, record_id=["r1", "r3", "r4"], sources=["Embase; Lens", "Lens", "Lens"])
SCREENING = make(
    tables.SCREENING,
    record_id=["r1", "r1", "r3", "r4"],
    stage=["title_abstract", *["full_text"] * 3],
    outcome=["include", "include", "include", "exclude"],
)


def _sheet(*rows: dict[str, str]) -> Sheet:
    declared = make(tables.SOURCES, **{column: [row[column] for row in rows] for column in LENS})
    return lay_out(declared, RECORDS, UNIQUE, SCREENING, tables.empty(tables.REPORTS))


def _cells(sheet: Sheet) -> dict[str, str]:
    return {column.name: cell.text for column, cell in zip(sheet.columns, sheet.rows[0], strict=True)}


def test_what_a_citation_search_added_is_counted_beside_what_databases_have_too() -> None:
    assert _cells(_sheet(LENS)) == {
        "source": "Lens", "platform": "citationchaser", "direction": "backward and forward", "seeds": "1",
        "searched_on": "2026-03-01", "records": "3", "works": "3", "known": "1", "screened_in": "3",
        "included": "2", "included_alone": "1",
    }  # fmt: skip


def test_a_database_is_no_part_of_what_was_searched_in_it_for_citations() -> None:
    declared = make(
        tables.SOURCES, **{column: [cell] for column, cell in (LENS | {"source": "Embase"}).items()}
    )
    records = RECORDS.assign(source="Embase")
    unique = UNIQUE.assign(sources="Embase", duplicates=["r2", "", ""])

    sheet = lay_out(declared, records, unique, SCREENING, tables.empty(tables.REPORTS))

    assert _cells(sheet) == _cells(_sheet(LENS)) | {"source": "Embase"}


@pytest.mark.parametrize("seed", ["r1", "10.5555/ONE", "https://doi.org/10.5555/one", "PMID: 111", "111"])
def test_a_seed_is_known_by_its_id_its_doi_and_its_pmid(seed: str) -> None:
    assert not [note for note in _sheet(LENS | {"seeds": seed}).notes if "not among" in note]


def test_a_seed_that_the_review_does_not_have_is_named() -> None:
    (said,) = [note for note in _sheet(LENS | {"seeds": "r1; 10.5555/other"}).notes if "among" in note]

    assert said == "Lens: of its seeds, 10.5555/other is not among the records."


def test_what_a_report_needs_and_nobody_declared_is_named() -> None:
    notes = _sheet(LENS | {"seeds": "", "direction": ""}).notes

    assert "Lens: its seed references or direction is not declared, which a report needs." in notes


def test_a_direction_that_is_no_word_of_the_field_is_an_error_with_its_place() -> None:
    with pytest.raises(InputErrors, match="direction 'sideways' is not backward, forward, co-cited or"):
        _sheet(LENS | {"direction": "forward; sideways"})


def test_two_rows_of_one_index_are_one_search() -> None:
    again = LENS | {"direction": "forward", "searched_on": "2026-04-01"}
    found = _cells(_sheet(LENS | {"direction": "backward"}, again))

    assert (found["direction"], found["searched_on"]) == ("backward and forward", "2026-03-01 and 2026-04-01")
    assert found["records"] == "3"


def test_other_searches_have_no_row() -> None:
    sheet = _sheet(LENS | {"source": "Embase", "source_kind": "database"})

    assert (sheet.rows, sheet.notes) == ((), ("No search of sources.csv is of the kind citation_searching.",))


def test_one_seed_is_told_as_one() -> None:
    (said,) = [note for note in _sheet(LENS | {"seeds": "r1"}).notes if "the review includes" in note]

    assert said == "Lens: 1 seed; the review includes 1 report that other sources found."
