"""What several commands read to say where a review, or a paper, stands: all of its tables, and its flow."""

from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.cli.inputs import count_flow, read_coding, read_rules, tell_of_two_runs
from peerreview.review import COUNTED, FLOW

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.paper.trail import Reviewed
    from peerreview.review import Protocol, Review


def read_reviewed(review: "Review", laid_down: "Protocol", records: Path | None = None) -> "Reviewed":
    """
    Return all tables of a review that tell of a record's life.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview.paper.trail import Reviewed

    held = review.read(tables.RECORDS, records)
    others = {
        table.name: review.read_optional(table)
        for table in (
            tables.DUPLICATES, tables.SCREENING, tables.REPORTS, tables.STUDIES, tables.SOURCES,
            tables.UNIQUE, tables.OVERRIDE, tables.CONFLICTS, tables.APPRAISAL, tables.CHANGES,
        )
    }  # fmt: skip
    tell_of_two_runs(review, held, others["duplicates"])
    files = review.vote_files(None, may_be_none=True)
    votes = review.read_votes(files) if files else tables.empty(tables.VOTES)
    is_coded = review.has(tables.THEMES) and review.has(tables.STUDIES)
    return Reviewed(
        records=held,
        duplicates=others["duplicates"],
        unique=others["unique"],
        overrides=others["overrides"],
        votes=votes,
        screening=others["screening"],
        conflicts=others["conflicts"],
        reports=others["reports"],
        studies=others["studies"],
        sources=others["sources"],
        flow=read_flow(review, laid_down, held, others),
        coding=read_coding(review) if is_coded else None,
        appraised=frozenset(others["appraisal"]["study_id"]),
        rules={rule.name: rule.why for rule in read_rules(review, None, laid_down).rules},
        reviewers=laid_down.reviewers,
    )


def read_flow(
    review: "Review", laid_down: "Protocol", records: "pd.DataFrame", others: "dict[str, pd.DataFrame]"
) -> "Flow":
    """
    Return the flow of ``flow.json`` where it was counted from the tables as they stand, else count it.

    That of an update rests on an earlier version's, too, and is taken as it stands.
    """
    from peerreview.flow import exchange
    from peerreview.tables import reading

    path = review.path(FLOW)
    if path.exists():
        review.note(path, told=False)
        counted = exchange.read_of(reading.read_text(path), path)
        other = [
            str(review.path(table))
            for table in COUNTED
            if (reading.digest(review.path(table)) if review.has(table) else None)
            != counted.inputs.get(table.name)
        ]
        if not other:
            return counted
        cure = "run prisma again" if counted.is_updated else "the boxes told are counted anew"
        review.remark(f"{path} was counted from another {', '.join(other)}; {cure}")
        if counted.is_updated:
            return counted
    return count_flow({**others, tables.RECORDS.name: records}, review.has, laid_down)
