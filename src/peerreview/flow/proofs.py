"""
What a flow's numbers rest on, so that anyone can count them again: the proof that goes along with a figure.

A proof is small enough to lie within a figure. Of each count it holds the
hash of the record ids behind it, of each table the hash of its file; sums
over both find the one record, row and column that changed, where it was one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError, odd_part
from peerreview.flow import BOXES, Box, Flow, Part
from peerreview.flow.behind import Behind, of_version, places_behind
from peerreview.tables.plugins import Kind, Plugin

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.flow.ledger import Ledger

SCHEMA = "peerreview/proof/1"
LEDGER = "ledger"
SHEETS = "sheets"
_PRIME = 2**61 - 1
"""Sums over rows are taken modulo a prime, so that they can be divided by."""
_WORD = 2**64
_SHORT = 16
"""Hexadecimal digits of a hash that tells two tables' rows or columns apart and proves nothing."""


@dataclass(frozen=True)
class TableProof:
    """
    A file as it was counted from.

    ``sha256`` is of its bytes. ``rows`` is how many it has, ``sums`` the sum
    of its rows' hashes and that of each times its 1-based position, and
    ``columns`` a short hash of each column's cells; None and blank where the
    file is no table.
    """

    sha256: str
    rows: int | None = None
    sums: tuple[int, int] = (0, 0)
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


ABSENT = TableProof("")
"""The proof of a file that was looked for and not there; of all files of a folder that is read as a whole."""


@dataclass(frozen=True)
class RowsProof:
    """
    Rows of a table behind a count: how many, and a short hash of their cells.

    Where they stand is said in flow.json alone, and makes no other proof.
    """

    n: int
    sha256: str
    places: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class BoxProof:
    """
    A count as it was.

    ``sha256`` is of the ids behind it, sorted, each with a line end; ``sum``
    is that of the ids' hashes, which finds the one or two that are not there
    any more. ``rows`` are the rows behind it by table.
    """

    n: int
    sha256: str
    sum: int
    basis: str = ""
    rows: Mapping[str, RowsProof] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Proof:
    """
    What a flow's numbers rest on.

    ``tables`` are those that it was counted from and the protocol,
    ``beside`` what else lay in the review's folder: no count comes from that
    without a command run before. ``boxes`` are counts by the key of their
    box, or ``box/part``. ``previous`` is the SHA-256 of the earlier version's
    flow, ``zeros`` whether lines that were not searched count as 0. ``of`` is
    what was counted: a flow where blank, ``ledger`` for all versions of a
    review; ``sheets`` for tables, of which the files alone are known.
    """

    version: str
    tables: Mapping[str, TableProof]
    boxes: Mapping[str, BoxProof]
    plugins: tuple[Plugin, ...] = ()
    beside: Mapping[str, TableProof] = field(default_factory=lambda: MappingProxyType({}))
    previous: str = ""
    zeros: bool = False
    of: str = ""


def prove_table(sha256: str, table: pd.DataFrame | None = None) -> TableProof:
    """
    Return the proof of a file.

    Parameters
    ----------
    sha256 : of its bytes.
    table : any, all text; None where the file is no table.
    """
    if table is None:
        return TableProof(sha256)
    hashes = _row_hashes(table)
    total = sum(hashes) % _PRIME
    placed = sum(place * each for place, each in enumerate(hashes, start=1)) % _PRIME
    cells = {str(column): list(map(str, table[column].tolist())) for column in table.columns}
    # A column that says nothing is as good as none: another version may know of more.
    columns = {column: _short("\x1f".join(each)) for column, each in cells.items() if any(each)}
    return TableProof(sha256, len(table), (total, placed), columns)


def prove(
    counted: Flow | Ledger,
    frames: Mapping[str, pd.DataFrame],
    version: str,
    files: Mapping[str, TableProof],
    *,
    beside: Mapping[str, TableProof] | None = None,
    previous: str = "",
    zeros: bool = False,
    plugins: tuple[Plugin, ...] = (),
) -> Proof:
    """
    Return what the numbers of a flow, or of a ledger, rest on.

    Parameters
    ----------
    counted : as it was.
    frames : the tables that it was counted from, by name, all text.
    version : of what counted it.
    files : these tables and the protocol, by the name of the file. beside : what else lies there.
    previous : the SHA-256 of the earlier version's flow.
    zeros : whether lines that were not searched count as 0.
    plugins : in force, where the flow does not say so itself.
    """
    boxes = prove_boxes(counted, frames)
    of = ""
    if isinstance(counted, Flow):
        plugins = plugins or counted.plugins
    else:
        of = LEDGER
    return Proof(version, dict(files), boxes, plugins, dict(beside or {}), previous, zeros=zeros, of=of)


def prove_boxes(counted: Flow | Ledger, frames: Mapping[str, pd.DataFrame]) -> dict[str, BoxProof]:
    """
    Return the proof of each count of a flow, or of a ledger, that is not blank.

    Parameters
    ----------
    counted : as it was.
    frames : the tables that it was counted from, by name, all text.
    """
    behind = Behind.of(frames)
    hashes = {name: _row_hashes(table) for name, table in frames.items()}
    return {
        key: _prove_box(count, places_behind(behind, key, count), hashes)
        for key, count in counts(counted).items()
    }


def counts(flow: Flow | Ledger) -> dict[str, Box | Part]:
    """
    Return the counts of a flow that are not blank, boxes by their key and parts as ``box/part``.

    Those of a ledger by version and line, as ``version 2: screened``.
    """
    found: dict[str, Box | Part] = {}
    if not isinstance(flow, Flow):
        for version in flow.versions:
            said = {line: box for line, box in version.counts.items() if box.n is not None}
            found |= {of_version(version.number, line): box for line, box in said.items()}
        return found
    for key in BOXES:
        if (box := flow.boxes.get(key)) is not None and box.n is not None:
            found[key] = box
            found |= {f"{key}/{part.label}": part for part in box.parts}
    return found


def _prove_box(
    counted: Box | Part,
    places: Mapping[str, Sequence[int]],
    hashes: Mapping[str, Sequence[int]],
) -> BoxProof:
    rows = {}
    for name, found in places.items():
        taken = hashlib.sha256(b"".join(hashes[name][place].to_bytes(8) for place in found))
        rows[name] = RowsProof(len(found), taken.hexdigest()[:_SHORT], tuple(found))
    return BoxProof(counted.n or 0, hash_ids(counted.ids), _sum_ids(counted.ids), counted.basis, rows)


def hash_ids(ids: Iterable[str]) -> str:
    r"""
    Return the SHA-256 of ids, sorted, each with a line end: what ``sort | sha256sum`` says of them.

    >>> hash_ids(["b", "a"]) == hashlib.sha256(b"a\nb\n").hexdigest()
    True
    """
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(ids)).encode()).hexdigest()


def _sum_ids(ids: Iterable[str]) -> int:
    return sum(map(_hash_id, ids)) % _WORD


def _hash_id(each: str) -> int:
    return int.from_bytes(hashlib.sha256(each.encode()).digest()[:8])


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_SHORT]


def _row_hashes(table: pd.DataFrame) -> list[int]:
    """Return a number per row: the same for the same cells, blank ones aside."""
    names = [str(column) for column in table.columns]
    columns = [map(str, table[column].tolist()) for column in table.columns]
    hashes = []
    for cells in zip(*columns, strict=True):
        said = "\x1f".join([f"{name}\x1e{cell}" for name, cell in zip(names, cells, strict=True) if cell])
        hashed = hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
        hashes.append(int.from_bytes(hashed[:8]) % _PRIME)
    return hashes


def to_data(proof: Proof, *, whole: bool = False) -> dict[str, Any]:
    """Return a proof as what JSON can say; ``whole`` with what lay beside, and the rows behind each count."""

    def of_table(each: TableProof) -> dict[str, Any]:
        if each.rows is None:
            return {"sha256": each.sha256}
        sums = [f"{number:x}" for number in each.sums]
        return {"sha256": each.sha256, "rows": each.rows, "sums": sums, "columns": dict(each.columns)}

    def of_box(each: BoxProof) -> dict[str, Any]:
        rows = {
            name: {"n": found.n, "sha256": found.sha256} | ({"rows": _ranges(found.places)} if whole else {})
            for name, found in each.rows.items()
        }
        said: dict[str, Any] = {"n": each.n, "sha256": each.sha256, "sum": f"{each.sum:x}"}
        return said | ({"basis": each.basis} if each.basis else {}) | ({"from": rows} if rows else {})

    return {
        "schema": SCHEMA,
        "version": proof.version,
        "plugins": [plugin_data(each) for each in proof.plugins],
        **({"previous": proof.previous} if proof.previous else {}),
        **({"zeros": True} if proof.zeros else {}),
        **({"of": proof.of} if proof.of else {}),
        "tables": {name: of_table(each) for name, each in sorted(proof.tables.items())},
        **(
            {"beside": {name: of_table(each) for name, each in sorted(proof.beside.items())}} if whole else {}
        ),
        "boxes": {key: of_box(each) for key, each in proof.boxes.items()},
    }


def sealed(said: Mapping[str, Any], proof: Proof) -> dict[str, Any]:
    """Return what a flow's file says with its whole proof, and in that the hash of all else in it."""
    return {**said, "proof": {**to_data(proof, whole=True), "shown": digest_said(said)}}


def digest_said(said: Mapping[str, Any]) -> str:
    """
    Return the SHA-256 of what a flow's file says beside its proof, however it is laid out.

    >>> digest_said({"a": 1, "b": 2, "proof": {}}) == digest_said({"b": 2, "a": 1})
    True
    """
    beside = {key: value for key, value in said.items() if key != "proof"}
    text = json.dumps(beside, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def from_data(said: Any) -> Proof:
    """
    Return the proof that JSON says.

    Raises
    ------
    InputError
        For what is none, or has lost a part.
    """
    found = said.get("schema") if isinstance(said, Mapping) else None
    if found != SCHEMA:
        raise InputError(f"schema {found!r} is not {SCHEMA!r}")

    def of_table(each: Mapping[str, Any]) -> TableProof:
        if "rows" not in each:
            return TableProof(str(each["sha256"]))
        total, placed = (int(number, 16) for number in each["sums"])
        return TableProof(str(each["sha256"]), int(each["rows"]), (total, placed), dict(each["columns"]))

    def of_box(each: Mapping[str, Any]) -> BoxProof:
        rows = {
            name: RowsProof(int(found["n"]), str(found["sha256"]))
            for name, found in each.get("from", {}).items()
        }
        return BoxProof(
            int(each["n"]), str(each["sha256"]), int(each["sum"], 16), str(each.get("basis", "")), rows
        )

    try:
        return Proof(
            str(said["version"]),
            {name: of_table(each) for name, each in said["tables"].items()},
            {key: of_box(each) for key, each in said["boxes"].items()},
            tuple(map(plugin_of, said["plugins"])),
            {name: of_table(each) for name, each in said.get("beside", {}).items()},
            str(said.get("previous", "")),
            zeros=bool(said.get("zeros")),
            of=str(said.get("of", "")),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"is not a whole {SCHEMA}: {odd_part(error)}") from error


def find_moved(was: int, ids: Sequence[str], known: Sequence[str]) -> tuple[list[str], list[str]]:
    """
    Return the ids that a count lost and gained, where one id or one of each explains its sum; else none.

    Parameters
    ----------
    was : the sum of the ids' hashes then.
    ids : those behind the count now.
    known : all that may have been behind it.

    >>> find_moved(_sum_ids(["a", "b"]), ["a"], ["a", "b", "c"])
    (['b'], [])
    """
    lost = (was - _sum_ids(ids)) % _WORD
    now = set(ids)
    others = {_hash_id(each): each for each in known if each not in now}
    if lost in others:
        return [others[lost]], []
    for each in ids:
        left = (lost + _hash_id(each)) % _WORD
        if not left or left in others:
            return [others[left]] if left else [], [each]
    return [], []


def find_cell(was: TableProof, now: TableProof) -> int | None:
    """
    Return the 0-based place of the one row that changed; None where it was not one.

    A row's hash changed by d, and so the sum of hashes; the sum of each times
    its place changed by d times that place. Where several rows changed, what
    that division gives is hardly ever the place of any.
    """
    total, placed = (one - other for one, other in zip(now.sums, was.sums, strict=True))
    if not total % _PRIME:
        return None
    place = placed * pow(total, -1, _PRIME) % _PRIME
    return place - 1 if 1 <= place <= (now.rows or 0) else None


def plugin_data(plugin: Plugin) -> dict[str, str]:
    """Return a plug-in as what JSON can say."""
    return {
        "kind": plugin.kind.value,
        "name": plugin.name,
        "package": plugin.package,
        "version": plugin.version,
    }


def plugin_of(said: Mapping[str, Any]) -> Plugin:
    """
    Return the plug-in that JSON says.

    Raises
    ------
    InputError
        For one of a kind that there is not.
    """
    if said["kind"] not in tuple(Kind):
        raise InputError(f"plug-in {said['kind']!r} is not one of {', '.join(Kind)}")
    return Plugin(Kind(said["kind"]), str(said["name"]), str(said["package"]), str(said["version"]))


def _ranges(places: Sequence[int]) -> str:
    """
    Return 0-based places as rows counted from 1, those that follow each other as one.

    >>> _ranges([0, 1, 2, 6])
    '1-3, 7'
    """
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return ", ".join(f"{a + 1}" if a == b else f"{a + 1}-{b + 1}" for a, b in runs)
