"""Lists within a cell."""

import ast
from collections.abc import Sequence

LIST = "; "
"""What stands between the members of a list within a cell."""


def split(cell: str) -> list[str]:
    """
    Return the members of a list within a cell.

    >>> split("wrong population;wrong design; ")
    ['wrong population', 'wrong design']
    """
    return [part.strip() for part in cell.split(LIST.strip()) if part.strip()]


def series(parts: Sequence[str], word: str = "and") -> str:
    """
    Return parts as a sentence lists them.

    >>> series(["ana", "ben", "cy"]), series(["ana", "ben"], "or")
    ('ana, ben and cy', 'ana or ben')
    """
    return f" {word} ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def as_one(name: str) -> str:
    """
    Return a name as a list of names can hold it: one, where it would be several.

    >>> as_one("Early Work; Later Work")
    'Early Work, Later Work'
    """
    return name.replace(LIST, ", ")


def split_mixed(value: str) -> list[str]:
    """
    Return the members of a list within one cell, by whichever sign stands between them.

    >>> split_mixed("child; adult"), split_mixed("keratin,melanin")
    (['child', 'adult'], ['keratin', 'melanin'])
    >>> split_mixed("['Marx, Karl', 'Lindgren, Astrid']")
    ['Marx, Karl', 'Lindgren, Astrid']
    """
    listed = read_printed(value)
    if listed:
        return listed
    sign = next((each for each in ("|", ";", ",") if each in value), "\n")
    return [each.strip() for each in value.split(sign) if each.strip()]


def read_printed(value: str) -> list[str]:
    """Return a list as Python prints it (ASReview, pandas), or nothing where it is none."""
    if not (value.startswith("[") and value.endswith("]")):
        return []
    try:
        found = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []
    return [str(each) for each in found] if isinstance(found, list) else []
