"""What people type for a record finds the record, or each that it may be."""

import pytest

from peerreview.screening.lookup import index
from peerreview.screening.naming import Named, find_named
from tests.builders import make_records

RECORDS = make_records(
    record_id=["ade2021-1a", "ade2021-2b", "medline-7-3c", "roe2020-4d"],
    title=["Peer support in wards", "Peer support in wards", "Peers, paid", "A trial of peers"],
    authors=["Ade, B", "Ade, B", "Poe, C", "Roe, D"],
    year=["2021", "2021", "2019", "2020"],
    doi=["10.5555/a", "", "10.5555/c", ""],
    pmid=["36522839", "", "", "2020"],
    accession=["", "L99", "W1", ""],
)
KEPT = {"ade2021-2b": "ade2021-1a"}


def named(text: str) -> Named:
    return find_named(text, RECORDS, index(RECORDS, KEPT))


@pytest.mark.parametrize(
    ("text", "ids", "how"),
    [
        ("ade2021-2B ", ("ade2021-2b",), "record id"),
        ("https://doi.org/10.5555/A.", ("ade2021-1a",), "DOI"),
        ("PMID: 36522839", ("ade2021-1a",), "PMID"),
        ("36522839", ("ade2021-1a",), "PMID"),
        ("l99", ("ade2021-1a",), "accession number"),
        ("roe", ("roe2020-4d",), "beginning of a record id"),
        ("ade2021", ("ade2021-1a",), "beginning of a record id"),
        ("peer SUPPORT in wards.", ("ade2021-1a",), "title"),
        ("support wards", ("ade2021-1a",), "words of the title"),
        ("peers", ("medline-7-3c", "roe2020-4d"), "words of the title"),
        ("poe 2019 paid", ("medline-7-3c",), "words"),
        ("10.5555/zzz", (), ""),
        ("peer", ("ade2021-1a",), "words of the title"),
        ("no such paper", (), ""),
        ("  ", (), ""),
        ("?!", (), ""),
    ],
)
def test_a_name_finds_the_records_that_it_may_be(text: str, ids: tuple[str, ...], how: str) -> None:
    assert (named(text).ids, named(text).how) == (ids, how)


def test_a_number_of_two_kinds_is_the_pubmed_number_first() -> None:
    assert (named("2020").ids, named("2020").how) == (("roe2020-4d",), "PMID")


def test_who_bears_a_name_is_told_apart_from_the_record_kept() -> None:
    assert named("L99").bearers == ("ade2021-2b",)
    assert (named("L99").is_sure, named("peers").is_sure) == (True, False)
