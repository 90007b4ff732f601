"""Tests of cleaning: what every format does to a value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerreview.imports.formats.shared import values
from peerreview.imports.formats.shared.values import Fields


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
    assert doi == values.doi(delivered)


@pytest.mark.parametrize(
    ("first", "last", "pages"),
    [
        ("123", "130", "123-130"),
        ("123-30", "", "123-130"),
        ("123–30", "", "123-130"),
        ("99--123", "", "99-123"),
        ("S12-8", "", "S12-S18"),
        ("S12-S18", "", "S12-S18"),
        ("e123", "", "e123"),
        ("103640", "", "103640"),
        ("pp. 3-9", "", "3-9"),
        ("12-15, 18", "", "12-15, 18"),
        ("211-9; discussion 219-20", "", "211-219; discussion 219-220"),
        ("100-1-100-9", "", "100-1-100-9"),
        ("e2023-45", "", "e2023-45"),
        ("e123-e130", "", "e123-e130"),
        ("349-69", "369", "349-369"),
        ("7", "7", "7"),
        ("No", "Specified", ""),
        ("200-5", "", "200-205"),
        ("205-100", "", "205-100"),
        ("", "9", "9"),
        ("iv-xi", "", "iv-xi"),
    ],
)
def test_page_ranges_are_completed(first: str, last: str, pages: str) -> None:
    assert pages == values.pages(first, last)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Reeves,Verity", "Reeves, Verity"),
        ("Reeves VA", "Reeves, VA"),
        ("Smith J Jr", "Smith, J, Jr"),
        ("Verity Reeves", "Reeves, Verity"),
        ("V. A. Reeves", "Reeves, V. A."),
        ("Simone de Beauvoir", "de Beauvoir, Simone"),
        ("McNamara M.E.", "McNamara, M.E."),
        ("Müller JÖ", "Müller, JÖ"),
        ("Plato", "Plato"),
        ("Recovery Study Group", "Recovery Study Group"),
        ("Consortium; A", "Consortium, A"),
        ("Smith, J; ", "Smith, J"),
        ("", ""),
    ],
)
def test_names_become_family_and_given(name: str, clean: str) -> None:
    assert clean == values.author(name)


def test_text_keeps_what_only_looks_like_markup() -> None:
    assert values.text("p &lt; 0.05 in <i>E. coli</i><sup>2</sup>") == "p < 0.05 in E. coli2"
    assert values.text("x<y and y>z") == "x<y and y>z"
    assert values.text("NYHA class <I and >II patients") == "NYHA class <I and >II patients"
    assert values.text("alleles A<B and C>D matter") == "alleles A<B and C>D matter"
    assert values.text("AT&T R&D") == "AT&T R&D"


def test_tags_are_stripped_with_their_attributes() -> None:
    assert values.text("<span class=\"a b\" id='c'>one</span> <FONT size=2>two</FONT >") == "one two"
    assert values.text('one<br />two<a href="https://example.org/?a=1">three</a>') == "one twothree"
    assert values.text("<a href=https://example.org/?a=1>link</a><br clear=all/>") == "link"


def test_what_is_escaped_again_and_again_costs_no_time() -> None:
    assert values.text("R&amp;amp;amp;D") == "R&D"
    assert values.text(f"&{'amp;' * 100_000}").startswith("&amp;amp;")


def test_years_are_found_in_dates_of_any_form() -> None:
    dates = ["2019", "2019//", "Mar-Apr 1998", "31/12/2001", "20240102", "0000", "12345", ""]

    assert [values.year(date) for date in dates] == ["2019", "2019", "1998", "2001", "2024", "", "", ""]


def test_what_no_column_takes_and_what_cleaning_changed_stays_in_extra() -> None:
    fields = Fields(
        [("TI", "A &amp; B"), ("TI", "Second"), ("PY", "2001"), ("XX", "odd"), ("KW", "a"), ("KW", "a")]
    )
    fields.first("title", ("TI",))
    fields.first("year", ("PY",), values.year)
    fields.every("keywords", ("KW",))

    columns = fields.finish()

    assert (columns["title"], columns["year"], columns["keywords"]) == ("A & B", "2001", "a")
    assert json.loads(columns["extra"]) == {"TI": ["A &amp; B", "Second"], "XX": "odd", "KW": ["a", "a"]}


def test_a_value_that_is_nothing_once_clean_leaves_the_place_to_the_next() -> None:
    fields = Fields([("PY", "10 15"), ("DA", "2005/10/15")])
    fields.first("year", ("PY", "DA"), values.year)

    assert fields.finish()["year"] == "2005"


def test_the_address_of_a_record_of_central_is_no_doi() -> None:
    assert values.doi("https://www.cochranelibrary.com/central/doi/10.1002/central/CN-90000001/full") == ""


def test_a_link_to_medline_holds_the_pubmed_number_and_one_to_pmc_does_not() -> None:
    for link in ("https://pubmed.ncbi.nlm.nih.gov/90000001/", "http://www.ncbi.nlm.nih.gov/pubmed/90000001",
                 "http://europepmc.org/abstract/MED/90000001", "https://x.bvsalud.org/portal/resource/pt/mdl-90000001",
                 "https://search.ebscohost.com/login.aspx?db=mdc&AN=90000001&site=ehost-live"):  # fmt: skip
        assert values.linked_pmid(link) == "90000001"
    assert values.linked_pmid("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9000001/") == ""
    assert values.linked_pmid("https://search.ebscohost.com/login.aspx?db=aph&AN=90000001") == ""


def test_a_name_in_chinese_script_stays_as_it_is() -> None:
    assert values.author("例 子") == "例 子"


@given(st.text(alphabet=st.characters() | st.sampled_from('"\\\n\u2028'), max_size=8))
def test_a_long_value_is_written_as_json_writes_it(end: str) -> None:
    value = "Peer work. " * 20 + end

    assert values.to_json({"AB": value}) == json.dumps({"AB": value}, ensure_ascii=False)


def test_page_numbers_of_any_length_are_compared() -> None:
    long = "1" * 4_301

    assert values.pages(f"{long}-2") == f"{long}-{long[:-1]}2"


def test_what_stands_for_more_authors_is_no_person() -> None:
    assert values.authors(["Reeves, V", "et al."]) == "Reeves, V; et al."
    assert values.authors(["Reeves V, et al"]) == "Reeves, V; et al"
    assert values.authors(["Reeves V et al."]) == "Reeves, V; et al."
    assert values.author("Claret al") == "al, Claret"
