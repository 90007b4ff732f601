"""Hybrid flows: what another program removed is known by its number alone."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import Flow, counting
from peerreview.flow.identities import check, fails
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
