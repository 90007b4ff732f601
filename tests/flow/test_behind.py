"""Which rows of which table each count comes from."""

from peerreview import tables
from peerreview.flow import Box, Part
from peerreview.flow.behind import Behind, places_behind

SEARCHES = [
    {"source": "MEDLINE", "source_kind": "database", "file": "a.ris"},
    {"source": "Embase", "source_kind": "database", "file": "b.ris"},
    {"source": "MEDLINE", "source_kind": "database", "file": "c.ris"},
    {"source": "Trials", "source_kind": "register", "file": "d.ris"},
]


def behind() -> Behind:
    return Behind.of({"sources": tables.make(tables.SOURCES, SEARCHES)})


def test_what_a_database_gave_comes_from_its_own_searches() -> None:
    assert places_behind(behind(), "databases", Box(3)) == {"sources": [0, 1, 2]}
    assert places_behind(behind(), "databases/MEDLINE", Part("MEDLINE", 2)) == {"sources": [0, 2]}
    assert places_behind(behind(), "registers/Trials", Part("Trials", 2)) == {"sources": [3]}


def test_what_no_search_is_called_by_comes_from_all_of_its_kind() -> None:
    assert places_behind(behind(), "databases/Other", Part("Other", 2)) == {"sources": [0, 1, 2]}
