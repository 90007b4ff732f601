"""A record that went out and came back through another tool is known by the mark in its notes."""

import pytest

from peerreview.screening import lookup
from peerreview.screening.decisions import Listing, take_votes
from peerreview.screening.screeners import Export
from tests.builders import make_records

# Zotero writes a note as HTML and no ID; EndNote its own number as ID, and several notes below each other.
ZOTERO_RIS = """\
TY  - JOUR
TI  - A title that somebody has changed
AU  - Example, Verity
PY  - 2024
DP  - peerreview
N1  - <p>[peerreview-id: example2024-3f9a2c]</p>
ER  -
"""
ZOTERO_UNKNOWN_RIS = """\
TY  - JOUR
TI  - A title that somebody has changed
N1  - The following values have no corresponding Zotero field:<br/>Label: a<br/>U5  - b
N1  - <p>By loan; [peerreview-id: example2024-3f9a2c]</p>
ER  -
"""
ENDNOTE_RIS = """\
TY  - JOUR
AU  - Example, Verity
N1  - By loan
[peerreview-id: example2024-3f9a2c]
PY  - 2024
ST  - A title that somebody has changed
TI  - A title that somebody has changed
ID  - 12
ER  -
"""
ZOTERO_BIB = """\
@article{example_title_2024, title = {A title that somebody has changed}, author = {Example, Verity},
year = {2024}, annote = {[peerreview-id: example2024-3f9a2c]}}
"""
ZOTERO_CSV = """\
"Key","Item Type","Publication Year","Author","Title","Notes","Extra"
"ABCD1234","journalArticle","2024","Example, Verity","A title that somebody has changed",\
"<p>[peerreview-id: example2024-3f9a2c]</p>",""
"""
RAYYAN_CSV = """\
key,title,year,authors,notes
rayyan-201,A title that somebody has changed,2024,"Example, Verity",\
"[peerreview-id: example2024-3f9a2c] | RAYYAN-INCLUSION: {""Ana""=>""Included""}"
"""
RECORDS = make_records(
    record_id=["example2024-3f9a2c", "other2024-000000"],
    title=["The title as it was", "A title that somebody has changed"],
    year=["2024", "1999"],
)


@pytest.mark.parametrize(
    "text",
    [ZOTERO_RIS, ZOTERO_UNKNOWN_RIS, ENDNOTE_RIS, ZOTERO_BIB, ZOTERO_CSV],
    ids=["zotero-ris", "zotero-unknown", "endnote-ris", "zotero-bib", "zotero-csv"],
)
def test_a_list_that_came_back_is_matched_by_its_marks(text: str) -> None:
    taken = take_votes([Export("back", text)], lookup.index(RECORDS, {}), listing=Listing("include"))

    assert not taken.lost
    assert taken.votes["record_id"].tolist() == ["example2024-3f9a2c"]


def test_votes_of_rayyan_are_matched_by_the_mark() -> None:
    taken = take_votes([Export("articles.csv", RAYYAN_CSV)], lookup.index(RECORDS, {}))

    assert list(
        zip(taken.votes["record_id"], taken.votes["reviewer"], taken.votes["decision"], strict=True)
    ) == [("example2024-3f9a2c", "Ana", "include")]


def test_records_that_a_tool_made_one_are_not_known_by_either_mark() -> None:
    both = ZOTERO_RIS.replace("</p>", "</p>\nN1  - <p>[peerreview-id: other2024-000000]</p>")
    taken = take_votes([Export("back", both)], lookup.index(RECORDS, {}), listing=Listing("include"))

    assert len(taken.lost) == 1
