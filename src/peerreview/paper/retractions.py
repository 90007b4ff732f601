"""Notices on a review's works: where each work stands, what the team decided, what changes without it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.paper.document import Section, Sentence
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.paper.telling import standing
from peerreview.paper.trail import EARLIER, Index, Trail, follow_record
from peerreview.values import lists

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from peerreview.flow.changes import Changed, Changes
    from peerreview.flow.labels import Labels

SCHEMA = "peerreview/retractions/1"
_ENDED_BY = ("retraction", "withdrawal", "concern")
"""What a reinstatement ends."""
_NAMES = {
    "retraction": "retracted",
    "partial_retraction": "retracted in part",
    "withdrawal": "withdrawn",
    "concern": "expression of concern",
    "correction": "corrected",
    "reinstatement": "reinstated",
}
_OF_SELF = "the record itself"
RETIRED = "retired"
"""Where a work stands whose studies were retired: they count no longer."""


@dataclass(frozen=True)
class Retracted:
    """
    A work of the review that notices of one kind are of, or that is such a notice (``about``).

    ``certainty`` is certain or possible; ``stands`` yes, no (reinstated
    since) or unclear; ``end`` the box of the flow in which the work ends,
    or ``retired`` where the studies that it tells of were.
    ``verdict``, ``why`` and ``by`` are the team's word, blank without one.
    """

    record_id: str
    about: str
    kind: str
    certainty: str
    stands: str
    citation: str
    end: str
    studies: tuple[str, ...]
    cited_in: tuple[str, ...]
    date: str
    notice_doi: str
    notice_pmid: str
    reason: str
    how: str
    source: str
    verdict: str = ""
    why: str = ""
    by: str = ""

    @property
    def is_in(self) -> bool:
        """Whether the review's findings rest on the work, included in this version or in an earlier one."""
        return self.end == "included" or (self.end == EARLIER and bool(self.studies))

    @property
    def is_in_doubt(self) -> bool:
        """Whether the review's findings rest on the work, and a notice that stands puts it in doubt."""
        return self.about == "paper" and self.kind in tables.DOUBTED and self.stands != "no" and self.is_in

    @property
    def is_open(self) -> bool:
        """Whether the team has yet to decide, or to do what it decided."""
        return self.is_in_doubt and self.verdict in ("", "leave_out")


@dataclass(frozen=True)
class SheetChange:
    """A printed table that would change: how many rows it has and would have, and how many differ."""

    name: str
    title: str
    n_before: int
    n_after: int
    n_changed: int


@dataclass(frozen=True)
class Consequence:
    """What changes without some works: studies that go, boxes, printed tables, sentences (before, after)."""

    record_ids: tuple[str, ...]
    studies: tuple[str, ...]
    boxes: tuple[Changed, ...]
    sheets: tuple[SheetChange, ...]
    sentences: tuple[tuple[str, str], ...]


def gather(
    said: pd.DataFrame,
    found: pd.DataFrame,
    notices: pd.DataFrame,
    lives: Index,
    decided: pd.DataFrame,
    retired: Collection[str],
    source: str,
) -> tuple[Retracted, ...]:
    """
    Return the works that notices are of, one row for each kind of notice; the included first.

    Parameters
    ----------
    said : what records say of themselves, as ``duplicates.retractions.what_they_say``.
    found : notices of records, as ``duplicates.retractions.find``.
    notices : the notices, as ``imports.notices``.
    lives : the review's records.
    decided : ``retractions.csv``.
    retired : studies that count no longer, by ``changes.csv``.
    source : what the notices are called.
    """
    rows: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in tables.rows(said):
        key = (lives.kept.get(row["record_id"], row["record_id"]), row["about"], row["kind"])
        how = {
            "certainty": "certain",
            "how": row["says"],
            "source": _OF_SELF,
            "notice_pmid": row["notice_pmid"],
        }
        rows.setdefault(key, []).append(how)
    met = sorted(set(found["notice"]))
    told = dict(zip(met, tables.rows(notices.iloc[met]), strict=True))
    certain_of = {
        (lives.kept.get(record_id, record_id), notice)
        for record_id, notice, certainty in zip(
            found["record_id"], found["notice"], found["certainty"], strict=True
        )
        if certainty == "certain"
    }
    columns = (found[column].tolist() for column in ("record_id", "notice", "about", "certainty", "how"))
    for record_id, notice, about, certainty, how in zip(*columns, strict=True):
        work = lives.kept.get(record_id, record_id)
        if certainty == "possible" and (work, notice) in certain_of:
            continue
        row = told[notice]
        rows.setdefault((work, about, row["kind"]), []).append(
            {**row, "certainty": certainty, "how": how, "source": f"{source}:{row['line']}"}
        )
    words = {(row["record_id"], row["kind"]): row for row in tables.rows(decided)}
    words = {(lives.kept.get(record_id, record_id), kind): row for (record_id, kind), row in words.items()}
    trails: dict[str, Trail] = {}
    made = []
    for (work, about, kind), several in rows.items():
        trail = trails.setdefault(work, follow_record(lives, work))
        word: Mapping[str, str] | None = words.get((work, kind))
        if word is None and about == "paper" and kind == "concern":
            word = _word_on_retraction(rows, words, work)
        ended = _ended(rows, work, kind)
        made.append(_one(trail, (about, kind), several, word or {}, ended, retired))
    order = {kind: place for place, kind in enumerate(tables.NOTICE_KINDS)}
    made.sort(key=lambda each: (not each.is_in, each.about != "paper", order[each.kind], each.record_id))
    return tuple(made)


def _word_on_retraction(
    rows: Mapping[tuple[str, str, str], Sequence[Mapping[str, str]]],
    words: Mapping[tuple[str, str], Mapping[str, str]],
    work: str,
) -> Mapping[str, str] | None:
    """Return the team's word on a work's retraction, which settles a concern that came before it."""
    word = words.get((work, "retraction"))
    concerns, retractions = (
        [each.get("date", "") for each in rows.get((work, "paper", kind), ())]
        for kind in ("concern", "retraction")
    )
    if word is None or word["verdict"] not in ("keep", "leave_out") or not all([*concerns, *retractions]):
        return None
    return word if max(concerns) <= max(retractions, default="") else None


def _ended(
    rows: Mapping[tuple[str, str, str], Sequence[Mapping[str, str]]], work: str, kind: str
) -> list[str] | None:
    """Return the days on which a work was reinstated, blank where unknown; None where it never was."""
    back = rows.get((work, "paper", "reinstatement"), ())
    return [each.get("date", "") for each in back] if back and kind in _ENDED_BY else None


def _one(
    trail: Trail,
    what: tuple[str, str],
    several: Sequence[Mapping[str, str]],
    word: Mapping[str, str],
    reinstated: Sequence[str] | None,
    retired: Collection[str],
) -> Retracted:
    certain = [each for each in several if each["certainty"] == "certain"] or list(several)
    days = [each.get("date", "") for each in certain]
    stands = "yes"
    if reinstated is not None:
        # A day that is not known, or the same day, leaves open which came last.
        known = all([*days, *reinstated])
        last, back = max(days), max(reinstated)
        stands = "unclear" if not known or last == back else "no" if back > last else "yes"

    def joined(column: str) -> str:
        return lists.LIST.join(dict.fromkeys(each[column] for each in certain if each.get(column)))

    studies = {each.study_id for each in trail.studies}
    is_retired = bool(studies) and studies.issubset(retired)
    return Retracted(
        trail.record_id,
        *what,
        certain[0]["certainty"],
        stands,
        trail.citation,
        RETIRED if is_retired else trail.end,
        tuple(each.label or each.study_id for each in trail.studies),
        trail.cited_in,
        max(days),
        joined("notice_doi"),
        joined("notice_pmid"),
        joined("reason"),
        joined("how"),
        joined("source"),
        word.get("verdict", ""),
        word.get("why", ""),
        word.get("by", ""),
    )


def compare(
    record_ids: Sequence[str],
    studies: Sequence[str],
    changes: Changes,
    before: Sequence[Section],
    after: Sequence[Section],
) -> Consequence:
    """Return what changes from one state of the report to the other."""
    sentences: list[tuple[str, str]] = []
    sheets: list[SheetChange] = []
    others = {section.title: section for section in after}
    for section in before:
        other = others.get(section.title, Section(section.title))
        sentences += _sentences(section.sentences, other.sentences)
        sheets += _sheets(section.sheets, other.sheets)
    return Consequence(tuple(record_ids), tuple(studies), changes.boxes, tuple(sheets), tuple(sentences))


def _sentences(before: Sequence[Sentence], after: Sequence[Sentence]) -> list[tuple[str, str]]:
    one, other = [each.text for each in before], [each.text for each in after]
    pairs = []
    for kind, low, high, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        longest = max(high - low, stop - start)
        left, right = (part + [""] * (longest - len(part)) for part in (one[low:high], other[start:stop]))
        pairs += list(zip(left, right, strict=True))
    return pairs


def _sheets(before: Sequence[Sheet], after: Sequence[Sheet]) -> list[SheetChange]:
    others = {sheet.name: sheet for sheet in after}
    changed = []
    for sheet in before:
        other = others.get(sheet.name)
        one = [tuple(map(str, row)) for row in sheet.rows]
        two = [tuple(map(str, row)) for row in other.rows] if other else []
        same = sum(
            block.size for block in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()
        )
        n_changed = max(len(one), len(two)) - same
        if n_changed or (other and (sheet.notes != other.notes or sheet.columns != other.columns)):
            changed.append(SheetChange(sheet.name, sheet.title, len(one), len(two), n_changed))
    return changed


def to_table(works: Sequence[Retracted]) -> pd.DataFrame:
    """Return the works as ``retracted.csv``."""
    return tables.make(
        tables.RETRACTED,
        [
            {
                **{
                    column: getattr(each, column)
                    for column in tables.RETRACTED.columns
                    if hasattr(each, column)
                },
                "title": each.citation,
                "standing": _standing(each),
                "studies": lists.LIST.join(each.studies),
            }
            for each in works
        ],
    )


def to_sheets(
    works: Sequence[Retracted], consequences: Sequence[Consequence], labels: Labels, compared: str
) -> list[Sheet]:
    """Return the works, and what changes without each, as tables to print; ``compared`` says with what."""
    columns = (
        Column("reference", "Reference"),
        Column("notice", "Notice"),
        Column("standing", "In the review"),
        Column("found_by", "Found by"),
        Column("verdict", "Decision"),
        Column("record_id", "Record"),
    )
    shown = [each for each in works if each.about == "paper" or each.is_in]
    rows = [
        (
            Cell(each.citation),
            Cell(say_notice(each)),
            Cell("; ".join([_standing(each), *each.studies])),
            Cell(f"{each.how} ({each.source})"),
            Cell(say_verdict(each)),
            Cell(each.record_id),
        )
        for each in shown
    ]
    notes = [compared]
    if n_others := len({each.record_id for each in works} - {each.record_id for each in shown}):
        verb = "record is itself a notice" if n_others == 1 else "records are themselves notices"
        notes.append(f"{n_others:,} {verb} on another paper, and not included.")
    sheets = [Sheet("retractions", "Notices on works of the review", columns, tuple(rows), tuple(notes))]
    heads = (Column("what", "What changes"), Column("before", "Now"), Column("after", "Then"))
    for number, each in enumerate(consequences, start=1):
        changed = tuple(tuple(map(Cell, row)) for row in say_changes(each, labels))
        without = "; ".join(each.studies) or "; ".join(each.record_ids)
        sheets.append(Sheet(f"without-{number}", f"What changes without {without}", heads, changed))
    return sheets


def _standing(each: Retracted) -> str:
    return "Its study was retired" if each.end == RETIRED else standing(each.end)


def say_notice(each: Retracted) -> str:
    """Return what a notice says of a work, in words."""
    name = (
        _NAMES[each.kind] if each.about == "paper" else f"is itself a notice: {each.kind.replace('_', ' ')}"
    )
    on = f" on {each.date}" if each.date else ""
    ids = [
        f"doi:{each.notice_doi}" if each.notice_doi else "",
        f"PMID {each.notice_pmid}" if each.notice_pmid else "",
    ]
    since = {"no": "reinstated since", "unclear": "reinstated, but which came last is not known"}.get(
        each.stands, ""
    )
    said = [f"{'possibly ' if each.certainty == 'possible' else ''}{name}{on}", *ids, each.reason, since]
    return "; ".join(filter(None, said))


def say_verdict(each: Retracted) -> str:
    """Return what the team decided, or that it has yet to."""
    words = {"keep": "kept", "leave_out": "left out", "other_paper": "not this paper"}
    if not each.verdict:
        return "to be decided" if each.is_open else ""
    undone = " (it is still included)" if each.is_open else ""
    return f"{words[each.verdict]}{undone}: {each.why}"


def say_changes(each: Consequence, labels: Labels) -> list[tuple[str, str, str]]:
    """Return what changes, as (what, before, after): studies, boxes, tables, sentences."""
    rows = [("studies that go", "; ".join(each.studies), "")] if each.studies else []
    for box in each.boxes:
        key, _, part = box.key.partition("/")
        name = ": ".join(filter(None, [labels.full(key), part]))
        counts = ["–" if n is None else labels.number(n) for n in (box.before, box.after)]
        rows.append((name, counts[0], counts[1]))
    for sheet in each.sheets:
        rows.append(
            (
                f"table “{sheet.title}”",
                f"{sheet.n_before:,} rows",
                f"{sheet.n_after:,} rows, {sheet.n_changed:,} differ",
            )
        )
    rows += [("sentence", before, after) for before, after in each.sentences]
    return rows


@dataclass(frozen=True)
class Told:
    """What ``retractions`` wrote as JSON: the works, and a sentence on what they were compared with."""

    works: tuple[Retracted, ...]
    compared: str


def from_json(content: Mapping[str, Any], decided: pd.DataFrame) -> Told:
    """
    Return what ``to_json`` holds, with the team's word as it is now.

    Parameters
    ----------
    content : as ``to_json``.
    decided : ``retractions.csv``.

    Raises
    ------
    ValueError
        Where a part is missing.
    """
    words = {(row["record_id"], row["kind"]): row for row in tables.rows(decided)}
    names = [each.name for each in fields(Retracted)]
    try:
        works = []
        for row in content["works"]:
            cells: dict[str, Any] = {
                name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in names
            }
            word = words.get((row["record_id"], row["kind"]))
            said = {name: word[name] if word else "" for name in ("verdict", "why", "by")}
            works.append(Retracted(**(cells | said)))
        return Told(tuple(works), str(content["compared"]["said"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"has lost {error}") from error


def sentences(told: Told) -> list[Sentence]:
    """Return what was compared, and each included work in doubt with what the team decided."""
    source = "retractions.json; retractions.csv"
    doubted = [each for each in told.works if each.is_in_doubt]
    said = [told.compared]
    if doubted:
        for each in doubted:
            name = " and ".join(each.studies) or each.citation
            said.append(f"{name}: {say_notice(each)}; {say_verdict(each)}.".replace("..", "."))
    else:
        said.append("No included work stands as retracted, withdrawn or under an expression of concern.")
    return [Sentence(text, source) for text in said]


def to_json(
    works: Sequence[Retracted], consequences: Sequence[Consequence], compared: Mapping[str, str]
) -> dict[str, Any]:
    """Return works and consequences as plain data."""
    return {
        "schema": SCHEMA,
        "compared": dict(compared),
        "works": [asdict(each) | {"is_open": each.is_open} for each in works],
        "consequences": [asdict(each) for each in consequences],
    }
