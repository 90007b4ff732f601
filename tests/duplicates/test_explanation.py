from peerreview.duplicates import explanation
from peerreview.duplicates.rules import default_rules
from tests.builders import make_records

RULES = default_rules()
TITLE = "Peer support workers in mental health services"


def test_a_merged_pair_names_its_blocks_and_its_rule() -> None:
    records = make_records(title=[TITLE, TITLE.upper()], doi=["10.5555/a"] * 2)

    told = explanation.explain(records, "r2", "r1", RULES)

    assert told.ids == ("r1", "r2")
    assert "the same DOI" in told.blocks
    assert told.rule is not None
    assert told.rule.name == "same DOI"
    assert "verdict: duplicate, by the rule 'same DOI', because" in explanation.describe(told)


def test_a_pair_that_was_not_merged_says_which_tests_failed() -> None:
    records = make_records(title=[TITLE, "Supervision in hospitals"], doi=["10.5555/a", "10.5555/b"])

    told = explanation.explain(records, "r1", "r2", RULES)
    text = explanation.describe(told)

    assert told.rule is None
    assert "verdict: none; no rule passes" in text
    assert "shared blocks: none" in text
    assert "not doi same" in text


def test_columns_that_differ_are_told_from_those_spelt_otherwise() -> None:
    records = make_records(title=[TITLE, TITLE.upper()], year=["2019", "2020"], pages=["1", ""])

    same = {line.column: line.same for line in explanation.explain(records, "r1", "r2", RULES).lines}

    assert (same["title"], same["year"], same["pages"]) == (True, False, None)
