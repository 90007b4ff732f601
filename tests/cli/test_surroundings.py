"""What surrounds a command: streams that are closed or full, terminals that obey, folders that are gone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from peerreview import tables
from peerreview.tables import reading

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="streams, links and signals of POSIX"),
    pytest.mark.slow,
]
OBEYED = "\x1b]0;title\x07\x1b[31m\u202e\x9b2J"
Shell = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a review of two records, one in conflict, whose texts move cursors and hold rare letters."""
    folder = tmp_path_factory.mktemp("review")
    records = [
        {
            "type": "article-journal",
            "title": f"Title one {OBEYED} of \U0001f600 things",
            "author": [{"family": f"Reeves{OBEYED}", "given": "Ann"}],
            "container-title": f"Journal {OBEYED}",
            "issued": {"date-parts": [[2001]]},
        },
        {"type": "book", "title": "Another thing", "issued": {"date-parts": [[2001]]}},
    ]
    (folder / "a.json").write_text(json.dumps(records), encoding="utf-8")
    run(folder, "import a.json --source M --kind database", "dedupe")
    ids = reading.read(folder / "unique.csv", tables.UNIQUE)["record_id"].tolist()
    (folder / "decisions").mkdir()
    said = (("ana", "include"), ("bo", "exclude"))
    votes = "".join(f"{ids[1]},{who},title_abstract,{decision}\n" for who, decision in said)
    (folder / "decisions" / "v.csv").write_text(
        f"record_id,reviewer,stage,decision\n{votes}", encoding="utf-8"
    )
    (folder / "ids").write_text(" ".join(ids), encoding="utf-8")
    run(folder, "screen")
    return folder


def run(
    folder: Path, *commands: str, streams: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run commands in a folder, with what a shell adds to each; return what came of the last."""
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m peerreview {command} {streams}"],
            cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    return done


def quietly(done: "subprocess.CompletedProcess[str]", status: int = 0) -> None:
    assert "Traceback" not in done.stderr
    assert done.returncode == status, done.stderr


COMMANDS = (
    "trace {1}", "trace {1} --text", "trace {1} --json", "dedupe --explain {0} {1}", "status",
    "status --json", "why-not Title", "screen --status", "prisma --check",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_text_of_a_record_is_obeyed_by_the_terminal(folder: Path, command: str) -> None:
    done = run(folder, command.format(*(folder / "ids").read_text().split()))

    assert done.stdout
    assert not set(OBEYED) & set("\x1b\x07\u202e\x9b") & {*done.stdout, *done.stderr}


def test_letters_that_a_terminal_lacks_are_spelled_out(folder: Path) -> None:
    done = run(folder, "why-not Title", PYTHONIOENCODING="cp1252")

    quietly(done)
    assert "\\U0001f600" in done.stdout


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", ">&- 2>&- <&-", "2>/dev/full"])
def test_a_closed_stream_stops_no_work_and_takes_no_file_s_place(folder: Path, streams: str) -> None:
    before = (folder / "screening.csv").read_bytes()
    (folder / "screening.csv").unlink()

    quietly(run(folder, "screen", streams=streams))

    assert (folder / "screening.csv").read_bytes() == before


@pytest.mark.parametrize("command", ["status", "--help", "--version"])
def test_a_full_standard_output_is_told_in_one_line(folder: Path, command: str) -> None:
    done = run(folder, command, streams=">/dev/full")

    quietly(done, 1)
    assert done.stderr.splitlines()[-1] == "standard output: No space left on device"


def test_a_table_is_not_written_to_a_stream_that_is_closed(folder: Path) -> None:
    done = run(folder, "export unique.csv -o -", streams=">&-")

    quietly(done, 1)
    assert done.stderr.splitlines()[-1] == "-: cannot be written: standard output is closed"


@pytest.mark.parametrize("command", ["status", "screen", "config", "init new", "import a.json", "prisma"])
def test_a_working_folder_that_is_gone_is_told(tmp_path: Path, command: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    done = subprocess.run(
        ["bash", "-c", f"cd {gone} && rmdir {gone} && {sys.executable} -m peerreview {command}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize(
    "command", ["screen -o loop.csv", "dedupe loop.csv", "import loop.csv", "screen --resolve loop.csv",
                "prisma --flow loop.csv", "table characteristics --template loop.csv",
                "dedupe --overrides loop.csv", "prisma -o loop.csv", "report -o loop.csv", "init loop.csv"],
)  # fmt: skip
def test_links_that_lead_to_each_other_are_told_in_one_line(folder: Path, command: str) -> None:
    for one, other in (("loop.csv", "pool.csv"), ("pool.csv", "loop.csv")):
        if not (folder / one).is_symlink():
            (folder / one).symlink_to(folder / other)

    done = run(folder, command)

    assert "Traceback" not in done.stderr
    assert done.returncode in (1, 2)
    assert re.search(r"[lp]oo[lp]\.csv", done.stderr)


@pytest.mark.parametrize("at", ["/nowhere", "/dev/null", "/proc"])
def test_no_command_needs_a_place_for_passing_files(folder: Path, at: str) -> None:
    for command in (
        "dedupe --workers 2",
        "screen --form cy -o cy.xlsx",
        "table excluded -o t.docx",
        "export -o u.csv",
    ):
        quietly(run(folder, command, TMPDIR=at, TEMP=at, TMP=at))


@pytest.mark.parametrize("after", [0.1, 0.2, 0.4, 0.8])
def test_ctrl_c_ends_a_command_at_any_moment_without_a_traceback(folder: Path, after: float) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "peerreview", "dedupe", "--workers", "1"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(after)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate()

    if "peerreview" in told:
        # Python's own start-up is not ours.
        assert "Traceback" not in told
    assert not [path.name for path in folder.iterdir() if path.name.endswith((".part", ".lock"))]


def test_what_a_killed_command_left_goes_with_the_next_one_that_writes(folder: Path) -> None:
    left = [f"{path}.{end}" for path in (".overrides.csv", "decisions/.v.csv") for end in ("lock", "71.part")]
    for name in left:
        (folder / name).touch()

    quietly(run(folder, "dedupe --workers 1 --quiet"))

    assert [name for name in left if (folder / name).exists()] == []
