"""How firm each count is: compared with every way in which a small review may be completed."""

import random
from dataclasses import replace
from itertools import combinations, pairwise, product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerreview import tables
from peerreview.duplicates.keeping import in_order_kept
from peerreview.flow import Cause, Interval, firmness
from peerreview.flow.amended import Amended, Change
from peerreview.flow.counting import derive
from peerreview.flow.firmness import find_intervals
from tests.reviews import Review, make_review

BEFORE, TITLE, RETRIEVAL, FULL = tables.STAGES
LEFT = ("database", "register")
ENDS = ("excluded", "not retrieved", "report excluded", "included")


def loosened(seed: int) -> Review:
    """Return a small review with open pairs, open decisions, single votes and a tool's decisions."""
    chance = random.Random(seed)  # noqa: S311  made up, not secret
    review = make_review(seed, finished=chance.random() < 0.5, n_records=7)
    rows = tables.rows(review.screening)
    for row in rows:
        row["reviewers"] = chance.choice(("a; b", "a; b", "a"))
        if row["outcome"] == "pending":
            row["reviewers"] = chance.choice(("", "a"))
    records = review.records.assign(round="1")
    ids = records["record_id"].tolist()
    pairs = tables.rows(review.duplicates)
    for one, other in chance.sample(list(combinations(ids, 2)), k=min(2, len(ids) // 2)):
        pairs.append({"record_id": other, "duplicate_of": one, "verdict": "possible"})
    return Review(
        records,
        tables.make(tables.DUPLICATES, pairs),
        tables.make(tables.SCREENING, rows),
        review.reports,
        review.studies,
    )


def ways(rows: dict[str, dict[str, str]], *, is_left: bool) -> set[str]:
    """Return the ways in which a record may end, told by hand from its rows."""
    found: set[str] = set()
    ends_at = None
    for stage in (BEFORE, TITLE, RETRIEVAL, FULL):
        row = rows.get(stage)
        if row is None:
            if (stage == TITLE and is_left) or stage == FULL:
                # Nobody has said anything at a stage that it has to pass.
                return found | set(ENDS[0 if stage == TITLE else 1 :])
            continue
        is_tool = row["resolved_by"] == "automation"
        is_loose = is_tool or (row["reviewers"] == "a" and stage in (TITLE, FULL))
        if row["outcome"] in ("pending", "conflict"):
            if stage == FULL and not row["reviewers"] and row["outcome"] == "pending":
                return found | set(ENDS[1:])
            return found | set(ENDS[{TITLE: 0, RETRIEVAL: 1, FULL: 2}[stage] :])
        if row["outcome"] == "include" and stage != FULL:
            found |= {"excluded"} if is_loose and stage == TITLE else set()
            continue
        ends_at = {
            (BEFORE, "exclude"): "automated" if is_tool else "set aside",
            (TITLE, "exclude"): "excluded by a tool" if is_tool else "excluded",
            (FULL, "exclude"): "report excluded",
            (FULL, "include"): "included",
        }.get((stage, row["outcome"]), "not retrieved")
        found.add(ends_at)
        if is_loose:
            first = {BEFORE: 0 if is_left else 1, TITLE: 0, RETRIEVAL: 1, FULL: 2}[stage]
            found |= set(ENDS[first:])
        return found
    raise AssertionError(rows)


def rows_of(end: str, *, is_left: bool) -> list[tuple[str, str, str]]:
    """Return what screening says of a record that ended so: stage, outcome and by whom."""
    passed = [(TITLE, "include", "votes")] if is_left else []
    return {
        "automated": [(BEFORE, "exclude", "automation")],
        "set aside": [(BEFORE, "exclude", "votes")],
        "excluded": [(TITLE, "exclude", "votes")],
        "excluded by a tool": [(TITLE, "exclude", "automation")],
        "not retrieved": [*passed, (RETRIEVAL, "not_retrieved", "votes")],
        "report excluded": [*passed, (FULL, "exclude", "votes")],
        "included": [*passed, (FULL, "include", "votes")],
    }[end]


def completions(review: Review) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Return every way to judge the open pairs and to decide what is loose: duplicates and screening."""
    kinds = dict(zip(review.records["record_id"], review.records["source_kind"], strict=True))
    removed = review.duplicates[review.duplicates["verdict"] == "duplicate"]
    first = {each: each for each in kinds} | dict(
        zip(removed["record_id"], removed["duplicate_of"], strict=True)
    )
    said: dict[str, dict[str, dict[str, str]]] = {each: {} for each in first.values()}
    for row in tables.rows(review.screening):
        said[row["record_id"]][row["stage"]] = row
    possible = review.duplicates[review.duplicates["verdict"] == "possible"]
    pairs = list(zip(possible["record_id"], possible["duplicate_of"], strict=True))
    found = []
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            now = dict(first)
            for one, other in chosen:
                now = {each: now[one] if at == now[other] else at for each, at in now.items()}
            groups: dict[str, list[str]] = {}
            for each, at in now.items():
                groups.setdefault(at, []).append(each)
            options = []
            for members in groups.values():
                is_left = any(kinds[each] in LEFT for each in members)
                each_way = set()
                for head in {first[each] for each in members}:
                    within = [each for each in members if first[each] == head]
                    each_way |= ways(said[head], is_left=any(kinds[each] in LEFT for each in within))
                kept = min(members, key=lambda each: (kinds[each] not in LEFT, each))
                options.append([(kept, members, is_left, end) for end in sorted(each_way)])
            if size == 0 and _many(options) > 150:
                pytest.skip("too many ways")
            for way in product(*options):
                gone = [
                    {"record_id": each, "duplicate_of": kept, "verdict": "duplicate"}
                    for kept, members, _, _ in way
                    for each in members
                    if each != kept
                ]
                rows = [
                    {"record_id": kept, "stage": stage, "outcome": outcome, "resolved_by": by}
                    for kept, _, is_left, end in way
                    for stage, outcome, by in rows_of(end, is_left=is_left)
                ]
                found.append((tables.make(tables.DUPLICATES, gone), tables.make(tables.SCREENING, rows)))
    return found


def _many(options: list[list[tuple[str, list[str], bool, str]]]) -> int:
    n = 1
    for each in options:
        n *= len(each)
    return n


def intervals_of(review: Review) -> dict[str, Interval]:
    flow = derive(review.records, review.duplicates, review.screening)
    return find_intervals(flow, review.records, review.duplicates, review.screening)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 8])  # 7 and 9 take longest
def test_each_interval_is_what_all_completions_of_a_review_give(seed: int) -> None:
    review = loosened(seed)
    found = intervals_of(review)
    counted = [derive(review.records, *way) for way in completions(review)]

    for key, interval in found.items():
        if key in ("reports", "studies"):
            continue
        each = [flow.n(key) or 0 for flow in counted]
        if key == "excluded_human":
            # Where no tool excluded any, the template has no line of its own.
            each = [n if (n := flow.n(key)) is not None else flow.n("excluded") or 0 for flow in counted]
        assert (interval.least, interval.most) == (min(each), max(each)), key


@pytest.mark.parametrize("seed", range(10))
def test_each_count_lies_in_its_interval_unless_something_waits(seed: int) -> None:
    review = loosened(seed)
    flow = derive(review.records, review.duplicates, review.screening)
    for key, each in intervals_of(review).items():
        if not flow.n_awaiting:
            assert each.least <= (flow.n(key) or 0) <= each.most, key
        for low, high in each.by.values():
            assert each.least <= low <= high <= each.most or flow.n_awaiting, key


def table_of(**outcomes: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    records = [
        {"record_id": each, "source": "MEDLINE", "source_kind": "database", "round": "1"} for each in outcomes
    ]
    rows = []
    for each, said in outcomes.items():
        for word in said.split("; "):
            stage, outcome, reviewers, by = word.split("/")
            rows.append(
                {
                    "record_id": each,
                    "stage": stage,
                    "outcome": outcome,
                    "reviewers": reviewers.replace("+", "; "),
                    "resolved_by": by,
                }
            )
    none = tables.empty(tables.DUPLICATES)
    return tables.make(tables.RECORDS, records), none, tables.make(tables.SCREENING, rows)


def test_a_finished_review_by_two_people_is_firm() -> None:
    records, pairs, screening = table_of(
        r1="title_abstract/exclude/a+b/votes",
        r2="title_abstract/include/a+b/votes; full_text/include/a+b/votes",
    )
    found = find_intervals(derive(records, pairs, screening), records, pairs, screening)

    assert {key: (each.least, each.most) for key, each in found.items() if each.by} == {}
    assert (found["included"].least, found["included"].most) == (1, 1)


def test_one_vote_and_a_tool_leave_a_number_open_and_say_why() -> None:
    records, pairs, screening = table_of(
        r1="title_abstract/exclude/a/votes",
        r2="title_abstract/exclude/robot/automation",
        r3="title_abstract/exclude/a+b/votes",
    )
    found = find_intervals(derive(records, pairs, screening), records, pairs, screening)

    assert found["excluded"] == Interval(1, 3, {Cause.ONE_VOTE: (2, 3), Cause.AUTOMATION: (2, 3)})
    assert found["included"] == Interval(0, 2, {Cause.ONE_VOTE: (0, 1), Cause.AUTOMATION: (0, 1)})
    assert found["databases"] == Interval(3, 3)


def test_studies_are_at_least_those_with_a_report_that_stays() -> None:
    records, pairs, screening = table_of(
        r1="title_abstract/include/a+b/votes; full_text/include/a+b/votes",
        r2="title_abstract/include/a+b/votes; full_text/include/a/votes",
        r3="title_abstract/include/a+b/votes; full_text/pending/a/",
    )
    reports = tables.make(
        tables.REPORTS, [{"record_id": "r1", "study_id": "s1"}, {"record_id": "r2", "study_id": "s2"}]
    )
    flow = derive(records, pairs, screening, reports=reports)

    found = find_intervals(flow, records, pairs, screening)["studies"]

    assert (found.least, found.most) == (1, 3)


def test_of_records_of_other_methods_the_one_that_dedupe_keeps_may_be_of_any_of_them() -> None:
    found_by = {"a1": "citation_searching", "w1": "website"}
    records = tables.make(
        tables.RECORDS,
        [
            {"record_id": each, "source": kind, "source_kind": kind, "round": "1"}
            for each, kind in found_by.items()
        ],
    )
    pair = {"record_id": "w1", "duplicate_of": "a1", "verdict": "possible"}
    pairs, screening = tables.make(tables.DUPLICATES, [pair]), tables.empty(tables.SCREENING)
    assert in_order_kept(records)["record_id"].tolist() == ["a1", "w1"]

    found = find_intervals(derive(records, pairs, screening), records, pairs, screening)

    assert (found["citation_searching"].least, found["citation_searching"].most) == (1, 1)
    assert (found["websites"].least, found["websites"].most) == (0, 1)


def found_later(*, voted: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return a website's report, included, and what may be the same, found by a database in a later round."""
    kinds = {"b1": ("database", "2"), "w1": ("website", "1")}
    records = [
        {"record_id": each, "source": kind, "source_kind": kind, "round": number}
        for each, (kind, number) in kinds.items()
    ]
    pair = {"record_id": "b1", "duplicate_of": "w1", "verdict": "possible"}
    rows = [
        {"record_id": "b1", "stage": TITLE, "outcome": "pending", "reviewers": voted},
        {"record_id": "w1", "stage": FULL, "outcome": "include", "reviewers": "a; b", "resolved_by": "votes"},
    ]
    return (
        tables.make(tables.RECORDS, records),
        tables.make(tables.DUPLICATES, [pair]),
        tables.make(tables.SCREENING, rows),
    )


def test_what_was_judged_as_another_methods_stays_where_a_database_finds_it_later() -> None:
    unread, voted = found_later(voted=""), found_later(voted="a")

    found = find_intervals(derive(*unread), *unread)
    by_votes = find_intervals(derive(*voted), *voted)

    # Nobody has read the database's record: it would be a duplicate in the right column.
    assert (found["duplicates"].by[Cause.DUPLICATES], found["screened"].least) == ((0, 1), 0)
    assert found["websites"].least == 0
    assert by_votes["duplicates"] == Interval(0, 0)
    assert (by_votes["screened"].least, by_votes["websites"].least) == (1, 0)


def test_reports_of_a_retired_study_are_in_no_interval_of_those_that_stay() -> None:
    settled = "title_abstract/include/a+b/votes; full_text/include/a+b/votes"
    records, pairs, screening = table_of(r1=settled, r2=settled)
    reports = tables.make(
        tables.REPORTS, [{"record_id": "r1", "study_id": "s1"}, {"record_id": "r2", "study_id": "s2"}]
    )
    amended = Amended((Change("s1", 2, "retired", "Retracted"),), current=2)
    flow = derive(records, pairs, screening, reports=reports, amended=amended)

    found = find_intervals(flow, records, pairs, screening)

    assert (flow.n("included"), flow.n("reports"), flow.n("studies")) == (2, 1, 1)
    assert (found["reports"], found["studies"]) == (Interval(1, 1), Interval(1, 1))


def test_an_open_report_may_turn_out_to_be_of_a_retired_study() -> None:
    settled = "title_abstract/include/a+b/votes; full_text/include/a+b/votes"
    records, pairs, screening = table_of(
        r1=settled, r2=settled.replace("full_text/include/a+b", "full_text/include/a"), r3=settled
    )
    reports = tables.make(tables.REPORTS, [{"record_id": "r1", "study_id": "s1"}])
    amended = Amended((Change("s1", 2, "retired", "Retracted"),), current=2)
    flow = derive(records, pairs, screening, reports=reports, amended=amended)

    found = find_intervals(flow, records, pairs, screening)

    assert (found["reports"].least, found["reports"].most) == (0, 2)
    assert (found["studies"].least, found["studies"].most) == (0, 2)


def test_many_pairs_that_hang_together_are_bounded_and_quick() -> None:
    ids = [f"r{number:02}" for number in range(40)]
    records, _, screening = table_of(**dict.fromkeys(ids, "title_abstract/exclude/a+b/votes"))
    pairs = tables.make(
        tables.DUPLICATES,
        [{"record_id": other, "duplicate_of": one, "verdict": "possible"} for one, other in pairwise(ids)],
    )
    found = find_intervals(derive(records, pairs, screening), records, pairs, screening)

    assert (found["screened"].least, found["screened"].most) == (1, 40)
    assert (found["duplicates"].least, found["duplicates"].most) == (0, 39)


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 6, 8])
def test_where_not_all_ways_are_tried_no_way_passes_the_bounds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = loosened(seed)
    exact = intervals_of(review)
    monkeypatch.setattr(firmness, "_MOST_PAIRS", -1)
    bounds = intervals_of(review)

    for key, interval in exact.items():
        assert bounds[key].least == interval.least, key
        assert bounds[key].most >= interval.most, key


@pytest.mark.slow
@given(st.data())
def test_of_records_in_any_columns_that_hang_together_the_bounds_are_never_passed(
    data: st.DataObject,
) -> None:
    """A record of another method that is one of a database's is screened as that."""
    names = sorted({*firmness._BOXES_LEFT["included"], *_RIGHT_BOXES, "duplicates", "found_again"})
    answers = st.frozensets(st.booleans(), min_size=1)
    drawn = [
        data.draw(
            st.one_of(
                st.none() if number else st.nothing(),
                st.builds(
                    firmness._Unit,
                    id=st.just(f"r{number}"),
                    is_left=st.booleans(),
                    order=st.tuples(st.integers(1, 2), st.booleans(), st.just(f"r{number}")),
                    box=st.sampled_from(("citation_searching", "websites")),
                    ends=st.frozensets(
                        st.sampled_from(("excluded", "not retrieved", "report excluded", "included")),
                        min_size=1,
                        max_size=2,
                    ),
                    stays=answers,
                    voted=answers,
                ),
            )
        )
        for number in range(data.draw(st.integers(2, 5)))
    ]
    units = [
        each if each is None or not each.is_left else replace(each, stays=frozenset({False}))
        for each in drawn
    ]
    is_exact = all(each is None or True not in each.stays for each in units)
    edges = [(place, place + 1) for place in range(len(units) - 1)]

    exact = firmness._of_component(units, edges, names)
    bounds = _bounded(units, edges, names)

    for key in names:
        assert bounds[0][key] <= exact[0][key], key
        assert bounds[0][key] == exact[0][key] or not is_exact, key
        assert bounds[1][key] >= exact[1][key], key


_RIGHT_BOXES = (
    *firmness._BOXES_RIGHT["included"],
    "citation_searching",
    "websites",
    "excluded",
    "not_retrieved",
)


def _bounded(
    units: list[firmness._Unit | None], edges: list[tuple[int, int]], keys: list[str]
) -> tuple[dict[str, int], dict[str, int]]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(firmness, "_MOST_PAIRS", -1)
        return firmness._of_component(units, edges, keys)
