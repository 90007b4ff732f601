"""
Damaged exports of every format: no traceback, no hang, and nothing lost without a word.

``PEERREVIEW_VARIANTS`` sets how many variants are tried in all, 300 where it is not set.
"""

import io
import os
import random
import re

import pytest

from peerreview.errors import InputError, PeerreviewError
from peerreview.imports import stretches
from peerreview.imports.formats import RawRecord, Warned, mixture
from peerreview.imports.formats.shared import grids
from tests.exports import read_export
from tests.imports.formats.samples import SAMPLES

VARIANTS = int(os.environ.get("PEERREVIEW_VARIANTS", "300"))
EACH = -(-VARIANTS // len(SAMPLES))
TITLES = ("acute", "Supervision of peer workers", "Recovery colleges")
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "utf-8")
WRAPPER = re.compile(
    # What frames records and is none: declarations, wrapper elements, brackets, headers and legends.
    r"<\?.*|<!DOCTYPE.*|.*</?(?:xml|records|PubmedArticleSet|Trials_downloaded_from_ICTRP)>.*|[\[\]{},\s]*|"
    r"FN.*|VR.*|EF|ER|ER  -.*|[A-Z][A-Z0-9]  -|Refworks .*|Tag legend|\*+|[A-Z0-9]{2}=.*|.*BEGIN EXPORTED.*",
    re.IGNORECASE,
)
JOINED = re.compile(r"(?:Refworks Export Tagged Format|FN [A-Z].*|<\?xml.*)$")
"""What frames records, and stands within a line where no line end stood above."""
DECLARATION = re.compile(r"<!DOCTYPE[^<>]*>|<\?[^<>]*\?>")
HEADERS = ("Title", "Author", "Year", "DOI", "PMID", "Abstract", "TI", "AU", "PY", "DI")


def damage(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return an export as disks, downloads, editors and people damage it."""
    kind = chance.choice(
        ("cut", "flip", "flips", "line", "lines", "swap", "encode", "join", "repeat", "blank")
    )
    lines = content.split(b"\n")
    if kind == "cut":
        return content[: chance.randrange(len(content))]
    if kind in {"flip", "flips"}:
        flipped = bytearray(content)
        for _ in range(1 if kind == "flip" else chance.randrange(2, 30)):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        return bytes(flipped)
    if kind in {"line", "lines"}:
        for _ in range(1 if kind == "line" else min(chance.randrange(2, 6), len(lines))):
            del lines[chance.randrange(len(lines))]
        return b"\n".join(lines)
    if kind == "swap":
        first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
        return b"\n".join(lines)
    if kind == "encode":
        text = content.decode(errors="replace")
        return text.encode(chance.choice(ENCODINGS), errors="replace")
    if kind == "join":
        other = chance.choice(others)
        return content + other if chance.random() < 0.5 else other[: chance.randrange(len(other))] + content
    if kind == "repeat":
        start = chance.randrange(len(content))
        return content[:start] + content[start : start + chance.randrange(500)] * 2 + content[start:]
    return b"\r\n".join(line for each in lines for line in ([each, b""] if chance.random() < 0.2 else [each]))


def judge(content: bytes) -> None:
    """Check what holds for every export, sound or not."""
    refused = ""
    try:
        batch = read_export(content)
    except PeerreviewError as error:
        refused = str(error)
    if refused:
        assert "\n" not in refused
        return
    _, decoded, parts = stretches.read_raw(content)
    text = decoded.text
    sound = [part for part in parts if isinstance(part, RawRecord)]
    assert batch.found == batch.imported + len(batch.rejects)
    assert batch.found == sum(not isinstance(part, Warned) for part in parts)
    # Where an export is joined to one without a last line end, a word may belong to both.
    kept = "\n".join(part.text for part in parts) + "\n" + "".join(part.text for part in parts)
    content_lines = DECLARATION.sub("", text).split("\n")
    shape = grids.find_shape(text.splitlines(keepends=True)[:60]) if batch.format == "spreadsheet" else None
    for each in content_lines[shape.begin if shape else 0 :]:
        line = JOINED.sub("", each)
        if not WRAPPER.fullmatch(line.strip()) and sum(header in line for header in HEADERS) < 2:
            for word in re.findall(r"\w+", line):
                assert word in kept, line
    lines = text.split("\n")
    for part in parts:
        assert 1 <= part.line <= len(lines)
    for record in sound:
        assert record.text in text
        assert record.text.split("\n", 1)[0] in lines[record.line - 1]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_export_is_read_or_rejected_but_never_lost(name: str) -> None:
    _, text = SAMPLES[name]
    others = [other.encode() for _, other in SAMPLES.values()]

    for number in range(EACH):
        chance = random.Random(f"{name} {number}")  # noqa: S311  nothing is secret here
        content = text.encode()
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            content = damage(content, others, chance) or b"\n"
        try:
            judge(content)
        except BaseException:
            print(f"variant {number} of {name}:\n{content!r}")
            raise


@pytest.mark.parametrize("name", SAMPLES)
def test_a_lost_line_never_makes_one_record_of_two(name: str) -> None:
    _, text = SAMPLES[name]
    lines = text.split("\n")

    for dropped in range(len(lines)):
        damaged = "\n".join(lines[:dropped] + lines[dropped + 1 :])
        try:
            found = mixture.detect(damaged)
        except InputError:
            assert any(header in lines[dropped] for header in HEADERS)
            continue
        for part in found.parse(damaged):
            if isinstance(part, RawRecord):
                assert sum(title in part.text for title in TITLES) < 2, lines[dropped]


def test_a_damaged_workbook_is_read_or_refused_in_one_line() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    for row in (["Title", "Authors", "Year"], *([title, "Sample, A.", 2024] for title in TITLES)):
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    whole = stream.getvalue()

    assert read_export(whole).imported == len(TITLES)
    for number in range(EACH):
        chance = random.Random(f"workbook {number}")  # noqa: S311  nothing is secret here
        try:
            batch = read_export(damage(whole, [whole], chance) or b"\n")
        except PeerreviewError as error:
            refused = str(error)
        else:
            refused = ""
            assert batch.found == batch.imported + len(batch.rejects)
        assert "\n" not in refused
