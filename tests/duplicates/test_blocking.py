import numpy as np
import pytest

from peerreview.duplicates.blocking import KEYS, NEIGHBOURS, Crowd, candidates, crowds, keys
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.normalise import Comparable, comparable


def records(**columns: list[str]) -> Comparable:
    n_rows = len(next(iter(columns.values())))
    return comparable({column: columns.get(column, [""] * n_rows) for column in COLUMNS})


def pairs(records: Comparable) -> list[tuple[int, int]]:
    low, high = candidates(records)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def test_blank_records_share_no_block() -> None:
    assert pairs(records(title=["", ""], year=["2019", "2019"])) == []


def test_each_pair_is_met_once() -> None:
    met = pairs(records(title=["Peer work in acute wards"] * 2, doi=["10.5555/a"] * 2))

    assert met == [(0, 1)]


def test_a_slip_in_the_title_leaves_a_block_to_share() -> None:
    met = pairs(
        records(
            title=[
                "Experiences of peer support workers within mental health services",
                "Experiences of peer support workers within mental haelth services",
            ]
        )
    )

    assert met == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aetiology of anaemia", "Etiology of anemia"),
        ("Peer suport on wards", "Peer support on warsd"),
    ],
)
def test_short_titles_of_one_author_meet_however_they_are_spelled(one: str, other: str) -> None:
    assert pairs(records(title=[one, other], authors=["Ek, Bo"] * 2, year=["2019"] * 2)) == [(0, 1)]


@pytest.mark.parametrize("author", ["", "Ek, Bo"])
def test_pages_of_a_year_are_a_block_but_for_those_from_page_1_on(author: str) -> None:
    met = pairs(
        records(
            title=["Peer work", "Arbeit", "Wards", "Beds"],
            authors=[author] * 4,
            year=["2019"] * 4,
            pages=["3-9", "3-9", "1-8", "1-8"],
        )
    )

    assert met == [(0, 1)]


def test_what_works_share_by_chance_is_no_block() -> None:
    met = pairs(
        records(
            title=["Peer work on wards", "Beds, meals, and nights"],
            authors=["Ek, Bo", "Ada, Cy"],
            year=["2019"] * 2,
            pages=["3-9"] * 2,
        )
    )

    assert met == []


def test_large_blocks_are_compared_in_the_order_of_titles_and_not_dropped() -> None:
    titles = [f"Title {chr(97 + row % 26)}{row:04} of a book" for row in range(200)]
    met = pairs(records(title=[*titles, titles[5]], doi=["10.5555/all"] * 201))

    assert (5, 200) in met
    assert len(met) <= 201 * NEIGHBOURS * 2


def test_keys_depend_on_the_text_alone() -> None:
    one = keys(records(title=["Peer work in acute wards"], doi=["10.5555/a"]))

    assert list(KEYS) == list(one)
    assert np.uint64(0) == one["pmid"][0]
    assert one["doi"][0] == keys(records(title=["Another"], doi=["10.5555/A"]))["doi"][0]


def test_only_pairs_with_a_fresh_record_are_met() -> None:
    alike = records(doi=["10.5555/a"] * 3)

    low, high = candidates(alike, np.array([False, False, True]))

    assert list(zip(low.tolist(), high.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_what_more_records_share_than_can_meet_is_counted() -> None:
    shared = {
        "title": np.array([7] * 14 + [8] * 13 + [9] * 20 + [0] * 50, dtype=np.uint64),
        "doi": np.array([5] * 13 + [0], dtype=np.uint64),
        "pmid": np.array([], dtype=np.uint64),
    }

    found = crowds(shared)

    assert found == (Crowd("title", 2, 20),)
    assert str(found[0]) == (
        "20 records share the same consonants of the title: each met the 12 next to it "
        "by title, year and volume"
    )
