"""What was measured of reviewers' agreement: a stage after the other, in and out of JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from peerreview.agreement.independence import TieBreaker

SCHEMA = "peerreview/agreement/1"
Statistics = Mapping[str, Any]
"""Statistics by their names (``cohen``, ``ac1_lo``), None where undefined; ``why`` says why, by name."""
_NUMBERS = ("n_both", "percent", "cohen", "cohen_lo", "cohen_hi", "pabak")


@dataclass(frozen=True)
class StageMeasured:
    """
    Agreement at one stage.

    ``pairs`` are of each two reviewers, ``overall`` of all. ``left_out`` counts votes by role,
    ``n_without_time`` those whose order is not known. ``reasons`` (at full text), ``sources`` (at title and
    abstract) and ``ai`` are None where they are not asked for. ``sentence``, ``notes`` and ``warnings`` say
    it for people.
    """

    stage: str
    reviewers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    n_votes: int = 0
    n_maybe: int = 0
    n_changed: int = 0
    n_merged_votes_differ: int = 0
    n_order_unknown: int = 0
    n_without_time: int = 0
    left_out: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    tie_breakers: tuple[TieBreaker, ...] = ()
    named_like_resolutions: tuple[str, ...] = ()
    pairs: tuple[Statistics, ...] = ()
    overall: Statistics = field(default_factory=lambda: MappingProxyType({}))
    reasons: tuple[Statistics, ...] | None = None
    sources: tuple[Statistics, ...] | None = None
    ai: tuple[Statistics, ...] | None = None
    sentence: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the stage as ``agreement.json`` has it: without what was not asked for."""
        content: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value is None:
                continue
            if each.name == "tie_breakers":
                content[each.name] = [asdict(tie_breaker) for tie_breaker in value]
            elif isinstance(value, tuple):
                content[each.name] = list(value)
            else:
                content[each.name] = dict(value) if isinstance(value, Mapping) else value
        return content


@dataclass(frozen=True)
class Measured:
    """
    How far reviewers agreed, stage by stage.

    ``maybe`` is what a maybe counted as (None: other words than decisions were compared), ``of`` which votes
    counted, ``seed`` that of the bootstrap; ``synthetic`` says that votes were invented, for demonstration.
    """

    maybe: str | None = "include"
    of: str = "standing"
    seed: int = 0
    stages: tuple[StageMeasured, ...] = ()
    synthetic: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what ``agreement.json`` holds, schema ``peerreview/agreement/1``."""
        return {
            "schema": SCHEMA,
            "maybe": self.maybe,
            "of": self.of,
            "seed": self.seed,
            "stages": [stage.to_json() for stage in self.stages],
            "synthetic": self.synthetic,
        }


def from_json(content: Mapping[str, Any]) -> Measured:
    """
    Return what ``agreement`` wrote as JSON; what an older version left out is as its default.

    Raises
    ------
    ValueError
        Where a part that tables show is lost, or people typed words in place of numbers.
    """
    if not _is_whole(content):
        raise ValueError(f"is not a whole {SCHEMA}")
    try:
        stages = tuple(_stage(stage) for stage in content["stages"])
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"is not a whole {SCHEMA}: {error}") from error
    return Measured(
        content.get("maybe", "include"),
        str(content.get("of", "standing")),
        content.get("seed", 0),
        stages,
        content.get("synthetic", False) is True,
    )


def _stage(said: Mapping[str, Any]) -> StageMeasured:
    known = {each.name for each in fields(StageMeasured)}
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said.items()
        if name in known
    }
    names = [each.name for each in fields(TieBreaker)]
    ties = [TieBreaker(*(each[name] for name in names)) for each in told.get("tie_breakers", ())]
    return StageMeasured(**told | {"stage": str(said.get("stage", "")), "tie_breakers": tuple(ties)})


def _is_whole(content: Mapping[str, Any]) -> bool:
    """Return whether there are stages, their pairs, and numbers where people may have typed words."""
    stages = content.get("stages")
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        return False
    lists = [stage.get("pairs") for stage in stages]
    if not all(isinstance(pairs, list) for pairs in lists):
        return False
    return all(
        isinstance(pair, dict)
        and isinstance(pair.get("n_both"), int)
        and all(isinstance(pair.get(name), int | float | None) for name in _NUMBERS)
        for pairs in lists
        for pair in pairs or ()
    )
