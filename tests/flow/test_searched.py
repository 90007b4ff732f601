"""The searches and what each gave."""

import pytest

from peerreview import tables
from peerreview.flow.searched import missing_records, unclear_dates
from tests.builders import make, make_records


@pytest.mark.parametrize("date", ["01/02/2026", "1-2-26", "12/11/2025"])
def test_a_date_that_is_two_dates_is_told(date: str) -> None:
    sources = make(tables.SOURCES, source=["MEDLINE", "Embase"], searched_on=[date, date])

    (told,) = unclear_dates(sources)

    assert repr(date) in told


@pytest.mark.parametrize("date", ["2026-02-01", "31/01/2026", "1.2.2026", "02/02/2026", "February 2026", ""])
def test_a_date_that_is_one_is_none_to_tell(date: str) -> None:
    assert list(unclear_dates(make(tables.SOURCES, source=["MEDLINE"], searched_on=[date]))) == []


def test_a_search_is_missing_where_its_own_records_are() -> None:
    sources = make(
        tables.SOURCES,
        file=["ovid.ris", "ovid.ris", "a/hits.ris", "b/hits.ris"],
        source=["MEDLINE", "Embase", "Scopus", "Scopus"],
        records=["1", "1", "1", "1"],
    )
    records = make_records(
        source_file=["exports/ovid.ris", "exports/a/hits.ris"], source=["MEDLINE", "Scopus"]
    )

    assert missing_records(records, sources) == "Embase (ovid.ris, 1), Scopus (b/hits.ris, 1)"


def test_what_is_of_another_name_in_the_records_is_its_files() -> None:
    sources = make(tables.SOURCES, file=["a.ris"], source=["Ovid MEDLINE"], records=["1"])

    assert missing_records(make_records(source_file=["a.ris"]), sources) == ""
    assert missing_records(make_records(source_file=["b.ris"]), sources) != ""
