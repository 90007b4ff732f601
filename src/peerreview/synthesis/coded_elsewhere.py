"""What coding tools and people's sheets hold → rows of ``themes.csv``: segments with codes, and matrices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from peerreview import tables
from peerreview.synthesis.codings import from_matrix, on_numbers
from peerreview.synthesis.spelling import comparable
from peerreview.synthesis.studies import by_name, column_of, ids_of
from peerreview.tables import header_error, places

_DOCUMENT = ("document", "document name", "dokument", "dokumentname", "documento", "nom du document", "file")
_CODE = ("theme", "code", "tag", "node", "thema", "tema", "thème", "kode", "código", "codice")
_CODES = ("codes", "tags", "themes", "nodes")
_QUOTE = ("quote", "segment", "content", "quotation content", "quotation", "zitat", "cita", "coded segment")
_CODER = ("coder", "modified by", "coded by", "created by", "author", "autor", "user")
_ID = ("id", "beginning", "anfang")
_BETWEEN = re.compile(r"\s*[\n;\u2028]\s*")
_PATH = re.compile(r"\s*(?:\\|>)\s*")
"""How MAXQDA writes a code below another: ``Trust\\Peers``, or ``Trust > Peers``."""
_NUMBERED = re.compile(r"(?:[0-9]+|[A-Z]{1,2})\s*:\s*(?=\S)")
"""What NVivo writes before the names of a matrix: ``1 : Smith 2020``, ``A : Trust``."""
_FILE = re.compile(r"\.(?:pdf|docx?|txt|rtf)$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Themes as a table of ours, and what was understood of the sheet, in words."""

    themes: pd.DataFrame
    told: str


def read(raw: pd.DataFrame, *, studies: pd.DataFrame, documents: pd.DataFrame) -> Found:
    """
    Return the themes of a sheet that is none of ours.

    A row per segment and code, as MAXQDA, ATLAS.ti and Taguette export them; a row per study and theme
    under other names; or a row per study and a column per theme. A study is known by its id or label, by
    a document's name, with or without its suffix, and by ``documents``.

    Parameters
    ----------
    raw : the cells as they stand, any columns.
    studies : ``study_id, label``.
    documents : ``document, study_id``.

    Raises
    ------
    InputError, InputErrors
        For a sheet without studies or themes, and with the line of each study that is not known.
    """
    columns = {comparable(str(column)): str(column) for column in raw.columns}

    def called(names: tuple[str, ...]) -> str:
        return next((columns[name] for name in names if name in columns), "")

    code, codes = called(_CODE), called(_CODES)
    document = called(_DOCUMENT) or column_of(map(str, raw.columns))
    if not document:
        found = ", ".join(map(str, raw.columns))
        raise header_error(raw, f"no column says which study or document a row is of; found {found}")
    ids = _studies_of(raw, document, studies, documents)
    if not (code or codes):
        matrix = raw.rename(columns={document: "study_id"} | {
            column: _NUMBERED.sub("", column, count=1) for column in columns.values() if column != document
        }).assign(study_id=ids)  # fmt: skip
        coded = from_matrix(matrix, tables.empty(tables.CODEBOOK))
        return Found(coded, "; ".join(("a row per study, a column per theme", *on_numbers(matrix))))
    others = {"quote": called(_QUOTE), "coder": called(_CODER)}
    place = called(_ID)
    rows, positions = [], []
    for position, (study_id, row) in enumerate(zip(ids, raw.to_dict("records"), strict=True)):
        listed = _BETWEEN.split(row[codes]) if not code else [row[code]]
        for each in filter(None, map(str.strip, listed)):
            said = {name: row[column].strip() for name, column in others.items() if column}
            location = " ".join(filter(None, (row[document].strip(), row[place].strip() if place else "")))
            theme = " > ".join(_PATH.split(each))
            rows.append({"study_id": study_id, "theme": theme, "location": location, **said})
            positions.append(position)
    made = places.put(tables.make(tables.THEMES, rows), places.take(raw, positions))
    used = {document, code or codes, place, *others.values()}
    unused = [column for column in columns.values() if column not in used and raw[column].str.strip().any()]
    n_without = len(raw) - len(set(positions))
    told = [f"a row per segment, its codes under {code or codes!r}"]
    told += [f"{tables.counted(n_without, 'row has', 'rows have')} no code"] if n_without else []
    told += [f"not read: {', '.join(unused)}"] if unused else []
    return Found(made, "; ".join(told))


def _studies_of(
    raw: pd.DataFrame, document: str, studies: pd.DataFrame, documents: pd.DataFrame
) -> list[str]:
    belongs = by_name(studies)
    # What the team says of a document goes before what its name may mean.
    for name, study in zip(documents["document"], documents["study_id"], strict=True):
        belongs[comparable(name)] = [study]

    def spelled(cell: str) -> Iterator[str]:
        for name in (cell, _NUMBERED.sub("", cell, count=1)):
            yield from (name, _FILE.sub("", name))

    return ids_of(
        raw,
        document,
        belongs,
        spelled=spelled,
        several="{} may be the study {}; write the study_id",
        unknown="{} belongs to no study; add it to documents.csv",
    )
