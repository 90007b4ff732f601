"""Tests of files in which exports of several formats stand one after the other."""

from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.imports import collecting, exports, stretches
from peerreview.imports.formats import RawRecord, Warned, mixture
from peerreview.imports.formats.shared import grids
from peerreview.tables.contents import Content
from tests.exports import read_export
from tests.imports import whole
from tests.imports.formats.samples import BIBTEX, COMMAS, ENDNOTE_XML, NBIB, PUBMED_XML, RIS, SAMPLES, WOS

ERIC = """
OWN - ERIC
TI  - Peer workers in acute care
AU  - Example, Verity
OID - EJ0000001
DP  - 2024

OWN - ERIC
TI  - Supervision of peer workers
AU  - Sample, Ada
OID - EJ0000002
DP  - 2019

OWN - ERIC
TI  - Recovery colleges
OID - EJ0000003
DP  - 2020
"""
EXPORTS = {name: text for name, (_, text) in SAMPLES.items()} | {"eric": ERIC}


@pytest.mark.parametrize("length", [1, 2_000_000])
@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
@pytest.mark.parametrize("first", EXPORTS)
def test_of_two_exports_in_one_file_each_is_read_as_alone(
    first: str, gap: str, length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = {name: whole(read_export(text.encode())) for name, text in EXPORTS.items()}
    monkeypatch.setattr(stretches, "LENGTH", length)

    for second, text in EXPORTS.items():
        batch = whole(read_export((EXPORTS[first].rstrip("\n") + gap + text).encode()))
        assert batch.rows == alone[first].rows + alone[second].rows, second
        assert batch.keys == alone[first].keys + alone[second].keys
        assert not batch.rejects
        n_lines = EXPORTS[first].rstrip("\n").count("\n") + len(gap)
        assert batch.lines == alone[first].lines + [line + n_lines for line in alone[second].lines]


@pytest.mark.parametrize("third", ["ris", "commas", "wos"])
@pytest.mark.parametrize("first", EXPORTS)
def test_of_three_exports_in_one_file_each_is_read_as_alone(first: str, third: str) -> None:
    alone = {name: whole(read_export(text.encode())).rows for name, text in EXPORTS.items()}

    for second in EXPORTS:
        text = EXPORTS[first] + EXPORTS[second].rstrip("\n") + EXPORTS[third]
        assert whole(read_export(text.encode())).rows == alone[first] + alone[second] + alone[third]


@pytest.mark.parametrize("name", EXPORTS)
def test_a_line_of_words_in_an_abstract_opens_no_export(name: str) -> None:
    told = "We extracted Title,Authors,Year,DOI and asked for TY  - JOUR, PMID- 1 or [ { in all."
    told = told.replace(",", " ;") if name == "commas" else told
    text = EXPORTS[name].replace("Peer work is growing.", told)
    batch = read_export(text.encode())

    assert (batch.imported, batch.rejects) == (3, [])


def test_large_exports_that_are_joined_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the Web of Science ends without a line end, so that RIS begins in its last line."""
    monkeypatch.setattr(collecting, "LARGE", 0)
    monkeypatch.setattr(stretches, "LENGTH", 2_000)
    record = "PT J\nTI Study {n}\nPY 2020\nUT WOS:{n:015}\nER\n\n"
    wos = "FN Clarivate\nVR 1.0\n" + "".join(record.format(n=n) for n in range(500)) + "EF"
    ris = "".join(f"TY  - JOUR\nTI  - Other {n}\nPY  - 2021\nER  - \n\n" for n in range(500))
    named = [exports.Export(str(tmp_path / "all.txt"), "all.txt")]
    found = exports.read_exports(named, [Content((wos + ris).encode())], exports.Expected())

    assert (found.n_found, found.n_imported, found.faults) == (1_000, 1_000, ())


@pytest.mark.parametrize(
    "text",
    [
        "Title,Author,Year\nA,B,2020\nTY  - JOUR\nTI  - X\nER  - \n",
        "Title,Author,Year\n",
        'x,"y Title,Author,Year\n',
        "@article{a,\n title={x},\n}\nTitle,Author,Year\nA,B,2020\n",
    ],
)
def test_twice_as_many_exports_in_a_file_are_twice_the_work(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is counted in the characters that are looked at for tables."""
    split, worked = grids.split_lines, [0]

    def count(part: str, most: int = -1) -> list[str]:
        worked[-1] += len(part)
        return split(part, most)

    monkeypatch.setattr(grids, "split_lines", count)
    monkeypatch.setattr(grids, "_FIRST_TEXT", 300)
    monkeypatch.setattr(mixture, "_ENOUGH", 300)
    for times in (40, 80):
        worked.append(0)
        read_export(("Title,Author,Year\nA,B,2020\n" + text * times).encode())

    assert 0 < worked[-1] < 2.5 * worked[-2]


def test_a_table_of_which_nobody_can_tell_the_beginning_is_refused() -> None:
    text = NBIB.rstrip("\n") + "Oddly called,Title,Authors,Year\n1,Peer work,Doe J,2024\n"

    with pytest.raises(InputError, match="put it in a file of its own"):
        read_export(text.encode())


def test_records_keep_the_lines_of_the_file_and_their_own_formats() -> None:
    text = NBIB + WOS + RIS
    found = mixture.detect(text)
    parts = list(found.parse(text))
    lines = text.split("\n")

    assert found.looks_like(text)
    assert found.NAME == "nbib and wos and ris"
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
    assert mixture.detect(COMMAS + RIS).NAME == "spreadsheet and ris"


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
    batch = read_export(text.encode())

    assert (batch.imported, batch.rejects) == (3, [])
    assert sum(b"and no more." in row for row in whole(batch).rows) == 1


def test_a_table_stands_below_a_record_with_a_table_in_its_abstract() -> None:
    text = RIS.rstrip()[:-4].rstrip() + f"\nAB  - {TABLE}\nER  - \n"
    batch = read_export((text + COMMAS).encode())

    assert (batch.imported, batch.rejects) == (6, [])


def test_a_footer_below_a_table_does_not_hide_it() -> None:
    batch = read_export(f"{NBIB}\n{COMMAS}3 references were exported.\n".encode())

    assert (batch.imported, batch.rejects) == (6, [])


@pytest.mark.parametrize("inner", [RIS, BIBTEX])
def test_an_export_within_a_cell_of_a_table_is_text(inner: str) -> None:
    quoted = inner.replace('"', "'")
    text = f'Title,Abstract,DOI\nOne,"See:\n{quoted}end",10.5555/a\nTwo,Nothing,10.5555/b\n'
    batch = read_export(text.encode())

    assert (batch.format, batch.imported, batch.rejects) == ("spreadsheet", 2, [])


def test_a_table_of_two_columns_above_an_export_is_read() -> None:
    batch = read_export(f'title,abstract\n"A study","Peer work."\n{RIS}'.encode())

    assert (batch.format, batch.imported, batch.rejects) == ("spreadsheet and ris", 4, [])


def test_a_table_without_its_header_above_an_export_is_not_passed_over() -> None:
    text = f'"A study","Doe J",2024,"Told:\nTitle,Authors,Year\nand more"\n{PUBMED_XML}'
    _, _, parts = stretches.read_raw(text.encode())

    assert any('"A study"' in part.text for part in parts)
    assert read_export(text.encode()).imported == 3
