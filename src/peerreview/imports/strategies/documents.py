"""Saved histories as rows: text, RTF, HTML, CSV, Word's .docx and workbooks, each row with its line."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

from peerreview.errors import InputError
from peerreview.imports.formats import decode
from peerreview.imports.strategies import Row
from peerreview.tables import dialects, workbooks

RTF = b"{\\rtf"
"""How a rich text begins."""
_WEB_PAGE = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div)\b", re.IGNORECASE | re.DOTALL
)
_QUERY = r"(?:query|queries|searche?s?|search (?:terms?|query|strategy|statement|string)|searched for|terms?)"
_CSV_HEAD = re.compile(
    rf"^\"?(?:search number|set#?|no\.?|#|id|search id|line)\"?[,;\t]\"?{_QUERY}\"?[,;\t]",
    re.IGNORECASE | re.MULTILINE,
)
_PUBMED_HEAD = re.compile(
    r"^(?=[^\n]*[,;]\"?query\b)(?=[^\n]*[,;]\"?(?:results|items found)\b)\"?search\"?[,;]",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"(?:^\"[#S]?\d{1,3}\"[,;]\".*\n?){3}", re.MULTILINE)
"""Lines of quoted cells without a header."""
_MOST = 5_000_000
_MOST_TEXT = 500_000
"""Bytes that a saved file may have, and letters of the search in it: one of 500 lines has 100,000."""
_MOST_CONTENT = 50_000_000
"""Bytes of a Word document's text, unpacked: a search has thousands."""


def read(content: bytes) -> tuple[Row, ...]:
    """
    Return the rows of a saved history, whatever program saved it; lines that hold nothing are none.

    Raises
    ------
    InputError
        Where it is empty, or no text.
    """
    if len(content) > _MOST:
        raise InputError(f"is larger than any search history ({len(content):,} bytes)")
    if content.startswith(RTF):
        rows = _of_rtf(content)
    elif content.startswith(b"PK") and b"word/document.xml" in content:
        rows = _of_docx(content)
    elif workbooks.looks_like(content):
        rows = _of_workbook(content)
    else:
        return read_text(decode(content).text)
    return _filled(rows)


def read_text(text: str) -> tuple[Row, ...]:
    """
    Return the rows of a decoded text: a web page, a table or lines.

    Raises
    ------
    InputError
        Where it holds nothing.
    """
    if _WEB_PAGE.match(text):
        return _filled(_of_html(text))
    found = _CSV_HEAD.search(text) or _PUBMED_HEAD.search(text) or _QUOTED.search(text)
    return _filled(_of_csv(text, found) if found else _of_text(text))


def _filled(rows: Iterator[Row]) -> tuple[Row, ...]:
    kept = tuple(row for row in rows if any(cell.strip() for cell in row.cells))
    if sum(len(cell) for row in kept for cell in row.cells) > _MOST_TEXT:
        raise InputError("is longer than any search history")
    if not kept:
        raise InputError("holds no text")
    return kept


def plain(text: str) -> str:
    """Return text with blanks of every kind as blanks; what was searched stays as it is."""
    bare = re.sub(r"[\u00a0\u2007\u202f\u2009]", " ", text.replace("\u200b", "").replace("\ufeff", ""))
    return re.sub(r" {30,}", " " * 30, bare)


def _of_text(text: str) -> Iterator[Row]:
    lines = [plain(line) for line in text.split("\n")]
    fences = [place for place, line in enumerate(lines) if _FENCE.fullmatch(line)]
    whole = _whole(lines, fences)
    if whole:
        rows = _around(lines, *whole)
    else:
        rows = _of_markdown(lines, fences) if len(fences) > 1 else enumerate(lines, start=1)
    for number, bare in rows:
        if bare.lstrip().startswith("|") and bare.count("|") > 2:
            # A table in Markdown; the rule under its header says nothing.
            cells = re.split(r"(?<!\\)\|", bare.strip().strip("|"))
            if not all(re.fullmatch(r"\s*:?-*:?\s*", cell) for cell in cells):
                yield Row(number, tuple(_CODE.sub(r"\1", cell.strip()).replace("\\", "") for cell in cells))
            continue
        yield Row(number, tuple(bare.split("\t")))


_FENCE = re.compile(r"\s*```+\s*[\w-]*\s*")
_CODE = re.compile(r"\A`([^`]+)`\Z")
_HEADING = re.compile(
    r"#{2,6} +(?:\d+(?:\.\d+)*[.)]? +)?(?P<said>(?:(?:block|line|step) +)?(?P<marker>[S#]\d{1,3}\b)?.*)",
    re.IGNORECASE,
)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


_OPENS = re.compile(r"\s*(?P<sign>[#SL]?)(?P<number>\d{1,3})(?:[.):]?\s+|[.):])\S", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")


def _whole(lines: Sequence[str], fences: Sequence[int]) -> tuple[int, int] | None:
    """Return where the one fence begins and ends that holds lines numbered 1, 2, 3, or None."""
    found = []
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        opened = [opens for line in lines[start + 1 : end] if (opens := _OPENS.match(line))]
        signs = {opens["sign"].upper() for opens in opened}
        if len(signs) == 1 and {"1", "2", "3"} <= {opens["number"] for opens in opened}:
            found.append((start, end))
    return found[0] if len(found) == 1 else None


def _around(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, str]]:
    """
    Yield (line, text) of what one fence holds, and of what is said above it.

    What is listed there, or a table of more than names and what they are, is about the search and none of
    its lines.
    """
    for place, line in enumerate(lines[:end]):
        if place > start:
            yield place + 1, line
        elif place < start and not _FENCE.fullmatch(line):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if "|" not in line:
                heading = _HEADING.fullmatch(line.strip())
                said = heading["said"] if heading else _LISTED.sub("", line)
                yield place + 1, _BOLD.sub(r"\1", said)
            elif len(cells) == 2 and not set(cells[0]) <= set(":- "):
                yield place + 1, ": ".join(cells)


def _of_markdown(lines: Sequence[str], fences: Sequence[int]) -> Iterator[tuple[int, str]]:
    """
    Yield (line, text) of what stands in the fences, and of what is said above the last of them.

    A heading that is a line's number, as in ``### S1 Population``, gives it to what its fence holds.
    """
    inside, marker = False, ""
    for place, line in enumerate(lines[: fences[-1]]):
        if place in fences:
            inside = not inside
        elif not inside:
            heading = _HEADING.fullmatch(line.strip())
            marker = (heading["marker"] or "") if heading else marker
            said = heading["said"] if heading else line
            if not marker:
                yield place + 1, _BOLD.sub(r"\1", said)
        elif line.strip():
            opens = re.match(rf"\s*{marker}\b(?!\s+(?:and|or|not)\b)", line, re.IGNORECASE)
            yield place + 1, f"{marker}\t{line}" if marker and not opens else line
            marker = ""


def _of_csv(text: str, found: re.Match[str]) -> Iterator[Row]:
    line = text.count("\n", 0, found.start()) + 1
    for number, above in enumerate(text[: found.start()].split("\n"), start=1):
        yield Row(number, (plain(above.strip('"')),))
    body = text[found.start() :]
    delimiter = dialects.sniff(body).delimiter
    if delimiter == "\t" and '""' not in body and not any(row.count('"') % 2 for row in body.split("\n")):
        # Copied, not exported: quotation marks around a whole cell are what was searched.
        for number, row in enumerate(body.split("\n"), start=line):
            yield Row(number, tuple(plain(row).split("\t")))
        return
    for number, cells in dialects.records(text, delimiter, found.start(), line - 1):
        yield Row(number, tuple(plain(cell) for cell in cells))


def _of_workbook(content: bytes) -> Iterator[Row]:
    for sheet in workbooks.read(content):
        for number, cells in enumerate(sheet.rows, start=1):
            yield Row(number, tuple(plain(cell) for cell in cells))


_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "dl",
        "dt",
        "dd",
        "section",
        "pre",
        "caption",
    ]
)
_SILENT = frozenset({"script", "style", "head", "button", "svg", "select", "noscript"})


class _Page(HTMLParser):
    """A web page's rows: each table row with its cells, each other block a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._cells: list[str] = []
        self._text: list[str] = []
        self._line, self._n_silent, self._in_row = 0, 0, 0
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._n_silent += 1
        elif tag == "tr":
            self._end_row()
            self._in_row, self._line = 1, self.getpos()[0]
        elif tag in ("td", "th") and self._in_row:
            self._end_cell()
            self._in_cell = True
        elif tag == "br" or (tag in _BLOCKS and self._in_row):
            self._text.append("\n")
        elif tag in _BLOCKS:
            self._end_row()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._n_silent = max(self._n_silent - 1, 0)
        elif tag in ("td", "th") and self._in_row:
            self._end_cell()
        elif tag == "tr":
            self._end_row()
            self._in_row = 0
        elif tag in _BLOCKS and not self._in_row:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._n_silent:
            return
        if not self._in_row and not any(text.strip() for text in self._text):
            self._line = self.getpos()[0] + len(data[: len(data) - len(data.lstrip())].split("\n")) - 1
        # A line end in the page's own text is a blank; in what was saved as <pre> it ends a line.
        self._text.append(data if not self._in_row else re.sub(r"\s+", " ", data))

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        """End a cell, whether it was closed or the next one opens."""
        if self._in_cell:
            self._cells.append(_squeezed("".join(self._text)))
        self._text, self._in_cell = [], False

    def _end_row(self) -> None:
        if self._in_row:
            self._end_cell()
        if self._in_row and self._cells:
            self.rows.append(Row(self._line, tuple(self._cells)))
        elif not self._in_row:
            for above, line in enumerate("".join(self._text).strip().split("\n")):
                self.rows.append(Row(self._line + above, tuple(plain(line).split("\t"))))
        self._cells, self._text = [], []


def _squeezed(text: str) -> str:
    lines = (" ".join(plain(line).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _of_html(text: str) -> Iterator[Row]:
    page = _Page()
    page.feed(text)
    page.close()
    yield from page.rows


_RTF = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|\r?\n|([^\\{}\r\n]+)"
)
_RTF_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict header footer listtable listoverridetable generator themedata "
    b"rsidtbl xmlnstbl latentstyles datastore fldinst listtext pgdsctbl".split()
)
_RTF_SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"cell": "\t", b"tab": "\t", b"sect": "\n", b"page": "\n",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•",
}  # fmt: skip


def _of_rtf(content: bytes) -> Iterator[Row]:
    """Yield the lines of a rich text; the line is that of the file where each begins."""
    codec = _rtf_codec(content)
    parts: list[tuple[int, str]] = []
    silent, depth, skipped = 0, 0, 0
    line = 1
    for found in _RTF.finditer(content):
        word, number, byte, sign, brace, text = found.groups()
        if brace:
            depth += 1 if brace == b"{" else -1
            silent = silent if depth >= silent else 0
        elif not silent:
            if word in _RTF_SILENT or sign == b"*":
                silent = depth
            elif word == b"u" and number:
                code = int(number)
                parts.append((line, chr(code + 65536 if code < 0 else code)))
                skipped = 1
            elif skipped and (byte or text):
                # What stands after \u is for readers that know no such letter.
                skipped = 0
                if text and len(text) > 1:
                    parts.append((line, text[1:].decode(codec, "replace")))
            elif word in _RTF_SIGNS:
                parts.append((line, _RTF_SIGNS[word]))
            elif byte:
                parts.append((line, bytes([int(byte, 16)]).decode(codec, "replace")))
            elif sign:
                parts.append((line, {b"~": " ", b"-": "", b"_": "-"}.get(sign, sign.decode("latin-1"))))
            elif text:
                parts.append((line, text.decode(codec, "replace")))
        line += found[0].count(b"\n")
    yield from _lines_of(parts)


def _rtf_codec(content: bytes) -> str:
    found = re.search(rb"\\ansicpg(\d{3,5})", content[:2000])
    name = f"cp{found[1].decode()}" if found else "cp1252"
    try:
        b"".decode(name)
    except LookupError:
        return "cp1252"
    return name


def _lines_of(parts: Sequence[tuple[int, str]]) -> Iterator[Row]:
    """Yield lines of text whose parts are known with the file's line that each stands in."""
    text: list[str] = []
    begin = 0
    for line, part in parts:
        for place, piece in enumerate(part.split("\n")):
            if place:
                yield Row(begin or line, _cells("".join(text)))
                text, begin = [], 0
            if piece.strip() and not begin:
                begin = line
            text.append(piece)
    yield Row(begin or 1, _cells("".join(text)))


def _cells(text: str) -> tuple[str, ...]:
    cells = plain(text).split("\t")
    while len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _of_docx(content: bytes) -> Iterator[Row]:
    """Yield a Word document's paragraphs and table rows; their number, from 1, stands for a line."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > _MOST_CONTENT:
                raise InputError("is a Word document of a size that no search has; save the search as text")
            text = archive.read(part)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise InputError("is a Word document that declares entities; save the search as text")
        body = ET.fromstring(text).find(f"{_W}body")
    except (zipfile.BadZipFile, KeyError, ET.ParseError, NotImplementedError, RuntimeError) as error:
        raise InputError("is a damaged Word document; save the search as text") from error
    number = 0
    for block in body if body is not None else ():
        rows = block.iter(f"{_W}tr") if block.tag == f"{_W}tbl" else [block]
        for row in rows:
            number += 1
            if row.tag == f"{_W}tr":
                cells = ["\n".join(map(_paragraph, cell.iter(f"{_W}p"))) for cell in row.iter(f"{_W}tc")]
                yield Row(number, tuple(plain(cell) for cell in cells))
            else:
                for line in _paragraph(row).split("\n"):
                    yield Row(number, tuple(plain(line).split("\t")))


def _paragraph(block: ET.Element) -> str:
    signs = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
    return "".join(
        (part.text or "") if part.tag == f"{_W}t" else signs.get(str(part.tag), "")
        for run in block.iter(f"{_W}r")
        for part in run
    )


def joined(rows: Sequence[Row]) -> str:
    """Return rows as one text, a line each: a platform is known by that."""
    return "\n".join(row.text for row in rows)
