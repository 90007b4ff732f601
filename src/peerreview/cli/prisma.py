"""The command ``prisma``: tables to the PRISMA 2020 flow, counted, proven and drawn."""

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Protocol, Quiet
from peerreview.cli.outputs import keep_apart
from peerreview.errors import InputError, InputErrors, UnfinishedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.flow.labels import Labels
    from peerreview.paper.figures import Style

    Tables = tuple[pd.DataFrame, pd.DataFrame]

SUFFIXES = (".svg", ".html", ".pdf", ".png", ".dot", ".md", ".json", ".csv")
GRAPHVIZ_SUFFIXES = (".eps", ".ps", ".gif", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")


def prisma(
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help=f"Files to write: {', '.join(SUFFIXES)}; prisma.svg if none."),
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
    check: Annotated[
        bool, typer.Option("--check", help="Say whether each sum holds; write nothing.")
    ] = False,
    allow_inconsistent: Annotated[
        bool, typer.Option("--allow-inconsistent", help="Draw and stamp a flow that does not add up.")
    ] = False,
    diff: Annotated[
        tuple[Path, Path] | None, typer.Option(help="Two flow.json: what changed from one to the other.")
    ] = None,
    labels: Annotated[str, typer.Option(help="Language (de, es, fr), or a file of labels.")] = "en",
    caption: Annotated[str, typer.Option(help="A line under the figure.")] = "",
    title: Annotated[str, typer.Option(help="The figure's title for screen readers.")] = "",
    header_totals: Annotated[
        bool, typer.Option("--header-totals", help="Print the total above the reasons.")
    ] = False,
    title_reasons: Annotated[
        bool, typer.Option("--title-reasons", help="Print the reasons at title/abstract.")
    ] = False,
    per_source: Annotated[bool, typer.Option(help="Print the records per database and register.")] = True,
    show_zero: Annotated[
        bool, typer.Option("--show-zero", help="Print a 0 for what was not searched, too.")
    ] = False,
    colours: Annotated[str, typer.Option(help="Colours, as in heading=#ffc125,phase=#bdd2ef.")] = "",
    font: Annotated[str, typer.Option(help="Font file, or a family's name.")] = "",
    dpi: Annotated[int, typer.Option(min=36, max=2400, help="Dots per inch of a PNG.")] = 300,
    link: Annotated[str, typer.Option(help="Where a PDF's boxes lead; the HTML file beside it.")] = "",
    quiet: Quiet = False,
) -> None:
    """Count, prove and draw the PRISMA 2020 flow."""
    from peerreview.flow import exchange, identities, readings
    from peerreview.flow import labels as labels_
    from peerreview.flow.page import list_behind
    from peerreview.paper.figures.prisma import lay_out
    from peerreview.render import dot, fonts, pdf, png, render, svg
    from peerreview.tables import writing

    if diff is not None:
        _diff(diff, output or [Path("-")], labels_.read(labels))
        return
    outputs = output or [Path("prisma.svg")]
    for path in outputs:
        if _suffix(path) not in (*SUFFIXES, *GRAPHVIZ_SUFFIXES):
            also = ", ".join(GRAPHVIZ_SUFFIXES)
            raise UsageError(f"{path}: not one of {', '.join(SUFFIXES)}; nor, with Graphviz, of {also}")
    inputs = (duplicates, screening, reports, studies, sources)
    usual = [Path(f"{name}.csv") for name in ("duplicates", "screening", "reports", "studies", "sources")]
    for path in outputs:
        keep_apart(path, records, *inputs, *usual, previous, flow)
    wording = labels_.read(labels)
    style = _style(colours, font, header_totals, title_reasons, per_source)
    with console.working("counting the flow"):
        if flow is not None:
            counted, tables_ = _read_flow(flow), None
        else:
            counted, tables_ = _derive(
                records=records,
                duplicates=duplicates,
                screening=screening,
                reports=reports,
                studies=studies,
                sources=sources,
                protocol=protocol,
                previous=previous,
                show_zero=show_zero,
            )
        verdicts = identities.check(counted)
    for said in counted.remarks:
        console.remark(said)
    failing = identities.fails(verdicts)
    if check:
        typer.echo("\n".join(console.shown(str(verdict)) for verdict in verdicts))
        found = readings.find_readings(counted) if failing and flow is not None else []
        for number, each in enumerate(found, start=1):
            typer.echo(f"reading {number} adds up: {each}")
    if failing and (check or not allow_inconsistent):
        raise InputErrors([InputError(str(verdict), path=flow or "") for verdict in failing])
    if check:
        if counted.still_open:
            raise UnfinishedError(f"the review is not finished: {'; '.join(counted.still_open)}")
        return
    for verdict in identities.fails(verdicts, "warning"):
        console.remark(str(verdict))
    if counted.still_open:
        console.remark(f"the review is not finished: {'; '.join(counted.still_open)}; stamped as a draft")
    figure = lay_out(
        counted,
        wording,
        style,
        caption=caption,
        title=title,
        failing=list(dict.fromkeys(verdict.id for verdict in failing)),
    )
    page = next((path.name for path in outputs if _suffix(path) == ".html"), "")
    pictures = any(_suffix(path) in (".png", ".pdf") for path in outputs)
    chosen = fonts.find(font) if font and pictures else {}

    def html() -> str:
        return svg.page(figure, list_behind(counted, *_lists(tables_), wording))

    def markdown() -> str:
        rows = [{"id": each.id, "says": each.says, "said": str(each)} for each in verdicts]
        notes = [text.text for text in figure.notes]
        said = {"title": figure.title, "stamp": figure.stamp, "lines": exchange.lines(counted, wording)}
        return render("prisma/flow.md", {**said, "verdicts": rows, "notes": notes})

    def r_csv() -> str:
        for key in exchange.not_drawn_by_r(counted):
            console.remark(f"{key} has no row in PRISMA2020's template; it follows under its own name")
        return exchange.to_r(counted, wording)

    writers: dict[str, Callable[[], str | bytes]] = {
        ".svg": lambda: svg.draw(figure),
        ".html": html,
        ".pdf": lambda: pdf.draw(figure, link=link or page, chosen=chosen),
        ".png": lambda: png.draw(figure, dpi=dpi, chosen=chosen),
        ".dot": lambda: dot.draw(figure),
        ".md": markdown,
        ".json": lambda: exchange.to_json(counted, verdicts, wording),
        ".csv": r_csv,
    }
    for suffix in GRAPHVIZ_SUFFIXES:
        writers[suffix] = partial(dot.picture, figure, suffix[1:])
    with console.working("drawing the flow"):
        # The first output is the one that a Makefile names: it is replaced last.
        writing.write_all({path: writers[_suffix(path)]() for path in reversed(outputs)})


def _suffix(path: Path) -> str:
    return ".svg" if str(path) == "-" else path.suffix.lower()


def _style(colours: str, font: str, header_totals: bool, title_reasons: bool, per_source: bool) -> "Style":
    from peerreview.paper.figures import COLOURS, Style
    from peerreview.render import fonts

    chosen = {}
    for each in filter(None, colours.split(",")):
        name, _, colour = each.partition("=")
        if name not in COLOURS or not re.fullmatch("#[0-9a-fA-F]{6}", colour):
            raise UsageError(f"colour {each!r} is not NAME=#RRGGBB with a NAME of {', '.join(COLOURS)}")
        chosen[COLOURS[name]] = colour
    family = fonts.read(Path(font)).family if Path(font).is_file() else font
    return Style(
        font=f"'{family}'" if family else "",
        header_totals=header_totals,
        reasons_at_title=title_reasons,
        per_source=per_source,
        **chosen,
    )


def _read_flow(path: Path) -> "Flow":
    from peerreview.flow import exchange
    from peerreview.tables import reading

    try:
        typed = exchange.read(reading.read_text(path), path.suffix.lower())
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error
    if all(box.n is None for box in typed.boxes.values()):
        message = "holds no count; a box and its number, as in screened = 120"
        raise InputError(message, path=path)
    return typed


def _derive(
    *, records: Path, protocol: Path, previous: Path | None, show_zero: bool, **others: Path | None
) -> "tuple[Flow, Tables]":
    from dataclasses import replace

    from peerreview import protocol as protocol_
    from peerreview import tables
    from peerreview.flow.counting import derive
    from peerreview.tables import reading

    rules = {
        "records": tables.RECORDS,
        "duplicates": tables.DUPLICATES,
        "screening": tables.SCREENING,
        "reports": tables.REPORTS,
        "studies": tables.STUDIES,
        "sources": tables.SOURCES,
    }
    chosen = {"records": records, **others}
    paths = {name: chosen[name] or Path(f"{name}.csv") for name in rules}
    there = {name: path for name, path in paths.items() if chosen[name] is not None or path.exists()}
    read = {name: reading.read(path, rules[name]) for name, path in there.items()}
    console.remark(f"read {', '.join(str(path) for path in there.values())}")
    empty = {name: tables.empty(rules[name]) for name in ("duplicates", "screening")}
    laid_down = protocol_.read(protocol)
    counted = derive(
        read["records"],
        read.get("duplicates", empty["duplicates"]),
        read.get("screening", empty["screening"]),
        reports=read.get("reports"),
        studies=read.get("studies"),
        sources=read.get("sources"),
        previous=None if previous is None else _read_flow(previous),
        reasons=laid_down.reasons,
        elsewhere=laid_down.elsewhere,
        libraries=laid_down.libraries,
        show_zero=show_zero,
    )
    hashes = {name: "-" if path == reading.STREAM else reading.digest(path) for name, path in there.items()}
    return replace(counted, inputs=hashes), (read["records"], read.get("duplicates", empty["duplicates"]))


def _lists(read: "Tables | None") -> "Tables":
    from peerreview import tables

    return read or (tables.empty(tables.RECORDS), tables.empty(tables.DUPLICATES))


def _diff(pair: tuple[Path, Path], outputs: list[Path], labels: "Labels") -> None:
    from peerreview.flow import changes
    from peerreview.render import render
    from peerreview.tables import writing

    before, after = map(_read_flow, pair)
    found = changes.compare(before, after)
    writers: dict[str, Callable[[], str]] = {
        "": lambda: changes.to_text(found, labels),
        ".txt": lambda: changes.to_text(found, labels),
        ".json": lambda: changes.to_json(found, labels),
        ".html": lambda: render("prisma/changes.html", changes.to_rows(found, labels)),
    }
    for path in outputs:
        if path.suffix.lower() not in writers:
            raise UsageError(f"{path}: changes are written as .txt, .json or .html")
    writing.write_all({path: writers[path.suffix.lower()]() for path in reversed(outputs)})
