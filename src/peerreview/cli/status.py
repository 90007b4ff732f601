"""The command ``status``: what is done and left, what is stale or odd, and what to do next."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import read_appraisals, read_coding, read_retractions
from peerreview.cli.options import Protocol, Quiet
from peerreview.cli.outputs import as_json as to_json
from peerreview.cli.outputs import tell
from peerreview.errors import PeerreviewError, UnfinishedError, UsageError
from peerreview.review import NOTICES, VOTES, name_of
from peerreview.tables.once import keeping_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from peerreview.cli.remaking import Remade
    from peerreview.paper.standing import Output, Part, Standing

T = TypeVar("T")


@keeping_tables()
def status(
    folder: Annotated[Path, typer.Argument(help="The review's folder.")] = Path(),
    protocol: Protocol = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Print nothing; exit 3 if unfinished.")] = False,
    quiet: Quiet = False,
) -> None:
    """Tell what is done, left, stale and odd, and what is next."""
    from peerreview.cli.remaking import remake
    from peerreview.paper import standing as stage
    from peerreview.review import Review

    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name the review's")
    review = Review(folder)
    plan = review.protocol(protocol)
    with console.working("making the outputs again, to compare"):
        made = remake(review, plan)
        parts = tuple(_tried(made, _duplicates, _screening, _studies, _appraisal, _themes, _retractions))
        odd = [*_tried(made, _odd_exports, _odd_searches, _odd_votes), *made.odd]
        blocked = {each.why for each in made.outputs}
        odd = [said for said in dict.fromkeys(odd) if said not in blocked]
        found = stage.Standing(parts, tuple(made.outputs), tuple(odd))
        found = replace(found, next_step=_next(found, made))
    tell(review)
    if as_json:
        typer.echo(to_json(stage.to_json(found)), nl=False)
    elif not check:
        _show(found)
    if check and not found.is_finished:
        raise UnfinishedError(f"the review is not finished: {found.still_open}")


def _tried(made: "Remade", *tellers: "Callable[[Remade], Iterable[T]]") -> "Iterator[T]":
    """Yield what each tells; a table that cannot be read is told as odd, and the others tell theirs."""
    for tell_of in tellers:
        try:
            yield from tell_of(made)
        except PeerreviewError as error:
            made.odd.append(str(error).partition("\n")[0])


def _duplicates(made: "Remade") -> "Iterator[Part]":
    from peerreview.paper import standing as stage

    if made.has(tables.UNIQUE):
        yield stage.of_duplicates(made.frame(tables.DUPLICATES), made.frame(tables.OVERRIDE))


def _screening(made: "Remade") -> "Iterator[Part]":
    from peerreview.paper import standing as stage

    if made.settled is not None:
        assigned = made.frame(tables.ASSIGNMENTS) if made.review.has(tables.ASSIGNMENTS) else None
        yield from stage.of_screening(made.settled, made.plan.votes_required, assigned)


def _studies(made: "Remade") -> "Iterator[Part]":
    from peerreview.paper import standing as stage

    if made.flow is not None:
        studies = made.frame(tables.STUDIES)
        if len(studies) or made.flow.n("included"):
            yield stage.of_studies(made.flow, studies)


def _appraisal(made: "Remade") -> "Iterator[Part]":
    from peerreview.paper import standing as stage

    if len(made.frame(tables.STUDIES)) and made.review.has(tables.APPRAISAL):
        found = read_appraisals(made.review, made.plan)
        yield stage.of_appraisal([study for each in found for study in each.appraised])


def _themes(made: "Remade") -> "Iterator[Part]":
    from peerreview.paper import standing as stage

    if len(made.frame(tables.STUDIES)) and made.review.has(tables.THEMES):
        yield stage.of_themes(read_coding(made.review))


def _retractions(made: "Remade") -> "Iterator[Part]":
    from peerreview.paper import standing as stage

    if made.review.has(NOTICES):
        yield stage.of_retractions(read_retractions(made.review).works)


def _odd_exports(made: "Remade") -> "Iterator[str]":
    """Yield what is missing or out of place among the exports."""
    from peerreview.cli.remaking import exports_of
    from peerreview.paper.standing import odd_searches

    imported = sorted(set(made.frame(tables.RECORDS)["source_file"]) - {""})
    there = exports_of(made)
    if made.review.has(tables.SOURCES) or there:
        yield from odd_searches(made.frame(tables.SOURCES), there, imported)


def _odd_votes(made: "Remade") -> "Iterator[str]":
    """Yield what lies among the votes and is not read."""
    folder = made.folder / VOTES
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if not path.name.startswith(".") and path.suffix.lower() not in (".csv", ".md"):
            yield f"{VOTES / path.name} is not read: votes are .csv; peerreview decisions makes votes of it"


def _odd_searches(made: "Remade") -> "Iterator[str]":
    """Yield the saved searches that cannot be read, or whose numbers contradict what there is."""
    from peerreview.cli.searching import files_of, read_searches

    for path in files_of(made.review):
        try:
            found = read_searches(
                made.review, [path], made.frame(tables.SOURCES), made.frame(tables.RECORDS), told=False
            )
        except PeerreviewError as error:
            yield str(error)
        else:
            from peerreview.paper.searching import odd

            yield from odd(found.checked)


def _next(found: "Standing", made: "Remade") -> str:
    """Return the next command, or what people have to do first; blank where nothing is left."""
    from peerreview.paper import STAGES

    of_table = {name_of(table): table.name for table in (tables.RECORDS, tables.UNIQUE, tables.SCREENING)}
    states = {of_table.get(each.file, each.file): each for each in found.stale}
    parts = {part.name: part for part in found.parts}
    blocked = next((each for each in found.stale if each.state == "blocked"), None)
    if blocked is not None:
        return f"mend what stops {blocked.command or 'it'}: {blocked.why}"
    if not made.has(tables.RECORDS):
        return "put the exports into exports/, list them in sources.csv, then peerreview import exports/*"
    conflicts, possible = name_of(tables.CONFLICTS), name_of(tables.POSSIBLE)
    open_pairs = parts.get("Possible duplicates")
    steps = [
        ("records" in states, "peerreview import exports/*"),
        (
            any(said.startswith(possible) for said in found.odd),
            f"peerreview dedupe --resolve {possible}",
        ),
        (_any(states, "unique", name_of(tables.DUPLICATES), possible), "peerreview dedupe"),
        (bool(open_pairs and open_pairs.left), "peerreview dedupe --review"),
        (any(said.startswith(conflicts) for said in found.odd), f"peerreview screen --resolve {conflicts}"),
        (_any(states, "screening", conflicts), "peerreview screen"),
        (
            any(parts[name].conflicts for name in STAGES.values() if name in parts),
            f"fill in {conflicts}, then peerreview screen --resolve {conflicts}",
        ),
    ]
    for is_due, command in steps:
        if is_due:
            return command
    for stage, name in STAGES.items():
        part = parts.get(name)
        if part and part.left:
            who = part.awaited[0].reviewer if part.awaited else "NAME"
            return f"peerreview screen --form {who!r} --stage {stage} -o form.xlsx, for each who is awaited"
    if (part := parts.get("Reports and studies")) and part.left:
        return f"add the included reports to {name_of(tables.REPORTS)} and {name_of(tables.STUDIES)}"
    for name, table in (("Appraisal", tables.APPRAISAL), ("Themes", tables.THEMES)):
        if (part := parts.get(name)) and (part.left or part.conflicts):
            return f"go on with {name_of(table)}"
    if (part := parts.get("Retractions")) and part.left:
        return f"decide on the works in doubt, in {name_of(tables.RETRACTIONS)}"
    if found.stale:
        first = found.stale[0]
        return f"make, or peerreview {first.command} -o {first.file}"
    return f"see to this: {found.odd[0]}" if found.odd else ""


def _any(states: "dict[str, Output]", *names: str) -> bool:
    return any(name in states for name in names)


def _show(found: "Standing") -> None:
    """Print where the review stands: a table, then what is stale, odd and next."""
    from rich.console import Console
    from rich.table import Table

    from peerreview.paper.standing import to_lines

    page = Console(markup=False, emoji=False, highlight=False)
    if found.parts:
        table = Table()
        table.add_column("")
        for name in ("of", "done", "left", "conflicts"):
            table.add_column(name, justify="right")
        table.add_column("awaited")
        for part in found.parts:
            who = ", ".join(f"{console.shown(each.reviewer)} {each.n:,}" for each in part.awaited)
            one = "study" if part.unit == "studies" else part.unit.removesuffix("s")
            numbers = (
                tables.counted(part.n, one, part.unit),
                f"{part.done:,}",
                f"{part.left:,}",
                f"{part.conflicts:,}",
            )
            table.add_row(part.name, *numbers, who)
        page.print(table)
    for line in to_lines(found):
        page.print(console.shown(line), soft_wrap=True)
