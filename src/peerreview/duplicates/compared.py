"""What of two records is compared: columns of theirs, and the fields that a rule may ask of."""

from collections.abc import Mapping

COLUMNS = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "type",
    "abstract",
    "url",
    "source",
)
"""Columns of a record that are compared."""
FIELDS: Mapping[str, str] = {
    "title": "likeness of the titles, in the order of words or in alphabetical order, whichever is higher",
    "title_within": "1 where one title is the beginning of the other, of at least 25 letters; "
    "0.5 where the other goes on as titles of further reports do (design, follow-up, economic evaluation)",
    "wording": "1 where the titles have the same words, spelling and slips of the pen aside; "
    "0.5 where just one has further words before or behind, 0.25 where it has them in between "
    "or their order differs; else 0",
    "signs": "1 where the titles hold the same digits and lone letters, Roman numerals turned into digits",
    "marker": "1 where both or neither are marked as an erratum, retraction, comment, protocol or withdrawal",
    "generic": "1 where a title only heads a part of an issue (Editorial), 0 elsewhere",
    "n_words": "words in the shorter title",
    "n_authors": "people in the shorter list of authors, of the first six",
    "first_author": "likeness of the first authors' family names",
    "authors": "likeness of the authors' family names; a shortened list is no difference",
    "journal": "likeness of the journals, abbreviations followed",
    "year": "1 same, 0.8 one year apart, 0.6 two, else 0",
    "volume": "1 same, 0 different",
    "issue": "1 same, 0 different",
    "pages": "1 the same three pages or more, or article number; 0.9 same first page; "
    "0.5 where ranges overlap, else 0; missing where one numbers pages from 1 and the other articles, "
    "or as many pages from another on",
    "doi": "1 same, 0 different",
    "doi_version": "1 where the DOIs differ in their version only (.pub2, .pub3; v1, v2)",
    "pmid": "1 same, 0 different",
    "abstract": "likeness of the first 300 letters of the abstracts",
    "source": "1 where one source lists both, 0 where two sources do: one seldom lists a work twice",
    "setting": "1 where neither or both are a conference paper, a preprint or a thesis",
    "preprint": "1 where just one is a preprint, or in the discussions of the other's journal",
    "conference": "1 where just one is a conference paper",
    "supplement": "1 where just one is an abstract of a meeting in its journal's supplement",
    "in_supplement": "1 where both are in a supplement or of a meeting, 0.5 where one is, 0 where none",
    "brief": "1 where at least one stands on a single page, as abstracts of a meeting do",
    "front": "1 where at least one begins on the first five pages, or a Roman one: every issue has them",
    "cochrane": "1 where both are in the Cochrane Database",
    "registrations": "1 where both are registrations of trials, their journal being their number",
    "theses": "1 where both are theses",
    "thesis": "1 where just one is a thesis",
    "recurrent": "1 where the years differ and the title is of a kind that comes again, as annual reports do",
    "agree": "how many of volume, issue, pages, DOI and PubMed id are the same",
    "ahead_of_print": "1 where just one has a volume, and the other no page or one from page 1 on",
    "differ": "how many of year, volume, pages, DOI and journal are different",
}
"""What rules may ask for. All are in [0, 1] except counts; missing where either record says nothing."""
