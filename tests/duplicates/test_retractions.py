"""Tests of retractions: what records say of themselves, and which notices are of which records."""

import pandas as pd
import pytest

from peerreview.duplicates import retractions
from peerreview.imports.notices import COLUMNS
from tests.builders import make_records


def said(**columns: str) -> set[tuple[str, str]]:
    records = make_records(record_id=["r1"], **{name: [cell] for name, cell in columns.items()})
    found = retractions.what_they_say(records)
    return set(zip(found["about"], found["kind"], strict=True))


def make_notices(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [{**dict.fromkeys(COLUMNS, ""), "kind": "retraction"} | row for row in rows], dtype="str"
    )


def found(records: pd.DataFrame, *rows: dict[str, str]) -> list[tuple[str, int, str, str, str]]:
    table = retractions.find(records, make_notices(*rows))
    return list(table.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("RETRACTED: Wages of peers", {("paper", "retraction")}),
        ("Retracted Article: Wages of peers", {("paper", "retraction")}),
        ("Wages of peers (Retracted article. See vol. 12, pg. 3, 2019)", {("paper", "retraction")}),
        ("Wages of peers [Retracted]", {("paper", "retraction")}),
        ("WITHDRAWN: Peer support for people after stroke", {("paper", "withdrawal")}),
        ("Retraction: Wages of peers", {("notice", "retraction")}),
        ("Retraction notice to “Wages of peers” [J Peer Work 3 (2019) 1-9]", {("notice", "retraction")}),
        ("Notice of Retraction: Wages of peers", {("notice", "retraction")}),
        ("Retraction of: RETRACTED: Wages of peers", {("notice", "retraction")}),
        ("Partial retraction: Wages of peers", {("notice", "partial_retraction")}),
        ("Expression of Concern: Wages of peers", {("notice", "concern")}),
        ("Editorial expression of concern on Wages of peers", {("notice", "concern")}),
        ("Erratum to: Wages of peers", {("notice", "correction")}),
        ("Wages of peers: Corrigendum", {("notice", "correction")}),
        ("Author Correction: Wages of peers", {("notice", "correction")}),
        ("Statement of Retraction. Wages of peers. J Peer Work 2019;3:1-9", {("notice", "retraction")}),
        ("Retraction note", {("notice", "retraction")}),
        ("Retraction of articles", {("notice", "retraction")}),
        ("Department of Error", {("notice", "correction")}),
        ("“Wages of peers: A survey”: Correction", {("notice", "correction")}),
        ("Wages of peers.[Erratum appears in J Peer Work. 2019;3(1):9]", {("paper", "correction")}),
        ("Wages of peers.[Retraction in Ade A. J Peer Work. 2019;3(1):9]", {("paper", "retraction")}),
        ("Wages of peers [Expression of concern in J Peer Work. 2019]", {("paper", "concern")}),
    ],
)
def test_a_title_says_what_its_record_is(title: str, says: set[tuple[str, str]]) -> None:
    assert said(title=title) == says


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of the lower eyelid in thyroid disease",
        "Withdrawn-behaviour in toddlers and its course",
        "Retracted ears and other signs of fear in cats",
        "Correction of scoliosis with magnetically controlled rods",
        "Patients withdrawn from dialysis: a cohort",
        "Areas of concern: what parents say of wards",
        "Removed from home: children in care",
        "Erratic heartbeats of nurses at night",
        "Why are papers retracted? A survey of editors",
        "Retraction of articles on wages: what editors say",
        "Errors of department heads: correction in teams",
        "Wages of peers [corrected]",
    ],
)
def test_a_title_on_the_same_words_says_nothing_of_its_record(title: str) -> None:
    assert said(title=title) == set()


@pytest.mark.parametrize(
    ("type_", "says"),
    [
        ("Journal Article; Retracted Publication", {("paper", "retraction")}),
        ("Retraction of Publication", {("notice", "retraction")}),
        ("Retraction Notice", {("notice", "retraction")}),
        ("Published Erratum", {("notice", "correction")}),
        ("Expression of Concern", {("notice", "concern")}),
        ("Journal Article; Corrected and Republished Article", {("paper", "correction")}),
        ("Article; Retracted Publication", {("paper", "retraction")}),
        ("Journal Article", set()),
    ],
)
def test_a_publication_type_says_what_its_record_is(type_: str, says: set[tuple[str, str]]) -> None:
    assert said(type=type_) == says


@pytest.mark.parametrize(
    ("type_", "title", "says"),
    [
        # Some publishers head the notice as others do the paper.
        ("Retraction of Publication", "Retracted: Wages of peers", {("notice", "retraction")}),
        ("Erratum", "Retracted: Wages of peers", {("notice", "correction"), ("notice", "retraction")}),
        ("Retracted Publication", "Retraction: Wages of peers", {("paper", "retraction")}),
        ("Journal Article", "Retracted: Wages of peers", {("paper", "retraction")}),
    ],
)
def test_what_a_database_says_goes_before_the_words_of_a_title(
    type_: str, title: str, says: set[tuple[str, str]]
) -> None:
    assert said(type=type_, title=title) == says


def test_a_notice_by_its_identifiers_is_no_retracted_paper_whatever_its_title_says() -> None:
    records = make_records(record_id=["r1"], title=["Retracted: Wages of peers"], doi=["10.5555/n1"])
    table = retractions.find(
        records,
        make_notices(
            {"title": "Wages of peers", "doi": "10.5555/p1", "notice_doi": "10.5555/n1"},
            {"title": "Wages of peers", "doi": "10.5555/p1", "kind": "concern"},
        ),
    )
    told = retractions.what_they_say(records, retractions.are_notices(table))

    assert table["about"].tolist() == ["notice"]
    assert told["about"].tolist() == ["notice"]


def test_pubmeds_links_tell_a_paper_from_its_notice_and_name_the_notice() -> None:
    extra = '{"RIN": "J Peer Work. 2020 May;3(1):9. PMID: 36522839", "EIN": ["J Peer Work. 2019;2:1"]}'
    table = retractions.what_they_say(make_records(record_id=["r1"], extra=[extra]))

    assert list(table.itertuples(index=False, name=None)) == [
        ("r1", "paper", "retraction", "RIN", "36522839"),
        ("r1", "paper", "correction", "EIN", ""),
    ]


def test_a_link_of_the_xml_without_a_number_leaves_no_notices_number_to_another() -> None:
    path = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections"
    words = '["CommentIn", "RetractionIn"]'
    whole = f'{{"{path}/@RefType": {words}, "{path}/PMID": ["111", "222"]}}'
    short = f'{{"{path}/@RefType": {words}, "{path}/PMID": ["222"]}}'
    table = retractions.what_they_say(make_records(record_id=["r1", "r2"], extra=[whole, short]))

    assert table["kind"].tolist() == ["retraction", "retraction"]
    assert table["notice_pmid"].tolist() == ["222", ""]


def test_identifiers_are_certain_and_those_of_the_notice_mean_the_notice() -> None:
    records = make_records(
        record_id=["doi", "pmid", "notice"],
        title=["Wages of peers", "Wages of peers", "Retraction: Wages of peers"],
        doi=["https://doi.org/10.5555/P1", "", "10.5555/n1"],
        pmid=["", "36522839", ""],
    )
    of = {"title": "Wages of peers", "doi": "10.5555/p1", "pmid": "36522839", "notice_doi": "10.5555/n1"}

    assert found(records, of) == [
        ("doi", 0, "paper", "certain", "DOI"),
        ("notice", 0, "notice", "certain", "DOI"),
        ("pmid", 0, "paper", "certain", "PMID"),
    ]


def test_a_notice_in_the_papers_place_means_the_paper() -> None:
    records = make_records(record_id=["r1"], doi=["10.5555/p1"])

    assert found(records, {"doi": "10.5555/p1", "notice_doi": "10.5555/p1"}) == [
        ("r1", 0, "paper", "certain", "DOI")
    ]


def test_where_one_identifier_differs_the_titles_tell_which_is_a_slip() -> None:
    records = make_records(
        record_id=["same", "other"],
        title=["Wages of peers: a survey in ten wards", "Sleep in large cities"],
        doi=["10.5555/p1", "10.5555/p9"],
        pmid=["1", "36522839"],
    )
    of = {"title": "Wages of peers", "doi": "10.5555/p1", "pmid": "36522839"}

    assert found(records, of) == [
        ("other", 0, "paper", "possible", "PMID; the DOIs differ"),
        ("same", 0, "paper", "certain", "DOI; the PMIDs differ"),
    ]


TITLE = "Wages of peer workers in ten wards of large cities"


@pytest.mark.parametrize(
    ("record", "how"),
    [
        ({"title": TITLE, "authors": "Ade, Ann", "year": "2019"}, "title, authors, year"),
        ({"title": f"RETRACTED: {TITLE}.", "authors": "Ade A", "year": "2020"}, "title, authors, year"),
        (
            {"title": TITLE.replace("workers", "worker"), "authors": "Ade, A", "year": ""},
            "title, nearly, authors",
        ),
        ({"title": TITLE, "authors": "", "year": ""}, "title"),
        (
            {"title": TITLE, "authors": "Ade, A", "year": "2019", "doi": "10.5555/x"},
            "title, authors, year; the DOIs differ",
        ),
    ],
)
def test_title_authors_and_year_make_a_match_possible(record: dict[str, str], how: str) -> None:
    records = make_records(record_id=["r1"], **{name: [cell] for name, cell in record.items()})
    of = {"title": TITLE, "authors": "Ann Ade; Bo Bell", "year": "2019", "doi": "10.5555/p1"}

    assert found(records, of) == [("r1", 0, "paper", "possible", how)]


@pytest.mark.parametrize(
    "record",
    [
        {"title": TITLE, "authors": "Zoe, Q", "year": "2019"},
        {"title": TITLE, "authors": "Ade, A", "year": "2014"},
        {"title": f"{TITLE}. Part 2", "authors": "Ade, A", "year": "2019"},
        {"title": f"Reply to: {TITLE}", "authors": "Ade, A", "year": "2019"},
        {"title": f"Erratum to: {TITLE}", "authors": "Ade, A", "year": "2019"},
        {"title": "Wages of nurses in ten wards of large cities", "authors": "Bo, C", "year": "2019"},
        {"title": "Editorial", "authors": "Ade, A", "year": "2019"},
    ],
)
def test_another_work_of_nearly_that_title_is_not_matched(record: dict[str, str]) -> None:
    records = make_records(record_id=["r1"], **{name: [cell] for name, cell in record.items()})
    of = [{"title": title, "authors": "Ann Ade; Bo Bell", "year": "2019"} for title in (TITLE, "Editorial")]

    assert found(records, *of) == []


def test_a_short_title_by_itself_is_no_match() -> None:
    records = make_records(record_id=["r1"], title=["Wages of peers"])

    assert found(records, {"title": "Wages of peers"}) == []
