# ruff: noqa: E501  one text, one line
"""Tests of the flow's numbers that a paper's text prints, and the boxes that they are in."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from peerreview.imports.papers import ABSTRACT, BODY, CAPTION, FIGURE, Paper, Passages, counts, statements

TEXTS = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))["text"]


def boxes(text: str, kind: str = BODY, under: str = "Results › Study selection") -> dict[str, list[int]]:
    """Return the numbers of a passage by box; those of two boxes are under both."""
    passages = Passages()
    passages.add(text, kind, under=under)
    found: dict[str, list[int]] = {}
    for each in statements.read(Paper(passages.found)):
        if each.box:
            found.setdefault(each.box, []).append(each.n)
    return found


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("We found 10,491 records, 10 491 records and 10\u2009491 records.", (10491, 10491, 10491)),
        ("Of 10.491 records, 0.5 were odd and 12.5% (n = 3) even.", (10491, 3)),
        (
            "Sixteen of twenty-four, Twenty four, one hundred and five and two thousand.",
            (16, 24, 24, 105, 2000),
        ),
        ("In March 2019 and from 2010 to 2020 we read 2014 articles.", (2014,)),
        ("See Table 2, Fig. 3, Endnote X7, Citavi 6, NCT01234567 and CRD 42,021,257,013.", ()),
        ("It was p < 0.05, aged 12-15, ≥ 60 and [12, 13–15] of 3%.", ()),
        ("One author read one study, one third of it, one by one.", (1,)),
        ("Studies were in if (1) they rang, (2) they were bells; and (3) on bicycles.", ()),
    ],
)
def test_what_is_a_count_and_what_is_none(sentence: str, numbers: tuple[int, ...]) -> None:
    assert counts.find(sentence).numbers == numbers


@pytest.mark.parametrize("text", TEXTS, ids=lambda each: each["says"][:30])
def test_each_number_of_a_paragraph_is_in_its_box(text: dict[str, Any]) -> None:
    assert boxes(text["says"]) == text["boxes"]


def test_a_number_that_could_be_of_two_stages_is_in_both() -> None:
    found = boxes(
        "The search identified 500 records. We screened 400 records and excluded 300. Then 40 more were excluded."
    )

    assert found["excluded"] == [300, 40]
    assert found["reports_excluded"] == [40]


def test_what_is_said_of_people_reasons_and_parts_is_no_number_of_the_flow() -> None:
    text = (
        "Two reviewers screened 500 records. The 16 included studies had 2,992 cancer patients; eleven studies used "
        "interviews. Of the 40 full-text articles, 24 were excluded: twelve because they were in French and twelve because "
        "they were letters."
    )

    assert boxes(text) == {"screened": [500], "studies": [16], "assessed": [40], "reports_excluded": [24]}


def test_a_paragraph_that_tells_of_no_flow_is_left_alone() -> None:
    text = "Twelve studies were found to be of good quality, and in seven trials 34 patients were excluded."

    assert boxes(text, under="Results › Quality") == {}
    assert boxes("Smith and others identified 120 studies and included 14 studies.", under="Discussion") == {}


def test_an_abstract_is_read_and_a_caption_of_a_flow() -> None:
    assert boxes(
        "Of 3,012 records screened, 45 studies met the inclusion criteria.", ABSTRACT, "Abstract"
    ) == {
        "screened": [3012],
        "studies": [45],
    }
    assert boxes("Figure 1. PRISMA flow. Of 1,500 records identified, 40 were included.", CAPTION) == {
        "databases": [1500],
        "studies": [40],
    }


def test_a_figure_is_read_box_by_box() -> None:
    text = (
        "Records identified from: Databases (n = 1,234) Registers (n = 0) Additional records identified through other "
        "sources (n = 16) Records removed before screening: Duplicate records removed (n = 250) Records screened (n = 1,000) "
        "Records excluded (n = 900) Reports sought for retrieval (n = 100) Reports not retrieved (n = 4) Reports assessed for "
        "eligibility (n = 96) Reports excluded: Reason 1 (n = 76) Studies included in review (n = 20)"
    )

    assert boxes(text, FIGURE) == {
        "databases": [1234], "registers": [0], "other_sources": [16], "duplicates": [250], "screened": [1000],
        "excluded": [900], "sought": [100], "not_retrieved": [4], "assessed": [96], "reports_excluded": [76], "studies": [20],
    }  # fmt: skip


def test_what_is_read_out_for_a_figure_counts_by_what_it_quotes() -> None:
    text = (
        "The flow has two boxes. The first reads “Records screened (n equals 120)”. Below it, of 3 arrows, one points to "
        "“Records excluded double asterisk (n equals 100)” and one to “R E P O R T S assessed for eligibility (n equals 20)”."
    )

    assert boxes(text, FIGURE) == {"screened": [120], "excluded": [100], "assessed": [20]}


def test_labels_that_a_pdf_ran_together_are_not_read() -> None:
    text = "Reports sought for retrieval Reports not retrieved: (n = 52) Records screened (n = 130)"

    assert boxes(text, FIGURE) == {"screened": [130]}


def test_a_text_in_another_language_is_not_read() -> None:
    passages = Passages()
    passages.add(
        "Tras eliminar los duplicados, se incluyeron 16 estudios de los 158 registros de la búsqueda."
    )
    paper = Paper(passages.found)

    assert statements.read(paper) == []
    assert statements.language_of(paper) == "es"


def test_a_table_that_ran_together_is_no_sentence() -> None:
    assert boxes("We identified " + "12 records were excluded and screened by title " * 400) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A kind of so many and another: how many in all is not said, but where the first is their sum.
        ("We included 30 randomised trials of bells and 12 cohort studies of horns.", {}),
        ("We included 34 journal articles, 5 dissertations and 2 conference abstracts.", {}),
        ("We included 35 studies, 30 randomised trials and 5 cohort studies.", {"studies": [35]}),
        ("We included 31 studies (33 reports) of bells.", {"studies": [31], "reports": [33]}),
        # What is counted is neither a record nor a study.
        ("Twelve bell tuners were included. In all, nine studies were included.", {"studies": [9]}),
        # Who meets exclusion criteria or the first criteria is not in.
        ("Of 900 identified records, 800 met exclusion criteria or were duplicates.", {"databases": [900]}),
        ("Eighty articles met the initial screening criteria; 20 articles were included.", {"reports": [20]}),
        # Of those that were eligible, fewer may be in.
        ("Ninety studies were eligible. Seventy studies were included in this review.", {"studies": [70]}),
        # Studies that exclude people, and included studies that do a thing.
        ("The 23 included trials excluded children. Most rang.", {"studies": [23]}),
        (
            "Seven included articles rang, while 10 did not. In all, 17 articles were included.",
            {"reports": [17]},
        ),
        ("Eight of the 24 included studies rang.", {"studies": [24]}),
        ("Five trials and four surveys out of the 44 studies met the criteria.", {}),
        (
            "In all, 24 entries were included, consisting of 8 full articles and 2 abstracts.",
            {"studies": [24]},
        ),
        ("Eleven studies of bells and 8 of horns were included.", {}),
        ("Eleven articles (seven trials) were included.", {"reports": [11]}),
        ("We included 18 and 22 studies.", {}),
        ("We included 15 studies across all categories of bells.", {"studies": [15]}),
        (
            "Two of us screened 366 studies and 14 studies were included.",
            {"screened": [366], "studies": [14]},
        ),
        (
            "Of 608 references retrieved, we finally selected 66 reviews.",
            {"databases": [608], "studies": [66]},
        ),
        (
            "The search identified 3592 citations, of which 40 studies were included.",
            {"databases": [3592], "studies": [40]},
        ),
        (
            "Nine were full-text articles. In total, 249 studies were screened and 17 studies included in analysis.",
            {"screened": [249], "studies": [17]},
        ),
        ("Five retrospective and 9 prospective studies were included.", {}),
        (
            "Twelve reports, representing nine independent randomised trials, were included.",
            {"reports": [12], "studies": [9]},
        ),
        ("Eight studies published between April 2021 and October 2023 were included.", {"studies": [8]}),
        (
            "In all, 14 studies were included. These studies included 3889 bells, 1 or more of each.",
            {"studies": [14]},
        ),
        ("These included 14 surveys. In all, 58 studies were included (n = 1,212).", {"studies": [58]}),
        ("Twenty studies assessing 1,908 bell ringers from 12 countries were included.", {"studies": [20]}),
        (
            "Of 64 reports read in full, 22 papers composed the final sample.",
            {"assessed": [64], "reports": [22]},
        ),
        ("We identified 40 studies, most of bells. Thirty-five studies were included.", {"studies": [35]}),
    ],
)
def test_what_is_in_is_told_from_parts_of_it_and_from_what_may_be(
    text: str, found: dict[str, list[int]]
) -> None:
    assert boxes(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Reasons for exclusion were: conference abstracts (n = 30), duplicates (n = 4) and silence (n = 9).",
            {},
        ),
        (
            "At full text, 21 reports were excluded, because they rang no bell (n = 17) or were duplicates (n = 4).",
            {"reports_excluded": [21]},
        ),
        ("Two reports were conference abstracts, and 63 remain in the manual queue.", {}),
        (
            "Two or more studies rang. Three other studies found no bell. We evaluated four screening tools.",
            {},
        ),
        ("We update the 2012 review of screening.We screened 500 abstracts.", {"screened": [500]}),
        ("We screened 300 abstracts. References of 65 reviews were screened, too.", {"screened": [300]}),
    ],
)
def test_reasons_and_what_else_is_named_are_of_no_box(text: str, found: dict[str, list[int]]) -> None:
    assert boxes(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "A Scopus search yielded 900 records and a PubMed search 600. After removing duplicates, 1,200 unique records were left.",
            {"source": [900, 600], "after_duplicates": [1200]},
        ),
        (
            "A Scopus search yielded 900 records. We screened 900 records. Twelve studies were included.",
            {"databases": [900], "screened": [900], "studies": [12]},
        ),
        (
            "A total of 600 records were retrieved from PubMed (n = 400) and Scopus (n = 200). We screened 500 records.",
            {"databases": [600], "source": [400, 200], "screened": [500]},
        ),
        (
            "We retained 310 papers after screening titles and abstracts, and 96 after reading the full text.",
            {"chosen": [310], "studies": [96]},
        ),
        (
            "The search found 700 records. After screening of titles and abstracts, 100 records remained.",
            {"databases": [700], "chosen": [100]},
        ),
        (
            "The search found 515 records, of which 502 remained after removing 13 duplicates. We screened 502 records.",
            {"databases": [515], "after_duplicates": [502], "duplicates": [13], "screened": [502]},
        ),
        (
            "The search found 900 records (650 after deduplication), and 111 records were screened in full text.",
            {"databases": [900], "after_duplicates": [650], "assessed": [111]},
        ),
        (
            "Of the 8,400 records, 8,309 were excluded on title and abstract, and 67 of the remaining 91 after full-text review.",
            {"screened": [8400], "excluded": [8309], "reports_excluded": [67], "assessed": [91]},
        ),
        (
            "After exclusion by title (n = 640), abstract (n = 90) and full text (n = 21), 45 studies were eligible for inclusion.",
            {"excluded": [640, 90], "reports_excluded": [21], "studies": [45]},
        ),
        (
            "We sought 141 reports for retrieval, could not retrieve 6, and assessed 135 for eligibility.",
            {"sought": [141], "not_retrieved": [6], "assessed": [135]},
        ),
        (
            "Of these, 812 were excluded by title, 121 by abstract, and 40 after reading the full text.",
            {"excluded": [812, 121], "reports_excluded": [40]},
        ),
        (
            "After the initial screening, 63 records were screened by another. Three of the 625 identified articles were included.",
            {"chosen": [63], "databases": [625], "studies": [3]},
        ),
        (
            "Deduplication removed 118 records. After de-duplication there were 980 records. We screened 980 records.",
            {"duplicates": [118], "after_duplicates": [980], "screened": [980]},
        ),
        (
            "A total of 892 sources were imported into the program for screening; 211 duplicates were removed.",
            {"databases": [892], "duplicates": [211]},
        ),
        (
            "All were read.163 references were excluded as duplicates, and 310 of the studies were removed because of duplication.",
            {"duplicates": [163, 310]},
        ),
        (
            "Records identified from databases with n equals 671. Records screened with n equals 624. Records excluded equal n equals 584.",
            {"databases": [671], "screened": [624], "excluded": [584]},
        ),
    ],
)
def test_stages_are_told_by_the_words_between_two_numbers(text: str, found: dict[str, list[int]]) -> None:
    assert boxes(text) == found


def test_a_box_of_reasons_gives_no_total_where_it_has_several() -> None:
    several = "Reports assessed for eligibility (n = 142) Reports excluded: silent (n = 60) loud (n = 40) Studies included in review (n = 42)"
    one = "Reports assessed for eligibility (n = 142) Reports excluded: silent (n = 100) Studies included in review (n = 42)"

    assert boxes(several, FIGURE) == {"assessed": [142], "studies": [42]}
    assert boxes(one, FIGURE) == {"assessed": [142], "reports_excluded": [100], "studies": [42]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We collect 1,271 estimates of ringing reported in 61 studies.", {"studies": [61]}),
        ("I examine 1,271 estimates of ringing reported in 61 published studies.", {"studies": [61]}),
        (
            "Our meta-analysis comprises 61 primary studies of ringing, with 1,271 estimates.",
            {"studies": [61]},
        ),
        (
            "This update included 592 cyclists; we included 592 participants from seven studies.",
            {"studies": [7]},
        ),
        ("We identified eight eligible studies, one of which is new.", {"studies": [8]}),
        (
            "Two studies of the 7880 identified in the searches met the inclusion criteria.",
            {"studies": [2], "databases": [7880]},
        ),
        ("We included in this review 24 studies with 3377 cyclists.", {"studies": [24]}),
        ("After applying the criteria 15 studies and 1,414 participants were included.", {"studies": [15]}),
        (
            "In total, 17 studies with a cumulative total of 677 ringers at risk and 805 who ride were included.",
            {"studies": [17]},
        ),
        (
            "Twenty studies, comprising 23 rides with 535 bells and 586 horns, met the inclusion criteria.",
            {"studies": [20]},
        ),
        (
            "Our first search returned 173 papers, but the criteria reduced this number to 8.",
            {"databases": [173], "studies": [8]},
        ),
        ("Six studies proved eligible; they were of bells.", {"studies": [6]}),
        (
            "The search gave 1865 citations with five studies meeting the selection criteria.",
            {"databases": [1865], "studies": [5]},
        ),
        (
            "Out of 172 studies identified from PubMed, Embase and Web of Science, 11 met our criteria.",
            {"databases": [172], "studies": [11]},
        ),
        (
            "A search of databases identified 24 trials comparing 1249 bells with 1179 horns.",
            {"studies": [24]},
        ),
        ("Five hundred riders of 24 eligible trials were ultimately screened.", {"studies": [24]}),
        ("A total of 81 studies were identified on bells and 16 studies were identified on horns.", {}),
    ],
)
def test_an_abstract_says_in_many_ways_how_many_studies_are_in(
    text: str, found: dict[str, list[int]]
) -> None:
    assert boxes(text, ABSTRACT, "Abstract › Main results") == found


@pytest.mark.parametrize(
    "text",
    [
        "Smith and Jones (2010) screened 500 records and included 31 studies.",
        "A previous systematic review on horns identified 900 records and included 41 studies.",
        "Bell A. Ringing. J Bells 2019. doi: 10.1000/b 12 studies included of 300 records screened.",
    ],
)
def test_what_another_review_found_is_not_this_ones(text: str) -> None:
    assert boxes(text) == {}


def test_a_number_that_is_a_year_in_a_name_is_no_count() -> None:
    assert counts.find("The GBD 2016 and a 2026 harvest, but the 2016 records and 2026 studies.").numbers == (
        2016,
        2026,
    )


def test_some_of_the_first_ones_that_a_search_lists_are_not_all_it_found() -> None:
    assert "databases" not in boxes("The first 500 records identified by the search were read.")


def test_what_is_counted_far_from_where_the_flow_is_told_is_no_step_of_it() -> None:
    passages = Passages()
    flow = (
        "The search identified 500 records. After removing 100 duplicates, 400 records were screened and 360 excluded. "
        "We assessed 40 full-text articles, of which 28 were excluded. Twelve studies were included."
    )
    passages.add(flow, under="Results › Study selection")
    for each in ("Bells", "Horns", "Rings", "Tunes"):
        passages.add(f"{each} were heard.", under="Results › Sounds")
    passages.add("Of 30 articles screened for tunes, 7 articles were excluded.", under="Results › Sounds")

    found = [(each.n, each.box) for each in statements.read(Paper(passages.found)) if each.box]

    assert (500, "databases") in found
    assert not {30, 7} & {n for n, _ in found}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Screening excluded 716, and 47 full texts were reviewed, of which 20 were excluded with reasons.",
            {"excluded": [716], "assessed": [47], "reports_excluded": [20]},
        ),
        ("We found 44 studies that conform to our inclusion criteria.", {"studies": [44]}),
        ("Forty-nine studies were collected according to these criteria.", {"studies": [49]}),
    ],
)
def test_what_is_read_after_an_exclusion_is_not_excluded(text: str, found: dict[str, list[int]]) -> None:
    assert boxes(text) == found


def test_words_of_a_figure_that_lost_their_ligatures_are_read_as_they_were() -> None:
    passages = Passages()
    passages.add(
        "Records iden fied (n = 84). Records a er duplicates removed (n = 68). Full-text arcles read"
    )

    assert passages.found[0].text == (
        "Records identified (n = 84). Records after duplicates removed (n = 68). Full-text articles read"
    )


def test_the_first_of_a_boxs_reasons_is_not_all_that_was_excluded() -> None:
    text = "Full-text articles excluded (n = 27) Reason for exclusion: • Not of bells (n = 18) • Not in English (n = 9)"

    assert boxes(text, FIGURE)["reports_excluded"] == [27]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("This systematic review of 51 studies tells of bells.", {"studies": [51]}),
        ("Here, we reviewed 42 papers that tell of bells.", {"reports": [42]}),
        ("Across 24 studies, 338 riders rang consistently.", {"studies": [24]}),
        ("Data from 176 studies (5573 riders) suggest that bells ring.", {"studies": [176]}),
        ("Based on a meta-analysis of 17 studies we found that bells ring.", {"studies": [17]}),
        ("A recent meta-analysis of 17 studies found that bells ring.", {}),
        ("The meta-analysis of the 2 trials was significant.", {}),
        ("Data from 176 studies and then data from 90 studies suggest that bells ring.", {}),
        (
            "We screened 900 abstracts. Forty articles were reviewed and 12 were included.",
            {"screened": [900], "studies": [12]},
        ),
        ("Six articles were considered for analysis after retrieval of another.", {}),
        ("Two screening phases were conducted, by two independent literature reviewers.", {}),
    ],
)
def test_what_an_abstract_treats_of_is_what_is_in_where_no_other_number_is(
    text: str, found: dict[str, list[int]]
) -> None:
    assert boxes(text, ABSTRACT, "Abstract") == found


def test_a_title_says_of_how_many_studies_it_is() -> None:
    told = Passages()
    told.add("Bells were rung wherever riders met, in towns and out of them, and were heard.", ABSTRACT)

    found = statements.read(Paper(told.found, "Bells on bicycles: a meta-analysis of 75 trials"))

    assert [(each.n, each.box) for each in found if each.box] == [(75, "studies")]


@pytest.mark.parametrize(
    "text",
    [
        "Bell research began only two decades ago and has since included a wide variety of rings.",
        "This update was to inform the 2018 Canadian bell force's guideline on screening.",
        "We sought three types of bells, directly and by ear.",
        "The search was of seven databases, and two searches of the grey literature were performed.",
    ],
)
def test_what_is_counted_and_is_no_record_is_of_no_box(text: str) -> None:
    assert boxes(text, ABSTRACT, "Abstract") == {}


def test_a_short_text_is_read_as_an_abstract_is() -> None:
    assert boxes("A total of 155 studies were included, most of them of bells.", under="Results") == {
        "studies": [155]
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # References that lost their place above the line, and what the articles are of.
        (
            "Sixteen studies were excluded 35 , 36 , 37 , 38 , 39 after manual searches.",
            {"excluded": [16], "other_reasons": [16]},
        ),
        (
            "From the 20 studies selected after screening the title and abstract, 14 were deemed ineligible, and six met the criteria.",
            {"chosen": [20], "reports_excluded": [14], "studies": [6]},
        ),
        (
            "All 900 unique deduplicated records (n = 900) were screened and 40 were included.",
            {"screened": [900, 900], "studies": [40]},
        ),
        (
            "We found 750 articles from which nine studies were included.",
            {"databases": [750], "studies": [9]},
        ),
        (
            "We searched and found 373 records, and excluded 242 because of duplication.",
            {"databases": [373], "duplicates": [242]},
        ),
        (
            "In all, 49 reviews, comprising a total of 269 trials, met the criteria after 343 records were screened.",
            {"studies": [49], "screened": [343]},
        ),
        (
            "We sought 30 reports. We could not retrieve the full text of six articles and, therefore, excluded these six articles.",
            {"sought": [30], "not_retrieved": [6]},
        ),
    ],
)
def test_a_number_is_of_what_it_counts_and_is_told_once(text: str, found: dict[str, list[int]]) -> None:
    assert boxes(text) == found
