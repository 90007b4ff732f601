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
    assert counted.n("registers") == 0
    assert counted.n("websites") is None


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


def test_a_report_that_is_in_no_study_and_a_study_without_a_report_are_found() -> None:
    counted = counting.derive(
        records_of("d1"),
        pairs(),
        outcomes("d1 title_abstract include", "d1 full_text include"),
        reports=make(tables.REPORTS, record_id=["d1"], study_id=["s1"]),
        studies=make(tables.STUDIES, study_id=["s2"], label=["B"]),
    )

    assert [text for _, text in counted.findings] == [
        "study s2 has no report",
        "study s1 is not in studies.csv",
    ]
    assert [verdict.id for verdict in fails(check(counted))] == ["I2"]


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
    assert "included and not in reports.csv: d1; in reports.csv and not included: d2" in verdict.why
    assert verdict.records == ("d1", "d2")


def test_synthetic_rows_are_told_under_the_figure() -> None:
    reports = make(tables.REPORTS, record_id=["d1"], study_id=["s1"], basis=["text; synthetic"])

    counted = counting.derive(records_of("d1"), pairs(), outcomes(), reports=reports)

    assert counted.notes == (SYNTHETIC_NOTE,)


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


def test_a_report_belongs_to_one_study() -> None:
    reports = make(tables.REPORTS, record_id=["d1", "d2"], study_id=["s1", "s2"])

    with pytest.raises(InputErrors, match="'d2' is a report of 's2' and of 's1'"):
        counting.derive(records_of("d1 d2"), pairs("d2>d1"), outcomes(), reports=reports)


@given(seed=st.integers(0, 10**6), finished=st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_record_ends_in_exactly_one_box(seed: int, finished: bool) -> None:
    review = make_review(seed, finished=finished)

    counted = derive(review)

    ends = [record for key in TERMINAL for record in counted[key].ids]
    assert sorted(review.records["record_id"]) == sorted(ends)


@given(seed=st.integers(0, 10**6), finished=st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_identity_holds_for_a_derived_flow(seed: int, finished: bool) -> None:
    verdicts = check(derive(make_review(seed, finished=finished)))

    assert fails(verdicts) + fails(verdicts, "warning") == []
    assert not finished or fails(verdicts, "unfinished") == []


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
