"""The family names of authors, in every house style of writing them."""

import html
import re
from collections.abc import Sequence
from itertools import chain

from peerreview.values.folding import APART, fold_all
from peerreview.values.missing import UNKNOWN

MOST_AUTHORS = 6
"""Databases shorten lists of authors after three or six."""
_GLUED = re.compile(r"\.\s*(?=[^\W\d_][^\W\d_.]+)")
_UNSPACED = re.compile(r"\.[^\W\d_]")
_JOINT = re.compile(r"[a-zà-ÿ][A-Z]")
"""Where a name may begin within a word; most lists have none."""
_ATTACHED = re.compile(r"(?<=[^\W\d_][a-zà-ÿ])(?=[A-Z](?:[.-]+[A-Z])*\.?$)")
"""Initials without a space before them: JukicM., KimS.-H."""
_RUN_TOGETHER = re.compile(
    r"(?<=[a-zà-ÿ])(?<!Mc)(?<!Mac)(?<!De)(?<!Le)(?<!La)(?<!Di)(?<!Du)(?<!Van)(?<!Fitz)(?<!St)(?<!El)(?<!Al)"
    r"(?=[A-Z][a-zà-ÿ])"
)
"""Whole names without anything between two of them: Ek AnnaDi Bo Carl."""
_FAMILY_FIRST = re.compile(
    r"(?:(?:al|abu|ben|bin|da|das|de|del|della|den|der|di|do|dos|du|el|la|las|le|los|st|te|ten|ter|van"
    r"|von) )*\S+",
    re.IGNORECASE,
)
_NAMES_APART = re.compile(r"\s*;\s*|\s+and\s+|\s+&\s+")


def read_families(cells: Sequence[str]) -> list[list[str]]:
    """
    Return the family names of the first authors, folded and without spaces, of each cell.

    A name in which nobody can tell them from given names gives both.

    >>> read_families(["Meier, Anna; van Dam, K.", "Meier A, Van Dam K", "Anna Meier", "[Anonymous]"])
    [['meier', 'vandam'], ['meier', 'vandam'], ['meier', 'anna'], []]
    """
    return read_people(cells)[0]


def read_people(cells: Sequence[str]) -> tuple[list[list[str]], list[int]]:
    """
    Return what ``read_families`` does, and how many people each cell names, of the first six.

    >>> read_people(["Meier, Anna; van Dam, K.", "Anna Meier", "[Anonymous]"])[1]
    [2, 1, 0]
    >>> read_people(["Anna T. Meier", "Meier A.Ek B."])[1]
    [1, 2]
    """
    # Databases copy each other, and people write more than once: what is seen twice is worked on once.
    lists = {cell: _names(cell) if cell else [] for cell in dict.fromkeys(cells)}
    known = _known(list(dict.fromkeys(chain.from_iterable(lists.values()))))
    sure = {name: found[0] for name, found in known.items() if len(found) == 1}
    families, people = {}, {}
    for cell, names in lists.items():
        if sure.keys() >= set(names):
            families[cell], n_people = [sure[name] for name in names], len(names)
        else:
            each = [known[name] for name in names]
            families[cell], n_people = list(chain.from_iterable(each)), len(list(filter(None, each)))
        people[cell] = 1 if len(names) == 2 and _is_one(cell) else n_people
    return [families[cell] for cell in cells], [people[cell] for cell in cells]


def _known(names: Sequence[str]) -> dict[str, list[str]]:
    """Return what may be the family name of each person, folded and without spaces; none for no name."""
    families = [_family(name) for name in names]
    parts = list(dict.fromkeys(part for each in families for part in each))
    squeezed = APART.join(fold_all(parts)).replace(" ", "").split(APART)
    folded = dict(zip(parts, squeezed if parts else (), strict=True))
    return {
        name: [text for part in each if (text := folded[part]) not in UNKNOWN]
        for name, each in zip(names, families, strict=True)
    }


def _names(cell: str) -> list[str]:
    """Return the first names from ``Family, Given; …``, ``Given Family and …``, ``Family G, …`` or glued."""
    if "&" in cell and ";" in cell:
        # The semicolon of D&#252;rer stands between no two people.
        cell = html.unescape(cell)
    if ";" in cell and " and " not in cell and "&" not in cell:
        listed = [name.strip() for name in cell.split(";", MOST_AUTHORS)]
        # Without given names many are the same, and are worked on once.
        names = [name[: name.find(",", 1) + 1] or name for name in listed]
    elif ";" in cell or " and " in cell or " & " in cell:
        names = _NAMES_APART.split(cell, MOST_AUTHORS)
    elif cell.count(",") > 1 or ("," in cell and _is_list(cell)):
        # Reeves, A., Singh, B.
        parts = [part.strip() for part in cell.split(",", 2 * MOST_AUTHORS)]
        names = [part for part in parts if part and not _is_initials(part)] or parts
    elif "." in cell[:-2]:
        names = _GLUED.split(cell, MOST_AUTHORS)
        if _JOINT.search(cell):
            names = _apart(names)
    elif cell.lower().strip("[](). ") in UNKNOWN:
        names = []
    else:
        names = _apart([cell]) if _JOINT.search(cell) else [cell]
    return names[:MOST_AUTHORS]


def _is_one(cell: str) -> bool:
    """Return whether what was split at a full stop may be one person, as Given T. Family."""
    return not any(mark in cell for mark in (";", ",", "&", " and ")) and _UNSPACED.search(cell) is None


def _apart(names: Sequence[str]) -> list[str]:
    """Return names that were run together, given names and initials apart from them."""
    parts = [part for name in names for part in _RUN_TOGETHER.split(name)]
    if len(parts) > len(names) and all(" " in part for part in parts):
        return [_FAMILY_FIRST.sub(r"\g<0>,", part.strip(), count=1) for part in parts]
    return [name if " " in name else _ATTACHED.sub(" ", name) for name in names]


def _is_list(cell: str) -> bool:
    """Return whether the comma stands between people, as in Family G, Family G or G Family, G Family."""
    first, second = (part.split() or ["?"] for part in cell.split(",", 1))
    return _is_initials(first[-1]) or (
        len(first) > 1 and len(second) > 1 and _is_initials(first[0]) and _is_initials(second[0])
    )


def _family(name: str) -> list[str]:
    """Return what may be the family name of one person; "et al." is nobody."""
    family, comma, _ = name.partition(",")
    if comma and family.strip():
        return [family]
    if name.lower().rstrip(".") == "et al":
        return []
    tokens = name.replace(",", " ").split()
    n_tokens = len(tokens)
    while len(tokens) > 1 and (len(tokens[-1]) < 2 or _is_initials(tokens[-1])):
        tokens.pop()
    while len(tokens) > 1 and (len(tokens[0]) < 2 or _is_initials(tokens[0])):
        del tokens[0]
    inner = max((place for place, token in enumerate(tokens[:-1]) if place and token[-1] == "."), default=0)
    if inner and len(tokens) > 3 and _is_initials(tokens[inner]):
        # Given I. I. van Family
        return ["".join(tokens[inner + 1 :]), tokens[0]]
    if len(tokens) == n_tokens and n_tokens in (2, 3):
        # Given Family or Family Given: nobody can tell, so both stand in for the family.
        return [tokens[-1], *tokens[:-1]]
    return ["".join(tokens)] if tokens else []


def _is_initials(token: str) -> bool:
    if len(token) < 3 and token[-1] == ".":
        return True
    letters = token.replace(".", "").replace("-", "")
    return (
        len(letters) < 2 or (len(letters) < 4 and letters.isupper()) or letters.lower() in {"jr", "sr", "iii"}
    )
