import pytest

from peerreview.duplicates.similarity.titles import same_wording
from tests.duplicates.similarity.likeness import likeness


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
        ("classifcation of peers", "classificatin of peers"),
        ("peers should bbe paid btu late", "peers should be paid but late"),
        ("aapproaches of peers", "approaches of peers"),
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
        ("preoperative care of peers", "perioperative care of peers"),
        ("nitrate of peers", "nitrite of peers"),
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


def test_a_name_with_digits_is_the_same_with_and_without_brackets() -> None:
    title = "{} expression in cervical lesions"

    assert likeness("signs", {"title": title.format("p16INK4A")}, {"title": title.format("p16(INK4A)")}) == 1
    assert likeness("signs", {"title": title.format("p16INK4A")}, {"title": title.format("p6(INK4A)")}) == 0
