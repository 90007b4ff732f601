# ruff: noqa: E501  one text, one line
"""Tests of the flow's numbers that a paper's text prints, and the boxes that they are in."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from peerreview.imports.papers import ABSTRACT, BODY, CAPTION, FIGURE, Paper, Passages, counts, statements

TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))["text"]


def boxes(text: str, kind: str = BODY, under: str = "Results › Study selection") -> dict[str, list[int]]:
    """Return the numbers of a passage by box; those of two boxes are under both."""
    passages = Passages()
    passages.add(text, kind, under=under)
    found: dict[str, list[int]] = {}
    for each in statements.read(Paper(passages.found)):
        if each.box:
            found.setdefault(each.box, []).append(each.n)
    return found


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("We found 10,491 records, 10 491 records and 10\u2009491 records.", (10491, 10491, 10491)),
        ("Of 10.491 records, 0.5 were odd and 12.5% (n = 3) even.", (10491, 3)),
        (
            "Sixteen of twenty-four, Twenty four, one hundred and five and two thousand.",
            (16, 24, 24, 105, 2000),
        ),
        ("In March 2019 and from 2010 to 2020 we read 2014 articles.", (2014,)),
        ("See Table 2, Fig. 3, Endnote X7, Citavi 6, NCT01234567 and CRD 42,021,257,013.", ()),
        ("It was p < 0.05, aged 12-15, ≥ 60 and [12, 13–15] of 3%.", ()),
        ("One author read one study, one third of it, one by one.", (1,)),
        ("Studies were in if (1) they rang, (2) they were bells; and (3) on bicycles.", ()),
    ],
)
def test_what_is_a_count_and_what_is_none(sentence: str, numbers: tuple[int, ...]) -> None:
    assert counts.find(sentence).numbers == numbers


@pytest.mark.parametrize("text", TEXTS, ids=lambda each: each["says"][:30])
def test_each_number_of_a_paragraph_is_in_its_box(text: dict[str, Any]) -> None:
    assert boxes(text["says"]) == text["boxes"]


def test_a_number_that_could_be_of_two_stages_is_in_both() -> None:
    found = boxes(
        "The search identified 500 records. We screened 400 records and excluded 300. Then 40 more were excluded."
    )

    assert found["excluded"] == [300, 40]
    assert found["reports_excluded"] == [40]


def test_what_is_said_of_people_reasons_and_parts_is_no_number_of_the_flow() -> None:
    text = (
        "Two reviewers screened 500 records. The 16 included studies had 2,992 cancer patients; eleven studies used "
        "interviews. Of the 40 full-text articles, 24 were excluded: twelve because they were in French and twelve because "
        "they were letters."
    )

    assert boxes(text) == {"screened": [500], "studies": [16], "assessed": [40], "reports_excluded": [24]}


def test_a_paragraph_that_tells_of_no_flow_is_left_alone() -> None:
    text = "Twelve studies were found to be of good quality, and in seven trials 34 patients were excluded."

    assert boxes(text, under="Results › Quality") == {}
    assert boxes("Smith and others identified 120 studies and included 14 studies.", under="Discussion") == {}


def test_an_abstract_is_read_and_a_caption_of_a_flow() -> None:
    assert boxes(
        "Of 3,012 records screened, 45 studies met the inclusion criteria.", ABSTRACT, "Abstract"
    ) == {
        "screened": [3012],
        "studies": [45],
    }
    assert boxes("Figure 1. PRISMA flow. Of 1,500 records identified, 40 were included.", CAPTION) == {
        "databases": [1500],
        "studies": [40],
    }


def test_a_figure_is_read_box_by_box() -> None:
    text = (
        "Records identified from: Databases (n = 1,234) Registers (n = 0) Additional records identified through other "
        "sources (n = 16) Records removed before screening: Duplicate records removed (n = 250) Records screened (n = 1,000) "
        "Records excluded (n = 900) Reports sought for retrieval (n = 100) Reports not retrieved (n = 4) Reports assessed for "
        "eligibility (n = 96) Reports excluded: Reason 1 (n = 76) Studies included in review (n = 20)"
    )

    assert boxes(text, FIGURE) == {
        "databases": [1234], "registers": [0], "other_sources": [16], "duplicates": [250], "screened": [1000],
        "excluded": [900], "sought": [100], "not_retrieved": [4], "assessed": [96], "reports_excluded": [76], "studies": [20],
    }  # fmt: skip


def test_what_is_read_out_for_a_figure_counts_by_what_it_quotes() -> None:
    text = (
        "The flow has two boxes. The first reads “Records screened (n equals 120)”. Below it, of 3 arrows, one points to "
        "“Records excluded double asterisk (n equals 100)” and one to “R E P O R T S assessed for eligibility (n equals 20)”."
    )

    assert boxes(text, FIGURE) == {"screened": [120], "excluded": [100], "assessed": [20]}


def test_labels_that_a_pdf_ran_together_are_not_read() -> None:
    text = "Reports sought for retrieval Reports not retrieved: (n = 52) Records screened (n = 130)"

    assert boxes(text, FIGURE) == {"screened": [130]}


def test_a_text_in_another_language_is_not_read() -> None:
    passages = Passages()
    passages.add(
        "Tras eliminar los duplicados, se incluyeron 16 estudios de los 158 registros de la búsqueda."
    )
    paper = Paper(passages.found)

    assert statements.read(paper) == []
    assert statements.language_of(paper) == "es"


def test_a_table_that_ran_together_is_no_sentence() -> None:
    assert boxes("We identified " + "12 records were excluded and screened by title " * 400) == {}
