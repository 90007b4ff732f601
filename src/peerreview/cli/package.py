"""The command ``package``: a review in one zip that anyone can verify."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.cli.outputs import put
from peerreview.errors import UsageError
from peerreview.tables.once import keeping_tables


@keeping_tables()
def package(
    folder: Annotated[Path, typer.Argument(help="The review's folder.")] = Path(),
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Package to write, .zip; - for standard output.")
    ] = Path("review.zip"),
    without_exports: Annotated[
        bool, typer.Option("--without-exports", help="Only the exports' hashes, where no one may share them.")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Reviewers as R1, R2 … in votes and wherever else they stand.")
    ] = False,
    with_quotes: Annotated[
        bool, typer.Option("--with-quotes", help="What the coding quotes, and coding projects, too.")
    ] = False,
    with_abstracts: Annotated[
        bool, typer.Option("--with-abstracts", help="Abstracts on the page for readers, too.")
    ] = False,
    also: Annotated[
        list[Path] | None, typer.Option(help="Further files or folders of the review's folder.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Pack the review, its outputs and their proof."""
    from peerreview.cli.packing import pack_review
    from peerreview.review import Review
    from peerreview.tables import STREAM

    if output != STREAM and output.suffix.lower() != ".zip":
        raise UsageError(f"{output}: a package is a .zip; name such a file")
    review = Review(folder)
    with console.working("packing the review"):
        content = pack_review(
            review,
            exports=not without_exports,
            anonymous=anonymous,
            quotes=with_quotes,
            abstracts=with_abstracts,
            also=also or [],
        )
    put(review, [(output, content)])
