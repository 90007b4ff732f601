"""Answers to conflicts are taken once, and none is lost."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.screening.resolutions import append, check_read, resolve, unread
from tests.builders import make_votes


def _answer(**cells: str) -> pd.DataFrame:
    row = {"record_id": "r1", "stage": "title_abstract", "votes": "ana: include; bo: exclude"}
    return tables.make(tables.CONFLICTS, [row | cells])


def test_a_reason_missing_in_an_answer_is_told() -> None:
    answer = _answer(stage="full_text", decision="exclude")

    with pytest.raises(InputErrors, match="an exclusion at full text needs a reason"):
        resolve(answer, make_votes())
    with pytest.raises(InputErrors, match="reason 'colour' is not one of the protocol's: design"):
        resolve(answer.assign(reason="colour"), make_votes(), reasons=("design",))


def test_an_answer_with_one_name_is_an_adjudicators() -> None:
    resolved = resolve(_answer(decision="Exclude", reviewer="zed"), make_votes())

    assert list(
        resolved.votes[["record_id", "reviewer", "stage", "decision", "role"]].itertuples(
            index=False, name=None
        )
    ) == [("r1", "zed", "title_abstract", "exclude", "adjudicator")]


def test_an_answer_without_a_name_is_a_consensus() -> None:
    resolved = resolve(_answer(decision="include", reviewer=" "), make_votes())

    assert list(resolved.votes["role"]) == ["consensus"]
    (told,) = resolved.remarks
    assert told.startswith(
        "1 answer names no reviewer and counts as a consensus; where one person settled it"
    )


def test_an_answer_of_two_names_is_a_consensus_without_a_remark() -> None:
    resolved = resolve(_answer(decision="include", reviewer="ana; bo"), make_votes())

    assert (list(resolved.votes["role"]), resolved.remarks) == (["consensus"], ())


def test_an_adjudicator_of_their_own_vote_is_remarked() -> None:
    resolved = resolve(_answer(decision="include", reviewer="bo"), make_votes())

    assert resolved.remarks == ("bo settles a conflict of their own votes, on r1",)


def test_an_answer_may_say_when_it_was_given() -> None:
    answer = _answer(decision="include").assign(decided_at="2024-05-31")

    assert resolve(answer, make_votes()).votes["decided_at"].tolist() == ["2024-05-31"]


def test_an_answer_is_taken_once() -> None:
    answer = _answer(decision="include")

    assert resolve(answer, resolve(answer, make_votes()).votes).votes.empty


def test_an_answer_that_is_no_decision_is_told() -> None:
    with pytest.raises(InputErrors, match="'maybe' is not include or exclude"):
        resolve(_answer(decision="maybe"), make_votes())


def test_an_unread_answer_is_not_overwritten() -> None:
    answer = _answer(decision="include")

    check_read(answer, resolve(answer, make_votes()).votes)
    with pytest.raises(InputErrors, match="in no decisions file yet"):
        check_read(answer, make_votes())


def test_unread_answers_are_told_once() -> None:
    answers = pd.concat([_answer(decision="include")] * 3, ignore_index=True)

    with pytest.raises(InputErrors, match="row 1: 3 answers here are in no decisions file yet") as told:
        check_read(answers, make_votes())
    assert len(told.value.errors) == 1


def test_a_report_sought_in_vain_is_an_answer_at_retrieval() -> None:
    found = resolve(_answer(stage="retrieval", decision="not_retrieved"), make_votes()).votes

    assert found[["stage", "decision"]].to_numpy().tolist() == [["retrieval", "not_retrieved"]]


@pytest.mark.parametrize("stage", ["before_screening", "title_abstract"])
@pytest.mark.parametrize("reason", ["", "colour"])
def test_only_a_full_text_needs_a_reason_of_the_protocol(stage: str, reason: str) -> None:
    answer = _answer(stage=stage, decision="exclude", reason=reason)

    assert resolve(answer, make_votes(), reasons=("design",)).votes["reason"].tolist() == [reason]


def test_several_names_are_a_consensus_and_who_did_not_vote_settles_nothing_of_their_own() -> None:
    for name, role in (("ana; bo", "consensus"), ("zed", "adjudicator")):
        resolved = resolve(_answer(decision="include", reviewer=name), make_votes())
        assert (resolved.votes["role"].tolist(), resolved.remarks) == ([role], ())


def test_a_conflict_without_a_decision_is_no_answer() -> None:
    assert unread(_answer(reason="design"), make_votes()) == []
    assert unread(_answer(decision="exclude"), make_votes()) == [0]


def test_an_answer_for_another_reason_at_another_stage_or_of_another_record_is_not_held() -> None:
    held = make_votes("r1 zed title_abstract exclude design adjudicator")

    assert unread(_answer(decision="exclude", reason="design"), held) == []
    for other in ({"record_id": "r2"}, {"stage": "full_text"}, {"decision": "include"}, {"reason": "age"}):
        assert unread(_answer(**({"decision": "exclude", "reason": "design"} | other)), held) == [0]


def test_answers_follow_the_votes_row_by_row() -> None:
    votes = make_votes("r1 ana title_abstract include", "r1 bo title_abstract exclude")

    whole = append(votes, resolve(_answer(decision="include"), votes).votes)

    assert whole.index.tolist() == [0, 1, 2]
    assert whole["reviewer"].tolist() == ["ana", "bo", "consensus"]
    assert not whole.isna().any(axis=None)


def test_what_an_include_names_is_no_reason_to_check() -> None:
    answer = _answer(stage="full_text", decision="include", reason="colour")

    assert resolve(answer, make_votes(), reasons=("design",)).votes["decision"].tolist() == ["include"]
