"""Tests of instrument."""

from importlib import resources

import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.synthesis import instrument
from peerreview.synthesis.instrument import Instrument
from peerreview.synthesis.spelling import comparable
from tests.builders import make

SHIPPED = {
    path.name.removesuffix(".toml"): path.read_text(encoding="utf-8")
    for path in (resources.files("peerreview.synthesis") / "instruments").iterdir()
    if path.name.endswith(".toml")
}
OWN = """
[[judgements]]
judgement = "ok"
level = "good"
[[sets]]
set = "all"
[sets.items]
Q1 = "Is it sound?"
"""


def shipped(name: str) -> Instrument:
    return instrument.parse(SHIPPED[name], name)


# Of RoB 1 and 2, ROBINS-I and -E, ROBIS and QUIPS the overall judgement is an item more; of QUADAS-2 three
# concerns and an overall one, of PROBAST two overall ones.
@pytest.mark.parametrize(
    ("name", "n_items"),
    [
        ("mmat-2018", 27), ("casp-qualitative", 10), ("rob-2", 6), ("robins-i", 8), ("quadas-2", 8),
        ("amstar-2", 16), ("jbi-qualitative", 10), ("jbi-cross-sectional", 8), ("jbi-cohort", 11),
        ("jbi-case-control", 10), ("jbi-prevalence", 9), ("jbi-rct", 13), ("jbi-quasi-experimental", 9),
        ("jbi-case-series", 10), ("jbi-case-report", 8), ("jbi-systematic-review", 11),
        ("nos-cohort", 8), ("nos-case-control", 8), ("nos-cross-sectional", 7), ("rob-1", 8), ("robis", 5),
        ("quips", 7), ("minors", 12), ("probast", 9), ("robins-e", 8),
    ],
)  # fmt: skip
def test_an_instrument_has_as_many_items_as_its_authors_gave_it(name: str, n_items: int) -> None:
    assert len(shipped(name).items) == n_items


def test_the_newcastle_ottawa_scale_has_nine_stars_and_its_cross_sectional_form_ten() -> None:
    """Wells et al.: one star an item, two for comparability; Herzog et al. (2013): five, two and three."""
    stars = {
        name: [sum(map(form.most, (each for each in form.items if each.set == part))) for part in form.sets]
        for name in ("nos-cohort", "nos-case-control", "nos-cross-sectional")
        for form in [shipped(name)]
    }

    assert stars == {
        "nos-cohort": [4, 2, 3], "nos-case-control": [4, 2, 3], "nos-cross-sectional": [5, 2, 3],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("nos-cohort", ("two stars", "one star", "no star")),
        ("rob-2", ("low", "some concerns", "high")),
        ("quips", ("low", "moderate", "high")),
        ("robins-e", ("low", "some concerns", "high", "very high")),
        # What is unclear, or has no information, is neither better nor worse than what is high.
        ("rob-1", ()),
        ("robins-i", ()),
        ("jbi-cohort", ()),
    ],
)
def test_judgements_have_an_order_where_each_has_its_place(name: str, scale: tuple[str, ...]) -> None:
    assert shipped(name).scale == scale


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_judgement_of_an_instrument_has_its_own_symbol(name: str) -> None:
    judgements = shipped(name).judgements

    assert len({each.symbol for each in judgements}) == len(judgements)
    assert any(each.favourable for each in judgements)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_no_word_names_two_judgements(name: str) -> None:
    words = [word for each in shipped(name).judgements for word in (each.judgement, *each.aliases)]

    assert len({comparable(word) for word in words}) == len(words)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_an_instrument_says_whose_its_words_are_and_where_they_are(name: str) -> None:
    ships = shipped(name)

    assert ships.licence
    assert ships.source
    assert ships.source in ships.labels_note


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_no_wording_ships_that_an_mit_package_may_not_hold(name: str) -> None:
    """No licence of these allows it; a label of ours is a few words and no question."""
    told = [each.text for each in shipped(name).items]

    assert [text for text in told if text.endswith("?") or len(text.split()) > 7] == []


def test_partial_yes_is_an_answer_to_five_items_of_amstar_2() -> None:
    amstar = shipped("amstar-2")
    with_partly = [
        each.item
        for each in amstar.items
        if "partial yes" in [answer.judgement for answer in amstar.permitted(each)]
    ]

    assert with_partly == ["2", "4", "7", "8", "9"]


def test_no_meta_analysis_is_an_answer_to_three_items_of_amstar_2() -> None:
    amstar = shipped("amstar-2")

    assert [each.item for each in amstar.items if "no meta-analysis" in each.answers] == ["11", "12", "15"]


def test_a_team_sets_its_copy_of_the_wording_in() -> None:
    copy = make(
        tables.WORDING,
        item=["q1", "1.1"],
        text=["Is it\nreally sound?", "Of another instrument"],
        instrument=["", "mmat-2018"],
    )

    own = instrument.worded(instrument.parse(OWN, "own"), copy)

    assert [each.text for each in own.items] == ["Is it really sound?"]


def test_wording_of_an_item_that_is_none_is_told() -> None:
    with pytest.raises(InputErrors, match="item 'Q9' is not an item of own"):
        instrument.worded(instrument.parse(OWN, "own"), make(tables.WORDING, item=["Q9"], text=["Why?"]))


def test_the_note_on_our_labels_goes_where_all_the_wording_is_there() -> None:
    casp = shipped("casp-qualitative")
    items = [each.item for each in casp.items]

    whole = instrument.worded(casp, make(tables.WORDING, item=items, text=["Why?"] * len(items)))
    part = instrument.worded(casp, make(tables.WORDING, item=items[:1], text=["Why?"]))

    assert (whole.labels_note, part.labels_note) == ("", casp.labels_note)


def test_not_applicable_is_told_from_no() -> None:
    not_applicable = shipped("jbi-qualitative").find_judgement("N/A")

    assert not_applicable is not None
    assert not not_applicable.applicable


def test_a_team_writes_its_own_instrument() -> None:
    own = instrument.parse(OWN, "own")

    assert [each.text for each in own.items] == ["Is it sound?"]
    assert own.judgements[0].symbol == "ok"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("=", "is not TOML"),
        ("", r"has no \[\[judgements\]\]"),
        (OWN.replace('"good"', '"fine"'), "level 'fine' of 'ok' is not one of good, middling"),
        (OWN.replace("[sets.items]\nQ1", "[sets.more]\nQ1"), "unknown key 'more' in a set"),
        (OWN.replace('\n[sets.items]\nQ1 = "Is it sound?"', ""), "set 'all' has no items"),
        (OWN + '[[sets]]\nset = "b"\n[sets.items]\nQ1 = "x"', "item 'Q1' stands here twice"),
        (OWN.replace('judgement = "ok"', "judgement = 1"), "judgement 1 is not text"),
        (OWN + '[[designs]]\ndesign = "d"\nsets = ["none"]', "asks for the set 'none', which is not here"),
        ("colour = 1", "unknown key 'colour' in the instrument"),
        (OWN + '[answers]\nQ1 = ["fine"]', "answer 'fine' of item 'Q1' is not one of ok"),
        (OWN + '[answers]\nQ2 = ["ok"]', r"unknown key 'Q2' in \[answers\]; known: Q1"),
        (OWN + "[answers]\nQ1 = 1", "Q1 1 is not a list of words"),
        ("answers = 1\n" + OWN, "answers is not a table of items"),
        ('[[judgements]]\njudgement = "a"\nsymbol = "ok"' + OWN, "symbol 'ok' stands for two judgements"),
        ('unit = "stars"\n' + OWN, "unit 'stars' counts nothing: no judgement has points"),
        (OWN.replace('level = "good"', "points = -1"), "points -1 of 'ok' is not a whole number"),
        ("columns = 1\n" + OWN, "columns is not a table of items"),
        (OWN + '[columns]\nQ2 = ["x"]', r"unknown key 'Q2' in \[columns\]; known: Q1"),
        (
            OWN.replace("Q1", 'Q2 = "Fair"\nQ1') + '[columns]\nQ1 = ["x"]\nQ2 = ["X"]',
            "column 'X' is named for the items Q1 and Q2",
        ),
        (OWN + '[[signs]]\nby = "b"\nmeans = 1', r"means of \[\[signs\]\] is not a table of signs"),
        (
            OWN + '[[signs]]\nby = "b"\nmeans = {"+" = "no"}',
            r"sign '\+' means 'no', which is not one of ok",
        ),
        ('judgements = "jbi-none"', "instrument 'jbi-none' is not one of amstar-2, "),
    ],
)
def test_an_instrument_that_does_not_hold_together_is_told(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        instrument.parse(text, "own")
