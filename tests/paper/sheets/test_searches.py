"""Tests of the table of searches."""

from peerreview import tables
from peerreview.paper.sheets.searches import searches
from tests.builders import make


def test_the_records_imported_from_an_export_declared_by_its_name_alone_are_counted() -> None:
    declared = make(tables.SOURCES, file=["a.ris", "2/b.ris", "1/b.ris"], source=["A", "B", "C"])
    records = make(tables.RECORDS, source_file=["exports/a.ris", "exports/a.ris", "1/b.ris"])

    sheet = searches(declared, records)

    column = [each.heading for each in sheet.columns].index("Imported")
    assert [row[column].text for row in sheet.rows] == ["2", "", "1"]


def test_each_search_says_its_round_where_there_is_more_than_one() -> None:
    first = make(tables.SOURCES, file=["a", "b"], source=["A", "B"], round=["1", ""])
    both = make(tables.SOURCES, file=["a", "b"], source=["A", "B"], round=["", "2"])
    records = tables.empty(tables.RECORDS)

    assert "Round" not in [each.heading for each in searches(first, records).columns]
    sheet = searches(both, records)
    column = [each.heading for each in sheet.columns].index("Round")
    assert [row[column].text for row in sheet.rows] == ["1", "2"]


def test_a_file_of_several_databases_is_counted_by_database() -> None:
    declared = make(tables.SOURCES, file=["ovid.ris", "ovid.ris"], source=["MEDLINE", "Embase"])
    records = make(
        tables.RECORDS, source_file=["exports/ovid.ris"] * 3, source=["MEDLINE", "Embase", "Embase"]
    )

    sheet = searches(declared, records)

    column = [each.heading for each in sheet.columns].index("Imported")
    assert [row[column].text for row in sheet.rows] == ["1", "2"]
