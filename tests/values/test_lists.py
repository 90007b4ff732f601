"""Tests of lists within a cell."""

from peerreview.values import lists


def test_a_list_that_a_program_printed_is_read_whole() -> None:
    assert lists.split_mixed("['Doe, Jane', 'Roe, Kim']") == ["Doe, Jane", "Roe, Kim"]
    assert lists.split_mixed("[unfinished") == ["[unfinished"]


def test_members_that_are_blank_are_none() -> None:
    assert lists.split("a;; b ;") == ["a", "b"]
