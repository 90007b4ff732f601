"""Hybrid flows: what another program removed is known by its number alone."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import Flow, counting, ledger
from peerreview.flow.identities import check, fails
from peerreview.paper import rounds
from peerreview.paper.report import search
from peerreview.protocol import Protocol
from tests.builders import make, make_records

SOURCES = make(
    tables.SOURCES,
    file=["", "", "library.ris"],
    source=["MEDLINE", "Embase", "EndNote library"],
    source_kind=["database"] * 3,
    records=["60", "40", ""],
)
RECORDS = make_records(
    record_id=["a", "b", "c", "d"], source=["EndNote library"] * 4, source_file=["library.ris"] * 4
)
DUPLICATES = make(tables.DUPLICATES, record_id=["d"], duplicate_of=["a"], verdict=["duplicate"])
SCREENING = make(
    tables.SCREENING,
    record_id=["a", "b", "c"],
    stage=["title_abstract"] * 3,
    outcome=["exclude"] * 3,
    resolved_by=["votes"] * 3,
)


def derive(
    sources: pd.DataFrame = SOURCES, libraries: tuple[str, ...] = ("EndNote library",), **n: int
) -> Flow:
    return counting.derive(RECORDS, DUPLICATES, SCREENING, sources=sources, elsewhere=n, libraries=libraries)


def test_what_was_removed_elsewhere_is_counted_as_stated_and_adds_up() -> None:
    counted = derive(duplicates=90, excluded=6)

    wanted = {"databases": 100, "duplicates": 91, "screened": 9, "excluded": 9, "sought": 0}
    assert wanted == {key: counted.n(key) for key in wanted}
    assert [(part.label, part.n, part.basis) for part in counted["databases"].parts] == [
        ("MEDLINE", 60, "typed"),
        ("Embase", 40, "typed"),
    ]
    assert [key for key, box in counted.boxes.items() if box.basis == "typed"] == [
        "databases", "duplicates", "screened", "excluded",
    ]  # fmt: skip
    assert fails(check(counted)) == []
    assert counted.still_open == ()


def test_a_number_from_elsewhere_that_does_not_fit_what_is_there_is_found() -> None:
    (verdict,) = fails(check(derive(duplicates=80)))

    assert (verdict.id, verdict.d) == ("D1", 16)


def test_a_library_is_not_a_database_that_was_searched() -> None:
    laid_down = Protocol(elsewhere={"duplicates": 96}, libraries=("EndNote library",))

    told = [each.text for each in search(SOURCES, RECORDS, laid_down)]

    assert told == [
        "We searched 2 databases: MEDLINE and Embase.",
        (
            "The searches of MEDLINE and Embase found 100 records, as the authors state; "
            "4 records of them are in EndNote library."
        ),
        "Elsewhere, as the authors state, were removed: 96 duplicates.",
    ]
    assert "EndNote library" in search(SOURCES, RECORDS, Protocol())[0].text


def test_without_a_library_what_a_search_without_a_file_found_is_missing() -> None:
    counted = derive(libraries=())

    assert counted.unfinished == (("records_missing", "MEDLINE (no file, 60), Embase (no file, 40)"),)


def test_what_other_methods_found_and_no_table_has_is_missing() -> None:
    website = SOURCES.assign(source_kind=["database", "website", "database"])

    assert derive(website, duplicates=56).unfinished == (("records_missing", "Embase (no file, 40)"),)


UPDATED = pd.concat(
    [
        SOURCES,
        make(
            tables.SOURCES,
            file=["new.ris", ""],
            source=["MEDLINE", "Embase"],
            source_kind=["database"] * 2,
            round=["2"] * 2,
            records=["2", "0"],
        ),
    ],
    ignore_index=True,
)
FOUND = pd.concat([
    RECORDS,
    make_records(record_id=["e", "f"], source=["MEDLINE"] * 2, source_file=["new.ris"] * 2, round=["2"] * 2),
], ignore_index=True)  # fmt: skip
AGAIN = make(tables.DUPLICATES, record_id=["d", "f"], duplicate_of=["a", "b"], verdict=["duplicate"] * 2)
SCREENED = make(
    tables.SCREENING,
    record_id=["a", "b", "c", "e"],
    stage=["title_abstract"] * 4,
    outcome=["exclude"] * 4,
    resolved_by=["votes"] * 4,
)
NO_STUDY, NO_REPORT = tables.empty(tables.STUDIES), tables.empty(tables.REPORTS)
REMOVED = {"duplicates": 95, "excluded": 1}


def versions_of(
    sources: pd.DataFrame,
    records: pd.DataFrame,
    duplicates: pd.DataFrame,
    libraries: tuple[str, ...] = ("EndNote library",),
) -> ledger.Ledger:
    return ledger.count_versions(
        records,
        duplicates,
        SCREENED,
        sources=sources,
        reports=NO_REPORT,
        studies=NO_STUDY,
        elsewhere=REMOVED,
        libraries=libraries,
    )


def test_an_update_counts_nothing_of_a_library_again() -> None:
    before = counting.derive(
        RECORDS,
        DUPLICATES,
        SCREENING,
        sources=SOURCES,
        reports=NO_REPORT,
        elsewhere=REMOVED,
        libraries=("EndNote library",),
    )

    counted = counting.derive(
        FOUND,
        AGAIN,
        SCREENED,
        sources=UPDATED,
        reports=NO_REPORT,
        previous=before,
        elsewhere=REMOVED,
        libraries=("EndNote library",),
    )

    wanted = {"databases": 2, "duplicates": 1, "screened": 1, "excluded": 1, "earlier_records": 4}
    assert wanted == {key: counted.n(key) for key in wanted}
    assert {box.basis for box in counted.boxes.values()} == {""}
    assert fails(check(counted)) == []


def test_versions_of_a_review_that_began_with_a_library_are_counted_once_each() -> None:
    found = versions_of(UPDATED, FOUND, AGAIN)

    lines = ("identified", "found_before", "duplicates", "screened")
    assert found.failing == []
    assert [[each.n(line) for line in lines] for each in found.versions] == [[100, None, 96, 4], [2, 1, 0, 1]]
    with pytest.raises(InputError, match="library 'Zotero' is the source of no record"):
        versions_of(UPDATED, FOUND, AGAIN, libraries=("Zotero",))


def test_a_library_that_came_with_an_update_is_counted_there() -> None:
    first = make(
        tables.SOURCES, file=["new.ris"], source=["MEDLINE"], source_kind=["database"], records=["2"]
    )
    sources = pd.concat([first, SOURCES.assign(round="2")], ignore_index=True)

    found = versions_of(
        sources, FOUND.assign(round=["2"] * 4 + ["1"] * 2), AGAIN.assign(duplicate_of=["a", "e"])
    )

    assert found.failing == []
    assert [each.n("identified") for each in found.versions] == [2, 100]


def test_what_was_removed_elsewhere_is_told_of_one_round() -> None:
    laid_down = Protocol(elsewhere={"duplicates": 96}, libraries=("EndNote library",))

    told = [each.text for each in rounds.search(UPDATED, FOUND, laid_down)]

    assert told == [
        "In round 1, we searched 2 databases: MEDLINE and Embase.",
        (
            "The searches of MEDLINE and Embase found 100 records, as the authors state; "
            "4 records of them are in EndNote library."
        ),
        "Elsewhere, as the authors state, were removed: 96 duplicates.",
        "In round 2, we searched 2 databases: MEDLINE and Embase.",
        "The searches of round 2 gave 2 records from databases.",
    ]


def test_a_search_whose_number_nobody_states_found_no_number() -> None:
    laid_down = Protocol(libraries=("EndNote library",))

    (_, one) = search(SOURCES.assign(records=["60", "", ""]), RECORDS, laid_down)
    (_, none) = search(SOURCES.assign(records=""), RECORDS, laid_down)

    assert one.text == (
        "The searches of MEDLINE found 60 records, as the authors state; of Embase no number is stated; "
        "4 records of them are in EndNote library."
    )
    assert none.text == (
        "Of MEDLINE and Embase no number is stated; 4 records of them are in EndNote library."
    )


@pytest.mark.parametrize(
    ("sources", "libraries", "said"),
    [
        (SOURCES, ("Zotero",), "library 'Zotero' is the source of no record"),
        (SOURCES[2:], ("EndNote library",), "no search without a file"),
        (SOURCES, (), "names no libraries"),
        (SOURCES.assign(records=""), ("EndNote library",), "'MEDLINE' has neither a file nor its number"),
    ],
)
def test_what_cannot_be_placed_is_an_error(
    sources: pd.DataFrame, libraries: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        derive(sources, libraries, duplicates=90)
