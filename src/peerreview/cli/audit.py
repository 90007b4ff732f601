"""The command ``audit``: whether the numbers that a published review prints of its flow add up."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.cli.outputs import FORMATS, put, put_sheets
from peerreview.cli.outputs import as_json as to_json
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.paper.sheets.audits import Audited
    from peerreview.review import Review


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
    from peerreview.cli import auditing
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
            one = auditing.audit(path) if is_one else auditing.audit_or_why(path, str(path), console.remark)
            found.append(one)
    wording = labels.read()
    if output is not None:
        review = Review()
        # One that is not there has been told.
        review.note_named(*(path for path in papers if path.is_file()))
        _write(review, found, output)
    elif as_json:
        typer.echo(to_json(stage.to_json(found)), nl=False)
    else:
        for paper in found:
            typer.echo("\n".join(map(console.shown, stage.to_lines(paper, wording))))
    if output is None or (is_one and output.suffix.lower() != ".csv"):
        # What is printed is judged; a table of many papers is made, whatever they say.
        raise typer.Exit(_worst(found))


def _write(review: "Review", found: "Sequence[Audited]", output: Path) -> None:
    from peerreview.flow import labels
    from peerreview.paper.sheets import audits as stage

    suffix = output.suffix.lower()
    if suffix == ".json":
        put(review, [(output, to_json(stage.to_json(found)))])
        return
    one = len(found) == 1 and suffix not in (".csv", "")
    sheets = stage.to_sheets(found[0], labels.read()) if one else stage.to_tables(found)
    put_sheets(review, sheets, output, others=(".json",))


def _worst(found: "Sequence[Audited]") -> int:
    statuses = {each.audit.exit_status for each in found}
    return next((status for status in (1, 3) if status in statuses), 0)
