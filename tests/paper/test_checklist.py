"""Tests of checklist."""

from importlib import resources

import pytest

from peerreview.paper import checklist
from peerreview.paper.document import Sentence
from peerreview.tables import SYNTHETIC_NOTE

FOLDER = resources.files("peerreview.paper") / "checklists"
PRISMA = checklist.parse((FOLDER / "prisma-2020.toml").read_text(encoding="utf-8"))
ABSTRACT = checklist.parse((FOLDER / "prisma-2020-abstract.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("shipped", "n_items", "n_parts"), [(PRISMA, 27, 42), (ABSTRACT, 12, 12)])
def test_a_checklist_has_as_many_items_as_prisma_has(
    shipped: checklist.Checklist, n_items: int, n_parts: int
) -> None:
    assert len({each.item.rstrip("abcdef") for each in shipped.items}) == n_items
    assert len({each.item for each in shipped.items}) == len(shipped.items) == n_parts


def test_an_item_is_filled_with_what_the_files_say_and_the_rest_is_left_to_the_authors() -> None:
    sheet = checklist.lay_out(PRISMA, {"registration": [Sentence("CRD1.", "peerreview.toml, registration")]})

    filled = {row[2].text: row[4].text for row in sheet.rows if row[4].text}
    assert filled.pop("24a") == "CRD1. [peerreview.toml, registration]"
    # What only the authors can answer says what to add.
    assert set(filled) == {"7", "16b", "20b"}
    assert all(text.startswith("Add: ") for text in filled.values())
    assert sheet.notes[0].startswith("Pre-filled: 1 of 42 items")


def test_what_the_files_say_stands_before_what_is_to_be_added() -> None:
    sheet = checklist.lay_out(PRISMA, {"excluded": [Sentence("2 reports are listed.", "screening.csv")]})

    (said,) = (row[4].text for row in sheet.rows if row[2].text == "16b")
    assert said.startswith("2 reports are listed. [screening.csv] Add: which of the excluded reports")


def test_what_is_synthetic_stays_marked_in_a_checklist() -> None:
    sheet = checklist.lay_out(ABSTRACT, {"Search": [Sentence("We searched.", "sources.csv", synthetic=True)]})

    assert SYNTHETIC_NOTE in sheet.all_notes
