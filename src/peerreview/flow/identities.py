# ruff: noqa: E501  one identity, one line
"""What must be equal in a PRISMA 2020 flow that adds up, and whether it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from peerreview import tables
from peerreview.flow import AWAITING, BOXES, IDENTIFIED, OTHER_METHODS, TYPED, UNFINISHED, Flow, is_right
from peerreview.flow.bounds import Bounds, Clash, Rule, Term, find_bounds, sides


@dataclass(frozen=True)
class Identity:
    """
    What must be equal, or in order, in a flow that adds up.

    ``formula`` is over boxes; ``box?`` counts as nothing where it is blank,
    ``box[]`` is the sum of a box's parts. ``item`` is that of the PRISMA
    2020 checklist. ``applies`` names boxes of which one must be known for the
    identity to be of this flow at all; where none is, a ``quiet`` one is not
    mentioned. ``level`` is ``error``, or ``warning`` for what may have a good
    reason. ``columns`` is 1 or 2 where the identity is only of a flow of so
    many columns, ``review`` is ``new`` or ``updated`` where it is only of such a one.
    """

    id: str
    formula: str
    item: str
    says: str
    level: str = "error"
    applies: tuple[str, ...] = ()
    columns: int = 0
    quiet: bool = False
    review: str = ""


_SIGNS = {1: "+", -1: "-"}
_SEEN_OTHER = (*OTHER_METHODS.values(), "other_sought", "other_assessed")
_UPDATE = ("previous_studies", "previous_reports", "total_studies", "total_reports")
IDENTITIES = (
    Identity("D0", "databases[] = databases", "16a", "records per database add up", applies=("databases[]",)),
    Identity("D0", "registers[] = registers", "16a", "records per register add up", applies=("registers[]",)),
    *(Identity("D0", f"{key}[] = {key}", "16a", "records per source of other methods add up", applies=(f"{key}[]",), quiet=True) for key in OTHER_METHODS.values()),
    Identity("D1", "databases? + registers? - duplicates - automation? - other_reasons? = screened + awaiting_screening?", "16a", "identified less removed is screened", columns=2),
    Identity("D1", "databases? + registers? + websites? + organisations? + citation_searching? + hand_searching? + grey_literature? + other_sources? - duplicates - automation? - other_reasons? = screened + awaiting_screening?", "16a", "identified less removed is screened", columns=1),
    Identity("D2", "screened - excluded = sought", "16a", "screened less excluded is sought"),
    Identity("D2a", "excluded_human + excluded_automation = excluded", "8", "excluded by a human and by automation tools add up", applies=("excluded_human", "excluded_automation")),
    Identity("D2b", "excluded[] = excluded", "16a", "reasons at title and abstract add up", applies=("excluded[]",)),
    Identity("D3", "sought - not_retrieved - awaiting_retrieval? = assessed + awaiting_assessment?", "16a", "sought less not retrieved is assessed"),
    Identity("D4", "reports_excluded[] = reports_excluded", "16b", "each report excluded has one primary reason", applies=("reports_excluded",)),
    Identity("D5", "reports_excluded <= assessed", "16a", "reports excluded are among those assessed", applies=("reports_excluded",)),
    Identity("O1", "websites? + organisations? + citation_searching? + hand_searching? + grey_literature? + other_sources? = other_sought", "16a", "found by other methods is sought", "warning", applies=_SEEN_OTHER),
    Identity("O2", "other_sought - other_not_retrieved - other_awaiting_retrieval? = other_assessed + other_awaiting_assessment?", "16a", "other methods: sought less not retrieved is assessed", applies=_SEEN_OTHER),
    Identity("O3", "other_reports_excluded[] = other_reports_excluded", "16b", "other methods: each report excluded has one primary reason", applies=("other_reports_excluded",)),
    Identity("O4", "other_reports_excluded <= other_assessed", "16a", "other methods: reports excluded are among those assessed", applies=("other_reports_excluded",)),
    Identity("I1", "assessed - reports_excluded + other_assessed? - other_reports_excluded? = reports + reports_of_previous? + awaiting_study?", "16a", "assessed less excluded is reports included", review="updated"),
    Identity("I1", "assessed - reports_excluded + other_assessed? - other_reports_excluded? = reports + reports_of_previous? + retired_reports? + awaiting_study?", "16a", "assessed less excluded is reports included", review="new"),
    Identity("I2", "studies <= reports", "17", "each study has a report, each report a study", "warning"),
    Identity("I3", "studies_ma <= studies + previous_studies?", "20b", "studies in a meta-analysis are included studies", applies=("studies_ma",)),
    Identity("I3", "studies_ma <= total_studies", "20b", "studies in a meta-analysis are among all studies", applies=("total_studies",), quiet=True),
    Identity("I3", "reports_ma <= reports + previous_reports? + reports_of_previous?", "20b", "reports of studies in a meta-analysis are included reports", applies=("reports_ma",), quiet=True),
    Identity("U1", "previous_studies + studies - retired_studies? = total_studies", "16a", "previous and new studies are all studies", applies=_UPDATE),
    Identity("U2", "total_reports >= previous_reports + reports - retired_reports?", "16a", "previous and new reports are among all reports", applies=_UPDATE),
)  # fmt: skip
"""After the PRISMA 2020 flow diagram's boxes: Page et al. (2021), doi:10.1136/bmj.n71."""


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

    def to_data(self) -> dict[str, object]:
        """Return the verdict as plain data."""
        return {
            "id": self.id,
            "says": self.says,
            "level": self.level,
            "status": self.status,
            "d": self.d,
            "why": self.why,
            "hint": self.hint,
            "records": list(self.records),
        }


def check(flow: Flow) -> list[Verdict]:
    """
    Return a verdict on each identity of a flow.

    Counts are compared and, where both sides list their records, the records
    too: two wrong boxes that cancel out do not pass. Where a count is blank,
    the others still say how large it can be: an identity that leaves it no
    value fails. R1 says whether each count is the number of records behind
    it, P1 whether anything is awaited.
    """
    own = [each for each in IDENTITIES if _is_of(flow, each)]
    bounds = _find_bounds(flow, own)
    verdicts = [_judge(flow, each, bounds, position) for position, each in enumerate(own)]
    listed = {key: box for key, box in flow.boxes.items() if box.ids and box.basis != TYPED}
    wrong = [
        f"{key} {box.n} for {tables.counted(len(box.ids), 'record')}"
        for key, box in listed.items()
        if box.n != len(box.ids)
    ]
    wrong += [
        f"{key} ({part.label}) {part.n:,} for {tables.counted(len(part.ids), 'record')}"
        for key, box in listed.items()
        for part in box.parts
        if part.n != len(part.ids) and part.basis != TYPED
    ]
    behind = "each count is the number of records behind it"
    if not listed:
        verdicts.append(
            Verdict("R1", behind, "cannot be checked", "error", why="no records stand behind the counts")
        )
    else:
        verdicts.append(Verdict("R1", behind, "fails" if wrong else "holds", "error", None, ", ".join(wrong)))
    waiting = [f"{key} {flow.n(key):,}" for key in (*AWAITING, "awaiting_study") if flow.n(key)]
    waiting += [f"{UNFINISHED[kind]} {names}" for kind, names in flow.unfinished]
    verdicts.append(
        Verdict(
            "P1",
            "nothing awaits a decision, a study or its records",
            "fails" if waiting else "holds",
            "unfinished",
            flow.n_awaiting + (flow.n("awaiting_study") or 0),
            "; ".join(waiting) if flow.unfinished else ", ".join(waiting),
        )
    )
    return verdicts


def fails(verdicts: Sequence[Verdict], level: str = "error") -> list[Verdict]:
    """Return the verdicts of a level that fail; of ``error``, they make a flow inconsistent."""
    return [verdict for verdict in verdicts if verdict.status == "fails" and verdict.level == level]


def applies(flow: Flow, identity: Identity) -> bool:
    """Return whether an identity is of a flow at all."""
    if not _is_of_its_kind(flow, identity):
        return False
    return not identity.applies or any(flow.n(key) is not None for key in identity.applies)


def _is_of(flow: Flow, identity: Identity) -> bool:
    """Return whether a verdict on an identity is worth a line."""
    return _is_of_its_kind(flow, identity) and (not identity.quiet or applies(flow, identity))


def _is_of_its_kind(flow: Flow, identity: Identity) -> bool:
    """Return whether an identity is of a flow of so many columns, and of a new review or an update."""
    is_of = identity.review in ("", "updated" if flow.is_updated else "new")
    return is_of and identity.columns in (0, 1 if flow.is_one_column else 2)


def _find_bounds(flow: Flow, own: Sequence[Identity]) -> Bounds:
    """Return what the blank counts of a flow can be, and the identities, by position, that leave them none."""
    rules = []
    for identity in own:
        relation, left, right = sides(identity.formula)
        turn = -1 if relation == ">=" else 1
        terms = tuple(
            (turn * side * term.sign, term.key)
            for side, terms in ((1, left), (-1, right))
            for term in terms
            if flow.n(term.key) is not None or _is_needed(flow, term)
        )
        # What may have a good reason to differ says nothing of other counts.
        is_strict = identity.level == "error" and applies(flow, identity)
        rules.append(Rule(terms if is_strict else (), relation != "="))
    keys = {key for rule in rules for _, key in rule.terms}
    return find_bounds(rules, {key: n for key in keys if (n := flow.n(key)) is not None})


def _judge(flow: Flow, identity: Identity, bounds: Bounds, position: int) -> Verdict:
    relation, left, right = sides(identity.formula)
    verdict = partial(Verdict, identity.id, identity.says, level=identity.level)
    if not applies(flow, identity):
        of = identity.applies[0]
        blank = f"{of.removesuffix('[]')} is not broken down" if of.endswith("[]") else f"{of} is blank"
        return verdict(status="cannot be checked", why=blank)
    if identity.id == "I2":
        return _judge_reports_of_studies(flow, verdict(status="holds"))
    missing = [term.key for term in left + right if flow.n(term.key) is None and _is_needed(flow, term)]
    own = {term.key for term in left + right}
    if missing:
        if clash := bounds.clashes.get(position):
            return verdict(status="fails", why=_why(flow, clash), hint=_hint(flow, clash.by, own))
        are = "is" if len(missing) == 1 else "are"
        return verdict(status="cannot be checked", why=f"{tables.few(missing)} {are} blank")
    d = _total(flow, left) - _total(flow, right)
    broken = {"=": d != 0, "<=": d > 0, ">=": d < 0}[relation]
    said = [text for of, text in flow.findings if of == identity.id]
    strays = _strays(flow, left, right) if relation == "=" else []
    if strays and not said:
        said.append(f"not on both sides: {tables.few(strays)}")
    sign = "is not " + relation.removeprefix("=") if broken else relation
    why = f"{_sum(flow, left)} {sign.strip()} {_sum(flow, right)}"
    if broken or said:
        return verdict(
            status="fails",
            d=d,
            why="; ".join([why, *said]),
            hint=_hint(flow, abs(d), own) if broken else "",
            records=tuple(strays),
        )
    return verdict(status="holds", d=d, why=why)


def _judge_reports_of_studies(flow: Flow, verdict: Verdict) -> Verdict:
    """
    Return the verdict on I2, which is wrong only where there are studies without reports, or reports without.

    One article may report two trials, so that there may be fewer reports than
    studies; where the links are not known it is worth another look.
    """
    studies, reports = flow.n("studies"), flow.n("reports")
    if studies is None or reports is None:
        blank = [key for key, n in (("studies", studies), ("reports", reports)) if n is None]
        are = "is" if len(blank) == 1 else "are"
        return replace(verdict, status="cannot be checked", why=f"{tables.few(blank)} {are} blank")
    d = studies - reports
    why = f"{studies:,} {'<=' if d <= 0 else 'is not <='} {reports:,}"
    earlier = flow.n("reports_of_previous") or flow.n("previous_reports")
    if (reports and not studies) or (studies and not reports and not earlier):
        without = "reports without a study" if reports else "studies without a report"
        return replace(verdict, status="fails", level="error", d=d, why=f"{why}; {without}")
    if d <= 0:
        return replace(verdict, status="holds", d=d, why=why)
    if flow.reports_of:
        shared = "; ".join(f"{report} ({', '.join(of)})" for report, of in flow.shared_reports.items())
        return replace(
            verdict,
            status="holds",
            d=d,
            why=f"{studies:,} studies in {reports:,} reports, of which some tell of several: {shared}",
        )
    several = "a report may tell of several studies; see that no study is counted twice"
    return replace(verdict, status="fails", d=d, why=f"{why}; {several}")


def _why(flow: Flow, clash: Clash) -> str:
    """Return a clash as the count that is too large and what it cannot be more than."""
    order = {key: place for place, key in enumerate(BOXES)}
    last = max(
        (key for key, times in clash.of.items() if times < 0), key=lambda key: order[key.removesuffix("[]")]
    )
    rest = sorted((key for key in clash.of if key != last), key=lambda key: order[key.removesuffix("[]")])
    named = " ".join(
        f"{'+' if clash.of[key] > 0 else '-'} {key} {abs(clash.of[key]) * (flow.n(key) or 0):,}"
        for key in rest
    )
    n = -clash.of[last] * (flow.n(last) or 0)
    most = f" = {n - clash.by:,}" if len(rest) > 1 else ""
    return f"{last} {n:,} is more than {named.removeprefix('+ ') or '0'}{most}"


def _is_needed(flow: Flow, term: Term) -> bool:
    # A review with other methods states their boxes: blank is then missing, not absent.
    if term.key in ("previous_studies", "previous_reports"):
        return not term.optional or any(flow.n(key) is not None for key in _UPDATE)
    if term.key == "databases":
        # A review of registers alone, counted from its records, has no line for databases.
        return not flow["registers"].ids
    later_right = is_right(term.key) and term.key not in (*IDENTIFIED, *AWAITING)
    return not term.optional or (later_right and not flow.is_one_column and flow.has_other_methods)


def _total(flow: Flow, side: Sequence[Term]) -> int:
    return sum(term.sign * (flow.n(term.key) or 0) for term in side)


def _sum(flow: Flow, side: Sequence[Term]) -> str:
    known = [(term.sign, flow.n(term.key)) for term in side if flow.n(term.key) is not None]
    return " ".join(f"{_SIGNS[sign]} {n:,}" for sign, n in known).removeprefix("+ ") or "0"


def _strays(flow: Flow, left: Sequence[Term], right: Sequence[Term]) -> list[str]:
    """Return records that are not on both sides, where every operand lists its records."""
    balance: Counter[str] = Counter()
    for side, terms in ((1, left), (-1, right)):
        for term in terms:
            box = flow[term.key.removesuffix("[]")]
            lists = [part.ids for part in box.parts] if term.key.endswith("[]") else [box.ids]
            if sum(map(len, lists)) != (flow.n(term.key) or 0):
                return []
            count = balance.update if term.sign == side else balance.subtract
            for ids in lists:
                count(ids)
    return sorted(record for record, n in balance.items() if n)


def _hint(flow: Flow, d: int, own: set[str]) -> str:
    own = own - set(OTHER_METHODS.values())
    same = [key for key in BOXES if flow.n(key) == d and key not in own]
    same += [f"{key} ({part.label})" for key in BOXES for part in flow[key].parts if part.n == d]
    return f"{d:,} is also the count of {tables.few(same)}" if same else ""
