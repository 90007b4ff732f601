"""Tests of the instruments' own rules for the whole, on what was published."""

import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.synthesis import appraisal, overall
from peerreview.synthesis.appraisal import Appraised
from peerreview.synthesis.instrument import shipped
from tests.builders import make

ROB_2, ROBINS_I, AMSTAR_2 = shipped("rob-2"), shipped("robins-i"), shipped("amstar-2")
SIGNS = {"+": "low", "?": "some concerns", "-": "high"}
# As published in PMC10196895, table 3: five domains and the overall judgement.
ROB_2_PUBLISHED = """
Direito 2015 + + + + + +
Fanning 2017 ? ? ? + ? -
Garcia-Ortiz 2018 + ? + + + ?
Garde 2018 + ? - + ? -
Glynn 2014 ? + + + + ?
Gremaud 2018 + ? + + ? ?
Harries 2016 ? ? + + ? -
Hurkmans 2018 - ? + + + -
King 2016 + + + + ? ?
Leinonen 2017 + - - + + -
Pope 2020 - ? + + ? -
Schade 2020 ? ? - + ? -
"""
ROBINS_I_PUBLISHED = """
1 moderate critical low low moderate moderate moderate critical
2 moderate ni moderate low low low moderate moderate
3 moderate serious low serious low low low serious
4 serious moderate low low moderate moderate low serious
6 moderate moderate low moderate moderate serious moderate serious
10 serious low low low serious moderate serious serious
"""
"""Examples that go with robvis (data_raw/data_robins_i.csv)."""


def judge(instrument_name: str, answers: dict[str, str]) -> Appraised:
    judged = make(
        tables.APPRAISAL,
        study_id=["s1"] * len(answers),
        item=list(answers),
        judgement=list(answers.values()),
    )
    studies = make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"])
    (appraised,) = appraisal.appraise(judged, studies, instrument=shipped(instrument_name))
    return appraised


def domains(row: str, n: int) -> dict[str, str]:
    words = row.split()[-n - 1 :]
    return dict(zip([*(f"D{number}" for number in range(1, n + 1)), "Overall"], words, strict=True))


@pytest.mark.parametrize("row", ROB_2_PUBLISHED.strip().splitlines())
def test_a_published_judgement_of_rob_2_is_as_bad_as_its_worst_domain_or_worse(row: str) -> None:
    answers = {item: SIGNS[sign] for item, sign in domains(row, 5).items()}

    appraised = judge("rob-2", answers)

    assert appraised.fault == ""
    # Several domains with some concerns were high to these authors: that is theirs to say.
    several = list(answers.values())[:5].count("some concerns") > 1
    assert appraised.by_rule == answers["Overall"] or (several and appraised.by_rule == "some concerns")


@pytest.mark.parametrize("row", ROBINS_I_PUBLISHED.strip().splitlines())
def test_an_overall_judgement_of_robins_i_is_the_worst_of_its_domains(row: str) -> None:
    answers = domains(row, 7)

    appraised = judge("robins-i", answers)

    assert (appraised.by_rule, appraised.fault) == (answers["Overall"], "")


@pytest.mark.parametrize(
    ("name", "answers", "told"),
    [
        ("rob-2", "low low high low low low", "overall low, with D3 high: it is no better than"),
        ("rob-2", "low some high low low some", "overall some concerns, with D3 high"),
        ("rob-2", "low some low some low low", "overall low, with D2 some concerns, D4 some concerns"),
        ("robins-i", "low low low critical low low low serious", "overall serious, with D4 critical"),
        ("robins-i", "low low low ni low low low low", "overall low, with D4 no information"),
        ("robins-i", "low low low serious low low low ni", "overall no information, with D4 serious"),
        ("robins-i", "low low low ni low low low ni", ""),
        ("rob-2", "some some low low low high", ""),
    ],
)
def test_an_overall_judgement_better_than_a_domain_is_named(name: str, answers: str, told: str) -> None:
    n = len(answers.split()) - 1

    fault = judge(name, domains(answers, n)).fault

    assert fault.startswith(told)
    assert bool(fault) == bool(told)


def test_without_an_overall_judgement_the_rule_says_the_least() -> None:
    appraised = judge("rob-2", {"D1": "low", "D2": "some concerns", "D3": "low", "D4": "low", "D5": "low"})

    assert (appraised.by_rule, appraised.missing) == ("some concerns", ("Overall",))


def test_a_domain_that_is_not_judged_leaves_the_rule_nothing_to_say() -> None:
    assert judge("rob-2", {"D1": "low", "D2": "high"}).by_rule == ""


def test_no_information_is_robvis_word_and_no_judgement_of_rob_2() -> None:
    """robvis' own example has it (data_raw/data_rob2.csv, study 3)."""
    row = domains("ni low some low low some", 5) | {"D1": "No information"}

    assert judge("rob-2", row).missing == ("D1",)


# The first as published of Amissah et al. in an overview of BMJ Paediatrics Open (table 3), the second of
# Peck 2020 in BMC Geriatr 2022;22:501 (table 2); the others by the box. NA: there was no meta-analysis.
@pytest.mark.parametrize(
    ("answers", "confidence"),
    [
        ("y y n y y y y y y y na na y y na y", "high"),
        ("y n n n y n n y n n na na n n na y", "critically low"),
        ("y py y py y y py py py y y y y y y y", "high"),
        ("n y n y y y y y y y y y y y y y", "moderate"),
        ("y y y y y y n y y y y y y y y y", "low"),
        ("n y n y n n n y y n y y y y y y", "low"),
        ("y n y y y y n y y y y y y y y y", "critically low"),
    ],
)
def test_confidence_in_a_review_is_that_of_amstar_2(answers: str, confidence: str) -> None:
    """Shea et al. 2017, box 2."""
    judged = judge("amstar-2", {str(item): each for item, each in enumerate(answers.split(), start=1)})

    assert judged.by_rule == confidence


def test_an_amstar_2_appraisal_with_an_open_item_has_no_confidence() -> None:
    assert judge("amstar-2", {"1": "yes"}).by_rule == ""


def test_the_rules_are_printed_with_their_source() -> None:
    assert "no better than the worst domain (Sterne et al. 2019" in overall.sentence(ROB_2)
    assert "Sterne et al. 2016" in overall.sentence(ROBINS_I)
    assert "critical are items 2, 4, 7, 9, 11, 13, 15" in overall.sentence(AMSTAR_2)
    assert overall.sentence(shipped("jbi-cohort")) == ""


def judge_results(*rows: tuple[str, str, str]) -> tuple[Appraised, ...]:
    """Return appraisals of s1 with RoB 2 from rows of result, item and judgement."""
    judged = tables.make(
        tables.APPRAISAL,
        [
            {"study_id": "s1", "result": result, "item": item, "judgement": said}
            for result, item, said in rows
        ],
    )
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Bo 2002"])
    return appraisal.appraise(judged, studies, instrument=ROB_2)


def test_risk_of_bias_is_judged_result_by_result() -> None:
    appraised = judge_results(("pain", "D1", "low"), ("Pain ", "D2", "high"), ("death", "D1", "low"))

    assert [each.name for each in appraised] == ["Ada 2001: pain", "Ada 2001: death", "Bo 2002"]
    assert [len(each.judged) for each in appraised] == [2, 1, 0]


def test_a_study_judged_with_and_without_a_result_is_refused() -> None:
    with pytest.raises(InputErrors, match="some rows of study 's1' name a result, and some do not"):
        judge_results(("pain", "D1", "low"), ("", "D1", "low"))


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (["2", "3"], "weight '3' of study 's1' was 2 above"),
        (["x", "1"], "weight 'x' is not a number above 0"),
    ],
)
def test_a_weight_that_is_none_or_is_two_is_refused(weights: list[str], told: str) -> None:
    judged = make(
        tables.APPRAISAL,
        study_id=["s1", "s1"],
        item=["D1", "D2"],
        judgement=["low", "low"],
        weight=weights,
    )

    with pytest.raises(InputErrors, match=told):
        appraisal.appraise(judged, make(tables.STUDIES, study_id=["s1"], label=["Ada"]), instrument=ROB_2)


def test_casp_s_last_item_takes_words_and_keeps_nobody_from_a_rating() -> None:
    answers = {str(item): "yes" for item in range(1, 10)}

    without = judge("casp-qualitative", answers)
    with_words = judge("casp-qualitative", answers | {"10": "Adds to what is known of peers"})

    assert without.complete
    assert with_words.complete
    assert with_words.judged["10"].words == ("Adds to what is known of peers",)
    assert with_words.n_applicable == 9


def test_a_role_settles_as_a_name_does() -> None:
    judged = make(
        tables.APPRAISAL,
        study_id=["s1"] * 3,
        item=["D1"] * 3,
        judgement=["low", "high", "high"],
        reviewer=["ana", "ben", "ana"],
        role=["", "reviewer", "consensus"],
    )
    studies = make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"])

    (appraised,) = appraisal.appraise(judged, studies, instrument=ROB_2)

    assert appraised.judged["D1"].judgement == ROB_2.find_judgement("high")
    assert appraised.judged["D1"].said[-1] == ("consensus", "high")
