"""Which number is enough: rules as data, the first that passes decides."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from peerreview.duplicates.compared import COLUMNS, FIELDS
from peerreview.tables import toml

if TYPE_CHECKING:
    from peerreview.duplicates.similarity import Mask, Similarities, Values

_OPERATORS: Mapping[str, Callable[[Values, float], Mask]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
AS_LIKELY_AS_NOT = 0.5
"""How many of a rule's possible pairs are one work, where nobody has counted."""
Example = tuple[Mapping[str, str], Mapping[str, str]]
"""Two records, as their cells by column."""
COMPARATORS = ("same", "different", "blank", "not same", "not different", "known", *_OPERATORS)


@dataclass(frozen=True, slots=True)
class Test:
    """
    What a rule asks of one field.

    ``same`` is 1, ``different`` 0, ``blank`` missing; ``not different`` also
    holds where it is missing; a comparison with a number does not hold where
    it is missing, unless ``or blank`` follows.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for its own

    field: str
    comparator: str
    number: float = 0.0
    or_blank: bool = False

    def passes(self, similarities: Similarities) -> Mask:
        """Return, per pair, whether it holds."""
        values = similarities[self.field]
        blank = np.isnan(values)
        match self.comparator:
            case "same":
                held = values == 1
            case "different":
                held = values == 0
            case "blank":
                held = blank
            case "known":
                held = ~blank
            case "not same":
                held = values != 1
            case "not different":
                held = values != 0
            case sign:
                held = _OPERATORS[sign](values, self.number)
        return np.asarray(held | blank if self.or_blank else held, dtype=np.bool_)

    def __str__(self) -> str:
        shown = f"{self.comparator} {self.number:g}" if self.comparator in _OPERATORS else self.comparator
        return f"{self.field} {shown}{' or blank' if self.or_blank else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A named rule: where all its tests hold, the pair is judged so, because of ``why``.

    ``likely`` is how many of the pairs that it leaves to people are one
    work, in [0, 1]: what is asked of people first. ``decides`` is a pair
    that shows it, ``leaves`` one, nearly the same, that it leaves alone.
    """

    name: str
    verdict: Literal["duplicate", "possible", "related", "distinct"]
    why: str
    tests: tuple[Test, ...]
    relation: str = ""
    likely: float = AS_LIKELY_AS_NOT
    decides: Example | None = None
    leaves: Example | None = None

    def passes(self, similarities: Similarities, open_pairs: Mask) -> Mask:
        """Return which of the open pairs pass."""
        held = open_pairs
        for test in self.tests:
            if not held.any():
                break
            held = held & test.passes(similarities)
        return held


def parse_test(field: str, text: object) -> Test:
    """
    Return a test from its words in a rules file.

    >>> str(parse_test("title", ">= 0.9"))
    'title >= 0.9'

    Raises
    ------
    ValueError
        Where the field or the comparator is unknown.
    """
    if field not in FIELDS:
        message = f"field {field!r} is not {', '.join(FIELDS)}"
        raise ValueError(message)
    words = str(text).strip()
    or_blank = words.endswith(" or blank")
    words = words.removesuffix(" or blank").strip()
    if words in COMPARATORS and words not in _OPERATORS:
        return Test(field, words, or_blank=or_blank)
    sign, _, number = words.partition(" ")
    if sign in _OPERATORS:
        try:
            return Test(field, sign, float(number), or_blank)
        except ValueError:
            pass
    message = f"{field} = {text!r} is not one of {', '.join(COMPARATORS)} with a number after a sign"
    raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Rules:
    """How pairs are judged, in order; and what each likeness counts for in the score."""

    rules: tuple[Rule, ...]
    weights: Mapping[str, float]


@cache
def default_rules() -> Rules:
    """Return the rules that come with peerreview."""
    return parse_rules(resources.files(__package__).joinpath("default.toml").read_text(encoding="utf-8"))


def parse_rules(text: str, *, path: object = "") -> Rules:
    """
    Return the rules in a rules file's text.

    Raises
    ------
    InputError
        With file and line, where it is not TOML or names an unknown field, comparator or verdict.
    """
    document = toml.parse(text, path=path)
    raw = document.content
    unknown = sorted(set(raw) - {"weights", "rule", "example"})
    if unknown:
        raise document.fault(f"{unknown[0]!r} is not weights, example or rule", unknown[0])
    usual = raw.get("example", {})
    if not _are_cells(usual):
        raise document.fault("example is not text by columns of records", "example")
    weights = raw.get("weights", {})
    if not isinstance(weights, dict):
        raise document.fault("weights is not a table of fields", "weights")
    for field, weight in weights.items():
        if field not in FIELDS or not isinstance(weight, int | float) or not 0 <= weight < math.inf:
            message = f"weight {field!r} = {weight!r} is not a field of records with a number"
            raise document.fault(message, field, "weights")
    rules = []
    entries = raw.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise document.fault("rule is not a [[rule]] for each", "rule")
    for place, entry in enumerate(entries, start=1):
        rules.append(_parse_rule(entry, document, place, usual))
    if not rules:
        raise document.fault("has no [[rule]]")
    return Rules(tuple(rules), weights)


def _are_cells(record: object) -> bool:
    return isinstance(record, dict) and all(
        column in COLUMNS and isinstance(cell, str) for column, cell in record.items()
    )


def _parse_rule(
    entry: Mapping[str, Any], document: toml.Document, place: int, usual: Mapping[str, str]
) -> Rule:
    wrong = partial(document.fault, section="rule", number=place)

    named = {key: entry.get(key, "") for key in ("name", "verdict", "why", "relation")}
    for key in ("name", "verdict", "why"):
        if not isinstance(named[key], str) or not named[key]:
            message = f"rule {named['name'] or place!r} has no {key}"
            raise wrong(message, "name")
    verdicts = ("duplicate", "possible", "related", "distinct")
    if named["verdict"] not in verdicts:
        message = f"verdict {named['verdict']!r} is not {', '.join(verdicts)}"
        raise wrong(message, "verdict")
    likely = entry.get("likely", AS_LIKELY_AS_NOT)
    if isinstance(likely, bool) or not isinstance(likely, int | float) or not 0 <= likely <= 1:
        message = f"likely = {likely!r} is not a number from 0 to 1"
        raise wrong(message, "likely")
    examples: dict[str, Example] = {}
    for key in ("decides", "leaves"):
        pair = entry.get(key)
        if pair is None:
            continue
        if not isinstance(pair, list) or len(pair) != 2 or not all(map(_are_cells, pair)):
            raise wrong(f"{key} is not two records, each text by columns of records", key)
        examples[key] = (usual | pair[0], usual | pair[1])
    tests = []
    for field, words in entry.items():
        if field in named or field in ("likely", "decides", "leaves"):
            continue
        try:
            tests.append(parse_test(field, words))
        except ValueError as error:
            raise wrong(str(error), field) from error
    if not tests:
        message = f"rule {named['name']!r} has no test"
        raise wrong(message, "name")
    return Rule(
        named["name"],
        named["verdict"],
        named["why"],
        tuple(tests),
        str(named["relation"]),
        float(likely),
        examples.get("decides"),
        examples.get("leaves"),
    )
