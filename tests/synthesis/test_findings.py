"""Tests of findings and the review's confidence in them."""

import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.paper import evidence
from peerreview.paper.sheets.findings import summary_of_findings
from peerreview.synthesis import findings, themes
from peerreview.synthesis.findings import Finding
from tests.builders import make

STUDIES = make(tables.STUDIES, study_id=["s1", "s2", "s3"], label=["Ada 2001", "Bo 2002", "Cy 2003"])
CODING = themes.code(
    make(tables.THEMES, study_id=["s1", "s2", "s3"], theme=["hope", "trust", "trust"]),
    make(tables.CODEBOOK, theme=["hope", "trust"], parent=["", "hope"], label=["Hope", "Trust"]),
    studies=STUDIES,
)


def gather(**columns: str) -> tuple[Finding, ...]:
    table = tables.make(tables.FINDINGS, [{"finding": "Peers help"} | columns])
    return findings.gather(tables.check(table, tables.FINDINGS), STUDIES, CODING)


def test_a_finding_rests_on_the_studies_that_it_names_by_id_or_label() -> None:
    (found,) = gather(studies="bo 2002; s1; s1")

    assert (found.studies, found.stated) == (("Ada 2001", "Bo 2002"), True)


def test_a_finding_without_studies_rests_on_those_with_its_themes_and_subthemes() -> None:
    assert gather(themes="Hope")[0].studies == ("Ada 2001", "Bo 2002", "Cy 2003")
    assert gather(themes="trust")[0].studies == ("Bo 2002", "Cy 2003")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"studies": "s9"}, "study 's9' is not in the studies"),
        ({"themes": "joy"}, "theme 'joy' is not one of the coding"),
        ({"confidence": "sure"}, "confidence 'sure' is not high, moderate, low or very low"),
    ],
)
def test_what_a_finding_cannot_rest_on_is_told(columns: dict[str, str], told: str) -> None:
    with pytest.raises(InputErrors, match=told):
        gather(**columns)


def test_a_label_of_two_studies_is_asked_about() -> None:
    twins = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Ada 2001"])

    with pytest.raises(InputErrors, match="study 'Ada 2001' may be s1 or s2"):
        findings.gather(make(tables.FINDINGS, finding=["x"], studies=["Ada 2001"]), twins)


def test_confidence_without_grounds_or_studies_is_told() -> None:
    assert list(findings.what_is_open(gather(confidence="Low"))) == [
        "confidence in “Peers help” is low, and why is blank",
        "no study is named for “Peers help”",
    ]
    assert list(findings.what_is_open(gather())) == []


def test_the_table_and_the_report_carry_the_review_s_own_confidence() -> None:
    found = gather(themes="hope", confidence="very low", why="One thin study")

    sheet = summary_of_findings(found)

    assert [cell.text for cell in sheet.rows[0]] == [
        "Peers help", "Hope", "3", "Ada 2001; Bo 2002; Cy 2003", "very low", "One thin study",
    ]  # fmt: skip
    assert sheet.notes[1] == "Where a finding names no study, its studies are those coded with its themes."
    assert [each.text for each in evidence.certainty(found)] == ["1 finding, by confidence: very low 1."]
    assert [each.text for each in evidence.certainty(gather())] == [
        "1 finding; confidence is stated in none."
    ]
    assert evidence.certainty(()) == []
