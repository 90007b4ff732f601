"""What every test may ask for."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
import typer.testing
from hypothesis import settings

# A busy machine fails no test; CI tries the same examples each time, other machines look for new ones.
settings.register_profile("peerreview", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("peerreview")

# To make all commands anew for each that is run takes up to half of what a small one does.
vars(typer.testing)["_get_command"] = cache(vars(typer.testing)["_get_command"])

QUICK_SECONDS, SLOW_SECONDS = 0.02, 1.3
"""What a test takes, about, on an ordinary machine of two cores."""
NO_CORPUS = "PEERREVIEW_CORPUS names no folder, so the tests on real exports are skipped"


def _corpus() -> Path | None:
    folder = os.environ.get("PEERREVIEW_CORPUS", "")
    return Path(folder) if folder and Path(folder).is_dir() else None


def pytest_report_header() -> str:
    """Return a line for the top of a run: whether there are real exports to read."""
    return f"real exports: {_corpus() or f'none; {NO_CORPUS}'}"


def pytest_report_collectionfinish(items: Sequence[pytest.Item]) -> str:
    """Return a line for the top of a run: how large it is, and about how long it takes."""
    n_slow = sum(item.get_closest_marker("slow") is not None for item in items)
    seconds = (len(items) - n_slow) * QUICK_SECONDS + n_slow * SLOW_SECONDS
    length = f"{seconds / 60:.1f} minutes" if seconds > 30 else "less than half a minute"
    return f"{len(items):,} tests, {n_slow} of them slow: about {length} on two cores"


def pytest_make_parametrize_id(val: object) -> str | None:
    """Return a name for a zip in bytes, which differ by the clock: tests are named alike in every run."""
    return "zip" if isinstance(val, bytes) and val.startswith(b"PK\x03\x04") else None


@pytest.fixture
def corpus() -> Path:
    """Return the folder of real exports and labels; skip, and say so, where there is none."""
    folder = _corpus()
    if folder is None:
        pytest.skip(NO_CORPUS)
    return folder
