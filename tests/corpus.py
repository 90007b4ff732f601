"""
Read real exports and compare: ``python -m tests.corpus PATH``, or ``nox -s corpus -- PATH``.

PATH holds ``INDEX.csv`` (``file, format, expected_records``), or a folder
``imports`` that does. A file is right where imported and rejected records
together are as many as expected, each line of it stands in a record, a
reject or a warning, and each value of a record in its columns, in
``extra`` or in its verbatim text.
"""

import csv
import io
import json
import logging
import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import bibtexparser.entrypoint
import rispy
from rich.console import Console
from rich.table import Table

from peerreview.errors import InputError
from peerreview.imports import formats, stretches
from peerreview.imports.formats import RawRecord
from peerreview.values.cells import text as plain
from tests.exports import read_export


@dataclass
class Reading:
    """What we made of a file, and the alternative's number of records."""

    file: str
    format: str
    expected: int | None
    imported: int = 0
    rejected: int = 0
    problem: str = ""
    lost: list[str] = field(default_factory=list)
    raw_only: int = 0
    values: int = 0
    other: int | None = None

    @property
    def is_right(self) -> bool:
        """Whether the count is as expected and nothing is lost."""
        counted = self.expected is None or self.imported + self.rejected == self.expected
        return counted and not self.lost


def main() -> None:
    """Read the corpus, print a table per format, and fail where a file is wrong."""
    where = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PEERREVIEW_CORPUS", "")
    folders = [Path(where), Path(where) / "imports"] if where else []
    folder = next((each for each in folders if (each / "INDEX.csv").is_file()), None)
    if folder is None:
        sys.exit(f"no corpus: {where or 'no PATH given'} holds no INDEX.csv; nox -s corpus -- PATH")
    logging.disable(logging.CRITICAL)
    rows = list(csv.DictReader(io.StringIO((folder / "INDEX.csv").read_text(encoding="utf-8-sig"))))
    readings = [read(folder, row) for row in rows if (folder / row["file"]).is_file()]
    show(readings)
    wrong = [each for each in readings if not each.is_right]
    if wrong or not readings:
        sys.exit(f"{len(wrong)} of {len(readings)} files are wrong")


def read(folder: Path, row: dict[str, str]) -> Reading:
    """Return what we make of one file."""
    number = row.get("expected_records", "").strip()
    found = Reading(row["file"], row.get("format", ""), int(number) if number.isdigit() else None)
    content = (folder / row["file"]).read_bytes()
    found.other = count_by_others(found.format, content)
    try:
        batch = read_export(content)
        module, decoded, parts = stretches.read_raw(content)
    except InputError as error:
        found.problem = error.message
        return found
    found.format = module.NAME
    found.imported, found.rejected = batch.imported, len(batch.rejects)
    found.lost = find_lost(decoded.text, parts)
    for part in parts:
        if isinstance(part, RawRecord):
            checked, in_raw_only, nowhere = check_values(part, module.to_fields(part))
            found.values += checked
            found.raw_only += in_raw_only
            found.lost += nowhere
    return found


def find_lost(text: str, parts: list[formats.Part]) -> list[str]:
    """Return the lines of a tagged export or of BibTeX that stand in no record, reject or warning."""
    kept = Counter[str]()
    for part in parts:
        kept.update(line.strip() for line in part.text.split("\n"))
    there = Counter(line.strip() for line in text.split("\n"))
    return [line for line in there - kept if line and is_content(line)]


def is_content(line: str) -> bool:
    """Return whether a line is of a record by its looks: a RIS tag with a value or a BibTeX field."""
    tag, mark, value = line[:2], line[2:6], line[6:]
    return tag.isupper() and mark == "  - " and bool(value) and tag != "ER"


def check_values(raw: RawRecord, fields: dict[str, str]) -> tuple[int, int, list[str]]:
    """Return how many values a record has, how many stand in its text alone, and those that stand nowhere."""
    cells = [cell for column, cell in fields.items() if column != "extra"]
    extra = fields["extra"] or "{}"
    blob = squeeze(" ".join([*cells, extra, *leaves(json.loads(extra))]))
    text = squeeze(raw.text)
    raw_only = 0
    nowhere = []
    given = [(tag, value) for tag, value in raw.tags if value.strip()]
    for tag, value in given:
        if squeeze(value) in blob or squeeze(plain(value)) in blob:
            continue
        if squeeze(value) in text or squeeze(value.replace('"', '""')) in text:
            raw_only += 1
        elif not stands_in_parts(value, raw.text):
            nowhere.append(f"{tag}: {value[:60]}")
    return len(given), raw_only, nowhere


def leaves(value: object) -> list[str]:
    """Return all texts within a JSON value."""
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [str(value)]


def stands_in_parts(value: str, text: str) -> bool:
    """Return whether each word of a value is in a text, which may write it with entities, wraps or macros."""
    clean = plain(text)
    return all(word in text or word in clean for word in value.split())


def squeeze(text: str) -> str:
    """Return a text without white space, as lines are wrapped anywhere."""
    return "".join(text.split())


def count_by_others(name: str, content: bytes) -> int | None:
    """Return how many records rispy or bibtexparser's ``entries`` find; -1 where they fail."""
    try:
        if name == "ris":
            return len(rispy.loads(content.decode("utf-8")))
        if name == "bib":
            return len(bibtexparser.entrypoint.parse_string(content.decode("utf-8")).entries)
    except Exception:  # noqa: BLE001  whatever they raise is what their users get
        return -1
    return None


def show(readings: list[Reading]) -> None:
    """Print a table per format, then the files that are wrong, and those without an expectation."""
    table = Table(title="Real exports: files right, records kept")
    for name in ("format", "files", "right", "records", "imported", "rejected", "values", "in raw text only",
                 "others: files right", "others: records"):  # fmt: skip
        table.add_column(name, justify="left" if name == "format" else "right")
    for name in sorted({each.format for each in readings}):
        chosen = [each for each in readings if each.format == name]
        others = [each for each in chosen if each.other is not None]
        table.add_row(
            name,
            str(len(chosen)),
            str(sum(each.is_right for each in chosen)),
            f"{sum(each.expected or 0 for each in chosen):,}",
            f"{sum(each.imported for each in chosen):,}",
            f"{sum(each.rejected for each in chosen):,}",
            f"{sum(each.values for each in chosen):,}",
            f"{sum(each.raw_only for each in chosen):,}",
            f"{sum(each.other == each.expected for each in others)} of {len(others)}" if others else "",
            f"{sum(max(0, each.other or 0) for each in others):,}" if others else "",
        )
    console = Console(width=140)
    console.print(table)
    console.print(
        "others: rispy for RIS, bibtexparser's .entries for BibTeX; both from UTF-8 text", markup=False
    )
    for each in readings:
        if not each.is_right:
            counts = f"expected {each.expected}, imported {each.imported}, rejected {each.rejected}"
            console.print(f"WRONG {each.file}: {counts} {each.problem} {each.lost[:3]}", markup=False)
        elif each.expected is None:
            console.print(f"no expectation: {each.file}: imported {each.imported}", markup=False)


if __name__ == "__main__":
    main()
