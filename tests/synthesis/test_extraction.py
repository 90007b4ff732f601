"""Tests of extraction."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.synthesis import extraction
from tests.builders import make


def studies(**columns: list[str]) -> pd.DataFrame:
    n_rows = len(next(iter(columns.values())))
    return make(
        tables.STUDIES,
        study_id=[f"s{n}" for n in range(1, n_rows + 1)],
        label=[f"Study {n}" for n in range(1, n_rows + 1)],
        **columns,
    )


def field(kind: str, *, required: str = "", values: str = "") -> pd.DataFrame:
    return make(tables.FIELDS, field=["design"], type=[kind], required=[required], values=[values])


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("text", "anything = at all"),
        ("integer", "-12"),
        ("number", "12.5"),
        ("year", "1999"),
        ("date", "2024-02-29"),
        ("text", ""),
    ],
)
def test_a_cell_of_the_declared_type_passes(kind: str, cell: str) -> None:
    assert extraction.check(studies(design=[cell]), field(kind)) == []


@pytest.mark.parametrize(
    ("kind", "cell", "message"),
    [
        ("integer", "12.5", "design '12.5' is not a whole number"),
        ("number", "n=12", "design 'n=12' is not a number"),
        ("year", "99", "design '99' is not a year"),
        ("date", "31.3.2024", "design '31.3.2024' is not a date"),
    ],
)
def test_a_cell_of_another_type_is_told_with_its_row(kind: str, cell: str, message: str) -> None:
    with pytest.raises(InputErrors, match=message) as caught:
        extraction.check(studies(design=["", cell]), field(kind))

    assert [error.message[:7] for error in caught.value.errors] == ["row 2: "]


def test_a_choice_is_one_of_its_values_and_a_list_several() -> None:
    assert extraction.check(studies(design=["rct"]), field("choice", values="rct; survey")) == []
    assert extraction.check(studies(design=["rct; survey"]), field("list", values="rct; survey")) == []
    with pytest.raises(InputErrors, match="design 'rct; survey' is not one of rct, survey"):
        extraction.check(studies(design=["rct; survey"]), field("choice", values="rct; survey"))
    with pytest.raises(InputErrors, match="design 'letter' is not one of rct, survey"):
        extraction.check(studies(design=["rct; letter"]), field("list", values="rct; survey"))


def test_a_required_field_may_not_be_blank() -> None:
    with pytest.raises(InputErrors, match="design is blank; it is required"):
        extraction.check(studies(design=[" "]), field("text", required="yes"))


def test_a_declared_field_without_a_column_is_told() -> None:
    with pytest.raises(InputError, match="column 'design', a declared field, is missing; found country"):
        extraction.check(studies(country=["Chad"]), field("text"))


def test_columns_that_nobody_declared_are_named() -> None:
    table = studies(design=["rct"], country=["Chad"], country_basis=["text"])

    assert extraction.check(table, field("text")) == ["country"]
