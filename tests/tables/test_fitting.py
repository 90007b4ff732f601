"""A notebook's frame is made to fit, and what does not fit is named by row and column."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.tables.fitting import fit

SOUND = {"record_id": ["r1", "r2"], "source": ["MEDLINE"] * 2, "source_kind": ["database"] * 2}


def records(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({**SOUND, **columns})


def told(frame: object, table: tables.Table = tables.RECORDS) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        fit(frame, table)
    return str(caught.value).splitlines()


def test_missing_cells_are_blank_and_whole_numbers_are_text() -> None:
    frame = records(pmid=[12345.0, np.nan], year=[2001, 2002], doi=[None, "10.5555/x"], pages=[pd.NA, "1-9"])

    fitted = fit(frame, tables.RECORDS)

    assert fitted["pmid"].tolist() == ["12345", ""]
    assert fitted["year"].tolist() == ["2001", "2002"]
    assert fitted["doi"].tolist() == ["", "10.5555/x"]
    assert fitted["pages"].tolist() == ["", "1-9"]
    assert list(fitted.columns) == list(tables.RECORDS.columns)
    assert {str(dtype) for dtype in fitted.dtypes} == {"str"}


def test_columns_that_may_be_missing_are_added() -> None:
    fitted = fit(records(), tables.RECORDS)

    assert fitted["round"].tolist() == ["1", "1"]
    assert fitted["abstract"].tolist() == ["", ""]
    assert fit(records(), tables.UNIQUE)["sources"].tolist() == ["MEDLINE", "MEDLINE"]


def test_every_kind_of_column_that_pandas_makes_of_a_file_is_text() -> None:
    frame = records(
        year=pd.array([2001, None], dtype="Int64"),
        title=pd.Categorical(["A", None]),
        journal=pd.Series(["B", None], dtype="string"),
        searched=[dt.date(2024, 5, 1), pd.Timestamp("2024-05-02 10:30")],
        effect=[0.25, 3.0],
    )

    fitted = fit(frame, tables.RECORDS)

    cells = {column: fitted[column].tolist() for column in ("year", "title", "journal", "searched", "effect")}
    assert cells == {
        "year": ["2001", ""],
        "title": ["A", ""],
        "journal": ["B", ""],
        "searched": ["2024-05-01", "2024-05-02T10:30:00"],
        "effect": ["0.25", "3"],
    }


def test_the_frame_itself_stays_as_it_is() -> None:
    frame = records(pmid=[12345.0, np.nan])
    before = frame.copy()

    fit(frame, tables.RECORDS)

    pd.testing.assert_frame_equal(before, frame)
    assert frame.attrs == {}


def test_a_frame_without_the_source_says_which_column_is_missing_and_which_are_there() -> None:
    (line,) = told(pd.DataFrame({"record_id": ["r1"], "Source_": ["x"], "title": ["A"]}))

    assert line == (
        "records: columns 'source', 'source_kind' are missing; there are record_id, Source_, title"
        "; frame.rename(columns={'Source_': 'source'}) if that is meant"
    )


def test_an_id_in_the_index_is_found_there() -> None:
    assert told(records().set_index("record_id")) == [
        "records: column 'record_id' is the index; frame.reset_index() makes it a column"
    ]


def test_a_fraction_for_a_year_is_named_by_row_and_column() -> None:
    assert told(records(year=[2001.0, 2001.5])) == [
        "records: row 1: column 'year' holds 2001.5, which is no whole number"
    ]


def test_a_row_is_called_as_its_label() -> None:
    frame = pd.concat([records(), records(record_id=["r3", "r4"], source_kind=["database", "databse"])])
    frame.index = pd.Index([3, 5, 8, 13])

    (line,) = told(frame)

    assert line.startswith("records: row 13: source_kind 'databse' is not database, register, ")


def test_a_list_of_authors_is_told_how_to_be_text() -> None:
    (line,) = told(records(authors=["Abbot, A", ["Bell, B", "Cole, C"]]))

    assert line == (
        "records: row 1: column 'authors' holds ['Bell, B', 'Cole, C'], a list;"
        " a cell is one text: '; '.join(…)"
    )


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ([{"record_id": "r1"}], "records: expected a pandas DataFrame, got a list; pd.DataFrame(…) makes"),
        ("records.csv", "records: expected a pandas DataFrame, got the text 'records.csv'; pd.read_csv"),
        (None, "records: expected a pandas DataFrame, got None"),
        (records()["source"], "records: expected a pandas DataFrame, got a Series"),
        (
            pd.DataFrame([["r1", "A"]]),
            "records: column 0 has no name that is text; is the first row the header?",
        ),
        (pd.concat([records(), records()], axis=1), "records: column 'record_id' stands there twice"),
        (
            records(pmid=[1e17, 1]),
            "records: row 0: column 'pmid' holds 1e+17, too large for a float to be exact",
        ),
        (records(pmid=[np.inf, 1]), "records: row 0: column 'pmid' holds inf, which is no whole number"),
        (records(issue=[True, False]), "records: row 0: column 'issue' holds True, which is no text"),
        (records(url=[b"x", ""]), "records: row 0: column 'url' holds b'x', a bytes and no text"),
        (records(record_id=["r1", "r1"]), "records: row 1: record_id 'r1' stands here twice"),
        (records(record_id=["r1", None]), "records: row 1: record_id is blank"),
        (records(round=["1", "one"]), "records: row 1: round 'one' is not a whole number"),
    ],
)
def test_what_does_not_fit_is_told_in_words_of_pandas(frame: object, said: str) -> None:
    assert told(frame)[0].startswith(said)


def test_columns_of_two_levels_are_no_names() -> None:
    frame = records()
    frame.columns = pd.MultiIndex.from_product([["a"], frame.columns])

    assert told(frame) == ["records: its columns have 2 levels; name each by one text"]


def test_an_item_that_pandas_took_for_a_number_is_to_be_read_as_text() -> None:
    frame = pd.DataFrame({"study_id": ["s1"], "item": [1.1], "judgement": ["yes"]})

    (line,) = told(frame, tables.APPRAISAL)

    assert line == (
        "appraisal: row 0: column 'item' holds 1.1, which is no whole number; "
        "a name or an id is read as text (dtype=str)"
    )


def test_ids_of_text_in_the_index_leave_rows_counted_from_0() -> None:
    frame = records(year=[1, 1.5])
    frame.index = pd.Index(["a", "b"])

    assert told(frame) == ["records: row 1: column 'year' holds 1.5, which is no whole number"]
