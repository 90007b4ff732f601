"""A screening tool's export to votes: values and names folded, records found, nothing guessed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.screening import screeners
from peerreview.screening.lookup import Index, match, names
from peerreview.screening.screeners import Export, RawVote, Reference, registry, wide
from peerreview.screening.screeners.words import fold, fold_stage, plain
from peerreview.screening.votes import histories, twins
from peerreview.tables import places
from peerreview.values.folding import same


@dataclass(frozen=True)
class Taken:
    """
    Votes of an export; ``lost`` are votes whose record is not known for sure.

    ``remarks`` tell how the export was read.
    """

    votes: pd.DataFrame
    lost: tuple[InputError, ...]
    remarks: tuple[str, ...]


def take_votes(
    exports: Sequence[Export],
    records: Index | None,
    *,
    stage: str = "",
    reviewer: str = "",
    meanings: Mapping[str, str] | None = None,
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
    meanings : values of the export to decisions, before any folding.

    Returns
    -------
    Taken(votes, lost, remarks), votes in the order of the exports.

    Raises
    ------
    InputErrors
        For a value that is no decision, and two votes of one reviewer on
        one record whose order is unknown; each with its line.
    """
    found = [(export, registry.detect(export)) for export in exports]
    remarks = [f"{export.name}: {_told(screener)}" for export, screener in found]
    remarks += [
        f"{export.name}: not read as votes: {', '.join(columns)}; {screeners.WIDE}"
        for export, screener in found
        if screener.NAME == wide.NAME and (columns := wide.not_read(export))
    ]
    raw = [(export, screener, list(screener.cast(export))) for export, screener in found]
    has_log = any(screener.NAME == "rayyan_log" for _, screener in found)
    # Rayyan's log names records by Rayyan's key alone; no other tool's numbers mean the same in two files.
    articles = {
        vote.reference.key: vote.reference
        for _, screener, votes in raw
        if has_log and screener.NAME == "rayyan"
        for vote in votes
        if vote.reference.key
    }
    errors: list[InputError] = []
    lost: dict[str, InputError] = {}
    rows: list[dict[str, str]] = []
    stand: list[tuple[str, int]] = []
    folded: Counter[tuple[str, str]] = Counter()
    spelled: dict[str, str] = {}
    own = {plain(value): decision for value, decision in (meanings or {}).items()}
    n_unrated = 0
    for export, screener, votes in raw:
        if has_log and screener.NAME == "rayyan":
            remarks.append(f"{export.name}: only tells which records the log's keys are")
            continue
        zero = _zero(screener, votes)
        if any(plain(vote.decision) == "0" for vote in votes) and "0" not in own:
            remarks.append(f"{export.name}: 0 is read as {zero}; --map 0=… says otherwise")
        for vote in votes:
            word = plain(vote.decision)
            decision = own.get(word, zero if word == "0" else fold(vote.decision))
            if decision is None:
                message = f"{vote.decision!r} is no decision that is known; say what it means with --map"
                errors.append(InputError(message, path=export.name, line=vote.line))
                continue
            if not decision:
                n_unrated += 1
                continue
            at = fold_stage(vote.stage) if vote.stage else stage or "title_abstract"
            if at is None:
                message = f"{vote.stage!r} is no stage; stages are {', '.join(tables.STAGES)}"
                errors.append(InputError(message, path=export.name, line=vote.line))
                continue
            if decision == "not_retrieved" and at == "full_text":
                at = "retrieval"
            if vote.role not in tables.ROLES:
                message = f"{vote.role!r} is no role; roles are {', '.join(tables.ROLES)}"
                errors.append(InputError(message, path=export.name, line=vote.line))
                continue
            name = " ".join((vote.reviewer or reviewer or _stem(export.name)).split())
            name = spelled.setdefault(same(name), name)
            if vote.decision != decision:
                folded[vote.decision, decision] += 1
            if vote.reviewer not in (name, ""):
                folded[vote.reviewer, name] += 1
            reference = _fuller(vote.reference, articles)
            record_id, fault = _find(reference, records)
            if fault:
                unfound = InputError(fault, path=export.name, line=vote.line)
                lost.setdefault(str(unfound), unfound)
                continue
            cells = {"record_id": record_id, "reviewer": name, "stage": at, "decision": decision}
            cells |= {
                "reason": vote.reason,
                "role": vote.role,
                "decided_at": vote.decided_at,
                "note": vote.note,
            }
            rows.append(cells)
            stand.append((export.name, vote.line))
    if errors:
        raise InputErrors(errors)
    table = places.put(tables.make(tables.VOTES, rows), places.listed(stand))
    histories(table, {})
    if folded:
        told = ", ".join(f"{old!r} as {new!r} ({n:,})" for (old, new), n in sorted(folded.items()))
        remarks.append(f"read {told}")
    remarks.append(_tally(table, n_unrated))
    for group in twins(table["reviewer"].unique().tolist()):
        remarks.append(f"reviewers {' and '.join(repr(name) for name in group)} count as different people")
    if has_log and not articles and lost:
        remarks.append("Rayyan's log has its own keys alone; name the articles.csv of that review beside it")
    independent = all(
        screener.INDEPENDENT for _, screener, _ in raw if not (has_log and screener.NAME == "rayyan")
    )
    if not independent and (table["role"] == "reviewer").any():
        remarks.append("these may be votes after discussion: the export keeps no history of changes")
    return Taken(table, tuple(lost.values()), tuple(remarks))


def _told(screener: screeners.Screener) -> str:
    unverified = "" if screener.VERIFIED else " (unverified: no real sample of this format was at hand)"
    return f"read as {screener.NAME.replace('_', ' ')}{unverified}"


def _zero(screener: screeners.Screener, votes: Iterable[RawVote]) -> str:
    """Return what 0 means: where -1 says exclude, 0 is a doubt; else 0 is the opposite of 1."""
    if screener.ZERO:
        return screener.ZERO
    return "maybe" if any(plain(vote.decision) == "-1" for vote in votes) else "exclude"


def _stem(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].partition(".")[0]


def _fuller(reference: Reference, articles: Mapping[str, Reference]) -> Reference:
    if reference.title or reference.key not in articles:
        return reference
    return replace(articles[reference.key], record_id=reference.record_id)


def _find(reference: Reference, records: Index | None) -> tuple[str, str]:
    """Return the record id, or what is wrong."""
    if records is None:
        named = next(filter(None, (reference.record_id, reference.key, reference.doi, reference.pmid)), "")
        if named:
            return named.strip(), ""
        return "", f"{names(reference)!r} has no id; name the records to find it in with --records"
    found = match(reference, records)
    if len(found) == 1:
        return found[0], ""
    if found:
        return "", f"{names(reference)!r} could be {' or '.join(found)}; its votes are not taken"
    return "", f"{names(reference)!r} matches no record of this review; its votes are not taken"


def _tally(votes: pd.DataFrame, n_unrated: int) -> str:
    counts = Counter(zip(votes["stage"], votes["reviewer"], votes["decision"], strict=True))
    people = sorted({(stage, name) for stage, name, _ in counts})
    told = []
    for stage, name in people:
        words = ", ".join(
            f"{counts[stage, name, each]:,} {each}" for each in tables.DECISIONS if counts[stage, name, each]
        )
        told.append(f"{name} at {stage}: {words}")
    all_told = f"{len(votes):,} vote{'s' * (len(votes) != 1)}"
    return "; ".join([all_told, *told, *([f"{n_unrated:,} not rated"] if n_unrated else [])])
