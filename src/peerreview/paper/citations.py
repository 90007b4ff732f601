"""Records and studies → how a paper cites them: author and year, or a number."""

import re
from collections.abc import Mapping, Sequence
from itertools import compress

import pandas as pd

from peerreview import tables
from peerreview.tables import LIST
from peerreview.values.folding import fold


def cite(record: Mapping[str, str]) -> str:
    """
    Return a record's reference, author–year: authors, year, title, journal, volume, pages, DOI.

    >>> cite({"authors": "Berry, C; Hayward, MI", "year": "2011", "title": "Another rather than other",
    ...       "journal": "J Public Ment Health", "volume": "", "issue": "", "pages": "", "doi": ""})
    'Berry C, Hayward MI (2011). Another rather than other. J Public Ment Health.'
    """
    names = [_with_initials(name.strip()) for name in record["authors"].split(";") if name.strip()]
    told = [name for name in names if name.casefold().rstrip(".") != "et al"]
    people = ", ".join(told[:3]) + (", et al." if len(told) > 3 or len(told) < len(names) else "")
    year = f"({record['year']})" if record["year"] else "(no date)"
    title = record["title"] or "No title"
    where = record["journal"]
    if record["volume"]:
        where += f" {record['volume']}" + (f"({record['issue']})" if record["issue"] else "")
    if record["pages"]:
        where += (": " if record["volume"] else ", " if where else "") + record["pages"]
    # What nobody signed, as a registered trial, stands under its title.
    lead = [f"{people} {year}", title] if people else [f"{title.removesuffix('.')} {year}"]
    parts = [*lead, where.strip()]
    text = " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
    return f"{text} doi:{record['doi']}" if record["doi"] else text


def _with_initials(name: str) -> str:
    """
    Return a person's family name and initials; a group's name as it is.

    >>> _with_initials("Müller-Lüdenscheidt, Anna-Lena M."), _with_initials("WHO")
    ('Müller-Lüdenscheidt ALM', 'WHO')
    """
    family, comma, given = name.partition(",")
    if not comma:
        return name
    parts = [part for part in re.split(r"[\s.\-]+", given) if part]
    # "MA" are initials already; "Ma" and "Anna" are names.
    letters = [part if part.isupper() and len(part) <= 3 else part[0].upper() for part in parts]
    return f"{family.strip()} {''.join(letters)}".strip()


def cite_studies(reports: pd.DataFrame, unique: pd.DataFrame) -> dict[str, str]:
    """
    Return each study's references, from its reports, by study_id; one removed is cited as the one kept.

    Parameters
    ----------
    reports : ``record_id, study_id``.
    unique : ``record_id, duplicates`` and what is cited: ``authors, year, title, journal, volume, issue,
        pages, doi``.
    """
    sought = set(reports["record_id"])
    ids = [
        (record_id, *removed.split(LIST))
        for record_id, removed in zip(unique["record_id"], unique["duplicates"], strict=True)
    ]
    is_cited = [not sought.isdisjoint(each) for each in ids]
    cited = zip(compress(ids, is_cited), tables.rows(unique.loc[is_cited]), strict=True)
    records = {record_id: row for each, row in cited for record_id in each}
    found: dict[str, dict[str, str]] = {}
    for report in tables.rows(reports):
        record = records.get(report["record_id"])
        if record is not None:
            found.setdefault(report["study_id"], {})[record["record_id"]] = cite(record)
    return {study_id: _in_a_row(sorted(texts.values(), key=by_name)) for study_id, texts in found.items()}


def _in_a_row(texts: Sequence[str]) -> str:
    """Return citations one after the other; the DOI that ends one would run into the next."""
    return LIST.join([*(text.removesuffix(".") for text in texts[:-1]), texts[-1]])


def by_name(text: str) -> tuple[str, str]:
    """Return by what a reference list is ordered: accents stand with their letters."""
    return fold(text), text


def number_studies(reports: pd.DataFrame, studies: pd.DataFrame) -> dict[str, str]:
    """
    Return each study's numbers in the list of references, as in ``[37, 48]``, by study_id.

    They are the column ``ref`` of the reports where there is one; else the
    studies count from 1 in their order.

    Parameters
    ----------
    reports : ``study_id`` and optionally ``ref``, a number in the list of references.
    studies : ``study_id``.
    """
    found: dict[str, list[str]] = {}
    if "ref" in reports.columns:
        for report in tables.rows(reports):
            if report["ref"]:
                found.setdefault(report["study_id"], []).append(report["ref"])
    return {
        study_id: f"[{', '.join(sorted(found.get(study_id, [str(place)]), key=_by_number))}]"
        for place, study_id in enumerate(studies["study_id"], start=1)
    }


def _by_number(text: str) -> tuple[int, str]:
    # By its length first: a longer number is the larger one, whatever its length.
    return (len(text.lstrip("0")) if text.isdecimal() else 0, text)
