"""Tests of files in which exports of several formats stand one after the other."""

import pytest

from peerreview import formats, records
from peerreview.formats import RawRecord, Warned
from tests.formats.samples import COMMAS, NBIB, RIS, SAMPLES, WOS

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
    found = formats.detect(text)
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

    assert formats.detect(text).NAME == "nbib"


def test_a_line_of_words_and_commas_is_no_table() -> None:
    text = NBIB.replace("Peer work is growing.", "Title,abstract\nTitle,and author,were searched.")

    assert formats.detect(text).NAME == "nbib"


def test_a_table_above_a_tagged_export_is_read() -> None:
    assert formats.detect(COMMAS + RIS).NAME == "ris and spreadsheet"
