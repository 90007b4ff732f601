"""Names of authors: persons, and bodies (a group, a ministry)."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from peerreview.values.cells import text
from peerreview.values.lists import LIST, read_printed


def join(named: Iterable[tuple[str, bool]]) -> str:
    """
    Return names as a list: persons as ``Family, Given``, bodies as they are.

    Parameters
    ----------
    named : name, and whether it is a body's.

    >>> join([("Verity Example", False), ("Médecins Sans Frontières", True)])
    'Example, Verity; Médecins Sans Frontières'
    """
    people = (_body(name) if is_body else author(name) for name, is_body in named)
    return LIST.join(filter(None, people))


def read(cells: Iterable[str]) -> str:
    """
    Return names as a list, where a body's ends with a comma.

    >>> read(["Example, Verity", "NHS England,"])
    'Example, Verity; NHS England'
    """
    return join((name, ends_with_comma(name)) for name in cells)


def ends_with_comma(name: str) -> bool:
    """Whether a name is a body's by EndNote's convention: ``World Health Organization,``."""
    return name.rstrip().endswith(",") and "," not in name.rstrip()[:-1]


def split(cell: str) -> list[tuple[str, bool]]:
    """
    Return the names in a cell of ``authors``, and whether each is a body's.

    >>> split("Example, Verity; Médecins Sans Frontières")
    [('Example, Verity', False), ('Médecins Sans Frontières', True)]
    """
    return [(name, "," not in name) for name in cell.split(LIST) if name]


def _body(name: str) -> str:
    return text(name).replace(";", ",").strip(" ,")


_CAPITALS = re.compile(r"(?:(?:Mc|Mac|De|St)?[^\W\d_a-zß-öø-ÿ]\.?(?:[-‐](?:[a-z]\.)?)?){1,4}")
"""Initials; Scopus writes "Z.‐t." for Zen-ting."""
_POINTED = re.compile(r"(?:[a-zß-öø-ÿ]\.-?){1,4}")
"""Initials in a table whose letters are all small: "faust o., ciaccio e.j."."""
_PARTICLES = frozenset(
    {
        "af", "al", "d'", "da", "das", "de", "del", "dela", "della", "den", "der", "des", "di", "do", "dos",
        "du", "el", "la", "las", "le", "los", "of", "op", "'t", "te", "ten", "ter", "van", "vom", "von",
        "y", "zu", "zum", "zur",
    }
)  # fmt: skip
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "2nd", "3rd"})
_BODIES = re.compile(
    r"\b(?:academy|agency|association|authority|bureau|centers?|centres?|collaborat(?:ion|ive|ors)|college|commission|"
    r"committee|community|company|consortium|corporation|council|department|foundation|government|groups?|hospital|"
    r"initiative|institute|investigators|ltd|inc|ministry|network|office|organi[sz]ation|panel|partners|programme|"
    r"program|project|service|society|task force|team|trial|trialists|union|university|unit|workgroup"
    r"|instituto?|universidade?|université|universität|minist[eéè]ri?[eo]|fundação|fundación|associação|asociación"
    r"|sociedade?|société|gesellschaft|conselho|consejo|grupo|groupe)\b",
    re.IGNORECASE,
)


_NAMESAKE = re.compile(r"(?<=[^\W\d_]) 0\d{3}$")
"""What dblp writes behind a name that several people have: ``Ben Walter 0002``."""


@lru_cache(maxsize=100_000)
def author(name: str) -> str:
    """
    Return a person's name as ``Family, Given``; a body's name, and what stands for more names, as it is.

    >>> [author(name) for name in ("Reeves, V", "Yang Z.", "Vincent van Gogh", "Médecins Sans Frontières,")]
    ['Reeves, V', 'Yang, Z.', 'van Gogh, Vincent', 'Médecins Sans Frontières']
    """
    name = _NAMESAKE.sub("", text(name).replace(";", ",").strip())
    if name.endswith(",") and name.count(",") == 1:
        # EndNote's way to say that a body has no given name.
        return name.strip(" ,")
    name = name.strip(" ,")
    if name.endswith(("et al.", "et al")):
        told, mark, rest = name.rpartition("et al")
        before = told.rstrip(" ,")
        if not before or before != told:
            return LIST.join(filter(None, (author(before) if before else "", mark + rest)))
    if "," in name:
        family, _, given = name.partition(",")
        return (
            f"{family.rstrip()}, {given.lstrip(' ,')}"
            if family.strip() and given.strip(" ,")
            else name.strip(" ,")
        )
    words = name.split()
    # In Chinese, Japanese and Korean script the family name comes first.
    if len(words) < 2 or name[0] >= "\u2e80" or _BODIES.search(name) or "and" in words or "&" in words:
        return name
    suffix = ""
    if words[-1].lower() in _SUFFIXES and len(words) > 2:
        suffix = ", " + words.pop()
    # "Yang Z." and "Reeves SA": the initials come last.
    if _POINTED.fullmatch(words[-1]) and not _POINTED.fullmatch(words[0]):
        return f"{' '.join(words[:-1])}, {words[-1]}{suffix}"
    if _CAPITALS.fullmatch(words[-1]) and not (
        _CAPITALS.fullmatch(words[0]) and len(words[0].strip(".")) == 1
    ):
        start = len(words) - 1
        while start > 1 and _CAPITALS.fullmatch(words[start - 1]) and len(words[start - 1].strip(".")) == 1:
            start -= 1
        return f"{' '.join(words[:start])}, {' '.join(words[start:])}{suffix}"
    start = len(words) - 1
    while start > 1 and _is_particle(words[start - 1]):
        start -= 1
    if start == 1 and words[0] in _PARTICLES:
        return name  # "van Dijk", without a given name
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}{suffix}"


def _is_particle(word: str) -> bool:
    # "C Y Lee": a capital alone is an initial.
    return word.lower() in _PARTICLES and not (len(word) == 1 and word.isupper())


def authors(names: Iterable[str]) -> str:
    """
    Return names as a list of ``Family, Given``.

    >>> authors(["Reeves, Verity", "Loughhead M", ""])
    'Reeves, Verity; Loughhead, M'
    """
    return LIST.join(filter(None, map(author, names)))


def family_first(people: Sequence[str], family: str = "") -> list[str]:
    """
    Return names that have no comma with one behind the family name, where a list is seen to begin with it.

    It is where some names end with an initial behind a given name and others have none (EPPI-Reviewer and
    MetaReviewer write so), and where the first one begins with the family name that is known.

    Parameters
    ----------
    family : the first author's family name, as a short title has it; blank where nothing tells.

    >>> family_first(["Example Verity L", "Walter Ben"]), family_first(["Verity L Example", "Ben Walter"])
    (['Example, Verity L', 'Walter, Ben'], ['Verity L Example', 'Ben Walter'])
    >>> family_first(["Van Example Verity", "Walter Ben"], "Van Example")
    ['Van Example, Verity', 'Walter, Ben']
    """
    words = [name.split() for name in people]
    if any("," in name for name in people):
        return list(people)
    behind = [len(each) > 2 and _is_initial(each[-1]) and _is_given(each[-2]) for each in words]
    plain = [len(each) > 1 and all(map(_is_given, each[-2:])) for each in words]
    within = any(_is_initial(word) for each in words for word in each[:-1])
    begins = bool(family and people) and people[0].casefold().startswith(f"{family} ".casefold())
    if not begins and (within or not (any(behind) and any(plain))):
        return list(people)
    return [
        _turned(each, len(family.split()) if begins and not place else 1) for place, each in enumerate(words)
    ]


def _turned(words: Sequence[str], n_family: int) -> str:
    if len(words) < 2 or _BODIES.search(" ".join(words)):
        return " ".join(words)
    n = n_family
    while n < len(words) - 1 and _is_particle(words[n - 1]):
        n += 1
    return f"{' '.join(words[:n])}, {' '.join(words[n:])}"


def _is_initial(word: str) -> bool:
    return len(word.strip(".")) == 1 and word[0].isupper()


def _is_given(word: str) -> bool:
    return len(word) > 2 and word[0].isupper() and not word.isupper()


def split_mixed(value: str) -> list[str]:
    """
    Return the people in one cell; a comma stands between people only where each part is a whole name.

    >>> split_mixed("Smith A, Walter B"), split_mixed("Yang, Z. and Jiang, B."), split_mixed("Doe, Jane")
    (['Smith A', 'Walter B'], ['Yang, Z.', 'Jiang, B.'], ['Doe, Jane'])
    """
    listed = read_printed(value)
    if listed:
        return listed
    for sign in (r"\|", r";", r"(?<!\s)\s+and\s+", r"(?<!\s)\s+&\s+", r"\n"):
        if re.search(sign, value):
            return [each.strip(" ,\n") for each in re.split(sign, value) if each.strip(" ,\n")]
    parts = [part.strip() for part in value.split(",") if part.strip(" .…")]
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts
    if len(parts) > 3 and len(parts) % 2 == 0 and all(_GIVEN.fullmatch(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    return _unglue(value)


_WORD = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*"
_GIVEN = re.compile(rf"(?:[^\W\d_]\.?[ -]?){{1,4}}|{_WORD}(?: (?:{_WORD}|d[aeo]s?|de la|del|van|von|e|y))*")
# SpringerLink writes "Andy SmithTom Weber"; a capital within a name ("McDonald") is not a seam.
_SEAM = re.compile(
    r"(?<=[^\W\d_A-Z]{2})(?<!\bMac)(?<![Mm]c)(?<!\b[DL][aei])(?<!\bVan)(?=(?:Prof|Dr|[A-Z])[^\W\d_A-Z])"
    # "Qianyi XuHao Wang": a family name of two letters, but for those that others begin with ("DuPont").
    r"|(?<=[ -][A-Z][^\W\d_A-Z])(?<!D[aeiou])(?<!L[aeo])(?<!Al|El|Mc|St|Ab|Ni)"
    r"(?=[A-Z][^\W\d_A-Z]+(?:-\w+)? )"
)
_STYLES = re.compile(r"\b(?:Prof|Dr|PD|Dipl|Ing|med)\.(?:-[A-Z][a-z]*\.)? ?")


def _unglue(value: str) -> list[str]:
    if value.count(" ") < 2 or "," in value:
        return [value]
    return [_STYLES.sub("", each).strip() for each in _SEAM.split(value)]
