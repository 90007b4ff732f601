"""What several commands read: the coding, the appraisal, the studies, what another command wrote."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import pandas as pd

    from peerreview.agreement.measured import Measured
    from peerreview.duplicates.rules import Rules
    from peerreview.flow import Flow
    from peerreview.flow.amended import Amended
    from peerreview.paper.retractions import Told
    from peerreview.review import Protocol, Review
    from peerreview.screening.outcomes import Settled
    from peerreview.synthesis.by_design import Appraisal, Chosen
    from peerreview.synthesis.findings import Finding
    from peerreview.synthesis.instrument import Instrument
    from peerreview.synthesis.themes import Coding
    from peerreview.tables import Table


def count_flow(
    frames: "Mapping[str, pd.DataFrame]",
    has: "Callable[[Table], bool]",
    laid_down: "Protocol",
    *,
    previous: "Flow | None" = None,
    show_zero: bool = False,
) -> "Flow":
    """Return the flow counted from a review's tables, by name; what it ``has`` not is not counted from."""
    from peerreview import tables
    from peerreview.flow.counting import derive
    from peerreview.review import COUNTED

    always = (tables.RECORDS, tables.DUPLICATES, tables.SCREENING)
    there = {
        table.name: frames[table.name]
        for table in COUNTED
        if table.name in frames and (table in always or has(table))
    }
    reports, studies, sources = (
        there.get(table.name) for table in (tables.REPORTS, tables.STUDIES, tables.SOURCES)
    )
    return derive(
        frames[tables.RECORDS.name],
        frames[tables.DUPLICATES.name],
        frames[tables.SCREENING.name],
        reports=reports,
        studies=studies,
        sources=sources,
        previous=previous,
        reasons=laid_down.reasons,
        elsewhere=laid_down.elsewhere,
        libraries=laid_down.libraries,
        show_zero=show_zero,
        amended=read_amended(there),
    )


def read_settled(
    review: "Review",
    laid_down: "Protocol",
    votes: "pd.DataFrame",
    unique: Path | None = None,
    duplicates: Path | None = None,
) -> "tuple[pd.DataFrame, Settled]":
    """
    Return the records to screen, and what the votes on them add up to by the protocol.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview import tables

    records = review.read(tables.UNIQUE, unique)
    pairs = review.read_optional(
        tables.DUPLICATES, duplicates, without="votes on duplicates are not brought together"
    )
    _check_run(review, records, pairs if review.has(tables.DUPLICATES, duplicates) else None, unique)
    return records, settle_by(laid_down, records, votes, pairs)


def settle_by(
    laid_down: "Protocol", records: "pd.DataFrame", votes: "pd.DataFrame", pairs: "pd.DataFrame"
) -> "Settled":
    """
    Return what votes on records add up to by the words of the protocol; ``pairs`` are the duplicates.

    Raises
    ------
    InputErrors
        With file and line of each vote that cannot count.
    """
    from peerreview.screening import outcomes

    return outcomes.settle(
        records,
        votes,
        duplicates=pairs,
        votes_required=laid_down.votes_required,
        reasons=laid_down.reasons,
        reviewers=laid_down.reviewers,
    )


def read_amended(frames: "Mapping[str, pd.DataFrame]") -> "Amended | None":
    """
    Return what became of included studies, checked against the other tables; None where nothing is said.

    Raises
    ------
    InputErrors
        With file and line of each fault.
    """
    from peerreview import tables
    from peerreview.flow.amended import read

    if tables.CHANGES.name not in frames:
        return None
    return read(
        frames[tables.CHANGES.name],
        frames[tables.RECORDS.name],
        frames[tables.DUPLICATES.name],
        reports=frames.get(tables.REPORTS.name),
        studies=frames.get(tables.STUDIES.name),
        sources=frames.get(tables.SOURCES.name),
    )


def retired_of(review: "Review") -> dict[str, tuple[str, str]]:
    """Return the studies that changes.csv retires, each with the round and the reason."""
    from peerreview import tables

    if not review.has(tables.CHANGES):
        return {}
    said = review.read(tables.CHANGES)
    gone = {
        row["study_id"]: (row["round"], row["reason"].strip())
        for row in tables.rows(said)
        if row["change"] == "retired"
    }
    if gone:
        review.remark(
            f"{review.path(tables.CHANGES)}: retired, and left out of what is laid out: {', '.join(gone)}"
        )
    return gone


def staying(table: "pd.DataFrame", retired: "Collection[str]") -> "pd.DataFrame":
    """
    Return a table without the rows of retired studies.

    Parameters
    ----------
    table : ``study_id``.
    """
    return table[~table["study_id"].isin(set(retired))] if retired else table


def read_staying(review: "Review", studies: Path | None) -> "pd.DataFrame":
    """Return the included studies without those that were retired since."""
    from peerreview import tables

    return staying(review.read(tables.STUDIES, studies), retired_of(review))


def read_coding(
    review: "Review",
    themes: Path | None = None,
    codebook: Path | None = None,
    studies: Path | None = None,
    documents: Path | None = None,
    *,
    bases: tuple[str, ...] = (),
) -> "Coding":
    """
    Return the coding in a review's files: long, a wide matrix, or what Taguette exports.

    The bases that count are those named, else the protocol's.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview import tables
    from peerreview.synthesis import codings
    from peerreview.synthesis import themes as stage

    with_codebook = review.has(tables.CODEBOOK, codebook)
    raw = review.read_raw(tables.THEMES, themes)
    coded = codings.read(
        raw,
        codebook=review.read_raw(tables.CODEBOOK, codebook) if with_codebook else None,
        studies=review.read(tables.STUDIES, studies),
        documents=review.read_optional(tables.DOCUMENTS, documents),
    )
    file = review.path(tables.THEMES, themes)
    shapes = {"long": "a row per theme found", "wide": "a row per study, a column per theme"}
    read_as = shapes.get(coded.shape, "what Taguette exports")
    review.remark(f"{file}: read as {read_as}{'' if with_codebook else '; no codebook'}")
    for said in coded.remarks:
        review.remark(f"{file}: {said}")
    counted = bases or review.protocol().bases
    gone = retired_of(review)
    return stage.code(
        staying(coded.themes, gone), coded.codebook, studies=staying(coded.studies, gone), bases=counted
    )


def chosen_bases(option: str) -> tuple[str, ...]:
    """
    Return the bases of an option such as ``text,title``.

    Raises
    ------
    UsageError
        For one that does not exist.
    """
    from peerreview.tables import BASES

    bases = listed(option)
    for basis in bases:
        if basis not in BASES:
            raise UsageError(f"--basis {basis!r} is not one of {', '.join(BASES)}")
    return bases


def read_rules(review: "Review", named: Path | None, laid_down: "Protocol") -> "Rules":
    """
    Return the rules of duplicates: those of the file named, else of the protocol's, else peerreview's own.

    A file that the protocol names lies beside it.

    Raises
    ------
    InputError
        With file and line of what is no rule.
    """
    from peerreview.duplicates import rules

    path = named
    if path is None and laid_down.rules:
        path = review.folders[0] / laid_down.rules
        review.note(path)
    if path is None:
        return rules.default_rules()
    from peerreview.cli import console
    from peerreview.duplicates.rules import examples
    from peerreview.tables import reading

    parsed = rules.parse_rules(reading.read_text(path), path=path)
    for problem in examples.failing(parsed):
        console.remark(f"{path}: {problem}")
    return parsed


def listed(option: str) -> tuple[str, ...]:
    """Return the members of an option such as ``country,design``."""
    return tuple(each.strip() for each in option.split(",") if each.strip())


def read_studies(review: "Review", studies: Path | None, fields: Path | None) -> "pd.DataFrame":
    """
    Return the studies, checked against the declared fields where there are any.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview import tables
    from peerreview.synthesis import extraction

    included = review.read(tables.STUDIES, studies)
    if review.has(tables.FIELDS, fields):
        undeclared = extraction.check(included, review.read(tables.FIELDS, fields))
        told = f"; not declared: {', '.join(undeclared)}" if undeclared else ""
        checked, against = review.path(tables.STUDIES, studies), review.path(tables.FIELDS, fields)
        review.remark(f"checked {checked} against {against}{told}")
    return staying(included, retired_of(review))


def read_appraisals(
    review: "Review",
    laid_down: "Protocol",
    named: str = "",
    *,
    appraisal: Path | None = None,
    studies: Path | None = None,
    wording: Path | None = None,
) -> "list[Appraisal]":
    """Return what the appraisers said of each study, by instrument, rated by the protocol's rule."""
    from peerreview import tables
    from peerreview.synthesis import appraisal as stage
    from peerreview.synthesis import judgements
    from peerreview.synthesis.by_design import Appraisal

    everyone = review.read(tables.STUDIES, studies)
    raw = review.read_raw(tables.APPRAISAL, appraisal)
    gone = retired_of(review)
    found, read = [], []
    for each in read_instruments(review, laid_down, named, everyone, wording):
        included = everyone[everyone["study_id"].isin(each.studies)]
        others = set(everyone["study_id"]) - set(each.studies)
        said = judgements.read(raw, everyone, each.instrument, blanks=laid_down.blanks, others=others)
        read.append(said)
        appraised = stage.appraise(
            staying(said.appraisal, gone),
            staying(included, gone),
            instrument=each.instrument,
            ratings=each.ratings,
        )
        found.append(Appraisal(each.instrument, appraised, each.ratings))
    for told in judgements.remarks_on(read):
        review.remark(f"{review.path(tables.APPRAISAL, appraisal)}: {told}")
    return found


def read_instruments(
    review: "Review",
    laid_down: "Protocol",
    named: str = "",
    studies: "pd.DataFrame | None" = None,
    wording: Path | None = None,
) -> "list[Chosen]":
    """
    Return each instrument of a review with the ratings by it and its studies: of all, or by their designs.

    Parameters
    ----------
    named : the one to have alone, with the studies of its design, or all where it is for none.
    studies : ``study_id, design``; without them, no instrument has any.

    Raises
    ------
    InputErrors
        With the line of a study whose design has none.
    InputError
        Where there is no such instrument, or a rating is by points of none of its sets.
    """
    from peerreview.synthesis.by_design import Chosen, divide, ratings_for

    by_design = laid_down.instruments
    if not by_design or (named and named not in by_design.values()):
        everyone = () if studies is None else tuple(studies["study_id"])
        return [Chosen(read_instrument(review, named, laid_down, wording), laid_down.ratings, everyone)]
    names = list(dict.fromkeys(by_design.values()))
    of = {} if studies is None else divide(studies, by_design)
    read = {name: read_instrument(review, "", replace(laid_down, instrument=name), wording) for name in names}
    return [
        Chosen(
            read[name],
            ratings_for(laid_down.ratings, read[name], list(read.values())),
            tuple(of.get(name, ())),
        )
        for name in names
        if named in ("", name) and (studies is None or of[name])
    ]


def read_instrument(
    review: "Review", name: str, laid_down: "Protocol", wording: Path | None = None
) -> "Instrument":
    """
    Return an instrument by its name, or a team's own by its file: the one named, else the protocol's.

    A file that the protocol names lies beside it. Its items have the words of the team's own copy, where
    there is one.

    Raises
    ------
    InputError
        Where there is neither.
    PluginError
        Where it is another package's and does not work.
    """
    from peerreview import tables
    from peerreview.synthesis.instrument import named, names, parse, worded
    from peerreview.tables import plugins, reading
    from peerreview.tables.plugins import Kind

    chosen = name or laid_down.instrument
    if not chosen.endswith(".toml"):
        for said in plugins.remarks(Kind.INSTRUMENT, names()):
            review.remark(said)
        instrument = named(chosen)
    else:
        path = Path(chosen) if name else review.folders[0] / chosen
        review.note(path, told=not name)
        instrument = parse(reading.read_text(path), path.stem, path=str(path))
    if not review.has(tables.WORDING, wording):
        return instrument
    return worded(instrument, review.read_optional(tables.WORDING, wording))


def read_findings(
    review: "Review",
    findings: Path | None = None,
    studies: Path | None = None,
    themes: Path | None = None,
    codebook: Path | None = None,
) -> "tuple[Finding, ...]":
    """
    Return the review's findings; where there is a coding, their themes are of it.

    Raises
    ------
    InputErrors
        With file and line of each fault.
    """
    from peerreview import tables
    from peerreview.synthesis import findings as stage

    coding = read_coding(review, themes, codebook, studies) if review.has(tables.THEMES, themes) else None
    included = review.read(tables.STUDIES, studies)
    found = stage.gather(review.read(tables.FINDINGS, findings), included, coding)
    stay = set(staying(included, retired_of(review))["label"])
    for each in found:
        if gone := [label for label in each.studies if label not in stay]:
            review.remark(f"finding {each.finding!r} names retired studies: {', '.join(gone)}; left out")
    found = tuple(
        replace(each, studies=tuple(label for label in each.studies if label in stay)) for each in found
    )
    for said in stage.what_is_open(found):
        review.remark(f"{review.path(tables.FINDINGS, findings)}: {said}")
    return found


def read_retractions(review: "Review") -> "Told":
    """
    Return what ``retractions`` wrote as JSON, with the team's word on it as it is now.

    Raises
    ------
    InputError
        For what is not JSON, not of its schema, or has lost a part.
    """
    from peerreview import tables
    from peerreview.paper import retractions
    from peerreview.review import NOTICES
    from peerreview.tables import reading

    path = review.path(NOTICES)
    review.note(path)
    content = reading.read_json(path, retractions.SCHEMA)
    try:
        return retractions.from_json(content, review.read_optional(tables.RETRACTIONS))
    except ValueError as error:
        raise InputError(f"{error}; write it again with retractions -o {path.name}", path=path) from error


def read_agreement(review: "Review", named: Path | None) -> "Measured":
    """
    Return what ``agreement`` wrote as JSON.

    Raises
    ------
    InputError
        For what is not JSON, not of its schema, or has lost a part that tables show.
    """
    from peerreview.agreement import measured
    from peerreview.review import AGREEMENT
    from peerreview.tables import reading

    path = review.path(AGREEMENT, named)
    review.note(path, told=named is None)
    content = reading.read_json(path, measured.SCHEMA)
    try:
        return measured.from_json(content)
    except ValueError as error:
        raise InputError(f"{error}; write it again with agreement -o {path.name}", path=path) from error


def _check_run(
    review: "Review", records: "pd.DataFrame", pairs: "pd.DataFrame | None", unique: Path | None
) -> None:
    """Refuse unique records of another run of dedupe than the pairs; tell which there are more of by now."""
    from peerreview import tables
    from peerreview.duplicates.runs import check_one_run
    from peerreview.review import name_of
    from peerreview.tables import reading

    file = review.path(tables.UNIQUE, unique)
    if pairs is not None and (lacking := check_one_run(records, pairs)):
        n_lacking = tables.counted(len(lacking), "record")
        review.remark(
            f"{file}: lacks {n_lacking} that {name_of(tables.DUPLICATES)} keeps, as "
            f"{lacking[0]!r}; run dedupe again, unless it is to be a part of them"
        )
        return
    imported = file.with_name(name_of(tables.RECORDS))
    if file == tables.STREAM or not imported.is_file():
        return
    known = set(records["record_id"])
    removed = (
        pairs["record_id"] if pairs is not None else records["duplicates"].str.split(tables.LIST).explode()
    )
    known |= set(removed)
    newer = [each for each in reading.distinct(imported, "record_id") if each not in known]
    if newer:
        review.remark(
            f"{imported}: holds {tables.counted(len(newer), 'record')} that {file} does not know, "
            f"as {newer[0]!r}; run dedupe again, unless it is to be a part of them"
        )


def tell_of_two_runs(review: "Review", records: "pd.DataFrame", duplicates: "pd.DataFrame") -> None:
    """Say where the unique records that lie there are of another run of dedupe than the pairs."""
    from peerreview import tables
    from peerreview.review import name_of
    from peerreview.tables import reading

    file = review.path(tables.UNIQUE)
    both_there = review.has(tables.UNIQUE) and review.has(tables.DUPLICATES)
    if not both_there or "record_id" not in reading.columns_of(file):
        return
    removed = set(duplicates.loc[duplicates["verdict"] == "duplicate", "record_id"])
    unique = dict.fromkeys(reading.distinct(file, "record_id"))
    still = [record_id for record_id in unique if record_id in removed]
    lacking = [each for each in records["record_id"] if each not in removed and each not in unique]
    pairs = name_of(tables.DUPLICATES)
    if still:
        holds = f"holds {tables.counted(len(still), 'record')} that {pairs} removes, as {still[0]!r}"
        review.remark(f"{file}: {holds}: the two tables are of two runs; run dedupe again")
    elif lacking:
        lacks = f"lacks {tables.counted(len(lacking), 'record')} that {pairs} leaves, as {lacking[0]!r}"
        review.remark(f"{file}: {lacks}; run dedupe again, unless it is to be a part of them")


def tell_of_newer_votes(
    review: "Review", screening: "pd.DataFrame", laid_down: "Protocol", named: Path | None = None
) -> None:
    """
    Say where the outcomes that lie beside votes are not what these add up to now.

    Of outcomes that lie elsewhere nothing is said, nor where the votes
    cannot be settled: ``screen`` tells why.
    """
    from peerreview import tables
    from peerreview.errors import PeerreviewError
    from peerreview.review import VOTES, Review, name_of

    beside = Review(review.folders[0])
    file = beside.folders[0] / name_of(tables.SCREENING)
    lies_there = file.is_file() and beside.has(tables.UNIQUE)
    if not lies_there or review.path(tables.SCREENING, named).resolve() != file.resolve():
        return
    try:
        votes = beside.vote_files(None, may_be_none=True)
        if not votes:
            return
        _, settled = read_settled(beside, laid_down, beside.read_votes(votes))
    except PeerreviewError:
        return
    then, now = (_outcomes(each) for each in (screening, settled.screening))
    differing = sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key))
    if differing:
        record_id, stage = differing[0]
        outcomes = tables.counted(len(differing), "outcome")
        review.remark(
            f"{file}: {outcomes} would be otherwise by the votes in {VOTES.name}/ now, "
            f"as of {record_id!r} at {stage}; run screen again"
        )


def _outcomes(screening: "pd.DataFrame") -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what a table says of each record at each stage; blank cells for columns that it lacks."""
    from peerreview.tables import SCREENING

    cells = (
        screening[name].tolist() if name in screening else [""] * len(screening) for name in SCREENING.columns
    )
    return {(each[0], each[1]): each[2:] for each in zip(*cells, strict=True)}
