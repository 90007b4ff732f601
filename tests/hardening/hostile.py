"""Files that mean harm: what a command makes of them, in what time and memory, and what it leaves behind."""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

MOST_GROWTH = 25
"""Times the seconds that ten times the letters may take: linear, with room for noise; a square is 100."""
MOST_MEGABYTES = 2_500


def ris(*lines: str) -> bytes:
    """Return a record in RIS with these lines, as bytes that need be no text."""
    return "\n".join(["TY  - JOUR", *lines, "ER  - ", ""]).encode("utf-8", "surrogatepass")


def workbook(n_letters: int) -> bytes:
    """Return a workbook that unpacks to a thousand times its size."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(n_letters // 100):
                part.write(b" " * 100_000)
    return stream.getvalue()


def entities(n_letters: int) -> bytes:
    """Return PubMed's XML whose entities would unfold to more than memory holds."""
    bomb = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 60))
    told = "x" * n_letters
    return (
        f'<!DOCTYPE x [<!ENTITY e0 "boom">{bomb}]><PubmedArticleSet><PubmedArticle>{told}&e59;'
        "</PubmedArticle></PubmedArticleSet>"
    ).encode()


FILES: Mapping[str, tuple[str, Callable[[int], bytes]]] = {
    "a long abstract": ("a.ris", lambda n: ris("TI  - Peers", f"AB  - {'word ' * n}")),
    "a line without blanks": ("a.ris", lambda n: ris("TI  - Peers", f"AB  - {'x' * 20 * n}")),
    "many authors": ("a.ris", lambda n: ris("TI  - Peers", *(f"AU  - Ade{i}, B." for i in range(n // 10)))),
    "angle brackets": ("a.ris", lambda n: ris(f"TI  - {'<' * n}")),
    "open brackets": ("a.ris", lambda n: ris(f"TI  - {'(' * n} Peers {'[' * n}")),
    "ampersands": ("a.ris", lambda n: ris(f"TI  - {'&amp;' * n}")),
    "blanks": ("a.ris", lambda n: ris(f"TI  - Peers{' ' * n}at work", f"DO  - {' ' * n}10.5555/1")),
    "numbers of many digits": ("a.ris", lambda n: ris("TI  - Peers", f"VL  - {'9' * n}", f"SP  - {'9' * n}")),
    "hostile letters": (
        "a.ris",
        lambda n: ris(
            "TI  - =cmd|' /C calc'!A0 \x1b[31m \u202e <script>alert(1)</script> \\input{/etc/passwd} "
            + "y" * n,
            "UR  - javascript:alert(1)",
            "ID  - ../../../evil",
        ),
    ),
    "lone surrogates": ("a.ris", lambda n: ris("TI  - Peers \ud800" * (n // 100))),
    "braces": ("a.bib", lambda n: b"@article{a, title={" + b"{" * n + b"Peers" + b"}" * n + b"}}\n"),
    "braces that never close": ("a.bib", lambda n: b"@article{a, title={" + b"{" * n + b"Peers\n"),
    "quotes that never close": ("a.csv", lambda n: b"title,doi\n" + b'"' + b"x," * n),
    "nested elements": (
        "a.xml",
        lambda n: (
            b"<PubmedArticleSet><PubmedArticle>"
            + b"<b>" * n
            + b"</b>" * n
            + b"</PubmedArticle></PubmedArticleSet>"
        ),
    ),
    "entities": ("a.xml", entities),
    "a zip bomb": ("a.xlsx", workbook),
}


def attempt(folder: Path, name: str, content: bytes) -> tuple[float, list[str]]:
    """Return the processor seconds that import takes, and what does not hold."""
    (folder / name).write_bytes(content)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "peerreview", "import", name, "--source", "X", "--kind", "other", "--replace"],
        cwd=folder, capture_output=True, check=False, env=dict(os.environ),
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = done.stderr.decode("utf-8", "replace")
    wrong = []
    if done.returncode not in (0, 1, 2) or "Traceback" in said:
        wrong.append(f"exit {done.returncode} after {time.monotonic() - begun:.0f} s: {said[-200:]!r}")
    if after.ru_maxrss > MOST_MEGABYTES * 1_000:
        wrong.append(f"{after.ru_maxrss // 1_000:,} MB")
    if {"\x1b", "\u202e"} & set(said):
        wrong.append("a terminal's own signs reach it")
    strays = {path.name for path in folder.iterdir()} - {name, "records.csv", "rejects.csv"}
    return seconds, [*wrong, *(f"left {stray}" for stray in sorted(strays))]


def run() -> int:
    """Print what each file comes to, with 10,000 letters and with 100,000; return how many do not hold."""
    n_faults = 0
    for what, (name, write) in FILES.items():
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            # What Python's start takes is no part of it.
            idle, _ = attempt(folder, name, write(10))
            short, wrong = attempt(folder, name, write(10_000))
            long, more = attempt(folder, name, write(100_000))
            growth = max(long - idle, 0) / max(short - idle, 0.05)
            wrong += more
            if growth > MOST_GROWTH and long - idle > 1:
                wrong.append("more than linear")
            n_faults += bool(wrong)
            print(
                f"{what}: {short:.1f} and {long:.1f} s, x {growth:.1f}; {'; '.join(wrong) or 'holds'}",
                flush=True,
            )
    return n_faults
