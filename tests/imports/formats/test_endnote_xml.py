"""Tests of EndNote's XML."""

import json

import pytest

from peerreview.imports.formats import Origin, endnote_xml
from peerreview.imports.formats.writers.endnote_xml import write
from tests.builders import make_records
from tests.imports.formats.samples import ENDNOTE_XML, fields_of, records_of


def test_styled_runs_are_one_title_and_both_issns_are_kept() -> None:
    first = fields_of(ENDNOTE_XML)[0]

    assert first["title"] == "Peer workers in acute care"
    assert first["issn"] == "1234-5679; 2345-6781"
    assert fields_of(ENDNOTE_XML)[2]["isbn"] == "9783161484100"


def test_what_endnote_says_of_its_own_library_is_no_field() -> None:
    assert "my.enl" not in fields_of(ENDNOTE_XML)[0]["extra"]
    assert json.loads(fields_of(ENDNOTE_XML)[0]["extra"])["rec-number"] == "1"


def test_the_remote_database_is_the_source_and_endnote_the_carrier() -> None:
    provider = "<remote-database-provider>NLM</remote-database-provider>"
    linked = ENDNOTE_XML.replace(provider, "")

    assert endnote_xml.origin(records_of(ENDNOTE_XML)[0]) == Origin(
        "PubMed", "PubMed", "EndNote", "remote-database-provider"
    )
    assert endnote_xml.origin(records_of(linked)[0]).how == "urls/related-urls/url"
    assert endnote_xml.origin(records_of(ENDNOTE_XML)[1]) == Origin(carrier="EndNote", how="source-app")


def test_the_number_is_a_pmid_where_pubmed_or_a_link_says_so() -> None:
    unlinked = ENDNOTE_XML.replace("https://www.ncbi.nlm.nih.gov/pubmed/90000001", "https://example.org/1")

    assert fields_of(ENDNOTE_XML)[0]["pmid"] == "90000001"
    assert fields_of(unlinked)[0]["pmid"] == "90000001"
    assert "pmid" not in fields_of(unlinked.replace(">NLM<", ">ProQuest<"))[0]
    assert fields_of(ENDNOTE_XML.replace(">NLM<", ">ProQuest<"))[0]["pmid"] == "90000001"
    on_a_disk = fields_of(ENDNOTE_XML.replace("https://www.ncbi", "internal-pdf://www.ncbi"))[0]
    assert "url" not in on_a_disk


def test_embase_has_its_number_in_the_link_and_pubmeds_in_custom5() -> None:
    told = "<custom5>90000002</custom5></record>"
    embase = "https://www.embase.com/search/results?subaction=viewrecord&amp;id=L200001&amp;from=export"
    start, end = ENDNOTE_XML.index("<record>"), ENDNOTE_XML.index("</record>") + len("</record>")
    one = ENDNOTE_XML[start:end].replace("<accession-num>90000001</accession-num>", "")
    one = one.replace("https://www.ncbi.nlm.nih.gov/pubmed/90000001", embase).replace("</record>", told)
    elsewhere = one.replace(embase, "https://example.org/1")

    first = fields_of(f"<xml><records>{one}</records></xml>")[0]
    assert (first["pmid"], first["accession"]) == ("90000002", "L200001")
    assert "pmid" not in fields_of(f"<xml><records>{elsewhere}</records></xml>")[0]


@pytest.mark.parametrize(
    ("given", "journal", "written"),
    [
        ("Thesis", "", '<ref-type name="Thesis">32</ref-type>'),
        ("CHAP", "", '<ref-type name="Book Section">5</ref-type>'),
        ("inproceedings", "", '<ref-type name="Conference Paper">47</ref-type>'),
        ("Clinical Trial", "J Invent", '<ref-type name="Journal Article">17</ref-type>'),
        ("", "", '<ref-type name="Generic">13</ref-type>'),
    ],
)
def test_a_type_is_written_as_endnote_knows_it(given: str, journal: str, written: str) -> None:
    text = write(make_records(title=["Peer work"], type=[given], journal=[journal]))

    assert written in text
    assert (f"<work-type>{given}</work-type>" in text) == (given not in {"Thesis", ""})
    assert fields_of(text)[0].get("type", "") == given


def test_a_body_ends_in_a_comma_so_that_endnote_does_not_turn_it_round() -> None:
    text = write(make_records(title=["Peer work"], authors=["Médecins Sans Frontières; Example, V"]))

    assert "<author>Médecins Sans Frontières,</author><author>Example, V</author>" in text


def test_the_journal_of_a_record_without_a_title_is_not_its_title() -> None:
    text = write(make_records(doi=["10.5555/a"], journal=["J Invent"]))

    assert (fields_of(text)[0].get("title", ""), fields_of(text)[0]["journal"]) == ("", "J Invent")


def test_the_source_of_what_was_written_here_keeps_its_name() -> None:
    text = write(make_records(title=["A"], source=["BIOSIS Citation Index"]))

    assert endnote_xml.origin(records_of(text)[0]).database == "BIOSIS Citation Index"
