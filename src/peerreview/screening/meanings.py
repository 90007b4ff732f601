"""What the words of an export mean: decisions, stages and roles; unknown ones once each, with their count."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peerreview import tables
from peerreview.errors import InputError
from peerreview.screening.screeners import RawVote, Screener
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
    votes: Sequence[RawVote],
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
    words = Counter(vote.decision for vote in votes)
    zero = screener.ZERO or ("maybe" if any(plain(word) == "-1" for word in words) else "exclude")
    decisions = {
        word: own.get(folded, zero if folded == "0" else fold(word))
        for word in words
        if (folded := plain(word)) or True
    }
    rated = [vote for vote in votes if decisions[vote.decision]]
    stages = {word: fold_stage(word) if word else stage or "title_abstract" for word in _of(rated, "stage")}
    roles = {
        word: found if (found := word.casefold() or role or "reviewer") in tables.ROLES else None
        for word in _of(rated, "role")
    }
    faults = [
        *_faults(votes, decisions, "decision", name, f"is no decision that is known{{}}; {HOW}"),
        *_faults(rated, stages, "stage", name, f"is no stage{{}}; stages are {', '.join(tables.STAGES)}"),
        *_faults(rated, roles, "role", name, f"is no role{{}}; roles are {', '.join(tables.ROLES)}"),
    ]
    has_zero = "0" not in own and any(plain(word) == "0" for word in words)
    return Meanings(_known(decisions), _known(stages), _known(roles), zero if has_zero else "", tuple(faults))


def _of(votes: Iterable[RawVote], field: str) -> set[str]:
    return {getattr(vote, field) for vote in votes}


def _known(words: Mapping[str, str | None]) -> dict[str, str]:
    return {word: meaning for word, meaning in words.items() if meaning is not None}


def _faults(
    votes: Sequence[RawVote],
    words: Mapping[str, str | None],
    column: str,
    name: str,
    message: str,
) -> list[InputError]:
    """Return each word without a meaning once, with the line where it stands first and how often it does."""
    if None not in words.values():
        return []
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, int]] = {}
    for vote in votes:
        word = getattr(vote, column)
        if words[word] is None:
            counts[plain(word)] += 1
            first.setdefault(plain(word), (word, vote.line))
    return [
        InputError(f"{word!r} {message.format(f' ({counts[folded]:,} times)' if counts[folded] > 1 else '')}",
                   path=name, line=line)
        for folded, (word, line) in first.items()
    ]  # fmt: skip
