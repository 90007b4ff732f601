"""A record's life, and that it says what the flow says."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.flow import BOXES, TERMINAL, Box, Flow
from peerreview.flow.counting import derive
from peerreview.flow.labels import read
from peerreview.paper.telling import to_json, to_lines
from peerreview.paper.trail import InBox, Index, Reviewed, follow_record, index
from peerreview.protocol import Reviewer
from tests.builders import make, make_records, make_votes
from tests.reviews import Review, make_review

ENGLISH = read()
REMOVED = ("duplicates", "found_again")


def reviewed(review: Review, **others: object) -> Reviewed:
    counted = others.pop("flow", None) or derive(
        review.records,
        review.duplicates,
        review.screening,
        reports=review.reports,
        studies=review.studies,
    )
    whole: dict[str, object] = {
        "records": review.records,
        "duplicates": review.duplicates,
        "unique": tables.empty(tables.UNIQUE),
        "overrides": tables.empty(tables.OVERRIDE),
        "votes": tables.empty(tables.VOTES),
        "screening": review.screening,
        "conflicts": tables.empty(tables.CONFLICTS),
        "reports": review.reports,
        "studies": review.studies,
        "sources": tables.empty(tables.SOURCES),
        "flow": counted,
    }
    return Reviewed(**(whole | others))  # type: ignore[arg-type]


OF_STUDIES = ("previous_studies", "studies", "total_studies", "studies_ma")


def counted_where(flow: Flow) -> dict[tuple[bool, str], set[tuple[str, str, str]]]:
    """Return each box, and part of one, in which a flow counts each record and each study."""
    found: dict[tuple[bool, str], set[tuple[str, str, str]]] = {}
    for key in BOXES:
        for label, ids in [("", flow[key].ids), *((part.label, part.ids) for part in flow[key].parts)]:
            for each in ids:
                found.setdefault((key in OF_STUDIES, each), set()).add((key, label, each))
    return found


def check_all(found: Index) -> None:
    """Check every record's life against the boxes of the flow."""
    where = counted_where(found.reviewed.flow)
    for record_id in found.reviewed.records["record_id"]:
        trail = follow_record(found, record_id)
        told = {(each.box, each.part, each.counted) for each in trail.boxes}
        own = {(False, each.record_id) for each in trail.members}
        own |= {(True, each.study_id) for each in trail.studies}
        assert told == set().union(*(where.get(each, set()) for each in own))
        ends = {box for box, _, _ in told if box in TERMINAL}
        assert ends - set(REMOVED) == {trail.end}
        assert to_lines(trail, ENGLISH)[0].startswith(trail.citation)


@settings(max_examples=40)
@given(st.integers(0, 100_000), st.booleans())
def test_every_record_ends_where_the_flow_has_it(seed: int, finished: bool) -> None:
    review = make_review(seed, finished=finished)
    check_all(index(reviewed(review)))


@pytest.mark.parametrize(
    ("stage", "outcome"), [("full_text", "include"), ("full_text", "exclude"), ("retrieval", "not_retrieved")]
)
def test_what_was_judged_before_a_database_found_it_ends_where_it_was_judged(
    stage: str, outcome: str
) -> None:
    records = make_records(
        record_id=["r1", "r2"],
        source=["Experts", "MEDLINE"],
        source_kind=["organisation", "database"],
        round=["1", "2"],
    )
    pairs = [{"record_id": "r2", "duplicate_of": "r1", "verdict": "duplicate"}]
    said = [{"record_id": "r1", "stage": stage, "outcome": outcome, "resolved_by": "votes"}]
    review = Review(
        records,
        tables.make(tables.DUPLICATES, pairs),
        tables.make(tables.SCREENING, said),
        tables.make(tables.REPORTS, [{"record_id": "r1", "study_id": "s1"}] if outcome == "include" else []),
        tables.make(tables.STUDIES, [{"study_id": "s1", "label": "S"}] if outcome == "include" else []),
    )

    check_all(index(reviewed(review)))


def test_what_an_earlier_version_counted_ends_there() -> None:
    review = make_review(7)
    previous = derive(review.records, review.duplicates, review.screening, reports=review.reports)
    counted = derive(
        review.records, review.duplicates, review.screening, reports=review.reports, previous=previous
    )
    found = index(reviewed(review, flow=counted))

    ends = {follow_record(found, record_id).end for record_id in review.records["record_id"]}
    assert ends == {"earlier_records"}


RECORDS = make_records(
    record_id=["ade", "bo", "cy"],
    title=["Peers", "Peers", "Paid peers"],
    authors=["Ade, B", "Ade, B", "Roe, C"],
    year=["2021", "2021", "2020"],
    source_file=["a.ris", "b.ris", "a.ris"],
    source_line=["1", "9", "30"],
    source=["MEDLINE", "Embase", "MEDLINE"],
)
DUPLICATES = make(
    tables.DUPLICATES, record_id=["bo"], duplicate_of=["ade"], verdict=["duplicate"], rule=["same DOI"]
)
SCREENING = make(
    tables.SCREENING,
    record_id=["ade", "ade", "cy"],
    stage=["title_abstract", "full_text", "title_abstract"],
    outcome=["include", "exclude", "pending"],
    reason=["", "Wrong design", ""],
    reviewers=["ana; ben", "ana; ben", "ana"],
    resolved_by=["votes", "consensus", ""],
)
VOTES = make_votes(
    "bo ana@example.org title_abstract include",
    "ade ben title_abstract include - reviewer 2024-01-02T10:00:00Z",
    "ade ben full_text exclude Design reviewer 2024-02-02",
    "ade ana@example.org full_text include - reviewer 2024-02-01",
    "ade board full_text exclude Wrong consensus 2024-02-03T09:00:00+01:00",
    "cy ana@example.org title_abstract withdrawn - reviewer 2024-01-03",
)


def told(record_id: str, **others: object) -> str:
    review = Review(
        RECORDS, DUPLICATES, SCREENING, tables.empty(tables.REPORTS), tables.empty(tables.STUDIES)
    )
    counted = Flow({"databases": Box(3, ("ade", "bo", "cy")), "duplicates": Box(1, ("bo",))})
    rules = {"same DOI": "one work has one DOI"}
    whole = reviewed(review, **({"votes": VOTES, "flow": counted, "rules": rules} | others))
    return "\n".join(to_lines(follow_record(index(whole, [record_id]), record_id), ENGLISH))


def test_a_life_reads_as_a_page() -> None:
    assert (
        told("ade")
        == """\
Ade B (2021). Peers.

Excluded at full text: Wrong design – by ana and ben, settled by consensus, 2024-02-03.

Found
  MEDLINE: a.ris, line 1; ade
  Embase: b.ris, line 9; bo

Duplicates
  bo was removed as a duplicate of ade, by the rule “same DOI”: one work has one DOI

Title and abstract
  ana: include, no date, cast on bo
  ben: include: -, 2024-01-02 10:00 UTC
  Outcome: included – by ana and ben, 2024-01-02

Full text
  ana: include: -, 2024-02-01
  ben: exclude: Design, 2024-02-02
  board (consensus): exclude: Wrong, 2024-02-03 09:00 UTC+01:00
  Outcome: excluded: Wrong design – by ana and ben, settled by consensus, 2024-02-03

In the flow
  Records identified from: Databases (n = 3): ade, bo
  Duplicate records removed (n = 1): bo

Cited in: table excluded"""
    )


def test_a_record_removed_says_of_which_and_by_which_rule() -> None:
    assert "\nbo was removed as a duplicate of ade, by the rule “same DOI”: one work has one DOI.\n" in told(
        "bo"
    )


def test_what_waits_says_for_whom_and_a_vote_may_be_taken_back() -> None:
    page = told("cy")

    assert "\nWaits at title and abstract: pending, ana voted.\n" in page
    assert "\n  ana: took the vote back: -, 2024-01-03\n" in page


def test_a_conflict_says_what_is_to_be_settled() -> None:
    open_ = SCREENING.assign(outcome=["include", "conflict", "pending"])
    conflicts = make(tables.CONFLICTS, record_id=["ade"], stage=["full_text"], problem=["decisions differ"])

    page = told("ade", screening=open_, conflicts=conflicts)

    assert "\nWaits at full text: conflict (decisions differ), ana and ben voted.\n" in page


def test_peoples_word_on_a_pair_stands_beside_the_rules() -> None:
    words = make(
        tables.OVERRIDE,
        record_id=["cy"],
        duplicate_of=["ade"],
        verdict=["distinct"],
        by=["ana@example.org"],
        why=["see bo@example.org"],
    )

    assert "\n  ana said that cy and ade are two: see bo\n" in told("ade", overrides=words)


def test_no_address_of_a_person_is_printed() -> None:
    words = make(
        tables.OVERRIDE, record_id=["cy"], duplicate_of=["ade"], verdict=["duplicate"], by=["x@example.org"]
    )
    people = (Reviewer("ana@example.org", public="A. R."), Reviewer("ben", aliases=("board",)))

    for record_id in RECORDS["record_id"]:
        assert "@" not in told(record_id, overrides=words, reviewers=people)
    assert "A. R.: include" in told("ade", reviewers=people)


def test_a_study_is_told_with_its_other_reports_and_what_cites_it() -> None:
    reports = make(tables.REPORTS, record_id=["bo", "cy"], study_id=["S1", "S1"])
    studies = make(tables.STUDIES, study_id=["S1"], label=["Ade 2021"])
    included = SCREENING.assign(outcome=["include"] * 3)

    page = told("ade", reports=reports, studies=studies, screening=included, appraised=frozenset({"S1"}))

    assert "\nIncluded, in study S1 (Ade 2021).\n" in page
    assert "\nStudy S1, Ade 2021\n  Other reports: cy\n  Themes: none coded\n" in page
    assert page.endswith("\nCited in: table characteristics, table appraisal")


def test_a_count_that_is_synthetic_is_marked_and_the_mark_explained() -> None:
    counted = Flow({"databases": Box(3, ("ade", "bo", "cy"), basis="synthetic")})

    page = told("cy", flow=counted)

    assert "Databases (n = 3)†\n" in page
    assert page.endswith("† synthetic, for demonstration; not a finding about the study")


@pytest.mark.parametrize(
    ("stage", "outcome", "by", "said"),
    [
        (
            "before_screening",
            "exclude",
            "automation",
            "Removed before screening, as ineligible by an automation",
        ),
        ("before_screening", "exclude", "votes", "Removed before screening –"),
        ("title_abstract", "exclude", "votes", "Excluded at title and abstract –"),
        ("retrieval", "not_retrieved", "votes", "Not retrieved –"),
        ("retrieval", "pending", "", "Waits at retrieval: pending"),
    ],
)
def test_each_way_out_of_the_review_has_its_sentence(stage: str, outcome: str, by: str, said: str) -> None:
    rows = [("title_abstract", "include", "votes")] if stage == "retrieval" else []
    rows.append((stage, outcome, by))
    screening = make(
        tables.SCREENING,
        record_id=["ade"] * len(rows),
        stage=[row[0] for row in rows],
        outcome=[row[1] for row in rows],
        resolved_by=[row[2] for row in rows],
        reviewers=["ana"] * len(rows),
    )

    assert re.search(rf"^{said}", told("ade", screening=screening), re.MULTILINE)


def test_as_data_a_life_has_its_boxes() -> None:
    review = make_review(3)
    whole = reviewed(review)
    data = to_json(follow_record(index(whole), review.records["record_id"].iloc[0]))

    assert data["schema"] == "peerreview/trace/1"
    assert data["boxes"][0].keys() == InBox("", "", 0, "", "").__dict__.keys()


def test_a_search_for_citations_has_its_own_day() -> None:
    records = make_records(
        record_id=["r1", "r2"], source=["Scopus"] * 2, source_kind=["database", "citation_searching"]
    )
    sources = make(
        tables.SOURCES,
        source=["Scopus"] * 2,
        source_kind=["database", "citation_searching"],
        searched_on=["2026-01-31", "2026-03-01"],
    )
    nothing = tables.empty(tables.DUPLICATES), tables.empty(tables.SCREENING)
    review = Review(records, *nothing, tables.empty(tables.REPORTS), tables.empty(tables.STUDIES))

    found = index(reviewed(review, sources=sources))

    assert follow_record(found, "r2").members[0].searched_on == "2026-03-01"
    assert follow_record(found, "r1").members[0].searched_on == "2026-01-31"
