from random import Random

import pandas as pd
import pytest

from peerreview import tables
from peerreview.duplicates import lessons
from peerreview.duplicates.lessons import VenuePair
from peerreview.duplicates.rounds import find_duplicates
from tests.builders import make, make_records
from tests.duplicates.articles import RULES, pairs

SUBJECTS = (
    "wards", "bakeries", "ferries", "libraries", "harbours", "orchards", "quarries", "stables", "theatres",
    "vineyards",
)  # fmt: skip
NAMES = ("Abel", "Brandt", "Czerny", "Dorn", "Eder", "Falk", "Gros", "Hahn", "Igel", "Jost")
FULL, SHORT = "Symposium of Peer Networks and Routes", "PeerDays"


def venues(
    n_works: int, *, years: int = 0, source: str = "Scopus", journals: tuple[str, str] = (FULL, SHORT)
) -> pd.DataFrame:
    """Return works, each once under one name and once, perhaps years later, under the other."""
    rows = []
    for number in range(n_works):
        subject, name = SUBJECTS[number % 10], NAMES[(number + number // 10) % 10]
        work = {
            "title": f"{name} and {subject}: how letters of {subject} go to towns",
            "authors": f"{name}, Bo",
        }
        rows += [
            work | {"year": "2010", "journal": journals[0], "source": "DBLP"},
            work | {"year": str(2010 + years), "journal": journals[1], "source": source},
        ]
    return make_records(**{column: [row[column] for row in rows] for column in rows[0]})


def test_two_names_under_which_many_works_are_the_same_are_one_venue() -> None:
    found = find_duplicates(venues(10), RULES)

    assert len(pairs(found.duplicates)) == 10
    assert [(pair.n_one, pair.n_two) for pair in found.lessons.venues.values()] == [(10, 0)]


@pytest.mark.parametrize(
    "records",
    [
        venues(2),
        venues(10, years=1),
        venues(10, source="DBLP").assign(source=["DBLP", "DBLP"] * 9 + ["DBLP", "Scopus"]),
        venues(10, journals=("medRxiv", "Peer Networks and Routes")),
        venues(10, journals=("Conference of Peer Routes", "Journal of Peer Networks")),
    ],
)
def test_few_works_or_works_that_came_twice_teach_nothing(records: pd.DataFrame) -> None:
    found = find_duplicates(records, RULES)

    assert pairs(found.duplicates) == []
    assert found.lessons.venues == {}


def test_a_later_search_teaches_nothing_of_pairs_judged_before() -> None:
    records = venues(14)
    records["round"] = ["1"] * 4 + ["2"] * 24

    found = find_duplicates(records, RULES).duplicates

    assert len(pairs(found)) == 12


@pytest.mark.parametrize(("n_works", "verdict", "n_found"), [(2, "same", 2), (10, "distinct", 0)])
def test_people_s_word_on_venues_wins(n_works: int, verdict: str, n_found: int) -> None:
    said = make(tables.VENUE, venue=[FULL], same_as=[SHORT], verdict=[verdict])

    assert len(pairs(find_duplicates(venues(n_works), RULES, venues=said).duplicates)) == n_found


def test_one_more_contradiction_takes_many_more_works() -> None:
    assert VenuePair("a", "b", 8, 1).risk < 0.2 < VenuePair("a", "b", 6, 1).risk


def headings(**columns: list[str]) -> pd.DataFrame:
    n_rows = max(len(cells) for cells in columns.values())
    same = {"title": "Chair's Message", "authors": "Sample, Mira", "year": "1998", "journal": "Ward Record"}
    return make_records(**({name: [cell] * n_rows for name, cell in same.items()} | columns))


@pytest.mark.parametrize(
    "records",
    [
        headings(source=["DBLP"] * 3),
        headings(source=["DBLP", "DBLP", "ACM"], journal=["Ward Record", "Ward Rec.", "Ward Record"]),
        headings(year=["1998", "1998", "2001"], source=["DBLP", "DBLP", "DBLP"]),
        headings(volume=["67"] * 3, issue=["3", "4", ""], pages=["817-9", "1195-7", ""]),
    ],
)
def test_a_short_title_that_comes_again_is_left_to_people(records: pd.DataFrame) -> None:
    assert pairs(find_duplicates(records, RULES).duplicates) == []


@pytest.mark.parametrize(
    "records",
    [
        headings(source=["DBLP", "ACM"]),
        headings(source=["DBLP", "ACM", "Scopus"]),
        headings(year=["1998", "1998", "2001", "2001"], source=["DBLP", "ACM"] * 2).iloc[:2],
        headings(source=["DBLP"] * 3, title=["Indexing the shelves of kitchens with bitmaps"] * 3),
        headings(volume=["67"] * 2, issue=["3"] * 2, pages=["817-9"] * 2, source=["DBLP"] * 2),
    ],
)
def test_a_short_title_in_several_sources_is_one_work(records: pd.DataFrame) -> None:
    assert len(pairs(find_duplicates(records, RULES).duplicates)) == len(records) - 1


def test_columns_of_one_year_are_left_to_people() -> None:
    found = find_duplicates(headings(source=["DBLP"] * 3), RULES).duplicates

    assert pairs(found, "possible") == [("r1", "r2"), ("r1", "r3"), ("r2", "r3")]


def editorials(sources: list[str], **columns: list[str]) -> pd.DataFrame:
    """Return editorials by the same people, of one journal and year, but for these columns."""
    n_rows = len(sources)
    same = {"title": "Editorial", "authors": "Reeves, Ann", "journal": "Health Policy", "year": "2009"}
    cells = {column: [cell] * n_rows for column, cell in same.items()}
    return make_records(**(cells | {"source": sources} | columns))


@pytest.mark.parametrize(
    "records",
    [
        editorials(["MEDLINE", "Embase"]),
        editorials(["MEDLINE", "Embase"], journal=["Health Policy", ""]),
        editorials(["MEDLINE", "MEDLINE", "Embase"], volume=["19", "20", "20"], issue=["", "", "1"]),
        editorials(["MEDLINE", "MEDLINE", "Embase"], pages=["1-4", "213", "1"]),
    ],
)
def test_an_editorial_that_each_source_lists_once_is_one_work(records: pd.DataFrame) -> None:
    """Where a source has several, what is known of the place has to leave one alone."""
    assert len(pairs(find_duplicates(records, RULES).duplicates)) == 1


@pytest.mark.parametrize(
    "records",
    [
        editorials(["MEDLINE", "MEDLINE"]),
        editorials(["MEDLINE", "MEDLINE", "Embase"], issue=["1", "2", ""]),
        editorials(["MEDLINE", "MEDLINE", "Embase"], volume=["19", "", "20"]),
        editorials(["MEDLINE", "Embase"], issue=["1", "2"]),
        editorials(["MEDLINE", "Embase"], authors=["Reeves, Ann", "Singh, Bo"]),
        editorials(["MEDLINE", "Embase"], authors=["", ""], journal=["", ""]),
        editorials(["MEDLINE", "Embase"], year=["2009", "2010"]),
    ],
)
def test_an_editorial_that_may_be_one_of_several_is_never_merged(records: pd.DataFrame) -> None:
    assert pairs(find_duplicates(records, RULES).duplicates) == []


def test_a_heading_is_lone_where_no_source_has_two_that_could_be_it() -> None:
    chance = Random(5)  # noqa: S311  nothing is secret here
    heads = [
        lessons._Place(
            chance.choice(("DBLP", "ACM", "Scopus")),
            chance.choice((0, 2008, 2009)),
            chance.choice(("", "1", "2", "3")),
            chance.choice(("", "1", "2", "3")),
            chance.choice((0, 1, 2, 3)),
            chance.choice(("", "", "10.5555/a", "10.5555/b")),
        )
        for _ in range(40)
    ]
    listed = lessons._Listed(heads)

    for place in heads:
        sources = [head.source for head in heads if lessons._may_be(head, place)]
        assert listed.is_lone(place) == (len(sources) == len(set(sources)))


def test_each_of_a_thousand_editorials_is_not_held_against_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    n_rows, n_asked = 1_000, 0
    may_be = lessons._may_be

    def counted(one: lessons._Place, other: lessons._Place) -> bool:
        nonlocal n_asked
        n_asked += 1
        return may_be(one, other)

    monkeypatch.setattr(lessons, "_may_be", counted)
    records = make_records(
        title=["Editorial"] * n_rows,
        year=["2019"] * n_rows,
        journal=["Health Policy"] * n_rows,
        volume=[str(row // 12) for row in range(n_rows)],
        issue=[str(row % 12) for row in range(n_rows)],
        pages=["1"] * n_rows,
        source=["MEDLINE", "Embase"] * (n_rows // 2),
    )

    find_duplicates(records, RULES)

    assert n_asked < 50 * n_rows
