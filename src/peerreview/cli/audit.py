"""The command ``audit``: whether the numbers that a published review prints of its flow add up."""

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.cli.outputs import FORMATS, put, written
from peerreview.cli.outputs import as_json as to_json
from peerreview.errors import InputError, MissingToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.imports.papers import Paper
    from peerreview.paper.sheets.audits import Audited

_SECONDS = 120
"""A PDF of a thousand pages takes pdftotext a tenth of that."""


def audit(
    papers: Annotated[
        list[Path],
        typer.Argument(help="Papers as .txt, .md, .html, .docx, JATS .xml or .pdf.", show_default=False),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=f"File to write, a row a paper in .csv; or {', '.join(FORMATS)}, .json.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Check the numbers that published reviews print."""
    from peerreview.flow import labels
    from peerreview.paper.sheets import audits as stage
    from peerreview.review import Review

    is_one = len(papers) == 1
    if output is not None and as_json:
        raise UsageError("--json prints; name a file ending in .json with -o instead")
    with console.working("reading papers") as watch:
        found = []
        for done, path in enumerate(papers):
            watch("papers", done, len(papers))
            found.append(_audit(path) if is_one else _audit_or_remark(path))
    wording = labels.read()
    if output is not None:
        review = Review()
        review.note_named(*papers)
        put(review, _contents(found, output))
    elif as_json:
        typer.echo(to_json(stage.to_json(found)), nl=False)
    else:
        for paper in found:
            typer.echo("\n".join(map(console.shown, stage.to_lines(paper, wording))))
    if output is None or (is_one and output.suffix.lower() != ".csv"):
        # What is printed is judged; a table of many papers is made, whatever they say.
        raise typer.Exit(_worst(found))


def _contents(found: "Sequence[Audited]", output: Path) -> "list[tuple[Path, str | bytes]]":
    from peerreview.flow import labels
    from peerreview.paper.sheets import audits as stage

    suffix = output.suffix.lower()
    if suffix == ".json":
        return [(output, to_json(stage.to_json(found)))]
    one = len(found) == 1 and suffix not in (".csv", "")
    sheets = stage.to_sheets(found[0], labels.read()) if one else (stage.to_sheet(found),)
    return written(sheets, output, others=(".json",))


def _worst(found: "Sequence[Audited]") -> int:
    statuses = {each.audit.exit_status for each in found}
    return next((status for status in (1, 3) if status in statuses), 0)


def _audit_or_remark(path: Path) -> "Audited":
    """Return a paper's audit; one that cannot be read is told, and costs the others nothing."""
    from peerreview.flow import printed
    from peerreview.paper.sheets.audits import Audited

    try:
        return _audit(path)
    except InputError as error:
        console.remark(str(error))
        return Audited(str(path), "", "", printed.audit((), unread=error.message))


def _audit(path: Path) -> "Audited":
    from peerreview.flow import printed
    from peerreview.imports.papers import languages, statements
    from peerreview.paper.sheets.audits import Audited

    paper = _read(path)
    language = statements.language_of(paper)
    unread = ""
    if language not in ("", languages.ENGLISH):
        name = languages.NAMES.get(language, f"the language {language!r}")
        unread = f"the paper is in {name}, which is not read"
    return Audited(str(path), paper.title, paper.doi, printed.audit(statements.read(paper), unread=unread))


def _read(path: Path) -> "Paper":
    from peerreview.imports.papers import reading as papers
    from peerreview.tables import reading

    content = reading.read_bytes(path)
    if papers.looks_like_pdf(content):
        content = _text_of_pdf(content, path)
    return papers.read(content, path)


def _text_of_pdf(content: bytes, path: Path) -> bytes:
    """
    Return a PDF's text as pdftotext gives it.

    Raises
    ------
    MissingToolError
        Where that is not installed.
    InputError
        For a PDF that is damaged or locked, or holds pictures of pages.
    """
    tool = shutil.which("pdftotext")
    if tool is None:
        raise MissingToolError(
            f"{path}: a PDF needs pdftotext, which comes with poppler-utils (apt) or poppler (brew); "
            "or save it as text"
        )
    try:
        ran = subprocess.run(  # noqa: S603  the program just found, with our own words
            [tool, "-enc", "UTF-8", "-q", "-", "-"],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"pdftotext takes more than {_SECONDS} s; save it as text", path=path) from error
    if ran.returncode:
        raise InputError("is a PDF that pdftotext cannot read, damaged or locked; save it as text", path=path)
    if not ran.stdout.strip():
        raise InputError("is a PDF without text, of pictures of pages; run it through OCR first", path=path)
    return ran.stdout
