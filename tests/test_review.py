"""Tests of a review's folder: where tables are looked for, and what is told of it."""

from pathlib import Path

import pytest

from peerreview import tables
from peerreview.errors import InputError, UsageError
from peerreview.review import Review, name_of
from tests.builders import make_records

PAIRS = "record_id,duplicate_of,verdict,relation,rule,score,similarities\nr2,r1,duplicate,,x,,\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with another review in ``sub``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    return tmp_path


def put(path: str, text: str = PAIRS) -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")
    return Path(path)


@pytest.mark.usefixtures("folder")
def test_a_companion_lies_beside_the_table_that_is_named() -> None:
    put("sub/duplicates.csv")
    put("duplicates.csv", PAIRS.replace("r2", "r9"))
    review = Review.around(Path("sub/records.csv")) if put("sub/records.csv") else Review()

    pairs = review.read_optional(tables.DUPLICATES)

    assert pairs["record_id"].tolist() == ["r2"]
    assert review.told() == ["read sub/duplicates.csv"]


@pytest.mark.usefixtures("folder")
def test_a_companion_of_another_folder_is_not_read_and_told() -> None:
    put("duplicates.csv")
    review = Review.around(put("sub/records.csv"))

    pairs = review.read_optional(tables.DUPLICATES, without="no duplicate is counted")

    assert pairs.empty
    assert review.told() == [
        "no sub/duplicates.csv: no duplicate is counted",
        "duplicates.csv: is not read: it lies beside none of the tables named",
    ]


@pytest.mark.usefixtures("folder")
def test_of_two_companions_none_is_guessed_to_be_meant() -> None:
    put("sub/duplicates.csv")
    put("duplicates.csv")
    review = Review.around(None, put("sub/screening.csv"))

    with pytest.raises(UsageError, match=r"which one is meant, sub/duplicates\.csv or duplicates\.csv"):
        review.path(tables.DUPLICATES)


@pytest.mark.usefixtures("folder")
def test_a_workbook_where_a_table_should_lie_is_told_and_never_left_out_in_silence() -> None:
    put("records.csv", "record_id\n")
    for name in ("overrides.xlsx", "studies.ods"):
        put(name, "")
    review = Review(Path())

    assert review.read_optional(tables.OVERRIDE).empty
    assert review.told() == [
        "overrides.xlsx: is not read: save it as overrides.csv, or name it by its option",
    ]
    with pytest.raises(InputError, match=r"no such file; save studies.ods as studies.csv, or name it"):
        review.read(tables.STUDIES)
    with pytest.raises(InputError, match=r"unique.csv: no such file; peerreview dedupe writes this table"):
        review.read(tables.UNIQUE)


@pytest.mark.usefixtures("folder")
def test_a_table_that_is_named_must_be_there() -> None:
    with pytest.raises(InputError, match=r"no such file"):
        Review.around(Path("sub/records.csv"))


@pytest.mark.usefixtures("folder")
def test_votes_belong_to_the_review_above_their_folder() -> None:
    put("sub/duplicates.csv")
    votes = put("sub/decisions/ana.csv")

    assert Review.of_votes([votes]).path(tables.DUPLICATES) == Path("sub/duplicates.csv")


@pytest.mark.usefixtures("folder")
def test_votes_in_a_folder_of_any_name_find_the_review_too() -> None:
    put("duplicates.csv")
    votes = put("screened/ana.csv")

    assert Review.of_votes([votes]).path(tables.DUPLICATES) == Path("duplicates.csv")


@pytest.mark.usefixtures("folder")
def test_what_lies_among_the_votes_and_is_none_is_told() -> None:
    put("decisions/ana.csv")
    put("decisions/ben.xlsx")
    put("decisions/README.md")
    review = Review()

    assert review.vote_files(None) == [Path("decisions/ana.csv")]
    assert review.told()[1:] == [
        "decisions/ben.xlsx: is not read: votes are .csv; peerreview decisions makes votes of other files"
    ]


@pytest.mark.usefixtures("folder")
def test_the_protocol_is_found_above_a_folder_of_outputs_but_not_above_the_working_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("peerreview.toml", '[review]\ntitle = "Hope"\n')
    records = put("build/records.csv")

    assert Review.around(records).protocol().title == "Hope"
    monkeypatch.chdir(folder / "sub")
    assert Review().protocol().title == ""


@pytest.mark.usefixtures("folder")
def test_nothing_that_was_read_is_written_over() -> None:
    review = Review.around(put("records.csv"))

    with pytest.raises(UsageError, match=r"is read by this command"):
        review.keep_apart(Path("sub/../records.csv"))
    with pytest.raises(UsageError, match=r"is read by this command"):
        review.keep_apart(Path("duplicates.csv"), unread=[tables.DUPLICATES])
    review.keep_apart(Path("unique.csv"))


def test_every_table_has_a_name_of_its_own() -> None:
    names = [name_of(table) for table in vars(tables).values() if isinstance(table, tables.Table)]

    assert len(names) == len(set(names))
    assert make_records(title=["A"]).columns.tolist() == list(tables.RECORDS.columns)
