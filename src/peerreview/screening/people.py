"""Who votes: one name and role for each reviewer, as the protocol gives them, and the name to print."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from peerreview import tables
from peerreview.protocol import Reviewer
from peerreview.screening.votes import REVIEWER
from peerreview.values.folding import same

__all__ = ["Reviewer", "check_roles", "known_as", "shown_as", "sounds_settled"]

_SETTLED = re.compile(
    r"\b(consensus|adjudicat\w*|arbiter|arbitrat\w*|resol(ved|ver|ution)|reconcil\w*|agreed|tie ?break\w*|"
    r"final decision)\b"
)


def known_as(votes: pd.DataFrame, reviewers: Sequence[Reviewer]) -> pd.DataFrame:
    """
    Return votes under each reviewer's one name and role.

    A role in the protocol holds for votes without one and for those of a
    ``reviewer``; a vote that says what else it is (``consensus``) goes on saying so.
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
