"""The only door to the word-processor and spreadsheet libraries: sheets → DOCX and XLSX."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from peerreview import render
from peerreview.errors import MissingToolError
from peerreview.figures import Diagram
from peerreview.report import Section
from peerreview.sheets import CHARACTERS_ACROSS, DAGGER, Cell, Column, Sheet, panels

_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_NARROW = 30
"""Columns of symbols that a landscape page takes; more are set in parts."""
_TWIPS_A_CM = 567
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(sheets: Sequence[Sheet]) -> bytes:
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
    def blank(cls) -> "_Paper":
        try:
            import docx as word  # noqa: PLC0415  an extra
            from docx.shared import Pt  # noqa: PLC0415
        except ImportError as error:
            raise MissingToolError(".docx needs python-docx; pip install 'peerreview[docx]'") from error
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
        self.document.add_heading(_plain(text), level)

    def sentence(self, text: str, source: str) -> None:
        from docx.shared import Pt, RGBColor  # noqa: PLC0415

        paragraph = self.document.add_paragraph(_plain(text))
        aside = paragraph.add_run(f" [{_plain(source)}]")
        aside.font.size, aside.font.color.rgb = Pt(8), RGBColor(0x60, 0x60, 0x60)

    def note(self, text: str) -> None:
        from docx.shared import Pt  # noqa: PLC0415

        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(_plain(text)).font.size = Pt(8.5)

    def caption(self, text: str) -> Any:
        from docx.shared import Pt  # noqa: PLC0415

        caption = self.document.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.paragraph_format.space_before = Pt(12)
        caption.add_run(_plain(text)).bold = True
        return caption

    def figure(self, title: str, drawn: Diagram) -> None:
        from docx.shared import Cm  # noqa: PLC0415

        wide, tall = 17.0, 23.0
        self.turn(landscape=False)
        self.caption(title)
        scale = min(wide / drawn.width, tall / drawn.height, 2.54 / 96)
        picture = io.BytesIO(render.png(drawn, dpi=200))
        self.document.add_picture(picture, width=Cm(scale * drawn.width))

    def table(self, sheet: Sheet) -> None:
        """Add a table with its notes, in parts where it is too wide for any page."""
        from docx.oxml import parse_xml  # noqa: PLC0415

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
        return _undated(stream.getvalue())

    def _set_page(self, section: Any) -> None:
        from docx.enum.section import WD_ORIENT  # noqa: PLC0415
        from docx.shared import Cm  # noqa: PLC0415

        short, long = Cm(21.0), Cm(29.7)
        section.orientation = WD_ORIENT.LANDSCAPE if self.landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if self.landscape else (short, long)
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """
    Return sheets as a workbook, one worksheet each: text is text, never a formula, numbers are numbers.

    A dagger on a number is part of its format, so that it still adds up.
    The same sheets give the same bytes.

    Raises
    ------
    MissingToolError
        Without openpyxl.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415  an extra
        from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
    except ImportError as error:
        raise MissingToolError(".xlsx needs openpyxl; pip install 'peerreview[xlsx]'") from error
    book = Workbook()
    book.remove(book.active)
    head, line = Font(bold=True), Border(top=Side("thin"), bottom=Side("thin"))
    for sheet in sheets:
        page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet.name)[:31])
        for number, column in enumerate(sheet.columns, start=1):
            cell = page.cell(1, number, _plain(column.heading))
            cell.data_type = "s"
            cell.font, cell.border = head, line
            cell.alignment = Alignment(
                text_rotation=90 if column.narrow else 0, wrap_text=True, vertical="bottom"
            )
            width = 4 if column.narrow else min(max(sheet.widths[number - 1] + 2, 8), 60)
            page.column_dimensions[get_column_letter(number)].width = width
        for below, row in enumerate(sheet.rows, start=2):
            for number, (column, content) in enumerate(zip(sheet.columns, row, strict=True), start=1):
                if not content.text:
                    continue
                value, form = _number(content) if column.number else (_plain(str(content)), "@")
                cell = page.cell(below, number, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                cell.number_format = form
                cell.alignment = Alignment(
                    wrap_text=True,
                    vertical="top",
                    indent=content.indent,
                    horizontal="center" if column.narrow else "right" if column.number else "left",
                )
        for below, note in enumerate((sheet.title, *sheet.all_notes), start=len(sheet.rows) + 3):
            page.cell(below, 1, _plain(note)).data_type = "s"
        page.freeze_panes = "B2"
        page.print_title_rows = "1:1"
        page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def form(cells: pd.DataFrame, allowed: Mapping[str, Sequence[str]]) -> bytes:
    """
    Return a table to fill in as a workbook: drop-downs in the columns of ``allowed``, text as text.

    Raises
    ------
    MissingToolError
        Without openpyxl.
    """
    try:
        from openpyxl import Workbook  # noqa: PLC0415  an extra
        from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415
    except ImportError as error:
        raise MissingToolError(".xlsx needs openpyxl; pip install 'peerreview[xlsx]'") from error
    book = Workbook()
    page = book.active
    page.title = "form"
    choices = book.create_sheet("allowed")
    choices.sheet_state = "hidden"
    for number, column in enumerate(cells.columns, start=1):
        letter = get_column_letter(number)
        page.cell(1, number, column).font = Font(bold=True)
        longest = max([len(column), *(len(text) for text in cells[column])])
        page.column_dimensions[letter].width = min(longest + 2, 60)
        for below, text in enumerate(cells[column], start=2):
            cell = page.cell(below, number, _plain(text))
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if column in allowed and len(cells):
            place = list(allowed).index(column) + 1
            for below, value in enumerate(allowed[column], start=1):
                choices.cell(below, place, _plain(value)).data_type = "s"
            listed = (
                f"allowed!${get_column_letter(place)}$1:${get_column_letter(place)}${len(allowed[column])}"
            )
            rule = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
            rule.add(f"{letter}2:{letter}{len(cells) + 1}")
            page.add_data_validation(rule)
            for below in range(2, len(cells) + 2):
                page.cell(below, number).fill = PatternFill("solid", fgColor="FFF7E0")
    page.freeze_panes = "B2"
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def _number(content: Cell) -> tuple[str | int | float, str]:
    mark = f'"{DAGGER}"' if content.synthetic else ""
    text = content.text.replace(",", "")
    if re.fullmatch(r"[0-9]{1,15}", text):
        return int(text), f"#,##0{mark}"
    if re.fullmatch(r"[0-9]+%", text):
        return int(text[:-1]) / 100, f"0%{mark}"
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text), f"0.{'0' * len(text.partition('.')[2])}{mark}"
    return _plain(str(content)), "@"


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
    text = escape(_plain(str(cell)))
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{border}{direction}{bottom}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/>{indent}<w:jc w:val="{side}"/></w:pPr>'
        f'<w:r><w:rPr>{bold}<w:sz w:val="17"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        "</w:tc>"
    )


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text)


def _undated(content: bytes) -> bytes:
    """Return a zipped document without the clock that its library put into it."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as dated,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as undated,
    ):
        for name in _in_order(dated.namelist()):
            part = dated.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            undated.writestr(entry, part)
    return stream.getvalue()


def _in_order(names: Iterable[str]) -> list[str]:
    # Readers look for the list of types first.
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
