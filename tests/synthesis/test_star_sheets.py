"""Tests of sheets of stars, as published tables and people's own have them."""

from pathlib import Path

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.synthesis import appraisal, judgements
from peerreview.synthesis.instrument import parse, shipped
from tests.builders import make

STUDIES = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Bo 2002"])
EIGHT = "Study,1,2,3,4,5,6,7,8"


def sheet(header: str, *rows: str) -> pd.DataFrame:
    names = header.split(",")
    cells = [row.split(",") for row in rows]
    return pd.DataFrame(
        {name: [row[place] for row in cells] for place, name in enumerate(names)}, dtype="str"
    )


def read(
    raw: pd.DataFrame, instrument: str = "nos-cohort", *, blanks: str = ""
) -> tuple[list[str], tuple[str, ...]]:
    """Return the stars of each study, and what was told of the sheet."""
    form = shipped(instrument)
    found = judgements.read(raw, STUDIES, form, blanks=blanks)
    appraised = appraisal.appraise(found.appraisal, STUDIES, instrument=form)
    return [each.total for each in appraised if each.judged], found.remarks


@pytest.mark.parametrize(
    ("header", "row", "instrument", "stars"),
    [
        (EIGHT, "Ada 2001,★,★,★,–,★★,★,★,★", "nos-cohort", "8/9"),
        ("Author,S1,S2,S3,S4,C1,O1,O2,O3", "Ada 2001,1,0,1,1,2,1,1,0", "nos-cohort", "7/9"),
        ("Author,S1,S2,S3,S4,C1,E1,E2,E3", "Ada 2001,*,*,-,*,**,*,*,*", "nos-case-control", "8/9"),
        ("Study,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8", "Ada 2001,1,1,1,1,1,1,1,1", "nos-case-control", "8/9"),
        ("Study,Item 1,Item 2,Item 3,Item 4,Item 5,Item 6,Item 7", "Ada 2001,1,1,1,2,2,2,1",
         "nos-cross-sectional", "10/10"),
        (
            (
                "Study,Representativeness of the exposed cohort,Selection of the non-exposed cohort,"
                "Ascertainment of exposure,"
                "Demonstration that outcome of interest was not present at start of study,"
                "Comparability of cohorts on the basis of the design or analysis,Assessment of outcome,"
                "Was follow-up long enough for outcomes to occur?,Adequacy of follow up of cohorts"
            ),
            "Ada 2001,+,+,+,+,++,+,+,−", "nos-cohort", "8/9",
        ),
        (
            (
                "First author (year),Is the case definition adequate?,Representativeness of the cases,"
                "Selection of Controls,Definition of Controls,"
                "Comparability of cases and controls on the basis of the design or analysis,"
                "Ascertainment of exposure,Same method of ascertainment for cases and controls,"
                "Non-Response rate"
            ),
            "Ada 2001,1,1,1,1,2,1,1,0", "nos-case-control", "8/9",
        ),
        # Comparability in two columns, a star each: numbered through, or by what is controlled for.
        ("Study,1,2,3,4,5,6,7,8,9", "Ada 2001,*,*,*,*,-,*,*,*,*", "nos-cohort", "8/9"),
        ("Study,S1,S2,S3,S4,C1,C2,O1,O2,O3", "Ada 2001,*,*,*,*,*,-,*,*,*", "nos-cohort", "8/9"),
        ("Study,S1,S2,S3,S4,5a,5b,O1,O2,O3", "Ada 2001,*,*,*,*,*,*,*,*,*", "nos-cohort", "9/9"),
        (
            (
                "Author Year,Representativeness,Non-exposed Selection,Exposure Ascertainment,"
                "Outcome Absent at Start,Comparability (Age/Gender),Comparability (Other),"
                "Outcome Assessment,Follow-up Length,Follow-up Adequacy"
            ),
            "Ada 2001,1,1,1,1,1,0,1,1,0", "nos-cohort", "7/9",
        ),
        (
            "Study,S1,S2,S3,S4,Study controls for age/sex,Study controls for additional factors,O1,O2,O3",
            "Ada 2001,1,1,1,1,1,1,1,1,0", "nos-cohort", "8/9",
        ),
    ],
)  # fmt: skip
def test_stars_are_read_however_the_columns_are_called(
    header: str, row: str, instrument: str, stars: str
) -> None:
    assert read(sheet(header, row), instrument) == ([stars], ())


def test_a_blank_is_not_judged_unless_the_team_says_what_it_means() -> None:
    raw = sheet(EIGHT, "Ada 2001,*,,*,*,**,*,*,*", "Bo 2002,,,,,,,,")

    untold, remarks = read(raw)
    told, silence = read(raw, blanks="no star")

    assert (untold, told, silence) == ([""], ["8/9"], ())
    cure = 'write blanks = "no star" under [appraisal] in peerreview.toml'
    assert remarks == (f"1 blank cell is not judged: if a blank means no star, {cure}",)


def test_sums_that_fit_a_blank_without_a_star_are_told() -> None:
    raw = sheet(f"{EIGHT},Total", "Ada 2001,*,,*,*,**,*,*,*,8", "Bo 2002,*,,*,*,,*,*,*,6/9")

    assert "3 blank cells are not judged; the sums of the sheet count a blank as no star:" in read(raw)[1][0]


def test_a_sum_that_is_not_that_of_its_items_is_told() -> None:
    raw = sheet(
        "Study,S1,S2,S3,S4,C1,O1,O2,O3,Selection (max 4),Outcome,Total score",
        "Ada 2001,1,1,1,1,2,1,1,1,★★★★,3,9",
        "Bo 2002,1,1,0,1,2,1,1,1,4,***,8 (good)",
    )

    stars, remarks = read(raw)

    assert stars == ["9/9", "8/9"]
    assert remarks == ("Bo 2002: 'Selection (max 4)' says 4, its items add up to 3",)


@pytest.mark.parametrize(
    "header",
    [
        "Study,Selection,Comparability,Outcome",
        "Study,Selection stars,Comparability stars,Outcome stars",
        "Study,Selection (max 4),Comparability (max 2),Outcome/Exposure (max 3)",
    ],
)
def test_sums_of_sets_alone_are_refused_since_nobody_can_take_them_apart(header: str) -> None:
    with pytest.raises(InputError, match="hold the stars of several items, which no one can take apart"):
        read(sheet(header, "Ada 2001,***,**,***"))


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        ("Study,C1,Comparability", "Ada 2001,1,1", "columns 'C1' and 'Comparability' are both item C1"),
        ("Study,S1,5a", "Ada 2001,1,1", "column '5a' is a part of item C1, and no other column is the other"),
        ("Study,S1,Representativeness", "Ada 2001,1,1", "'S1' and 'Representativeness' are both item S1"),
    ],
)
def test_columns_that_are_not_an_item_and_its_parts_are_told(header: str, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(sheet(header, row))


def test_beside_its_parts_comparability_is_their_sum() -> None:
    header = "Study,S1,S2,S3,S4,C1a,C1b,Comparability,O1,O2,O3"

    assert read(sheet(header, "Ada 2001,1,1,1,1,1,0,1,1,1,1")) == (["8/9"], ())
    assert read(sheet(header, "Ada 2001,1,1,1,1,1,0,2,1,1,1"))[1] == (
        "Ada 2001: 'Comparability' says 2, its items add up to 1",
    )


def test_a_part_of_comparability_has_one_star_at_most() -> None:
    with pytest.raises(InputErrors, match="'2', '1' in the parts of item C1: each is one point or none"):
        read(sheet("Study,S1,5a,5b", "Ada 2001,1,2,1"))


def test_a_blank_part_leaves_its_item_not_judged() -> None:
    found = judgements.read(sheet("Study,S1,5a,5b", "Ada 2001,1,1,"), STUDIES, shipped("nos-cohort"))

    assert found.appraisal["item"].tolist() == ["S1"]


def test_the_instrument_of_the_reference_counts_sums_alone() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "instruments.md").read_text(encoding="utf-8")
    own = parse(page.partition("```toml")[2].partition("```")[0], "own")
    raw = sheet("Study,Selection,Comparability,Exposure,Total", "Ada 2001,★★★,★,-,4", "Bo 2002,4,2,3,9")

    found = judgements.read(raw, STUDIES, own)

    appraised = appraisal.appraise(found.appraisal, STUDIES, instrument=own)
    assert [each.total for each in appraised] == ["4/9", "9/9"]
    assert found.remarks == ()


def test_columns_that_are_numbered_otherwise_are_no_items() -> None:
    """Seven of eight, or numbers that do not begin at one, could be any."""
    with pytest.raises(InputError, match="no column is an item of nos-cohort"):
        read(sheet("Study,1,2,3,4,5,6,7", "Ada 2001,1,1,1,1,1,1,1"))


def test_blanks_that_are_no_judgement_or_of_an_instrument_with_designs_are_told() -> None:
    with pytest.raises(
        InputError, match=r"blanks 'none' under \[appraisal\] is not one of one star, two stars"
    ):
        read(sheet(EIGHT, "Ada 2001,1,1,1,1,1,1,1,"), blanks="none")
    with pytest.raises(InputError, match="may be an item that the study's design does not ask for"):
        read(sheet("Study,S1", "Ada 2001,yes"), "mmat-2018", blanks="no")


def test_a_blank_of_a_long_table_means_what_the_team_says() -> None:
    raw = sheet("study_id,item,judgement", "s1,S1,1", "s1,S2,")

    found = judgements.read(raw, STUDIES, shipped("nos-cohort"), blanks="no star")

    assert found.appraisal["judgement"].tolist() == ["1", "no star"]
    with pytest.raises(InputErrors):
        judgements.read(raw, STUDIES, shipped("nos-cohort"))


TURNED = (
    "Selection,Representativeness of the exposed cohort,★,★|,Selection of the non-exposed cohort,★,-|"
    ",Ascertainment of exposure,★,★|,Outcome not present at start,★,★|"
    "Comparability,Comparability of cohorts,★★,★|Outcome,Assessment of outcome,★,★|"
    ",Follow-up long enough,★,★|,Adequacy of follow-up,-,★|Total,Total score,8,6"
)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (
            "Item,Ada 2001,Bo 2002",
            "S1,1,1|S2,1,0|S3,1,1|S4,1,1|C1,2,1|O1,1,1|O2,1,1|O3,0,1|Total,8,6",
        ),
        ("Domain,NOS item,Ada 2001,Bo 2002", TURNED),
    ],
)
def test_a_sheet_may_have_a_row_per_item_and_a_column_per_study(header: str, rows: str) -> None:
    stars, remarks = read(sheet(header, *rows.split("|")))

    assert stars == ["8/9", "7/9"]
    assert remarks == (
        "a row per item, and a column per study",
        f"Bo 2002: {'Total score' if 'score' in rows else 'Total'!r} says 6, its items add up to 7",
    )


def test_a_column_of_a_turned_sheet_that_is_no_study_is_told() -> None:
    with pytest.raises(InputErrors, match="study 'Cy 2003' is not in the studies"):
        read(sheet("Item,Ada 2001,Cy 2003", "S1,1,1", "S2,1,1", "S3,1,1"))


def test_a_row_called_study_is_no_item_and_leaves_a_sheet_as_it_is() -> None:
    with pytest.raises(InputErrors, match="columns study_id, judgement are missing"):
        read(sheet("Item,Ada 2001,Bo 2002", "study,x,y", "S1,1,1", "S2,1,1", "S3,1,1"))


@pytest.mark.parametrize(
    ("row", "instrument", "stars"),
    [
        ("Ada 2001,a,a,b,a,a and b,b,a,c", "nos-cohort", "8/9"),
        ("Ada 2001,(a)*,(a)*,(b)*,b,(a)* (b)*,b★,a★,(d)", "nos-cohort", "7/9"),
        ("Ada 2001,B★,A★,C,A★,A★,A★,B,A★", "nos-cohort", "6/9"),
        ("Ada 2001,a,b,a),a.,a;b,b,a,b", "nos-case-control", "7/9"),
        ("Ada 2001,a,b,a,b,a/b,c,a", "nos-cross-sectional", "7/10"),
        ("Ada 2001,b,a,c,a,ab,b,b", "nos-cross-sectional", "8/10"),
    ],
)
def test_the_letters_of_the_form_are_read_by_the_stars_that_it_gives_them(
    row: str, instrument: str, stars: str
) -> None:
    """As tables in print have them: pmc PMC5317305 with stars beside, PMC7327201 without."""
    header = EIGHT if instrument != "nos-cross-sectional" else EIGHT.removesuffix(",8")

    assert read(sheet(header, row), instrument) == ([stars], ())


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            "e,a,a,a,a,a,a,a",
            r"'e' is no answer: the form of nos-cohort has a\*, b\*, c, d for item S1; write",
        ),
        ("a; b,a,a,a,a,a,a,a", "'a; b' is no answer: the form"),
        (
            "a,a,a,a,b,a,a,a",
            r"'b' may be for b alone, or for all up to it: .* write one star or two stars or",
        ),
        ("a,a,a,a,c,a,a,a", "'c' is no answer"),
        ("a*,a,a,a,a*,a,a,a", r"'a' has no star, as others beside it have: .* item S2"),
        ("c*,a*,a*,a*,a*,a*,a*,a*", r"'c\*' has other stars than its letter: .* item S1"),
        ("a**,a*,a*,a*,a*,a*,a*,a*", r"'a\*\*' has other stars than its letter"),
        ("e**,a*,a*,a*,a*,a*,a*,a*", r"'e\*\*' is not one of one star, no star, the answers to item S1"),
        ("bad,a,a,a,a,a,a,a", "'bad' is not one of one star, no star"),
    ],
)
def test_a_letter_that_may_be_two_judgements_or_none_is_asked_about(cells: str, told: str) -> None:
    with pytest.raises(InputErrors, match=told):
        read(sheet(EIGHT, f"Ada 2001,{cells}"))


def test_stars_beside_a_letter_that_the_form_has_not_are_the_word() -> None:
    assert read(sheet(EIGHT, "Ada 2001,e*,a*,c,a*,a*b*,a*,a*,a*")) == (["8/9"], ())


def test_a_total_beside_letters_is_compared() -> None:
    found = read(sheet(f"{EIGHT},Total", "Ada 2001,a,a,b,a,a,b,a,c,8"))

    assert found == (["7/9"], ("Ada 2001: 'Total' says 8, its items add up to 7",))


@pytest.mark.parametrize("letters", ["1", "{ S9 = ['a*'] }", "{ S1 = ['ab'] }", "{ S1 = ['a***'] }"])
def test_letters_of_a_form_are_checked(letters: str) -> None:
    text = f"""
judgements = "nos-cohort"
letters = {letters}
[[sets]]
set = "s"
[sets.items]
S1 = "One"
"""
    with pytest.raises(InputError, match="letter"):
        parse(text, "own")


def test_a_long_cell_of_letters_is_refused_in_no_time() -> None:
    cell = "a  " * 5_000 + "!"

    with pytest.raises(InputErrors, match="is not one of one star, no star"):
        read(sheet(EIGHT, f"Ada 2001,{cell},a,a,a,a,a,a,a"))
