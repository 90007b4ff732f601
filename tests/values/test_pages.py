"""Tests of pages: as printed, and as numbers."""

import pytest

from peerreview.values import pages


@pytest.mark.parametrize(
    ("first", "last", "printed"),
    [
        ("123", "130", "123-130"),
        ("123-30", "", "123-130"),
        ("123–30", "", "123-130"),
        ("99--123", "", "99-123"),
        ("S12-8", "", "S12-S18"),
        ("S12-S18", "", "S12-S18"),
        ("e123", "", "e123"),
        ("103640", "", "103640"),
        ("pp. 3-9", "", "3-9"),
        ("12-15, 18", "", "12-15, 18"),
        ("211-9; discussion 219-20", "", "211-219; discussion 219-220"),
        ("100-1-100-9", "", "100-1-100-9"),
        ("e2023-45", "", "e2023-45"),
        ("e123-e130", "", "e123-e130"),
        ("349-69", "369", "349-369"),
        ("7", "7", "7"),
        ("No", "Specified", ""),
        ("200-5", "", "200-205"),
        ("205-100", "", "205-100"),
        ("", "9", "9"),
        ("iv-xi", "", "iv-xi"),
    ],
)
def test_page_ranges_are_completed(first: str, last: str, printed: str) -> None:
    assert printed == pages.pages(first, last)


def test_page_numbers_of_any_length_are_compared() -> None:
    long = "1" * 4_301

    assert pages.pages(f"{long}-2") == f"{long}-{long[:-1]}2"


@pytest.mark.parametrize(
    ("written", "numbers"),
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
    written: str, numbers: tuple[int, int]
) -> None:
    assert numbers == pages.page_numbers(written, 2019)


@pytest.mark.parametrize(
    "cell", ["12-Mar", "Jan-55", "05. Mai", "2001-08-05 00:00:00", "05/08/2001", "5.8.2001", "1.2E+07"]
)
def test_pages_that_a_spreadsheet_has_spoilt_are_blank(cell: str) -> None:
    assert pages.pages(cell) == ""


@pytest.mark.parametrize(
    ("cell", "printed"), [("12.0", "12"), ("S12/13", "S12/13"), ("1-12", "1-12"), ("e1.2", "e1.2")]
)
def test_pages_that_look_a_little_like_dates_stay(cell: str, printed: str) -> None:
    assert printed == pages.pages(cell)
