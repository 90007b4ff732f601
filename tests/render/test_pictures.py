"""Figures as SVG, PNG, PDF, DOT and HTML: the same boxes, all of the text."""

import io
import json
import re
import struct
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import InputError, MissingToolError
from peerreview.flow import Box, Flow, Part, exchange
from peerreview.flow.labels import read
from peerreview.flow.page import list_behind
from peerreview.paper.figures import MILLIMETRES, Diagram, Style
from peerreview.paper.figures.prisma import lay_out
from peerreview.render import dot, fonts, pdf, png, svg, word
from tests.builders import make_records

FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.toml"))
REASONS = ("Wrong population, adults & \"others\" < 18 'x'", "<script>alert(1)</script>", "סיבה אחרת", "_x_")


def figure_of(*reasons: str, stamp: bool = False) -> Diagram:
    parts = tuple(Part(reason, 1) for reason in reasons)
    flow = Flow({"assessed": Box(9), "duplicates": Box(3), "reports_excluded": Box(len(parts), (), parts)})
    return lay_out(flow, read(), failing=["D1"] if stamp else [])


def drawn(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return ["".join(each.itertext()).strip() for each in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_the_templates_are_drawn_as_they_were(path: Path) -> None:
    # After a change that is wanted: peerreview prisma --flow NAME.toml -o NAME.svg
    flow = exchange.read(path.read_text(encoding="utf-8"), ".toml")

    assert path.with_suffix(".svg").read_text(encoding="utf-8") == svg.draw(lay_out(flow, read()))


def test_every_line_of_the_figure_is_in_the_svg_and_is_text() -> None:
    figure = figure_of(*REASONS)

    texts = drawn(svg.draw(figure))

    wanted = [line.text for shape in figure.shapes for line in shape.lines] + [n.text for n in figure.notes]
    assert sorted(text.strip() for text in wanted) == sorted(
        text.strip("\u202a\u202b\u202c") for text in texts
    )


@given(reason=st.text(max_size=60), title=st.text(max_size=20))
@settings(max_examples=100, deadline=None)
def test_any_text_gives_an_svg_that_can_be_read(reason: str, title: str) -> None:
    flow = Flow({"reports_excluded": Box(1, (), (Part(reason, 1),))})

    drawn(svg.draw(lay_out(flow, read(), caption=title, title=title), linked=True))


def test_an_svg_can_be_read_out() -> None:
    root = ET.fromstring(svg.draw(figure_of("Wrong design")))

    assert root.attrib["role"] == "img"
    assert root[0].text == "PRISMA 2020 flow diagram"
    assert "Reports excluded: Wrong design (n\xa0=\xa01)" in (root[1].text or "")


def test_a_stamp_is_drawn_across_the_figure() -> None:
    assert "DOES NOT ADD UP" in drawn(svg.draw(figure_of("Wrong design", stamp=True)))


def test_colours_and_font_are_as_chosen() -> None:
    figure = lay_out(
        Flow({"databases": Box(1)}), read(), Style(font="'Fira Sans'", database_heading="#123456")
    )

    drawing = svg.draw(figure)

    assert 'font-family="&#39;Fira Sans&#39;, Arial' in drawing
    assert 'fill="#123456"' in drawing


def test_a_png_has_its_text_and_its_resolution() -> None:
    image = pytest.importorskip("PIL.Image")
    import io

    figure = figure_of(*REASONS[:3], stamp=True)

    drawing = png.draw(figure, dpi=192)

    width, height = struct.unpack(">II", drawing[16:24])
    assert (width, height) == pytest.approx((figure.width * 2, figure.height * 2), abs=1)
    assert struct.unpack(">IIB", drawing[41:50]) == (7559, 7559, 1)
    picture = image.open(io.BytesIO(drawing)).convert("L")
    for shape in figure.shapes:
        for line in shape.lines:
            if line.turned or line.anchor == "middle":
                continue
            left = line.x - (line.width if line.anchor == "end" else 0)
            box = (left * 2, (line.y - 10) * 2, (left + line.width) * 2, line.y * 2)
            assert picture.crop(tuple(map(round, box))).getextrema()[0] < 100, line.text


def test_a_pdf_has_its_text_embedded_and_its_links() -> None:
    figure = figure_of(*REASONS, stamp=True)

    drawing = pdf.draw(figure, link="prisma.html")

    assert drawing.startswith(b"%PDF")
    assert b"DejaVuSans" in drawing
    assert b"(prisma.html#duplicates)" in drawing
    lines = sum(bool(line.key) for shape in figure.shapes for line in shape.lines)
    assert lines == drawing.count(b"/Subtype /Link")
    assert drawing == pdf.draw(figure, link="prisma.html")
    assert b"/Link" not in pdf.draw(figure)


@pytest.mark.parametrize(
    ("module", "libraries", "writer"),
    [
        ("resvg_py", "resvg-py fonttools", png.draw),
        ("fontTools.ttLib", "resvg-py fonttools", png.draw),
        ("fpdf", "fpdf2", pdf.draw),
    ],
)
def test_a_missing_library_is_named(
    monkeypatch: pytest.MonkeyPatch, module: str, libraries: str, writer: object
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingToolError, match=f"pip install {libraries}$"):
        writer(figure_of("Wrong design"))  # type: ignore[operator]


@pytest.mark.parametrize("writer", [png.draw, pdf.draw])
def test_no_picture_is_drawn_without_its_text(monkeypatch: pytest.MonkeyPatch, writer: object) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))

    with pytest.raises(InputError, match="no font on this machine has 研"):
        writer(figure_of("研"))  # type: ignore[operator]


def test_text_that_runs_from_right_to_left_is_joined_and_turned_for_pdf() -> None:
    assert pdf._visual("סיבה (n = 12)", rtl=True) == "(n = 12) הביס"
    assert pdf._visual("abc (n = 1)", rtl=False) == "abc (n = 1)"
    # The letters of "salam", with its ligature of lam and alef, in their joined forms.
    assert pdf._visual("\u0633\u0644\u0627\u0645", rtl=True) == "\ufee1\ufefc\ufeb3"
    assert pdf._visual("ש\u05bcל", rtl=True) == "לש\u05bc"


def test_dot_pins_every_box_and_escapes_what_it_says() -> None:
    figure = figure_of('He said "no" \\ back', "<b>")

    source = dot.draw(figure)

    assert source.count("pos=") >= len(figure.shapes)
    assert 'He said \\"no\\" \\\\ back' in source
    assert "<b>" in source
    assert "layout=neato" in source


def test_a_page_opens_every_box_and_runs_nothing_that_a_record_says() -> None:
    records = make_records(record_id=["r1"], title=["</script><script>alert(1)</script>"])
    flow = Flow({"databases": Box(1, ("r1",)), "screened": Box(1, ("r1",))})
    behind = list_behind(flow, records, tables.empty(tables.DUPLICATES), read())

    page = svg.page(lay_out(flow, read()), behind)

    assert "<script>alert" not in page
    assert page.count("<script") == 2
    assert {"#databases", "#screened"} == set(re.findall(r'href="(#[a-z_]+)"', page))
    data = re.search(r'<script type="application/json" id="behind">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["records"][0][1] == "</script><script>alert(1)</script>"
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    # A link that a reader follows to a DOI is nothing that the page fetches.
    assert "https://" not in page.replace('"https://doi.org/"', "")


def test_a_page_of_typed_numbers_has_no_links() -> None:
    flow = Flow({"screened": Box(1)})
    behind = list_behind(flow, tables.empty(tables.RECORDS), tables.empty(tables.DUPLICATES), read())

    assert "href" not in re.sub(
        "<script>.*</script>", "", svg.page(lay_out(flow, read()), behind), flags=re.DOTALL
    )


def test_every_format_has_the_width_on_paper_and_its_numbers_as_alternative_text() -> None:
    pytest.importorskip("fpdf")
    pytest.importorskip("resvg_py")
    docx = pytest.importorskip("docx")
    figure = lay_out(Flow({"databases": Box(7), "screened": Box(5)}), read(), across=170 / MILLIMETRES)
    numbers = "Records screened (n\xa0=\xa05)"

    drawing = ET.fromstring(svg.draw(figure))
    printed = pdf.draw(figure)
    picture = png.draw(figure, dpi=300)
    (placed,) = docx.Document(io.BytesIO(word.picture(figure))).inline_shapes

    assert drawing.get("width") == "170.00mm"
    assert numbers in (drawing.findtext("{http://www.w3.org/2000/svg}desc") or "")
    assert re.search(rb"/MediaBox \[0 0 481\.89 ", printed)
    assert b"/S /Figure" in printed
    assert b"/Alt" in printed
    assert struct.unpack(">I", picture[16:20])[0] == pytest.approx(170 / 25.4 * 300, abs=2)
    assert placed.width.mm == pytest.approx(170, abs=0.1)
    assert numbers in placed._inline.docPr.get("descr")
    assert placed._inline.get("distL") == "0"
    assert 'size="6.693,' in dot.draw(figure)


def test_a_page_of_a_figure_with_a_width_prints_at_that_width() -> None:
    flow = Flow({"screened": Box(5)})
    empty = tables.empty(tables.RECORDS), tables.empty(tables.DUPLICATES)

    wide = svg.page(lay_out(flow, read()), list_behind(flow, *empty, read()))
    narrow = svg.page(lay_out(flow, read(), across=84 / MILLIMETRES), list_behind(flow, *empty, read()))

    assert "size: A4 landscape" in wide
    assert "size: A4;" in narrow
    assert "max-width: 84.00mm;" in narrow


def test_no_pixel_at_the_edge_of_a_picture_is_half_covered() -> None:
    pytest.importorskip("resvg_py")
    image = pytest.importorskip("PIL.Image")
    figure = lay_out(Flow({"screened": Box(5)}), read(), across=170 / MILLIMETRES)

    drawn = image.open(io.BytesIO(png.draw(figure, dpi=150))).convert("RGBA")

    assert drawn.getchannel("A").getextrema() == (255, 255)
