"""A published paper's numbers → what an editor reads: the numbers, the sums, the readings; a row a paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peerreview.flow import BOXES
from peerreview.flow.printed import UNKNOWN, Audit, Number
from peerreview.paper.sheets import Cell, Column, Sheet, rows_of
from peerreview.tables import few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peerreview.flow.labels import Labels

SCHEMA = "peerreview/audit/1"
_NOT_BOXES = {
    "databases": "Records identified from databases",
    "source": "One source's share of the records identified",
    "chosen": "Reports chosen for full text",
    "after_duplicates": "Records after duplicates were removed",
    "meta_analysis": "Studies in a meta-analysis",
}
_BOXES = (
    "databases", "registers", "websites", "organisations", "citation_searching", "hand_searching",
    "grey_literature", "other_sources", "duplicates", "automation", "other_reasons", "screened", "excluded",
    "sought", "not_retrieved", "assessed", "reports_excluded", "studies", "reports",
)  # fmt: skip
"""Columns of a row a paper, in the order of a review."""


@dataclass(frozen=True)
class Audited:
    """A paper and what its numbers add up to."""

    file: str
    title: str
    doi: str
    audit: Audit


def to_lines(paper: Audited, labels: Labels) -> Iterator[str]:
    """Yield an audit as lines for a terminal, the verdict first."""
    audit = paper.audit
    yield f"{paper.file}: {audit.status}{f': {audit.why}' if audit.why else ''}"
    named = ", ".join(filter(None, (paper.title, paper.doi and f"doi:{paper.doi}")))
    if named:
        yield f"  {named}"
    read = [each for each in audit.numbers if each.boxes]
    if read:
        yield "numbers"
    for each in read:
        once = "; told once, and no sum bears it out" if _told_once(each, audit) else ""
        yield f"  {each.n:,}  {_boxes(each, labels)}{once}"
        yield f"      “{each.sentence}” {each.place}"
    told = [each for each in audit.sums if each.status != UNKNOWN or len(each.why) > 1]
    if told:
        yield "sums"
    for sum_ in told:
        yield f"  {sum_.id} {sum_.status}: {sum_.says}: {'; '.join(sum_.why)}"
    if left := [each for each in audit.sums if each not in told]:
        listed = dict.fromkeys(f"{each.id} ({each.why[0]})" for each in left if each.why)
        yield f"  cannot be checked: {few(list(listed), most=12)}"
    yield from _readings(audit)


def _readings(audit: Audit) -> Iterator[str]:
    if len(audit.reads) > 1:
        yield "readings of the text"
        for number, read in enumerate(audit.reads, start=1):
            verdict = "; ".join(map(str, read.failing)) or "nothing in it differs"
            yield f"  {number} {'; '.join(read.says) or 'as it stands'}: {verdict}"
    if audit.assumed:
        yield "it would add up if"
        for number, each in enumerate(audit.assumed, start=1):
            yield f"  {number} {each}"


def _boxes(number: Number, labels: Labels) -> str:
    return " or ".join(_label(box, labels) for box in number.boxes)


def _told_once(number: Number, audit: Audit) -> str:
    """Return yes of a number that one passage alone says and nothing bears out, else a blank."""
    return "yes" if any(number in of for of in audit.once.values()) else ""


def _label(box: str, labels: Labels) -> str:
    return _NOT_BOXES.get(box) or labels.full(box)


def to_sheets(paper: Audited, labels: Labels) -> tuple[Sheet, ...]:
    """Return a paper's audit as tables: what is printed, what it adds up to, the readings."""
    audit = paper.audit
    verdict = f"{paper.file}: {audit.status}{f': {audit.why}' if audit.why else ''}."
    numbers = Sheet(
        "numbers",
        f"Numbers of the flow in {paper.title or paper.file}",
        (
            Column("n", "Number", number=True),
            Column("box", "Box"),
            Column("sentence", "Sentence"),
            Column("place", "Place"),
            Column("told_once", "Told once"),
        ),
        rows_of(
            [
                [f"{each.n:,}", _boxes(each, labels), each.sentence, each.place, _told_once(each, audit)]
                for each in audit.numbers
                if each.boxes
            ]
        ),
        (verdict,),
    )
    sums = Sheet(
        "sums",
        "What adds up",
        (
            Column("id", "Identity"),
            Column("says", "What must be equal"),
            Column("status", "Verdict"),
            Column("why", "Sum"),
        ),
        rows_of([[each.id, each.says, each.status, "; ".join(each.why)] for each in audit.sums]),
    )
    told = [
        *(
            [*read.says]
            and ["; ".join(read.says), "; ".join(map(str, read.failing)) or "nothing in it differs"]
            for read in audit.reads
        ),
        *([str(each), "would add up"] for each in audit.assumed),
    ]
    readings = Sheet(
        "readings",
        "Readings",
        (Column("reading", "If the paper means that"), Column("verdict", "Then")),
        rows_of([each for each in told if each]),
    )
    return (numbers, sums, readings) if readings.rows else (numbers, sums)


def to_tables(papers: Sequence[Audited]) -> tuple[Sheet, Sheet]:
    """Return a row a paper, and a row a number that was read with its sentence, boxes by the same names."""
    columns = (
        Column("file", "File"), Column("n", "Number", number=True), Column("box", "Box"),
        Column("sentence", "Sentence"), Column("place", "Place"), Column("told_once", "Told once"),
    )  # fmt: skip
    rows: list[list[Cell | str]] = [
        [
            paper.file,
            Cell(f"{each.n:,}", data=str(each.n)),
            " or ".join(each.boxes),
            each.sentence,
            each.place,
            _told_once(each, paper.audit),
        ]
        for paper in papers
        for each in paper.audit.numbers
        if each.boxes
    ]
    return to_sheet(papers), Sheet("numbers", "Numbers", columns, rows_of(rows))


def to_sheet(papers: Sequence[Audited]) -> Sheet:
    """
    Return a row a paper: verdict, what differs, each box's number, or several where the text has them.

    ``told_once`` names the boxes with a number that one passage alone says and nothing bears out.
    """
    columns = (
        Column("file", "File"), Column("doi", "DOI"), Column("title", "Title"), Column("verdict", "Verdict"),
        Column("differs", "Differs"), Column("why", "Why"), Column("readings", "Readings", number=True),
        *(Column(box, box.replace("_", " ").capitalize(), number=True) for box in _BOXES),
        Column("told_once", "Told once"),
    )  # fmt: skip
    return Sheet("audits", "Audits", columns, rows_of([_row(each) for each in papers]))


def _row(paper: Audited) -> list[Cell | str]:
    audit = paper.audit
    differing = [each for each in audit.sums if each.status == "differs"]
    counts = [
        Cell(
            " or ".join(f"{n:,}" for n in audit.boxes.get(box, ())),
            data=" or ".join(map(str, audit.boxes.get(box, ()))),
        )
        for box in _BOXES
    ]
    why = [audit.why] if audit.why else [f"{each.id}: {'; '.join(each.why)}" for each in differing]
    return [
        paper.file,
        paper.doi,
        paper.title,
        audit.status,
        "; ".join(dict.fromkeys(each.id for each in differing)),
        "; ".join(why),
        str(len(audit.reads)),
        *counts,
        "; ".join(box for box in _BOXES if box in audit.once),
    ]


def to_json(papers: Sequence[Audited]) -> dict[str, Any]:
    """Return audits as data: each number with its boxes, sentence and place; sums; readings."""
    return {"schema": SCHEMA, "papers": [_paper_json(each) for each in papers]}


def _paper_json(paper: Audited) -> dict[str, Any]:
    audit = paper.audit
    return {
        "file": paper.file,
        "doi": paper.doi,
        "title": paper.title,
        "verdict": audit.status,
        "why": audit.why,
        "boxes": {box: list(audit.boxes[box]) for box in BOXES if box in audit.boxes},
        "numbers": [
            {
                "n": each.n,
                "boxes": list(each.boxes),
                "sentence": each.sentence,
                "place": each.place,
                "told_once": bool(_told_once(each, audit)),
            }
            for each in audit.numbers
            if each.boxes
        ],
        "sums": [
            {"id": each.id, "says": each.says, "verdict": each.status, "sums": list(each.why)}
            for each in audit.sums
        ],
        "readings": [
            {
                "says": list(read.says),
                "boxes": {box: read.flow.n(box) for box in BOXES if read.flow.n(box) is not None},
                "differs": [str(each) for each in read.failing],
            }
            for read in audit.reads
        ],
        "would_add_up": [str(each) for each in audit.assumed],
    }
