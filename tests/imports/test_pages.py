"""Exports of which less is held than they have: read a page at a time, they give the same."""

import random
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from peerreview.errors import InputError
from peerreview.imports import collecting, formats, pages, stretches
from peerreview.imports.batches import Batch
from peerreview.imports.formats.shared import encodings, grids
from peerreview.tables import contents, spool
from peerreview.tables.contents import Content
from peerreview.tables.spool import Spool
from tests.builders import make_ris
from tests.imports import whole
from tests.imports.formats.samples import SAMPLES
from tests.imports.formats.test_damage import damage
from tests.imports.formats.test_mixture import ERIC

EXPORTS = {name: text.encode() for name, (_, text) in SAMPLES.items()}
NUMBERED = EXPORTS["ris"].replace(b"TY  -", b"7. \nDatabase: Cochrane, Central\n\nTY  -")
EXPORTS |= {"numbered": NUMBERED, "eric": ERIC.encode(), "pmc": b"PMC - PMC1\nPMID- 2\nTI  - A\n\n" * 4}
"""Ovid numbers its records, Cochrane heads them; ERIC and PubMed Central do not begin with PMID."""
TABLES = ("commas", "tabs", "semicolons")
PAGED = ("ris", "numbered", "nbib", "eric", "pmc", "wos", "refer", *TABLES)


@contextmanager
def held_at_most(n_characters: int, n_bytes: int = 10_000) -> Iterator[None]:
    """Have about so many characters of an export held at a time."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((pages, "PAGE"), (pages, "_TABLE_PAGE"), (stretches, "LENGTH")):
            patch.setattr(module, name, n_characters)
        patch.setattr(contents, "_AT_ONCE", n_bytes)
        # Lines that are looked at below a row, which is most of a small table.
        patch.setattr(grids, "LONGEST", 4)
        yield


def read(content: bytes, n_characters: int) -> Batch | str:
    with held_at_most(n_characters):
        (found,) = collecting.collect([Content(content)], (), Spool(), None)
    return str(found) if isinstance(found, InputError) else whole(found)


def open_in_pages(content: bytes, n_characters: int) -> list[stretches.Opened]:
    with held_at_most(n_characters, n_bytes=100), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "_OPENING", 1_000)
        return list(pages.open_pages(Content(content), Spool())[1])


def longer(name: str) -> bytes:
    """Return an export of many records in one frame, or below one header."""
    export = EXPORTS[name]
    if name == "wos":
        head, _, records = export.partition(b"PT J")
        return head + (b"PT J" + records.removesuffix(b"EF\n")) * 8 + b"EF\n"
    header, _, rows = export.partition(b"\n")
    return header + b"\n" + rows * 8 if name in TABLES else export * 8


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_read_in_pages_gives_the_same(name: str) -> None:
    for export in (EXPORTS[name] * 3, longer(name)):
        for size in (50, 300, 1_000):
            assert read(export, size) == read(export, 10**9), size


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", PAGED)
def test_a_damaged_export_read_in_pages_gives_the_same(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")  # noqa: S311  the same damage in every run
    export = longer(name)
    for _ in range(8):
        damaged = damage(export, list(EXPORTS.values()), chance)
        size = chance.choice((30, 200, 800))
        assert read(damaged, size) == read(damaged, 10**9), (size, damaged)


ACCENTS = "TY  - JOUR\nTI  - Überwachung bei Müdigkeit\nAU  - Ångström, É.\nER  - \n\n"
CHINESE = "TY  - JOUR\nTI  - 精神卫生服务中的同伴支持\nAU  - 李, 明\nER  - \n\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (ACCENTS, "utf-8"),
        (ACCENTS, "utf-8-sig"),
        (CHINESE, "utf-16"),
        (ACCENTS, "cp1252"),
        (CHINESE, "gb18030"),
    ],
)
def test_a_text_that_comes_in_pieces_is_decoded_as_a_whole(
    text: str, codec: str, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (text * 3).replace("\n", ends).encode(codec)
    damaged = content[:41] + b"\xc3\x28" + content[43:] if codec == "utf-8" else content + "É".encode()
    for export in (content, damaged):
        for n_bytes in (10, 11, 64):
            monkeypatch.setattr(contents, "_AT_ONCE", n_bytes)
            found = encodings.find(Content(export))
            assert found is not None
            pieces = "".join(encodings.texts(Content(export), found))
            assert formats.Decoded(pieces, found.name, found.warnings) == formats.decode(export), n_bytes


def test_a_large_export_is_never_held() -> None:
    """As many pages as there are records, none of them long."""
    text = make_ris("TI  - A", "AB  - " + "b" * 200) * 40

    lengths = [len(opened.text) for opened in open_in_pages(text, 300)]

    assert len(lengths) > 10
    assert max(lengths) < 4 * 300


@pytest.mark.parametrize("name", ["numbered", "eric", "pmc", "wos", "refer"])
def test_an_export_is_cut_between_its_records(name: str) -> None:
    lengths = [len(opened.text) for opened in open_in_pages(longer(name) * (5 if name == "pmc" else 1), 300)]

    assert len(lengths) > 3


def test_a_long_table_is_never_held() -> None:
    rows = "".join(f'"A {number}","{"b" * 90}\n{"c" * 90}",2020\n' for number in range(60))
    opened = open_in_pages(f"Title,Abstract,Year\n{rows}".encode(), 3_000)

    assert len(opened) > 3
    assert [len(each.parts or ()) > 0 for each in opened] == [True] * len(opened)


def test_exports_joined_below_the_first_page_are_read_as_one() -> None:
    export = make_ris("TI  - A") * 30 + b"\n" + EXPORTS["nbib"] * 10 + EXPORTS["commas"]

    assert read(export, 300) == read(export, 10**9)


def test_what_breaks_in_the_last_page_is_a_fault_of_the_line() -> None:
    export = make_ris("TI  - A") * 30 + b"TY  - JOUR\nTI  - Broken off\nAB  - and no mo"

    found = read(export, 200)

    assert isinstance(found, Batch)
    assert [piece.line for piece in found.rejects] == [export.count(b"\n") - 1]
    assert found == read(export, 10**9)


def test_the_sign_of_a_format_in_a_late_page_tells_it() -> None:
    """A RIS export may open with a title page that looks like a table."""
    export = b"Title,Author,Year\nA,B,2020\n" + b"C,D,2021\n" * 300 + make_ris("TI  - A")

    assert read(export, 500) == read(export, 10**9)


@pytest.mark.slow
def test_four_times_as_many_records_need_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST", 1)
    monkeypatch.setattr(pages, "_OPENING", 1_000)

    def peak(name: str, n_times: int) -> int:
        record = b'"A","' + b"a b " * 250 + b'",2020\n' if name == "commas" else EXPORTS[name] + b"\n"
        export = (b"Title,Abstract,Year\n" if name == "commas" else b"") + record * n_times
        tracemalloc.start()
        with held_at_most(20_000):
            (found,) = collecting.collect([Content(export)], (), Spool(), None)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert not isinstance(found, InputError)
        assert found.imported >= n_times
        return most

    for name in ("ris", "nbib", "refer", "commas"):
        peak(name, 300)
        assert peak(name, 1_200) < 1.25 * peak(name, 300), name
