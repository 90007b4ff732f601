"""Which files of a review carry a proof, or should, and what is in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError
from peerreview.review import FLOW

if TYPE_CHECKING:
    from peerreview.flow.proofs import Proof
    from peerreview.flow.verified import Checked

_USUAL = ("prisma", "ledger", "report")
"""What outputs that carry proofs are called, besides tables."""


@dataclass(frozen=True)
class Vouched:
    """
    A file's proof.

    ``ids`` are those behind each count, where it or the flow.json beside it says them; ``is_shown``
    whether all else in it is as it was written, None where its proof does not tell; ``misprinted``
    are counts that the file says otherwise than its proof. ``says`` are sentences, and hashes of
    tables, whose ``cells`` are kept by the same names; ``made`` is the command that lays these out
    without options, ``file`` what the file was called.
    """

    proof: "Proof"
    ids: Mapping[str, Sequence[str]] | None = None
    is_shown: bool | None = True
    says: Mapping[str, str] | None = None
    misprinted: "Sequence[Checked]" = ()
    cells: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    made: str = ""
    file: str = ""

    @property
    def beside(self) -> dict[str, Any]:
        """What a file's proof has beside that of its counts and files."""
        said = {"says": self.says, "cells": self.cells, "made": self.made, "file": self.file}
        return {key: each for key, each in said.items() if each}


def read_vouched(path: Path) -> Vouched | None:
    """
    Return the proof in a file; None where it holds none.

    Raises
    ------
    InputError
        For what cannot be read, or is not whole.
    """
    from peerreview.flow.proofs import from_data
    from peerreview.render import seals
    from peerreview.tables import reading

    suffix = path.suffix.lower()
    content = reading.read_bytes(path)
    try:
        if suffix == ".json" and content:
            return _read_flow(reading.read_text(path), path)
        taken = seals.take(content, suffix)
        if taken is None:
            return None
        parsed = reading.parse_json(taken)
        proof = from_data(parsed)
        shown = parsed.get("shown")
        is_shown = None if shown is None else shown == seals.digest_without(content, suffix)
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error
    return Vouched(
        proof,
        is_shown=is_shown,
        says=_mapped(parsed, "says", path) if "says" in parsed else None,
        cells=_mapped(parsed, "cells", path),
        made=str(parsed.get("made", "")),
        file=str(parsed.get("file", "")),
    )


def read_flow_of(folder: Path) -> Vouched | None:
    """Return the proof of the flow's file in a folder; None where there is none, or it is damaged."""
    try:
        return read_vouched(folder / FLOW) if (folder / FLOW).is_file() else None
    except InputError:
        return None


def _mapped(parsed: Mapping[str, Any], key: str, path: Path) -> dict[str, Any]:
    """Return what a proof says by name: texts, or cells in rows."""

    def is_table(each: Any) -> bool:
        return isinstance(each, dict) and all(isinstance(row, list) for row in each.get("rows", ()))

    found = parsed.get(key, {})
    is_right = is_table if key == "cells" else lambda each: isinstance(each, str)
    if not isinstance(found, dict) or not all(map(is_right, found.values())):
        raise InputError(f"its proof is damaged: {key}; write it again", path=path)
    return found


def _read_flow(text: str, path: Path) -> Vouched | None:
    """Return the proof in a flow's file, and the ids of each count that are those of the proof."""
    from peerreview.flow import exchange
    from peerreview.flow.proofs import counts, digest_said, from_data
    from peerreview.flow.verified import check_said
    from peerreview.tables import reading

    said = reading.parse_json(text, path=path)
    if not isinstance(said, dict) or "proof" not in said:
        return None
    counted = counts(exchange.read(text, ".json"))
    proof = from_data(said["proof"])
    misprinted = check_said(proof, counted)
    wrong = {each.name for each in misprinted}
    ids = {key: each.ids for key, each in counted.items() if key not in wrong}
    shown = said["proof"].get("shown")
    return Vouched(proof, ids, None if shown is None else shown == digest_said(said), misprinted=misprinted)


def named_tables() -> set[str]:
    """Return what files of tables are usually called, without their suffix."""
    from peerreview.paper.sheets import registry

    return {*registry.names(), "retractions", "search"}


def with_name(proof: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
    """
    Return a proof of tables with the file's name, where that is a usual one: another may come to lie there.

    A second figure lies beside the first, as in ``appraisal-summary.svg``.
    """
    is_usual = path.stem.partition("-")[0] in named_tables()
    return {**proof, "file": path.name} if is_usual else proof


def find_outputs(folder: Path) -> list[Path]:
    """
    Return the files in a review's folder, and its tables, that have a proof, the flow first.

    Those whose proof is damaged come last, and with them outputs of the usual names that have none, and
    those that the Makefile writes and that are not there: checked, they say so.
    """
    from peerreview.cli.makefile import missing
    from peerreview.cli.remaking import TABLES
    from peerreview.render import seals

    found, without = [], []
    usual = {*_USUAL, *named_tables()}
    of_paper = folder / TABLES
    listed = [*folder.iterdir(), *(of_paper.iterdir() if of_paper.is_dir() else ())]
    for path in sorted(listed, key=lambda each: (each.name != FLOW, each.parent != folder, each.name)):
        suffix = path.suffix.lower()
        if not path.is_file() or not (suffix in seals.SUFFIXES or path.name == FLOW):
            continue
        is_ours = path.name == FLOW or path.stem in usual
        try:
            is_proven = read_vouched(path) is not None
        except InputError:
            is_proven = False
            # Else what cannot be read is another's; a file that was named is told.
            is_ours = is_ours or seals.names_a_proof(path.read_bytes(), suffix)
        if is_proven:
            found.append(path)
        elif is_ours:
            without.append(path)
    gone = [folder / each.file for each in missing(folder)]
    without += [path for path in gone if path.suffix.lower() in seals.SUFFIXES or path.name == FLOW]
    return [*found, *without]


def check_name(path: Path, vouched: Vouched) -> "list[Checked]":
    """
    Return that a file has the usual name of another output, where it has.

    A name that is no usual one is a person's own, as ``Figure 1.svg``.
    """
    from peerreview.flow.proofs import LEDGER, SHEETS
    from peerreview.flow.verified import Checked, Word

    of_proof = {SHEETS: "table", LEDGER: "ledger"}
    kind = of_proof.get(vouched.proof.of, "flow" if vouched.says is None else "report")
    tables = named_tables()
    wanted = {"prisma": "flow", "flow": "flow", "ledger": "ledger", "report": "report"}
    by_name = wanted.get(path.stem, "table" if path.stem in tables else "")
    if by_name and by_name != kind:
        return [Checked("its name", Word.DIFFERS, f"it is a {kind}, by its name a {by_name}")]
    if path.stem in tables and vouched.file not in ("", path.name):
        return [Checked("its name", Word.DIFFERS, f"it was written as {vouched.file}")]
    return []
