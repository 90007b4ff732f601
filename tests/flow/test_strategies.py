"""What a search's numbers contradict, and what they leave to ask."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.flow.strategies import searched
from peerreview.flow.strategies.arithmetic import check
from peerreview.flow.strategies.combinations import MOST, find_range, parse
from tests.builders import make

HITS = {"1": 100, "2": 50, "3": 10}


def table_of(file: str, *lines: str, database: str = "") -> pd.DataFrame:
    """Return the lines of a search such as ``120 1 OR 2``; ``-`` for no count."""
    parts = [line.partition(" ") for line in lines]
    numbers = [str(number) for number in range(1, len(lines) + 1)]
    return make(
        tables.STRATEGIES,
        file=[file] * len(lines),
        line=numbers,
        platform=["ovid"] * len(lines),
        database=[database] * len(lines),
        number=numbers,
        text=["x"] * len(lines),
        hits=[hits.replace("-", "") for hits, _, _ in parts],
        combination=[combination for _, _, combination in parts],
    )


def checks_of(*lines: str, inexact: str = "") -> list[tuple[str, str, str]]:
    """Return (number, severity, check) for lines such as ``120 1 OR 2``; ``-`` for no count."""
    found = check(table_of("s.txt", *lines), {"ovid": inexact} if inexact else {})
    return [(row["number"], row["severity"], row["check"]) for row in tables.rows(found)]


@pytest.mark.parametrize(
    ("combination", "least", "most"),
    [
        ("1 OR 2 OR 3", 100, 160),
        ("1 AND 2 AND 3", 0, 10),
        ("1 NOT 2", 50, 100),
        ("(1 OR 2) AND 3", 0, 10),
        ("1 OR …", 100, MOST),
        ("1 AND …", 0, 100),
        ("LIMIT(2)", 0, 50),
        ("3 OR 1 AND 2", 0, 60),
        ("1 AND 2 NOT 3", 0, 50),
        ("9", 0, MOST),
        ("", 0, MOST),
    ],
)
def test_a_combination_can_find_so_many(combination: str, least: float, most: float) -> None:
    assert find_range(parse(combination), HITS) == (least, most)


@pytest.mark.parametrize(
    ("combined", "name"),
    [
        ("99 1 OR 2", "or"),
        ("151 1 OR 2", "or"),
        ("51 1 AND 2", "and"),
        ("101 1 NOT 2", "not"),
        ("49 1 NOT 2", "not"),
        ("101 LIMIT(1)", "limit"),
        ("101 DEDUPE(1)", "limit"),
        ("10 1 OR 7", "reference"),
        ("10 1 OR 3", "circular"),
    ],
)
def test_a_number_that_cannot_be_is_an_error(combined: str, name: str) -> None:
    assert ("3", "error", name) in checks_of("100 ", "50 ", combined)


def test_sound_numbers_are_no_error() -> None:
    assert checks_of("100 ", "50 ", "140 1 OR 2", "30 3 AND …", "25 LIMIT(4)", "20 DEDUPE(5)") == []


def test_where_a_platform_does_not_count_exactly_it_is_a_remark() -> None:
    assert checks_of("100 ", "50 ", "99 1 OR 2", inexact="Scopus estimates") == [("3", "remark", "or")]


def test_lines_that_rest_on_each_other_are_circular() -> None:
    found = checks_of("- ", "- 1 OR 3", "- 1 OR 2")

    assert [each for each in found if each[2] == "circular"] == [
        ("2", "error", "circular"),
        ("3", "error", "circular"),
    ]


def test_a_line_that_nothing_uses_is_remarked_on() -> None:
    assert checks_of("100 ", "50 ", "7 ", "140 1 OR 2") == [("3", "remark", "unused")]


def test_a_line_that_changed_nothing_is_remarked_on() -> None:
    assert checks_of("100 ", "50 ", "100 1 OR 2") == [("3", "remark", "idle")]
    assert checks_of("100 ", "100 LIMIT(1)") == [("2", "remark", "idle")]
    assert checks_of("100 ", "0 ", "100 1 OR 2") == [("3", "remark", "idle")]


def test_a_line_without_a_count_among_others_is_remarked_on() -> None:
    assert checks_of("100 ", "- ", "140 1 OR 2") == [("2", "remark", "hits")]


def searched_with(*lines: str, records: str = "", found: int = 0) -> list[tuple[str, str]]:
    """Return (severity, message) for a search whose source says so many records, and some were imported."""
    sources = make(tables.SOURCES, source=["MEDLINE"], file=["exports/medline.ris"], records=[records])
    imported = make(tables.RECORDS, source_file=["exports/medline.ris"] * found)
    table = table_of("strategies/medline.txt", *lines)
    return [
        (row["severity"], row["message"]) for row in tables.rows(searched.check(table, sources, imported))
    ]


def test_a_search_that_found_what_was_declared_and_imported_is_sound() -> None:
    assert searched_with("100 ", "3 LIMIT(1)", records="3", found=3) == []


def test_another_number_than_declared_is_an_error() -> None:
    said = "the last line found 3, sources.csv says 4 records of MEDLINE"

    assert searched_with("100 ", "3 LIMIT(1)", records="4", found=4) == [("error", said)]


def test_records_exported_before_a_limit_are_named_as_that() -> None:
    ((severity, message),) = searched_with("7 ", "3 DEDUPE(1)", records="7", found=7)

    assert severity == "remark"
    assert message.endswith(": as line 1 did, before duplicates were removed")


def test_an_export_of_as_many_as_a_platform_gives_is_named_as_cut_off() -> None:
    ((severity, message),) = searched_with("1234 ", "1234 LIMIT(1)", records="1234", found=1000)

    assert severity == "error"
    assert message.endswith(
        "an export of exactly 1,000 is as much as a platform gives at once; is a part missing?"
    )


def test_a_search_is_linked_by_query_export_source_and_database() -> None:
    sources = make(
        tables.SOURCES,
        source=["MEDLINE", "Embase", "CINAHL", "Scopus"],
        file=["exports/a.ris", "exports/emb-1.ris", "exports/c.ris", "exports/d.ris"],
        query=["strategies/first.txt", "", "", ""],
    )

    def how(file: str, database: str = "") -> tuple[tuple[int, ...], str]:
        (linked,) = searched.link(table_of(file, "1 ", database=database), sources)
        return linked.rows, linked.how

    assert how("strategies/first.txt") == ((0,), "query")
    assert how("strategies/emb-1.txt") == ((1,), "export")
    assert how("strategies/cinahl.txt") == ((2,), "source")
    assert how("strategies/x.txt", "Scopus") == ((3,), "database")
    assert how("strategies/x.txt")[0] == ()


def test_two_searches_that_could_be_meant_are_both_named() -> None:
    sources = make(tables.SOURCES, source=["Embase", "Embase"], round=["1", "2"], file=["a.ris", "b.ris"])
    (linked,) = searched.link(table_of("strategies/embase.txt", "1 "), sources)

    assert linked.rows == ()
    assert "Embase (round 1), Embase (round 2)" in linked.how


@pytest.mark.slow
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_counts_of_a_search_that_was_run_are_never_contradicted(data: st.DataObject) -> None:
    """Whatever a database holds: the lines are sets of its records, combined as they say."""
    found: list[frozenset[int]] = []
    lines = []
    for number in range(1, data.draw(st.integers(3, 9)) + 1):
        how = data.draw(
            st.sampled_from(["term", "OR", "AND", "NOT", "LIMIT", "mixed"] if found else ["term"])
        )
        one, two, three = (data.draw(st.integers(1, max(number - 1, 1))) for _ in range(3))
        if how == "term":
            records, said = data.draw(st.frozensets(st.integers(0, 12))), ""
        elif how == "LIMIT":
            records, said = (
                frozenset(data.draw(st.sets(st.sampled_from(sorted(found[one - 1] or {0}))))),
                f"LIMIT({one})",
            )
            records &= found[one - 1]
        elif how == "mixed":
            left = data.draw(st.booleans())
            a, b, c = (found[each - 1] for each in (one, two, three))
            records, said = ((a | b) & c if left else a | (b & c)), f"{one} OR {two} AND {three}"
        else:
            a, b = found[one - 1], found[two - 1]
            records = {"OR": a | b, "AND": a & b, "NOT": a - b}[how]
            said = f"{one} {how} {two}"
        found.append(records)
        lines.append(f"{len(records)} {said}")

    assert [each for each in checks_of(*lines) if each[1] == "error"] == []
