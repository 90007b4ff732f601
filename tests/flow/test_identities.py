"""What must be equal in a flow, and what is said where it is not."""

from peerreview.flow import Box, Flow, Part
from peerreview.flow.identities import Verdict, check, fails


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


def test_more_studies_than_reports_is_wrong() -> None:
    assert verdict(typed(studies=17, reports=16), "I2").status == "fails"
    assert verdict(typed(studies=16, reports=17), "I2").status == "holds"
    assert verdict(typed(studies=0, reports=3), "I2").status == "fails"
    assert verdict(typed(studies=0, reports=0), "I2").status == "holds"


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
