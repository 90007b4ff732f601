"""A living review's versions sum, and no earlier one changes with what a later one finds."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.duplicates.keeping import keep_one
from peerreview.errors import InputError, InputErrors
from peerreview.flow import AWAITING, Flow, amended, counting, ledger
from peerreview.flow.identities import check, fails
from peerreview.flow.ledger import Ledger
from peerreview.screening.outcomes import settle
from tests.reviews import History, make_history

SEEDS = st.integers(0, 10**9)
ROUNDS = st.integers(2, 5)


def read(history: History) -> amended.Amended:
    return amended.read(
        history.changes,
        history.records,
        history.duplicates,
        reports=history.reports,
        studies=history.studies,
        sources=history.sources,
    )


def count(history: History) -> Ledger:
    return ledger.count_versions(
        history.records,
        history.duplicates,
        history.screening,
        reports=history.reports,
        studies=history.studies,
        sources=history.sources,
        amended=read(history),
    )


def up_to(history: History, number: int) -> History:
    """Return the tables as they stood when a round was done: what came later is not there at all."""
    rounds = dict(zip(history.records["record_id"], history.records["round"].map(int), strict=True))
    here = {record for record, found in rounds.items() if found <= number}

    def of(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["record_id"].isin(here)].reset_index(drop=True)

    reports = of(history.reports)
    studies = history.studies[history.studies["study_id"].isin(reports["study_id"])]
    return replace(
        history,
        records=of(history.records),
        duplicates=of(history.duplicates),
        screening=of(history.screening),
        reports=reports,
        studies=studies.reset_index(drop=True),
        sources=history.sources[history.sources["round"].map(int) <= number].reset_index(drop=True),
        changes=history.changes[history.changes["round"].map(int) <= number].reset_index(drop=True),
    )


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(SEEDS, ROUNDS)
def test_the_versions_of_any_living_review_sum(seed: int, n_rounds: int) -> None:
    history = make_history(seed, n_rounds=n_rounds)

    counted = count(history)

    assert counted.failing == []
    assert counted.still_open == []
    assert [version.number for version in counted.versions] == list(range(1, n_rounds + 1))
    found = [each for version in counted.versions for each in version.counts["identified"].ids]
    assert sorted(found) == sorted(history.records["record_id"])
    gone = set(history.changes.loc[history.changes["change"] == "retired", "study_id"])
    last = counted.versions[-1]
    assert set(last.counts["total_studies"].ids) == set(history.reports["study_id"]) - gone
    totals = [version.n("total_studies") or 0 for version in counted.versions]
    for before, version in zip(totals, counted.versions[1:], strict=False):
        new, retired = version.n("studies") or 0, version.n("retired_studies") or 0
        assert before + new - retired == version.n("total_studies")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(SEEDS, ROUNDS, st.booleans())
def test_the_ledger_of_the_first_rounds_is_the_beginning_of_that_of_all(
    seed: int, n_rounds: int, finished: bool
) -> None:
    history = make_history(seed, n_rounds=n_rounds, finished=finished)

    whole = ledger.to_json(count(history))["versions"]

    for number in range(1, n_rounds + 1):
        assert whole[:number] == ledger.to_json(count(up_to(history, number)))["versions"]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(SEEDS, ROUNDS)
def test_a_version_is_the_flow_that_was_drawn_when_it_was_the_last(seed: int, n_rounds: int) -> None:
    history = make_history(seed, n_rounds=n_rounds)
    counted = count(history)
    previous: Flow | None = None

    for version in counted.versions:
        then = up_to(history, version.number)
        previous = counting.derive(
            then.records,
            then.duplicates,
            then.screening,
            reports=then.reports,
            studies=then.studies,
            sources=then.sources,
            previous=previous,
            amended=read(then),
        )
        assert fails(check(previous)) == []
        if previous.n("databases"):
            assert ledger.differences(counted, previous) == (version.number, [])


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(SEEDS, ROUNDS)
def test_what_an_earlier_version_awaits_is_its_own_and_makes_later_ones_drafts(
    seed: int, n_rounds: int
) -> None:
    counted = count(make_history(seed, n_rounds=n_rounds, finished=False))

    assert counted.failing == []
    waiting = [
        (version.number, each)
        for version in counted.versions
        for key in AWAITING
        for each in version.flow[key].ids
    ]
    assert len({each for _, each in waiting}) == len(waiting)
    begins = min((number for number, _ in waiting), default=n_rounds + 1)
    assert [version.state for version in counted.versions] == [
        "final" if version.number < begins else "draft" for version in counted.versions
    ]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(SEEDS, ROUNDS)
def test_an_update_asks_for_new_works_alone_and_what_was_decided_stays(seed: int, n_rounds: int) -> None:
    history = make_history(seed, n_rounds=n_rounds)
    rounds = dict(zip(history.records["record_id"], history.records["round"].map(int), strict=True))
    votes = tables.make(
        tables.VOTES,
        [
            {
                "record_id": row["record_id"],
                "reviewer": who,
                "stage": row["stage"],
                "decision": row["outcome"],
                "reason": "Wrong design" if row["outcome"] == "exclude" else "",
            }
            for row in tables.rows(history.screening)
            if rounds[row["record_id"]] < n_rounds
            for who in ("ana", "ben")
        ],
    )
    then = up_to(history, n_rounds - 1)

    before = settle(keep_one(then.records, then.duplicates), votes, duplicates=then.duplicates).screening
    now = settle(
        keep_one(history.records, history.duplicates), votes, duplicates=history.duplicates
    ).screening

    asked = now.loc[now["outcome"].isin(["pending", "conflict"]), "record_id"]
    again = set(history.duplicates["record_id"])
    assert {rounds[each] for each in asked} <= {n_rounds}
    assert not set(asked) & again
    decided = {tuple(row.values()) for row in tables.rows(before) if row["outcome"] in ("include", "exclude")}
    assert decided <= {tuple(row.values()) for row in tables.rows(now)}


BASE = {"record_id": "r1", "source": "MEDLINE", "source_kind": "database", "round": "1"}


def small(*changes: str, more: str = "") -> History:
    """Return a review of two rounds: r1 is of s1, r2 of s2, r3 is r1 again; changes as ``s1 2 retired``."""
    records = [BASE, {**BASE, "record_id": "r2", "round": "2"}, {**BASE, "record_id": "r3", "round": "2"}]
    names = ("study_id", "round", "change", "record_id")
    return History(
        records=tables.make(tables.RECORDS, records),
        duplicates=tables.make(
            tables.DUPLICATES, [{"record_id": "r3", "duplicate_of": "r1", "verdict": "duplicate"}]
        ),
        screening=tables.make(
            tables.SCREENING,
            [
                {"record_id": each, "stage": stage, "outcome": "include", "resolved_by": "votes"}
                for each in ("r1", "r2")
                for stage in ("title_abstract", "full_text")
            ],
        ),
        reports=tables.make(
            tables.REPORTS,
            [{"record_id": "r1", "study_id": "s1"}, {"record_id": "r2", "study_id": "s2"}]
            + ([{"record_id": "r2", "study_id": more}] if more else []),
        ),
        studies=tables.make(
            tables.STUDIES, [{"study_id": "s1", "label": "A"}, {"study_id": "s2", "label": "B"}]
        ),
        sources=tables.make(
            tables.SOURCES,
            [
                {
                    "file": f"{day}.ris",
                    "source": "MEDLINE",
                    "source_kind": "database",
                    "searched_on": day,
                    "round": number,
                }
                for number, day in (("", "2021-05-10"), ("2", "2024-02-01"), ("2", "2024-02-03"))
            ],
        ),
        changes=tables.make(
            tables.CHANGES,
            [{**dict(zip(names, each.split(), strict=False)), "reason": "Retracted"} for each in changes],
        ),
    )


def test_what_an_update_finds_again_is_told_apart_from_duplicates_within_it() -> None:
    _, update = count(small()).versions

    assert {key: box.n for key, box in update.counts.items() if box.n} == {
        "identified": 2,
        "found_before": 1,
        "screened": 1,
        "sought": 1,
        "assessed": 1,
        "previous_studies": 1,
        "studies": 1,
        "total_studies": 2,
        "previous_reports": 1,
        "reports": 1,
        "total_reports": 2,
    }
    assert update.days == ("2024-02-01", "2024-02-03")


def test_a_retired_study_leaves_the_totals_of_its_round_and_no_earlier_one() -> None:
    base, update = count(small("s1 2 retired")).versions

    assert (base.n("total_studies"), base.n("retired_studies")) == (1, None)
    assert update.counts["retired_studies"].ids == ("s1",)
    assert update.counts["retired_reports"].ids == ("r1",)
    assert (update.n("previous_studies"), update.n("studies"), update.n("total_studies")) == (1, 1, 1)
    assert update.counts["total_reports"].ids == ("r2",)


def test_a_report_that_tells_of_a_study_that_stays_stays() -> None:
    history = small("s1 2 retired", more="s1")

    _, update = count(history).versions

    assert update.counts["retired_reports"].ids == ("r1",)
    assert update.counts["total_reports"].ids == ("r2",)


def test_a_correction_changes_no_total_and_counts_in_its_own_version_alone() -> None:
    base, update = count(small("s1 1 corrected")).versions

    assert (base.counts["corrected_studies"].ids, update.n("corrected_studies")) == (("s1",), 0)
    assert update.n("total_studies") == 2


def test_one_flow_of_all_rounds_adds_up_without_the_retired() -> None:
    history = small("s1 2 retired")

    counted = counting.derive(
        history.records,
        history.duplicates,
        history.screening,
        reports=history.reports,
        studies=history.studies,
        amended=read(history),
    )

    assert fails(check(counted)) == []
    assert (counted.n("included"), counted.n("reports"), counted.n("studies")) == (2, 1, 1)
    assert counted["retired_reports"].ids == ("r1",)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("s9 2 retired", "study_id 's9' is in neither studies.csv nor reports.csv"),
        ("s1 3 retired", "round 3 is none of this review: sources.csv and records.csv have 1, 2"),
        ("s2 2 retired", "study 's2' is retired in round 2 and first included in round 2"),
        ("s2 1 corrected", "study 's2' is corrected in round 1, first included in 2"),
        ("s1 2 corrected r9", "record_id 'r9' is not in the records"),
        ("s1 2 corrected r2", "record_id 'r2' is no report of study 's1' in reports.csv"),
    ],
)
def test_a_change_that_cannot_be_is_told_with_its_row(change: str, said: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read(small("s1 1 corrected", change))

    assert str(caught.value).startswith(f"row 2: {said}")


def test_a_study_is_retired_once_and_not_corrected_after() -> None:
    history = small("s1 2 retired")
    third = tables.make(tables.SOURCES, [{"source": "MEDLINE", "source_kind": "database", "round": "3"}])
    history = replace(
        history, sources=tables.make(tables.SOURCES, [*tables.rows(history.sources), *tables.rows(third)])
    )
    again = [
        *tables.rows(history.changes),
        {"study_id": "s1", "round": "3", "change": "retired", "reason": "x"},
    ]
    later = [
        *tables.rows(history.changes),
        {"study_id": "s1", "round": "3", "change": "corrected", "reason": "x"},
    ]

    with pytest.raises(InputErrors, match="row 2: study 's1' is retired twice"):
        read(replace(history, changes=tables.make(tables.CHANGES, again)))
    with pytest.raises(
        InputErrors, match="row 2: study 's1' is corrected in round 3, and was retired in round 2"
    ):
        read(replace(history, changes=tables.make(tables.CHANGES, later)))


def test_an_update_of_a_version_whose_studies_nobody_named_is_refused() -> None:
    history = small()

    with pytest.raises(InputError, match=r"reports\.csv lists no report of round 1, which includes 1"):
        ledger.count_versions(history.records, history.duplicates, history.screening, sources=history.sources)


def test_a_version_that_was_recorded_otherwise_is_named_by_record() -> None:
    history = small()
    recorded = count(history).versions[0].flow
    screening = history.screening.assign(outcome=["include", "exclude", "include", "include"])
    now = count(replace(history, screening=screening, reports=history.reports[1:].reset_index(drop=True)))

    number, said = ledger.differences(now, recorded)

    assert number == 1
    assert "reports_excluded: 0 then, 1 now; + r1" in said
    assert "r1: included then, reports_excluded now" in said


def test_a_flow_of_other_records_is_no_version() -> None:
    with pytest.raises(InputError, match="lists no record of this review"):
        ledger.differences(count(small()), Flow({}))
