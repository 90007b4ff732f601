"""Tests of sheets of judgements."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.synthesis import headings, judgements
from peerreview.synthesis.instrument import shipped
from tests.builders import make

STUDIES = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Bo 2002"])


def sheet(header: str, *rows: str) -> pd.DataFrame:
    cells = [row.split(",") for row in rows]
    names = header.split(",")
    return pd.DataFrame(
        {name: [row[place] for row in cells] for place, name in enumerate(names)}, dtype="str"
    )


def read(raw: pd.DataFrame, instrument: str = "rob-2") -> judgements.Judgements:
    return judgements.read(raw, STUDIES, shipped(instrument))


def test_robvis_sheet_has_a_row_per_study_and_its_weight() -> None:
    """As its manual has it: Study, the domains, Overall and Weight."""
    raw = sheet("Study,D1,D2,D3,D4,D5,Overall,Weight", "Ada 2001,Low,High,Low,Some concerns,Low,High,12.5")

    found = read(raw)

    assert found.shape == "wide"
    assert found.appraisal["item"].tolist() == ["D1", "D2", "D3", "D4", "D5", "Overall"]
    assert set(found.appraisal["study_id"]) == {"s1"}
    assert set(found.appraisal["weight"]) == {"12.5"}


@pytest.mark.parametrize(
    ("header", "instrument", "item"),
    [
        ("study_id,Domain 1", "rob-2", "D1"),
        ("Study ID,Randomisation process", "rob-2", "D1"),
        ("Author,Q1", "jbi-cohort", "1"),
        ("label,1", "jbi-cohort", "1"),
        ("Study,Item 16", "amstar-2", "16"),
        ("Trial,s1", "mmat-2018", "S1"),
        ("Study ID,Overall bias", "rob-2", "Overall"),
        ("Study ID,Bias arising from the randomization process", "rob-2", "D1"),
        ("Studie,Bias in measurement of the outcome", "rob-2", "D4"),
        ("Study,S1. Are there clear research questions?", "mmat-2018", "S1"),
        ("Author (year),1.1 Is the approach right?", "mmat-2018", "1.1"),
        ("Author/Year,3: Was it right?", "jbi-cohort", "3"),
        ("Study,CASP 2", "casp-qualitative", "2"),
        ("study_id,D1_randomization", "rob-2", "D1"),
        ("Review,Item 16", "amstar-2", "16"),
    ],
)
def test_columns_are_items_however_people_call_them(header: str, instrument: str, item: str) -> None:
    found = read(sheet(header, f"ada 2001,{'low' if instrument == 'rob-2' else 'yes'}"), instrument)

    assert found.appraisal["item"].tolist() == [item]


def test_why_an_item_is_judged_so_is_no_second_judgement() -> None:
    found = read(sheet("Study,D1 randomization,D1_justification,D1: Comment", "Ada 2001,Low,drawn by lot,x"))

    assert found.appraisal["judgement"].tolist() == ["Low"]
    assert found.remarks == ("columns that are no item and are not read: D1_justification, D1: Comment",)


def test_a_number_before_words_is_no_item_where_no_sign_parts_them() -> None:
    found = read(sheet("Study,3 months,1", "Ada 2001,yes,yes"), "jbi-cohort")

    assert found.appraisal["item"].tolist() == ["1"]


def test_a_row_per_item_may_name_its_study_by_the_label_and_its_reviewer_as_covidence_does() -> None:
    found = read(sheet("Study,Reviewer Name,Item,Judgement", "ada 2001,Ana,D1,Low", "Bo 2002,Ana,D1,High"))

    assert found.shape == "long"
    assert found.appraisal["study_id"].tolist() == ["s1", "s2"]
    assert set(found.appraisal["reviewer"]) == {"Ana"}


@pytest.mark.parametrize(
    ("item", "judgement"),
    [("Domain", "Judgment"), ("bias domain", "Risk of bias"), ("item", "Rating"), ("question", "judgement")],
)
def test_a_row_per_item_may_call_item_and_judgement_otherwise(item: str, judgement: str) -> None:
    rows = ["Ada 2001,D1 Randomisation,Low,drawn by lot,High", "Bo 2002,Missing outcome data,High,,High"]

    found = read(sheet(f"Study,{item},{judgement},Comments,Overall", *rows))

    assert found.shape == "long"
    assert found.appraisal[["study_id", "item", "judgement", "note"]].to_numpy().tolist() == [
        ["s1", "D1", "Low", "drawn by lot"],
        ["s2", "D3", "High", ""],
    ]
    assert found.remarks == ("columns that are no item and are not read: Overall",)


def test_rows_of_domains_that_the_instrument_has_not_are_no_items() -> None:
    with pytest.raises(InputError, match="no column is an item of rob-2"):
        read(sheet("Study,Domain,Judgment", "Ada 2001,Secular changes,Low"))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("study_id,Study,D1", "s1,Bo 2002,Low"),
        ("Study ID,Author (year),D1", "s1,bo 2002,Low"),
        ("study_id,label,item,judgement", "s1,Bo 2002,D1,Low"),
        ("study_id,Study,Domain,Judgment", "s1,Bo 2002,D1,Low"),
    ],
)
def test_a_row_that_names_two_studies_is_of_neither(header: str, row: str) -> None:
    with pytest.raises(InputErrors, match=r"'s1' is the study s1, .* '[Bb]o 2002' is s2; correct one"):
        read(sheet(header, row))


@pytest.mark.parametrize("name", ["Ada 2001", "ada  2001", "", "Ada, reported in 2003", "s1"])
def test_a_name_beside_the_id_may_be_the_study_s_own_or_free_words(name: str) -> None:
    assert read(sheet("study_id,Study,D1", f"s1,{name.replace(',', ';')},Low")).appraisal[
        "study_id"
    ].tolist() == ["s1"]


def test_a_sheet_of_another_instrument_is_told_with_the_items_that_were_looked_for() -> None:
    with pytest.raises(
        InputError, match=r"no column is an item of rob-2 \(D1, D2, D3 …\); found Study, Total"
    ):
        read(sheet("Study,Total", "Ada 2001,6"))


def test_a_sheet_names_result_and_reviewer_beside_the_domains() -> None:
    found = read(sheet("Study,Outcome,Reviewer,D1", "Ada 2001,pain,ana,Low", "Ada 2001,death,ana,High"))

    assert found.appraisal["result"].tolist() == ["pain", "death"]
    assert set(found.appraisal["reviewer"]) == {"ana"}


@pytest.mark.parametrize("cells", [("low", "High"), ("Moderate", ""), ("+", "-")])
def test_judgements_under_a_name_of_results_are_told_and_name_no_result(cells: tuple[str, str]) -> None:
    rows = [f"Ada 2001,Low,{cells[0]}", f"Bo 2002,High,{cells[1]}"]

    found = read(sheet("Study,Attrition,Outcome", *rows), "quips")

    assert set(found.appraisal["result"]) == {""}
    assert found.remarks == ("columns that are no item and are not read: Outcome",)


def test_a_blank_cell_is_not_judged_and_an_unknown_column_is_told() -> None:
    found = read(sheet("Study,Year,D1,D2", "Ada 2001,2001,Low,"))

    assert found.appraisal["item"].tolist() == ["D1"]
    assert found.remarks == ("columns that are no item and are not read: Year",)


def test_a_study_that_is_not_included_or_may_be_two_is_told() -> None:
    with pytest.raises(InputErrors, match="study 'Cy 2003' is not in the studies"):
        read(sheet("Study,D1", "Cy 2003,Low"))
    twins = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Ada 2001"])
    with pytest.raises(InputErrors, match="study 'Ada 2001' may be s1 or s2; write the study_id"):
        judgements.read(sheet("Study,D1", "Ada 2001,Low"), twins, shipped("rob-2"))


def test_two_columns_of_one_item_are_told_and_so_is_a_sheet_without_studies() -> None:
    with pytest.raises(InputError, match="columns 'D1' and 'Domain 1' are both item D1"):
        read(sheet("Study,D1,Domain 1", "Ada 2001,Low,High"))
    with pytest.raises(InputError, match="no column says which study"):
        read(sheet("who,D1", "Ada 2001,Low"))


def test_a_table_with_neither_shape_says_what_a_long_one_needs() -> None:
    with pytest.raises(InputErrors, match="columns study_id, item, judgement are missing"):
        read(sheet("a,b", "1,2"))


def items(header: str, instrument: str) -> str:
    """Return the items that a sheet's columns are read as, in their order."""
    return " ".join(headings.read(header.split(","), shipped(instrument)).items)


ROB_1 = (
    "Random sequence generation (selection bias),Allocation concealment (selection bias),"
    "Blinding of participants and personnel (performance bias),"
    "Blinding of outcome assessment (detection bias),Incomplete outcome data (attrition bias),"
    "Selective reporting (reporting bias),Other bias"
)
ROBIS = (
    "Review,Study Eligibility Criteria,Identification & Selection of Studies,"
    "Data Collection & Study Appraisal,Synthesis & Findings,Overall RoB"
)


@pytest.mark.parametrize(
    ("header", "instrument", "found"),
    [
        (ROB_1, "rob-1", "D1 D2 D3 D4 D5 D6 D7"),
        # As robvis has its example, with a point for each blank.
        ("Study,Random.sequence.generation,Other.sources.of.bias,Overall", "rob-1", "D1 D7 Overall"),
        ("Allocation concealment judgement,D3: risk of bias judgment", "rob-1", "D2 D3"),
        ("Study,1,2,3,4,5,6,7", "rob-1", "D1 D2 D3 D4 D5 D6 D7"),
        # Two entries are of selection bias, and blinding was one entry in 2008.
        ("Study,Selection bias,Blinding,Attrition bias", "rob-1", "D5"),
        (ROBIS, "robis", "D1 D2 D3 D4 Overall"),
        ("Study,1. Study participation,2. Study attrition,QUIPS domain 3", "quips", "D1 D2 D3"),
        ("Study,Risk of bias: Patient selection,Applicability: Patient selection", "quadas-2", "D1 A1"),
        ("Study,Patient selection,Index test (applicability),Flow and timing", "quadas-2", "D1 A2 D4"),
        ("ROB Analysis,Applicability Outcome,Overall ROB", "probast", "D4 A3 Overall"),
        ("Bias due to post-exposure interventions,Bias due to missing data", "robins-e", "D4 D5"),
    ],
)
def test_columns_are_items_as_tools_and_papers_name_them(header: str, instrument: str, found: str) -> None:
    assert items(header, instrument) == found


def test_author_and_year_in_two_columns_name_a_study() -> None:
    found = read(sheet("Author,Year,D1", "ada,2001,Low", "Bo,2002,High"))

    assert (found.appraisal["study_id"].tolist(), found.remarks) == (["s1", "s2"], ())
    with pytest.raises(InputErrors, match="study 'Bo' is not in the studies"):
        read(sheet("Author,Year,D1", "Bo,2001,Low"))


def test_the_study_is_in_a_column_that_is_named_for_its_authors() -> None:
    found = read(sheet("First author (year),D1", "ada 2001,Low"))

    assert found.appraisal["study_id"].tolist() == ["s1"]
