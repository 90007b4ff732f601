"""The command ``trace``: a record's life, from its export to the tables that cite it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Protocol, Quiet, Records
from peerreview.cli.outputs import as_json as to_json
from peerreview.cli.outputs import tell
from peerreview.errors import InputError, InputErrors

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.paper.trail import Reviewed, Trail

MOST_LISTED = 19


def trace(
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORD", help="A record's id, DOI or PMID, or words of its title.", show_default=False
        ),
    ],
    records: Records = None,
    protocol: Protocol = None,
    text: Annotated[bool, typer.Option("--text", help="Print the export's own text, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Tell a record's life: found, judged, counted, cited."""
    from peerreview.cli.standing import read_reviewed
    from peerreview.flow import labels
    from peerreview.paper.telling import to_json as to_data
    from peerreview.paper.telling import to_lines
    from peerreview.paper.trail import follow_record, index
    from peerreview.review import Review

    review = Review.around(records)
    with console.working("following the record"):
        reviewed = read_reviewed(review, review.protocol(protocol), records)
        path = review.path(tables.RECORDS, records)
        record_id = _one(" ".join(named), reviewed, path)
        trail = follow_record(index(reviewed, [record_id]), record_id)
    tell(review)
    verbatim = _verbatim(trail, path) if text else ""
    if as_json:
        typer.echo(to_json(to_data(trail) | ({"text": verbatim} if text else {})), nl=False)
        return
    typer.echo("\n".join(map(console.shown, to_lines(trail, labels.read()))))
    if verbatim:
        typer.echo("\n" + "\n".join(map(console.shown, verbatim.splitlines())))


def _one(name: str, reviewed: "Reviewed", path: Path) -> str:
    """Return the id of the one record that a name means."""
    from peerreview.screening import lookup
    from peerreview.screening.naming import find_named
    from peerreview.screening.votes import follow

    found = find_named(name, reviewed.records, lookup.index(reviewed.records, follow(reviewed.duplicates)))
    if not found.ids:
        raise InputError(f"no record {name!r}; why-not says what comes nearest", path=path)
    if len(found.ids) == 1:
        return found.ids[0]
    listed = [InputError(line) for line in _candidates(found.ids[:MOST_LISTED], reviewed.records)]
    more = f", the first {MOST_LISTED} are" if len(found.ids) > MOST_LISTED else ""
    message = f"{len(found.ids):,} records fit {name!r} by {found.how}; name one by its id{more}"
    raise InputErrors([InputError(message, path=path), *listed])


def _candidates(ids: tuple[str, ...], records: "pd.DataFrame") -> list[str]:
    from peerreview.paper.citations import cite

    rows = {row["record_id"]: row for row in tables.rows(records[records["record_id"].isin(ids)])}
    return [f"{each}: {cite(rows[each])}" for each in ids]


def _verbatim(trail: "Trail", records: Path) -> str:
    """Return the asked record's text from its export if its id fits; else blank, and say so."""
    from peerreview.imports.stretches import find_text
    from peerreview.tables import reading

    member = next(each for each in trail.members if each.record_id == trail.asked)
    line = int(member.source_line or 0)
    paths = [folder / member.source_file for folder in dict.fromkeys([records.parent, Path()])]
    there = [path for path in paths if path.is_file()]
    for path in there:
        found = find_text(reading.read_bytes(path), line, member.record_id)
        if found:
            return found
    for path in there:
        console.remark(f"{path}:{line}: another text stands here now; the export was changed")
    if not there:
        console.remark(f"{member.source_file}: not here, so that the text cannot be shown")
    return ""
