"""Ovid's search histories, as saved and as pasted."""

from tests.imports.strategies.histories import cells, read

SAVED = """Database: Ovid MEDLINE(R) ALL <1946 to June 20, 2023>
Search Strategy:
--------------------------------------------------------------------------------
1     exp Peer Review/ (17244)
2     (peer adj3 support*).ti,ab,kf. (12345)
3     or/1-2 (29000)
4     exp Nurses/ or (nurse* or
midwi*).tw. (543210)
5     3 and 4 (2311)
6     limit 5 to (english language and yr="2000 -Current") (2100)
7     remove duplicates from 6 (2098)

***************************
"""


def test_each_line_has_its_text_and_its_count() -> None:
    assert cells(SAVED) == [
        ("1", "exp Peer Review/", "17244"),
        ("2", "(peer adj3 support*).ti,ab,kf.", "12345"),
        ("3", "or/1-2", "29000"),
        ("4", "exp Nurses/ or (nurse* or midwi*).tw.", "543210"),
        ("5", "3 and 4", "2311"),
        ("6", 'limit 5 to (english language and yr="2000 -Current")', "2100"),
        ("7", "remove duplicates from 6", "2098"),
    ]


def test_a_line_stands_where_its_number_does() -> None:
    assert [row["line"] for row in read(SAVED)] == ["4", "5", "6", "7", "9", "10", "11"]
    assert {row["database"] for row in read(SAVED)} == {"Ovid MEDLINE(R) ALL <1946 to June 20, 2023>"}


def test_lines_are_combined_by_number_range_limit_and_without_duplicates() -> None:
    combined = [row["combination"] for row in read(SAVED)]

    assert combined == ["", "", "1 OR 2", "", "3 AND 4", "LIMIT(5)", "DEDUPE(6)"]


def test_a_number_within_a_term_names_no_line() -> None:
    text = "1  covid 19.ti.  (12)\n2  (2019 or 2020).yr.  (9)\n3  1 and 2 and vaccin*.ti,ab.  (3)\n"

    assert [row["combination"] for row in read(text)] == ["", "", "1 AND 2 AND …"]


def test_a_history_copied_from_the_page_has_columns() -> None:
    text = (
        "# ▲\tSearches\tResults\tType\n1\texp Peer Review/\t17244\tAdvanced\n"
        "2\tnurs*.tw.\t543,210\tAdvanced\n"
    )

    assert cells(text) == [("1", "exp Peer Review/", "17244"), ("2", "nurs*.tw.", "543210")]


def test_a_count_with_blanks_between_its_digits_is_one() -> None:
    text = "1    exp Cardiac Surgical Procedures/     256 597\n2    cardiac*.ti.     1 453 322\n"

    assert [row["hits"] for row in read(text)] == ["256597", "1453322"]


def test_a_number_that_ends_what_was_searched_is_no_count() -> None:
    text = "1. exp Neoplasms/\n2. covid 19\n3. or/1-2\n4. limit 3 to yr=2019 - 2020\n"

    assert cells(text, "text", "hits")[1:] == [
        ("covid 19", ""), ("or/1-2", ""), ("limit 3 to yr=2019 - 2020", ""),
    ]  # fmt: skip
