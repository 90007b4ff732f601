"""Checks and measurements; ``nox -l`` lists them."""

from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["tests", "lint", "types", "example"]
nox.needs_version = ">=2024.10.9"
PYPROJECT = nox.project.load_toml("pyproject.toml")


def _install(session: nox.Session, *groups: str) -> None:
    session.install("-e", ".[png,pdf,docx,xlsx,parquet]", *nox.project.dependency_groups(PYPROJECT, *groups))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests."""
    _install(session, "tests")
    session.run("pytest", "--cov", "--cov-report=term-missing:skip-covered", *session.posargs)


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
    """Run the worked example's Makefile in a fresh copy."""
    session.install(".[png,pdf,docx,xlsx]")
    folder = Path(session.create_tmp()) / "peer-workforce"
    session.run("rm", "-rf", str(folder), external=True)
    session.run("cp", "-R", "examples/peer-workforce", str(folder), external=True)
    session.run("make", "-C", str(folder), external=True)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed and accuracy beside the alternatives; ``-- import dedupe …`` chooses parts."""
    _install(session, "tests")
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session
def corpus(session: nox.Session) -> None:
    """Read every export under PATH (``-- PATH``) and compare with the counts in its INDEX.csv."""
    _install(session, "tests")
    session.run("python", "-m", "tests.corpus", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel and the source archive, and install the wheel."""
    session.install("build")
    session.run("python", "-m", "build")
    wheel = max(Path("dist").glob("*.whl"), key=lambda path: path.stat().st_mtime)
    session.install("--force-reinstall", str(wheel))
    session.run("peerreview", "--version")
