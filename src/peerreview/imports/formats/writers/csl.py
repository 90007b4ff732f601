"""CSL-JSON, as Pandoc and reference managers read it."""

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.csl import OWN_VARIABLES, name_of, year_of
from peerreview.imports.formats.shared.marks import mark
from peerreview.imports.formats.writers import meanings
from peerreview.imports.formats.writers.meanings import Further, Row
from peerreview.tables import LIST
from peerreview.values import names

if TYPE_CHECKING:
    import pandas as pd

NAME = "csl"


_TAKEN = OWN_VARIABLES | {"id"}
"""Variables that hold what is of a column, and nothing else."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as CSL-JSON; every other field goes to the variable of its meaning.

    What CSL has no variable for, but a column has, goes to ``custom``.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    items = [_write_item(row) for row in records.to_dict("records")]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def further(row: Row) -> Further:
    """Return where the fields without a column go in CSL."""
    return meanings.place(row, NAME, _TAKEN)


def _write_item(row: Row) -> dict[str, Any]:
    more = further(row)
    # Title and type are what CSL is known by, even if there is no title.
    item: dict[str, Any] = {"id": row["record_id"], "type": _csl_type(row), "title": row["title"]}
    keyword = row["keywords"]
    are_editors = meanings.take_editors(row, more, NAME)
    people = _people(row["authors"], more.take("author"))
    found: dict[str, Any] = {
        "author": [] if are_editors else people,
        "editor": people if are_editors else [],
        "container-title": row["journal"],
        "volume": row["volume"],
        "issue": row["issue"],
        "page": row["pages"],
        "issued": _issued(row["year"], more.take("issued")),
        "DOI": row["doi"],
        "PMID": row["pmid"],
        "PMCID": row["pmcid"],
        "ISBN": row["isbn"],
        "ISSN": row["issn"],
        "abstract": row["abstract"],
        # A comma alone would part "Child, Preschool".
        "keyword": f"{keyword};" if "," in keyword and LIST not in keyword else keyword,
        "language": row["language"],
        "URL": row["url"],
        "note": LIST.join([*more.texts("note"), mark(str(row["record_id"]))]),
    }
    custom = {"source": row["source"]}
    if row["accession"]:
        custom["accession"] = row["accession"]
    if row["type"] != item["type"]:
        custom["type"] = row["type"]
    kept = more.take("custom")
    found["custom"] = {**(kept[0] if kept and isinstance(kept[0], dict) else {}), **custom}
    for name, placed in more.placed.items():
        if placed.is_people:
            found[name] = _people(LIST.join(placed.values), [])
        elif placed.is_verbatim:
            found[name] = placed.values[0] if len(placed.values) == 1 else placed.values
        else:
            found[name] = LIST.join(placed.values)
    return item | {key: value for key, value in found.items() if value}


def _people(cell: str, verbatim: list[Any]) -> list[Any]:
    """Return people as CSL has them: with their particles, where they came so."""
    if verbatim and names.join(map(name_of, verbatim)) == cell:
        return verbatim
    return [_write_name(name, is_body=is_body) for name, is_body in names.split(cell)]


def _issued(year: str, verbatim: list[Any]) -> Any:
    """Return the date of which a year is left, where it came so, else the year."""
    if verbatim and year_of(verbatim[0]) == year:
        return verbatim[0]
    return {"date-parts": [[int(year)]]} if year.isdecimal() and len(year) < 10 else {}


def _write_name(name: str, *, is_body: bool) -> dict[str, str]:
    family, _, given = name.partition(", ")
    return {"literal": name} if is_body else {"family": family, "given": given}


def _csl_type(row: Row) -> str:
    given = str(row["type"]).lower()
    if given in _TYPES.values():
        return given
    for word, kind in _TYPES.items():
        if word in given:
            return kind
    return "article-journal" if row["journal"] else "document"


_TYPES = MappingProxyType(
    {
        "chapter": "chapter",
        "book section": "chapter",
        "chap": "chapter",
        "conf": "paper-conference",
        "proceeding": "paper-conference",
        "cpaper": "paper-conference",
        "thes": "thesis",
        "dissertation": "thesis",
        "news": "article-newspaper",
        "magazine": "article-magazine",
        "preprint": "article",
        "jour": "article-journal",
        "article": "article-journal",
        "review": "article-journal",
        "report": "report",
        "rprt": "report",
        "web": "webpage",
        "elec": "webpage",
        "data": "dataset",
        "book": "book",
    }
)
"""Words in a type, the most telling first → CSL's own type."""
