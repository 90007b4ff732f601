"""
Headless Chromium opens a review's page: clicks, filters, sorts, follows links, uses the keyboard.

Run by ``nox -s browser``; it takes Chromium and its driver from the machine.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables.writing import to_csv

ID, CSS, LINK = "id", "css selector", "link text"
TAB, ENTER, ESCAPE = "\ue004", "\ue007", "\ue00c"
N_RECORDS = 10_000
SCREENSHOTS = Path(os.environ.get("PEERREVIEW_SCREENSHOTS", tempfile.gettempdir()))


def program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    return found or pytest.fail(f"no {' or '.join(names)} on this machine")


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a review of ten thousand records, one of them with a script for its title."""
    folder = tmp_path_factory.mktemp("review")
    records = [
        {
            "record_id": f"r{number:05}",
            "source": "MEDLINE" if number % 2 else "Embase",
            "source_kind": "database",
            "round": "1",
            "title": f"Trial number {number} of peer support",
            "authors": f"Author{number % 97}, A",
            "year": str(1990 + number % 35),
        }
        for number in range(N_RECORDS)
    ]
    records[7]["title"] = "<script>document.title = 'broken'</script>"
    duplicates = [
        {"record_id": f"r{number:05}", "duplicate_of": "r00000", "verdict": "duplicate"}
        for number in range(9000, N_RECORDS)
    ]
    outcomes = []
    for number in range(9000):
        kept = number < 60
        said = {"record_id": f"r{number:05}", "stage": "title_abstract", "resolved_by": "votes"}
        outcomes.append({**said, "outcome": "include" if kept else "exclude"})
        if kept:
            reason = ("Wrong design", "Wrong population, adults & <18")[number % 2]
            outcomes.append({**said, "stage": "full_text", "outcome": "exclude", "reason": reason})
    for name, table, rows in (
        ("records", tables.RECORDS, records),
        ("duplicates", tables.DUPLICATES, duplicates),
        ("screening", tables.SCREENING, outcomes),
    ):
        (folder / f"{name}.csv").write_text(to_csv(tables.make(table, rows)), encoding="utf-8")
    here = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner().invoke(app, ["prisma", "-q", "-o", "prisma.html"])
    finally:
        os.chdir(here)
    assert result.exit_code == 0, result.stderr
    return folder / "prisma.html"


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1500,1400"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(program("chromedriver")))
    yield driver
    driver.quit()


def go(browser: Any, page: Path, target: str = "") -> None:
    browser.get("about:blank")
    browser.get(f"{page.as_uri()}{target}")


def rows(browser: Any) -> list[str]:
    return [row.text for row in browser.find_elements(CSS, "#records tbody tr")]


def text(browser: Any, of: str) -> str:
    return str(browser.find_element(ID, of).text)


def until(condition: Callable[[], bool]) -> None:
    """Wait ten seconds at most."""
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("did not happen within ten seconds")


def test_a_box_opens_its_records(browser: Any, page: Path) -> None:
    begun = time.perf_counter()
    go(browser, page)
    print(f"opened {N_RECORDS:,} records in {time.perf_counter() - begun:.2f} s")
    assert not browser.find_element(ID, "list").is_displayed()

    browser.find_element(CSS, 'svg a[href="#duplicates"] text').click()

    until(lambda: text(browser, "heading") == "Duplicate records removed (n = 1,000)")
    assert text(browser, "found") == "1,000 of 1,000"
    assert rows(browser)[0].startswith("Trial number 9000 of peer support Author76, A")
    browser.save_screenshot(str(SCREENSHOTS / "prisma-page.png"))


def test_an_edge_of_a_box_is_clickable_too(browser: Any, page: Path) -> None:
    go(browser, page)

    browser.find_element(CSS, "#excluded rect").click()

    until(lambda: text(browser, "heading") == "Records excluded (n = 8,940)")


def test_a_list_is_searched_and_sorted(browser: Any, page: Path) -> None:
    go(browser, page, "#databases")

    browser.find_element(ID, "search").send_keys("number 12 peer")

    until(lambda: text(browser, "found") not in ("", "10,000 of 10,000"))
    assert all("12" in row for row in rows(browser))
    browser.find_element(ID, "search").clear()
    browser.find_element(ID, "search").send_keys("Trial")
    until(lambda: text(browser, "found") == "9,999 of 10,000")
    title = browser.find_element(CSS, "#records th button")
    title.click()
    assert rows(browser)[:2] == sorted(rows(browser)[:2])
    title.click()
    assert rows(browser)[0].startswith("Trial number 9999")
    assert browser.find_element(CSS, "#records th").get_attribute("aria-sort") == "descending"


def test_a_long_list_is_drawn_as_it_is_read(browser: Any, page: Path) -> None:
    go(browser, page, "#databases")
    first = len(rows(browser))

    browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")

    until(lambda: len(rows(browser)) > first)


def test_a_deep_link_opens_a_reason_with_odd_characters(browser: Any, page: Path) -> None:
    go(browser, page, "#reports_excluded/" + quote("Wrong population, adults & <18"))

    expected = "Reports excluded: Wrong population, adults & <18 (n = 30)"
    until(lambda: text(browser, "heading") == expected)
    assert browser.find_elements(CSS, "svg g.chosen#reports_excluded")


def test_a_deep_link_opens_a_record_and_the_boxes_it_went_through(browser: Any, page: Path) -> None:
    go(browser, page, "#record/r09001")

    until(lambda: text(browser, "one-title") == "Trial number 9001 of peer support")
    facts = text(browser, "one-facts")
    assert "Databases → Databases: MEDLINE → Duplicate records removed" in facts
    browser.find_element(LINK, "r00000").click()
    until(lambda: text(browser, "one-title") == "Trial number 0 of peer support")


def test_a_script_in_a_title_is_text(browser: Any, page: Path) -> None:
    go(browser, page, "#record/r00007")

    until(lambda: "<script>" in text(browser, "one-title"))
    assert browser.title == "PRISMA 2020 flow diagram"


def test_the_keyboard_is_enough(browser: Any, page: Path) -> None:
    go(browser, page)

    browser.switch_to.active_element.send_keys(TAB)
    browser.switch_to.active_element.send_keys(ENTER)

    until(lambda: text(browser, "heading") == "Databases (n = 10,000)")
    browser.switch_to.active_element.send_keys(ESCAPE)
    until(lambda: not browser.find_element(ID, "list").is_displayed())
    # Whoever came by the keyboard goes on from the number that was left.
    focused = browser.switch_to.active_element.get_attribute("href")
    assert focused is not None
    browser.switch_to.active_element.send_keys(ENTER)
    until(lambda: text(browser, "heading") == "Databases (n = 10,000)")


def test_nothing_is_loaded_and_nothing_goes_wrong(browser: Any, page: Path) -> None:
    go(browser, page, "#screened")

    loaded = browser.execute_script("return performance.getEntriesByType('resource').map(each => each.name)")
    assert loaded == []
    severe = [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert severe == []


def test_the_page_prints_the_figure_and_the_open_list(browser: Any, page: Path) -> None:
    go(browser, page, "#duplicates")

    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    assert not browser.find_element(ID, "search").is_displayed()
    assert browser.find_element(CSS, "svg").is_displayed()
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
