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
        [{"pairs": [{"n_both": 9, "ac1_hi": True}]}],
        [{"pairs": [{"n_both": 9, "specific": ["include"]}]}],
        [{"pairs": [], "ai": [{"n": 1.5}]}],
        [{"pairs": [], "tie_breakers": [{"reviewer": "ana"}]}],
        [{"pairs": [], "tie_breakers": ["ana"]}],
    ],
)
def test_what_has_lost_a_part_is_refused(stages: object) -> None:
    with pytest.raises(ValueError, match="is not a whole peerreview/agreement/1"):
        from_json({"stages": stages})


def test_a_statistic_that_people_typed_over_is_named() -> None:
    with pytest.raises(ValueError, match="cohen_quadratic_se is 'small', which is no number"):
        from_json({"stages": [{"pairs": [{"n_both": 9, "cohen_quadratic_se": "small"}]}]})


@pytest.mark.parametrize("categories", [("include", "exclude"), ("include", "maybe", "exclude")])
def test_every_statistic_is_read_back_under_its_name(categories: tuple[str, ...]) -> None:
    said = [f"r{n} {who} title_abstract {categories[n % len(categories)]}" for n in range(9) for who in "abc"]
    changed = [*said[:-1], "r8 c title_abstract include"]
    trial = [f"r{n} gpt title_abstract include - ai" for n in range(9)]
    choices = Choices(draws=20, maybe="keep" if len(categories) == 3 else "include")

    (stage,) = measure(make_votes(*changed, *trial), kept={}, choices=choices).stages
    (again,) = from_json(json.loads(json.dumps({"stages": [stage.to_json()]}))).stages

    assert (again.overall, again.ai) == (stage.overall, stage.ai)
    assert again.to_json() == stage.to_json()
    assert stage.overall.light is not None
    assert (stage.pairs[0].statistics.of_two is None) == (len(categories) == 3)
