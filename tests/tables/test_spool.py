import gc
import sys
import tempfile

import pytest

from peerreview.tables.spool import Spool


def test_a_spool_that_is_gone_in_a_circle_has_closed_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is gone together the older goes first: here the file is."""
    file = tempfile.SpooledTemporaryFile(max_size=1)  # noqa: SIM115  the spool is to close it
    file.write(b"more than is held in memory")
    files = [file]
    del file
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", lambda **_: files.pop())
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)

    circle: list[object] = [Spool()]
    circle.append(circle)
    del circle
    gc.collect()

    assert said == []
