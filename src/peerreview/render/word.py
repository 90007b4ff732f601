"""Sheets and reports as Word documents: the only door to python-docx."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from peerreview.errors import MissingToolError
from peerreview.paper.sheets import CHARACTERS_ACROSS, Cell, Column, Sheet, panels
from peerreview.render import png
from peerreview.render.ooxml import plain, undated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from peerreview.paper.document import Section
    from peerreview.paper.figures import Diagram

_MOST_NARROW = 30
"""Columns of symbols that a landscape page takes; more are set in parts."""
_TWIPS_A_CM = 567
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def write(sheets: Sequence[Sheet]) -> bytes:
    """
    Return sheets as a Word document: real tables, header rows repeated, landscape where wide.

    The same sheets give the same bytes.

    Raises
    ------
    MissingToolError
        Without python-docx.
    """
    paper = _Paper.blank()
    for sheet in sheets:
        paper.table(sheet)
    return paper.saved()


def picture(figure: Diagram, *, dpi: int = 300, chosen: Mapping[str, Path] | None = None) -> bytes:
    """
    Return a figure as a Word document of one page.

    Raises
    ------
    MissingToolError
        Without python-docx, or resvg-py for the figure.
    """
    paper = _Paper.blank()
    paper.figure(figure.title, figure, dpi=dpi, chosen=chosen)
    return paper.saved()


def report(title: str, sections: Sequence[Section]) -> bytes:
    """
    Return a report as a Word document: headings, sentences with their sources, figures, tables.

    Raises
    ------
    MissingToolError
        Without python-docx, or resvg-py for the figures.
    """
    paper = _Paper.blank()
    paper.heading(title, 0)
    for section in sections:
        paper.turn(landscape=False)
        paper.heading(section.title, 1)
        for sentence in section.sentences:
            paper.sentence(str(sentence), sentence.source)
        for note in section.notes:
            paper.note(note)
        for figure in section.figures:
            paper.figure(figure.title, figure.draw())
        for sheet in section.sheets:
            paper.table(sheet)
    return paper.saved()


@dataclass
class _Paper:
    """A Word document in the making; pages turn where a table is wide."""

    document: Any
    landscape: bool = False

    @classmethod
    def blank(cls) -> _Paper:
        try:
            import docx as word
            from docx.shared import Pt
        except ImportError as error:
            raise MissingToolError.of(".docx", "python-docx") from error
        document = word.Document()
        document.styles["Normal"].font.name = "Calibri"
        document.styles["Normal"].font.size = Pt(10)
        paper = cls(document)
        paper._set_page(document.sections[0])
        return paper

    def turn(self, *, landscape: bool) -> None:
        """Begin a page of another orientation, if it is another."""
        if landscape == self.landscape:
            return
        self.landscape = landscape
        if self.document.element.body.xpath("./w:p | ./w:tbl"):
            self._set_page(self.document.add_section())
        else:
            self._set_page(self.document.sections[0])

    def heading(self, text: str, level: int) -> None:
        self.document.add_heading(plain(text), level)

    def sentence(self, text: str, source: str) -> None:
        from docx.shared import Pt, RGBColor

        paragraph = self.document.add_paragraph(plain(text))
        aside = paragraph.add_run(f" [{plain(source)}]")
        aside.font.size, aside.font.color.rgb = Pt(8), RGBColor(0x60, 0x60, 0x60)

    def note(self, text: str) -> None:
        from docx.shared import Pt

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(plain(text)).font.size = Pt(8.5)

    def caption(self, text: str) -> Any:
        from docx.shared import Pt

        caption = self.document.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(12)
        caption.add_run(plain(text)).bold = True
        return caption

    def figure(
        self, title: str, drawn: Diagram, *, dpi: int = 200, chosen: Mapping[str, Path] | None = None
    ) -> None:
        """Add a figure with its numbers as alternative text, smaller where the page is."""
        from docx.shared import Cm

        wide, tall = 17.0, 23.0
        self.turn(landscape=False)
        self.caption(title)
        across, down = drawn.size
        scale = min(wide / across, tall / down, 2.54 / 96)
        picture = io.BytesIO(png.draw(drawn, dpi=dpi, chosen=chosen))
        placed = self.document.add_picture(picture, width=Cm(scale * across))
        inline = placed._inline  # noqa: SLF001  the library has no name for alternative text
        for side in ("distT", "distB", "distL", "distR"):
            # Without them LibreOffice moves the picture over the margin.
            inline.set(side, "0")
        said = inline.docPr
        said.set("title", plain(drawn.title))
        said.set("descr", plain(drawn.description))

    def table(self, sheet: Sheet) -> None:
        """Add a table with its notes, in parts where it is too wide for any page."""
        from docx.oxml import parse_xml

        for part in panels(sheet, _MOST_NARROW):
            self.turn(landscape=part.landscape)
            across = 25.7 if part.landscape else 17.0
            if part.one_line:
                across *= max(part.characters / CHARACTERS_ACROSS, 0.4)
            caption = self.caption(part.title)
            caption._p.addnext(parse_xml(_word_table(part, across)))  # noqa: SLF001  the library's own way in
            for note in part.all_notes:
                self.note(note)

    def saved(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return undated(stream.getvalue())

    def _set_page(self, section: Any) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Cm

        short, long = Cm(21.0), Cm(29.7)
        section.orientation = WD_ORIENT.LANDSCAPE if self.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if self.landscape else (short, long)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)


def _word_table(sheet: Sheet, across: float) -> str:
    """Return a table as WordprocessingML; building it cell by cell through the library is slow."""
    widths = [round(share * across * _TWIPS_A_CM) for share in sheet.shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    turned = any(column.narrow and len(column.heading) > 4 for column in sheet.columns)
    tall = min(max((len(each.heading) for each in sheet.columns if each.narrow), default=0) * 110 + 200, 3400)
    height = f'<w:trHeight w:val="{tall}" w:hRule="exact"/>' if turned else ""
    head = "".join(
        _word_cell(Cell(column.heading), column, width, head=True, turned=turned)
        for column, width in zip(sheet.columns, widths, strict=True)
    )
    rows = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            _word_cell(cell, column, width)
            for cell, column, width in zip(row, sheet.columns, widths, strict=True)
        )
        + "</w:tr>"
        for row in sheet.rows
    )
    rule = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'
    hair = '<w:insideH w:val="single" w:sz="2" w:space="0" w:color="D0D0D0"/>'
    return (
        f"<w:tbl {_W}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{rule.format('top', 12)}{rule.format('bottom', 12)}{hair}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:firstRow="1" w:firstColumn="1"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/>{height}<w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _word_cell(cell: Cell, column: Column, width: int, *, head: bool = False, turned: bool = False) -> str:
    side = "right" if column.number else "center" if column.narrow and not turned else "left"
    border = '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="000000"/></w:tcBorders>' if head else ""
    direction = '<w:textDirection w:val="btLr"/>' if turned and column.narrow else ""
    bottom = '<w:vAlign w:val="bottom"/>' if head and not direction else ""
    indent = f'<w:ind w:left="{240 * cell.indent}"/>' if cell.indent else ""
    bold = "<w:b/>" if head else ""
    text = escape(plain(str(cell)), quote=False)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{border}{direction}{bottom}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{indent}<w:jc w:val="{side}"/></w:pPr>'
        f'<w:r><w:rPr>{bold}<w:sz w:val="17"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        "</w:tc>"
    )
