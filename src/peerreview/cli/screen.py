"""The command ``screen``: votes to outcomes."""

import shlex
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peerreview.cli import console
from peerreview.cli.inputs import FOLDER, decision_files, read_duplicates
from peerreview.cli.options import Decisions, Output, Protocol, Quiet
from peerreview.cli.outputs import beside, check_table, keep_apart
from peerreview.errors import InputError, UnfinishedError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.protocol import Protocol as Plan
    from peerreview.screening.outcomes import Settled


class ReviewedStage(StrEnum):
    """Stages that reviewers vote at."""

    title_abstract = "title_abstract"
    full_text = "full_text"


DEFAULT = Path("screening.csv")


def screen(
    unique: Annotated[Path, typer.Argument(help="Records to screen.")] = Path("unique.csv"),
    decisions: Decisions = None,
    output: Output = DEFAULT,
    duplicates: Annotated[
        Path | None,
        typer.Option("--duplicates", help="Pairs judged by dedupe.", show_default="beside the records"),
    ] = None,
    protocol_file: Protocol = Path("peerreview.toml"),
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
    from peerreview import protocol, tables
    from peerreview.screening import outcomes as screening
    from peerreview.screening import resolutions
    from peerreview.tables import reading, writing

    if sum((bool(resolve), check, status, bool(form))) > 1:
        message = "--resolve, --check, --status and --form are one at a time"
        raise UsageError(message)
    if (form and output.suffix not in (".csv", ".xlsx")) or (form and output == DEFAULT):
        message = "--form needs -o FILE.csv or FILE.xlsx for the reviewer"
        raise UsageError(message)
    if status and output not in (DEFAULT, reading.STREAM) and output.suffix != ".json":
        raise UsageError(f"{output}: --status is written as .json; name such a file")
    if not status and not form:
        check_table(output)
    plan = protocol.read(protocol_file)
    paths = decision_files(decisions, may_be_none=bool(form) or status or check)
    keep_apart(output, unique, *paths, duplicates, unique.with_name("duplicates.csv"), resolve)
    if output.parent == FOLDER and not form:
        raise UsageError(f"{output}: {FOLDER}/ holds votes, and this is none; name a file elsewhere with -o")
    conflicts_file = beside(output, "conflicts.csv")
    contents = {}
    with reading.lines_for_rows(), console.working("settling votes"):
        records = reading.read(unique, tables.UNIQUE)
        pairs = read_duplicates(duplicates, unique.with_name("duplicates.csv"))
        if resolve:
            resolutions_file = paths[0].with_name("resolutions.csv")
            before = reading.read_optional(resolutions_file, tables.VOTES)
            others = [path for path in paths if path.resolve() != resolutions_file.resolve()]
            votes = resolutions.append(reading.read_all(others, tables.VOTES), before, resolutions_file)
            answered = resolutions.resolve(
                reading.read(resolve, tables.CONFLICTS), votes, reasons=plan.reasons
            )
            contents[resolutions_file] = resolutions.append(before, answered.votes, resolutions_file)
            votes = resolutions.append(votes, answered.votes, resolutions_file)
            for remark in answered.remarks:
                console.remark(remark)
        else:
            votes = reading.read_all(paths, tables.VOTES)
        settled = screening.settle(
            records, votes, duplicates=pairs, votes_required=plan.votes_required, reasons=plan.reasons
        )
        if status or form:
            written = (
                _status(settled, plan, output, as_json)
                if status
                else _form(settled, records, plan, form, stage, seed, output)
            )
            writing.write_all(written)
            return
        resolutions.check_read(reading.read_optional(conflicts_file, tables.CONFLICTS), votes)
    for remark in settled.remarks:
        console.remark(remark)
    if check:
        if settled.n_open:
            wait = "record waits" if settled.n_open == 1 else "records wait"
            raise UnfinishedError(f"{settled.n_open:,} {wait} for votes or a resolution")
        return
    writing.write_all(contents | {conflicts_file: settled.conflicts, output: settled.screening})
    if resolve:
        console.remark(f"{len(answered.votes):,} answers went to {resolutions_file}")


def _status(settled: "Settled", plan: "Plan", output: Path, as_json: bool) -> dict[Path, str]:
    from peerreview.cli.outputs import as_json as to_json
    from peerreview.screening import progress

    found = progress.status(settled, plan.votes_required)
    if output.suffix == ".json":
        return {output: to_json(found)}
    if as_json:
        return {Path("-"): to_json(found)}
    _show(found)
    return {}


def _form(
    settled: "Settled",
    records: "pd.DataFrame",
    plan: "Plan",
    reviewer: str,
    stage: str,
    seed: int | None,
    output: Path,
) -> dict[Path, Any]:
    from peerreview.render.excel import form as fill_in
    from peerreview.screening import outcomes as screening
    from peerreview.screening import progress
    from peerreview.values.folding import same

    names = sorted({name for people in settled.people.values() for _, name in people})
    alike = [name for name in names if same(name) == same(reviewer)]
    if alike and reviewer not in alike:
        raise UsageError(
            f"--form {reviewer!r}: the votes are by {alike[0]!r}; write the name as it stands there"
        )
    cells = progress.form(
        settled, records, reviewer=reviewer, stage=str(stage), votes_required=plan.votes_required, seed=seed
    )
    _keep_filled(output, settled)
    console.remark(f"{len(cells):,} records are left for {reviewer} at {stage}")
    if len(cells):
        votes = str(FOLDER / f"{output.stem}.csv")
        command = shlex.join(["peerreview", "decisions", str(output), "-o", votes])
        console.remark(f"once filled in, even in part: {command}")
    from peerreview.tables import writing

    if output.suffix == ".csv":
        return {output: writing.for_people(cells)}
    allowed = {"decision": screening.LEGAL[stage]}
    if plan.reasons:
        allowed["reason"] = plan.reasons
    return {output: fill_in(cells, allowed)}


def _keep_filled(form: Path, settled: "Settled") -> None:
    """Refuse to write over a form with votes that no decisions file holds yet."""
    from peerreview.imports import formats
    from peerreview.screening.screeners import Export, cell
    from peerreview.tables import reading

    if not form.is_file():
        return
    _, rows = Export(str(form), formats.decode(reading.read_bytes(form)).text).table
    n_votes = sum(
        bool(cell(row, "decision"))
        and ("reviewer", cell(row, "reviewer"))
        not in settled.people.get((cell(row, "record_id"), cell(row, "stage")), {})
        for _, row in rows
    )
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
