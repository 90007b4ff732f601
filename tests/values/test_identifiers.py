"""Tests of identifiers: exact or blank."""

import pytest

from peerreview.values import identifiers


@pytest.mark.parametrize(
    ("delivered", "doi"),
    [
        ("10.5555/ABC.1", "10.5555/abc.1"),
        ("doi:10.5555/abc", "10.5555/abc"),
        ("DOI: 10.5555/abc.", "10.5555/abc"),
        ("https://dx.doi.org/10.5555/s-1%282%29", "10.5555/s-1(2)"),
        ("10.5555/x [doi]", "10.5555/x"),
        ("10.5555/x     LK  - http://example.org", "10.5555/x"),
        ("10.5555/(SICI)1(98)17:1&lt;16::AID-1&gt;3.CO;2-2", "10.5555/(sici)1(98)17:1<16::aid-1>3.co;2-2"),
        ("(see 10.5555/x)", "10.5555/x"),
        ("https://example.org/doi/10.5555/x/full?a=1", "10.5555/x"),
        ("http://example.org/link?sid=E&id=doi:10.5555%2Fs41&atitle=On", "10.5555/s41"),
        ("10.5555/", ""),
        ("DOI: 10.xxxx", ""),
        ("10 patients", ""),
    ],
)  # fmt: skip
def test_a_doi_is_found_bare_in_whatever_stands_around_it(delivered: str, doi: str) -> None:
    assert doi == identifiers.doi(delivered)


def test_the_address_of_a_record_of_central_is_no_doi() -> None:
    assert (
        identifiers.doi("https://www.cochranelibrary.com/central/doi/10.1002/central/CN-90000001/full") == ""
    )


def test_a_link_to_medline_holds_the_pubmed_number_and_one_to_pmc_does_not() -> None:
    for link in ("https://pubmed.ncbi.nlm.nih.gov/90000001/", "http://www.ncbi.nlm.nih.gov/pubmed/90000001",
                 "http://europepmc.org/abstract/MED/90000001", "https://x.bvsalud.org/portal/resource/pt/mdl-90000001",
                 "https://search.ebscohost.com/login.aspx?db=mdc&AN=90000001&site=ehost-live"):  # fmt: skip
        assert identifiers.linked_pmid(link) == "90000001"
    assert identifiers.linked_pmid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9000001/") == ""
    assert identifiers.linked_pmid("https://search.ebscohost.com/login.aspx?db=aph&AN=90000001") == ""


@pytest.mark.parametrize(
    "written",
    [
        "10.5555/AbC.1",
        "https://doi.org/10.5555/abc.1",
        "doi:10.5555%2Fabc.1",
        "10.5555/abc.1.",
        "https://example.org/doi/10.5555/abc.1/full",
        "10.5555/abc.1.pdf",
        "10.5555/abc.1/full?src=a",
    ],
)
def test_a_doi_is_the_same_in_every_form(written: str) -> None:
    assert identifiers.same_doi(written) == "10.5555/abc.1"


def test_a_doi_may_end_in_a_letter_or_sign() -> None:
    assert identifiers.doi("10.5555/(SICI)1-2<1::AID-X>3.0.CO;2-#") == "10.5555/(sici)1-2<1::aid-x>3.0.co;2-#"
    assert identifiers.doi("10.5555/AbcD") == "10.5555/abcd"


def test_mark_up_around_a_doi_is_no_part_of_it() -> None:
    assert identifiers.doi("<p>10.5555/abc.1<br/>Epub</p>") == "10.5555/abc.1"
    assert (
        identifiers.doi("10.5555/(SICI)1&amp;lt;16::AID-1&amp;gt;3.CO;2-#")
        == "10.5555/(sici)1<16::aid-1>3.co;2-#"
    )


def test_what_stands_behind_a_doi_in_an_address_makes_it_no_other() -> None:
    assert identifiers.doi("10.5555/abc.1/full") == "10.5555/abc.1/full"
    assert identifiers.same_doi("10.5555/abc.1/full") == identifiers.same_doi("10.5555/ABC.1")
    assert identifiers.same_doi("10.5555/hopeful") == "10.5555/hopeful"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("31234567", "31234567"),
        ("00312345", "312345"),
        (" 31234567 ", "31234567"),
        ("31234567.0", "31234567"),
        ("31234567.", "31234567"),
        ("3.1234567E7", "31234567"),
        ("3.12345670E+07", "31234567"),
        ("PubMed ID: 31234567", "31234567"),
        ("PMID31234567", "31234567"),
        ("MEDLINE:31234567", "31234567"),
        ("31234567 [pmid]", "31234567"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/31234567?dopt=Abstract", "31234567"),
        ("3.1E+07", ""),
        ("3.123457E+07", ""),
        ("3E7", ""),
        ("12,566", ""),
        ("31 234 567", ""),
        ("31234567.5", ""),
        ("-31234567", ""),
        ("312345678", ""),
        ("0", ""),
        ("00000000", ""),
        ("P31234567", ""),
        ("31234567a", ""),
        ("31234567; 31234568", ""),
        ("٣١٢٣", ""),
        ("PMC3123456", ""),
        ("https://example.org/31234567", ""),
        ("", ""),
    ],
)
def test_a_pubmed_number_is_a_whole_cell_or_nothing(cell: str, number: str) -> None:
    assert number == identifiers.pmid(cell)


def test_a_pubmed_number_among_others_is_the_one_that_is_named() -> None:
    assert identifiers.named_pmid("EMBASE 51, PUBMED 21314913, CTgov NCT90000001") == "21314913"
    assert identifiers.named_pmid("PUBMED 21314913,PUBMED 21314913") == "21314913"
    assert identifiers.named_pmid("PUBMED 21314913,PUBMED 21314914") == ""
    assert identifiers.named_pmid("PUBMED 3.1E+07") == ""
    assert identifiers.named_pmid("EMBASE 21314913") == ""


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("pmc9000001", "PMC9000001"),
        ("PMCID: PMC9000001", "PMC9000001"),
        ("PMC9000001.1", "PMC9000001"),
        ("https://europepmc.org/article/PMC/PMC9000001?x=1", "PMC9000001"),
        ("9000001", ""),
        ("PMC", ""),
        ("PMC0", ""),
        ("PMC9000001, PMC9000002", ""),
        ("see PMC9000001", ""),
        ("PMC9.0E+06", ""),
    ],
)
def test_a_number_of_pubmed_central_is_a_whole_cell_or_nothing(cell: str, number: str) -> None:
    assert number == identifiers.pmcid(cell)


def test_eight_digits_are_an_issn_where_their_check_digit_says_so() -> None:
    assert identifiers.issns(["20411723 (Print)"]) == "2041-1723"
    assert identifiers.issns(["0025729x"]) == "0025-729X"
    assert identifiers.issns(["74155101"]) == ""
    assert identifiers.issns(["7415-5101"]) == "7415-5101"


def test_an_issn_or_isbn_is_not_cut_out_of_a_longer_number() -> None:
    for cell in ("2.0411723E7", "9.7831614841E+12", "1978-3-16-148410-0", "978-3-16-148410", "120411723"):
        assert identifiers.issns([cell]) == ""
        assert identifiers.isbns([cell]) == ""


def test_an_isbn_that_a_table_took_for_a_number_is_read() -> None:
    assert identifiers.isbns(["9783161484100.0"]) == "9783161484100"
    assert identifiers.isbns(["316148410X", "3161484100"]) == "316148410X"
