"""An appraisal instrument as data: its items, the judgements it allows, what it asks of which design."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import Any

import pandas as pd

from peerreview.errors import InputError
from peerreview.synthesis.spelling import comparable
from peerreview.tables import plugins, row_errors, toml
from peerreview.tables.plugins import Kind

LEVELS = ("good", "middling", "poor", "critical", "unclear", "inapplicable")
"""What the figures show; the first four from the best to the worst."""


@dataclass(frozen=True)
class Judgement:
    """
    A word that the instrument allows; a ``favourable`` one counts towards a rating.

    ``points`` are what it counts where the instrument counts (stars, as the Newcastle-Ottawa Scale has them).
    """

    judgement: str
    symbol: str
    level: str
    favourable: bool = False
    aliases: tuple[str, ...] = ()
    points: int = 0

    @property
    def applicable(self) -> bool:
        """Whether the item applies at all; "not applicable" leaves a rating's denominator."""
        return self.level != "inapplicable"


@dataclass(frozen=True)
class Item:
    """
    A question of the instrument.

    ``text`` is its wording, or a short label where the wording is not ours to
    ship. ``answers`` are the judgements that it allows, none where it allows
    all. In a ``free`` one any words are an answer. An ``optional`` one is never missed.
    A study that has no favourable judgement on a ``gate`` is not rated.
    """

    item: str
    text: str
    set: str
    rated: bool = True
    answers: tuple[str, ...] = ()
    free: bool = False
    optional: bool = False
    gate: bool = False


@dataclass(frozen=True)
class Design:
    """
    What a design is appraised on: all ``sets``, and one set of ``one_of`` where there are any.

    ``weakest`` says by whose word a study is rated by its weakest set; blank: by all of them together.
    """

    design: str
    sets: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    weakest: str = ""


@dataclass(frozen=True)
class Overall:
    """
    The instrument's own rule for a judgement of the whole; ``source`` says where its authors give it.

    ``worst``: ``item`` is the appraisers' word, no better than their worst
    judgement on the rated items. ``critical``: confidence by the ``weaknesses``
    on the ``critical`` items and on others.
    """

    rule: str
    source: str
    item: str = ""
    critical: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()


RULES = ("worst", "critical")


@dataclass(frozen=True)
class Signs:
    """What signs mean where they are drawn ``by`` a program: sign → judgement, blank for none."""

    by: str
    means: Mapping[str, str]


@dataclass(frozen=True)
class Instrument:
    """
    An appraisal instrument; without ``designs`` every study is appraised on every set.

    ``licence`` is that of the instrument's own wording, ``source`` where its
    wording and guidance are. ``own_labels`` tells that the items are named by
    short labels that are not its authors'. ``unjudged`` are words of other
    programs for no judgement. ``gate_advice`` is what its authors say of a study that fails a gate.
    ``unit`` is what judgements are counted in (stars); blank where they are not. ``columns`` are other
    names of an item at the head of a column, item → names; ``parts`` how columns begin that hold one point
    each of an item that has several. ``numberings`` are the items of sheets whose columns are numbered
    through: an item stands twice where its parts have a column each. ``letters`` are those of an item's
    answers in the form, letter → the points that it earns there. ``signs`` are what programs draw for
    judgements; without any, the symbols are what signs mean.
    """

    name: str
    title: str
    judgements: tuple[Judgement, ...]
    sets: Mapping[str, str]
    items: tuple[Item, ...]
    designs: tuple[Design, ...] = ()
    reference: str = ""
    advice: str = ""
    licence: str = ""
    source: str = ""
    gate_advice: str = ""
    own_labels: bool = False
    unjudged: tuple[str, ...] = ()
    overall: Overall | None = None
    unit: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    signs: tuple[Signs, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    numberings: tuple[tuple[str, ...], ...] = ()
    letters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def labels_note(self) -> str:
        """What stands under a table that names the items by labels of ours; blank where it does not."""
        if not self.own_labels:
            return ""
        return f"Items are named by short labels, not in the instrument's words, which are at {self.source}."

    @cached_property
    def spellings(self) -> dict[str, str]:
        """How people write an item's id (Q1, Item 1, CASP 1, Domain 1), comparable → the id."""
        found = {comparable(each.item): each.item for each in self.items}
        for each in self.items:
            domain = _DOMAIN.fullmatch(comparable(each.item))
            spelled = [f"domain {domain[1]}"] if domain else []
            if each.item[:1].isdigit():
                spelled = [f"q{each.item}", f"item {each.item}", f"question {each.item}", f"{each.item}."]
                spelled.append(f"{self.name.partition('-')[0]} {each.item}")
            if comparable(each.item) == "overall":
                spelled = ["overall bias", "overall risk of bias"]
            for name in (*spelled, *self.columns.get(each.item, ())):
                found.setdefault(comparable(name), each.item)
        return found

    def permitted(self, item: Item) -> tuple[Judgement, ...]:
        """Return the judgements that an item allows."""
        if not item.answers:
            return self.judgements
        return tuple(each for each in self.judgements if each.judgement in item.answers)

    @cached_property
    def scale(self) -> tuple[str, ...]:
        """
        The judgements from the best to the worst; none where one has no place among the others.

        What is unclear, or does not apply, is neither better nor worse than what is poor.
        """
        ranks = {each.judgement: LEVELS.index(each.level) for each in self.judgements}
        if self.unit:
            ranks = {each.judgement: -each.points for each in self.judgements}
        is_placed = len(set(ranks.values())) == len(ranks) and all(
            each.level in LEVELS[: LEVELS.index("unclear")] for each in self.judgements
        )
        return tuple(sorted(ranks, key=ranks.__getitem__)) if is_placed else ()

    def most(self, item: Item) -> int:
        """Return the most points that an item can have."""
        return max((each.points for each in self.permitted(item)), default=0)

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


_DOMAIN = re.compile(r"d(\d+)")


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


def worded(instrument: Instrument, wording: pd.DataFrame) -> Instrument:
    """
    Return an instrument in the words of the team's own copy.

    Parameters
    ----------
    wording : as in ``tables``; rows that name another instrument are not of this one.

    Raises
    ------
    InputErrors
        For an item that the instrument does not have.
    """
    known = {comparable(each.item): each.item for each in instrument.items}
    texts: dict[str, str] = {}
    problems = []
    for position, row in enumerate(wording.to_dict("records")):
        if row["instrument"] not in ("", instrument.name):
            continue
        item = known.get(comparable(row["item"]))
        if item is None:
            problems.append((position, f"item {row['item']!r} is not an item of {instrument.name}"))
        else:
            texts[item] = " ".join(row["text"].split())
    if problems:
        raise row_errors(wording, problems)
    items = tuple(replace(each, text=texts.get(each.item, each.text)) for each in instrument.items)
    is_whole = len(texts) == len(items)
    return replace(instrument, items=items, own_labels=instrument.own_labels and not is_whole)


def parse(text: str, name: str, *, path: object = "") -> Instrument:
    """
    Return the instrument that a TOML text describes.

    Raises
    ------
    InputError
        For what is not TOML, or names a set, level or key that does not exist.
    """
    raw = toml.parse(text, path=path).content
    _only(
        raw,
        {
            *(*_TEXTS, "own_labels", "unjudged", "judgements", "sets", "designs", "answers", "overall"),
            *("columns", "signs", "parts", "numberings", "letters"),
        },
        "the instrument",
        path,
    )
    judgements = _judgements(raw, path)
    sets, items = _sets(raw, path)
    items = _with_answers(raw, items, judgements, path)
    designs = (
        tuple(_design(each, sets, path) for each in _tables(raw, "designs", path)) if "designs" in raw else ()
    )
    texts = {key: str(raw[key]) for key in _TEXTS if key in raw}
    return Instrument(
        name=name,
        title=texts.pop("title", name),
        judgements=judgements,
        sets=sets,
        items=items,
        designs=designs,
        own_labels=raw.get("own_labels", False) is True,
        unjudged=_words(raw, "unjudged", path),
        overall=_overall(raw["overall"], items, judgements, path) if "overall" in raw else None,
        columns=_columns(raw, "columns", items, path),
        parts=_columns(raw, "parts", items, path),
        numberings=_numberings(raw, items, path),
        signs=_signs(raw, judgements, path),
        letters=_letters(raw, items, judgements, path),
        **texts,
    )


_TEXTS = ("title", "reference", "advice", "licence", "source", "gate_advice", "unit")


def _overall(raw: Any, items: tuple[Item, ...], judgements: tuple[Judgement, ...], path: object) -> Overall:
    if not isinstance(raw, dict):
        raise InputError("overall is not a table", path=path)
    _only(raw, {"rule", "source", "item", "critical", "weaknesses"}, "[overall]", path)
    rule = raw.get("rule")
    if rule not in RULES:
        raise InputError(f"rule {rule!r} in [overall] is not one of {', '.join(RULES)}", path=path)
    found = Overall(
        rule,
        str(raw.get("source", "")),
        _word(raw, "item", path) if rule == "worst" else "",
        _words(raw, "critical", path),
        _words(raw, "weaknesses", path),
    )
    known, legal = [each.item for each in items], [each.judgement for each in judgements]
    for item in (*found.critical, *([found.item] if found.item else [])):
        if item not in known:
            raise InputError(f"item {item!r} in [overall] is not one of {', '.join(known)}", path=path)
    for word in found.weaknesses:
        if word not in legal:
            raise InputError(f"weakness {word!r} in [overall] is not one of {', '.join(legal)}", path=path)
    return found


def _sets(raw: dict[str, Any], path: object) -> tuple[dict[str, str], tuple[Item, ...]]:
    sets: dict[str, str] = {}
    items: list[Item] = []
    for each in _tables(raw, "sets", path):
        _only(each, {"set", "title", "rated", "free", "optional", "gate", "answers", "items"}, "a set", path)
        chosen = _word(each, "set", path)
        questions = each.get("items", {})
        if not isinstance(questions, dict) or not questions:
            raise InputError(f"set {chosen!r} has no items", path=path)
        sets[chosen] = str(each.get("title", chosen))
        items += [
            Item(
                item,
                str(question),
                chosen,
                rated=each.get("rated", True) is True,
                answers=_words(each, "answers", path),
                free=each.get("free", False) is True,
                optional=each.get("optional", False) is True,
                gate=each.get("gate", False) is True,
            )
            for item, question in questions.items()
        ]
    twice = sorted({each.item for each in items if [other.item for other in items].count(each.item) > 1})
    if twice:
        raise InputError(f"item {twice[0]!r} stands here twice", path=path)
    return sets, tuple(items)


def _with_answers(
    raw: dict[str, Any], items: tuple[Item, ...], judgements: tuple[Judgement, ...], path: object
) -> tuple[Item, ...]:
    """Return items with the answers that are theirs and not their set's."""
    own = raw.get("answers", {})
    if not isinstance(own, dict):
        raise InputError("answers is not a table of items", path=path)
    _only(own, {each.item for each in items}, "[answers]", path)
    items = tuple(
        replace(each, answers=_words(own, each.item, path)) if each.item in own else each for each in items
    )
    legal = [each.judgement for each in judgements]
    for each in items:
        for answer in each.answers:
            if answer not in legal:
                message = f"answer {answer!r} of item {each.item!r} is not one of {', '.join(legal)}"
                raise InputError(message, path=path)
    return items


def _columns(
    raw: dict[str, Any], key: str, items: tuple[Item, ...], path: object
) -> dict[str, tuple[str, ...]]:
    """Return item → what columns are called that hold it; no name is two items'."""
    named = raw.get(key, {})
    if not isinstance(named, dict):
        raise InputError(f"{key} is not a table of items", path=path)
    _only(named, {each.item for each in items}, f"[{key}]", path)
    found = {item: _words(named, item, path) for item in named}
    owners: dict[str, str] = {}
    for item, names in found.items():
        for name in names:
            owner = owners.setdefault(comparable(name), item)
            if owner != item:
                raise InputError(f"column {name!r} is named for the items {owner} and {item}", path=path)
    return found


def _letters(
    raw: dict[str, Any], items: tuple[Item, ...], judgements: tuple[Judgement, ...], path: object
) -> dict[str, dict[str, int]]:
    """Return item → letter → the points that a form gives it, each written as a star behind the letter."""
    named = raw.get("letters", {})
    if not isinstance(named, dict):
        raise InputError("letters is not a table of items", path=path)
    _only(named, {each.item for each in items}, "[letters]", path)
    known = {each.points for each in judgements}
    found: dict[str, dict[str, int]] = {}
    for item in named:
        for each in _words(named, item, path):
            if not re.fullmatch(r"[a-z]\**", each) or each.count("*") not in known:
                raise InputError(f"letter {each!r} of item {item!r} is no letter with its stars", path=path)
            found.setdefault(item, {})[each[0]] = each.count("*")
    return found


def _numberings(raw: dict[str, Any], items: tuple[Item, ...], path: object) -> tuple[tuple[str, ...], ...]:
    known = [each.item for each in items]
    listed = raw.get("numberings", [])
    if not isinstance(listed, list):
        raise InputError(f"numberings {listed!r} is not a list of lists", path=path)
    found = tuple(_words({"numberings": each}, "numberings", path) for each in listed)
    for item in (item for each in found for item in each):
        if item not in known:
            raise InputError(f"item {item!r} in numberings is not one of {', '.join(known)}", path=path)
    return found


def _signs(raw: dict[str, Any], judgements: tuple[Judgement, ...], path: object) -> tuple[Signs, ...]:
    if "signs" not in raw and isinstance(raw.get("judgements"), str):
        # Whose judgements they are, his are the signs for them.
        return shipped(raw["judgements"]).signs
    legal = [each.judgement for each in judgements]
    found = []
    for each in _tables(raw, "signs", path) if "signs" in raw else ():
        _only(each, {"by", "means"}, "[[signs]]", path)
        means = each.get("means", {})
        for sign, word in means.items() if isinstance(means, dict) else ():
            if word not in (*legal, ""):
                message = f"sign {sign!r} means {word!r}, which is not one of {', '.join(legal)}"
                raise InputError(message, path=path)
        if not isinstance(means, dict) or not means:
            raise InputError("means of [[signs]] is not a table of signs", path=path)
        found.append(Signs(_word(each, "by", path), means))
    return tuple(found)


def _judgements(raw: dict[str, Any], path: object) -> tuple[Judgement, ...]:
    if isinstance(raw.get("judgements"), str):
        # Checklists of one house have one set of answers.
        return shipped(raw["judgements"]).judgements
    judgements = tuple(_judgement(each, path) for each in _tables(raw, "judgements", path))
    symbols = [each.symbol for each in judgements]
    if "unit" in raw and not any(each.points for each in judgements):
        raise InputError(f"unit {raw['unit']!r} counts nothing: no judgement has points", path=path)
    for each in judgements:
        if symbols.count(each.symbol) > 1:
            message = f"symbol {each.symbol!r} stands for two judgements; in print they are told apart by it"
            raise InputError(message, path=path)
    return judgements


def _judgement(raw: dict[str, Any], path: object) -> Judgement:
    known = {"judgement", "symbol", "level", "favourable", "aliases", "points"}
    _only(raw, known, "a judgement", path)
    word = _word(raw, "judgement", path)
    level = raw.get("level", "unclear")
    if level not in LEVELS:
        raise InputError(f"level {level!r} of {word!r} is not one of {', '.join(LEVELS)}", path=path)
    points = raw.get("points", 0)
    if not isinstance(points, int) or isinstance(points, bool) or points < 0:
        raise InputError(f"points {points!r} of {word!r} is not a whole number", path=path)
    return Judgement(
        word,
        str(raw.get("symbol", word)),
        level,
        raw.get("favourable", False) is True,
        _words(raw, "aliases", path),
        points,
    )


def _design(raw: dict[str, Any], sets: Mapping[str, str], path: object) -> Design:
    _only(raw, {"design", "sets", "one_of", "aliases", "weakest"}, "a design", path)
    word = _word(raw, "design", path)
    for key in ("sets", "one_of"):
        for each in _words(raw, key, path):
            if each not in sets:
                raise InputError(f"design {word!r} asks for the set {each!r}, which is not here", path=path)
    return Design(
        word,
        _words(raw, "sets", path),
        _words(raw, "one_of", path),
        _words(raw, "aliases", path),
        str(raw.get("weakest", "")),
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


def _words(raw: dict[str, Any], key: str, path: object) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InputError(f"{key} {value!r} is not a list of words", path=path)
    return tuple(value)


def _only(raw: dict[str, Any], allowed: set[str], what: str, path: object) -> None:
    for key in raw:
        if key not in allowed:
            known = ", ".join(sorted(allowed))
            raise InputError(f"unknown key {key!r} in {what}; known: {known}", path=path)
