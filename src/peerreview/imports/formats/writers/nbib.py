"""PubMed's tagged text, as screening tools read it."""

import re
import textwrap
from typing import TYPE_CHECKING

from peerreview.imports.formats.nbib import OWN, OWN_TAGS
from peerreview.imports.formats.shared.marks import mark
from peerreview.imports.formats.writers import meanings
from peerreview.imports.formats.writers.meanings import Further, Row, line
from peerreview.tables import LIST
from peerreview.values import names, years

if TYPE_CHECKING:
    import pandas as pd

NAME = "nbib"

_WIDTH = 84
"""Characters of a value in one line, as PubMed wraps."""


_TAG = re.compile(r"[A-Z][A-Z0-9]{1,3}")
_TAKEN = OWN_TAGS - {"DP", "FED"}
"""Tags that hold what is of a column, and nothing else."""


def write(records: "pd.DataFrame") -> str:
    """
    Return records as PubMed writes them; each begins with ``PMID-``, blank where there is none.

    An accession number goes to ``AN``, the source to ``DB``, a link to
    ``URLF``, every other field to the tag of its meaning.

    Parameters
    ----------
    records : ``record_id`` and the content columns of ``records.csv``, all text.
    """
    return "\n".join(_write_record(row) for row in records.to_dict("records"))


def further(row: Row) -> Further:
    """Return where the fields without a column go among PubMed's tags."""
    found = meanings.place(row, NAME, _TAKEN)
    for name, placed in list(found.placed.items()):
        # A date in other words than PubMed's is none to it.
        is_date = name != "DP" or all(years.year(str(each)) == row["year"] for each in placed.values)
        if not _TAG.fullmatch(name) or not is_date:
            del found.placed[name]
            found.left.append(name)
    return found


def _write_record(row: Row) -> str:
    more = further(row)
    are_editors = meanings.take_editors(row, more, NAME)
    dates = more.texts("DP")
    tags = [("PMID", row["pmid"]), ("OWN", OWN), ("DB", row["source"])]
    tags += [("TI", row["title"]), ("AN", row["accession"])]
    tags += [("IS", each) for each in row["issn"].split(LIST)]
    tags += [("ISBN", each) for each in row["isbn"].split(LIST)]
    tags += [("VI", row["volume"]), ("IP", row["issue"]), ("DP", dates[0] if dates else row["year"])]
    tags += [("PG", row["pages"])]
    tags += [("LID", f"{row['doi']} [doi]" if row["doi"] else ""), ("AB", row["abstract"])]
    if are_editors:
        tags += [("FED", name) for name in meanings.people(row["authors"])]
    for name, is_body in [] if are_editors else names.split(row["authors"]):
        tags += [("CN", name)] if is_body else [("FAU", name), ("AU", _initials(name))]
    tags += [("LA", each) for each in row["language"].split(LIST)]
    tags += [("PT", each) for each in row["type"].split(LIST)]
    tags.append(("JT", row["journal"]))
    tags += [("OT", each) for each in row["keywords"].split(LIST)]
    tags += [("PMC", row["pmcid"]), ("URLF", row["url"])]
    for tag, placed in more.placed.items():
        tags += [(tag, text) for text in placed.texts()]
    tags.append(("GN", mark(str(row["record_id"]))))
    kept = (_line(tag, line(value)) for tag, value in tags if value or tag in {"PMID", "TI"})
    return "".join(kept)


def _line(tag: str, value: str) -> str:
    lines = textwrap.wrap(value, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    return f"{tag:4}- " + "\n      ".join(lines) + "\n"


def _initials(name: str) -> str:
    """Return a name as MEDLINE abbreviates it: ``Example, Verity K`` → ``Example VK``."""
    family, _, given = name.partition(", ")
    first = "".join(word[0] for word in given.replace("-", " ").replace(".", " ").split())
    return f"{family} {first}".strip()
