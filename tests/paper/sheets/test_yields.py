"""Tests of the table of what each source gave."""

from peerreview import tables
from peerreview.paper.sheets.yields import lay_out
from tests.builders import make

RECORDS = make(
    tables.RECORDS,
    source=["Embase", "Embase", "MEDLINE", "Hand"],
    source_kind=["database"] * 3 + ["hand_searching"],
)
UNIQUE = make(tables.UNIQUE, sources=["Embase; MEDLINE", "Embase", "Hand"])
SCREENING = make(
    tables.SCREENING,
    record_id=["r1", "r1", "r2", "r3"],
    stage=["title_abstract", "full_text", "title_abstract", "full_text"],
    outcome=["include", "include", "exclude", "include"],
)
REPORTS = make(tables.REPORTS, record_id=["r1", "r3"], study_id=["S1", "S2"])
NONE = {"reports": tables.empty(tables.REPORTS), "sources": tables.empty(tables.SOURCES)}


def test_each_source_has_its_row_and_the_kinds_are_words() -> None:
    sheet = lay_out(RECORDS, UNIQUE, SCREENING, REPORTS, NONE["sources"])

    assert [[cell.text for cell in row] for row in sheet.rows] == [
        ["Embase", "database", "2", "2", "1", "1", "1", "0", "1", "0", "2.0"],
        ["Hand", "hand searching", "1", "1", "1", "1", "1", "1", "1", "1", "1.0"],
        ["MEDLINE", "database", "1", "1", "0", "1", "1", "0", "1", "0", "1.0"],
    ]


def test_it_says_which_could_be_left_out_and_the_fewest_that_have_all() -> None:
    notes = " ".join(lay_out(RECORDS, UNIQUE, SCREENING, **NONE).notes)

    assert "Without any one of Embase or MEDLINE, no included report would be missing." in notes
    assert "report that any of them did (1 in all): 1 of 2 (Embase, or MEDLINE)." in notes


def test_studies_have_no_column_where_no_report_names_one() -> None:
    sheet = lay_out(RECORDS, UNIQUE, SCREENING, **NONE)

    assert not [each for each in sheet.columns if each.name.startswith("studies")]


def test_what_a_synthetic_source_gave_is_marked() -> None:
    declared = make(tables.SOURCES, source=["Embase"], basis=["synthetic"])
    sheet = lay_out(RECORDS, UNIQUE, SCREENING, REPORTS, declared)

    assert [row[2].synthetic for row in sheet.rows] == [True, False, False]


def test_an_unfinished_screening_is_told() -> None:
    notes = lay_out(RECORDS, UNIQUE, SCREENING[:3], **NONE).notes

    assert any("1 work is not judged to the end" in note for note in notes)
