"""
A reviewer votes in headless Chromium: offline, killed, in two windows; each vote stands once.

Run by ``nox -s browser``; it takes Chromium from the machine.
"""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from peerreview import tables
from peerreview.screening import outcomes
from peerreview.tables import reading
from tests.render.test_screening import forms, written

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        pytest.fail("no Chromium on this machine")
    with sync_playwright() as started:
        yield started.chromium


class Desk:
    """A reviewer's browser: one profile, however often it is closed."""

    def __init__(self, chromium: Any, folder: Path, text: str) -> None:
        self.chromium, self.folder = chromium, folder
        self.file = folder / "form.html"
        self.file.write_text(text, encoding="utf-8")
        self.errors: list[str] = []
        self.open()

    def open(self) -> None:
        self.browser = self.chromium.launch_persistent_context(
            self.folder / "profile", executable_path=CHROMIUM, args=["--no-sandbox"], accept_downloads=True
        )

    def window(self) -> Any:
        shown = self.browser.new_page()
        shown.on("pageerror", lambda error: self.errors.append(str(error)))
        shown.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        shown.on("dialog", lambda dialog: dialog.accept())
        shown.goto(self.file.as_uri())
        return shown

    def closed_and_opened(self) -> Any:
        self.browser.close()
        self.open()
        return self.window()

    def taken(self, shown: Any, file: Path) -> str:
        """Give a file back to the page, and return what it says to that."""
        shown.locator("#take").set_input_files(file)
        told = shown.locator("#keeping", has_text=" taken")
        told.wait_for()
        return str(told.inner_text())

    def saved(self, shown: Any) -> Path:
        with shown.expect_download() as waiting:
            shown.keyboard.press("s")
        path = self.folder / str(waiting.value.suggested_filename)
        waiting.value.save_as(path)
        return path


@pytest.fixture
def desk(chromium: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(chromium, tmp_path, getattr(request, "param", None) or written(forms(200)))
    yield made
    made.browser.close()
    assert made.errors == []


def standing(votes: pd.DataFrame) -> dict[str, str]:
    last = votes.sort_values("decided_at", kind="stable").drop_duplicates("record_id", keep="last")
    said = dict(zip(last["record_id"].tolist(), last["decision"].tolist(), strict=True))
    return {record_id: decision for record_id, decision in said.items() if decision != tables.WITHDRAWN}


def at(shown: Any) -> str:
    return f"rec{int(shown.locator('#title').inner_text().rpartition(' ')[2])}-0a1b2c"


def test_two_hundred_records_with_kills_undo_reload_and_two_windows_give_each_vote_once(desk: Desk) -> None:
    chance = random.Random(7)  # noqa: S311  a test's own
    keys = {"i": "include", "e": "exclude", "m": "maybe"}
    meant: dict[str, str] = {}
    shown, other = desk.window(), desk.window()
    for step in range(5_000):
        if len(meant) == 200:
            break
        if step in (40, 120):
            shown.reload()
        if step == 80:
            shown, other = desk.closed_and_opened(), desk.window()
        if step % 25 == 24:
            shown, other = other, shown
            shown.locator("#show").select_option("left")
            shown.keyboard.press("Escape")
        record_id, key = at(shown), chance.choice("iem")
        shown.keyboard.press(key)
        meant[record_id] = keys[key]
        if chance.random() < 0.1:
            shown.keyboard.press("u")
            assert at(shown) == record_id
            del meant[record_id]

    votes = reading.read(desk.saved(shown), tables.VOTES)

    assert len(meant) == 200
    assert standing(votes) == meant
    assert set(votes["reviewer"]) == {"ana"}
    records = forms(200).assign(source_kind="database", source_kinds="database")
    settled = outcomes.settle(records, votes, votes_required={"title_abstract": 1, "full_text": 1}).screening
    settled = settled[settled["stage"] == "title_abstract"]
    assert dict(zip(settled["record_id"], settled["outcome"], strict=True)) == {
        record_id: "exclude" if decision == "exclude" else "include" for record_id, decision in meant.items()
    }


def test_votes_saved_on_one_computer_are_taken_up_on_another(
    desk: Desk, chromium: Any, tmp_path: Path
) -> None:
    first = desk.window()
    for key in "iem":
        first.keyboard.press(key)
    first.locator("#note").fill('=1+1, "quoted"\nand on')
    first.keyboard.press("Escape")
    first.keyboard.press("i")
    file = desk.saved(first)

    (tmp_path / "another").mkdir()
    elsewhere = Desk(chromium, tmp_path / "another", desk.file.read_text(encoding="utf-8"))
    second = elsewhere.window()

    assert "4 votes taken" in elsewhere.taken(second, file)
    assert elsewhere.saved(second).read_bytes() == file.read_bytes()
    assert "0 votes taken; 4 were here already" in elsewhere.taken(second, file)
    elsewhere.browser.close()
    assert reading.read(file, tables.VOTES)["note"].tolist()[-1].startswith("'=1+1")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("rec1-0a1b2c,ben,title_abstract,include,2026-01-01T00:00:00Z", "by another reviewer"),
        ("rec1-0a1b2c,ana,full_text,include,2026-01-01T00:00:00Z", "at another stage"),
        ("unknown,ana,title_abstract,include,2026-01-01T00:00:00Z", "of records that are not in this form"),
        ("rec1-0a1b2c,ana,title_abstract,perhaps,2026-01-01T00:00:00Z", "with a decision that this stage"),
        ("rec1-0a1b2c,ana,title_abstract,include,yesterday", "without a day and time"),
    ],
)
def test_a_row_that_is_no_vote_of_this_form_is_told_and_the_others_are_taken(
    desk: Desk, line: str, told: str
) -> None:
    sound = "rec2-0a1b2c,ana,title_abstract,include,2026-01-01T00:00:00.000Z"
    file = desk.folder / "back.csv"
    file.write_text(f"record_id,reviewer,stage,decision,decided_at\n{line}\n{sound}\n", encoding="utf-8")

    assert f"1 vote taken; 1 not taken: {told}" in desk.taken(desk.window(), file)


@pytest.mark.parametrize(
    "desk",
    [written(forms(3), stage="full_text", reasons=("Wrong population", "Not peer work"))],
    indirect=True,
)
def test_at_full_text_no_exclusion_is_cast_without_its_reason(desk: Desk) -> None:
    shown = desk.window()
    shown.keyboard.press("e")
    assert shown.locator("#said").inner_text() == "Not judged yet."
    shown.keyboard.press("0")
    shown.keyboard.press("2")
    votes = reading.read(desk.saved(shown), tables.VOTES)

    assert votes[["decision", "reason"]].to_numpy().tolist() == [["exclude", "Not peer work"]]


@pytest.mark.parametrize(
    "desk",
    [written(forms(2, title="<img src=x onerror=alert(1)>", url="javascript:alert(1)", doi='10.5555/"><b>'))],
    indirect=True,
)
def test_what_a_record_says_runs_nothing_and_leads_nowhere_but_to_its_doi(desk: Desk) -> None:
    shown = desk.window()

    assert shown.locator("#title").inner_text() == "<img src=x onerror=alert(1)>"
    assert shown.locator("#links a").evaluate_all("all => all.map(each => each.href)") == [
        "https://doi.org/10.5555/%22%3E%3Cb%3E"
    ]
    assert shown.locator("#title img").count() == 0


def test_where_the_browser_keeps_nothing_the_page_says_so_and_warns_before_closing(desk: Desk) -> None:
    shown = desk.browser.new_page()
    shown.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked'); }});"
    )
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    shown.on("dialog", answer)
    shown.goto(desk.file.as_uri())
    shown.keyboard.press("i")

    assert "This browser keeps nothing" in shown.locator("#keeping").inner_text()
    assert len(reading.read(desk.saved(shown), tables.VOTES)) == 1
    shown.keyboard.press("e")
    with shown.expect_event("close"):
        shown.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_words_are_marked_and_parts_of_words_are_not(desk: Desk) -> None:
    marks = desk.window().locator("#abstract mark")

    assert marks.evaluate_all("all => all.map(each => [each.className, each.textContent])") == [
        ["for", "randomised"],
        ["against", "rats"],
    ]
