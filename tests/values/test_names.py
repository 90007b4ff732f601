"""Tests of names."""

import pytest

from peerreview.values import names


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Reeves,Verity", "Reeves, Verity"),
        ("Reeves VA", "Reeves, VA"),
        ("Smith J Jr", "Smith, J, Jr"),
        ("Verity Reeves", "Reeves, Verity"),
        ("V. A. Reeves", "Reeves, V. A."),
        ("Simone de Beauvoir", "de Beauvoir, Simone"),
        ("McNamara M.E.", "McNamara, M.E."),
        ("Müller JÖ", "Müller, JÖ"),
        ("Plato", "Plato"),
        ("Recovery Study Group", "Recovery Study Group"),
        ("Consortium; A", "Consortium, A"),
        ("Verity Reeves 0002", "Reeves, Verity"),
        ("Smith, J; ", "Smith, J"),
        ("", ""),
    ],
)
def test_names_become_family_and_given(name: str, clean: str) -> None:
    assert clean == names.author(name)


def test_a_name_in_chinese_script_stays_as_it_is() -> None:
    assert names.author("例 子") == "例 子"


def test_an_initial_is_no_particle() -> None:
    assert names.authors(["C Y Lew-Ting", "Ortega y Gasset"]) == "Lew-Ting, C Y; y Gasset, Ortega"


def test_an_initial_behind_a_hyphen_may_be_small() -> None:
    assert names.authors(["Chen Z.‐t.", "Lee J.-h.", "Kim Y.-H.", "Roe B-Doe"]) == (
        "Chen, Z.‐t.; Lee, J.-h.; Kim, Y.-H.; B-Doe, Roe"
    )


def test_small_letters_with_points_are_initials() -> None:
    assert names.authors(["reeves v.", "van doe e.j.", "v. reeves", "lee j.-h."]) == (
        "reeves, v.; van doe, e.j.; reeves, v.; lee, j.-h."
    )


def test_what_stands_for_more_authors_is_no_person() -> None:
    assert names.authors(["Reeves, V", "et al."]) == "Reeves, V; et al."
    assert names.authors(["Reeves V, et al"]) == "Reeves, V; et al"
    assert names.authors(["Reeves V et al."]) == "Reeves, V; et al."
    assert names.author("Claret al") == "al, Claret"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Smith A, Walter B", ["Smith A", "Walter B"]),
        ("Example V., van den Berg J.K.", ["Example V.", "van den Berg J.K."]),
        ("Doe, Jane", ["Doe, Jane"]),
        ("Doe, J., Roe, K.", ["Doe, J.", "Roe, K."]),
        ("Doe, J. and Roe, K.", ["Doe, J.", "Roe, K."]),
        ("Doe, J.\n and Roe, K.\n", ["Doe, J.", "Roe, K."]),
        ("Jane Doe|Kim Roe", ["Jane Doe", "Kim Roe"]),
        ("['Doe, Jane', 'Roe, Kim']", ["Doe, Jane", "Roe, Kim"]),
        ("['Doe, Jane'", ["['Doe, Jane'"]),
        ("Prof. Jane DoeDr. Kim McRoeLee Poe", ["Jane Doe", "Kim McRoe", "Lee Poe"]),
        ("Jane McDonald", ["Jane McDonald"]),
    ],
)
def test_names_in_one_cell_are_told_apart(cell: str, expected: list[str]) -> None:
    assert names.split_mixed(cell) == expected


def test_names_that_are_left_out_are_no_name() -> None:
    assert names.split_mixed("V Example, M Sample, ...") == ["V Example", "M Sample"]


@pytest.mark.parametrize(
    ("people", "family", "expected"),
    [
        (["Reeves Verity A", "Walter Ben"], "", ["Reeves, Verity A", "Walter, Ben"]),
        (["van den Berg Joan K", "Walter Ben"], "", ["van den Berg, Joan K", "Walter, Ben"]),
        (["Reeves Verity", "Walter Ben"], "Reeves", ["Reeves, Verity", "Walter, Ben"]),
        (["Garcia Lopez Ana", "Walter Ben"], "Garcia Lopez", ["Garcia Lopez, Ana", "Walter, Ben"]),
        # What nothing tells stays as it is.
        (["Verity A Reeves", "Ben Walter"], "", ["Verity A Reeves", "Ben Walter"]),
        (["Verity Reeves", "Ben Walter"], "Reeves", ["Verity Reeves", "Ben Walter"]),
        (["Garcia Lopez M", "Smith J"], "", ["Garcia Lopez M", "Smith J"]),
        (["Reeves, Verity A", "Walter Ben"], "", ["Reeves, Verity A", "Walter Ben"]),
        (["Reeves"], "Reeves", ["Reeves"]),
        ([], "Reeves", []),
    ],
)
def test_a_list_that_begins_with_family_names_is_seen_by_its_initials_or_its_short_title(
    people: list[str], family: str, expected: list[str]
) -> None:
    assert names.family_first(people, family) == expected
