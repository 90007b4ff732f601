"""What was measured of reviewers' agreement: a stage after the other, in and out of JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from peerreview.agreement.independence import TieBreaker
from peerreview.agreement.said import (
    Said,
    read_machine,
    read_overall,
    read_pair,
    read_reasons,
    read_source,
)

if TYPE_CHECKING:
    from peerreview.agreement.estimates import (
        MachineOnTrial,
        OverallStatistics,
        ReasonStatistics,
        ReviewerPair,
        SourceStatistics,
    )

SCHEMA = "peerreview/agreement/1"
Part = TypeVar("Part")
_NOTHING = read_overall(Said({}))


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
    pairs: tuple[ReviewerPair, ...] = ()
    overall: OverallStatistics = _NOTHING
    reasons: tuple[ReasonStatistics, ...] | None = None
    sources: tuple[SourceStatistics, ...] | None = None
    ai: tuple[MachineOnTrial, ...] | None = None
    sentence: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the stage as ``agreement.json`` has it: without what was not asked for."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: _as_json(value) for name, value in values if value is not None}


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
    return StageMeasured(
        **told
        | {
            "stage": str(said.get("stage", "")),
            "tie_breakers": tuple(ties),
            "pairs": _each(said, "pairs", read_pair) or (),
            "overall": read_overall(Said(said).part("overall")),
            "reasons": _each(said, "reasons", read_reasons),
            "sources": _each(said, "sources", read_source),
            "ai": _each(said, "ai", read_machine),
        }
    )


def _each(said: Mapping[str, Any], name: str, read: Callable[[Said], Part]) -> tuple[Part, ...] | None:
    """Return each part under a name; None where the name is not there."""
    parts = said.get(name)
    return None if parts is None else tuple(read(Said(part)) for part in parts)


def _as_json(value: object) -> object:
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    if isinstance(value, TieBreaker):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value.to_json() if hasattr(value, "to_json") else value


def _is_whole(content: Mapping[str, Any]) -> bool:
    """Return whether there are stages, and how many records each of their pairs share."""
    stages = content.get("stages")
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        return False
    lists = [stage.get("pairs") for stage in stages]
    return all(isinstance(pairs, list) for pairs in lists) and all(
        isinstance(pair, dict) and isinstance(pair.get("n_both"), int)
        for pairs in lists
        for pair in pairs or ()
    )
