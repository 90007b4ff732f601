"""Tests of manuscript."""

from importlib import resources

import pytest

from peerreview import appraisal, instrument, manuscript, tables, themes
from tests.builders import make

STUDIES = make(tables.STUDIES, study_id=["s1"], label=["Ada 2001"])


def record(**cells: str) -> dict[str, str]:
    columns = ("authors", "year", "title", "journal", "volume", "issue", "pages", "doi")
    return {column: cells.get(column, "") for column in columns}


@pytest.mark.parametrize(
    ("authors", "cited"),
    [
        ("Berry, C; Hayward, M.I.", "Berry C, Hayward MI"),
        ("Berry, Clara J.", "Berry CJ"),
        ("Ng, Wai-Ling", "Ng WL"),
        ("World Health Organization", "World Health Organization"),
        ("A, A; B, B; C, C; D, D", "A A, B B, C C, et al."),
        ("A, A; B, B; et al", "A A, B B, et al."),
    ],
)
def test_authors_are_cited_by_family_name_and_initials(authors: str, cited: str) -> None:
    assert (
        manuscript.cite(record(authors=authors, year="2011", title="On hope")) == f"{cited} (2011). On hope."
    )


def test_a_citation_leaves_out_what_the_record_has_not() -> None:
    assert manuscript.cite(
        record(title="Why hope?", journal="J Hope", volume="3", issue="1", pages="4-5")
    ) == ("Why hope? (no date). J Hope 3(1): 4-5.")
    assert manuscript.cite(record(title="On hope", pages="81-90")) == "On hope (no date). 81-90."
    assert manuscript.cite(record(doi="10.5555/a")) == "No title (no date). doi:10.5555/a"


def test_what_nobody_signed_is_cited_by_its_title() -> None:
    assert manuscript.cite(record(title="Peer support for stroke.", year="2022")) == (
        "Peer support for stroke (2022)."
    )


def test_a_study_of_several_reports_is_cited_with_all_of_them() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r2"], study_id=["s1", "s1"])
    unique = make(tables.UNIQUE, title=["One", "Two"], authors=["Zed, Z", "Ada, A"], year=["2002", "2001"])

    assert manuscript.citations(reports, unique) == {"s1": "Ada A (2001). Two; Zed Z (2002). One."}


def test_no_citation_runs_into_the_doi_of_the_one_before() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r2"], study_id=["s1", "s1"])
    unique = make(tables.UNIQUE, authors=["Ada, A", "Zed, Z"], title=["One", "Two"], doi=["10.5555/a", ""])

    cited = manuscript.citations(reports, unique)["s1"]

    assert cited == "Ada A (no date). One. doi:10.5555/a; Zed Z (no date). Two."


def test_excluded_reports_stand_in_the_order_of_a_reference_list() -> None:
    names = ["Wójcik, A", "Šimić, B", "Ångström, C", "Adams, D"]
    unique = make(tables.UNIQUE, authors=names, title=["T"] * 4)
    screening = make(
        tables.SCREENING,
        record_id=["r1", "r2", "r3", "r4"],
        stage=["full_text"] * 4,
        outcome=["exclude"] * 4,
        reason=["Setting"] * 4,
    )

    sheet = manuscript.excluded(screening, unique, tables.empty(tables.SOURCES))

    assert [row[2].text for row in sheet.rows] == ["r4", "r3", "r2", "r1"]


def test_each_search_says_its_round_where_there_is_more_than_one() -> None:
    first = make(tables.SOURCES, file=["a", "b"], source=["A", "B"], round=["1", ""])
    both = make(tables.SOURCES, file=["a", "b"], source=["A", "B"], round=["", "2"])
    records = tables.empty(tables.RECORDS)

    assert "Round" not in [each.heading for each in manuscript.sources(first, records).columns]
    sheet = manuscript.sources(both, records)
    column = [each.heading for each in sheet.columns].index("Round")
    assert [row[column].text for row in sheet.rows] == ["1", "2"]


def test_a_report_listed_by_a_record_removed_as_a_duplicate_is_cited_once_as_the_one_kept() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r9"], study_id=["s1", "s1"])
    unique = make(tables.UNIQUE, title=["One"], authors=["Zed, Z"], year=["2002"], duplicates=["r8; r9"])

    assert manuscript.citations(reports, unique) == {"s1": "Zed Z (2002). One."}


def test_a_matrix_of_few_studies_has_them_across_and_of_many_down_the_page() -> None:
    found = make(tables.THEMES, study_id=["s1"], theme=["hope"])
    many = make(
        tables.STUDIES, study_id=[f"s{n}" for n in range(1, 14)], label=[f"Study {n}" for n in range(1, 14)]
    )
    codebook = tables.empty(tables.CODEBOOK)

    few = manuscript.theme_matrix(themes.code(found, codebook, studies=STUDIES))
    long = manuscript.theme_matrix(themes.code(found, codebook, studies=many))

    assert [column.heading for column in few.columns] == ["Theme", "Ada 2001"]
    assert [column.heading for column in long.columns] == ["Study", "hope"]


def test_every_matrix_says_that_its_unit_is_the_study_and_a_blank_is_not_a_no() -> None:
    coding = themes.code(tables.empty(tables.THEMES), tables.empty(tables.CODEBOOK), studies=STUDIES)

    for sheet in (manuscript.theme_tally(coding), manuscript.theme_matrix(coding)):
        assert "Unit: studies (N = 1); blank or 0 means not coded, not absent." in " ".join(sheet.notes)


def test_what_keeps_an_appraisal_from_being_complete_is_told() -> None:
    mmat = instrument.parse(
        (resources.files("peerreview") / "instruments" / "mmat-2018.toml").read_text(encoding="utf-8"),
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

    told = [
        manuscript.what_is_open(study, mmat) for study in appraisal.appraise(judged, studies, instrument=mmat)
    ]

    assert told[0][0].startswith("design 'letter' is not one that the instrument knows (qualitative, ")
    assert told[1][0].startswith("no design (qualitative, ")
    assert told[2] == [
        "a mixed methods study needs one of the sets randomised, non-randomised, descriptive",
        "not judged: 1.1, 1.2, 1.3, 1.4, 1.5, 5.1, 5.2, 5.3, 5.4, 5.5",
        "appraisers differ on S1",
    ]


def test_the_records_imported_from_an_export_declared_by_its_name_alone_are_counted() -> None:
    declared = make(tables.SOURCES, file=["a.ris", "2/b.ris", "1/b.ris"], source=["A", "B", "C"])
    records = make(tables.RECORDS, source_file=["exports/a.ris", "exports/a.ris", "1/b.ris"])

    sheet = manuscript.sources(declared, records)

    column = [each.heading for each in sheet.columns].index("Imported")
    assert [row[column].text for row in sheet.rows] == ["2", "", "1"]
