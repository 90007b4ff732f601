"""The command ``config``: what is in force, and from where."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Protocol, Quiet
from peerreview.cli.outputs import as_json as to_json
from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from peerreview.review import Review, Setting

SCHEMA = "peerreview/config/1"


def _check(review: "Review", protocol: Path | None, path: Path | None, settings: "Sequence[Setting]") -> None:
    """
    Refuse what the commands that read it would refuse: an instrument, or rules, that are not there; ratings
    and blanks that the instrument does not have.

    Raises
    ------
    InputError
        With the line that names them.
    """
    from peerreview.cli.inputs import read_instruments, read_rules
    from peerreview.synthesis import judgements, ratings

    plan = review.protocol(protocol)

    def check_ratings() -> None:
        for each in read_instruments(review, plan):
            ratings.check(each.ratings, each.instrument)

    def check_blanks() -> None:
        for each in read_instruments(review, replace(plan, ratings=())):
            judgements.check_blanks(plan.blanks, each.instrument)

    checks: tuple[tuple[str, str, Callable[[], object]], ...] = (
        ("appraisal", "instrument", lambda: read_instruments(review, replace(plan, ratings=()))),
        ("appraisal", "ratings", check_ratings),
        ("appraisal", "blanks", check_blanks),
        ("duplicates", "rules", lambda: read_rules(review, None, plan)),
    )
    for section, key, read in checks:
        line = next((each.line for each in settings if (each.section, each.key) == (section, key)), None)
        try:
            read()
        except InputError as error:
            if line is None or error.path:
                raise
            raise InputError(error.message, path=path or "", line=line) from error


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
    _check(review, protocol, path, settings)
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
