"""Tests of tables of references: headers, delimiters, and damaged rows."""

import json

import pytest

from peerreview.imports.formats import NOWHERE, Origin, Piece, RawRecord, Warned, spreadsheet
from peerreview.imports.formats.writers.spreadsheet import write
from tests.builders import make_records
from tests.imports.formats.samples import (
    COMMAS,
    EMBASE,
    SEMICOLONS,
    TABS,
    fields_of,
    records_of,
    rejects_of,
    warnings_of,
)


def one(header: str, *cells: str) -> str:
    return f"{header}\n{','.join(cells)}\n"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Article Title", "title"),
        ("Document Title", "title"),
        ("Author(s)", "authors"),
        ("Author/s", "authors"),
        ("publication_year", "year"),
        ("Journal/Book", "journal"),
        ("primary_location.source.display_name", "journal"),
        ("Art. No.", "pages"),
        ("PubMed ID", "pmid"),
        ("UT (Unique WOS ID)", "accession"),
    ],
)
def test_a_header_is_known_by_its_letters_alone(header: str, column: str) -> None:
    values = {"year": "2024", "pmid": "90000001", "pages": "e12"}
    value = values.get(column, "Something")

    assert fields_of(one(f"{header},DOI,Item title", value, "10.5555/a", "Peer"))[0][column] == value


def test_dblps_electronic_edition_is_the_link_and_has_the_doi() -> None:
    text = one("title,year,key,ee", "Peer work", "2024", "conf/peer/Lee24", "https://doi.org/10.5555/Peer.1")

    assert (fields_of(text)[0]["doi"], fields_of(text)[0]["url"]) == (
        "10.5555/peer.1",
        "https://doi.org/10.5555/Peer.1",
    )


def test_the_name_of_the_database_may_be_a_column_called_so() -> None:
    raw = records_of(one("Name of Database,Title,Year,DOI", "Scopus", "Peer work", "2024", "10.5555/a"))[0]

    assert spreadsheet.origin(raw).database == "Scopus"


def test_a_title_alone_is_a_table() -> None:
    assert [each["title"] for each in fields_of("title\nPeer work\nPeer support\n")] == [
        "Peer work",
        "Peer support",
    ]


def test_prose_with_a_line_that_says_title_is_none() -> None:
    assert not spreadsheet.looks_like("Dear colleague,\nTitle\nplease find\n")


def test_what_stands_above_the_header_is_told() -> None:
    assert warnings_of(EMBASE) == [
        Warned(1, "lines above the header", '"SEARCH QUERY","\'peer work\':ti"\n' + "-" * 37)
    ]
    assert [record.line for record in records_of(EMBASE)] == [5, 6, 7]


def test_a_quoted_cell_may_hold_lines_and_quotes() -> None:
    assert fields_of(COMMAS)[0]["abstract"] == 'Peer work is growing. We asked twelve "peer workers".'
    assert [record.line for record in records_of(COMMAS)] == [2, 5, 6]


def test_semicolons_serve_where_a_spreadsheet_was_saved_in_europe() -> None:
    assert fields_of(SEMICOLONS)[0]["title"] == "Peer workers in acute care; a study"


def test_web_of_science_quotes_nothing_between_tabs() -> None:
    first = fields_of(TABS)[0]

    assert first["title"] == '"Peer" workers in acute care'
    assert (first["accession"], first["pmid"]) == ("WOS:000900000000001", "90000001")


def test_cells_quoted_between_tabs_lose_their_quotes() -> None:
    assert fields_of('Title\tYear\n"Peer ""work"""\t2024\n')[0]["title"] == 'Peer "work"'


def test_nobody_is_no_author() -> None:
    assert "authors" not in fields_of(COMMAS)[2]


def test_what_a_program_writes_for_nothing_is_nothing() -> None:
    assert "year" not in fields_of(one("Title,Year,DOI", "Peer", "nan", "10.5555/a"))[0]


def test_scopus_names_itself_in_source_which_is_no_journal() -> None:
    assert "journal" not in fields_of(one("Title,Source,EID", "Peer", "Scopus", "2-s2.0-1"))[0]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Title,Covidence #,DOI", "A,#1,", ("", "", "Covidence", "covidence")),
        ("key,title,url", "rayyan-1,A,https://embase.com/x?id=L2", ("Embase", "Embase.com", "Rayyan", "url")),
        ("Key,Item Type,Title,Library Catalog", "A,book,A,PubMed", ("PubMed", "", "Zotero", "database")),
        ("Title,EID,Source", "A,2-s2.0-9,Scopus", ("Scopus", "Scopus", "", "eid")),
        ("PMID,Title,Journal/Book,Create Date", "1,A,J,2024", ("PubMed", "PubMed", "", "pmid")),
        ("Publication ID,Title", "pub.1,A", ("Dimensions", "Dimensions", "", "publication id")),
        ("NCT Number,Study Title", "NCT1,A", ("ClinicalTrials.gov", "ClinicalTrials.gov", "", "nct number")),
    ],
)
def test_headers_tell_the_database_and_the_carrier(
    header: str, row: str, expected: tuple[str, str, str, str]
) -> None:
    (record,) = records_of(one(header, row))

    assert spreadsheet.origin(record) == Origin(*expected[:3], how=f"column {expected[3]!r}")


def test_a_header_that_others_use_too_tells_nothing() -> None:
    (record,) = records_of(one("Title,EID,Source", "A,9,x"))

    assert spreadsheet.origin(record) == NOWHERE


def test_a_key_of_zotero_is_no_accession_number_but_one_of_rayyan_is() -> None:
    assert "accession" not in fields_of(one("Key,Item Type,Title", "AB12CD34", "book", "Peer"))[0]
    assert fields_of(one("key,title,year", "rayyan-1", "Peer", "2024"))[0]["accession"] == "rayyan-1"


def test_further_tags_that_rayyan_glues_on_stay_out_of_the_link_and_the_doi() -> None:
    text = one(
        "key,title,doi,url",
        "rayyan-1",
        "Peer",
        "10.5555/a     LK  - https://x.example",
        "https://y.example U2  - L2",
    )
    (fields,) = fields_of(text)

    assert (fields["doi"], fields["url"]) == ("10.5555/a", "https://y.example")
    assert "LK  - https://x.example" in json.loads(fields["extra"])["doi"]


def test_a_row_shorter_than_its_header_is_a_record() -> None:
    assert fields_of('Title,Authors,Year,DOI\nA,"Doe, J."\n\nB,"Roe, K.",2024\n') == [
        {"title": "A", "authors": "Doe, J."},
        {"title": "B", "authors": "Roe, K.", "year": "2024"},
    ]


def test_a_line_of_one_cell_is_told_and_no_record() -> None:
    text = COMMAS.replace('"Supervision', 'not yet screened\n"Supervision')

    assert [(part.line, part.message) for part in warnings_of(text)] == [
        (5, "a line of one cell between rows")
    ]
    assert len(records_of(text)) == 3


def test_a_cell_without_a_header_is_put_where_the_others_fit_and_kept() -> None:
    rows = ("A,one,two,2024,10.5555/a,2-s2.0-1", "B,one,two,2024,10.5555/b,2-s2.0-2")
    text = "\n".join(("Title,Funding,Year,DOI,EID", *rows, ""))
    first, second = fields_of(text)

    assert (first["year"], first["doi"], first["accession"]) == ("2024", "10.5555/a", "2-s2.0-1")
    assert json.loads(second["extra"])["column 3"] == "two"
    assert warnings_of(text) == [Warned(2, "6 cells in a table of 5 columns, from here on")]


def test_a_missing_quote_costs_one_row_and_no_other() -> None:
    rows = [f'"Peer work {number}","Doe, J.",2024,10.5555/{number}\n' for number in range(30)]
    rows[3] = rows[3].replace('3","', '3,"', 1)
    text = "Title,Authors,Year,DOI\n" + "".join(rows)

    (reject,) = rejects_of(text)
    assert (reject.line, reject.text) == (5, rows[3].rstrip())
    assert len(records_of(text)) == 29


def test_two_rows_that_have_run_together_are_rejected() -> None:
    text = "Title;Authors;Year\nA;Doe, J.;2024;B;Roe, K.;2020\n"

    assert rejects_of(text) == [
        Piece(2, "6 cells in a table of 3 columns: two rows have run together", text.split("\n")[1])
    ]


def test_a_last_row_that_breaks_off_is_rejected() -> None:
    cut = COMMAS[: COMMAS.index("Recovery") + 30]

    assert [type(part) for part in spreadsheet.parse(cut)] == [RawRecord, RawRecord, Piece]


def test_a_header_within_the_table_is_taken_for_the_rows_below_it() -> None:
    text = "Title,Year,DOI\nPeer,2024,\nYear,DOI,Title\n2019,,Work\n"

    assert [each["title"] for each in fields_of(text)] == ["Peer", "Work"]
    assert warnings_of(text) == [Warned(3, "a header row again", "Year,DOI,Title")]


def test_a_record_of_words_that_columns_are_called_by_is_no_header() -> None:
    text = 'title,authors,year,journal\nFirst,"Doe, J",2020,J\nTitle,Author,,Journal\nThird,"Roe, K",2021,K\n'

    assert [each["title"] for each in fields_of(text)] == ["First", "Title", "Third"]
    assert fields_of(text)[2]["journal"] == "K"


def test_a_cell_of_a_table_that_was_written_here_is_what_it_says() -> None:
    row = {
        "authors": "NHS England; A, B, C, D",
        "type": "J",
        "issue": "0",
        "journal": "Scopus",
        "keywords": "|",
        "url": "internal-pdf://A and B.pdf",
    }
    table = write(
        make_records(source=["BIOSIS Citation Index"], title=["None"], **{key: [row[key]] for key in row})
    )
    text = table.to_csv(index=False)

    assert {key: fields_of(text)[0][key] for key in ("title", *row)} == {"title": "None", **row}
    assert spreadsheet.origin(records_of(text)[0]).database == "BIOSIS Citation Index"


def test_a_header_with_a_blank_cell_is_known_again() -> None:
    text = "Title,,Year,DOI\nPeer,,2024,\nTitle,,Year,DOI\nWork,,2019,\n"

    assert [each["title"] for each in fields_of(text)] == ["Peer", "Work"]


def test_the_note_that_dimensions_puts_above_its_table_is_told() -> None:
    about = '"About the data: Exported on Mar 25, 2024. Criteria: peer work in title and abstract, 2024"'
    text = f"{about}\nRank,Publication ID,DOI,PMID,Title,PubYear\n1,pub.1,10.5555/a,90000001,Peer work,2024\n"

    assert fields_of(text)[0]["accession"] == "pub.1"
    assert [warned.text for warned in warnings_of(text)] == [about]


def test_a_trial_in_a_register_is_a_record() -> None:
    header = "NCT Number,Study Title,Study URL,Brief Summary,Conditions,Start Date"
    (fields,) = fields_of(
        one(header, "NCT90000001", "Peer work", "https://x.example", "We test.", "A|B", "2024-03")
    )

    assert (fields["accession"], fields["year"], fields["keywords"]) == ("NCT90000001", "2024", "A; B")


def test_a_journal_that_is_called_like_a_database_is_a_journal() -> None:
    for journal in ("IEEE Access", "Global Health Action", "Cochrane Database of Systematic Reviews"):
        assert fields_of(one("Title,Source title,Source", "Peer", journal, "Scopus"))[0]["journal"] == journal


PEOPLE = '"Example, Verity; Sample, Ada"'


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Article Title,Author,Journal Title,Publication Date,First Page,Accession Number,PLink",
            f"Peer,{PEOPLE},Invention,20240325,211,90,https://search.ebscohost.com/login.aspx?db=rzh&AN=90",
        ),
        (
            "an,title,contributors,source,publicationDate,pageStart,pageEnd,docTypes,plink,longDBName",
            f"90,Peer,{PEOPLE},Invention,20240325,211,219,Article,https://research.ebsco.com/1,CINAHL Plus",
        ),
    ],
)
def test_ebsco_s_columns_are_read_in_its_older_and_its_newer_form(header: str, row: str) -> None:
    (fields,) = fields_of(one(header, row))
    (record,) = records_of(one(header, row))

    assert (fields["authors"], fields["year"]) == ("Example, Verity; Sample, Ada", "2024")
    assert (fields["journal"], fields["accession"], fields["pages"][:3]) == ("Invention", "90", "211")
    assert spreadsheet.origin(record)[:2] == ("CINAHL", "EBSCOhost")


@pytest.mark.parametrize(
    "header",
    [
        "Title,StoreId,Authors,digitalObjectIdentifier,documentType,subjectTerms,year,DocumentURL",
        "Title,ProQuest document ID,Author,DOI,Document type,Subject,Publication year,Document URL",
    ],
)
def test_proquest_s_columns_are_read_in_either_of_its_forms(header: str) -> None:
    link = "https://www.proquest.com/docview/90"
    text = one(header, f"Peer,90,{PEOPLE},10.5555/a,Journal Article,Work; Peers,2024,{link}")
    (fields,) = fields_of(text)
    (record,) = records_of(text)

    assert (fields["doi"], fields["type"], fields["accession"]) == ("10.5555/a", "Journal Article", "90")
    assert (fields["keywords"], fields["url"]) == ("Work; Peers", link)
    assert spreadsheet.origin(record).platform == "ProQuest"


def test_the_columns_of_the_virtual_health_library_are_read() -> None:
    header = "ID,Title,Authors,Database,Descriptor(s),Fulltext URL,Volume number,Issue number"
    text = one(header, 'biblio-9,Peer,"Silva, Ana",LILACS,Humanos; Idoso,https://x.example,74,2')
    (fields,) = fields_of(text)

    assert (fields["volume"], fields["issue"], fields["keywords"]) == ("74", "2", "Humanos; Idoso")
    assert (fields["accession"], fields["url"]) == ("biblio-9", "https://x.example")


def test_publish_or_perish_names_google_scholar_and_writes_0_for_none() -> None:
    header = "Cites,Authors,Title,Year,Source,CitesURL,GSRank,Volume,Issue,StartPage"
    text = one(header, '3,"V Example, M Sample…",Peer,2024,Invention,https://scholar.google.com/x,1,0,0,7')
    (fields,) = fields_of(text)
    (record,) = records_of(text)

    assert (fields["authors"], fields["pages"]) == ("Example, V; Sample, M", "7")
    assert "volume" not in fields
    assert json.loads(fields["extra"])["Volume"] == "0"
    assert spreadsheet.origin(record)[:2] == ("Google Scholar", "Publish or Perish")


def test_columns_that_web_of_science_calls_as_others_call_something_else_are_told_apart() -> None:
    header = "PT\tAU\tAF\tTI\tSO\tDT\tSP\tDE\tID\tPY\tAR\tUT"
    row = "C\tExample, V\tExample, Verity\tPeer\tInvention\tArticle\tIEEE, ACM\tWork\tCARE\t2024\te7\tWOS:9"
    (fields,) = fields_of(f"{header}\n{row}\n")

    assert (fields["authors"], fields["keywords"]) == ("Example, Verity", "Work; CARE")
    assert (fields["pages"], fields["accession"]) == ("e7", "WOS:9")
    assert json.loads(fields["extra"])["SP"] == "IEEE, ACM"


def test_a_letter_is_no_type_where_the_document_s_stands_too() -> None:
    assert (
        fields_of(one("Title,Publication Type,Document Type", "Peer", "J", "Review"))[0]["type"] == "Review"
    )
    assert "type" not in fields_of(one("Title,Publication Type,DOI", "Peer", "J", "10.5555/a"))[0]


def test_zotero_s_extra_holds_the_numbers_of_pubmed() -> None:
    (fields,) = fields_of('Key,Item Type,Title,Extra\nA,book,Peer,"PMID: 90000001\nPMCID: PMC9000001"\n')

    assert (fields["pmid"], fields["pmcid"]) == ("90000001", "PMC9000001")


def test_other_databases_of_web_of_science_are_told_by_the_accession_number() -> None:
    header = "PT,UT,TI,AU"
    text = one(header, 'J,BCI:BCI9,Peer,"Example, Verity (verity@x.example) ; Sample, Ada"')
    (record,) = records_of(text)

    assert spreadsheet.origin(record)[:2] == ("BIOSIS Citation Index", "Web of Science")
    assert fields_of(text)[0]["authors"] == "Example, Verity; Sample, Ada"


def test_columns_named_by_ris_tags_are_read() -> None:
    (fields,) = fields_of(one("TY,AU,TI,JO,year", 'JOUR,"Example, Verity",Peer,Invention,2024'))

    assert (fields["type"], fields["journal"]) == ("JOUR", "Invention")


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        ("J Inv. 2024 May;24(1):211-9. doi: 10.5555/peer.1. Epub 2024 Jan 2.", ("24", "1", "211-219")),
        ("J Inv. 2019 Sep-Oct;19:e12.", ("19", "", "e12")),
        ("J Inv. 2024 May 2. doi: 10.5555/peer.1. Online ahead of print.", ("", "", "")),
    ],
)
def test_pubmed_s_citation_holds_volume_issue_and_pages(citation: str, expected: tuple[str, ...]) -> None:
    (fields,) = fields_of(one("PMID,Title,Citation,Journal/Book", f"9,Peer,{citation},J Inv"))

    assert tuple(fields.get(column, "") for column in ("volume", "issue", "pages")) == expected
    assert json.loads(fields["extra"])["Citation"] == citation


def test_a_table_of_scielo_has_spaces_around_its_quotes_and_commas_between_names() -> None:
    header = "ID,Title,Author(s),Source,Journal,Language(s),Publication year,Fulltext URL \n"
    people = "Exemplo, Ana Sá, Amostra, Bia Lima da, Modelo, Carla de Souza"
    text = f'{header} "S9000-9","Peer, or not","{people}","","Invention","pt","2024","http://x.example" \n'
    (fields,) = fields_of(text)

    assert (fields["accession"], fields["title"]) == ("S9000-9", "Peer, or not")
    assert spreadsheet.origin(records_of(text)[0]).database == "SciELO"
    assert fields["authors"] == "Exemplo, Ana Sá; Amostra, Bia Lima da; Modelo, Carla de Souza"
    assert fields["language"] == "pt"


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("titulo,autores,ano,doi,resumo,idioma,tipo,palavras-chave", "authors"),
        ("Título,Autores,Año,DOI,Resumen,Idioma,Tipo,Palabras clave", "keywords"),
        ("Titre,Auteurs,Année,DOI,Résumé,Langue,Type,Mots-clés", "year"),
    ],
)
def test_headers_in_other_languages_are_known(header: str, column: str) -> None:
    (fields,) = fields_of(one(header, 'Peer,"Example, Verity",2024,10.5555/a,We asked.,pt,article,work'))

    assert fields[column]
    assert "extra" not in fields


def test_web_of_science_puts_abstracts_in_other_languages_into_columns_of_their_own() -> None:
    (fields,) = fields_of("TI\tAU\tAB\tX4\tX5\tUT\nPeer\tExample, V\t\tPerguntamos.\tpares\tSCIELO:S9\n")

    assert (fields["abstract"], fields["keywords"]) == ("Perguntamos.", "pares")


def test_numbers_that_pandas_wrote_with_a_point_are_whole() -> None:
    (fields,) = fields_of(
        one("Title,Year,Volume,Issue,Start Page,End Page", "Peer,2024.0,24.0,1.0,211.0,219.0")
    )

    assert (fields["year"], fields["volume"], fields["issue"]) == ("2024", "24", "1")
    assert fields["pages"] == "211-219"
    assert json.loads(fields["extra"])["Volume"] == "24.0"


def test_what_embase_com_says_of_its_coverage_is_no_other_source() -> None:
    link = "http://www.embase.com/search/results?subaction=viewrecord&id=L1"
    (record,) = records_of(one("Key,Item Type,Title,Url,Library Catalog", f"A,book,Peer,{link},Medline"))

    assert spreadsheet.origin(record)[:3] == ("Embase", "Embase.com", "Zotero")


def test_the_full_stop_behind_pubmeds_authors_is_of_none_of_them() -> None:
    header = "PMID,Title,Authors,Journal/Book"
    cells = ["Reeves V, Loughhead M.", "Reeves V.", "Sankt J, St. Clair A.", "Reeves V., Bo C."]

    assert [fields_of(one(header, f'9,Peer,"{cell}",J Inv'))[0]["authors"] for cell in cells] == [
        "Reeves, V; Loughhead, M",
        "Reeves, V",
        "Sankt, J; St. Clair, A",
        "Reeves, V.; Bo, C.",
    ]
    assert fields_of(one("PMID,Title,Authors", '9,Peer,"Reeves V, Loughhead M."'))[0]["authors"] == (
        "Reeves, V; Loughhead, M."
    )


def test_a_pubmed_number_that_a_spreadsheet_rounded_is_blank_and_told() -> None:
    text = "Title,Year,PMID\nOne,2019,3.1E+07\nTwo,2019,31234567.0\nThree,2019,none\n"

    first, second, third = fields_of(text)

    assert [each.get("pmid") for each in (first, second, third)] == [None, "31234567", None]
    assert json.loads(first["extra"])["PMID"] == "3.1E+07"
    assert warnings_of(text) == [Warned(2, "pmid '3.1E+07' is no PubMed number; left blank")]


def test_a_pubmed_number_among_those_of_other_databases_is_read() -> None:
    text = one("Title,PubMed ID,DOI", "One", '"PUBMED 21314913,EMBASE 51"', "10.5555/a")

    assert fields_of(text)[0]["pmid"] == "21314913"
    assert warnings_of(text) == []


def test_a_year_that_a_spreadsheet_took_for_days_is_blank_and_told() -> None:
    text = "Title,Year,DOI\nOne,1905-07-11,10.5555/a\nTwo,2019.0,10.5555/b\nThree,in press,10.5555/c\n"

    assert [fields.get("year") for fields in fields_of(text)] == [None, "2019", None]
    assert [(warned.line, "'1905-07-11'" in warned.message) for warned in warnings_of(text)] == [(2, True)]


def test_a_year_in_another_column_is_enough() -> None:
    text = "Title,Publication Date,Year,DOI\nOne,SEP 22,2019,10.5555/a\n"

    assert fields_of(text)[0]["year"] == "2019"
    assert warnings_of(text) == []


def test_pages_that_a_spreadsheet_took_for_a_date_are_blank_and_told() -> None:
    text = "Title,Year,Pages\nOne,2019,12-Mar\nTwo,2019,12-13\n"

    first, second = fields_of(text)

    assert (first.get("pages"), second["pages"]) == (None, "12-13")
    assert json.loads(first["extra"])["Pages"] == "12-Mar"
    assert [(warned.line, "'12-Mar'" in warned.message) for warned in warnings_of(text)] == [(2, True)]


@pytest.mark.parametrize("cell", ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?"])
def test_a_formula_that_failed_is_no_value(cell: str) -> None:
    text = f"Title,Authors,Year,Journal,Abstract\nWard #4,{cell},2019,{cell},#1 ward\n"

    (fields,) = fields_of(text)

    assert fields.keys().isdisjoint({"authors", "journal"})
    assert (fields["title"], fields["abstract"]) == ("Ward #4", "#1 ward")


def test_an_entity_in_a_list_of_authors_is_a_letter() -> None:
    text = (
        "title,author,year\nPots,Ren&eacute; Kay and Ada M&uuml;ll,2018\n"
        'Pans,"O&#39;Dell, Pat; K&#xF6;nig, Sam",2019\n'
    )

    assert [each["authors"] for each in fields_of(text)] == [
        "Kay, René; Müll, Ada",
        "O'Dell, Pat; König, Sam",
    ]


def test_the_header_of_a_citation_report_stands_below_its_counts_and_has_a_column_for_each_year() -> None:
    header = "Title,Authors,Source Title,Publication Year,Volume,Issue,DOI,Article Number,Citations,2023,2024"
    text = f"Results found,1\nh-index,3\n{header}\nPeer work,Reeves V,Peers,2023,1,2,10.5555/a,e1,3,1,2\n"

    assert fields_of(text)[0]["title"] == "Peer work"
    assert fields_of(text)[0]["year"] == "2023"


def test_eppi_reviewer_s_short_title_tells_that_family_names_stand_first() -> None:
    header = "ID,Short Title,Authors,Year,Full Title"

    told = fields_of(f"{header}\n1,Reeves (2021),Reeves Verity ; Walter Ben ; ,2021,Peer work\n")[0]

    assert told["authors"] == "Reeves, Verity; Walter, Ben"
    assert told["title"] == "Peer work"


@pytest.mark.parametrize("header", ["Full Title", "citation_name"])
def test_what_tools_call_the_title_beside_a_short_one_or_a_journal_s_is_the_title(header: str) -> None:
    (fields,) = fields_of(f"{header},doi,journal_book_title\nPeer work,10.5555/a,Peers\n")

    assert fields["title"] == "Peer work"


def test_words_of_a_header_may_stand_without_blanks() -> None:
    header = "DocumentType,title,PublicationName,PublicationYear,StartPage,EndPage"
    (fields,) = fields_of(f"{header}\nArticle,Peer work,Peers,2021,4,9\n")

    assert (fields["journal"], fields["year"], fields["pages"]) == ("Peers", "2021", "4-9")


def test_a_team_s_own_columns_beside_a_title_are_a_table() -> None:
    (fields,) = fields_of('Refid,Bibliography,Title\n7,"Reeves (2021)",Peer work\n')

    assert fields["title"] == "Peer work"


def test_the_number_that_a_team_gave_a_paper_is_no_page() -> None:
    (own,) = fields_of("article.ID,title,journal,year\n12,Peer work,Peers,2021\n")
    (published,) = fields_of("Article ID,Title,Journal,Volume,Year\ne12,Peer work,Peers,3,2021\n")

    assert (own.get("pages", ""), published["pages"]) == ("", "e12")
