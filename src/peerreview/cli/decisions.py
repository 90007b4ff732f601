"""The command ``decisions``: a screening tool's export, a sheet or a list to votes."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Duplicates, Output, Protocol, Quiet
from peerreview.cli.outputs import alone, check_table, put, tell
from peerreview.errors import InputError, InputErrors, UsageError
from peerreview.review import RESOLUTIONS, VOTES, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.review import Review
    from peerreview.screening.decisions import Listing
    from peerreview.screening.lookup import Index
    from peerreview.screening.screeners import Asked, Export


class Stage(StrEnum):
    """Stages that votes can be of."""

    before_screening = "before_screening"
    title_abstract = "title_abstract"
    retrieval = "retrieval"
    full_text = "full_text"


class Role(StrEnum):
    """Roles that votes can have."""

    reviewer = "reviewer"
    adjudicator = "adjudicator"
    consensus = "consensus"
    ai = "ai"
    automation = "automation"


class Listed(StrEnum):
    """What it means to stand in a list."""

    include = "include"
    exclude = "exclude"
    maybe = "maybe"


class Rest(StrEnum):
    """What it means to stand in no list."""

    exclude = "exclude"
    include = "include"
    pending = "pending"


def decisions(
    exports: Annotated[
        list[Path],
        typer.Argument(
            help="Exports of one tool, or wide tables (one column per reviewer). Checked on real files: "
            "Rayyan, ASReview, metagear; not yet: Covidence, Abstrackr, revtools, CoLRev, colandr, "
            "EPPI-Reviewer, ticks (an x below a column per decision)."
        ),
    ],
    output: Output = VOTES / "votes.csv",
    stage: Annotated[
        Stage | None,
        typer.Option("--stage", help="Stage, where the export names none.", show_default="title_abstract"),
    ] = None,
    votes: Annotated[
        list[str] | None,
        typer.Option("--votes", help="A column of votes and whose they are, as in 'Screener 1=ana'."),
    ] = None,
    reviewer: Annotated[
        list[str] | None,
        typer.Option(
            "--reviewer", help="Who voted; or a wide table's columns.", show_default="the file's name"
        ),
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option("--reason", help="A column of reasons.", show_default="those called so"),
    ] = None,
    meanings: Annotated[
        list[str] | None, typer.Option("--map", help="What a value means, as in 0=exclude.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Columns and words, as --save-mapping wrote them.")
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option("--save-mapping", help="Write what was understood, .toml.")
    ] = None,
    role: Annotated[
        Role | None,
        typer.Option("--role", help="Role, where the export names none.", show_default="reviewer"),
    ] = None,
    decided_on: Annotated[
        str, typer.Option("--decided-on", help="Day of the votes, where the export has none.")
    ] = "",
    listed: Annotated[
        Listed | None,
        typer.Option("--list", help="The files are lists of records: what standing in them means."),
    ] = None,
    rest: Annotated[
        Rest | None,
        typer.Option("--rest", help="With --list: the records in no list.", show_default="pending"),
    ] = None,
    unmatched: Annotated[
        Path | None,
        typer.Option("--unmatched", help="Write what matches no record here, .csv, and take the others."),
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records",
            help="Records to match with.",
            show_default=f"{name_of(tables.RECORDS)}, or {name_of(tables.UNIQUE)}",
        ),
    ] = None,
    duplicates: Duplicates = None,
    protocol: Protocol = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Leave out votes on records not found.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Drop votes taken before.")] = False,
    quiet: Quiet = False,
) -> None:
    """Turn a tool's export, a sheet or a list into votes."""
    from peerreview.review import Review
    from peerreview.screening import decisions as stage_of
    from peerreview.screening import finding, mappings
    from peerreview.screening.screeners import registry
    from peerreview.tables import plugins
    from peerreview.tables.plugins import Kind
    from peerreview.tables.writing import for_people

    asked = mappings.ask(votes or (), reviewer or (), reason or (), meanings or (), stage or "")
    check_table(output)
    if rest and not listed:
        raise UsageError("--rest goes with --list")
    review = Review.around(records) if records else Review.of_votes([output])
    review.note_named(*exports, mapping)
    review.keep_apart(output, save_mapping, unmatched)
    if output.name == RESOLUTIONS:
        raise UsageError(f"{output}: holds what people settled; name another file with -o")
    found = _read(exports, mapping, asked, review, protocol)
    with console.working("matching votes with records") as watch:
        known, kept, keys = _index(review, records, duplicates)
        taken = stage_of.take_votes(
            found,
            known,
            role=role or "",
            decided_on=decided_on,
            listing=_listing(listed, rest, review, known, kept, stage or ""),
            may_infer=not quiet,
            watch=watch,
        )
    for remark in (*taken.remarks, *plugins.remarks(Kind.SCREENER, registry.SCREENERS)):
        review.remark(remark)
    if taken.lost and not unmatched and (not lenient or rest in (Rest.exclude, Rest.include)):
        if lenient:
            review.remark(f"--rest {rest} needs --unmatched FILE here: read it before the rest counts")
        else:
            cure = "--lenient takes the votes on records found, --unmatched FILE lists the others, too"
            review.remark(f"nothing is written: {cure}")
        tell(review)
        raise InputErrors(taken.lost)
    for fault in taken.lost:
        review.remark(str(fault))
    # Keys that another has taken since stay, and so do votes.
    learns = len(finding.merged(keys, taken.keys)) > len(keys)
    with alone(output, *([review.path(tables.KEYS)] if learns else [])):
        if not replace:
            _keep_former(output, taken.votes, kept)
        contents: list[tuple[Path, object]] = []
        if save_mapping:
            contents.append((save_mapping, mappings.write(taken.answers)))
        if unmatched:
            contents.append((unmatched, for_people(taken.unmatched)))
        learnt = _learnt(review, taken.keys)
        put(review, [*contents, *learnt, (output, taken.votes)], grown=[path for path, _ in learnt])


def _read(
    exports: "Sequence[Path]", mapping: Path | None, asked: "Asked", review: "Review", named: Path | None
) -> "list[Export]":
    """Return the exports, and what is known of them."""
    import dataclasses

    from peerreview.screening import mappings, opening, people
    from peerreview.tables import reading

    if mapping:
        asked = mappings.over(asked, mappings.parse(reading.read_text(mapping), mapping))
    laid_down = review.protocol(named)
    asked = dataclasses.replace(
        asked,
        known_reasons=mappings.known_reasons(laid_down.reasons, laid_down.reason_aliases),
        known_reviewers=people.known_names(laid_down.reviewers),
    )
    texts: list[Export] = []
    for path in exports:
        found, odd = opening.open_file(str(path), reading.read_bytes(path), asked)
        for said in odd:
            console.remark(said)
        texts += found
    return texts


def _index(
    review: "Review", records: Path | None, duplicates: Path | None
) -> "tuple[Index | None, dict[str, str], pd.DataFrame]":
    """Return the records to find votes' records in, which one is kept of each duplicate, and tools' keys."""
    from peerreview.screening import lookup
    from peerreview.screening import votes as stage_of

    # An export may hold records that dedupe has removed since.
    table = next((each for each in (tables.RECORDS, tables.UNIQUE) if review.has(each, records)), None)
    if table is None:
        review.remark(f"there is no {name_of(tables.RECORDS)} here: record ids are not checked")
        return None, {}, tables.empty(tables.KEYS)
    kept = stage_of.follow(review.read_optional(tables.DUPLICATES, duplicates))
    known = lookup.index(review.read(table, records, rules=tables.RECORDS), kept)
    review.remark(f"matched with {review.path(table, records)}")
    keys = review.read_optional(tables.KEYS)
    lookup.remember(known, keys)
    return known, kept, keys


def _listing(
    listed: "Listed | None",
    rest: "Rest | None",
    review: "Review",
    known: "Index | None",
    kept: "Mapping[str, str]",
    stage: str,
) -> "Listing | None":
    """Return what a list means, and which records may stand in none."""
    from peerreview.screening.decisions import PENDING, Listing

    if listed is None:
        return None
    left = "" if rest in (None, PENDING) else str(rest)
    if left and known is None:
        raise UsageError("--rest needs the records that stand in no list; name them with --records")
    if left and stage == Stage.full_text:
        # Only what was sent to full text was judged there.
        outcomes = review.read(tables.SCREENING)
        sent = outcomes.loc[outcomes["stage"] == Stage.full_text, "record_id"]
        return Listing(listed, left, tuple(sent))
    others = () if known is None else tuple(each for each in known.ids if each not in kept)
    return Listing(listed, left, others)


def _learnt(review: "Review", now: "pd.DataFrame") -> "list[tuple[Path, pd.DataFrame]]":
    """Return the table of tools' keys to write beside the records, where it has grown."""
    from peerreview.screening import finding
    from peerreview.tables import reading

    before = reading.read_optional(review.path(tables.KEYS), tables.KEYS)
    grown = finding.merged(before, now)
    if len(grown) == len(before):
        return []
    return [(review.path(tables.KEYS), grown)]


def _keep_former(output: Path, votes: "pd.DataFrame", kept: "Mapping[str, str]") -> None:
    """Refuse to drop votes that stand in the output, and tell which say otherwise now."""
    from peerreview.tables import reading

    if not output.is_file() or not output.stat().st_size:
        return

    def said(table: "pd.DataFrame") -> dict[tuple[str, str, str], set[str]]:
        found: dict[tuple[str, str, str], set[str]] = {}
        columns = (table[name] for name in ("record_id", "reviewer", "stage", "decision"))
        for record_id, reviewer, stage, decision in zip(*columns, strict=True):
            found.setdefault((kept.get(record_id, record_id), reviewer, stage), set()).add(decision)
        return found

    before, now = said(reading.read(output, tables.VOTES)), said(votes)
    n_lost = len(before.keys() - now.keys())
    if n_lost:
        message = (
            f"holds {tables.counted(n_lost, 'vote that is', 'votes that are')} not in this export; "
            "name another file with -o, or --replace"
        )
        raise InputError(message, path=output)
    n_changed = sum(not decisions <= now[vote] for vote, decisions in before.items())
    if n_changed:
        console.remark(
            f"{output}: {n_changed:,} of the votes there said otherwise; "
            "agreement is of first votes: keep those, too, in a file with decided_at"
        )
