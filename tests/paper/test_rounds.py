"""Tests of rounds: what an update tells of its own version, and of the one before."""

from peerreview import tables
from peerreview.flow import Box, Flow
from peerreview.paper import report, rounds
from tests.builders import make, make_records

SOURCES = make(
    tables.SOURCES,
    file=["a.ris", "b.ris", "c.ris"],
    source=["MEDLINE", "Embase", "MEDLINE"],
    source_kind=["database"] * 3,
    searched_on=["2022-03-01", "2022-03-01", "2025-02-01"],
    round=["", "1", "2"],
)
FOUND_IN = {"r1": "1", "r2": "1", "r3": "2", "r4": "2"}


def test_a_database_of_the_first_round_is_not_said_to_be_searched_up_to_the_second() -> None:
    records = make_records(source=["MEDLINE", "Embase", "MEDLINE"], round=["1", "1", "2"])

    assert [str(each) for each in rounds.search(SOURCES, records)] == [
        "In round 1, we searched 2 databases on 2022-03-01: MEDLINE and Embase.",
        "The searches of round 1 gave 2 records from databases.",
        "In round 2, we searched 1 database on 2025-02-01: MEDLINE.",
        "The searches of round 2 gave 1 record from databases.",
    ]
    once = SOURCES.assign(round="1")
    assert rounds.search(once, records.assign(round="1")) == report.search(once, records.assign(round="1"))


def test_duplicates_are_told_by_the_round_that_found_them() -> None:
    duplicates = make(
        tables.DUPLICATES,
        record_id=["r2", "r4", "r1"],
        duplicate_of=["r1", "r1", "r3"],
        verdict=["duplicate", "duplicate", "possible"],
    )
    unique = make(tables.UNIQUE, record_id=["r1", "r3"], round=["1", "2"])

    (told,) = rounds.deduplication(duplicates, unique, FOUND_IN)

    assert told.text == "By round: 1 removed and 1 left of round 1; 1 removed and 1 left of round 2."
    assert not rounds.deduplication(duplicates, unique.assign(round="1"), dict.fromkeys(FOUND_IN, "1"))


def test_outcomes_are_told_by_the_round_of_their_records() -> None:
    outcomes = make(
        tables.SCREENING,
        record_id=["r1", "r2", "r3", "r1"],
        stage=["title_abstract"] * 3 + ["full_text"],
        outcome=["include", "exclude", "exclude", "include"],
    )

    (told,) = rounds.screening(outcomes, FOUND_IN)

    assert told.text == (
        "At title and abstract, by round: in round 1, 1 exclude and 1 include; in round 2, 1 exclude."
    )


def test_what_passed_a_stage_by_votes_alone_says_so() -> None:
    outcomes = make(
        tables.SCREENING,
        record_id=["r1", "r3"],
        stage=["retrieval"] * 2,
        outcome=["include", "not_retrieved"],
    )

    (told,) = rounds.screening(outcomes, FOUND_IN)

    assert told.text == "At retrieval, by round: in round 1, 1 include; in round 2, 1 not retrieved."
    assert told.source.startswith("decisions; screening.csv, rows of retrieval")


def test_a_study_belongs_to_the_round_of_its_first_report() -> None:
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"])
    reports = make(tables.REPORTS, record_id=["r3", "r2", "r4", "r3"], study_id=["s1", "s1", "s2", "s9"])

    (told,) = rounds.included(studies, reports, FOUND_IN, kept={})
    found_before = rounds.included(studies, reports, FOUND_IN, kept={"r4": "r1"})

    assert told.text == "By the round of a study's first report: 1 in round 1 and 1 in round 2."
    assert found_before == []


def test_an_update_tells_what_it_adds_as_far_as_that_is_known() -> None:
    counts = {"previous_studies": 5, "studies": 1, "reports": 2, "total_studies": 6}
    flow = Flow({key: Box(n) for key, n in counts.items()})

    (told,) = rounds.update(flow)

    assert told.text == (
        "The flow diagram is of an update: it counts 5 studies of the earlier version, 1 new study in 2 "
        "reports of this one and 6 studies in all; the boxes between are of the records of this version."
    )
    assert rounds.update(Flow({"studies": Box(6)})) == []


def test_new_reports_of_earlier_studies_are_told_with_the_others_so_that_reports_add_up() -> None:
    counts = {"previous_studies": 4, "previous_reports": 6, "studies": 0, "reports": 0}
    counts |= {"reports_of_previous": 1, "total_studies": 4, "total_reports": 7}

    (told,) = rounds.update(Flow({key: Box(n) for key, n in counts.items()}))

    assert told.text == (
        "The flow diagram is of an update: it counts 4 studies in 6 reports of the earlier version, 0 new "
        "studies in 0 reports of this one, 1 new report of studies of the earlier version and 4 studies in "
        "7 reports in all; the boxes between are of the records of this version."
    )


def test_studies_of_an_earlier_version_that_are_not_listed_are_included_too() -> None:
    studies = make(tables.STUDIES, study_id=["s6"], label=["a"])
    flow = Flow({key: Box(n) for key, n in {"previous_studies": 5, "studies": 1, "total_studies": 6}.items()})

    n_in_all = rounds.not_listed(flow, studies)
    told = report.included(studies, tables.empty(tables.REPORTS), [], kept={}, n_in_all=n_in_all)

    assert told[0].text == "This version adds 1 study; with the earlier ones the review includes 6."
    assert rounds.not_listed(flow, make(tables.STUDIES, study_id=list("abcdef"), label=["a"] * 6)) is None
    assert rounds.not_listed(Flow({"studies": Box(1)}), studies) is None
