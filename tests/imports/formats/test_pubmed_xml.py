"""Tests of PubMed's XML."""

import json

from peerreview.imports.formats import pubmed_xml
from tests.imports.formats.samples import PUBMED_XML, fields_of, records_of, rejects_of


def test_an_article_is_read_with_its_markup() -> None:
    first = fields_of(PUBMED_XML)[0]

    assert first["title"] == "Peer workers & CO2 in acute care."
    assert first["abstract"] == "BACKGROUND: Peer work is growing. METHODS: We asked twelve peer workers."
    assert (first["year"], first["pages"], first["pmcid"]) == ("2024", "211-219", "PMC9000001")


def test_a_group_of_authors_stands_in_its_place_and_initials_serve_where_no_name_does() -> None:
    assert fields_of(PUBMED_XML)[0]["authors"] == "Example, Verity; Peer Work Group; Müller, JK, Jr"


def test_headings_are_printed_as_medline_prints_them() -> None:
    assert fields_of(PUBMED_XML)[0]["keywords"] == "peer work; Humans; Peer Group/psychology"


def test_the_doi_is_the_articles_and_not_that_of_a_work_it_cites() -> None:
    without = PUBMED_XML.replace('EIdType="doi" ValidYN="Y">10.5555/PEER.1', 'EIdType="pii">1')

    assert fields_of(PUBMED_XML)[0]["doi"] == "10.5555/peer.1"
    assert "doi" not in fields_of(without)[0]
    assert "10.5555/cited.9" in json.dumps(json.loads(fields_of(without)[0]["extra"]))


def test_a_book_is_read() -> None:
    book = fields_of(PUBMED_XML)[2]

    assert (book["title"], book["authors"], book["isbn"]) == (
        "Recovery colleges",
        "Specimen, Bo",
        "9783161484100",
    )
    assert book["year"] == "2020"


def test_pubmed_is_the_source() -> None:
    assert pubmed_xml.origin(records_of(PUBMED_XML)[0]).database == "PubMed"


def test_an_article_without_an_end_is_rejected_with_its_line() -> None:
    (reject,) = rejects_of("<PubmedArticleSet>\n<PubmedArticle>\n    wrong format\n</PubmedArticleSet>\n")

    assert reject.line == 2


def test_withdrawn_numbers_are_no_records() -> None:
    gone = "<DeleteCitation><PMID>1</PMID></DeleteCitation></PubmedArticleSet>"

    assert not rejects_of(PUBMED_XML.replace("</PubmedArticleSet>", gone))


def test_a_title_that_pubmed_does_not_have_is_the_one_of_the_article_s_own_language() -> None:
    own = "<VernacularTitle>Le travail de nuit.</VernacularTitle>"
    text = PUBMED_XML.replace(
        "Supervision of peer workers.</ArticleTitle>", f"[Not Available].</ArticleTitle>{own}"
    )

    assert "Le travail de nuit." in [each["title"] for each in fields_of(text)]
