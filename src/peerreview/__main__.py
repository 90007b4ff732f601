"""``python -m peerreview``, and what the command ``peerreview`` runs."""

import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until something is under way that wants to be put in order, Ctrl-C ends this without a word.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from peerreview.cli import main


def run() -> None:
    """Run the command line; from here on Ctrl-C leaves files whole and locks free."""
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        main()
    except KeyboardInterrupt:
        # Before typer's own handler stands, and after it is gone.
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    run()
