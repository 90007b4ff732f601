"""Tests of Ovid's tagged and labelled text."""

import re

import pytest

from peerreview.imports.formats import Origin, ovid
from peerreview.imports.formats.shared import unended
from tests.imports.formats.samples import OVID, OVID_LABELS, fields_of, records_of, rejects_of, warnings_of


def test_degrees_and_footnotes_are_no_names() -> None:
    assert fields_of(OVID)[0]["authors"] == "Example, Verity; Müller, Jörg K."
    assert fields_of(OVID_LABELS)[0]["authors"] == "Example, Verity; Müller, Jörg K."


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "Journal of Invention March 2024;24(1):211-9",
            ("Journal of Invention", "2024", "24", "1", "211-219"),
        ),
        (
            "Journal of Invention. 19(5):12-20, 2019 Sep.",
            ("Journal of Invention", "2019", "19", "5", "12-20"),
        ),
        ("Invent. Vol.20(2-A(E)), 2020, pp. 1-22.", ("Invent", "2020", "20", "2-A(E)", "1-22")),
        ("Invent. Vol.75(2), 2014, pp. No Pagination Specified.", ("Invent", "2014", "75", "2", "")),
        ("Invent. Vol 28(2) April 2015, 103-106.", ("Invent", "2015", "28", "2", "103-106")),
        ("Somewhere, undated", ("", "", "", "", "")),
    ],
)
def test_a_source_in_one_line_is_taken_apart(source: str, expected: tuple[str, ...]) -> None:
    (fields,) = fields_of(f"<1. >\nVN  - Ovid Technologies\nTI  - Peer work\nSO  - {source}\n")

    assert (
        tuple(fields.get(column, "") for column in ("journal", "year", "volume", "issue", "pages"))
        == expected
    )


def test_the_number_is_a_pmid_only_in_medline() -> None:
    assert [each.get("pmid", "") for each in fields_of(OVID)] == ["90000001", "90000002", ""]


def test_the_database_is_named_or_linked() -> None:
    link = "XL  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&D=psyc16&AN=1\n"
    linked = f"<1. >\nVN  - Ovid Technologies\nTI  - Peer work\nSO  - x\n{link}"
    bare = linked.replace(link, "")

    assert ovid.origin(records_of(OVID)[0]) == Origin("MEDLINE", "Ovid", how="DB")
    assert ovid.origin(records_of(linked)[0]) == Origin("APA PsycInfo", "Ovid", how="XL")
    assert ovid.origin(records_of(bare)[0]).platform == "Ovid"


def test_a_tag_glued_into_another_still_gives_its_link() -> None:
    text = "<1. >\nVN  - Ovid Technologies\nTI  - Peer work\nXP  - x\nXL  - XL  - https://ovid.example/1\n"

    assert fields_of(text)[0]["url"] == "https://ovid.example/1"


def test_a_lost_number_line_is_no_lost_record() -> None:
    assert len(records_of(OVID.replace("<2. >\n", ""))) == 3


def test_labelled_records_that_run_together_are_rejected() -> None:
    (reject,) = rejects_of(OVID_LABELS.replace("<2>\n", ""))

    assert (reject.line, reject.problem) == (1, "'Title' stands twice: two records have run together")


def test_references_keep_their_paragraphs() -> None:
    tags = records_of(OVID_LABELS)[0].tags

    assert [value for label, value in tags if label == "References"] == [
        "Sample A. 2019. Supervision.",
        "Specimen B. 2020. Recovery.",
    ]


def test_text_above_and_numbers_without_a_record_are_told() -> None:
    text = "Search: peer work\n" + OVID_LABELS + "<4>\n"

    assert warnings_of(text)[0].text == "Search: peer work"
    assert [(each.line, each.problem) for each in rejects_of(text)] == [(33, "the record is empty")]


def test_what_is_published_ahead_of_print_has_a_journal_and_a_year() -> None:
    status = "Status\n  Publish Ahead of Print, 30 November 2024\n"
    text = f"<1>\nAccession Number\n  1.\nTitle\n  Peer work\nSource\n  Journal of Invention. \n{status}"
    (fields,) = fields_of(text)

    assert (fields["journal"], fields["year"]) == ("Journal of Invention", "2024")


def test_numbers_of_many_footnotes_behind_a_name_take_no_time() -> None:
    numbers = ",".join(map(str, range(10, 5_000)))
    text = OVID.replace("AU  - ", f"AU  - Doe, J {numbers} MD\nAU  - Roe, K) 1,2 (a)\nAU  - ", 1)

    assert fields_of(text)[0]["authors"].startswith("Doe, J; Roe, K); ")


def test_a_link_that_shows_no_end_may_be_cut_off() -> None:
    record = "<1. >\nVN  - Ovid Technologies\nTI  - Peer work\nXL  - http://sfx.example.org/x?date=2024"

    assert len(rejects_of(record)) == 1
    assert len(records_of(f"{record}&pid=%3CDT%3EThesis%3C%2FDT%3E")) == 1


def test_blanks_below_the_last_record_are_no_line() -> None:
    assert len(records_of(f"{OVID_LABELS}  ")) == len(records_of(OVID_LABELS))


def test_nothing_is_cut_from_a_name_but_a_degree_that_stands_apart() -> None:
    for written, read in (
        ("Williams, Kaja", "Williams, Kaja"),
        ("Delgado A.B.", "Delgado, A.B"),
        ("Kim, MS", "Kim, MS"),
        ("Kim MS", "Kim, MS"),
        ("Tran, Do", "Tran, Do"),
        ("Kim, MS MD", "Kim, MS"),
        ("Doe, Jana RN, MSc", "Doe, Jana"),
        ("Jana Doe, Ph.D.", "Doe, Jana"),
        ("Moor, Ann MD 1,2", "Moor, Ann"),
    ):
        text = re.sub(r"(?m)^AU  - .*\n", "", OVID).replace("TI  - ", f"AU  - {written}\nTI  - ", 1)
        assert fields_of(text)[0]["authors"] == read


def test_a_blank_before_each_line_changes_nothing() -> None:
    assert fields_of(re.sub("(?m)^", " ", OVID)) == fields_of(OVID)


@pytest.mark.parametrize(
    ("last", "n_kept"),
    [
        ("Source\n  Journal of Invention. 20:1-2, 2020.", 3),
        ("Source\n  Journal of Invention. 20:1-2, 20", 2),
        ("DOI Number\n  10.5555/peer.3", 3),
        ("Title\n  Recovery colle", 2),
    ],
)
def test_a_last_labelled_record_that_shows_its_end_is_kept(last: str, n_kept: int) -> None:
    text = OVID_LABELS[: OVID_LABELS.rindex("Source")] + last

    assert len(records_of(text)) == n_kept
    assert [warned.message for warned in warnings_of(text)] == ([unended.LAST] if n_kept > 2 else [])
