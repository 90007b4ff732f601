"""CSL-JSON, as Pandoc and reference managers read it."""

import json
from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.tables import LIST
from peerreview.values import names

if TYPE_CHECKING:
    import pandas as pd

NAME = "csl"


def write(records: "pd.DataFrame") -> str:
    """Return records as CSL-JSON; what it has no variable for goes to ``custom``."""
    items = [_write_item(row) for row in records.to_dict("records")]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _write_item(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    # Title and type are what CSL is known by, even if there is no title.
    item: dict[str, Any] = {"id": row["record_id"], "type": _csl_type(row), "title": row["title"]}
    people = [_write_name(name, is_body=is_body) for name, is_body in names.split(row["authors"])]
    keyword = row["keywords"]
    found: dict[str, Any] = {
        "author": people,
        "container-title": row["journal"],
        "volume": row["volume"],
        "issue": row["issue"],
        "page": row["pages"],
        "issued": {"date-parts": [[int(row["year"])]]} if row["year"].isdecimal() else {},
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
    }
    custom = {"source": row["source"]}
    if row["accession"]:
        custom["accession"] = row["accession"]
    if row["type"] != item["type"]:
        custom["type"] = row["type"]
    found["custom"] = custom
    return item | {key: value for key, value in found.items() if value}


def _write_name(name: str, *, is_body: bool) -> dict[str, str]:
    family, _, given = name.partition(", ")
    return {"literal": name} if is_body else {"family": family, "given": given}


def _csl_type(row: Mapping[Hashable, Any]) -> str:
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
