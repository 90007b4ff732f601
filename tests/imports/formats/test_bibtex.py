"""Tests of BibTeX: the entries of the field, and damage."""

import json

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware

from peerreview.imports.formats import Origin, Part, Piece, RawRecord, Stranger, Warned, bibtex
from peerreview.imports.formats.writers.bibtex import write
from peerreview.values import identifiers
from tests.builders import make_records
from tests.imports.formats.samples import rejects_of, warnings_of

ENTRY = r"""@article{reeves2024,
  title = {Peer {W}ork},
  author = {Reeves, V and M{\"u}ller, J},
  year = 2024
}
"""


def parts_of(text: str) -> list[Part]:
    """Return what stands in an export, but for what may open another."""
    return [part for part in bibtex.parse(text) if not isinstance(part, Stranger)]


def records_of(text: str) -> list[RawRecord]:
    return [part for part in bibtex.parse(text) if isinstance(part, RawRecord)]


def fields_of(*lines: str) -> dict[str, str]:
    (record,) = records_of("@article{key,\n" + ",\n".join(lines) + "\n}\n")
    return bibtex.to_fields(record)


def test_an_entry_knows_its_line_text_and_fields() -> None:
    (record,) = records_of("\n" + ENTRY)

    assert (2, ENTRY.strip()) == (record.line, record.text)
    fields = bibtex.to_fields(record)
    assert tuple(fields[c] for c in ("title", "authors", "year")) == (
        "Peer Work",
        "Reeves, V; Müller, J",
        "2024",
    )
    assert json.loads(fields["extra"])["title"] == "Peer {W}ork"


def test_a_repeated_key_is_kept_and_told() -> None:
    parts = parts_of(ENTRY + ENTRY)

    assert [RawRecord, RawRecord, Warned] == [type(part) for part in parts]
    assert parts[2] == Warned(6, "key 'reeves2024' stands in line 1 already; both are kept")


def test_a_repeated_field_is_kept() -> None:
    (record,) = records_of("@article{a, title={One}, title={Two}}")

    assert json.loads(bibtex.to_fields(record)["extra"])["title"] == "Two"


def test_strings_of_strings_do_not_fill_the_memory() -> None:
    strings = [f"@string{{{chr(98 + n)} = {' # '.join([chr(97 + n)] * 10)}}}" for n in range(20)]
    text = "\n".join(['@string{a = "lol"}', *strings, "@article{k, title = u, journal = b}"])
    (record,) = records_of(text)
    fields = bibtex.to_fields(record)

    assert len(fields["title"]) < 10_000
    assert fields["journal"] == "lol" * 10


def test_strings_are_put_in_and_comments_left_out() -> None:
    text = (
        '@string{ps = "Psych Services"}\n@comment{@article{no, title={No}}}\n'
        '@article{a, title={A}, journal = ps # " Suppl"}'
    )

    (record,) = records_of(text)

    assert bibtex.to_fields(record)["journal"] == "Psych Services Suppl"


def test_quotes_parentheses_and_a_missing_key_are_read() -> None:
    assert [
        record.tags[1:]
        for record in records_of('@book(a, title = "A {"}B")@misc{, title={C}}@misc{title={D}}')
    ] == [
        [("ID", "a"), ("title", 'A {"}B')],
        [("ID", ""), ("title", "C")],
        [("ID", ""), ("title", "D")],
    ]


def test_a_missing_comma_loses_nothing() -> None:
    parts = parts_of("@article{a,\n doi={10.5555/a}\n title={A}\n}")

    assert [RawRecord, Warned] == [type(part) for part in parts]
    assert isinstance(parts[0], RawRecord)
    assert ("title", "A") in parts[0].tags


def test_an_unclosed_entry_is_rejected_and_takes_no_other_with_it() -> None:
    broken = ENTRY.removesuffix("}\n") + "\n"
    parts = parts_of(ENTRY + broken + ENTRY.replace("2024,", "2025,"))

    assert [RawRecord, Piece, RawRecord] == [type(part) for part in parts]
    assert isinstance(parts[1], Piece)
    assert (6, broken.rstrip()) == (parts[1].line, parts[1].text)


def test_an_unclosed_value_does_not_swallow_the_next_field() -> None:
    parts = parts_of("@article{a,\n title={Open,\n author={B},\n year={2001}}\n}\n" + ENTRY)

    assert [Piece, RawRecord] == [type(part) for part in parts]


def test_web_page_code_in_keywords_is_kept() -> None:
    parts = list(
        parts_of("@article{1,\nTitle = {A},\nKeywords = {law ), @type:Person}, more},\nYear = {2000},\n}\n")
    )

    assert isinstance(parts[0], RawRecord)
    assert ("keywords", "law ), @type:Person}, more") in parts[0].tags
    assert [RawRecord, Warned] == [type(part) for part in parts]


def test_an_at_sign_in_a_value_opens_no_entry() -> None:
    assert len(records_of("@article{a, title={Write to me@home{x} @book{y, z}}}")) == 1


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Reeves, V and van Gogh, Vincent", "Reeves, V; van Gogh, Vincent"),
        ("Vincent van Gogh AND Jo Doe", "van Gogh, Vincent; Doe, Jo"),
        ("{Barnes and Noble}", "Barnes and Noble"),
        ("King, Jr, Martin L and others", "King, Martin L, Jr; et al."),
        ("{\\'E}mile Zola", "Zola, Émile"),
    ],
)
def test_names_are_split(author: str, names: str) -> None:
    assert names == fields_of("title={A}", f"author={{{author}}}")["authors"]


def test_biblatex_fields_have_their_columns() -> None:
    fields = fields_of("title={A}", "subtitle={B}", "date={2013-12-12}", "journaltitle={J}", "pages={12--15}")

    assert tuple(fields[c] for c in ("title", "year", "journal", "pages")) == ("A: B", "2013", "J", "12-15")


def test_the_database_is_recognised() -> None:
    (scopus,) = records_of("@article{a, title={A}, source={Scopus}}")
    (mendeley,) = records_of("@article{a, title={A}, mendeley-groups={x}}")

    assert Origin("Scopus", "Scopus", "", "source") == bibtex.origin(scopus)
    assert Origin(carrier="Mendeley") == bibtex.origin(mendeley)


def test_bibtexparser_and_we_read_the_same_entry() -> None:
    library = parse_string(ENTRY, append_middleware=[LatexDecodingMiddleware()])
    theirs = {key: field.value for key, field in library.entries[0].fields_dict.items()}

    ours = bibtex.to_fields(records_of(ENTRY)[0])

    assert theirs["title"] == ours["title"]
    assert theirs["author"].split(" and ") == ours["authors"].split("; ")
    assert theirs["year"] == ours["year"]


def test_cochrane_numbers_its_entries_and_joins_names_by_commas_alone() -> None:
    people = "Example, V, Sample, AB, and Specimen, C"
    entry = f"@article{{Example24,\nauthor = {{{people}}},\ntitle = {{A}},\nID = {{CN-90000001}}\n}}\n"
    parts = parts_of(f"Record #1 of 1\n{entry}")
    fields = bibtex.to_fields(records_of(entry)[0])

    assert [RawRecord] == [type(part) for part in parts]
    assert fields["authors"] == "Example, V; Sample, AB; Specimen, C"
    assert fields["accession"] == "CN-90000001"


def test_editors_stand_for_the_authors_of_a_book_that_has_none() -> None:
    assert fields_of("title = {A}", "editor = {Example, Verity}")["authors"] == "Example, Verity"
    assert fields_of("title = {A}", "editor = {X, Y}", "author = {Sample, Ada}")["authors"] == "Sample, Ada"


def test_numbers_are_found_where_proquest_and_zotero_write_them() -> None:
    fields = fields_of("title = {A}", "isbn = {0010-3853}", "note = {PMID: 90000001 PMCID: PMC9000001}")

    assert (fields["issn"], fields["isbn"]) == ("0010-3853", "")
    assert (fields["pmid"], fields["pmcid"]) == ("90000001", "PMC9000001")


@pytest.mark.parametrize(
    "heading",
    [
        "Scopus\nEXPORT DATE: 10 January 2024\n\n",
        "Automatically generated by Mendeley Desktop 1.19.8\nAny changes to this file will be lost …\n\n",
        "BibTeX export options can be customized via Options -> BibTeX in Mendeley Desktop\n\n",
    ],
)
def test_what_a_program_writes_above_its_entries_is_no_news(heading: str) -> None:
    assert [RawRecord] == [type(part) for part in parts_of(heading + ENTRY)]


def test_a_link_into_proquest_holds_the_accession_number() -> None:
    link = "https://www.proquest.com/scholarly-journals/peer/docview/90000001/se-2?accountid=1"

    assert fields_of("title = {A}", f"url = {{{link}}}")["accession"] == "90000001"


def test_the_day_on_which_a_page_was_looked_at_is_not_its_year() -> None:
    assert fields_of("title = {A}", "urldate = {2024-01-01}")["year"] == ""


def test_the_source_and_the_blank_type_of_what_was_written_here_are_given_back() -> None:
    text = write(make_records(title=["A"], source=["BIOSIS Citation Index"]))
    (record,) = records_of(text)

    assert bibtex.to_fields(record)["type"] == ""
    assert bibtex.origin(record).database == "BIOSIS Citation Index"


def test_a_number_that_is_told_goes_before_one_in_a_link() -> None:
    link = "url = {https://www.proquest.com/docview/2214991469/se-2}"

    fields = fields_of("title = {A}", "accession_number = {2214991469; 51887}", link)

    assert fields["accession"] == "2214991469; 51887"


@pytest.mark.parametrize("sign", ["{", "}", "{x}", "\\", "_%#~"])
def test_braces_in_a_link_or_a_doi_end_no_entry(sign: str) -> None:
    url, doi = f"https://example.org/{sign}", f"10.5555/{sign}a"
    text = write(make_records(title=["A", "B"], url=[url, ""], doi=[doi, ""]))
    first, _ = map(bibtex.to_fields, records_of(text))

    assert (first["url"], first["doi"]) == (url, identifiers.doi(doi))


@pytest.mark.parametrize(
    "people", ["A, B, C, D", 'Fam2, =HYPERLINK("http://x","y")', "King, Martin L, Jr", "A, B,C; D, E and F"]
)
def test_commas_within_a_name_part_no_names(people: str) -> None:
    (record,) = records_of(write(make_records(title=["A"], authors=[people])))

    assert bibtex.to_fields(record)["authors"] == people


def test_braces_hold_the_parts_of_a_name_together() -> None:
    assert fields_of("title = {A}", "author = {Reeves, {Verity, Jr., PhD}}")["authors"] == (
        "Reeves, Verity, Jr., PhD"
    )


def test_a_journal_is_not_the_title_of_a_chapter_that_has_none() -> None:
    (record,) = records_of(write(make_records(doi=["10.5555/a"], journal=["J"], type=["CHAP"])))

    assert (bibtex.to_fields(record)["title"], bibtex.to_fields(record)["journal"]) == ("", "J")


def columns_of(text: str) -> list[dict[str, str]]:
    return [bibtex.to_fields(record) for record in records_of(text)]


@pytest.mark.parametrize(
    "name", ["funding_text 1", "funding_text\u00a01", "dc:source", "editor's note", "call/number", "web.url"]
)
def test_a_field_of_whatever_name_costs_no_entry(name: str) -> None:
    fields = fields_of(
        "title = {Peer work}", "note={a}", "note={b}", f"{name}={{of {{1}} kind}}", "year=2011"
    )

    assert (fields["title"], fields["year"]) == ("Peer work", "2011")
    assert "of {1} kind" in fields["extra"]


def test_a_missing_comma_makes_no_name_of_two_words() -> None:
    text = "@article{k,\n title = {Peer} work year = {2011}\n}\n"

    assert "work year" not in columns_of(text)[0]["extra"] or warnings_of(text)


def test_a_line_of_an_abstract_that_resembles_a_field_is_text() -> None:
    fields = fields_of(
        "title={{A}}", "abstract={{Moss\n   position={''}float{''}> Synthesis\n   rate={0.3} mm}}"
    )

    assert "Synthesis" in fields["abstract"]
    assert len(rejects_of("@article{k,\n title={A\n author={B},\n year={2011}},\n doi={10.5555/a}\n}\n")) == 1


def test_a_chapter_has_from_its_book_what_it_lacks_and_stays_a_record() -> None:
    text = (
        "@incollection{c, author={Kay, B}, title={Part}, crossref={Book}}\n"
        "@book{book, title={Whole}, editor={Doe, J}, date={2004-05}, doi={10.5555/b}, url={https://b.example}}\n"
    )
    chapter, book = columns_of(text)

    assert (chapter["year"], chapter["journal"], chapter["authors"]) == ("2004", "Whole", "Kay, B")
    assert (chapter["doi"], chapter["url"], book["title"]) == ("", "", "Whole")
    assert not warnings_of(text)


def test_a_borrowed_year_stands_back_where_the_entry_has_a_date() -> None:
    text = "@book{b, title={B}, year={2004}}\n@inbook{c, title={C}, date={2010}, crossref={b}}\n"

    assert [each["year"] for each in columns_of(text)] == ["2004", "2010"]


def test_an_entry_that_lends_is_no_record_and_a_name_without_entry_is_told() -> None:
    text = (
        "@xdata{a, publisher={P}, xdata={b}}\n@xdata{b, date={2012}, xdata={a}}\n"
        "@report{r, title={R}, xdata={a, none}}\n"
    )
    (fields,) = columns_of(text)

    assert fields["year"] == "2012"
    assert '"publisher": "P"' in fields["extra"]
    assert [(each.line, each.message) for each in warnings_of(text)] == [
        (3, "it refers to 'none', which is no entry of this file")
    ]


def test_braces_hold_a_family_name_together_and_keys_name_its_parts() -> None:
    for written, read in (
        ("A. {Delgado de Mar} and Eva {Mora Leal}", "Delgado de Mar, A.; Mora Leal, Eva"),
        ("Ana van {der Sande Kay}", "van der Sande Kay, Ana"),
        ("{World Ward Organization} and Tim Kay", "World Ward Organization; Kay, Tim"),
        ("family={Cruz Kay}, prefix={de la}, given=Ana", "de la Cruz Kay, Ana"),
        ("given=Ko, suffix=Jr., family=Ito, given-i=K and Ruf, M.", "Ito, Ko, Jr.; Ruf, M."),
    ):
        assert fields_of("title={T}", f"author={{{written}}}")["authors"] == read


def test_latex_in_a_link_is_read_or_the_column_is_blank() -> None:
    for written, doi in (
        (r"10.5555/eps\textunderscore 5", "10.5555/eps_5"),
        (r"10.5555/a\_b", "10.5555/a_b"),
        (r"10.5555/a$\_$b", "10.5555/a_b"),
        (r"10.5555/a{\_}b", "10.5555/a_b"),
        (r"10.5555/a$<$1::x${>}$2", "10.5555/a<1::x>2"),
        (r"10.5555/a{\textless}1::x{\textgreater}2", "10.5555/a<1::x>2"),
        (r"\href{https://doi.org/10.5555/d}{10.5555/other}", "10.5555/d"),
        (r"10.5555/a\unknown{b}", ""),
    ):
        assert fields_of("title={T}", f"doi={{{written}}}")["doi"] == doi
    assert fields_of("title={T}", r"url={\url{https://example.org/a\_b\%20c}}")["url"] == (
        "https://example.org/a_b%20c"
    )
    assert fields_of("title={T}", r"url={https://example.org/{\textasciitilde}kay}")["url"] == (
        "https://example.org/~kay"
    )


def test_texmed_s_pubmed_number_is_read() -> None:
    assert fields_of("title={Peers}", "pubmed={90000001}")["pmid"] == "90000001"


def test_of_several_links_the_first_is_the_record_s() -> None:
    fields = fields_of("title={T}", "url={https://a.example/1\nhttps://www.ncbi.nlm.nih.gov/pubmed/90000001}")

    assert (fields["url"], fields["pmid"]) == ("https://a.example/1", "90000001")
    assert "pubmed/90000001" in fields["extra"]


def test_what_revtools_makes_of_medline_is_read() -> None:
    fields = fields_of(
        "title={T}",
        "issue={1234-5679 (Print) and 12}",
        "date_published={2020 Dec 12}",
        "article_id={peers8121978 [pii] and 10.5555/peers8121978 [doi]}",
    )

    assert (fields["issue"], fields["year"], fields["doi"]) == ("12", "2020", "10.5555/peers8121978")


def test_a_special_issue_of_the_web_of_science_is_its_number() -> None:
    assert fields_of("title={T}", "number={11, SI}")["issue"] == "11"
