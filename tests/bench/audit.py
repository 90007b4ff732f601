"""
Audits of published reviews beside what a reader found in them: numbers right, numbers missed, verdicts.

The papers are other people's and do not ship: the folder that holds them, as
any of the formats read, is named by PEERREVIEW_PAPERS. ``audit.toml`` has
what a reader found, by DOI.
"""

import os
import random
import re
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peerreview.flow import OTHER_METHODS
from peerreview.flow.bounds import sides
from peerreview.flow.identities import IDENTITIES
from peerreview.flow.parting import PIECED
from peerreview.flow.printed import Audit, audit
from peerreview.imports.papers import Paper, reading, statements

FOLDER = "PEERREVIEW_PAPERS"
FACTS = Path(__file__).with_suffix(".toml")
LOTS = (*"ABCDEFGHIJKMNOPQRSTUXYZ", "AA", "BB", "CC", "DD", "EE", "FF", "GG", "HH", "II", "JJ", "KK", "LL")
SETS = ("development", "first aside", "aside", *(f"lot {lot}" for lot in LOTS))


@dataclass
class Found:
    """What was read of a set of papers: numbers right, wrong and missed, and verdicts beside the reader's."""

    n_papers: int = 0
    right: int = 0
    alone: Counter[bool] = field(default_factory=Counter)
    once: Counter[bool] = field(default_factory=Counter)
    boxes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)


_MERGED = {"studies": "included", "reports": "included", "automation": "other_reasons"}


def kinds(boxes: Mapping[str, Sequence[int]]) -> dict[str, set[int]]:
    """Return boxes as the facts have them: any other method, studies or reports, any other reason."""
    merged: dict[str, set[int]] = {}
    for box, counts in boxes.items():
        name = "other" if box in OTHER_METHODS.values() else _MERGED.get(box, box)
        merged.setdefault(name, set()).update(counts)
    return merged


def compare(found: Found, told: Mapping[str, Any], audited: Audit) -> None:
    """Count what was read of a paper beside what a reader found, and what a reader may find."""
    once = kinds({box: [each.n for each in of] for box, of in audited.once.items()})
    read, facts = kinds(audited.boxes), {box: set(counts) for box, counts in told["boxes"].items()}
    either = {box: set(counts) for box, counts in told.get("open", {}).items()}
    found.n_papers += 1
    for box, counts in read.items():
        for n in sorted(counts):
            is_right = n in facts.get(box, set()) | either.get(box, set())
            found.boxes[box]["right" if is_right else "wrong"] += 1
            # Of two numbers for a box the audit says that either may be it.
            found.alone[is_right] += len(counts) == 1
            found.once[is_right] += len(counts) == 1 and n in once.get(box, ())
            if is_right:
                found.right += 1
            else:
                found.wrong.append(f"{told['paper']}: {box} {n:,}")
    blank = [box for box in facts if not facts[box] & read.get(box, set())]
    for box in blank:
        found.boxes[box]["blank"] += 1
    found.missed += [f"{told['paper']}: {box}" for box in blank]
    found.verdicts[told["verdict"], audited.status] += 1


def print_found(name: str, found: Found) -> None:
    """Print what was read of a set of papers."""
    n_read = found.right + len(found.wrong)
    n_boxes = found.right + len(found.missed)
    print(f"{name}: {found.n_papers} papers")
    print(f"  numbers right   {found.right} of {n_read} read ({found.right / max(n_read, 1):.1%})")
    for what, counted in (
        ("alone in a box ", found.alone),
        ("  told once    ", found.once),
        ("  others       ", found.alone - found.once),
    ):
        n = counted.total()
        print(f"  {what} {counted[True]} of {n} ({counted[True] / max(n, 1):.1%})")
    print(f"  boxes missed    {len(found.missed)} of about {n_boxes}")
    differing = sum(n for (_, verdict), n in found.verdicts.items() if verdict == "differs")
    print(f"  'differs' right {found.verdicts['differs', 'differs']} of {differing}")
    for (reader, verdict), n in sorted(found.verdicts.items()):
        print(f"    reader: {reader:<18} audit: {verdict:<18} {n}")
    for box, counts in sorted(found.boxes.items()):
        print(
            f"    {box:<18} " + "  ".join(f"{what} {counts[what]:>3}" for what in ("right", "blank", "wrong"))
        )
    for line in found.wrong:
        print(f"    wrong   {line}")
    for line in found.missed:
        print(f"    missed  {line}")


@dataclass
class Planted:
    """What audits say of papers that add up, once one number of a sum is another wherever it stands."""

    n_papers: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)


_FEWEST = 10
"""Smaller numbers are also those of tables, grades and figures, which would change with them."""


def plant(planted: Planted, path: Path, content: bytes, audited: Audit, chance: random.Random) -> None:
    """Change each number of the sums that hold in a paper, one at a time, and audit it again."""
    text = content.decode("utf-8", "replace")
    read = next(each for each in audited.reads if not each.failing)
    formulas = {each.id: each.formula for each in IDENTITIES}
    holding = [each.id for each in read.verdicts if each.id in PIECED.values() and each.status == "holds"]
    terms = [term for id_ in holding for side in sides(formulas[id_])[1:] for term in side]
    counts = {read.flow.n(term.key) for term in terms if term.key in audited.boxes}
    planted.n_papers += 1
    for n in sorted(each for each in counts if each is not None and each >= _FEWEST):
        other = max(n + chance.choice((-1, 1)) * chance.choice((1, 2, 3, 5, 10, n // 10 + 1)), 1)
        written = "|".join(re.escape(f"{n:,}".replace(",", mark)) for mark in (",", " ", "\u2009", ""))
        written = rf"(?<![\d.,])(?:{written})(?![\d%]|[.,]\d)"
        is_spelled = any(each.n == n and not re.search(written, each.sentence) for each in audited.numbers)
        changed, n_places = re.subn(written, f"{other:,}", text)
        if n_places and not is_spelled:
            again = audit(statements.read(reading.read(changed.encode(), path)))
            planted.verdicts[again.status] += 1
            if again.status == "holds":
                planted.unseen.append(f"{path.name}: {n:,} is now {other:,}")


def print_planted(planted: Planted) -> None:
    """Print what audits say of papers with a number changed."""
    told = ", ".join(f"{verdict} {n}" for verdict, n in sorted(planted.verdicts.items()))
    print(f"one number changed, in {planted.n_papers} papers that add up: {told}")
    for line in planted.unseen:
        print(f"    holds   {line}")


def run() -> None:
    """Audit the papers of the folder that PEERREVIEW_PAPERS names, and compare."""
    folder = os.environ.get(FOLDER, "")
    if not folder or not Path(folder).is_dir():
        print(f"SKIPPED: no papers; {FOLDER} names the folder that holds them (by DOI, see {FACTS.name})")
        return
    facts = {
        each["paper"].lower(): each for each in tomllib.loads(FACTS.read_text(encoding="utf-8"))["paper"]
    }
    sets = {name: Found() for name in SETS}
    adding_up: list[tuple[Path, bytes, Audit]] = []
    start, n_read = time.perf_counter(), 0
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        paper: Paper = reading.read(content, path)
        n_read += 1
        told = facts.pop(path.stem.lower(), None) or facts.pop(paper.doi.lower(), None)
        if told:
            audited = audit(statements.read(paper))
            compare(sets[told["set"]], told, audited)
            if audited.status == told["verdict"] == "holds" and path.suffix in (".txt", ".md"):
                adding_up.append((path, content, audited))
    seconds = (time.perf_counter() - start) / max(n_read, 1)
    for name, found in sets.items():
        print_found(name, found)
    planted, chance = Planted(), random.Random(5)  # noqa: S311  an order of changes, not a secret
    for path, content, audited in adding_up:
        plant(planted, path, content, audited, chance)
    print_planted(planted)
    if facts:
        print(f"not in the folder: {', '.join(facts)}")
    print(f"{seconds:.2f} s a paper")
