"""RIS, as reference managers and screening tools read it."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.ris import OWN, OWN_TAGS, OWN_TYPE
from peerreview.imports.formats.shared.fields import NO_TYPE
from peerreview.imports.formats.shared.marks import mark
from peerreview.imports.formats.writers import meanings
from peerreview.imports.formats.writers.meanings import Further, Row, line
from peerreview.tables import LIST

if TYPE_CHECKING:
    import pandas as pd

NAME = "ris"

_SPLIT_PAGES = re.compile(r"([A-Za-z]*\d+)-([A-Za-z]*\d+)")
_TAG = re.compile(r"[A-Z][A-Z0-9]")
_TAKEN = OWN_TAGS - {"ED", "N1", "M3", "UR"}
"""Tags that hold what is of a column, and nothing else."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as RIS.

    The type as it was goes to ``M3``, PMID and PMCID to ``N1``, the source
    to ``DB``, the record's id to ``ID`` and, for tools that bring no ``ID``
    back, to ``N1``; every other field to the tag of its meaning.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    import rispy  # noqa: PLC0415  who reads RIS need not wait for it

    references = [_write_record(row) for row in records.to_dict("records")]
    # rispy stays for writing: it puts TY first and ER last whatever a reference holds, and gives each value
    # of a tag its line.
    written: str = rispy.dumps(
        references,
        implementation=_unnumbered(),
        mapping={"TY": "type_of_reference", "UK": "tags"},
        list_tags=[],
        delimiter_tags_mapping={},
    )
    return written + "\n" if written and not written.endswith("\n") else written


@cache
def _unnumbered() -> Any:
    """Return rispy's writer without the number that it writes above each record, which is no RIS."""
    from rispy.writer import RisWriter  # noqa: PLC0415

    class Unnumbered(RisWriter):  # type: ignore[misc]
        def set_header(self, count: int) -> str:  # noqa: ARG002
            return ""

    return Unnumbered


def further(row: Row) -> Further:
    """Return where the fields without a column go in RIS."""
    found = meanings.place(row, NAME, _TAKEN)
    for name in [name for name in found.placed if not _TAG.fullmatch(name) or name in ("TY", "ER", "UK")]:
        del found.placed[name]
        found.left.append(name)
    return found


def _write_record(row: Row) -> dict[str, Any]:
    kind = meanings.code_of(row)
    # "12-15" is written in two tags, "12-15, 18" in one.
    span = _SPLIT_PAGES.fullmatch(row["pages"])
    more = further(row)
    people = meanings.people(row["authors"])
    are_editors = meanings.take_editors(row, more, NAME)
    genre = more.texts("M3")
    type_ = row["type"] or NO_TYPE
    noted = [
        f"{name}: {row[column]}" for name, column in (("PMID", "pmid"), ("PMCID", "pmcid")) if row[column]
    ]
    tags: dict[str, list[str]] = {
        "TI": [row["title"]],
        "AU": [] if are_editors else people,
        "ED": people if are_editors else [],
        "PY": [row["year"]],
        "T2": [row["journal"]],
        "VL": [row["volume"]],
        "IS": [row["issue"]],
        "SP": [span[1] if span else row["pages"]],
        "EP": [span[2] if span else ""],
        "DO": [row["doi"]],
        "SN": [*row["issn"].split(LIST), *row["isbn"].split(LIST)],
        "AB": [row["abstract"]],
        "KW": row["keywords"].split(LIST),
        "LA": [row["language"]],
        "UR": [row["url"], *(link for link in more.texts("UR") if link != row["url"])],
        "AN": [row["accession"]],
        "N1": [*noted, *more.texts("N1"), mark(str(row["record_id"]))],
        "M3": genre or ["" if row["type"] == kind else type_],
        "U5": [f"{OWN_TYPE}{type_}"] if genre else [],
        "DB": [row["source"]],
        "DP": [OWN],
        "ID": [row["record_id"]],
    }
    for tag, placed in more.placed.items():
        tags[tag] = [*tags.get(tag, ()), *placed.texts()]
    cleaned = {tag: [text for value in values if (text := line(value))] for tag, values in tags.items()}
    return {"type_of_reference": kind, "tags": cleaned}
