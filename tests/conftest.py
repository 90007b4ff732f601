"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine fails no test; CI tries the same examples each time, other machines look for new ones.
settings.register_profile("peerreview", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("peerreview")


@pytest.fixture
def corpus() -> Path:
    """Return the folder of real exports and labels; skip, and say so, where there is none."""
    folder = os.environ.get("PEERREVIEW_CORPUS", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PEERREVIEW_CORPUS names no folder: the tests on real exports did not run")
    return Path(folder)
