"""Searches whose lines stand glued, in one paragraph or without a gap between cells, or have no numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.imports.strategies import reading
from tests.imports.strategies.histories import cells, read

LINES = ("exp Shift Work/", "(night adj2 work*).ti,ab.", "1 or 2", "exp Sleep/", "3 and 4")
PARAGRAPH = "MEDLINE (Ovid)\n" + " ".join(f"{number} {text}" for number, text in enumerate(LINES, start=1))


def _lines(text: str) -> list[tuple[str, str]]:
    return [(number, said) for number, said in cells(text, "number", "text")]


def test_a_search_in_one_paragraph_is_read_line_by_line() -> None:
    assert _lines(PARAGRAPH) == [(str(number), text) for number, text in enumerate(LINES, start=1)]


def test_numbers_with_points_or_signs_open_lines_of_a_paragraph_too() -> None:
    dotted = "Ovid MEDLINE 1. exp Shift Work/ 2. (type 2 or type 3).tw. 3. 1 and 2 4. limit 3 to yr=2001-2010"
    signed = "#1 MeSH descriptor: [Sleep] explode all trees #2 nap*:ti,ab #3 #1 or #2 #4 #3 in Trials"

    assert [text for _, text in _lines(dotted)] == [
        "exp Shift Work/",
        "(type 2 or type 3).tw.",
        "1 and 2",
        "limit 3 to yr=2001-2010",
    ]
    assert [text for _, text in _lines(signed)] == [
        "MeSH descriptor: [Sleep] explode all trees",
        "nap*:ti,ab",
        "#1 or #2",
        "#3 in Trials",
    ]


def test_headings_within_a_paragraph_are_told_and_are_no_part_of_a_line() -> None:
    text = (
        "Part I. Work 1. exp Shift Work/ 2. nurs*.tw. 3. 1 or 2 Part II. Rest (any) 4. exp Sleep/ 5. 3 and 4"
    )
    found = reading.read({"s.txt": text.encode()})

    assert [row["text"] for row in tables.rows(found.lines)] == [
        "exp Shift Work/",
        "nurs*.tw.",
        "1 or 2",
        "exp Sleep/",
        "3 and 4",
    ]
    assert found.remarks == ("s.txt:1: is no line of the search: 'Part II. Rest (any)'",)


def test_counts_of_a_paragraph_go_with_their_lines() -> None:
    text = "Ovid 1 exp Shift Work/ (204) 2 (night adj2 work*).ti,ab. (1,310) 3 1 or 2 (1,401)"

    assert cells(text, "text", "hits") == [
        ("exp Shift Work/", "204"),
        ("(night adj2 work*).ti,ab.", "1310"),
        ("1 or 2", "1401"),
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["exp Sleep/", "nap*.tw.", '"shift 2".mp.', "(grade 3 or grade 4).ti.", "exp Work/ or rest.ti."]
        ),
        min_size=3,
        max_size=15,
    )
)
def test_lines_are_the_same_in_a_paragraph_as_below_each_other(texts: list[str]) -> None:
    texts = [*texts, f"or/1-{len(texts)}"]
    numbered = [f"{number} {text}" for number, text in enumerate(texts, start=1)]

    assert _lines("Ovid\n" + " ".join(numbered)) == _lines("Ovid\n" + "\n".join(numbered))


def test_a_number_that_touches_its_line_opens_it() -> None:
    signed = "CENTRAL\n#1(shift near/2 work*):ti\n#2MeSH descriptor: [Sleep] this term only\n#3#1 or #2"
    dotted = "Ovid\n1.exp Shift Work/\n2.(night adj2 work*).ab,ti.\n3.1 or 2\n4.3.5 hours.tw.\n"

    assert [text for _, text in _lines(signed)] == [
        "(shift near/2 work*):ti",
        "MeSH descriptor: [Sleep] this term only",
        "#1 or #2",
    ]
    assert [text for _, text in _lines(dotted)][:3] == [
        "exp Shift Work/",
        "(night adj2 work*).ab,ti.",
        "1 or 2",
    ]


def test_counts_that_touch_their_lines_are_told_from_the_numbers_of_lines() -> None:
    text = (
        "Cochrane Library\n#1[mh Sleep]8254\n"
        "#2(nap* or doz*):ti,ab,kw (Word variations have been searched)23255\n"
        "#3#1 or #224130\n#4MeSH descriptor: [Shift Work Schedule] this term only636\n#5#3 and #4101\n"
    )

    assert cells(text, "text", "hits") == [
        ("[mh Sleep]", "8254"),
        ("(nap* or doz*):ti,ab,kw", "23255"),
        ("#1 or #2", "24130"),
        ("MeSH descriptor: [Shift Work Schedule] this term only", "636"),
        ("#3 and #4", "101"),
    ]


def test_a_touching_count_with_two_readings_is_left_with_its_line_and_remarked_on() -> None:
    lines = [f"#{number}[mh Sleep{'x' * number}]{number}00" for number in range(1, 12)]
    text = "Cochrane Library\n" + "\n".join([*lines, "#12#10 or #1123"])

    # Line 1 with 123 records, or line 11 with 23.
    assert cells(text, "text", "hits")[-1] == ("#10 or #1123", "")
    assert cells(text, "hits")[0] == ("100",)


def test_numbers_at_the_ends_of_a_few_lines_are_no_counts() -> None:
    text = 'Cochrane Library\n#1[mh Sleep]\n#2"SF"36\n#3#1 or #2\n#4covid19\n'

    assert cells(text, "hits") == [("",)] * 4


def test_a_manuscripts_own_line_numbers_are_taken_off() -> None:
    text = (
        "10 CINAHL (EBSCO)\n12 S4 S1 AND S3 110\n13 S3 S1 OR S2 325,900\n"
        '14 S2 (MH "Sleep+") OR (TI nap* AND\n15 TI night*) 40,326\n16 S1 (MH "Nurses") 3,331\n'
    )

    assert cells(text, "number", "text", "hits") == [
        ("1", '(MH "Nurses")', "3331"),
        ("2", '(MH "Sleep+") OR (TI nap* AND TI night*)', "40326"),
        ("3", "S1 OR S2", "325900"),
        ("4", "S1 AND S3", "110"),
    ]


def test_lines_without_numbers_have_those_of_their_places() -> None:
    text = (
        "MEDLINE search\n[to May 2010; 430 hits]\nexp Shift Work/\nnight work*.mp.\n1 or 2\nexp Sleep/\n"
        "3 and 4\nlimit 5 to english\n"
    )
    found = reading.read({"s.txt": text.encode()})

    assert cells(text, "number", "text", "line") == [
        ("1", "exp Shift Work/", "3"),
        ("2", "night work*.mp.", "4"),
        ("3", "1 or 2", "5"),
        ("4", "exp Sleep/", "6"),
        ("5", "3 and 4", "7"),
        ("6", "limit 5 to english", "8"),
    ]
    said = "its lines have no numbers: each has that of its place, as the lines that combine them call them"
    assert found.remarks == (f"s.txt:3: {said}",)


def test_lines_without_numbers_are_not_numbered_where_two_counts_of_places_fit() -> None:
    # "1 and 2" names the lines right above it only as line 3, which leaves two others without a place.
    text = "Ovid\nexp Shift Work/\nexp Sleep/\nnurs*.tw.\nmidwi*.tw.\n1 and 2\n"

    with pytest.raises(InputErrors, match="neither numbered lines nor a query"):
        read(text)


def test_what_a_line_is_about_beside_it_is_no_part_of_it() -> None:
    text = (
        "Step\tConcept\tSearch strategy\n#1\tPopulation = nurses\t'nurse'/exp OR nurs*:ti,ab\n"
        "#2\tSleep\t'sleep'/exp\n#3\t\t#1 AND #2\n"
    )

    assert cells(text, "number", "text") == [
        ("1", "'nurse'/exp OR nurs*:ti,ab"),
        ("2", "'sleep'/exp"),
        ("3", "#1 AND #2"),
    ]


def test_explanations_and_headings_between_lines_are_told_apart_from_them() -> None:
    text = (
        "Ovid MEDLINE\nI. Work:\n1. exp Shift Work/\n2. (night adj2\nwork*).tw.\nII. Sleep:\n3. exp Sleep/\n"
        "Part 2: combined\n4. 2 and 3\nkey: tw = text word\nexp = explode\n"
    )
    found = reading.read({"s.txt": text.encode()})

    assert [row["text"] for row in tables.rows(found.lines)] == [
        "exp Shift Work/",
        "(night adj2 work*).tw.",
        "exp Sleep/",
        "2 and 3",
    ]
    assert [said.split(": ", 1)[1] for said in found.remarks] == [
        "is no line of the search: 'II. Sleep:'",
        "is no line of the search: 'Part 2: combined'",
        "is no line of the search: 'key: tw = text word'",
        "is no line of the search: 'exp = explode'",
    ]


def test_a_count_behind_one_blank_is_read_where_the_column_leaves_no_more() -> None:
    text = (
        "Ovid\n1 Sleep/                    9203\n2 nap*.ti,ab.               1379\n"
        "3 (night or\n  shift).ti,ab,kf. 26623\n4 1 or 2                    9999\n"
    )

    assert cells(text, "hits") == [("9203",), ("1379",), ("26623",), ("9999",)]


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u2011", "\u2013"])
def test_ranges_of_lines_are_read_with_any_hyphen(hyphen: str) -> None:
    text = f"Ovid\n1 Sleep/\n2 nap*.ti.\n3 or/1{hyphen}2\n"

    assert cells(text, "combination")[-1] == ("1 OR 2",)


def test_a_number_without_a_sign_that_touches_its_line_is_told_by_those_before_it() -> None:
    # As a journal's page gives a table: 3 is "1 or 2", 5 is left out, 11 is "9 or 10".
    texts = [
        "exp Sleep/",
        "nap*.tw.",
        "1 or 2",
        "Nurses/",
        "",
        "or/3-4",
        "(a).tw.",
        "b.tw.",
        "c.tw.",
        "d.tw.",
    ]
    rows = [f"{number}{text}" for number, text in enumerate([*texts, "9 or 10"], start=1) if text]

    found = cells("Table 2\nMedline search\n" + "\n".join(rows), "number", "text")

    assert found == [(str(n), text) for n, text in enumerate([*texts, "9 or 10"], start=1) if text]


def test_a_range_and_the_count_that_touches_it_are_told_apart() -> None:
    text = "Ovid\n1exp Sleep/4606\n2nap*.tw.634\n31 or 25010\n4Nurses/965\n5and/3-4131\n"

    assert cells(text, "number", "text", "hits") == [
        ("1", "exp Sleep/", "4606"),
        ("2", "nap*.tw.", "634"),
        ("3", "1 or 2", "5010"),
        ("4", "Nurses/", "965"),
        ("5", "and/3-4", "131"),
    ]


def test_two_lines_in_one_row_are_two_where_the_rows_around_leave_room_for_both() -> None:
    text = "Ovid\n1 Sleep/ (23,966)\n2 nap*.tw. (185)\n3 rest.tw. (8083) 4 exp Rest/ (229)\n5 or/1-4 (999)\n"

    assert cells(text, "text", "hits")[2:] == [
        ("rest.tw.", "8083"),
        ("exp Rest/", "229"),
        ("or/1-4", "999"),
    ]


def test_a_number_within_a_line_opens_no_other() -> None:
    text = "Ovid\n1 Sleep/ (23)\n2 (stage 3 or phase 3 sleep).tw. (12) \n3 1 or 2 (30)\n"

    assert cells(text, "text", "hits") == [
        ("Sleep/", "23"),
        ("(stage 3 or phase 3 sleep).tw.", "12"),
        ("1 or 2", "30"),
    ]
