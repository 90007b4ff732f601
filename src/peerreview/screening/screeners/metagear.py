"""
metagear (R): ``REVIEWERS`` and ``INCLUDE`` columns, one pair or one for each of two reviewers.

Its ``STUDY_ID`` counts the rows of one table; the next table begins at 1 again.
"""

import re
from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, cell, referred

NAME = "metagear"
VERIFIED = True
ZERO = ""
INDEPENDENT = False

_REVIEWERS = re.compile(r"reviewers(_\w+)?")


def looks_like(export: Export) -> bool:
    """Return whether there is an ``INCLUDE`` column beside each ``REVIEWERS`` column."""
    return bool(_suffixes(export))


def cast(export: Export) -> Iterator[RawVote]:
    """Return each reviewer's vote."""
    for line, row in export.table[1]:
        reference = referred(row, key=cell(row, "study_id"))
        for suffix in _suffixes(export):
            yield RawVote(line, reference, cell(row, f"include{suffix}"), cell(row, f"reviewers{suffix}"))


def _suffixes(export: Export) -> list[str]:
    found = [match[1] or "" for name in sorted(export.columns) if (match := _REVIEWERS.fullmatch(name))]
    return [suffix for suffix in found if f"include{suffix}" in export.columns]
