"""What changed from one version of a flow to the next."""

import json

from peerreview.flow import Box, Flow, Part
from peerreview.flow.changes import compare, to_json, to_rows, to_text
from peerreview.flow.labels import read

ENGLISH = read()
OLD = Flow(
    {
        "screened": Box(3, ("a", "b", "c")),
        "excluded": Box(2, ("a", "b")),
        "included": Box(1, ("c",)),
    }
)
NEW = Flow(
    {
        "screened": Box(4, ("a", "b", "c", "d")),
        "excluded": Box(1, ("a",)),
        "reports_excluded": Box(1, ("b",), (Part("Wrong design", 1, ("b",)),)),
        "included": Box(2, ("c", "d")),
    }
)


def test_each_box_that_changed_is_named_with_its_records() -> None:
    assert (
        to_text(compare(OLD, NEW), ENGLISH)
        == """\
Records screened: 3 → 4; + d
Records excluded: 2 → 1; − b
Reports excluded: – → 1; + b
Reports excluded: Wrong design: – → 1; + b
Reports included: 1 → 2; + d
not in the review → Reports included: 1 (d)
Records excluded → Reports excluded: 1 (b)
"""
    )


def test_a_flow_has_not_changed_from_itself() -> None:
    assert to_text(compare(OLD, OLD), ENGLISH) == "No box has changed.\n"


def test_records_that_swap_are_seen_where_counts_are_not() -> None:
    after = Flow({**OLD.boxes, "excluded": Box(2, ("a", "c")), "included": Box(1, ("b",))})

    changes = compare(OLD, after)

    assert [(each.key, each.came, each.went) for each in changes.boxes] == [
        ("excluded", ("c",), ("b",)),
        ("included", ("b",), ("c",)),
    ]
    assert [(each.record_id, each.before, each.after) for each in changes.moved] == [
        ("b", "excluded", "included"),
        ("c", "included", "excluded"),
    ]


def test_changes_are_json_and_rows_for_a_page() -> None:
    changes = compare(OLD, NEW)

    content = json.loads(to_json(changes, ENGLISH))

    assert content["schema"] == "peerreview/flow-changes/1"
    assert {"record_id": "d", "before": "", "after": "included"} in content["moved"]
    assert "Records excluded" in [row["name"] for row in to_rows(changes, ENGLISH)["boxes"]]
