import pytest

from peerreview.duplicates.normalise.imprint import read_doi, read_issue, read_pages, read_volume


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("123-130", (123, 130)),
        ("123-30", (123, 130)),
        ("S123–S130", (123, 130)),
        ("376 -- 383", (376, 383)),
        ("e1004", (1004, 1004)),
        ("xii", (10_000_012, 10_000_012)),
        ("01-Aug", (1, 8)),
        ("Oct-15", (10, 15)),
        ("no pagination", (0, 0)),
        ("215 p.", (0, 0)),
        ("xii, 215 pages", (0, 0)),
        ("Suppl-29", (0, 0)),
        ("Suppl 3:S78-89", (78, 89)),
        ("3S78-3S89", (78, 89)),
        ("S78-S89", (78, 89)),
        ("2019", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_pages_are_read_as_databases_and_spreadsheets_write_them(
    written: str, pages: tuple[int, int]
) -> None:
    assert pages == read_pages(written, 2019)


@pytest.mark.parametrize(
    ("written", "volume"), [("88 Suppl 1", "88"), ("4 (1)", "4"), ("2019", ""), ("(Jul)", "")]
)
def test_a_volume_is_its_first_number(written: str, volume: str) -> None:
    assert volume == read_volume(written, 2019)


@pytest.mark.parametrize(("written", "issue"), [("4 SUPPL. 1", "4"), ("2 57-2", "2"), ("9876", "")])
def test_an_issue_is_a_number_within_its_volume(written: str, issue: str) -> None:
    assert issue == read_issue(written)


@pytest.mark.parametrize(
    "written",
    [
        "10.5555/AbC.1",
        "https://doi.org/10.5555/abc.1",
        "doi:10.5555%2Fabc.1",
        "10.5555/abc.1.",
        "https://example.org/doi/10.5555/abc.1/full",
        "10.5555/abc.1.pdf",
        "10.5555/abc.1/full?src=a",
    ],
)
def test_a_doi_is_the_same_in_every_form(written: str) -> None:
    assert read_doi(written) == "10.5555/abc.1"


def test_a_doi_may_end_in_a_letter_or_sign() -> None:
    assert read_doi("10.5555/(SICI)1-2<1::AID-X>3.0.CO;2-#") == "10.5555/(sici)1-2<1::aid-x>3.0.co;2-#"
    assert read_doi("10.5555/AbcD") == "10.5555/abcd"
