"""
Write the exports of the eight databases, and what other methods found.

    python3 make_exports.py FOLDER TRUTH

TRUTH says which work each record is of: file, line where it begins, number
of the work. No peerreview command reads it.

The same bytes on every machine: 10,491 records from databases, of 5,191
works, and 14 records from other methods. Only the citations of the 17
included reports are real; everything else is invented, and says so. This
script knows nothing of the rules by which duplicates are found.
"""

import hashlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from dialects import order, write_ovid, write_scopus, write_wos, write_zotero_bib, write_zotero_ris
from works import DATABASES, Copy, hold, make_works

AT_A_TIME = 1_000
"""Web of Science exports this many records at a time."""
FILES = {
    "medline": "ovid-medline.ris",
    "embase": "ovid-embase.ris",
    "emcare": "ovid-emcare.ris",
    "psycinfo": "ovid-psycinfo.ris",
    "nursing": "ovid-nursing.ris",
    "jbi": "ovid-jbi.ris",
    "scopus": "scopus.ris",
}
DONE = "SHA256SUMS"


@cache
def listed() -> dict[str, list[Copy]]:
    """Return the records of each export in the order they stand there."""
    works, others = make_works()
    copies = hold(works)
    held = {name: order([copy for copy in copies if copy.database == name], name) for name in DATABASES}
    wos = held.pop("wos")
    files = {FILES[name]: records for name, records in held.items()}
    for start in range(0, len(wos), AT_A_TIME):
        files[f"web-of-science-{start // AT_A_TIME + 1}.bib"] = wos[start : start + AT_A_TIME]
    grey = [work for work in others if work.kind == "report" and not work.ref]
    files["reference-lists.ris"] = [Copy(work, "reference-lists") for work in others if work not in grey]
    files["grey-literature.bib"] = [Copy(work, "grey-literature") for work in grey]
    return files


def writer(name: str) -> tuple[Callable[[list[Copy]], list[str]], str, str]:
    """Return how an export is written: its records, what stands before them, and its encoding."""
    if name.startswith("ovid"):
        return write_ovid, "", "utf-8"
    if name.startswith("web"):
        return write_wos, "\n", "utf-8"
    if name == "scopus.ris":
        return write_scopus, "", "utf-8-sig"
    return (write_zotero_ris if name.endswith(".ris") else write_zotero_bib), "", "utf-8"


def export(name: str) -> tuple[str, list[int]]:
    """Return an export's text, and the 1-based line where each of its records begins."""
    write, text, _ = writer(name)
    lines = []
    parts = [text]
    line = text.count("\n") + 1
    for record in write(listed()[name]):
        lines.append(line)
        parts.append(record)
        line += record.count("\n")
    return "".join(parts), lines


def main() -> None:
    """Write the exports, the truth, and last of all the checksums of the exports."""
    folder, truth = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    sums = []
    known = ["file,line,work\n"]
    for name in sorted(listed()):
        text, lines = export(name)
        known += [
            f"{name},{line},{copy.work.number}\n" for line, copy in zip(lines, listed()[name], strict=True)
        ]
        content = text.encode(writer(name)[2])
        (folder / name).write_bytes(content)
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    truth.write_text("".join(known), encoding="utf-8", newline="\n")
    part = folder / f".{DONE}.part"
    part.write_text("".join(sums), encoding="utf-8", newline="\n")
    part.replace(folder / DONE)


if __name__ == "__main__":
    main()
