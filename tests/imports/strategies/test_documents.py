"""Histories in the files in which people save them."""

import io
import zipfile

import pytest

from peerreview.errors import InputError
from peerreview.imports.strategies import documents, reading

LINES = [
    ("1", "exp Peer Group/", "25410"),
    ("2", "(peer* or “buddy”).ti.", "14200"),
    ("3", "1 or 2", "30000"),
]


def entries(content: bytes) -> list[tuple[str, str, str]]:
    """Return the number, text and count of each line."""
    _, strategy = reading.parse(content)
    return [(each.number, each.text, each.hits) for each in strategy.entries]


def page(row: str) -> bytes:
    """Return a web page with a table of the lines."""
    head = row.format("#", "Searches", "Results")
    body = "\n".join(row.format(*cells) for cells in LINES)
    return (
        "<!DOCTYPE html>\n<html><head><title>Ovid</title><style>td {}</style></head><body>\n"
        f"<p>Database: Ovid MEDLINE</p>\n<table>\n{head}\n{body}\n</table></body></html>\n"
    ).encode()


@pytest.mark.parametrize(
    "row",
    ["<tr><td>{}</td><td><span>{}</span></td><td><a href='x'>{}</a></td></tr>", "<tr><td>{}<td>{}<td>{}"],
)
def test_a_web_page_s_table_is_read_with_its_lines(row: str) -> None:
    assert entries(page(row)) == LINES
    _, strategy = reading.parse(page(row))
    assert [each.line for each in strategy.entries] == [6, 7, 8]
    assert strategy.database == "Ovid MEDLINE"


def test_a_page_that_is_one_line_is_read_all_the_same() -> None:
    content = page("<tr><td>{}</td><td>{}</td><td>{}</td></tr>").replace(b"\n", b"")

    assert entries(content) == LINES
    assert reading.parse(content)[1].database == "Ovid MEDLINE"


def test_a_rich_text_is_read_with_its_quotes() -> None:
    rows = "".join(
        rf"\trowd {number}\cell {text}\cell {hits}\cell\row" + "\n" for number, text, hits in LINES
    )
    text = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}\pard Database: Ovid MEDLINE\par"
        "\n"
    )
    content = text.encode() + rows.replace("“", r"\ldblquote ").replace("”", r"\u8221?").encode() + b"}"

    assert entries(content) == LINES


def test_a_word_document_s_paragraphs_and_tables_are_read() -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = "".join(f"<w:tr>{''.join(cell.format(each) for each in cells)}</w:tr>" for cells in LINES)
    body = f"<w:p><w:r><w:t>Database: Ovid MEDLINE</w:t></w:r></w:p><w:tbl>{rows}</w:tbl>"
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        document = f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)

    assert entries(saved.getvalue()) == LINES


def test_a_markdown_table_is_read() -> None:
    text = "| # | Search | Results |\n|---|---|--:|\n"
    text += "".join(f"| {number} | {words} | {hits} |\n" for number, words, hits in LINES)

    assert entries(text.replace("*", "\\*").encode()) == LINES


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04word/document.xml", "damaged Word document"),
        (b"<html><body></body></html>", "holds no text"),
        (b"x" * 6_000_000, "larger than any search history"),
        (b"1. exp a/\n" * 100_000, "longer than any search history"),
        (b"%PDF-1.4", "is a PDF"),
    ],
)
def test_what_holds_no_search_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        reading.parse(content)


def test_blanks_of_every_kind_are_blanks() -> None:
    assert documents.plain("a\u00a0b\u202fc\u200b") == "a b c"


def test_a_query_fenced_in_markdown_is_read_without_the_notes_around_it() -> None:
    text = (
        "### 3. APA PsycINFO via ProQuest (1,070 results)\n\n**Search date:** 2026-02-28\n\n**Query:**\n"
        '```text\nSU.EXACT("Trust")\n  AND ab(peer* OR buddy)\n```\n\n**Filters:** Type = a OR b\n'
    )
    platform, _ = reading.parse(text.encode())

    assert entries(text.encode()) == [("1", 'SU.EXACT("Trust") AND ab(peer* OR buddy)', "1070")]
    assert platform.NAME == "proquest"


def test_a_heading_in_markdown_numbers_what_its_fence_holds() -> None:
    text = (
        "## Embase (Dialog)\n\n### S1 Peers\n```\nTI(peer) OR AB(peer)\n```\n### Block S2: Nurses\n```\n"
        "S2 TI(nurse)\n```\n### S3 Both\n```\nS1 AND S2\n```\n"
    )

    assert entries(text.encode()) == [
        ("1", "TI(peer) OR AB(peer)", ""),
        ("2", "TI(nurse)", ""),
        ("3", "S1 AND S2", ""),
    ]


def test_numbered_lines_in_a_fence_are_read_without_it() -> None:
    text = (
        "### Embase.com\n\n```\n#1 'peer'/exp OR\n   peer:ti,ab\n\n#2 nurse:ti,ab\n"
        "#3 #1 AND #2\n```\nNotes OR more\n"
    )

    assert entries(text.encode()) == [
        ("1", "'peer'/exp OR peer:ti,ab", ""),
        ("2", "nurse:ti,ab", ""),
        ("3", "#1 AND #2", ""),
    ]


def test_what_stands_as_code_in_a_table_of_markdown_is_what_was_searched() -> None:
    text = (
        '| # | Query | Results |\n|---|---|---|\n| #1 | `"Peer Group"[Mesh]` | 1,204 |\n'
        "| #2 | `peer*[tiab]` | 310 |\n"
    )

    assert entries(text.encode()) == [("1", '"Peer Group"[Mesh]', "1204"), ("2", "peer*[tiab]", "310")]


def test_a_table_of_boolean_queries_names_its_database_and_day() -> None:
    text = "Database\tBoolean\tDate\t# Hits\nPsycinfo (Proquest)\tab(peer) AND ab(nurse)\t2019-10-29\t94\n"
    platform, strategy = reading.parse(text.encode())

    assert entries(text.encode()) == [("1", "ab(peer) AND ab(nurse)", "94")]
    assert (platform.NAME, strategy.database, strategy.searched_on) == (
        "proquest",
        "Psycinfo (Proquest)",
        "2019-10-29",
    )


def test_one_fence_of_numbered_lines_is_the_search_whatever_is_listed_around_it() -> None:
    text = (
        "# Search\n\n| Field | Value |\n|---|---|\n| Platform | Ovid |\n\n1. **Not** run yet:\n2. waits\n\n"
        "| Concept | PubMed | Ovid |\n|---|---|---|\n| Sleep | `sleep[mh]` | `exp Sleep/` |\n\n"
        "- Truncation: `nap*`\n\n"
        "```\n1     exp Sleep/\n2     (nap* or\n      doze).ti,ab.\n\n3     1 or 2\n```\n\n"
        "- **Line 3** is exported.\n\n"
        "```bash\npeerreview search\n```\n\n| Line | n |\n|---|---|\n| 3 | |\n"
    )
    platform, _ = reading.parse(text.encode())

    assert entries(text.encode()) == [
        ("1", "exp Sleep/", ""),
        ("2", "(nap* or doze).ti,ab.", ""),
        ("3", "1 or 2", ""),
    ]
    assert platform.NAME == "ovid"
