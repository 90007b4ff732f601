"""Tests of Web of Science's tagged text."""

from peerreview.imports.formats import Origin, Warned, wos
from tests.imports.formats.samples import WOS, fields_of, records_of, rejects_of, warnings_of


def test_names_addresses_and_cited_references_stand_one_per_line() -> None:
    tags = records_of(WOS)[0].tags

    assert [value for tag, value in tags if tag == "CR"] == [
        "Sample A, 2019, J INVENT, V19",
        "Specimen B, 2020, J INVENT, V20",
    ]
    assert fields_of(WOS)[0]["authors"] == "Example, Verity; Müller, Jörg K."


def test_other_wrapped_lines_continue_their_value() -> None:
    assert fields_of(WOS)[0]["title"] == "Peer workers in acute care: a qualitative study of role clarity"


def test_both_kinds_of_keywords_and_both_issns_are_kept() -> None:
    first = fields_of(WOS)[0]

    assert first["keywords"] == "peer work; role clarity; MENTAL-HEALTH; RECOVERY"
    assert first["issn"] == "1234-5679; 2345-6781"


def test_an_article_number_stands_for_pages() -> None:
    assert fields_of(WOS)[1]["pages"] == "e12"


def test_the_prefix_of_the_number_tells_the_database() -> None:
    medline = WOS.replace("WOS:000900000000001", "MEDLINE:90000009").replace("PM 90000001\n", "")

    assert wos.origin(records_of(WOS)[0]) == Origin("Web of Science", "Web of Science", how="UT")
    assert wos.origin(records_of(medline)[0]).database == "MEDLINE"
    assert fields_of(medline)[0]["pmid"] == "90000009"
    assert wos.origin(records_of(WOS.replace("UT WOS:000900000000001\n", ""))[0]).how == "PT"


def test_a_missing_end_line_warns_and_loses_nothing() -> None:
    text = WOS.replace("PM 90000001\nER\n", "PM 90000001\n")

    assert len(records_of(text)) == 3
    assert warnings_of(text) == [Warned(3, "the record has no end line (ER)")]


def test_a_missing_first_line_is_no_lost_record() -> None:
    text = WOS.replace("PT J\nAU Sample", "AU Sample")

    assert [each["title"] for each in fields_of(text)][1] == "Supervision of peer workers"
    assert [each.message for each in warnings_of(text)] == ["the record has no first line (PT)"]


def test_two_records_run_together_are_rejected() -> None:
    (reject,) = rejects_of(WOS.replace("ER\n\nPT J\n", ""))

    assert reject.line == 3
    assert "run together" in reject.problem


def test_a_group_of_authors_is_no_person() -> None:
    text = WOS.replace("TI Supervision", "CA Médecins Sans Frontières\nTI Supervision")

    assert fields_of(text)[1]["authors"] == "Sample, A; Médecins Sans Frontières"


def test_a_damaged_head_is_told() -> None:
    text = WOS.replace("FN Clarivate", "XX\x02Clarivate")

    assert warnings_of(text)[0].text.startswith("XX\x02Clarivate")


def test_authors_in_one_line_are_told_apart_and_e_mail_addresses_left_out() -> None:
    people = "Example, Verity (verity@x.example); Sample, Ada"
    text = f"PT J\nTI A\nAU {people}\nUT ISI:000900000000001\nER\n\nEF\n"

    assert fields_of(text)[0]["authors"] == "Example, Verity; Sample, Ada"
    assert people in fields_of(text)[0]["extra"]
    assert wos.origin(records_of(text)[0]).database == "Web of Science"


def test_a_record_of_which_only_the_first_tag_is_left_is_rejected() -> None:
    text = WOS[: WOS.index("PT J\nAU Sample") + 2]

    assert [each["title"] for each in fields_of(text)] == [fields_of(WOS)[0]["title"]]
    assert records_of(text)[0].text == records_of(WOS)[0].text
    assert [(each.line, each.text) for each in rejects_of(text)] == [(text.count("\n") + 1, "PT")]


def test_a_file_that_ends_between_two_records_is_told_where_it_was_to_have_an_end() -> None:
    text = WOS.replace("\nEF\n", "")
    (warned,) = warnings_of(text)

    assert (warned.line, warned.message[:40]) == (
        text.count("\n") + 1,
        "the file ends before its last line (EF):",
    )
    assert not warnings_of(text[text.index("PT J") :])
