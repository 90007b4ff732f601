"""The command ``agreement``: votes to statistics."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.inputs import decision_files, read_duplicates
from peerreview.cli.options import Decisions, Duplicates, Protocol, Quiet, SheetsOrJson
from peerreview.cli.outputs import as_json, keep_apart, written
from peerreview.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

UNIQUE = Path("unique.csv")


class Maybe(StrEnum):
    """What a ``maybe`` counts as."""

    include = "include"
    exclude = "exclude"
    keep = "keep"
    missing = "missing"


class Of(StrEnum):
    """Which of several votes of a reviewer on a record counts."""

    standing = "standing"
    first = "first"
    final = "final"


def agreement(
    decisions: Decisions = None,
    output: SheetsOrJson = Path("agreement.md"),
    duplicates: Duplicates = None,
    records: Annotated[
        Path | None,
        typer.Option("--records", help="Records that votes may be on.", show_default="unique.csv"),
    ] = None,
    maybe: Annotated[
        Maybe | None, typer.Option("--maybe", help="What maybe counts as.", show_default="as in the protocol")
    ] = None,
    of: Annotated[
        Of,
        typer.Option(
            "--of", help="Votes standing when the others had voted (10 minutes' grace), first or final."
        ),
    ] = Of.standing,
    categories: Annotated[
        str,
        typer.Option("--categories", help="Other words than decisions, in order: a,b,c.", show_default=False),
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the bootstrap intervals.")] = 0,
    protocol_file: Protocol = Path("peerreview.toml"),
    quiet: Quiet = False,
) -> None:
    """Measure how far reviewers agreed, before discussion."""
    from peerreview import protocol, tables
    from peerreview.agreement import measure as statistics
    from peerreview.paper.sheets.agreement import agreement_rows, agreement_sheets, told
    from peerreview.screening import outcomes as screening
    from peerreview.screening.votes import follow
    from peerreview.tables import reading, writing

    plan = protocol.read(protocol_file)
    vocabulary = tuple(each.strip() for each in categories.split(",") if each.strip())
    if categories and len(set(vocabulary)) < 2:
        message = f"--categories {categories!r} names fewer than two categories"
        raise UsageError(message)
    if vocabulary and records:
        raise UsageError("--records goes with decisions, not with --categories")
    paths = decision_files(decisions)
    keep_apart(output, *paths, duplicates, Path("duplicates.csv"), records, UNIQUE)
    choices = statistics.Choices(
        maybe=str(maybe or plan.maybe),
        of=of.value,
        categories=vocabulary,
        votes_required=plan.votes_required,
        reasons=plan.reasons,
        reviewers=plan.reviewers,
        seed=seed,
    )
    with reading.lines_for_rows(), console.working("measuring agreement"):
        kept = follow(read_duplicates(duplicates, Path("duplicates.csv")))
        sources: dict[str, list[str]] = {}
        if vocabulary:
            rules = statistics.verbatim(vocabulary)
            votes = reading.read_all(
                paths, rules, prepare=partial(statistics.as_votes, categories=vocabulary)
            )
        else:
            votes = reading.read_all(paths, tables.VOTES)
            known = _records(records)
            ids = None if known is None else {*known["record_id"], *kept}
            screening.check_votes(votes, ids, plan.votes_required)
            sources = {} if known is None else statistics.found_in(known)
        measured = told(
            statistics.measure(votes, kept=kept, choices=choices, sources=sources),
            synthetic=tables.any_synthetic(votes),
        )
    if not measured["stages"]:
        console.remark(f"{', '.join(map(str, paths))}: no vote at title_abstract or full_text to compare")
    for stage in measured["stages"]:
        for warning in stage["warnings"]:
            console.remark(f"{stage['stage']}: {warning}")
    if output.suffix == ".json":
        writing.write(as_json(measured), output)
    elif output.suffix == ".csv":
        writing.write(agreement_rows(measured), output)
    else:
        writing.write_all(written(agreement_sheets(measured), output, others=(".json",)))


def _records(named: Path | None) -> "pd.DataFrame | None":
    """Return the review's records; None where there is no table of them."""
    from peerreview import tables
    from peerreview.tables import reading

    path = named or UNIQUE
    if named is None and not path.exists():
        return None
    console.remark(f"read {path}")
    return reading.read(path, tables.RECORDS)
