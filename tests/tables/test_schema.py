import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors, RowErrors
from tests.builders import make, make_records, make_votes


def test_a_cell_of_another_column_is_told_in_short() -> None:
    votes = make_votes("r1 ana title_abstract include").assign(decision="An abstract. " * 100)

    with pytest.raises(RowErrors) as told:
        tables.check(votes, tables.VOTES)

    assert len(told.value.problems[0][2]) < 200
    assert "An abstract. An abstract." in told.value.problems[0][2]


def test_a_table_of_another_kind_is_told_in_one_line() -> None:
    log = pd.DataFrame({f"column {number}": ["1"] for number in range(12)}, dtype="str")

    with pytest.raises(InputErrors) as told:
        tables.check(log, tables.VOTES)

    assert str(told.value) == (
        "1: columns record_id, reviewer, stage, decision are missing; found "
        + ", ".join(f"column {number}" for number in range(8))
        + ", …; peerreview decisions turns a screening tool's export into votes"
    )


def test_a_missing_column_is_named() -> None:
    raw = pd.DataFrame({"record_id": ["r1"], "reviewer": ["ana"], "stage": ["title_abstract"]})

    with pytest.raises(InputErrors, match="column 'decision' is missing; found record_id, reviewer, stage"):
        tables.check(raw, tables.VOTES)


def test_an_unknown_decision_is_named_with_its_row() -> None:
    votes = make_votes("r1 ana title_abstract include", "r2 ana title_abstract perhaps")

    with pytest.raises(RowErrors) as caught:
        tables.check(votes, tables.VOTES)

    assert caught.value.problems == [
        ("", 1, "decision 'perhaps' is not include, exclude, maybe or not_retrieved")
    ]


def test_a_record_id_may_not_stand_twice() -> None:
    records = make_records(record_id=["r1", "r1"])

    with pytest.raises(RowErrors, match="record_id 'r1' stands here twice"):
        tables.check(records, tables.RECORDS)


def test_a_report_may_tell_of_two_studies_but_of_each_once() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r1", "r1"], study_id=["s1", "s2", "s1"])

    tables.check(reports[:2], tables.REPORTS)
    with pytest.raises(RowErrors, match="record_id and study_id 'r1' 's1' stands here twice"):
        tables.check(reports, tables.REPORTS)


def test_blanks_around_ids_names_and_words_make_no_other_record_or_person() -> None:
    votes = make_votes("r1 ana title_abstract include").assign(
        record_id=" r1", reviewer="ana ", decision="include\xa0", note=" as it is "
    )

    checked = tables.check(votes, tables.VOTES)

    cells = ["record_id", "reviewer", "decision", "note"]
    assert checked[cells].iloc[0].tolist() == ["r1", "ana", "include", " as it is "]


def test_blanks_around_a_coder_an_appraiser_or_a_parent_make_no_other() -> None:
    themes = make(tables.THEMES, study_id=["s1"], theme=["hope"], coder=[" ana "])
    judged = make(tables.APPRAISAL, study_id=["s1"], item=["S1"], judgement=["yes"], reviewer=["consensus "])
    codebook = make(tables.CODEBOOK, theme=["hope"], parent=["trust "])

    assert tables.check(themes, tables.THEMES)["coder"].tolist() == ["ana"]
    assert tables.check(judged, tables.APPRAISAL)["reviewer"].tolist() == ["consensus"]
    assert tables.check(codebook, tables.CODEBOOK)["parent"].tolist() == ["trust"]


def test_a_blank_where_none_may_be_is_told_once() -> None:
    votes = make_votes("r1 ana title_abstract include").assign(decision="")

    with pytest.raises(RowErrors) as caught:
        tables.check(votes, tables.VOTES)

    assert caught.value.problems == [("", 0, "decision is blank")]


def test_a_round_is_a_whole_number() -> None:
    records = make(tables.RECORDS, record_id=["r1"], round=["first"])

    with pytest.raises(RowErrors, match="round 'first' is not a whole number"):
        tables.check(records, tables.RECORDS)


def test_optional_columns_are_added_and_others_are_kept_last() -> None:
    raw = pd.DataFrame(
        {
            "mood": ["good"],
            "record_id": ["r1"],
            "reviewer": ["ana"],
            "stage": ["full_text"],
            "decision": ["maybe"],
        }
    )

    checked = tables.check(raw, tables.VOTES)

    assert [*tables.VOTES.all_columns, "mood"] == list(checked.columns)
    assert checked["role"].tolist() == [""]


def test_rows_of_several_files_are_placed_in_their_own() -> None:
    votes = make_votes("r1 ana full_text include", "r2 ana full_text include", "r3 bo full_text include")
    votes.attrs["files"] = (("ana.csv", 2), ("bo.csv", 1))

    error = tables.row_errors(votes, [(1, "one"), (2, "two")])

    assert error.problems == [("ana.csv", 1, "one"), ("bo.csv", 0, "two")]


def test_an_empty_table_has_its_columns() -> None:
    assert list(tables.empty(tables.REPORTS).columns) == ["record_id", "study_id"]
    assert tables.make(tables.REPORTS, [{"record_id": "r1"}])["study_id"].tolist() == [""]


def test_a_cell_s_own_basis_goes_before_its_row_s() -> None:
    row = {"country": "Chad", "country_basis": "text", "design": "rct", "basis": "synthetic"}

    assert not tables.is_synthetic(row, "country")
    assert tables.is_synthetic(row, "design")
