"""The command ``prisma``: tables to the PRISMA 2020 flow, counted, proven and drawn."""

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.inputs import tell_of_newer_votes
from peerreview.cli.options import (
    Changes,
    Duplicates,
    Protocol,
    Quiet,
    Records,
    Reports,
    Screening,
    Sources,
    Studies,
)
from peerreview.cli.outputs import put, tell
from peerreview.cli.proving import count, read_counted, read_flow
from peerreview.errors import InputError, InputErrors, UnfinishedError, UsageError
from peerreview.review import COUNTED
from peerreview.tables.once import keeping_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from peerreview.flow import Flow
    from peerreview.flow.identities import Verdict
    from peerreview.flow.labels import Labels
    from peerreview.paper.figures import Style
    from peerreview.review import Review

PAGE = 257
"""Millimetres between the margins of a page of A4, from top to bottom."""
SUFFIXES = (".svg", ".html", ".pdf", ".png", ".docx", ".dot", ".md", ".json", ".csv")


@keeping_tables()
def prisma(
    output: Annotated[
        list[Path] | None,
        typer.Option("--output", "-o", help=f"Files to write: {', '.join(SUFFIXES)}; prisma.svg if none."),
    ] = None,
    records: Records = None,
    duplicates: Duplicates = None,
    screening: Screening = None,
    reports: Reports = None,
    studies: Studies = None,
    sources: Sources = None,
    changes: Changes = None,
    protocol: Protocol = None,
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
    ledger: Annotated[
        bool, typer.Option("--ledger", help="All versions of a living review side by side, and their proof.")
    ] = False,
    labels: Annotated[str, typer.Option(help="Language (de, es, fr, it, nl, pt, zh) or a file.")] = "en",
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
    width: Annotated[
        str, typer.Option(help="The figure's width on paper, as in 170mm; lettering of 7 points or more.")
    ] = "",
    dpi: Annotated[
        int, typer.Option(min=36, max=2400, help="Dots per inch of a PNG, and of the picture in Word.")
    ] = 300,
    link: Annotated[str, typer.Option(help="Where a PDF's boxes lead; the HTML file beside it.")] = "",
    quiet: Quiet = False,
) -> None:
    """Count, prove and draw the PRISMA 2020 flow."""
    from peerreview.flow import identities
    from peerreview.flow import labels as labels_
    from peerreview.paper.figures import MILLIMETRES, TooNarrowError
    from peerreview.paper.figures.prisma import lay_out
    from peerreview.render import flow as render
    from peerreview.render import fonts
    from peerreview.review import Review

    named = {
        "records": records,
        "duplicates": duplicates,
        "screening": screening,
        "reports": reports,
        "studies": studies,
        "sources": sources,
        "changes": changes,
    }
    if ledger:
        if flow is not None:
            raise UsageError("--ledger counts from the review's tables; --flow has numbers alone")
        earlier = [*([previous] if previous else []), *(diff or ())]
        _ledger(
            named,
            protocol,
            output or [Path("ledger.svg")],
            labels_.read(labels),
            earlier=earlier,
            check=check,
            allow_inconsistent=allow_inconsistent,
            look=_style(colours, font, header_totals, title_reasons, per_source),
            paper=_Paper(caption, title, width, font, dpi),
        )
        return
    if diff is not None:
        _diff(diff, output or [Path("-")], labels_.read(labels))
        return
    outputs = output or [Path("prisma.svg")]
    for path in outputs:
        if _suffix(path) not in (*SUFFIXES, *render.GRAPHVIZ_SUFFIXES):
            also = ", ".join(render.GRAPHVIZ_SUFFIXES)
            raise UsageError(f"{path}: not one of {', '.join(SUFFIXES)}; nor, with Graphviz, of {also}")
    wording = labels_.read(labels)
    across = _across(width)
    style = _style(colours, font, header_totals, title_reasons, per_source)
    review = Review.around(*named.values())
    review.note_named(previous, flow)
    review.keep_apart(*outputs, unread=() if flow else COUNTED)
    with console.working("counting the flow"):
        from_tables = None if flow else count(review, named, protocol, previous, show_zero=show_zero)
        counted = from_tables.flow if from_tables else read_flow(flow or Path())
        frames = from_tables.frames if from_tables else {}
        verdicts = identities.check(counted)
    for said in counted.remarks:
        review.remark(said)
    failing = identities.fails(verdicts)
    if check:
        tell(review)
        _say(counted, verdicts, typed=flow)
        return
    if failing and not allow_inconsistent:
        tell(review)
        raise InputErrors([InputError(str(verdict), path=flow or "") for verdict in failing])
    _remark(review, counted, verdicts, outputs)
    try:
        figure = lay_out(
            counted,
            wording,
            style,
            caption=caption,
            title=title,
            failing=list(dict.fromkeys(verdict.id for verdict in failing)),
            across=across,
        )
    except TooNarrowError as error:
        raise UsageError(f"width {width!r}: {error}") from error
    if (tall := figure.size[1] * MILLIMETRES) > PAGE and across:
        review.remark(f"the figure is {tall:.0f}mm tall at a width of {width}: more than a page of A4 has")
    page = next((path.name for path in outputs if _suffix(path) == ".html"), "")
    pictures = any(_suffix(path) in (".png", ".pdf", ".docx") for path in outputs)
    drawing = render.Drawing(
        counted,
        verdicts,
        figure,
        wording,
        frames.get(tables.RECORDS.name, tables.empty(tables.RECORDS)),
        frames.get(tables.DUPLICATES.name, tables.empty(tables.DUPLICATES)),
        fonts=fonts.find(font) if font and pictures else {},
        dpi=dpi,
        link=link or page,
        proof=from_tables.proof if from_tables and not check else None,
    )
    with console.working("drawing the flow"):
        # The first output is the one that a Makefile names: it is replaced last.
        put(review, [(path, render.write(drawing, _suffix(path))) for path in reversed(outputs)])


@dataclass(frozen=True)
class _Paper:
    """What options say of a figure besides its numbers."""

    caption: str
    title: str
    width: str
    font: str
    dpi: int


_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}


def _across(width: str) -> float:
    """
    Return a width on paper in 96ths of an inch; 0 for none.

    Raises
    ------
    UsageError
        For what is no length.
    """
    from peerreview.paper.figures import MILLIMETRES

    found = re.fullmatch(rf"([0-9]+(?:\.[0-9]+)?) *({'|'.join(_UNITS)})", width.strip())
    if width and not (found and float(found[1])):
        raise UsageError(f"width {width!r} is no length such as 170mm, 17cm, 6.7in or 482pt")
    return float(found[1]) * _UNITS[found[2]] / MILLIMETRES if found else 0.0


def _suffix(path: Path) -> str:
    return ".svg" if str(path) == "-" else path.suffix.lower()


def _say(counted: "Flow", verdicts: "Sequence[Verdict]", typed: Path | None) -> None:
    """
    Print whether each sum holds, and what a typed flow that does not add up may have meant.

    Raises
    ------
    InputErrors
        Where a sum does not hold.
    UnfinishedError
        Where something is still open.
    """
    from peerreview.flow import identities, readings

    typer.echo("\n".join(console.shown(str(verdict)) for verdict in verdicts))
    failing = identities.fails(verdicts)
    found = readings.find_readings(counted) if failing and typed is not None else []
    for number, each in enumerate(found, start=1):
        typer.echo(console.shown(f"reading {number} adds up: {each}"))
    if failing:
        raise InputErrors([InputError(str(verdict), path=typed or "") for verdict in failing])
    if counted.still_open:
        raise UnfinishedError(f"the review is not finished: {'; '.join(counted.still_open)}")


def _remark(
    review: "Review", counted: "Flow", verdicts: "Sequence[Verdict]", outputs: "Sequence[Path]"
) -> None:
    from peerreview.flow import exchange, identities

    for verdict in identities.fails(verdicts, "warning"):
        review.remark(str(verdict))
    if counted.still_open:
        review.remark(f"the review is not finished: {'; '.join(counted.still_open)}; stamped as a draft")
    if any(_suffix(path) == ".csv" for path in outputs):
        for key in exchange.not_drawn_by_r(counted):
            review.remark(f"{key} has no row in PRISMA2020's template; it follows under its own name")


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


def _ledger(
    named: "Mapping[str, Path | None]",
    protocol: Path | None,
    outputs: list[Path],
    labels: "Labels",
    *,
    earlier: "Sequence[Path]",
    check: bool,
    allow_inconsistent: bool,
    look: "Style",
    paper: "_Paper",
) -> None:
    """Count the versions of a living review, compare them with what was written of them, and write them."""
    from peerreview.cli import ledger as versions
    from peerreview.library.proving import prove_flow
    from peerreview.paper.figures import TooNarrowError
    from peerreview.paper.figures.ledger import lay_out
    from peerreview.render import fonts
    from peerreview.review import Review

    review = Review.around(*named.values())
    review.note_named(*earlier)
    review.keep_apart(*outputs, unread=COUNTED)
    with console.working("counting the versions"):
        frames = read_counted(review, named)
        laid_down = review.protocol(protocol)
        tell_of_newer_votes(review, frames[tables.SCREENING.name], laid_down, named[tables.SCREENING.name])
        counted = versions.count_ledger(frames, laid_down)
        differing = versions.compare_with(counted, [(path, read_flow(path)) for path in earlier])
    if check:
        tell(review)
        versions.say(counted, differing)
        return
    drawing = versions.Drawing(
        counted,
        labels,
        frames,
        partial(
            lay_out,
            counted,
            labels,
            look,
            caption=paper.caption,
            title=paper.title,
            across=_across(paper.width),
        ),
        dpi=paper.dpi,
        fonts=fonts.find(paper.font) if paper.font else {},
        proof=prove_flow(review, named, frames, counted, protocol=protocol),
    )
    try:
        versions.write(review, drawing, outputs, differing=differing, allow_inconsistent=allow_inconsistent)
    except TooNarrowError as error:
        raise UsageError(f"width {paper.width!r}: {error}") from error


def _diff(pair: tuple[Path, Path], outputs: list[Path], labels: "Labels") -> None:
    from peerreview.flow import changes
    from peerreview.render.filling import render
    from peerreview.review import Review

    before, after = map(read_flow, pair)
    found = changes.compare(before, after)
    writers = {
        "": lambda: changes.to_text(found, labels),
        ".txt": lambda: changes.to_text(found, labels),
        ".json": lambda: changes.to_json(found, labels),
        ".html": lambda: render("prisma/changes.html", changes.to_rows(found, labels)),
    }
    for path in outputs:
        if path.suffix.lower() not in writers:
            raise UsageError(f"{path}: changes are written as .txt, .json or .html")
    review = Review()
    review.note_named(*pair)
    put(review, [(path, writers[path.suffix.lower()]()) for path in reversed(outputs)])
