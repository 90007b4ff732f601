"""Tests of report."""

from peerreview import tables
from peerreview.agreement.machines import compare
from peerreview.paper import report
from peerreview.paper.sheets.searches import searches
from peerreview.protocol import Protocol
from peerreview.tables import SYNTHETIC_NOTE
from tests.builders import make, make_records


def test_the_search_is_told_with_the_file_it_comes_from() -> None:
    sources = make(
        tables.SOURCES,
        file=["a.ris", "b.ris", "c.ris"],
        source=["MEDLINE", "Embase", "Reference lists"],
        source_kind=["database", "database", "citation_searching"],
        searched_on=["2024-01-02", "2024-01-05", ""],
    )
    records = make_records(source_kind=["database"] * 2 + ["citation_searching"])

    told = report.search(sources, records)

    assert [str(each) for each in told] == [
        "We searched 2 databases and registers between 2024-01-02 and 2024-01-05: MEDLINE and Embase.",
        "Other methods were citation searching.",
        "They gave 2 records from databases and registers and 1 by other methods.",
    ]
    assert told[2].source == "records.csv, 3 rows by source_kind"


def test_days_of_search_that_no_order_is_known_of_are_told_as_they_stand() -> None:
    sources = make(
        tables.SOURCES,
        source=["MEDLINE", "Embase"],
        source_kind=["database"] * 2,
        searched_on=["2.1.2024", "31/12/2023"],
    )

    told = report.search(sources, make_records())

    assert str(told[0]) == (
        "We searched 2 databases and registers on 2.1.2024 and 31/12/2023: MEDLINE and Embase."
    )


def test_the_day_of_another_method_is_no_day_on_which_databases_were_searched() -> None:
    sources = make(
        tables.SOURCES,
        source=["MEDLINE", "Embase", "Hand search"],
        source_kind=["database", "database", "hand_searching"],
        searched_on=["31/12/2023", "2.1.2024", "1.3.2025"],
    )

    told = report.search(sources, make_records())

    assert str(told[0]) == (
        "We searched 2 databases and registers on 31/12/2023 and 2.1.2024: MEDLINE and Embase."
    )


def test_duplicates_are_told_by_rule_and_pairs_that_people_settled_apart() -> None:
    duplicates = make(
        tables.DUPLICATES,
        record_id=["r2", "r3", "r4"],
        duplicate_of=["r1", "r1", "r9"],
        verdict=["duplicate", "duplicate", "possible"],
        rule=["same DOI", "same DOI", "near"],
    )
    overrides = make(tables.OVERRIDE, record_id=["r5"], duplicate_of=["r6"], verdict=["distinct"])

    told = report.deduplication(duplicates, overrides, make(tables.UNIQUE, title=["a"]))

    assert [each.text for each in told] == [
        "Deduplication removed 2 records and left 1.",
        "By rule: “same DOI” 2.",
        "Reviewers settled 1 pair themselves: 1 distinct.",
    ]


def test_screening_tells_reviewers_outcomes_and_reasons() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["full_text"] * 3,
        outcome=["include", "exclude", "exclude"],
        reason=["", "Wrong design", "Wrong design"],
        reviewers=["ana; ben", "ana; ben", "ana; cy"],
        resolved_by=["votes", "votes", "consensus"],
    )

    told = [each.text for each in report.screening(outcomes, Protocol())]

    assert told == [
        "At full text, 3 reviewers judged 3 records; two independent votes were required of each.",
        "Outcomes: 2 exclude and 1 include; conflicts settled: 1 by consensus.",
        "Reasons for exclusion: Wrong design (2).",
    ]


def test_agreement_without_a_defined_kappa_is_told_without_it() -> None:
    pair = {"reviewer_1": "ana", "reviewer_2": "ben", "n_both": 4, "percent": 1.0, "cohen": None}

    (told,) = report.agreement({"stages": [{"stage": "full_text", "pairs": [pair]}]})

    assert told.text == "At full text, ana and ben agreed on 100.0% of 4 records before resolution."


def test_no_interval_goes_beyond_what_a_kappa_can_be() -> None:
    pair = {"reviewer_1": "ana", "reviewer_2": "ben", "n_both": 35, "percent": 0.97, "cohen": 0.92}
    pair |= {"cohen_se": 0.08, "cohen_lo": 0.77, "cohen_hi": 1.07}

    (told,) = report.agreement({"stages": [{"stage": "full_text", "pairs": [pair]}]})

    assert told.text.endswith("before resolution, Cohen's kappa 0.92 (95% interval 0.77 to 1.00).")


def test_records_without_a_vote_were_judged_by_nobody() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["title_abstract"] * 3,
        outcome=["include", "pending", "pending"],
        reviewers=["ana; ben", "ana", ""],
        resolved_by=["votes", "", ""],
    )

    told = report.screening(outcomes, Protocol())

    assert told[0].text.startswith("At title and abstract, 2 reviewers judged 2 of 3 records; two")


def test_a_spread_with_synthetic_cells_is_marked_and_explained() -> None:
    studies = make(
        tables.STUDIES,
        study_id=["s1", "s2"],
        label=["a", "b"],
        country=["Chad", "Chad"],
        country_basis=["text", "synthetic"],
    )

    told = report.included(
        studies, make(tables.REPORTS, study_id=["s1", "s2", "s2", "s2"]), ["country"], kept={"r4": "r3"}
    )

    assert [str(each) for each in told] == [
        "The review includes 2 studies in 3 reports.",
        "By country: Chad (2).†",
    ]
    assert report.Section("Included", tuple(told)).notes == (SYNTHETIC_NOTE,)


def test_what_was_done_to_synthetic_records_is_marked() -> None:
    sentence = report.Sentence("2 records.", "records.csv")

    assert str(report.marked([sentence], synthetic=True)[0]) == "2 records.†"
    assert str(report.marked([sentence], synthetic=False)[0]) == "2 records."


def test_a_section_without_anything_is_empty() -> None:
    assert report.Section("Search").is_empty


def test_a_checklist_asks_for_facts_by_name() -> None:
    sources = make(
        tables.SOURCES,
        file=["a"],
        source=["MEDLINE"],
        source_kind=["database"],
        query=["hope"],
        records=["2"],
    )
    sections = [
        report.Section("Search", sheets=(searches(sources, make_records()),)),
        report.Section("Included studies", (report.Sentence("Two.", "a"), report.Sentence("By year.", "b"))),
    ]

    found = report.facts(sections, Protocol(title="Hope", registration="CRD1"))

    assert [each.text for each in found["title"]] == ["“Hope”."]
    assert [each.text for each in found["registration"]] == ["CRD1."]
    assert [each.text for each in found["strategies"]] == ["1 search strategy recorded in full."]
    assert [each.text for each in found["included"]] == ["Two."]
    assert "excluded" not in found


def test_what_automation_settled_is_told_and_its_tools_are_no_reviewers() -> None:
    outcomes = make(
        tables.SCREENING,
        record_id=["r0", "r1", "r2", "r3"],
        stage=["before_screening", *["title_abstract"] * 3],
        outcome=["exclude", "include", "exclude", "exclude"],
        reviewers=["RobotSearch", "ana; bo", "ana; bo", "RobotSearch"],
        resolved_by=["automation", "votes", "votes", "automation"],
    )

    told = [sentence.text for sentence in report.screening(outcomes, Protocol())]

    assert told[0] == "Before screening, automation tools marked 1 record as ineligible."
    assert told[1].startswith("At title and abstract, 2 reviewers judged 2 of 3 records;")
    assert "Automation tools settled 1 of them, which no reviewer judged." in told


def test_an_ai_on_trial_is_told_apart_from_the_reviewers() -> None:
    compared = compare(both=19, missed=1, extra=30, neither=150)
    ai = {"reviewer": "gpt", "tool": "GPT", "version": "4o", "prompt": "", **compared}

    (told,) = report.agreement({"stages": [{"stage": "title_abstract", "pairs": [], "ai": [ai]}]})

    assert told.text == (
        "At title and abstract, gpt (tool GPT, version 4o), an AI, judged 200 records beside the reviewers "
        "and decided none. Against their decision: recall 95.0% (75.1 to 99.9), precision 38.8% "
        "(25.2 to 53.8) and specificity 83.3% (77.1 to 88.5) (exact 95% intervals); it excluded 75.5%."
    )


def test_what_speaks_against_independence_is_told_once_a_stage() -> None:
    pair = {"reviewer_1": "ana", "reviewer_2": "bo", "n_both": 9, "percent": 1.0, "cohen": None}
    tie = {"reviewer": "cy", "n_records": 4, "has_times": True, "is_left_out": True}
    stage = {"stage": "full_text", "pairs": [pair, pair], "n_without_time": 8, "tie_breakers": [tie]}

    told = [sentence.text for sentence in report.agreement({"stages": [stage]})]

    assert told[2].startswith("cy voted on conflicts alone (4 at full text), which settles them")
    assert told[3].startswith("At full text, votes without a time: 8; they may have been changed")
    assert len(told) == 4
    assert "in their final votes" in report.agreement({"of": "final", "stages": [stage]})[0].text
