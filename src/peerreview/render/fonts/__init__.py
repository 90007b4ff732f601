"""Fonts for pictures: those that ship, and those of the machine where a script needs more."""

import os
import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from peerreview.errors import InputError

_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_SPECIAL = re.compile("bold|italic|oblique|black|heavy|light|thin|medium|serif|mono|cond", re.IGNORECASE)
# Characters that no font need draw: spaces, joiners, direction marks.
_UNSEEN = frozenset(range(0x21)) | frozenset(range(0x2000, 0x2010)) | frozenset(range(0x2028, 0x2030))
_UNSEEN |= frozenset(range(0x2060, 0x2070)) | {0xA0, 0xAD, 0xFEFF} | frozenset(range(0xFE00, 0xFE10))


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
        face = _read_or_none(path)
        if face is not None and face.family.casefold() == font.casefold():
            style = _STYLES.get(face.style)
            if style is not None:
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
        raise InputError(f"no font on this machine has {shown}; name one that has: --font FILE.ttf")
    return faces


def styled(texts: Sequence[str], chosen: Mapping[str, Path]) -> tuple[list[Face], list[Mapping[str, Path]]]:
    """Return the faces ``needed`` for texts, and the files of each by style; ``chosen`` as ``find`` does."""
    faces = needed(texts, [chosen[""]] if chosen else [])
    known = [each for each in (chosen, shipped()) if each]
    styles = [next((each for each in known if each[""] == face.path), {"": face.path}) for face in faces]
    return faces, styles


def _installed() -> Iterator[Path]:
    """Yield font files in the folders where machines keep them, in a stable order."""
    home = Path.home()
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
    """
    try:
        content = path.read_bytes()
        start = struct.unpack_from(">I", content, 12)[0] if content[:4] == b"ttcf" else 0
        tables = {}
        for entry in range(struct.unpack_from(">H", content, start + 4)[0]):
            tag, _, offset, _ = struct.unpack_from(">4sIII", content, start + 12 + 16 * entry)
            tables[tag] = offset
        names = _names(content, tables[b"name"])
        drawn = frozenset(_characters(content, tables[b"cmap"]))
        return Face(path, names.get(1, ""), names.get(2, ""), drawn)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except (KeyError, struct.error) as error:
        raise InputError("is not a TrueType or OpenType font", path=path) from error


def _names(content: bytes, name: int) -> dict[int, str]:
    """Return a ``name`` table by the number of each name: 1 is the family, 2 the style."""
    _, count, strings = struct.unpack_from(">HHH", content, name)
    names: dict[int, str] = {}
    for entry in range(count):
        platform, _, _, said, length, offset = struct.unpack_from(">HHHHHH", content, name + 6 + 12 * entry)
        if platform == 3:
            start = name + strings + offset
            names.setdefault(said, content[start : start + length].decode("utf-16-be", "replace"))
    return names


def _characters(content: bytes, cmap: int) -> Iterator[int]:
    """Yield the characters of a ``cmap`` table, from its subtables of formats 4 and 12."""
    for entry in range(struct.unpack_from(">H", content, cmap + 2)[0]):
        place = cmap + struct.unpack_from(">I", content, cmap + 8 + 8 * entry)[0]
        form = struct.unpack_from(">H", content, place)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", content, place + 12)[0]):
                first, last, _ = struct.unpack_from(">III", content, place + 16 + 12 * group)
                yield from range(first, last + 1)
        elif form == 4:
            doubled = struct.unpack_from(">H", content, place + 6)[0]
            ends = struct.unpack_from(f">{doubled // 2}H", content, place + 14)
            starts = struct.unpack_from(f">{doubled // 2}H", content, place + 16 + doubled)
            for first, last in zip(starts, ends, strict=True):
                yield from range(first, min(last, 0xFFFE) + 1)
