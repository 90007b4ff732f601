"""The command ``screen``: votes to outcomes."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Output, Protocol, Quiet
from peerreview.errors import InputError, UnfinishedError

DEFAULT = Path("screening.csv")
FOLDER = Path("decisions")


def decision_files(named: list[Path] | None) -> list[Path]:
    """Return the files named, else those of the folder ``decisions``, sorted; tell which."""
    if named:
        return named
    found = sorted(FOLDER.glob("*.csv"))
    if not found:
        raise InputError("no decisions; name the files, or put them there", path=f"{FOLDER}/*.csv")
    console.remark(f"read {len(found)} files: {', '.join(str(path) for path in found)}")
    return found


def screen(
    unique: Annotated[Path, typer.Argument(help="Records to screen.")] = Path("unique.csv"),
    decisions: Annotated[
        list[Path] | None,
        typer.Argument(help="Votes; decisions/*.csv where none are named.", show_default=False),
    ] = None,
    output: Output = DEFAULT,
    duplicates: Annotated[
        Path | None,
        typer.Option("--duplicates", help="Pairs judged by dedupe.", show_default="beside the records"),
    ] = None,
    protocol_file: Protocol = Path("peerreview.toml"),
    resolve: Annotated[
        Path | None, typer.Option("--resolve", help="A filled conflicts.csv, to resolutions.csv.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 3 if unfinished.")] = False,
    quiet: Quiet = False,
) -> None:
    """Settle reviewers' votes, and list conflicts."""
    from peerreview import files, protocol, screening, tables

    plan = protocol.read(protocol_file)
    paths = decision_files(decisions)
    beside = duplicates or unique.with_name("duplicates.csv")
    conflicts_file = output.with_name("conflicts.csv")
    contents = {}
    with files.lines_for_rows(), console.working("settling votes"):
        records = files.read(unique, tables.UNIQUE)
        if duplicates or beside.exists():
            pairs = files.read(beside, tables.DUPLICATES)
            console.remark(f"read {beside}")
        else:
            pairs = tables.empty(tables.DUPLICATES)
        if resolve:
            resolutions_file = paths[0].with_name("resolutions.csv")
            before = files.read_optional(resolutions_file, tables.VOTES)
            others = [path for path in paths if path.resolve() != resolutions_file.resolve()]
            votes = screening.append(files.read_all(others, tables.VOTES), before, resolutions_file)
            answered = screening.resolve(files.read(resolve, tables.CONFLICTS), votes, reasons=plan.reasons)
            contents[resolutions_file] = screening.append(before, answered.votes, resolutions_file)
            votes = screening.append(votes, answered.votes, resolutions_file)
            for remark in answered.remarks:
                console.remark(remark)
            console.remark(f"{len(answered.votes):,} answers go to {resolutions_file}")
        else:
            votes = files.read_all(paths, tables.VOTES)
        settled = screening.settle(
            records, votes, duplicates=pairs, votes_required=plan.votes_required, reasons=plan.reasons
        )
        screening.check_read(files.read_optional(conflicts_file, tables.CONFLICTS), votes)
    for remark in settled.remarks:
        console.remark(remark)
    if check:
        if settled.n_open:
            raise UnfinishedError(f"{settled.n_open:,} records wait for votes or a resolution")
        return
    files.write_all(contents | {conflicts_file: settled.conflicts, output: settled.screening})
