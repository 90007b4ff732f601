# ruff: noqa: E501  one identity, one line
"""What must be equal in a PRISMA 2020 flow that adds up, and whether it is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from peerreview.flow import AWAITING, BOXES, IDENTIFIED, OTHER_METHODS, Flow, few, is_right


@dataclass(frozen=True)
class Identity:
    """
    What must be equal, or in order, in a flow that adds up.

    ``formula`` is over boxes; ``box?`` counts as nothing where it is blank,
    ``box[]`` is the sum of a box's parts. ``item`` is that of the PRISMA
    2020 checklist. ``applies`` names boxes of which one must be known for the
    identity to be of this flow at all. ``level`` is ``error``, or ``warning``
    for what may have a good reason. ``columns`` is 1 or 2 where the identity
    is only of a flow of so many columns.
    """

    id: str
    formula: str
    item: str
    says: str
    level: str = "error"
    applies: tuple[str, ...] = ()
    columns: int = 0


_SEEN_OTHER = (*OTHER_METHODS.values(), "other_sought", "other_assessed")
_UPDATE = ("previous_studies", "previous_reports", "total_studies", "total_reports")
IDENTITIES = (
    Identity("D0", "databases[] = databases", "16a", "records per database add up", applies=("databases[]",)),
    Identity("D0", "registers[] = registers", "16a", "records per register add up", applies=("registers[]",)),
    Identity("D1", "databases + registers? - duplicates - automation? - other_reasons? = screened + awaiting_screening?", "16a", "identified less removed is screened", columns=2),
    Identity("D1", "databases + registers? + websites? + organisations? + citation_searching? + hand_searching? + grey_literature? + other_sources? - duplicates - automation? - other_reasons? = screened + awaiting_screening?", "16a", "identified less removed is screened", columns=1),
    Identity("D2", "screened - excluded = sought", "16a", "screened less excluded is sought"),
    Identity("D2a", "excluded_human + excluded_automation = excluded", "8", "excluded by a human and by automation tools add up", applies=("excluded_human", "excluded_automation")),
    Identity("D2b", "excluded[] = excluded", "16a", "reasons at title and abstract add up", applies=("excluded[]",)),
    Identity("D3", "sought - not_retrieved - awaiting_retrieval? = assessed + awaiting_assessment?", "16a", "sought less not retrieved is assessed"),
    Identity("D4", "reports_excluded[] = reports_excluded", "16b", "each report excluded has one primary reason", applies=("reports_excluded",)),
    Identity("O1", "websites? + organisations? + citation_searching? + hand_searching? + grey_literature? + other_sources? = other_sought", "16a", "found by other methods is sought", "warning", applies=_SEEN_OTHER),
    Identity("O2", "other_sought - other_not_retrieved - other_awaiting_retrieval? = other_assessed + other_awaiting_assessment?", "16a", "other methods: sought less not retrieved is assessed", applies=_SEEN_OTHER),
    Identity("O3", "other_reports_excluded[] = other_reports_excluded", "16b", "other methods: each report excluded has one primary reason", applies=("other_reports_excluded",)),
    Identity("I1", "assessed - reports_excluded + other_assessed? - other_reports_excluded? = reports + reports_of_previous?", "16a", "assessed less excluded is reports included"),
    Identity("I2", "studies <= reports", "17", "each report included belongs to one study, each study has a report"),
    Identity("I3", "studies_ma <= studies + previous_studies?", "20b", "studies in a meta-analysis are included studies", applies=("studies_ma",)),
    Identity("U1", "previous_studies + studies = total_studies", "16a", "previous and new studies are all studies", applies=_UPDATE),
    Identity("U2", "total_reports >= previous_reports + reports", "16a", "previous and new reports are among all reports", applies=_UPDATE),
)  # fmt: skip
"""After the PRISMA 2020 flow diagram's boxes: Page et al. (2021), doi:10.1136/bmj.n71."""
_TERM = re.compile(r"([+-]?)\s*([a-z_]+(?:\[\])?)(\??)")


class Term(NamedTuple):
    """A box within an identity; an ``optional`` one counts as nothing where it is blank."""

    sign: int
    key: str
    optional: bool


@dataclass(frozen=True)
class Verdict:
    """
    Whether an identity holds.

    ``status`` is ``holds``, ``fails`` or ``cannot be checked``; ``d`` is the
    left side less the right one; ``why`` says which operand is missing or
    what the numbers are; ``hint`` names boxes that hold just ``d``.
    ``records`` are those that one side has and the other not.
    """

    id: str
    says: str
    status: str
    level: str
    d: int | None = None
    why: str = ""
    hint: str = ""
    records: tuple[str, ...] = ()

    def __str__(self) -> str:
        d = f" by {self.d:+,}" if self.status == "fails" and self.d else ""
        return ": ".join(filter(None, [f"{self.id} {self.status}{d}", self.why, self.hint]))


def sides(formula: str) -> tuple[str, list[Term], list[Term]]:
    """
    Return a formula's relation and the terms on its left and right.

    >>> sides("sought - not_retrieved = assessed + awaiting_assessment?")[2]
    [Term(sign=1, key='assessed', optional=False), Term(sign=1, key='awaiting_assessment', optional=True)]
    """
    left, relation, right = re.split(r"(<=|>=|=)", formula)

    def terms(side: str) -> list[Term]:
        return [Term(-1 if sign == "-" else 1, key, bool(mark)) for sign, key, mark in _TERM.findall(side)]

    return relation, terms(left), terms(right)


def check(flow: Flow) -> list[Verdict]:
    """
    Return a verdict on each identity of a flow.

    Counts are compared and, where both sides list their records, the records
    too: two wrong boxes that cancel out do not pass. R1 says whether each
    count is the number of records behind it, P1 whether anything is awaited.
    """
    columns = 1 if flow.is_one_column else 2
    verdicts = [_judge(flow, each) for each in IDENTITIES if each.columns in (0, columns)]
    listed = {key: box for key, box in flow.boxes.items() if box.ids}
    wrong = [
        f"{key} {box.n} for {len(box.ids):,} records" for key, box in listed.items() if box.n != len(box.ids)
    ]
    wrong += [
        f"{key} ({part.label}) {part.n:,} for {len(part.ids):,} records"
        for key, box in listed.items()
        for part in box.parts
        if part.n != len(part.ids)
    ]
    behind = "each count is the number of records behind it"
    if not listed:
        verdicts.append(
            Verdict("R1", behind, "cannot be checked", "error", why="no records stand behind the counts")
        )
    else:
        verdicts.append(Verdict("R1", behind, "fails" if wrong else "holds", "error", None, ", ".join(wrong)))
    waiting = [f"{key} {flow.n(key):,}" for key in AWAITING if flow.n(key)]
    verdicts.append(
        Verdict(
            "P1",
            "nothing awaits a decision",
            "fails" if waiting else "holds",
            "unfinished",
            flow.n_awaiting,
            ", ".join(waiting),
        )
    )
    return verdicts


def fails(verdicts: Sequence[Verdict], level: str = "error") -> list[Verdict]:
    """Return the verdicts of a level that fail; of ``error``, they make a flow inconsistent."""
    return [verdict for verdict in verdicts if verdict.status == "fails" and verdict.level == level]


def applies(flow: Flow, identity: Identity) -> bool:
    """Return whether an identity is of a flow at all."""
    if identity.columns and identity.columns != (1 if flow.is_one_column else 2):
        return False
    return not identity.applies or any(flow.n(key) is not None for key in identity.applies)


def _judge(flow: Flow, identity: Identity) -> Verdict:
    relation, left, right = sides(identity.formula)
    verdict = partial(Verdict, identity.id, identity.says, level=identity.level)
    if not applies(flow, identity):
        of = identity.applies[0]
        blank = f"{of.removesuffix('[]')} is not broken down" if of.endswith("[]") else f"{of} is blank"
        return verdict(status="cannot be checked", why=blank)
    missing = [term.key for term in left + right if flow.n(term.key) is None and _is_needed(flow, term)]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        return verdict(status="cannot be checked", why=f"{few(missing)} {are} blank")
    d = _total(flow, left) - _total(flow, right)
    broken = {"=": d != 0, "<=": d > 0, ">=": d < 0}[relation]
    said = [text for of, text in flow.findings if of == identity.id]
    if identity.id == "I2" and flow.n("reports") and not flow.n("studies"):
        said.append("reports without a study")
    strays = _strays(flow, left, right) if relation == "=" else []
    if strays and not said:
        said.append(f"not on both sides: {few(strays)}")
    sign = "is not " + relation.removeprefix("=") if broken else relation
    why = f"{_sum(flow, left)} {sign.strip()} {_sum(flow, right)}"
    if broken or said:
        return verdict(
            status="fails",
            d=d,
            why="; ".join([why, *said]),
            hint=_hint(flow, abs(d), {term.key for term in left + right}) if broken else "",
            records=tuple(strays),
        )
    return verdict(status="holds", d=d, why=why)


def _is_needed(flow: Flow, term: Term) -> bool:
    # A review with other methods states their boxes: blank is then missing, not absent.
    later_right = is_right(term.key) and term.key not in (*IDENTIFIED, *AWAITING)
    return not term.optional or (later_right and not flow.is_one_column and flow.has_other_methods)


def _total(flow: Flow, side: Sequence[Term]) -> int:
    return sum(term.sign * (flow.n(term.key) or 0) for term in side)


def _sum(flow: Flow, side: Sequence[Term]) -> str:
    known = [(term.sign, flow.n(term.key)) for term in side if flow.n(term.key) is not None]
    return " ".join(f"{'+' if sign > 0 else '-'} {n:,}" for sign, n in known).removeprefix("+ ") or "0"


def _strays(flow: Flow, left: Sequence[Term], right: Sequence[Term]) -> list[str]:
    """Return records that are not on both sides, where every operand lists its records."""
    balance: Counter[str] = Counter()
    for side, terms in ((1, left), (-1, right)):
        for term in terms:
            box = flow[term.key.removesuffix("[]")]
            lists = [part.ids for part in box.parts] if term.key.endswith("[]") else [box.ids]
            if sum(map(len, lists)) != (flow.n(term.key) or 0):
                return []
            count = balance.update if side * term.sign > 0 else balance.subtract
            for ids in lists:
                count(ids)
    return sorted(record for record, n in balance.items() if n)


def _hint(flow: Flow, d: int, own: set[str]) -> str:
    own = own - set(OTHER_METHODS.values())
    same = [key for key in BOXES if flow.n(key) == d and key not in own]
    same += [f"{key} ({part.label})" for key in BOXES for part in flow[key].parts if part.n == d]
    return f"{d:,} is also the count of {few(same)}" if same else ""
