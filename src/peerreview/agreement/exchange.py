"""What ``agreement`` wrote as JSON, read back for the tables that show it."""

from typing import Any

_NUMBERS = ("n_both", "percent", "cohen", "cohen_lo", "cohen_hi", "pabak")


def is_whole(content: dict[str, Any]) -> bool:
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
