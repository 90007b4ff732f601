"""What each source found and shares with others, as lines that fit a terminal."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peerreview.duplicates.overlap import Summary

MOST_CROSSED = 12
"""Sources up to which it is shown what each shares with each other one."""
_COUNTS = ("found", "within", "across", "unique")
_CELL = 8
_NUMBER = 5
_LEAST_NAME = 12


def lines(counted: "Summary", *, across: int) -> list[str]:
    """
    Return the counts per source, and beside or below them what sources share.

    What sources share stands beside the counts where all of it fits, else below them, as
    many sources at a time as fit. A name that is too long for its line is cut.

    Parameters
    ----------
    across : letters that a line may have; a terminal of fewer than 49 gets that many.
    """
    rows = counted.sources.to_dict("records")
    shared = counted.shared if len(counted.shared) <= MOST_CROSSED else []
    longest = max([6, *(len(str(row["source"])) for row in rows)])
    room = across - _NUMBER - len(_COUNTS) * _CELL
    width = max(min(longest, room), min(longest, _LEAST_NAME))
    names = [
        f"{f'[{place}]':<{_NUMBER}}{_cut(str(row['source']), width):<{width}}"
        for place, row in enumerate(rows, start=1)
    ]
    head = f"{'source':<{_NUMBER + width}}" + "".join(f"{name:>{_CELL}}" for name in _COUNTS)
    counts = [name + _cells(row, _COUNTS) for name, row in zip(names, rows, strict=True)]
    beside, gap = "   shared with", " " * 14
    if shared and len(head) + len(beside) + len(shared) * _CELL <= across:
        numbers = "".join(f"{f'[{place}]':>{_CELL}}" for place in range(1, len(shared) + 1))
        told = zip(counts, rows, strict=True)
        return [head + beside + numbers, *(line + gap + _cells(row, shared) for line, row in told)]
    told_all = [head, *counts]
    at_once = max((across - _NUMBER - width) // _CELL, 1)
    for start in range(0, len(shared), at_once):
        some = shared[start : start + at_once]
        numbers = "".join(f"{f'[{start + place}]':>{_CELL}}" for place in range(1, len(some) + 1))
        told_all.append(f"{'shared with':<{_NUMBER + width}}{numbers}")
        told_all += [name + _cells(row, some) for name, row in zip(names, rows, strict=True)]
    return told_all


def _cells(row: "Mapping[Any, Any]", columns: "tuple[str, ...] | list[str]") -> str:
    return "".join(f"{row[column]:>{_CELL},}" for column in columns)


def _cut(name: str, width: int) -> str:
    """
    Return a name within so many letters.

    >>> _cut("Joanna Briggs Institute EBP", 12), _cut("Embase", 12)
    ('Joanna Brig…', 'Embase')
    """
    return name if len(name) <= width else f"{name[: width - 1]}…"
