"""Run the command line with ``python -m peerreview``."""

from peerreview.cli import main

if __name__ == "__main__":
    main()
