"""The command ``screen``: votes to outcomes."""

import shlex
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.options import Decisions, Duplicates, Output, Protocol, Quiet, a_table
from peerreview.cli.outputs import beside, check_table, put, tell
from peerreview.errors import InputError, UnfinishedError, UsageError
from peerreview.review import RESOLUTIONS, VOTES, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.review import Protocol as Plan
    from peerreview.review import Review
    from peerreview.screening.outcomes import Settled


class ReviewedStage(StrEnum):
    """Stages that reviewers vote at."""

    title_abstract = "title_abstract"
    full_text = "full_text"


DEFAULT = Path(name_of(tables.SCREENING))


def screen(
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
    as_json: Annotated[bool, typer.Option("--json", help="With --status: print JSON.")] = False,
    form: Annotated[
        str,
        typer.Option(
            "--form",
            help="Write the records left for this reviewer, to -o FILE.csv or .xlsx.",
            metavar="REVIEWER",
        ),
    ] = "",
    stage: Annotated[
        ReviewedStage, typer.Option("--stage", help="With --form: the stage.")
    ] = ReviewedStage.title_abstract,
    seed: Annotated[
        int | None,
        typer.Option("--seed", help="With --form: seed of the shuffle.", show_default="the reviewer's own"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Settle reviewers' votes, and list conflicts."""
    from peerreview.review import Review
    from peerreview.screening import outcomes
    from peerreview.tables import writing

    _check_options(resolve=resolve, check=check, status=status, form=form, output=output)
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
    with console.working("settling votes"):
        records = review.read(tables.UNIQUE, unique)
        pairs = review.read_optional(
            tables.DUPLICATES, duplicates, without="votes on duplicates are not brought together"
        )
        if resolve:
            answered = _resolve(resolve, paths, plan, review)
            votes = answered.votes
        else:
            votes = review.read_votes(paths)
        settled = outcomes.settle(
            records,
            votes,
            duplicates=pairs,
            votes_required=plan.votes_required,
            reasons=plan.reasons,
            reviewers=plan.reviewers,
        )
        if status:
            _write_status(review, settled, plan, output, as_json)
            return
        if form:
            _write_form(review, settled, records, plan, form, stage, seed, output)
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
    review.remark(f"{answered.n_new:,} answers went to {answered.file}")
    put(review, [(answered.file, answered.content), *outputs], grown=[answered.file, conflicts_file])


def _check_options(*, resolve: Path | None, check: bool, status: bool, form: str, output: Path) -> None:
    from peerreview.tables import STREAM

    if sum((bool(resolve), check, status, bool(form))) > 1:
        message = "--resolve, --check, --status and --form are one at a time"
        raise UsageError(message)
    if (form and output.suffix not in (".csv", ".xlsx")) or (form and output == DEFAULT):
        message = "--form needs -o FILE.csv or FILE.xlsx for the reviewer"
        raise UsageError(message)
    if status and output not in (DEFAULT, STREAM) and output.suffix != ".json":
        raise UsageError(f"{output}: --status is written as .json; name such a file")
    if not status and not form:
        check_table(output)


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

    file = paths[0].with_name(RESOLUTIONS)
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


def _check_answers(conflicts_file: Path, votes: "pd.DataFrame") -> None:
    """Refuse to write over conflicts that people have answered and not yet handed in."""
    from peerreview.screening import resolutions
    from peerreview.tables import reading

    resolutions.check_read(reading.read_optional(conflicts_file, tables.CONFLICTS), votes)


def _write_status(review: "Review", settled: "Settled", plan: "Plan", output: Path, as_json: bool) -> None:
    from peerreview.cli.outputs import as_json as to_json
    from peerreview.screening import progress

    found = progress.status(settled, plan.votes_required, shown=settled.shown)
    if output.suffix == ".json":
        put(review, [(output, to_json(found))])
    elif as_json:
        put(review, [(Path("-"), to_json(found))])
    else:
        tell(review)
        _show(found)


def _write_form(
    review: "Review",
    settled: "Settled",
    records: "pd.DataFrame",
    plan: "Plan",
    reviewer: str,
    stage: str,
    seed: int | None,
    output: Path,
) -> None:
    from peerreview.render.excel import form as fill_in
    from peerreview.screening import checks, people, progress
    from peerreview.tables import writing

    reviewer = people.name_of(reviewer, plan.reviewers, settled.shown)
    alike = progress.names_like(settled, reviewer)
    if alike and reviewer not in alike:
        raise UsageError(
            f"--form {reviewer!r}: the votes are by {alike[0]!r}; write the name as it stands there"
        )
    cells = progress.form(
        settled, records, reviewer=reviewer, stage=str(stage), votes_required=plan.votes_required, seed=seed
    )
    _keep_filled(output, settled, plan)
    review.remark(f"{len(cells):,} records are left for {reviewer} at {stage}")
    if len(cells):
        votes = str(VOTES / f"{output.stem}.csv")
        command = shlex.join(["peerreview", "decisions", str(output), "-o", votes])
        review.remark(f"once filled in, even in part: {command}")
    if output.suffix == ".csv":
        put(review, [(output, writing.for_people(cells))])
        return
    allowed = {"decision": checks.LEGAL[stage]}
    if plan.reasons:
        allowed["reason"] = plan.reasons
    put(review, [(output, fill_in(cells, allowed))])


def _keep_filled(form: Path, settled: "Settled", plan: "Plan") -> None:
    """Refuse to write over a form with votes that no decisions file holds yet."""
    from peerreview.imports import formats
    from peerreview.screening.people import name_of
    from peerreview.screening.screeners import Export, cell
    from peerreview.tables import reading
    from peerreview.tables.writing import as_meant

    if not form.is_file():
        return
    _, rows = Export(str(form), formats.decode(reading.read_bytes(form)).text).table
    n_votes = 0
    for _, row in rows:
        name = name_of(as_meant(cell(row, "reviewer")), plan.reviewers, settled.shown)
        place = as_meant(cell(row, "record_id")), cell(row, "stage")
        n_votes += bool(cell(row, "decision")) and ("reviewer", name) not in settled.ballots.of(*place)
    if n_votes:
        message = f"holds {n_votes:,} votes that no decisions file has; run decisions on it, or name another"
        raise InputError(message, path=form)


def _show(found: dict[str, Any]) -> None:
    """Print the status as tables; stdout carries nothing else."""
    from rich.console import Console
    from rich.table import Table

    # A name may hold brackets and colons, which mean nothing here.
    shown = Console(markup=False, emoji=False)
    for stage in found["stages"]:
        outcomes = ", ".join(f"{n:,} {outcome}" for outcome, n in stage["outcomes"].items() if n)
        shown.print(f"{stage['stage']}: {stage['n_records']:,} records ({outcomes or 'none yet'})")
        table = Table()
        table.add_column("reviewer")
        for name in ("done", "left", "conflicts", "awaiting another"):
            table.add_column(name, justify="right")
        for row in stage["reviewers"]:
            numbers = (row["done"], row["left"], row["conflicts"], row["awaiting"])
            table.add_row(console.shown(row["reviewer"]), *(f"{n:,}" for n in numbers))
        shown.print(table)
        shown.print(
            f"without a vote {stage['n_without_votes']:,}; "
            f"awaiting a second vote {stage['n_awaiting_second']:,}; one vote only {stage['n_single']:,}"
        )
