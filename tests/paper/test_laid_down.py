"""Tests of what the protocol says, and where what was done differs from it."""

from peerreview import tables
from peerreview.paper import checklist, laid_down
from peerreview.protocol import Amendment, Protocol, Registration
from tests.builders import make

SOURCES = make(
    tables.SOURCES,
    source=["MEDLINE", "Scopus", "Department of Health"],
    source_kind=["database", "database", "website"],
    platform=["Ovid", "", ""],
)
SCREENED = make(
    tables.SCREENING,
    record_id=["r1", "r2"],
    stage=["full_text"] * 2,
    outcome=["exclude"] * 2,
    reason=["Wrong design", "Carers alone"],
)


def told(plan: Protocol) -> list[str]:
    return [each.text for each in laid_down.departures(plan, SOURCES, SCREENED)]


def test_what_the_protocol_says_stands_at_its_items_of_the_checklist() -> None:
    plan = Protocol(
        registration="PROSPERO CRD42021257013",
        registered=Registration("PROSPERO", "CRD42021257013", protocol="https://example.org/p.pdf"),
        question={
            "framework": "PEO",
            "question": "What helps peers",
            "population": "Peers",
            "exposure": "Work",
        },
        criteria={"include": ("Adults", "Peers."), "exclude": ("Letters",)},
        planned=("MEDLINE", "Embase"),
        amendments=(Amendment("2022-01", "CINAHL added", "It was missed"),),
        funding="None",
        competing_interests="None declared.",
    )

    sheet = checklist.lay_out(checklist.shipped("prisma-2020"), checklist.facts([], plan))
    known = {row[2].text: row[4].text for row in sheet.rows}

    assert known["4"] == (
        "Question: What helps peers. [peerreview.toml, question] "
        "By PEO: population: Peers; exposure: Work. [peerreview.toml, question]"
    )
    assert known["5"] == (
        "Included are: Adults; Peers. [peerreview.toml, criteria] "
        "Excluded are: Letters. [peerreview.toml, criteria]"
    )
    assert known["6"].startswith("Sources to search: MEDLINE and Embase.")
    assert known["24b"].startswith("The protocol can be read (https://example.org/p.pdf).")
    assert known["24c"].startswith("Amended 2022-01: CINAHL added. Reason: It was missed.")
    assert known["25"].startswith("Funding: None.")
    assert known["26"].startswith("Competing interests: None declared.")


def test_a_protocol_that_says_nothing_tells_nothing() -> None:
    assert laid_down.statements(Protocol()) == {}
    assert told(Protocol()) == []


def test_a_source_that_was_planned_and_not_searched_is_named_and_the_other_way_round() -> None:
    plan = Protocol(planned=("Ovid MEDLINE", "Embase", "Department of Health"))

    assert told(plan) == ["Planned, and in no search: Embase.", "Searched, and not planned: Scopus."]


def test_a_reason_that_no_criterion_has_is_named() -> None:
    plan = Protocol(criteria={"exclude": ("Wrong design: reviews and letters",)}, reasons=("Wrong age",))

    assert told(plan) == ["Reasons for exclusion in the words of no criterion: Wrong age and Carers alone."]


def test_grey_literature_searched_and_excluded_is_named() -> None:
    plan = Protocol(reasons=("Gray literature",))

    assert told(plan) == [
        "Grey literature is excluded (“Gray literature”), and was searched: Department of Health."
    ]


def test_nothing_is_told_of_searches_where_there_are_none() -> None:
    nothing = tables.empty(tables.SOURCES)

    assert laid_down.departures(Protocol(planned=("MEDLINE",)), nothing, SCREENED) == []
