"""The wording of a flow's figure, in English or another language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from peerreview.errors import InputError
from peerreview.tables import toml

ENGLISH = "en"
_RETIRED = ("notes.databases", "notes.automation")
"""The template's notes to authors, which say nothing to readers; a team's own file may still have them."""
_FOLDER = resources.files("peerreview.flow.labels")


@dataclass(frozen=True)
class Labels:
    """A language's wording, by ``section.key``; numbers are set in its own way."""

    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.words[key]

    def get(self, key: str, otherwise: str) -> str:
        """Return the wording of a key, or what stands in its place."""
        return self.words.get(key, otherwise)

    def box(self, key: str) -> str:
        """Return a box's name; where the right column has none of its own, that of the left one."""
        return self.words.get(f"boxes.{key}") or self.words[f"boxes.{key.removeprefix('other_')}"]

    def full(self, key: str, *, updated: bool = False) -> str:
        """Return a box's name where it stands alone, with its column; in an update it may have another."""
        name = (self.words.get(f"boxes.{key}_updated", "") if updated else "") or self.box(key)
        # A team's own wording may still have the asterisks of the template's notes to authors.
        name = name.rstrip("*")
        return name if f"boxes.{key}" in self.words else f"{name} ({self.words['page.other_methods']})"

    def number(self, n: int) -> str:
        """Return a count as this language writes it, with its separator of thousands."""
        return f"{n:,}".replace(",", self.words["thousands"])

    def count(self, n: int) -> str:
        """Return a count as it stands in a box, as in ``(n = 1,234)``, never broken over lines."""
        return self.words["count"].replace("{n}", self.number(n)).replace(" ", "\N{NO-BREAK SPACE}")


def languages() -> list[str]:
    """Return the languages that ship."""
    return sorted(
        each.name.removesuffix(".toml") for each in _FOLDER.iterdir() if each.name.endswith(".toml")
    )


def read(chosen: str = ENGLISH) -> Labels:
    """
    Return the wording of a language that ships (``de``) or of a file (``de.toml``).

    What a translation lacks is English.

    Raises
    ------
    InputError
        For a file that is not TOML, or has a key that the English one has not.
    """
    english = _flat(_shipped(ENGLISH).content)
    name = chosen.removesuffix(".toml")
    if Path(chosen).is_file():
        document = toml.read(Path(chosen))
    elif name in languages():
        document = _shipped(name)
    else:
        raise InputError(f"no such labels; a file, or one of {', '.join(languages())}", path=chosen)
    own = _flat(document.content)
    for key, wording in own.items():
        section, _, word = key.rpartition(".")
        if key not in (*english, *_RETIRED) and not key.startswith("reasons."):
            message = f"unknown key {key!r}; the keys are those of the English labels"
            raise document.fault(message, word, section)
        if not isinstance(wording, str):
            raise document.fault(f"{key} {wording!r} is not text; put it in quotes", word, section)
        for field in ("{n}", "{identities}", "{study}", "{reason}"):
            if field in english.get(key, "") and field not in wording:
                raise document.fault(f"{key} {wording!r} does not hold {field}", word, section)
    return Labels(MappingProxyType(english | own))


@cache
def _shipped(language: str) -> toml.Document:
    return toml.parse((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"), path=f"{language}.toml")


def _flat(sections: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, section in sections.items():
        if isinstance(section, dict):
            flat |= {f"{name}.{key}": wording for key, wording in section.items()}
        else:
            flat[name] = section
    return flat
