"""Tests of the tables of an appraisal."""

from importlib import resources

from peerreview import tables
from peerreview.paper.sheets.appraisal import what_is_open
from peerreview.synthesis import appraisal, instrument
from tests.builders import make


def test_what_keeps_an_appraisal_from_being_complete_is_told() -> None:
    mmat = instrument.parse(
        (resources.files("peerreview.synthesis") / "instruments" / "mmat-2018.toml").read_text(
            encoding="utf-8"
        ),
        "mmat-2018",
    )
    studies = make(
        tables.STUDIES,
        study_id=["s1", "s2", "s3"],
        label=["a", "b", "c"],
        design=["letter", "", "mixed methods"],
    )
    judged = make(
        tables.APPRAISAL,
        study_id=["s3", "s3", "s3"],
        item=["S1", "S1", "S2"],
        judgement=["yes", "no", "yes"],
        reviewer=["ana", "ben", "ana"],
    )

    told = [what_is_open(study, mmat) for study in appraisal.appraise(judged, studies, instrument=mmat)]

    assert told[0][0].startswith("design 'letter' is not one that the instrument knows (qualitative, ")
    assert told[1][0].startswith("no design (qualitative, ")
    assert told[2] == [
        "a mixed methods study needs one of the sets randomised, non-randomised, descriptive",
        "not judged: 1.1, 1.2, 1.3, 1.4, 1.5, 5.1, 5.2, 5.3, 5.4, 5.5",
        "appraisers differ on S1",
    ]
