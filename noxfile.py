"""Checks and measurements; ``nox -l`` lists them."""

import os
import shutil
from pathlib import Path

import nox

# Tests run hundreds of commands, which would each compile all that they import.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("UV_COMPILE_BYTECODE", "1")
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["coverage", "lint", "types", "example"]
nox.needs_version = ">=2024.10.9"
ALTERNATIVES = ("bib-dedupe==0.11.0", "asreview==1.6", "setuptools<81")
"""What dedupe is measured beside; ASReview 1.6 asks setuptools for its plug-ins."""
PYPROJECT = nox.project.load_toml("pyproject.toml")
DOORS = [
    *(
        f"tests/{room}"
        for room in ("duplicates", "render", "tables", "imports/papers", "imports/formats/writers")
    ),
    *(f"tests/imports/formats/test_{name}.py" for name in ("bibtex", "formats", "ris", "samples", "xlsx")),
    "tests/screening/test_relevance.py",
    *(
        f"tests/cli/test_{name}.py"
        for name in ("cli", "console", "desk", "form", "forms", "import", "outputs", "screen", "table")
    ),
]
"""What meets other libraries: what the oldest of them break shows there."""
PYTHONS = nox.project.python_versions(PYPROJECT)


def _install(session: nox.Session, *groups: str) -> None:
    session.install("-e", ".[all]", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, on all cores."""
    _install(session, "tests")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and print the lines that none of them runs; about a third slower."""
    _install(session, "tests")
    session.run("pytest", "-n", "auto", "--cov", "--cov-report=term-missing:skip-covered", *session.posargs)


@nox.session(python=PYTHONS)
def quick(session: nox.Session) -> None:
    """Run the quick half of the tests on another Python: all but those that take more than a second."""
    _install(session, "tests")
    session.run("pytest", "-n", "auto", "-m", "not slow", *session.posargs)


@nox.session
def minimums(session: nox.Session) -> None:
    """Run the quick tests of what meets other libraries, and the examples, with their lowest versions."""
    session.install("uv")
    groups = nox.project.dependency_groups(PYPROJECT, "tests")
    session.run("uv", "pip", "install", "--resolution", "lowest-direct", "-e", ".[all]", *groups)
    # The oldest pytest-xdist asks its workers for tests in one order; names out of a set have none.
    one_order = {"PYTHONHASHSEED": "0"}
    session.run("pytest", "-n", "auto", "-m", "not slow", *(session.posargs or DOORS), env=one_order)
    session.run("pytest", "-n", "auto", "-k", "committed", "tests/test_example.py", env=one_order)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and layers."""
    session.install("-e", ".", *nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    _install(session, "tests", "types")
    session.install("nox")
    session.run("mypy")


@nox.session
def example(session: nox.Session) -> None:
    """Run the worked example from the installed package, twice, and compare every byte."""
    session.install(".")
    copies = [Path(session.create_tmp()) / name for name in ("one", "another/folder")]
    for seed, folder in enumerate(copies):
        shutil.rmtree(folder, ignore_errors=True)
        session.run("peerreview", "init", str(folder), "--example")
        environment = {"PYTHONHASHSEED": str(seed)}
        session.run("make", "-C", str(folder), "all", "evidence.md", external=True, env=environment)
    session.run("make", "-C", str(copies[1]), "--question", "all", "evidence.md", external=True)
    one, another = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in copies
    )
    differing = sorted(str(path) for path in one | another if one.get(path) != another.get(path))
    if differing:
        session.error(f"two runs differ in {', '.join(differing)}")
    for path in sorted(Path("examples/peer-workforce/expected").iterdir()):
        made = [
            content
            for name, content in one.items()
            if name.name == path.name and "expected" not in name.parts
        ]
        if made != [path.read_bytes()]:
            session.error(f"{path.name} is not the one in expected/")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and accuracy beside the alternatives; ``-- imports dedupe …`` chooses parts."""
    _install(session, "tests")
    if not session.posargs or {"dedupe", "ranking"} & set(session.posargs):
        # bib-dedupe and ASReview want other versions of what peerreview stands on.
        alternatives = Path(session.create_tmp()).resolve() / "alternatives"
        python = alternatives / "bin" / "python"
        if not python.exists():
            session.run("python", "-m", "venv", str(alternatives))
        session.run(str(python), "-m", "pip", "install", "-q", *ALTERNATIVES, external=True)
        session.env["PEERREVIEW_BENCH_PYTHON"] = str(python)
    if "scale" in session.posargs:
        session.install("-e", ".[dask]", "duckdb==2.0.1", "psutil")
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session
def corpus(session: nox.Session) -> None:
    """Read every export under PATH (``-- PATH``) and compare with the counts in its INDEX.csv."""
    _install(session, "tests")
    session.run("python", "-m", "tests.corpus", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Open prisma.html and a screening form in headless Chromium; as root, apt-get installs that."""
    programs, packages = ("chromium", "chromedriver"), ("chromium", "chromium-driver")
    missing = [name for name in programs if shutil.which(name) is None]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        for step in (("update",), ("install", "-y", *packages)):
            session.run("apt-get", *step, external=True, silent=True, success_codes=[0, 100])
        missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        session.error(f"no {' and no '.join(missing)} here; as root: apt-get install {' '.join(packages)}")
    _install(session, "tests")
    session.install("selenium>=4.20", "playwright>=1.50")
    screenshots = Path(session.create_tmp())
    session.env["PEERREVIEW_SCREENSHOTS"] = str(screenshots)
    session.run("pytest", "-s", "tests/browser/page.py", "tests/browser/form.py", *session.posargs)
    session.log(f"screenshots are in {screenshots}")


@nox.session
def hardening(session: nox.Session) -> None:
    """Pull the plug, read hostile files, run elsewhere: ``-- kills --kills 200``, ``-- hostile``."""
    _install(session, "tests")
    session.run("python", "-m", "tests.hardening", *session.posargs)


@nox.session
def crate(session: nox.Session) -> None:
    """
    Pack the worked example, and have roc-validator check it as an RO-Crate 1.2.

    The validator fetches the context of RO-Crate 1.2 from w3id.org. Without a network, name a copy of that
    file: ``-- context.jsonld``. It then says which checks it leaves out: whether addresses can be reached.
    """
    session.install("-e", ".")
    folder = Path(session.create_tmp()).resolve() / "review"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("peerreview", "init", str(folder), "--example", "--living")
    session.run("make", "-C", str(folder), "all", external=True, silent=True)
    with session.chdir(folder):
        session.run("peerreview", "package")
    # It pins a rich of its own: beside peerreview it would take away that of ours.
    session.install("roc-validator==0.13.0")
    options = []
    for context in session.posargs:
        cache = folder.parent / "cache"
        session.run("python", "-m", "tests.crate", context, str(cache))
        options = ["--offline", "--cache-path", str(cache), "--skip-availability-check"]
    session.run(
        "rocrate-validator", "-y", "validate", "--no-paging", "-v", "-p", "ro-crate-1.2",
        "--show-skipped-checks", *options, str(folder / "review.zip"),
    )  # fmt: skip


@nox.session
def mutants(session: nox.Session) -> None:
    """Count how many faults, put in one at a time, the tests notice; ``-- PART … --sample N`` chooses."""
    _install(session, "tests")
    session.install("cosmic-ray>=8.4")
    session.run("python", "-m", "tests.mutants", *session.posargs)


@nox.session
def latex(session: nox.Session) -> None:
    """Compile every table as LaTeX, where there is tectonic or a TeX Live; skipped where there is none."""
    if not (shutil.which("tectonic") or shutil.which("pdflatex")):
        session.skip("no tectonic and no pdflatex on the PATH; install either to compile the tables")
    _install(session, "tests")
    session.run("python", "-m", "tests.latex")


@nox.session
def docs(session: nox.Session) -> None:
    """Build docs/ as a site, strictly: a dead link, or a page that none leads to, is an error."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "docs"))
    site = Path(session.create_tmp()).resolve() / "site"
    session.run("sphinx-build", "--fail-on-warning", "--keep-going", "--fresh-env", "-q", "docs", str(site))
    session.log(f"open {site / 'index.html'}")


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel and the source archive, and install the wheel."""
    session.install("build")
    session.run("python", "-m", "build")
    wheel = max(Path("dist").glob("*.whl"), key=lambda path: path.stat().st_mtime)
    session.install("--force-reinstall", str(wheel))
    session.run("peerreview", "--version")
