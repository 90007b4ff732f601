"""Tests of the comparison of extractions."""

import pandas as pd
import pytest

from peerreview.errors import InputErrors
from peerreview.paper.sheets.extraction import check_labels, extraction_differences, extractor_agreement
from tests.synthesis.test_extraction import studies


def test_two_extractors_are_compared_field_by_field() -> None:
    people = {
        "ana": studies(design=["RCT", "survey"], year=["2001", "2002"]),
        "ben": studies(design=["rct ", "cohort"], year=["2001", "2002"]),
    }

    compared = extractor_agreement(people)

    assert [tuple(map(str, row))[:5] for row in compared.rows] == [
        ("Design", "ana – ben", "2", "0", "50.0%"),
        ("Year", "ana – ben", "2", "0", "100.0%"),
    ]


def test_a_cell_that_both_left_blank_is_no_agreement() -> None:
    people = {
        "ana": studies(age=["41", "", "", "39"], funding=["", "", "", ""]),
        "ben": studies(age=["41", "", "52", "38"], funding=["", "", "", ""]),
    }

    compared = extractor_agreement(people)

    assert [tuple(map(str, row))[:5] for row in compared.rows] == [
        ("Age", "ana – ben", "2", "1", "50.0%"),
        ("Funding", "ana – ben", "0", "0", "–"),
    ]


def test_a_column_is_the_same_however_it_is_written_and_one_alone_is_told() -> None:
    people = {
        "ana": studies(Dose_mg=["5", "10"], country=["Chad", "Mali"]),
        "ben": studies(**{"dose mg": ["5", "20"]}, setting=["ward", "home"]),
    }

    compared = extractor_agreement(people)
    (difference,) = extraction_differences(people).rows

    assert [tuple(map(str, row))[:5] for row in compared.rows] == [
        ("Dose mg", "ana – ben", "2", "0", "50.0%")
    ]
    assert "Not compared, as not everyone has the column: country (ana); setting (ben)." in compared.notes
    assert tuple(map(str, difference)) == ("Study 2", "Dose mg", "10", "20")


def test_two_columns_that_differ_in_case_alone_stay_two() -> None:
    people = {
        "ana": studies(N=["30"], n=["28"]),
        "ben": studies(N=["30"], n=["29"]),
    }

    assert [tuple(map(str, row))[:5] for row in extractor_agreement(people).rows] == [
        ("N", "ana – ben", "1", "0", "100.0%"),
        ("N", "ana – ben", "1", "0", "0.0%"),
    ]


def test_where_extractors_differ_both_are_shown() -> None:
    people = {"ana": studies(design=["rct", "survey"]), "ben": studies(design=["rct"])}

    (row,) = extraction_differences(people).rows

    assert tuple(map(str, row)) == ("Study 2", "Design", "survey", "not extracted")


def test_two_people_s_ids_that_cross_are_refused_and_other_labels_are_not() -> None:
    def labelled(**labels: str) -> pd.DataFrame:
        return pd.DataFrame({"study_id": list(labels), "label": list(labels.values())}, dtype="str")

    ana = labelled(S1="Ada 2001", S2="Bo 2002", S3="Bo 2002", S4="")

    with pytest.raises(InputErrors, match="'Bo  2002' is S1 here and S2 or S3 to ana; give it one id"):
        check_labels({"ana": ana, "ben": labelled(S1="Bo  2002", S2="Ada 2001")})
    for ben in ({"S1": "Ada et al. 2001", "S3": "BO 2002"}, {"S9": "Ada 2001"}, {"S2": "", "S4": ""}):
        check_labels({"ana": ana, "ben": labelled(**ben)})
