"""Tests of the table of full texts excluded."""

from peerreview import tables
from peerreview.paper.sheets.excluded import excluded_reports
from tests.builders import make


def test_excluded_reports_stand_in_the_order_of_a_reference_list() -> None:
    names = ["Wójcik, A", "Šimić, B", "Ångström, C", "Adams, D"]
    unique = make(tables.UNIQUE, authors=names, title=["T"] * 4)
    screening = make(
        tables.SCREENING,
        record_id=["r1", "r2", "r3", "r4"],
        stage=["full_text"] * 4,
        outcome=["exclude"] * 4,
        reason=["Setting"] * 4,
    )

    sheet = excluded_reports(screening, unique, tables.empty(tables.SOURCES))

    assert [row[2].text for row in sheet.rows] == ["r4", "r3", "r2", "r1"]
