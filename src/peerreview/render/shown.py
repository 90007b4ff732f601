"""What a Word document shows, however the program that saved it last wrote that down."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from html import unescape
from posixpath import normpath

RELATIONS = "word/_rels/document.xml.rels"
_MAIN = "word/document.xml"
_OTHERS = re.compile(r"word/(header|footer|footnotes|endnotes)\d*\.xml")
_SHOWN = re.compile(
    rb"<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>|<(?P<end>/w:p|/w:tc|/w:tr|w:tab|w:br)[ />]"
    rb'|<wp:docPr [^>]*?descr="(?P<said>[^"]*)"|<a:blip [^>]*?r:embed="(?P<picture>[^"]*)"'
)
_RELATION = re.compile(rb"<Relationship [^>]*>")
_END = {b"/w:tc": "\t", b"/w:tr": "\n", b"w:tab": " ", b"w:br": " "}
"""A cell that says nothing counts: a symbol may have moved into it. A blank paragraph does not."""


def parts_shown(names: Iterator[str]) -> list[str]:
    """Return which parts of a document say what it shows: pages, notes, pictures, and where these are."""
    return sorted(
        name
        for name in names
        if name in (_MAIN, RELATIONS) or _OTHERS.fullmatch(name) or name.startswith("word/media/")
    )


def digest(parts: Mapping[str, bytes]) -> str:
    """
    Return the SHA-256 of what a Word document shows: its words, cell by cell, and its pictures.

    Word keeps these where it saves a document, and writes all else anew.

    Parameters
    ----------
    parts : those of ``parts_shown``, by name.
    """
    where = {
        _attribute(each, b"Id"): normpath(f"word/{_attribute(each, b'Target')}")
        for each in _RELATION.findall(parts.get(RELATIONS, b""))
    }
    pages = [name for name in parts if name == _MAIN or _OTHERS.fullmatch(name)]
    said = "\n".join("".join(_lines(parts[name], parts, where)) for name in pages)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _lines(page: bytes, parts: Mapping[str, bytes], where: Mapping[str, str]) -> Iterator[str]:
    """Yield what a page shows, in its order."""
    is_blank = True
    for found in _SHOWN.finditer(page):
        if (text := found["text"] if found["text"] is not None else found["said"]) is not None:
            yield unescape(text.decode("utf-8", "replace"))
            is_blank = is_blank and not text
        elif found["picture"] is not None:
            picture = parts.get(where.get(found["picture"].decode(), ""), b"")
            yield f"<{hashlib.sha256(picture).hexdigest()}>"
            is_blank = False
        elif found["end"] == b"/w:p":
            if not is_blank:
                yield "\n"
            is_blank = True
        else:
            yield _END[found["end"]]


def _attribute(element: bytes, name: bytes) -> str:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', element)
    return found[1].decode("utf-8", "replace") if found else ""
