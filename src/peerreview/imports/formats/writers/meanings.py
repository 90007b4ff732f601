"""
Fields without a column of their own, from whatever format they came to the one that is written.

``extra`` keeps a field under its export's own name (``PB``, ``publisher``,
``%I``); ``meanings.toml`` says once what each name means. A field goes to
a file of its own format as it stands, and to another format to the field
of its meaning. Nothing is put where it means something else: what a format
has no place for is counted.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from peerreview.errors import InputError
from peerreview.imports.formats.shared import marks
from peerreview.imports.formats.shared.bibtex_names import read_names
from peerreview.imports.formats.shared.latex import plain
from peerreview.tables import LIST, reading, toml
from peerreview.values import cells, names

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.imports.formats import Writer

Row = Mapping[Any, Any]
"""A row of ``records.csv``."""
TABLE = "spreadsheet"
"""The format in which any name may be a column's."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def line(value: str) -> str:
    r"""
    Return text for one line of a file: no line break in it opens a field, no control character ends it.

    >>> line("One.\nTY  - BOOK\x00 two")
    'One. TY - BOOK two'
    """
    return " ".join(_CONTROL.sub(" ", value).split())


class Placed(NamedTuple):
    """
    The values of a field to write.

    ``is_verbatim`` values are in the format's own spelling (LaTeX, CSL's
    objects); others are plain text, or people as in the column ``authors``.
    """

    values: list[Any]
    is_verbatim: bool = False
    is_people: bool = False

    def cells(self) -> list[str]:
        """Return the values as parts of a cell."""
        return [line(str(value)) for value in self.values]

    def texts(self) -> list[str]:
        """Return the values as text, people as ``people`` does."""
        if self.is_people:
            return [name for value in self.values for name in people(value)]
        return [str(value) for value in self.values]


def people(cell: str) -> list[str]:
    """
    Return names as EndNote takes them: a body's ends with a comma.

    >>> people("Example, Verity; NHS England")
    ['Example, Verity', 'NHS England,']
    """
    return [f"{name}," if is_body else name for name, is_body in names.split(cell)]


@dataclass(frozen=True)
class Further:
    """The fields of a record beside its columns that have a place, and the names of those that have none."""

    placed: dict[str, Placed] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def take(self, name: str) -> list[Any]:
        """Return the values of a field that its writer brings together with a column's; it is spent."""
        found = self.placed.pop(name, None)
        return found.values if found else []

    def texts(self, name: str) -> list[str]:
        """Return those values of ``take`` that are text, each in one line."""
        return [text for value in self.take(name) if isinstance(value, str) and (text := line(value))]


def count_left(records: "pd.DataFrame", writer: "Writer") -> Counter[str]:
    """
    Return the fields that a format has no place for, and in how many records each stands.

    Parameters
    ----------
    records : ``extra`` and the content columns of ``records.csv``, all text.
    """
    return Counter(
        name for row in records.to_dict("records") if row["extra"] for name in set(writer.further(row).left)
    )


@dataclass(frozen=True)
class _Known:
    """What a format's names mean, in the order in which they win, and the name to write for each meaning."""

    means: Mapping[str, str]
    writes: Mapping[str, str]
    columns: Collection[str]
    rank: Mapping[str, int]


@cache
def _table() -> Mapping[str, Any]:
    text = files("peerreview.imports.formats.writers").joinpath("meanings.toml").read_text(encoding="utf-8")
    return MappingProxyType(toml.parse(text).content)


@cache
def _known(format_: str, code: str) -> _Known:
    """Return what names mean in a format, in references of a type (RIS's own code)."""
    special = _table()["by_type"].get(format_, {}).get(code, {})
    means: dict[str, str] = {}
    writes: dict[str, str] = {}
    for meaning, declared in _table()["meanings"].items():
        listed = declared.get(format_, [])
        for name in listed:
            means.setdefault(name, meaning)
        own = [name for name, says in special.items() if says == meaning]
        free = [*own, *(name for name in listed if special.get(name, meaning) == meaning)]
        if format_ == TABLE:
            free = [declared["csv"]]
        if free:
            writes[meaning] = free[0]
    means |= special
    rank = {name: number for number, name in enumerate(means)}
    return _Known(means, writes, frozenset(_columns(format_)), rank)


def _columns(format_: str) -> Iterator[str]:
    yield from _table()["columns"][format_]
    if format_ == TABLE:
        text = files("peerreview.imports.formats").joinpath("headers.toml").read_text(encoding="utf-8")
        for headers in toml.parse(text).content["columns"].values():
            yield from headers


def take_editors(row: Row, further: Further, target: str) -> str:
    """
    Return the field for the people in ``authors``, where they are the editors of a book that has no author.

    They are then to be written there alone, and what stood there is spent. Blank
    where they are authors, or the format has no field for editors of the type.
    """
    found = read(row).get("editors", []) if row["extra"] else []
    known = _known(target, code_of(row))
    if not found or LIST.join(found) != row["authors"] or "editors" not in known.writes:
        return ""
    for name, says in known.means.items():
        if says == "editors":
            further.take(name)
    return known.writes["editors"]


def _is_many(meaning: str) -> bool:
    return bool(_table()["meanings"][meaning].get("many"))


def _is_people(meaning: str) -> bool:
    return bool(_table()["meanings"][meaning].get("people"))


def table_columns() -> list[str]:
    """Return the columns of meanings in an exported table, in their order."""
    return [declared["csv"] for declared in _table()["meanings"].values()]


def read(row: Row) -> dict[str, list[str]]:
    """
    Return what the fields of ``extra`` mean, as plain text: people as in ``authors``, notes without our mark.

    >>> read({"type": "CHAP", "journal": "", "extra": '{"PB": "Press", "A2": ["Ek, Bo"], "LB": "a"}'})
    {'publisher': ['Press'], 'editors': ['Ek, Bo'], 'label': ['a']}
    """
    extra = _extra(row)
    return {
        meaning: values for meaning, _, values in _meant(extra, dialect(extra, row["type"]), code_of(row))
    }


def _extra(row: Row) -> dict[str, Any]:
    """
    Return the fields of a record that have no column.

    Raises
    ------
    InputError
        Where somebody changed them to what is no JSON object.
    """
    extra = reading.parse_json(row["extra"]) if row["extra"] else {}
    if not isinstance(extra, dict):
        raise InputError(f"extra of record {row.get('record_id', '')!r} is not a JSON object")
    return extra


def _meant(extra: Mapping[str, Any], source: str, code: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each meaning, the name of the field that has it, and its values; the first name wins."""
    known = _known(source, code)
    by_meaning: dict[str, list[str]] = {}
    for name in extra:
        meaning = known.means.get(_spelt(name, source), "")
        if meaning:
            by_meaning.setdefault(meaning, []).append(name)
    for meaning in _table()["meanings"]:
        for name in sorted(by_meaning.get(meaning, ()), key=lambda name: known.rank[_spelt(name, source)]):
            values = _plain(extra[name], source, of_people=_is_people(meaning))
            if meaning in ("notes", "research_notes"):
                values = [kept for value in values if (kept := marks.unmarked(value))]
            if values:
                yield meaning, name, values
                break


def place(row: Row, target: str, taken: Collection[str]) -> Further:
    """
    Return where the fields of a record's ``extra`` go in a format.

    Parameters
    ----------
    taken : the format's fields that are written from columns and can hold no more.
    """
    further = Further()
    extra = _extra(row)
    if not extra:
        return further
    code = code_of(row)
    source = dialect(extra, row["type"])
    known = _known(target, code)
    spent = set()
    if source == target != TABLE:
        for name, value in extra.items():
            if name not in taken and name not in known.columns and not _is_marked(value):
                further.placed[name] = Placed(value if isinstance(value, list) else [value], is_verbatim=True)
                spent.add(name)
    for meaning, name, values in _meant(extra, source, code):
        if name in spent:
            continue
        spent.add(name)
        # The periodical in full is no abbreviation, and many a column says it once more.
        shown = row["journal"].casefold() if meaning in ("journal_abbreviation", "conference") else ""
        told = [value for value in values if value.casefold() != shown]
        to = known.writes.get(meaning, "")
        if told and (not to or to in taken or to in further.placed):
            further.left.append(name)
        elif told:
            joined = told if _is_many(meaning) or _is_people(meaning) else [LIST.join(told)]
            further.placed[to] = Placed(joined, is_people=_is_people(meaning))
    columns = _known(source, code).columns
    for name, value in extra.items():
        if name in spent or _spelt(name, source) in columns or _is_marked(value):
            continue
        if source == target == TABLE and name not in taken and name not in further.placed:
            further.placed[name] = Placed(value if isinstance(value, list) else [value])
        else:
            further.left.append(name)
    return further


def _is_marked(value: Any) -> bool:
    """Whether our mark stands in a field: it is written anew, and what else the field says by its meaning."""
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(each, str) and marks.OPENING in each for each in texts)


def _plain(value: Any, source: str, *, of_people: bool) -> list[str]:
    """Return a field's values as plain text."""
    values = value if isinstance(value, list) else [value]
    if of_people:
        return [name for name in _people(values, source).split(LIST) if name]
    texts = [each for each in values if isinstance(each, str)]
    return [text for each in texts if (text := cells.text(plain(each) if source == "bibtex" else each))]


def _people(values: list[Any], source: str) -> str:
    if source == "csl":
        from peerreview.imports.formats.csl import name_of  # noqa: PLC0415  few records are CSL's

        return names.join(map(name_of, values))
    texts = [each for each in values if isinstance(each, str)]
    if source == "bibtex":
        return read_names(texts)
    if source == TABLE:
        return LIST.join(filter(None, (names.join(names.split(each)) for each in texts)))
    return names.read(texts)


_TAG = re.compile(r"[A-Z][A-Z0-9]{1,3}")
_CODE = re.compile(r"[A-Z]{3,8}")
_OVID = re.compile(r"<\d{4} to |^Ovid|^EBM Reviews")
_OF_ENDNOTE = frozenset({"rec-number", "ref-type", "ref-type/@name"})
_NOT_PLAIN = re.compile(r"[\W_]+")


def _spelt(name: str, source: str) -> str:
    return _NOT_PLAIN.sub(" ", name.lower()).strip() if source == TABLE else name


def dialect(extra: Mapping[str, Any], type_: str) -> str:
    """
    Return which format's names ``extra`` has; each format has names that no other has.

    >>> dialect({"%I": "Press"}, ""), dialect({"PB": "Press"}, "BOOK"), dialect({"Publisher": "Press"}, "")
    ('refer', 'ris', 'spreadsheet')
    """
    if any(name.startswith("%") for name in extra):
        return "refer"
    if not extra.keys().isdisjoint(_OF_ENDNOTE):
        return "endnote_xml"
    if any("/" in name for name in extra):
        return "endnote_xml" if all(name[:1].islower() for name in extra) else "pubmed_xml"
    if any(isinstance(value, dict) for value in extra.values()) or _is_csl(extra):
        return "csl"
    if all(map(_TAG.fullmatch, extra)) and (extra.keys() != {"ID"} or _CODE.fullmatch(type_)):
        return _tagged(extra)
    if "ID" in extra and all(name.islower() or name.isupper() for name in extra):
        return "bibtex"
    return TABLE


def _is_csl(extra: Mapping[str, Any]) -> bool:
    return "id" in extra and not any(" " in name for name in extra)


def _tagged(extra: Mapping[str, Any]) -> str:
    if "SO" in extra and _OVID.search(str(extra.get("DB", ""))):
        return "ovid"
    if any(len(name) > len("AU") for name in extra) or "SO" in extra:
        return "nbib"
    if "PT" in extra:
        return "wos"
    if "SR" in extra or "OL" in extra:
        return "refworks"
    return "ovid" if _OVID.search(str(extra.get("DB", ""))) and "UR" not in extra else "ris"


TYPES = frozenset(
    {
        "ABST", "ADVS", "AGGR", "ANCIENT", "ART", "BILL", "BLOG", "BOOK", "CASE", "CHAP", "CHART", "CLSWK",
        "COMP", "CONF", "CPAPER", "CTLG", "DATA", "DBASE", "DICT", "EBOOK", "ECHAP", "EDBOOK", "EJOUR",
        "ELEC", "ENCYC", "EQUA", "FIGURE", "GEN", "GOVDOC", "GRANT", "HEAR", "ICOMM", "INPR", "JFULL",
        "JOUR", "LEGAL", "MANSCPT", "MAP", "MGZN", "MPCT", "MULTI", "MUSIC", "NEWS", "PAMP", "PAT", "PCOMM",
        "RPRT", "SER", "SLIDE", "SOUND", "STAND", "STAT", "STD", "THES", "UNBILL", "UNPB", "VIDEO", "WEB",
    }
)  # fmt: skip
_WORDS = (
    ("chap", "CHAP"),
    ("inbook", "CHAP"),
    ("incollection", "CHAP"),
    ("book section", "CHAP"),
    ("conf", "CPAPER"),
    ("proceeding", "CPAPER"),
    ("thes", "THES"),
    ("dissertation", "THES"),
    ("news", "NEWS"),
    ("magazine", "MGZN"),
    ("jour", "JOUR"),
    ("article", "JOUR"),
    ("review", "JOUR"),
    ("report", "RPRT"),
    ("web", "ELEC"),
    ("online", "ELEC"),
    ("data", "DATA"),
    ("book", "BOOK"),
    ("patent", "PAT"),
)
"""Words in a type, the most telling first → RIS's own type."""


def code_of(row: Row) -> str:
    """
    Return RIS's code of a record's type.

    >>> code_of({"type": "Book Section", "journal": ""}), code_of({"type": "", "journal": "J"})
    ('CHAP', 'JOUR')
    """
    if row["type"] in TYPES:
        return str(row["type"])
    given = str(row["type"]).lower()
    return next((kind for word, kind in _WORDS if word in given), "JOUR" if row["journal"] else "GEN")
