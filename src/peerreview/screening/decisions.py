"""A screening tool's export to votes: values and names folded, records found, nothing guessed."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from peerreview import tables
from peerreview.errors import InputError, InputErrors, UsageError
from peerreview.screening import screeners
from peerreview.screening.coded import Coded, side_by_side
from peerreview.screening.finding import Finder, unmatched
from peerreview.screening.lookup import Index
from peerreview.screening.meanings import Meanings, find_meanings
from peerreview.screening.repeats import Columns, join_repeats, together
from peerreview.screening.screeners import (
    NOTHING_ASKED,
    Asked,
    Export,
    RawVote,
    RawVotes,
    Screener,
    columns,
    lists,
    long,
    rayyan,
    rayyan_log,
    registry,
    wide,
)
from peerreview.screening.screeners.words import plain, reasons
from peerreview.screening.votes import histories, moment, twins
from peerreview.tables import places
from peerreview.tables.memory import uncollected
from peerreview.values import dates
from peerreview.values.counts import counted
from peerreview.values.folding import same
from peerreview.values.lists import LIST

PENDING = "pending"
"""What the records that stand in no list are: without a vote."""


@dataclass(frozen=True)
class Taken:
    """
    Votes of an export; ``lost`` are votes whose record is not known for sure.

    ``remarks`` tell how the export was read; ``keys`` are the tool's keys of
    records that were found; ``unmatched`` the references that were not;
    ``answers`` what was understood of a sheet, to be given again.
    """

    votes: pd.DataFrame
    lost: tuple[InputError, ...]
    remarks: tuple[str, ...]
    keys: pd.DataFrame
    unmatched: pd.DataFrame
    answers: Asked


@dataclass(frozen=True)
class Listing:
    """
    That exports are lists of records: each a vote of ``decision``.

    ``rest`` is the decision on the records of ``others`` that no list holds; blank for no vote.
    """

    decision: str
    rest: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What the votes are, where their export does not say."""

    stage: str = ""
    reviewer: str = ""
    role: str = ""
    decided_on: str = ""


@dataclass
class _Read:
    """One export as it is read."""

    export: Export
    screener: Screener
    votes: RawVotes = field(default_factory=lambda: RawVotes.of(()))
    is_about: bool = False
    """Whether it only tells which records another export's keys are."""
    is_list: bool = False


@uncollected()
def take_votes(
    exports: Sequence[Export],
    records: Index | None,
    *,
    stage: str = "",
    reviewer: str = "",
    role: str = "",
    decided_on: str = "",
    meanings: Mapping[str, str] | None = None,
    listing: Listing | None = None,
    may_infer: bool = True,
    watch: Callable[[str, int, int], None] | None = None,
) -> Taken:
    """
    Return the votes of a screening tool's exports as a decisions table.

    Parameters
    ----------
    exports : of one tool; where Rayyan's log is among them, its votes count
        and the others only say which record a key is.
    records : to find the records in; None takes ids, keys, DOIs or PMIDs as they stand.
    stage : of the votes, where the export does not say; ``title_abstract`` if blank.
    reviewer : of the votes, where the export does not say; the file's name if blank.
    role, decided_on : likewise; a blank role is ``reviewer``.
    meanings : values of the export to decisions, before any folding.
    listing : where the exports are lists of records.
    may_infer : whether the columns of a sheet may be found without being named.
    watch : called on the way: of what, how many are done, of how many.

    Returns
    -------
    Taken(votes, lost, remarks, keys, unmatched, answers), votes in the order of the exports.

    Raises
    ------
    InputError
        Where it is not plain which columns of a sheet are votes, or whose.
    InputErrors
        For a value that is no decision, and two votes of one reviewer on
        one record whose order is unknown; each with its line.
    UsageError
        For ``decided_on`` that is no date.
    """
    asked = exports[0].asked if exports else NOTHING_ASKED
    own = {**asked.meanings, **{plain(value): decision for value, decision in (meanings or {}).items()}}
    exports = [
        replace(
            each, asked=replace(each.asked, meanings=MappingProxyType(own), stage=stage or each.asked.stage)
        )
        for each in exports
    ]
    if decided_on and moment(decided_on) is None:
        raise UsageError(f"--decided-on {decided_on!r} is not a date such as 2026-05-04")
    given = Given(stage or asked.stage, reviewer, role, decided_on)
    read = _read_exports(exports, listing)
    remarks = [f"{each.export.name}: {_told(each, listing)}" for each in read]
    for each in read:
        remarks += _columns_told(each, may_infer=may_infer)
    finder = Finder(records, _articles(read), watch)
    listed: list[Columns] = []
    errors: list[InputError] = []
    lost: dict[str, InputError] = {}
    folded: Counter[tuple[str, str]] = Counter()
    words: dict[str, str] = {}
    spelled: dict[str, str] = {}
    n_unrated = 0
    for each in read:
        if each.is_about:
            remarks.append(f"{each.export.name}: only tells which records the log's keys are")
            continue
        of_stage = each.export.asked.stage
        meant = find_meanings(each.votes, each.screener, each.export.name, own=own, stage=of_stage, role=role)
        errors += meant.faults
        if meant.faults:
            continue
        if meant.zero:
            remarks.append(f"{each.export.name}: 0 is read as {meant.zero}; --map 0=… says otherwise")
        words |= meant.decisions
        names = _names(each, given, spelled)
        said = each.votes.decision.counts
        n_unrated += sum(n for word, n in said.items() if not meant.decisions[word])
        folded.update(
            {(old, new): n for old, n in said.items() if (new := meant.decisions[old]) not in ("", old)}
        )
        spelt = each.votes.reviewer.take(each.votes.decision.which(meant.decisions.get)).counts
        folded.update({(old, names[old]): n for old, n in spelt.items() if old not in (names[old], "")})
        listed.append(_cast(each, meant, names, given, finder, lost))
        remarks += _words_told(each, meant)
    if errors:
        raise InputErrors(errors)
    cast = together(listed)
    if listing is not None:
        cast = together([cast, _rest(listing, cast, read, given, finder, remarks)])
        if lost and listing.rest:
            remarks.append(
                f"{counted(len(lost), 'of the list matches', 'of the list match')} no record: "
                f"where one is here, it counts as {listing.rest}"
            )
        if listing.rest == "exclude" and given.stage == "full_text":
            remarks.append("an exclusion at full text needs a reason: those of no list stay open without one")
    cast, told_twice = join_repeats(cast)
    table = _table(cast)
    _check_order(table, told_twice)
    if folded:
        told = ", ".join(f"{old!r} as {new!r} ({n:,})" for (old, new), n in sorted(folded.items()))
        remarks.append(f"read {told}")
    remarks.append(_tally(cast, n_unrated))
    for group in twins(table["reviewer"].unique().tolist()):
        remarks.append(f"reviewers {' and '.join(repr(name) for name in group)} count as different people")
    remarks += _cautions(read, table, lost, finder, listing)
    faults = tuple(lost.values())
    stages = {each.asked.stage for each in exports}
    answers = _answers(read, words, given.stage if len(stages) == 1 else "")
    return Taken(table, faults, tuple(remarks), finder.keys(), unmatched(finder.failed), answers)


def _read_exports(exports: Sequence[Export], listing: Listing | None) -> list[_Read]:
    if listing is not None:
        return [_Read(each, wide, lists.cast(each, listing.decision), is_list=True) for each in exports]
    read = []
    logs = [export for export in exports if rayyan_log.looks_like(export)]
    for export in exports:
        if logs and export not in logs:
            # Beside the log any list of the articles will do, whether or not votes stand in it.
            read.append(_Read(export, rayyan, _about(export), is_about=True))
            continue
        screener = registry.detect(export)
        read.append(_Read(export, screener, RawVotes.of(screener.cast(export))))
    return read


def _about(export: Export) -> RawVotes:
    return RawVotes.of(RawVote(line, reference) for line, reference, _ in rayyan.articles(export))


def _articles(read: Sequence[_Read]) -> dict[str, screeners.Reference]:
    """Return what Rayyan's keys are of; no other tool's numbers mean the same in two files."""
    return {
        reference.key: reference
        for each in read
        if each.is_about
        for reference in each.votes.references
        if reference.key
    }


def _names(each: _Read, given: Given, spelled: dict[str, str]) -> dict[str, str]:
    """
    Return the one spelling of each reviewer's name.

    Raises
    ------
    InputError
        Where an option names who voted and every vote of the export names another.
    """
    fallback = given.reviewer or _who(each.export, given.role)
    names = {}
    for raw in each.votes.reviewer.distinct:
        name = " ".join((raw or fallback).split())
        names[raw] = spelled.setdefault(same(name), name)
    asked = [name for name in each.export.asked.reviewers if each.screener is long or each.screener is rayyan]
    people = {same(name) for raw, name in names.items() if raw}
    strange = [name for name in asked if same(name) not in people]
    if strange and people and "" not in names:
        message = f"names its reviewers itself, and {strange[0]!r} is none: {', '.join(names.values())}"
        raise InputError(message, path=each.export.name)
    return names


def _who(export: Export, role: str) -> str:
    """Return whose the votes are that name nobody: who was named, what was agreed, or the sheet or file."""
    is_sheet = not export.format and bool(columns.named(export))
    named = "" if is_sheet else columns.one_name(export, "one list of votes")
    return named or (role if role in tables.RESOLUTIONS else export.sheet or _stem(export.name))


def _cast(
    each: _Read,
    meant: Meanings,
    names: Mapping[str, str],
    given: Given,
    finder: Finder,
    lost: dict[str, InputError],
) -> Columns:
    """Return the votes of an export, in our words; those whose record is not known are remembered."""
    path = each.export.name
    votes = each.votes.where(each.votes.decision.which(meant.decisions.get))
    is_asked = np.zeros(len(votes.references), dtype=bool)
    is_asked[votes.place] = True
    answers = finder.find_all(votes.references, np.flatnonzero(is_asked))
    at = (np.cumsum(is_asked) - 1)[votes.place]
    is_lost = answers.is_lost[at]
    for row in np.flatnonzero(is_lost).tolist():
        line, fault = int(votes.line[row]), answers.others[int(at[row])].fault
        unfound = InputError(fault, path=path, line=line)
        lost.setdefault(str(unfound), unfound)
        finder.fail(path, line, votes.references[votes.place[row]], fault)
    votes, at = votes.where(~is_lost), at[~is_lost]
    n = len(votes)
    decisions = votes.decision.map(meant.decisions.__getitem__)
    stages = votes.stage.map(meant.stages.__getitem__)
    is_retrieval = decisions.which("not_retrieved".__eq__) & stages.which("full_text".__eq__)
    raw, notes = _with_reasons(each, votes, decisions)
    if each.is_list:
        notes = answers.how.take(at).map("found by {}".format)
    days = _days(path, votes)
    given_reasons = raw.map(lambda cell: reasons(cell, each.export.asked.known_reasons) if cell else "")
    nothing = Coded.alike("", n)
    return {
        "record_id": answers.record_id.take(at),
        "reviewer": votes.reviewer.map(names.__getitem__),
        "stage": Coded.alike("retrieval", n).where(is_retrieval, stages),
        "decision": decisions,
        "reason": given_reasons,
        "role": votes.role.map(meant.roles.__getitem__),
        "decided_at": votes.decided_at.map(lambda cell: days.get(cell, cell) or given.decided_on),
        "note": notes,
        "reason_of": votes.reason_of.where(given_reasons.which(bool), nothing),
        "path": Coded.alike(path, n),
        "line": votes.line,
        "members": answers.members.take(at),
    }


def _days(path: str, votes: RawVotes) -> dict[str, str]:
    """
    Return the days of an export as ISO 8601, by its own way to write them.

    Raises
    ------
    InputError
        Where nothing tells whether the day or the month comes first.
    """
    cells = [cell for cell in votes.decided_at.distinct if cell and moment(cell) is None]
    read_as = {cell: found for cell in cells if (found := dates.readings(cell))}
    # One date of a file tells how the others are written: 31/05 begins with the day.
    orders = {
        next(iter(found)) for found in read_as.values() if len(set(found.values())) == 1 and len(found) == 1
    }
    days: dict[str, str] = {}
    for cell, found in read_as.items():
        fitting = set(found.values())
        if len(fitting) > 1:
            fitting = {found[order] for order in orders or found}
        if len(fitting) != 1:
            told = " or ".join(sorted(set(found.values())))
            line = int(votes.line[votes.decided_at.which(cell.__eq__)][0])
            message = f"decided_at {cell!r} can be {told}; write the day as YYYY-MM-DD"
            raise InputError(message, path=path, line=line)
        days[cell] = fitting.pop()
    return days


def _with_reasons(each: _Read, votes: RawVotes, decisions: Coded[str]) -> tuple[Coded[str], Coded[str]]:
    """Return reasons and notes: reasons that hold for exclusions alone are a note of any other vote."""
    is_given, is_excluded = votes.if_excluded.which(bool), decisions.which("exclude".__eq__)
    given = votes.if_excluded.where(is_given & is_excluded, votes.reason)
    if each.export.asked.reasons:
        return given, votes.note
    noted = {}
    for row in np.flatnonzero(is_given & ~is_excluded & ~votes.reason_of.which(bool)).tolist():
        only, note = votes.if_excluded[row], votes.note[row]
        if only not in note:
            noted[row] = LIST.join(filter(None, (note, only)))
    return given, votes.note.changed(noted)


def _rest(
    listing: Listing,
    cast: Columns,
    read: Sequence[_Read],
    given: Given,
    finder: Finder,
    remarks: list[str],
) -> Columns:
    """Return votes on the records that no list holds, neither they nor a duplicate."""
    kept = finder.records.kept if finder.records else {}
    held = {kept.get(record_id, record_id) for record_id in cast["record_id"].distinct}
    # One that the list may hold is not said to be missing from it.
    held |= finder.doubtful()
    left = [record_id for record_id in listing.others if record_id not in held]
    stand = counted(len(left), "record stands", "records stand")
    if not listing.rest:
        if left:
            remarks.append(
                f"{stand} in no list and get{'s' * (len(left) == 1)} no vote; --rest exclude says otherwise"
            )
        left = []
    else:
        remarks.append(f"{stand} in no list: {listing.rest}")
    name = _names(read[0], given, {}).get("", "") if left else ""
    same_for_all = {
        "reviewer": name,
        "stage": given.stage or "title_abstract",
        "decision": listing.rest,
        "reason": "",
        "role": given.role or "reviewer",
        "decided_at": given.decided_on,
        "note": "is not in the list",
        "reason_of": "",
        "path": read[0].export.name,
    }
    n = len(left)
    columns: Columns = {field_: Coded.alike(cell, n) for field_, cell in same_for_all.items()}
    return {
        "record_id": Coded.of(left),
        **columns,
        "line": np.ones(n, "int64"),
        "members": Coded.alike((), n),
    }


def _table(cast: Columns) -> pd.DataFrame:
    table = pd.DataFrame({name: cast[name].series() for name in tables.VOTES.all_columns})
    lines, paths = cast["line"], cast["path"]
    ends = [*(np.flatnonzero(np.diff(paths.codes)) + 1).tolist(), len(paths)]
    parts = [(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True) if start < end]
    found = [places.Stretch(paths[start], places.packed(lines[start:end].tolist())) for start, end in parts]
    return places.put(table, found)


def _check_order(table: pd.DataFrame, told_twice: Sequence[int]) -> None:
    dates = {text: moment(text) for text in table["decided_at"].unique().tolist() if text.strip()}
    undatable = {text for text, at in dates.items() if at is None}
    strange = (
        [row for row, text in enumerate(table["decided_at"].tolist()) if text in undatable]
        if undatable
        else []
    )
    wanted = sorted({*told_twice, *strange})
    if wanted:
        histories(table, {}, wanted)


def _told(each: _Read, listing: Listing | None) -> str:
    if listing is not None:
        return f"read as a list of records: {listing.decision}"
    unverified = "" if each.screener.VERIFIED else " (unverified: no real sample of this format was at hand)"
    return f"read as {each.screener.NAME.replace('_', ' ')}{unverified}"


def _columns_told(each: _Read, *, may_infer: bool) -> list[str]:
    """
    Return what was understood of a sheet's columns, a line each.

    Raises
    ------
    InputError
        Where nobody named them, and nobody is told.
    """
    export = each.export
    if each.is_about or export.format or not each.votes:
        return []
    if each.screener is long:
        unread = long.not_read(export)
        return [f"{export.name}: not read as votes: {', '.join(unread)}"] if unread else []
    if each.screener is not wide or (
        each.votes.decision[0] and "" in export.columns and not export.grid.header
    ):
        return []
    return _sheet_told(export, may_infer=may_infer)


def _sheet_told(export: Export, *, may_infer: bool) -> list[str]:
    try:
        found = columns.understand(export)
    except InputError:
        # A list of records has no columns of votes.
        return []
    if found.was_inferred and not may_infer:
        names = ", ".join(repr(each.name) for each in found.votes)
        message = f"columns {names} were found, not named, and --quiet tells nobody; {screeners.WIDE}"
        raise InputError(message, path=export.name)
    told = []
    for each in found.votes:
        whose = each.reviewer or _who(export, "")
        words = ", ".join(f"{cell!r} {n:,}" for cell, n in sorted(export.grid.count(each.place).items())[:8])
        at = f" at {each.stage}" if each.stage else ""
        told.append(f"{export.name}: column {each.name!r} is {whose}'s votes{at}: {words}")
    shared = [export.grid.header[place] for place in found.reasons]
    own = [export.grid.header[place] for each in found.votes for place in each.reasons]
    if shared or own:
        told.append(f"{export.name}: reasons are read from {', '.join(dict.fromkeys([*own, *shared]))}")
    if found.unused:
        told.append(f"{export.name}: not read as votes: {', '.join(found.unused)}; {screeners.WIDE}")
    summed = [str(export.grid.lines[row]) for row in wide.totals(export)]
    if summed:
        told.append(f"{export.name}: line {', '.join(summed)} is a total, and no record")
    again = [str(export.grid.lines[row]) for row in wide.headers_again(export)]
    if again:
        told.append(f"{export.name}: line {', '.join(again)} is the header again, and no record")
    return told + [f"{export.name}: above the table: {text}" for text in export.grid.above]


def _words_told(each: _Read, meant: Meanings) -> list[str]:
    unrated = sorted({word for word, decision in meant.decisions.items() if word and not decision})
    return [f"{each.export.name}: not rated: {', '.join(map(repr, unrated))}"] if unrated else []


def _cautions(
    read: Sequence[_Read],
    table: pd.DataFrame,
    lost: Mapping[str, InputError],
    finder: Finder,
    listing: Listing | None,
) -> list[str]:
    told = []
    has_log = any(each.screener is rayyan_log for each in read)
    if has_log and not finder.articles and lost:
        told.append("Rayyan's log has its own keys alone; name the articles.csv of that review beside it")
    independent = all(each.screener.INDEPENDENT for each in read if not each.is_about)
    if not independent and listing is None and (table["role"] == "reviewer").any():
        told.append("these may be votes after discussion: the export keeps no history of changes")
    if listing is not None and (table["role"] != "reviewer").all() and len(table):
        told.append("the first votes are not known: a final list says what was agreed")
    return told


def _stem(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].partition(".")[0]


def _answers(read: Sequence[_Read], words: Mapping[str, str], stage: str) -> Asked:
    """Return what was understood of sheets: columns of votes and reasons, and what their words mean."""
    votes: dict[str, str] = {}
    given: dict[str, None] = {}
    for each in read:
        if each.screener is not wide or each.export.format:
            continue
        try:
            found = columns.understand(each.export)
        except InputError:
            continue
        for column in found.votes:
            # A column of one name on several sheets is another person's on each.
            if column.reviewer or not each.export.sheet:
                votes[column.name] = column.reviewer or _who(each.export, "")
        given |= dict.fromkeys(each.export.grid.header[place] for place in found.reasons)
    meanings = {plain(word): decision for word, decision in words.items() if word}
    return replace(
        NOTHING_ASKED, votes=tuple(votes.items()), reasons=tuple(given), meanings=meanings, stage=stage
    )


def _tally(votes: Columns, n_unrated: int) -> str:
    n = len(votes["line"])
    counts = Counter(side_by_side([votes[name] for name in ("stage", "reviewer", "decision")]))
    people = sorted({(stage, name) for stage, name, _ in counts})
    told = []
    for stage, name in people:
        words = ", ".join(
            f"{counts[stage, name, each]:,} {each}" for each in tables.DECISIONS if counts[stage, name, each]
        )
        told.append(f"{name} at {stage}: {words}")
    all_told = counted(n, "vote")
    return "; ".join([all_told, *told, *([f"{n_unrated:,} not rated"] if n_unrated else [])])
