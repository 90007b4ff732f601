"""Tests of the engine for tagged lines."""

from hypothesis import given
from hypothesis import strategies as st

from peerreview.imports.formats.ris import DIALECT
from peerreview.imports.formats.shared.tagged import cut

LINES = ("TY  - JOUR", "TI  - Peer work", "AU  - Reeves, V", "a wrapped line", "", "ER  - ", "12. ")


def test_a_record_knows_its_line_its_text_and_its_tags() -> None:
    _, first, second = cut("\n1. \nTY  - JOUR\nTI  - A\nER  - \n\nTY  - BOOK\nTI  - B\nER  -\n", DIALECT)

    assert (first.line, first.text) == (3, "TY  - JOUR\nTI  - A\nER  -")
    assert second.tags == [("TY", "BOOK"), ("TI", "B"), ("ER", "")]
    assert second.line == 7


def test_a_wrapped_line_continues_a_title_and_adds_a_keyword() -> None:
    (found,) = cut("TY  - JOUR\nTI  - Peer\n  work\nKW  - hope\nrecovery\nER  - \n", DIALECT)

    assert found.tags[1:4] == [("TI", "Peer work"), ("KW", "hope"), ("KW", "recovery")]


def test_a_wrapped_line_that_resembles_a_tag_is_text() -> None:
    (found,) = cut("TY  - JOUR\nAB  - Effect\nCI - 95%\nER  - \n", DIALECT)

    assert found.tags[1] == ("AB", "Effect CI - 95%")


def test_a_tag_after_the_end_stays_with_its_record() -> None:
    (found,) = cut("TY  - JOUR\nTI  - A\nER  - \nNL  - x\nER  -\n", DIALECT)

    assert ("NL", "x") in found.tags
    assert found.late == [(4, "NL")]


def test_a_record_whose_start_is_missing_is_cut_off_from_the_one_before() -> None:
    found = list(
        cut("TY  - JOUR\nTI  - A\nER  - \nTI  - B\nAU  - C\nER  - \nTY  - JOUR\nTI  - D\nER  - \n", DIALECT)
    )

    assert [dict(each.tags)["TI"] for each in found] == ["A", "B", "D"]
    assert [each.started for each in found] == [True, False, True]
    assert [each.line for each in found] == [1, 4, 7]


@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_no_line_is_lost_whatever_their_order(lines: list[str]) -> None:
    text = "\n".join(lines)

    kept = "\n".join(f"{each.text}\n{each.junk}" for each in cut(text, DIALECT))

    for line in lines:
        assert line.strip() in kept
    assert sum(line.startswith("TY") for line in lines) == sum(each.started for each in cut(text, DIALECT))
    for each in cut(text, DIALECT):
        if each.text:
            assert each.text.split("\n")[0] == lines[each.line - 1].rstrip() or not each.started
