"""Lines of text that fit their box, in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerreview.paper.figures.lettering import Word, is_right_to_left, joined_arabic, width, wrap


def lines(text: str, room: float) -> list[str]:
    words = [Word(word) for word in text.split(" ") if word]
    return ["".join(word.text for word in line) for line in wrap(words, room, 16)]


def test_words_stay_whole_where_they_fit() -> None:
    assert lines("Records removed for other reasons (n\xa0=\xa00)", 300) == [
        "Records removed for other reasons",
        "(n\xa0=\xa00)",
    ]


def test_a_word_wider_than_its_box_breaks_after_a_hyphen_or_slash() -> None:
    assert lines("https://example.org/records/peer", 200) == ["https://example.org/", "records/peer"]
    assert lines("electroencephalo-graphically", 220) == ["electroencephalo-", "graphically"]


def test_a_word_without_a_break_is_cut() -> None:
    assert "".join(lines("x" * 100, 120)) == "x" * 100


def test_chinese_breaks_between_characters_but_not_before_a_full_stop() -> None:
    assert lines("研究研究研。", 80) == ["研究研究", "研。"]


def test_a_mark_stays_with_its_letter() -> None:
    assert all(not line.startswith("\u0301") for line in lines("e\u0301" * 40, 100))


def test_a_run_keeps_the_space_before_another_style() -> None:
    words = [Word("removed"), Word("before", italic=True), Word("screening:", italic=True)]

    assert wrap(words, 500, 16) == [(Word("removed "), Word("before screening:", italic=True))]


@given(st.text(max_size=80), st.integers(60, 400))
def test_no_line_is_wider_than_its_room_and_no_letter_is_lost(text: str, room: int) -> None:
    drawn = lines(text, room)

    assert "".join(drawn).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, 16) <= room for line in drawn)


def test_a_combining_mark_takes_no_room_and_an_unknown_letter_the_most() -> None:
    assert width("\u3099", 16) == 0
    assert width("\U00010fff", 16) == 16


@pytest.mark.parametrize(("text", "expected"), [("12 סיבה", True), ("abc סיבה", False), ("12", False)])
def test_direction_is_that_of_the_first_letter(text: str, expected: bool) -> None:
    assert expected is is_right_to_left(text)


def test_arabic_letters_are_joined_past_their_vowels() -> None:
    # beh, fatha, teh: initial and final; alef joins only to what stands before it.
    assert joined_arabic("\u0628\u064e\u062a") == "\ufe91\u064e\ufe96"
    assert joined_arabic("\u0627\u0628") == "\ufe8d\ufe8f"
