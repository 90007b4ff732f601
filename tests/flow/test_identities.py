"""What must be equal in a flow, and what is said where it is not."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.flow import AWAITING, BOXES, TYPED, Box, Flow, Part, is_right
from peerreview.flow.identities import IDENTITIES, Verdict, check, fails
from peerreview.tables import SYNTHETIC
from tests.flow.test_counting import derive
from tests.reviews import make_review


def verdict(flow: Flow, identity: str) -> Verdict:
    return next(
        each for each in check(flow) if each.id == identity and each.why != "registers is not broken down"
    )


def typed(**counts: int) -> Flow:
    return Flow({key: Box(n) for key, n in counts.items()})


def test_the_published_review_fails_by_what_other_methods_found() -> None:
    # Reeves et al. 2024: 10,491 and 14 identified, 5,300 duplicates, 5,191 screened.
    flow = typed(databases=10491, duplicates=5300, screened=5191, citation_searching=14, assessed=154)

    said = verdict(flow, "D1")

    assert (said.status, said.d) == ("fails", 14)
    assert str(said) == (
        "D1 fails by +14: 10,491 + 14 - 5,300 is not 5,191: 14 is also the count of citation_searching"
    )


def test_a_missing_operand_is_named() -> None:
    said = verdict(typed(screened=10, sought=4), "D2")

    assert str(said) == "D2 cannot be checked: excluded is blank"


def test_the_reasons_of_nothing_excluded_add_up() -> None:
    assert verdict(typed(reports_excluded=0), "D4").status == "holds"
    assert verdict(typed(reports_excluded=1), "D4").status == "cannot be checked"


def test_a_line_that_does_not_apply_counts_as_nothing() -> None:
    assert verdict(typed(databases=10, duplicates=4, screened=6), "D1").status == "holds"


def test_a_column_of_other_methods_must_state_its_boxes() -> None:
    flow = typed(assessed=10, reports_excluded=8, reports=2, websites=3, other_sought=3)

    assert verdict(flow, "I1").why == "other_assessed, other_reports_excluded are blank"


def test_more_studies_than_reports_is_remarked_for_one_report_may_tell_of_two() -> None:
    # AHRQ reports 115 articles of 121 studies.
    said = verdict(typed(studies=121, reports=115), "I2")

    assert (said.status, said.level, said.d) == ("fails", "warning", 6)
    assert said.why.startswith("121 is not <= 115; ")
    assert said.why.endswith("see that no study is counted twice")
    assert verdict(typed(studies=16, reports=17), "I2").status == "holds"
    assert verdict(typed(studies=16, reports=17), "I2").why == "16 <= 17"
    assert verdict(typed(studies=17, reports=17), "I2").why == "17 <= 17"


def test_reports_of_several_studies_are_named_where_the_links_are_known() -> None:
    flow = Flow(typed(studies=2, reports=1).boxes, reports_of={"S1": ("r1",), "S2": ("r1",)})

    said = verdict(flow, "I2")

    assert said.status == "holds"
    assert said.why.endswith("of which some tell of several: r1 (S1, S2)")


def test_reports_without_a_study_and_studies_without_a_report_are_wrong() -> None:
    for studies, reports in ((0, 3), (3, 0)):
        said = verdict(typed(studies=studies, reports=reports), "I2")
        assert (said.status, said.level) == ("fails", "error")
    assert verdict(typed(studies=0, reports=0), "I2").status == "holds"


@pytest.mark.parametrize(
    ("counts", "identity", "why"),
    [
        ({"screened": 616, "excluded": 700}, "D2", "excluded 700 is more than screened 616"),
        (
            {"screened": 80, "excluded": 60, "assessed": 25},
            "D3",
            "assessed 25 is more than screened 80 - excluded 60 = 20",
        ),
        ({"screened": 80, "excluded": 60, "sought": 21}, "D2", "80 - 60 is not 21"),
        ({"sought": 30, "not_retrieved": 31}, "D3", "not_retrieved 31 is more than sought 30"),
        (
            {"databases": 30, "duplicates": 20, "sought": 25},
            "D2",
            "sought 25 is more than databases 30 - duplicates 20 = 10",
        ),
        (
            {"databases": 1000, "duplicates": 200, "assessed": 616, "not_retrieved": 200},
            "D3",
            "assessed 616 is more than databases 1,000 - duplicates 200 - not_retrieved 200 = 600",
        ),
        ({"databases": 20, "duplicates": 30}, "D1", "duplicates 30 is more than databases 20"),
        ({"assessed": 20, "reports_excluded": 21}, "D5", "21 is not <= 20"),
        (
            {"screened": 80, "excluded": 61, "reports_excluded": 20},
            "D5",
            "reports_excluded 20 is more than screened 80 - excluded 61 = 19",
        ),
        (
            {"assessed": 20, "reports_excluded": 12, "reports": 9},
            "I1",
            "20 - 12 is not 9",
        ),
        (
            {"sought": 20, "not_retrieved": 1, "reports_excluded": 12, "reports": 9},
            "I1",
            "reports 9 is more than sought 20 - not_retrieved 1 - reports_excluded 12 = 7",
        ),
        (
            {"databases": 90, "duplicates": 0, "excluded": 60, "not_retrieved": 0, "assessed": 15},
            "D3",
            "databases 90 is more than duplicates 0 + excluded 60 + not_retrieved 0 + assessed 15 = 75",
        ),
        ({"excluded": 9, "excluded_human": 10}, "D2a", "excluded_human 10 is more than excluded 9"),
        ({"studies": 9, "total_studies": 8}, "U1", "total_studies"),
        ({"total_reports": 8, "reports": 9, "previous_studies": 1}, "U2", "reports 9 is more than"),
        ({"studies": 3, "studies_ma": 4}, "I3", "4 is not <= 3"),
        ({"total_studies": 3, "studies_ma": 4}, "I3", "4 is not <= 3"),
        ({"reports": 3, "reports_ma": 4}, "I3", "4 is not <= 3"),
        (
            {"websites": 1, "other_assessed": 3, "other_reports_excluded": 4},
            "O4",
            "4 is not <= 3",
        ),
    ],
)
def test_a_box_is_no_larger_than_what_flows_into_it_whatever_is_blank(
    counts: dict[str, int], identity: str, why: str
) -> None:
    failing = fails(check(typed(**counts)))

    assert identity in [each.id for each in failing]
    assert why in " ".join(each.why for each in failing if each.id == identity)


def test_blanks_that_can_be_true_are_no_fault() -> None:
    flow = typed(databases=1110, duplicates=494, screened=616, excluded=500, assessed=100, studies=17)

    assert fails(check(flow)) == []
    assert verdict(flow, "D3").why == "sought, not_retrieved are blank"


@pytest.mark.slow
@given(seed=st.integers(0, 10**6), data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_sound_flow_passes_whichever_of_its_boxes_are_not_told(seed: int, data: st.DataObject) -> None:
    counted = derive(make_review(seed))
    # Typed from a paper: no records behind the counts, and a column of other methods only as a whole.
    typed_ = {key: Box(box.n) for key, box in counted.boxes.items() if box.n is not None}
    hidden = data.draw(st.sets(st.sampled_from(sorted(key for key in typed_ if not is_right(key)))))

    told = {key: box for key, box in typed_.items() if key not in hidden or key in OPTIONAL}

    assert fails(check(Flow(told))) == []


OPTIONAL = ("registers", "automation", "other_reasons", *AWAITING, "reports_of_previous")
"""A line of a box that is left out says that there was nothing to count."""


def test_ten_and_sixteen_studies_are_not_ninety_nine() -> None:
    flow = typed(
        previous_studies=10, previous_reports=12, studies=16, reports=17, total_studies=99, total_reports=40
    )

    assert verdict(flow, "U1").d == -73
    assert verdict(flow, "U2").status == "holds"


def test_reasons_must_add_up_to_the_reports_excluded() -> None:
    flow = Flow({"reports_excluded": Box(5, (), (Part("Wrong design", 3), Part("Wrong age", 1)))})

    said = verdict(flow, "D4")

    assert (said.d, said.level) == (-1, "error")


def test_counts_that_agree_over_other_records_do_not_pass() -> None:
    flow = Flow({"screened": Box(2, ("a", "b")), "excluded": Box(1, ("a",)), "sought": Box(1, ("c",))})

    said = verdict(flow, "D2")

    assert said.status == "fails"
    assert said.records == ("b", "c")
    assert str(said) == "D2 fails: 2 - 1 = 1; not on both sides: b, c"


def test_other_methods_that_were_not_all_sought_are_a_warning() -> None:
    flow = typed(websites=3, other_sought=2, other_not_retrieved=0, other_assessed=2)

    assert [each.id for each in fails(check(flow), "warning")] == ["O1"]
    assert fails(check(flow)) == []


def test_what_awaits_a_decision_is_unfinished_not_inconsistent() -> None:
    flow = typed(screened=3, excluded=1, sought=2, not_retrieved=0, assessed=1, awaiting_assessment=1)

    assert verdict(flow, "D3").status == "holds"
    assert [each.why for each in fails(check(flow), "unfinished")] == ["awaiting_assessment 1"]


def test_what_was_seen_while_counting_fails_its_own_identity_alone() -> None:
    sound = typed(sought=2, assessed=2, not_retrieved=0, reports_excluded=1, reports=1)
    flow = Flow(sound.boxes, findings=(("I1", "in reports.csv and not included: r9"),))

    assert [(each.id, each.why) for each in fails(check(flow))] == [
        ("I1", "2 - 1 = 1; in reports.csv and not included: r9")
    ]


def test_a_count_that_is_too_large_is_told_with_what_bounds_it() -> None:
    one = typed(screened=616, assessed=900)
    two = typed(screened=616, excluded=100, assessed=900)

    assert [each.why for each in fails(check(one))] == ["assessed 900 is more than screened 616"]
    assert [each.why for each in fails(check(two))] == [
        "assessed 900 is more than screened 616 - excluded 100 = 516"
    ]


def test_a_hint_names_the_counts_that_are_just_what_is_missing() -> None:
    reasons = (Part("Old", 1), Part("Young", 3), Part("Far", 2), Part("Near", 4))
    told = typed(screened=10, excluded=4, sought=3, duplicates=2, studies=5)
    flow = Flow({**told.boxes, "reports_excluded": Box(10, (), reasons)})

    assert verdict(flow, "D2").hint == "3 is also the count of reports_excluded (Young)"
    assert verdict(flow.with_counts(duplicates=3), "D2").hint == (
        "3 is also the count of duplicates, reports_excluded (Young)"
    )


def test_all_reports_are_as_many_as_the_earlier_and_the_new_ones_at_least() -> None:
    for total, status in ((29, "holds"), (30, "holds"), (28, "fails"), (27, "fails")):
        flow = typed(previous_reports=12, reports=17, total_reports=total)

        assert verdict(flow, "U2").status == status


@pytest.mark.parametrize(
    ("box", "status", "why"),
    [
        (Box(2, ("a", "b")), "holds", ""),
        (Box(3, ("a", "b")), "fails", "screened 3 for 2 records"),
        (Box(1, ("a", "b")), "fails", "screened 1 for 2 records"),
        (Box(1, ("a", "b"), basis=SYNTHETIC), "fails", "screened 1 for 2 records"),
        # A number that the authors state needs no records.
        (Box(9, ("a", "b"), basis=TYPED), "cannot be checked", "no records stand behind the counts"),
        (Box(9), "cannot be checked", "no records stand behind the counts"),
        (Box(2, ("a", "b"), (Part("Old", 2, ("a", "b")),)), "holds", ""),
        (Box(2, ("a", "b"), (Part("Old", 1, ("a", "b")),)), "fails", "screened (Old) 1 for 2 records"),
        (Box(2, ("a", "b"), (Part("Old", 3, ("a", "b")),)), "fails", "screened (Old) 3 for 2 records"),
        (
            Box(2, ("a", "b"), (Part("Old", 3, ("a", "b"), SYNTHETIC),)),
            "fails",
            "screened (Old) 3 for 2 records",
        ),
        (Box(2, ("a", "b"), (Part("Old", 3, ("a", "b"), TYPED),)), "holds", ""),
    ],
)
def test_a_count_is_the_number_of_the_records_behind_it(box: Box, status: str, why: str) -> None:
    said = verdict(Flow({"screened": box}), "R1")

    assert (said.status, said.why) == (status, why)


def test_studies_of_a_meta_analysis_may_be_earlier_ones_whose_number_is_not_told() -> None:
    flow = typed(studies=3, studies_ma=4, total_studies=10)

    assert str(verdict(flow, "I3")) == "I3 cannot be checked: previous_studies is blank"
    assert verdict(typed(studies=3, studies_ma=3), "I3").status == "holds"


def test_records_that_cancel_out_in_number_are_named() -> None:
    listed = {
        "databases": Box(3, ("a", "b", "c")),
        "duplicates": Box(1, ("a",)),
        "screened": Box(1, ("c",)),
        "awaiting_screening": Box(1, ("d",)),
    }

    assert verdict(Flow(listed), "D1").records == ("b", "d")
    assert verdict(Flow(listed | {"awaiting_screening": Box(1, ("b",))}), "D1").status == "holds"


LATER = ("other_sought", "other_not_retrieved", "other_assessed", "other_reports_excluded")


def invented_flow(chance: Random) -> Flow:
    """Return typed counts of all boxes, nearly alike, with parts that mostly add up."""
    is_one_column, is_new = chance.random() < 0.3, chance.random() < 0.3
    boxes = {}
    for key in BOXES:
        if (is_one_column and key in LATER) or (is_new and key in ("previous_studies", "previous_reports")):
            continue
        ns = [chance.randint(0, 3) for _ in range(chance.randint(1, 2))]
        n = sum(ns) + chance.choice([0, 0, 0, 1, -1])
        boxes[key] = Box(max(n, 0), (), tuple(Part(f"part {place}", each) for place, each in enumerate(ns)))
    return Flow(boxes)


@pytest.mark.parametrize("seed", range(60))
def test_of_known_counts_an_identity_holds_where_its_two_sides_say_so(seed: int) -> None:
    flow = invented_flow(Random(seed))  # noqa: S311  made up, not secret
    columns = 1 if all(flow[key].n is None for key in LATER) else 2
    review = "new" if flow["previous_studies"].n is None else "updated"
    expected = []
    for each in IDENTITIES:
        left_side, relation, right_side = re.split(" (<=|>=|=) ", each.formula)
        keys = re.findall(r"[a-z_]+(?:\[\])?", each.formula)
        known = all(flow[key.removesuffix("[]")].n is not None for key in keys)
        # I2 has more to it than its formula.
        is_of = each.columns in (0, columns) and each.review in ("", review)
        if not is_of or not known or each.id == "I2":
            continue
        left, right = (
            sum(
                (-1 if sign == "-" else 1)
                * (sum(part.n for part in flow[key].parts) if of_parts else flow[key].n or 0)
                for sign, key, of_parts in re.findall(r"([+-]?) ?([a-z_]+)(\[\])?", side)
            )
            for side in (left_side, right_side)
        )
        holds = {"=": left == right, "<=": left <= right, ">=": left >= right}[relation]
        expected.append((each.id, each.says, "holds" if holds else "fails", left - right, each.level))

    found = [(said.id, said.says, said.status, said.d, said.level) for said in check(flow)]

    assert len(expected) >= 16
    assert [each for each in found if each in expected] == expected
    if (columns, review) == (2, "updated"):
        assert [said[0] for said in found if said[2] == "cannot be checked"] == ["R1"]
    waiting = sum(flow[key].n or 0 for key in (*AWAITING, "awaiting_study"))
    assert found[-1][2:4] == ("fails" if waiting else "holds", waiting)


def test_studies_without_a_report_of_their_own_may_be_in_an_earlier_one() -> None:
    for earlier in ("reports_of_previous", "previous_reports"):
        said = verdict(typed(studies=3, reports=0, **{earlier: 2}), "I2")
        assert (said.status, said.level, said.d) == ("fails", "warning", 3)
    assert verdict(typed(studies=3), "I2").why == "reports is blank"
    assert verdict(typed(screened=3), "I2").why == "studies, reports are blank"


def test_what_fails_is_told_with_its_sign_and_by_its_level_alone() -> None:
    flow = typed(
        screened=10, excluded=4, sought=1007, studies=3, reports=2, awaiting_screening=1, awaiting_study=2
    )

    assert str(verdict(flow, "D2")) == "D2 fails by -1,001: 10 - 4 is not 1,007"
    assert [each.id for each in fails(check(flow), "warning")] == ["I2"]
    (open_,) = fails(check(flow), "unfinished")
    assert (open_.d, open_.why) == (3, "awaiting_screening 1, awaiting_study 2")


def test_all_reports_may_be_others_than_the_earlier_and_the_new_ones_alone() -> None:
    listed = {
        "previous_reports": Box(1, ("a",)),
        "reports": Box(1, ("b",)),
        "total_reports": Box(3, ("a", "b", "c")),
    }

    assert verdict(Flow(listed), "U2").status == "holds"
    assert (
        verdict(Flow({"assessed": Box(1, ("a",)), "reports_excluded": Box(1, ("b",))}), "D5").status
        == "holds"
    )
