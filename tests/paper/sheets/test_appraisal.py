"""Tests of the tables of an appraisal."""

from importlib import resources

from peerreview import tables
from peerreview.paper import evidence
from peerreview.paper.sheets.appraisal import appraisal_items, appraiser_agreement, what_is_open, whole_json
from peerreview.protocol import Protocol
from peerreview.synthesis import appraisal, instrument
from tests.builders import make

MMAT = instrument.parse(
    (resources.files("peerreview.synthesis") / "instruments" / "mmat-2018.toml").read_text(encoding="utf-8"),
    "mmat-2018",
)


def test_three_appraisers_have_the_statistics_of_reviewers() -> None:
    said = {
        "ana": "yes yes no no",
        "ben": "yes no no no",
        "cy": "yes yes no yes",
        "consensus": "yes yes no no",
    }
    judged = make(
        tables.APPRAISAL,
        study_id=[f"s{n}" for _ in said for n in range(4)],
        item=["S1"] * 16,
        judgement=[word for words in said.values() for word in words.split()],
        reviewer=[name for name in said for _ in range(4)],
    )
    studies = make(tables.STUDIES, study_id=[f"s{n}" for n in range(4)], label=list("abcd"))

    appraised = appraisal.appraise(judged, studies, instrument=MMAT)
    sheet = appraiser_agreement(appraised, instrument=MMAT)

    assert sheet is not None
    assert [row[0].text for row in sheet.rows] == ["ana – ben", "ana – cy", "ben – cy"]
    assert sheet.notes[0].startswith(
        "Appraisers agreed on 66.7% of 4 items that two or more judged, before consensus (Krippendorff"
    )
    assert "Light's kappa 0.40" in sheet.notes[0]
    assert evidence.quality(appraised, MMAT, Protocol())[-1].text == sheet.notes[0]


def test_what_keeps_an_appraisal_from_being_complete_is_told() -> None:
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

    told = [what_is_open(study, MMAT) for study in appraisal.appraise(judged, studies, instrument=MMAT)]

    assert told[0][0].startswith("design 'letter' is not one that the instrument knows (qualitative, ")
    assert told[1][0].startswith("no design (qualitative, ")
    assert told[2] == [
        "a mixed methods study needs one of the sets randomised, non-randomised, descriptive",
        "not judged: 1.1, 1.2, 1.3, 1.4, 1.5, 5.1, 5.2, 5.3, 5.4, 5.5",
        "appraisers differ on S1",
    ]


def test_stars_stand_at_the_end_of_a_row_and_only_where_all_items_are_judged() -> None:
    nos = instrument.shipped("nos-case-control")
    items = [each.item for each in nos.items]
    judged = make(
        tables.APPRAISAL,
        study_id=["s1"] * 8 + ["s2"] * 7,
        item=[*items, *items[:-1]],
        judgement=[*"11112110", *"1111211"],
    )
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"])

    sheet = appraisal_items(appraisal.appraise(judged, studies, instrument=nos), instrument=nos)

    assert sheet.columns[-1].heading == "Stars"
    assert [row[-1].text for row in sheet.rows] == ["8/9", "not counted"]
    assert [cell.text for cell in sheet.rows[0][1:9]] == ["*", "*", "*", "*", "**", "*", "*", "−"]
    assert nos.advice in sheet.notes


def test_appraisers_have_a_weighted_kappa_where_judgements_have_an_order() -> None:
    """Cohen (1968): they are 2 steps apart on 6 studies; any star of one and any of the other 20, on 36."""
    first, second = "110112", "101112"
    judged = make(
        tables.APPRAISAL,
        study_id=[f"s{n}" for n in range(6)] * 2,
        item=["C1"] * 12,
        judgement=[*first, *second],
        reviewer=["ana"] * 6 + ["ben"] * 6,
    )
    studies = make(tables.STUDIES, study_id=[f"s{n}" for n in range(6)], label=list("abcdef"))
    nos = instrument.shipped("nos-cohort")
    appraised = appraisal.appraise(judged, studies, instrument=nos)

    sheet = appraiser_agreement(appraised, instrument=nos)

    assert sheet is not None
    assert [each.heading for each in sheet.columns[-2:]] == ["Linear kappa", "95% interval"]
    assert sheet.rows[0][-2].text == f"{1 - (2 / 6) / (20 / 36):.2f}"
    assert sheet.notes[-1] == "Linear kappa: weighted by the steps between two stars, one star, no star."


def test_what_takes_an_order_is_undefined_of_judgements_that_have_none() -> None:
    judged = make(
        tables.APPRAISAL,
        study_id=["s1", "s2"] * 2,
        item=["S1"] * 4,
        judgement=["yes", "can't tell", "yes", "no"],
        reviewer=["ana", "ana", "ben", "ben"],
    )
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"], design=["qualitative"] * 2)
    appraised = appraisal.appraise(judged, studies, instrument=MMAT)

    content = whole_json(appraised, instrument=MMAT, ratings=())["agreement"]

    assert isinstance(content, dict)
    (pair,) = content["pairs"]
    assert pair["cohen"] is not None
    assert pair["cohen_linear"] is None
    assert pair["cohen_quadratic_lo"] is None
    assert pair["why"]["cohen_linear"] == "the judgements have no order"
    assert content["overall"]["why"]["alpha_ordinal"] == "the judgements have no order"


def test_the_report_tells_from_how_many_to_how_many_stars_studies_have() -> None:
    nos = instrument.shipped("nos-cohort")
    items = [each.item for each in nos.items]
    judged = make(
        tables.APPRAISAL,
        study_id=["s1"] * 8 + ["s2"] * 8 + ["s3"],
        item=[*items, *items, "S1"],
        judgement=[*"11112110", *"10101111", "1"],
    )
    studies = make(tables.STUDIES, study_id=["s1", "s2", "s3"], label=["a", "b", "c"])

    told = evidence.quality(appraisal.appraise(judged, studies, instrument=nos), nos, Protocol())

    assert "Stars of 2 complete appraisals: from 6 to 8 of 9." in [each.text for each in told]
