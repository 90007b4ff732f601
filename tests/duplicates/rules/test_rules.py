import numpy as np
import pytest

from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import parse_rules, parse_test
from peerreview.errors import InputError
from tests.duplicates.articles import OTHER, RULES, TITLE, article, pairs


def test_a_reply_is_related_and_kept() -> None:
    records = article(title=[TITLE, f"{TITLE}: reply"], pages=["1-9", "30-31"])

    found = find_duplicates(records, RULES).duplicates

    assert pairs(found, "related") == [("r1", "r2")]
    assert found["relation"].tolist() == ["comment or reply"]


def test_parts_of_a_series_are_kept() -> None:
    records = article(title=[f"{TITLE}. Part I", f"{TITLE}. Part II"], pages=["1-9", "10-19"])

    assert pairs(find_duplicates(records, RULES).duplicates, "related") == [("r1", "r2")]


def test_editorials_of_two_issues_are_kept() -> None:
    records = article(title=["Editorial", "Editorial"], volume=["3", "4"], pages=["1", "1"])

    assert find_duplicates(records, RULES).duplicates.empty


def test_a_rule_with_an_unknown_field_is_told_by_line() -> None:
    text = '[[rule]]\nname = "x"\nwhy = "y"\nverdict = "duplicate"\ncolour = "same"\n'

    with pytest.raises(InputError, match=r"rules.toml:5: field 'colour' is not title"):
        parse_rules(text, path="rules.toml")


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
        (
            {"journal": ["Congress of Psychiatry", "Health Policy"], "pages": ["12-23", "1-44"]},
            "conference paper and article",
        ),
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
            {
                "journal": ["Health Policy", "Health Policy Discussions"],
                "doi": ["10.5555/a", "10.5555/b"],
                "pages": ["621-640", "1-32"],
            },
            "preprint and article",
        ),
        ({"type": ["JOUR", "UNPB"], "journal": ["Health Policy", ""]}, "preprint and article"),
        (
            {"title": [TITLE, f"{TITLE}: study protocol"], "volume": ["3", "3"]},
            "protocol of the study",
        ),
        ({"title": [f"{TITLE} (Part 1)", f"{TITLE} (Part 2)"]}, "another part of a series"),
        (
            {"journal": ["Stroke", "Topics in Stroke"], "volume": ["42", "19"], "pages": ["e618", "158-171"]},
            "another report",
        ),
        (
            {"year": ["2010", "2011"], "volume": ["55", "56"], "pages": ["965-966", "1161-1162"]},
            "another report",
        ),
        (
            {"journal": ["Circulation", "Gut"], "year": ["2011", "2012"], "volume": ["124", "33"]},
            "another report",
        ),
    ],
)
def test_what_is_related_is_kept_and_told(columns: dict[str, list[str]], relation: str) -> None:
    found = find_duplicates(article(**columns), RULES).duplicates

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
    assert pairs(find_duplicates(article(**columns), RULES).duplicates) == [("r1", "r2")]


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
    assert pairs(find_duplicates(article(**columns), RULES).duplicates) == []


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

    assert pairs(find_duplicates(records, RULES).duplicates) == [("r1", "r2")]


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

    assert pairs(find_duplicates(records, RULES).duplicates) == []


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

    assert pairs(find_duplicates(records, RULES).duplicates) == []


@pytest.mark.parametrize(
    ("journals", "possible"),
    [
        (["https://clinicaltrials.gov/show/NCT00000001", "https://clinicaltrials.gov/show/NCT00000021"], 0),
        (["https://clinicaltrials.gov/show/NCT00000001", "ClinicalTrials.gov"], 1),
    ],
)
def test_registrations_of_two_trials_have_one_title(journals: list[str], possible: int) -> None:
    found = find_duplicates(article(journal=journals), RULES).duplicates

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

    assert pairs(find_duplicates(records, RULES).duplicates, "possible") == [("r1", "r2")]


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
    assert pairs(find_duplicates(article(**columns), RULES).duplicates) == [("r1", "r2")]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[[rule]\n", 1, "is not TOML"),
        ("colour = 1\n", 1, "'colour' is not weights, example or rule"),
        ("[weights]\ntitle = -1\n", 2, "weight 'title' = -1 is not a field"),
        ("[weights]\ntitle = 1\ncolour = 1\n", 3, "weight 'colour' = 1 is not a field"),
        ("[weights]\ntitle = 'much'\n", 2, "weight 'title' = 'much' is not a field"),
        ('[[rule]]\nname = "x"\nverdict = "duplicate"\ntitle = "same"\n', 2, "rule 'x' has no why"),
        ('[[rule]]\nname = "x"\nwhy = "y"\nverdict = "twin"\ntitle = "same"\n', 4, "verdict 'twin' is not"),
        ('[[rule]]\nname = "x"\nwhy = "y"\nverdict = "distinct"\n', 2, "rule 'x' has no test"),
        ("[weights]\ntitle = 1\n", None, "has no [[rule]]"),
    ],
)
def test_what_is_wrong_with_rules_is_told_by_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_rules(text, path="rules.toml")

    assert line == caught.value.line
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("colour", "same", "field 'colour' is not title"),
        ("title", "almost", "title = 'almost' is not one of same"),
        ("title", ">= much", "title = '>= much' is not one of same"),
    ],
)
def test_a_test_in_unknown_words_is_refused(field: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_test(field, text)


@pytest.mark.parametrize("text", ["same", "not different", ">= 0.9", "< 3 or blank", "blank", "known"])
def test_a_test_says_itself_again(text: str) -> None:
    assert f"year {text}" == str(parse_test("year", text))


MEETING = "Health Policy. Conference: 12th Congress of Health Policy. Nowhere Spain"
TEXT = "Peers work in wards, at home, and in crises. " * 5


@pytest.mark.parametrize(
    "columns",
    [
        {"volume": ["44", "44"], "issue": ["SUPPL. 2", "Suppl 2"], "pages": ["", "S119"]},
        {"volume": ["44", "44"], "issue": ["SUPPL. 2"] * 2, "title": [TITLE, TITLE.upper()]},
        {"abstract": [TEXT, TEXT]},
        {"abstract": [TEXT, TEXT], "authors": ["Anonymous"] * 2, "volume": ["44", "44"], "issue": ["3", "3"]},
    ],
)
def test_an_abstract_is_one_whether_or_not_its_meeting_is_named(columns: dict[str, list[str]]) -> None:
    records = article(**({"journal": [MEETING, "Health Policy"]} | columns))

    assert pairs(find_duplicates(records, RULES).duplicates) == [("r1", "r2")]


@pytest.mark.parametrize(
    "columns",
    [
        {"volume": ["44", "44"], "issue": ["SUPPL. 2", "2"], "pages": ["", "801-10"]},
        {"volume": ["44", "45"], "issue": ["SUPPL. 2", "SUPPL. 2"]},
        {"volume": ["44", "44"], "issue": ["SUPPL. 2", "SUPPL. 3"]},
        {
            "volume": ["44", "44"],
            "issue": ["SUPPL. 2"] * 2,
            "title": [f"{TITLE} in {who}" for who in ("men", "women")],
        },
        {"volume": ["44", "44"], "issue": ["SUPPL. 2"] * 2, "title": [f"{TITLE} at {n} years" for n in "12"]},
        {"abstract": [TEXT, "Wards were asked what peers do, and we counted the answers of all. " * 4]},
    ],
)
def test_an_abstract_of_a_meeting_is_not_its_article_or_another(
    columns: dict[str, list[str]],
) -> None:
    records = article(**({"journal": [MEETING, "Health Policy"]} | columns))

    assert pairs(find_duplicates(records, RULES).duplicates) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"volume": ["1)", "50"], "issue": ["", "SUPPL. 1"], "pages": ["45", "45"]},
        {"volume": ["14", "14"], "pages": ["1442-6", "t-6"]},
        {"journal": ["Health Policy", "Health Policy.71 (4) ()(pp 11-19) 2019.Date of Publication: May."],
         "volume": ["71", ""], "issue": ["4", ""], "pages": ["11-19", ""]},
        {"title": [TITLE, f"Invited Article - {TITLE}"], "volume": ["3"] * 2, "issue": ["2"] * 2},
        {"title": [TITLE, f"Ward Award Papers: {TITLE}"], "volume": ["3"] * 2, "issue": ["2"] * 2},
        {"authors": ["Reeves, Ann; D&#252;rer, Bo", "Reeves, A.; Dürer, B."]},
        {"authors": ["Ann Reeves; Bo Singh; Chi Okoro", "Bo Singh; Chi B. Okoro; Ann Reeves"]},
        {"year": ["2006", "2008"], "volume": ["32", "32"], "issue": ["2", "2"], "pages": ["", "385"]},
        {"authors": ["Carla B&#230;rgaard; Lea Mark", "Lea Mark; C. B?rgaard"]},
        {"authors": ["M. P. Papadakis; B. J. Kr&#228;mer", "Mike P. Papadakis; Bernd J. Kr?mer"]},
        {"authors": ["Anne H. H. Ngu; Bo Yu; Chi de Vries", "Bo Yu; Chi de Vries; Ngu, A."]},
        {"title": [TITLE, TITLE.replace("health services", "health care services")],
         "volume": ["3", "3"], "issue": ["2", "2"]},
        {"title": [f"{TITLE} and implications for it", f"{TITLE} and implications for it industry"],
         "volume": ["3", "3"]},
    ],
)  # fmt: skip
def test_a_damaged_cell_does_not_hide_a_duplicate(columns: dict[str, list[str]]) -> None:
    assert pairs(find_duplicates(article(**columns), RULES).duplicates) == [("r1", "r2")]


@pytest.mark.parametrize(
    "columns",
    [
        {"volume": ["50", "49"], "pages": ["301-8", "77-80"]},
        {"year": ["2006", "2008"], "volume": ["32", "32"], "issue": ["1", "2"]},
        {"doi": ["10.5555/a"] * 2, "pages": ["1341-53"] * 2, "volume": ["106", "1)"],
         "journal": ["Basic Research in Wards", "Circulation of Peers"], "title": [TITLE, OTHER]},
        {"title": [f"Working paper: {TITLE}", TITLE], "year": ["2016", "2019"]},
        {"title": ["Chair's column: Chairs that turn", "Chairs that turn"], "volume": ["3", "4"]},
        {"journal": ["Spinology. Conference: 40th Meeting", "World Spinosurg"], "volume": ["72"] * 2,
         "issue": ["8 SUPPL. 1", ""], "pages": ["", "301-18"]},
        {"journal": ["Ward Care", "World Spinosurg"], "volume": ["72"] * 2, "pages": ["S45", "45-52"]},
        {"title": ["Welcome message"] * 2, "volume": ["3"] * 2, "issue": ["1", "3"], "pages": ["1"] * 2},
        {"title": [TITLE, f"{TITLE[:40]} of clinics at night"], "journal": [""] * 2, "abstract": [TEXT] * 2},
    ],
)  # fmt: skip
def test_a_cell_read_with_care_makes_no_duplicate(columns: dict[str, list[str]]) -> None:
    assert pairs(find_duplicates(article(**columns), RULES).duplicates) == []


def test_one_conference_may_have_two_names_and_people_are_asked() -> None:
    records = article(journal=["PeerDays", "Symposium on Routes of Letters"])

    found = find_duplicates(records, RULES).duplicates

    assert pairs(found, "possible") == [("r1", "r2")]


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("same", [True, False, False, False]),
        ("different", [False, False, True, False]),
        ("blank", [False, False, False, True]),
        ("known", [True, True, True, False]),
        ("not same", [False, True, True, True]),
        ("not different", [True, True, False, True]),
        ("not same or blank", [False, True, True, True]),
        ("same or blank", [True, False, False, True]),
        (">= 0.5", [True, True, False, False]),
        ("> 0.5", [True, False, False, False]),
        ("<= 0.5", [False, True, True, False]),
        ("< 0.5", [False, False, True, False]),
        ("= 0.5", [False, True, False, False]),
        ("> 0.5 or blank", [True, False, False, True]),
    ],
)
def test_what_a_test_asks_of_a_field(asked: str, held: list[bool]) -> None:
    likeness = {"title": np.array([1.0, 0.5, 0.0, np.nan])}

    assert parse_test("title", asked).passes(likeness).tolist() == held


@pytest.mark.parametrize(
    ("likely", "is_right"), [(0, True), (1, True), (0.25, True), (-0.5, False), (1.5, False)]
)
def test_how_likely_a_pair_is_one_work_is_a_share(likely: float, is_right: bool) -> None:
    text = f'[[rule]]\nname = "a"\nwhy = "x"\nverdict = "possible"\ntitle = "same"\nlikely = {likely}\n'

    if is_right:
        assert parse_rules(text).rules[0].likely == likely
    else:
        with pytest.raises(InputError, match="is not a number from 0 to 1"):
            parse_rules(text)


@pytest.mark.parametrize(
    "columns",
    [
        {
            "title": [
                "Trends in the work and pay of peers on wards",
                "Trends in the work and pay of peers on wards - 1986",
            ]
        },
        {"title": ["MPEG-7 standard for peers in databases", "Standard for peers in databases"]},
        {
            "title": [
                "A framework for change diagnosis of data",
                "A framework for diagnosing changes in new data",
            ]
        },
        {
            "title": [
                "GridDB: a database interface of peers to the grid",
                "GridDB: a relational interface of peers to the grid",
            ]
        },
        {
            "title": ["MineSet: a system for high-end peers and wards"] * 2,
            "authors": ["", "Minds%1996%%"],
            "year": ["1996", ""],
            "journal": ["Wards", ""],
        },
        {"title": ["Editorial"] * 2},
    ],
)
def test_what_one_sign_alone_keeps_apart_is_left_to_people(columns: dict[str, list[str]]) -> None:
    found = find_duplicates(article(**columns), RULES).duplicates

    assert pairs(found, "possible") == [("r1", "r2")]


def test_the_same_authors_in_another_order_meet_whatever_the_title() -> None:
    records = article(
        title=["A vision of management of complex models", "A vision for management of most complex models"],
        authors=["Relly, Lukas; Blott, Stephen", "Blott, Stephen; Relly, Lukas"],
    )

    assert pairs(find_duplicates(records, RULES).duplicates, "possible") == [("r1", "r2")]


@pytest.mark.parametrize(
    "appended",
    ["Article No. e1204", "(Article 101204)", "IZA Discussion Paper No. 1204", "Abstract 12", "[e101204]"],
)
def test_a_number_that_a_database_appends_is_no_part_of_a_series(appended: str) -> None:
    records = article(title=[TITLE, f"{TITLE}. {appended}"], volume=["3", "3"])

    assert pairs(find_duplicates(records, RULES).duplicates) == [("r1", "r2")]


@pytest.mark.parametrize("further", ["Part 2", "2", "Paper 2 of a series", "Study 2"])
def test_the_number_of_a_part_is(further: str) -> None:
    records = article(title=[TITLE, f"{TITLE}. {further}"], volume=["3", "3"])

    assert pairs(find_duplicates(records, RULES).duplicates) == []


@pytest.mark.parametrize(
    "extra", ['{"PB": "Research Square"}', '{"publisher": "Cold Spring Harbor Laboratory"}']
)
def test_a_preprint_is_known_by_its_publisher(extra: str) -> None:
    records = article(journal=["", "Health Policy"]).assign(extra=[extra, ""])

    found = find_duplicates(records, RULES).duplicates

    assert found[["verdict", "relation"]].to_numpy().tolist() == [["related", "preprint and article"]]


@pytest.mark.parametrize("extra", ['{"PB": "Wiley"}', '{"PB": 7}', '["PB"]', '{"PB": "Research', ""])
def test_another_publisher_is_no_server_of_preprints(extra: str) -> None:
    records = article(journal=["", "Health Policy"]).assign(extra=[extra, ""])

    assert pairs(find_duplicates(records, RULES).duplicates) == [("r1", "r2")]


def test_a_likeness_may_count_for_nothing_in_the_score() -> None:
    rule = '[[rule]]\nname = "a"\nwhy = "x"\nverdict = "possible"\ntitle = "same"\n'

    assert parse_rules(f"[weights]\ntitle = 0\n{rule}").weights == {"title": 0}
    with pytest.raises(InputError, match="is not a field of records with a number"):
        parse_rules(f"[weights]\ntitle = -1\n{rule}")


@pytest.mark.parametrize("example", ["[{}]", "[{}, {}, {}]", "[{}, 1]", '"two"'])
def test_an_example_is_two_records(example: str) -> None:
    rule = f'[[rule]]\nname = "a"\nwhy = "x"\nverdict = "possible"\ntitle = "same"\ndecides = {example}\n'

    with pytest.raises(InputError, match="decides is not two records"):
        parse_rules(rule)


def test_a_rule_may_show_only_what_it_leaves_alone() -> None:
    rule = '[[rule]]\nname = "a"\nwhy = "x"\nverdict = "possible"\ntitle = "same"\n'

    (parsed,) = parse_rules(f'{rule}leaves = [{{ title = "A" }}, {{ title = "B" }}]\n').rules

    assert (parsed.decides, parsed.leaves) == (None, ({"title": "A"}, {"title": "B"}))
