import pytest

from peerreview.duplicates.normalise.titles import are_headings, read_signs, read_titles
from peerreview.duplicates.normalise.venues import read_journal
from peerreview.values.folding import fold

TITLE = "Peer support workers in mental health services"


def read(written: str) -> tuple[str, str]:
    titles, markers = read_titles([written])
    return titles[0], markers[0]


def signs(written: str) -> str:
    title, _ = read(written)
    return read_signs(title, title.split())


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE}.",
        TITLE.upper(),
        f"[{TITLE}].",
        f"{TITLE} [Russian]",
        f"{TITLE}. German Peer-Arbeit in der Psychiatrie",
        f"{TITLE}. [Review] [33 refs]",
        f"[PDF] {TITLE}",
        f"[HTML][HTML] {TITLE}",
        f"[CITATION][C] {TITLE}",
        f"{TITLE}. [German] Peer-Arbeit in der Psychiatrie",
        f"{TITLE} (Provisional abstract)",
        f"{TITLE.upper()}. GERMAN",
        f"{TITLE}.[Erratum appears in J Ment Health. 2011 Mar;26(2):244 Note: Ann [corrected to Anne]]",
        f"RETRACTED: {TITLE}",
        f"被撤回的出版物: {TITLE} (Retracted Article)",
        f"RETRACTED: {TITLE} (Retracted article. See vol. 20, pg 25, 2021)",
        "Peer support workers in <i>mental health</i> services",
        "Peer-support workers in mental-health services",
    ],
)
def test_a_database_s_habits_do_not_change_a_title(written: str) -> None:
    assert read(written) == (fold(TITLE), "")


@pytest.mark.parametrize("written", ["", "UNKNOWN", "#NAME?", "[No title available]", "Untitled"])
def test_a_title_that_is_not_known_is_blank(written: str) -> None:
    assert read(written) == ("", "")


@pytest.mark.parametrize(
    ("written", "marker"),
    [
        (f"Erratum to: {TITLE}", "erratum or correction"),
        (f"Correction: {TITLE}", "erratum or correction"),
        (f"{TITLE} - Corrigendum", "erratum or correction"),
        (f"{TITLE} (correction)", "erratum or correction"),
        (f"{TITLE}: discussion", "comment or reply"),
        (f"{TITLE} (vol 36, pg 542, 2009)", "erratum or correction"),
        (f"{TITLE} (vol 12, e0176640, 2017)", "erratum or correction"),
        (f"{TITLE} (Journal of Mental Health (2009) 36 (542-544))", "erratum or correction"),
        (
            f"Erratum: {TITLE} (Journal of Mental Health, (2021), 2021:9, (790), 10.5555/abc)",
            "erratum or correction",
        ),
        (f"Retraction: {TITLE} (Journal of Mental Health (2009) 36 (542-544))", "retraction notice"),
        (f"Retraction notice to: {TITLE}", "retraction notice"),
        (f"Re: {TITLE}", "comment or reply"),
        (f"{TITLE}: reply", "comment or reply"),
        (f"{TITLE.upper()}-REJOINDER", "comment or reply"),
        (f"Re:“{TITLE}”-Reply", "comment or reply"),
        (f"Comment on “{TITLE}”", "comment or reply"),
        (f"{TITLE}: study protocol for a randomised trial", "protocol of the study"),
        (f"Study protocol: {TITLE}", "protocol of the study"),
        (f"{TITLE} (Protocol)", "protocol of the study"),
        (f"WITHDRAWN: {TITLE}", "withdrawal"),
    ],
)
def test_what_marks_a_title_is_taken_off_and_kept(written: str, marker: str) -> None:
    assert read(written) == (fold(TITLE), marker)


@pytest.mark.parametrize(
    "written",
    [
        "Correction of scoliosis in children",
        "The response to treatment in stroke",
        "Retraction of the lung",
        "Protocol for weaning from ventilation",
        "Evaluation of a sedation protocol",
    ],
)
def test_words_of_medicine_do_not_mark_a_title(written: str) -> None:
    assert read(written) == (fold(written), "")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{TITLE}. Part I", f"{TITLE}. Part II"),
        (f"{TITLE}, part one", f"{TITLE}, part two"),
        (f"{TITLE}: case A", f"{TITLE}: case B"),
        ("Hepatitis B in prisons", "Hepatitis C in prisons"),
        ("Hepatitis A in prisons", "Hepatitis in prisons"),
        ("Annual report 2019", "Annual report 2020"),
    ],
)
def test_signs_tell_titles_apart_that_differ_in_one_letter(a: str, b: str) -> None:
    assert signs(a) != signs(b)


def test_roman_numerals_are_digits() -> None:
    assert read(f"{TITLE}. Part II") == read(f"{TITLE}. Part 2")


@pytest.mark.parametrize(
    ("title", "journal", "names_none"),
    [
        ("Editorial", "", True),
        ("Remarks from the MIS Quarterly editor", "MIS Quarterly", True),
        ("Remarks from the MIS Quarterly editor", "MIS Quar.", True),
        ("Image of the month", "Gut", True),
        ("Keynote lectures", "", True),
        ("Keynote lectures on peer work", "", False),
        ("Editorial: what peers are worth", "", False),
        ("Introduction to peer work", "", False),
    ],
)
def test_a_heading_of_an_issue_names_no_work(title: str, journal: str, names_none: bool) -> None:
    assert are_headings([fold(title)], [read_journal(journal)]) == [names_none]


def test_a_title_is_read_the_same_alone_and_among_many() -> None:
    various = [
        "  Peer  work,   again ", "", "   ", "Peer-support: «né» à Paris", "Peers & <i>others</i>",
        "Who's paid?\tWho  is not?", "Part II.  Wages",
    ]  # fmt: skip
    many = [f"{title} {'' if not title.strip() else row}" for row in range(800) for title in various]

    assert read_titles(many)[0] == [read(title)[0] for title in many]


@pytest.mark.parametrize(
    "subtitle",
    ["German Experience of Peers", "(the handbook, vol 2, no 3, 2003)", "(a cohort (born 1990 to 2001))"],
)
def test_what_only_looks_like_a_note_stays_in_the_title(subtitle: str) -> None:
    assert read(f"{TITLE}. {subtitle}") == (fold(f"{TITLE} {subtitle}"), "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Three-year outcome of peer work", "3-year outcome of peer work"),
        ("Peer work vs. usual care", "Peer work versus usual care"),
        ("Peer work v usual care", "Peer work versus usual care"),
        ("A class V drug in wards", "A class 5 drug in wards"),
    ],
)
def test_numbers_and_versus_are_written_in_one_way(one: str, other: str) -> None:
    assert read(one) == read(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Peers on wards (panel session): pay or thanks?", "Peers on Wards: Pay or Thanks? (Panel Abstract)"),
        ("Tutorial: how to work with peers", "How to work with peers (tutorial session)"),
        ("Peers on wards in towns (experience paper)", "Peers on wards in towns"),
        ("Report on the fourth workshop of peers", "Report on the 4th Workshop of Peers"),
    ],
)
def test_the_kind_of_a_contribution_and_the_writing_of_a_number_are_no_other_title(
    one: str, other: str
) -> None:
    assert read(one) == read(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Peers on wards (demo abstract): who pays?", "Peers on wards: who pays?"),
        ("Peers on wards (panel data): who pays?", "Peers on wards: who pays?"),
        ("Report on the fourth workshop of peers", "Report on the fifth workshop of peers"),
    ],
)
def test_a_demo_data_and_another_number_are(one: str, other: str) -> None:
    assert read(one) != read(other)


def test_a_letter_that_an_export_could_not_write_parts_no_word() -> None:
    assert read("Th?mis: a language of towns") == ("thmis a language of towns", "")
    assert read("What? How peers work") == ("what how peers work", "")
