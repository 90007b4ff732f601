"""Tests of themes."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors, UsageError
from peerreview.synthesis import themes
from peerreview.synthesis.themes import Coding
from tests.builders import make

STUDIES = make(
    tables.STUDIES, study_id=["s1", "s2", "s3", "s4"], label=["Ada 2001", "Bo 2002", "Cy 2003", "Di 2004"]
)
CODEBOOK = make(
    tables.CODEBOOK,
    theme=["training", "readiness", "roles", "clarity"],
    parent=["", "", "readiness", "roles"],
    label=["Training", "Readiness", "Roles", "Role clarity"],
)


def found(*rows: str) -> pd.DataFrame:
    """Return themes from lines like ``s1 training text``, with basis, coder and quote after that."""
    names = ("study_id", "theme", "basis", "coder", "quote")
    return tables.make(tables.THEMES, [dict(zip(names, row.split(), strict=False)) for row in rows])


def code(*rows: str, bases: tuple[str, ...] = ()) -> Coding:
    return themes.code(found(*rows), CODEBOOK, studies=STUDIES, bases=bases)


def counts(coding: Coding, column: str = "n") -> dict[str, int]:
    tally = themes.tally(coding)
    return dict(zip(tally["theme"], tally[column], strict=True))


def test_a_study_counts_once_however_many_quotations_support_its_theme() -> None:
    coding = code("s1 training text ana one", "s1 training text ana two", "s2 training text ben one")

    assert counts(coding)["training"] == 2


def test_a_theme_that_no_study_has_is_tallied_as_nought() -> None:
    assert counts(code("s1 training"))["clarity"] == 0


def test_a_subtheme_implies_its_theme_and_the_theme_above_that() -> None:
    coding = code("s1 clarity", "s2 roles", "s3 readiness")

    assert counts(coding) == {"training": 0, "readiness": 1, "roles": 1, "clarity": 1}
    assert counts(coding, "n_with_subthemes") == {"training": 0, "readiness": 3, "roles": 2, "clarity": 1}


def test_a_study_with_a_theme_and_its_subtheme_is_rolled_up_once() -> None:
    assert counts(code("s1 clarity", "s1 readiness"), "n_with_subthemes")["readiness"] == 1


def test_only_rows_of_the_bases_asked_for_are_tallied() -> None:
    coding = code(
        "s1 training text",
        "s2 training synthetic",
        "s3 training title",
        "s4 training",
        bases=("text", "title"),
    )

    assert counts(coding)["training"] == 2
    assert coding.left_out == 2


def test_a_theme_is_synthetic_in_a_study_only_where_nothing_else_supports_it() -> None:
    coding = code("s1 training synthetic", "s2 training synthetic ana", "s2 training text ben")

    assert coding.is_synthetic("s1", "training")
    assert not coding.is_synthetic("s2", "training")
    assert counts(coding, "n_synthetic")["training"] == 1


def test_a_subtheme_with_evidence_makes_a_synthetic_theme_real_when_rolled_up() -> None:
    coding = code("s1 readiness synthetic", "s1 clarity text")

    assert counts(coding, "n_synthetic")["readiness"] == 1
    assert counts(coding, "n_with_subthemes_synthetic")["readiness"] == 0


def test_subthemes_follow_their_theme_wherever_the_codebook_has_them() -> None:
    codebook = make(tables.CODEBOOK, theme=["a1", "b", "a"], parent=["a", "", ""], label=["", "", ""])

    assert [each.theme for each in themes.arrange(codebook, found())] == ["b", "a", "a1"]


def test_without_a_codebook_the_themes_are_those_that_were_found() -> None:
    coding = themes.code(found("s2 trust", "s1 hope"), tables.empty(tables.CODEBOOK), studies=STUDIES)

    assert counts(coding) == {"hope": 1, "trust": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("s9 training", "study_id 's9' is not in the studies"),
        ("s1 joy", "theme 'joy' is not in the codebook"),
        ("s1 roles text", "stand here twice"),
    ],
)
def test_a_row_that_cannot_be_right_is_named(row: str, message: str) -> None:
    with pytest.raises(InputErrors, match=message) as caught:
        code("s1 roles text", row)

    assert [error.message[:7] for error in caught.value.errors] == ["row 2: "]


def test_a_theme_on_two_bases_stands_there_twice_rightly() -> None:
    assert counts(code("s1 roles text", "s1 roles title"))["roles"] == 1


def test_two_coders_may_find_the_same_theme_in_a_study() -> None:
    assert counts(code("s1 roles text ana", "s1 roles text ben"))["roles"] == 1


def by_coders(*rows: str) -> Coding:
    """Return a coding of ``study theme coder``."""
    names = ("study_id", "theme", "coder")
    coded = tables.make(tables.THEMES, [dict(zip(names, row.split(), strict=True)) for row in rows])
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"])
    return themes.code(coded, tables.empty(tables.CODEBOOK), studies=studies)


def test_what_coders_agreed_on_later_overrules_what_one_of_them_found() -> None:
    coding = by_coders("s1 trust ana", "s1 time ben", "s1 time consensus", "s2 trust ana", "s2 trust ben")

    assert set(coding.rows) == {("s1", "time"), ("s2", "trust")}
    assert coding.overruled == (("s1", "trust"),)


def test_what_all_coders_found_needs_no_consensus() -> None:
    coding = by_coders("s1 trust ana", "s1 trust ben", "s1 time ben", "s1 time Adjudicator", "s1 hope ana")

    assert set(coding.rows) == {("s1", "trust"), ("s1", "time")}


def test_without_a_consensus_one_coder_is_enough() -> None:
    coding = by_coders("s1 trust ana", "s1 time ben")

    assert set(coding.rows) == {("s1", "trust"), ("s1", "time")}
    assert coding.overruled == ()


def test_a_parent_that_the_codebook_lacks_is_named() -> None:
    codebook = make(tables.CODEBOOK, theme=["a"], parent=["z"], label=[""])

    with pytest.raises(InputErrors, match="parent 'z' is not a theme of this codebook"):
        themes.arrange(codebook, found())


def test_a_theme_cannot_be_under_itself() -> None:
    codebook = make(tables.CODEBOOK, theme=["a", "b"], parent=["b", "a"], label=["", ""])

    with pytest.raises(InputErrors, match="theme 'a' is among its own parents"):
        themes.arrange(codebook, found())


def test_a_basis_that_does_not_exist_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="'txt' is not one of text, title, outside, synthetic"):
        code("s1 roles", bases=("txt",))


def test_stated_totals_stand_beside_the_counted_ones() -> None:
    stated = make(tables.STATED, theme=["training", "roles", "clarity"], stated=["3", "1", ""])

    compared = themes.compare(code("s1 training", "s2 roles"), stated)

    assert list(compared["gap"]) == [2, 0, None]


def test_a_stated_theme_that_does_not_exist_is_named() -> None:
    with pytest.raises(InputErrors, match="theme 'joy' is not in the codebook"):
        themes.compare(code("s1 roles"), make(tables.STATED, theme=["joy"], stated=["1"]))


def test_json_has_the_quotations_behind_each_cell() -> None:
    told = themes.to_json(code("s1 training text ana trust"))

    assert told["themes"][0]["studies"] == [
        {
            "study_id": "s1",
            "synthetic": False,
            "evidence": [{"coder": "ana", "quote": "trust", "basis": "text"}],
        }
    ]
