"""The records behind a box, for a page that opens them."""

from peerreview import tables
from peerreview.flow import Box, Flow, counting
from peerreview.flow.labels import read
from peerreview.flow.page import list_behind
from tests.builders import make, make_records
from tests.flow.test_counting import outcomes, pairs

ENGLISH = read()


def test_a_box_lists_its_records_with_reason_duplicate_and_study() -> None:
    records = make_records(record_id=["d1", "d2", "d3"], title=["One", "One again", "Three"])
    duplicates = pairs("d2>d1")
    counted = counting.derive(
        records,
        duplicates,
        outcomes(
            "d1 title_abstract include votes",
            "d1 full_text include votes",
            "d3 title_abstract include votes",
            "d3 full_text exclude votes Wrong design",
        ),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
    )

    behind = list_behind(counted, records, duplicates, ENGLISH)

    assert behind.records == [
        ["d1", "One", "", "", "MEDLINE", "", "", "s1"],
        ["d2", "One again", "", "", "MEDLINE", "", "d1", ""],
        ["d3", "Three", "", "", "MEDLINE", "Wrong design", "", ""],
    ]
    assert behind.boxes["duplicates"].records == [1]
    assert behind.boxes["studies"].records == [0]
    wrong = behind.boxes["reports_excluded/Wrong design"]
    assert (wrong.label, wrong.count, wrong.records) == (
        "Reports excluded: Wrong design",
        "(n\xa0=\xa01)",
        [2],
    )


def test_without_the_records_their_ids_are_listed() -> None:
    counted = Flow({"screened": Box(1, ("r9",))})

    behind = list_behind(counted, tables.empty(tables.RECORDS), tables.empty(tables.DUPLICATES), ENGLISH)

    assert behind.records == [["r9", "", "", "", "", "", "", ""]]
    assert behind.boxes["screened"].records == [0]
