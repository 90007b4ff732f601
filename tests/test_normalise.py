import pytest

from peerreview import normalise
from peerreview.normalise import COLUMNS, STRETCH, Comparable, comparable

TITLE = "Peer support workers in mental health services"


def one(**cells: str) -> Comparable:
    return comparable({column: [cells.get(column, "")] for column in COLUMNS})


def titles(*cells: str) -> list[str]:
    columns = {column: list(cells) if column == "title" else [""] * len(cells) for column in COLUMNS}
    return [str(title) for title in comparable(columns).title]


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE}.",
        TITLE.upper(),
        f"[{TITLE}].",
        f"{TITLE} [Russian]",
        f"{TITLE}. German Peer-Arbeit in der Psychiatrie",
        f"{TITLE}. [Review] [33 refs]",
        f"{TITLE}.[Erratum appears in J Ment Health. 2011 Mar;26(2):244 Note: Ann [corrected to Anne]]",
        f"RETRACTED: {TITLE}",
        "Peer support workers in <i>mental health</i> services",
        "Peer-support workers in mental-health services",
    ],
)
def test_a_database_s_habits_do_not_change_a_title(written: str) -> None:
    assert [normalise.fold(TITLE)] == titles(written)


@pytest.mark.parametrize("written", ["", "UNKNOWN", "#NAME?", "[No title available]", "Untitled"])
def test_a_title_that_is_not_known_is_blank(written: str) -> None:
    assert titles(written) == [""]


@pytest.mark.parametrize(
    ("written", "marker"),
    [
        (f"Erratum to: {TITLE}", "erratum or correction"),
        (f"Correction: {TITLE}", "erratum or correction"),
        (f"{TITLE} - Corrigendum", "erratum or correction"),
        (f"Retraction notice to: {TITLE}", "retraction notice"),
        (f"Re: {TITLE}", "comment or reply"),
        (f"{TITLE}: reply", "comment or reply"),
        (f"Comment on “{TITLE}”", "comment or reply"),
        (f"{TITLE}: study protocol for a randomised trial", "protocol of the study"),
        (f"Study protocol: {TITLE}", "protocol of the study"),
        (f"WITHDRAWN: {TITLE}", "withdrawal"),
    ],
)
def test_what_marks_a_title_is_taken_off_and_kept(written: str, marker: str) -> None:
    record = one(title=written)

    assert [marker] == record.marker.tolist()
    assert [normalise.fold(TITLE)] == record.title.tolist()


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
    assert one(title=written).marker.tolist() == [""]


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
    assert one(title=a).signs.tolist() != one(title=b).signs.tolist()


def test_roman_numerals_are_digits() -> None:
    assert one(title=f"{TITLE}. Part II").signs.tolist() == one(title=f"{TITLE}. Part 2").signs.tolist()


@pytest.mark.parametrize(
    "written",
    [
        "Reeves, Ann; Singh, Bo",
        "Reeves A; Singh B",
        "A. Reeves; B. Singh",
        "Reeves, A. and Singh, B.",
        "Reeves A, Singh B",
        "Reeves A.Singh B.",
        "REEVES, A.; SINGH, B.",
        "A Reeves, B Singh",
    ],
)
def test_authors_are_read_in_every_house_style(written: str) -> None:
    assert one(authors=written).authors.tolist() == ["reeves singh"]


@pytest.mark.parametrize("written", ["Anonymous", "[No authors listed]", "No authors listed."])
def test_nobody_is_no_author(written: str) -> None:
    assert one(authors=written).authors.tolist() == [""]


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("123-130", (123, 130)),
        ("123-30", (123, 130)),
        ("S123–S130", (123, 130)),
        ("376 -- 383", (376, 383)),
        ("e1004", (1004, 1004)),
        ("xii", (10_000_012, 10_000_012)),
        ("01-Aug", (1, 8)),
        ("Oct-15", (10, 15)),
        ("no pagination", (0, 0)),
        ("215 p.", (0, 0)),
        ("xii, 215 pages", (0, 0)),
        ("2019", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_pages_are_read_as_databases_and_spreadsheets_write_them(
    written: str, pages: tuple[int, int]
) -> None:
    record = one(pages=written, year="2019")

    assert pages == (record.first_page[0], record.last_page[0])


@pytest.mark.parametrize(
    ("written", "volume"), [("88 Suppl 1", "88"), ("4 (1)", "4"), ("2019", ""), ("(Jul)", "")]
)
def test_a_volume_is_its_first_number(written: str, volume: str) -> None:
    assert [volume] == one(volume=written, year="2019").volume.tolist()


@pytest.mark.parametrize(("written", "issue"), [("4 SUPPL. 1", "4"), ("2 57-2", "2"), ("9876", "")])
def test_an_issue_is_a_number_within_its_volume(written: str, issue: str) -> None:
    assert one(issue=written).issue.tolist() == [issue]


@pytest.mark.parametrize(
    "written", ["10.5555/AbC.1", "https://doi.org/10.5555/abc.1", "doi:10.5555%2Fabc.1", "10.5555/abc.1."]
)
def test_a_doi_is_the_same_in_every_form(written: str) -> None:
    assert one(doi=written).doi.tolist() == ["10.5555/abc.1"]


@pytest.mark.parametrize(
    ("journal", "kind", "setting"),
    [
        ("medRxiv", "", "preprint"),
        ("Symposium on Dependable Computing", "", "conference"),
        ("Journal of Trials", "inproceedings", "conference"),
        ("Cochrane Database of Systematic Reviews", "", normalise.COCHRANE),
        ("", "thesis", "thesis"),
        ("Dissertation Abstracts International", "article", "thesis"),
        ("https://clinicaltrials.gov/show/NCT00000001", "", normalise.REGISTRATION),
        ("Mayo Clinic Proceedings", "article", ""),
    ],
)
def test_where_a_record_appeared_is_told_from_its_words(journal: str, kind: str, setting: str) -> None:
    assert [setting] == one(journal=journal, type=kind).setting.tolist()


@pytest.mark.parametrize(
    ("title", "journal", "generic"),
    [
        ("Editorial", "", 1),
        ("Remarks from the MIS Quarterly editor", "MIS Quarterly", 1),
        ("Remarks from the MIS Quarterly editor", "MIS Quar.", 1),
        ("Image of the month", "Gut", 1),
        ("Editorial: what peers are worth", "", 0),
        ("Introduction to peer work", "", 0),
    ],
)
def test_a_heading_of_an_issue_names_no_work(title: str, journal: str, generic: int) -> None:
    assert [generic] == one(title=title, journal=journal).generic.tolist()


def test_other_scripts_are_kept() -> None:
    assert titles("Занятость и мотивация.") == ["занятость и мотивация"]


def test_helper_processes_make_the_same_of_many_records() -> None:
    columns = {column: [f"{column} {row % 7} of 2019" for row in range(STRETCH + 1)] for column in COLUMNS}

    alone = normalise.normalise(columns)
    shared = normalise.normalise(columns, workers=2)

    assert alone.title.tolist() == shared.title.tolist()
    assert alone.first_page.tolist() == shared.first_page.tolist()


def test_a_title_is_read_the_same_alone_and_among_many() -> None:
    various = [
        "  Peer  work,   again ", "", "   ", "Peer-support: «né» à Paris", "Peers & <i>others</i>",
        "Who's paid?\tWho  is not?", "Part II.  Wages",
    ]  # fmt: skip
    many = [f"{title} {'' if not title.strip() else row}" for row in range(800) for title in various]

    assert titles(*many) == [titles(title)[0] for title in many]


def test_authors_are_read_the_same_alone_and_among_many() -> None:
    various = [
        "Meier A. B.Schulz C.Van Dam K.", "Meier, Anna; Schulz, Carl", "Meier A, Schulz C", "Anna Meier",
        "A. Meier and C. Schulz", "Wu. L.Li X.", "et al", "Meier A. B..Schulz C.",
    ]  # fmt: skip

    together = comparable(
        {column: various if column == "authors" else [""] * len(various) for column in COLUMNS}
    ).authors.tolist()

    assert together == [one(authors=cell).authors[0] for cell in various]
    assert together[:3] == ["meier schulz vandam", "meier schulz", "meier schulz"]
