"""What was read of a book, a chapter, a thesis, a paper and a report is written, in every format."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.imports import stretches
from peerreview.imports.formats import RawRecord, Writer, registry
from peerreview.imports.formats.writers import meanings
from peerreview.tables import CONTENT, writing
from peerreview.values import cells
from peerreview.values.missing import NO_VALUE
from tests.builders import make_records

FORMATS = registry.WRITTEN
WRITTEN = pytest.mark.parametrize("written", FORMATS)

CHAPTER = {
    "ris": """\
TY  - CHAP
AU  - Brandt, Ilse
A2  - Martens, Sten
A2  - Clarke, Joan
A3  - Ek, Bo
TI  - Peer supporters
T2  - Handbook of Care
T3  - Studies of Wards
PB  - Invented Press
CY  - Oslo
ET  - 2nd
PY  - 2015
N1  - By interlibrary loan
ER  -
""",
    "bibtex": """\
@incollection{brandt, author = {Brandt, Ilse}, editor = {Martens, Sten and Clarke, Joan},
title = {Peer supporters}, booktitle = {Handbook of Care}, series = {Studies of {Wards}},
publisher = {Invented Press}, address = {Oslo}, edition = {2nd}, year = 2015, note = {By interlibrary loan}}
""",
    "csl": json.dumps(
        [
            {
                "id": "brandt",
                "type": "chapter",
                "title": "Peer supporters",
                "author": [{"family": "Brandt", "given": "Ilse"}],
                "editor": [{"family": "Martens", "given": "Sten"}, {"family": "Clarke", "given": "Joan"}],
                "collection-editor": [{"family": "Ek", "given": "Bo"}],
                "container-title": "Handbook of Care",
                "collection-title": "Studies of Wards",
                "publisher": "Invented Press",
                "publisher-place": "Oslo",
                "edition": "2nd",
                "issued": {"date-parts": [[2015]]},
                "note": "By interlibrary loan",
            }
        ]
    ),
    "endnote_xml": """\
<xml><records><record><rec-number>1</rec-number><ref-type name="Book Section">5</ref-type><contributors>
<authors><author>Brandt, Ilse</author></authors><secondary-authors><author>Martens, Sten</author>
<author>Clarke, Joan</author></secondary-authors><tertiary-authors><author>Ek, Bo</author></tertiary-authors>
</contributors><titles><title>Peer supporters</title><secondary-title>Handbook of Care</secondary-title>
<tertiary-title>Studies of Wards</tertiary-title></titles><dates><year>2015</year></dates>
<pub-location>Oslo</pub-location><publisher>Invented Press</publisher><edition>2nd</edition>
<notes>By interlibrary loan</notes></record></records></xml>
""",
    "nbib": """\
PMID- 90000001
STAT- Publisher
TI  - Peer supporters
JT  - Handbook of Care
FAU - Brandt, Ilse
FED - Martens, Sten
FED - Clarke, Joan
CTI - Studies of Wards
PB  - Invented Press
PL  - Oslo
EN  - 2nd
DP  - 2015
PT  - Book Chapter
GN  - By interlibrary loan
SO  - 2015.
""",
    "refer": """\
%0 Book Section
%A Brandt, Ilse
%E Martens, Sten
%E Clarke, Joan
%T Peer supporters
%B Handbook of Care
%S Studies of Wards
%I Invented Press
%C Oslo
%7 2nd
%D 2015
%Z By interlibrary loan
""",
    "spreadsheet": """\
Item Type,Title,Author,Editor,Publication Title,Series,Publisher,Place,Edition,Publication Year,Notes
bookSection,Peer supporters,"Brandt, Ilse","Martens, Sten; Clarke, Joan",Handbook of Care,Studies of Wards,\
Invented Press,Oslo,2nd,2015,By interlibrary loan
""",
}
"""One chapter as each format has it."""


_OF_TYPES = {"conference", "chapter", "section", "series_number", "conference_place", "proceedings"}
NO_PLACE = {
    "ris": {"citation_key", *_OF_TYPES},
    "bibtex": {"series_editors", "series_number", "section", "proceedings", "links"},
    "csl": {"proceedings", "date", "accessed", "affiliations", "label", "links"},
    "endnote_xml": {"citation_key", *_OF_TYPES},
    "nbib": {
        "series_editors", "number", "translators", "genre", "research_notes", "short_title", "call_number",
        "number_of_volumes", "accessed", "label", "citation_key", "links", *_OF_TYPES,
    },
    "spreadsheet": set[str](),
}  # fmt: skip
"""What a format has no field for, types that lend one aside."""
LENT = {
    ("ris", "CHAP"): {"chapter"},
    ("endnote_xml", "CHAP"): {"chapter"},
    ("ris", "BOOK"): {"series_number"},
    ("ris", "CONF"): {"conference_place", "proceedings"},
    ("endnote_xml", "CONF"): {"conference_place", "proceedings"},
}


def check(before: Mapping[str, list[str]], found: Mapping[str, list[str]], written: str, type_: str) -> None:
    """Check that what a format has a place for has come back; one of a list may be a cell's."""
    lost = NO_PLACE[written] - LENT.get((written, type_), set())
    wanted = {name: "; ".join(values) for name, values in before.items() if name not in lost}
    assert wanted == {name: "; ".join(found.get(name, [])) for name in wanted}


def read(text: str) -> list[dict[str, str]]:
    found, _, parts = stretches.read_raw(text.encode())
    assert {RawRecord} >= {type(part) for part in parts}
    return [found.to_fields(part) for part in parts if isinstance(part, RawRecord)]


def text_of(writer: Writer, table: pd.DataFrame) -> str:
    written = writer.write(table)
    return written if isinstance(written, str) else writing.to_csv(written)


def again(row: Mapping[str, str], written: str) -> dict[str, str]:
    """Return a record as it is read again after it was written."""
    table = make_records(**{column: [row[column]] for column in CONTENT})
    (found,) = read(text_of(registry.load_writer(written), table))
    return found


@WRITTEN
@pytest.mark.parametrize("given_in", CHAPTER)
def test_a_chapter_keeps_its_book(given_in: str, written: str) -> None:
    (row,) = read(CHAPTER[given_in])
    if given_in == "spreadsheet":
        row = {**row, "journal": "Handbook of Care"}
    before = meanings.read(row)

    found = again(row, written)

    assert before["publisher"] == ["Invented Press"]
    assert before["editors"] == ["Martens, Sten", "Clarke, Joan"]
    assert before["place"] == ["Oslo"]
    assert before["edition"] == ["2nd"]
    assert before["series"] == ["Studies of Wards"]
    assert before["notes"] == ["By interlibrary loan"]
    check(before, meanings.read(found), written, "CHAP")
    for column in ("title", "authors", "journal", "year"):
        assert row[column] == found[column]


_SIGNS = st.characters(
    codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="<>&;\\{}$~^[]"
)
_TEXT = st.text(_SIGNS, max_size=60).map(cells.text).filter(lambda value: value and value not in NO_VALUE)
_NAMES = ["Example, Verity", "van den Berg, Jörg K.", "King, Martin L, Jr", "李, 明", "NHS England,"]
_PEOPLE = st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True)
_ONE = ("PB", "CY", "T3", "TT", "NV", "Y2", "CN", "LB", "M3", "J2", "RN", "ST", "ET", "C1")
_EXTRA = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(_ONE, _TEXT),
        **dict.fromkeys(("A2", "A3", "A4"), _PEOPLE),
        "N1": st.lists(_TEXT, min_size=1, max_size=3, unique=True),
        "AD": st.lists(_TEXT, min_size=1, max_size=2, unique=True),
    },
)


@pytest.mark.slow
@WRITTEN
@settings(deadline=None, max_examples=60)
@given(
    extra=_EXTRA,
    type_=st.sampled_from(("BOOK", "CHAP", "THES", "CONF", "RPRT", "JOUR")),
    authors=st.sampled_from(["Ek, Bo", "NHS England"]),
)
def test_what_a_record_says_beside_its_columns_comes_back(
    written: str, extra: dict[str, Any], type_: str, authors: str
) -> None:
    row = dict.fromkeys(CONTENT, "") | {"type": type_, "authors": authors, "title": "Peer work"}
    row["extra"] = json.dumps(extra) if extra else ""
    before = meanings.read(row)

    found = again(row, written)

    assert {**row, "extra": ""} == {**found, "extra": ""}
    if written == "bibtex":
        # Only ISO 8601 is a date to biblatex.
        before.pop("accessed", None)
    check(before, meanings.read(found), written, type_)


@WRITTEN
def test_the_editors_of_a_book_without_an_author_are_no_authors(written: str) -> None:
    (row,) = read("TY  - BOOK\nTI  - A handbook\nED  - Martens, Sten\nPY  - 2015\nER  - \n")

    found = again(row, written)

    assert row["authors"] == found["authors"] == "Martens, Sten"
    assert meanings.read(found)["editors"] == ["Martens, Sten"]


@pytest.mark.parametrize(
    ("type_", "written", "field"),
    [
        ("THES", "bibtex", "school = {University of Nowhere}"),
        ("RPRT", "bibtex", "institution = {University of Nowhere}"),
        ("BOOK", "bibtex", "publisher = {University of Nowhere}"),
        ("THES", "csl", '"publisher": "University of Nowhere"'),
        ("THES", "ris", "PB  - University of Nowhere"),
    ],
)
def test_a_thesis_is_published_by_its_university(type_: str, written: str, field: str) -> None:
    table = make_records(title=["A"], type=[type_], extra=['{"PB": "University of Nowhere"}'])

    assert field in text_of(registry.load_writer(written), table)


def test_a_field_of_the_same_format_is_written_as_it_stands() -> None:
    (row,) = read('@article{a, title = {A}, publisher = {M{\\"u}ller \\& Co}, x-own = {{B} c}}')

    written = text_of(registry.load_writer("bibtex"), make_records(**{name: [row[name]] for name in CONTENT}))

    assert 'publisher = {M{\\"u}ller \\& Co}' in written
    assert "x-own = {{B} c}" in written


def test_latex_is_decoded_for_other_formats() -> None:
    (row,) = read('@book{a, title = {A}, publisher = {M{\\"u}ller \\& Co}}')

    written = text_of(registry.load_writer("ris"), make_records(**{name: [row[name]] for name in CONTENT}))

    assert "PB  - Müller & Co\n" in written


def test_a_field_without_a_place_is_counted() -> None:
    table = make_records(
        title=["A", "B"], type=["JOUR", "JOUR"], extra=['{"C4": "x", "PB": "P"}', '{"C4": "y"}']
    )

    assert meanings.count_left(table, registry.load_writer("bibtex")) == {"C4": 2}
    assert meanings.count_left(table, registry.load_writer("ris")) == {}


@WRITTEN
def test_no_line_of_a_value_opens_a_field_or_a_record(written: str) -> None:
    hostile = "One.\nTY  - BOOK\nER  - \n\nPMID- 1\n@book{x, title={y}}\x00\x1b"
    table = make_records(
        title=["A", "B"],
        abstract=[hostile, ""],
        keywords=[f"{hostile}; two", ""],
        type=["JOUR", "JOUR"],
        extra=[json.dumps({"N1": [hostile], "PB": hostile}), ""],
    )

    found = read(text_of(registry.load_writer(written), table))

    assert [row["title"] for row in found] == ["A", "B"]
    assert " ".join(found[0]["abstract"].split()).startswith(
        "One. TY - BOOK ER - PMID- 1 @book{x, title={y}}"
    )


def test_a_cell_of_a_table_runs_no_formula_and_comes_back() -> None:
    table = make_records(title=['=HYPERLINK("http://x.example")'], extra=['{"PB": "@cmd"}'], type=["JOUR"])

    written = text_of(registry.load_writer("spreadsheet"), table)

    assert "'=HYPERLINK" in written
    assert "'@cmd" in written
    assert [row["title"] for row in read(written)] == ['=HYPERLINK("http://x.example")']


def test_our_mark_does_not_grow() -> None:
    (row,) = read(CHAPTER["ris"])
    once = again(row, "ris")

    assert meanings.read(once)["notes"] == ["By interlibrary loan"]
    assert again(once, "ris")["extra"].count("peerreview-id") == 1
