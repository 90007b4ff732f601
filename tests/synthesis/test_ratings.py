"""Tests of the team's own rule for a rating, where points are counted."""

from pathlib import Path

import pytest

from peerreview import protocol, tables
from peerreview.errors import InputError
from peerreview.paper.sheets.appraisal import appraisal_items
from peerreview.protocol import Rating
from peerreview.synthesis import appraisal, ratings
from peerreview.synthesis.appraisal import Appraised
from peerreview.synthesis.instrument import shipped
from tests.builders import make

NOS = shipped("nos-cohort")
STUDIES = make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"])
# The thresholds that many papers call AHRQ's, as doi:10.1111/clr.13860 prints them under its table 4.
BY_SET = (
    Rating("good", points=(("selection", 3), ("comparability", 1), ("outcome", 2)), source="AHRQ"),
    Rating("fair", points=(("selection", 2), ("comparability", 1), ("outcome", 2)), source="AHRQ"),
    Rating("poor", points=(("", 0),), source="AHRQ"),
)
IN_ALL = (Rating("high", points=(("", 7),)), Rating("moderate", points=(("", 4),)))


def appraise(stars: str, rule: tuple[Rating, ...]) -> Appraised:
    """Return the appraisal of a study with these stars, item after item; blank ones are not judged."""
    judged = {item.item: given for item, given in zip(NOS.items, stars, strict=True) if given.strip()}
    n = len(judged)
    rows = make(tables.APPRAISAL, study_id=["s1"] * n, item=[*judged], judgement=[*judged.values()])
    (found,) = appraisal.appraise(rows, STUDIES, instrument=NOS, ratings=rule)
    return found


@pytest.mark.parametrize(
    ("stars", "rating"),
    [
        ("11102110", "good"),
        ("11101110", "good"),
        ("11001011", "fair"),
        ("11110111", "poor"),
        ("10002111", "poor"),
        ("11112100", "poor"),
        ("1111211 ", ""),
    ],
)
def test_a_rule_by_sets_takes_each_of_them(stars: str, rating: str) -> None:
    assert appraise(stars, BY_SET).rating == rating


@pytest.mark.parametrize(
    ("stars", "rating"), [("11112100", "high"), ("11002000", "moderate"), ("10001010", "")]
)
def test_a_rule_by_stars_in_all_takes_their_sum(stars: str, rating: str) -> None:
    assert appraise(stars, IN_ALL).rating == rating


def test_a_share_is_one_of_the_stars_and_not_of_the_items() -> None:
    """Seven of eight items have a star, of nine stars there are seven."""
    assert appraise("11111110", (Rating("good", 0.8),)).rating == ""
    assert appraise("11112110", (Rating("good", 0.8),)).rating == "good"


def test_a_set_that_a_design_does_not_ask_for_has_no_points() -> None:
    minors = shipped("minors")
    rows = make(
        tables.APPRAISAL, study_id=["s1"] * 8, item=[str(n) for n in range(1, 9)], judgement=["2"] * 8
    )
    series = make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"], design=["case series"])
    rule = (Rating("good", points=(("all", 12), ("comparative", 6))),)

    (found,) = appraisal.appraise(rows, series, instrument=minors, ratings=rule)

    assert (found.total, found.rating) == ("16/16", "")


def test_the_rule_is_told_with_its_source() -> None:
    by_set = "in selection, 1 in comparability and 2 in outcome"
    assert ratings.rule(BY_SET, NOS) == (
        f"Rating: the reviewers' own rule (AHRQ), by stars: good from 3 {by_set}; fair from 2 {by_set}; "
        "poor from 0; only complete appraisals are rated."
    )
    assert "by stars: high from 7; moderate from 4;" in ratings.rule(IN_ALL, NOS)
    assert "the share of the stars there are: good from 80%;" in ratings.rule((Rating("good", 0.8),), NOS)


def test_a_rule_by_sets_has_their_sums_in_the_table() -> None:
    sheet = appraisal_items([appraise("11112110", BY_SET)], instrument=NOS, ratings=BY_SET)

    headings = [each.heading for each in sheet.columns]
    assert headings[-5:] == ["Stars", "Selection", "Comparability", "Outcome", "Rating"]
    assert [cell.text for cell in sheet.rows[0][-5:]] == ["8/9", "4/4", "2/2", "2/3", "good"]


def test_a_rule_by_points_that_an_instrument_does_not_have_is_told() -> None:
    with pytest.raises(InputError, match="rating 'high' goes by points, and mmat-2018 counts none"):
        ratings.check(IN_ALL, shipped("mmat-2018"))
    with pytest.raises(InputError, match="set 'outcome' of rating 'good' is not one of selection, compara"):
        ratings.check(BY_SET, shipped("nos-case-control"))


def test_ratings_by_points_are_read_from_the_protocol(tmp_path: Path) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text(
        '[appraisal]\nratings_source = "our own"\n'
        'ratings = [{ name = "low", points = 0 }, { name = "high", points = 7 }]\n',
        encoding="utf-8",
    )
    by_all = protocol.read(path).ratings
    path.write_text('[appraisal]\nratings = [{ name = "good", points = { selection = 3, outcome = 2 } }]\n')
    by_set = protocol.read(path).ratings

    assert [(each.name, each.points, each.source) for each in by_all] == [
        ("high", (("", 7),), "our own"),
        ("low", (("", 0),), "our own"),
    ]
    assert by_set[0].points == (("selection", 3), ("outcome", 2))
