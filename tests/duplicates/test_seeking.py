"""Known papers find their records by the rules that find duplicates; else what comes nearest."""

import pandas as pd

from peerreview.duplicates.rules import default_rules
from peerreview.duplicates.seeking import Near, Sought, seek
from tests.builders import make_records

HELD = make_records(
    title=[
        "Peer support workers in community teams: a qualitative study of wards",
        "Housing after prison",
        "Housing after prison: a reply",
    ],
    authors=["Ade, B; Roe, C", "Poe, D", "Moe, E"],
    year=["2021", "2019", "2020"],
    journal=["Journal of Peer Studies", "Housing Review", "Housing Review"],
    volume=["3", "7", "8"],
    pages=["11-19", "1-5", "6"],
    doi=["10.5555/jps.2021.00011", "", ""],
)


def sought(**columns: list[str]) -> tuple[Sought, ...]:
    known = make_records(**columns)
    return seek(HELD, known.assign(source="known"), default_rules())


def test_a_paper_that_one_more_search_would_have_found_again_is_found() -> None:
    (found,) = sought(
        title=["Peer Support Workers in Community Teams: A Qualitative Study of Wards."],
        authors=["Ade B"],
        year=["2021"],
        journal=["J Peer Stud"],
        pages=["11"],
        volume=["3"],
    )

    assert [record_id for record_id, _ in found.same] == ["r1"]
    assert found.same[0][1] in {rule.name for rule in default_rules().rules}


def test_what_is_only_like_it_is_nearest_and_never_the_same() -> None:
    (found,) = sought(title=["Peer support workers in community teams"])

    assert (found.same, found.possible) == ((), ())
    assert [near.record_id for near in found.nearest] == ["r1"]
    assert 0.6 <= found.nearest[0].likeness < 1


def test_without_a_title_the_doi_that_differs_least_is_nearest() -> None:
    assert [each.nearest for each in sought(doi=["10.5555/jps.2021.0001", "10.9999/other"])] == [
        (Near("r1", "DOI", 0.98),),
        (),
    ]


def test_a_paper_listed_twice_is_the_first() -> None:
    found = sought(
        title=["Sleep and school in cities", "Something else", "Sleep and school in cities."],
        authors=["Abbot, A", "Bell, B", "Abbot, A."],
        year=["2001", "2002", "2001"],
        journal=["Sleep", "Noise", "Sleep"],
    )

    assert [each.first for each in found] == [0, 1, 0]


def test_blanks_come_near_nothing() -> None:
    assert sought(title=[""]) == (Sought((), (), (), 0),)
    assert seek(HELD.iloc[:0], make_records(title=["A"]), default_rules()) == (Sought((), (), (), 0),)
    assert seek(HELD, pd.DataFrame(HELD.iloc[:0]), default_rules()) == ()
