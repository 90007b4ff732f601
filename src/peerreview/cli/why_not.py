"""The command ``why-not``: where a paper left the review, or that no search found it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import read_rules
from peerreview.cli.options import Protocol, Quiet, Records
from peerreview.cli.outputs import as_json as to_json
from peerreview.cli.outputs import tell
from peerreview.errors import InputErrors, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.duplicates.rules import Rules
    from peerreview.duplicates.seeking import Sought
    from peerreview.paper.missed import Missed
    from peerreview.paper.trail import Index
    from peerreview.screening.lookup import Index as Names


def why_not(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAPER", help="The paper's DOI, PMID or title.", show_default=False),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Papers that are known, as any export: recall by source.")
    ] = None,
    records: Records = None,
    protocol: Protocol = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Say where a paper left the review, or what comes nearest."""
    from peerreview.cli.standing import read_reviewed
    from peerreview.paper import missed as stage
    from peerreview.paper.trail import index
    from peerreview.review import Review
    from peerreview.screening import lookup

    if bool(named) == bool(file):
        raise UsageError("name one paper, by its DOI, PMID or title, or a list of them with --file")
    review = Review.around(records)
    review.note_named(file)
    with console.working("looking for the paper"):
        plan = review.protocol(protocol)
        rules = read_rules(review, None, plan)
        reviewed = read_reviewed(review, plan, records)
        lives = index(reviewed)
        names = lookup.index(reviewed.records, lives.kept)
        if file is None:
            one = _one(" ".join(named or ()), lives, names, rules)
            data, lines = stage.to_json(one), stage.to_lines(one)
        else:
            papers, n_references = _all(file, lives, names, rules)
            sources = dict.fromkeys([*reviewed.sources["source"], *sorted(set(reviewed.records["source"]))])
            found = stage.recall(papers, n_references, list(sources))
            data, lines = stage.recall_json(found), stage.recall_lines(found)
    tell(review)
    if as_json:
        typer.echo(to_json(data), nl=False)
    else:
        typer.echo("\n".join(map(console.shown, lines)))


def _one(name: str, lives: "Index", names: "Names", rules: "Rules") -> "Missed":
    """Return what the review knows of a paper that a person names."""
    from peerreview.duplicates.seeking import MOST_NEAR
    from peerreview.paper.missed import Missed
    from peerreview.paper.trail import follow_record
    from peerreview.screening.naming import find_named, says

    found = find_named(name, lives.reviewed.records, names)
    if found.is_sure:
        works = tuple(follow_record(lives, each) for each in found.ids)
        return Missed(name, how=found.how, works=works, bearers=found.bearers)
    said = says(name)
    (sought,) = _seek(lives, tables.make(tables.RECORDS, [said]), rules)
    worded = tuple(follow_record(lives, each) for each in found.ids[:MOST_NEAR])
    paper = Missed(name, field="DOI" if "doi" in said else "title", worded=worded, n_worded=len(found.ids))
    return _instead(paper, sought, lives)


def _all(file: Path, lives: "Index", names: "Names", rules: "Rules") -> "tuple[list[Missed], int]":
    """Return what the review knows of each paper of a list, and how many references that has."""
    from peerreview.paper.citations import cite
    from peerreview.paper.missed import Missed
    from peerreview.paper.trail import follow_record
    from peerreview.screening import lookup
    from peerreview.screening.screeners import Reference

    known = _read_known(file)
    papers = []
    for place, (row, sought) in enumerate(zip(tables.rows(known), _seek(lives, known, rules), strict=True)):
        found = lookup.find(
            Reference(doi=row["doi"], pmid=row["pmid"], title=row["title"], year=row["year"]), names
        )
        ids, how, bearers = found.ids, found.how, found.members
        if not ids and sought.same:
            ids = tuple(sorted({lives.kept.get(each, each) for each, _ in sought.same}))
            how, bearers = f"the rule “{sought.same[0][1]}”", tuple(each for each, _ in sought.same)
        paper = Missed(
            cite(row),
            f"{file}:{row['source_line']}",
            how,
            tuple(follow_record(lives, lives.kept.get(each, each)) for each in ids),
            bearers,
        )
        if ids:
            papers.append(paper)
        elif sought.first == place:
            papers.append(_instead(paper, sought, lives))
    return papers, len(known)


def _read_known(file: Path) -> "pd.DataFrame":
    from peerreview.imports import records
    from peerreview.imports.exports import Expected, Export, read_exports
    from peerreview.imports.records import Source
    from peerreview.tables.contents import open_content

    expected = Expected(source=Source("known papers", "other"))
    found = read_exports([Export(str(file), file.name)], [open_content(file)], expected)
    if found.faults:
        raise InputErrors(list(found.faults))
    return records.tabulate(found.placed)


def _seek(lives: "Index", known: "pd.DataFrame", rules: "Rules") -> "Sequence[Sought]":
    from peerreview.duplicates.seeking import seek

    return seek(lives.reviewed.records, known, rules, workers=os.cpu_count() or 1)


def _instead(paper: "Missed", sought: "Sought", lives: "Index") -> "Missed":
    """Return a paper that no search found with what may be it, and what comes nearest, each work once."""
    from dataclasses import replace

    from peerreview.duplicates.seeking import MOST_NEAR
    from peerreview.paper.trail import follow_record

    maybe = {lives.kept.get(each, each): rule for each, rule in reversed((*sought.same, *sought.possible))}
    near: dict[str, float] = {}
    for each in sought.nearest:
        near.setdefault(lives.kept.get(each.record_id, each.record_id), each.likeness)
    told = {*maybe, *(each.record_id for each in paper.worded)}
    others = [(each, likeness) for each, likeness in near.items() if each not in told][:MOST_NEAR]
    return replace(
        paper,
        possible=tuple((rule, follow_record(lives, each)) for each, rule in sorted(maybe.items())),
        nearest=tuple((likeness, follow_record(lives, each)) for each, likeness in others),
        field=sought.nearest[0].field if sought.nearest else paper.field,
    )
