"""Tests of files in which exports of several formats stand one after the other."""

import pytest

from peerreview.imports import records
from peerreview.imports.formats import RawRecord, Warned, mixture
from tests.imports.formats.samples import BIBTEX, COMMAS, ENDNOTE_XML, NBIB, PUBMED_XML, RIS, SAMPLES, WOS

TABLES = [name for name, (found, _) in SAMPLES.items() if found == "spreadsheet"]


@pytest.mark.parametrize("first", SAMPLES)
@pytest.mark.parametrize("second", SAMPLES)
def test_no_export_vanishes_in_the_last_record_of_another(first: str, second: str) -> None:
    batch = records.read_export(f"{SAMPLES[first][1]}\n{SAMPLES[second][1]}".encode())

    if first in TABLES and second in TABLES:
        assert batch.imported == 6 or batch.rejects
    else:
        assert batch.imported == 6


def test_records_keep_the_lines_of_the_file_and_their_own_formats() -> None:
    text = NBIB + WOS + RIS
    found = mixture.detect(text)
    parts = list(found.parse(text))
    lines = text.split("\n")

    assert found.looks_like(text)
    assert found.NAME == "ris and nbib and wos"
    assert [found.origin(part).database for part in parts if isinstance(part, RawRecord)] == [
        *["PubMed"] * 3,
        *["Web of Science"] * 3,
        *[""] * 3,
    ]
    for part in parts:
        if isinstance(part, RawRecord):
            assert part.text.startswith(lines[part.line - 1])
            assert found.to_fields(part)["title"]
    assert [part.message for part in parts if isinstance(part, Warned)] == [
        "records in another format (wos) from here on",
        "records in another format (ris) from here on",
    ]


def test_a_record_that_speaks_of_another_format_is_no_mixture() -> None:
    text = NBIB.replace(
        "Peer work is growing.", "PT J stands for a journal, <1> for a number, %0 for a type."
    )

    assert mixture.detect(text).NAME == "nbib"


def test_a_line_of_words_and_commas_is_no_table() -> None:
    text = NBIB.replace("Peer work is growing.", "Title,abstract\nTitle,and author,were searched.")

    assert mixture.detect(text).NAME == "nbib"


def test_a_table_above_a_tagged_export_is_read() -> None:
    assert mixture.detect(COMMAS + RIS).NAME == "ris and spreadsheet"


TABLE = "We extracted:\nTitle,Authors,Year\nPeer work,Reeves V,2024\nHope,Doe J,2023\nand no more."


@pytest.mark.parametrize(
    "text",
    [
        RIS.replace("ER  - ", f"AB  - {TABLE}\nKW  - peer support\nER  - ", 1),
        BIBTEX.replace("  year = ", f"  abstract = {{{TABLE}}},\n  year = ", 1),
        ENDNOTE_XML.replace("<titles>", f"<abstract>{TABLE}</abstract><titles>", 1),
    ],
)
def test_a_table_within_an_abstract_holds_no_records(text: str) -> None:
    batch = records.read_export(text.encode())

    assert (batch.imported, batch.rejects) == (3, [])
    assert sum(b"and no more." in row for row in batch.rows) == 1


def test_a_table_stands_below_a_record_with_a_table_in_its_abstract() -> None:
    text = RIS.rstrip()[:-4].rstrip() + f"\nAB  - {TABLE}\nER  - \n"
    batch = records.read_export((text + COMMAS).encode())

    assert (batch.imported, batch.rejects) == (6, [])


def test_a_footer_below_a_table_does_not_hide_it() -> None:
    batch = records.read_export(f"{NBIB}\n{COMMAS}3 references were exported.\n".encode())

    assert (batch.imported, batch.rejects) == (6, [])


@pytest.mark.parametrize("inner", [RIS, BIBTEX])
def test_an_export_within_a_cell_of_a_table_is_text(inner: str) -> None:
    quoted = inner.replace('"', "'")
    text = f'Title,Abstract,DOI\nOne,"See:\n{quoted}end",10.5555/a\nTwo,Nothing,10.5555/b\n'
    batch = records.read_export(text.encode())

    assert (batch.format, batch.imported, batch.rejects) == ("spreadsheet", 2, [])


def test_a_table_of_two_columns_above_an_export_is_read() -> None:
    batch = records.read_export(f'title,abstract\n"A study","Peer work."\n{RIS}'.encode())

    assert (batch.format, batch.imported, batch.rejects) == ("ris and spreadsheet", 4, [])


def test_a_table_without_its_header_above_an_export_is_not_passed_over() -> None:
    text = f'"A study","Doe J",2024,"Told:\nTitle,Authors,Year\nand more"\n{PUBMED_XML}'
    _, _, parts = records.read_raw(text.encode())

    assert any('"A study"' in part.text for part in parts)
    assert records.read_export(text.encode()).imported == 3
