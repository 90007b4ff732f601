"""RIS, as reference managers and screening tools read it."""

import re
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.ris import OWN
from peerreview.imports.formats.shared.fields import NO_TYPE
from peerreview.tables import LIST
from peerreview.values import names

if TYPE_CHECKING:
    import pandas as pd

NAME = "ris"

_TYPES = frozenset(
    {
        "ABST", "ADVS", "AGGR", "ANCIENT", "ART", "BILL", "BLOG", "BOOK", "CASE", "CHAP", "CHART", "CLSWK",
        "COMP", "CONF", "CPAPER", "CTLG", "DATA", "DBASE", "DICT", "EBOOK", "ECHAP", "EDBOOK", "EJOUR",
        "ELEC", "ENCYC", "EQUA", "FIGURE", "GEN", "GOVDOC", "GRANT", "HEAR", "ICOMM", "INPR", "JFULL",
        "JOUR", "LEGAL", "MANSCPT", "MAP", "MGZN", "MPCT", "MULTI", "MUSIC", "NEWS", "PAMP", "PAT", "PCOMM",
        "RPRT", "SER", "SLIDE", "SOUND", "STAND", "STAT", "STD", "THES", "UNBILL", "UNPB", "VIDEO", "WEB",
    }
)  # fmt: skip
_WORDS = (
    ("chap", "CHAP"),
    ("inbook", "CHAP"),
    ("incollection", "CHAP"),
    ("book section", "CHAP"),
    ("conf", "CPAPER"),
    ("proceeding", "CPAPER"),
    ("thes", "THES"),
    ("dissertation", "THES"),
    ("news", "NEWS"),
    ("magazine", "MGZN"),
    ("jour", "JOUR"),
    ("article", "JOUR"),
    ("review", "JOUR"),
    ("report", "RPRT"),
    ("web", "ELEC"),
    ("online", "ELEC"),
    ("data", "DATA"),
    ("book", "BOOK"),
    ("patent", "PAT"),
)
"""Words in a type, the most telling first → RIS's own type."""
_SPLIT_PAGES = re.compile(r"([A-Za-z]*\d+)-([A-Za-z]*\d+)")
_TAGS = {
    "TY": "type_of_reference",
    "TI": "title",
    "AU": "authors",
    "PY": "year",
    "T2": "journal",
    "VL": "volume",
    "IS": "issue",
    "SP": "first",
    "EP": "last",
    "DO": "doi",
    "SN": "serial",
    "AB": "abstract",
    "KW": "keywords",
    "LA": "language",
    "UR": "url",
    "AN": "accession",
    "N1": "notes",
    "M3": "kind",
    "DB": "source",
    "DP": "provider",
    "ID": "record_id",
}
_REPEATED = ["AU", "SN", "KW", "N1"]


def write(records: "pd.DataFrame") -> str:
    """
    Return records as RIS.

    The type as it was goes to ``M3``, PMID and PMCID to ``N1``, the source
    to ``DB`` and the record's id to ``ID``.
    """
    import rispy  # noqa: PLC0415  who reads RIS need not wait for it

    references = [_write_record(row) for row in records.to_dict("records")]
    # rispy stays for writing: it puts TY first and ER last whatever a reference holds, gives each value of
    # a repeated tag its line, and warns of a field that has no tag.
    written: str = rispy.dumps(references, mapping=_TAGS, list_tags=_REPEATED, delimiter_tags_mapping={})
    return written + "\n" if written and not written.endswith("\n") else written


def _write_record(row: Mapping[Hashable, Any]) -> dict[str, str | list[str]]:
    kind = _ris_type(row)
    # "12-15" is written in two tags, "12-15, 18" in one.
    span = _SPLIT_PAGES.fullmatch(row["pages"])
    reference: dict[str, str | list[str]] = {
        "type_of_reference": kind,
        "title": row["title"],
        "authors": [f"{name}," if is_body else name for name, is_body in names.split(row["authors"])],
        "year": row["year"],
        "journal": row["journal"],
        "volume": row["volume"],
        "issue": row["issue"],
        "first": span[1] if span else row["pages"],
        "last": span[2] if span else "",
        "doi": row["doi"],
        "serial": [each for each in (*row["issn"].split(LIST), *row["isbn"].split(LIST)) if each],
        "abstract": row["abstract"],
        "keywords": [each for each in row["keywords"].split(LIST) if each],
        "language": row["language"],
        "url": row["url"],
        "accession": row["accession"],
        "notes": [
            f"{name}: {row[column]}" for name, column in (("PMID", "pmid"), ("PMCID", "pmcid")) if row[column]
        ],
        "kind": "" if row["type"] == kind else row["type"] or NO_TYPE,
        "source": row["source"],
        "provider": OWN,
        "record_id": row["record_id"],
    }
    return {
        key: " ".join(value.split()) if isinstance(value, str) else value
        for key, value in reference.items()
        if value
    }


def _ris_type(row: Mapping[Hashable, Any]) -> str:
    if row["type"] in _TYPES:
        return str(row["type"])
    given = str(row["type"]).lower()
    return next((kind for word, kind in _WORDS if word in given), "JOUR" if row["journal"] else "GEN")
