"""Tests of what is common to all export formats: decoding and recognition."""

import pytest

from peerreview.errors import InputError
from peerreview.imports import formats
from peerreview.imports.formats import mixture

RIS = "TY  - JOUR\nTI  - Über Genesung\nER  - \n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (RIS.encode(), "UTF-8"),
        (RIS.encode("utf-8-sig"), "UTF-8 with BOM"),
        (RIS.encode("utf-16"), "UTF-16"),
        (RIS.encode("utf-16-le"), "UTF-16 without BOM"),
        (RIS.encode("utf-16-be"), "UTF-16 without BOM"),
        (RIS.encode("cp1252"), "Windows-1252"),
        (RIS.replace("\n", "\r\n").encode(), "UTF-8"),
        (RIS.replace("\n", "\r").encode(), "UTF-8"),
        (RIS.replace("\n", "\r\r\n").encode(), "UTF-8"),
    ],
)
def test_every_encoding_and_line_end_gives_the_same_text(content: bytes, encoding: str) -> None:
    decoded = formats.decode(content)

    assert (RIS, encoding) == (decoded.text, decoded.encoding)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_in_chinese_too(codec: str) -> None:
    text = f"TY  - JOUR\nTI  - 同伴支持\nAB  - {'系统评价同伴支持工作者的作用研究综述' * 20}\nER  - \n"
    decoded = formats.decode(text.encode(codec))

    assert (text, "UTF-16 without BOM") == (decoded.text, decoded.encoding)
    with pytest.raises(InputError, match="binary"):
        formats.decode(b"\x00\x01\x02\xff" * 50)


def test_old_encodings_are_told_with_their_first_line() -> None:
    warnings = formats.decode(RIS.encode("cp1252")).warnings

    assert [(w.line, w.message) for w in warnings] == [
        (2, "not UTF-8: read as Windows-1252; check the accents")
    ]


def test_two_exports_pasted_together_keep_the_accents_of_both() -> None:
    decoded = formats.decode(RIS.encode("cp1252") + RIS.encode())

    assert decoded.text == RIS + RIS
    assert decoded.encoding == "UTF-8 and Windows-1252"


def test_a_damaged_line_of_utf8_is_marked_not_guessed() -> None:
    decoded = formats.decode("TI  - Über Geneßung\n".encode().replace("ß".encode(), b"\xc3"))

    assert decoded.text == f"TI  - Über Gene{formats.LOST}ung\n"


def test_xml_is_read_in_the_encoding_that_it_declares() -> None:
    declared = '<?xml version="1.0" encoding="ISO-8859-2"?>\n<records>Wałęsa, Dvořák</records>\n'
    decoded = formats.decode(declared.encode("iso-8859-2"))

    assert (declared, "ISO-8859-2", ()) == (decoded.text, decoded.encoding, decoded.warnings)
    assert declared == formats.decode(declared.encode()).text
    unknown = declared.replace("ISO-8859-2", "no-such-code").encode("cp1250")
    assert "Windows-1252" in formats.decode(unknown).encoding
    western = declared.replace("ISO-8859-2", "ISO-8859-1").replace("Wałęsa, Dvořák", "“Über”")
    assert "“Über”" in formats.decode(western.encode("cp1252")).text
    wrong = declared.replace("ISO-8859-2", "UTF-16").encode("iso-8859-2")
    assert "Windows-1252" in formats.decode(wrong).encoding


def test_chinese_exports_are_read() -> None:
    text = "@article{a, title={精神卫生服务中的同伴支持工作者研究}}"

    assert formats.decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"PK\x03\x04rest", "is a ZIP archive"),
        (b"PK\x03\x04rest word/document.xml", "is a Word document"),
        (
            b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "is a workbook that is damaged",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0d\0", "is no old Excel workbook"),
        (b"\x1f\x8b\x08", "is compressed"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x0e" * 9, "a binary file"),
        (b"<!DOCTYPE html>\n<html><body>Log in</body></html>", "is a web page"),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN">',
            "is a web page",
        ),
        (b"<!DOCTYPE html>\n<html><head><script>(function() {})</script></head></html>", "is a web page"),
        (b"<!-- saved --><!-- > -->\n<html><body>Log in</body></html>", "is a web page"),
        (b"Dear colleague,\nplease find attached", "is in no known export format"),
    ],
)
def test_what_is_no_export_is_called_by_its_name(content: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        mixture.detect(formats.decode(content).text)


def test_the_content_decides_on_the_format() -> None:
    assert mixture.detect(RIS).NAME == "ris"
    assert mixture.detect("\n@Article{key,\n title = {A}\n}\n").NAME == "bibtex"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<rdf:RDF xmlns:rdf="http://x.example"><bib:Article/></rdf:RDF>', "is RDF"),
        ("<modsCollection><mods/></modsCollection>", "is MODS"),
        ("<b:Sources><b:Source/></b:Sources>", "Word's own list"),
        ("Record #1 of 2\nID: CN-90000001\nAU: Example V\nTI: Peer work\n", "Cochrane Library's plain text"),
        (
            "1. J Inv. 2024 May;1(2):3-9.\n\nPeer work.\n\nPMID: 90000001 [Indexed for MEDLINE]\n",
            "PubMed's text",
        ),
        (
            "\n1. J Inv. 2014.\n\n[A AND roles].\n\nPMID: 90000001\n\n\n2. J Inv. 2014.\n\nPeers (a OR b).\n",
            "PubMed's text",
        ),
        ("Scopus\nEXPORT DATE: 06 December 2023\n\nExample V.\nPeer work\n(2013) Peers", "Scopus's text"),
        ("{Reference Type}: Journal Article\n{Title}: 同伴工作\n", "NoteExpress's or E-Study's text"),
        ("DataType: 1\nTitle-题名: 同伴工作\n", "NoteExpress's or E-Study's text"),
        ("____\n\nReport Information from ProQuest\n____\nDocument 1 of 2\n", "ProQuest's text"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_export_instead(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        mixture.detect(text)


def test_a_wide_table_that_is_not_known_is_no_search_history() -> None:
    names = [
        "country",
        "author_of_it",
        *(f"question_{n}" for n in range(9)),
        "affiliation_of_" + "those_who_care_" * 4,
    ]
    rows = [
        f'"Central {n}","""Care"", at\n{n}. Reviews of CENTRAL, #1 or #2; CENTRAL"' + ",x" * 10
        for n in (1, 2, 3)
    ]
    text = "\n".join([",".join(names), *rows, ""])

    with pytest.raises(InputError, match="is a table, and no column of it is known as a title"):
        mixture.detect(text)
