"""Tests of years."""

from peerreview.values import years


def test_years_are_found_in_dates_of_any_form() -> None:
    dates = ["2019", "2019//", "Mar-Apr 1998", "31/12/2001", "20240102", "0000", "12345", ""]

    assert [years.year(date) for date in dates] == ["2019", "2019", "1998", "2001", "2024", "", "", ""]


def test_a_number_that_is_no_year_is_none() -> None:
    for cell in ("2,019", "20191", "20196543", "2.019E+03", "43647", "٢٠١٩"):
        assert years.year(cell) == ""


def test_a_year_that_a_table_took_for_a_measure_is_read() -> None:
    assert years.year_of_cell("2019.0") == "2019"


def test_a_year_that_a_spreadsheet_took_for_days_is_no_year() -> None:
    for cell in ("1905-07-11", "1905-07-11 00:00:00", "11/07/1905", "7/11/1905", "11.07.1905", "11-Jul-1905"):
        assert years.year_of_cell(cell) == ""
    assert years.year_of_cell("Jul 1905") == "1905"
    assert years.year_of_cell("2019-07-11") == "2019"
