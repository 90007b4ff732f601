"""Property tests: reading what was written gives the records back, in every format that is written here."""

from collections.abc import Callable
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.imports import stretches
from peerreview.imports.formats import RawRecord, Writer, registry
from peerreview.imports.formats.writers import bibtex, csl, endnote_xml, nbib, ris, spreadsheet
from peerreview.tables import writing
from peerreview.values import cells
from peerreview.values.missing import NO_VALUE
from tests.builders import make_records

MODULES = [ris, bibtex, csl, endnote_xml, nbib]
SHIPPED: tuple[Writer, ...] = (ris, bibtex, csl, endnote_xml, nbib, spreadsheet)
"""The type checker sees here that each module is of the shape of a writer."""
WRITERS = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.NAME)
CONTENT = [column for column in tables.CONTENT if column != "extra"]

_WORDS = (
    st.text(
        st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="<>&"),
        max_size=120,
    )
    .map(cells.text)
    .filter(lambda value: value not in NO_VALUE)  # no record that was imported has one
)
_LISTED = _WORDS.map(lambda value: value.replace(";", "").strip())
_NAMES = st.one_of(
    st.sampled_from(
        [
            "Example, Verity",
            "van den Berg, Jörg K.",
            "King, Martin L, Jr",
            "李, 明",
            "Selvamani",
            "Médecins Sans Frontières",
            "NHS England",
            "et al.",
            "A, B, C, D",
            "Doe, J and Roe, K",
            'Sample, =HYPERLINK("http://x.example","y")',
        ]
    ),
    st.from_regex(r"[A-Z][a-z]{1,9}, [A-Z][a-z]{1,9}( [A-Z]\.)?", fullmatch=True),
)
_ROWS = st.fixed_dictionaries(
    {
        "title": st.one_of(st.just(""), _WORDS.filter(lambda value: len(value) > 3)),
        "authors": st.lists(_NAMES, max_size=4).map("; ".join),
        "year": st.sampled_from(["", "1999", "2024"]),
        "journal": _LISTED,
        "volume": st.sampled_from(["", "24", "S1"]),
        "issue": st.sampled_from(["", "0", "1", "2-A(E)", "1950807"]),
        "pages": st.sampled_from(["", "211-219", "e12", "S12-S18"]),
        "doi": st.sampled_from(["", "10.5555/peer.1", "10.5555/a(b)c;2-d", "10.5555/a{b}c"]),
        "pmid": st.sampled_from(["", "90000001"]),
        "pmcid": st.sampled_from(["", "PMC9000001"]),
        "isbn": st.sampled_from(["", "9783161484100"]),
        "issn": st.sampled_from(["", "1234-5679", "1234-5679; 2345-678X"]),
        "abstract": _WORDS,
        "keywords": st.lists(_LISTED.filter(bool), max_size=4, unique=True).map("; ".join),
        "language": st.sampled_from(["", "eng", "English; French"]),
        "type": st.sampled_from(["", "JOUR", "Journal Article", "Article; Review", "CHAP", "book", "J", "-"]),
        "url": st.sampled_from(
            [
                "",
                "https://example.org/a?b=1&c=2",
                "https://example.org/{a}_b}~c",
                "https://www.proquest.com/docview/90000001",
                "<Go to ISI>://WOS:000900000000001",
                "ftp://example.org/a",
                "www.example.org",
                "internal-pdf://A and B.pdf",
            ]
        ),
        "accession": st.sampled_from(
            ["", "WOS:000900000000001", "2-s2.0-90000000001", "L2900000001", "90000001; 51887"]
        ),
        "source": st.sampled_from(["MEDLINE", "Scopus", "BIOSIS Citation Index", "records_of & ours_{1}"]),
    }
)


def read(text: str) -> list[dict[str, str]]:
    found, _, parts = stretches.read_raw(text.encode())
    assert {RawRecord} >= {type(part) for part in parts}
    return [
        found.to_fields(part) | {"source": found.origin(part).database}
        for part in parts
        if isinstance(part, RawRecord)
    ]


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return make_records(**{column: [row[column] for row in rows] for column in (*CONTENT, "source")})


def write_csv(found: pd.DataFrame) -> str:
    return "".join(
        f"{writing.csv_line(cells)}\n"
        for written in [spreadsheet.write(found)]
        for cells in (written.columns, *written.to_numpy())
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "write",
    [*(module.write for module in MODULES), write_csv],
    ids=[*(module.NAME for module in MODULES), "csv"],
)
@settings(deadline=None, max_examples=50)
@given(rows=st.lists(_ROWS, min_size=1, max_size=3))
def test_reading_what_was_written_gives_the_records_back(
    write: Callable[[pd.DataFrame], str], rows: list[dict[str, str]]
) -> None:
    again = read(write(table(*rows)))

    assert expected(rows, again) == [{column: each[column] for column in rows[0]} for each in again]


def expected(rows: list[dict[str, str]], again: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return what records must be again: an accession number that they lack may be taken from their link."""
    pairs = list(zip(rows, again, strict=True))
    linked = [each["accession"] if each["accession"] in row["url"] else "" for row, each in pairs]
    return [row | {"accession": row["accession"] or number} for row, number in zip(rows, linked, strict=True)]


@WRITERS
def test_no_records_are_a_sound_empty_file(module: ModuleType) -> None:
    assert not list(registry.load(module.NAME).parse(module.write(make_records())))


def test_the_registry_loads_each_writer_by_its_name() -> None:
    assert tuple(each.NAME for each in SHIPPED) == registry.WRITTEN
    assert [registry.load_writer(name) for name in registry.WRITTEN] == list(SHIPPED)
