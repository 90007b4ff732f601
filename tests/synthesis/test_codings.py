"""Tests of codings."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.synthesis import codings, themes
from peerreview.tables import places
from tests.builders import make

CODEBOOK = make(tables.CODEBOOK, theme=["trust", "hope"], parent=["", ""], label=["Trust in peers", "Hope"])
STUDIES = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Bo 2002"])


def raw(**columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(columns, dtype="str")
    places.put(frame, [places.Stretch("coding.csv", range(2, len(frame) + 2))])
    return frame


def pairs(found: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(found["study_id"], found["theme"], strict=True))


@pytest.mark.parametrize(
    ("columns", "shape"),
    [
        (["study_id", "theme"], "long"),
        (["study_id", "trust"], "wide"),
        (["id", "document", "tag", "content"], "taguette"),
        (["study"], "long"),
    ],
)
def test_the_shape_of_a_coding_is_told_by_its_columns(columns: list[str], shape: str) -> None:
    assert codings.shape_of(raw(**{column: [""] for column in columns})) == shape


def test_a_matrix_names_its_themes_by_code_or_label() -> None:
    found = codings.from_matrix(
        raw(study_id=["s1", "s2"], label=["a", "b"], hope=["1", ""], **{"Trust in peers": ["0", "X"]}),
        CODEBOOK,
    )

    assert pairs(found) == [("s1", "hope"), ("s2", "trust")]


def test_a_matrix_may_say_the_basis_of_a_cell() -> None:
    found = codings.from_matrix(raw(study_id=["s1"], hope=["synthetic"]), CODEBOOK)

    assert list(found["basis"]) == ["synthetic"]


def test_a_matrix_column_that_is_no_theme_is_told() -> None:
    with pytest.raises(InputError, match=r"coding\.csv:1: column 'joy' is not a theme of the codebook"):
        codings.from_matrix(raw(study_id=["s1"], joy=["1"]), CODEBOOK)


@pytest.mark.parametrize(
    ("column", "cells", "held"),
    [
        ("Published", ["2019", "", "2021", "1998"], "holds years"),
        ("year", ["2019.0", "2020.0", "2021.0", "2022.0"], "holds years"),
        ("Sample size", ["30", "", "55", "1"], "is called as something else of a study"),
        ("n_total", ["30", "41", "55", "12"], "is called as something else of a study"),
        ("Covidence #", ["30", "41", "55", "12"], "is called as something else of a study"),
        ("Paper", ["1", "2", "3", "4"], "numbers the rows"),
    ],
)
def test_a_number_of_a_study_is_no_theme_of_a_matrix(column: str, cells: list[str], held: str) -> None:
    coded = raw(study_id=["s1", "s2", "s3", "s4"], hope=["1", "", "1", "0"], **{column: cells})

    with pytest.raises(InputError, match=rf"coding\.csv:1: column '{column}' {held}, and no theme; take it"):
        codings.from_matrix(coded, tables.empty(tables.CODEBOOK))


def test_a_theme_may_be_called_as_something_else_or_be_counted() -> None:
    coded = raw(
        study_id=["s1", "s2", "s3"], age=["1", "", "x"], hope=["1", "2", "3"], time=["12", "190", "0"]
    )

    found = codings.from_matrix(coded, tables.empty(tables.CODEBOOK))

    assert pairs(found) == [
        ("s1", "age"), ("s1", "hope"), ("s1", "time"), ("s2", "hope"), ("s2", "time"), ("s3", "age"),
        ("s3", "hope"),
    ]  # fmt: skip


def test_numbers_above_one_are_told_as_counts_since_scores_look_alike() -> None:
    scores = raw(study_id=["s1", "s2"], label=["a", "2"], hope=["3", "1"], trust=["0", "2.0"])

    found = codings.read(scores, codebook=None, studies=STUDIES, documents=tables.empty(tables.DOCUMENTS))

    (told,) = found.remarks
    assert told.startswith("2 cells are above 1, as '3': each number but 0 says that a theme was coded")
    assert told.endswith("where yours are scores, write 1 and 0")
    assert codings.on_numbers(raw(study_id=["1", "2"], hope=["1", "x"])) == ()


def test_a_theme_that_is_written_in_two_ways_is_told() -> None:
    rows = raw(study_id=["s1", "s2", "s2", "s1"], theme=["Trust", "trust", "hope", "Peer  role"])
    documents = tables.empty(tables.DOCUMENTS)

    found = codings.read(rows, codebook=None, studies=STUDIES, documents=documents)
    known = make(tables.CODEBOOK, theme=["Trust", "trust"], parent=["", ""], label=["Trust", "In trust"])
    meant = codings.read(rows, codebook=known, studies=STUDIES, documents=documents)

    (told,) = found.remarks
    assert told.startswith("themes 'Trust' and 'trust' differ in case or blanks alone and are counted apart")
    assert meant.remarks == ()


@pytest.mark.parametrize("columns", [{"theme": ["hope", "hope"]}, {"hope": ["1", "1"]}])
def test_a_row_of_themes_that_names_two_studies_is_told(columns: dict[str, list[str]]) -> None:
    coded = raw(study_id=["s1", "s2"], label=["Ada 2001", "Ada 2001"], **columns)

    with pytest.raises(
        InputErrors, match=r"coding\.csv:3: study_id 's2' is the study s2, label 'Ada 2001' is s1"
    ):
        codings.read(coded, codebook=None, studies=STUDIES, documents=tables.empty(tables.DOCUMENTS))


def test_a_codebook_says_that_a_column_of_large_numbers_is_a_theme() -> None:
    codebook = make(tables.CODEBOOK, theme=["participants"], parent=[""], label=["Participants"])

    found = codings.from_matrix(raw(study_id=["s1"], participants=["30"]), codebook)

    assert pairs(found) == [("s1", "participants")]


def test_a_matrix_cell_that_is_neither_yes_nor_no_is_told() -> None:
    with pytest.raises(InputErrors, match=r"coding.csv:3: hope 'maybe' is not a count, 1, 0 or blank"):
        codings.from_matrix(raw(study_id=["s1", "s2"], hope=["1", "maybe"]), CODEBOOK)


def test_a_matrix_may_say_how_often_a_theme_was_coded() -> None:
    counted = raw(study_id=["s1", "s2", "s3", "s4"], hope=["12", "0", "2.0", "0.0"])

    assert list(codings.from_matrix(counted, CODEBOOK)["study_id"]) == ["s1", "s3"]
    for odd in ("-1", "1.5", "2,0"):
        with pytest.raises(InputErrors, match="is not a count"):
            codings.from_matrix(raw(study_id=["s1"], hope=[odd]), CODEBOOK)


def test_a_study_has_one_row_in_a_matrix() -> None:
    doubled = raw(study_id=["s1", "s2", "s1 "], trust=["1", "0", "0"])

    with pytest.raises(InputErrors, match=r"coding.csv:4: study_id 's1' stands here twice"):
        codings.from_matrix(doubled, tables.empty(tables.CODEBOOK))


def test_an_unknown_study_of_a_matrix_is_told_with_its_own_row() -> None:
    found = codings.from_matrix(raw(study_id=["s1", "s9"], hope=["1", "1"], trust=["1", ""]), CODEBOOK)

    with pytest.raises(InputErrors) as caught:
        themes.code(found, CODEBOOK, studies=STUDIES)

    assert [(error.path, error.line) for error in caught.value.errors] == [("coding.csv", 3)]


def test_highlights_become_quotations_with_their_place() -> None:
    highlights = raw(
        id=["7", "8"], document=["Ada.pdf", "Ada.pdf"], tag=["hope", ""], content=["we hope", "—"]
    )

    found, untagged = codings.from_taguette(highlights, {"Ada.pdf": "s1"})

    assert pairs(found) == [("s1", "hope")]
    assert (found["quote"][0], found["location"][0], untagged) == ("we hope", "Ada.pdf, highlight 7", 1)


def test_a_document_of_no_study_is_told() -> None:
    highlights = raw(id=["7"], document=["Zed.pdf"], tag=["hope"], content=["we hope"])

    with pytest.raises(InputErrors, match=r"document 'Zed\.pdf' belongs to no study"):
        codings.from_taguette(highlights, {"Ada.pdf": "s1"})


def test_dots_in_a_tag_make_a_subtheme() -> None:
    book = codings.codebook_from_taguette(
        raw(tag=["ready", "ready.roles", "ready.no.plan", "a.b"], description=["", "d", "", ""])
    )

    assert list(book["parent"]) == ["", "ready", "ready", ""]
    assert list(book["label"]) == ["ready", "roles", "no.plan", "a.b"]
