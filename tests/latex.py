"""Compile every table of the worked example, and a nasty one: ``python -m tests.latex``."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.cli.outputs import written
from peerreview.paper.sheets import Cell, Column, Sheet

EXAMPLE = Path(__file__).parents[1] / "examples" / "peer-workforce"
TABLES = (
    ["table", "characteristics"],
    ["table", "counts", "--by", "country,design"],
    ["table", "appraisal"],
    ["table", "themes"],
    ["table", "matrix"],
    ["table", "evidence"],
    ["table", "sources"],
    ["table", "checklist"],
    ["themes"],
    ["appraise"],
)
COMPILERS = {
    "tectonic": ["tectonic", "--chatter", "minimal"],
    "pdflatex": ["pdflatex", "-interaction=nonstopmode", "-halt-on-error"],
}
NASTY = (
    "& % $ # _ { } ~ ^ \\ < > | \" ` ' =cmd() -- --- α ≤ 3 − 2 × ½ é Ł ş n\u0303 “q” … † • ◦ [x] 100\u00a0mg"
)


def main() -> None:
    """Compile, and say which table fails; exit 2 where there is no LaTeX."""
    compiler = next((name for name in COMPILERS if shutil.which(name)), "")
    if not compiler:
        print("no tectonic and no pdflatex: the tables were not compiled", file=sys.stderr)
        sys.exit(2)
    failed = []
    with TemporaryDirectory() as folder:
        place = Path(folder)
        review = place / "review"
        shutil.copytree(EXAMPLE, review, ignore=shutil.ignore_patterns("exports", "decisions"))
        tables = {f"{number}-{command[-1]}": command for number, command in enumerate(TABLES)}
        for name, command in tables.items():
            _in(review, [*command, "-q", "-o", str(place / f"{name}.tex")])
        sheet = Sheet(
            "nasty",
            NASTY,
            (Column("a", NASTY), *(Column(f"c{n}", NASTY, narrow=True) for n in range(40))),
            ((Cell(NASTY, synthetic=True, indent=2), *(Cell("•") for _ in range(40))),) * 60,
            (NASTY,),
        )
        for path, content in written([sheet], place / "nasty.tex"):
            path.write_text(str(content), encoding="utf-8")
        paper = "\\documentclass{article}\\usepackage{array,booktabs,longtable,caption,graphicx,pdflscape}"
        body = "\\begin{document}\\input{nasty.tex}\\end{document}\n"
        (place / "paper.tex").write_text(f"{paper}\n{body}", encoding="utf-8")
        for path in sorted(place.glob("*.tex")):
            run = subprocess.run(
                [*COMPILERS[compiler], path.name],
                cwd=place,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
            print(f"{path.name}: {'ok' if run.returncode == 0 else 'FAILED'}")
            if run.returncode:
                failed.append(path.name)
                print(run.stdout[-1500:], file=sys.stderr)
    sys.exit(bool(failed))


def _in(folder: Path, arguments: list[str]) -> None:
    import os

    before = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner().invoke(app, arguments)
    finally:
        os.chdir(before)
    if result.exit_code:
        sys.exit(f"{' '.join(arguments)}: {result.stderr}")


if __name__ == "__main__":
    main()
