"""The keyboard screen: one record at a time, its criteria beside it, one key per decision."""

import html
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from peerreview.cli import showing
from peerreview.screening import desk as desks

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.cli.desk import Answer, Seat
    from peerreview.review import Protocol
    from peerreview.screening.desk import Voice
    from peerreview.screening.outcomes import Settled

SEARCHED = ("record_id", "title", "authors", "year", "journal", "abstract")
NOTE, FIND, GO, REASON = "note", "find", "go to", "excluded for"
"""What is asked for in the line at the bottom."""
NARROW, NARROW_FOR_TWO = 76, 100
"""Columns from which criteria stand beside a record, or beside what two said of it, until asked away."""
MOST_VOICES = 4
"""Reviewers side by side; what further ones said stands below the last one's."""


class Keyboard(App[None]):
    """A desk in a terminal: what a key does is the seat's business, how that looks is here."""

    CSS = """
    Screen, Static, Input, Horizontal, VerticalScroll { background: ansi_default; color: ansi_default; }
    #head, #bar, #said, #told, #keys { height: 1; }
    #head { text-style: reverse; }
    #body { height: 1fr; }
    VerticalScroll {
        scrollbar-size-vertical: 1; scrollbar-background: ansi_default; scrollbar-color: ansi_blue;
    }
    #record { width: 1fr; padding: 0 0 0 1; }
    #beside { width: 36%; min-width: 24; max-width: 76; padding: 0 0 0 1; border-left: solid ansi_default; }
    #record Static { width: 100%; max-width: 120; height: auto; padding: 0 1 0 0; }
    #beside Static, #help Static { width: 100%; height: auto; padding: 0 1 0 0; }
    #voices { height: auto; max-width: 120; border-bottom: solid ansi_default; }
    #voices Static { width: 1fr; }
    #help { display: none; height: 1fr; padding: 0 1; }
    #asked { display: none; height: 1; }
    #label { width: auto; }
    #entry { width: 1fr; height: 1; border: none; padding: 0; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q,ctrl+d", "leave", priority=True, show=False)
    ]

    def __init__(
        self,
        seat: "Seat",
        records: "pd.DataFrame",
        plan: "Protocol",
        settled: "Settled",
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.seat, self._plan, self._clock = seat, plan, clock
        self._marked = plan.marked
        columns = [*SEARCHED, "doi"]
        self._cells = {
            cells[0]: dict(zip(columns, cells, strict=True))
            for cells in zip(*(records[name].tolist() for name in columns), strict=True)
            if cells[0] in seat.desk.stages
        }
        self._texts = {
            record_id: html.unescape(" ".join(cells.values())).casefold()
            for record_id, cells in self._cells.items()
        }
        self._voices: Mapping[tuple[str, str], Sequence[Voice]] = (
            desks.voices(settled, plan.reviewers) if seat.desk.is_settling else {}
        )
        self._words, self._show = "", ""
        self._view: tuple[str, ...] = tuple(seat.desk.stages)
        self._here = seat.desk.next_left(self._view, "") or self._view[0]
        self._notes: dict[str, str] = {}
        self._times: list[float] = []
        self._message, self._is_fault = "", False
        self._asked, self._typed = "", ""
        self._is_pending = self._is_warned = False
        self._beside: bool | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts of the screen out."""
        yield Static(id="head")
        with Horizontal(id="body"):
            with VerticalScroll(id="record", can_focus=False):
                with Horizontal(id="voices"):
                    for number in range(MOST_VOICES):
                        yield Static(id=f"voice-{number}")
                yield Static(id="title")
                yield Static(id="source")
                yield Static(id="abstract")
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="criteria")
        with VerticalScroll(id="help", can_focus=False):
            yield Static(id="all-keys")
        yield Static(id="bar")
        yield Static(id="said")
        yield Static(id="told")
        with Horizontal(id="asked"):
            yield Static(id="label")
            yield Input(id="entry", compact=True, disabled=True, select_on_focus=False)
        yield Static(id="keys")

    def on_mount(self) -> None:
        """Show the first record that is left."""
        self._paint()

    def on_resize(self) -> None:
        """Show all anew where the terminal has another size."""
        self._paint()

    # ---- what stands on the screen

    @property
    def _stage(self) -> str:
        return self.seat.desk.stages[self._here]

    @property
    def _is_full_text(self) -> bool:
        return self._stage == "full_text"

    def _put(self, where: str, what: Text | Table) -> None:
        self.query_one(f"#{where}", Static).update(what)

    def _paint(self, *, to_top: bool = False) -> None:
        """Show the record that is here, and all around it."""
        desk, record = self.seat.desk, self._cells[self._here]
        self._put("head", showing.head(desk, self._stage, self.size.width))
        pace = desks.pace(self._times)
        self._put("bar", showing.bar(len(desk.judged), len(desk.stages), pace, self.size.width))
        self._put("title", showing.marked(showing.cell(record["title"]) or "no title", self._marked, "bold"))
        self._put("source", showing.source(record, self.seat.why.get(self._here, "")).append("\n"))
        abstract = showing.paragraphs(record["abstract"]) or "The export has no abstract."
        self._put("abstract", showing.marked(abstract, self._marked))
        self._paint_beside()
        self._put("said", showing.stands(desk, self._here, self._notes.get(self._here)))
        self._put("told", self._line())
        self._put("keys", showing.keys(desk.legal(self._stage), self._stage))
        self._paint_voices()
        if to_top:
            self.query_one("#record", VerticalScroll).scroll_home(animate=False)

    def _paint_beside(self) -> None:
        reasons = self.seat.desk.reasons if self._is_full_text or self._is_pending else ()
        told = showing.beside(self._plan.for_screeners, reasons, self._marked)
        least = NARROW_FOR_TWO if self.seat.desk.is_settling else NARROW
        is_beside = self.size.width >= least if self._beside is None else self._beside
        side = self.query_one("#beside", VerticalScroll)
        side.display = (is_beside or self._is_pending) and told is not None
        if told is not None:
            self._put("criteria", told)
        if self._is_pending:
            side.scroll_home(animate=False)

    def _paint_voices(self) -> None:
        voices = self._voices.get((self._here, self._stage), ())
        self.query_one("#voices").display = bool(voices)
        for number in range(MOST_VOICES):
            own = voices[number : None if number == MOST_VOICES - 1 else number + 1]
            self.query_one(f"#voice-{number}").display = bool(own)
            self._put(f"voice-{number}", Text("\n").join(map(showing.voice, own)))

    def _line(self) -> Text:
        """Return the line of what came last, else where in the list this record is."""
        if self._message:
            return showing.message(self._message, is_fault=self._is_fault)
        place = self._view.index(self._here) + 1 if self._here in self._view else 0
        return showing.place(place, len(self._view), self._words, self._show)

    def _tell(self, text: str, *, is_fault: bool = False) -> None:
        self._message, self._is_fault = text, is_fault
        if is_fault:
            self.bell()
        self._paint()

    # ---- keys

    def on_key(self, event: events.Key) -> None:
        """Do what a key says, unless it is a letter of what is being typed."""
        if self._asked:
            if event.key == "escape":
                self._close_entry()
            return
        if self.query_one("#help").display:
            self._toggle_help()
            return
        self._message, self._is_fault = "", False
        self._is_warned = self._is_warned and event.key == "q"
        sign = event.character or event.key
        if self._is_pending:
            self._reason_key(event.key)
        elif sign.isdigit() and self._is_full_text:
            self._begin_reasons()
            self._reason_key(event.key)
        elif act := self._acts().get(sign if len(sign) == 1 and sign.isprintable() else event.key):
            act()
        elif sign.lower() in self._acts():
            self._tell("keys are small letters: caps lock is on")

    def _acts(self) -> dict[str, Callable[[], None]]:
        acts: dict[str, Callable[[], None]] = {
            "E": lambda: self._exclude(for_reason=True),
            "n": lambda: self._ask(NOTE, self._note()),
            "u": self._undo,
            "j": lambda: self._step(1),
            "right": lambda: self._step(1),
            "k": lambda: self._step(-1),
            "left": lambda: self._step(-1),
            "]": lambda: self._step_left(1),
            "[": lambda: self._step_left(-1),
            "down": lambda: self._scroll(1),
            "up": lambda: self._scroll(-1),
            " ": lambda: self._scroll(self._page),
            "pagedown": lambda: self._scroll(self._page),
            "pageup": lambda: self._scroll(-self._page),
            "/": lambda: self._ask(FIND, self._words),
            "f": self._show_next,
            "g": lambda: self._ask(GO, ""),
            "c": self._toggle_beside,
            "?": self._toggle_help,
            "q": self.action_leave,
            "escape": self._show_all,
        }
        for decision in self.seat.desk.legal(self._stage):
            acts[showing.KEYS[decision]] = lambda decision=decision: self._say(decision)  # type: ignore[misc]
        return acts

    def _say(self, decision: str) -> None:
        if decision == "exclude" and self._is_full_text:
            self._exclude(for_reason=True)
        else:
            self._vote(decision)

    def _vote(self, decision: str, reason: str = "") -> None:
        note = self._note()
        self._take(self.seat.vote(self._here, decision, reason, note), onward=True)

    def _note(self) -> str:
        """Return the note that goes with a vote on the record that is here."""
        said = self.seat.desk.standing(self._here)
        return self._notes.get(self._here, said.note if said else "")

    def _take(self, answer: "Answer", *, onward: bool) -> None:
        """Show what came of a vote, and the next record where it was written."""
        if answer.is_written:
            self._notes.pop(answer.record_id, None)
        if answer.is_written and onward:
            self._times.append(self._clock())
        if onward and not (answer.is_fault or answer.is_met):
            self._here = self.seat.desk.next_left(self._view, self._here)
        self._message, self._is_fault = answer.text, answer.is_fault
        if answer.is_fault:
            self.bell()
        if answer.is_written and onward and len(self.seat.desk.judged) == len(self.seat.desk.stages):
            self._message += " · that was all: q quits, u undoes"
        self._look_again()
        if answer.is_written and not self._view:
            self._message += " · no more of these: Esc shows all"
        self._paint(to_top=True)

    def _undo(self) -> None:
        answer = self.seat.undo()
        if answer.is_written:
            self._here = answer.record_id
            self._times = self._times[:-1]
        self._take(answer, onward=False)

    def _exclude(self, *, for_reason: bool) -> None:
        if for_reason and self.seat.desk.reasons:
            self._begin_reasons()
        elif for_reason:
            self._ask(REASON, "")

    def _begin_reasons(self) -> None:
        if not self.seat.desk.reasons:
            self._ask(REASON, "")
            return
        self._is_pending, self._typed = True, ""
        self._tell(self._which())

    def _which(self) -> str:
        n_reasons = len(self.seat.desk.reasons)
        keys = f"1 to {n_reasons}{', then Enter' if n_reasons > 9 else ''}"
        return f"exclude: why? {keys}, Esc: not at all {self._typed}".rstrip()

    def _reason_key(self, key: str) -> None:
        """Take a figure of a reason's number: the vote is cast once no longer number begins so."""
        reasons = self.seat.desk.reasons
        if key == "escape" or not self._is_pending:
            self._is_pending = False
            self._tell("")
            return
        if key == "backspace":
            self._typed = self._typed[:-1]
        elif key.isdigit():
            self._typed += key
        number = int(self._typed or 0)
        is_whole = number * 10 > len(reasons) or key == "enter"
        if number and is_whole and number <= len(reasons):
            self._is_pending = False
            self._vote("exclude", reasons[number - 1])
            return
        if number > len(reasons) or self._typed == "0":
            self._typed = ""
            self._tell(f"there is no reason {number}; {self._which()}")
            return
        self._tell(self._which())

    # ---- which record

    def _step(self, by: int) -> None:
        if not self._view:
            return
        place = self._view.index(self._here) + by if self._here in self._view else 0
        if 0 <= place < len(self._view):
            self._here = self._view[place]
            self._paint(to_top=True)
        else:
            self._tell("this is the last one" if by > 0 else "this is the first one")

    def _step_left(self, by: int) -> None:
        view = self._view if by > 0 else self._view[::-1]
        there = self.seat.desk.next_left(view, self._here)
        if there == self._here:
            self._tell("no other is left here")
            return
        self._here = there
        self._paint(to_top=True)

    def _look_again(self) -> None:
        """Find the records to show anew: a vote may have changed which they are."""
        self._view = self.seat.desk.find(self._texts, words=self._words, show=self._show)

    def _find(self, words: str, show: str) -> None:
        found = self.seat.desk.find(self._texts, words=words, show=show)
        if not found:
            self._tell(f"no record is found with {words!r}" if words else f"no record is {show}")
            return
        self._words, self._show, self._view = words, show, found
        if self._here not in found:
            self._here = found[0]
        self._paint(to_top=True)

    def _show_next(self) -> None:
        """Show the next kind of records that there are some of."""
        legal = self.seat.desk.legal(self._stage)
        shows = ["", desks.LEFT, *legal, desks.NOTED]
        place = shows.index(self._show) if self._show in shows else 0
        for show in (*shows[place + 1 :], *shows[: place + 1]):
            if self.seat.desk.find(self._texts, words=self._words, show=show):
                self._find(self._words, show)
                return

    def _show_all(self) -> None:
        self._find("", "")

    def _go(self, where: str) -> None:
        """Go to a number of the list, or to the record whose id begins so."""
        ids = [each for each in self.seat.desk.stages if each.casefold().startswith(where.casefold())]
        whole = [each for each in ids if each.casefold() == where.casefold()]
        if where.isdigit() and not whole and 1 <= int(where) <= len(self._view):
            self._here = self._view[int(where) - 1]
        elif whole or len(ids) == 1:
            self._here = (whole or ids)[0]
            if self._here not in self._view:
                self._words = self._show = ""
                self._look_again()
        else:
            many = f"{len(ids):,} records begin with" if ids else "no record is, and none begins with,"
            self._tell(f"{many} {where!r}; numbers here are 1 to {len(self._view):,}")
            return
        self._paint(to_top=True)

    # ---- the line that is typed in

    def _ask(self, what: str, value: str) -> None:
        self._asked = what
        self._put("label", Text(f" {what}: ", "bold"))
        self.query_one("#asked").display = True
        self.query_one("#keys").display = False
        entry = self.query_one("#entry", Input)
        entry.disabled = False
        entry.value = value
        entry.cursor_position = len(value)
        entry.focus()

    def _close_entry(self) -> None:
        self._asked = ""
        entry = self.query_one("#entry", Input)
        entry.disabled = True
        self.query_one("#asked").display = False
        self.query_one("#keys").display = True
        self.set_focus(None)
        self._paint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed."""
        asked, value = self._asked, " ".join(event.value.split())
        self._close_entry()
        self._message, self._is_fault = "", False
        if asked == NOTE:
            self._take_note(value)
        elif asked == FIND:
            self._find(value, self._show)
        elif asked == GO and value:
            self._go(value)
        elif asked == REASON and value:
            self._vote("exclude", value)

    def _take_note(self, note: str) -> None:
        said = self.seat.desk.standing(self._here)
        if note == (said.note if said else ""):
            self._notes.pop(self._here, None)
            self._paint()
        elif said is None:
            self._notes[self._here] = note
            self._paint()
        else:
            # What is judged already is said once more, with its note.
            self._notes[self._here] = note
            self._take(self.seat.vote(self._here, said.decision, said.reason, note), onward=False)

    # ---- the rest

    @property
    def _page(self) -> int:
        return max(1, self.query_one("#record").size.height - 2)

    def _scroll(self, lines: int) -> None:
        self.query_one("#record", VerticalScroll).scroll_relative(y=lines, animate=False)

    def _toggle_beside(self) -> None:
        self._beside = not self.query_one("#beside").display
        self._paint()

    def _toggle_help(self) -> None:
        shown = self.query_one("#help")
        shown.display = not shown.display
        self.query_one("#body").display = not shown.display
        self._put("all-keys", showing.help_of(self.seat.desk.legal(self._stage), self._stage))

    def action_leave(self) -> None:
        """Leave; once more where a note would be lost."""
        waiting = [each for each, note in self._notes.items() if note and not self.seat.desk.standing(each)]
        if waiting and not self._is_warned:
            self._is_warned = True
            self._tell(f"the note on {waiting[0]} has no vote, and is not kept: vote, or q once more")
            return
        self.exit()
