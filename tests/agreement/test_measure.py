import json
from pathlib import Path
from typing import Any

import pytest

from peerreview import tables
from peerreview.agreement.alpha import LEVELS, alpha_interval, krippendorff_alpha
from peerreview.agreement.measure import Choices, as_votes, measure
from peerreview.agreement.tallies import Tally, statistics_of_all
from tests.builders import make, make_votes

FOUR = (
    "r1 ana title_abstract include", "r1 bo title_abstract include",
    "r2 ana title_abstract include", "r2 bo title_abstract exclude",
    "r3 ana title_abstract exclude", "r3 bo title_abstract exclude",
    "r4 ana title_abstract exclude", "r4 bo title_abstract exclude",
)  # fmt: skip


def _stage(*rows: str, kept: dict[str, str] | None = None, **choices: Any) -> dict[str, Any]:
    measured = measure(make_votes(*rows), kept=kept or {}, choices=Choices(draws=50, **choices))
    stage: dict[str, Any] = measured.to_json()["stages"][0]
    return stage


def test_two_reviewers_have_a_table_and_a_kappa() -> None:
    pair = _stage(*FOUR)["pairs"][0]

    assert pair["table"] == [[1, 1], [0, 2]]
    assert pair["percent"] == 0.75
    assert pair["cohen"] == pytest.approx(0.5)


def test_a_vote_changed_after_discussion_counts_as_it_first_was() -> None:
    first = [f"{row} - reviewer 2024-01-01T10:00:00Z" for row in FOUR]

    changed = _stage(*first, "r2 bo title_abstract include - reviewer 2024-02-01T10:00:00Z")

    assert changed["n_changed"] == 1
    assert changed["pairs"] == _stage(*FOUR)["pairs"]


@pytest.mark.parametrize("role", ["adjudicator", "consensus", "ai", "automation"])
def test_only_reviewers_agree(role: str) -> None:
    stage = _stage(*FOUR, f"r2 zed title_abstract include - {role}")

    assert stage["left_out"] == {role: 1}
    assert stage["overall"] == _stage(*FOUR)["overall"]


def test_votes_on_merged_records_are_one_record() -> None:
    stage = _stage("r1 ana title_abstract include", "r1b bo title_abstract include", kept={"r1b": "r1"})

    assert stage["pairs"][0]["n_both"] == 1


def test_different_votes_on_merged_records_are_left_out_and_counted() -> None:
    stage = _stage(*FOUR, "r5 ana title_abstract include", kept={"r5": "r4"})

    assert stage["n_merged_votes_differ"] == 1
    assert stage["pairs"][0]["n_both"] == 3


def test_a_vote_changed_within_a_day_is_left_out_and_counted() -> None:
    dated = [f"{row} - reviewer 2024-01-01" for row in FOUR]

    stage = _stage(*dated, "r2 bo title_abstract include - reviewer 2024-01-01")

    assert stage["n_order_unknown"] == 1
    assert stage["n_merged_votes_differ"] == 0
    assert stage["pairs"][0]["n_both"] == 3


@pytest.mark.parametrize(
    ("maybe", "table"),
    [
        ("include", [[1, 0], [0, 0]]),
        ("exclude", [[0, 0], [1, 0]]),
        ("keep", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
        ("missing", [[0, 0], [0, 0]]),
    ],
)
def test_a_maybe_counts_as_declared(maybe: str, table: list[list[int]]) -> None:
    stage = _stage("r1 ana title_abstract maybe", "r1 bo title_abstract include", maybe=maybe)

    assert stage["pairs"][0]["table"] == table
    assert stage["n_maybe"] == 1


def test_reviewers_without_a_common_record_have_no_kappa_and_a_reason() -> None:
    pair = _stage("r1 ana title_abstract include", "r2 bo title_abstract include")["pairs"][0]

    assert pair["cohen"] is None
    assert pair["why"]["cohen"] == "no record was judged by two reviewers"


def test_varying_pairs_have_no_pooled_cohens_kappa() -> None:
    stage = _stage(*FOUR, "r1 cy title_abstract include")

    assert [(pair["reviewer_1"], pair["reviewer_2"]) for pair in stage["pairs"]] == [
        ("ana", "bo"), ("ana", "cy"), ("bo", "cy"),
    ]  # fmt: skip
    assert "cohen" not in stage["overall"]


def test_another_vocabulary_is_taken_verbatim_and_in_order() -> None:
    votes = as_votes(
        make(
            tables.APPRAISAL,
            study_id=["s1", "s1", "s2", "s2"],
            item=["1.1"] * 4,
            judgement=["Yes", "Can't tell", "No", "No"],
            reviewer=["ana", "bo", "ana", "bo"],
        )
    ).assign(role="", decided_at="", reason="")

    choices = Choices(categories=("Yes", "Can't tell", "No"), draws=50)
    stage = measure(votes, kept={}, choices=choices).to_json()["stages"][0]

    assert stage["stage"] == "1.1"
    assert stage["categories"] == ["Yes", "Can't tell", "No"]
    assert stage["pairs"][0]["table"] == [[0, 1, 0], [0, 0, 0], [0, 0, 1]]


def test_a_reason_of_the_record_is_no_reviewer_s_whatever_its_note_says() -> None:
    votes = make_votes("r1 ana full_text exclude design", "r1 bo full_text exclude design")

    told = votes.assign(note="reason of the record, not of one reviewer")
    (own,), (of_record,) = (
        measure(each, kept={}, choices=Choices(draws=50)).to_json()["stages"]
        for each in (told, told.assign(reason_of="record"))
    )

    assert own["reasons"][0]["n_both"] == 1
    assert of_record["reasons"] == []


def test_reasons_agree_or_not() -> None:
    rows = [
        "r1 ana full_text exclude design", "r1 bo full_text exclude Design",
        "r2 ana full_text exclude design", "r2 bo full_text exclude population",
        "r3 ana full_text exclude population", "r3 bo full_text exclude population",
        "r4 ana full_text include", "r4 bo full_text exclude population",
    ]  # fmt: skip

    reasons = _stage(*rows)["reasons"][0]

    assert reasons["categories"] == ["design", "population"]
    assert reasons["table"] == [[1, 1], [0, 1]]
    assert reasons["percent"] == pytest.approx(2 / 3)


def test_an_ai_is_compared_with_the_peoples_decision() -> None:
    ai = [f"r{number} gpt title_abstract include - ai" for number in (1, 2, 3)]

    found = _stage(*FOUR, *ai, "r4 gpt title_abstract exclude - ai")["ai"][0]

    assert found["recall"] == 1.0
    assert found["precision"] == 0.5
    assert found["n_undecided"] == 1


def test_the_same_seed_gives_the_same_interval() -> None:
    assert _stage(*FOUR, seed=7) == _stage(*FOUR, seed=7)


def test_every_worked_case_has_its_value_from_votes(corpus: Path) -> None:
    cases = json.loads((corpus / "agreement" / "cases.json").read_text(encoding="utf-8"))
    names = ("record_id", "reviewer", "decision", "stage", "role")
    for case in cases:
        role = {case["adjudicator"]: "adjudicator"}
        votes = tables.make(
            tables.VOTES,
            [
                dict(zip(names, (*rating, "x", role.get(rating[1], "")), strict=True))
                for rating in case["ratings"]
            ],
        )
        choices = Choices(categories=tuple(case["categories"]), draws=10)
        stage = measure(votes, kept={}, choices=choices).to_json()["stages"][0]
        found = (stage["pairs"][0] if len(stage["reviewers"]) == 2 else {}) | stage["overall"]
        for name, expected in case["expected"].items():
            if name != "pairs":
                value = expected["value"]
                close = None if value is None else pytest.approx(value, abs=expected["tol"])
                assert found[name] == close, (case["name"], name)


def test_coders_agree_on_a_theme_they_both_found_or_both_did_not() -> None:
    themes = make(
        tables.THEMES,
        study_id=["s1", "s1", "s2", "s2", "s3"],
        theme=["hope", "hope", "hope", "trust", "trust"],
        coder=["ana", "bo", "ana", "bo", ""],
    )
    votes = as_votes(themes, ("found", "not found")).assign(role="", decided_at="", reason="")

    choices = Choices(categories=("found", "not found"), draws=10)
    hope, trust = measure(votes, kept={}, choices=choices).to_json()["stages"]

    assert (hope["stage"], hope["pairs"][0]["table"]) == ("hope", [[1, 1], [0, 0]])
    assert (trust["stage"], trust["pairs"][0]["table"]) == ("trust", [[0, 0], [1, 1]])


def test_what_appraisers_and_coders_agreed_on_is_no_third_judgement() -> None:
    names = ["ana", "bo", "Consensus"]
    appraised = make(
        tables.APPRAISAL, study_id=["s1"] * 3, item=["1.1"] * 3, judgement=["yes", "no", "no"], reviewer=names
    )
    coded = make(tables.THEMES, study_id=["s1"] * 3, theme=["hope", "trust", "hope"], coder=names)

    for votes in (as_votes(appraised), as_votes(coded, ("yes", "no"))):
        whole = votes.assign(decided_at="", reason="")
        choices = Choices(categories=("yes", "no"), draws=10)
        stages = measure(whole, kept={}, choices=choices).to_json()["stages"]
        assert {tuple(stage["reviewers"]) for stage in stages} == {("ana", "bo")}


def test_two_categories_have_one_alpha_whatever_the_level() -> None:
    patterns: dict[tuple[int, ...], int] = {(2, 0): 5, (1, 1): 4, (0, 2): 9}

    found = statistics_of_all(Tally({}, patterns), ("include", "exclude"), seed=0, draws=50).to_json()

    for level in LEVELS:
        assert found[f"alpha_{level}"] == pytest.approx(krippendorff_alpha(patterns, level=level).value)
        assert (found[f"alpha_{level}_lo"], found[f"alpha_{level}_hi"]) == pytest.approx(
            alpha_interval(patterns, level=level, draws=50)[:2]
        )
