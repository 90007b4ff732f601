from dataclasses import fields

import pytest

from peerreview.duplicates import normalise
from peerreview.duplicates.compared import COLUMNS
from peerreview.duplicates.normalise import STRETCH, Comparable


def test_a_record_is_made_comparable_column_by_column() -> None:
    record = {
        "title": "Erratum to: Wages of peers. Part II", "authors": "Meier, Anna; Schulz, Carl",
        "year": "2019 Mar", "journal": "The Journal of Trials", "volume": "88 Suppl 1",
        "issue": "4 (1)", "pages": "S123–S130", "doi": "https://doi.org/10.5555/AbC.1", "pmid": "PMID 123",
        "type": "conference paper", "abstract": f"BACKGROUND: {'Peers are paid. ' * 6}",
        "url": "https://example.org/1", "source": "Embase",
    }  # fmt: skip

    comparable = normalise.comparable({column: [record[column]] for column in COLUMNS})

    assert {column.name: getattr(comparable, column.name).tolist() for column in fields(Comparable)} == {
        "title": ["wages of peers part 2"], "signs": ["2"],
        "marker": ["erratum or correction"], "first": ["meier"], "authors": ["meier schulz"],
        "names": ["Meier, Anna; Schulz, Carl"], "journal": ["journal trials"], "volume": ["88"],
        "issue": ["4"], "doi": ["10.5555/abc.1"], "pmid": ["123"],
        "abstract": [("peers are paid " * 6).strip()], "setting": ["conference"], "source": ["Embase"],
        "year": [2019], "n_authors": [2],
        "first_page": [123], "last_page": [130], "in_supplement": [1], "n_words": [5], "generic": [0],
    }  # fmt: skip


def test_a_heading_is_told_with_the_name_of_its_own_journal() -> None:
    columns = {column: [""] for column in COLUMNS}
    columns |= {"title": ["Remarks from the MIS Quarterly editor"], "journal": ["The MIS Quarterly"]}

    assert normalise.comparable(columns).generic.tolist() == [1]


@pytest.mark.slow
def test_helper_processes_make_the_same_of_many_records() -> None:
    columns = {column: [f"{column} {row % 7} of 2019" for row in range(STRETCH + 1)] for column in COLUMNS}

    alone = normalise.normalise(columns)
    shared = normalise.normalise(columns, workers=2)

    assert alone.title.tolist() == shared.title.tolist()
    assert alone.first_page.tolist() == shared.first_page.tolist()


def test_what_a_spreadsheet_has_rounded_is_no_number_that_two_records_share() -> None:
    columns = {column: ["", ""] for column in COLUMNS}
    columns |= {"pmid": ["3.1E+07", "31234567.0"], "pages": ["1.2E+07", "12.0"], "year": ["2,019", "2019.0"]}

    comparable = normalise.comparable(columns)

    assert comparable.pmid.tolist() == ["", "31234567"]
    assert comparable.first_page.tolist() == [0, 12]
    assert comparable.year.tolist() == [0, 2019]
