"""Tests of studies of several designs: which instrument each has, and which ratings go by it."""

import pandas as pd
import pytest

from peerreview.errors import InputError, InputErrors
from peerreview.protocol import Rating
from peerreview.synthesis.by_design import divide, ratings_for
from peerreview.synthesis.instrument import shipped

COHORT, CASES = shipped("nos-cohort"), shipped("nos-case-control")


def test_a_design_is_the_same_whatever_its_case_and_dashes() -> None:
    studies = pd.DataFrame({"study_id": ["s1", "s2"], "design": ["CASE–CONTROL", " cohort"]})

    assert divide(studies, {"cohort": "a", "case-control": "b"}) == {"a": ["s2"], "b": ["s1"]}


def test_two_designs_may_have_one_instrument() -> None:
    studies = pd.DataFrame({"study_id": ["s1", "s2"], "design": ["survey", "cohort"]})

    assert divide(studies, {"cohort": "a", "survey": "a"}) == {"a": ["s1", "s2"]}


def test_every_study_without_an_instrument_is_named() -> None:
    with pytest.raises(InputErrors, match="design 'survey' has no instrument"):
        divide(pd.DataFrame({"study_id": ["s1"], "design": ["survey"]}), {"cohort": "a"})
    with pytest.raises(InputErrors, match="a blank design has no instrument"):
        divide(pd.DataFrame({"study_id": ["s1"]}), {"cohort": "a"})


def test_points_in_sets_of_the_other_form_do_not_count() -> None:
    given = (Rating("good", points=(("selection", 3), ("outcome", 2), ("exposure", 1))), Rating("poor", 0.1))

    of_cohort = ratings_for(given, COHORT, (COHORT, CASES))

    assert [each.points for each in of_cohort] == [(("selection", 3), ("outcome", 2)), ()]


def test_points_in_a_set_that_no_form_has_stay_to_be_refused() -> None:
    given = (Rating("good", points=(("selektion", 3),)),)

    assert ratings_for(given, COHORT, (COHORT, CASES)) == given


def test_a_rating_by_the_other_forms_sets_alone_is_refused() -> None:
    with pytest.raises(InputError, match="rating 'good' has no points in a set of nos-cohort"):
        ratings_for((Rating("good", points=(("exposure", 1),)),), COHORT, (COHORT, CASES))
