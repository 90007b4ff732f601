"""Rules that show themselves: which rule decides each example, and a page of them all."""

from collections.abc import Sequence

import numpy as np

from peerreview.duplicates import normalise, similarity
from peerreview.duplicates.compared import COLUMNS, FIELDS
from peerreview.duplicates.rules import Example, Rule, Rules

_VERDICTS = {
    "duplicate": "one work: one record is kept",
    "possible": "perhaps one work: people decide",
    "related": "two works: both are kept, and listed with their relation",
    "distinct": "two works: both are kept",
}


def failing(rules: Rules) -> list[str]:
    """Return what is wrong with the rules' examples: another rule decides one, or one is not left alone."""
    shown = [(rule, key) for rule in rules.rules for key in ("decides", "leaves") if getattr(rule, key)]
    deciding = decide([getattr(rule, key) for rule, key in shown], rules)
    problems = []
    for (rule, key), by in zip(shown, deciding, strict=True):
        other = f"{by.name!r} decides it" if by else "no rule decides it"
        if key == "decides" and by != rule:
            problems.append(f"rule {rule.name!r} does not decide its example: {other}")
        elif key == "leaves" and by == rule:
            problems.append(f"rule {rule.name!r} decides the example that it should leave alone")
    return problems


def decide(pairs: Sequence[Example], rules: Rules) -> list[Rule | None]:
    """Return the rule that decides each pair by itself, None where no rule does."""
    columns = {column: [record.get(column, "") for pair in pairs for record in pair] for column in COLUMNS}
    low = np.arange(len(pairs), dtype=np.int64) * 2
    met, found = similarity.compare(normalise.normalise(columns), low, low + 1)
    deciding: list[Rule | None] = [None] * len(pairs)
    still_open = np.ones(len(met), dtype=np.bool_)
    for rule in rules.rules:
        passed = rule.passes(found, still_open)
        for place in met[passed]:
            deciding[place] = rule
        still_open &= ~passed
    return deciding


def page(rules: Rules) -> str:
    """Return the rules as Markdown: why each is there, its tests, and what it decides and leaves alone."""
    left = decide([rule.leaves or rule.decides or ({}, {}) for rule in rules.rules], rules)
    parts = [_section(rule, by) for rule, by in zip(rules.rules, left, strict=True)]
    fields = [f"| `{field}` | {meaning} |" for field, meaning in FIELDS.items()]
    return "\n\n".join([*parts, "## Fields", "\n".join(["| field | what it is |", "|---|---|", *fields])])


def _section(rule: Rule, left_to: Rule | None) -> str:
    verdict = _VERDICTS[rule.verdict]
    lines = [
        f"## {rule.name}",
        "",
        f"{rule.why[0].upper()}{rule.why[1:]}. *{verdict[0].upper()}{verdict[1:]}.*",
        "",
        " · ".join(f"`{test}`" for test in rule.tests),
    ]
    if rule.decides:
        lines += ["", "It decides", "", *_table(rule.decides)]
    if rule.leaves:
        other = f"*{left_to.name}* decides ({left_to.verdict})" if left_to else "no rule decides"
        lines += ["", f"It leaves alone what {other}", "", *_table(rule.leaves)]
    return "\n".join(lines)


def _table(pair: Example) -> list[str]:
    columns = [column for column in COLUMNS if any(record.get(column) for record in pair)]
    rows = ["| " + " | ".join(record.get(column) or "–" for column in columns) + " |" for record in pair]
    return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns), *rows]
