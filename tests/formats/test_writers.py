"""Property tests: reading what was written gives the records back, in every format that is written here."""

from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import records, tables
from peerreview.formats import RawRecord, bibtex, csl, endnote_xml, nbib, ris
from peerreview.formats.shared import values
from tests.builders import make_records

WRITERS = pytest.mark.parametrize(
    "module", [ris, bibtex, csl, endnote_xml, nbib], ids=lambda module: module.NAME
)
CONTENT = [column for column in tables.CONTENT if column != "extra"]

_WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="<>&"),
    max_size=120,
).map(values.text)
_LISTED = _WORDS.map(lambda value: value.replace(";", "").strip())
_NAMES = st.one_of(
    st.sampled_from(
        ["Example, Verity", "van den Berg, Jörg K.", "Médecins Sans Frontières", "Selvamani", "李, 明"]
    ),
    st.from_regex(r"[A-Z][a-z]{1,9}, [A-Z][a-z]{1,9}( [A-Z]\.)?", fullmatch=True),
)
_ROWS = st.fixed_dictionaries(
    {
        "title": _WORDS.filter(lambda value: len(value) > 3),
        "authors": st.lists(_NAMES, max_size=4).map("; ".join),
        "year": st.sampled_from(["", "1999", "2024"]),
        "journal": _LISTED,
        "volume": st.sampled_from(["", "24", "S1"]),
        "issue": st.sampled_from(["", "1", "2-A(E)"]),
        "pages": st.sampled_from(["", "211-219", "e12", "S12-S18"]),
        "doi": st.sampled_from(["", "10.5555/peer.1", "10.5555/a(b)c;2-d"]),
        "pmid": st.sampled_from(["", "90000001"]),
        "pmcid": st.sampled_from(["", "PMC9000001"]),
        "isbn": st.sampled_from(["", "9783161484100"]),
        "issn": st.sampled_from(["", "1234-5679", "1234-5679; 2345-678X"]),
        "abstract": _WORDS,
        "keywords": st.lists(_LISTED.filter(bool), max_size=4, unique=True).map("; ".join),
        "language": st.sampled_from(["", "eng", "English; French"]),
        "type": st.sampled_from(["", "JOUR", "Journal Article", "Article; Review", "CHAP", "book"]),
        "url": st.sampled_from(["", "https://example.org/a?b=1&c=2"]),
        "accession": st.sampled_from(["", "WOS:000900000000001", "2-s2.0-90000000001", "L2900000001"]),
    }
)


def read(text: str) -> list[dict[str, str]]:
    found, _, parts = records.read_raw(text.encode())
    assert {RawRecord} >= {type(part) for part in parts}
    return [found.to_fields(part) for part in parts if isinstance(part, RawRecord)]


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return make_records(**{column: [row[column] for row in rows] for column in CONTENT})


@WRITERS
@settings(deadline=None, max_examples=50)
@given(rows=st.lists(_ROWS, min_size=1, max_size=3))
def test_reading_what_was_written_gives_the_records_back(
    module: ModuleType, rows: list[dict[str, str]]
) -> None:
    again = read(module.write(table(*rows)))

    assert [{column: each[column] for column in CONTENT} for each in again] == [
        {column: row[column] for column in CONTENT} for row in rows
    ]


@WRITERS
def test_no_records_are_a_sound_empty_file(module: ModuleType) -> None:
    assert not list(module.parse(module.write(make_records())))
