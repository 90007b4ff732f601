"""Forms for what comes after screening: reports, studies, themes, appraisal, findings, conflicts, pairs."""

from collections.abc import Mapping, Sequence

import pandas as pd

from peerreview import tables
from peerreview.paper.forms import DATE, DECIMAL, Form, lay_out
from peerreview.screening.checks import LEGAL
from peerreview.synthesis.appraisal import appraise
from peerreview.synthesis.extraction import differences, extracted
from peerreview.synthesis.instrument import Instrument, Item
from peerreview.tables import CONFIDENCE, LIST
from peerreview.values.lists import split

FINDINGS = ("finding", "themes", "studies", "confidence", "why")
_RECORD = ("title", "abstract", "authors", "year", "journal", "doi", "record_id")
_BESIDE = {"reason": 18, "reviewer": 12, "votes": 26, "notes": 22, "title": 26, "abstract": 60}
"""Widths with which votes and record stand within 1,366 pixels together."""
_ROWS_PER_THEME = "copy a row for each further theme of a study; rows without a theme are left out"


def reports(included: pd.DataFrame, known: pd.DataFrame) -> Form:
    """
    Return the included records, each to say which study it tells of.

    Parameters
    ----------
    included : rows of ``unique.csv``. known : ``reports.csv`` as it is.
    """
    studies: dict[str, list[str]] = {}
    for record_id, study_id in zip(known["record_id"], known["study_id"], strict=True):
        studies.setdefault(record_id, []).append(study_id)
    rows = [
        {"study_id": LIST.join(studies.get(row["record_id"], []))}
        | {column: row[column] for column in _RECORD}
        for row in tables.rows(included)
    ]
    help_ = "a short name for the study, as in reeves2024; the same for each report of it; several with ;"
    return lay_out(_frame(("study_id", *_RECORD), rows), {}, fills=("study_id",), helps={"study_id": help_})


def reports_of(given: pd.DataFrame) -> pd.DataFrame:
    """
    Return filled rows as ``reports.csv``: a row for each study that a record tells of.

    Parameters
    ----------
    given : ``record_id, study_id``; a cell may list several studies.
    """
    pairs = dict.fromkeys(
        (row["record_id"], study_id) for row in tables.rows(given) for study_id in split(row["study_id"])
    )
    columns = tables.REPORTS.columns
    return tables.make(tables.REPORTS, [dict(zip(columns, pair, strict=True)) for pair in pairs])


def studies(
    known: pd.DataFrame, fields: pd.DataFrame, reviewer: str, said: Mapping[str, pd.DataFrame] | None = None
) -> Form:
    """
    Return the studies, each to fill in what the team extracts.

    Parameters
    ----------
    known : ``study_id, label`` of each study.
    fields : ``fields.csv``: what is extracted, of which type, with which values.
    said : what each person extracted, where a consensus is to be reached:
        cells on which all agree are filled in, and ``said`` has the others.
    """
    names = fields["field"].tolist()
    agreed, open_ = differences(said or {}, ["label", *names])
    rows = []
    for row in tables.rows(known):
        own = {name: agreed.get((row["study_id"], name), "") for name in names}
        apart = [
            f"{name}: {', '.join(f'{who} {cell!r}' for who, cell in open_[row['study_id'], name].items())}"
            for name in ("label", *names)
            if (row["study_id"], name) in open_
        ]
        rows.append(
            {
                "study_id": row["study_id"],
                "label": row["label"] or agreed.get((row["study_id"], "label"), ""),
                "reviewer": reviewer,
                "said": "\n".join(apart),
            }
            | own
        )
    legal = {
        row["field"]: tuple(split(row["values"]))
        for row in tables.rows(fields)
        if row["type"] in ("choice", "list") and row["values"]
    }
    lists = [row["field"] for row in tables.rows(fields) if row["type"] == "list"]
    kinds = {"date": DATE} | dict.fromkeys(("integer", "number", "year"), DECIMAL)
    columns = ("study_id", "label", *(("said",) if said else ()), *names, "reviewer")
    return lay_out(
        _frame(columns, rows),
        legal,
        fills=("label", *names),
        loose=lists,
        kinds={row["field"]: kinds[row["type"]] for row in tables.rows(fields) if row["type"] in kinds},
        helps={row["field"]: _help(row) for row in tables.rows(fields)},
        about=[("reviewer", reviewer), *((row["field"], _help(row)) for row in tables.rows(fields))],
        frozen=2,
    )


def _help(field: Mapping[str, str]) -> str:
    what = f"{field['type']}{', required' if field['required'] == 'yes' else ''}"
    values = f": {', '.join(split(field['values']))}" if field["values"] else ""
    several = "; several with ;" if field["type"] == "list" else ""
    return f"{field['description']} ({what}{values}{several})".strip()


def appraisal(
    asked: Sequence[tuple[Instrument, pd.DataFrame]], reviewer: str, said: pd.DataFrame | None = None
) -> Form:
    """
    Return a row per study and item that its design asks for, to be judged in the instrument's words.

    Parameters
    ----------
    asked : instruments, each with its studies; their ``design`` says which items are asked.
    said : judgements, where a consensus is to be reached: only items on which people differ are asked.
    """
    voices: dict[tuple[str, str], dict[str, str]] = {}
    for row in tables.rows(said) if said is not None else ():
        voices.setdefault((row["study_id"], row["item"]), {})[row["reviewer"]] = row["judgement"]
    settled = {place for place, voice in voices.items() if set(voice) & set(tables.RESOLUTIONS)}
    nobody = tables.empty(tables.APPRAISAL)
    appraised = [
        (instrument, study)
        for instrument, known in asked
        for study in appraise(nobody, known, instrument=instrument)
    ]
    rows = []
    for instrument, study in appraised:
        words = {each.item: each for each in instrument.items}
        one_of = [each.item for each in instrument.items if each.set in study.undecided_sets]
        for item in (*study.asked, *one_of):
            voice = voices.get((study.study_id, item), {})
            if said is not None and (len(set(voice.values())) < 2 or (study.study_id, item) in settled):
                continue
            rows.append({
                "item": item,
                "question": _asked(words[item], instrument),
                "study_id": study.study_id,
                "label": study.label,
                "reviewer": reviewer,
                "said": "\n".join(f"{who}: {judgement}" for who, judgement in sorted(voice.items())),
            })  # fmt: skip
    instruments = [instrument for instrument, _ in asked]
    legal = list(dict.fromkeys(each.judgement for one in instruments for each in one.judgements))
    shown = ("said",) if said is not None else ()
    return lay_out(
        _frame(("judgement", "note", "label", "item", "question", *shown, "study_id", "reviewer"), rows),
        {"judgement": legal},
        fills=("note",),
        # An item may be answered in words.
        loose=("judgement",) if any(each.free for one in instruments for each in one.items) else (),
        about=[
            line
            for place, one in enumerate(instruments)
            for line in (
                ("instrument", one.title),
                *([("reviewer", reviewer)] if not place else []),
                ("judgement", f"one of: {', '.join(each.judgement for each in one.judgements)}"),
                ("advice", one.advice),
                *((each.item, each.text) for each in one.items),
            )
        ],
    )


def _asked(item: Item, instrument: Instrument) -> str:
    """Return what an item asks, and how it is answered where that is not as the others are."""
    if item.free:
        return f"{item.text} (in words)"
    legal = instrument.permitted(item)
    if len(legal) == len(instrument.judgements):
        return item.text
    return f"{item.text} ({', '.join(each.judgement for each in legal)})"


def themes(known: pd.DataFrame, codebook: pd.DataFrame, reviewer: str) -> Form:
    """
    Return a row per study, to say which theme it has, and in which words.

    Parameters
    ----------
    known : ``study_id, label``.
    codebook : ``theme``.
    """
    rows = [
        {"study_id": row["study_id"], "label": row["label"], "coder": reviewer} for row in tables.rows(known)
    ]
    listed = codebook["theme"].tolist()
    columns = ("theme", "quote", "location", "label", "study_id", "coder")
    return lay_out(
        _frame(columns, rows),
        {"theme": listed} if listed else {},
        fills=("theme", "quote", "location"),
        loose=("theme",),
        helps={"theme": _ROWS_PER_THEME},
        about=[
            ("coder", reviewer),
            ("rows", _ROWS_PER_THEME),
            *(
                (row["theme"], f"{row['label']} {row['description']}".strip())
                for row in tables.rows(codebook)
            ),
        ],
    )


def findings(coded: pd.DataFrame, codebook: pd.DataFrame) -> Form:
    """
    Return a row per theme with the studies that have it, to say what was found and how sure that is.

    Parameters
    ----------
    coded : ``theme, study_id``, as ``themes.csv``.
    codebook : ``theme``.
    """
    has: dict[str, list[str]] = {theme: [] for theme in codebook["theme"]}
    for theme, study_id in zip(coded["theme"], coded["study_id"], strict=True):
        if study_id not in has.setdefault(theme, []):
            has[theme].append(study_id)
    rows = [{"themes": theme, "studies": LIST.join(listed)} for theme, listed in has.items() if listed]
    columns = ("finding", "confidence", "why", "themes", "studies")
    return lay_out(
        _frame(columns, rows), {"confidence": CONFIDENCE}, fills=("finding", "why", "themes", "studies")
    )


def conflicts(
    open_: pd.DataFrame, notes: Mapping[tuple[str, str], str], unique: pd.DataFrame, reasons: Sequence[str]
) -> Form:
    """
    Return what people have to settle, with both votes, reasons and notes beside the record.

    Parameters
    ----------
    unique : ``record_id`` and what is shown: ``title, abstract, authors, year, journal, doi``.
    open_ : ``conflicts.csv``. notes : what reviewers noted, by record and stage.
    """
    shown = unique[unique["record_id"].isin(open_["record_id"])]
    known = {row["record_id"]: row for row in tables.rows(shown)}
    about = ("title", "abstract", "authors", "year", "journal", "doi")
    rows = [
        {"decided_at": ""}
        | row
        | {column: known.get(row["record_id"], row).get(column, "") for column in about}
        | {"notes": notes.get((row["record_id"], row["stage"]), "")}
        for row in tables.rows(open_)
    ]
    columns = (
        "decision", "reason", "reviewer", "votes", "notes", "title", "abstract", "note", "decided_at",
        "problem", "authors", "year", "journal", "doi", "record_id", "stage",
    )  # fmt: skip
    legal = [word for word in LEGAL["full_text"] if word != "maybe"]
    return lay_out(
        _frame(columns, rows),
        {"decision": legal} | ({"reason": tuple(reasons)} if reasons else {}),
        fills=("reason", "note", "reviewer", "decided_at"),
        loose=("reason",),
        widths=_BESIDE,
        helps={"reviewer": "who settled it: one name is an adjudicator's, several or none are a consensus"},
    )


def possible(pairs: pd.DataFrame) -> Form:
    """
    Return possible duplicates, both records beside each other, to be judged.

    Parameters
    ----------
    pairs : the columns of ``possible.csv``.
    """
    own = [name for name in ("verdict", "why", "by") if name in pairs]
    last = [name for name in ("group", "rule", "score", "record_id", "duplicate_of") if name in pairs]
    cells = pairs[[*own, *(name for name in pairs if name not in (*own, *last)), *last]]
    words = [word for word in tables.POSSIBLE.values["verdict"] if word]
    return lay_out(cells, {"verdict": words}, fills=("why", "by"))


def undeclared(known: pd.DataFrame) -> pd.DataFrame:
    """
    Return the columns of studies as fields of text, where a team declared none.

    Parameters
    ----------
    known : ``study_id, label`` and what was extracted.
    """
    return tables.make(tables.FIELDS, [{"field": name, "type": "text"} for name in extracted(known)])


def _frame(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {column: pd.Series([row.get(column, "") for row in rows], dtype="str") for column in columns}
    )
