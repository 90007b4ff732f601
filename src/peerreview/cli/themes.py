"""``peerreview themes``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from peerreview.cli import console
from peerreview.cli.options import Quiet
from peerreview.cli.sheets import SheetsOrFigures, Template, as_json, keep_apart, must_be_there, written
from peerreview.errors import UsageError

if TYPE_CHECKING:
    from peerreview.themes import Coding

Themes = Annotated[Path, typer.Option("--themes", help="Themes found: rows, a matrix, or Taguette's.")]
Codebook = Annotated[Path, typer.Option("--codebook", help="Themes in order, with their parents.")]
Studies = Annotated[Path, typer.Option("--studies", help="Included studies.")]
Documents = Annotated[
    Path, typer.Option("--documents", help="Which study a document of Taguette belongs to.")
]
Basis = Annotated[str, typer.Option("--basis", help="Keep only rows with these bases, as in text,title.")]


def themes(
    *,
    themes_file: Themes = Path("themes.csv"),
    codebook: Codebook = Path("codebook.csv"),
    studies: Studies = Path("studies.csv"),
    output: SheetsOrFigures = Path("themes.md"),
    basis: Basis = "",
    stated: Annotated[
        Path | None, typer.Option("--stated", help="Totals that a manuscript states: theme, stated.")
    ] = None,
    documents: Documents = Path("documents.csv"),
    template: Template = None,
    quiet: Quiet = False,
) -> None:
    """Tally themes, and cross them with studies."""
    from peerreview import files, tables
    from peerreview import themes as stage
    from peerreview.figures import charts
    from peerreview.sheets.themes import coder_agreement, stated_themes, theme_matrix, theme_tally

    keep_apart(output, themes_file, codebook, studies, stated, template)
    must_be_there(codebook=codebook, documents=documents)
    coding = read_coding(themes_file, codebook, studies, bases=chosen_bases(basis), documents=documents)
    sheets = [theme_tally(coding), theme_matrix(coding)]
    agreed = coder_agreement(coding)
    sheets += [agreed] if agreed else []
    totals = files.read(stated, tables.STATED) if stated is not None else None
    if totals is not None:
        sheets.insert(0, stated_themes(coding, totals))
    if output.suffix == ".json":
        files.write(as_json(stage.to_json(coding, totals)), output)
        return
    drawn = [("map", lambda: charts.heat_map(coding))]
    files.write_all(written(sheets, output, template=template, figures=drawn, others=(".json",)))


def read_coding(
    themes_file: Path, codebook_file: Path, studies_file: Path, *, bases: tuple[str, ...], documents: Path
) -> "Coding":
    """
    Return the coding in a review's files: long, a wide matrix, or what Taguette exports.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview import codings, files, tables
    from peerreview import themes as stage

    studies = files.read(studies_file, tables.STUDIES)
    codebook = tables.empty(tables.CODEBOOK)
    if codebook_file.exists():
        raw = files.read_raw(codebook_file)
        foreign = set(codings.TAGUETTE_CODEBOOK) <= set(raw.columns)
        with files.lines_for_rows():
            codebook = tables.check(codings.codebook_from_taguette(raw) if foreign else raw, tables.CODEBOOK)
    raw = files.read_raw(themes_file)
    shape = codings.shape_of(raw)
    with files.lines_for_rows():
        if shape == "wide":
            coded = codings.from_matrix(raw, codebook)
        elif shape == "taguette":
            known = files.read_optional(documents, tables.DOCUMENTS)
            belongs = {name: name for name in studies["study_id"]}
            belongs |= dict(zip(studies["label"], studies["study_id"], strict=True))
            belongs |= dict(zip(known["document"], known["study_id"], strict=True))
            coded, untagged = codings.from_taguette(raw, belongs)
            if untagged:
                console.remark(
                    f"{themes_file}: {untagged:,} of {len(raw):,} highlights have no tag and are not counted"
                )
        else:
            coded = tables.check(raw, tables.THEMES)
        coding = stage.code(coded, codebook, studies=studies, bases=bases)
    with_codebook = f" and {codebook_file}" if codebook_file.exists() else "; no codebook"
    console.remark(f"read {themes_file} ({shape}){with_codebook}")
    return coding


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
