from random import Random

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.protocol import Reviewer
from peerreview.screening.outcomes import Settled, settle
from tests.builders import make, make_votes

BOTH_INCLUDE = ("r1 ana title_abstract include", "r1 bo title_abstract include")


def make_unique(n_records: int = 1, kinds: str = "database") -> pd.DataFrame:
    return make(
        tables.UNIQUE,
        record_id=[f"r{number}" for number in range(1, n_records + 1)],
        source_kinds=[kinds] * n_records,
    )


def _settle(*rows: str, kinds: str = "database", merged: str = "", **options: object) -> Settled:
    duplicates = make(
        tables.DUPLICATES,
        record_id=merged.split(),
        duplicate_of=["r1"] * len(merged.split()),
        verdict=["duplicate"] * len(merged.split()),
    )
    return settle(make_unique(1, kinds), make_votes(*rows), duplicates=duplicates, **options)  # type: ignore[arg-type]


def outcomes(settled: Settled) -> dict[str, str]:
    table = settled.screening
    return dict(zip(table["stage"], table["outcome"], strict=True))


def problems(settled: Settled) -> list[str]:
    return list(settled.conflicts["problem"])


def test_two_includes_send_a_record_to_full_text() -> None:
    assert outcomes(_settle(*BOTH_INCLUDE)) == {"title_abstract": "include", "full_text": "pending"}


def test_a_record_without_votes_is_pending() -> None:
    assert outcomes(_settle()) == {"title_abstract": "pending"}


def test_where_one_person_has_voted_it_is_told_that_two_are_awaited() -> None:
    waits = "title_abstract: 1 vote waits for a second reviewer, who has cast none"

    assert [each for each in _settle(BOTH_INCLUDE[0]).remarks if each.startswith(waits)]
    alone = _settle(BOTH_INCLUDE[0], votes_required={"title_abstract": 1})
    assert not [
        each for settled in (alone, _settle(*BOTH_INCLUDE)) for each in settled.remarks if "waits" in each
    ]


def test_one_vote_of_two_is_pending() -> None:
    assert outcomes(_settle("r1 ana title_abstract exclude")) == {"title_abstract": "pending"}


def test_one_vote_settles_where_the_protocol_asks_for_one() -> None:
    settled = _settle("r1 ana title_abstract exclude", votes_required={"title_abstract": 1})

    assert outcomes(settled) == {"title_abstract": "exclude"}


def test_reviewers_who_differ_are_a_conflict() -> None:
    settled = _settle("r1 ana title_abstract include", "r1 bo title_abstract exclude")

    assert outcomes(settled) == {"title_abstract": "conflict"}
    assert list(settled.conflicts["votes"]) == ["ana: include; bo: exclude"]


def test_maybe_advances_at_title_and_abstract() -> None:
    settled = _settle("r1 ana title_abstract maybe", "r1 bo title_abstract include")

    assert outcomes(settled) == {"title_abstract": "include", "full_text": "pending"}


def test_maybe_against_exclude_is_a_conflict() -> None:
    settled = _settle("r1 ana title_abstract maybe", "r1 bo title_abstract exclude")

    assert outcomes(settled) == {"title_abstract": "conflict"}


def test_maybe_stays_open_at_full_text() -> None:
    settled = _settle(*BOTH_INCLUDE, "r1 ana full_text maybe", "r1 bo full_text maybe")

    assert outcomes(settled)["full_text"] == "pending"
    assert problems(settled) == ["maybe at full text"]


def test_a_record_of_other_methods_skips_title_and_abstract() -> None:
    assert outcomes(_settle(kinds="website; citation_searching")) == {"full_text": "pending"}


def test_a_record_that_a_database_found_too_is_screened() -> None:
    assert outcomes(_settle(kinds="website; register")) == {"title_abstract": "pending"}


def test_what_was_judged_as_another_methods_is_not_asked_for_again_when_a_database_finds_it() -> None:
    unique = make_unique(2, "citation_searching; database").assign(source_kind="citation_searching")
    votes = make_votes("r1 ana full_text include", "r1 bo full_text include")

    table = settle(unique, votes).screening

    assert list(zip(table["record_id"], table["stage"], table["outcome"], strict=True)) == [
        ("r1", "full_text", "include"),
        ("r2", "title_abstract", "pending"),
    ]


def test_a_record_removed_before_screening_has_no_further_stage() -> None:
    settled = _settle("r1 robot before_screening exclude - automation")

    assert outcomes(settled) == {"before_screening": "exclude"}
    assert list(settled.screening["resolved_by"]) == ["automation"]


def test_a_report_not_retrieved_is_not_assessed() -> None:
    settled = _settle(*BOTH_INCLUDE, "r1 ana retrieval not_retrieved")

    assert outcomes(settled) == {"title_abstract": "include", "retrieval": "not_retrieved"}


def test_a_report_not_retrieved_is_said_at_the_stage_of_retrieval() -> None:
    with pytest.raises(InputErrors, match="not_retrieved is said at the stage retrieval, not at full_text"):
        _settle(*BOTH_INCLUDE, "r1 ana full_text not_retrieved")


def test_a_report_that_came_after_all_is_assessed() -> None:
    settled = _settle(
        *BOTH_INCLUDE,
        "r1 ana retrieval not_retrieved - reviewer 2024-01-01",
        "r1 ana retrieval include - reviewer 2024-02-01",
    )

    assert outcomes(settled) == {"title_abstract": "include", "full_text": "pending"}


def test_a_vote_on_a_merged_record_counts_for_the_record_kept() -> None:
    settled = _settle("r1 ana title_abstract include", "r2 bo title_abstract include", merged="r2")

    assert outcomes(settled)["title_abstract"] == "include"
    assert settled.screening["reviewers"].iloc[0] == "ana; bo"


def test_equal_votes_on_merged_records_are_one_vote() -> None:
    settled = _settle("r1 ana title_abstract include", "r2 ana title_abstract include", merged="r2")

    assert outcomes(settled) == {"title_abstract": "pending"}


def test_different_votes_on_merged_records_are_a_conflict() -> None:
    settled = _settle(
        "r1 ana title_abstract include",
        "r2 ana title_abstract exclude",
        "r1 bo title_abstract include",
        merged="r2",
    )

    assert outcomes(settled) == {"title_abstract": "conflict"}
    assert problems(settled) == ["merged votes differ"]
    assert settled.conflicts["votes"].iloc[0] == "ana: include of r1, exclude of r2; bo: include"


def test_a_resolution_settles_a_conflict() -> None:
    settled = _settle(
        "r1 ana title_abstract include",
        "r1 bo title_abstract exclude",
        "r1 zed title_abstract exclude - adjudicator",
    )

    assert outcomes(settled) == {"title_abstract": "exclude"}
    assert list(settled.screening["resolved_by"]) == ["adjudicator"]
    assert settled.conflicts.empty


def test_an_ai_never_decides() -> None:
    settled = _settle("r1 ana title_abstract include", "r1 gpt title_abstract include - ai")

    assert outcomes(settled) == {"title_abstract": "pending"}


def test_automation_excludes_what_nobody_voted_on() -> None:
    settled = _settle("r1 classifier title_abstract exclude - automation")

    assert outcomes(settled) == {"title_abstract": "exclude"}
    assert list(settled.screening["resolved_by"]) == ["automation"]


def test_people_decide_where_automation_says_otherwise() -> None:
    settled = _settle(*BOTH_INCLUDE, "r1 classifier title_abstract exclude - automation")

    assert outcomes(settled)["title_abstract"] == "include"


def test_two_tools_that_differ_are_a_conflict() -> None:
    settled = _settle(
        "r1 one title_abstract exclude - automation", "r1 two title_abstract include - automation"
    )

    assert problems(settled) == ["decisions differ"]


def test_the_latest_resolution_counts() -> None:
    settled = _settle(
        "r1 ana title_abstract include - reviewer 2024-01-01",
        "r1 bo title_abstract exclude - reviewer 2024-01-01",
        "r1 zed title_abstract exclude - adjudicator 2024-02-01",
        "r1 both title_abstract include - consensus 2024-03-01",
    )

    assert outcomes(settled)["title_abstract"] == "include"
    assert settled.screening["resolved_by"].iloc[0] == "consensus"


@pytest.mark.parametrize("first", ["consensus", "adjudicator"])
def test_where_no_time_tells_an_adjudicator_has_the_last_word_over_a_consensus(first: str) -> None:
    words = {"consensus": "r1 both title_abstract include - consensus"}
    words |= {"adjudicator": "r1 zed title_abstract exclude - adjudicator"}
    other = "adjudicator" if first == "consensus" else "consensus"

    settled = _settle(*BOTH_INCLUDE, words[first], words[other])

    assert outcomes(settled) == {"title_abstract": "exclude"}
    assert list(settled.screening["resolved_by"]) == ["adjudicator"]


def test_a_record_that_is_not_deduplicated_yet_is_judged_by_its_own_kind_of_source() -> None:
    website = make_unique(kinds="").assign(source_kind="website")

    by_database = settle(make_unique(kinds=""), make_votes())
    by_website = settle(website, make_votes())

    assert outcomes(by_database) == {"title_abstract": "pending"}
    assert outcomes(by_website) == {"full_text": "pending"}


def test_a_resolution_takes_the_reviewers_reason() -> None:
    settled = _settle(
        *BOTH_INCLUDE,
        "r1 ana full_text exclude design",
        "r1 bo full_text include",
    )
    assert problems(settled) == ["decisions differ"]

    rows = make_votes(*BOTH_INCLUDE, "r1 ana full_text exclude design", "r1 bo full_text include")
    final = tables.make(
        tables.VOTES,
        [
            {
                "record_id": "r1",
                "reviewer": "zed",
                "stage": "full_text",
                "decision": "exclude",
                "role": "adjudicator",
            }
        ],
    )
    settled = settle(make_unique(), pd.concat([rows, final], ignore_index=True))
    assert settled.screening["reason"].tolist() == ["", "design"]


def test_votes_that_do_not_count_yet_are_remarked() -> None:
    waiting = _settle("r1 ana title_abstract include", "r1 ana full_text include")
    skipped = _settle("r1 ana title_abstract include", kinds="website")
    twin = _settle("r1 Ana title_abstract include", "r1 ana title_abstract include")

    assert "1 record has votes at full_text while an earlier stage is open" in waiting.remarks
    assert any("of other methods has votes at title_abstract" in remark for remark in skipped.remarks)
    assert any("'Ana' and 'ana' count as two people; if they are one" in remark for remark in twin.remarks)


def test_the_protocols_first_reason_is_the_primary_one() -> None:
    rows = (*BOTH_INCLUDE, "r1 ana full_text exclude design", "r1 bo full_text exclude Population")

    settled = _settle(*rows, reasons=("population", "design"))

    assert outcomes(settled)["full_text"] == "exclude"
    assert settled.screening["reason"].iloc[1] == "population"
    assert problems(settled) == ["reasons differ"]


def test_different_reasons_are_a_conflict_where_no_order_is_laid_down() -> None:
    settled = _settle(*BOTH_INCLUDE, "r1 ana full_text exclude design", "r1 bo full_text exclude population")

    assert outcomes(settled)["full_text"] == "conflict"
    assert problems(settled) == ["reasons differ"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("r9 ana title_abstract include",), "'r9' is not among the records"),
        (("r1 ana retrieval maybe",), "'maybe' is not one of retrieval"),
        (
            ("r1 ana title_abstract exclude", "r1 bo title_abstract exclude", "r1 bo full_text include"),
            "'r1' is excluded at title_abstract, so there is no vote on it at full_text",
        ),
        (
            (*BOTH_INCLUDE, "r1 ana retrieval not_retrieved", "r1 bo full_text include"),
            "'r1' is not retrieved, so there is no vote",
        ),
        (
            ("r1 ana title_abstract include", "r1 bo full_text include"),
            "ana at title_abstract, bo at full_text",
        ),
        (("r1 zed title_abstract maybe - consensus",), "a resolution is include or exclude"),
    ],
)
def test_votes_that_cannot_be_are_told(rows: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputErrors, match=message):
        _settle(*rows)


def test_a_report_excluded_since_it_could_not_be_had_is_told() -> None:
    settled = settle(
        make_unique(3),
        make_votes(
            *(f"{r} {who} title_abstract include" for r in ("r1", "r2", "r3") for who in ("ana", "bo")),
            *(f"r1 {who} full_text exclude not_retrieved" for who in ("ana", "bo")),
            *(f"r2 {who} full_text exclude design" for who in ("ana", "bo")),
            *(f"r3 {who} retrieval not_retrieved" for who in ("ana", "bo")),
        ),
    )

    told = [each for each in settled.remarks if "PRISMA 2020 counts such as not retrieved" in each]
    assert [each.partition(":")[0] for each in told] == ["1 report is excluded as not to be had"]


def test_a_full_text_excluded_without_a_reason_stays_open_and_the_rest_is_settled() -> None:
    settled = settle(
        make_unique(2),
        make_votes(
            *(f"{r} {who} title_abstract include" for r in ("r1", "r2") for who in ("ana", "bo")),
            *(f"r1 {who} full_text exclude" for who in ("ana", "bo")),
            *(f"r2 {who} full_text exclude design" for who in ("ana", "bo")),
        ),
    )

    full = settled.screening[settled.screening["stage"] == "full_text"]
    assert list(full["outcome"]) == ["conflict", "exclude"]
    assert list(full["resolved_by"]) == ["", "votes"]
    assert settled.conflicts[["record_id", "problem"]].to_numpy().tolist() == [["r1", "reason missing"]]
    assert settled.n_open == 1
    assert any(remark.startswith("1 full text excluded without a reason") for remark in settled.remarks)


@pytest.mark.parametrize(
    "rows",
    [
        ("r1 bo full_text exclude design",),
        ("r1 ana full_text exclude design", "r1 bo full_text exclude"),
        ("r1 bo full_text exclude", "r1 both full_text exclude design consensus"),
        ("r1 bo full_text include", "r1 zed full_text exclude design adjudicator"),
    ],
)
def test_one_reason_is_enough_whoever_gives_it(rows: tuple[str, ...]) -> None:
    settled = _settle(*BOTH_INCLUDE, "r1 ana full_text exclude", *rows)

    assert outcomes(settled)["full_text"] == "exclude"
    assert settled.screening["reason"].iloc[1] == "design"
    assert settled.conflicts.empty


@pytest.mark.parametrize("role", ["consensus", "adjudicator", "automation"])
def test_no_role_excludes_a_full_text_without_a_reason(role: str) -> None:
    row = make_votes(*BOTH_INCLUDE, f"r1 zed full_text exclude - {role}")
    settled = settle(make_unique(), row.assign(reason=""))

    assert problems(settled) == ["reason missing"]


def test_a_title_needs_no_reason() -> None:
    settled = _settle(*(f"r1 {who} title_abstract exclude" for who in ("ana", "bo")))

    assert outcomes(settled) == {"title_abstract": "exclude"}


def test_a_vote_changed_within_a_day_is_a_conflict_of_its_record_alone() -> None:
    rows = make_votes(
        *(f"{r} {who} title_abstract exclude - reviewer 2024-01-01" for r in ("r1", "r2") for who in "ab"),
        "r1 a title_abstract include - reviewer 2024-01-01",
    )
    settled = settle(make_unique(2), rows.assign(reason=""))

    assert list(settled.screening["outcome"]) == ["conflict", "exclude"]
    assert settled.conflicts[["problem", "votes"]].to_numpy().tolist() == [
        ["order of votes unknown", "a: exclude or include; b: exclude"]
    ]
    assert "1 record with a vote changed within a day is a conflict, for its order is unknown" in (
        settled.remarks
    )
    assert not any("votes were changed" in remark for remark in settled.remarks)


def test_a_resolution_settles_a_vote_changed_within_a_day() -> None:
    settled = _settle(
        "r1 a title_abstract exclude - reviewer 2024-01-01",
        "r1 a title_abstract include - reviewer 2024-01-01",
        "r1 both title_abstract include - consensus",
    )

    assert outcomes(settled)["title_abstract"] == "include"


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        ("adjudicator", "adjudicator", ["resolutions differ"]),
        ("consensus 2024-01-02", "consensus 2024-01-02", ["resolutions differ"]),
        ("consensus", "adjudicator", []),
        ("consensus 2024-01-02", "adjudicator 2024-01-02T10:00:00Z", []),
        ("adjudicator 2024-01-03", "consensus 2024-01-02", []),
    ],
)
def test_of_two_resolutions_the_later_one_or_the_adjudicators_counts(
    first: str, second: str, problem: list[str]
) -> None:
    settled = _settle(f"r1 x title_abstract exclude - {first}", f"r1 y title_abstract include - {second}")

    assert problems(settled) == problem


def test_a_resolution_whose_order_is_unknown_settles_nothing() -> None:
    settled = _settle(
        *BOTH_INCLUDE,
        "r1 x title_abstract exclude - consensus 2024-01-02",
        "r1 x title_abstract include - consensus 2024-01-02",
    )

    assert problems(settled) == ["order of votes unknown"]


def test_reviewers_stand_under_the_name_to_print() -> None:
    votes = make_votes(
        "r1 ana@example.org title_abstract include",
        "r1 AR title_abstract include",
        "r1 bo@example.org title_abstract exclude",
    )
    settled = settle(make_unique(), votes, reviewers=[Reviewer("Ana", aliases=("ar", "ana@example.org"))])

    assert list(settled.screening["reviewers"]) == ["Ana; bo"]
    assert list(settled.conflicts["votes"]) == ["Ana: include; bo: exclude"]
    assert not any("@" in remark for remark in settled.remarks)


def test_a_role_of_the_protocol_holds() -> None:
    settled = _settle(
        "r1 gpt title_abstract exclude",
        "r1 ana title_abstract include",
        reviewers=[Reviewer("gpt", role="ai")],
    )

    assert outcomes(settled) == {"title_abstract": "pending"}


def test_a_reviewer_called_consensus_is_asked_about() -> None:
    settled = _settle("r1 Consensus title_abstract exclude", "r1 ana title_abstract include")

    assert any("'Consensus' votes as a reviewer: fill in the role" in each for each in settled.remarks)


def test_a_reason_that_the_protocol_does_not_know_stops_its_own_record_alone() -> None:
    settled = settle(
        make_unique(2),
        make_votes(
            *(f"{r} {who} title_abstract include" for r in ("r1", "r2") for who in ("ana", "bo")),
            "r1 ana full_text exclude colour",
            "r1 bo full_text exclude design",
            *(f"r2 {who} full_text exclude design" for who in ("ana", "bo")),
        ),
        reasons=("design",),
    )

    full = settled.screening[settled.screening["stage"] == "full_text"]
    assert list(full["outcome"]) == ["conflict", "exclude"]
    assert list(full["reason"]) == ["", "design"]
    assert problems(settled) == ["reason not the protocol's"]
    assert any("reason 'colour' is not one of the protocol's: design" in each for each in settled.remarks)


def test_a_resolution_for_a_reason_of_the_protocol_settles_a_strange_one() -> None:
    settled = _settle(
        *BOTH_INCLUDE,
        "r1 ana full_text exclude colour",
        "r1 bo full_text exclude design",
        "r1 both full_text exclude design consensus",
        reasons=("design",),
    )

    assert outcomes(settled)["full_text"] == "exclude"
    assert settled.conflicts.empty


def test_a_reason_has_one_spelling() -> None:
    settled = settle(
        unique=make(tables.UNIQUE, record_id=["r1", "r2", "r3"], source_kinds=["database"] * 3),
        votes=make_votes(
            *(f"{r} {who} title_abstract include" for r in ("r1", "r2", "r3") for who in ("ana", "bo")),
            *(f"r1 {who} full_text exclude design" for who in ("ana", "bo")),
            "r2 ana full_text exclude Design",
            "r2 bo full_text exclude design",
            *(f"r3 {who} full_text exclude DESIGN" for who in ("ana", "bo")),
        ),
    )

    assert (
        settled.screening.loc[settled.screening["stage"] == "full_text", "reason"].tolist() == ["design"] * 3
    )
    assert "reasons read as 'design', case and blanks aside: 'DESIGN', 'Design'" in settled.remarks


def invented_history(random: Random, number: int) -> list[dict[str, str]]:
    """Return votes, changes and resolutions on a record and its duplicate, each at a time of its own."""
    moments = [f"2024-01-{day:02}T{hour:02}:00:00Z" for day in range(1, 29) for hour in range(8, 18)]
    times = random.sample(moments, random.randint(0, 9))
    rows = []
    for time in times:
        role = random.choice(["", "reviewer", "reviewer", "reviewer", "adjudicator", "consensus", "ai"])
        is_final = role in ("adjudicator", "consensus")
        person = "zed" if is_final else "gpt" if role == "ai" else random.choice(["ana", "bo", "cy"])
        decision = random.choice(["include", "exclude"] if is_final else ["include", "exclude", "maybe"])
        cast_on = f"r{number}" if random.random() < 0.85 else f"d{number}"
        row = {"record_id": cast_on, "reviewer": person, "stage": "title_abstract", "decision": decision}
        rows.append(row | {"role": role, "decided_at": time})
    return rows


def test_a_thousand_histories_in_any_order_have_the_same_outcomes() -> None:
    random = Random(5)  # noqa: S311  the same histories each time
    n_records = 1000
    unique = make_unique(n_records)
    ids = [f"r{number}" for number in range(1, n_records + 1)]
    duplicates = make(
        tables.DUPLICATES,
        record_id=[record_id.replace("r", "d") for record_id in ids],
        duplicate_of=ids,
        verdict=["duplicate"] * n_records,
    )
    rows = [row for number in range(1, n_records + 1) for row in invented_history(random, number)]
    first = settle(unique, tables.make(tables.VOTES, rows), duplicates=duplicates)

    for _ in range(5):
        again = [*rows, *random.sample(rows, len(rows) // 2)]
        random.shuffle(again)
        other = settle(unique, tables.make(tables.VOTES, again), duplicates=duplicates)
        assert first.screening.equals(other.screening)
        assert first.conflicts.equals(other.conflicts)
    counts = first.screening["outcome"].value_counts()
    assert set(counts.index) == {"include", "exclude", "pending", "conflict"}
    assert set(first.screening["record_id"]) == set(ids)
    assert counts["conflict"] == len(first.conflicts)
    assert set(first.conflicts["problem"]) == {"decisions differ", "merged votes differ"}


def test_records_judged_together_have_the_outcomes_that_each_has_alone() -> None:
    random = Random(7)  # noqa: S311  the same histories each time
    n_records = 150
    rows = [row for number in range(1, n_records + 1) for row in invented_history(random, number)]
    rows += [row | {"stage": "full_text", "reason": random.choice(["", "design"])} for row in rows[::3]]
    late = {row["record_id"].lstrip("rd") for row in rows if row["stage"] == "full_text"}
    votes = tables.make(tables.VOTES, [row for row in rows if row["record_id"].lstrip("rd") not in late])
    more = tables.make(tables.VOTES, [row | {"stage": "full_text"} for row in rows])
    duplicates = make(
        tables.DUPLICATES,
        record_id=[f"d{number}" for number in range(1, n_records + 1)],
        duplicate_of=[f"r{number}" for number in range(1, n_records + 1)],
        verdict=["duplicate"] * n_records,
    )

    for cast, kinds in ((votes, "database"), (more, "website")):
        unique = make_unique(n_records, kinds)
        whole = settle(unique, cast, duplicates=duplicates)
        alone = [
            settle(
                unique.iloc[[place]].reset_index(drop=True),
                cast[cast["record_id"].isin([f"r{place + 1}", f"d{place + 1}"])].reset_index(drop=True),
                duplicates=duplicates,
            )
            for place in range(n_records)
        ]
        for table in ("screening", "conflicts"):
            each = pd.concat([getattr(settled, table) for settled in alone], ignore_index=True)
            assert getattr(whole, table).equals(each)


def test_a_record_whose_vote_was_taken_back_waits_for_another() -> None:
    settled = _settle(*BOTH_INCLUDE, "r1 bo title_abstract withdrawn")

    assert outcomes(settled) == {"title_abstract": "pending"}
    assert list(settled.screening["reviewers"]) == ["ana"]


def test_a_resolution_taken_back_leaves_the_conflict() -> None:
    settled = _settle(
        "r1 ana title_abstract include",
        "r1 bo title_abstract exclude",
        "r1 both title_abstract include - consensus",
        "r1 both title_abstract withdrawn - consensus",
    )

    assert outcomes(settled) == {"title_abstract": "conflict"}


def test_taking_back_a_vote_that_nobody_cast_is_told() -> None:
    with pytest.raises(InputErrors, match="cy takes back a vote on 'r1' at title_abstract that is not there"):
        _settle(*BOTH_INCLUDE, "r1 cy title_abstract withdrawn")


def test_a_tool_that_the_protocol_knows_never_settles_a_record() -> None:
    votes = ("r1 ana title_abstract include", "r1 gpt-4 title_abstract include")
    gpt = Reviewer("gpt", aliases=("gpt-4",), role="ai")

    settled = _settle(*votes, reviewers=[gpt])

    assert outcomes(settled) == {"title_abstract": "pending"}
    assert list(settled.screening["reviewers"]) == ["ana"]


def test_a_vote_is_taken_back_under_another_name_of_the_same_person() -> None:
    ana = Reviewer("Ana", aliases=("AR",))

    settled = _settle(*BOTH_INCLUDE, "r1 ar title_abstract withdrawn", reviewers=[ana])

    assert list(settled.screening["reviewers"]) == ["bo"]


def test_an_include_and_a_maybe_are_told_at_title_and_abstract_alone() -> None:
    both = ("r1 ana title_abstract include", "r1 bo title_abstract include")
    told = "1 record went on to full text with one include and one maybe"

    at_title = _settle(both[0], "r1 bo title_abstract maybe")
    at_full_text = _settle(*both, "r1 ana full_text include", "r1 bo full_text maybe")

    assert told in at_title.remarks
    assert told not in at_full_text.remarks


def test_what_an_include_names_is_no_reason_for_an_exclusion() -> None:
    settled = _settle(
        *BOTH_INCLUDE,
        "r1 ana full_text exclude Wrong",
        "r1 bo full_text include Also",
        "r1 zed full_text exclude - adjudicator",
    )

    assert list(settled.screening["reason"])[-1] == "Wrong"
