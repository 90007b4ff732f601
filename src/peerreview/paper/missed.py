"""Papers that somebody misses: where each left the review, or that no search found it; recall by source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from peerreview.paper.sheets import percent
from peerreview.paper.telling import OVERRIDDEN, say, standing
from peerreview.values.lists import series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.paper.trail import Trail

SCHEMA = "peerreview/why-not/1"
RECALL_SCHEMA = "peerreview/recall/1"


@dataclass(frozen=True)
class Missed:
    """
    A paper that somebody misses, and what the review knows of it.

    ``works`` are the works of the review that bear its name, mostly one,
    ``how`` by what they were found, ``bearers`` which of their records bear
    it. Of a paper that no search found, ``possible`` are works that may be
    it, each with the rule that says so, ``worded`` some of the ``n_worded``
    whose titles have all its words, and ``nearest`` those with the most like
    title (or DOI: ``field``), with the likeness in [0, 1].
    ``place`` is the paper's in a list, as file and line.
    """

    named: str
    place: str = ""
    how: str = ""
    works: tuple[Trail, ...] = ()
    bearers: tuple[str, ...] = ()
    possible: tuple[tuple[str, Trail], ...] = ()
    nearest: tuple[tuple[float, Trail], ...] = ()
    field: str = "title"
    worded: tuple[Trail, ...] = ()
    n_worded: int = 0


def to_lines(missed: Missed) -> list[str]:
    """Return where a missed paper left the review, as a page to read aloud."""
    lines: list[str] = []
    if len(missed.works) > 1:
        lines += [f"{len(missed.works)} works of the review bear this name, by {missed.how}.", ""]
    for work in missed.works:
        lines += [work.citation, say(work), _found(missed, work), *_merged(missed, work), ""]
    if missed.works:
        return lines[:-1]
    lines.append(f"No search found {missed.named!r}.")
    return [*lines, *_instead(missed)]


def _found(missed: Missed, work: Trail) -> str:
    sources = list(dict.fromkeys(each.source for each in work.members))
    return f"Found by {missed.how} in {series(sources)}; trace {work.record_id} tells the whole."


def _merged(missed: Missed, work: Trail) -> list[str]:
    """Return that the paper's own record was merged into another, which may be the very fault."""
    own = [each.record_id for each in work.members if each.record_id in missed.bearers]
    if not own or work.record_id in own:
        return []
    rules = sorted(
        {
            f"the rule “{each.rule}”" if each.rule != OVERRIDDEN else "people's word"
            for each in work.pairs
            if each.record_id in own and each.verdict == "duplicate" and not each.by
        }
    )
    ids = f"record {own[0]} was" if len(own) == 1 else f"records {series(own)} were"
    how = f"by {series(rules)}; where they are two works, say distinct in overrides.csv"
    return [f"Its {ids} merged into {work.record_id}, {how}."]


def _instead(missed: Missed, indent: str = "") -> list[str]:
    lines = []
    if missed.possible:
        lines.append(f"{indent}It may be, for people to judge:")
        lines += [f"{indent}  {_work(work)}, by the rule “{rule}”" for rule, work in missed.possible]
    if missed.worded:
        is_cut = missed.n_worded > len(missed.worded)
        more = f" ({missed.n_worded:,}; the first {len(missed.worded)})" if is_cut else ""
        lines.append(f"{indent}With all of these words{more}:")
        lines += [f"{indent}  {_work(work)}" for work in missed.worded]
    if missed.nearest:
        lines.append(f"{indent}Nearest by {missed.field}:")
        lines += [f"{indent}  {likeness:.2f}  {_work(work)}" for likeness, work in missed.nearest]
    return lines or [f"{indent}No record comes near by {missed.field}."]


def _work(work: Trail) -> str:
    return f"{work.citation} {say(work)} {work.record_id}"


@dataclass(frozen=True)
class Recall:
    """
    Which of some known papers the searches found.

    ``papers`` are all, each once; ``by_source`` says of each source how many
    it found and how many it alone; ``standing`` how many of those found stand where.
    """

    papers: tuple[Missed, ...]
    n_references: int
    by_source: tuple[tuple[str, int, int], ...]
    standing: tuple[tuple[str, int], ...]

    @property
    def found(self) -> tuple[Missed, ...]:
        """The papers that the searches found: those that are one work of the review."""
        return tuple(each for each in self.papers if len(each.works) == 1)


def recall(papers: Sequence[Missed], n_references: int, sources: Sequence[str]) -> Recall:
    """
    Return how many of the known papers each search found.

    Two references that are one work of the review are one paper.

    Parameters
    ----------
    sources : all sources of the review, in their order, also those that found none.

    References
    ----------
    Relative recall of a search against known papers: Sampson et al. (2006),
    doi:10.1016/j.jclinepi.2005.08.018; PRISMA-S, item 15, doi:10.1186/s13643-020-01542-z.
    """
    once = {each.works[0].record_id if len(each.works) == 1 else f"{number} {each.place}": each
            for number, each in reversed(list(enumerate(papers)))}  # fmt: skip
    kept = tuple(each for each in papers if each in once.values())
    finders = [{member.source for member in each.works[0].members} for each in kept if len(each.works) == 1]
    ends = Counter(standing(each.works[0].end) for each in kept if len(each.works) == 1)
    return Recall(
        kept,
        n_references,
        tuple(
            (source, sum(source in each for each in finders), sum(each == {source} for each in finders))
            for source in sources
        ),
        tuple(sorted(ends.items(), key=lambda each: (-each[1], each[0]))),
    )


def recall_lines(found: Recall) -> list[str]:
    """Return the recall of the searches, with n of N, and each paper's place in the review."""
    n, n_found = len(found.papers), len(found.found)
    again = "" if n == found.n_references else f" ({found.n_references} references)"
    lines = [
        f"The searches found {n_found} of {n} known papers{again}, {percent(n_found, n) or 'none known'}."
    ]
    width = max((len(source) for source, *_ in found.by_source), default=0)
    lines += ["", "By source"]
    for source, n_here, n_alone in found.by_source:
        alone = f", {n_alone} of them nowhere else" if n_alone else ""
        lines.append(f"  {source:<{width}}  {n_here} of {n}{alone}")
    if found.standing:
        lines += ["", "Where they stand"]
        lines += [f"  {said}: {number} of {n}" for said, number in found.standing]
    missing = [each for each in found.papers if not each.works]
    if missing:
        lines += ["", "Found by no search"]
        for each in missing:
            lines += [f"  {each.place}: {each.named}", *_instead(each, "    ")]
    unsure = [each for each in found.papers if len(each.works) > 1]
    if unsure:
        lines += ["", "Several works bear the name; not counted as found"]
        for each in unsure:
            lines += [f"  {each.place}: {each.named}", *(f"    {_work(work)}" for work in each.works)]
    if found.found:
        lines += ["", "Found"]
        for each in found.found:
            lines += [f"  {each.place}: {each.named}", f"    {say(each.works[0])} {each.works[0].record_id}"]
    return lines


def to_json(missed: Missed) -> dict[str, Any]:
    """Return a missed paper as plain data."""
    return {"schema": SCHEMA, **_plain(missed)}


def recall_json(found: Recall) -> dict[str, Any]:
    """Return the recall of the searches as plain data."""
    return {
        "schema": RECALL_SCHEMA,
        "n_references": found.n_references,
        "n_papers": len(found.papers),
        "n_found": len(found.found),
        "sources": [{"source": source, "n": n, "n_alone": n_alone} for source, n, n_alone in found.by_source],
        "papers": [_plain(each) for each in found.papers],
    }


def _plain(missed: Missed) -> dict[str, Any]:
    return {
        "named": missed.named,
        "place": missed.place,
        "found": bool(missed.works),
        "how": missed.how,
        "works": [_brief(work) for work in missed.works],
        "possible": [{"rule": rule, **_brief(work)} for rule, work in missed.possible],
        "worded": [_brief(work) for work in missed.worded],
        "nearest": [
            {"likeness": likeness, "field": missed.field, **_brief(work)} for likeness, work in missed.nearest
        ],
    }


def _brief(work: Trail) -> dict[str, Any]:
    return {
        "record_id": work.record_id,
        "citation": work.citation,
        "end": work.end,
        "said": say(work),
        "sources": list(dict.fromkeys(each.source for each in work.members)),
    }
