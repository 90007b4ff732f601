"""How firm a flow's counts are → their table: the least and the most that each could become, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerreview.flow import BOXES, Flow
from peerreview.paper.document import Sentence
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of
from peerreview.values.counts import counted

if TYPE_CHECKING:
    from peerreview.flow.labels import Labels

_WHY = {
    "possible duplicates": "pairs that nobody has judged",
    "open decisions": "records that await a decision",
    "one vote": "decisions of one reviewer alone",
    "automation": "decisions of a tool alone",
}


def firmness(flow: Flow, labels: Labels) -> Sheet:
    """Return the counts that are not firm: each as it is, at least, at most, and what leaves it open."""
    rows = []
    for key in BOXES:
        interval, n = flow.intervals.get(key), flow.n(key)
        if interval is None or n is None or interval.least == interval.most:
            continue
        why = "; ".join(f"{_WHY[cause]}: {low:,} to {high:,}" for cause, (low, high) in interval.by.items())
        label = labels.full(key, updated=flow.is_updated)
        rows.append(
            [Cell(label), *(Cell(f"{each:,}") for each in (n, interval.least, interval.most)), Cell(why)]
        )
    columns = (
        Column("box", "Count"), Column("n", "Now", number=True), Column("at_least", "At least", number=True),
        Column("at_most", "At most", number=True), Column("why", "By each cause alone"),
    )  # fmt: skip
    return Sheet("firmness", "How firm the counts are", columns, rows_of(rows))


def how_firm(flow: Flow) -> Sentence:
    """Return in a sentence how many of a flow's counts are firm."""
    intervals = [each for key, each in flow.intervals.items() if flow.n(key) is not None]
    n_open = sum(each.least != each.most for each in intervals)
    counts = counted(len(intervals), "count")
    said = (
        f"Of {counts} of the flow {n_open:,} could still change: as possible duplicates, "
        "records that await a decision, or what one reviewer or a tool decided alone may turn out."
        if n_open
        else f"All {counts} of the flow are firm: no possible duplicate and no record awaits a decision, "
        "no tool decided alone, nor one reviewer at title and abstract or at full text."
    )
    return Sentence(said, "flow.json, at_least and at_most of each box")
