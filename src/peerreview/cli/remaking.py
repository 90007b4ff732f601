"""
Outputs made again in memory, to be compared with what lies in the review's folder.

An output is stale where its command would write other bytes now, whatever the
clock says: each is made from the tables that people keep and from the outputs
before it as they would be written now. That takes about as long as ``make``,
and needs no hidden state beside the tables.
"""

import html
import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.cli.inputs import (
    count_flow,
    read_rules,
    settle_by,
)
from peerreview.errors import InputError, PeerreviewError
from peerreview.review import COUNTED, FLOW, PROTOCOL, VOTES, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.paper.standing import Output
    from peerreview.review import Protocol, Review
    from peerreview.screening.outcomes import Settled

_SEARCH = ("file", "source", "source_kind", "platform", "round", "records")
_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
_TAG = re.compile(r"<[^<>]+>|[\u202b\u202c]")
KEPT = tuple(map(name_of, (tables.THEMES, tables.APPRAISAL, tables.RETRACTIONS)))
"""Tables that people keep under the name of an output."""
LEDGER = "ledger"
"""What ``prisma --ledger`` writes, in several formats."""
FIGURE = "prisma.svg"
"""What ``prisma`` draws where no output is named."""
FLOW_TABLE = "flow.csv"
REPORT = "report.md"
_LAID_OUT = (".md", ".tex", ".xlsx")
"""What is no table of ours: these lie behind a flow, whose proof has their hashes."""
TABLES = "tables"
"""The folder of the paper's tables, as the Makefile of ``init`` has it."""


@dataclass
class Remade:
    """
    A review's outputs as they would be written now.

    ``frames`` are its tables by name, those of outputs as they would be;
    ``outputs`` how each file compares; ``odd`` what was found on the way.
    """

    review: "Review"
    plan: "Protocol"
    frames: "dict[str, pd.DataFrame]" = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    outputs: "list[Output]" = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    settled: "Settled | None" = None
    flow: "Flow | None" = None

    @property
    def folder(self) -> Path:
        """The review's folder."""
        return self.review.folders[0]

    @property
    def votes(self) -> "pd.DataFrame":
        """The votes of the review; none where it has no file of them."""
        if tables.VOTES.name not in self.frames:
            files = self.review.vote_files(None, may_be_none=True)
            votes = self.review.read_votes(files) if files else tables.empty(tables.VOTES)
            self.frames[tables.VOTES.name] = votes
        return self.frames[tables.VOTES.name]

    @cached_property
    def counted(self) -> "list[Flow]":
        """The flow counted from the tables as they would be, and as it is where lines not searched are 0."""
        return [self.count(show_zero=show_zero) for show_zero in (False, True)]

    def frame(self, table: tables.Table) -> "pd.DataFrame":
        """Return a table as it would be now; an empty one where there is none."""
        if table.name not in self.frames:
            self.frames[table.name] = self.review.read_optional(table)
        return self.frames[table.name]

    def has(self, table: tables.Table) -> bool:
        """Return whether the review has a table, or would have once its command ran."""
        return table.name in self.digests or self.review.has(table)

    def add(self, name: str, state: Any, command: str, why: str = "") -> None:
        """Remember how a file compares."""
        from peerreview.paper.standing import Output

        self.outputs.append(Output(name, state, command, why))

    def count(self, previous: Path | None = None, *, show_zero: bool = False) -> "Flow":
        """Return the flow counted from the tables as they would be now."""
        from peerreview.cli.proving import read_flow

        return count_flow(
            {each.name: self.frame(each) for each in COUNTED},
            self.has,
            self.plan,
            previous=read_flow(previous) if previous else None,
            show_zero=show_zero,
        )

    def compare(self, name: str, content: bytes, command: str) -> None:
        """Compare a file that must be there with what its command would write."""
        path = self.folder / name
        if not path.exists():
            self.add(name, "missing", command)
        else:
            self.add(name, "fresh" if _bytes(path) == content else "stale", command)

    def take(self, table: tables.Table, frame: "pd.DataFrame", content: bytes, command: str) -> None:
        """Compare a table, and go on with it as it would be."""
        from peerreview.tables import reading

        self.frames[table.name] = frame
        self.digests[table.name] = reading.hash_of(content)
        self.compare(name_of(table), content, command)


def remake(review: "Review", plan: "Protocol") -> Remade:
    """Return a review's outputs as they would be written now, each beside the file that lies there."""
    from peerreview.cli.laying_out import compare_paper
    from peerreview.cli.makefile import missing

    made = Remade(review, plan)
    steps: tuple[tuple[Callable[[Remade], None], str, str], ...] = (
        (_records, name_of(tables.RECORDS), "import"),
        (_unique, name_of(tables.UNIQUE), "dedupe"),
        (_screening, name_of(tables.SCREENING), "screen"),
        (_flow, FLOW, "prisma"),
        (_flow_table, FLOW_TABLE, "prisma"),
        (_ledger, LEDGER, "prisma --ledger"),
        (compare_paper, "", ""),
    )
    _take(made, steps)
    known = {each.file for each in made.outputs}
    for each in missing(made.folder):
        if each.file not in known:
            made.add(each.file, "missing", each.command)
    return made


def remake_unsealed(review: "Review", plan: "Protocol") -> "list[Output]":
    """Return the outputs that take no proof beside what they would be now, by the tables as they lie."""
    from peerreview.cli.laying_out import compare_paper, compare_report
    from peerreview.cli.makefile import written
    from peerreview.render import seals

    made = Remade(review, plan)
    steps: tuple[tuple[Callable[[Remade], None], str, str], ...] = (
        (_flow_table, FLOW_TABLE, "prisma"),
        (_ledger, LEDGER, "prisma --ledger"),
        (compare_report, REPORT, "report"),
        (compare_paper, "", ""),
    )
    for step in steps:
        # None is made of another.
        _take(made, [step])
    known = {each.file for each in made.outputs}
    for each in written(made.folder):
        if each.file not in known and not (made.folder / each.file).exists():
            made.add(each.file, "missing", each.command, "it is not there; the Makefile writes it")
        elif each.file not in known and each.file.endswith(_LAID_OUT):
            made.add(each.file, "unchecked", each.command)
    return [
        each
        for each in made.outputs
        if Path(each.file).suffix.lower() not in seals.SUFFIXES and each.file != FLOW
    ]


def _take(made: Remade, steps: "Iterable[tuple[Callable[[Remade], None], str, str]]") -> None:
    """Make each output of those before it."""
    for step, name, command in steps:
        try:
            step(made)
        except _StopError:
            break
        except PeerreviewError as error:
            # What cannot be made stops what is made from it, and is told; the rest of the page holds.
            made.add(name or TABLES, "blocked", command, str(error).partition("\n")[0])
            break


def remake_tables(review: "Review", plan: "Protocol", changed: "set[str] | None") -> Remade:
    """
    Return the tables that boxes are counted from as their commands would write them now.

    A command is run again where a file that it reads or writes has changed,
    and so is each after it; all are where that is not known.

    Parameters
    ----------
    changed : files by name, as ``decisions/ana.csv``; None where that is not known.
    """
    made = Remade(review, plan)
    steps: tuple[tuple[Callable[[Remade], None], str, str, tuple[str, ...]], ...] = (
        (_records, name_of(tables.RECORDS), "import", ("exports/", *map(name_of, _IMPORTED))),
        (_unique, name_of(tables.UNIQUE), "dedupe", (PROTOCOL, plan.rules, *map(name_of, _DEDUPED))),
        (_screening, name_of(tables.SCREENING), "screen", (f"{VOTES.name}/", *map(name_of, _SCREENED))),
    )
    due = changed is None
    for step, name, command, files in steps:
        begin = tuple(filter(None, files))
        due = due or any(each.startswith(begin) for each in changed or ())
        if not due:
            continue
        try:
            step(made)
        except _StopError:
            break
        except PeerreviewError as error:
            made.add(name, "blocked", command, str(error).partition("\n")[0])
            break
    return made


_IMPORTED = (tables.SOURCES, tables.RECORDS, tables.REJECTS)
_DEDUPED = (tables.RECORDS, tables.OVERRIDE, tables.VENUE, tables.DUPLICATES, tables.UNIQUE)
_SCREENED = (tables.SCREENING,)
"""What each command reads and writes, besides what the one before it wrote."""


def proof_holds(path: Path, holds: "Callable[[dict[str, Any]], bool]") -> bool:
    """Return whether a file has no proof, or one that holds; one that was cut off does not."""
    from peerreview.render import seals
    from peerreview.tables import reading

    try:
        said = seals.take(_bytes(path), path.suffix)
        return said is None or holds(reading.parse_json(said))
    except InputError:
        return False


def _bytes(path: Path) -> bytes:
    from peerreview.tables import reading

    return reading.read_bytes(path)


def exports_of(made: Remade) -> list[str]:
    """Return the exports that lie in the review's folder, as ``sources.csv`` would name them."""
    folder = made.folder / "exports"
    listed = sorted(folder.glob("*")) if folder.is_dir() else []
    here = [f"exports/{path.name}" for path in listed if path.is_file() and not path.name.startswith(".")]
    named = [file for file in made.frame(tables.SOURCES)["file"] if file and (made.folder / file).is_file()]
    kept = [file for file in here if not file.endswith((".md", "SHA256SUMS"))]
    return list(dict.fromkeys([*named, *kept]))


def _records(made: Remade) -> None:
    """Import again: the exports that records come from, in their order, then those only declared."""
    from peerreview.imports import records
    from peerreview.imports.exports import Expected, Export, read_exports
    from peerreview.tables.contents import open_content

    name = name_of(tables.RECORDS)
    is_there = made.review.has(tables.RECORDS)
    before = made.frame(tables.RECORDS)
    sources = made.frame(tables.SOURCES)
    files = list(dict.fromkeys(before["source_file"])) if is_there else exports_of(made)
    there = [file for file in files if (made.folder / file).is_file()]
    if not is_there and not there:
        return
    gone = [file for file in files if file not in there]
    if gone or before["source_file"].eq("").any():
        made.add(name, "unchecked", "import", f"not here: {', '.join(gone) or 'the exports'}")
        return
    there += [
        file for file in sources["file"] if file and file not in there and (made.folder / file).is_file()
    ]
    searches = tables.rows(sources)
    declared = {row["file"] for row in searches}
    if is_there:
        # Without a row there the source was an option of import, and stands in the records.
        own = before.loc[
            ~before["source_file"].isin(declared), ["source_file", "source", "source_kind", "round"]
        ]
        for row in tables.rows(own.drop_duplicates("source_file")):
            cells = {**row, "file": row["source_file"]}
            searches.append({column: cells.get(column, "") for column in _SEARCH})
    rejects = made.folder / name_of(tables.REJECTS)
    lenient = rejects.exists() and len(made.frame(tables.REJECTS)) > 0
    found = read_exports(
        [Export(file, file) for file in there],
        [open_content(made.folder / file) for file in there],
        Expected(searches, name_of(tables.SOURCES), lenient=lenient),
    )
    if found.faults:
        raise found.faults[0]
    content = b"".join(records.to_csv(found.placed))
    frame = tables.check(records.tabulate(found.placed), tables.RECORDS)
    made.take(tables.RECORDS, frame, content, "import")


def _unique(made: Remade) -> None:
    from peerreview.duplicates import keeping, listing, rounds
    from peerreview.duplicates import overrides as people
    from peerreview.tables import reading, writing

    if made.frame(tables.RECORDS).empty:
        return
    rules = read_rules(made.review, None, made.plan)
    before = made.frame(tables.DUPLICATES)
    if not made.review.has(tables.UNIQUE):
        made.add(name_of(tables.UNIQUE), "missing", "dedupe")
        raise _StopError
    known = {rule.name for rule in rules.rules} | {listing.OVERRIDDEN, listing.CONTRADICTED}
    if set(before["rule"]) - known:
        made.add(name_of(tables.UNIQUE), "unchecked", "dedupe --rules", "made by rules of your own")
        return
    overrides = writing.from_people(made.frame(tables.OVERRIDE))
    found = rounds.find_duplicates(
        made.frame(tables.RECORDS),
        rules,
        overrides=overrides,
        venues=made.frame(tables.VENUE),
        workers=os.cpu_count() or 1,
    )
    duplicates = found.duplicates
    unique = keeping.keep_one(made.frame(tables.RECORDS), duplicates)
    for table, frame in ((tables.DUPLICATES, duplicates), (tables.UNIQUE, unique)):
        made.take(table, frame, writing.to_csv(frame).encode(), "dedupe")
    pairs = made.folder / name_of(tables.POSSIBLE)
    if pairs.exists():
        answers = writing.from_people(reading.read(pairs, tables.POSSIBLE))
        now = writing.for_people(listing.possible_pairs(unique, duplicates, rules))
        is_fresh = _bytes(pairs) == writing.to_csv(now).encode()
        is_fresh = is_fresh or _same(answers, writing.from_people(now), ("verdict", "by", "why"))
        made.add(pairs.name, "fresh" if is_fresh else "stale", "dedupe")
        n = len(people.resolve(answers, overrides))
        if n:
            held = tables.counted(n, "verdict that is", "verdicts that are")
            made.odd.append(f"{pairs.name} holds {held} not in {name_of(tables.OVERRIDE)}")


class _StopError(PeerreviewError):
    """Nothing further can be made, and that was said."""


def _same(one: "pd.DataFrame", other: "pd.DataFrame", filled: tuple[str, ...]) -> bool:
    """Return whether a table that people have begun to fill in is another but for their answers."""
    if not any(one[column].str.strip().any() for column in filled if column in one):
        return False
    columns = [column for column in other.columns if column not in filled]
    if set(columns) - set(one.columns) or len(one) != len(other):
        return False
    return all(one[column].tolist() == other[column].tolist() for column in columns)


def _screening(made: Remade) -> None:
    from peerreview.tables import writing

    if made.frame(tables.UNIQUE).empty:
        return
    unique, duplicates = made.frame(tables.UNIQUE), made.frame(tables.DUPLICATES)
    settled = settle_by(made.plan, unique, made.votes, duplicates)
    made.settled = settled
    if not made.review.vote_files(None, may_be_none=True) and not made.review.has(tables.SCREENING):
        return
    made.take(tables.SCREENING, settled.screening, writing.to_csv(settled.screening).encode(), "screen")
    conflicts = made.folder / name_of(tables.CONFLICTS)
    if conflicts.exists():
        answers = writing.from_people(made.frame(tables.CONFLICTS))
        filled = ("decision", "reason", "reviewer", "note")
        for_people = writing.for_people(settled.conflicts)
        content = writing.to_csv(for_people).encode()
        is_fresh = _bytes(conflicts) == content or _same(answers, writing.from_people(for_people), filled)
        made.add(conflicts.name, "fresh" if is_fresh else "stale", "screen")
        made.frames[tables.CONFLICTS.name] = settled.conflicts
        open_ = set(zip(settled.conflicts["record_id"], settled.conflicts["stage"], strict=True))
        n = sum(
            bool(row["decision"].strip()) and (row["record_id"], row["stage"]) in open_
            for row in tables.rows(answers)
        )
        if n:
            held = tables.counted(n, "answer that is", "answers that are")
            made.odd.append(f"{conflicts.name} holds {held} not in decisions/ yet")


def _flow(made: Remade) -> None:
    """Count the flow again, and compare its files: also drawn in another language, or with other options."""
    from peerreview.cli.proving import intervals_of, is_proof_of
    from peerreview.flow import exchange, identities
    from peerreview.flow.labels import read
    from peerreview.flow.proofs import prove_boxes
    from peerreview.tables import reading

    path = made.folder / FLOW
    # What bears the usual name is one, whatever is left in it.
    named = [each for each in made.folder.glob("*.svg") if each.stem != LEDGER]
    drawn = sorted(each for each in named if each.name == FIGURE or _is_flow(each))
    if not made.has(tables.SCREENING):
        return
    try:
        before = exchange.read(reading.read_text(path), ".json") if path.exists() else None
    except InputError:
        # Cut off, or edited by hand: it is written again as any that is stale.
        made.add(FLOW, "stale", "prisma")
        before = None
    frames = {each.name: made.frame(each) for each in COUNTED}
    counted = [replace(flow, intervals=intervals_of(flow, frames)) for flow in made.counted]
    hashes = _hashes(made)
    made.flow = replace(counted[0], inputs=hashes)
    boxes = [cache(partial(prove_boxes, each, {name: frames[name] for name in hashes})) for each in counted]

    def holds(said: "dict[str, Any]") -> bool:
        return any(is_proof_of(made.review, hashes, made.digests, said, each) for each in boxes)

    if before is not None and before.is_updated:
        # What an update rests on besides is the earlier version's flow, which may lie anywhere.
        state = "fresh" if dict(before.inputs) == hashes else "stale"
        made.add(FLOW, state, "prisma --previous", "" if state == "fresh" else "counted from other tables")
        made.flow = before
        for figure in drawn:
            made.add(figure.name, "unchecked", "prisma --previous", "an update's")
        return
    if before is not None:
        content = reading.read_json(path, exchange.SCHEMA)
        # Which plug-ins were in force then changes no count.
        now = [
            exchange.to_json(
                replace(each, inputs=hashes, plugins=before.plugins), identities.check(each), read()
            )
            for each in counted
        ]
        is_fresh = _worded(content) in [_worded(json.loads(text)) for text in now]
        said = content.get("proof")
        is_fresh = is_fresh and (said is None or holds(said))
        made.add(FLOW, "fresh" if is_fresh else "stale", "prisma")
    for figure in drawn:
        state = state_of_figure(reading.read_text(figure), counted)
        if state == "fresh" and not proof_holds(figure, holds):
            state = "stale"
        made.add(figure.name, state, "prisma")


def _flow_table(made: Remade) -> None:
    """Compare the flow's table for R."""
    from peerreview.cli.proving import earlier_of
    from peerreview.flow import exchange
    from peerreview.flow.labels import read
    from peerreview.tables import reading

    table = made.folder / FLOW_TABLE
    if not table.exists() or not made.has(tables.SCREENING):
        return
    earlier = earlier_of(made.folder)
    flows = (made.count(earlier, show_zero=zeros) for zeros in (False, True)) if earlier else made.counted
    is_fresh = reading.read_text(table) in [exchange.to_r(each, read()) for each in flows]
    made.add(table.name, "fresh" if is_fresh else "differs", "prisma")


def _hashes(made: Remade) -> dict[str, str]:
    """Return the SHA-256 of the tables that a flow is counted from, as they would be now."""
    from peerreview.tables import reading

    return {
        table.name: made.digests.get(table.name) or reading.digest(made.review.path(table))
        for table in COUNTED
        if made.has(table)
    }


def _ledger(made: Remade) -> None:
    """Count the versions of a living review again, and compare what lies under the usual name with them."""
    there = [
        path
        for path in sorted(made.folder.glob(f"{LEDGER}.*"))
        if path.suffix in (".svg", ".html", ".json", ".md", ".csv", ".tex")
    ]
    if not there or not made.has(tables.SCREENING):
        return
    from peerreview.cli.ledger import Drawing, count_ledger
    from peerreview.cli.proving import is_proof_of
    from peerreview.flow.labels import read
    from peerreview.flow.proofs import prove_boxes
    from peerreview.paper.figures.ledger import lay_out
    from peerreview.render import seals

    frames = {each.name: made.frame(each) for each in COUNTED if made.has(each)}
    frames.setdefault(tables.DUPLICATES.name, made.frame(tables.DUPLICATES))
    counted = count_ledger(frames, made.plan)
    drawing = Drawing(counted, read(), frames, partial(lay_out, counted, read()))
    hashes = _hashes(made)
    boxes = cache(partial(prove_boxes, counted, {each: frames[each] for each in hashes}))
    for path in there:
        ((_, content),) = drawing.written(path)
        now = content.encode() if isinstance(content, str) else content
        # Another language or another look is an option's; of plain numbers there is one form alone.
        other = "stale" if path.suffix in (".json", ".csv") else "differs"
        is_fresh = seals.bare(_bytes(path), path.suffix) == now and proof_holds(
            path, lambda said: is_proof_of(made.review, hashes, made.digests, said, boxes)
        )
        made.add(path.name, "fresh" if is_fresh else other, "prisma --ledger")


def _worded(content: dict[str, Any]) -> dict[str, Any]:
    """Return what a flow.json says without its wording, which may be in another language, and its proof."""
    boxes = {key: {**box, "label": ""} for key, box in content["boxes"].items()}
    return {**content, "boxes": boxes, "proof": None}


def _is_flow(path: Path) -> bool:
    from peerreview.render import seals
    from peerreview.tables import reading

    content = _bytes(path)
    # Charts, as those beside a report, are drawn as flows are and have no such box.
    if b'<g id="screened"' not in content:
        return False
    # Charts are drawn as flows are; their proof says of what they are.
    try:
        said = reading.parse_json(seals.take(content, ".svg") or "{}", path=path)
    except InputError:
        return True
    return not (isinstance(said, dict) and said.get("of"))


def _words(lines: "Counter[str]") -> "Counter[str]":
    return Counter(word for line in lines.elements() for word in line.split())


def state_of_figure(text: str, counted: "list[Flow]") -> str:
    """
    Return whether a figure shows what a flow would be drawn as: in any language, with any option.

    What it says besides (a caption) is nobody's number. Where a line breaks
    is a matter of the figure's width. Where hardly a line is one that we
    would draw, its wording is the team's own.
    """
    from itertools import product

    from peerreview.flow import identities
    from peerreview.flow.labels import languages, read
    from peerreview.paper.figures import Style
    from peerreview.paper.figures.prisma import lay_out

    failing = [
        list(dict.fromkeys(each.id for each in identities.fails(identities.check(flow)))) for flow in counted
    ]
    drawn = list(zip(counted, failing, strict=True))
    boxes, _, below = text.partition('<g id="notes"')
    said, noted = (
        Counter(html.unescape(_TAG.sub("", line)) for line in _TEXT.findall(part)) for part in (boxes, below)
    )
    most = 0.0
    wordings = [read(language) for language in languages()]
    styles = [
        Style(header_totals=header, reasons_at_title=title, per_source=per_source)
        for header, title, per_source in product((False, True), repeat=3)
    ]
    for wording, (flow, wrong), style in product(wordings, drawn, styles):
        figure = lay_out(flow, wording, style, failing=wrong)
        wanted = Counter(line.text for shape in figure.shapes for line in shape.lines)
        notes = Counter(filter(None, [*(line.text for line in figure.notes), figure.stamp]))
        stamps = {wording[key] for key in ("draft", "inconsistent")}
        is_noted = _words(notes) <= _words(noted) and stamps & set(noted) <= set(notes)
        if is_noted and _words(wanted) == _words(said):
            return "fresh"
        most = max(most, (wanted & said).total() / max(wanted.total(), 1))
    return "stale" if most >= 0.5 else "differs"
