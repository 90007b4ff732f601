import pytest

from peerreview.agreement.intervals import clopper_pearson
from peerreview.agreement.machines import compare, further_includes
from peerreview.agreement.measure import Choices, measure
from peerreview.protocol import Reviewer
from tests.builders import make_votes

PEOPLE = tuple(
    f"r{number} {name} title_abstract {'include' if number < 3 else 'exclude'}"
    for number in range(10)
    for name in ("ana", "bo")
)


def test_nineteen_of_twenty_may_be_three_quarters() -> None:
    found = compare(both=19, missed=1, extra=10, neither=70)

    assert found.recall.value == 0.95
    assert (found.recall.lo, found.recall.hi) == pytest.approx((0.7513, 0.9987), abs=5e-5)
    assert found.work_saved == pytest.approx(0.71)
    assert found.wss == pytest.approx(0.66)


def test_what_is_missing_for_a_claim_is_just_enough() -> None:
    for n_found, n in ((0, 0), (19, 20), (40, 40), (70, 80), (72, 72)):
        more = further_includes(n_found, n)
        assert clopper_pearson(n_found + more, n + more)[0] >= 0.95
        assert not more or clopper_pearson(n_found + more - 1, n + more - 1 or 1)[0] < 0.95


def test_more_to_screen_follows_from_how_rare_includes_are() -> None:
    found = compare(both=20, missed=0, extra=0, neither=180)

    assert found.n_more_includes == 52
    assert found.n_more_records == 520


def test_a_tool_that_nobody_can_be_compared_with_has_no_numbers_and_a_reason() -> None:
    found = compare(both=0, missed=0, extra=0, neither=0)

    shares = (found.recall, found.precision, found.specificity)
    assert [share.value for share in shares] + [found.work_saved, found.wss] == [None] * 5
    assert found.why["recall"] == "people include none of the records that it judged"
    assert found.why["work_saved"] == "people decided on none of the records that it judged"


def test_a_maybe_of_a_tool_is_no_record_that_people_left_open() -> None:
    votes = make_votes(*PEOPLE, "r0 gpt title_abstract maybe - ai", "r1 gpt title_abstract include - ai")

    measured = measure(votes, kept={}, choices=Choices(maybe="keep", draws=10))

    ai = (measured.stages[0].ai or ())[0]
    assert (ai.trial.n, ai.n_undecided, ai.n_unclear) == (1, 0, 1)


def test_a_tool_on_trial_is_told_with_version_and_prompt_and_is_nobody() -> None:
    gpt = Reviewer("gpt", role="ai", tool="GPT", version="4o", prompt="prompts/screen.txt")
    votes = make_votes(*PEOPLE, *(f"r{number} GPT title_abstract include" for number in range(4)))

    (stage,) = measure(votes, kept={}, choices=Choices(reviewers=(gpt,), draws=10)).to_json()["stages"]

    (ai,) = stage["ai"]
    assert (ai["reviewer"], ai["tool"], ai["version"], ai["prompt"]) == (
        "gpt", "GPT", "4o", "prompts/screen.txt",
    )  # fmt: skip
    assert (ai["both_include"], ai["only_ai_includes"], ai["recall"]) == (3, 1, 1.0)
    assert stage["reviewers"] == ["ana", "bo"]
    assert stage["left_out"] == {"ai": 4}
