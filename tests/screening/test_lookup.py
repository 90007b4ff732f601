from typing import Any

import pytest

from peerreview.screening.lookup import index, match
from peerreview.screening.screeners import Reference
from tests.builders import make_records


def _match(reference: Reference, kept: dict[str, str] | None = None, **columns: list[str]) -> tuple[str, ...]:
    return match(reference, index(make_records(**columns), kept or {}))


def test_the_record_id_goes_first() -> None:
    assert _match(Reference(record_id="R2 ", doi="10.5555/a"), doi=["10.5555/a", "10.5555/b"]) == ("r2",)


def test_a_record_removed_as_a_duplicate_keeps_its_own_id() -> None:
    assert _match(Reference(record_id="r2"), {"r2": "r1"}, title=["A", "A"]) == ("r2",)


def test_a_doi_is_the_same_with_a_resolver() -> None:
    assert _match(Reference(doi="https://doi.org/10.5555/A."), doi=["10.5555/a"]) == ("r1",)


def test_duplicates_are_one_record() -> None:
    assert _match(Reference(doi="10.5555/a"), {"r2": "r1"}, doi=["10.5555/a"] * 2) == ("r1",)


def test_a_doi_of_two_records_is_not_guessed() -> None:
    assert _match(Reference(doi="10.5555/a"), doi=["10.5555/a"] * 2) == ("r1", "r2")


def test_a_title_needs_its_year_where_both_have_one() -> None:
    assert _match(Reference(title="A trial", year="2001"), title=["A Trial."], year=["2003"]) == ()
    assert _match(Reference(title="A trial", year="2003"), title=["A Trial."], year=["2003"]) == ("r1",)
    assert _match(Reference(title="A trial"), title=["A Trial."], year=["2003"]) == ("r1",)


@pytest.mark.parametrize("key", ["rayyan-7", "RAYYAN-7"])
def test_a_tools_key_is_an_accession(key: str) -> None:
    assert _match(Reference(key=key), accession=["rayyan-7"]) == ("r1",)


def test_a_bare_number_is_a_key_only_with_the_title() -> None:
    assert _match(Reference(key="7", title="Another"), accession=["7"], title=["A trial"]) == ()
    assert _match(Reference(key="7", title="A trial"), accession=["7"], title=["A trial"]) == ("r1",)


def test_blanks_match_nothing() -> None:
    assert _match(Reference(), title=[""], doi=[""]) == ()


def test_a_doi_and_a_title_of_two_records_are_not_guessed() -> None:
    # Somebody sorted one column of the spreadsheet alone.
    columns: dict[str, Any] = {"title": ["One", "Two"], "doi": ["10.5555/a", "10.5555/b"], "pmid": ["1", "2"]}

    assert _match(Reference(title="Two", doi="10.5555/a"), **columns) == ("r1", "r2")
    assert _match(Reference(title="Two", pmid="1"), **columns) == ("r1", "r2")
    assert _match(Reference(title="Two", doi="10.5555/a"), {"r2": "r1"}, **columns) == ("r1",)
    assert _match(Reference(title="Two, revised", doi="10.5555/a"), **columns) == ("r1",)


def test_a_title_of_another_doi_is_another_record() -> None:
    columns: dict[str, Any] = {
        "title": ["Editorial", "Editorial"],
        "doi": ["10.5555/a", ""],
        "year": ["2020", "2021"],
    }

    assert _match(Reference(title="Editorial", year="2020", doi="10.5555/z"), **columns) == ()
    assert _match(Reference(title="Editorial", year="2021", doi="10.5555/z"), **columns) == ("r2",)
    assert _match(Reference(title="Editorial", year="2020"), **columns) == ("r1",)


def test_a_title_or_a_doi_may_stand_where_an_id_should() -> None:
    columns: dict[str, Any] = {"title": ["One", "Two"], "doi": ["", "10.5555/b"], "pmid": ["7", ""]}

    assert _match(Reference(record_id="One."), **columns) == ("r1",)
    assert _match(Reference(record_id="doi:10.5555/B"), **columns) == ("r2",)
    assert _match(Reference(record_id="7"), **columns) == ()
    assert _match(Reference(record_id="One", title="Three"), **columns) == ()


def test_a_table_of_votes_is_read_as_an_export_is() -> None:
    columns: dict[str, Any] = {
        "title": ["Peers & work", "Wards"],
        "doi": ["10.1002/abc.1", ""],
        "pmid": ["", "31234567"],
        "year": ["2019", "2020"],
    }

    assert _match(Reference(doi="https://doi.org/10.1002%2Fabc.1"), **columns) == ("r1",)
    assert _match(Reference(doi="10.1002/ABC.1/full"), **columns) == ("r1",)
    assert _match(Reference(title="Peers &amp; work", year="2019.0"), **columns) == ("r1",)
    assert _match(Reference(pmid="https://pubmed.ncbi.nlm.nih.gov/31234567/"), **columns) == ("r2",)
    assert _match(Reference(pmid="31234567.0"), **columns) == ("r2",)


def test_a_number_that_a_spreadsheet_rounded_names_no_record() -> None:
    assert _match(Reference(pmid="3.1E+07"), pmid=["3", "3.1E+07"]) == ()


def test_a_word_for_nothing_names_no_record() -> None:
    assert _match(Reference(title="n/a"), title=["NA"]) == ()
