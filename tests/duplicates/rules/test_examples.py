"""Each rule shows what it decides and what it leaves alone; the page of rules shows the same."""

from pathlib import Path

import pytest

from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import Rule, default_rules, parse_rules
from peerreview.duplicates.rules.examples import failing, page
from peerreview.errors import InputError
from tests.builders import make_records

RULES = default_rules()
PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
TWO = """
[example]
title = "Peer support workers in mental health services"

[[rule]]
name = "other years"
why = "x"
verdict = "distinct"
year = "different"
decides = [{ year = "2001" }, { year = "2019" }]
leaves = [{ year = "2001" }, { year = "2001" }]

[[rule]]
name = "same title"
why = "x"
verdict = "duplicate"
title = "same"
decides = [{ year = "2001" }, { year = "2019" }]
leaves = [{}, {}]
"""


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.name)
def test_a_rule_decides_its_example_and_no_other_rule_does(rule: Rule) -> None:
    assert rule.decides is not None
    columns = {column for record in rule.decides for column in record}
    records = make_records(**{column: [each.get(column, "") for each in rule.decides] for column in columns})

    found = find_duplicates(records, RULES).duplicates

    expected = [] if rule.verdict == "distinct" else [[rule.verdict, rule.name]]
    assert expected == found[["verdict", "rule"]].to_numpy().tolist()


def test_each_rule_leaves_alone_what_is_nearly_its_example() -> None:
    assert failing(RULES) == []
    assert [rule.name for rule in RULES.rules if rule.leaves is None] == []


def test_an_example_that_another_rule_decides_is_told() -> None:
    assert failing(parse_rules(TWO)) == [
        "rule 'same title' does not decide its example: 'other years' decides it",
        "rule 'same title' decides the example that it should leave alone",
    ]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('{ year = "2001" }, { year = "2019" }]', '{ year = "2001" }]', "decides is not two records"),
        ("leaves = [{}, {}]", "leaves = [{}, { colour = '' }]", "rules.toml:19: leaves is not two records"),
        ('title = "Peer', 'colour = "Peer', "example is not text by columns"),
        ('why = "x"', 'why = "x"\nlikely = 2', "rules.toml:8: likely = 2 is not a number from 0 to 1"),
    ],
)
def test_an_example_that_is_no_pair_of_records_is_told_by_line(before: str, after: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_rules(TWO.replace(before, after), path="rules.toml")


def test_the_page_of_rules_is_that_of_the_rules() -> None:
    """Write it anew with ``python -m tests.duplicates.rules.page``."""
    head, _, shown = PAGE.read_text(encoding="utf-8").partition("\n## ")

    assert head.startswith("# How dedupe judges a pair")
    assert f"## {shown}" == page(RULES) + "\n"
