import math

import numpy as np
import pytest

from peerreview.duplicates.normalise import COLUMNS, comparable
from peerreview.duplicates.similarity import compare, parse_test, same_journal, same_wording


def likeness(field: str, one: dict[str, str], other: dict[str, str]) -> float:
    records = comparable({column: [one.get(column, ""), other.get(column, "")] for column in COLUMNS})
    _, found = compare(records, np.array([0]), np.array([1]), gated=False)
    return round(float(found[field][0]), 2)


@pytest.mark.parametrize(
    "field",
    ["title", "authors", "first_author", "journal", "year", "volume", "issue", "pages", "doi", "abstract"],
)
def test_two_blanks_are_not_alike(field: str) -> None:
    assert math.isnan(likeness(field, {}, {}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("j am coll cardiol", "journal american college cardiology"),
        ("natl med j", "national medical journal"),
        ("icis transforming society", "international conference information systems"),
        ("jama", "journal american medical association"),
        ("american journal physiology", "american journal physiology heart circulatory physiology"),
        ("proc acm huma inte", "proceedings acm human computer interaction"),
        ("acta gastroenterol belg", "acta gastro enterologica belgica"),
        ("aust nz j psychiat", "australian new zealand journal psychiatry"),
        ("jpn j clin oncol", "japanese journal clinical oncology"),
        ("ajnr am j neuroradiol", "american journal neuroradiology"),
        ("jama", "jama journal american medical association"),
        ("arthroscopy", "arthroscopy journal arthroscopic related surgery"),
        ("jthoraccardiovascsurg", "journal thoracic cardiovascular surgery"),
    ],
)
def test_journals_are_the_same_however_they_are_shortened(one: str, other: str) -> None:
    assert same_journal(one, other) >= 0.8
    assert same_journal(one, other) == same_journal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("transplantation", "transplantation proceedings"),
        ("journal hypertension", "journal human hypertension"),
        ("eur heart j", "eur j heart fail"),
        ("american journal public health", "american journal dental public health"),
        ("stroke", "canadian journal neurological sciences"),
        ("pediatrics", "pediatric research"),
        ("medicine", "medical science monitor"),
        ("european journal pediatrics", "european journal pediatric surgery"),
        ("jama journal american medical association", "jama surgery"),
        ("circulation", "circulation journal official journal japanese circulation society"),
    ],
)
def test_journals_that_share_words_are_not_the_same(one: str, other: str) -> None:
    assert same_journal(one, other) < 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("peer wrok in hospitals", "peer work in hospitals"),
        ("behaviour of peers", "the behavior of peers"),
        ("peer work force", "peer workforce"),
        ("adn peers of hte ward", "and peers of the ward"),
        ("90y in liver cancer", "y 90 in liver cancer"),
        ("90 y in liver cancer", "y 90 in liver cancer"),
        ("f 18 fdg pet in lymphoma", "18f fdg pet in lymphoma"),
        ("sceptical practise amongst peers", "skeptical practice among peers"),
        ("double blinded trial of non immune adults", "double blind trial of nonimmune adults"),
        ("an enquiry whilst artefacts last", "an inquiry while artifacts last"),
    ],
)
def test_slips_and_small_words_do_not_change_the_wording(one: str, other: str) -> None:
    assert same_wording(one, other) == 1
    assert same_wording(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("depression in men", "depression in women"),
        ("maternal health of peers", "paternal health of peers"),
        ("hypertension in peers", "hypotension in peers"),
        ("care with peers", "care without peers"),
        ("peer work in prisons", "peer work in hospitals"),
    ],
)
def test_another_word_is_another_wording(one: str, other: str) -> None:
    assert same_wording(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("care of adults at home", "care of older adults at home"),
        ("impact of work on health", "impact of health on work"),
    ],
)
def test_words_in_between_and_another_order_say_more_than_words_behind(one: str, other: str) -> None:
    assert same_wording(one, other) == 0.25
    assert same_wording(one, f"{one} in wales") == 0.5
    assert same_wording(one, f"reserch note {one}") == 0.5


@pytest.mark.parametrize("code", ["P-123: ", "OP12 ", "Abstract 0123: ", "S12-04. "])
def test_the_number_of_an_abstract_is_no_other_number(code: str) -> None:
    title = "Peer support workers in mental health services"

    assert likeness("signs", {"title": title}, {"title": code + title}) == 1
    assert likeness("signs", {"title": title}, {"title": "Vitamin B12 and " + title}) == 0


def test_the_number_of_a_cochrane_review_is_its_own() -> None:
    review = {"journal": "Cochrane Database of Systematic Reviews", "pages": "CD006273"}

    assert likeness("pages", review, review) == 1


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [("12-19", "12-19", 1), ("12-19", "12", 0.9), ("12-19", "15", 0.5), ("12-19", "20-29", 0)],
)
def test_pages_agree_by_degrees(one: str, other: str, value: float) -> None:
    assert value == likeness("pages", {"pages": one}, {"pages": other})


def test_pages_that_are_counted_and_numbered_are_no_difference() -> None:
    assert math.isnan(likeness("pages", {"pages": "1-14"}, {"pages": "566-579"}))
    assert likeness("pages", {"pages": "1-14"}, {"pages": "566-570"}) == 0


def test_a_title_cut_off_within_a_word_is_the_beginning_of_another() -> None:
    title = "Peer support workers in the mental health services of two countries: a qualitative study"

    assert likeness("title_within", {"title": title}, {"title": title[:62]}) == 1
    assert likeness("title_within", {"title": title}, {"title": title[:45]}) == 0


@pytest.mark.parametrize(
    "subtitle", ["design and methods", "a secondary analysis", "five-year follow-up", "final report"]
)
def test_a_title_that_names_a_further_report_is_not_just_longer(subtitle: str) -> None:
    title = "Peer support workers in mental health services"

    assert likeness("title_within", {"title": title}, {"title": f"{title}: {subtitle}"}) == 0.5


def test_a_shortened_list_of_authors_is_no_difference() -> None:
    assert likeness("authors", {"authors": "Reeves, A"}, {"authors": "Reeves, A; Singh, B"}) == 1


def test_the_same_authors_in_another_order_have_no_other_first_author() -> None:
    one, other = {"authors": "Reeves, A; Singh, B; Lund, C"}, {"authors": "Lund, C; Singh, B; Reeves, A"}

    assert likeness("first_author", one, other) >= 0.85


def test_given_names_taken_for_family_names_are_recognised() -> None:
    title = {"title": "Peer support workers in mental health"}
    one, other = {"authors": "Andrea, C.; Lorenzo, N."}, {"authors": "Carignani, Andrea; Negri, Lorenzo"}

    assert likeness("authors", title | one, title | other) >= 0.9


def test_half_of_a_first_author_s_double_name_is_recognised() -> None:
    title = {"title": "Peer support workers in mental health"}
    one, other = {"authors": "Lund, Reeves A.; Singh, B."}, {"authors": "Reeves, A. L.; Singh, B."}

    assert likeness("first_author", title | one, title | other) >= 0.85


def test_a_doi_s_version_is_not_another_work() -> None:
    one, other = "10.1002/14651858.CD002273.pub2", "10.1002/14651858.CD002273.pub3"

    assert likeness("doi_version", {"doi": one}, {"doi": other}) == 1


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("colour", "same", "field 'colour' is not title"),
        ("title", "almost", "title = 'almost' is not one of same"),
        ("title", ">= much", "title = '>= much' is not one of same"),
    ],
)
def test_a_test_in_unknown_words_is_refused(field: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_test(field, text)


@pytest.mark.parametrize("text", ["same", "not different", ">= 0.9", "< 3 or blank", "blank", "known"])
def test_a_test_says_itself_again(text: str) -> None:
    assert f"year {text}" == str(parse_test("year", text))
