"""Tests of what the numbers that a paper prints add up to, under each reading of the text."""

from dataclasses import dataclass, replace

import pytest

from peerreview.flow.printed import Audit, audit


@dataclass(frozen=True)
class Said:
    number: int
    n: int
    box: str
    place: str = "Results, paragraph 1"
    sentence: str = ""
    is_rest: bool = False
    noun: str = "records"
    passage: int = 1
    kind: str = "body"
    is_firm: bool = True


def audited(*said: tuple[str, int]) -> Audit:
    """Return the audit of numbers in this order, each in a sentence of its own."""
    return audit([Said(number, n, box, sentence=f"s{number}") for number, (box, n) in enumerate(said)])


WHOLE = (
    ("databases", 1204), ("duplicates", 204), ("screened", 1000), ("excluded", 960), ("assessed", 40),
    ("reports_excluded", 28), ("reports", 12),
)  # fmt: skip


def test_numbers_that_add_up_hold_and_one_that_does_not_differs() -> None:
    whole = audited(*WHOLE)
    broken = audited(*((box, 41 if box == "assessed" else n) for box, n in WHOLE))

    assert (whole.status, whole.exit_status) == ("holds", 0)
    assert (broken.status, broken.exit_status) == ("differs", 1)
    assert {each.id for each in broken.sums if each.status == "differs"} == {"D2", "I1"}


def test_the_published_review_differs_as_written_and_holds_under_readings_it_does_not_rule_out() -> None:
    """Reeves et al. (2024), doi:10.1186/s12888-024-05664-9: 10,491 + 14 - 5,300 is not 5,191."""
    found = audited(
        ("databases", 10491), ("other_sources", 14), ("duplicates", 5300), ("screened", 5191),
        ("assessed", 154), ("studies", 16), ("reports", 16),
    )  # fmt: skip

    assert found.status == "differs"
    assert [each.why for each in found.sums if each.status == "differs"] == [
        ("10,491 + 14 - 5,300 is not 5,191",)
    ]
    assert any("the 14 of other_sources skip screening" in str(each) for each in found.assumed)
    assert any("the duplicates are 5,314" in str(each) for each in found.assumed)


def test_what_other_methods_found_after_screening_may_have_gone_past_it() -> None:
    found = audited(
        ("databases", 2000), ("duplicates", 500), ("screened", 1500), ("excluded", 1380),
        ("citation_searching", 12), ("assessed", 132), ("reports_excluded", 100), ("reports", 32),
    )  # fmt: skip

    assert found.status == "holds"
    assert any(
        "skip screening, and are among those assessed" in says for read in found.reads for says in read.says
    )


@pytest.mark.parametrize(
    "said",
    [
        (("source", 793), ("source", 619), ("source", 840), ("screened", 1066), ("excluded", 1015),
         ("reports_excluded", 40), ("studies", 9)),
        (("assessed", 40), ("not_retrieved", 3)),
        (("sought", 43), ("not_retrieved", 3)),
    ],
)  # fmt: skip
def test_a_sum_that_only_its_own_parts_make_up_proves_nothing(said: tuple[tuple[str, int], ...]) -> None:
    assert audited(*said).status == "cannot be checked"


def test_what_one_passage_says_and_no_sum_bears_out_is_told_once() -> None:
    found = audited(*WHOLE, ("citation_searching", 7))
    said = [Said(0, 1204, "databases"), Said(1, 55, "excluded"), Said(2, 12, "studies")]

    assert {box: [each.n for each in of] for box, of in found.once.items()} == {"citation_searching": [7]}
    assert set(audit(said).once) == {"databases", "excluded", "studies"}
    assert set(audit([*said, Said(3, 12, "studies", passage=2)]).once) == {"databases", "excluded"}


def test_an_abstract_alone_says_each_number_once_and_none_is_marked() -> None:
    said = [Said(0, 1204, "databases", kind="abstract"), Said(1, 12, "studies", kind="abstract")]

    assert audit(said).once == {}
    assert set(audit([*said, Said(2, 90, "", kind="body")]).once) == {"databases", "studies"}


def test_two_numbers_of_one_box_are_two_readings_and_nothing_is_certain() -> None:
    said = [Said(number, n, box, sentence=f"s{number}") for number, (box, n) in enumerate(WHOLE)]

    found = audit([*said, Said(9, 27, "reports_excluded", passage=2)])

    assert (found.status, found.exit_status) == ("cannot be checked", 3)
    assert found.boxes["reports_excluded"] == (28, 27)
    assert found.why == "adds up under 1 of 2 readings of the text"


def test_a_number_of_two_boxes_is_read_both_ways() -> None:
    said = [
        Said(number, n, box)
        for number, (box, n) in enumerate(WHOLE)
        if box not in ("excluded", "reports_excluded")
    ]

    found = audit([*said, Said(8, 960, "excluded"), Said(8, 960, "reports_excluded")])

    assert {says for read in found.reads for says in read.says} == {
        "the 960 are excluded",
        "the 960 are reports excluded",
    }


@pytest.mark.parametrize(
    ("gap", "status", "says"),
    [
        (
            (("screened", 100), ("excluded", 60), ("assessed", 35)),
            "cannot be checked",
            "5 reports were not retrieved",
        ),
        (
            (("assessed", 30), ("reports_excluded", 20), ("studies", 8)),
            "cannot be checked",
            "some studies have several reports",
        ),
        (
            (("assessed", 30), ("reports_excluded", 20), ("studies", 12)),
            "cannot be checked",
            "some reports tell of several studies",
        ),
    ],
)
def test_a_gap_that_no_word_closes_is_neither_right_nor_wrong(
    gap: tuple[tuple[str, int], ...], status: str, says: str
) -> None:
    found = audited(*gap)

    assert found.status == status
    assert says in {each for read in found.reads for each in read.says}


def test_what_is_said_to_remain_leaves_no_gap() -> None:
    said = [Said(0, 126, "screened"), Said(1, 53, "excluded"), Said(2, 32, "assessed", is_rest=True)]

    found = audit(said)

    assert found.status == "differs"
    assert [each.why for each in found.sums if each.id == "D2"] == [("126 - 53 is not 32",)]


def test_parts_of_databases_that_do_not_make_up_their_sum_differ() -> None:
    found = audited(("databases", 285), ("source", 147), ("source", 56), ("source", 72))

    assert [(each.id, each.why) for each in found.sums if each.status == "differs"] == [
        ("D0", ("275 is not 285",))
    ]


def test_pieces_of_one_box_may_make_up_a_sum() -> None:
    found = audited(("screened", 500), ("excluded", 300), ("excluded", 120), ("assessed", 80))

    assert found.status == "cannot be checked"
    assert ("excluded 420 in all",) in {read.says for read in found.reads if not read.failing}


def test_a_number_that_was_not_read_and_fills_the_gap_forbids_a_verdict() -> None:
    said = [
        Said(0, 1000, "databases"),
        Said(1, 200, "duplicates"),
        Said(2, 100, ""),
        Said(3, 700, "screened"),
    ]

    found = audit(said)

    assert found.status == "cannot be checked"
    assert found.why.startswith("100 in the text is not read")


def test_records_left_after_duplicates_are_those_screened_unless_the_text_says_how_many_were() -> None:
    assert audited(("databases", 100), ("duplicates", 40), ("after_duplicates", 60)).boxes["screened"] == (
        60,
    )
    assert audited(("databases", 100), ("after_duplicates", 60), ("screened", 50)).boxes["screened"] == (50,)


def test_a_few_that_were_screened_or_read_in_full_are_all_where_something_bears_them_out() -> None:
    assert "assessed" not in audited(("databases", 300), ("assessed", 5), ("studies", 9)).boxes
    assert audited(("databases", 300), ("assessed", 9), ("reports_excluded", 4), ("studies", 5)).boxes[
        "assessed"
    ] == (9,)


def test_what_is_chosen_for_full_text_is_sought_where_some_were_missing() -> None:
    found = audited(("chosen", 219), ("not_retrieved", 5), ("reports_excluded", 170), ("studies", 44))

    assert found.boxes["sought"] == (219,)
    assert found.status == "holds"


def test_no_number_and_too_many_ways_to_read_them_cannot_be_checked() -> None:
    many = [
        (box, n) for box in ("excluded", "reports_excluded", "not_retrieved", "sought") for n in (5, 6, 7, 8)
    ]

    assert audit((), unread="the paper is in Spanish").why == "the paper is in Spanish"
    assert audited(*many).why.startswith("the text can be read in ")


def test_what_would_make_it_add_up_is_said_where_each_reading_fails_by_the_same_sum() -> None:
    """As the published review prints it: sixteen studies, and no word of reports."""
    found = audited(
        ("databases", 10491), ("citation_searching", 14), ("duplicates", 5300), ("screened", 5191),
        ("assessed", 154), ("studies", 16),
    )  # fmt: skip

    assert (found.status, len(found.reads)) == ("differs", 2)
    assert any("the duplicates are 5,314" in str(each) for each in found.assumed)


def test_a_gap_that_unread_numbers_of_the_passage_would_fill_is_no_difference() -> None:
    update = Said(9, 312, "", sentence="A further 312 came with the update.", noun="")
    said = [
        Said(number, n, box, sentence=f"s{number}")
        for number, (box, n) in enumerate([("databases", 1845), ("duplicates", 405), ("screened", 1752)])
    ]

    assert audit(said).status == "differs"
    assert audit([*said, update]).status == "cannot be checked"
    assert "312 in the text is not read" in audit([*said, update]).why


def test_more_included_than_assessed_alone_is_no_difference() -> None:
    assert audited(("assessed", 38), ("reports", 557)).status == "cannot be checked"


def test_two_shares_that_are_less_than_the_total_may_be_the_largest_and_three_are_all() -> None:
    two = audited(
        ("databases", 900), ("source", 400), ("source", 300), ("duplicates", 100), ("screened", 800)
    )
    three = audited(("databases", 900), ("source", 400), ("source", 300), ("source", 150))

    assert two.status == "holds"
    assert [each.id for each in three.sums if each.status == "differs"] == ["D0"]


def test_as_much_as_a_source_found_may_be_of_one_that_is_not_named() -> None:
    lacking = audited(("databases", 900), ("source", 400), ("source", 300), ("source", 100))
    beyond = audited(("databases", 900), ("source", 500), ("source", 400), ("source", 150))

    assert (lacking.status, beyond.status) == ("cannot be checked", "differs")
    assert "more is missing from a sum" in lacking.why


def test_a_later_number_that_is_larger_may_be_of_something_else_and_nothing_differs() -> None:
    more_screened = audited(("databases", 500), ("screened", 1500))
    more_excluded = audited(("screened", 200), ("excluded", 360), ("assessed", 40))

    assert (more_screened.status, more_excluded.status) == ("cannot be checked", "cannot be checked")
    assert more_screened.why == "a later number is larger than an earlier one: one may be of something else"


def test_what_is_given_in_pieces_may_not_be_all_and_nothing_differs() -> None:
    found = audited(("assessed", 36), ("reports_excluded", 12), ("reports_excluded", 4), ("reports", 12))

    assert found.status == "cannot be checked"
    assert found.why == "reports excluded are given in pieces, which may not be all"


def test_a_number_alone_in_a_passage_gives_way_to_the_one_where_the_flow_is_told() -> None:
    said = [Said(number, n, box, sentence=f"s{number}") for number, (box, n) in enumerate(WHOLE)]

    found = audit([*said, Said(9, 3, "reports_excluded", passage=7)])

    assert found.status == "holds"
    assert found.boxes["reports_excluded"] == (28,)
    assert [each.boxes for each in found.numbers if each.n == 3] == [()]


def test_a_number_that_two_other_boxes_speak_against_is_left_blank() -> None:
    counted = audited(("screened", 900), ("assessed", 2), ("reports_excluded", 30), ("studies", 16))
    of_people = audited(("databases", 700), ("screened", 600), ("assessed", 50), ("studies", 4100))

    assert "assessed" not in counted.boxes
    assert counted.boxes["studies"] == (16,)
    assert "studies" not in of_people.boxes
    assert of_people.boxes["assessed"] == (50,)


def test_what_is_excluded_for_one_reason_is_not_all_where_the_steps_around_say_how_many_are() -> None:
    found = audited(("assessed", 40), ("reports_excluded", 28), ("reports_excluded", 6), ("reports", 12))

    assert found.boxes["reports_excluded"] == (28,)


def test_a_paper_with_a_number_that_does_not_fit_is_not_known_to_add_up() -> None:
    found = audited(*WHOLE[:-1], ("reports_excluded", 6), ("reports", 12))

    assert found.status == "cannot be checked"
    assert found.why == "6 in the text does not fit the others, and is not read as a number of the flow"


def test_a_sum_of_which_one_side_stands_elsewhere_does_not_differ() -> None:
    said = [
        Said(number, 41 if box == "assessed" else n, box, sentence=f"s{number}", passage=passage)
        for number, (box, n) in enumerate(WHOLE)
        for passage in [30 if box == "assessed" else 1]
    ]

    found = audit(said)

    assert (found.status, found.why) == (
        "cannot be checked",
        "what does not add up stands in several places of the text",
    )


def test_a_number_that_would_do_in_the_place_of_one_of_a_sum_leaves_the_verdict_open() -> None:
    """685 less 268 is 417, and the text has 417 of something: 344 of them may be those screened."""
    flow = (("databases", 685), ("duplicates", 268), ("", 417), ("screened", 344), ("excluded", 263))

    found = audited(*flow)

    assert (found.status, found.why.partition(" in the text")[0]) == ("cannot be checked", "417")
    assert audited(*((box, 418 if n == 417 else n) for box, n in flow)).status == "differs"


def test_where_more_is_missing_than_was_left_out_nothing_differs() -> None:
    """149 less 12 is not 36: there were more. 155 is not 101: there were 54 duplicates, somewhere."""
    in_part = audited(("screened", 974), ("assessed", 149), ("reports_excluded", 12), ("reports", 36))
    elsewhere = audited(
        ("duplicates", 54), ("screened", 6458), ("excluded", 6303), ("sought", 155), ("not_retrieved", 0),
        ("assessed", 101),
    )  # fmt: skip

    assert (in_part.status, in_part.why) == (
        "cannot be checked",
        "more is missing from a sum than the text tells of",
    )
    assert elsewhere.status == "cannot be checked"
    assert elsewhere.why.startswith("54 in the text")
    assert audited(("assessed", 149), ("reports_excluded", 102), ("reports", 36)).status == "differs"


def test_what_one_method_found_and_other_sources_elsewhere_in_the_text_is_counted_once() -> None:
    text = [Said(number, n, box, sentence=f"s{number}") for number, (box, n) in enumerate(WHOLE)]
    hand = [Said(10, 4, "citation_searching", passage=3), Said(11, 4, "other_sources", passage=4)]

    boxes = audit([*text, *hand]).boxes

    assert boxes["citation_searching"] == (4,)
    assert "other_sources" not in boxes


def test_more_than_all_databases_gave_together_counts_what_else_was_found() -> None:
    found = audited(
        ("source", 400), ("source", 200), ("source", 145), ("databases", 745), ("databases", 747),
        ("duplicates", 257), ("screened", 488),
    )  # fmt: skip

    assert found.boxes["databases"] == (745,)


def test_what_a_search_gave_for_screening_was_found_and_screened() -> None:
    found = audited(("yielded", 940), ("excluded", 880), ("assessed", 60))

    assert (found.boxes["databases"], found.boxes["screened"]) == ((940,), (940,))


def test_what_no_word_puts_before_screening_is_not_put_there_because_the_other_box_is_taken() -> None:
    numbers = [
        Said(0, 300, "excluded"),
        Said(1, 7, "excluded", passage=2),
        Said(1, 7, "other_reasons", passage=2),
    ]

    assert "other_reasons" not in audit(numbers).boxes


def test_of_several_numbers_for_one_box_the_one_that_is_borne_out_counts_and_else_none() -> None:
    """That two passages say it, that the abstract does, or that it is what two others differ by."""
    flow = [Said(0, 100, "screened", passage=5), Said(1, 88, "excluded", passage=5)]
    own, other = Said(2, 12, "studies", passage=6), Said(3, 9, "studies", passage=7)

    assert audit([*flow, own, other]).boxes["studies"] == (12,)
    assert audit([flow[0], own, other, Said(4, 9, "studies", passage=8)]).boxes["studies"] == (9,)
    assert audit([flow[0], own, Said(3, 9, "studies", passage=1, kind="abstract")]).boxes["studies"] == (9,)
    found = audit([flow[0], own, other])
    assert "studies" not in found.boxes
    assert "12, 9 in the text" in found.why


def test_studies_that_one_sentence_tells_in_words_that_may_be_of_some_are_not_all() -> None:
    """Where another passage, a sum or a passage of the whole flow bears them out, they are."""
    flow = [Said(0, 100, "screened", passage=5), Said(1, 88, "excluded", passage=5)]
    loose = Said(2, 7, "studies", passage=6, is_firm=False)

    assert "studies" not in audit([*flow, loose]).boxes
    assert audit([*flow, loose, Said(3, 7, "studies", passage=7, is_firm=False)]).boxes["studies"] == (7,)
    assert audit([*flow, Said(2, 12, "studies", passage=6, is_firm=False)]).boxes["studies"] == (12,)
    assert audit([*flow, Said(2, 7, "studies", passage=6)]).boxes["studies"] == (7,)


def test_a_sum_does_not_differ_where_a_number_that_stands_with_its_own_was_not_read() -> None:
    """A further report in the sentence, or a draft's box of what is awaited."""
    found = [Said(0, 45, "assessed"), Said(1, 27, "reports_excluded"), Said(2, 20, "reports", sentence="in")]

    assert audit(found).status == "differs"
    assert audit([*found, Said(3, 2, "", sentence="in")]).status == "cannot be checked"
    assert audit([*found, Said(3, 2, "", sentence="out")]).status == "differs"
    assert audit([*found, Said(3, 2, "", sentence="out", kind="figure")]).status == "cannot be checked"


def test_shares_that_a_total_includes_need_not_come_to_it() -> None:
    shares = [Said(number, n, "source", sentence="s") for number, n in enumerate((400, 250, 200))]
    total = Said(3, 900, "databases", sentence="t")

    assert audit([*shares, total]).status == "differs"
    assert audit([*(replace(each, sentence="900, including") for each in shares), total]).status != "differs"
    assert audit([*shares, total, Said(4, 50, "", sentence="s")]).status != "differs"


def test_what_is_left_of_those_assessed_is_counted_in_its_sum() -> None:
    """134 less 98 is not the 32 that the same sentence says are left, though 36 studies are in."""
    sentence = "98 of 134 were excluded, leaving 32"
    found = [
        Said(0, 134, "assessed", sentence=sentence), Said(1, 98, "reports_excluded", sentence=sentence),
        Said(2, 32, "reports", sentence=sentence), Said(3, 36, "studies"),
    ]  # fmt: skip

    assert audit(found).status != "holds"
