"""Tests of the tables of themes."""

from peerreview import tables
from peerreview.paper import evidence
from peerreview.paper.sheets.themes import coder_agreement, theme_evidence, theme_matrix, theme_tally
from peerreview.synthesis import themes
from tests.builders import make

STUDIES = make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"])


def test_a_matrix_of_few_studies_has_them_across_and_of_many_down_the_page() -> None:
    found = make(tables.THEMES, study_id=["s1"], theme=["hope"])
    many = make(
        tables.STUDIES, study_id=[f"s{n}" for n in range(1, 14)], label=[f"Study {n}" for n in range(1, 14)]
    )
    codebook = tables.empty(tables.CODEBOOK)

    few = theme_matrix(themes.code(found, codebook, studies=STUDIES))
    long = theme_matrix(themes.code(found, codebook, studies=many))

    assert [column.heading for column in few.columns] == ["Theme", "Ada 2001"]
    assert [column.heading for column in long.columns] == ["Study", "hope"]


def test_every_matrix_says_that_its_unit_is_the_study_and_a_blank_is_not_a_no() -> None:
    coding = themes.code(tables.empty(tables.THEMES), tables.empty(tables.CODEBOOK), studies=STUDIES)

    for sheet in (theme_tally(coding), theme_matrix(coding)):
        assert "Unit: studies (N = 1); blank or 0 means not coded, not absent." in " ".join(sheet.notes)


def test_the_evidence_names_coders_without_their_addresses() -> None:
    found = make(tables.THEMES, study_id=["s1"], theme=["hope"], coder=["ana@example.org"])

    sheet = theme_evidence(themes.code(found, tables.empty(tables.CODEBOOK), studies=STUDIES))

    assert [cell.text for cell in sheet.rows[0]] == ["hope", "Ada 2001", "ana"]


def test_two_coders_have_the_statistics_of_reviewers_by_theme_and_over_all() -> None:
    found = make(
        tables.THEMES,
        study_id=["s1", "s1", "s2", "s2", "s2", "s2"],
        theme=["hope", "hope", "trust", "trust", "hope", "trust"],
        coder=["ana", "ben", "ana", "ben", "ben", "consensus"],
    )
    studies = make(tables.STUDIES, study_id=["s1", "s2"], label=["a", "b"])
    coding = themes.code(found, tables.empty(tables.CODEBOOK), studies=studies)

    sheet = coder_agreement(coding)

    assert sheet is not None
    assert [[cell.text for cell in row[:5]] for row in sheet.rows] == [
        ["hope", "ana – ben", "2", "50.0%", "0.00"],
        ["trust", "ana – ben", "2", "100.0%", "1.00"],
        ["All themes", "ana – ben", "4", "75.0%", "0.50"],
    ]
    assert sheet.notes[0].startswith(
        "Coders ana and ben agreed on 75.0% of 4 studies and themes before consensus (Cohen's kappa 0.50"
    )
    assert evidence.findings(coding)[-1].text == sheet.notes[0]


def test_the_table_says_how_several_coders_make_one_tally() -> None:
    def notes(*coders: str) -> str:
        found = make(
            tables.THEMES,
            study_id=["s1"] * len(coders),
            theme=["hope", *["trust"] * (len(coders) - 1)],
            coder=list(coders),
        )
        coding = themes.code(found, tables.empty(tables.CODEBOOK), studies=STUDIES)
        return " ".join(theme_tally(coding).notes)

    assert "coder" not in notes("ana", "ana")
    assert notes("ana", "ben").endswith("A theme counts in a study where at least one coder found it.")
    assert notes("ana", "ben", "consensus").endswith("(1 that only some found is left out).")


def test_a_consensus_is_no_coder_to_agree_with() -> None:
    found = make(tables.THEMES, study_id=["s1"] * 2, theme=["hope"] * 2, coder=["ana", "consensus"])
    coding = themes.code(found, tables.empty(tables.CODEBOOK), studies=STUDIES)

    assert coder_agreement(coding) is None
