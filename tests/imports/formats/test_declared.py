"""Tests that a column is what was delivered, a declared cleaning of it, or blank: in every format."""

import random
import re

import pytest

from peerreview.errors import InputError
from peerreview.imports import stretches
from peerreview.imports.formats import RawRecord
from peerreview.imports.formats.shared import latex
from peerreview.tables import CONTENT
from peerreview.values.cleanings import CLEANINGS, explain
from tests.imports.formats.samples import SAMPLES

MUTANTS = 60
"""Mutants of each sample that are tried."""
_NUMBERS = 0.7
"""Share of them in which it is a number that changes, and of those in which it is one digit."""
_DIGIT = 0.5
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[ ,{>\t\"])(?:Example|Müller|Sample|Specimen|Verity|Jörg|Ada|Bo)\b")
_ODD_NUMBERS = (
    "0",
    "7",
    "1905",
    "12-Mar",
    "2025-03-12",
    "3.1E+07",
    "1,234",
    "12.0",
    "99999999999",
    "1/2",
    "xii",
)
_ODD_NAMES = (
    "O'Dell",
    "van der Berg",
    "Null",
    "Do",
    "Ma",
    "Kaja",
    "J.-P.",
    "Jr",
    "Al-Hadi",
    "Na",
    "DE LA CRUZ",
)


def mutate(text: str, chance: random.Random) -> str:
    """Return an export with one number or name of it changed."""
    numbers, people = list(_NUMBER.finditer(text)), list(_NAME.finditer(text))
    is_number = not people or chance.random() < _NUMBERS
    found, others = (numbers, _ODD_NUMBERS) if is_number else (people, _ODD_NAMES)
    place = chance.choice(found)
    new = chance.choice(others)
    if is_number and chance.random() < _DIGIT:
        digits = list(place[0])
        digits[chance.randrange(len(digits))] = chance.choice("0123456789")
        new = "".join(digits)
    return text[: place.start()] + new + text[place.end() :]


def undeclared(text: str) -> list[tuple[str, str]]:
    """Return the columns, and their values, that nothing declared makes of what was delivered."""
    try:
        found, _, parts = stretches.read_raw(text.encode())
    except InputError:
        return []
    odd = []
    for part in parts:
        if not isinstance(part, RawRecord):
            continue
        delivered = [value for _, value in part.tags]
        delivered += list(map(latex.plain, delivered))
        fields = found.to_fields(part)
        odd += [
            (column, fields[column])
            for column in CONTENT
            if column != "extra" and not explain(column, fields[column], delivered)
        ]
    return odd


@pytest.mark.parametrize("name", SAMPLES)
def test_a_column_is_delivered_or_cleaned_as_declared(name: str) -> None:
    assert undeclared(SAMPLES[name][1]) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_mutated_number_date_or_name_never_becomes_another(name: str) -> None:
    for number in range(MUTANTS):
        chance = random.Random(f"{name} {number}")  # noqa: S311  nothing is secret here
        mutant = mutate(SAMPLES[name][1], chance)
        assert undeclared(mutant) == [], number


def test_each_cleaning_says_what_it_does_and_by_whom() -> None:
    assert all(each.what and each.source and set(each.columns) <= set(CONTENT) for each in CLEANINGS)
    assert explain("doi", "10.5555/b", ["10.5555/a"]) == ""
    assert [explain("pmid", "3", [cell]) for cell in ("3.1E+07", "3,123", "3.1")] == ["", "", ""]
    assert explain("year", "1905", ["19055"]) == ""
