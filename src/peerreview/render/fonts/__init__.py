"""
Fonts for pictures: those that ship, and those of the machine where a script needs more.

The only door to fontTools, which reads them: it knows what a font maps to
no glyph (the gaps in a range of characters), and every form of its tables.
"""

import logging
import os
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from peerreview.errors import InputError, MissingToolError

# What fontTools remarks on a font's tables is no news for who draws a figure.
logging.getLogger("fontTools").addHandler(logging.NullHandler())
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_SPECIAL = re.compile("bold|italic|oblique|black|heavy|light|thin|medium|serif|mono|cond", re.IGNORECASE)
# Characters that no font need draw: spaces, joiners, direction marks.
_UNSEEN = frozenset(range(0x21)) | frozenset(range(0x2000, 0x2010)) | frozenset(range(0x2028, 0x2030))
_UNSEEN |= frozenset(range(0x2060, 0x2070)) | {0xA0, 0xAD, 0xFEFF} | frozenset(range(0xFE00, 0xFE10))
_NO_FONT = "is not a TrueType or OpenType font"
_STYLES = {"Regular": "", "Book": "", "Roman": "", "Bold": "B", "Italic": "I", "Oblique": "I"}


@dataclass(frozen=True)
class Face:
    """A font file: the names of its family and style, and the characters that it draws."""

    path: Path
    family: str
    style: str
    characters: frozenset[int]


def shipped() -> dict[str, Path]:
    """Return the fonts that ship by style: ``""``, ``B`` (bold) and ``I`` (italic)."""
    folder = Path(str(resources.files("peerreview.render.fonts")))
    names = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf"}
    return {style: folder / name for style, name in names.items()}


def find(font: str) -> dict[str, Path]:
    """
    Return the fonts of a file or of a family's name on this machine, by style as ``shipped`` does.

    Raises
    ------
    InputError
        Where it is no font file, and no family of this machine either.
    """
    if Path(font).is_file():
        return {"": read(Path(font)).path}
    found: dict[str, Path] = {}
    for path in _installed():
        try:
            family, named = _family_and_style(path)
        except InputError:
            continue
        style = _STYLES.get(named)
        if family.casefold() == font.casefold() and style is not None:
            found.setdefault(style, path)
    if "" not in found:
        raise InputError(f"no font {font!r} on this machine, and no such file")
    return found


def needed(texts: Iterable[str], chosen: Sequence[Path] = ()) -> list[Face]:
    """
    Return the faces that together draw every character: those chosen, ours, then the machine's.

    Raises
    ------
    InputError
        Where a font chosen cannot be read, or no font here has a character;
        a figure is never drawn without its text.
    """
    faces = [read(path) for path in chosen]
    faces.append(read(shipped()[""]))
    missing = {ord(character) for text in texts for character in text} - _UNSEEN
    missing = missing.difference(*(face.characters for face in faces))
    for path in _installed() if missing else ():
        face = _read_or_none(path)
        if face is not None and missing & face.characters:
            faces.append(face)
            missing -= face.characters
        if not missing:
            break
    if missing:
        shown = " ".join(map(chr, sorted(missing)[:8]))
        cure = "install one that has, or name it to prisma: --font FILE.ttf"
        raise InputError(f"no font on this machine has {shown}; {cure}")
    return faces


def styled(texts: Sequence[str], chosen: Mapping[str, Path]) -> tuple[list[Face], list[Mapping[str, Path]]]:
    """Return the faces ``needed`` for texts, and the files of each by style; ``chosen`` as ``find`` does."""
    faces = needed(texts, [chosen[""]] if chosen else [])
    known = [each for each in (chosen, shipped()) if each]
    styles = [next((each for each in known if each[""] == face.path), {"": face.path}) for face in faces]
    return faces, styles


def _installed() -> Iterator[Path]:
    """Yield font files in the folders where machines keep them, in a stable order."""
    try:
        home = Path.home()
    except RuntimeError:  # A user without a home folder, as in a container.
        home = Path("/nonexistent")
    folders = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/Library/Fonts"),
        Path("/System/Library/Fonts"),
        home / "Library/Fonts",
        Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",
    ]
    files = [
        path
        for folder in folders
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES
    ]
    # Upright sans-serifs of ordinary weight first.
    yield from sorted(files, key=lambda path: (bool(_SPECIAL.search(path.name)), str(path)))


def _read_or_none(path: Path) -> Face | None:
    try:
        return read(path)
    except InputError:
        return None


@cache
def read(path: Path) -> Face:
    """
    Return a font file's face; of a collection, the first one.

    Raises
    ------
    InputError
        For a file that cannot be read or is no TrueType or OpenType font.
    MissingToolError
        Without fontTools.
    """
    with _opened(path) as font:
        mapped: Mapping[int, str] = font.getBestCmap() or {}
        drawn = frozenset(code for code, glyph in mapped.items() if glyph != ".notdef")
    return Face(path, *_family_and_style(path), drawn)


@cache
def _family_and_style(path: Path) -> tuple[str, str]:
    """Return the names of a font file's family and style; its characters take longer to read."""
    with _opened(path) as font:
        family, style = (font["name"].getDebugName(number) or "" for number in (1, 2))
    return family, style


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a font file, and tell what goes wrong while it is read as the user's fault of a file."""
    try:
        from fontTools.ttLib import TTFont, TTLibError
    except ImportError as error:
        raise MissingToolError.of("reading a font", "fonttools") from error
    try:
        with path.open("rb") as stream, TTFont(stream, lazy=True, fontNumber=0) as font:
            if font.flavor:  # A font for web pages, which no picture's library reads.
                raise InputError(_NO_FONT, path=path)
            yield font
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except (
        *(TTLibError, struct.error, ImportError, EOFError, AssertionError, NotImplementedError),
        *(KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError),
    ) as error:
        raise InputError(_NO_FONT, path=path) from error
