import pandas as pd
import pytest

from peerreview import dedupe, tables
from peerreview.errors import InputError, RowErrors
from tests.builders import make, make_records

TITLE = "Peer support workers in mental health services: a qualitative study"
OTHER = "Supervision of lived experience staff in community organisations"
RULES = dedupe.default_rules()


def pairs(duplicates: pd.DataFrame, verdict: str = "duplicate") -> list[tuple[str, str]]:
    """Return (record kept, record removed) for each pair with this verdict."""
    chosen = duplicates[duplicates["verdict"] == verdict]
    return list(zip(chosen["duplicate_of"], chosen["record_id"], strict=True))


def article(**columns: list[str]) -> pd.DataFrame:
    """Return records of one article, but for these columns."""
    n_rows = max(len(cells) for cells in columns.values())
    same = {"title": TITLE, "authors": "Reeves, Ann; Singh, Bo", "year": "2019", "journal": "Health Policy"}
    return make_records(**({name: [cell] * n_rows for name, cell in same.items()} | columns))


def test_title_case_and_stops_do_not_hide_a_duplicate() -> None:
    records = article(title=[TITLE.upper(), TITLE + "."])

    assert pairs(dedupe.find_duplicates(records, RULES)) == [("r1", "r2")]


def test_blank_records_are_no_duplicates_of_each_other() -> None:
    records = make_records(title=["", ""], doi=["", ""])

    assert dedupe.find_duplicates(records, RULES).empty


def test_two_titles_are_two_records() -> None:
    records = article(title=[TITLE, OTHER], doi=["10.5555/a", "10.5555/b"])

    assert dedupe.find_duplicates(records, RULES).empty


def test_a_reply_is_related_and_kept() -> None:
    records = article(title=[TITLE, f"{TITLE}: reply"], pages=["1-9", "30-31"])

    found = dedupe.find_duplicates(records, RULES)

    assert pairs(found, "related") == [("r1", "r2")]
    assert found["relation"].tolist() == ["comment or reply"]


def test_parts_of_a_series_are_kept() -> None:
    records = article(title=[f"{TITLE}. Part I", f"{TITLE}. Part II"], pages=["1-9", "10-19"])

    assert pairs(dedupe.find_duplicates(records, RULES), "related") == [("r1", "r2")]


def test_editorials_of_two_issues_are_kept() -> None:
    records = article(title=["Editorial", "Editorial"], volume=["3", "4"], pages=["1", "1"])

    assert dedupe.find_duplicates(records, RULES).empty


def test_a_person_who_says_distinct_wins() -> None:
    records = article(doi=["10.5555/a", "10.5555/a"])
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r2"], verdict=["distinct"])

    assert dedupe.find_duplicates(records, RULES, overrides=overrides).empty


def test_a_person_who_says_duplicate_wins() -> None:
    records = article(title=[TITLE, OTHER])
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r2"], verdict=["duplicate"])

    found = dedupe.find_duplicates(records, RULES, overrides=overrides)

    assert pairs(found) == [("r1", "r2")]
    assert found["rule"].tolist() == ["override"]


def test_overrides_that_contradict_each_other_are_told_by_row() -> None:
    records = article(title=[TITLE, TITLE, TITLE])
    overrides = make(
        tables.OVERRIDE,
        record_id=["r1", "r2", "r1"],
        duplicate_of=["r2", "r3", "r3"],
        verdict=["duplicate", "duplicate", "distinct"],
    )

    with pytest.raises(RowErrors, match="row 3: 'r1' and 'r3' are distinct here, but other rows"):
        dedupe.find_duplicates(records, RULES, overrides=overrides)


def test_an_override_of_an_unknown_record_is_told() -> None:
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r9"], verdict=["distinct"])

    with pytest.raises(RowErrors, match="record_id 'r9' is not in the records"):
        dedupe.find_duplicates(article(title=[TITLE]), RULES, overrides=overrides)


def test_the_record_kept_is_of_the_first_round_and_a_database() -> None:
    records = article(
        doi=["10.5555/a"] * 3, round=["2", "1", "1"], source_kind=["database", "website", "register"]
    )

    assert pairs(dedupe.find_duplicates(records, RULES)) == [("r3", "r1"), ("r3", "r2")]


def test_the_record_kept_has_the_best_of_its_cluster() -> None:
    records = article(
        doi=["", "10.5555/a"], abstract=["short", "a longer abstract"], source=["Scopus", "Embase"]
    )

    unique = dedupe.keep_one(records, dedupe.find_duplicates(records, RULES))

    assert unique["record_id"].tolist() == ["r1"]
    assert unique["doi"].tolist() == ["10.5555/a"]
    assert unique["abstract"].tolist() == ["a longer abstract"]
    assert unique["source"].tolist() == ["Scopus"]
    assert unique["sources"].tolist() == ["Embase; Scopus"]
    assert unique["duplicates"].tolist() == ["r2"]


def test_a_rule_with_an_unknown_field_is_told_by_line() -> None:
    text = '[[rule]]\nname = "x"\nwhy = "y"\nverdict = "duplicate"\ncolour = "same"\n'

    with pytest.raises(InputError, match=r"rules.toml:5: field 'colour' is not title"):
        dedupe.parse_rules(text, path="rules.toml")
