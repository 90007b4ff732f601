"""One section of a protocol, and what its keys may hold: each fault with file and line."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peerreview.errors import InputError
from peerreview.tables import toml

GUARDED = (
    "lenient", "allow_inconsistent", "again", "replace", "expect", "unmatched", "force", "quiet", "check",
)  # fmt: skip
"""Options that lift a guard, or that are of one run: no team lays them down as method."""


@dataclass(frozen=True)
class Section:
    """
    A table of the protocol: its ``content``, and where it stands.

    ``number`` is which of several of that name it is, as of ``[[reviewers]]``;
    ``shown`` is what it is called in a fault, where that is not its name.
    """

    document: toml.Document
    name: str
    content: Mapping[str, Any]
    number: int = 1
    shown: str = ""

    def fault(self, message: str, key: str = "") -> InputError:
        """Return what is wrong with a key, or with the section, and where it stands."""
        return self.document.fault(message, key, self.name, self.number)

    def must_know(self, known: Collection[str]) -> None:
        """
        Refuse a key that nobody reads.

        Raises
        ------
        InputError
            Naming the nearest known one, or saying that it lifts a guard.
        """
        for key in self.content:
            if key in known:
                continue
            if key.replace("-", "_") in GUARDED:
                message = f"{key!r} lifts a guard: it is an option of a command, for one run, and no method"
                raise self.fault(message, key)
            allowed = ", ".join(sorted(known))
            shown = self.shown or f"[{self.name}]"
            raise self.fault(f"unknown key {key!r} in {shown}{nearest(key, known)}; known: {allowed}", key)

    def text(self, key: str, default: str = "") -> str:
        """
        Return a key's text.

        Raises
        ------
        InputError
            For what is none: an id such as 42021257013 must stay text, a number loses its leading zeros.
        """
        value = self.content.get(key, default)
        if not isinstance(value, str):
            raise self.fault(f"{key} {value!r} is not text; put it in quotes", key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """
        Return a key's list of texts; none where it is not there.

        Raises
        ------
        InputError
            For what is no such list.
        """
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fault(f"{key} {value!r} is not a list of texts", key)
        return tuple(value)

    def count(self, key: str) -> int:
        """
        Return a key's whole number, 0 or more.

        Raises
        ------
        InputError
            For what is none.
        """
        value = self.content[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            message = f"{key} {value!r} in [{self.name}] is not a count: a whole number, 0 or more"
            raise self.fault(message, key)
        return value

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        """
        Return a key's word, the first of those allowed where it is not there.

        Raises
        ------
        InputError
            For another.
        """
        value = self.content.get(key, allowed[0])
        if value not in allowed:
            raise self.fault(f"{key} {value!r} is not one of {', '.join(allowed)}", key)
        return str(value)


def nearest(word: str, known: Iterable[str]) -> str:
    """
    Return the known word that comes nearest, in brackets; blank where none does.

    >>> nearest("reson", ["reasons", "maybe"]), nearest("xyz", ["reasons"])
    (" (the nearest is 'reasons')", '')
    """
    near = difflib.get_close_matches(word.casefold(), sorted(known), n=1)
    return f" (the nearest is {near[0]!r})" if near else ""
