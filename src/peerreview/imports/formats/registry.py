"""The export formats that are known, in the order in which they are asked whether text looks like theirs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from peerreview.errors import InputError
from peerreview.imports import formats
from peerreview.imports.formats import Format, Origin, Part, Piece, RawRecord, Stranger, Warned, Writer
from peerreview.tables import CONTENT, plugins
from peerreview.tables.plugins import Kind, Plugin

_FIRST = (
    "ris", "bibtex", "nbib", "wos", "ovid", "refer", "refworks", "pubmed_xml", "endnote_xml", "ictrp", "csl",
    "embase",
)  # fmt: skip
_LAST = "spreadsheet"
"""Any table of references may be one: it is asked after all others."""
_NO_FORMATS = {"mixture", "openings", "registry", "xlsx"}


def names() -> tuple[str, ...]:
    """Return the names of the formats that ship, in the order in which they are asked: a module here each."""
    return _names(tuple(formats.__path__))


@cache
def _names(folders: tuple[str, ...]) -> tuple[str, ...]:
    there = {module.name for module in iter_modules(folders) if not module.ispkg} - _NO_FORMATS
    return (*_FIRST, *sorted(there - {*_FIRST, _LAST}), _LAST)


def known() -> Iterator[Format]:
    """
    Yield every format, those of other packages before any table; each is imported as it is reached.

    One that cannot be loaded is left out, and told (``plugins.remarks``).
    """
    for name in names()[:-1]:
        yield _shipped(name)
    for plugin, own in plugins.load_all(Kind.FORMAT, names(), _MEMBERS):
        yield _Plugged(plugin.name, own, plugin)
    yield _shipped(_LAST)


def load(name: str) -> Format:
    """
    Return the format of that name.

    Raises
    ------
    PluginError
        Where it is another package's and does not work.
    """
    if name in names():
        return _shipped(name)
    plugin = next(each for each in plugins.offered(Kind.FORMAT, names()) if each.name == name)
    return _Plugged(name, plugins.load(plugin, _MEMBERS), plugin)


def _shipped(name: str) -> Format:
    return cast("Format", import_module(f"{formats.__name__}.{name}"))


_MEMBERS = plugins.members_of(Format)


@dataclass
class _Plugged:
    """Another package's format: what it gives is what ours give, or one line says that it is not."""

    NAME: str
    _own: Format
    _plugin: Plugin
    WATCHES: bool = True
    """What stands in its files is its own affair: they are not searched for other formats' lines."""

    def looks_like(self, text: str) -> bool:
        return plugins.recognises(self._plugin, self._own.looks_like, text)

    def parse(self, text: str) -> Iterator[Part | Stranger]:
        for part in self._own.parse(text):
            if not isinstance(part, RawRecord | Piece | Warned) or not _is_sound(part):
                raise self._plugin.fault(f"parse gave {part!r}, which is no RawRecord, Piece or Warned")
            yield part

    def to_fields(self, raw: RawRecord) -> dict[str, str]:
        fields = self._own.to_fields(raw)
        strange = [name for name in fields if name not in CONTENT or not isinstance(fields[name], str)]
        if strange:
            raise self._plugin.fault(f"to_fields gave {strange[0]!r}, which is no column of text of a record")
        return {column: fields.get(column, "") for column in CONTENT}

    def origin(self, raw: RawRecord) -> Origin:
        origin = self._own.origin(raw)
        if not isinstance(origin, Origin) or not all(isinstance(each, str) for each in origin):
            raise self._plugin.fault(f"origin gave {origin!r}, which is no Origin")
        return origin


def _is_sound(part: RawRecord | Piece | Warned) -> bool:
    line, *texts = part[:2] if isinstance(part, RawRecord) else part
    return isinstance(line, int) and all(isinstance(text, str) for text in texts)


WRITTEN = ("ris", "bibtex", "csl", "endnote_xml", "nbib", "spreadsheet")
"""The formats that are written, too."""


def load_writer(name: str) -> Writer:
    """Return the writer of a format of ``WRITTEN``."""
    return cast("Writer", import_module(f"{formats.__name__}.writers.{name}"))


_HEAD = 20_000
_WEB_PAGE = re.compile(
    r"(?>\s+|<\?xml[^<>]*\?>|<!--(?s:.*?)-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_INSTEAD = (
    (re.compile(r"<rdf:RDF\b"), "is RDF; export the references as RIS or CSL-JSON"),
    (re.compile(r"<mods\b|<modsCollection\b"), "is MODS; export the references as RIS"),
    (re.compile(r"<b:Sources\b"), "is Word's own list of sources; export the references as RIS"),
    (
        re.compile(r"^Record #\d+ of \d+\s+ID: ", re.MULTILINE),
        "is the Cochrane Library's plain text; export the records as RIS",
    ),
    (
        re.compile(r"^1[.:] [^\n]+\n(?s:.*)^PMID: \d+", re.MULTILINE),
        "is PubMed's text for reading; save the records in the format PubMed (.nbib)",
    ),
    (
        re.compile(r"^\{Reference Type\}: |^DataType: \d+\nTitle-题名: ", re.MULTILINE),
        "is NoteExpress's or E-Study's text; export the records as RefWorks or EndNote",
    ),
    (
        re.compile(r"^Scopus\nEXPORT DATE: ", re.MULTILINE),
        "is Scopus's text for reading; export it as RIS or CSV",
    ),
    (
        re.compile(r"Report Information from ProQuest(?s:.*?)\bDocument \d+ of "),
        "is ProQuest's text for reading; export it as RIS",
    ),
)
"""What is met in place of an export, and what to ask for."""


def detect_first(text: str) -> Format:
    """
    Return the format that decoded text looks like, as a whole.

    Raises
    ------
    InputError
        Where it is in none that is known, with what it looks like instead.
    """
    for found in known():
        if found.looks_like(text):
            if found.NAME == _LAST and not _opens_with_header(text):
                _refuse_history(text)
            return found
    if message := instead_of(text):
        raise InputError(message)
    _refuse_history(text)
    if _WEB_PAGE.match(text):
        message = "is a web page (HTML), perhaps a log-in page; export the references again"
        raise InputError(message)
    from peerreview.imports.formats import spreadsheet  # noqa: PLC0415  an unknown table is refused alone

    broken = plugins.failures(Kind.FORMAT)
    if message := spreadsheet.refuse(text):
        raise InputError("; ".join([message, *broken]))
    there = ", ".join(found.NAME for found in known())
    raise InputError("; ".join([f"is in no known export format; known: {there}", *broken]))


def instead_of(text: str) -> str:
    """Return what a text is that people save in place of an export, and what to ask for; blank if none."""
    return next((message for pattern, message in _INSTEAD if pattern.search(text[:_HEAD])), "")


def _opens_with_header(text: str) -> bool:
    """Whether a table begins with its header: where nothing stands above it, it is no saved search."""
    from peerreview.imports.formats.shared import grids  # noqa: PLC0415  few exports are tables

    lines = grids.split_lines(text.lstrip("\n"), 1)
    return grids.find_shape(lines) is not None


_MANY = 10
"""Columns, all with names, that no saved search has."""


def _is_wide(text: str) -> bool:
    """Whether a text opens with the names of more columns than a saved search has."""
    line = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t", key=line.count)
    names = [cell.strip().strip('"').strip() for cell in line.split(delimiter)]
    return len(names) > _MANY and len({*names}) == len(names) and all(name[:1].isalpha() for name in names)


def _refuse_history(text: str) -> None:
    """Refuse a saved search by name: it holds no records."""
    if _is_wide(text):
        return
    from peerreview.imports.strategies import registry as searches  # noqa: PLC0415  few texts are refused

    if platform := searches.history_of(text):
        raise InputError(
            f"is a search history ({platform}), not an export; keep it in strategies/, where search reads it"
        )
