"""Tests of the comparison of extractions."""

from peerreview.paper.sheets.extraction import extraction_differences, extractor_agreement
from tests.synthesis.test_extraction import studies


def test_two_extractors_are_compared_field_by_field() -> None:
    people = {
        "ana": studies(design=["RCT", "survey"], year=["2001", "2002"]),
        "ben": studies(design=["rct ", "cohort"], year=["2001", "2002"]),
    }

    compared = extractor_agreement(people)

    assert [tuple(map(str, row))[:4] for row in compared.rows] == [
        ("Design", "ana – ben", "2", "50.0%"),
        ("Year", "ana – ben", "2", "100.0%"),
    ]


def test_where_extractors_differ_both_are_shown() -> None:
    people = {"ana": studies(design=["rct", "survey"]), "ben": studies(design=["rct"])}

    (row,) = extraction_differences(people).rows

    assert tuple(map(str, row)) == ("Study 2", "Design", "survey", "not extracted")
