"""What the words of an export mean: decisions, stages and roles; unknown ones once each, with their count."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from peerreview import tables
from peerreview.errors import InputError
from peerreview.screening.coded import Coded
from peerreview.screening.screeners import RawVotes, Screener
from peerreview.screening.screeners.words import fold, fold_stage, plain

HOW = "say what it means with --map"


@dataclass(frozen=True)
class Meanings:
    """
    The words of one export, as they stand, to ours; a decision "" is a record not rated.

    ``zero`` is what ``0`` is taken for where nobody said so; blank where it does not occur.
    """

    decisions: Mapping[str, str]
    stages: Mapping[str, str]
    roles: Mapping[str, str]
    zero: str
    faults: tuple[InputError, ...]


def find_meanings(
    votes: RawVotes,
    screener: Screener,
    name: str,
    *,
    own: Mapping[str, str],
    stage: str = "",
    role: str = "",
) -> Meanings:
    """
    Return what the words of an export's votes mean.

    Parameters
    ----------
    name : of the export. own : folded words to decisions, as people said, before any folding.
    stage : of votes whose export names none. role : likewise.
    """
    words = votes.decision.counts
    zero = screener.ZERO or ("maybe" if any(plain(word) == "-1" for word in words) else "exclude")
    decisions = {
        word: own.get(folded, zero if folded == "0" else fold(word))
        for word in words
        if (folded := plain(word)) or True
    }
    rated = votes.where(votes.decision.which(decisions.get))
    stages = {word: fold_stage(word) if word else stage or "title_abstract" for word in rated.stage.distinct}
    roles = {
        word: found if (found := word.casefold() or role or "reviewer") in tables.ROLES else None
        for word in rated.role.distinct
    }
    known = f"stages are {', '.join(tables.STAGES)}", f"roles are {', '.join(tables.ROLES)}"
    faults = [
        *_faults(votes.line, votes.decision, decisions, name, f"is no decision that is known{{}}; {HOW}"),
        *_faults(rated.line, rated.stage, stages, name, f"is no stage{{}}; {known[0]}"),
        *_faults(rated.line, rated.role, roles, name, f"is no role{{}}; {known[1]}"),
    ]
    has_zero = "0" not in own and any(plain(word) == "0" for word in words)
    return Meanings(_known(decisions), _known(stages), _known(roles), zero if has_zero else "", tuple(faults))


def _known(words: Mapping[str, str | None]) -> dict[str, str]:
    return {word: meaning for word, meaning in words.items() if meaning is not None}


def _faults(
    lines: np.ndarray,
    cells: Coded[str],
    words: Mapping[str, str | None],
    name: str,
    message: str,
) -> list[InputError]:
    """Return each word without a meaning once, with the line where it stands first and how often it does."""
    if None not in words.values():
        return []
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, int]] = {}
    for line, word in zip(lines.tolist(), cells, strict=True):
        if words[word] is None:
            counts[plain(word)] += 1
            first.setdefault(plain(word), (word, line))
    return [
        InputError(f"{word!r} {message.format(f' ({counts[folded]:,} times)' if counts[folded] > 1 else '')}",
                   path=name, line=line)
        for folded, (word, line) in first.items()
    ]  # fmt: skip
