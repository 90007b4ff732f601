"""What commands write: where it may go, and sheets in the format that the output's suffix names."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview.cli import console
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import pandas as pd

    from peerreview.paper.figures import Diagram
    from peerreview.paper.sheets import Sheet
    from peerreview.review import Review
    from peerreview.synthesis.themes import Coding

WRITTEN_BY_PEOPLE = ("README.md", "LICENSE.md")
_SCHEMA = re.compile(rb'"schema": "(peerreview/[a-z-]+)/')
_TOP = 200
"""Bytes of our JSON in which its schema stands."""
FORMATS = (".md", ".html", ".tex", ".csv", ".docx", ".xlsx")
PICTURES = (".svg", ".png", ".pdf")


def written(
    sheets: "Sequence[Sheet]",
    output: Path,
    *,
    template: Path | None = None,
    figures: "Sequence[tuple[str, Callable[[], Diagram]]]" = (),
    others: "Sequence[str]" = (),
    proof: "Mapping[str, Any] | None" = None,
) -> "list[tuple[Path, str | bytes]]":
    """
    Return what to write, and where: the output last, side tables of a CSV before it.

    CSV holds one table a file; further sheets lie beside the output, as in ``themes-matrix.csv``.
    So do further figures, as in ``appraisal-summary.svg``; ``figures`` are named and drawn when asked for.
    ``others`` are suffixes that the command writes by itself; ``proof`` is put in where a format takes one.

    Raises
    ------
    UsageError
        For a suffix that no table is written in.
    """
    contents = _written(sheets, output, template, figures, others, proof)
    if not proof:
        return contents
    from peerreview.cli.vouching import with_name
    from peerreview.render import seals

    suffix = output.suffix.lower()
    return [(path, seals.put(content, suffix, with_name(proof, path))) for path, content in contents]


def _written(
    sheets: "Sequence[Sheet]",
    output: Path,
    template: Path | None,
    figures: "Sequence[tuple[str, Callable[[], Diagram]]]",
    others: "Sequence[str]",
    proof: "Mapping[str, Any] | None",
) -> "list[tuple[Path, str | bytes]]":
    from peerreview.render.sheets import fill

    suffix = output.suffix.lower() or (".md" if output == Path("-") else "")
    if suffix in PICTURES and figures:
        return _drawn(figures, output, template, proof)
    if suffix not in FORMATS:
        formats = ", ".join((*FORMATS, *others, *(PICTURES if figures else ())))
        raise UsageError(f"{output}: this is written as {formats}; name such a file")
    if suffix in (".docx", ".xlsx"):
        from peerreview.render import excel, word

        if template is not None:
            raise UsageError(f"{output}: a template lays out text; name a .md, .html, .tex or .csv file")
        return [(output, word.write(sheets) if suffix == ".docx" else excel.write(sheets))]
    if suffix != ".csv" or output == Path("-"):
        shown = sheets if suffix != ".csv" else sheets[:1]
        return [(output, fill(shown, suffix, template=template))]
    filled = [fill([each], suffix, template=template) for each in sheets]
    paths = [output.with_name(f"{output.stem}-{each.name}.csv") for each in sheets[1:]]
    return [*zip(paths, filled[1:], strict=True), (output, filled[0])]


def _drawn(
    figures: "Sequence[tuple[str, Callable[[], Diagram]]]",
    output: Path,
    template: Path | None,
    proof: "Mapping[str, Any] | None",
) -> "list[tuple[Path, str | bytes]]":
    from functools import partial

    from peerreview.cli.vouching import with_name
    from peerreview.render import pdf, png, svg

    if template is not None:
        raise UsageError(f"{output}: a template lays out text; name a .md, .html, .tex or .csv file")
    suffix = output.suffix.lower()
    drawn: list[tuple[Path, str | bytes]] = []
    for number, (name, draw) in enumerate(figures):
        path = output if not number else output.with_name(f"{output.stem}-{name}{suffix}")
        named = None if proof is None else with_name(proof, path)
        writers: dict[str, Callable[[Diagram], str | bytes]] = {
            ".svg": svg.draw,
            ".png": png.draw,
            ".pdf": partial(pdf.draw, proof=named),
        }
        drawn.append((path, writers[suffix](draw())))
    # The output that a Makefile names is written last.
    return drawn[::-1]


def bars(studies: "pd.DataFrame", column: str) -> "Diagram":
    """Return the bars of a column of the studies; most who count them draw none, and load no charts."""
    from peerreview.paper.figures import charts

    return charts.bars(studies, column)


def heat_map(coding: "Coding") -> "Diagram":
    """Return the map of themes by study; most who ask for themes draw none, and load no charts."""
    from peerreview.paper.figures import charts

    return charts.heat_map(coding)


def as_json(content: object) -> str:
    """Return content as JSON text, indented, letters as they are."""
    from peerreview.tables.writing import to_json

    return to_json(content)


def check_table(output: Path) -> None:
    """
    Refuse to write a table into a file whose name says something else; a device or a pipe takes any.

    Raises
    ------
    UsageError
        For a suffix other than ``.csv`` and ``.parquet``.
    """
    if not _is_stream(output) and output.suffix.lower() != ".csv" and output.suffix != ".parquet":
        raise UsageError(f"{output}: a table is written as .csv or .parquet, or to -; name such a file")


def beside(output: Path, name: str) -> Path:
    """Return where a side output lies: beside the output, or in the working folder for a stream's."""
    return Path(name) if _is_stream(output) else output.with_name(name)


def _is_stream(output: Path) -> bool:
    return output == Path("-") or (output.exists() and not output.is_file())


def tell(review: "Review") -> None:
    """Say which files were read that nobody named, which are missing, and what was odd."""
    for line in review.told():
        console.remark(line)


def put(review: "Review", contents: "Sequence[tuple[Path, Any]]", *, grown: "Sequence[Path]" = ()) -> None:
    """
    Write what a command made, the main output last; tell what was read for it.

    Parameters
    ----------
    grown : outputs that were read, and keep all that they held.

    Raises
    ------
    UsageError
        Where an output is one of the files read, is the place or the file of another table, or two are one.
    InputError
        Where one cannot be written; then none has changed.
    """
    from peerreview.review import VOTES
    from peerreview.tables import locking, writing

    keep_outputs_apart([path for path, _ in contents])
    review.keep_apart(*(path for path, _ in contents if path not in grown))
    contents = [_kept_apart(review, *each) if each[0] not in grown else each for each in contents]
    tell(review)
    # What a killed command left beside a table that no other command writes would stay.
    outputs = (path.parent for path, _ in contents)
    for folder in {*outputs, *review.folders, *(each / VOTES for each in review.folders)}:
        locking.clear(folder)
    writing.write_all(dict(contents), waiting=_wait)


def put_sheets(
    review: "Review",
    sheets: "Sequence[Sheet]",
    output: Path,
    *,
    template: Path | None = None,
    figures: "Sequence[tuple[str, Callable[[], Diagram]]]" = (),
    others: "Sequence[str]" = (),
    beside: "Sequence[tuple[Path, Any]]" = (),
) -> None:
    """
    Write sheets, or figures of them, with the proof of the files that were read for them.

    Parameters
    ----------
    template, figures, others : as in ``written``.
    beside : what is written before them.
    """
    from peerreview.cli.proving import prove_sheets

    is_proven = output.suffix.lower() in (".html", ".docx", *PICTURES)
    proof = prove_sheets(review, sheets) if is_proven else None
    contents = written(sheets, output, template=template, figures=figures, others=others, proof=proof)
    put(review, [*beside, *contents])


def alone(*paths: Path) -> "AbstractContextManager[None]":
    """Return a context in which no other process writes these files; a stream is nobody else's."""
    from peerreview.tables import locking

    return locking.alone(*(path for path in paths if not _is_stream(path)), waiting=_wait)


def _wait(path: Path) -> None:
    console.remark(f"{os.path.relpath(path)}: another command writes it; waiting")


def _kept_apart(review: "Review", path: Path, content: Any) -> tuple[Path, Any]:
    """Return what to write, unless another table lies there, or would."""
    from peerreview import tables
    from peerreview.review import name_of
    from peerreview.tables import reading

    if _is_stream(path):
        return path, content
    if path.name in WRITTEN_BY_PEOPLE and path.is_file() and path.parent.resolve() in _folders(review):
        raise UsageError(f"{path}: is what people wrote of this review; name another file with -o")
    if path.suffix.lower() == ".json":
        _keep_kind(path, content)
    if path.suffix.lower() != ".csv":
        return path, content
    known = {name_of(table): table for table in vars(tables).values() if isinstance(table, tables.Table)}
    columns, content = _columns(content)
    of_name = known.get(path.name)
    is_in_review = path.parent.resolve() in _folders(review)
    if of_name and is_in_review and not set(of_name.columns) <= columns:
        raise UsageError(f"{path}: is where {of_name.name} lie, and this is none; name another file with -o")
    written_here = [table for table in known.values() if set(table.columns) <= columns]
    if written_here and path.is_file() and path.stat().st_size:
        there = set(reading.columns_of(path))
        # A table of ours may have gained a column since, or people have added one; both at once it has not.
        if there - columns and any(not set(table.columns) <= there for table in written_here):
            found = ", ".join(sorted(there - columns)[:3])
            raise UsageError(f"{path}: holds another table, with {found}; name another file with -o")
    return path, content


def _folders(review: "Review") -> set[Path]:
    return {folder.resolve() for folder in review.folders}


def _keep_kind(path: Path, content: str | bytes) -> None:
    """Refuse to write JSON of ours over another kind of it, or over somebody else's."""
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open("rb") as stream:
        there = _SCHEMA.search(stream.read(_TOP))
    ours = _SCHEMA.search(content[:_TOP] if isinstance(content, bytes) else content[:_TOP].encode())
    if (there and there[1]) != (ours and ours[1]):
        what = there[1].decode() if there else "something else"
        raise UsageError(f"{path}: holds {what}, and this is none; name another file with -o")


def _columns(content: Any) -> tuple[set[str], Any]:
    """Return the columns of what is to be written as CSV, and that again, if its pieces come but once."""
    from collections.abc import Iterator
    from itertools import chain

    if not isinstance(content, (str, bytes, Iterator)):
        return set(content.columns), content
    if isinstance(content, Iterator):
        first = next(content, b"")
        content = chain([first], content)
    else:
        first = content if isinstance(content, bytes) else content.encode()
    header = first.partition(b"\n")[0].decode("utf-8-sig", "replace")
    return {name.strip('"\r ') for name in header.split(",")}, content


def keep_outputs_apart(outputs: "Sequence[Path]") -> None:
    """
    Refuse to write two tables into one file.

    Raises
    ------
    UsageError
        Naming the file.
    """
    whole = [path.resolve() for path in outputs if path != Path("-")]
    for path in outputs:
        if whole.count(path.resolve()) > 1:
            raise UsageError(f"{path}: another table is written there too; name another file")
