"""
Covidence's reference exports (CSV): the file's name is the decision, of the team and not of one reviewer.

``review_<id>_<set>_csv_<time>.csv``: ``screen`` is still to be screened,
``select`` went to full text, ``irrelevant`` was excluded before;
``included`` and ``excluded`` are of full text, to which title and abstract sent them.
"""

import re
from collections.abc import Iterator

from peerreview.errors import InputError
from peerreview.screening.screeners import Export, RawVote, cell, referred

NAME = "covidence"
VERIFIED = False
ZERO = ""
INDEPENDENT = True

_SETS = {
    "screen": ("", ""),
    "select": ("title_abstract", "include"),
    "irrelevant": ("title_abstract", "exclude"),
    "included": ("full_text", "include"),
    "excluded": ("full_text", "exclude"),
}
_SET = re.compile(rf"(?:^|[^a-z])({'|'.join(_SETS)})(?![a-z])", re.IGNORECASE)
_REASON = re.compile(r"exclusion reason:\s*([^;]*)", re.IGNORECASE)


def looks_like(export: Export) -> bool:
    """Return whether the columns are those of Covidence; its number alone may stand in anybody's sheet."""
    return export.columns >= {"covidence #", "title", "study"}


def cast(export: Export) -> Iterator[RawVote]:
    """
    Return the team's decisions on each record that its set implies, as a consensus.

    Raises
    ------
    InputError
        Where the file's name does not say which set this is.
    """
    name = export.name.replace("\\", "/").rpartition("/")[2]
    found = _SET.search(name)
    if found is None:
        message = f"Covidence keeps the decision in the file's name: it must hold one of {', '.join(_SETS)}"
        raise InputError(message, path=export.name)
    stage, decision = _SETS[found[1].casefold()]
    for line, row in export.table[1]:
        reference = referred(row, key=cell(row, "covidence #"), tool="covidence")
        reasons = _REASON.findall(cell(row, "notes")) if decision == "exclude" else []
        reason = "; ".join(each.strip() for each in reasons if each.strip())
        if stage == "full_text":
            # A record stands in the set it came to alone, not in select, which it passed.
            yield RawVote(line, reference, "include", "Covidence", stage="title_abstract", role="consensus")
        yield RawVote(line, reference, decision, "Covidence", stage=stage, reason=reason, role="consensus")
