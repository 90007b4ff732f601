"""Histories of each platform, in the forms in which it gives them."""

import pytest

from peerreview.errors import InputError
from peerreview.imports.strategies import reading
from tests.imports.strategies.histories import cells, read

EBSCO = """Tuesday, March 21, 2023 10:22:33 AM
#\tQuery\tLimiters/Expanders\tLast Run Via\tResults
S3\tS1 AND S2\tLimiters - Published Date: 20100101-20231231; English Language
Expanders - Apply equivalent subjects
Search modes - Boolean/Phrase\tInterface - EBSCOhost Research Databases
Search Screen - Advanced Search
Database - CINAHL Plus with Full Text\t1,234
S2\t(MH "Nurses+")\tExpanders - Apply equivalent subjects
Search modes - Boolean/Phrase\tInterface - EBSCOhost Research Databases
Search Screen - Advanced Search
Database - CINAHL Plus with Full Text\t240,123
S1\tTI ( peer N3 support* ) OR AB ( peer N3 support* )\tSearch modes - Boolean/Phrase\tInterface - EBSCOhost
Database - CINAHL Plus with Full Text\t9,876
"""
WEB_OF_SCIENCE = """# Web of Science Search Strategy (v0.1)

# Database: Web of Science Core Collection

# Entitlements:

- WOS.SCI: 1945 to 2023

# Searches:

1: TS=("peer support*" NEAR/3 work*)    Date Run: Thu Nov 03 2022 10:00:00 GMT+0000 (GMT)    Results: 5678
2: TS=(nurse* OR midwi*)    Date Run: Thu Nov 03 2022 10:01:00 GMT+0000 (GMT)    Results: 33456
3: #1 AND #2 and Article (Document Types)    Date Run: Thu Nov 03 2022 10:02:00 GMT+0000 (GMT)  Results: 1234
"""
WEB_OF_SCIENCE_BEFORE = """Set\tResults\t
# 3\t1,234\t#2 AND #1
Indexes=SCI-EXPANDED, SSCI Timespan=1990-2020
# 2\t33,456\tTS=(nurse* OR midwi*)
Indexes=SCI-EXPANDED, SSCI Timespan=1990-2020
# 1\t5,678\tTS=("peer support*" NEAR/3 work*)
Indexes=SCI-EXPANDED, SSCI Timespan=1990-2020
"""
SCOPUS = """3\t( TITLE-ABS-KEY ( "peer*" ) ) AND ( LIMIT-TO ( LANGUAGE , "English" ) )\t1,234 document results
2\tTITLE-ABS-KEY ( nurse* OR midwi* )\t833,456 document results
1\tTITLE-ABS-KEY ( "peer support*" )\t25,678 document results
"""
COCHRANE = """Search Name:\tpeers
Date Run:\t21/03/2023 13:49:21
Comment:\t

ID\tSearch\tHits
#1\tMeSH descriptor: [Peer Group] explode all trees\t1065
#2\t(peer NEAR/3 support*):ti,ab,kw\t3069
#3\t{or #1-#2}\t3897
#4\t#3 with Cochrane Library publication date Between Jan 2010 and Dec 2023, in Trials\t2816
"""
PROQUEST = """Search Strategy

Set#: S1

Searched for: MAINSUBJECT.EXACT("Peer support") OR noft("peer support*")

Databases: ERIC, PsycINFO

Results: 5678°

Set#: S2

Searched for: noft(nurse* OR midwi*)

Databases: ERIC, PsycINFO

Results: 33456*

Set#: S3

Searched for: [S1] AND [S2]

Databases: ERIC, PsycINFO

Results: 234*

* Duplicates are removed from your search, but included in your result count.
"""
EMBASE = """No. Query Results Results Date
#3. #1 AND #2 AND [english]/lim                                1,234  21 Mar 2023
#2. 'nurse'/exp OR nurse*:ti,ab OR                           333,456  21 Mar 2023
    midwi*:ti,ab
#1. 'peer group'/de OR (peer NEAR/3 support*):ti,ab            5,678  21 Mar 2023
"""
EMBASE_TABLE = """"Embase Session Results"
"No.","Query","Results","Results Date"
"#2","#1 AND 'nurse'/exp","1,234","21 Mar 2023"
"#1","'peer group'/de","5,678","21 Mar 2023"
"""


@pytest.mark.parametrize(
    ("text", "platform", "hits", "combined"),
    [
        (EBSCO, "ebsco", ["9876", "240123", "1234"], "LIMIT(1 AND 2)"),
        (WEB_OF_SCIENCE, "web_of_science", ["5678", "33456", "1234"], "LIMIT(1 AND 2)"),
        (WEB_OF_SCIENCE_BEFORE, "web_of_science", ["5678", "33456", "1234"], "LIMIT(2 AND 1)"),
        (SCOPUS, "scopus", ["25678", "833456", "1234"], ""),
        (COCHRANE, "cochrane", ["1065", "3069", "3897", "2816"], "LIMIT(3)"),
        (PROQUEST, "proquest", ["5678", "33456", "234"], "1 AND 2"),
        (EMBASE, "embase", ["5678", "333456", "1234"], "1 AND 2 AND …"),
        (EMBASE_TABLE, "embase", ["5678", "1234"], "1 AND …"),
    ],
)
def test_a_platform_s_history_is_known_and_read(
    text: str, platform: str, hits: list[str], combined: str
) -> None:
    rows = read(text)

    assert {row["platform"] for row in rows} == {platform}
    assert [row["hits"] for row in rows] == hits
    assert rows[-1]["combination"] == combined


@pytest.mark.parametrize(
    ("text", "database", "day"),
    [
        (EBSCO, "CINAHL Plus with Full Text", "2023-03-21"),
        (WEB_OF_SCIENCE, "Web of Science Core Collection", "2022-11-03"),
        (COCHRANE, "", "2023-03-21"),
        (PROQUEST, "ERIC, PsycINFO", ""),
        (EMBASE, "", "2023-03-21"),
        (EMBASE_TABLE, "", "2023-03-21"),
    ],
)
def test_what_a_history_says_of_its_database_and_day_is_kept(text: str, database: str, day: str) -> None:
    assert {(row["database"], row["searched_on"]) for row in read(text)} == {(database, day)}


def test_modes_dates_and_counts_are_no_part_of_what_was_searched() -> None:
    assert [row["text"] for row in read(EBSCO)] == [
        "TI ( peer N3 support* ) OR AB ( peer N3 support* )", '(MH "Nurses+")', "S1 AND S2",
    ]  # fmt: skip
    assert read(EBSCO)[2]["limits"] == "Published Date: 20100101-20231231; English Language"
    assert read(PROQUEST)[2]["text"] == "[S1] AND [S2]"
    assert read(EMBASE)[1]["text"] == "'nurse'/exp OR nurse*:ti,ab OR midwi*:ti,ab"


def test_a_query_that_stands_alone_is_a_search_of_one_line() -> None:
    text = (
        "Database: Scopus\nDate: 3 March 2023\n\n"
        'TITLE-ABS-KEY ( "peer support*" )\nAND TITLE-ABS-KEY ( nurse* )\n1,234 document results\n'
    )

    assert cells(text) == [("1", 'TITLE-ABS-KEY ( "peer support*" ) AND TITLE-ABS-KEY ( nurse* )', "1234")]
    assert read(text)[0]["searched_on"] == "2023-03-03"


def test_a_range_of_lines_may_be_written_as_the_cochrane_library_has_it() -> None:
    assert read(COCHRANE)[2]["combination"] == "1 OR 2"


def test_a_platform_named_above_the_lines_is_taken_at_its_word() -> None:
    text = "Platform: Embase.com\n1. peer*:ti,ab,kw  12\n2. nurse*:ti,ab,kw  20\n3. #1 OR #2  30\n"

    assert {row["platform"] for row in read(text)} == {"embase"}


def test_a_history_that_two_platforms_could_have_written_is_refused_with_both() -> None:
    with pytest.raises(InputError, match="Platform: "):
        reading.parse(b"1. Embase.com and Scopus\n")


def test_numbers_that_begin_again_are_another_search() -> None:
    text = "1  exp A/  (1)\n2  b.ti.  (2)\n3  1 or 2  (3)\n1  exp C/  (1)\n2  d.ti.  (2)\n3  1 or 2  (3)\n"

    with pytest.raises(InputError, match="begin again at 1"):
        reading.parse(text.encode())


def test_a_heading_between_lines_is_told_and_left_out() -> None:
    text = "1  exp Neoplasms/  (100)\n\nIntervention\n\n2  exp Exercise/  (50)\n3  1 and 2  (7)\n"
    found = reading.read({"s.txt": text.encode()})

    assert list(found.lines["text"]) == ["exp Neoplasms/", "exp Exercise/", "1 and 2"]
    assert found.remarks == ("s.txt:3: is no line of the search: 'Intervention'",)


def test_a_count_grouped_with_blanks_is_read_whole_behind_what_it_cannot_belong_to() -> None:
    text = (
        'Web of Science\n1 TS=("peer group") 20 405\n2 TS=(nurse* OR midwi*) 1 738 109\n'
        "3 TS=support* 433 259\n4 #1 AND #2 1 405\n5 #4 AND #3 17\n"
    )

    assert [(row["text"], row["hits"]) for row in read(text)] == [
        ('TS=("peer group")', "20405"),
        ("TS=(nurse* OR midwi*)", "1738109"),
        ("TS=support*", "433259"),
        ("#1 AND #2", "1405"),
        ("#4 AND #3", "17"),
    ]


def test_limits_and_a_count_behind_a_heading_are_not_those_of_the_line_above_it() -> None:
    text = (
        "PubMed\n1 peer*[tiab] 20 405\n2 nurse*[tiab] 1 738 109\n3 #1 AND #2 1 405\nEnd result\n\n"
        "#3 AND #2\n\nFilters: from 2010 - 2021\n\n231\n"
    )
    found = reading.read({"s.txt": text.encode()})

    assert found.lines.iloc[-1][["text", "hits", "limits"]].tolist() == ["#1 AND #2", "1405", ""]
    assert found.remarks[-1] == "s.txt:11: is no line of the search: '231'"


def test_records_saved_for_reading_are_no_search() -> None:
    text = "Scopus\nEXPORT DATE: 06 December 2023\n\nExample V.\nPeer work\n(2013) Peers\nSOURCE: Scopus\n"

    with pytest.raises(InputError, match=r"Scopus.s text for reading; .* no search history"):
        reading.parse(text.encode())


def test_a_title_alone_with_exact_phrases_is_scopus_s() -> None:
    rows = read("TITLE({peer work} OR {peer support})\nAND\nTITLE({ward} OR {unit})\n")

    assert {row["platform"] for row in rows} == {"scopus"}
