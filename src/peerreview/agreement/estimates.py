"""Statistics of agreement, each by its name: of two people, of all, by source, of reasons, of an AI."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from peerreview.agreement.coefficients import Estimate, Kappa

Json = dict[str, object]
TESTED = ("se", "lo", "hi", "se0", "z", "p")
_WITHIN = ("se", "lo", "hi")


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha with its bootstrap interval, and how many draws of it were undefined."""

    value: float | None = None
    lo: float | None = None
    hi: float | None = None
    undefined_draws: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in [0, 1] with its exact 95% interval; None where there is nothing that it is a share of."""

    value: float | None = None
    lo: float | None = None
    hi: float | None = None


@dataclass(frozen=True, slots=True)
class OfTwo:
    """What two categories alone have: agreement on each, and how far their shares and people's differ."""

    ppos: float | None
    pneg: float | None
    prevalence_index: float | None
    bias_index: float | None


@dataclass(frozen=True, slots=True)
class PairStatistics:
    """
    Every statistic of two people who judged the same things.

    ``table`` counts them, a row per category of the first person; ``percent`` and ``specific`` (agreement on
    each category) are in [0, 1]. ``of_two`` is None of more than two categories. ``why`` says of each name
    in JSON without a value why it has none.
    """

    n_both: int
    table: Sequence[Sequence[int]]
    percent: float | None
    specific: Mapping[str, float | None]
    cohen: Kappa
    cohen_linear: Kappa
    cohen_quadratic: Kappa
    pabak: float | None
    scott: float | None
    kappa_max: float | None
    ac1: Estimate
    of_two: OfTwo | None
    why: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> Json:
        """Return the statistics by their names in ``agreement.json``."""
        content: Json = {
            "n_both": self.n_both,
            "table": self.table,
            "percent": self.percent,
            "specific": dict(self.specific),
            "pe": self.cohen.pe,
            **_named("cohen", self.cohen, TESTED),
            **_named("cohen_linear", self.cohen_linear, TESTED),
            **_named("cohen_quadratic", self.cohen_quadratic, TESTED),
            "pabak": self.pabak,
            "scott": self.scott,
            "kappa_max": self.kappa_max,
            **_named("ac1", self.ac1, _WITHIN),
        }
        if self.of_two is not None:
            content |= {
                "ppos": self.of_two.ppos,
                "pneg": self.of_two.pneg,
                "prevalence_index": self.of_two.prevalence_index,
                "bias_index": self.of_two.bias_index,
            }
        return content | {"why": dict(self.why)}


@dataclass(frozen=True, slots=True)
class ReviewerPair:
    """Two reviewers and the statistics of what both judged."""

    reviewer_1: str
    reviewer_2: str
    statistics: PairStatistics

    def to_json(self) -> Json:
        """Return the pair as ``agreement.json`` has it: their names, then each statistic by its own."""
        return {"reviewer_1": self.reviewer_1, "reviewer_2": self.reviewer_2, **self.statistics.to_json()}


@dataclass(frozen=True, slots=True)
class OverallStatistics:
    """
    Every statistic of any number of people.

    ``n_items`` were judged, ``n_pairable`` by two or more; ``pa`` is agreement in [0, 1], ``bp`` Brennan and
    Prediger's. ``light`` is None of fewer than three people. ``draws`` are the bootstrap's, for alpha.
    """

    n_items: int
    n_pairable: int
    pa: float | None
    ac1: Estimate
    fleiss: Estimate
    fleiss_z: float | None
    bp: float | None
    light: Estimate | None
    alpha_nominal: Alpha
    alpha_ordinal: Alpha
    alpha_interval: Alpha
    alpha_ratio: Alpha
    draws: int
    why: Mapping[str, str]

    def to_json(self) -> Json:
        """Return the statistics by their names in ``agreement.json``."""
        of_alpha = ("lo", "hi", "undefined_draws")
        return {
            "n_items": self.n_items,
            "n_pairable": self.n_pairable,
            "pa": self.pa,
            **_named("ac1", self.ac1, _WITHIN),
            **_named("fleiss", self.fleiss, _WITHIN),
            "fleiss_z": self.fleiss_z,
            "bp": self.bp,
            **({} if self.light is None else {"light": self.light.value}),
            **_named("alpha_nominal", self.alpha_nominal, of_alpha),
            **_named("alpha_ordinal", self.alpha_ordinal, of_alpha),
            **_named("alpha_interval", self.alpha_interval, of_alpha),
            **_named("alpha_ratio", self.alpha_ratio, of_alpha),
            "draws": self.draws,
            "why": dict(self.why),
        }


@dataclass(frozen=True, slots=True)
class SourceStatistics:
    """Agreement on the records of one source; ``cohen`` is None of more than two reviewers."""

    source: str
    n_items: int
    n_pairable: int
    pa: float | None
    ac1: Estimate
    fleiss: Estimate
    cohen: Estimate | None

    def to_json(self) -> Json:
        """Return the source as ``agreement.json`` has it."""
        content: Json = {
            "source": self.source,
            "n_items": self.n_items,
            "n_pairable": self.n_pairable,
            "pa": self.pa,
            **_named("ac1", self.ac1, _WITHIN),
            **_named("fleiss", self.fleiss, _WITHIN),
        }
        why = {"ac1": self.ac1.why, "fleiss": self.fleiss.why}
        if self.cohen is not None:
            content |= _named("cohen", self.cohen, _WITHIN)
            why["cohen"] = self.cohen.why
        return content | {"why": {name: each for name, each in why.items() if each}}


@dataclass(frozen=True, slots=True)
class ReasonStatistics:
    """How far the primary reasons of two reviewers agree, of the ``n_both`` reports that both excluded."""

    reviewer_1: str
    reviewer_2: str
    categories: tuple[str, ...]
    n_both: int
    table: Sequence[Sequence[int]]
    percent: float | None
    cohen: Estimate
    specific: Mapping[str, float | None]

    def to_json(self) -> Json:
        """Return the pair as ``agreement.json`` has it."""
        return {
            "reviewer_1": self.reviewer_1,
            "reviewer_2": self.reviewer_2,
            "categories": list(self.categories),
            "n_both": self.n_both,
            "table": self.table,
            "percent": self.percent,
            **_named("cohen", self.cohen, _WITHIN),
            "specific": dict(self.specific),
            "why": {"cohen": self.cohen.why} if self.cohen.why else {},
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """
    How a tool's judgements compare with what people decided on the same ``n`` records.

    ``work_saved`` and ``wss`` are in [0, 1]; the further numbers as ``machines.compare`` explains them.
    """

    n: int
    both_include: int
    only_people_include: int
    only_ai_includes: int
    both_exclude: int
    recall: Share
    precision: Share
    specificity: Share
    work_saved: float | None
    wss: float | None
    n_more_includes: int | None
    n_more_records: int | None
    why: Mapping[str, str]

    def to_json(self) -> Json:
        """Return the comparison by its names in ``agreement.json``."""
        within = ("lo", "hi")
        return {
            "n": self.n,
            "both_include": self.both_include,
            "only_people_include": self.only_people_include,
            "only_ai_includes": self.only_ai_includes,
            "both_exclude": self.both_exclude,
            **_named("recall", self.recall, within),
            **_named("precision", self.precision, within),
            **_named("specificity", self.specificity, within),
            "work_saved": self.work_saved,
            "wss": self.wss,
            "n_more_includes": self.n_more_includes,
            "n_more_records": self.n_more_records,
            "why": dict(self.why),
        }


@dataclass(frozen=True, slots=True)
class MachineOnTrial:
    """
    An AI, as the protocol tells of it, and how its votes compare with what people decided.

    Left out are its votes on records that people have not decided on, ``n_undecided``; of the others those
    that say neither include nor exclude, ``n_unclear``.
    """

    reviewer: str
    tool: str
    version: str
    prompt: str
    n_undecided: int
    trial: Trial
    n_unclear: int = 0

    def to_json(self) -> Json:
        """Return the AI as ``agreement.json`` has it: what it is, then each number by its name."""
        return {
            "reviewer": self.reviewer,
            "tool": self.tool,
            "version": self.version,
            "prompt": self.prompt,
            "n_undecided": self.n_undecided,
            "n_unclear": self.n_unclear,
            **self.trial.to_json(),
        }


def _named(name: str, estimate: Estimate | Kappa | Alpha | Share, parts: Sequence[str]) -> Json:
    """Return an estimate under its name, and its parts under theirs, as in ``cohen`` and ``cohen_lo``."""
    return {name: estimate.value} | {f"{name}_{part}": getattr(estimate, part) for part in parts}
