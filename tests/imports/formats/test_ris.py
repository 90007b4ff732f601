"""Tests of RIS: the dialects of the field, and damage."""

import json

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from peerreview.imports.formats import Origin, Part, Piece, RawRecord, Stranger, Warned, ris
from peerreview.imports.formats.writers.ris import write
from tests.builders import make_records

WHOLE = "TY  - JOUR\nTI  - Peer work\nAU  - Reeves, V\nPY  - 2024\nER  - \n"


def only(text: str) -> RawRecord:
    (record,) = [part for part in ris.parse(text) if isinstance(part, RawRecord)]
    return record


def fields_of(*lines: str) -> dict[str, str]:
    return ris.to_fields(only("\n".join(["TY  - JOUR", *lines, "ER  - "])))


def origin_of(*lines: str) -> Origin:
    return ris.origin(only("\n".join(["TY  - JOUR", *lines, "ER  - "])))


def told(text: str) -> list[Part]:
    return [part for part in ris.parse(text) if not isinstance(part, Stranger)]


def kinds(text: str) -> list[type]:
    return [type(part) for part in told(text)]


def test_a_missing_end_before_the_next_record_warns_and_loses_nothing() -> None:
    parts = list(ris.parse(WHOLE.replace("ER  - \n", "") + WHOLE))

    assert [Warned, RawRecord, RawRecord] == [type(part) for part in parts]
    assert parts[0] == Warned(1, "ER line is missing at the end of this record")


def test_a_last_record_without_an_end_is_kept_if_it_has_a_title_and_a_whole_last_line() -> None:
    assert kinds(WHOLE + WHOLE.replace("ER  - \n", "")) == [RawRecord, Warned, RawRecord]


def test_a_last_record_that_is_cut_off_is_rejected_with_its_line_and_text() -> None:
    parts = list(ris.parse(WHOLE + "TY  - JOUR\nTI  - Peer wo"))

    assert parts[1] == Piece(
        6, "the file ends within this record; export it again", "TY  - JOUR\nTI  - Peer wo"
    )


def test_tags_with_one_space_are_read() -> None:
    assert ris.to_fields(only("TY - JOUR\nTI - Peer work\nER - \n"))["title"] == "Peer work"


def test_a_last_line_of_which_the_end_is_cut_off_ends_its_record_still() -> None:
    cut_off = f"{WHOLE}TY  - JOUR\nTI  - Peer\n  work\nUR  - https://example.org\nER"

    assert kinds(cut_off) == kinds(cut_off + "\n\n" + WHOLE)[:2] == [RawRecord, RawRecord]
    assert ("UR", "https://example.org") in only(cut_off.removeprefix(WHOLE)).tags
    assert only("TY  - JOUR\nAB  - In an\nER\nof two.\nER  -").tags[1] == ("AB", "In an ER of two.")


def test_tags_with_two_spaces_behind_are_read() -> None:
    assert ris.to_fields(only("TY  -  JOUR\nTI  -  Peer work\nER  -  \n"))["title"] == "Peer work"


def test_a_missing_start_is_read_as_a_record_with_a_warning() -> None:
    assert kinds(WHOLE.removeprefix("TY  - JOUR\n") + WHOLE) == [Warned, RawRecord, RawRecord]


def test_text_between_records_is_told_and_the_numbers_of_ovid_are_not() -> None:
    parts = told("1. \n" + WHOLE + "Search strategy: peer*\n2. \n" + WHOLE)

    assert [RawRecord, Warned, RawRecord] == [type(part) for part in parts]
    assert parts[1] == Warned(7, "text between records: 'Search strategy: peer*'", "Search strategy: peer*")


def test_every_repeat_of_a_tag_is_kept() -> None:
    fields = fields_of("TI  - A", "AB  - An abstract", "AB  - © EBSCO", "DB  - Embase", "DB  - Medline")

    assert fields["abstract"] == "An abstract"
    assert json.loads(fields["extra"]) == {"AB": "© EBSCO", "DB": ["Embase", "Medline"]}


def test_a_doi_is_found_where_each_source_hides_it() -> None:
    for line in ("DO  - 10.5555/a", "L3  - 10.5555/A", "M3  - doi: 10.5555/a", "UR  - http://dx.doi.org/10.5555/a",
                 "N1  - doi: 10.5555/a", "C4  - 10.5555/a"):  # fmt: skip
        assert fields_of("TI  - A", line)["doi"] == "10.5555/a"


def test_a_doi_of_another_work_in_a_note_is_not_taken() -> None:
    assert fields_of("TI  - A", "N1  - References: Kay, B., 10.5555/other")["doi"] == ""
    assert fields_of("TI  - A", "N1  - Erratum in: J Invent, see DOI: 10.5555/other")["doi"] == ""


def test_the_pubmed_number_is_found_where_each_source_writes_it() -> None:
    embase = ("UR  - https://www.embase.com/x?id=L2029&from=export", "U2  - L2029", "C5  - 38773066")
    scopus = ("DB  - Scopus", "C2  - 38773066")
    cochrane = ("AN  - CN-00778158", "C3  - PUBMED 38773066,EMBASE 51")
    ovid = ("DB  - Ovid MEDLINE(R) <1946 to 2024>", "ID  - 38773066")

    assert [fields_of("TI  - A", *each)["pmid"] for each in (embase, scopus, cochrane, ovid)] == [
        "38773066"
    ] * 4
    assert [fields_of("TI  - A", *each)["accession"] for each in (embase, cochrane)] == [
        "L2029",
        "CN-00778158",
    ]


def test_a_subtitle_of_ebsco_is_not_the_journal() -> None:
    fields = fields_of("T1  - A", "JO  - Psych Services", "T2  - A subtitle", "DP  - EBSCOhost")

    assert fields["journal"] == "Psych Services"


def test_pages_are_one_range_and_the_parts_are_kept_where_they_differ() -> None:
    assert fields_of("TI  - A", "SP  - 12", "EP  - 20")["pages"] == "12-20"
    changed = fields_of("TI  - A", "SP  - 123-30")
    assert (changed["pages"], json.loads(changed["extra"])) == ("123-130", {"SP": "123-30"})
    assert fields_of("TI  - A", "C7  - e12")["pages"] == "e12"


def test_a_line_before_a_record_cut_off_is_told() -> None:
    parts = list(ris.parse(f"{WHOLE}\nTX  ) JOUR\nTI  - Peer sup"))

    assert Warned(7, "text between records: 'TX  ) JOUR'", "TX  ) JOUR") in parts


def test_a_pmid_is_found_where_it_is_called_so() -> None:
    for line in ("N1  - PMID: 36522839", "C2  - PMID:36522839"):
        assert fields_of("TI  - A", line)["pmid"] == "36522839"


def test_the_database_is_told_from_the_carrier() -> None:
    assert origin_of("DB  - APA PsycInfo <2021>") == Origin("APA PsycInfo", "Ovid", "", "DB")
    assert origin_of("AN  - rayyan-1", "TI  - A") == Origin(carrier="Rayyan")
    assert origin_of("DP  - EBSCOhost", "DB  - rzh") == Origin("CINAHL", "EBSCOhost", "", "DB")
    assert origin_of(
        "TI  - A", "ST  - A", "DB  - Embase", "UR  - https://www.embase.com/a?id=L1", "ID  - 12"
    ) == Origin("Embase", "Embase.com", "EndNote", "DB")
    assert origin_of("WE  - SCIAN  - WOS:000123456700001") == Origin(
        "Web of Science", "Web of Science", "", "AN"
    )


texts = st.text("abc é&<", min_size=1, max_size=20).map(str.strip).filter(bool)


@given(
    st.lists(
        st.fixed_dictionaries({"title": texts, "authors": st.lists(texts, min_size=1, max_size=3)}),
        min_size=1,
    )
)
def test_rispy_and_we_read_the_same_records(references: list[dict[str, object]]) -> None:
    text = rispy.dumps([{"type_of_reference": "JOUR"} | each for each in references])

    ours = [part for part in ris.parse(text) if isinstance(part, RawRecord)]

    assert len(rispy.loads(text)) == len(ours) == len(references)
    for theirs, record in zip(rispy.loads(text), ours, strict=True):
        tags = record.tags
        assert theirs["title"] == next(value for tag, value in tags if tag == "TI")
        assert theirs["authors"] == [value for tag, value in tags if tag == "AU"]


@pytest.mark.parametrize("end", ["ER -", "ER-", "ER - "])
def test_an_end_line_of_one_blank_ends_a_record_of_wrapped_lines_too(end: str) -> None:
    text = f"TY  - JOUR\nTI  - A\nAB  - of hormones\nER-positive\nUR  - https://example.org/1\n{end}\n"
    tags = dict(only(text).tags)

    assert kinds(text + "\n" + text) == [RawRecord, RawRecord]
    assert tags["UR"] == "https://example.org/1"
    assert tags["AB"] == "of hormones ER-positive"


def test_the_pubmed_number_is_found_in_links_notes_and_accession_numbers_of_others() -> None:
    for line in ("U1  - 38773066[pmid]", "AN  - MEDLINE:38773066", "UR  - http://europepmc.org/abstract/MED/38773066",
                 "UR  - https://pesquisa.bvsalud.org/portal/resource/pt/mdl-38773066"):  # fmt: skip
        assert fields_of("TI  - A", line)["pmid"] == "38773066"
    assert fields_of("TI  - A", "U1  - 38773066")["pmid"] == ""


def test_what_r_writes_for_nothing_is_nothing() -> None:
    fields = fields_of("TI  - A", "AB  - NA", "IS  - NA", "KW  - DNA")

    assert (fields["abstract"], fields["issue"], fields["keywords"], fields["extra"]) == ("", "", "DNA", "")


def test_editors_and_the_book_stand_for_authors_and_journal_that_are_missing() -> None:
    fields = fields_of("TI  - A", "A2  - Example, Verity", "BT  - The book")

    assert (fields["authors"], fields["journal"]) == ("Example, Verity", "The book")
    assert fields_of("TI  - A", "A2  - Example, Verity", "AU  - Sample, Ada")["authors"] == "Sample, Ada"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["AN  - BCI:BCI202490000001"], ("BIOSIS Citation Index", "Web of Science", "", "AN")),
        (["AN  - pub.1190000001"], ("Dimensions", "Dimensions", "", "AN")),
        (["DB  - PMC"], ("PubMed Central", "", "", "DB")),
        (
            ["UR  - https://pubmed.ncbi.nlm.nih.gov/9", "UR  - https://lens.org/900-000"],
            ("Lens", "Lens", "", "UR"),
        ),
        (["DB  - Finder", "UR  - https://pubmed.ncbi.nlm.nih.gov/9"], ("Finder", "", "", "DB")),
        (["DB  - LILACS", "UR  - http://pesquisa.bvsalud.org/x/biblio-1"], ("LILACS", "BVS", "", "DB")),
    ],
)
def test_the_database_is_told_by_numbers_and_links(
    lines: list[str], expected: tuple[str, str, str, str]
) -> None:
    assert origin_of("TI  - A", *lines) == Origin(*expected)


def test_ovid_names_its_database_in_a_link_below_the_record() -> None:
    link = "http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=fulltext&D=caba6&AN=20249000001"
    below = f"\nLink to the Ovid Full Text or citation: {link}Link to the External Link Resolver: http://x.example\n"
    text = "1.\nTY  - JOUR\nID  - 20249000001\nT1  - A\nER  -\n" + below
    fields = ris.to_fields(only(text))

    assert ris.origin(only(text))[:2] == ("CAB Abstracts", "Ovid")
    assert (fields["accession"], fields["url"]) == ("20249000001", link)


def test_a_number_of_scielo_is_an_accession_number() -> None:
    lines = ("TI  - A", "DB  - SciELO Colombia", "ID  - S9000-00002024000100001-col")

    assert fields_of(*lines)["accession"] == "S9000-00002024000100001-col"
    assert origin_of(*lines).database == "SciELO"


def test_a_library_s_proxy_does_not_hide_the_platform() -> None:
    for link in ("https://www-proquest-com.ezproxy.example.edu/docview/9/abstract?accountid=1",
                 "https://proxy.example.edu/login?url=https://www.proquest.com/docview/9"):  # fmt: skip
        assert origin_of("TI  - A", f"UR  - {link}").platform == "ProQuest"


def test_authors_in_one_line_are_told_apart() -> None:
    assert (
        fields_of("TI  - A", "AU  - Example, Verity; Sample, Ada")["authors"]
        == "Example, Verity; Sample, Ada"
    )
    assert fields_of("TI  - A", "AU  - M&uuml;ller, J")["authors"] == "Müller, J"


def test_names_that_and_joins_are_told_apart_where_each_has_a_comma() -> None:
    assert fields_of("TI  - A", "A1  - Example, V and Sample, AB")["authors"] == "Example, V; Sample, AB"
    assert fields_of("TI  - A", "A1  - Example V and Sample AB")["authors"] == "Example, V; Sample, AB"
    assert fields_of("TI  - A", "A1  - Example and Sample")["authors"] == "Example and Sample"


def test_what_zotero_keeps_of_ovid_s_numbers_is_found() -> None:
    link = "http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D={}&NEWS=N&AN=90000001"
    medline = fields_of("TI  - A", "IS  - abc, 9000001", f"L2  - {link.format('medp')}")
    other = fields_of("TI  - A", "IS  - 4", f"L2  - {link.format('psyc23')}")

    assert (medline["pmid"], medline["accession"], medline["issue"]) == ("90000001", "90000001", "")
    assert json.loads(medline["extra"])["IS"] == "abc, 9000001"
    assert (other["pmid"], other["accession"], other["issue"]) == ("", "90000001", "4")


def test_endnote_keeps_the_pmid_of_ovid_s_and_ebsco_s_medline_as_the_accession_number() -> None:
    for provider in ("Ovid Technologies", "EBSCOhost"):
        lines = ("TI  - A", "AN  - 90000001", "DB  - MEDLINE", f"DP  - {provider}")
        assert fields_of(*lines)["pmid"] == "90000001"
        assert origin_of(*lines).database == "MEDLINE"
    assert origin_of("TI  - A", "DB  - MEDLINE", "DP  - Ovid Technologies").platform == "Ovid"
    assert fields_of("TI  - A", "AN  - 90000001", "DB  - CINAHL", "DP  - EBSCOhost")["pmid"] == ""


def test_what_publishers_write_above_their_records_is_no_news() -> None:
    for head in (
        "Provider: Silverchair\nDatabase: Oxford University Press\nContent: text/plain\n\n",
        "Content-type: x\n\n",
    ):
        assert kinds(head + WHOLE) == [RawRecord]


def test_nothing_hides_in_a_record_that_was_written_here() -> None:
    row = {
        "title": "NA",
        "accession": "",
        "authors": "Doe, J and Roe, K; NHS England",
        "issue": "1950807",
        "type": "",
        "url": "internal-pdf://A and B.pdf",
    }
    records = make_records(
        record_id=["90000001"],
        source=["Ovid MEDLINE <1946>"],
        **{column: [cell] for column, cell in row.items()},
    )
    text = write(records)
    fields = ris.to_fields(only(text))

    assert row == {column: fields[column] for column in row}


@pytest.mark.parametrize(
    "line",
    [
        "C5  - 10.5555/PEER.1",
        "N1  - Accession Number: 123; DOI: 10.5555/peer.1; Publication Type: Article",
        "N1  - DOI: 10.5555/peer.1.",
    ],
)
def test_a_doi_in_a_field_or_a_note_of_ebsco_is_found(line: str) -> None:
    assert fields_of("TI  - A", line)["doi"] == "10.5555/peer.1"


SORTED = "AB  - We counted.\nAU  - Reeves, V\nTI  - Peer work\nTY  - JOUR\nVL  - 49\nER  - \n"


def test_a_record_is_what_stands_between_two_end_lines_wherever_its_type_is() -> None:
    text = SORTED + "\n" + SORTED.replace("Peer work", "Hope").replace("49", "50")
    parts = told(text)

    assert [RawRecord, RawRecord] == [type(part) for part in parts]
    assert [ris.to_fields(part)["volume"] for part in parts if isinstance(part, RawRecord)] == ["49", "50"]
    assert [part.line for part in parts] == [1, 8]
    assert SORTED.rstrip() == getattr(parts[0], "text", "")


@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
def test_a_database_above_the_type_is_that_of_the_record_below(gap: str) -> None:
    text = f"DB  - Scopus\n{WHOLE}{gap}DB  - ERIC\n{WHOLE}{gap}DB  - Embase\n{WHOLE}"
    parts = [part for part in ris.parse(text) if isinstance(part, RawRecord)]

    assert [ris.origin(part).database for part in parts] == ["Scopus", "ERIC", "Embase"]
    assert len(told(text)) == 3


def test_tags_between_an_end_and_a_blank_line_are_those_of_the_record_above() -> None:
    parts = told(f"{WHOLE}AB  - Above.\n\n{WHOLE}")

    assert [Warned, RawRecord, RawRecord] == [type(part) for part in parts]
    assert ("AB", "Above.") in getattr(parts[1], "tags", ())


def test_a_record_without_type_and_end_and_a_whole_one_below_are_two() -> None:
    text = WHOLE.removeprefix("TY  - JOUR\n").removesuffix("ER  - \n") + WHOLE

    assert kinds(text).count(RawRecord) == 2


def test_a_type_that_stands_twice_opens_one_record() -> None:
    assert kinds("TY  - JOUR\n" + WHOLE + "\nTY  - THES\n\n" + WHOLE) == [RawRecord, RawRecord]


def test_authors_in_both_of_their_tags_are_all_authors_in_the_order_of_the_file() -> None:
    assert fields_of("TI  - A", "A1  - Orlin A", "AU  - Brandel L")["authors"] == "Orlin, A; Brandel, L"
    assert fields_of("TI  - A", "AU  - Brandel L", "A1  - Orlin A")["authors"] == "Brandel, L; Orlin, A"
    assert fields_of("TI  - A", "A1  - Orlin A", "AU  - Orlin, A", "AU  - Kay, B")["authors"] == (
        "Orlin, A; Kay, B"
    )
    assert fields_of("TI  - A", "A1  - Orlin, A", "AU  - Kay, B")["extra"] == ""


def test_words_for_nothing_are_blank_and_a_person_or_a_title_of_that_name_is_not() -> None:
    fields = fields_of("TI  - None", "AU  - Null, J.", "AU  - Na, K", "VL  - None", "DO  - nan", "KW  - #N/A")

    assert (fields["title"], fields["authors"]) == ("None", "Null, J.; Na, K")
    assert (fields["volume"], fields["doi"], fields["keywords"], fields["extra"]) == ("", "", "", "")
    assert fields_of("TI  - nan", "AU  - nan", "DO  - 10.5555/a")["title"] == ""


def test_a_link_of_publish_or_perish_leads_to_no_database_that_was_searched() -> None:
    link = "UR  - https://ieeexplore.ieee.org/abstract/document/9000001/"
    cites = "M1  - 3 cites: https://scholar.google.com/scholar?cites=90000001&as_sdt=2005"

    assert origin_of(link, "M1  - Query date: 2022-03-15", cites)[:2] == (
        "Google Scholar",
        "Publish or Perish",
    )
    assert origin_of(link, "M1  - Query date: 2022-03-15")[:2] == ("", "Publish or Perish")
    assert origin_of(link).database == "IEEE Xplore"


def test_the_virtual_health_library_s_id_is_the_record_s_number() -> None:
    assert (
        fields_of("ID  - lil-723295", "DB  - LILACS", "DP  - http://bvsalud.org/")["accession"]
        == "lil-723295"
    )
    assert not fields_of("ID  - 17", "DB  - LILACS")["accession"]


def test_a_conference_of_the_web_of_science_is_no_issue() -> None:
    assert not fields_of("TI  - A", "CP  - 65th Annual Meeting of Peers (ICMT 2001)")["issue"]
    assert fields_of("TI  - A", "CP  - 12")["issue"] == "12"
