"""Tests of citations."""

import pytest

from peerreview import tables
from peerreview.paper.citations import cite, cite_studies
from tests.builders import make


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
    assert cite(record(authors=authors, year="2011", title="On hope")) == f"{cited} (2011). On hope."


def test_a_citation_leaves_out_what_the_record_has_not() -> None:
    assert cite(record(title="Why hope?", journal="J Hope", volume="3", issue="1", pages="4-5")) == (
        "Why hope? (no date). J Hope 3(1): 4-5."
    )
    assert cite(record(title="On hope", pages="81-90")) == "On hope (no date). 81-90."
    assert cite(record(doi="10.5555/a")) == "No title (no date). doi:10.5555/a"


def test_what_nobody_signed_is_cited_by_its_title() -> None:
    assert cite(record(title="Peer support for stroke.", year="2022")) == ("Peer support for stroke (2022).")


def test_a_study_of_several_reports_is_cited_with_all_of_them() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r2"], study_id=["s1", "s1"])
    unique = make(tables.UNIQUE, title=["One", "Two"], authors=["Zed, Z", "Ada, A"], year=["2002", "2001"])

    assert cite_studies(reports, unique) == {"s1": "Ada A (2001). Two; Zed Z (2002). One."}


def test_no_citation_runs_into_the_doi_of_the_one_before() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r2"], study_id=["s1", "s1"])
    unique = make(tables.UNIQUE, authors=["Ada, A", "Zed, Z"], title=["One", "Two"], doi=["10.5555/a", ""])

    cited = cite_studies(reports, unique)["s1"]

    assert cited == "Ada A (no date). One. doi:10.5555/a; Zed Z (no date). Two."


def test_a_report_listed_by_a_record_removed_as_a_duplicate_is_cited_once_as_the_one_kept() -> None:
    reports = make(tables.REPORTS, record_id=["r1", "r9"], study_id=["s1", "s1"])
    unique = make(tables.UNIQUE, title=["One"], authors=["Zed, Z"], year=["2002"], duplicates=["r8; r9"])

    assert cite_studies(reports, unique) == {"s1": "Zed Z (2002). One."}
