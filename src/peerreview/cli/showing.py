"""What the keyboard screen shows, as text: a record, what stands beside it, how far it has come."""

import html
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.style import Style
from rich.table import Table
from rich.text import Text

from peerreview.cli import console
from peerreview.screening.marking import AGAINST, FOR, marks
from peerreview.tables import LIST

if TYPE_CHECKING:
    from peerreview.screening.desk import Desk, Said, Voice

KEYS = {"include": "i", "exclude": "e", "maybe": "m", "not_retrieved": "r"}
STAGES = {
    "before_screening": "before screening",
    "title_abstract": "title and abstract",
    "retrieval": "full texts to get",
    "full_text": "full text",
}
SIGNS = {FOR: "+", AGAINST: "−"}
"""Stand before marked words, so that no colour is needed to tell the two kinds."""
MARKS = {FOR: "bold underline green", AGAINST: "bold italic red"}
DIM, STRONG, LOUD = Style(dim=True), Style(bold=True), Style(bold=True, reverse=True)
LONGEST = 100_000
"""Letters of a cell that are shown; a longer one is no abstract."""
MOST_AUTHORS = 6
AT_RETRIEVAL = {"include": "got it", "not_retrieved": "cannot be had"}
"""What the keys say of a full text that is sought."""
HELP = (
    ("1 … 9", "exclude for the reason of that number, at full text"),
    ("E", "exclude for a reason, at title and abstract"),
    ("n", "note; Enter keeps it, Esc leaves it"),
    ("u", "undo the last vote: a row takes it back, no row is removed"),
    ("→ j   ← k", "next record, previous record"),
    ("] [", "next record left, previous record left"),
    ("↓ ↑  space", "scroll the abstract"),
    ("/", "find words in titles, names and abstracts; blank shows all again"),
    ("f", "show those left, of one decision, with a note, or all"),
    ("g", "go to a number, or a record's id"),
    ("c", "criteria beside the record, or not"),
    ("q", "quit; every vote is in its file already"),
)


def cell(text: str) -> str:
    """Return a cell as people read it: no HTML, on one line, and what a terminal would obey spelled out."""
    return console.shown(" ".join(html.unescape(text).split()), LONGEST)


def paragraphs(text: str) -> str:
    """Return a longer cell likewise, with a blank line wherever it has one or more line ends."""
    parts = re.split(r"\s*[\r\n]\s*", html.unescape(text).strip())
    return "\n\n".join(console.shown(" ".join(part.split()), LONGEST) for part in parts if part)


def marked(text: str, words: Mapping[str, Sequence[str]], style: Style | str = "") -> Text:
    """Return text in which each marked word has its sign and its style."""
    shown = Text(style=style)
    end = 0
    for mark in marks(text, words):
        shown.append(text[end : mark.start])
        shown.append(SIGNS[mark.speaks] + text[mark.start : mark.end], MARKS[mark.speaks])
        end = mark.end
    return shown.append(text[end:])


def source(record: Mapping[str, str], why: str = "") -> Text:
    """Return who wrote a record, when and where, what it is called, and why it comes where it does."""
    names = [name for each in record.get("authors", "").split(LIST.strip()) if (name := cell(each))]
    more = f" … ({len(names)} authors)" if len(names) > MOST_AUTHORS else ""
    where = " · ".join(filter(None, (cell(record.get(name, "")) for name in ("year", "journal"))))
    doi = cell(record.get("doi", ""))
    called = " · ".join(filter(None, (f"doi.org/{doi}" if doi else "", cell(record["record_id"]))))
    shown = Text(LIST.join(names[:MOST_AUTHORS]) + more)
    for line, style in ((where, Style()), (called, DIM), (cell(why), DIM)):
        if line:
            shown.append("\n" if shown else "").append(line, style)
    return shown


def beside(
    criteria: Mapping[str, Sequence[str]],
    reasons: Sequence[str],
    words: Mapping[str, Sequence[str]],
) -> Table | None:
    """
    Return what stands beside a record: reasons with their keys, criteria, what the signs of words say.

    None where there is nothing of these.
    """
    shown = Table.grid(padding=(0, 1, 0, 0))
    numbered = {"excluded for": [(str(number), reason) for number, reason in enumerate(reasons, start=1)]}
    listed = {heading: [("•", line) for line in lines] for heading, lines in criteria.items()}
    for heading, lines in (numbered | listed).items():
        for place, (sign, line) in enumerate(lines):
            if not place:
                named = cell(heading).replace("_", " ")
                shown.add_row("", Text(named[:1].upper() + named[1:], STRONG))
            shown.add_row(Text(sign, STRONG if heading in numbered else ""), Text(cell(line)))
        if lines:
            shown.add_row()
    for speaks, told in ((FOR, "speaks for"), (AGAINST, "speaks against")):
        if words.get(speaks):
            shown.add_row("", Text.assemble((f"{SIGNS[speaks]}word", MARKS[speaks]), f" {told}"))
    return shown if shown.row_count else None


def voice(said: "Voice") -> Text:
    """Return what one reviewer said, for a column of its own: the decision, why, and what they noted."""
    shown = Text()
    shown.append(cell(said.name), STRONG)
    for place, each in enumerate(said.said):
        is_last = place == len(said.said) - 1
        shown.append("\n").append(each.decision.replace("_", " "), STRONG if is_last else DIM)
        shown.append(f" ({cell(each.reason)})" if each.reason else "")
        shown.append(f"  {cell(each.at)[:10]}" if each.at else "", DIM)
        if each.note:
            shown.append(f"\n“{cell(each.note)}”")
    return shown


def head(desk: "Desk", stage: str, width: int) -> Text:
    """Return who judges what, and how far that is, as a line of this width."""
    counts = desk.counts()
    n_done, n_all = sum(counts.values()), len(desk.stages)
    shown = Text(no_wrap=True, overflow="ellipsis")
    shown.append(f" {cell(desk.reviewer)}", STRONG)
    what = "conflicts, " if desk.is_settling else ""
    shown.append(f" · {what}{STAGES[stage]} · ").append(f"{n_done:,} of {n_all:,}", STRONG)
    told = ", ".join(f"{counts[each]:,} {each.replace('_', ' ')}" for each in KEYS if counts[each])
    shown.append(f" · {told}" if told else "")
    # What ends the line keeps it whole: blanks at its end would not be drawn.
    return _ended(shown, "peerreview", width)


def _ended(shown: Text, end: str, width: int) -> Text:
    room = width - shown.cell_len - len(end)
    if room > 1:
        shown.append(" " * room).append(end)
    return shown


def bar(n_done: int, n_all: int, pace: float | None, width: int) -> Text:
    """Return a line whose heavy part is what is done, and how long the rest takes at this pace an hour."""
    told = ""
    if pace:
        hours, minutes = divmod(math.ceil((n_all - n_done) * 60 / pace), 60)
        left = f"{hours:,} h {minutes} min" if hours else f"{minutes} min"
        told = f" {pace:,.0f} an hour{f', {left} left' if n_done < n_all else ''} "
    room = max(0, width - len(told))
    heavy = round(room * n_done / n_all) if n_all else 0
    return Text("━" * heavy, STRONG).append("─" * (room - heavy), DIM).append(told, Style())


def stands(desk: "Desk", record_id: str, draft: str | None) -> Text:
    """Return what stands on a record by one's own word, and the note that goes with it."""
    said: Said | None = desk.standing(record_id)
    shown = Text(" ", no_wrap=True, overflow="ellipsis")
    if record_id in desk.fixed:
        shown.append("closed: ", STRONG).append(cell(desk.fixed[record_id]))
    elif said is None:
        shown.append("not settled yet" if desk.is_settling else "not judged yet", DIM)
    else:
        word = said.decision.replace("_", " ")
        shown.append("you said: " if said.reviewer == desk.reviewer else f"{cell(said.reviewer)} said: ")
        shown.append(word, STRONG).append(f" ({cell(said.reason)})" if said.reason else "")
    note = draft if draft is not None else said.note if said else ""
    if note:
        shown.append(" · note: ", DIM).append(cell(note))
        shown.append(" (goes with your vote)" if draft is not None and said is None else "", DIM)
    return shown


def keys(legal: Sequence[str], stage: str) -> Text:
    """Return the keys in one line of eighty letters."""
    labels = AT_RETRIEVAL if stage == "retrieval" else {}
    pairs = [(KEYS[each], labels.get(each, each)) for each in legal]
    pairs += [("n", "note"), ("u", "undo"), ("/", "find"), ("g", "go"), ("?", "keys"), ("q", "quit")]
    shown = Text(" ", no_wrap=True, overflow="ellipsis")
    for key, does in pairs:
        shown.append(key, STRONG).append(f" {does}  ")
    return shown


def help_of(legal: Sequence[str], stage: str) -> Table:
    """Return all keys, and what each does."""
    labels = AT_RETRIEVAL if stage == "retrieval" else {}
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(justify="right")
    for key, does in (*((KEYS[each], labels.get(each, each)) for each in legal), *HELP):
        shown.add_row(Text(key, STRONG), does)
    shown.add_row()
    shown.add_row("", Text("any key closes this", DIM))
    return shown


def message(text: str, *, is_fault: bool) -> Text:
    """Return the line of what came last; a fault is loud."""
    shown = Text(no_wrap=True, overflow="ellipsis")
    return shown.append(f" {cell(text)} " if is_fault else f" {cell(text)}", LOUD if is_fault else STRONG)


def place(number: int, n_shown: int, words: str, show: str) -> Text:
    """Return where in the list a record is, and which list that is."""
    at = f"record {number:,} of {n_shown:,}" if number else f"not among the {n_shown:,} shown"
    only = " · ".join(filter(None, (f"with {words!r}" if words else "", show.replace("_", " "))))
    return Text(
        f" {at}{f' · only {only}; Esc shows all' if only else ''}", DIM, no_wrap=True, overflow="ellipsis"
    )
