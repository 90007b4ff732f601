"""Statistics of agreement back from JSON, each by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from peerreview.agreement.coefficients import Estimate, Kappa
from peerreview.agreement.estimates import (
    TESTED,
    Alpha,
    MachineOnTrial,
    OfTwo,
    OverallStatistics,
    PairStatistics,
    ReasonStatistics,
    ReviewerPair,
    Share,
    SourceStatistics,
    Trial,
)


@dataclass(frozen=True)
class Said:
    """Statistics by name, as JSON has them; what an older version left out is blank, None, 0 or empty."""

    content: Mapping[str, Any] = field(repr=False)

    def has(self, name: str) -> bool:
        """Return whether anything is said under a name."""
        return name in self.content

    def text(self, name: str) -> str:
        """Return a name or a sentence."""
        value = self.content.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> float | None:
        """Return a number; None where it has no value. A TypeError where people typed a word."""
        value = self.content.get(name)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        raise TypeError(f"{name} is {value!r}, which is no number")

    def whole(self, name: str) -> int | None:
        """Return a count; None where it has no value. A TypeError for what is none."""
        value = self.number(name)
        if value is None or isinstance(value, int):
            return value
        raise TypeError(f"{name} is {value!r}, which is no count")

    def count(self, name: str) -> int:
        """Return a count, 0 where it is not said."""
        return self.whole(name) or 0

    def table(self) -> list[list[int]]:
        """Return the square table of counts."""
        return [list(row) for row in self.content.get("table") or ()]

    def part(self, name: str) -> "Said":
        """Return what is said under a name by names of its own."""
        value = self.content.get(name) or {}
        if not isinstance(value, Mapping):
            raise TypeError(f"{name} is {value!r}, which names nothing")
        return Said(value)

    def numbers(self, name: str) -> dict[str, float | None]:
        """Return numbers by their names."""
        named = self.part(name)
        return {each: named.number(each) for each in named.content}

    def why(self) -> dict[str, str]:
        """Return why statistics have no value, by name."""
        named = self.part("why")
        return {each: named.text(each) for each in named.content}

    def estimate(self, name: str) -> Estimate:
        """Return an estimate with its interval."""
        return Estimate(
            self.number(name),
            se=self.number(f"{name}_se"),
            lo=self.number(f"{name}_lo"),
            hi=self.number(f"{name}_hi"),
            why=self.part("why").text(name),
        )

    def kappa(self, name: str) -> Kappa:
        """Return Cohen's kappa with all that is told of it."""
        return Kappa(
            self.number(name),
            **{part: self.number(f"{name}_{part}") for part in TESTED},
            why=self.part("why").text(name),
        )

    def alpha(self, name: str) -> Alpha:
        """Return Krippendorff's alpha with its interval."""
        return Alpha(
            self.number(name),
            lo=self.number(f"{name}_lo"),
            hi=self.number(f"{name}_hi"),
            undefined_draws=self.count(f"{name}_undefined_draws"),
            why=self.part("why").text(name),
        )

    def share(self, name: str) -> Share:
        """Return a share with its exact interval."""
        return Share(self.number(name), lo=self.number(f"{name}_lo"), hi=self.number(f"{name}_hi"))


def read_pair(said: Said) -> ReviewerPair:
    """Return two reviewers' statistics as ``ReviewerPair.to_json`` wrote them."""
    of_two = OfTwo(
        ppos=said.number("ppos"),
        pneg=said.number("pneg"),
        prevalence_index=said.number("prevalence_index"),
        bias_index=said.number("bias_index"),
    )
    return ReviewerPair(
        said.text("reviewer_1"),
        said.text("reviewer_2"),
        PairStatistics(
            n_both=said.count("n_both"),
            table=said.table(),
            percent=said.number("percent"),
            specific=said.numbers("specific"),
            cohen=replace(said.kappa("cohen"), pe=said.number("pe")),
            cohen_linear=said.kappa("cohen_linear"),
            cohen_quadratic=said.kappa("cohen_quadratic"),
            pabak=said.number("pabak"),
            scott=said.number("scott"),
            kappa_max=said.number("kappa_max"),
            ac1=said.estimate("ac1"),
            of_two=of_two if said.has("ppos") else None,
            why=said.why(),
        ),
    )


def read_overall(said: Said) -> OverallStatistics:
    """Return the statistics of all as ``OverallStatistics.to_json`` wrote them."""
    return OverallStatistics(
        n_items=said.count("n_items"),
        n_pairable=said.count("n_pairable"),
        pa=said.number("pa"),
        ac1=said.estimate("ac1"),
        fleiss=said.estimate("fleiss"),
        fleiss_z=said.number("fleiss_z"),
        bp=said.number("bp"),
        light=said.estimate("light") if said.has("light") else None,
        alpha_nominal=said.alpha("alpha_nominal"),
        alpha_ordinal=said.alpha("alpha_ordinal"),
        alpha_interval=said.alpha("alpha_interval"),
        alpha_ratio=said.alpha("alpha_ratio"),
        draws=said.count("draws"),
        why=said.why(),
    )


def read_source(said: Said) -> SourceStatistics:
    """Return a source's statistics as ``SourceStatistics.to_json`` wrote them."""
    return SourceStatistics(
        said.text("source"),
        n_items=said.count("n_items"),
        n_pairable=said.count("n_pairable"),
        pa=said.number("pa"),
        ac1=said.estimate("ac1"),
        fleiss=said.estimate("fleiss"),
        cohen=said.estimate("cohen") if said.has("cohen") else None,
    )


def read_reasons(said: Said) -> ReasonStatistics:
    """Return two reviewers' reasons as ``ReasonStatistics.to_json`` wrote them."""
    return ReasonStatistics(
        said.text("reviewer_1"),
        said.text("reviewer_2"),
        categories=tuple(map(str, said.content.get("categories") or ())),
        n_both=said.count("n_both"),
        table=said.table(),
        percent=said.number("percent"),
        cohen=said.estimate("cohen"),
        specific=said.numbers("specific"),
    )


def read_machine(said: Said) -> MachineOnTrial:
    """Return an AI on trial as ``MachineOnTrial.to_json`` wrote it."""
    return MachineOnTrial(
        said.text("reviewer"),
        tool=said.text("tool"),
        version=said.text("version"),
        prompt=said.text("prompt"),
        n_undecided=said.count("n_undecided"),
        n_unclear=said.count("n_unclear"),
        trial=Trial(
            said.count("n"),
            both_include=said.count("both_include"),
            only_people_include=said.count("only_people_include"),
            only_ai_includes=said.count("only_ai_includes"),
            both_exclude=said.count("both_exclude"),
            recall=said.share("recall"),
            precision=said.share("precision"),
            specificity=said.share("specificity"),
            work_saved=said.number("work_saved"),
            wss=said.number("wss"),
            n_more_includes=said.whole("n_more_includes"),
            n_more_records=said.whole("n_more_records"),
            why=said.why(),
        ),
    )
