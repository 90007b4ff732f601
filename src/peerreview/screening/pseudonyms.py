"""Pseudonyms for reviewers: a person has the same one in every table, and none tells who it is."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from peerreview.protocol import Reviewer
from peerreview.screening.people import sounds_settled
from peerreview.tables import APPRAISERS, ROLES
from peerreview.values.folding import same

PERSON = (*APPRAISERS, "by", "coder")
"""Columns of a review's tables that hold one name."""
_NAMED = (*PERSON, "reviewers", "votes")
"""Columns that name people; the last are lists, or sentences."""
_QUOTED = re.compile(r"""(["'])([^"'\n]*)\1|(?P<comment>#.*)""")
_OTHER = ("note", "why")
"""Columns in which people write freely, and may name each other."""


def choose_names(names: Iterable[str], reviewers: Sequence[Reviewer], secret: bytes) -> dict[str, str]:
    """
    Return a pseudonym, R1, R2 and so on, for each name.

    Their order is that of a hash of name and secret, so that neither the
    alphabet nor a list of authors tells who is who. Who is one person by the
    protocol's aliases stays one, and who sounds like a consensus goes on to:
    agreement stays what it was.

    Parameters
    ----------
    names : all that stand in tables.
    reviewers : the protocol's.
    secret : what is not told together with the pseudonyms: the votes as they were.
    """
    groups = [[each.name, *each.aliases, each.public] for each in reviewers]
    owner = {same(name): number for number, group in enumerate(groups) for name in group if name}
    for name in sorted(set(names)):
        if not name or same(name) in ROLES:
            # A word for how it was settled is nobody's name.
            continue
        if same(name) in owner:
            groups[owner[same(name)]].append(name)
        else:
            groups.append([name])

    def order(group: Sequence[str]) -> str:
        return hashlib.sha256(secret + "\0".join(sorted(set(group))).encode()).hexdigest()

    found = {}
    for number, group in enumerate(sorted(groups, key=order), start=1):
        spelled = list(dict.fromkeys(same(name) for name in group if name))
        for name in filter(None, group):
            # An alias stays a name of its own, which the protocol has, too.
            place = spelled.index(same(name))
            more = f"-{place}" if place else ""
            found[name] = f"R{number}{more}{' consensus' if sounds_settled(name) else ''}"
    return found


def replace_in_table(table: pd.DataFrame, pseudonyms: Mapping[str, str]) -> pd.DataFrame:
    """
    Return a table with pseudonyms in every column that names people.

    Parameters
    ----------
    table : any, all text. pseudonyms : by name.
    """
    changed = {}
    for column in table.columns:
        known = str(column).strip().casefold()
        if known in _NAMED or known in _OTHER:
            cells = {
                cell: pseudonyms.get(cell.strip()) or replace_words(cell, pseudonyms)
                for cell in table[column].unique()
            }
            changed[column] = table[column].map(cells).astype("str")
    return table.assign(**changed) if changed else table


def replace_words(text: str, pseudonyms: Mapping[str, str]) -> str:
    """
    Return a text with pseudonyms where a name stands as a word of its own, whatever its case.

    >>> replace_words("ana=include; Susana=exclude", {"ana": "R1"})
    'R1=include; Susana=exclude'
    """
    pattern = _pattern(tuple(pseudonyms))
    folded = {name.casefold(): pseudonym for name, pseudonym in pseudonyms.items()}
    return pattern.sub(lambda found: folded[found[0].casefold()], text) if pattern else text


def replace_in_protocol(text: str, pseudonyms: Mapping[str, str]) -> str:
    r"""
    Return a protocol with pseudonyms for the names of its reviewers, and in its comments.

    Authors stay, for they sign the review.

    >>> replace_in_protocol('[[reviewers]]\nname = "ana"  # Ana, too', {"ana": "R1"})
    '[[reviewers]]\nname = "R1"  # R1, too'
    """
    lines, is_reviewers = [], False

    def replaced(found: re.Match[str]) -> str:
        if found["comment"]:
            return replace_words(found["comment"], pseudonyms)
        if is_reviewers:
            return f"{found[1]}{pseudonyms.get(found[2], found[2])}{found[1]}"
        return found[0]

    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("["):
            is_reviewers = line.lstrip().startswith("[[reviewers]]")
        lines.append(_QUOTED.sub(replaced, line))
    return "".join(lines)


def names_anybody(text: str, pseudonyms: Mapping[str, str]) -> bool:
    """Return whether a name stands in a text as a word of its own."""
    pattern = _pattern(tuple(pseudonyms))
    return bool(pattern and pattern.search(text))


def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    longest = sorted((each for each in names if each), key=lambda name: (-len(name), name))
    return (
        re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
        if longest
        else None
    )
