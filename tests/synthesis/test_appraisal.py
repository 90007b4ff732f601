"""Tests of appraisal."""

from importlib import resources

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.protocol import Rating
from peerreview.synthesis import appraisal, instrument, ratings
from peerreview.synthesis.appraisal import Appraised
from tests.builders import make

MMAT = instrument.parse(
    (resources.files("peerreview.synthesis") / "instruments" / "mmat-2018.toml").read_text(encoding="utf-8"),
    "mmat-2018",
)
RATINGS = (Rating("good", 0.8), Rating("fair", 0.6), Rating("poor", 0.0))
SCREENING, QUALITATIVE, DESCRIPTIVE, MIXED = (
    ["S1", "S2"],
    [f"1.{number}" for number in range(1, 6)],
    [f"4.{number}" for number in range(1, 6)],
    [f"5.{number}" for number in range(1, 6)],
)


def study(design: str) -> pd.DataFrame:
    return make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"], design=[design])


def judge(*rows: str) -> pd.DataFrame:
    """Return judgements on s1 from lines like ``1.1 yes``, with reviewer and basis after that."""
    names = ("item", "judgement", "reviewer", "basis")
    return tables.make(
        tables.APPRAISAL, [{"study_id": "s1"} | dict(zip(names, row.split(), strict=False)) for row in rows]
    )


def appraise(design: str, *rows: str, ratings: tuple[Rating, ...] = RATINGS) -> Appraised:
    (appraised,) = appraisal.appraise(judge(*rows), study(design), instrument=MMAT, ratings=ratings)
    return appraised


def yes(items: list[str]) -> list[str]:
    return [f"{item} yes" for item in items]


def test_a_qualitative_study_is_asked_the_screening_and_qualitative_items() -> None:
    assert (*SCREENING, *QUALITATIVE) == appraise("qualitative").asked


def test_a_mixed_methods_study_is_asked_all_sets_that_the_mmat_asks_for() -> None:
    appraised = appraise("mixed methods", *yes(SCREENING + QUALITATIVE + DESCRIPTIVE + MIXED))

    assert (*SCREENING, *QUALITATIVE, *DESCRIPTIVE, *MIXED) == appraised.asked
    assert appraised.complete


def test_a_mixed_methods_study_without_a_quantitative_set_is_not_complete() -> None:
    appraised = appraise("mixed methods", *yes(SCREENING + QUALITATIVE + MIXED))

    assert appraised.undecided_sets == ("randomised", "non-randomised", "descriptive")
    assert appraised.rating == ""


@pytest.mark.parametrize("design", ["Mixed-methods", "mixed methods", "Mixed methods study"])
def test_a_design_is_known_however_it_is_spelt(design: str) -> None:
    assert not appraise(design).unknown_design


def test_a_study_of_unknown_design_is_not_rated() -> None:
    appraised = appraise("letter", *yes(SCREENING + QUALITATIVE))

    assert appraised.unknown_design
    assert appraised.rating == ""


@pytest.mark.parametrize(
    ("n_yes", "rating"), [(5, "good"), (4, "good"), (3, "fair"), (2, "poor"), (0, "poor")]
)
def test_a_rating_is_the_share_of_yes_among_the_rated_items(n_yes: int, rating: str) -> None:
    judged = [f"{item} {'yes' if place < n_yes else 'no'}" for place, item in enumerate(QUALITATIVE)]

    assert rating == appraise("qualitative", *yes(SCREENING), *judged).rating


def test_screening_questions_are_no_part_of_a_rating() -> None:
    appraised = appraise("qualitative", *yes(SCREENING), *yes(QUALITATIVE[:4]), "1.5 no")

    assert (appraised.n_favourable, appraised.n_applicable, appraised.rating) == (4, 5, "good")


@pytest.mark.parametrize("answer", ["no", "can't_tell"])
def test_a_study_that_fails_a_screening_question_is_not_rated(answer: str) -> None:
    """MMAT 2018, part I: further appraisal may not be feasible or appropriate."""
    appraised = appraise("qualitative", "S1 yes", f"S2 {answer}", *yes(QUALITATIVE))

    assert (appraised.stopped, appraised.rating) == (("S2",), "")


@pytest.mark.parametrize("design", ["qualitative", "mixed methods"])
def test_a_study_that_fails_screening_is_asked_nothing_more(design: str) -> None:
    appraised = appraise(design, "S1 no", "S2 yes")

    assert appraised.asked == ("S1", "S2")
    assert appraised.complete
    assert appraised.rating == ""


def test_appraisers_who_differ_on_a_screening_question_have_not_failed_the_study() -> None:
    appraised = appraise("qualitative", "S1 yes ana", "S1 no ben", "S2 yes", *yes(QUALITATIVE))

    assert (appraised.stopped, appraised.conflicts) == ((), ("S1",))


def test_a_mixed_methods_study_is_no_better_than_its_weakest_component() -> None:
    """MMAT 2018, explanation of 5.5: 12 of 15 would be good, 2 of 5 is poor."""
    descriptive = [f"{item} no" for item in DESCRIPTIVE[:3]] + yes(DESCRIPTIVE[3:])
    appraised = appraise("mixed methods", *yes(SCREENING + QUALITATIVE + MIXED), *descriptive)

    assert (appraised.n_favourable, appraised.n_applicable) == (2, 5)
    assert (appraised.weakest, appraised.rating) == ("descriptive", "poor")


def test_the_rule_says_whose_word_the_weakest_component_is() -> None:
    assert "Of mixed methods studies the component with the lowest share counts (MMAT 2018" in ratings.rule(
        RATINGS, MMAT
    )


def test_without_a_rule_there_is_no_rating() -> None:
    assert appraise("qualitative", *yes(SCREENING + QUALITATIVE), ratings=()).rating == ""
    assert ratings.rule((), MMAT) == ""


def test_missing_items_are_told_and_the_study_is_not_rated() -> None:
    appraised = appraise("qualitative", *yes(SCREENING + QUALITATIVE[:4]))

    assert appraised.missing == ("1.5",)
    assert appraised.rating == ""


def test_an_item_that_the_design_does_not_ask_for_is_told_and_not_counted() -> None:
    appraised = appraise("qualitative", *yes(SCREENING + QUALITATIVE), "2.1 no")

    assert appraised.unasked == ("2.1",)
    assert appraised.n_applicable == 5


def test_appraisers_who_agree_settle_an_item() -> None:
    judged = appraise("qualitative", "1.1 yes ana", "1.1 Yes ben").judged["1.1"]

    assert judged.judgement is not None
    assert judged.judgement.judgement == "yes"


def test_appraisers_who_differ_are_a_conflict_until_consensus() -> None:
    assert appraise("qualitative", "1.1 yes ana", "1.1 no ben").conflicts == ("1.1",)
    settled = appraise("qualitative", "1.1 yes ana", "1.1 no ben", "1.1 no consensus")
    assert settled.conflicts == ()
    assert settled.judged["1.1"].judgement is MMAT.find_judgement("no")


@pytest.mark.parametrize("cell", ["can't tell", "Can’t tell", "CANNOT TELL", "can't_tell", "unclear"])
def test_cannot_tell_is_known_however_it_is_spelt(cell: str) -> None:
    found = MMAT.find_judgement(cell)

    assert found is not None
    assert found.judgement == "can't tell"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("9.9 yes", "item '9.9' is not an item of mmat-2018"),
        ("1.1 perhaps", "judgement 'perhaps' is not one of yes, no, can't tell"),
        ("S1 no", "item 'S1' of study 's1' is judged twice; name the reviewers in a column"),
    ],
)
def test_a_judgement_that_cannot_be_right_is_named(row: str, message: str) -> None:
    with pytest.raises(InputErrors, match=message) as caught:
        appraise("qualitative", "S1 yes", row)

    assert [error.message[:7] for error in caught.value.errors] == ["row 2: "]


@pytest.mark.parametrize("item", ["s1", "Q1.1", "1.1."])
def test_an_item_is_known_however_its_number_is_written(item: str) -> None:
    assert len(appraise("qualitative", f"{item} yes").judged) == 1


def test_a_study_that_is_not_included_is_named() -> None:
    elsewhere = make(tables.STUDIES, study_id=["s2"], label=["Bo 2002"])

    with pytest.raises(InputErrors, match="study_id 's1' is not in the studies"):
        appraisal.appraise(judge("1.1 yes"), elsewhere, instrument=MMAT)


def test_the_summary_counts_every_study_that_was_asked_once() -> None:
    studies = make(
        tables.STUDIES, study_id=["s1", "s2", "s3"], label=["a", "b", "c"], design=["qualitative"] * 3
    )
    rows = [("s1", "yes", "ana"), ("s2", "yes", "ana"), ("s2", "no", "ben")]
    judged = tables.make(
        tables.APPRAISAL,
        [{"study_id": s, "item": "1.1", "judgement": j, "reviewer": r} for s, j, r in rows],
    )

    summary = appraisal.summarise(appraisal.appraise(judged, studies, instrument=MMAT), instrument=MMAT)

    row = summary[summary["item"] == "1.1"].iloc[0]
    assert tuple(row[["yes", "no", "can't tell", "conflict", "missing", "n_asked"]]) == (1, 0, 0, 1, 1, 3)


def test_a_rating_that_rests_on_synthetic_judgements_is_marked() -> None:
    real = appraise("qualitative", *yes(SCREENING + QUALITATIVE))
    made_up = appraise("qualitative", *yes(SCREENING + QUALITATIVE[:4]), "1.5 yes ana synthetic")

    assert (real.synthetic, made_up.synthetic) == (False, True)


def test_json_gives_the_number_of_studies_of_each_rating() -> None:
    told = appraisal.to_json(
        [appraise("qualitative", *yes(SCREENING + QUALITATIVE))], instrument=MMAT, ratings=RATINGS
    )

    assert told["ratings"] == {"good": 1, "fair": 0, "poor": 0}


NOS = instrument.shipped("nos-cohort")
COHORT = [each.item for each in NOS.items]


def stars(*given: str) -> Appraised:
    """Return an appraisal of s1 with the Newcastle-Ottawa Scale, item after item."""
    rows = [f"{item} {said}" for item, said in zip(COHORT, given, strict=False)]
    (appraised,) = appraisal.appraise(judge(*rows), study("cohort"), instrument=NOS)
    return appraised


def test_stars_are_counted_by_set_and_in_all() -> None:
    appraised = stars("1", "1", "0", "★", "★★", "1", "-", "*")

    assert appraised.points == {"selection": (3, 4), "comparability": (2, 2), "outcome": (2, 3)}
    assert appraised.total == "7/9"


def test_stars_of_an_appraisal_that_is_not_complete_are_not_counted() -> None:
    """Seven items with a star each are no seven of nine."""
    appraised = stars("1", "1", "1", "1", "1", "1", "1")

    assert (appraised.missing, appraised.total) == (("O3",), "")


def test_a_second_star_is_there_for_comparability_alone() -> None:
    with pytest.raises(
        InputErrors, match="judgement '2' is not one of one star, no star, the answers to item S1"
    ):
        stars("2")


def test_an_instrument_that_counts_nothing_has_no_points() -> None:
    assert appraise("qualitative", *yes(SCREENING), *yes(QUALITATIVE)).total == ""


@pytest.mark.parametrize(
    ("design", "cells", "total"),
    [
        ("case series", "22122021----", "12/16"),
        ("comparative", "222220202122", "19/24"),
        # Four items of a comparative study are not judged: nothing is summed of 24.
        ("comparative", "22222222----", ""),
    ],
)
def test_minors_has_16_points_and_24_of_a_comparative_study(design: str, cells: str, total: str) -> None:
    minors = instrument.shipped("minors")
    rows = [f"{number} {cell}" for number, cell in enumerate(cells, start=1)]

    (appraised,) = appraisal.appraise(judge(*rows), study(design), instrument=minors)

    assert appraised.total == total


def test_a_sign_that_may_be_two_judgements_is_asked_about_once() -> None:
    rows = judge("D1 -", "D2 -", "D3 +", "D4 −")

    with pytest.raises(InputErrors) as told:
        appraisal.appraise(rows, study(""), instrument=instrument.shipped("rob-2"))

    assert [error.message[:26] for error in told.value.errors] == [
        "row 1: judgement '-' may b",
        "row 4: judgement '−' may b",
    ]
