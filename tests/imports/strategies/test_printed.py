"""Strategies as printed in published reviews: read, found sound, and found wrong once they are."""

from collections import Counter

import pytest

from peerreview import tables
from peerreview.imports.strategies import reading
from tests.imports.strategies import printed
from tests.imports.strategies.seeding import KINDS, errors, findings, seed


def test_lines_and_counts_are_read_as_they_are_printed() -> None:
    wrong = []
    rows = {
        (name, row["number"]): row
        for name in printed.files()
        for row in tables.rows(reading.read({name: printed.content(name)}).lines)
    }
    expected = list(printed.lines())
    for line in expected:
        if not line.is_read(rows.get((line.file, line.number))):
            wrong.append((line.file, line.number))

    assert wrong == []
    assert len(rows) == len(expected)


@pytest.mark.parametrize("name", printed.files())
def test_no_contradiction_is_seen_in_what_was_printed(name: str) -> None:
    assert errors(printed.content(name).decode()) == []


@pytest.mark.slow
def test_each_kind_of_error_is_found_wherever_it_is_made() -> None:
    made: Counter[str] = Counter()
    missed = []
    for name in printed.files():
        for seeded in seed(printed.content(name).decode()):
            made[seeded.kind] += 1
            if (seeded.check, seeded.number) not in findings(seeded.text):
                missed.append((name, seeded.kind, seeded.number))

    assert missed == []
    assert [kind for kind, _, _ in KINDS if not made[kind]] == []
