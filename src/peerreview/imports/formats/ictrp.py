"""
The XML of WHO's registry of trials (ICTRP), as its search portal exports it.

Unverified, for want of a real file: after descriptions of the export's elements.
"""

import re
from collections.abc import Iterator

from peerreview.imports.formats import Origin, Part, RawRecord
from peerreview.imports.formats.shared import markup
from peerreview.imports.formats.shared.fields import Fields
from peerreview.values import cells, years

NAME = "ictrp"

_LOOKS = re.compile(
    r"<Trials_downloaded_from_ICTRP>|<Trial>\s*(?:<[A-Za-z_]+>[^<>]*</[A-Za-z_]+>\s*){0,5}<TrialID>"
)
_HEAD = 20_000


def looks_like(text: str) -> bool:
    """Whether text holds ICTRP's own elements."""
    start = text[:_HEAD]
    return "<" in start and bool(_LOOKS.search(start))


def parse(text: str) -> Iterator[Part]:
    """Yield the registered trials."""
    return markup.parse_records(text, ("Trial",))


def to_fields(raw: RawRecord) -> dict[str, str]:
    """Return the content columns of a trial; its register and its sponsor are in ``extra``."""
    fields = Fields(raw.tags)
    fields.first("accession", ("TrialID",))
    fields.first("type", ("Study_type",))
    fields.first("title", ("Scientific_title", "Public_title"))
    fields.first("year", ("Date_registration3", "Date_registration", "Date_enrollement"), years.year)
    terms = [
        term
        for tag in ("Condition", "Intervention")
        for value in fields.left.get(tag, [])
        for term in _NEXT.split(value)
    ]
    fields.set("keywords", cells.texts(terms), "Condition", "Intervention")
    fields.first("url", ("web_address",), cells.link)
    return fields.finish()


_NEXT = re.compile(r";|<br\s*/?>", re.IGNORECASE)
"""What stands between two conditions."""


def origin(raw: RawRecord) -> Origin:  # noqa: ARG001
    """Return ICTRP: nothing else writes these elements."""
    return Origin(database="ICTRP", platform="ICTRP", how="TrialID")
