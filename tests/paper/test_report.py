"""Tests of report."""

from importlib import resources

from peerreview import tables
from peerreview.agreement.machines import compare
from peerreview.agreement.measured import from_json
from peerreview.paper import checklist, document, evidence, report
from peerreview.paper.sheets.excluded import excluded_reports
from peerreview.paper.sheets.searches import searches
from peerreview.protocol import Protocol
from peerreview.synthesis.appraisal import appraise
from peerreview.synthesis.instrument import parse
from peerreview.synthesis.themes import code
from peerreview.tables import SYNTHETIC_NOTE
from tests.builders import make, make_records, make_votes


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
        "We searched 2 databases between 2024-01-02 and 2024-01-05: MEDLINE and Embase.",
        "The other method was citation searching.",
        "The searches gave 2 records from databases and 1 record by other methods.",
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

    assert str(told[0]) == ("We searched 2 databases on 2.1.2024 and 31/12/2023: MEDLINE and Embase.")


def test_the_day_of_another_method_is_no_day_on_which_databases_were_searched() -> None:
    sources = make(
        tables.SOURCES,
        source=["MEDLINE", "Embase", "Hand search"],
        source_kind=["database", "database", "hand_searching"],
        searched_on=["31/12/2023", "2.1.2024", "1.3.2025"],
    )

    told = report.search(sources, make_records())

    assert str(told[0]) == ("We searched 2 databases on 31/12/2023 and 2.1.2024: MEDLINE and Embase.")


def test_duplicates_are_told_by_rule_and_pairs_that_people_settled_apart() -> None:
    duplicates = make(
        tables.DUPLICATES,
        record_id=["r2", "r3", "r4"],
        duplicate_of=["r1", "r1", "r9"],
        verdict=["duplicate", "duplicate", "possible"],
        rule=["same DOI", "same DOI", "near"],
    )
    overrides = make(tables.OVERRIDE, record_id=["r5"], duplicate_of=["r6"], verdict=["distinct"])

    told = report.deduplication(duplicates, overrides, make(tables.UNIQUE, title=list("abcde")))

    assert [each.text for each in told] == [
        "Deduplication removed 2 records and left 5.",
        "By rule: “same DOI” 2.",
        "1 pair was settled by hand: 1 distinct.",
        (
            "Nobody has judged 1 pair of records that is possibly the same: were they all, "
            "4 records would be left."
        ),
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

    told = [each.text for each in report.screening(outcomes)]

    assert told == [
        "At full text, 3 reviewers judged 3 reports: two reviewers voted on each.",
        "Outcomes at full text: 2 exclude and 1 include; settled 1 by consensus.",
        "Reasons for exclusion: Wrong design (2).",
    ]


def test_agreement_without_a_defined_kappa_is_told_without_it() -> None:
    pair = {"reviewer_1": "ana", "reviewer_2": "ben", "n_both": 4, "percent": 1.0, "cohen": None}

    (told,) = report.agreement(from_json({"stages": [{"stage": "full_text", "pairs": [pair]}]}))

    assert told.text == "At full text, ana and ben agreed on 100.0% of 4 reports before resolution."


def test_no_interval_goes_beyond_what_a_kappa_can_be() -> None:
    pair = {"reviewer_1": "ana", "reviewer_2": "ben", "n_both": 35, "percent": 0.97, "cohen": 0.92}
    pair |= {"cohen_se": 0.08, "cohen_lo": 0.77, "cohen_hi": 1.07}

    (told,) = report.agreement(from_json({"stages": [{"stage": "full_text", "pairs": [pair]}]}))

    assert told.text.endswith("before resolution, Cohen's kappa 0.92 (95% interval 0.77 to 1.00).")


def test_records_without_a_vote_were_judged_by_nobody() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["title_abstract"] * 3,
        outcome=["include", "pending", "pending"],
        reviewers=["ana; ben", "ana", ""],
        resolved_by=["votes", "", ""],
    )

    told = report.screening(outcomes)

    assert told[0].text == (
        "At title and abstract, 2 reviewers judged 2 of 3 records: two or more voted on 1, one on 1."
    )


def test_a_tool_is_no_reviewer_and_is_told_by_its_name() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["title_abstract"] * 3,
        outcome=["exclude", "exclude", "include"],
        reviewers=["Ranker", "Ranker", "ana; ben"],
        resolved_by=["automation", "automation", "votes"],
    )
    by_people = outcomes.assign(resolved_by="votes")

    told = [each.text for each in report.screening(outcomes)]

    assert told[:2] == [
        "At title and abstract, 2 reviewers judged 1 of 3 records: two reviewers voted on each.",
        "At title and abstract, the automation tool Ranker settled 2 records on which no reviewer voted.",
    ]
    assert "3 reviewers judged 3 records" in report.screening(by_people)[0].text


def test_votes_say_who_judged_where_outcomes_name_who_settled() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["full_text"] * 3,
        outcome=["include"] * 3,
        reviewers=["ana; ben", "cy", "ana"],
        resolved_by=["votes", "adjudicator", "adjudicator"],
    )
    votes = make_votes(
        "r1 ana full_text include",
        "r1 ben full_text include",
        "r1 robot full_text exclude None ai",
        "r2 cy full_text include None adjudicator",
        "r3 ana full_text include",
        "r3 cy full_text include None adjudicator",
    )

    with_votes = [each.text for each in report.screening(outcomes, votes)]
    without = [each.text for each in report.screening(outcomes)]

    assert with_votes == [
        "At full text, 2 reviewers judged 2 of 3 reports: two or more voted on 1, one on 1.",
        "At full text, robot (AI) voted on 1 report; its votes settled none.",
        "Outcomes at full text: 3 include; settled 2 by an adjudicator.",
    ]
    assert without[:2] == [
        "At full text, 2 reviewers judged 1 of 3 reports: two reviewers voted on each.",
        "Of 2 reports settled by one person it is not known who had voted.",
    ]


def test_one_reviewer_is_no_pair() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["title_abstract"] * 2,
        outcome=["include"] * 2,
        reviewers=["ana"] * 2,
        resolved_by=["votes"] * 2,
    )

    assert report.screening(outcomes)[0].text == (
        "At title and abstract, 1 reviewer judged 2 records: one reviewer voted on each."
    )
    assert report.screening(outcomes.assign(reviewers="ana; ben; cy"))[0].text.endswith(
        "two reviewers or more voted on each."
    )


def test_what_was_set_aside_before_screening_and_not_retrieved_is_told() -> None:
    outcomes = make(
        tables.SCREENING,
        stage=["before_screening", "retrieval"],
        outcome=["exclude", "not_retrieved"],
        reviewers=["Filter", "ana"],
        resolved_by=["automation", "votes"],
    )

    told = [each.text for each in report.screening(outcomes)]

    assert "Before screening, the automation tool Filter settled 1 record on which no reviewer voted." in told
    assert told[-1] == "Outcomes at retrieval: 1 not retrieved."


def test_full_texts_that_somebody_got_were_judged_at_retrieval_too() -> None:
    outcomes = make(
        tables.SCREENING,
        record_id=["r1", "r2", "r3"],
        stage=["retrieval", "retrieval", "title_abstract"],
        outcome=["not_retrieved", "conflict", "pending"],
        reviewers=["ana", "ana; ben", "ana"],
        resolved_by=["votes", "", ""],
    )
    votes = make_votes(
        "r1 ana retrieval not_retrieved",
        "r2 ana retrieval include",
        "r2 ben retrieval not_retrieved",
        "r3 ana title_abstract include",
        "r3 ana retrieval include",
        "r4 cy retrieval include",
        "r5~2 ana retrieval include",
    )

    told = [each.text for each in report.screening(outcomes, votes, kept={"r5~2": "r5"})]
    none_missing = report.screening(outcomes.iloc[:0], votes.iloc[-1:])

    assert told[-2:] == [
        "At retrieval, 3 reviewers judged 4 reports: two or more voted on 1, one on 3.",
        "Outcomes at retrieval: 1 conflict, 2 include and 1 not retrieved.",
    ]
    assert [str(each) for each in none_missing] == [
        "At retrieval, 1 reviewer judged 1 report: one reviewer voted on each.",
        "Outcomes at retrieval: 1 include.",
    ]
    assert none_missing[1].source.startswith("decisions; screening.csv")


def test_a_report_that_was_excluded_is_no_report_of_what_is_included() -> None:
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["A", "B"])
    reports = make(tables.REPORTS, record_id=["r1", "r2", "r3~2"], study_id=["s1", "s1", "s2"])
    outcomes = make(
        tables.SCREENING,
        record_id=["r1", "r2", "r3"],
        stage=["full_text", "full_text", "retrieval"],
        outcome=["include", "exclude", "not_retrieved"],
    )

    told = report.included(studies, reports, [], kept={"r3~2": "r3"}, outcomes=outcomes)

    assert [each.text for each in told] == [
        "The review includes 2 studies in 1 report.",
        "2 reports of these are named, and not included: r2, r3.",
    ]


def test_a_day_is_told_of_the_searches_that_name_one() -> None:
    sources = make(
        tables.SOURCES,
        source=["MEDLINE", "CENTRAL"],
        source_kind=["database", "register"],
        searched_on=["2024-01-02", ""],
    )

    said = str(report.search(sources, make_records())[0])

    assert said == (
        "We searched 1 database and 1 register on 2024-01-02 (date given for 1 of 2): MEDLINE and CENTRAL."
    )
    dated = sources.assign(searched_on="2024-01-02")
    assert "date given" not in str(report.search(dated, make_records())[0])


def test_a_search_whose_records_are_missing_is_told() -> None:
    sources = make(
        tables.SOURCES, file=["a.ris"], source=["MEDLINE"], source_kind=["database"], records=["183"]
    )

    assert report.search(sources, make_records())[-1].text == (
        "No record is here of searches that found some: MEDLINE (a.ris, 183)."
    )
    assert "No record is here" not in str(report.search(sources, make_records(source=["MEDLINE"])))


def test_libraries_without_a_search_that_filled_them_are_searches_like_others() -> None:
    sources = make(tables.SOURCES, file=["a.ris"], source=["MEDLINE"], source_kind=["database"])

    told = report.search(sources, make_records(source=["EndNote"]), Protocol(libraries=("EndNote",)))

    assert told[-1].text == "The searches gave 1 record from databases."


def test_pairs_that_nobody_judged_are_told_as_an_interval() -> None:
    duplicates = make(
        tables.DUPLICATES,
        record_id=["r1", "r2", "r1", "r4"],
        duplicate_of=["r2", "r3", "r3", "r5"],
        verdict=["possible"] * 4,
    )
    unique = make(tables.UNIQUE, title=["a", "b", "c", "d", "e"])
    judged = make(tables.OVERRIDE, record_id=["r4"], duplicate_of=["r5"], verdict=["distinct"])

    told = report.deduplication(duplicates, tables.empty(tables.OVERRIDE), unique)
    with_word = report.deduplication(duplicates, judged, unique)

    assert told[-1].text == (
        "Nobody has judged 4 pairs of records that are possibly the same: were they all, "
        "2 records would be left."
    )
    assert with_word[-1].text.endswith(
        "3 pairs of records that are possibly the same: were they all, 3 records would be left."
    )


def test_included_reports_of_no_study_are_told() -> None:
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"])
    outcomes = make(tables.SCREENING, stage=["full_text"] * 2, outcome=["include"] * 2)
    reports = make(tables.REPORTS, record_id=["r1"], study_id=["s1"])

    told = [each.text for each in report.included(studies, reports, [], kept={}, outcomes=outcomes)]
    linked = make(tables.REPORTS, record_id=["r1", "r2"], study_id=["s1", "s2"])

    assert told == [
        "The review includes 2 studies in 1 report.",
        "1 included report is not assigned to a study of these.",
        "Of 1 study no report is named.",
    ]
    assert len(report.included(studies, linked, [], kept={}, outcomes=outcomes)) == 1


def test_a_report_that_awaits_a_decision_is_no_report_of_an_included_study_yet() -> None:
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"])
    reports = make(tables.REPORTS, record_id=["r1", "r2", "r3"], study_id=["s1", "s1", "s2"])
    outcomes = make(
        tables.SCREENING,
        record_id=["r1", "r2", "r3"],
        stage=["full_text"] * 3,
        outcome=["include", "conflict", "pending"],
    )

    said = [each.text for each in report.included(studies, reports, [], kept={}, outcomes=outcomes)]

    assert said == [
        "The review includes 1 study in 1 report.",
        "1 study more is listed, whose reports await a decision.",
    ]


def appraised(*rows: str, instrument: str = "casp-qualitative", judgement: str = "yes") -> list[str]:
    """Return what is told of an appraisal of three studies: ``study item reviewer result``."""
    folder = resources.files("peerreview.synthesis") / "instruments"
    chosen = parse((folder / f"{instrument}.toml").read_text(encoding="utf-8"), instrument)
    names = ("study_id", "item", "reviewer", "result")
    judged = [dict(zip(names, row.split(), strict=False)) for row in rows]
    appraisal = tables.make(tables.APPRAISAL, [{**row, "judgement": judgement} for row in judged])
    studies = make(tables.STUDIES, study_id=["s1", "s2", "s3"], label=["a", "b", "c"])
    judgements = appraise(appraisal, studies, instrument=chosen)
    return [each.text for each in evidence.quality(judgements, chosen, Protocol())]


def test_only_studies_with_a_judgement_were_appraised() -> None:
    told = appraised("s1 1 ana", "s1 1 ben")
    all_three = appraised(*(f"{study} {item} ana" for study in ("s1", "s2", "s3") for item in range(1, 11)))

    assert told[0].startswith("Of 3 studies, 1 was appraised with the ")
    assert told[0].endswith(", 0 of them on every item that is asked for.")
    assert told[1] == "Appraised by two people or more: 1 study."
    assert all_three[0].startswith("3 studies were appraised with the ")
    assert "of them" not in all_three[0]
    assert all_three[1] == "Appraised by one person: 3 studies."


def test_results_of_one_study_were_appraised_as_one_study() -> None:
    rows = [f"s1 D1 {name} {result}" for result in ("deaths", "pain") for name in ("ana", "ben")]

    told = appraised(*rows, "s2 D1 ana deaths", instrument="rob-2", judgement="low")

    assert told[0].endswith(", 3 results in all, 0 of them on every item that is asked for.")
    assert told[1] == "Appraised by two people or more: 1 study and one person: 1 study."


def test_results_that_fail_a_screening_question_are_counted_as_results() -> None:
    rows = [f"s1 S1 ana {result}" for result in ("deaths", "pain")]

    told = appraised(*rows, instrument="mmat-2018", judgement="no")

    # Two studies without any judgement stand for one result each.
    assert told[2] == "Of 4 results, 2 were not rated for a screening question: a: deaths and a: pain."


def test_a_consensus_is_no_second_appraiser() -> None:
    told = appraised("s1 1 ana", "s1 1 consensus", "s2 1 consensus", "s3 1 ana", "s3 2 ben", "s3 2 ana")

    assert told[1] == (
        "Appraised by two people or more in part: 1 study, one person: 1 study and "
        "people who are not named: 1 study."
    )


def test_themes_say_how_many_studies_were_coded_and_by_how_many() -> None:
    coded = make(
        tables.THEMES,
        study_id=["s1", "s1", "s2"],
        theme=["hope"] * 3,
        coder=["ana", "ben", "ana"],
    )
    studies = make(tables.STUDIES, study_id=["s1", "s2", "s3"], label=["a", "b", "c"])

    found = evidence.findings(code(coded, tables.empty(tables.CODEBOOK), studies=studies))

    assert [sentence.text for sentence in found[:2]] == [
        "Of 3 studies, 2 were coded; coded by two people or more: 1 study and one person: 1 study.",
        "hope: coded in 2 of 3 studies (67%).",
    ]


def test_no_theme_is_told_of_where_no_study_is_left() -> None:
    coded = make(tables.THEMES, study_id=["s1"], theme=["hope"], coder=["ana"])
    one = make(tables.STUDIES, study_id=["s1"], label=["a"])
    of_one = evidence.findings(code(coded, tables.empty(tables.CODEBOOK), studies=one))
    of_none = evidence.findings(
        code(coded.iloc[:0], make(tables.CODEBOOK, theme=["hope"], label=["Hope"]), studies=one.iloc[:0])
    )

    assert of_one[1].text == "hope: coded in 1 of 1 study (100%)."
    assert of_none == []


def test_excluded_reports_without_a_reason_are_not_said_to_have_one() -> None:
    gone = make(
        tables.SCREENING,
        stage=["full_text"] * 2,
        outcome=["exclude"] * 2,
        reason=["Wrong design", ""],
    )
    sheet = excluded_reports(gone, make(tables.UNIQUE, title=["a", "b"]), tables.empty(tables.SOURCES))

    found = checklist.facts([document.Section("Screening", sheets=(sheet,))], Protocol())

    assert [each.text for each in found["excluded"]] == [
        "2 reports excluded at full text are listed, 1 with a reason."
    ]


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
    assert document.Section("Included", tuple(told)).notes == (SYNTHETIC_NOTE,)


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
        document.Section("Search", sheets=(searches(sources, make_records()),)),
        document.Section(
            "Included studies", (document.Sentence("Two.", "a"), document.Sentence("By year.", "b"))
        ),
    ]

    found = checklist.facts(sections, Protocol(title="Hope", registration="CRD1"))

    assert [each.text for each in found["title"]] == ["“Hope”."]
    assert [each.text for each in found["registration"]] == ["CRD1."]
    assert [each.text for each in found["strategies"]] == ["A search strategy is given for 1 of 1 search."]
    assert [each.text for each in found["included"]] == ["Two."]
    assert "excluded" not in found


def test_an_ai_on_trial_is_told_apart_from_the_reviewers() -> None:
    compared = compare(both=19, missed=1, extra=30, neither=150)
    ai = {"reviewer": "gpt", "tool": "GPT", "version": "4o", "prompt": "", **compared.to_json()}

    (told,) = report.agreement(from_json({"stages": [{"stage": "title_abstract", "pairs": [], "ai": [ai]}]}))

    assert told.text == (
        "At title and abstract, gpt (tool GPT, version 4o), an AI, judged 200 records beside the reviewers "
        "and decided none. Against their decision: recall 95.0% (75.1 to 99.9), precision 38.8% "
        "(25.2 to 53.8) and specificity 83.3% (77.1 to 88.5) (exact 95% intervals); it excluded 75.5%."
    )


def test_what_speaks_against_independence_is_told_once_a_stage() -> None:
    pair = {"reviewer_1": "ana", "reviewer_2": "bo", "n_both": 9, "percent": 1.0, "cohen": None}
    tie = {"reviewer": "cy", "n_records": 4, "has_times": True, "is_left_out": True}
    stage = {"stage": "full_text", "pairs": [pair, pair], "n_without_time": 8, "tie_breakers": [tie]}

    told = [sentence.text for sentence in report.agreement(from_json({"stages": [stage]}))]

    assert told[2].startswith("cy voted on conflicts alone (4 at full text); these votes are no part of")
    assert told[3].startswith("At full text, votes without a time: 8; they may have been changed")
    assert len(told) == 4
    assert "in their final votes" in report.agreement(from_json({"of": "final", "stages": [stage]}))[0].text


def test_an_order_by_relevance_is_told_as_the_automation_tool_that_it_is() -> None:
    """PRISMA 2020, item 8."""
    outcomes = make(
        tables.SCREENING,
        stage=["title_abstract"],
        outcome=["include"],
        reviewers=["ana"],
        resolved_by=["votes"],
    )

    ranked = report.screening(outcomes, order="relevance")

    assert str(ranked[0]) == (
        "Records came to each reviewer in an order of relevance, learned from that reviewer's own votes by "
        "TF-IDF and logistic regression (scikit-learn); it decided nothing."
    )
    assert [str(each) for each in report.screening(outcomes, order="seed")] == [
        str(each) for each in ranked[1:]
    ]


def test_what_a_stopping_rule_set_aside_is_told_with_its_grounds() -> None:
    grounds = "recall of at least 95 % with 95 % confidence (Callaghan & Müller-Hansen 2020)"
    outcomes = make(
        tables.SCREENING,
        stage=["before_screening"] * 2,
        outcome=["exclude"] * 2,
        reason=[grounds] * 2,
        reviewers=["stopping rule"] * 2,
        resolved_by=["automation"] * 2,
    )

    told = [str(each) for each in report.screening(outcomes)]

    assert told[0] == (
        "Before screening, the automation tool stopping rule settled 2 records on which no reviewer voted: "
        f"{grounds}."
    )
