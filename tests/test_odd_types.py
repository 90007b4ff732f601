"""Settings and JSON in which one value has a type that nobody expects: understood, or one clear error."""

import copy
import datetime as dt
import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from peerreview import protocol
from peerreview.agreement import measured
from peerreview.duplicates import rules
from peerreview.errors import PeerreviewError
from peerreview.flow import exchange, identities
from peerreview.flow.counting import derive
from peerreview.flow.labels import read as read_labels
from peerreview.synthesis import instrument
from peerreview.tables import reading, toml
from tests.reviews import make_review

IN_JSON: tuple[Any, ...] = (None, [], {}, "", "x", 1.5, -1, True, [None], [[]], {"x": []}, ["x", 1], 1e308)
IN_TOML = (*IN_JSON[1:-1], dt.date(2024, 2, 29), float("nan"), float("inf"))


def odd(content: Any, values: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Yield the content with each value in turn replaced by each odd one; of a list, in the first two."""

    def places(part: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        keys = part if isinstance(part, dict) else range(min(len(part), 2)) if isinstance(part, list) else ()
        for key in keys:
            yield (*path, key)
            yield from places(part[key], (*path, key))

    for path in places(content, ()):
        for value in values:
            changed = copy.deepcopy(content)
            part = changed
            for key in path[:-1]:
                part = part[key]
            part[path[-1]] = value
            yield f"{'.'.join(map(str, path))} = {value}", changed


def faults(content: Any, values: tuple[Any, ...], understand: Callable[[Any], object]) -> list[str]:
    """Return the odd values that neither were understood nor told as an error of the input."""
    found = []
    for what, changed in odd(content, values):
        try:
            understand(changed)
        except PeerreviewError as error:
            if not str(error).strip() or "\n" in str(error):
                found.append(f"{what}: said {str(error)[:80]!r}")
        except Exception as error:  # noqa: BLE001  it is what is looked for
            found.append(f"{what}: {type(error).__name__}: {str(error)[:80]}")
    return found


@pytest.fixture
def as_toml(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], str]:
    """Return a function that makes a content the one of the next text read as TOML."""
    said: list[Any] = []

    def parse(text: str, *, path: object = "") -> toml.Document:
        return toml.Document(said[-1], text, str(path))

    def take(content: Any) -> str:
        said.append(content)
        return ""

    monkeypatch.setattr(toml, "parse", parse)
    return take


def test_a_flow_with_an_odd_value_is_read_or_told() -> None:
    made = make_review(3)
    flow = derive(made.records, made.duplicates, made.screening, reports=made.reports, studies=made.studies)
    content = json.loads(exchange.to_json(flow, identities.check(flow), read_labels()))
    for each in content["boxes"].values():
        each["ids"] = each["ids"][:1]

    assert faults(content, IN_JSON, lambda odd: exchange.read(json.dumps(odd), ".json")) == []


def test_typed_numbers_of_a_flow_that_are_odd_are_told(as_toml: Callable[[Any], str]) -> None:
    content = {"identified_databases": {"MEDLINE": 3, "total": 3}, "screened": 3}

    def understand(changed: Any) -> None:
        flow = exchange.read(as_toml(changed), ".toml")
        [f"{box.n:,}" for box in flow.boxes.values() if box.n is not None]

    assert faults(content, IN_TOML, understand) == []


@pytest.mark.parametrize("name", ["mmat-2018", "amstar-2", "rob-2", "quadas-2"])
def test_an_instrument_with_an_odd_value_is_read_or_told(name: str, as_toml: Callable[[Any], str]) -> None:
    text = (files("peerreview.synthesis") / "instruments" / f"{name}.toml").read_text(encoding="utf-8")

    assert faults(tomllib.loads(text), IN_TOML, lambda odd: instrument.parse(as_toml(odd), "x")) == []


def test_rules_with_an_odd_value_are_read_or_told(as_toml: Callable[[Any], str]) -> None:
    text = (files("peerreview.duplicates.rules") / "default.toml").read_text(encoding="utf-8")

    assert faults(tomllib.loads(text), IN_TOML, lambda odd: rules.parse_rules(as_toml(odd))) == []


def test_a_protocol_with_an_odd_value_is_read_or_told(as_toml: Callable[[Any], str]) -> None:
    path = Path("examples/peer-workforce/peerreview.toml")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content["votes_required"] = {"title_abstract": 2}
    content["reviewers"] = [{"name": "ana", "aliases": ["A"], "role": "ai"}]

    def understand(changed: Any) -> None:
        as_toml(changed)
        protocol.read(path)

    assert faults(content, IN_TOML, understand) == []


def test_agreement_that_lost_a_part_is_told() -> None:
    content = {
        "schema": measured.SCHEMA, "maybe": "include", "of": "independent", "notes": [], "inputs": {},
        "stages": [
            {"stage": "full_text", "reviewers": ["ana", "bo"], "pairs": [], "overall": {}, "notes": []}
        ],
    }  # fmt: skip

    def understand(changed: Any) -> None:
        # The command tells a ValueError with the file's name.
        with suppress(ValueError):
            measured.from_json(changed)

    assert faults(content, IN_JSON, understand) == []


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": ' * 100_000, f'{{"a": {"9" * 5000}}}', "{", "\ud800"])
def test_json_without_end_is_told_with_its_line(text: str) -> None:
    with pytest.raises(PeerreviewError, match=r"x\.json:[0-9]+: is not JSON"):
        reading.parse_json(text, path="x.json")


@pytest.mark.parametrize(
    "text", [f"a = {'[' * 5000}{']' * 5000}", f"a = {'9' * 5000}", f"a = 0x{'f' * 5000}"]
)
def test_toml_without_end_is_told(text: str) -> None:
    with pytest.raises(PeerreviewError, match=r"x\.toml:?[0-9]*: is not TOML"):
        toml.parse(text, path="x.toml")
