import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from tests.builders import make, make_records, make_votes


def test_a_cell_of_another_column_is_told_in_short() -> None:
    votes = make_votes("r1 ana title_abstract include").assign(decision="An abstract. " * 100)

    with pytest.raises(InputErrors) as told:
        tables.check(votes, tables.VOTES)

    assert len(told.value.errors[0].message) < 200
    assert "An abstract. An abstract." in told.value.errors[0].message


def test_a_table_of_another_kind_is_told_in_one_line() -> None:
    log = pd.DataFrame({f"column {number}": ["1"] for number in range(12)}, dtype="str")

    with pytest.raises(InputErrors) as told:
        tables.check(log, tables.VOTES)

    assert str(told.value) == (
        "columns record_id, reviewer, stage, decision are missing; found "
        + ", ".join(f"column {number}" for number in range(8))
        + ", …; peerreview decisions turns a screening tool's export into votes"
    )


def test_a_missing_column_is_named() -> None:
    raw = pd.DataFrame({"record_id": ["r1"], "reviewer": ["ana"], "stage": ["title_abstract"]})

    with pytest.raises(InputErrors, match="column 'decision' is missing; found record_id, reviewer, stage"):
        tables.check(raw, tables.VOTES)


def test_an_unknown_decision_is_named_with_its_row() -> None:
    votes = make_votes("r1 ana title_abstract include", "r2 ana title_abstract perhaps")

    with pytest.raises(InputErrors) as caught:
        tables.check(votes, tables.VOTES)

    said = "row 2: decision 'perhaps' is not include, exclude, maybe, not_retrieved or withdrawn"
    assert str(caught.value) == said


def test_a_record_id_may_not_stand_twice() -> None:
    records = make_records(record_id=["r1", "r1"])

    with pytest.raises(InputErrors, match="record_id 'r1' stands here twice"):
        tables.check(records, tables.RECORDS)


def test_a_report_may_tell_of_two_studies_but_of_each_once() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r1", "r1"], study_id=["s1", "s2", "s1"])

    tables.check(reports[:2], tables.REPORTS)
    with pytest.raises(InputErrors, match="record_id and study_id 'r1' 's1' stands here twice"):
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

    with pytest.raises(InputErrors) as caught:
        tables.check(votes, tables.VOTES)

    assert str(caught.value) == "row 1: decision is blank"


def test_a_round_is_a_whole_number() -> None:
    records = make(tables.RECORDS, record_id=["r1"], round=["first"])

    with pytest.raises(InputErrors, match="round 'first' is not a whole number"):
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


def test_an_empty_table_has_its_columns() -> None:
    assert list(tables.empty(tables.REPORTS).columns) == ["record_id", "study_id"]
    assert tables.make(tables.REPORTS, [{"record_id": "r1"}])["study_id"].tolist() == [""]


def test_a_cell_s_own_basis_goes_before_its_row_s() -> None:
    row = {"country": "Chad", "country_basis": "text", "design": "rct", "basis": "synthetic"}

    assert not tables.is_synthetic(row, "country")
    assert tables.is_synthetic(row, "design")


@pytest.mark.parametrize("word", [" Include ", "INCLUDE", "include\u00a0", "Include"])
def test_case_and_blanks_make_no_other_word(word: str) -> None:
    votes = make_votes("r1 ana full_text include", "r2 ana full_text exclude").assign(
        decision=["exclude", word]
    )

    assert tables.check(votes, tables.VOTES)["decision"].tolist() == ["exclude", "include"]


@pytest.mark.parametrize("word", ["in clude", "includé", "not retrieved", "incl", "ınclude"])
def test_what_is_spelled_otherwise_is_another_word(word: str) -> None:
    votes = make_votes("r1 ana full_text include").assign(decision=[word])

    with pytest.raises(InputErrors, match="is not include, exclude, maybe, not_retrieved or withdrawn"):
        tables.check(votes, tables.VOTES)


@pytest.mark.parametrize(
    "cell", ["1204", " 1204 ", "1204.0", "1204.00", "1,204", "1,204.0", "1'204", "1\u202f204"]
)
def test_a_whole_number_is_read_as_spreadsheets_write_it(cell: str) -> None:
    stated = make(tables.STATED, theme=["hope"], stated=[cell])

    assert tables.check(stated, tables.STATED)["stated"].tolist() == ["1204"]


@pytest.mark.parametrize(
    "cell", ["1.204", "12.5", "1,20", "1,2045", "1,204 567", "1.2E+03", "-1", "1204.5", "١"]
)
def test_a_number_that_could_be_another_is_none(cell: str) -> None:
    stated = make(tables.STATED, theme=["hope"], stated=[cell])

    with pytest.raises(InputErrors, match="is not a whole number"):
        tables.check(stated, tables.STATED)


def test_a_column_is_known_by_its_name_whatever_its_case() -> None:
    raw = make_votes("r1 ana full_text include").rename(columns={"record_id": "Record_ID ", "note": "NOTE"})

    checked = tables.check(raw, tables.VOTES)

    assert list(checked.columns) == list(tables.VOTES.all_columns)


def test_two_columns_of_one_name_are_refused() -> None:
    raw = make_votes("r1 ana full_text include").assign(Decision="maybe")

    with pytest.raises(
        InputErrors, match="column 'decision' stands here twice, as 'decision' and 'Decision'"
    ):
        tables.check(raw, tables.VOTES)
