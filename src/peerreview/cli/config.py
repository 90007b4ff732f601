"""The command ``config``: what is in force, and from where."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Protocol, Quiet
from peerreview.cli.outputs import as_json as to_json
from peerreview.errors import UsageError

SCHEMA = "peerreview/config/1"


def config(
    folder: Annotated[Path, typer.Argument(help="The review's folder.")] = Path(),
    protocol: Protocol = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Tell what is in force, and from where."""
    from peerreview.review import Review
    from peerreview.screening.people import without_addresses

    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name the review's")
    review = Review(folder)
    path, settings = review.settings(protocol)
    rows = [
        {
            "section": each.section,
            "key": without_addresses(each.key),
            "value": without_addresses(each.value),
            "from": f"{path}:{each.line}" if each.line else "default",
        }
        for each in settings
    ]
    if as_json:
        content = {"schema": SCHEMA, "file": str(path or ""), "settings": rows}
        typer.echo(to_json(content), nl=False)
        return
    lines = [str(path) if path else "no peerreview.toml here or above: all is as by default", ""]
    width = max(len(f"{row['section']}.{row['key']}") for row in rows)
    for row in rows:
        name = f"{row['section']}.{row['key']}"
        lines.append(f"{name:<{width}}  {row['value'] or '–'}  ({row['from']})")
    typer.echo("\n".join(map(console.shown, lines)))
