"""Records and duplicates to clusters: who stands for each, and in which column of the flow it counts."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.flow import IDENTIFIED, Box, Flow, Part
from peerreview.flow.linking import studies_of
from peerreview.tables import DATABASE_KINDS, SOURCE_KINDS

Positions = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Clusters:
    """
    Records by their position, one array element each, and the clusters of duplicates they are in.

    ``kept`` is the position of the record kept of each record's cluster; ``stands_for``,
    of a record kept, that of the record by which the flow counts it. ``left`` and
    ``right`` are the records kept that this version counts, by column. Of the records of
    this version, ``fresh_left`` are those of databases and registers, ``removed_left`` of
    these the duplicates, ``found_again`` what other methods found of works that are
    counted already. ``is_old`` are records that an earlier version counted,
    ``old_cluster`` the records kept of their clusters.
    """

    ids: Texts
    index: "pd.Index[Any]"
    kind: Texts
    source: Texts
    rounds: Texts
    kept: Positions
    stands_for: Positions
    left: Mask
    right: Mask
    fresh_left: Mask
    removed_left: Mask
    found_again: Mask
    is_old: Mask
    old_cluster: Mask

    @classmethod
    def of(
        cls,
        records: pd.DataFrame,
        duplicates: pd.DataFrame,
        previous: Flow | None = None,
        judged_as_other: Collection[str] = (),
    ) -> "Clusters":
        """
        Return the clusters of a review's records.

        Parameters
        ----------
        records : ``record_id, source, source_kind, round``.
        duplicates : ``record_id, duplicate_of, verdict``.
        previous : the flow of the review's last version.
        judged_as_other : ids that were screened as another method's: they stay in the right column.

        Raises
        ------
        InputErrors
            For a pair about a record that is not there, or whose record kept was itself removed.
        InputError
            Where the previous version is unfinished.
        """
        n = len(records)
        ids = records["record_id"].to_numpy(dtype=object)
        index = pd.Index(ids)
        kind = records["source_kind"].to_numpy(dtype=object)
        rounds = records["round"].to_numpy(dtype=object)
        kept = _kept(index, duplicates)
        is_left = np.isin(kind.astype(str), DATABASE_KINDS)
        is_old = np.zeros(n, dtype=bool) if previous is None else index.isin(counted_in(previous))
        is_fresh = ~is_old
        old_cluster = np.zeros(n, dtype=bool)
        old_cluster[kept[is_old]] = True
        left_cluster = np.zeros(n, dtype=bool)
        left_cluster[kept[is_left]] = True
        # What was judged as another method's stays so when a later search of a database finds it.
        stays_right = index.isin(list(judged_as_other)) & ~is_left
        left_cluster[stays_right] = False
        stands_for = np.arange(n)
        stray = np.flatnonzero(is_left & ~is_left[kept] & ~stays_right[kept])
        ranks = [SOURCE_KINDS.index(each) for each in kind[stray]]
        order = sorted(zip(rounds[stray].astype(int), ranks, ids[stray], stray, strict=True))
        for *_, position in reversed(order):
            stands_for[kept[position]] = position
        if previous is not None:
            # A report of an earlier version stays the record that it was there, whatever finds it again.
            reports = sorted({each for of in previous.reports_of.values() for each in of})
            stood = index.get_indexer(pd.Index(reports, dtype=object))
            stood = stood[stood >= 0]
            stands_for[kept[stood]] = stood
        is_kept = (kept == np.arange(n)) & ~old_cluster
        left, right = is_kept & left_cluster, is_kept & ~left_cluster
        counted = np.zeros(n, dtype=bool)
        counted[stands_for[is_kept]] = True
        return cls(
            ids=ids,
            index=index,
            kind=kind,
            source=records["source"].to_numpy(dtype=object),
            rounds=rounds,
            kept=kept,
            stands_for=stands_for,
            left=left,
            right=right,
            fresh_left=is_fresh & is_left,
            removed_left=is_fresh & is_left & ~counted,
            found_again=is_fresh & ~is_left & ~counted,
            is_old=is_old,
            old_cluster=old_cluster,
        )

    def positions(self, table: pd.DataFrame) -> Positions:
        """
        Return the position of each row's record.

        Parameters
        ----------
        table : ``record_id``.

        Raises
        ------
        InputErrors
            For a record that is not there, each with its row.
        """
        position: Positions = self.index.get_indexer(pd.Index(table["record_id"]))
        unknown = np.flatnonzero(position < 0)
        if len(unknown):
            raise tables.row_errors(
                table,
                [
                    (int(row), f"record_id {table['record_id'].iloc[row]!r} is not in the records")
                    for row in unknown
                ],
            )
        return position

    def links(self, reports: pd.DataFrame) -> list[tuple[str, str, bool]]:
        """
        Return each link of a report to a study, and whether an earlier version counted the report.

        Parameters
        ----------
        reports : ``record_id, study_id``.
        """
        kept = self.kept[self.positions(reports)]
        rows = sorted(set(zip(kept.tolist(), reports["study_id"], strict=True)))
        return [
            (str(self.ids[self.stands_for[place]]), study, bool(self.old_cluster[place]))
            for place, study in rows
        ]

    def box(self, mask: Mask, parts: tuple[Part, ...] = ()) -> Box:
        """Return records as a box."""
        ids = tuple(self.ids[mask])
        return Box(len(ids), ids, parts)

    def by_source(self, mask: Mask, kind: str, sources: pd.DataFrame | None) -> tuple[Part, ...]:
        """
        Return the records of a kind per source, in the order of ``sources.csv``; then by name.

        Parameters
        ----------
        sources : ``source, source_kind``; none where nobody wrote them down.
        """
        declared = (
            []
            if sources is None
            else list(dict.fromkeys(sources.loc[sources["source_kind"] == kind, "source"]))
        )
        grouped = pd.Series(self.ids[mask], dtype=object).groupby(self.source[mask], sort=True)
        found = {str(source): tuple(ids) for source, ids in grouped}
        names = [*declared, *(name for name in sorted(found) if name not in declared)]
        return tuple(Part(name, len(found.get(name, ())), found.get(name, ())) for name in names)

    def searched_now(self, sources: pd.DataFrame | None) -> pd.DataFrame | None:
        """
        Return the searches of this version: those of an earlier round are no zeros of it.

        Parameters
        ----------
        sources : ``round``, and whatever else; none where nobody wrote them down.
        """
        if sources is None:
            return None
        return sources[~sources["round"].replace("", "1").isin(set(self.rounds[self.is_old]))]


def _kept(index: "pd.Index[Any]", duplicates: pd.DataFrame) -> Positions:
    """Return the position of the record kept of each record's cluster."""
    removed = duplicates[duplicates["verdict"] == "duplicate"]
    gone = index.get_indexer(pd.Index(removed["record_id"]))
    stays = index.get_indexer(pd.Index(removed["duplicate_of"]))
    is_gone = np.zeros(len(index), dtype=bool)
    is_gone[gone[gone >= 0]] = True
    again = removed["record_id"].duplicated().to_numpy()
    wrong = (gone < 0) | (stays < 0) | again
    wrong[stays >= 0] |= is_gone[stays[stays >= 0]]
    if wrong.any():
        rows = np.flatnonzero((duplicates["verdict"] == "duplicate").to_numpy())
        problems = []
        for position in np.flatnonzero(wrong):
            pair = removed.iloc[position]
            if gone[position] < 0 or stays[position] < 0:
                column = "record_id" if gone[position] < 0 else "duplicate_of"
                message = f"{column} {pair[column]!r} is not in the records; run dedupe again"
            elif again[position]:
                message = f"record_id {pair['record_id']!r} is removed twice; run dedupe again"
            else:
                message = f"duplicate_of {pair['duplicate_of']!r} was itself removed; run dedupe again"
            problems.append((int(rows[position]), message))
        raise tables.row_errors(duplicates, problems)
    kept = np.arange(len(index))
    kept[gone] = stays
    return kept


def counted_in(previous: Flow) -> list[str]:
    """Return the records that an earlier version counted; raise where it is unfinished."""
    if previous.n_awaiting:
        raise InputError(
            f"the previous version is unfinished: {previous.n_awaiting:,} await a decision; finish it first"
        )
    if studies_of(previous).n is None:
        raise InputError("the previous version has no count of studies; an update needs it")
    keys = (*IDENTIFIED, "found_again", "earlier_records")
    return [record for key in keys for record in previous[key].ids]
