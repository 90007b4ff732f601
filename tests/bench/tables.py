"""How the time to lay out a theme matrix grows with its studies and themes."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from rich.console import Console
from rich.table import Table

from peerreview import tables
from peerreview.cli.outputs import written
from peerreview.paper.figures import charts
from peerreview.paper.sheets.themes import theme_matrix
from peerreview.render import svg
from peerreview.synthesis import themes

SIZES = ((250, 100), (500, 100), (1_000, 100), (2_000, 100))
FORMATS = (".md", ".html", ".tex", ".csv", ".xlsx", ".docx")


def run() -> None:
    """Print seconds per format, per 1,000 cells, and beside pandas' own writers where it has one."""
    shown = Table(
        title="Theme matrix: processor seconds, and milliseconds per 1,000 cells (linear if they stay)"
    )
    shown.add_column("studies x themes")
    for name in ("code + tally", *FORMATS, ".svg", "pandas .csv", "pandas .html", "pandas .tex"):
        shown.add_column(name, justify="right")
    for n_studies, n_themes in SIZES:
        cells = n_studies * n_themes / 1_000
        row = [f"{n_studies:,} x {n_themes}"]
        started = time.process_time()
        coding = _coding(n_studies, n_themes)
        themes.tally(coding)
        row.append(_said(time.process_time() - started, cells))
        with TemporaryDirectory() as folder:
            for suffix in FORMATS:
                started = time.process_time()
                written([theme_matrix(coding)], Path(folder) / f"matrix{suffix}")
                row.append(_said(time.process_time() - started, cells))
        started = time.process_time()
        svg.draw(charts.heat_map(coding))
        row.append(_said(time.process_time() - started, cells))
        plain = _plain(coding)
        for write in (plain.to_csv, plain.to_html, _to_tex(plain)):
            started = time.process_time()
            write()
            row.append(_said(time.process_time() - started, cells))
        shown.add_row(*row)
    Console(width=200).print(shown)


def _coding(n_studies: int, n_themes: int) -> themes.Coding:
    studies = tables.make(
        tables.STUDIES, ({"study_id": f"s{n}", "label": f"Author {n} 2020"} for n in range(n_studies))
    )
    codebook = tables.make(
        tables.CODEBOOK,
        (
            {"theme": f"t{n}", "parent": f"t{n - n % 10}" if n % 10 else "", "label": f"Theme number {n}"}
            for n in range(n_themes)
        ),
    )
    found = tables.make(
        tables.THEMES,
        (
            {"study_id": f"s{study}", "theme": f"t{theme}", "quote": "said & done", "basis": "text"}
            for study in range(n_studies)
            for theme in range(n_themes)
            if (study * 7 + theme * 3) % 3
        ),
    )
    return themes.code(found, codebook, studies=studies)


def _plain(coding: themes.Coding) -> pd.DataFrame:
    sheet = theme_matrix(coding)
    return pd.DataFrame([[str(cell) for cell in row] for row in sheet.rows])


def _to_tex(plain: pd.DataFrame):  # type: ignore[no-untyped-def]
    def write() -> str:
        try:
            return plain.to_latex()
        except ImportError as error:
            return str(error)

    return write


def _said(seconds: float, cells: float) -> str:
    return f"{seconds:.2f} ({1_000 * seconds / cells:.1f})"
