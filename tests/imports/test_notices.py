"""Tests of notices: Retraction Watch's table, dated, damaged, saved again by a spreadsheet."""

from pathlib import Path

import pytest

from peerreview.errors import InputError, InputErrors
from peerreview.imports import notices

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,"
    "RetractionNature,Reason,Paywalled,Notes"
)
FILE = Path("retraction_watch.csv")


def row(
    title: str = "Peers at work",
    *,
    nature: str = "Retraction",
    date: str = "3/31/2020 0:00",
    doi: str = "10.5555/p1",
    pmid: str = "0",
    notice: str = "10.5555/n1",
) -> str:
    return (
        f'7,"{title}",(HSC),Uni,J Peer Work,Pub,France,Ann Ade;Bo Bell,http://x;,Research Article;,{date},'
        f"{notice},0,1/1/2019 0:00,{doi},{pmid},{nature},+Error in Data;+Notice - Limited;,No,"
    )


def read(*rows: str) -> notices.Notices:
    return notices.read("\n".join([HEADER, *rows, ""]).encode(), FILE)


def test_a_notice_has_its_papers_identifiers_and_its_own_and_words_for_none_are_blank() -> None:
    found = read(row(), row(doi="unavailable", pmid="36522839", notice="Unavailable")).rows

    assert found["doi"].tolist() == ["10.5555/p1", ""]
    assert found["pmid"].tolist() == ["", "36522839"]
    assert found["notice_doi"].tolist() == ["10.5555/n1", ""]
    assert found["notice_pmid"].tolist() == ["", ""]
    assert found["line"].tolist() == ["2", "3"]
    assert found["authors"].tolist()[0] == "Ann Ade; Bo Bell"
    assert found["reason"].tolist()[0] == "Error in Data; Notice - Limited"


def test_each_nature_is_a_kind_of_its_own() -> None:
    natures = ("Retraction", "Expression of concern", "Correction", "Reinstatement")

    assert read(*(row(nature=each) for each in natures)).rows["kind"].tolist() == [
        "retraction",
        "concern",
        "correction",
        "reinstatement",
    ]


def test_a_nature_that_nobody_knows_is_an_error_with_its_line() -> None:
    with pytest.raises(InputErrors) as caught:
        read(row(), row(nature="Removal"))

    assert str(caught.value).startswith("retraction_watch.csv:3: RetractionNature 'Removal' is not one of")


def test_another_table_is_refused_by_the_column_that_it_lacks() -> None:
    with pytest.raises(InputError, match=r"retraction_watch.csv:1: column 'RetractionNature' is missing"):
        notices.read(b"title,doi\nPeers,10.5555/p1\n", FILE)


def test_the_month_comes_first_as_crossref_writes_it() -> None:
    found = read(row(date="4/5/2020 0:00"), row(date="12/31/2019 0:00"))

    assert found.rows["date"].tolist() == ["2020-04-05", "2019-12-31"]
    assert found.newest == "2020-04-05"


def test_a_copy_that_a_spreadsheet_saved_with_the_day_first_is_read_so() -> None:
    assert read(row(date="05/04/2020"), row(date="31/12/2019")).rows["date"].tolist() == [
        "2020-04-05",
        "2019-12-31",
    ]


def test_where_no_order_fits_all_dates_only_those_with_one_meaning_are_kept() -> None:
    found = read(row(date="4/5/2020"), row(date="31/12/2019"), row(date="12/30/2019"))

    assert found.rows["date"].tolist() == ["", "2019-12-31", "2019-12-30"]
    assert [said for said in found.remarks if said.endswith("left blank: 1")]


def test_damaged_letters_stop_nothing_and_are_told() -> None:
    text = "\n".join([HEADER, row("Café des pairs"), row("Pairs à table"), ""]).encode()
    found = notices.read(text.replace("é".encode(), b"\xe9", 1), FILE)

    assert found.rows["title"].tolist() == ["Caf\ufffd des pairs", "Pairs à table"]
    assert found.remarks == ("retraction_watch.csv: lines with letters that are not UTF-8: 1",)


def test_a_title_over_two_lines_keeps_the_line_of_its_row() -> None:
    assert read(row("Peers\nat work"), row()).rows["line"].tolist() == ["2", "4"]
