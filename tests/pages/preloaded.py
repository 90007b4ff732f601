"""
``peerreview`` from a process that has loaded it already: a command that a page shows begins at once.

Each command has a process of its own, with the shell's folder, environment and streams; it is only not kept
waiting for the libraries. Run as a script, this is that process; what it forks are the commands.
"""

import atexit
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

# What the shell finds as peerreview, and the program that it is.
_COMMAND = "#!/bin/sh\nexec '{python}' -ISs '{program}' '{address}' \"$@\"\n"
_PROGRAM = """\
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[1])
said = json.dumps([["peerreview", *sys.argv[2:]], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [len(said).to_bytes(8)], [0, 1, 2])
server.sendall(said)
sys.exit(int(server.recv(4) or 137))
"""


@cache
def folder() -> Path | None:
    """Return the folder of a ``peerreview`` that begins at once; None where there can be none."""
    if not hasattr(os, "fork") or not hasattr(socket, "send_fds"):
        return None
    place = tempfile.TemporaryDirectory(prefix="peerreview-")
    command, program, address = (Path(place.name) / name for name in ("peerreview", "ask.py", "socket"))
    command.write_text(
        _COMMAND.format(python=sys.executable, program=program, address=address), encoding="utf-8"
    )
    command.chmod(0o700)
    program.write_text(_PROGRAM, encoding="utf-8")
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    server = subprocess.Popen(
        [sys.executable, "-P", __file__, str(address)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment,
    )  # fmt: skip
    atexit.register(place.cleanup)
    atexit.register(server.kill)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n", "the command line could not be loaded"
    return Path(place.name)


def _load() -> None:
    import peerreview

    for each in pkgutil.walk_packages(peerreview.__path__, "peerreview."):
        # What an extra that is not here needs is not loaded.
        with suppress(ImportError):
            import_module(each.name)


def _serve(address: str) -> None:
    """Fork a command for each that asks, without end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(64)
        os.write(1, b"ready\n")
        while True:
            asker, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _run(asker)
            asker.close()


def _run(asker: socket.socket) -> None:
    """Run the command that is asked for as this process, to its end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        length, streams, _, _ = socket.recv_fds(asker, 8, 3)
        with asker.makefile("rb") as stream:
            sys.argv, cwd, environment = json.loads(stream.read(int.from_bytes(length)))
        for place, descriptor in enumerate(streams):
            os.dup2(descriptor, place)
            os.close(descriptor)
        # What was opened before knows another file by these numbers.
        sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace")
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        status = _status()
    except BaseException:  # noqa: BLE001  whatever it is, it is told before the process ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        asker.sendall(str(status).encode())
        os._exit(status)


def _status() -> int:
    """Return how the command line ends."""
    from peerreview.__main__ import run

    try:
        run()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    _load()
    _serve(sys.argv[1])
