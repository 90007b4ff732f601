"""
Names of people in BibTeX and biblatex.

Rules: Patashnik, BibTeXing (1988), section 4; the extended format of the
biblatex manual, 3.4.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from peerreview.imports.formats.shared.latex import plain
from peerreview.tables import LIST
from peerreview.values import cells, names


def _balanced(depth: int) -> str:
    return r"[^{}]*+" if depth == 0 else rf"(?:[^{{}}]++|\{{{_balanced(depth - 1)}\}})*+"


_DEPTH = 7
BALANCED = _balanced(_DEPTH)
"""Matches what stands between braces that match, up to seven deep."""
AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def read_names(found: Iterable[str]) -> str:
    """Return the names of one field or several as a list of ``Family, Given``."""
    names_of = (each for value in found for name in split_names(value) for each in _pairs(name))
    return LIST.join(filter(None, map(_name, names_of)))


_ONE = re.compile(r"[^,{}&]+,[^,{}&]+")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,4}")


def _pairs(name: str) -> list[str]:
    """
    Return the names that Cochrane, and people, join by commas alone, or by semicolons.

    >>> _pairs("Example, V, Sample, AB,"), _pairs("Example, Jr, Verity")
    (['Example, V', 'Sample, AB'], ['Example, Jr, Verity'])
    >>> _pairs("Example, Verity; Sample, Ada B"), _pairs("Peers; and others")
    (['Example, Verity', 'Sample, Ada B'], ['Peers; and others'])
    """
    if ";" in name:
        listed = [each.strip() for each in name.strip(" ;").split(";")]
        return listed if all(map(_ONE.fullmatch, listed)) else [name]
    if name.count(",") < 3:
        return [name]
    parts = [part.strip() for part in name.strip(" ,").split(",")]
    if len(parts) < 4 or len(parts) % 2 or not all(map(_INITIALS.fullmatch, parts[1::2])):
        return [name]
    return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]


def split_names(value: str) -> list[str]:
    """
    Return the names that " and " joins outside braces.

    >>> split_names("{Barnes and Noble} and Reeves, Verity")
    ['{Barnes and Noble}', 'Reeves, Verity']
    """
    parts = AND.split(value.strip())
    if "{" not in value or all(part.count("{") == part.count("}") for part in parts):
        return parts
    names = []
    begin = 0
    for match in AND.finditer(value):
        before = value[begin : match.start()]
        if before.count("{") == before.count("}"):
            names.append(before)
            begin = match.end()
    names.append(value[begin:])
    return names


def _split_parts(name: str) -> list[str]:
    """
    Return the parts of a name between commas outside braces.

    >>> _split_parts("Reeves, Jr, Verity"), _split_parts("Reeves, {Jr, Verity}")
    (['Reeves', ' Jr', ' Verity'], ['Reeves', ' {Jr, Verity}'])
    """
    joined: list[str] = []
    for part in name.split(","):
        if joined and joined[-1].count("{") > joined[-1].count("}"):
            joined[-1] += f",{part}"
        else:
            joined.append(part)
    return joined


_BODY = re.compile(rf"\{{(?!\\){BALANCED}\}}")
"""A name in braces as a whole is a body's; ``{\\'E}`` is but a letter."""


@lru_cache(maxsize=100_000)
def _name(name: str) -> str:
    name = name.strip()
    if name.lower() == "others":
        return "et al."
    if _BODY.fullmatch(name):
        return cells.text(plain(name)).replace(";", ",").strip(" ,")
    if found := _read_extended(name) or _read_braced(name):
        return names.author(found)
    decoded = cells.text(plain(name))
    held = _split_parts(name) if "{" in name else []
    # Where no comma stands within braces, "\," is a blank.
    is_held = 0 < len(held) <= name.count(",")
    parts = [cells.text(plain(part)) for part in held] if is_held else decoded.split(",")
    parts = [part.strip() for part in parts]
    if len(parts) == 3 and parts[2]:
        # "von Last, Jr, First"
        return names.author(f"{parts[0]}, {parts[2]}, {parts[1]}")
    if len(parts) > 1:
        return names.author(decoded)
    words = decoded.split()
    for position, word in enumerate(words[1:-1], start=1):
        if word[0].islower():
            return f"{' '.join(words[position:])}, {' '.join(words[:position])}"
    return names.author(decoded)


_EXTENDED = re.compile(
    r"\s*(family|given|prefix|suffix|(?:family|given|prefix|suffix)-i|useprefix|id|nametemplates|"
    r"sortingnamekeytemplatename)\s*=\s*(.*?)\s*",
    re.DOTALL,
)


def _read_extended(name: str) -> str:
    """
    Return a name in biblatex's extended format (manual, 3.4) as "von Last, First, Jr"; blank for any other.

    >>> _read_extended("given=Jo, family=Cruz, given-i=J, prefix=de la")
    'de la Cruz, Jo'
    """
    if "=" not in name:
        return ""
    found = [_EXTENDED.fullmatch(part) for part in _split_parts(name)]
    parts = {each[1]: cells.text(plain(each[2])) for each in found if each}
    if not all(found) or "family" not in parts:
        return ""
    family = f"{parts.get('prefix', '')} {parts['family']}".strip()
    return ", ".join(filter(None, (family, parts.get("given"), parts.get("suffix"))))


def _read_braced(name: str) -> str:
    """
    Return a name whose last words braces hold together as "Last, First"; blank for any other.

    >>> _read_braced("A. {Delgado de Mar}"), _read_braced("{Jean Paul} Sartre")
    ('Delgado de Mar, A.', '')
    """
    begin = name.rfind(" {")
    last = name[begin + 1 :]
    if begin < 1 or " " not in last or "," in name or not _BODY.fullmatch(last):
        return ""
    before = cells.text(plain(name[:begin])).split()
    start = len(before)
    while start > 1 and before[start - 1][0].islower():
        start -= 1
    family = [*before[start:], cells.text(plain(last))]
    return f"{' '.join(family)}, {' '.join(before[:start])}"
