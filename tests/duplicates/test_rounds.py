import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.duplicates import rounds as dedupe
from peerreview.errors import InputError, InputErrors
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


@pytest.mark.parametrize("titles", [[], [TITLE]])
def test_none_or_one_record_has_no_duplicate(titles: list[str]) -> None:
    records = make_records(title=titles)

    duplicates = dedupe.find_duplicates(records, RULES)

    assert duplicates.empty
    unique = dedupe.keep_one(records, duplicates)
    assert len(unique) == len(titles)
    assert dedupe.possible_pairs(unique, duplicates).empty


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

    with pytest.raises(InputErrors, match="row 3: 'r1' and 'r3' are distinct here, but other rows"):
        dedupe.find_duplicates(records, RULES, overrides=overrides)


def test_an_override_of_an_unknown_record_is_told() -> None:
    overrides = make(tables.OVERRIDE, record_id=["r1"], duplicate_of=["r9"], verdict=["distinct"])

    with pytest.raises(InputErrors, match="record_id 'r9' is not in the records"):
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


def test_a_contradiction_breaks_a_cluster() -> None:
    """The middle record, of which little is known, goes to one of two articles and does not join them."""
    records = article(
        year=["2019", "2019", "2019"],
        volume=["3", "", "8"],
        pages=["1-9", "", "20-29"],
        doi=["10.5555/a", "", "10.5555/b"],
    )

    unique = dedupe.keep_one(records, dedupe.find_duplicates(records, RULES))

    assert len(unique) == 2
    assert {"10.5555/a", "10.5555/b"} == set(unique["doi"])


def test_a_later_record_meets_the_clusters_of_earlier_rounds() -> None:
    records = article(
        journal=["", "Health Policy", "medRxiv"],
        authors=[""] * 3,
        year=[""] * 3,
        volume=["3", "", "3"],
        pages=["1-9", "", "1-9"],
        doi=["", "10.5555/a", "10.5555/a"],
        round=["2", "1", "1"],
    )
    unique = dedupe.keep_one(records, dedupe.find_duplicates(records, RULES))

    assert pairs(dedupe.find_duplicates(unique, RULES)) == []


def test_a_record_of_which_little_is_known_does_not_join_an_abstract_and_its_article() -> None:
    records = article(
        year=["2020", "2020", "2019"],
        volume=["49", "", "48"],
        pages=["401-409", "", "iv12"],
        doi=["10.5555/a", "10.5555/a", ""],
    )

    found = dedupe.find_duplicates(records, RULES)

    assert pairs(found) == [("r1", "r2")]
    assert pairs(found, "possible") == [("r1", "r3")]


@pytest.mark.parametrize(
    ("columns", "relation"),
    [
        ({"doi": ["10.1002/14651858.CD1.pub2", "10.1002/14651858.CD1.pub3"]}, "update of the same review"),
        (
            {"journal": ["Cochrane Database of Systematic Reviews"] * 2, "year": ["2008", "2012"]},
            "update of the same review",
        ),
        (
            {
                "journal": ["Cochrane Database of Systematic Reviews"] * 2,
                "issue": ["1", "3"],
                "pages": ["CD004366"] * 2,
            },
            "update of the same review",
        ),
        ({"type": ["thesis", "article"], "journal": ["University of Leeds", "Stroke"]}, "thesis and article"),
        ({"journal": ["medRxiv", "Health Policy"]}, "preprint and article"),
        ({"journal": ["Congress of Psychiatry", "Health Policy"]}, "conference paper and article"),
        (
            {"journal": ["Health Policy. Conference: 3rd Meeting", "Health Policy"], "pages": ["", "1-9"]},
            "conference paper and article",
        ),
        (
            {"journal": ["Health Policy. Conference: 3rd Meeting", "Health Policy"], "pages": ["S7", "1-9"]},
            "conference paper and article",
        ),
        ({"title": [TITLE, f"Erratum to: {TITLE}"], "pages": ["1-9", "30"]}, "erratum or correction"),
        ({"title": [TITLE, f"Retraction notice to: {TITLE}"], "pages": ["1-9", "30"]}, "retraction notice"),
        (
            {"title": [TITLE, f"{TITLE}: study protocol"], "volume": ["3", "3"]},
            "protocol of the study",
        ),
        ({"title": [f"{TITLE} (Part 1)", f"{TITLE} (Part 2)"]}, "another part of a series"),
    ],
)
def test_what_is_related_is_kept_and_told(columns: dict[str, list[str]], relation: str) -> None:
    found = dedupe.find_duplicates(article(**columns), RULES)

    assert pairs(found, "related") == [("r1", "r2")]
    assert [relation] == found["relation"].tolist()


@pytest.mark.parametrize(
    "columns",
    [
        {"journal": ["Health Policy", "Health Pol."]},
        {"authors": ["Reeves, Ann; Singh, Bo; Okoro, C", "Reeves A; Singh B; et al."]},
        {"title": [TITLE, TITLE.partition(":")[0]], "volume": ["3", "3"]},
        {"title": [TITLE, f"{TITLE} [Article in German]"]},
        {"year": ["2019", "2020"], "volume": ["", "33"], "pages": ["1-17", "566-582"]},
        {"pages": ["101-109", "101-9"], "volume": ["3", "3"], "journal": ["Santé", "Health"]},
        {"doi": ["10.5555/a", "https://doi.org/10.5555/A"], "journal": ["", "Health Policy"]},
        {
            "title": [TITLE, "Arbeit von Peers in der psychiatrischen Versorgung"],
            "doi": ["10.5555/a"] * 2,
            "abstract": ["Peers work in wards, at home, and in crises. " * 5] * 2,
        },
    ],
)
def test_a_database_s_habits_do_not_hide_a_duplicate(columns: dict[str, list[str]]) -> None:
    assert pairs(dedupe.find_duplicates(article(**columns), RULES)) == [("r1", "r2")]


@pytest.mark.parametrize(
    "columns",
    [
        {"title": ["Depression in men who work as peers", "Depression in women who work as peers"]},
        {"volume": ["3", "3"], "issue": ["1", "2"]},
        {"year": ["2019", "2023"]},
        {"title": ["Editorial"] * 2, "volume": ["3"] * 2, "issue": ["1", "2"], "pages": ["1"] * 2},
        {"doi": ["10.5555/a", "10.5555/b"], "pages": ["1-9", "40-49"]},
        {"authors": ["Reeves, Ann", "Okoro, Chi"]},
        {"authors": ["Reeves A; Singh B; Ek C; Bo D", "Reeves A; Okoro C; Lund E; Bo D"]},
        {"authors": ["Reeves, Ann", "Okoro, Chi"], "volume": ["3"] * 2, "pages": ["321"] * 2},
        {"title": ["Peer work and p6 in ward nurses", "Peer work and p16 in ward nurses"]},
        {
            "title": ["Peer work and p6 in ward nurses", "Peer work and p16 in ward nurses"],
            "volume": ["3"] * 2,
            "pages": ["321-330"] * 2,
        },
        {"title": [f"{TITLE[:46]}: an economic evaluation", TITLE[:46]], "volume": ["3"] * 2},
        {"title": ["UNKNOWN", "UNKNOWN"], "doi": ["10.5555/a", "10.5555/a"]},
    ],
)
def test_near_misses_are_kept(columns: dict[str, list[str]]) -> None:
    assert pairs(dedupe.find_duplicates(article(**columns), RULES)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aetiology of anaemia in haemodialysis centres", "Etiology of anemia in hemodialysis centers"),
        ("Transient ischaemic attacks in São Paulo", "Transient ischemic attacks in Sao Paulo"),
        ("Behaviour modelling in tumour programmes", "Behavior modeling in tumor programs"),
        ("Effect of a K(ATP) channel opener on the heart", "Effect of a KATP channel opener on the heart"),
        ("Ca(2+) handling in H(2)O(2)-treated cells", "Ca2+ handling in H2O2-treated cells"),
        ("Vitamin B 12 deficiency in care homes", "Vitamin B12 deficiency in care homes"),
        ("Research & development of peer-led teams", "Research and development of peer-led teams"),
        ("Peer support in high school pupils: a trial", "Peer support in highschool pupils: a trial"),
        ("Peer support in pyschiatric wards: a review", "Peer support in psychiatric wards: a reviw"),
        ("Peer support fo nurses on wards at night", "Peer support of nurses on wards at night"),
        ("Care in Parkinson s disease at night", "Care in Parkinson's disease at night"),
        ("Informtion about information on wards", "Information about information on wards"),
    ],
)
def test_one_title_spelled_in_two_ways_is_one(one: str, other: str) -> None:
    records = article(title=[one, other])

    assert pairs(dedupe.find_duplicates(records, RULES)) == [("r1", "r2")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Therapy of small cell lung cancer: a review", "Therapy of non-small cell lung cancer: a review"),
        ("Outcome of on-pump bypass surgery in women", "Outcome of off-pump bypass surgery in women"),
        ("Care of symptomatic stenosis in the elderly", "Care of asymptomatic stenosis in the elderly"),
        ("Exercise prehabilitation in knee surgery", "Exercise rehabilitation in knee surgery"),
        ("Joint infection in the knee of older adults", "Joint injection in the knee of older adults"),
        ("Effects of dietary nitrate on blood pressure", "Effects of dietary nitrite on blood pressure"),
        ("Impact of depression on diabetes: a review", "Impact of diabetes on depression: a review"),
        ("Vitamin A deficiency in children of Kenya", "Vitamin deficiency in children of Kenya"),
        ("Oxidation of iron(II) in water at low pH", "Oxidation of iron(III) in water at low pH"),
        ("Effects of morphine on rat spinal neurons", "Effects of morphine on spinal neurons"),
    ],
)
def test_titles_that_differ_in_a_word_are_two_works(one: str, other: str) -> None:
    records = article(title=[one, other])

    assert pairs(dedupe.find_duplicates(records, RULES)) == []


SPAIN = "Cost-effectiveness of peer support in Spain: a Markov model"
SWEDEN = "Cost-effectiveness of peer support in Sweden: a Markov model"


@pytest.mark.parametrize(
    "columns",
    [
        {"pages": ["A345", "A345"]},
        {"pages": ["A345-A346", "A345-A346"]},
        {
            "title": ["Care of nurses at home and abroad", "Care of nurse managers at home and abroad"],
            "pages": ["A3"] * 2,
        },
        {"doi": ["10.5555/supplement"] * 2},
        {"doi": ["10.5555/supplement"] * 2, "pages": ["A345", "A345"]},
        {
            "doi": ["10.5555/s"] * 2,
            "title": ["Care at home? Yes", "Care at home? No"],
            "authors": ["Ek", "Bo"],
        },
    ],
)
def test_abstracts_of_one_supplement_share_page_and_doi_and_are_kept(columns: dict[str, list[str]]) -> None:
    records = article(**({"title": [SPAIN, SWEDEN], "volume": ["14", "14"]} | columns))

    assert pairs(dedupe.find_duplicates(records, RULES)) == []


@pytest.mark.parametrize(
    ("journals", "possible"),
    [
        (["https://clinicaltrials.gov/show/NCT00000001", "https://clinicaltrials.gov/show/NCT00000021"], 0),
        (["https://clinicaltrials.gov/show/NCT00000001", "ClinicalTrials.gov"], 1),
    ],
)
def test_registrations_of_two_trials_have_one_title(journals: list[str], possible: int) -> None:
    found = dedupe.find_duplicates(article(journal=journals), RULES)

    assert found["verdict"].tolist() == ["possible"] * possible


@pytest.mark.parametrize(
    "title",
    [
        "Annual report of poison centres in Wales",
        "Highlights of the congress of stroke",
        "Third workshop on peer work in clinics",
    ],
)
def test_what_comes_again_next_year_is_left_to_people(title: str) -> None:
    records = article(title=[title, title], year=["2011", "2012"], volume=["", "50"])

    assert pairs(dedupe.find_duplicates(records, RULES), "possible") == [("r1", "r2")]


@pytest.mark.parametrize(
    "columns",
    [
        {"pages": ["1-14", "455"], "volume": ["17", "17"]},
        {"journal": ["ICSE", "Proc. Int. Conference on Software Engineering"], "pages": ["33-44", "33-44"]},
        {"journal": ["Health Policy. Conference: 3rd Meeting", "Health Policy"], "pages": ["", "S21"]},
        {
            "title": [TITLE, f"{TITLE}, results of phase 2 in Wales"],
            "volume": ["3"] * 2,
            "pages": ["321-330"] * 2,
        },
        {
            "title": ["Peer work and p6 in ward nurses", "Peer work and p16 in ward nurses"],
            "volume": ["3"] * 2,
            "pages": ["321-330"] * 2,
            "abstract": ["Peers work in wards, at home, and in crises. " * 5] * 2,
        },
        {"journal": ["… on Software Engineering", "IEEE Transactions on Software Engineering"]},
        {"journal": ["arXiv preprint arXiv:2103.03404", "CoRR"]},
        {
            "journal": ["University of Leeds", "ProQuest Dissertations and Theses"],
            "type": ["thesis", "thesis"],
        },
        {"journal": ["https://clinicaltrials.gov/show/NCT00000001", "ClinicalTrials.gov NCT00000001"]},
        {"authors": ["A Reeves, B Singh", "Reeves, Ann; Singh, Bo"]},
        {"authors": ["", ""], "title": [f"{TITLE} in hospitals and at home"] * 2},
        {"title": [TITLE, "Lived experience at work"], "doi": ["10.5555/a"] * 2, "pages": ["33-44", "33-44"]},
    ],
)
def test_a_source_s_own_ways_do_not_hide_a_duplicate(columns: dict[str, list[str]]) -> None:
    assert pairs(dedupe.find_duplicates(article(**columns), RULES)) == [("r1", "r2")]


def test_people_are_shown_both_records_of_a_possible_pair() -> None:
    records = article(volume=["3", "3"], issue=["1", "2"])
    duplicates = dedupe.find_duplicates(records, RULES)

    shown = dedupe.possible_pairs(dedupe.keep_one(records, duplicates), duplicates)

    assert shown.columns[:5].tolist() == ["record_id", "duplicate_of", "verdict", "by", "why"]
    assert shown[["record_id", "duplicate_of", "verdict"]].to_numpy().tolist() == [["r2", "r1", ""]]
    assert shown["issue"].tolist() == ["2"]
    assert shown["issue_of_duplicate_of"].tolist() == ["1"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[[rule]\n", 1, "is not TOML"),
        ("colour = 1\n", 1, "'colour' is not weights or rule"),
        ("[weights]\ntitle = -1\n", 2, "weight 'title' = -1 is not a field"),
        ('[[rule]]\nname = "x"\nverdict = "duplicate"\ntitle = "same"\n', 2, "rule 'x' has no why"),
        ('[[rule]]\nname = "x"\nwhy = "y"\nverdict = "twin"\ntitle = "same"\n', 4, "verdict 'twin' is not"),
        ('[[rule]]\nname = "x"\nwhy = "y"\nverdict = "distinct"\n', 2, "rule 'x' has no test"),
        ("[weights]\ntitle = 1\n", None, "has no [[rule]]"),
    ],
)
def test_what_is_wrong_with_rules_is_told_by_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        dedupe.parse_rules(text, path="rules.toml")

    assert line == caught.value.line
    assert message in str(caught.value)


def test_records_without_titles_are_told() -> None:
    with pytest.raises(InputErrors, match="no record here has a title"):
        dedupe.check_titles(make_records(title=["", " "]))


WORDS = st.sampled_from(["peer", "support", "ward", "trial", "men", "women", "care", "2", "part", "i", "ii"])
CELLS = {
    "title": st.one_of(st.just(""), st.just(TITLE), st.lists(WORDS, min_size=1, max_size=8).map(" ".join)),
    "authors": st.sampled_from(["", "Reeves, Ann", "Reeves A; Singh B", "Okoro, Chi"]),
    "year": st.sampled_from(["", "2019", "2020", "2023"]),
    "journal": st.sampled_from(["", "Health Policy", "Health Pol.", "Stroke", "medRxiv"]),
    "volume": st.sampled_from(["", "3", "4"]),
    "pages": st.sampled_from(["", "1-9", "1", "30-39"]),
    "doi": st.sampled_from(["", "10.5555/a", "10.5555/b"]),
    "round": st.sampled_from(["1", "2"]),
}
RECORDS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=9).map(
    lambda rows: make_records(**{column: [row[column] for row in rows] for column in CELLS})
)
PROPERTY = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PROPERTY
@given(records=RECORDS, seed=st.integers(0, 99))
def test_the_order_of_records_makes_no_difference(records: pd.DataFrame, seed: int) -> None:
    turned = records.sample(frac=1, random_state=seed)

    one, other = (dedupe.find_duplicates(order, RULES) for order in (records, turned))

    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(dedupe.keep_one(records, one), dedupe.keep_one(turned, other))


@PROPERTY
@given(records=RECORDS)
def test_a_second_pass_removes_nothing(records: pd.DataFrame) -> None:
    unique = dedupe.keep_one(records, dedupe.find_duplicates(records, RULES))

    assert pairs(dedupe.find_duplicates(unique, RULES)) == []


@PROPERTY
@given(records=RECORDS)
def test_every_removed_record_stands_once_with_the_record_kept(records: pd.DataFrame) -> None:
    duplicates = dedupe.find_duplicates(records, RULES)
    unique = dedupe.keep_one(records, duplicates)
    removed = duplicates[duplicates["verdict"] == "duplicate"]

    assert removed["record_id"].is_unique
    assert set(removed["duplicate_of"]) <= set(unique["record_id"])
    assert set(records["record_id"]) == set(unique["record_id"]) | set(removed["record_id"])
    assert len(records) == len(unique) + len(removed)


@PROPERTY
@given(records=RECORDS, verdict=st.sampled_from(tables.OVERRIDES))
def test_an_override_always_wins(records: pd.DataFrame, verdict: str) -> None:
    ids = records["record_id"].tolist()
    if len(ids) < 2:
        return
    overrides = make(tables.OVERRIDE, record_id=[ids[0]], duplicate_of=[ids[-1]], verdict=[verdict])

    found = pairs(dedupe.find_duplicates(records, RULES, overrides=overrides))

    kept = {record_id: record_id for record_id in ids} | {removed: keeper for keeper, removed in found}
    assert (kept[ids[0]] == kept[ids[-1]]) == (verdict == "duplicate")


@PROPERTY
@given(records=RECORDS)
def test_a_later_round_changes_no_earlier_record_kept_but_where_it_joins_two(records: pd.DataFrame) -> None:
    early = records[records["round"] == "1"].reset_index(drop=True)
    before = dedupe.keep_one(early, dedupe.find_duplicates(early, RULES))["record_id"]

    later = dedupe.find_duplicates(records, RULES)
    after = set(dedupe.keep_one(records, later)["record_id"])

    joined = {record_id for record_id, _ in later.attrs["joined"]}
    assert set(before) - joined == {record_id for record_id in after if record_id in set(early["record_id"])}


def test_a_journal_in_capitals_gives_way_to_one_that_is_not() -> None:
    records = make_records(
        title=["PEER WORK IN HOSPITALS", "Peer work in hospitals", "Peer work in hospitals"],
        journal=["J PUBLIC MENTAL HEALTH", "Journal of Public Mental Health", "J Publ Ment Health"],
        doi=["10.5555/a"] * 3,
    )

    unique = dedupe.keep_one(records, dedupe.find_duplicates(records, dedupe.default_rules()))

    assert unique["journal"].tolist() == ["Journal of Public Mental Health"]
    assert unique["title"].tolist() == ["Peer work in hospitals"]
