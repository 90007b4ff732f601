"""Tests of leaving works out: what goes with a study, by whatever name people's sheets have for it."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.synthesis.leaving_out import leave_out
from tests.builders import make


def left(**sheets: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return tables without the only report of the first of two studies."""
    frames = {
        "reports": make(tables.REPORTS, record_id=["r1", "r2"], study_id=["S-1", "S-2"]),
        "studies": make(tables.STUDIES, study_id=["S-1", "S-2"], label=["Smith-Jones 2019", ""]),
    }
    return leave_out(frames | sheets, {"r1"}, {"r1"}, "Retracted publication")


@pytest.mark.parametrize("column", ["study_id", "Study ID", "Study-ID", "Author_year", "document"])
@pytest.mark.parametrize("name", ["S-1", "s_1", "Smith-Jones 2019", "smith jones  2019"])
def test_a_sheet_loses_the_rows_of_a_study_by_any_name_that_it_reads(column: str, name: str) -> None:
    sheet = pd.DataFrame({column: [name, "S-2", ""], "D1": ["low", "high", ""]}, dtype="str")

    assert left(appraisal=sheet)["appraisal"]["D1"].tolist() == ["high", ""]


def test_a_finding_loses_the_study_by_any_name_that_it_reads() -> None:
    rows = [
        {"finding": "both", "studies": "Smith Jones 2019; S-2"},
        {"finding": "one", "studies": "s 1"},
        {"finding": "none named", "studies": ""},
    ]

    findings = left(findings=tables.make(tables.FINDINGS, rows))["findings"]

    assert findings["finding"].tolist() == ["both", "none named"]
    assert findings["studies"].tolist() == ["S-2", ""]
