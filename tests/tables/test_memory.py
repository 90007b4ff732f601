import ctypes

import pytest

from peerreview.tables import memory


@pytest.mark.parametrize("error", [OSError, AttributeError, TypeError])
def test_a_system_that_takes_no_memory_back_is_no_fault(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", refuse)

    memory.give_back()
