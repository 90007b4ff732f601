"""What ``agreement`` wrote as JSON, read back for the tables that show it."""

import json
from pathlib import Path
from typing import Any

from peerreview.agreement.measure import SCHEMA
from peerreview.errors import InputError

_NUMBERS = ("n_both", "percent", "cohen", "cohen_lo", "cohen_hi", "pabak")


def read(text: str, *, path: object = "") -> dict[str, Any]:
    """
    Return the statistics in the text of an ``agreement.json``.

    Raises
    ------
    InputError
        For what is not JSON, not of its schema, or has lost a part that tables show.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"is not JSON: {error.msg}", path=path, line=error.lineno) from error
    found = content.get("schema", "") if isinstance(content, dict) else ""
    if found != SCHEMA:
        raise InputError(f"schema {found!r} is not {SCHEMA!r}", path=path)
    if not _is_whole(content):
        raise InputError(
            f"is not a whole {SCHEMA}; write it again with agreement -o {Path(str(path)).name}", path=path
        )
    return dict(content)


def _is_whole(content: dict[str, Any]) -> bool:
    """Return whether there are stages, their pairs, and numbers where people may have typed words."""
    stages = content.get("stages")
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        return False
    lists = [stage.get("pairs") for stage in stages]
    if not all(isinstance(pairs, list) for pairs in lists):
        return False
    return all(
        isinstance(pair, dict)
        and isinstance(pair.get("n_both"), int)
        and all(isinstance(pair.get(name), int | float | None) for name in _NUMBERS)
        for pairs in lists
        for pair in pairs or ()
    )
