"""The command ``agreement``: votes to statistics."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import listed
from peerreview.cli.options import Decisions, Duplicates, Protocol, Quiet, SheetsOrJson, a_table
from peerreview.cli.outputs import as_json, put, put_sheets
from peerreview.errors import UsageError


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
        Path | None, a_table("Records that votes may be on.", tables.UNIQUE, "--records")
    ] = None,
    maybe: Annotated[
        Maybe | None, typer.Option("--maybe", help="What maybe counts as.", show_default="as in the protocol")
    ] = None,
    of: Annotated[
        Of | None,
        typer.Option(
            "--of",
            help="Votes standing when the others had voted (10 minutes' grace), first or final.",
            show_default="the protocol's, else standing",
        ),
    ] = None,
    categories: Annotated[
        str,
        typer.Option(
            "--categories",
            help="Other words than decisions, in order: a,b,c.",
            show_default="the protocol's",
        ),
    ] = "",
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", help="Seed of the bootstrap intervals.", show_default="the protocol's, else 0"
        ),
    ] = None,
    protocol: Protocol = None,
    quiet: Quiet = False,
) -> None:
    """Measure how far reviewers agreed, before discussion."""
    from peerreview.agreement.measure import as_votes, verbatim
    from peerreview.paper.sheets.agreement import agreement_of, agreement_rows, agreement_sheets
    from peerreview.review import Review
    from peerreview.screening import checks
    from peerreview.screening.people import known_as
    from peerreview.screening.votes import follow
    from peerreview.tables.writing import for_people

    vocabulary = listed(categories)
    if categories and len(set(vocabulary)) < 2:
        message = f"--categories {categories!r} names fewer than two categories"
        raise UsageError(message)
    review = Review.of_votes(decisions or [], duplicates, records)
    plan = review.protocol(protocol)
    vocabulary = vocabulary or plan.categories
    if vocabulary and records:
        raise UsageError("--records goes with decisions, not with --categories")
    paths = review.vote_files(decisions)
    review.keep_apart(output)
    with console.working("measuring agreement"):
        pairs = review.read_optional(
            tables.DUPLICATES, duplicates, without="votes on duplicates are not brought together"
        )
        kept = follow(pairs)
        found = None
        if vocabulary:
            rules = verbatim(vocabulary)
            votes = review.read_votes(paths, rules, prepare=partial(as_votes, categories=vocabulary))
        else:
            votes = known_as(review.read_votes(paths), plan.reviewers)
            known = None
            if review.has(tables.UNIQUE, records):
                # Records as imported will do, too.
                found = review.read_optional(tables.UNIQUE, records, rules=tables.RECORDS)
                known = {*found["record_id"], *kept}
            checks.check_votes(votes, known, plan.votes_required)
        measured = agreement_of(
            votes,
            plan,
            kept=kept,
            records=found,
            maybe=str(maybe or ""),
            of=None if of is None else of.value,
            seed=seed,
            categories=vocabulary,
        )
    if not measured.stages:
        review.remark(f"{', '.join(map(str, paths))}: no vote at title_abstract or full_text to compare")
    for stage in measured.stages:
        for warning in stage.warnings:
            review.remark(f"{stage.stage}: {warning}")
    if output.suffix == ".json":
        put(review, [(output, as_json(measured.to_json()))])
    elif output.suffix == ".csv":
        put(review, [(output, for_people(agreement_rows(measured)))])
    else:
        put_sheets(review, agreement_sheets(measured), output, others=(".json",))
