"""A record's life in words: where it left the review in a sentence, the whole on a page, or as plain data."""

from __future__ import annotations

from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.flow import IDENTIFIED, OF_STUDIES, marks
from peerreview.paper import STAGES
from peerreview.paper.trail import EARLIER, AtStage, Cast, InBox, Member, Pair, Trail
from peerreview.screening.votes import is_day, moment
from peerreview.tables import DATABASE_KINDS, LIST, SYNTHETIC_NOTE, WITHDRAWN
from peerreview.values.lists import series

if TYPE_CHECKING:
    from peerreview.flow.labels import Labels

SCHEMA = "peerreview/trace/1"
OVERRIDDEN = "override"
"""The rule of ``duplicates.csv`` where people joined a pair."""
_LEFT_AT = MappingProxyType(
    {
        "automation": ("before_screening", "Removed before screening, as ineligible by an automation tool"),
        "other_reasons": ("before_screening", "Removed before screening"),
        "other_set_aside": ("", "Set aside before retrieval"),
        "excluded": ("title_abstract", "Excluded at title and abstract"),
        "not_retrieved": ("retrieval", "Not retrieved"),
        "reports_excluded": ("full_text", "Excluded at full text"),
    }
)
_WAITS_AT = MappingProxyType(
    {
        "awaiting_screening": ("title_abstract", "title and abstract"),
        "awaiting_retrieval": ("retrieval", "retrieval"),
        "awaiting_assessment": ("full_text", "full text"),
    }
)


def standing(end: str) -> str:
    """
    Return where works stand that end in a box, without reason and people.

    >>> standing("other_reports_excluded"), standing("awaiting_screening")
    ('Excluded at full text', 'Waits at title and abstract')
    """
    key = end if end in _LEFT_AT else end.removeprefix("other_")
    if key in _LEFT_AT:
        return _LEFT_AT[key][1]
    if key in _WAITS_AT:
        return f"Waits at {_WAITS_AT[key][1]}"
    return "Included" if end == "included" else "Counted in an earlier version of the review"


def say(trail: Trail) -> str:
    """Return in a sentence where the work stands: for which reason it left, by whom and when."""
    end, stages, studies = trail.end, trail.stages, trail.studies
    at = {each.stage: each for each in stages}
    key = end.removeprefix("other_") if end not in _LEFT_AT else end
    if end == EARLIER:
        return "Counted in an earlier version of the review."
    if end == "included":
        named = " and ".join(
            f"{each.study_id} ({each.label})" if each.label else each.study_id for each in studies
        )
        return f"Included, in study {named}." if named else "Included; no study in reports.csv yet."
    if key in _LEFT_AT:
        stage, words = _LEFT_AT[key]
        left = at.get(stage) or next(
            (each for each in stages if each.outcome in ("exclude", "not_retrieved")), None
        )
        if left is None:
            return f"{words}."
        reason = (
            f": {left.reason}" if left.reason else ", no reason given" if key == "reports_excluded" else ""
        )
        return f"{words}{reason}{_by(left)}."
    stage, words = _WAITS_AT[key]
    here = at.get(stage)
    if here is None or not here.outcome:
        return f"Waits at {words}: not settled yet."
    names = f", {series(here.reviewers)} voted" if here.reviewers else ", nobody voted yet"
    problem = f" ({here.problem})" if here.problem else ""
    return f"Waits at {words}: {here.outcome}{problem}{names}."


def _by(stage: AtStage) -> str:
    who = f" by {series(stage.reviewers)}" if stage.reviewers else ""
    how = f", settled by {_SETTLED[stage.resolved_by]}" if stage.resolved_by in _SETTLED else ""
    when = f", {stage.day}" if stage.day else ""
    return f" –{who}{how}{when}" if who or how or when else ""


_SETTLED = MappingProxyType(
    {"consensus": "consensus", "adjudicator": "an adjudicator", "automation": "automation"}
)


_AT = MappingProxyType({"before_screening": "Before screening", "retrieval": "Retrieval"} | STAGES)
_DONE = MappingProxyType(
    {
        "include": "included", "exclude": "excluded", "not_retrieved": "not retrieved",
        "conflict": "in conflict", "pending": "waits for votes",
    }
)  # fmt: skip


def to_lines(trail: Trail, labels: Labels) -> list[str]:
    """Return a life as a page that can be read aloud."""
    lines = [trail.citation]
    if trail.pmid:
        lines[0] += f" PMID {trail.pmid}."
    if trail.asked != trail.record_id:
        removed = next(
            (
                pair
                for pair in trail.pairs
                if pair.record_id == trail.asked and pair.verdict == "duplicate" and not pair.by
            ),
            None,
        )
        lines += ["", f"{trail.asked} was removed as a duplicate of {trail.record_id}{because(removed)}."]
    lines += ["", say(trail), "", "Found"]
    lines += [f"  {_found(each)}" for each in trail.members]
    if trail.pairs:
        lines += ["", "Duplicates", *(f"  {each}" for each in _of_pairs(trail))]
    for each in trail.stages:
        lines += ["", _AT[each.stage], *(f"  {_vote(vote, trail)}" for vote in each.votes)]
        if each.outcome:
            reason = f": {each.reason}" if each.reason else ""
            problem = f" ({each.problem})" if each.problem else ""
            lines.append(f"  Outcome: {_DONE[each.outcome]}{problem}{reason}{_by(each)}")
    for study in trail.studies:
        label = f", {study.label}" if study.label else ""
        lines += ["", f"Study {study.study_id}{label}"]
        others = [each for each in study.reports if each != trail.record_id]
        if others:
            lines.append(f"  Other reports: {', '.join(others)}")
        lines.append(f"  Themes: {LIST.join(study.themes) if study.themes else 'none coded'}")
    lines += ["", "In the flow"]
    lines += [f"  {each}" for each in _in_boxes(trail, labels)] or ["  in no box"]
    cited = ", ".join(f"table {name}" for name in trail.cited_in)
    lines += ["", f"Cited in: {cited or 'no table'}"]
    return [*lines, "", SYNTHETIC_NOTE] if any(marks(each.basis) for each in trail.boxes) else lines


def because(pair: Pair | None) -> str:
    """Return by which rule, or by whose word, a record was removed, and why; to stand behind a sentence."""
    if pair is None:
        return ""
    if pair.rule == OVERRIDDEN:
        return ", as people said"
    return f", by the rule “{pair.rule}”" + (f": {pair.why}" if pair.why else "") if pair.rule else ""


def _found(member: Member) -> str:
    when = f", searched {member.searched_on}" if member.searched_on else ""
    update = f", round {member.round}" if member.round not in ("", "1") else ""
    kind = "" if member.source_kind in DATABASE_KINDS else f" ({member.source_kind.replace('_', ' ')})"
    line = f", line {member.source_line}" if member.source_line else ""
    return f"{member.source}{kind}{when}{update}: {member.source_file or 'no file'}{line}; {member.record_id}"


def _of_pairs(trail: Trail) -> list[str]:
    """Return what was said of the work's records; those removed by one rule in one line."""
    removed: dict[str, list[str]] = {}
    for pair in trail.pairs:
        if pair.verdict == "duplicate" and not pair.by:
            removed.setdefault(because(pair), []).append(pair.record_id)
    lines = []
    for how, ids in removed.items():
        were = "was removed as a duplicate" if len(ids) == 1 else "were removed as duplicates"
        lines.append(f"{series(ids)} {were} of {trail.record_id}{how}")
    for pair in trail.pairs:
        one, other = pair.record_id, pair.other
        why = f": {pair.why}" if pair.why else ""
        if pair.by:
            said = "one" if pair.verdict == "duplicate" else "two"
            lines.append(f"{pair.by} said that {one} and {other} are {said}{why}")
        elif pair.verdict != "duplicate":
            how = f"related ({pair.relation})" if pair.relation else "related"
            how = how if pair.verdict == "related" else "possibly one work, and not judged yet"
            lines.append(f"{one} and {other} are {how}{because(pair)}")
    return lines


def _vote(vote: Cast, trail: Trail) -> str:
    role = "" if vote.role == "reviewer" else f" ({vote.role})"
    reason = f": {vote.reason}" if vote.reason else ""
    on = f", cast on {vote.cast_on}" if vote.cast_on != trail.record_id else ""
    said = "took the vote back" if vote.decision == WITHDRAWN else vote.decision.replace("_", " ")
    return f"{vote.reviewer}{role}: {said}{reason}, {_day(vote.decided_at)}{on}"


def _day(decided_at: str) -> str:
    """
    Return when a vote was cast, as people write it.

    >>> _day("2024-01-15T14:01:56Z"), _day("2024-01-15"), _day("")
    ('2024-01-15 14:01 UTC', '2024-01-15', 'no date')
    """
    at = moment(decided_at)
    if at is None:
        return decided_at or "no date"
    return f"{at:%Y-%m-%d}" if is_day(decided_at) else f"{at:%Y-%m-%d %H:%M} {at.tzname()}"


def _in_boxes(trail: Trail, labels: Labels) -> list[str]:
    """Return each box, or its part, and what of the work is counted there if not the record kept alone."""
    lines = []
    seen: dict[tuple[str, str], list[InBox]] = {}
    for each in trail.boxes:
        seen.setdefault((each.box, each.part), []).append(each)
    studies = {each.study_id for each in trail.studies}
    for (box, part), here in seen.items():
        if not part and any(key == box and other for key, other in seen):
            continue
        name = _name(box, labels)
        who = [each.counted for each in here]
        who = [] if who == [trail.record_id] else who
        named = [f"study {each}" if each in studies and box in OF_STUDIES else each for each in who]
        told = f": {', '.join(named)}" if named else ""
        count = labels.count(here[0].n).replace("\xa0", " ") + marks(here[0].basis)
        lines.append(f"{name}{f', {part}' if part else ''} {count}{told}")
    return lines


def _name(box: str, labels: Labels) -> str:
    if box in IDENTIFIED:
        return f"{labels['headings.identified']} {labels.full(box)}"
    if box in ("excluded_human", "excluded_automation"):
        return f"{labels.full('excluded')} {labels.box(box)}"
    return labels.full(box)


def to_json(trail: Trail) -> dict[str, Any]:
    """Return a life as plain data."""
    return {"schema": SCHEMA, "said": say(trail), **asdict(trail)}
