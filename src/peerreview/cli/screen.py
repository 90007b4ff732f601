"""The command ``screen``: votes to outcomes."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Decisions, Duplicates, Output, Protocol, Quiet, a_table
from peerreview.cli.outputs import alone, beside, check_table, put, tell
from peerreview.errors import UnfinishedError, UsageError
from peerreview.review import RESOLUTIONS, VOTES, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.review import Protocol as Plan
    from peerreview.review import Review
    from peerreview.screening.outcomes import Settled
    from peerreview.screening.progress import Status


class ReviewedStage(StrEnum):
    """Stages that there are forms of."""

    title_abstract = "title_abstract"
    retrieval = "retrieval"
    full_text = "full_text"


class RecordOrder(StrEnum):
    """Orders in which records come to a reviewer."""

    seed = "seed"
    id = "id"
    source = "source"
    relevance = "relevance"


DEFAULT = Path(name_of(tables.SCREENING))


def screen(
    ctx: typer.Context,
    unique: Annotated[Path | None, a_table("Records to screen.", tables.UNIQUE)] = None,
    decisions: Decisions = None,
    output: Output = DEFAULT,
    duplicates: Duplicates = None,
    protocol: Protocol = None,
    resolve: Annotated[
        Path | None,
        typer.Option("--resolve", help="Take the answers in a filled conflicts.csv into resolutions.csv."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 3 if unfinished.")] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Show what is done and left; -o FILE.json writes it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --status or --stopping: print JSON.")] = False,
    form: Annotated[
        str,
        typer.Option(
            "--form",
            help="Write the records left for this reviewer, to -o FILE.xlsx, .csv or .html.",
            metavar="REVIEWER",
        ),
    ] = "",
    stage: Annotated[
        ReviewedStage | None,
        typer.Option("--stage", help="With --form or --review: the stage.", show_default="title_abstract"),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            help="With --form or --review: seed of the shuffle.",
            show_default="the protocol's, else the reviewer's own",
        ),
    ] = None,
    order: Annotated[
        RecordOrder | None,
        typer.Option(
            "--order",
            show_default="the protocol's, else seed",
            help="With --form or --review: in which order. relevance, which needs scikit-learn, learns from "
            "this reviewer's own votes and decides nothing; a report names it as an automation tool.",
        ),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(
            "--sample",
            help="With --form or --review: a pilot's records, the same for all.",
            show_default="all",
        ),
    ] = None,
    share: Annotated[
        str,
        typer.Option("--share", help="With --form: who share the records, as in '1/3 of ana,ben,cy'."),
    ] = "",
    at_keyboard: Annotated[
        bool, typer.Option("--review", help="Judge record by record in the terminal; needs --as.")
    ] = False,
    name: Annotated[
        str,
        typer.Option(
            "--as", help="With --review: who judges; with --stopping: whose votes.", metavar="REVIEWER"
        ),
    ] = "",
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="With --review: settle conflicts; without --as by consensus.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="With --form and --order relevance: print each record's rank, score, and the words that "
            "spoke for it and against it.",
        ),
    ] = False,
    weighed: Annotated[
        bool,
        typer.Option(
            "--stopping",
            help="Show what each one's votes, or those of --as, say of the relevant records left: a "
            "published test of the recall reached, or that nothing can be said.",
        ),
    ] = False,
    stop: Annotated[
        bool,
        typer.Option(
            "--stop",
            help="With --stopping: set aside the records that nobody has judged, where the votes bear it; "
            "the flow counts them as marked ineligible by automation tools.",
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="With --stopping: take back what was set aside.")
    ] = False,
    recall: Annotated[
        float, typer.Option("--recall", help="With --stopping: the share of the relevant ones to be found.")
    ] = 0.95,
    confidence: Annotated[
        float, typer.Option("--confidence", help="With --stopping: how sure to be of it.")
    ] = 0.95,
    quiet: Quiet = False,
) -> None:
    """Settle reviewers' votes, and list conflicts."""
    from peerreview.cli import desk, forms, inputs, stopping
    from peerreview.review import Review
    from peerreview.tables import writing

    _check_options(
        resolve=resolve, check=check, status=status, form=form, at_keyboard=at_keyboard, weighed=weighed,
        output=output,
    )  # fmt: skip
    _check_companions(
        {
            "--share": (share, bool(form), "--form"),
            "--sample": (sample is not None, bool(form) or at_keyboard, "--form and --review"),
            "--order": (order, bool(form) or at_keyboard, "--form and --review"),
            "--explain": (explain, bool(form) and order == "relevance", "--form and --order relevance"),
            "--as": (name, at_keyboard or weighed, "--review and --stopping"),
            "--conflicts": (conflicts, at_keyboard, "--review"),
            "--stop": (stop, weighed, "--stopping"),
            "--resume": (resume, weighed, "--stopping"),
        }
    )
    wanted = desk.Wanted(name, str(stage or ""), str(order or ""), seed, sample, conflicts)
    if at_keyboard:
        desk.check(wanted, output, DEFAULT)
        desk.open_desk(unique, decisions, duplicates, protocol, wanted)
        return
    if weighed:
        asked_of = stopping.Wanted(
            name, str(stage or ""), seed, recall, confidence, stop=stop, resume=resume, as_json=as_json
        )
        stopping.check(asked_of, output, DEFAULT)
        stopping.run(unique, decisions, duplicates, protocol, asked_of, None if output == DEFAULT else output)
        return
    review = Review.around(unique)
    plan = review.protocol(protocol)
    paths = review.vote_files(decisions, may_be_none=bool(form) or status or check)
    review.keep_apart(output)
    votes_folder = paths[0].parent if paths else review.folders[0] / VOTES
    if output.parent == votes_folder and votes_folder.name == VOTES.name and not form:
        raise UsageError(
            f"{output}: {votes_folder}/ holds votes, and this is none; name a file elsewhere with -o"
        )
    conflicts_file = beside(output, name_of(tables.CONFLICTS))
    review.note_named(resolve)
    answered = None
    # Two who hand in answers, or share out records, at once: the second reads what the first has written.
    added_to = [_resolutions(paths)] if resolve else [review.path(tables.ASSIGNMENTS)] if form else []
    ctx.with_resource(alone(*added_to))
    with console.working("settling votes"):
        if resolve:
            answered = _resolve(resolve, paths, plan, review)
        votes = answered.votes if answered else review.read_votes(paths)
        records, settled = inputs.read_settled(review, plan, votes, unique, duplicates)
        if status:
            _write_status(review, settled, plan, output, as_json)
            return
        if form:
            at = str(stage or ReviewedStage.title_abstract)
            by = str(order or plan.order)
            shuffle = plan.shuffle if seed is None else seed
            asked = forms.Wanted(form, at, output, by, shuffle, sample, share, explain)
            put(
                review,
                forms.to_fill(review, settled, records, plan, asked),
                grown=[review.path(tables.ASSIGNMENTS)],
            )
            return
        _check_answers(conflicts_file, votes)
    for remark in settled.remarks:
        review.remark(remark)
    if check:
        tell(review)
        if settled.n_open:
            wait = "record waits" if settled.n_open == 1 else "records wait"
            raise UnfinishedError(f"{settled.n_open:,} {wait} for votes or a resolution")
        return
    to_settle = writing.for_people(settled.conflicts)
    outputs: list[tuple[Path, Any]] = [(conflicts_file, to_settle), (output, settled.screening)]
    if answered is None:
        put(review, outputs)
        return
    for remark in answered.remarks:
        review.remark(remark)
    review.remark(f"{tables.counted(answered.n_new, 'answer')} went to {answered.file}")
    put(review, [(answered.file, answered.content), *outputs], grown=[answered.file, conflicts_file])


def _check_options(
    *,
    resolve: Path | None,
    check: bool,
    status: bool,
    form: str,
    at_keyboard: bool,
    weighed: bool,
    output: Path,
) -> None:
    from peerreview.tables import STREAM

    if sum((bool(resolve), check, status, bool(form), at_keyboard, weighed)) > 1:
        message = "--resolve, --check, --status, --form, --review and --stopping are one at a time"
        raise UsageError(message)
    if form and (output.suffix.lower() not in (".csv", ".xlsx", ".html") or output == DEFAULT):
        message = "--form needs -o FILE.csv, .xlsx or .html for the reviewer"
        raise UsageError(message)
    if status and output not in (DEFAULT, STREAM) and output.suffix != ".json":
        raise UsageError(f"{output}: --status is written as .json; name such a file")
    if not status and not form and not weighed:
        check_table(output)


def _check_companions(given: "Mapping[str, tuple[object, bool, str]]") -> None:
    """Refuse options, by name, that are given without any of those that they go with."""
    for option, (is_given, has_companion, companions) in given.items():
        if is_given and not has_companion:
            raise UsageError(f"{option} goes with {companions}")


@dataclass(frozen=True)
class _Answered:
    """The votes with what a filled conflicts.csv settles, and the file of resolutions as it is to be."""

    votes: "pd.DataFrame"
    file: Path
    content: Any
    n_new: int
    remarks: "Sequence[str]"


def _resolve(answers: Path, paths: "Sequence[Path]", plan: "Plan", review: "Review") -> _Answered:
    """Return the votes with what people answered in a filled conflicts.csv."""
    from peerreview.screening import resolutions
    from peerreview.tables import writing

    file = _resolutions(paths)
    others = [path for path in paths if path.resolve() != file.resolve()]
    votes = review.read_votes([*others, file] if file.exists() else others)
    found = resolutions.resolve(
        review.read(tables.CONFLICTS, answers), votes, reasons=plan.reasons, reviewers=plan.reviewers
    )
    return _Answered(
        resolutions.append(votes, found.votes),
        file,
        writing.appended(file, found.votes, tables.VOTES),
        len(found.votes),
        found.remarks,
    )


def _resolutions(paths: "Sequence[Path]") -> Path:
    return paths[0].with_name(RESOLUTIONS)


def _check_answers(conflicts_file: Path, votes: "pd.DataFrame") -> None:
    """Refuse to write over conflicts that people have answered and not yet handed in."""
    from peerreview.screening import resolutions
    from peerreview.tables import reading

    resolutions.check_read(reading.read_optional(conflicts_file, tables.CONFLICTS), votes)


def _write_status(review: "Review", settled: "Settled", plan: "Plan", output: Path, as_json: bool) -> None:
    from peerreview.cli.outputs import as_json as to_json
    from peerreview.screening import progress

    found = progress.status(
        settled,
        plan.votes_required,
        shown=settled.shown,
        assignments=review.read_optional(tables.ASSIGNMENTS),
    )
    if output.suffix == ".json":
        put(review, [(output, to_json(found.to_json()))])
    elif as_json:
        put(review, [(Path("-"), to_json(found.to_json()))])
    else:
        tell(review)
        _show(found)


def _show(found: "Status") -> None:
    """Print the status as tables; stdout carries nothing else."""
    from rich.console import Console
    from rich.table import Table

    # A name may hold brackets and colons, which mean nothing here.
    shown = Console(markup=False, emoji=False)
    for stage in found.stages:
        outcomes = ", ".join(f"{n:,} {outcome}" for outcome, n in stage.outcomes.items() if n)
        shown.print(f"{stage.stage}: {tables.counted(stage.n_records, 'record')} ({outcomes or 'none yet'})")
        table = Table()
        table.add_column("reviewer")
        for name in ("done", "left", "conflicts", "awaiting another"):
            table.add_column(name, justify="right")
        for row in stage.reviewers:
            numbers = (row.done, row.left, row.conflicts, row.awaiting)
            table.add_row(console.shown(row.reviewer), *(f"{n:,}" for n in numbers))
        shown.print(table)
        shown.print(
            f"without a vote {stage.n_without_votes:,}; "
            f"awaiting a second vote {stage.n_awaiting_second:,}; one vote only {stage.n_single:,}"
        )
