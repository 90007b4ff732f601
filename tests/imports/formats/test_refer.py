"""Tests of refer and RefWorks' tagged text."""

from peerreview.imports.formats import NOWHERE, Origin, refer, refworks
from tests.imports.formats.samples import REFER, REFWORKS, fields_of, records_of, rejects_of, warnings_of

BEPRESS = """
%T Peer workers
%0 Journal Article
%A Example, Verity
%D 2021


%T Table of contents
%D 2021
%U https://example.org/1
"""


def test_keywords_stand_one_per_line() -> None:
    assert fields_of(REFER)[0]["keywords"] == "peer work; role clarity"


def test_the_number_is_a_pmid_if_the_library_of_medicine_gave_it() -> None:
    assert fields_of(REFER)[0]["pmid"] == "90000001"
    assert "pmid" not in fields_of(REFER.replace("%W NLM", "%W Ovid"))[0]
    assert refer.origin(records_of(REFER)[0]) == Origin("PubMed", "NLM", "EndNote", "%~")
    assert refer.origin(records_of(REFER)[1]) == NOWHERE


def test_a_title_before_the_type_or_without_one_begins_a_record() -> None:
    assert [each["title"] for each in fields_of(BEPRESS)] == ["Peer workers", "Table of contents"]


def test_a_name_that_ends_in_a_comma_is_a_body() -> None:
    text = REFER.replace("%A Sample, Ada", "%A Médecins Sans Frontières,")

    assert fields_of(text)[1]["authors"] == "Médecins Sans Frontières"


def test_a_type_alone_is_a_record_of_its_own() -> None:
    assert len(records_of("%0 Serial\n%0 Audio\n%T Peer talk\n")) == 2


def test_a_lost_type_line_does_not_merge_two_records() -> None:
    assert len(records_of(REFER.replace("%0 Book\n", ""))) == 3
    assert len(rejects_of(REFER.replace("\n%0 Book\n", ""))) == 1


def test_refworks_legend_is_no_record() -> None:
    assert not warnings_of(REFWORKS)
    assert [record.line for record in records_of(REFWORKS)] == [11, 33, 41]


def test_refworks_says_which_database() -> None:
    first, second, _ = records_of(REFWORKS)

    assert refworks.origin(first) == Origin("CINAHL", carrier="RefWorks", how="DB")
    assert refworks.origin(second) == Origin(carrier="RefWorks", how="RT")


def test_a_doi_in_refworks_notes_is_found() -> None:
    assert fields_of(REFWORKS)[0]["doi"] == "10.5555/peer.1"


def test_what_stands_above_refworks_legend_is_told() -> None:
    assert warnings_of("Peer work, June search\n" + REFWORKS)[0].text == "Peer work, June search"


def test_cnki_writes_all_authors_in_one_line() -> None:
    text = "%0 Journal Article\n%A 蔺卿 %A 罗格平 %A 陈曦\n%T 模型研究\n%K 土地;驱动力\n%D 2005\n%W CNKI\n"
    (fields,) = fields_of(text)

    assert fields["authors"] == "蔺卿; 罗格平; 陈曦"
    assert fields["keywords"] == "土地; 驱动力"
    assert refer.origin(records_of(text)[0]) == Origin("CNKI", "CNKI", how="%W")


def test_cnki_writes_refworks_too() -> None:
    text = "RT Journal Article\nSR 1\nA1 郝国强;包蕾\nT1 机制研究\nJF 民族研究\nYR 2026\nDS CNKI\n"

    assert fields_of(text)[0]["authors"] == "郝国强; 包蕾"
    assert refworks.origin(records_of(text)[0]).database == "CNKI"


def test_cnki_writes_the_volume_s_tag_in_lower_case() -> None:
    text = "RT Journal Article\nSR 1\nT1 机制研究\nYR 2026\nIS 06\n{}\nLA 中文;\nDS CNKI\n"
    (full,) = fields_of(text.format("vo 43"))
    (blank,) = fields_of(text.format("vo "))

    assert (full["volume"], full["issue"], full["language"]) == ("43", "06", "中文")
    assert (blank.get("volume"), blank["issue"]) == (None, "06")


def test_editors_stand_for_the_authors_of_a_book_that_has_none() -> None:
    assert fields_of("%0 Book\n%E Example, Verity\n%T A\n\n")[0]["authors"] == "Example, Verity"
    assert (
        fields_of("RT Book, Whole\nSR Print\nA2 Example,Verity\nT1 A\nOL English\n")[0]["authors"]
        == "Example, Verity"
    )


def test_a_database_has_one_name() -> None:
    text = "%0 Journal Article\n%T A\n%~ NLM\n%W NLM\n\n"

    assert refer.origin(records_of(text)[0]).database == "PubMed"


def test_an_abstract_cut_off_is_rejected_whatever_other_records_end_with() -> None:
    text = "".join(f"%0 Journal Article\n%T Peer {n}\n%X Abstract {n}.\n\n" for n in range(3)).rstrip()

    assert [each.line for each in rejects_of(text[:-3])] == [9]
    assert len(rejects_of("%0 Journal Article\n%T A\n%U https://example.org/12")) == 1
    assert len(records_of("%0 Journal Article\n%T A\n%@ 1234-5679")) == 1
    assert len(records_of(REFWORKS.rstrip("\n"))) == 3


def test_a_last_value_that_looks_whole_needs_no_line_end_and_is_told() -> None:
    for value in ("%D 2020", "%R 10.5555/is.2020.17", "%P 12-20"):
        text = f"%0 Journal Article\n%T A\n{value}"
        assert (len(records_of(text)), len(warnings_of(text))) == (1, 1)
    for value in ("%D 20", "%R 10.5555/", "%P 123-1", "%T Peer wo", "%U https://example.org/12"):
        assert len(rejects_of(f"%0 Journal Article\n%A Kay, B\n{value}")) == 1
