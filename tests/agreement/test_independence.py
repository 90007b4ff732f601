"""Who judged alone: tie-breakers are left out, late reviewers are not; the libraries agree on the rest."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.agreement.measure import Choices, measure
from peerreview.errors import InputErrors
from tests.builders import make_votes

WORDS = {"i": "include", "e": "exclude", "m": "maybe"}


def _votes(
    name: str, said: str, day: int = 0, *, stage: str = "title_abstract", reason: str = "-"
) -> list[str]:
    """Return a vote on r0, r1 … per letter, a dot for none; day 0 has no times."""
    when = f" {reason} reviewer 2024-01-{day:02}" if day else f" {reason}"
    return [
        f"r{number} {name} {stage} {WORDS[letter]}{when}"
        for number, letter in enumerate(said)
        if letter != "."
    ]


def _stage(*rows: list[str], **choices: Any) -> dict[str, Any]:
    votes = make_votes(*(row for each in rows for row in each))
    votes["reason"] = votes["reason"].replace("-", "")
    measured = measure(votes, kept={}, choices=Choices(draws=10, **choices)).to_json()
    stage: dict[str, Any] = measured["stages"][0]
    return stage


def _left_out(stage: dict[str, Any]) -> list[str]:
    return [each["reviewer"] for each in stage["tie_breakers"] if each["is_left_out"]]


ANA = _votes("ana", "iiiiieeeeeeeeeeeeeee", 1)
BO = _votes("bo", "iiieeiieeeeeeeeeeeee", 2)


def test_a_third_who_votes_on_conflicts_alone_after_both_is_left_out() -> None:
    stage = _stage(ANA, BO, _votes("cy", "...eiei", 3))

    assert _left_out(stage) == ["cy"]
    assert stage["reviewers"] == ["ana", "bo"]
    assert stage["overall"] == _stage(ANA, BO)["overall"]
    assert stage["tie_breakers"] == [
        {"reviewer": "cy", "n_records": 4, "has_times": True, "is_left_out": True}
    ]


def test_a_third_who_also_judged_agreed_records_is_independent_however_late() -> None:
    stage = _stage(ANA, BO, _votes("cy", "i..eiei", 30))

    assert _left_out(stage) == []
    assert stage["reviewers"] == ["ana", "bo", "cy"]


def test_a_third_who_voted_before_one_of_the_two_is_independent() -> None:
    assert _left_out(_stage(ANA, _votes("bo", "iiieeiieeeeeeeeeeeee", 3), _votes("cy", "...eiei", 2))) == []


def test_a_third_without_times_on_conflicts_alone_is_left_out_where_chance_would_not_do_it() -> None:
    stage = _stage(
        _votes("ana", "iiiiieeeeeeeeeeeeeee"), _votes("bo", "iiieeiieeeeeeeeeeeee"), _votes("cy", "...eiei")
    )

    assert _left_out(stage) == ["cy"]
    assert not stage["tie_breakers"][0]["has_times"]


def test_a_third_without_times_on_one_conflict_is_asked_about_and_counts() -> None:
    stage = _stage(_votes("ana", "iie"), _votes("bo", "iee"), _votes("cy", ".e"))

    assert _left_out(stage) == []
    assert [each["reviewer"] for each in stage["tie_breakers"]] == ["cy"]
    assert "cy" in stage["reviewers"]


def test_rotating_pairs_all_count() -> None:
    stage = _stage(_votes("ana", "ii.ee.", 1), _votes("bo", "i.ie.e", 2), _votes("cy", ".ei.ie", 3))

    assert stage["tie_breakers"] == []
    assert sorted(pair["n_both"] for pair in stage["pairs"]) == [2, 2, 2]


def test_who_settles_doubts_beside_includes_breaks_ties_too() -> None:
    stage = _stage(_votes("ana", "iieei", 1), _votes("bo", "imeii", 2), _votes("cy", ".i.e.", 3))

    assert _left_out(stage) == ["cy"]


def test_a_third_who_settles_reasons_of_full_texts_is_left_out() -> None:
    at = {"stage": "full_text"}
    stage = _stage(
        _votes("ana", "ee", 1, reason="design", **at),
        _votes("bo", "e", 2, reason="peers", **at) + _votes("bo", ".e", 2, reason="design", **at),
        _votes("cy", "e", 3, reason="design", **at),
    )

    assert _left_out(stage) == ["cy"]


def test_a_vote_taken_back_makes_nobody_independent() -> None:
    taken_back = [
        "r0 cy title_abstract include - reviewer 2024-01-03",
        "r0 cy title_abstract withdrawn - reviewer 2024-01-04",
    ]

    assert _left_out(_stage(ANA, BO, _votes("cy", "...eiei", 3), taken_back)) == ["cy"]


def test_a_vote_taken_back_is_not_measured() -> None:
    taken_back = ["r0 bo title_abstract withdrawn - reviewer 2024-01-09"]

    assert _stage(ANA, BO, taken_back)["pairs"][0]["n_both"] == 19
    assert _stage(["r0 ana title_abstract include"], ["r0 bo title_abstract withdrawn"])["n_votes"] == 1


def test_the_name_of_a_resolution_is_asked_about() -> None:
    with pytest.raises(InputErrors, match="'consensus' votes without a role"):
        _stage(["r1 ana title_abstract include"], ["r1 consensus title_abstract include"])

    stage = _stage(ANA, _votes("consensus", "iiiiiiiiii", 2))
    assert stage["named_like_resolutions"] == ["consensus"]


@st.composite
def designs(draw: st.DrawFn) -> tuple[list[str], np.ndarray]:
    """Return votes of two to four reviewers and a tie-breaker, and the matrix of the independent ones."""
    n_reviewers, n_records = draw(st.integers(2, 4)), draw(st.integers(6, 30))
    cells = st.sampled_from("iiieeeee.")
    said = np.array([[draw(cells) for _ in range(n_reviewers)] for _ in range(n_records)])
    if draw(st.booleans()):
        constant = draw(st.sampled_from("ie"))
        said[:, 0] = np.where(said[:, 0] == ".", ".", constant)
    rows = []
    for record, judged in enumerate(said):
        for reviewer, letter in enumerate(judged):
            if letter == ".":
                continue
            vote = f"r{record} p{reviewer} title_abstract"
            rows.append(f"{vote} {WORDS[letter]} - reviewer 2024-01-0{reviewer + 1}")
            if draw(st.integers(0, 9)) == 0:
                rows.append(f"{vote} withdrawn - reviewer 2024-01-0{reviewer + 1}T12:00:00Z")
                said[record, reviewer] = "."
        if len(set(judged) - {"."}) > 1:
            rows.append(f"r{record} zed title_abstract include - reviewer 2024-02-01")
    return rows, said


def _columns(said: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
    for first in range(said.shape[1]):
        for second in range(first + 1, said.shape[1]):
            both = (said[:, first] != ".") & (said[:, second] != ".")
            yield first, second, said[both][:, [first, second]]


def _on_conflicts_alone(said: np.ndarray, reviewer: int) -> bool:
    """Return whether each record of a reviewer is one that two earlier ones differ on."""
    judged = said[said[:, reviewer] != "."]
    return all(len(set(row[:reviewer]) - {"."}) > 1 for row in judged)


@settings(max_examples=60, deadline=None)
@given(designs())
def test_libraries_agree_on_the_independent_votes_of_any_design(design: tuple[list[str], np.ndarray]) -> None:
    import krippendorff
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

    rows, said = design
    assume(not any(_on_conflicts_alone(said, reviewer) for reviewer in range(said.shape[1])))

    (stage,) = measure(make_votes(*rows), kept={}, choices=Choices(draws=10)).to_json()["stages"]

    assert "zed" not in stage["reviewers"]
    pairs = {(pair["reviewer_1"], pair["reviewer_2"]): pair for pair in stage["pairs"]}
    for first, second, judged in _columns(said):
        names = (f"p{first}", f"p{second}")
        pair = pairs.get(names) or pairs.get(names[::-1])
        n_both = pair["n_both"] if pair else 0
        assert n_both == len(judged)
        if not n_both or pair is None or pair["cohen"] is None:
            continue
        expected = cohen_kappa_score(judged[:, 0], judged[:, 1])
        assert pair["cohen"] == pytest.approx(expected, abs=1e-9)
        square = np.array([[((judged == [a, b]).all(axis=1)).sum() for b in "ie"] for a in "ie"])
        with np.errstate(all="ignore"):
            variance = cohens_kappa(square).var_kappa
        assert pair["cohen_se"] ** 2 == pytest.approx(np.nan_to_num(variance), abs=1e-9)
        if 0 in (*square.sum(axis=0), *square.sum(axis=1)):
            assert (pair["cohen_se"], pair["cohen_z"], pair["cohen_p"]) == (0.0, None, None)
    counts = np.array([[(row == letter).sum() for letter in "ie"] for row in said if (row != ".").any()])
    overall = stage["overall"]
    if overall["alpha_nominal"] is not None:
        expected = krippendorff.alpha(
            value_counts=counts, value_domain=[0, 1], level_of_measurement="nominal"
        )
        assert overall["alpha_nominal"] == pytest.approx(expected, abs=1e-9)
    if overall["fleiss"] is not None and len({*counts.sum(axis=1)}) == 1:
        assert overall["fleiss"] == pytest.approx(fleiss_kappa(counts), abs=1e-9)


def test_ten_thousand_ties_are_found_in_a_moment() -> None:
    n_records = 20_000
    said = [
        (f"r{number}", name, "include" if (number % (7 + place)) == 0 else "exclude", f"2024-01-0{place + 1}")
        for number in range(n_records)
        for place, name in enumerate(("ana", "bo", "cy"))
    ]
    names = ("record_id", "reviewer", "decision", "decided_at", "stage")
    votes = tables.make(
        tables.VOTES, [dict(zip(names, (*row, "title_abstract"), strict=True)) for row in said]
    )

    (stage,) = measure(votes, kept={}, choices=Choices(draws=10)).to_json()["stages"]

    assert stage["tie_breakers"] == []
    assert stage["overall"]["n_pairable"] == n_records
