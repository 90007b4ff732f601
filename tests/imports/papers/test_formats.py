# ruff: noqa: E501  markup
"""Tests of papers in: text, Markdown, HTML, Word and JATS as passages with their places."""

import io
import zipfile

import pytest

from peerreview.errors import InputError
from peerreview.imports.papers import FIGURE, Paper, reading

SAYS = "The search identified 1,204 records."


def places(paper: Paper) -> list[tuple[str, str, str]]:
    return [(each.kind, each.place, each.text) for each in paper.passages]


def docx(document: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
    return stream.getvalue()


def test_text_is_paragraphs_under_headings_with_their_lines_and_stops_at_the_references() -> None:
    text = (
        "Bells on bicycles: a review\n\nAbstract\n\nWe rang them.\n\nResults\n\nStudy selection\n\n"
        "The search identified\n1,204 records.\n\nReferences\n\n1. Poe D. Ten bells in twelve studies. 2019.\n"
    )

    paper = reading.read(text.encode())

    assert paper.title == "Bells on bicycles: a review"
    assert places(paper) == [
        ("abstract", "Abstract, paragraph 1 (line 5)", "We rang them."),
        ("body", "Results › Study selection, paragraph 1 (line 11)", SAYS),
    ]


def test_a_word_that_a_pdf_parted_at_the_end_of_a_line_is_one() -> None:
    paper = reading.read(
        b"Results\n\nIn all, 1,204 rec-\nords were identi\xef\xac\x81ed by the search of ours.\n"
    )

    assert paper.passages[0].text == "In all, 1,204 records were identified by the search of ours."


def test_markdown_loses_its_marks_and_a_picture_says_what_is_read_out_for_it() -> None:
    text = "# Bells\n\n## Results\n\nThe **search** identified [1,204](x.html) _records_.\n\n![Records screened (n = 12)](f.png)\n"

    paper = reading.read(text.encode())

    assert places(paper) == [
        ("body", "Results, paragraph 1 (line 5)", SAYS),
        ("figure", "Results, figure's text 1 (line 7)", "Records screened (n = 12)"),
    ]


def test_markdown_in_which_tags_stand_is_no_page_and_loses_them() -> None:
    text = (
        "# Bells\n\n## Results\n\nThe search identified 1,204 records$<sup>12</sup>.\n\n<p><img src='a.jpg' /></p>\n"
        "<figcaption>PRISMA flow diagram of bells</figcaption>\n\n**----- Start of picture text -----**<br>\n"
        "Records screened<br>(n = 1,204)<br>Records excluded (n = 1,200)<br>**----- End of picture text -----**<br>\n"
    ).replace("$<sup>", "<sup>")

    paper = reading.read(text.encode())

    assert places(paper) == [
        ("body", "Results, paragraph 1 (line 5)", SAYS),
        ("caption", "Results, caption 1 (line 8)", "Figure: PRISMA flow diagram of bells."),
        (
            "body",
            "Results, paragraph 2 (line 11)",
            "Records screened (n = 1,204) Records excluded (n = 1,200)",
        ),
    ]


def test_numbers_set_as_mathematics_in_markdown_are_numbers() -> None:
    paper = reading.read(b"# Bells\n\n## Results\n\nOf 1{,}204 records, $n=12$ ($1.0\\%$) rang \\[3\\].\n")

    assert paper.passages[0].text == "Of 1,204 records, n=12 (1.0%) rang [3]."


def test_html_gives_its_text_without_scripts_menus_and_marks_of_references() -> None:
    page = (
        "<html lang='en'><head><title>x</title><meta name='citation_doi' content='doi:10.5555/bells'></head><body>"
        "<nav>Home 12 records</nav><h1>Bells</h1><script>var n = 3</script><h2>Results</h2>"
        "<p>The search identified 1,204<sup>12,13</sup> records.<figure><img alt='Records screened (n = 12)'>"
        "<figcaption>Figure 1. The flow.</figcaption></figure><h2>References</h2><p>Ten studies.</p></body></html>"
    )

    paper = reading.read(page.encode())

    assert (paper.title, paper.doi, paper.language) == ("Bells", "10.5555/bells", "en")
    assert [(kind, text) for kind, _, text in places(paper)] == [
        ("body", SAYS),
        ("figure", "Records screened (n = 12)"),
        ("caption", "Figure 1. The flow."),
    ]


def test_jats_gives_abstract_sections_and_captions_and_no_reference() -> None:
    article = (
        '<?xml version="1.0"?><!DOCTYPE article PUBLIC "x" "y.dtd"><article xml:lang="en"><front><article-meta>'
        '<article-id pub-id-type="doi">10.5555/bells</article-id><title-group><article-title>Bells</article-title>'
        "</title-group><contrib-group><contrib><name><surname>Poe</surname></name></contrib></contrib-group>"
        "<abstract><sec><title>Results</title><p>Twelve studies were in.</p></sec></abstract></article-meta></front>"
        "<body><sec><title>Results</title><sec><title>Study selection</title><p>The search identified 1,204&nbsp;records"
        '<xref ref-type="bibr" rid="b1"><sup>12</sup></xref>. <fig><label>Figure 1</label><caption><p>The flow.</p>'
        "</caption><alt-text>Records screened (n = 12)</alt-text></fig> More.</p></sec></sec></body>"
        "<back><ref-list><ref><mixed-citation>Ten studies.</mixed-citation></ref></ref-list></back></article>"
    )

    paper = reading.read(article.encode())

    assert (paper.title, paper.doi, paper.language) == ("Bells", "10.5555/bells", "en")
    assert places(paper) == [
        ("abstract", "Abstract › Results, paragraph 1", "Twelve studies were in."),
        ("body", "Results › Study selection, paragraph 1", SAYS),
        ("caption", "Results › Study selection, caption 1", "The flow."),
        ("figure", "Results › Study selection, figure's text 1", "Records screened (n = 12)"),
        ("body", "Results › Study selection, paragraph 2", "More."),
    ]


def test_word_gives_headings_paragraphs_and_boxes_that_were_drawn_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Records screened</w:t></w:r></w:p><w:p><w:r><w:t>(n = 12)</w:t></w:r></w:p></w:txbxContent>"
    document = (
        '<w:document xmlns:w="w" xmlns:mc="mc"><w:body><w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Results'
        "</w:t></w:r></w:p><w:p><w:r><w:t>The search identified </w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r>"
        f"</w:del><w:r><w:t>1,204 records.</w:t></w:r></w:p><w:p><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:p></w:body></w:document>"
    )

    paper = reading.read(docx(document))

    assert places(paper) == [
        ("body", "Results, paragraph 1", SAYS),
        (FIGURE, "Results, figure's text 1", "Records screened (n = 12)"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<article><front></front><body><p>a</body></article>", "x.xml:1: is not sound XML: mismatched tag"),
        (
            b'<!DOCTYPE article [<!ENTITY a "b">]><article><front/><body><p>&a;</p></body></article>',
            "x.xml:1: declares entities of its own, which are never expanded here; save it without",
        ),
        (
            b"<article><front/><body>" + b"<sec>" * 300 + b"</sec>" * 300 + b"</body></article>",
            "x.xml: is nested deeper than 200 elements",
        ),
        (docx("<w:document")[:-30], "x.xml: is a Word document that is damaged"),
        (docx(" " * 150_000_000), "x.xml: unpacks to 150 MB in a file of"),
        (docx('<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "x.xml: is a Word document that is damaged"),
        (b"PK\x03\x04 other", "x.xml: is no paper as text"),
        (b"\n \n", "x.xml: holds no text that could be read"),
    ],
)
def test_what_is_no_paper_is_told_in_one_line(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        reading.read(content, "x.xml")

    assert str(caught.value).startswith(message)


FLOW = """\
Figure 1: flow of bells

Records identified from
databases (n = 500)

Identification

Records screened (n = 400)

Records excluded (n = 360)

Full-text articles assessed (n = 40)

Bells were rung in all of them.
"""


def test_the_boxes_of_a_flow_that_stand_as_paragraphs_are_a_figures_text() -> None:
    paper = reading.read(FLOW.encode())

    assert [each.text for each in paper.passages if each.kind == FIGURE] == [
        "Records identified from databases (n = 500)",
        "Records screened (n = 400)",
        "Records excluded (n = 360)",
        "Full-text articles assessed (n = 40)",
    ]


@pytest.mark.parametrize(
    "page",
    [
        "# Bells\n\n## Abstract\n\n### Methods\n\nWe rang.\n\n### Main results\n\nIt was loud.\n\n## Results\n\nTwelve rang.\n",
        "Bells\n\nAbstract\n\nMethods\n\nWe rang.\n\nResults\n\nIt was loud.\n\nIntroduction\n\nTwelve rang.\n",
        "<html><h1>Bells</h1><h2>Abstract</h2><h3>Methods</h3><p>We rang.</p><h3>Results</h3><p>It was loud.</p><h2>Results</h2><p>Twelve rang.</p></html>",
    ],
    ids=["Markdown", "text", "HTML"],
)
def test_an_abstract_in_parts_is_one_and_ends_where_the_paper_begins(page: str) -> None:
    kinds = [(each.text, each.kind) for each in reading.read(page.encode()).passages]

    assert kinds == [("We rang.", "abstract"), ("It was loud.", "abstract"), ("Twelve rang.", "body")]


def test_a_paragraph_that_pages_part_is_whole_and_its_heading_and_the_pages_head_apart() -> None:
    text = """\
Results
3.1. Study selection
The search of all the towers and all of the bicycles in them found 244

Journal of Bells 12

Page 2 of 9

duplicate records, which were removed.

Journal of Bells 12

Discussion

They were loud.

Journal of Bells 12
"""
    paper = reading.read(text.encode())

    assert [(each.under, each.text) for each in paper.passages] == [
        (
            "Results › 3.1. Study selection",
            "The search of all the towers and all of the bicycles in them found 244 duplicate records, which were removed.",
        ),
        ("Discussion", "They were loud."),
    ]


def test_a_reference_list_that_pages_cut_up_is_no_text_until_the_papers_own_headings_come_again() -> None:
    text = """\
Bells

Results

They rang.

References

1. Bell A. Ringing twice. 2019.

Journal of Towers

2. Horn B. Honking. 2020.

Appendix A

Tables of bells stand here.
"""
    assert [each.text for each in reading.read(text.encode()).passages] == [
        "They rang.",
        "Tables of bells stand here.",
    ]


def test_signs_of_a_fonts_own_are_no_counts_and_ligatures_and_equality_are_what_they_were() -> None:
    paper = reading.read(
        "Results\n\nWe \ue02c found \x07 the /uniFB01 rst bells (n ¼ 5), and ¼ of them rang.\n".encode()
    )

    assert [each.text for each in paper.passages] == ["We found the first bells (n = 5), and ¼ of them rang."]
