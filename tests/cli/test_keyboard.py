"""The keyboard screen: keys in, rows out, and what stands on it at two sizes."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

textual = pytest.importorskip("textual", reason="textual is not installed: the keyboard screen is untested")

from textual.widgets import Input  # noqa: E402

from peerreview import tables  # noqa: E402
from peerreview.cli import desk, inputs  # noqa: E402
from peerreview.cli.desk import Wanted  # noqa: E402
from peerreview.cli.keyboard import Keyboard  # noqa: E402
from peerreview.review import Review  # noqa: E402
from peerreview.tables import reading, writing  # noqa: E402
from tests.builders import make  # noqa: E402

pytestmark = pytest.mark.slow
SMALL, LARGE = (80, 24), (200, 60)
ABSTRACT = "BACKGROUND: Peer support is offered on wards. \n METHODS: A trial; mice were not used. " * 8
HOSTILE = (
    "[bold]Peers[/] \x1b[31mred\x1b]0;owned\x07 \u202egnp.exe [@click=app.quit]x[/] &lt;i&gt;n&lt;/i&gt;"
)
PLAN = """
[screening]
reasons = ["Wrong population", "No peer support", "Not a primary study"]
include_words = ["peer support", "ward*"]
exclude_words = ["mice"]
[criteria]
include = ["adults using mental health services"]
exclude = ["children only"]
"""


@pytest.fixture(autouse=True)
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "decisions").mkdir()
    titles = ["Peer support workers in acute care", "Two", HOSTILE, "", "Five"]
    unique = make(
        tables.UNIQUE,
        title=titles,
        abstract=[ABSTRACT, "", "None.", "x" * 5_000, "Fifth."],
        authors=["Reeves, Ann; Singh, Bo"] * 5,
        year=["2019"] * 5,
        journal=["Lancet Psychiatry"] * 5,
        source_kinds=["database"] * 5,
    )
    writing.write(unique, tmp_path / "unique.csv")
    (tmp_path / "peerreview.toml").write_text(PLAN, encoding="utf-8")


def vote(name: str, stage: str, **said: str) -> None:
    with Path(f"decisions/{name}.csv").open("a", encoding="utf-8") as stream:
        if not stream.tell():
            stream.write("record_id,reviewer,stage,decision,reason,decided_at,note\n")
        for record_id, words in said.items():
            decision, _, reason = words.partition(": ")
            stream.write(f"{record_id},{name},{stage},{decision},{reason},2026-05-04T10:00:00Z,\n")


def screen(name: str = "ana", *, stage: str = "", conflicts: bool = False) -> Keyboard:
    found = Review.around(None)
    plan = found.protocol()
    votes = found.read_votes(found.vote_files(None, may_be_none=True))
    records, settled = inputs.read_settled(found, plan, votes)
    wanted = Wanted(name, stage, "" if conflicts else "id", conflicts=conflicts)
    seat = desk.take_seat(found, settled, records, plan, wanted, Path("decisions"))
    return Keyboard(seat, records, plan, settled)


def lines(shown: Keyboard) -> list[str]:
    strips = shown.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def press(
    *keys: str,
    size: tuple[int, int] = SMALL,
    look: Callable[[Keyboard], object] = lines,
    **more: object,
) -> list[str]:
    """Press keys on a fresh screen; return what stands on it in the end."""

    async def pressed() -> list[str]:
        shown = screen(**more)  # type: ignore[arg-type]
        async with shown.run_test(size=size) as pilot:
            for key in keys:
                await pilot.press(key)
            await pilot.pause()
            look(shown)
            return lines(shown)

    return asyncio.run(pressed())


def typed(text: str) -> list[str]:
    names = {" ": "space", "=": "equals_sign", "/": "slash", "?": "question_mark"}
    return [names.get(sign, sign) for sign in text]


def rows(name: str = "ana") -> list[str]:
    path = Path(f"decisions/{name}.csv")
    if not path.exists():
        return []
    written = reading.read(path, tables.VOTES)
    columns = ("record_id", "decision", "reason", "note")
    return [" ".join(filter(None, cells)) for cells in zip(*(written[each] for each in columns), strict=True)]


def test_one_key_is_one_decision_and_the_next_record_shows() -> None:
    shown = press("i", "e", "m")

    assert rows() == ["r1 include", "r2 exclude", "r3 maybe"]
    assert "3 of 5 · 1 include, 1 exclude, 1 maybe" in shown[0]
    assert any("no title" in line for line in shown)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_all_that_is_needed_to_judge_stands_on_the_screen(size: tuple[int, int]) -> None:
    shown = press(size=size)
    text = "\n".join(shown)

    assert [len(line) for line in shown] == [size[0]] * size[1]
    for part in ("ana", "0 of 5", "Reeves, Ann; Singh, Bo", "2019 · Lancet Psychiatry", "r1", "BACKGROUND"):
        assert part in text
    for part in ("adults using", "children only", "not judged yet", "record 1 of 5", "i include", "q quit"):
        assert part in text
    assert "…" not in shown[-1]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_marked_words_are_told_apart_without_colour(size: tuple[int, int]) -> None:
    text = " ".join("\n".join(press(size=size)).split())

    assert "+Peer support workers" in text
    assert "+wards" in text
    assert "−mice" in text
    assert "+word speaks for" in text


def test_a_hostile_title_is_shown_and_not_obeyed() -> None:
    shown = "\n".join(press("i", "i"))

    assert "[bold]Peers[/]" in shown
    assert "\\x1b[31mred" in shown
    assert "\\u202egnp.exe" in shown
    assert "[@click=app.quit]x[/]" in "".join(shown.split())
    assert "<i>n</i>" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_undo_takes_back_vote_by_vote_and_shows_the_record_again() -> None:
    shown = press("i", "e", "u", "u", "u")

    assert rows() == ["r1 include", "r2 exclude", "r2 withdrawn", "r1 withdrawn"]
    assert "nothing to undo" in shown[-2]
    assert any("Peer support workers" in line for line in shown)


def test_a_screen_that_is_opened_again_goes_on_where_it_was_left() -> None:
    press("i", "e", "q")
    shown = press("u", "m")

    assert rows() == ["r1 include", "r2 exclude", "r2 withdrawn", "r2 maybe"]
    assert "2 of 5" in shown[0]


def test_a_note_goes_with_the_vote_and_a_later_one_is_said_once_more() -> None:
    press("n", *typed("why = not"), "enter", "e", "left", "n", *typed(" ask"), "enter")

    assert rows() == ["r1 exclude why = not", "r1 exclude why = not ask"]


def test_a_note_that_is_escaped_is_not_taken() -> None:
    press("n", *typed("qie"), "escape", "i")

    assert rows() == ["r1 include"]


def test_leaving_with_a_note_that_has_no_vote_is_asked_once() -> None:
    shown = press("n", *typed("x"), "enter", "q")

    assert "the note on r1 has no vote" in shown[-2]
    left: list[bool] = []
    press("n", *typed("x"), "enter", "q", "q", look=lambda shown: left.append(shown._exit))
    assert left == [True]


def test_at_full_text_a_number_excludes_for_its_reason() -> None:
    for name in ("ana", "bo"):
        vote(name, "title_abstract", r1="include", r2="include", r3="include")
    seen = len(rows())
    shown = press("2", "e", "escape", "e", "9", "3", "i", stage="full_text")

    assert rows()[seen:] == [
        "r1 exclude No peer support",
        "r2 exclude Not a primary study",
        "r3 include",
    ]
    assert "that was all" in shown[-2]
    assert any("2 No peer support" in line for line in shown)


def test_reasons_beyond_nine_are_given_by_two_figures() -> None:
    listed = ", ".join(f'"Reason {number}"' for number in range(1, 13))
    Path("peerreview.toml").write_text(f"[screening]\nreasons = [{listed}]\n", encoding="utf-8")
    for name in ("ana", "bo"):
        vote(name, "title_abstract", r1="include", r2="include", r3="include")
    seen = len(rows())
    press("1", "2", "1", "enter", "1", "backspace", "5", stage="full_text")

    assert rows()[seen:] == ["r1 exclude Reason 12", "r2 exclude Reason 1", "r3 exclude Reason 5"]


def test_without_reasons_in_the_protocol_one_is_typed() -> None:
    Path("peerreview.toml").write_text("", encoding="utf-8")
    for name in ("ana", "bo"):
        vote(name, "title_abstract", r1="include")
    seen = len(rows())
    press("e", *typed("too old"), "enter", stage="full_text")

    assert rows()[seen:] == ["r1 exclude too old"]


def test_at_title_and_abstract_a_reason_may_be_given() -> None:
    press("2", "E", "1")

    assert rows() == ["r1 exclude Wrong population"]


def test_a_full_text_that_cannot_be_had_is_not_retrieved() -> None:
    for name in ("ana", "bo"):
        vote(name, "title_abstract", r1="include")
    seen = len(rows())
    press("r", stage="retrieval")

    assert rows()[seen:] == ["r1 not_retrieved"]


def test_words_find_records_and_votes_stay_within_them() -> None:
    shown = press("/", *typed("five"), "enter", "i")

    assert rows() == ["r5 include"]
    assert "1 of 5" in shown[0]
    after = press("/", *typed("nowhere"), "enter")
    assert "no record is found with 'nowhere'" in after[-2]


def test_records_of_one_kind_are_shown_alone() -> None:
    shown = press("e", "i", "f", "f", "f")

    assert "record 1 of 1 · only exclude" in shown[-2]
    assert "record 3 of 5" in press("left", "left", "f", "escape")[-2]


def test_a_record_is_gone_to_by_number_or_id() -> None:
    press("g", "4", "enter", "m", "g", *typed("R2"), "enter", "e")
    shown = press("g", *typed("r"), "enter")

    assert rows() == ["r4 maybe", "r2 exclude"]
    assert "5 records begin with 'r'" in shown[-2]
    assert "no record is, and none begins with, 'x'" in press("g", "x", "enter")[-2]


def test_moving_casts_no_vote() -> None:
    press(
        "j", "right", "k", "left", "k", "j", "down", "up", "space", "pageup", "c", "c", "]", "[", "x", "tab"
    )

    assert rows() == []


def test_what_another_window_judged_is_shown_and_not_doubled() -> None:
    shown: list[str] = []

    async def pressed() -> None:
        here = screen()
        async with here.run_test(size=SMALL) as pilot:
            vote("ana", "title_abstract", r1="include")
            await pilot.press("e")
            shown.extend(lines(here))

    asyncio.run(pressed())

    assert rows() == ["r1 include"]
    assert "another window came first: include by ana" in shown[-2]
    assert "you said: include" in shown[-3]


def test_a_vote_that_cannot_be_written_is_told_loudly_and_not_counted() -> None:
    def block() -> None:
        Path("decisions").rmdir()
        Path("decisions").write_text("", encoding="utf-8")

    async def pressed() -> list[str]:
        here = screen()
        async with here.run_test(size=SMALL) as pilot:
            block()
            await pilot.press("i")
            return lines(here)

    shown = asyncio.run(pressed())

    assert "not written" in shown[-2]
    assert "0 of 5" in shown[0]
    assert any("Peer support workers" in line for line in shown)


def test_both_votes_of_a_conflict_stand_side_by_side() -> None:
    for name in ("ana", "bo"):
        vote(name, "title_abstract", r1="include", r2="include")
    vote("ana", "full_text", r1="include")
    vote("bo", "full_text", r1="exclude: No peer support")
    shown = press(conflicts=True, name="")

    side = next(line for line in shown if "ana" in line and "bo" in line)
    assert side.index("ana") < side.index("bo")
    assert any("include" in line and "exclude (No peer support)" in line for line in shown)
    press("2", conflicts=True, name="")
    assert rows("resolutions") == ["r1 exclude No peer support"]


def test_all_keys_are_told_and_any_key_goes_back() -> None:
    shown = "\n".join(press("?", size=LARGE))

    assert "undo the last vote" in shown
    assert "record 1 of 5" in press("?", "i")[-2]
    assert rows() == []


def test_a_line_that_is_typed_in_takes_letters_that_are_keys_else() -> None:
    values: list[str] = []
    press("n", *typed("quit"), look=lambda shown: values.append(shown.query_one(Input).value))

    assert values == ["quit"]
    assert rows() == []


def test_a_narrow_terminal_keeps_the_record_and_drops_what_is_beside() -> None:
    text = "\n".join(press(size=(50, 16)))

    assert "BACKGROUND" in text
    assert "children only" not in text
    assert "children only" in "\n".join(press("c", size=(60, 30)))


def test_pace_and_time_left_are_told_after_ten_votes() -> None:
    ids = [f"r{number:02}" for number in range(40)]
    writing.write(make(tables.UNIQUE, record_id=ids, source_kinds=["database"] * 40), Path("unique.csv"))
    ticks = iter(range(0, 400, 10))

    async def pressed() -> list[str]:
        here = screen()
        here._clock = lambda: float(next(ticks))
        async with here.run_test(size=SMALL) as pilot:
            await pilot.press(*"eeeeeeeeee")
            return lines(here)

    shown = asyncio.run(pressed())

    assert "10 of 40 · 10 exclude" in shown[0]
    assert shown[-4].endswith("─ 360 an hour, 5 min left ")


def test_a_capital_letter_is_no_vote_and_says_so() -> None:
    shown = press("I")

    assert "caps lock is on" in shown[-2]
    assert rows() == []


def test_the_last_record_of_a_kind_says_how_to_see_all() -> None:
    shown = press("/", *typed("five"), "enter", "f", "i")

    assert rows() == ["r5 include"]
    assert "no more of these: Esc shows all" in shown[-2]
    assert "record 1 of 4" in press("/", *typed("five"), "enter", "escape", "f")[-2]
