"""What files of Word and Excel have in common: letters that XML takes, and a zip without a clock."""

import io
import re
import zipfile
from collections.abc import Iterable

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip can say: the same document gives the same bytes."""
_NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def plain(text: str) -> str:
    """Return text without the characters that XML has no place for."""
    return re.sub(_NOT_XML, "", text)


def undated(content: bytes) -> bytes:
    """Return a zipped document without the clock that its library put into it."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as dated,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as undated,
    ):
        for name in in_order(dated.namelist()):
            part = dated.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            undated.writestr(entry, part)
    return stream.getvalue()


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names of a document's parts in the order in which they are written."""
    # Readers look for the list of types first.
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
