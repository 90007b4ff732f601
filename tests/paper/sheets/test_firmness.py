"""How firm counts are said to be."""

from peerreview.flow import Box, Flow, Interval
from peerreview.paper.sheets.firmness import how_firm


def test_firm_counts_are_not_said_to_rest_on_more_than_one_person_at_each_stage() -> None:
    # One person alone removes a record before screening, or gives a report up.
    flow = Flow({"other_reasons": Box(1, ("r1",))}, intervals={"other_reasons": Interval(1, 1)})

    assert str(how_firm(flow)) == (
        "All 1 count of the flow are firm: no possible duplicate and no record awaits a decision, no tool "
        "decided alone, nor one reviewer at title and abstract or at full text."
    )
