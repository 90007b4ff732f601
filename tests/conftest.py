"""What every test may ask for."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def corpus() -> Path:
    """Return the folder of real exports and labels; skip, and say so, where there is none."""
    folder = os.environ.get("PEERREVIEW_CORPUS", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PEERREVIEW_CORPUS names no folder: the tests on real exports did not run")
    return Path(folder)
