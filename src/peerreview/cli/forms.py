"""Screening forms: which records are left for whom, and a filled one that is not written over."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.errors import InputError, UsageError
from peerreview.review import VOTES
from peerreview.tables import STREAM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from peerreview.paper.forms import Form
    from peerreview.review import Protocol as Plan
    from peerreview.review import Review
    from peerreview.screening.outcomes import Settled

PAGE = ".html"
"""What a form is that is filled in in a browser."""
_SHARE = re.compile(r"\s*(?:([0-9]{1,4})\s*/\s*([0-9]{1,4})\s+of\s+)?(.+)")


@dataclass(frozen=True)
class Wanted:
    """The form that is asked for."""

    reviewer: str
    stage: str
    output: Path
    order: str = "seed"
    seed: int | None = None
    sample: int | None = None
    share: str = ""
    explain: bool = False


def to_fill(
    review: "Review", settled: "Settled", records: "pd.DataFrame", plan: "Plan", wanted: Wanted
) -> "list[tuple[Path, Any]]":
    """
    Return the form to write, after the assignments where records are shared out.

    Raises
    ------
    UsageError
        For a name that is nearly somebody's, and shares that do not fit it.
    InputError
        Where the file holds votes that were not taken.
    """
    from peerreview.paper import screening_form
    from peerreview.screening import order, progress, relevance, sharing

    reviewer = _name(wanted.reviewer, settled, plan)
    stage, required = wanted.stage, {"retrieval": 1} | plan.votes_required
    left = progress.open_records(settled, stage, required)
    if wanted.sample is not None:
        at_stage = settled.screening.loc[settled.screening["stage"] == stage, "record_id"].tolist() or list(
            left
        )
        pilot = sharing.draw(at_stage, wanted.sample, wanted.seed or 0)
        left = {record_id: names for record_id, names in left.items() if record_id in pilot}
    before = review.read_optional(tables.ASSIGNMENTS)
    assignments = before
    if wanted.share:
        people = [_name(name, settled, plan) for name in _people(wanted)]
        assignments = sharing.share(
            list(left), people, stage=stage, required=required.get(stage, 2), voted=left, before=before,
            seed=wanted.seed or 0,
        )  # fmt: skip
        had = [names for record_id, names in sharing.assigned(before, stage).items() if record_id in left]
        whose = sorted(set().union(*had))
        if had and whose != sorted(people):
            stay = tables.counted(len(had), "record stays", "records stay")
            review.remark(
                f"{stay} with those who have them ({', '.join(whose)}); "
                f"to share them anew, delete their rows in {review.path(tables.ASSIGNMENTS)}"
            )
    awaited = sharing.assigned(assignments, stage)
    own = progress.left_for(reviewer, left, awaited)
    arranged = order.arrange(
        own, records, by=wanted.order, reviewer=reviewer, stage=stage, seed=wanted.seed,
        own=order.own_votes(settled, reviewer, stage),
    )  # fmt: skip
    why = {record_id: str(spoken) for record_id, spoken in arranged.spoken.items()}
    cells = progress.form(arranged.records, records, reviewer=reviewer, stage=stage, relevance=why)
    is_page = wanted.output.suffix.lower() == PAGE
    if not is_page:
        _keep_filled(wanted.output, settled, plan)
    review.remark(f"{tables.counted(len(cells), 'record is', 'records are')} left for {reviewer} at {stage}")
    for remark in arranged.remarks:
        review.remark(remark)
    n_others = len(left) - len(own)
    if n_others and any(record_id in awaited for record_id in left):
        review.remark(f"{n_others:,} are others' by {review.path(tables.ASSIGNMENTS)}, or have this vote")
    votes = VOTES / f"{wanted.output.stem}.csv"
    if len(cells) and is_page:
        review.remark(f"open {wanted.output} in a browser; what it gives back is a file for {VOTES}/")
    elif len(cells):
        command = shlex.join(["peerreview", "decisions", str(wanted.output), "-o", str(votes)])
        review.remark(f"once filled in, even in part: {command}")
    contents: list[tuple[Path, Any]] = []
    if wanted.explain:
        contents.append((STREAM, relevance.explain(arranged.spoken)))
    if len(assignments) > len(before):
        contents.append((review.path(tables.ASSIGNMENTS), assignments))
    laid_out = screening_form.lay_out(cells, stage, plan)
    if is_page:
        from peerreview.render.screening import page

        written_page = page(
            cells,
            reviewer=reviewer,
            stage=stage,
            legal=laid_out.fields[0].allowed,
            file=votes.name,
            reasons=plan.reasons,
            title=plan.title,
            criteria=plan.for_screeners,
            marked=plan.marked,
        )
        return [*contents, (wanted.output, written_page)]
    return [*contents, (wanted.output, written(laid_out, wanted.output))]


def to_judge(
    cells: "pd.DataFrame", allowed: "Mapping[str, Sequence[str]]", output: Path
) -> "pd.DataFrame | bytes":
    """Return a table to fill in: plain as CSV, with drop-downs of the words ``allowed`` as a workbook."""
    if output.suffix.lower() == ".xlsx":
        from peerreview.render import excel

        return excel.form(cells, allowed)
    from peerreview.tables import writing

    return writing.for_people(cells)


def written(form: "Form", output: Path) -> Any:
    """
    Return a form as its file's suffix has it.

    Raises
    ------
    UsageError
        For another suffix than ``.csv`` and ``.xlsx``.
    """
    from peerreview.tables import writing

    if output.suffix.lower() == ".xlsx":
        from peerreview.render.excel import fill_in

        return fill_in(form)
    if output.suffix.lower() != ".csv":
        raise UsageError(f"{output}: a form is written as .csv or .xlsx; name such a file")
    # Excel takes a table for UTF-8 where it begins so, and for the letters of its country else.
    return b"\xef\xbb\xbf" + writing.to_csv(writing.for_people(form.cells)).encode()


def _name(name: str, settled: "Settled", plan: "Plan") -> str:
    from peerreview.screening import people, progress

    found = people.name_of(name, plan.reviewers, settled.shown)
    alike = progress.names_like(settled, found)
    if alike and found not in alike:
        raise UsageError(
            f"--form {found!r}: the votes are by {alike[0]!r}; write the name as it stands there"
        )
    return found


def _people(wanted: Wanted) -> "Sequence[str]":
    """Return who share the records: ``ana,ben,cy``, or whose share this is, ``1/3 of ana,ben,cy``."""
    found = _SHARE.fullmatch(wanted.share)
    names = [name.strip() for name in found[3].split(",") if name.strip()] if found else []
    if len(names) < 2 or len(set(names)) < len(names):
        raise UsageError(f"--share {wanted.share!r} names no two people; write it as in '1/3 of ana,ben,cy'")
    if wanted.reviewer not in names:
        raise UsageError(f"--share {wanted.share!r}: {wanted.reviewer!r}, of --form, has no share in it")
    if found and found[1]:
        number, n_shares = int(found[1]), int(found[2])
        if n_shares != len(names) or not 1 <= number <= n_shares:
            raise UsageError(f"--share {wanted.share!r}: {len(names)} people have {len(names)} shares")
        if names[number - 1] != wanted.reviewer:
            whose = f"share {number} is that of {names[number - 1]!r}, --form of {wanted.reviewer!r}"
            raise UsageError(f"--share {wanted.share!r}: {whose}")
    return names


def _keep_filled(form: Path, settled: "Settled", plan: "Plan") -> None:
    """Refuse to write over a form with votes that no decisions file holds yet."""
    from peerreview.imports import formats
    from peerreview.screening.people import name_of
    from peerreview.screening.screeners import Export, cell
    from peerreview.screening.screeners.words import fold
    from peerreview.tables import reading
    from peerreview.tables.writing import as_meant

    if not form.is_file():
        return
    _, rows = Export(str(form), formats.decode(reading.read_bytes(form)).text).table

    def is_lost(row: "Mapping[str, str]") -> bool:
        name = name_of(as_meant(cell(dict(row), "reviewer")), plan.reviewers, settled.shown)
        decision, stage = cell(dict(row), "decision"), cell(dict(row), "stage")
        at = "retrieval" if fold(decision) == "not_retrieved" else stage
        return bool(decision) and ("reviewer", name) not in settled.ballots.of(
            as_meant(cell(dict(row), "record_id")), at
        )

    n_votes = sum(is_lost(row) for _, row in rows)
    if n_votes:
        votes = tables.counted(n_votes, "vote")
        message = f"holds {votes} that no decisions file has; run decisions on it, or name another"
        raise InputError(message, path=form)
