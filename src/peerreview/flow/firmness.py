"""
How firm each count of a flow is: the least and the most that it could still become.

The rules, each of a record (a cluster of duplicates is one) by itself:

- *possible duplicates*: any of the pairs that nobody has judged may be duplicates. Of records that turn out
  to be one, what was decided on any of them may stand; one of a database makes the whole a database's,
  unless that was found in a later round and nobody voted on it, and the kept one was judged before.
- *open decisions*: what awaits screening may be excluded there, not retrieved, or excluded or included at
  full text; what awaits retrieval or a first vote on its full text may be any of the last three; a full text
  that was voted on, or is in conflict, may be excluded or included.
- *one vote*: what a single reviewer decided may be decided otherwise by a second, as if it were open at that
  stage; what was decided after it stands if it does.
- *automation*: the same of what a tool decided, an AI or any other, where no person did.

A count is taken once everything is decided: boxes that await something are left out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from peerreview import tables
from peerreview.flow import AWAITING, OTHER_METHODS, Cause, Flow, Interval
from peerreview.tables import DATABASE_KINDS, LIST, OPEN, STAGES

_BOXES_LEFT = {
    "automated": ("automation",),
    "set aside": ("other_reasons",),
    "excluded": ("screened", "excluded", "excluded_human"),
    "excluded by a tool": ("screened", "excluded", "excluded_automation"),
    "not retrieved": ("screened", "sought", "not_retrieved"),
    "report excluded": ("screened", "sought", "assessed", "reports_excluded"),
    "included": ("screened", "sought", "assessed", "included"),
    "waiting": ("screened", "sought"),
}
"""The boxes that a record of a database or register passes, by where it ends."""
_ASIDE = ("other_set_aside",)
_BOXES_RIGHT = {
    **dict.fromkeys(("automated", "set aside", "excluded", "excluded by a tool"), _ASIDE),
    "not retrieved": ("other_sought", "other_not_retrieved"),
    "report excluded": ("other_sought", "other_assessed", "other_reports_excluded"),
    "included": ("other_sought", "other_assessed", "included"),
    "waiting": ("other_sought",),
}
_ASSESSED = ("report excluded", "included")
_SOUGHT = ("not retrieved", *_ASSESSED)
_SCREENED = ("excluded", *_SOUGHT)
_MOST_PAIRS = 12
"""Pairs that hang together of which all 2^12 ways to judge them are looked at; of more, a proven bound is."""


@dataclass(frozen=True)
class _Unit:
    """
    A cluster of duplicates as one record: its ``id`` in the flow, its column, and where it may end.

    ``order`` is that in which one of several is kept; ``box`` the first box of the right column. One that
    ``stays`` was judged as another method's: where it is kept, what a database found of it later is counted
    there, unless that was ``voted`` on at title and abstract. Both answers stand there where either may be.
    """

    id: str
    is_left: bool
    order: tuple[int, bool, str]
    box: str
    ends: frozenset[str]
    stays: frozenset[bool] = frozenset({False})
    voted: frozenset[bool] = frozenset({True})


def find_intervals(
    flow: Flow, records: pd.DataFrame, duplicates: pd.DataFrame, screening: pd.DataFrame
) -> dict[str, Interval]:
    """
    Return what each count could still become, by box; boxes that are firm are there, too.

    Parameters
    ----------
    flow : as it was counted from these tables.
    records : ``record_id, source_kind, round``.
    duplicates : ``record_id, duplicate_of, verdict``.
    screening : ``record_id, stage, outcome, reviewers, resolved_by``.
    """
    gathered = _gather(flow, records, duplicates, screening)
    found = {cause: _bounds(flow, gathered, {cause}) for cause in Cause}
    return {
        key: Interval(
            *bound, {cause: each[key] for cause, each in found.items() if each[key][0] != each[key][1]}
        )
        for key, bound in _bounds(flow, gathered, set(Cause)).items()
    }


@dataclass(frozen=True)
class _Gathered:
    """
    What is not firm of a flow, by the record kept of each cluster.

    ``kept`` is that of each record removed, ``pairs`` are those that nobody
    has judged, ``rows`` what screening says by record and stage, ``order``
    that in which one of several is kept. All else is as it is.
    """

    kept: Mapping[str, str]
    pairs: Collection[tuple[str, str]]
    rows: Mapping[tuple[str, str], tuple[str, str, str]]
    order: Mapping[str, tuple[int, bool, str]]


def _gather(
    flow: Flow, records: pd.DataFrame, duplicates: pd.DataFrame, screening: pd.DataFrame
) -> _Gathered:
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    kept = dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))
    possible = duplicates[duplicates["verdict"] == "possible"]
    pairs = set()
    for one, other in zip(possible["record_id"], possible["duplicate_of"], strict=True):
        low, high = sorted((kept.get(one, one), kept.get(other, other)))
        if low != high:
            pairs.add((low, high))
    by_votes = (screening["resolved_by"] == "votes") & ~screening["reviewers"].str.contains(LIST.strip())
    is_loose = by_votes | (screening["resolved_by"] == "automation")
    loose = {each for pair in pairs for each in pair} | set(screening.loc[is_loose, "record_id"])
    loose |= {kept.get(each, each) for key in AWAITING for each in flow[key].ids}
    rows = tables.rows(screening.loc[screening["record_id"].isin(loose), _COLUMNS])
    said = {
        (row["record_id"], row["stage"]): (row["outcome"], row["reviewers"], row["resolved_by"])
        for row in rows
    }
    here = tables.rows(records.loc[records["record_id"].isin(loose), ["record_id", "round", "source_kind"]])
    order = {
        # As dedupe keeps one: of other methods none comes before another.
        row["record_id"]: (
            int(row["round"] or 1),
            row["source_kind"] not in DATABASE_KINDS,
            row["record_id"],
        )
        for row in here
    }
    return _Gathered(kept, pairs, said, order)


_COLUMNS = ["record_id", "stage", "outcome", "reviewers", "resolved_by"]


def _bounds(flow: Flow, gathered: _Gathered, causes: Collection[Cause]) -> dict[str, tuple[int, int]]:
    """Return the least and the most of each box for some causes."""
    units = _units(flow, gathered, causes)
    pairs = gathered.pairs if Cause.DUPLICATES in causes else ()
    keys = _keys(flow)
    ids = {unit.id for unit in units.values()}
    # What is firm stays; so does what authors state, of which there are no records.
    least = {key: (flow.n(key) or 0) - sum(each in ids for each in flow[key].ids) for key in keys}
    most = dict(least)
    joined = {each for pair in pairs for each in pair}
    for name, unit in units.items():
        if name not in joined:
            _add(least, most, *_of_partition([[unit]], keys))
    for names, edges in _components(pairs):
        _add(least, most, *_of_component([units.get(name) for name in names], edges, keys))
    bounds = {key: (least[key], most[key]) for key in keys}
    for key in ("databases", "registers", "earlier_records"):
        if flow.n(key) is not None:
            bounds[key] = (flow.n(key) or 0, flow.n(key) or 0)
    if flow.n("studies") is not None and not flow.is_updated:
        bounds["reports"] = _reports(flow, bounds["included"], units, gathered.kept, pairs)
        bounds["studies"] = _studies(flow, units, gathered.kept, pairs)
    return bounds


def _keys(flow: Flow) -> list[str]:
    named = [*_BOXES_LEFT.values(), *_BOXES_RIGHT.values(), tuple(OTHER_METHODS.values())]
    keys = [*(key for boxes in named for key in boxes), "duplicates", "found_again"]
    return [key for key in dict.fromkeys(keys) if flow.n(key) is not None]


def _units(flow: Flow, gathered: _Gathered, causes: Collection[Cause]) -> dict[str, _Unit]:
    """Return the records that are not firm, by the one kept, each with all the ways in which it may end."""
    ended = _ended(flow)
    units = {}
    for is_left, keys in (
        (True, ("automation", "other_reasons", "screened", "awaiting_screening")),
        (False, tuple(OTHER_METHODS.values())),
    ):
        for key in keys:
            for each in flow[key].ids:
                name = gathered.kept.get(each, each)
                if name not in gathered.order:
                    continue
                rows = gathered.rows
                at = {stage: rows[name, stage] for stage in STAGES if (name, stage) in rows}
                ends = _ends(ended.get(each, ""), at, is_left=is_left, causes=causes)
                box = "" if is_left else key
                stays = frozenset({False}) if is_left else _stays(at)
                voted = _voted(at, causes)
                units[name] = _Unit(each, is_left, gathered.order[name], box, ends, stays, voted)
    return units


_At = Mapping[str, tuple[str, str, str]]
"""Of a record stage → what screening says of it: outcome, reviewers, and what settled it."""


def _stays(at: _At) -> frozenset[bool]:
    """Return whether a record of another method was judged after title and abstract; not known is both."""
    later = [at[stage] for stage in ("retrieval", "full_text") if stage in at]
    if "title_abstract" in at or not later:
        return frozenset({False})
    # That somebody has the full text stands in votes alone.
    return frozenset({True}) if any(names for _, names, _ in later) else frozenset({False, True})


def _voted(at: _At, causes: Collection[Cause]) -> frozenset[bool]:
    """Return whether a record has votes at title and abstract; both where they may still be cast."""
    _, names, _ = at.get("title_abstract", ("", "", ""))
    return frozenset({True}) if names else frozenset({False, Cause.OPEN in causes})


def _ended(flow: Flow) -> dict[str, str]:
    """Return where each record ended, by its id; one that waits for something has not."""
    boxes = {
        "automation": "automated",
        "other_reasons": "set aside",
        "other_set_aside": "set aside",
        "excluded": "excluded",
        "excluded_automation": "excluded by a tool",
        "not_retrieved": "not retrieved",
        "other_not_retrieved": "not retrieved",
        "reports_excluded": "report excluded",
        "other_reports_excluded": "report excluded",
        "included": "included",
    }
    return {each: end for key, end in boxes.items() for each in flow[key].ids}


def _ends(
    ended: str,
    at: _At,
    *,
    is_left: bool,
    causes: Collection[Cause],
) -> frozenset[str]:
    """Return all the ways in which a record may end; by what stands of it in screening, stage by stage."""
    ends = {ended} if ended else set()
    outcome, who, _ = at.get("full_text", ("", "", ""))
    if not ended:
        is_voted = bool(who) or outcome == "conflict"
        is_sought = not is_left or at.get("title_abstract", ("",))[0] == "include"
        ends = set(_SCREENED if not is_sought else _ASSESSED if is_voted else _SOUGHT)
        if Cause.OPEN not in causes:
            ends = {"waiting" if is_sought else ""}
    elif ended == "set aside" and not is_left:
        stage = "before_screening" if at.get("before_screening", ("",))[0] == "exclude" else "title_abstract"
        by_tool = at[stage][2] == "automation"
        of_stage = {"before_screening": ("set aside", "automated")}.get(
            stage, ("excluded", "excluded by a tool")
        )
        ends = {of_stage[by_tool]}
    loose = {
        "before_screening": _SCREENED if is_left else _SOUGHT,
        "title_abstract": _SCREENED,
        "retrieval": _SOUGHT,
        "full_text": _ASSESSED,
    }
    for stage, (said, reviewers, by) in at.items():
        is_single = by == "votes" and LIST.strip() not in reviewers and bool(reviewers)
        if said in OPEN or not (
            (Cause.ONE_VOTE in causes and is_single and stage in ("title_abstract", "full_text"))
            or (Cause.AUTOMATION in causes and by == "automation")
        ):
            continue
        # What came after a stage that is undone stands where it is decided as before.
        is_over = said in ("exclude", "not_retrieved") or stage == "full_text"
        ends |= set(loose[stage]) if is_over else {"excluded"} if stage == "title_abstract" else set()
    return frozenset(ends)


def _components(pairs: Iterable[tuple[str, ...]]) -> Iterator[tuple[list[str], list[tuple[int, int]]]]:
    """Yield what hangs together by pairs: names, and the pairs as places among them."""
    near: dict[str, set[str]] = {}
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    seen: set[str] = set()
    for start in sorted(near):
        if start in seen:
            continue
        names, waiting = {start}, [start]
        while waiting:
            for each in near[waiting.pop()] - names:
                names.add(each)
                waiting.append(each)
        seen |= names
        listed = sorted(names)
        place = {name: number for number, name in enumerate(listed)}
        yield (
            listed,
            sorted({(place[one], place[other]) for one in listed for other in near[one] if one < other}),
        )


def _of_component(
    units: Sequence[_Unit | None],
    edges: Sequence[tuple[int, int]],
    keys: Sequence[str],
) -> tuple[dict[str, int], dict[str, int]]:
    """
    Return the least and the most of each box for records that may be one, whichever pairs are.

    Of more pairs than are tried, the most is a bound that no judgement of them passes; it may be wider than
    any of them reaches. The least is exact there, too: see ``_most_of``.
    """
    least: dict[str, int] = {}
    most: dict[str, int] = {} if len(edges) <= _MOST_PAIRS else _most_of(units, keys)
    for groups in _partitions(len(units), edges):
        low, high = _of_partition([[units[place] for place in group] for group in groups], keys)
        for key in keys:
            least[key] = min(least.get(key, low[key]), low[key])
            most[key] = max(most.get(key, high[key]), high[key])
    if len(edges) > _MOST_PAIRS and _staying([unit for unit in units if unit is not None]):
        # Joined in parts, any of a database's may be where such a record stays.
        left_alone = {key for boxes in _BOXES_LEFT.values() for key in boxes} - {"included"}
        least |= dict.fromkeys(left_alone & least.keys(), 0)
    return least, most


def _most_of(units: Sequence[_Unit | None], keys: Sequence[str]) -> dict[str, int]:
    """
    Return for each box a number that records which may be one cannot pass, however they are joined.

    A group is in a box once. One with a record of a database passes the boxes of these, and there are no
    more such groups than records of databases, nor than records that may end in the box that way. A group
    of others alone passes those of the right column, and has such a record of its own. Duplicates are most
    where all are one. The least needs no such bound: with all as one, a box has 0 or 1, and it has 1 only if
    each record ends in it in every way, so that any group does; or if it is the first box of the record that
    is kept, whose group keeps it however the others are joined. Duplicates are least where none are one.
    """
    here = [unit for unit in units if unit is not None]
    n_left = sum(unit.is_left for unit in here)
    may_stay = _staying(here)
    most = {}
    for key in keys:
        by_left = [unit for unit in here if any(key in _BOXES_LEFT.get(end, ()) for end in unit.ends)]
        by_right = [
            unit
            for unit in here
            if not unit.is_left
            and (key == unit.box or any(key in _BOXES_RIGHT.get(end, ()) for end in unit.ends))
        ]
        either = {unit.id for unit in (*(by_left if n_left else ()), *by_right)}
        most[key] = min(min(n_left, len(by_left)) + len(by_right), len(either))
        if may_stay and any(key in _BOXES_RIGHT.get(end, ()) for unit in here for end in unit.ends):
            # There an end of a database's record may stand.
            most[key] = min(most[key] + len(may_stay), len(here))
    if may_stay and "duplicates" in most:
        most["duplicates"] = n_left
    return most


def _partitions(n: int, edges: Sequence[tuple[int, int]]) -> Iterator[list[list[int]]]:
    """Yield the groups that come of each choice of pairs; of more than are tried, of all of them and none."""
    chosen: Iterable[Iterable[tuple[int, int]]] = ((), edges)
    if len(edges) <= _MOST_PAIRS:
        chosen = (each for size in range(len(edges) + 1) for each in combinations(edges, size))
    seen = set()
    for each in chosen:
        first = list(range(n))
        for one, other in each:
            low, high = sorted((first[one], first[other]))
            first = [low if place == high else place for place in first]
        if tuple(first) not in seen:
            seen.add(tuple(first))
            yield [[place for place in range(n) if first[place] == group] for group in sorted(set(first))]


def _of_partition(
    groups: Iterable[Sequence[_Unit | None]], keys: Sequence[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """
    Return the least and the most of each box where each group is one record.

    None in a group is a record that an earlier version counted, or one of
    none: what is the same as it is counted no more.
    """
    least, most = dict.fromkeys(keys, 0), dict.fromkeys(keys, 0)
    for group in groups:
        here = [unit for unit in group if unit is not None]
        n_left = sum(unit.is_left for unit in here)
        is_old = len(here) < len(group)
        sides = [False] if is_old or not here else _sides(here)
        ends = sorted(set().union(*(unit.ends for unit in here)))
        counts = []
        for is_left in sides:
            stands = 0 if is_old or not here else 1
            gone = {
                "duplicates": n_left - stands * is_left,
                "found_again": len(here) - n_left - stands * (not is_left),
            }
            if not stands:
                counts.append(gone)
                continue
            boxes = _BOXES_LEFT if is_left else _BOXES_RIGHT
            first = "" if is_left else min(here, key=lambda unit: unit.order).box
            counts += [gone | dict.fromkeys((*boxes.get(end, ()), first), 1) for end in ends]
        for key in keys:
            each = [count.get(key, 0) for count in counts]
            least[key] += min(each)
            most[key] += max(each)
    return least, most


def _staying(here: Sequence[_Unit]) -> list[_Unit]:
    """Return the records of other methods that may keep what a database found of them later."""
    last = max((unit.order for unit in here if unit.is_left and False in unit.voted), default=None)
    return [unit for unit in here if True in unit.stays and last is not None and unit.order < last]


def _sides(here: Sequence[_Unit]) -> list[bool]:
    """Return whether records that are one are a database's; both where either may be."""
    left = [unit for unit in here if unit.is_left]
    if not left:
        return [False]
    kept = min(here, key=lambda unit: unit.order)
    may_stay = True in kept.stays and all(False in unit.voted for unit in left)
    may_not = False in kept.stays or any(True in unit.voted for unit in left)
    return [*([True] if may_not else []), *([False] if may_stay else [])]


def _add(
    least: dict[str, int], most: dict[str, int], low: Mapping[str, int], high: Mapping[str, int]
) -> None:
    for key in least:
        least[key] += low[key]
        most[key] += high[key]


def _reports(
    flow: Flow,
    included: tuple[int, int],
    units: Mapping[str, _Unit],
    kept: Mapping[str, str],
    pairs: Iterable[tuple[str, ...]],
) -> tuple[int, int]:
    """
    Return the least and the most reports of included studies: those included, less those of retired studies.

    Where a study is retired, a report without a study may turn out to be one of its.
    """
    retired = {kept.get(each, each) for each in flow["retired_reports"].ids}
    if not retired:
        return included
    joined = {each for pair in pairs for each in pair}
    stay_retired = {
        each for each in retired - joined if each not in units or units[each].ends == {"included"}
    }
    least = included[0] - len(retired) - (flow.n("awaiting_study") or 0)
    return max(0, least), included[1] - len(stay_retired)


def _studies(
    flow: Flow, units: Mapping[str, _Unit], kept: Mapping[str, str], pairs: Iterable[tuple[str, ...]]
) -> tuple[int, int]:
    """
    Return the least and the most studies: those with a report that stays, and a new one of each other report.

    A report that is included from now on may tell of a study that is known already.
    """
    loose = {name for name, unit in units.items() if unit.ends != {"included"}}
    for names, _ in _components(pairs):
        if any(name in loose or name not in units for name in names):
            loose |= set(names)
    reports_of = {study: flow.reports_of.get(study, ()) for study in flow["studies"].ids}
    linked = {kept.get(each, each) for reports in flow.reports_of.values() for each in reports}
    stays = {
        study
        for study, reports in reports_of.items()
        if not reports or any(kept.get(each, each) not in loose for each in reports)
    }
    may_be = {name for name, unit in units.items() if "included" in unit.ends}
    # What is firmly included and has no study yet will have one.
    may_be |= {kept.get(each, each) for each in flow["included"].ids}
    # Where a study is retired, what has no study yet may be of that one.
    of_studies = flow["reports" if flow["retired_studies"].ids else "included"].ids
    is_any_firm = any(kept.get(each, each) not in loose for each in of_studies)
    return max(len(stays), int(is_any_firm)), len(reports_of) + len(may_be - linked)
