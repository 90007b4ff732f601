"""Tests of leaving out the numbers of a manuscript's lines, which stand in the middle of its sentences."""

from peerreview.imports.papers import Passage, linenumbers


def test_numbers_of_lines_are_left_out_and_counts_stay() -> None:
    lines = [f"{n} the bells of line that were rung by" for n in range(101, 150)]
    lines[20] = "121 after the search 121 studies were screened for"
    passages = (Passage(" ".join(lines[:29])), Passage("130"), Passage(" ".join(lines[30:])))

    told = linenumbers.removed(passages)

    assert len(told) == 2
    assert "after the search 121 studies were screened for the bells" in told[0].text
    assert not any(char.isdigit() for char in told[1].text)


def test_a_short_list_and_counts_that_follow_each_other_by_chance_stay() -> None:
    passages = (
        Passage("Bells were rung on 12 bicycles, 13 trams and 14 ferries."),
        Passage(" ".join(f"{n} a reason" for n in range(1, 9))),
    )

    assert linenumbers.removed(passages) == passages


def test_lines_far_apart_are_no_chain() -> None:
    passages = tuple(Passage(f"{n} " + "word " * 60) for n in range(1, 60))

    assert [each.text.split()[0] for each in linenumbers.removed(passages)] == [str(n) for n in range(1, 60)]
