"""``peerreview themes``."""

from pathlib import Path
from typing import Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Output, Quiet
from peerreview.cli.sheets import Template, as_json, keep_apart, written
from peerreview.errors import UsageError

Themes = Annotated[Path, typer.Option("--themes", help="Themes found, a row per study and theme.")]
Codebook = Annotated[Path, typer.Option("--codebook", help="Themes in order, with their parents.")]
Studies = Annotated[Path, typer.Option("--studies", help="Included studies.")]
Basis = Annotated[str, typer.Option("--basis", help="Keep only rows with these bases, as in text,title.")]


def themes(
    *,
    themes_file: Themes = Path("themes.csv"),
    codebook: Codebook = Path("codebook.csv"),
    studies: Studies = Path("studies.csv"),
    output: Output = Path("themes.md"),
    basis: Basis = "",
    stated: Annotated[
        Path | None, typer.Option("--stated", help="Totals that a manuscript states: theme, stated.")
    ] = None,
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Tally themes, and cross them with studies."""
    from peerreview import files, manuscript, tables
    from peerreview import themes as stage

    keep_apart(output, themes_file, codebook, studies, stated, template)
    coding = stage.code(
        files.read(themes_file, tables.THEMES),
        files.read_optional(codebook, tables.CODEBOOK),
        studies=files.read(studies, tables.STUDIES),
        bases=chosen_bases(basis),
    )
    sheets = [manuscript.theme_tally(coding), manuscript.theme_matrix(coding)]
    if stated is not None:
        sheets.insert(0, manuscript.stated_themes(coding, files.read(stated, tables.STATED)))
    console.remark(
        f"read {themes_file}, {studies}" + (f", {codebook}" if codebook.exists() else "; no codebook")
    )
    if output.suffix == ".json":
        files.write(as_json(stage.to_json(coding)), output)
        return
    files.write_all(written(sheets, output, template=template))


def chosen_bases(option: str) -> tuple[str, ...]:
    """
    Return the bases of an option such as ``text,title``.

    Raises
    ------
    UsageError
        For one that does not exist.
    """
    from peerreview.tables import BASES

    bases = tuple(basis.strip() for basis in option.split(",") if basis.strip())
    for basis in bases:
        if basis not in BASES:
            raise UsageError(f"--basis {basis!r} is not one of {', '.join(BASES)}")
    return bases
