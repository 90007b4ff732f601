"""PubMed's tagged text, as screening tools read it."""

import textwrap
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from peerreview.imports.formats.nbib import OWN
from peerreview.tables import LIST
from peerreview.values import names

if TYPE_CHECKING:
    import pandas as pd

NAME = "nbib"

_WIDTH = 84
"""Characters of a value in one line, as PubMed wraps."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as PubMed writes them; each begins with ``PMID-``, blank where there is none.

    An accession number goes to ``AN``, the source to ``DB``, a link to ``URLF``.
    """
    return "\n".join(_write_record(row) for row in records.to_dict("records"))


def _write_record(row: Mapping[Hashable, Any]) -> str:
    tags = [("PMID", row["pmid"]), ("OWN", OWN), ("DB", row["source"])]
    tags += [("TI", row["title"]), ("AN", row["accession"])]
    tags += [("IS", each) for each in row["issn"].split(LIST)]
    tags += [("ISBN", each) for each in row["isbn"].split(LIST)]
    tags += [("VI", row["volume"]), ("IP", row["issue"]), ("DP", row["year"]), ("PG", row["pages"])]
    tags += [("LID", f"{row['doi']} [doi]" if row["doi"] else ""), ("AB", row["abstract"])]
    for name, is_body in names.split(row["authors"]):
        tags += [("CN", name)] if is_body else [("FAU", name), ("AU", _initials(name))]
    tags += [("LA", each) for each in row["language"].split(LIST)]
    tags += [("PT", each) for each in row["type"].split(LIST)]
    tags.append(("JT", row["journal"]))
    tags += [("OT", each) for each in row["keywords"].split(LIST)]
    tags += [("PMC", row["pmcid"]), ("URLF", row["url"])]
    kept = (_line(tag, value) for tag, value in tags if value or tag in {"PMID", "TI"})
    return "".join(kept)


def _line(tag: str, value: str) -> str:
    lines = textwrap.wrap(value, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return f"{tag:4}- " + "\n      ".join(lines) + "\n"


def _initials(name: str) -> str:
    """Return a name as MEDLINE abbreviates it: ``Example, Verity K`` → ``Example VK``."""
    family, _, given = name.partition(", ")
    first = "".join(word[0] for word in given.replace("-", " ").replace(".", " ").split())
    return f"{family} {first}".strip()
