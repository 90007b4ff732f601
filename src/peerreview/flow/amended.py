"""Studies that people retired or corrected after they were included, and in which round."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from peerreview import tables


@dataclass(frozen=True)
class Change:
    """What people say of a study: retired, or corrected; ``record_id`` is the report that tells of it."""

    study_id: str
    round: int
    change: str
    reason: str
    record_id: str = ""
    date: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """The study as people print it."""
        return self.label or self.study_id


@dataclass(frozen=True)
class Amended:
    """
    What became of included studies up to a round.

    ``first`` is the round in which each study's first report was found;
    ``current`` the round that is counted.
    """

    changes: tuple[Change, ...] = ()
    current: int = 1
    first: Mapping[str, int] = field(default_factory=dict)

    @property
    def retired(self) -> frozenset[str]:
        """Studies that count no longer."""
        return frozenset(each.study_id for each in self.changes if each.change == "retired")

    def corrected(self, *, since: int = 0) -> frozenset[str]:
        """Return studies that were corrected after a round, and count."""
        told = {each.study_id for each in self.changes if each.change == "corrected" and each.round > since}
        return frozenset(told - self.retired)

    def up_to(self, number: int) -> "Amended":
        """Return the same as it was known when a round was counted."""
        return replace(
            self, changes=tuple(each for each in self.changes if each.round <= number), current=number
        )


def rounds_of(sources: pd.DataFrame | None, records: pd.DataFrame) -> tuple[int, ...]:
    """
    Return the rounds of a review, in order: those searched, and those that records are of.

    Parameters
    ----------
    sources : ``round``, blank for the first.
    records : ``round``.
    """
    searched = [] if sources is None else sources["round"].replace("", "1").tolist()
    return tuple(sorted({int(each) for each in (*searched, *records["round"])}))


def kept_of(duplicates: pd.DataFrame) -> dict[str, str]:
    """
    Return, for each record removed as a duplicate, the record kept; dedupe names it in one step.

    Parameters
    ----------
    duplicates : ``record_id, duplicate_of, verdict``.
    """
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    return dict(zip(removed["record_id"], removed["duplicate_of"], strict=True))


def read(
    changes: pd.DataFrame,
    records: pd.DataFrame,
    duplicates: pd.DataFrame,
    *,
    reports: pd.DataFrame | None,
    studies: pd.DataFrame | None,
    sources: pd.DataFrame | None,
) -> Amended:
    """
    Return what people say became of included studies, checked against the tables that tell of them.

    Parameters
    ----------
    changes : ``study_id, round, change, reason``, optionally ``record_id, date``.
    records, duplicates, reports, studies, sources : as in ``tables``.

    Raises
    ------
    InputErrors
        For a study or a report that is not there, a round that was not searched, and what is said of a
        study before it was included, after it was retired, or twice.
    """
    kept = kept_of(duplicates)
    found_in = {
        record: int(number) for record, number in zip(records["record_id"], records["round"], strict=True)
    }
    links = (
        []
        if reports is None
        else [
            (kept.get(record, record), study)
            for record, study in zip(reports["record_id"], reports["study_id"], strict=True)
        ]
    )
    first: dict[str, int] = {}
    for record, study in links:
        if record in found_in:
            first[study] = min(found_in[record], first.get(study, found_in[record]))
    known = first.keys() | (set() if studies is None else set(studies["study_id"]))
    rounds = rounds_of(sources, records)
    labels = {} if studies is None else dict(zip(studies["study_id"], studies["label"], strict=True))
    told = [
        Change(
            row["study_id"],
            int(row["round"]),
            row["change"],
            row["reason"].strip(),
            row["record_id"],
            row["date"].strip(),
            labels.get(row["study_id"], ""),
        )
        for row in tables.rows(changes)
    ]
    retired: dict[str, int] = {}
    for each in told:
        if each.change == "retired":
            retired.setdefault(each.study_id, each.round)
    problems = []
    seen: set[str] = set()
    for place, each in enumerate(told):
        message = (
            _fault(each, known, rounds, first)
            or _fault_of_order(each, retired, again=each.study_id in seen)
            or _fault_of_report(each, kept, found_in, links)
        )
        if each.change == "retired":
            seen.add(each.study_id)
        if message:
            problems.append((place, message))
    if problems:
        raise tables.row_errors(changes, problems)
    return Amended(
        tuple(sorted(told, key=lambda each: (each.round, each.change, each.study_id))),
        max(rounds, default=1),
        first,
    )


def _fault(each: Change, known: Collection[str], rounds: tuple[int, ...], first: Mapping[str, int]) -> str:
    if each.study_id not in known:
        return f"study_id {each.study_id!r} is in neither studies.csv nor reports.csv"
    if each.round not in rounds:
        listed = tables.few([str(number) for number in rounds])
        return f"round {each.round} is none of this review: sources.csv and records.csv have {listed}"
    begins = first.get(each.study_id)
    if begins is None:
        return f"study {each.study_id!r} is {each.change}, and no report of it is in reports.csv"
    if each.change == "retired" and each.round <= begins:
        return (
            f"study {each.study_id!r} is retired in round {each.round} and first included in round {begins}:"
            " what no version included is excluded by a vote on its report"
        )
    if each.round < begins:
        return f"study {each.study_id!r} is corrected in round {each.round}, first included in {begins}"
    return ""


def _fault_of_order(each: Change, retired: Mapping[str, int], *, again: bool) -> str:
    if each.change == "retired":
        return f"study {each.study_id!r} is retired twice" if again else ""
    gone = retired.get(each.study_id)
    if gone is not None and each.round > gone:
        return f"study {each.study_id!r} is corrected in round {each.round}, and was retired in round {gone}"
    return ""


def _fault_of_report(
    each: Change,
    kept: Mapping[str, str],
    found_in: Mapping[str, int],
    links: Collection[tuple[str, str]],
) -> str:
    if not each.record_id:
        return ""
    record = kept.get(each.record_id, each.record_id)
    if record not in found_in:
        return f"record_id {each.record_id!r} is not in the records"
    if (record, each.study_id) not in links:
        return f"record_id {each.record_id!r} is no report of study {each.study_id!r} in reports.csv"
    if found_in[record] > each.round:
        return f"record_id {each.record_id!r} was found in round {found_in[record]}, after round {each.round}"
    return ""
