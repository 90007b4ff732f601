import json

import pytest

from peerreview.agreement.measure import Choices, measure
from peerreview.agreement.measured import Measured, from_json
from tests.builders import make_votes

VOTES = (
    "r1 ana full_text exclude design", "r1 bo full_text exclude design",
    "r2 ana full_text include", "r2 bo full_text exclude population",
    "r3 ana title_abstract include", "r3 bo title_abstract maybe",
    "r4 gpt title_abstract include - ai",
)  # fmt: skip


def test_what_was_measured_is_read_back_as_it_was() -> None:
    measured = measure(make_votes(*VOTES), kept={}, choices=Choices(draws=20))

    content = json.loads(json.dumps(measured.to_json()))

    assert from_json(content).to_json() == content
    assert [stage.stage for stage in from_json(content).stages] == ["title_abstract", "full_text"]
    assert "reasons" not in content["stages"][0]
    assert content["stages"][1]["reasons"][0]["n_both"] == 1


def test_what_an_older_version_left_out_is_as_nothing() -> None:
    found = from_json({"stages": [{"stage": "full_text", "pairs": [], "unheard": 1}]})

    assert found.of == "standing"
    assert found.stages[0].tie_breakers == ()
    assert found.stages[0].ai is None
    assert Measured().to_json()["stages"] == []


@pytest.mark.parametrize(
    "stages",
    [
        None,
        ["full_text"],
        [{"pairs": None}],
        [{"pairs": [{"n_both": "9"}]}],
        [{"pairs": [{"n_both": 9, "cohen": "high"}]}],
        [{"pairs": [], "tie_breakers": [{"reviewer": "ana"}]}],
        [{"pairs": [], "tie_breakers": ["ana"]}],
    ],
)
def test_what_has_lost_a_part_is_refused(stages: object) -> None:
    with pytest.raises(ValueError, match="is not a whole peerreview/agreement/1"):
        from_json({"stages": stages})
