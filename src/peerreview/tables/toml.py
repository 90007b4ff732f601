"""Settings, rules and wordings in TOML, in: their content, and the line of a key."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peerreview.errors import InputError
from peerreview.tables import reading

_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
_HEADING = re.compile(r"\s*\[\[?\s*(.*?)\s*\]\]?\s*(?:#.*)?")


@dataclass(frozen=True)
class Document:
    """A TOML text's content; ``path`` is where it stands."""

    content: dict[str, Any]
    text: str
    path: str = ""

    def line(self, key: str, section: str = "", number: int = 1) -> int | None:
        r"""
        Return the line of a key in the number-th section of that name; None where it is not found.

        Without a key it is the section's own; without a section the key is
        one above all headings, or a heading.

        >>> document = parse("[weights]\ntitle = 1\n[[rule]]\na = 1\n[[rule]]\na = 2\n")
        >>> document.line("rule"), document.line("a", "rule", 2), document.line("", "rule", 2)
        (3, 6, 5)
        """
        here, counted = "", 0
        own = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]")
        for place, line in enumerate(self.text.splitlines(), start=1):
            heading = _HEADING.fullmatch(line)
            if heading:
                here = heading[1].strip("\"' ")
                counted += here == section
                is_sought = counted == number and not key if section else here.partition(".")[0] == key
                if is_sought:
                    return place
            elif key and here == section and (not section or counted == number) and own.match(line):
                return place
        return None

    def fault(self, message: str, key: str = "", section: str = "", number: int = 1) -> InputError:
        """Return the error for a key, or a section, that is not what it should be, with its line."""
        above, _, last = section.rpartition(".")
        first = section.partition(".")[0]
        places = (
            (key, section),
            ("", section),
            # A table may stand in one line of the section above, or be named before any heading.
            (last if above else "", above),
            (f"{section}.{key}".lstrip(".") if key else section, ""),
            (first, ""),
        )
        lines = (self.line(name, of, number) for name, of in places if name or of)
        return InputError(message, path=self.path, line=next(filter(None, lines), None))


def parse(text: str, *, path: object = "") -> Document:
    """
    Return what a TOML text says.

    Raises
    ------
    InputError
        With file and line, where it is not TOML.
    """
    # Windows editors begin a file with a byte order mark.
    text = text.removeprefix("\ufeff")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines()) or 1
        raise InputError(f"is not TOML: {error}", path=path, line=line) from error
    except RecursionError as error:
        raise InputError("is not TOML: lists within lists without end", path=path) from error
    except ValueError as error:
        raise InputError("is not TOML: a number of thousands of digits", path=path) from error
    if "0x" in text or "0o" in text or "0b" in text:
        _keep_to_64_bits(content, path)
    return Document(content, text, str(path))


def _keep_to_64_bits(part: object, path: object) -> None:
    """Refuse whole numbers that TOML has no room for: Python takes any, and prints not all."""
    if isinstance(part, int) and not -(2**63) <= part < 2**63:
        raise InputError("is not TOML: a whole number of more than 64 bits", path=path)
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _keep_to_64_bits(each, path)


def read(path: Path) -> Document:
    """
    Return what a TOML file says.

    Raises
    ------
    InputError
        Where it cannot be read, is not UTF-8, or is not TOML.
    """
    return parse(reading.read_text(path), path=path)
