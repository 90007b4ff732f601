"""Tests of instrument."""

from importlib import resources

import pytest

from peerreview.errors import InputError
from peerreview.synthesis import instrument
from peerreview.synthesis.instrument import Instrument

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


@pytest.mark.parametrize(
    ("name", "n_items"),
    [("mmat-2018", 27), ("jbi-qualitative", 10), ("casp-qualitative", 10), ("rob-2", 6), ("amstar-2", 16)],
)
def test_an_instrument_has_as_many_items_as_its_authors_gave_it(name: str, n_items: int) -> None:
    assert len(shipped(name).items) == n_items


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_judgement_of_an_instrument_has_its_own_symbol(name: str) -> None:
    judgements = shipped(name).judgements

    assert len({each.symbol for each in judgements}) == len(judgements)
    assert any(each.favourable for each in judgements)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_no_word_names_two_judgements(name: str) -> None:
    words = [word for each in shipped(name).judgements for word in (each.judgement, *each.aliases)]

    assert len({instrument.comparable(word) for word in words}) == len(words)


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
    ],
)
def test_an_instrument_that_does_not_hold_together_is_told(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        instrument.parse(text, "own")
