"""A folder in one zip: the same files give the same bytes, and nobody's zip writes where it should not."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from peerreview.errors import InputError
from peerreview.render.ooxml import EPOCH

_SMALL = 100_000
"""Bytes of a file that is stored as it is: whoever opens the zip in any program can read it."""
_MOST_BYTES = 2_000_000_000
_MOST_FILES = 100_000
_MOST_TIMES = 1_000
"""How many times its packed size a file of some size may be: text is ten times, a bomb a hundred thousand."""
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_ODD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def pack(files: Mapping[str, bytes], *, shown: frozenset[str] = frozenset()) -> bytes:
    """
    Return files by their names as a zip, in the order of the mapping, without a clock.

    Small files, and those that are ``shown``, are stored as they are. Large
    ones are packed by bzip2: zlib's builds (zlib, zlib-ng) pack the same bytes
    differently, libbzip2 has had one way since 2000. On its way each file has
    the mode of one that all may read.

    >>> pack({"a.csv": b"id"}) == pack({"a.csv": b"id"})
    True
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            is_small = len(content) < _SMALL or name in shown
            entry.compress_type = zipfile.ZIP_STORED if is_small else zipfile.ZIP_BZIP2
            archive.writestr(entry, content, compresslevel=9)
    return stream.getvalue()


def unpack(content: bytes) -> Iterator[tuple[str, bytes]]:
    """
    Yield the files of a zip, each by its name, after all names were looked at.

    Raises
    ------
    InputError
        For what is no zip, is damaged, would write outside its folder or over
        another file of it, or unpacks to more than anybody packed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            _check_names(entries)
            left = _MOST_BYTES
            for entry in entries:
                _check_size(entry, left)
                with archive.open(entry) as within:
                    # What it says of its size may be a lie: no more is ever read than that.
                    unpacked = within.read(entry.file_size + 1)
                if len(unpacked) != entry.file_size:
                    raise InputError(f"{entry.filename!r} has another size than it says")
                left -= len(unpacked)
                yield entry.filename, unpacked
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise InputError(f"is no whole zip: {error}") from error
    except (NotImplementedError, RuntimeError, ValueError) as error:
        raise InputError(f"cannot be unpacked: {error}") from error


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > _MOST_FILES:
        raise InputError(f"holds {len(entries):,} files: more than {_MOST_FILES:,}")
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.filename
        parts = name.split("/")
        is_odd = any(
            part in ("", ".", "..") or part != part.rstrip(" .") or _DEVICES.fullmatch(part) for part in parts
        )
        if is_odd or _ODD.search(name) or entry.orig_filename != name:
            raise InputError(f"holds {entry.orig_filename!r}: no name of a file within a folder")
        if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
            raise InputError(f"holds {name!r}, which is a link or a device")
        if entry.flag_bits & 1:
            raise InputError(f"holds {name!r}, which is encrypted")
        # Folders of some systems take both for one.
        same = unicodedata.normalize("NFC", name).casefold()
        if same in seen:
            raise InputError(f"holds {seen[same]!r} and {name!r}, which are one file on some machines")
        seen[same] = name
    for same, name in seen.items():
        above = same.rpartition("/")[0]
        while above:
            if above in seen:
                raise InputError(f"holds {seen[above]!r} as a file and as the folder of {name!r}")
            above = above.rpartition("/")[0]


def _check_size(entry: zipfile.ZipInfo, left: int) -> None:
    if entry.compress_type not in _READABLE:
        raise InputError(f"holds {entry.filename!r}, packed in a way that is not read here")
    is_bomb = entry.file_size > max(entry.compress_size, 1) * _MOST_TIMES and entry.file_size > _SMALL
    if entry.file_size > left or is_bomb:
        raise InputError(f"holds {entry.filename!r}, which unpacks to {entry.file_size:,} bytes: a bomb?")
