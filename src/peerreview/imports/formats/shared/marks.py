"""
The record's id as a mark in a note, by which it is known again whatever tool it went through.

Zotero, EndNote and Rayyan keep notes and give them back; of Zotero's
import of RIS, ``ID`` is ignored, and every tag without a field of Zotero's
ends in a note, too. Zotero puts a note into HTML, EndNote joins several,
Rayyan writes its votes behind them.
"""

import re
from collections.abc import Iterable
from html import unescape

OPENING = "[peerreview-id: "
_MARK = re.compile(rf"(?:; )?{re.escape(OPENING)}([^\[\]]+)\]")


def mark(record_id: str) -> str:
    """
    Return a record's id as a note.

    >>> mark("reeves2024-8b01d7")
    '[peerreview-id: reeves2024-8b01d7]'
    """
    return f"{OPENING}{record_id}]"


def marked(texts: Iterable[str]) -> str:
    """
    Return the id that notes are marked with; blank where they have none, or those of several records.

    >>> marked(["<p>[peerreview-id: reeves2024]</p>"]), marked(["[peerreview-id: a]", "[peerreview-id: b]"])
    ('reeves2024', '')
    """
    found = {unescape(each).strip() for text in texts if OPENING in text for each in _MARK.findall(text)}
    return found.pop() if len(found) == 1 else ""


def unmarked(text: str) -> str:
    """
    Return a note without marks.

    >>> unmarked("By loan; [peerreview-id: reeves2024-8b01d7]")
    'By loan'
    """
    return _MARK.sub("", text).strip() if OPENING in text else text
