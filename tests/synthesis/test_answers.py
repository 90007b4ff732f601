"""Tests of what people write for a judgement."""

import pytest

from peerreview.synthesis import answers
from peerreview.synthesis.instrument import parse, shipped


def said(cells: str, instrument: str) -> list[str]:
    """Return what each cell says: a judgement's word, nothing, or what is wrong with it."""
    listed = cells.split(",")
    found = answers.read(listed, shipped(instrument))
    meanings = [found[cell] for cell in listed]
    return [
        each.judgement.judgement if each.judgement else each.fault or ("nothing" if each.nothing else "")
        for each in meanings
    ]


@pytest.mark.parametrize(
    ("cells", "instrument", "words"),
    [
        ("Ja,Nein,Unklar,nicht zutreffend", "jbi-cohort", ["yes", "no", "unclear", "not applicable"]),
        ("oui,non,peu clair,sans objet", "jbi-cohort", ["yes", "no", "unclear", "not applicable"]),
        ("Sí,No,Poco claro,No aplica", "jbi-cohort", ["yes", "no", "unclear", "not applicable"]),
        ("Sim,Não,Pouco claro,não se aplica", "jbi-cohort", ["yes", "no", "unclear", "not applicable"]),
        ("sì,no,non chiaro,non applicabile", "jbi-cohort", ["yes", "no", "unclear", "not applicable"]),
        ("ja,nee,onduidelijk,n.v.t.", "jbi-cohort", ["yes", "no", "unclear", "not applicable"]),
        ("是,否,不清楚", "jbi-cohort", ["yes", "no", "unclear"]),
        ("niedrig,hoch,unklar", "rob-1", ["low", "high", "unclear"]),
        ("niedriges Risiko,hohes Risiko,Unklares Risiko", "rob-1", ["low", "high", "unclear"]),
        ("Risque faible,risque élevé,Faible risque", "rob-1", ["low", "high", "low"]),
        ("Bajo riesgo,riesgo alto,低风险", "rob-1", ["low", "high", "low"]),
        ("gering,einige Bedenken,hoch", "rob-2", ["low", "some concerns", "high"]),
        ("moderat,schwerwiegend,kritisch", "robins-i", ["moderate", "serious", "critical"]),
        ("unklar", "mmat-2018", ["can't tell"]),
        # RoB 2 has no such judgement, and nothing is put in its place.
        ("unklar", "rob-2", [""]),
    ],
)
def test_words_of_other_languages_are_those_of_the_instrument(
    cells: str, instrument: str, words: list[str]
) -> None:
    assert said(cells, instrument) == words


@pytest.mark.parametrize(
    ("cells", "instrument", "words"),
    [
        ("+,?,−", "rob-1", ["low", "unclear", "high"]),
        ("+,?,–", "quadas-2", ["low", "unclear", "high"]),
        ("+,-,?", "jbi-cohort", ["yes", "no", "unclear"]),
        ("✓,✗,?", "casp-qualitative", ["yes", "no", "can't tell"]),
        ("✔️", "mmat-2018", ["yes"]),
        ("+,!,-", "rob-2", ["low", "some concerns", "high"]),
        ("+,-,X", "rob-2", ["low", "some concerns", "high"]),
        ("+,-,x,?", "rob-2", ["low", "some concerns", "high", "nothing"]),
        ("+,?", "robins-i", ["low", "no information"]),
        ("★,★★,-", "nos-cohort", ["one star", "two stars", "no star"]),
        ("*,* *,0,1,2", "nos-cohort", ["one star", "two stars", "no star", "one star", "two stars"]),
        ("+,++,−", "nos-cohort", ["one star", "two stars", "no star"]),
        ("★☆", "nos-cohort", ["one star"]),
        ("a) truly representative ★,★★ age and sex", "nos-cohort", ["one star", "two stars"]),
        # A footnote's asterisk, and the words of an answer without a star, are no judgement.
        ("0*,selected group", "nos-cohort", ["", ""]),
        # A hollow star is an empty place to some and a star to others; a cross is a mark or a no.
        ("☆", "nos-cohort", [""]),
        ("x", "jbi-cohort", [""]),
    ],
)
def test_a_sign_is_what_the_other_signs_of_the_sheet_let_it_be(
    cells: str, instrument: str, words: list[str]
) -> None:
    assert said(cells, instrument) == words


@pytest.mark.parametrize(
    ("cells", "instrument", "fault"),
    [
        ("+,-", "rob-2", "judgement '-' may be high (+ ! −, as the tool's own file has it) or some concerns"),
        (
            "+,?,-",
            "rob-2",
            "judgement '-' may be high (+ ? −, as many papers print it) or some concerns (+ − ×, as",
        ),
        (
            "-,!,x",
            "robins-i",
            "judgement 'x' may be critical (+ ! − ×, as the tables here have it) or serious (",
        ),
        ("+,−", "quips", "or moderate (+ − ×, as robvis draws it); write the word"),
    ],
)
def test_a_sign_that_may_be_two_judgements_is_asked_about(cells: str, instrument: str, fault: str) -> None:
    assert fault in said(cells, instrument)[-1]


def test_signs_of_two_programs_in_one_sheet_are_asked_about() -> None:
    """No one draws both "!" and "x" for RoB 2."""
    assert "may be high" in said("!,x,-", "rob-2")[-1]


def test_an_instrument_of_ones_own_has_its_symbols_as_signs() -> None:
    own = parse(
        '[[judgements]]\njudgement = "sound"\nsymbol = "−"\nlevel = "good"\n'
        '[[sets]]\nset = "all"\n[sets.items]\nQ1 = "Sound"\n',
        "own",
    )

    assert answers.read(["-"], own)["-"].judgement == own.judgements[0]
