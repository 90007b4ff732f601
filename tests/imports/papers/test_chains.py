# ruff: noqa: E501  one text, one line
"""Tests of numbers that are one another's differences, and of the boxes that this gives them."""

import pytest

from peerreview.imports.papers import BODY, FIGURE, Paper, Passages, chains, statements


def boxes(*texts: str, under: str = "Results › Study selection", kind: str = BODY) -> dict[str, list[int]]:
    """Return the numbers of passages by box; those of none are left out."""
    passages = Passages()
    for text in texts:
        passages.add(text, kind, under=under)
    found: dict[str, list[int]] = {}
    for each in statements.read(Paper(passages.found)):
        if each.box:
            found.setdefault(each.box, []).append(each.n)
    return found


BELLS = (
    "The three catalogues gave us 814 entries on bicycle bells. We weeded out 212 that were there more than once and "
    "kept 602 of them. On a first look at their titles, 541 had to do with church bells. Of the 61 others, 44 fell "
    "away when we held the whole text in our hands, which is how we came to the 17 studies of this review."
)


def test_steps_are_known_by_their_differences_in_whatever_words_they_are_told() -> None:
    found = boxes(BELLS)

    assert found["duplicates"] == [212]
    assert found["screened"] == [602]
    assert found["excluded"] == [541]
    assert found["chosen"] == [61]
    assert found["reports_excluded"] == [44]
    assert found["studies"] == [17]


def test_a_chain_goes_on_in_the_next_paragraph() -> None:
    first, second = BELLS.split(" Of the 61 others")
    assert boxes(first, f"Of the 61 others{second}") == boxes(BELLS)


def test_what_does_not_come_out_is_not_made_to() -> None:
    assert "screened" not in boxes(BELLS.replace("kept 602", "kept 603"))


def test_what_is_not_to_be_had_is_told_from_what_is_left_out() -> None:
    found = boxes(
        "We screened 700 titles and set 610 aside. Of 90 reports that we wished to read, 6 could not be got hold of "
        "through any library. From the 84 at hand 60 were turned down, and 24 remained."
    )

    assert found["not_retrieved"] == [6]
    assert found["sought"] == [90]
    assert found["reports_excluded"] == [60]


def test_two_kinds_of_what_is_in_are_no_step() -> None:
    found = boxes(
        "We assessed 80 full texts, of which 38 were excluded, and 42 studies were included. Of the 42 studies, 25 rang "
        "bells and 17 horns; in 25 studies 14 bells were brass and 11 steel.",
    )

    assert found == {"assessed": [80], "reports_excluded": [38], "studies": [42]}


def test_reasons_that_add_up_to_what_was_excluded_are_no_totals() -> None:
    found = boxes(
        "We screened 300 records, and 188 of these were excluded after title and abstract screening. "
        "Forty papers were reviews. Thirty-four were letters. The other 114 records were excluded as off topic."
    )

    assert found["excluded"] == [188]


def test_years_are_steps_of_nothing() -> None:
    found = boxes("Bell et al. 2012; Horn et al. 2008; of these, 4 records were excluded after screening.")

    assert found == {"excluded": [4]}


def test_the_label_of_a_figure_is_not_overruled() -> None:
    found = boxes(
        "Records screened (n = 400)", "Records excluded (n = 300)", "Reports sought for retrieval (n = 100)",
        "Reports not retrieved (n = 40)", "Reports assessed for eligibility (n = 60)", kind=FIGURE,
    )  # fmt: skip

    assert found["not_retrieved"] == [40]
    assert found["sought"] == [100]


def test_no_pairs_are_tried_of_a_table_that_ran_together(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    find = chains._Stretch.find

    def counted(stretch: chains._Stretch) -> dict[int, str]:
        tried.append(len(stretch._mentions))
        return find(stretch)

    monkeypatch.setattr(chains._Stretch, "find", counted)
    boxes(". ".join(f"Then {3 * n + 7} records were excluded after screening" for n in range(500)))
    boxes(BELLS)

    assert tried
    assert max(tried) < 20
