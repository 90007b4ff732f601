import math

import pytest

from tests.duplicates.similarity.likeness import likeness


@pytest.mark.parametrize(
    "field",
    ["title", "authors", "first_author", "journal", "year", "volume", "issue", "pages", "doi", "abstract"],
)
def test_two_blanks_are_not_alike(field: str) -> None:
    assert math.isnan(likeness(field, {}, {}))


def test_the_number_of_a_cochrane_review_is_its_own() -> None:
    review = {"journal": "Cochrane Database of Systematic Reviews", "pages": "CD006273"}

    assert likeness("pages", review, review) == 1


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [("12-19", "12-19", 1), ("12-19", "12", 0.9), ("12-19", "15", 0.5), ("12-19", "20-29", 0)],
)
def test_pages_agree_by_degrees(one: str, other: str, value: float) -> None:
    assert value == likeness("pages", {"pages": one}, {"pages": other})


def test_pages_that_are_counted_and_numbered_are_no_difference() -> None:
    assert math.isnan(likeness("pages", {"pages": "1-14"}, {"pages": "566-579"}))
    assert likeness("pages", {"pages": "1-14"}, {"pages": "566-570"}) == 0


def test_a_doi_s_version_is_not_another_work() -> None:
    one, other = "10.1002/14651858.CD002273.pub2", "10.1002/14651858.CD002273.pub3"

    assert likeness("doi_version", {"doi": one}, {"doi": other}) == 1
