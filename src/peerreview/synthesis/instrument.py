"""An appraisal instrument as data: its items, the judgements it allows, what it asks of which design."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from peerreview.errors import InputError
from peerreview.tables import plugins, toml
from peerreview.tables.plugins import Kind
from peerreview.values.folding import same

LEVELS = ("good", "middling", "poor", "unclear", "inapplicable")


@dataclass(frozen=True)
class Judgement:
    """A word that the instrument allows; a ``favourable`` one counts towards a rating."""

    judgement: str
    symbol: str
    level: str
    favourable: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def applicable(self) -> bool:
        """Whether the item applies at all; "not applicable" leaves a rating's denominator."""
        return self.level != "inapplicable"


@dataclass(frozen=True)
class Item:
    """A question of the instrument."""

    item: str
    text: str
    set: str
    rated: bool = True


@dataclass(frozen=True)
class Design:
    """What a design is appraised on: all ``sets``, and one set of ``one_of`` where there are any."""

    design: str
    sets: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """An appraisal instrument; without ``designs`` every study is appraised on every set."""

    name: str
    title: str
    judgements: tuple[Judgement, ...]
    sets: Mapping[str, str]
    items: tuple[Item, ...]
    designs: tuple[Design, ...] = ()
    reference: str = ""
    advice: str = ""

    def find_judgement(self, cell: str) -> Judgement | None:
        """Return the judgement that a cell names, whatever its case or apostrophe; None if it has none."""
        for each in self.judgements:
            if comparable(cell) in map(comparable, (each.judgement, *each.aliases)):
                return each
        return None

    def find_design(self, cell: str) -> Design | None:
        """Return the design that a cell names; None if the instrument has none of that name."""
        for each in self.designs:
            if comparable(cell) in map(comparable, (each.design, *each.aliases)):
                return each
        return None


def comparable(text: str) -> str:
    """
    Return text without what spreadsheets and people vary.

    >>> comparable("Can’t_tell "), comparable("Non-randomised")
    ("can't tell", 'non randomised')
    """
    return same(text.replace("’", "'").replace("_", " ").replace("-", " "))


def names() -> tuple[str, ...]:
    """Return the names of the instruments that ship: a file each."""
    folder = resources.files("peerreview.synthesis") / "instruments"
    files = (each.name for each in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def named(name: str) -> Instrument:
    """
    Return an instrument by its name: one that ships, else another package's.

    Raises
    ------
    InputError
        Where none is called so.
    PluginError
        Where another package's has no file.
    """
    others = (
        {} if name in names() else {each.name: each for each in plugins.offered(Kind.INSTRUMENT, names())}
    )
    if name in names() or not others:
        return shipped(name)
    if name not in others:
        known = ", ".join([*names(), *others])
        raise InputError(f"instrument {name!r} is not one of {known}; or name a .toml file")
    text, file = plugins.text_of(others[name])
    return parse(text, name, path=file)


def shipped(name: str) -> Instrument:
    """
    Return an instrument that ships, by its name.

    Raises
    ------
    InputError
        Where none is called so.
    """
    folder = resources.files("peerreview.synthesis") / "instruments"
    known = names()
    if name not in known:
        raise InputError(f"instrument {name!r} is not one of {', '.join(known)}; or name a .toml file")
    return parse((folder / f"{name}.toml").read_text(encoding="utf-8"), name, path=f"{name}.toml")


def parse(text: str, name: str, *, path: object = "") -> Instrument:
    """
    Return the instrument that a TOML text describes.

    Raises
    ------
    InputError
        For what is not TOML, or names a set, level or key that does not exist.
    """
    raw = toml.parse(text, path=path).content
    allowed = {"title", "reference", "advice", "judgements", "sets", "designs"}
    _only(raw, allowed, "the instrument", path)
    judgements = tuple(_judgement(each, path) for each in _tables(raw, "judgements", path))
    sets: dict[str, str] = {}
    items: list[Item] = []
    for each in _tables(raw, "sets", path):
        _only(each, {"set", "title", "rated", "items"}, "a set", path)
        chosen = _word(each, "set", path)
        questions = each.get("items", {})
        if not isinstance(questions, dict) or not questions:
            raise InputError(f"set {chosen!r} has no items", path=path)
        sets[chosen] = str(each.get("title", chosen))
        rated = each.get("rated", True) is True
        items += [Item(item, str(question), chosen, rated) for item, question in questions.items()]
    twice = sorted({each.item for each in items if [other.item for other in items].count(each.item) > 1})
    if twice:
        raise InputError(f"item {twice[0]!r} stands here twice", path=path)
    designs = tuple(_design(each, sets, path) for each in raw.get("designs", []))
    return Instrument(
        name=name,
        title=str(raw.get("title", name)),
        judgements=judgements,
        sets=sets,
        items=tuple(items),
        designs=designs,
        reference=str(raw.get("reference", "")),
        advice=str(raw.get("advice", "")),
    )


def _judgement(raw: dict[str, Any], path: object) -> Judgement:
    _only(raw, {"judgement", "symbol", "level", "favourable", "aliases"}, "a judgement", path)
    word = _word(raw, "judgement", path)
    level = raw.get("level", "unclear")
    if level not in LEVELS:
        raise InputError(f"level {level!r} of {word!r} is not one of {', '.join(LEVELS)}", path=path)
    aliases = tuple(str(alias) for alias in raw.get("aliases", []))
    return Judgement(word, str(raw.get("symbol", word)), level, raw.get("favourable", False) is True, aliases)


def _design(raw: dict[str, Any], sets: Mapping[str, str], path: object) -> Design:
    _only(raw, {"design", "sets", "one_of", "aliases"}, "a design", path)
    word = _word(raw, "design", path)
    for key in ("sets", "one_of"):
        for each in raw.get(key, []):
            if each not in sets:
                raise InputError(f"design {word!r} asks for the set {each!r}, which is not here", path=path)
    return Design(
        word,
        tuple(raw.get("sets", [])),
        tuple(raw.get("one_of", [])),
        tuple(str(alias) for alias in raw.get("aliases", [])),
    )


def _tables(raw: dict[str, Any], key: str, path: object) -> list[dict[str, Any]]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        raise InputError(f"has no [[{key}]]", path=path)
    return value


def _word(raw: dict[str, Any], key: str, path: object) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str) or not value:
        raise InputError(f"{key} {value!r} is not text", path=path)
    return value


def _only(raw: dict[str, Any], allowed: set[str], what: str, path: object) -> None:
    for key in raw:
        if key not in allowed:
            known = ", ".join(sorted(allowed))
            raise InputError(f"unknown key {key!r} in {what}; known: {known}", path=path)
