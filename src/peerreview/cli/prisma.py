"""Count, prove and draw the PRISMA 2020 flow."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Protocol, Quiet
from peerreview.errors import InputError, InputErrors, UnfinishedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from peerreview.diagram import Diagram
    from peerreview.flow import Flow
    from peerreview.identities import Verdict
    from peerreview.labels import Labels
    from peerreview.tables import Table

SUFFIXES = (".svg", ".dot", ".json", ".csv")


def prisma(
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help=f"File to write, or several: {', '.join(SUFFIXES)}."),
    ] = None,
    records: Annotated[Path, typer.Option(help="Records of all exports.")] = Path("records.csv"),
    duplicates: Annotated[Path | None, typer.Option(help="Pairs judged; duplicates.csv if there.")] = None,
    screening: Annotated[Path | None, typer.Option(help="Outcomes; screening.csv if there.")] = None,
    reports: Annotated[Path | None, typer.Option(help="Reports of studies; reports.csv if there.")] = None,
    studies: Annotated[Path | None, typer.Option(help="Included studies; studies.csv if there.")] = None,
    sources: Annotated[Path | None, typer.Option(help="Searches; sources.csv if there.")] = None,
    protocol: Protocol = Path("peerreview.toml"),
    previous: Annotated[
        Path | None, typer.Option(help="The last version's flow.json: draw an update.")
    ] = None,
    flow: Annotated[Path | None, typer.Option(help="Typed numbers instead: TOML, JSON or CSV.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Print each identity; write nothing.")] = False,
    allow_inconsistent: Annotated[
        bool, typer.Option("--allow-inconsistent", help="Draw and stamp a flow that does not add up.")
    ] = False,
    labels: Annotated[str, typer.Option(help="Language (de, es, fr), or a file of labels.")] = "en",
    caption: Annotated[str, typer.Option(help="A line under the figure.")] = "",
    title: Annotated[str, typer.Option(help="The figure's title for screen readers.")] = "",
    header_totals: Annotated[bool, typer.Option("--header-totals", help="Total above the reasons.")] = False,
    title_reasons: Annotated[
        bool, typer.Option("--title-reasons", help="Reasons at title/abstract.")
    ] = False,
    per_source: Annotated[bool, typer.Option(help="Records per database and register.")] = True,
    quiet: Quiet = False,
) -> None:
    """Count, prove and draw the PRISMA 2020 flow."""
    from peerreview import diagram, exchange, identities
    from peerreview import files as files_
    from peerreview import labels as labels_

    outputs = output or [Path("prisma.svg")]
    for path in outputs:
        if _suffix(path) not in SUFFIXES:
            raise UsageError(f"{path}: not one of {', '.join(SUFFIXES)}")
    wording = labels_.read(labels)
    with console.working("counting the flow"):
        if flow is not None:
            counted = _read_flow(flow)
        else:
            counted = _derive(
                records=records,
                duplicates=duplicates,
                screening=screening,
                reports=reports,
                studies=studies,
                sources=sources,
                protocol=protocol,
                previous=previous,
            )
        verdicts = identities.check(counted)
    for said in counted.remarks:
        console.remark(said)
    if check:
        typer.echo("\n".join(map(str, verdicts)))
        _judge(counted, verdicts, flow)
        return
    failing = identities.fails(verdicts)
    if failing and not allow_inconsistent:
        raise _inconsistent(failing, flow)
    for verdict in identities.fails(verdicts, "warning"):
        console.remark(f"{verdict}")
    if counted.n_awaiting:
        console.remark(
            f"the review is not finished: {counted.n_awaiting:,} await a decision; stamped as a draft"
        )
    style = diagram.Style(header_totals=header_totals, reasons_at_title=title_reasons, per_source=per_source)
    figure = diagram.lay_out(
        counted,
        wording,
        style,
        caption=caption,
        title=title,
        failing=list(dict.fromkeys(verdict.id for verdict in failing)),
    )
    if any(_suffix(path) == ".csv" for path in outputs):
        for key in exchange.not_drawn_by_r(counted):
            console.remark(f"{key} has no row in PRISMA2020's template; it follows under its own name")
    with console.working("drawing the flow"):
        # The first output is the one that a Makefile names.
        contents = {
            path: _write(_suffix(path), figure, counted, verdicts, wording) for path in reversed(outputs)
        }
        files_.write_all(contents)


def _suffix(path: Path) -> str:
    return ".svg" if str(path) == "-" else path.suffix.lower()


def _write(
    suffix: str, figure: "Diagram", flow: "Flow", verdicts: list["Verdict"], labels: "Labels"
) -> str | bytes:
    from peerreview import exchange, render

    writers: dict[str, Callable[[], str | bytes]] = {
        ".svg": lambda: render.svg(figure),
        ".dot": lambda: render.dot(figure),
        ".json": lambda: exchange.to_json(flow, verdicts, labels),
        ".csv": lambda: exchange.to_r(flow, labels),
    }
    return writers[suffix]()


def _read_flow(path: Path) -> "Flow":
    from peerreview import exchange, files

    try:
        return exchange.read(files.read_text(path), path.suffix.lower())
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error


def _derive(*, records: Path, protocol: Path, previous: Path | None, **others: Path | None) -> "Flow":
    from dataclasses import replace

    from peerreview import files, tables
    from peerreview import flow as flow_
    from peerreview import protocol as protocol_

    rules = {
        "duplicates": tables.DUPLICATES,
        "screening": tables.SCREENING,
        "reports": tables.REPORTS,
        "studies": tables.STUDIES,
        "sources": tables.SOURCES,
    }
    hashes = {}
    read: dict[str, pd.DataFrame | None] = {}
    for name, table in {"records": tables.RECORDS, **rules}.items():
        path = records if name == "records" else others[name] or Path(f"{name}.csv")
        if name != "records" and others[name] is None and not path.exists():
            read[name] = None
            continue
        read[name] = files.read(path, table)
        hashes[name] = files.digest(path)
    there = [f"{name}.csv" for name in rules if read[name] is not None]
    console.remark(f"read records.csv{''.join(f', {name}' for name in there)}")
    counted = flow_.derive(
        _or_empty(read["records"], tables.RECORDS),
        _or_empty(read["duplicates"], tables.DUPLICATES),
        _or_empty(read["screening"], tables.SCREENING),
        reports=read["reports"],
        studies=read["studies"],
        sources=read["sources"],
        previous=None if previous is None else _read_flow(previous),
        reasons=protocol_.read(protocol).reasons,
    )
    return replace(counted, inputs=hashes)


def _or_empty(table: "pd.DataFrame | None", rules: "Table") -> "pd.DataFrame":
    from peerreview import tables

    return tables.empty(rules) if table is None else table


def _inconsistent(failing: list["Verdict"], flow: Path | None) -> InputErrors:
    return InputErrors([InputError(str(verdict), path=flow or "") for verdict in failing])


def _judge(flow: "Flow", verdicts: list["Verdict"], path: Path | None) -> None:
    from peerreview import identities

    failing = identities.fails(verdicts)
    if failing:
        raise _inconsistent(failing, path)
    if flow.n_awaiting:
        raise UnfinishedError(f"the review is not finished: {flow.n_awaiting:,} await a decision")
