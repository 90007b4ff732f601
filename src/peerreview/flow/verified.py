"""A proof beside what the tables give now: count by count and file by file, what holds and what does not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from peerreview.flow import Box, Part
from peerreview.flow.behind import rests_on
from peerreview.flow.proofs import ABSENT, BoxProof, Proof, TableProof, find_cell, find_moved, hash_ids
from peerreview.tables import counted, few

_MOST_NAMED = 3


class Word(StrEnum):
    """What is said of a count or a file."""

    HOLDS = "holds"
    DIFFERS = "differs"
    UNKNOWN = "cannot be checked"


@dataclass(frozen=True)
class Checked:
    """
    A count (by its key), a file (by its name) or a sentence, and whether it holds.

    >>> str(Checked("screened", Word.DIFFERS, "was 5,191, is 5,190: record r1"))
    'screened: differs (was 5,191, is 5,190: record r1)'
    """

    name: str
    word: Word
    why: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.word}{f' ({self.why})' if self.why else ''}"


@dataclass(frozen=True)
class Standing:
    """
    What the review's tables give now.

    ``proof`` is None where nothing can be counted, and ``fault`` says why;
    ``missing`` are tables, by name, that are not there. ``ids`` are those
    behind each count now, ``known`` all that may ever have been.
    """

    proof: Proof | None
    ids: Mapping[str, Sequence[str]]
    known: Sequence[str] = ()
    missing: frozenset[str] = frozenset()
    fault: str = ""


def check_boxes(
    then: Proof, now: Standing, *, ids: Mapping[str, Sequence[str]] | None = None
) -> list[Checked]:
    """
    Return whether each count of a proof is what the tables give now.

    Parameters
    ----------
    then : the proof.
    now : what the tables give.
    ids : those behind each count then, where they are known; else the one or two that moved are looked for.
    """
    checked = []
    here = now.proof.boxes if now.proof else {}
    for key in dict.fromkeys((*then.boxes, *here)):
        absent = [name for name in rests_on(key) if name in now.missing]
        if absent or now.proof is None:
            why = f"table missing: {', '.join(absent)}" if absent else now.fault
            checked.append(Checked(key, Word.UNKNOWN, why))
            continue
        was, is_ = then.boxes.get(key), here.get(key)
        if was is None or is_ is None:
            said = f"was {was.n:,}, is not there" if was else f"was not there, is {is_.n if is_ else 0:,}"
            came = _named(now.ids.get(key, ())) if is_ else ""
            checked.append(Checked(key, Word.DIFFERS, f"{said}{f': {came}' if came else ''}"))
        elif (was.n, was.sha256) != (is_.n, is_.sha256):
            moved = _moved(was, None if ids is None else ids.get(key), now.ids[key], now.known)
            said = f"was {was.n:,}, is {is_.n:,}{f': {moved}' if moved else ''}"
            checked.append(Checked(key, Word.DIFFERS, said))
        elif was.basis != is_.basis:
            said = f"was {was.basis or 'not marked'}, is {is_.basis or 'not marked'}"
            checked.append(Checked(key, Word.DIFFERS, said))
        else:
            checked.append(Checked(key, Word.HOLDS))
    return checked


def check_said(then: Proof, said: Mapping[str, Box | Part]) -> list[Checked]:
    """
    Return the counts that a file says otherwise than its own proof.

    Parameters
    ----------
    then : the proof.
    said : the counts of the file, by the keys of the proof.
    """
    checked = []
    for key in dict.fromkeys((*then.boxes, *said)):
        was, is_ = then.boxes.get(key), said.get(key)
        if was is None or is_ is None or was.n != is_.n:
            says = "does not say it" if is_ is None else f"says {is_.n or 0:,}"
            proven = f"its proof {was.n:,}" if was else "its proof has none"
            checked.append(Checked(key, Word.DIFFERS, f"the file {says}, {proven}"))
        elif was.sha256 != hash_ids(is_.ids):
            checked.append(Checked(key, Word.DIFFERS, "the file lists other records than its proof"))
        elif was.basis != is_.basis:
            marked = f"{is_.basis or 'not marked'}, its proof {was.basis or 'not marked'}"
            checked.append(Checked(key, Word.DIFFERS, f"the file says {marked}"))
    return checked


def _moved(was: BoxProof, before: Sequence[str] | None, ids: Sequence[str], known: Sequence[str]) -> str:
    """Return which records a count lost and gained, in words; blank where that cannot be told."""
    if before is None:
        lost, gained = find_moved(was.sum, ids, known)
    else:
        lost, gained = sorted(set(before) - set(ids)), sorted(set(ids) - set(before))
    if lost and gained:
        return f"{_named(lost)} left, {_named(gained)} came"
    return _named(lost or gained)


def _named(ids: Sequence[str]) -> str:
    return f"{'record' if len(ids) == 1 else 'records'} {few(ids, _MOST_NAMED)}" if ids else ""


def check_tables(
    then: Mapping[str, TableProof], now: Mapping[str, TableProof], lines: Mapping[str, Sequence[int]]
) -> list[Checked]:
    """
    Return whether each file is as it was, and where it can be told the cell that is not.

    Parameters
    ----------
    then, now : files by name.
    lines : the line of each row of a table now.
    """
    checked = []
    for name, was in then.items():
        is_ = now.get(name)
        if was == ABSENT:
            # Of one that is still not there is nothing to tell.
            was_there = [] if is_ is None else [Checked(name, Word.DIFFERS, "it was not there")]
            checked += was_there
        elif is_ is None:
            checked.append(Checked(name, Word.UNKNOWN, "it is not there"))
        elif was.sha256 != is_.sha256:
            checked.append(Checked(name, Word.DIFFERS, _where(was, is_, lines.get(name, ()))))
        else:
            checked.append(Checked(name, Word.HOLDS))
    checked += [Checked(name, Word.DIFFERS, "it was not there") for name in now if name not in then]
    return checked


def _where(was: TableProof, is_: TableProof, lines: Sequence[int]) -> str:
    if was.rows is None or is_.rows is None:
        return ""
    columns = [name for name, digest in is_.columns.items() if was.columns.get(name) != digest]
    if was.rows != is_.rows:
        return f"was {counted(was.rows, 'row', 'rows')}, is {is_.rows:,}"
    gone = [name for name in was.columns if name not in is_.columns]
    if gone:
        return f"column {few(gone, _MOST_NAMED)} is blank, or not there"
    if not columns:
        return "its bytes; every cell says the same"
    place = find_cell(was, is_)
    at = "" if place is None else f"line {lines[place]:,}, " if place < len(lines) else f"row {place + 1:,}, "
    return f"{at}column {few(columns, _MOST_NAMED)}"


def worst(checked: Iterable[Checked]) -> Word:
    """Return the worst that is said: what differs, else what cannot be checked, else that all holds."""
    words = {each.word for each in checked}
    return next((word for word in (Word.DIFFERS, Word.UNKNOWN) if word in words), Word.HOLDS)
