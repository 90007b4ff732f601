"""Counts of a flow come from the tables alone, and each record ends in one box."""

from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.flow import TERMINAL, Box, Flow, counting
from peerreview.flow.identities import check, fails
from peerreview.tables import SYNTHETIC_NOTE
from tests.builders import make, make_records
from tests.reviews import Review, make_review

KINDS = {
    "d": ("MEDLINE", "database"),
    "g": ("CENTRAL", "register"),
    "c": ("Reference lists", "citation_searching"),
    "w": ("NICE", "website"),
}


def records_of(ids: str, rounds: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return records like ``d1 d2 c1``: the letter says the kind of source."""
    listed = ids.split()
    return make_records(
        record_id=listed,
        source=[KINDS[each[0]][0] for each in listed],
        source_kind=[KINDS[each[0]][1] for each in listed],
        round=[(rounds or {}).get(each, "1") for each in listed],
    )


def pairs(said: str = "") -> pd.DataFrame:
    """Return duplicates from ``removed>kept``."""
    rows = [each.split(">") for each in said.split()]
    return tables.make(
        tables.DUPLICATES,
        [{"record_id": gone, "duplicate_of": kept, "verdict": "duplicate"} for gone, kept in rows],
    )


def outcomes(*rows: str) -> pd.DataFrame:
    """Return outcomes from ``record stage outcome resolved_by reason``."""
    names = ("record_id", "stage", "outcome", "resolved_by", "reason")
    return tables.make(
        tables.SCREENING, [dict(zip(names, row.split(maxsplit=4), strict=False)) for row in rows]
    )


def derive(review: Review) -> Flow:
    return counting.derive(
        review.records, review.duplicates, review.screening, reports=review.reports, studies=review.studies
    )


def counts(counted: Flow) -> dict[str, int]:
    return {key: box.n for key, box in counted.boxes.items() if box.n}


def test_what_other_methods_found_again_is_not_counted_in_either_column() -> None:
    counted = counting.derive(records_of("d1 d2 c1 c2"), pairs("d2>d1 c1>d1"), outcomes())

    assert counts(counted) == {
        "databases": 2,
        "duplicates": 1,
        "awaiting_screening": 1,
        "citation_searching": 1,
        "found_again": 1,
        "other_sought": 1,
        "other_awaiting_assessment": 1,
    }


def test_what_was_found_again_for_an_earlier_version_is_not_found_again_in_an_update() -> None:
    first = counting.derive(records_of("d1 c1"), pairs("c1>d1"), outcomes())
    rounds = {"d2": "2", "c2": "2"}

    update = counting.derive(
        records_of("d1 c1 d2 c2", rounds),
        pairs("c1>d1 c2>d2"),
        outcomes("d1 title_abstract exclude votes", "d2 title_abstract exclude votes"),
        previous=Flow({**first.boxes, "awaiting_screening": Box(0), "studies": Box(0)}),
    )

    assert first["found_again"].ids == ("c1",)
    assert update["found_again"].ids == ("c2",)


def test_what_was_judged_as_another_methods_stays_so_when_a_later_search_finds_it() -> None:
    counted = counting.derive(
        records_of("c1 d1", {"d1": "2"}), pairs("d1>c1"), outcomes("c1 full_text exclude votes Wrong design")
    )

    assert counts(counted) == {
        "databases": 1,
        "duplicates": 1,
        "citation_searching": 1,
        "other_sought": 1,
        "other_assessed": 1,
        "other_reports_excluded": 1,
    }
    assert fails(check(counted)) == []


def test_an_earlier_versions_report_is_the_record_that_it_was_when_a_database_finds_it_later() -> None:
    said = outcomes("c1 full_text include votes")
    links = tables.make(tables.REPORTS, [{"record_id": "c1", "study_id": "s1"}])
    first = counting.derive(records_of("c1"), pairs(), said, reports=links)

    update = counting.derive(
        records_of("c1 d1", {"d1": "2"}), pairs("d1>c1"), said, reports=links, previous=first
    )

    assert ("c1",) == first["reports"].ids == update["total_reports"].ids


def test_a_cluster_kept_by_another_method_is_left_by_its_database_record() -> None:
    counted = counting.derive(
        records_of("c1 d1 g1", {"d1": "2", "g1": "2"}),
        pairs("d1>c1 g1>c1"),
        outcomes("c1 title_abstract exclude votes"),
    )

    assert counted["duplicates"].ids == ("g1",)
    assert ("d1",) == counted["screened"].ids == counted["excluded"].ids
    assert counted["found_again"].ids == ("c1",)


def test_records_of_other_methods_skip_title_and_abstract() -> None:
    counted = counting.derive(
        records_of("c1 w1"), pairs(), outcomes("c1 full_text exclude votes Wrong design")
    )

    assert counted.n("screened") == 0
    assert counted["other_sought"].ids == ("c1", "w1")
    assert [(part.label, part.n) for part in counted["other_reports_excluded"].parts] == [("Wrong design", 1)]
    assert counted["other_awaiting_assessment"].ids == ("w1",)


def test_automation_and_other_reasons_are_apart_before_screening() -> None:
    counted = counting.derive(
        records_of("d1 d2 d3"),
        pairs(),
        outcomes(
            "d1 before_screening exclude automation",
            "d2 before_screening exclude votes",
            "d3 title_abstract exclude automation",
        ),
    )

    assert counted["automation"].ids == ("d1",)
    assert counted["other_reasons"].ids == ("d2",)
    assert (counted.n("excluded_human"), counted.n("excluded_automation")) == (0, 1)


def test_a_source_that_found_nothing_is_a_zero() -> None:
    sources = make(
        tables.SOURCES,
        file=["a.ris", "b.ris"],
        source=["MEDLINE", "Embase"],
        source_kind=["database"] * 2,
        records=["3", "0"],
        round=["1"] * 2,
    )

    counted = counting.derive(records_of("d1 d2"), pairs(), outcomes(), sources=sources)

    assert [(part.label, part.n) for part in counted["databases"].parts] == [("MEDLINE", 2), ("Embase", 0)]
    assert "MEDLINE: sources.csv says 3 records, records.csv has 2" in counted.remarks


def test_an_update_misses_no_record_of_the_first_round() -> None:
    sources = make(
        tables.SOURCES,
        file=["a", "b"],
        source=["MEDLINE"] * 2,
        source_kind=["database"] * 2,
        records=["1", "2"],
        round=["1", "2"],
    )
    first = Flow({"databases": Box(1, ("d1",)), "studies": Box(1)})
    records = records_of("d1 d2 d3", {"d2": "2", "d3": "2"})

    counted = counting.derive(records, pairs(), outcomes(), sources=sources, previous=first)

    assert counted["databases"].n == 2
    assert not [remark for remark in counted.remarks if "sources.csv says" in remark]


def test_an_update_has_a_zero_for_its_own_searches_alone() -> None:
    sources = make(
        tables.SOURCES,
        file=list("abcde"),
        source=["MEDLINE", "Embase", "Reference lists", "MEDLINE", "Scopus"],
        source_kind=["database", "database", "citation_searching", "database", "database"],
        round=["", "1", "1", "2", "2"],
    )
    first = counting.derive(records_of("d1"), pairs(), outcomes("d1 title_abstract exclude"), sources=sources)
    first = first.with_counts(studies=0)

    second = counting.derive(
        records_of("d1 d2", {"d2": "2"}), pairs(), outcomes(), sources=sources, previous=first
    )

    assert [(part.label, part.n) for part in second["databases"].parts] == [("MEDLINE", 1), ("Scopus", 0)]
    assert not second.has_other_methods


def test_without_other_methods_the_right_column_is_blank_not_zero() -> None:
    counted = counting.derive(records_of("d1"), pairs(), outcomes())

    assert not counted.has_other_methods
    assert counted.n("websites") is None


def test_what_nobody_searched_is_blank_and_what_found_nothing_is_a_zero() -> None:
    searched = make(
        tables.SOURCES,
        file=["a", "b", "c"],
        source=["MEDLINE", "CENTRAL", "Hand search"],
        source_kind=["database", "register", "hand_searching"],
        round=["1"] * 3,
    )

    alone = counting.derive(records_of("d1"), pairs(), outcomes())
    with_others = counting.derive(records_of("d1"), pairs(), outcomes(), sources=searched)

    assert (alone.n("databases"), alone.n("registers"), alone.n("automation")) == (1, None, None)
    assert (with_others.n("registers"), with_others.n("hand_searching")) == (0, 0)
    assert [with_others.n(key) for key in ("websites", "organisations", "citation_searching")] == [None] * 3


def test_zeros_of_what_was_not_searched_are_shown_if_wanted() -> None:
    keys = ("registers", "automation", "websites", "organisations", "citation_searching", "hand_searching")

    counted = counting.derive(records_of("d1 w1"), pairs(), outcomes(), show_zero=True)

    assert [counted.n(key) for key in keys] == [0, 0, 1, 0, 0, None]


def test_a_review_of_registers_alone_has_no_databases_and_adds_up() -> None:
    counted = counting.derive(records_of("g1"), pairs(), outcomes("g1 title_abstract exclude votes"))

    assert (counted.n("databases"), counted.n("registers")) == (None, 1)
    assert [each.status for each in check(counted) if each.id == "D1"] == ["holds"]


def test_other_sources_are_counted_by_their_names() -> None:
    records = make_records(
        record_id=["o1", "o2", "o3"],
        source=["Radio", "A colleague", "Radio"],
        source_kind=["other"] * 3,
    )

    counted = counting.derive(records, pairs(), outcomes())

    assert [(part.label, part.n) for part in counted["other_sources"].parts] == [
        ("A colleague", 1),
        ("Radio", 2),
    ]


def test_reports_follow_the_record_kept_and_studies_are_counted_apart() -> None:
    counted = counting.derive(
        records_of("d1 d2 d3"),
        pairs("d2>d1"),
        outcomes(
            "d1 title_abstract include",
            "d3 title_abstract include",
            "d1 full_text include",
            "d3 full_text include",
        ),
        reports=make(tables.REPORTS, record_id=["d2", "d3"], study_id=["s1", "s1"]),
        studies=make(tables.STUDIES, study_id=["s1"], label=["Ade 2001"]),
    )

    assert (counted.n("reports"), counted.n("studies")) == (2, 1)
    assert counted["reports"].ids == ("d1", "d3")
    assert counted.reports_of == {"s1": ("d1", "d3")}
    assert fails(check(counted)) == []


def test_without_reports_studies_are_blank_and_said_to_be() -> None:
    counted = counting.derive(
        records_of("d1"), pairs(), outcomes("d1 title_abstract include", "d1 full_text include")
    )

    assert counted.n("studies") is None
    assert any("no reports.csv" in said for said in counted.remarks)


def test_a_review_that_includes_nothing_has_no_study_and_says_so() -> None:
    excluded = outcomes("d1 title_abstract include", "d1 full_text exclude", "d2 title_abstract exclude")
    found = counting.derive(records_of("d1 d2"), pairs(), excluded)
    still_open = counting.derive(records_of("d1 d2 d3"), pairs(), excluded)

    assert (found.n("studies"), found.n("reports"), found.remarks) == (0, 0, ())
    assert fails(check(found)) == []
    assert still_open.n("studies") is None


def test_a_table_of_reports_without_a_report_is_not_told_as_missing() -> None:
    counted = counting.derive(
        records_of("d1"),
        pairs(),
        outcomes("d1 title_abstract include", "d1 full_text include"),
        reports=tables.empty(tables.REPORTS),
    )

    assert counted.n("studies") is None
    assert counted.remarks == (
        "reports.csv lists no report: studies and reports are blank, I1 and I2 cannot be checked",
    )


def test_an_update_counts_what_is_new_and_takes_the_rest_from_the_last_version() -> None:
    first = counting.derive(
        records_of("d1 d2"),
        pairs(),
        outcomes("d1 title_abstract include", "d2 title_abstract exclude", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
    )

    second = counting.derive(
        records_of("d1 d2 d3 d4 d5", {"d3": "2", "d4": "2", "d5": "2"}),
        pairs("d3>d1"),
        outcomes(
            "d1 title_abstract include",
            "d2 title_abstract exclude",
            "d1 full_text include",
            "d4 title_abstract include",
            "d4 full_text include",
            "d5 title_abstract include",
            "d5 full_text include",
        ),
        reports=make(tables.REPORTS, record_id=["d1", "d4", "d5"], study_id=["s1", "s2", "s1"]),
        previous=first,
    )

    expected = {
        "previous_studies": 1,
        "previous_reports": 1,
        "databases": 3,
        "duplicates": 1,
        "screened": 2,
        "studies": 1,
        "reports": 1,
        "reports_of_previous": 1,
        "total_studies": 2,
        "total_reports": 3,
    }
    assert expected == {key: second.n(key) for key in expected}
    assert fails(check(second)) == []


def test_an_unfinished_version_cannot_be_updated() -> None:
    first = counting.derive(records_of("d1"), pairs(), outcomes())

    with pytest.raises(InputError, match="1 await a decision"):
        counting.derive(records_of("d1 d2"), pairs(), outcomes(), previous=first)


def test_an_earlier_version_counted_elsewhere_gives_its_numbers() -> None:
    typed = Flow({"studies": Box(10), "reports": Box(12)})

    counted = counting.derive(
        records_of("d1"),
        pairs(),
        outcomes("d1 title_abstract include", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
        previous=typed,
    )

    assert (counted.n("previous_studies"), counted.n("total_studies")) == (10, 11)
    assert (counted.n("previous_reports"), counted.n("total_reports")) == (12, 13)
    assert fails(check(counted)) == []


def test_studies_of_a_meta_analysis_are_counted_where_studies_say_so() -> None:
    counted = counting.derive(
        records_of("d1 d2"),
        pairs(),
        outcomes(
            *(f"{each} {said} include" for each in ("d1", "d2") for said in ("title_abstract", "full_text"))
        ),
        reports=make(tables.REPORTS, record_id=["d1", "d2"], study_id=["s1", "s2"]),
        studies=make(tables.STUDIES, study_id=["s1", "s2"], label=["A", "B"], meta_analysis=["Yes", ""]),
    )

    assert (counted["studies_ma"].ids, counted["reports_ma"].ids) == (("s1",), ("d1",))


def test_studies_and_reports_that_are_not_linked_yet_are_unfinished() -> None:
    counted = counting.derive(
        records_of("d1 d2"),
        pairs(),
        outcomes(
            *(f"{each} {said} include" for each in ("d1", "d2") for said in ("title_abstract", "full_text"))
        ),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
        studies=make(tables.STUDIES, study_id=["s2"], label=["B"]),
    )

    assert fails(check(counted)) == []
    assert counted["awaiting_study"].ids == ("d2",)
    assert counted.still_open == (
        "1 included and not in reports.csv yet: d2",
        "no report in reports.csv of study s2",
        "not in studies.csv: study s1",
    )


def test_a_report_linked_before_it_is_decided_on_waits_for_that() -> None:
    counted = counting.derive(
        records_of("d1 d2"),
        pairs(),
        outcomes("d1 title_abstract include", "d2 title_abstract include", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d1", "d2"], study_id=["s1", "s2"]),
        studies=make(tables.STUDIES, study_id=["s1", "s2"], label=["A", "B"]),
    )

    assert (counted.n("studies"), counted.n("reports"), counted.n("awaiting_assessment")) == (1, 1, 1)
    assert fails(check(counted)) == []
    assert counted.still_open == ("1 await a decision",)


def test_a_search_whose_records_are_not_there_is_unfinished() -> None:
    sources = make(
        tables.SOURCES,
        file=["exports/a.ris", "exports/b.ris", "exports/c.ris"],
        source=["MEDLINE"] * 2 + ["Embase"],
        source_kind=["database"] * 3,
        records=["1", "2", "0"],
    )
    records = records_of("d1").assign(source_file="a.ris")

    counted = counting.derive(records, pairs(), outcomes(), sources=sources)

    assert counted.unfinished == (("records_missing", "MEDLINE (exports/b.ris, 2)"),)
    assert [each.id for each in fails(check(counted), "unfinished")] == ["P1"]


def test_an_update_without_its_reports_still_is_one() -> None:
    counted = counting.derive(records_of("d1"), pairs(), outcomes(), previous=Flow({"studies": Box(10)}))

    assert counted.is_updated
    assert counted.n("total_studies") is None


def test_a_version_without_studies_cannot_be_updated() -> None:
    with pytest.raises(InputError, match="no count of studies"):
        counting.derive(records_of("d1"), pairs(), outcomes(), previous=Flow({"databases": Box(10)}))


def test_reports_that_screening_and_reports_csv_see_differently_are_named() -> None:
    counted = counting.derive(
        records_of("d1 d2"),
        pairs(),
        outcomes("d1 title_abstract include", "d2 title_abstract exclude", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d2"], study_id=["s1"]),
    )

    (verdict,) = fails(check(counted))

    assert verdict.id == "I1"
    assert "in reports.csv and not included: d2" in verdict.why
    assert verdict.records == ("d2",)
    assert counted["awaiting_study"].ids == ("d1",)


def test_a_number_that_rests_on_synthetic_rows_is_marked_and_explained() -> None:
    included = outcomes("d1 title_abstract include", "d1 full_text include")
    reports = make(tables.REPORTS, record_id=["d2"], study_id=["s1"], basis=["text; synthetic"])

    counted = counting.derive(records_of("d1 d2"), pairs("d2>d1"), included, reports=reports)
    real = counting.derive(
        records_of("d1 d2"), pairs("d2>d1"), included, reports=reports.assign(basis="text")
    )

    assert [key for key, box in counted.boxes.items() if box.basis] == ["reports"]
    assert counted.notes == (SYNTHETIC_NOTE,)
    assert real.notes == ()


def test_what_a_synthetic_source_found_stays_synthetic_in_every_box() -> None:
    sources = make(
        tables.SOURCES,
        file=["a", "b"],
        source=["MEDLINE", "CENTRAL"],
        source_kind=["database", "register"],
        basis=["synthetic", ""],
    )

    counted = counting.derive(
        records_of("d1 g1"),
        pairs(),
        outcomes("d1 title_abstract include", "g1 title_abstract exclude", "d1 full_text exclude"),
        sources=sources,
    )

    marked = [key for key, box in counted.boxes.items() if box.basis == "synthetic"]
    assert marked == ["databases", "screened", "sought", "assessed", "reports_excluded"]
    assert [part.basis for part in counted["reports_excluded"].parts] == ["synthetic"]


@pytest.mark.parametrize(
    ("duplicates", "screening", "said"),
    [
        ("d9>d1", "", "'d9' is not in the records"),
        ("d2>d9", "", "'d9' is not in the records"),
        ("d2>d1 d2>d3", "", "'d2' is removed twice"),
        ("d2>d1 d1>d3", "", "'d1' was itself removed"),
        ("d2>d1", "d2 title_abstract exclude", "'d2' was removed as a duplicate"),
        ("", "d9 title_abstract exclude", "'d9' is not in the records"),
        ("", "d1 retrieval exclude", "outcome 'exclude' at stage retrieval: expected include, not_retrieved"),
        ("", "d1 title_abstract not_retrieved", "outcome 'not_retrieved' at stage title_abstract"),
    ],
)
def test_a_row_about_a_record_that_is_not_there_is_an_error(
    duplicates: str, screening: str, said: str
) -> None:
    with pytest.raises(InputErrors, match=said):
        counting.derive(
            records_of("d1 d2 d3"), pairs(duplicates), outcomes(*[screening] if screening else [])
        )


def test_a_report_may_tell_of_several_studies() -> None:
    counted = counting.derive(
        records_of("d1 d2"),
        pairs("d2>d1"),
        outcomes("d1 title_abstract include", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d1", "d2", "d2"], study_id=["s1", "s2", "s1"]),
    )

    assert (counted.n("studies"), counted.n("reports")) == (2, 1)
    assert counted.shared_reports == {"d1": ("s1", "s2")}
    assert fails(check(counted)) + fails(check(counted), "warning") == []


def test_the_total_of_reports_is_blank_where_the_earlier_ones_are_not_known() -> None:
    counted = counting.derive(
        records_of("d1"),
        pairs(),
        outcomes("d1 title_abstract include", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
        previous=Flow({"studies": Box(12)}),
    )

    assert (counted.n("total_studies"), counted.n("total_reports"), counted.n("reports")) == (13, None, 1)


def test_a_record_that_the_update_decides_otherwise_is_told_by_its_name() -> None:
    first = counting.derive(
        records_of("d1 d2"),
        pairs(),
        outcomes(
            "d1 title_abstract include",
            "d1 full_text include",
            "d2 title_abstract include",
            "d2 full_text exclude votes Wrong design",
        ),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
    )

    second = counting.derive(
        records_of("d1 d2 d3", {"d3": "2"}),
        pairs(),
        outcomes(
            *(f"{each} {said} include" for each in ("d1", "d2") for said in ("title_abstract", "full_text")),
            "d3 title_abstract exclude",
        ),
        reports=make(tables.REPORTS, record_id=["d1", "d2"], study_id=["s1", "s2"]),
        previous=first,
    )

    assert second.unfinished == (("decided_anew", "d2 (excluded then, included now)"),)
    assert any("distinct in overrides.csv" in said for said in second.remarks)
    assert (second.n("studies"), second.n("total_studies")) == (0, 1)
    assert fails(check(second)) == []


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), finished=st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_record_ends_in_exactly_one_box(seed: int, finished: bool) -> None:
    review = make_review(seed, finished=finished)

    counted = derive(review)

    ends = [record for key in TERMINAL for record in counted[key].ids]
    assert sorted(review.records["record_id"]) == sorted(ends)


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), finished=st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_identity_holds_for_a_derived_flow(seed: int, finished: bool) -> None:
    verdicts = check(derive(make_review(seed, finished=finished)))

    assert fails(verdicts) + fails(verdicts, "warning") == []
    assert not finished or fails(verdicts, "unfinished") == []


@pytest.mark.slow
@given(seed=st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_changes_no_count(seed: int) -> None:
    review = make_review(seed)
    turned = Review(
        *(
            table.iloc[::-1].reset_index(drop=True)
            for table in (review.records, review.duplicates, review.screening, review.reports, review.studies)
        )
    )

    assert counts(derive(review)) == counts(derive(turned))


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_corrupted_count_is_always_caught(seed: int, data: st.DataObject) -> None:
    counted = derive(make_review(seed))
    keys = [key for key, box in counted.boxes.items() if box.n]
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    wrong = (counted.n(key) or 0) + data.draw(st.sampled_from([-1, 1, 7]))

    assert fails(check(counted.with_counts(**{key: wrong}))) != []


def test_who_excluded_is_told_only_where_a_tool_did() -> None:
    rows = ("d1 title_abstract exclude votes", "d2 title_abstract include votes")

    by_people = counting.derive(records_of("d1 d2"), pairs(), outcomes(*rows))
    by_both = counting.derive(
        records_of("d1 d2 d3"), pairs(), outcomes(*rows, "d3 title_abstract exclude automation")
    )

    assert "excluded_human" not in by_people.boxes
    assert "excluded_automation" not in by_people.boxes
    assert (by_both["excluded_human"].ids, by_both["excluded_automation"].ids) == (("d1",), ("d3",))


def test_a_pair_of_which_neither_record_is_there_is_told() -> None:
    with pytest.raises(InputErrors, match="record_id 'x1' is not in the records"):
        counting.derive(records_of("d1"), pairs("x1>x2"), outcomes())


def test_a_review_without_a_record_has_searched_databases_and_found_none() -> None:
    counted = counting.derive(records_of(""), pairs(), outcomes())

    assert counted.n("databases") == 0
    assert counted.n("registers") is None


def test_the_records_left_are_those_found_less_the_duplicates() -> None:
    counted = counting.derive(records_of("d1 d2 d3 d4 d5"), pairs("d2>d1 d3>d1"), outcomes())

    assert counted.unique is not None
    assert (counted.unique.n_least, counted.unique.n_most) == (3, 3)


def test_reasons_stand_in_the_protocol_s_order_then_the_most_frequent_first() -> None:
    said = ("Wrong design", "Wrong setting", "Wrong setting", "Too short", "", "Old")
    rows = [f"d{number} title_abstract include votes" for number in range(6)]
    rows += [f"d{number} full_text exclude votes {reason}" for number, reason in enumerate(said)]

    records = records_of("d0 d1 d2 d3 d4 d5")

    counted = counting.derive(records, pairs(), outcomes(*rows), reasons=("Too short",))

    assert [(part.label, part.n) for part in counted["reports_excluded"].parts] == [
        ("Too short", 1),
        ("Wrong setting", 2),
        ("Old", 1),
        ("Wrong design", 1),
        (counting.NO_REASON, 1),
    ]


def test_another_method_is_broken_down_by_name_only_where_it_has_no_other() -> None:
    records = records_of("c1 w1").assign(source=["Reference lists", "Experts"])
    records["source_kind"] = ["citation_searching", "other"]

    counted = counting.derive(records, pairs(), outcomes())

    assert counted["citation_searching"].parts == ()
    assert [part.label for part in counted["other_sources"].parts] == ["Experts"]


def test_searches_of_an_earlier_version_are_missed_only_where_its_records_were_counted_here() -> None:
    sources = make(
        tables.SOURCES,
        file=["a.ris", "b.ris"],
        source=["Embase", "MEDLINE"],
        source_kind=["database"] * 2,
        round=["1", "2"],
        records=["5", "1"],
    )
    new = records_of("d1", {"d1": "2"})
    typed_elsewhere = Flow({"studies": Box(3)})
    counted_here = counting.derive(records_of("d0"), pairs(), outcomes("d0 title_abstract exclude votes"))
    both = records_of("d0 d1", {"d1": "2"})

    elsewhere = counting.derive(new, pairs(), outcomes(), sources=sources, previous=typed_elsewhere)
    here = counting.derive(
        both,
        pairs(),
        outcomes("d0 title_abstract exclude votes"),
        sources=sources,
        previous=Flow({**counted_here.boxes, "studies": Box(0)}),
    )

    assert elsewhere.unfinished == ()
    assert here.unfinished == (("records_missing", "Embase (a.ris, 5)"),)


def test_pairs_that_nobody_judged_are_told_with_what_they_could_cost() -> None:
    # Three pairs of three records, of which two are too many at most; and one that is removed.
    rows = [("d1", "d2", "possible"), ("d2", "d3", "possible"), ("d1", "d3", "possible")]
    duplicates = tables.make(
        tables.DUPLICATES,
        [
            {"record_id": gone, "duplicate_of": kept, "verdict": verdict}
            for gone, kept, verdict in [*rows, ("d5", "d4", "duplicate")]
        ],
    )

    counted = counting.derive(records_of("d1 d2 d3 d4 d5 d6"), duplicates, outcomes())

    assert (
        "3 pairs of possible duplicates are not judged: 1 to 3 records are duplicates; unique records: 3 to 5"
    ) in counted.remarks
    settled = counting.derive(records_of("d1 d2"), pairs("d1>d2"), outcomes())
    assert not [remark for remark in settled.remarks if "not judged" in remark]


def test_a_later_round_is_told_where_it_is_counted_with_the_first() -> None:
    records = records_of("d1 d2 d3", {"d2": "2", "d3": "3"})
    first = Flow({"databases": Box(1, ("d1",)), "studies": Box(0)})
    told = "round 2, 3 is counted with the first: --previous FLOW.json draws an update, --ledger all versions"

    assert told in counting.derive(records, pairs(), outcomes()).remarks
    assert told not in counting.derive(records, pairs(), outcomes(), previous=first).remarks
    assert not any(
        "is counted with" in each for each in counting.derive(records_of("d1"), pairs(), outcomes()).remarks
    )
