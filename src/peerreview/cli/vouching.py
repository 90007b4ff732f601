"""Which files of a review carry a proof, or should, and what is in one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview.errors import InputError
from peerreview.review import FLOW

if TYPE_CHECKING:
    from peerreview.flow.proofs import Proof
    from peerreview.flow.verified import Checked

_USUAL = ("prisma", "ledger", "report", "retractions", "search")
"""What outputs that carry proofs are called, besides the tables of the paper."""


@dataclass(frozen=True)
class Vouched:
    """
    A file's proof.

    ``ids`` are those behind each count, where it or the flow.json beside it says them; ``is_shown``
    whether all else in it is as it was written, None where its proof does not tell; ``misprinted``
    are counts that the file says otherwise than its proof.
    """

    proof: "Proof"
    ids: Mapping[str, Sequence[str]] | None = None
    is_shown: bool | None = True
    says: Mapping[str, str] | None = None
    misprinted: "Sequence[Checked]" = ()


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
    return Vouched(proof, is_shown=is_shown, says=parsed.get("says"))


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


def find_outputs(folder: Path) -> list[Path]:
    """
    Return the files in a review's folder, and its tables, that have a proof, the flow first.

    Those whose proof is damaged come last, and with them outputs of the usual names that have none:
    checked, they say so.
    """
    from peerreview.cli.remaking import TABLES
    from peerreview.paper.sheets import registry
    from peerreview.render import seals

    found, without = [], []
    usual = {*_USUAL, *registry.names()}
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
    return [*found, *without]
