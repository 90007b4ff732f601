"""Who votes: one name and role for each reviewer, as the protocol gives them, and the name to print."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.protocol import Reviewer
from peerreview.screening.votes import REVIEWER
from peerreview.values.folding import fold, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

__all__ = [
    "Reviewer",
    "ask",
    "check_roles",
    "known_as",
    "known_names",
    "name_of",
    "shown_as",
    "sounds_settled",
    "without_addresses",
]

_SETTLED = re.compile(
    r"\b(consensus|adjudicat\w*|arbiter|arbitrat\w*|resol(ved|ver|ution)|reconcil\w*|agreed|tie ?break\w*|"
    r"final decision)\b"
)


def known_as(votes: pd.DataFrame, reviewers: Sequence[Reviewer]) -> pd.DataFrame:
    """
    Return votes under each reviewer's one name and role.

    A role in the protocol holds for votes without one and for those of a
    ``reviewer``; a vote that says what else it is (``consensus``) goes on saying so.

    Parameters
    ----------
    votes : ``reviewer, role`` and the rest of a decisions file.
    reviewers : the protocol's.
    """
    owners = {same(name): each for each in reviewers for name in (each.name, *each.aliases)}
    if not owners:
        return votes
    own = {name: owners.get(same(name)) for name in votes["reviewer"].unique().tolist()}
    people = [own[name] for name in votes["reviewer"].tolist()]
    names = [name if one is None else one.name for name, one in zip(votes["reviewer"], people, strict=True)]
    roles = [
        one.role if one is not None and one.role and role in ("", REVIEWER) else role
        for role, one in zip(votes["role"], people, strict=True)
    ]
    known = votes.assign(reviewer=names, role=roles).astype({"reviewer": "str", "role": "str"})
    known.attrs = dict(votes.attrs)
    return known


def known_names(reviewers: Sequence[Reviewer]) -> frozenset[str]:
    """
    Return all names of reviewers, case and blanks aside.

    >>> sorted(known_names([Reviewer("Ana Ruiz", aliases=("AR",))]))
    ['ana ruiz', 'ar']
    """
    return frozenset(same(name) for each in reviewers for name in (each.name, *each.aliases))


def shown_as(names: Iterable[str], reviewers: Sequence[Reviewer]) -> dict[str, str]:
    """
    Return the name to print of each reviewer: the public one, else what stands before an address's @.

    Names that would be the same are numbered, in the order of the whole ones.

    >>> shown_as(["ana@example.org", "ana@example.com", "bo"], [])
    {'bo': 'bo', 'ana@example.com': 'ana', 'ana@example.org': 'ana (2)'}
    """
    public = {each.name: each.public for each in reviewers if each.public}
    whole = sorted(set(names))
    shown: dict[str, str] = {name: name for name in whole if "@" not in name and name not in public}
    for name in whole:
        if name in shown:
            continue
        short = public.get(name) or name.partition("@")[0] or "reviewer"
        taken = set(shown.values())
        numbered = (short if n == 1 else f"{short} ({n})" for n in range(1, len(whole) + 2))
        shown[name] = next(each for each in numbered if each not in taken)
    return shown


def name_of(name: str, reviewers: Sequence[Reviewer], shown: Mapping[str, str]) -> str:
    """
    Return the name that a reviewer's votes are under, given that one, another of theirs or the one to print.

    A name that nobody has is returned as it stands.
    """
    owners = {same(each): one.name for one in reviewers for each in (one.name, *one.aliases)}
    if same(name) in owners:
        return owners[same(name)]
    printed = [whole for whole, short in shown.items() if short == name]
    return printed[0] if name not in shown and len(printed) == 1 else name


def ask(names: Iterable[str], reviewers: Sequence[Reviewer]) -> Iterator[str]:
    """
    Yield a question for each two names that may be one person's.

    Names that the protocol has as those of two reviewers are two.

    >>> next(ask(["Ana Ruiz", "ruiz.ana@example.org", "Bo"], []))
    "reviewers 'Ana Ruiz' and 'ruiz.ana' count as two people; if they are one, give aliases in [[reviewers]]"
    """
    known = {each.name for each in reviewers}
    whole = sorted(set(names))
    shown = shown_as(whole, reviewers)
    for one, other in combinations(whole, 2):
        if not (one in known and other in known) and _look_alike(one, other):
            yield (
                f"reviewers {shown[one]!r} and {shown[other]!r} count as two people; "
                "if they are one, give aliases in [[reviewers]]"
            )


_LETTERS_OF_A_NAME = 5
"""Letters from which a name that differs by one is more likely a slip than another person's."""


def _look_alike(one: str, other: str) -> bool:
    """
    Return whether two names may be one person's: case, accents, signs, the order of words or a letter aside.

    >>> [_look_alike("Natali", other) for other in ("natali ", "Natalie", "Natali Roe", "Nadine")]
    [True, True, True, False]
    >>> _look_alike("reviewer 1", "reviewer 2")
    False
    """
    words = [fold(name.partition("@")[0]).split() for name in (one, other)]
    if not words[0] or not words[1]:
        return False
    short, long = sorted(words, key=len)
    if any(word.isdigit() for word in {*short} ^ {*long}):
        return False
    return {*short} <= {*long} or _one_letter_apart("".join(words[0]), "".join(words[1]))


def _one_letter_apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _LETTERS_OF_A_NAME or len(long) - len(short) > 1:
        return False
    start = next((place for place, sign in enumerate(short) if sign != long[place]), len(short))
    if any(word[start : start + 1].isdigit() for word in (short, long)):
        return False
    rest = short[start:] if len(short) < len(long) else short[start + 1 :]
    return long[start + 1 :] == rest


def sounds_settled(name: str) -> bool:
    """
    Return whether a name is that of a resolution rather than of a person.

    >>> [sounds_settled(name) for name in ("Consensus (ana, bo)", "tie-breaker", "Connie Sensus")]
    [True, True, False]
    """
    return _SETTLED.search(" ".join(re.findall(r"[^\W_]+", name.casefold()))) is not None


def check_roles(votes: pd.DataFrame) -> None:
    """
    Check that votes under the name of a resolution say whether they are one.

    Parameters
    ----------
    votes : ``reviewer, role``, as a decisions file.

    Raises
    ------
    InputErrors
        For a name such as ``consensus`` without a role, once each.
    """
    without = votes[votes["role"] == ""].drop_duplicates("reviewer")
    advice = "if what others differ on is settled by it, reviewer if this is a person who judged alone"
    problems = [
        (int(row), f"{name!r} votes without a role: fill in consensus or adjudicator {advice}")
        for row, name in zip(without.index.tolist(), without["reviewer"], strict=True)
        if sounds_settled(name)
    ]
    if problems:
        raise tables.row_errors(votes, problems)


_ADDRESS = re.compile(r"([\w.+-]+)@[\w-]+(?:\.[\w-]+)+")


def without_addresses(text: str) -> str:
    """
    Return a text in which what stands before its @ is left of each e-mail address.

    >>> without_addresses("ana.ruiz@example.org; Bo")
    'ana.ruiz; Bo'
    """
    return _ADDRESS.sub(r"\1", text)
