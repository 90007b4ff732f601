"""Commands of peerreview in pseudo-terminals, whose keys a test presses; where a system has such."""

import contextlib
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds until a busy machine has shown what it was asked for; in vain, it is a fault."""
QUIET = 0.3
"""Seconds without a byte after which a screen is taken for drawn."""


class Terminal:
    """A terminal of 80 columns and 24 lines in which a command of peerreview runs."""

    def __init__(self, *arguments: str) -> None:
        self.ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "peerreview", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(theirs)
        self.said = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while piece := os.read(self.ours, 65_536):
                self.said += piece

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def press_each(self, keys: str) -> None:
        """Press keys as people do: each once the screen shows what the one before it did."""
        for key in keys:
            until(self.is_drawn, "the screen is drawn")
            self.press(key)

    def is_drawn(self) -> bool:
        """Wait for a moment; return whether the screen is there and did not change meanwhile."""
        before = len(self.said)
        time.sleep(QUIET)
        return b"quit" in self.said and len(self.said) == before

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """End what still runs here."""
        self.kill()
        os.close(self.ours)


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fail once patience ends."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < PATIENCE, f"in vain: {what}"
        time.sleep(0.01)
