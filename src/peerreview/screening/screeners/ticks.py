"""A table with a column per decision, of one person or of several: an x under *Include* or *Exclude*."""

from peerreview.errors import InputError
from peerreview.screening.coded import Coded, by_row
from peerreview.screening.screeners import Export, RawVotes, columns, headings
from peerreview.screening.screeners.long import DAYS, REVIEWERS
from peerreview.screening.screeners.vocabulary import DECISION_WORDS
from peerreview.screening.screeners.wide import reasons_of
from peerreview.screening.screeners.words import fold
from peerreview.values.folding import same

NAME = "ticks"
VERIFIED = False
ZERO = ""
INDEPENDENT = False

_TICKS = frozenset({"x", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}", "\N{MULTIPLICATION SIGN}", "*"})
"""Marks, and no words: a yes below *Exclude* may be meant either way."""
_OF_ROW = {"reviewer": REVIEWERS, "stage": ("stage",), "decided_at": DAYS}


def looks_like(export: Export) -> bool:
    """Return whether columns are called as the decisions of one person, and hold nothing but ticks."""
    found = {} if export.format else _ticked(export)
    return bool(found) and not (export.asked.reviewers and any(who for who, _ in found))


def cast(export: Export) -> RawVotes:
    """
    Return the decision that is ticked on each record; a row without a tick is not rated.

    Raises
    ------
    InputError
        Where two are ticked of one record.
    """
    grid = export.grid
    n = len(grid.lines)
    ticked = _ticked(export)
    said = []
    for places in ticked.values():
        decisions = [""] * n
        for decision, place in places.items():
            for row, cell in enumerate(grid.column(place)):
                if cell and decisions[row]:
                    message = f"{grid.header[place]!r} is ticked and so is {decisions[row]}: only one can be"
                    raise InputError(message, path=export.name, line=grid.lines[row])
                decisions[row] = decision if cell else decisions[row]
        said.append(Coded.of(decisions))
    called = [place for place, name in enumerate(grid.header) if columns.gives_reason(name)]
    of_row = {name: grid.said(*names) for name, names in _OF_ROW.items()}
    named = {
        "reviewer": [Coded.alike(who, n) if who else of_row["reviewer"] for who, _ in ticked],
        "stage": [Coded.alike(stage, n) if stage else of_row["stage"] for _, stage in ticked],
        "decided_at": [of_row["decided_at"]] * len(ticked),
        "if_excluded": [reasons_of(export, tuple(called))] * len(ticked),
        "decision": said,
    }
    listed = {name: by_row(each) for name, each in named.items()}
    return RawVotes.on(export.named, grid.lines, listed, len(ticked))


def _ticked(export: Export) -> dict[tuple[str, str], dict[str, int]]:
    """Return, by reviewer and stage, where the column of each decision is that is ticked."""
    grid = export.grid
    found: dict[tuple[str, str], dict[str, int]] = {}
    for place, name in enumerate(grid.header):
        text, stage = headings.without_stage(name)
        tokens = headings.tokens_of(text)
        meant = {decision for token in tokens if (decision := fold(token))}
        # A column in which nothing is ticked is one of people who never chose that.
        if len(meant) != 1 or not all(same(cell) in _TICKS for cell in grid.count(place)):
            continue
        rest = [token for token in tokens if not fold(token) and token not in DECISION_WORDS]
        who = " ".join(word for word in text.replace("_", " ").split() if same(word.strip("()[]:-")) in rest)
        found.setdefault((who.strip("()[]:- "), stage), {}).setdefault(meant.pop(), place)
    return {of: places for of, places in found.items() if {"include", "exclude"} <= set(places)}
