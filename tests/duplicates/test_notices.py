"""Tests on labelled pairs of public notices and records: what is found, and what is never said."""

import pytest

from tests.notices import Measured, measure, read_pairs, recall


@pytest.fixture(scope="module")
def measured() -> list[Measured]:
    return measure(read_pairs())


def test_there_are_two_hundred_pairs_of_every_kind(measured: list[Measured]) -> None:
    assert sum(each.n for each in measured) >= 200
    assert {each.label for each in measured} >= {
        "retracted",
        "concern",
        "corrected",
        "erratum",
        "reinstated",
        "withdrawn",
        "retraction notice",
        "none",
    }


def test_nothing_is_called_retracted_withdrawn_or_doubted_that_is_not(measured: list[Measured]) -> None:
    assert [each for each in measured if each.n_wrongly_doubted] == []


def test_identifiers_find_ninety_nine_in_a_hundred(measured: list[Measured]) -> None:
    assert recall(measured, "identifier") >= 0.99


def test_titles_alone_find_nine_in_ten(measured: list[Measured]) -> None:
    assert recall(measured, "title") >= 0.9


def test_what_records_say_of_themselves_is_heard(measured: list[Measured]) -> None:
    assert recall(measured, "itself") >= 0.95


def test_a_paper_that_nobody_retracted_is_in_no_notice(measured: list[Measured]) -> None:
    assert all(each.n_found == each.n for each in measured if each.label == "none")
