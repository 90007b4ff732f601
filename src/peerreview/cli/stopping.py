"""``screen --stopping``: what the votes say of the records left, and setting those aside where people ask."""

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from peerreview import tables
from peerreview.cli import console
from peerreview.cli.outputs import alone, as_json, put, tell
from peerreview.errors import InputError, MissingToolError, UsageError
from peerreview.review import VOTES
from peerreview.tables import STREAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from peerreview.review import Protocol as Plan
    from peerreview.review import Review
    from peerreview.screening.outcomes import Settled
    from peerreview.screening.stopping import Evidence, Rule

STOPPED = "stopped.csv"
"""Among the votes: what a stopping rule set aside."""
AT = "title_abstract"
"""Where screening may stop: a full text is excluded for a reason that people give."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for on the command line; a blank name means all who vote, a blank stage all stages."""

    name: str = ""
    stage: str = ""
    seed: int | None = None
    recall: float = 0.95
    confidence: float = 0.95
    stop: bool = False
    resume: bool = False
    as_json: bool = False


def check(wanted: Wanted, output: Path, default: Path) -> None:
    """
    Refuse what does not go together.

    Raises
    ------
    UsageError
        For shares that are none, another stage to stop at, and an output that is no .json.
    """
    for option, share in (("--recall", wanted.recall), ("--confidence", wanted.confidence)):
        if not 0 < share < 1:
            raise UsageError(f"{option} {share:g} is no share between 0 and 1, as 0.95")
    if wanted.stop and wanted.resume:
        raise UsageError("--stop and --resume are one at a time")
    if wanted.stop and wanted.stage not in ("", AT):
        raise UsageError(f"--stop is of {AT}: at {wanted.stage} each exclusion has a reason that people give")
    if output not in (default, STREAM) and output.suffix != ".json":
        raise UsageError(f"{output}: --stopping is written as .json; name such a file")


def run(
    unique: Path | None,
    decisions: "list[Path] | None",
    duplicates: Path | None,
    protocol: Path | None,
    wanted: Wanted,
    output: Path | None,
) -> None:
    """
    Show what the votes say of the records left, set records aside, or take that back.

    Raises
    ------
    InputError, InputErrors
        Where the votes do not bear stopping, or there is nothing to set aside or take back.
    """
    from peerreview.cli import inputs
    from peerreview.review import Review
    from peerreview.screening.stopping import Rule

    review = Review.around(unique)
    plan = review.protocol(protocol)
    paths = review.vote_files(decisions)
    rule = Rule(Fraction(str(wanted.recall)), Fraction(str(wanted.confidence)))
    file = paths[0].with_name(STOPPED) if paths else review.folders[0] / VOTES / STOPPED
    if wanted.resume:
        _resume(review, paths, file)
        return
    # Who sets records aside does so on the votes that stand there meanwhile, too.
    with alone(*([file] if wanted.stop else [])), console.working("weighing votes"):
        records, settled = inputs.read_settled(review, plan, review.read_votes(paths), unique, duplicates)
        assignments = review.read_optional(tables.ASSIGNMENTS)
        found = _weigh(settled, records, plan, assignments, wanted, rule)
        if wanted.stop:
            _stop(review, settled, [evidence for evidence, _ in found], found, rule, file)
            return
    shown = [evidence for evidence, _ in found]
    if output is not None or wanted.as_json:
        put(review, [(output or STREAM, as_json(_document(shown, rule)))])
        return
    tell(review)
    _show(shown, rule)


def _weigh(
    settled: "Settled",
    records: "pd.DataFrame",
    plan: "Plan",
    assignments: "pd.DataFrame",
    wanted: Wanted,
    rule: "Rule",
) -> "list[tuple[Evidence, list[str]]]":
    """Return the evidence of each reviewer at each stage, and the records left for them."""
    from peerreview.screening import people, progress, sharing, stopping
    from peerreview.screening.relevance import Ranker

    try:
        ranker = Ranker(records)
    except MissingToolError:
        ranker = None
    name = people.name_of(wanted.name, plan.reviewers, settled.shown) if wanted.name else ""
    stages = [wanted.stage] if wanted.stage else [AT] if wanted.stop else [AT, "full_text"]
    found = []
    for stage in stages:
        left = progress.open_records(settled, stage, {"retrieval": 1} | plan.votes_required)
        awaited = sharing.assigned(assignments, stage)
        away = dict.fromkeys(stopping.stands_aside(settled) if stage == AT else (), frozenset[str]())
        for reviewer in stopping.voters(settled, stage):
            if name in ("", reviewer):
                own = progress.left_for(reviewer, left, awaited)
                aside = progress.left_for(reviewer, away, awaited)
                evidence = stopping.weigh(
                    settled, reviewer, stage, own, rule=rule, aside=aside, seed=wanted.seed, ranker=ranker
                )
                found.append((evidence, own))
    if not found:
        whose = f"{wanted.name!r} has no" if wanted.name else "nobody has a"
        raise InputError(f"{whose} vote at {' or '.join(stages)}")
    return found


def _stop(
    review: "Review",
    settled: "Settled",
    evidence: "Sequence[Evidence]",
    found: "Sequence[tuple[Evidence, list[str]]]",
    rule: "Rule",
    file: Path,
) -> None:
    """Write the records that nobody has judged into the file of those set aside, where the votes bear it."""
    from peerreview.screening import stopping
    from peerreview.tables import appending

    ask = [each for each in evidence if each.n_left]
    for each in ask:
        if not each.bears(rule):
            wants = f"{rule} wants p below {float(1 - rule.confidence):.3g}"
            said = each.why or f"p = {each.p:.3g}, and {wants}"
            raise InputError(f"{each.reviewer} at {each.stage}: the votes do not bear stopping: {said}")
    left = dict.fromkeys(record_id for _, own in found for record_id in own)
    alone_left = [each for each in left if not stopping.is_judged(settled, each, AT)]
    if not alone_left:
        raise InputError("no record is left that nobody has judged: there is nothing to set aside")
    rows = stopping.set_aside(alone_left, ask, rule, decided_at=_now())
    unjudged = "that nobody had judged"
    n_rows = tables.counted(len(rows), f"record {unjudged} is", f"records {unjudged} are")
    review.remark(f"{n_rows} set aside in {file}: {rule}")
    if len(left) > len(alone_left):
        n_judged = len(left) - len(alone_left)
        review.remark(f"{n_judged:,} that somebody has judged stay open for another's vote")
    review.remark("screen and prisma count this from now on; screen --stopping --resume takes it back")
    tell(review)
    appending.append(file, rows, tables.VOTES)


def _resume(review: "Review", paths: "Sequence[Path]", file: Path) -> None:
    """Write below what was set aside that it is not any more."""
    from peerreview.screening import stopping
    from peerreview.tables import writing

    with alone(file):
        rows = stopping.take_back(review.read_votes(paths), decided_at=_now())
        if not len(rows):
            raise InputError("nothing is set aside by a stopping rule, so that there is nothing to take back")
        review.remark(
            f"{tables.counted(len(rows), 'record is', 'records are')} to be screened again; "
            f"{file} keeps what stood there"
        )
        tell(review)
        writing.write(writing.appended(file, rows, tables.VOTES), file)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _document(shown: "Sequence[Evidence]", rule: "Rule") -> dict[str, object]:
    from peerreview.screening.stopping import SCHEMA, SOURCE

    return {
        "schema": SCHEMA,
        "rule": {"recall": float(rule.recall), "confidence": float(rule.confidence), "source": SOURCE},
        "reviewers": [each.to_json() | {"bears": each.bears(rule)} for each in shown],
    }


def _show(shown: "Sequence[Evidence]", rule: "Rule") -> None:
    """Print the evidence, a paragraph per reviewer and stage; stdout carries nothing else."""
    from peerreview.screening.stopping import SOURCE, percent

    allowed = f"{float(1 - rule.confidence):.3g}"
    for each in shown:
        since = "" if each.n_since is None else f", {each.n_since:,} since the last that was found"
        aside = f", {each.n_aside:,} of them set aside" if each.n_aside else ""
        read = f"{each.n_seen:,} read{since}; {each.n_found:,} found; {each.n_left:,} left{aside}"
        lines = [f"{each.reviewer} at {each.stage}: {read}"]
        if each.p is None or each.bound is None:
            lines.append(each.why)
        else:
            verdict = "bears stopping" if each.bears(rule) else "does not bear stopping"
            lines.append(f"it rests on the {each.basis} of the last {each.n_drawn:,} read")
            lines.append(f"p = {each.p:.3g}, which {verdict} (below {allowed} does)")
            lines.append(
                f"with {percent(rule.confidence)} confidence at least {percent(each.bound)} are found"
            )
        typer.echo(console.shown("\n  ".join(lines)))
    short = f"less than {percent(rule.recall)} found"
    typer.echo(
        f"p: the chance to have found so few at the end were {short}, for one look: who looks again\n"
        "and again until it is low enough is less sure. What counts as found is each one's own judgement.\n"
        f"{SOURCE}"
    )
