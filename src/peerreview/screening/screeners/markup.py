"""Tables within web pages, as coding reports have them."""

from html.parser import HTMLParser


class _Tables(HTMLParser):
    """Collects the cells of each table: (line, texts) per row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[int, list[str]]]] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the library's
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append((self.getpos()[0], []))
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.tables[-1][-1][1].append("")
            self._in_cell = True
        elif tag in ("br", "p") and self._in_cell:
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.tables[-1][-1][1][-1] += data


def looks_like(text: str) -> bool:
    """Return whether text is a web page with a table."""
    opening = text[:2000].lstrip().casefold()
    return opening.startswith("<") and "<table" in text.casefold()


def rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the line and cells of each row of a page's longest table."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    longest = max(parser.tables, key=len, default=[])
    return [(line, [" ".join(cell.split()) for cell in cells]) for line, cells in longest]
