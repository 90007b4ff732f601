"""Tests of tables as Ovid and the Web of Science write them, and of what spreadsheets make of values."""

import json

import pytest

from peerreview.imports.formats import mixture, spreadsheet
from tests.exports import read_export
from tests.imports.formats.samples import fields_of, records_of, warnings_of

OVID = "ORN,VN,DB,UI,TI,AU,SO,YR,DO,KW,FTURL\n"
LINK = "https://ovidsp.ovid.com/ovidweb.cgi?T=JS&D=emexa&DO=10.5555%2fS7001%252819%252900042-X"


def test_ovid_s_table_is_read_as_ovid_s_text() -> None:
    row = (
        '1,Ovid Technologies,Ovid MEDLINE(R) ALL <1946 to June 2024>,90000001,Peer work.,"Example, Verity\n\n'
        'Sample, Ada MD","Journal of Invention. 19(5):12-20, 2019 Sep.",2019,10.5555/PEER.1,'
        '"peer work\nroles",\n'
    )
    (fields,) = fields_of(OVID + row)
    (record,) = records_of(OVID + row)

    assert (fields["accession"], fields["pmid"]) == ("90000001", "90000001")
    assert fields["authors"] == "Example, Verity; Sample, Ada"
    assert (fields["journal"], fields["year"]) == ("Journal of Invention", "2019")
    assert (fields["volume"], fields["issue"], fields["pages"]) == ("19", "5", "12-20")
    assert (fields["doi"], fields["keywords"]) == ("10.5555/peer.1", "peer work; roles")
    assert spreadsheet.origin(record)[:2] == ("MEDLINE", "Ovid")


def test_ovid_s_short_table_of_medline_has_the_journal_s_name_and_a_link_to_pubmed_central() -> None:
    link = "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9000001"
    text = (
        "Copyright (c) Ovid\nORN,VN,DB,UI,TI,AU,NJ,PM,DP\n"
        f"1,Ovid Technologies,Ovid MEDLINE(R),90000001,Peer work,Reeves V,Peers and work,{link},2019 Jun\n"
    )
    (fields,) = fields_of(text)

    assert (fields["pmid"], fields["pmcid"]) == ("90000001", "PMC9000001")
    assert (fields["journal"], fields["year"]) == ("Peers and work", "2019")
    assert [warned.message for warned in warnings_of(text)] == ["lines above the header"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "Ward Notes. 17(3) (pp 45-50), 2020. Date of Publication: 15 Mar 2020.",
            ("Ward Notes", "17", "3", "45-50"),
        ),
        ("Ward Notes. 9(no pagination), 2020. Article Number: 40721.", ("Ward Notes", "9", "", "40721")),
        ("Ward Notes. (no pagination), 2020. Date of Publication: 2020.", ("Ward Notes", "", "", "")),
        (
            "Heart. A Journal. 44(Supplement 2) (pp S118), 2020.",
            ("Heart. A Journal", "44", "Supplement 2", "S118"),
        ),
        (
            "Acta. Conference: 2nd Congress. Nowhere Spain. 12(1 Supplement 3) (pp S77), 2020. Date: 2020.",
            ("Acta", "12", "1 Supplement 3", "S77"),
        ),
        ("Ward Notes. 2020 Jul 21.", ("Ward Notes", "", "", "")),
    ],
)
def test_what_embase_says_in_one_line_of_source_is_taken_apart(
    source: str, expected: tuple[str, ...]
) -> None:
    row = f'1,Ovid Technologies,Embase,2030000001,Peer work,Doe J.,"{source}",,,,{LINK}\n'
    (fields,) = fields_of(OVID + row)

    assert tuple(fields.get(column, "") for column in ("journal", "volume", "issue", "pages")) == expected
    assert (fields["year"], fields["doi"]) == ("2020", "10.5555/s7001(19)00042-x")


def test_a_record_without_a_title_is_kept_by_its_number_and_by_authors_with_a_source() -> None:
    text = "Title,Authors,Year,Journal,DOI\n" + ',"Doe, J",2020,Ward Notes,\n' + ",,2020,,10.5555/a\n"
    batch = read_export((text + ',"Roe, K",2020,,\n').encode())

    assert batch.imported == 2
    assert [piece.line for piece in batch.rejects] == [4]
    assert [warned.message for warned in batch.warnings] == ["record without a title"] * 2


def test_bodies_stand_behind_the_authors_in_a_table_of_the_web_of_science() -> None:
    header = "Authors\tGroup Authors\tArticle Title\tPublication Year\tUT (Unique WOS ID)\n"
    rows = "Doe, J\tPeer Work Group\tA\t2020\tWOS:1\n\tPeer Work Group; Others\tB\t2020\tWOS:2\n"

    found = [each["authors"] for each in fields_of(header + rows)]
    assert found == ["Doe, J; Peer Work Group", "Peer Work Group; Others"]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Pages", "12-Mar"),
        ("Pages", "2025-03-12"),
        ("Pages", "1,234"),
        ("Page start", "1,234"),
        ("Volume", "12-Mar"),
        ("Volume", "1,234"),
        ("Issue", "03-Apr"),
        ("PMID", "3.1E+07"),
        ("PMID", "31,234,567"),
        ("Accession Number", "1.4E+08"),
        ("ISBN", "9.78E+12"),
    ],
)
def test_what_a_spreadsheet_made_of_a_number_is_blank_and_told(column: str, cell: str) -> None:
    text = f'Title,Year,DOI,{column}\nPeer work,2024,10.5555/a,"{cell}"\n'
    (fields,) = fields_of(text)
    (warned,) = warnings_of(text)

    assert cell not in [value for name, value in fields.items() if name != "extra"]
    assert json.loads(fields["extra"]) == {column: cell}
    assert warned.line == 2
    assert repr(cell) in warned.message


@pytest.mark.parametrize("cell", ["Jan 2020", "3-4", "Mar-Apr", "Suppl 1", "S1"])
def test_the_name_of_an_issue_is_no_spoilt_number(cell: str) -> None:
    text = f"Title,Year,DOI,Issue\nPeer work,2024,10.5555/a,{cell}\n"

    assert fields_of(text)[0]["issue"] == cell
    assert warnings_of(text) == []


def test_pubmed_s_table_until_2020_has_authors_and_journal_in_cells_that_describe_the_record() -> None:
    text = (
        "Title,URL,Description,Details,ShortDetails,Resource,Type,Identifiers,Db,EntrezUID,Properties\n"
        'Peer work.,/pubmed/90000001,"Example V, Walter B.",'
        '"J Inv. (Nowhere). 2015 Mar;45(3):497.e1-497.e13. doi: 10.5555/PEER.1. Epub 2014 Dec 18. Review.",'
        "J Inv.  2015,PubMed,citation,PMID:90000001 | PMCID:PMC9000001,pubmed,90000001,"
        "create date:2014/12/23,\n"
    )
    (fields,) = fields_of(text)
    (record,) = records_of(text)

    assert (fields["authors"], fields["year"]) == ("Example, V; Walter, B", "2015")
    assert (fields["journal"], fields["volume"]) == ("J Inv. (Nowhere)", "45")
    assert fields["pages"] == "497.e1-497.e13"
    assert (fields["pmid"], fields["pmcid"], fields["doi"]) == ("90000001", "PMC9000001", "10.5555/peer.1")
    assert spreadsheet.origin(record)[:2] == ("PubMed", "PubMed")


def test_a_description_is_nobody_s_name_in_another_table() -> None:
    assert "authors" not in fields_of("Title,Description,DOI\nPeer work,On roles,10.5555/a\n")[0]


def test_pubdata2xl_names_the_doi_among_identifiers() -> None:
    text = (
        "PMID,Title,Author(s),Publication Type,Article Identifier,Entrez Date,MeSH Date\n"
        "90000001,Peer work,Roe V||Doe J,Journal Article||Review,"
        "S0000-1(20)30097-0 [pii]||10.5555/PEER.1 [doi],2020/04/15,2020/10/21\n"
    )
    (fields,) = fields_of(text)

    assert (fields["doi"], fields["type"]) == ("10.5555/peer.1", "Journal Article; Review")
    assert fields["authors"] == "Roe, V; Doe, J"
    assert spreadsheet.origin(records_of(text)[0]).database == "PubMed"


def test_the_eu_register_s_number_is_the_record_s() -> None:
    header = "EudraCT Number,Sponsor Protocol Number,Start Date,Full Title\n"
    text = f"{header}2015-004098-33,A1,2016-06-29,Peer work\n"
    (fields,) = fields_of(text)

    assert (fields["accession"], fields["year"]) == ("2015-004098-33", "2016")
    assert spreadsheet.origin(records_of(text)[0]).database == "EU Clinical Trials Register"


def test_the_day_on_which_a_trial_began_is_not_the_year_of_a_paper_whose_own_cannot_be_read() -> None:
    text = "Title,PublicationDate,startDate\nPeer work,\"{'Year': 'MMXX'}\",2016-11\n"

    assert "year" not in fields_of(text)[0]


def test_embase_s_pubmed_number_has_an_address_behind_it() -> None:
    row = (
        "1,Ovid Technologies,Embase,2030000001,Peer work,Doe J.,J Inv. 2020,2020,,,,"
        "90000001 [http://www.ncbi.nlm.nih.gov/pubmed/?term=90000001]\n"
    )
    text = OVID.replace("FTURL", "FTURL,PM") + row

    assert fields_of(text)[0]["pmid"] == "90000001"
    assert warnings_of(text) == []


def test_lens_writes_null_for_no_given_name() -> None:
    (fields,) = fields_of("Lens ID,Title,Author/s\n000-1,Peer work,G. Rosenow; null Flaskamp; ter Haar\n")

    assert fields["authors"] == "Rosenow, G.; Flaskamp; ter Haar"


def test_a_table_whose_cells_look_like_a_saved_search_is_a_table() -> None:
    text = (
        "title,place,score,doi\n"
        '1. Who is a peer?,"Nowhere, Ward",1,10.5555/1\n'
        "2. Peers on the [mh] ward,,2,10.5555/2\n"
        "3. Peer work: explode,,2,10.5555/3\n"
    )

    assert mixture.detect(text).NAME == "spreadsheet"


def test_springerlink_s_authors_stand_without_a_sign_between_them_and_some_have_two_letters() -> None:
    (fields,) = fields_of(
        "Item Title,Authors,Content Type\nPeer work,Bo LiMary LeBlancAda XuHao WangFei-Fei Lu,Article\n"
    )

    assert fields["authors"] == "Li, Bo; LeBlanc, Mary; Xu, Ada; Wang, Hao; Lu, Fei-Fei"


def test_cnki_s_table_is_read() -> None:
    header = (
        "SrcDatabase-来源库,Title-题名,Author-作者,Source-文献来源,Keyword-关键词,"
        "Summary-摘要,PubTime-发表时间,Period-期,DOI-DOI"
    )
    (record,) = records_of(
        f"{header}\n期刊,同伴工作,郝国强;包蕾,民族研究,角色;;支持,摘要,2026-03-06 11:12,06,10.5555/1\n"
    )
    fields = spreadsheet.to_fields(record)

    assert (fields["title"], fields["authors"], fields["journal"]) == ("同伴工作", "郝国强; 包蕾", "民族研究")
    assert (fields["year"], fields["issue"], fields["doi"]) == ("2026", "06", "10.5555/1")
    assert (fields["keywords"], spreadsheet.origin(record).database) == ("角色; 支持", "CNKI")


def test_pubmed_s_citation_may_have_no_pages() -> None:
    (fields,) = fields_of('Title,Citation\nPeer work,"Nutr. 2024 May 8;12(1). pii: E33. doi: 10.5555/1."\n')

    assert (fields["volume"], fields["issue"], fields.get("pages")) == ("12", "1", None)
