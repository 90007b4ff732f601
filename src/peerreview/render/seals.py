"""Proofs within files: put in where a format has room for what is not shown, and taken out again."""

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

from peerreview.errors import InputError
from peerreview.render import shown as word
from peerreview.render.ooxml import EPOCH, in_order

SUFFIXES = (".svg", ".html", ".docx", ".png", ".pdf")
"""Formats that take a proof, besides the JSON that holds one of its own."""
_NAME = "peerreview-proof"
_SVG = re.compile(rf'<metadata id="{_NAME}">(.*?)</metadata>\n?', re.DOTALL)
_HTML = re.compile(rf'<script type="application/json" id="{_NAME}">(.*?)</script>\n?', re.DOTALL)
_XMP = re.compile(rb"<pr:proof>(.*?)</pr:proof>", re.DOTALL)
_PART = f"customXml/{_NAME}.xml"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_RELATION = f'<Relationship Id="{_NAME}" Type="{_CUSTOM}" Target="../{_PART}"/>'.encode()
_PART_TEXT = re.compile("<proof[^>]*>(.*)</proof>", re.DOTALL)
_MOST_BYTES = 50_000_000
"""A part of a document that is larger unpacked holds no proof of ours."""
_IN_PDF = re.compile(rb'"shown":"([0-9a-f]{64})"')
_NOT_YET = "0" * 64
"""Stands in a PDF for its hash while that is taken: a PDF says of its parts where they lie."""
_ENDS = {
    ".svg": b"</svg>",
    ".html": b"</html>",
    ".pdf": b"%%EOF",
    ".png": b"IEND",
}
"""What a whole file has near its end."""
_NEAR = 2_000


def put(content: str | bytes, suffix: str, proof: Mapping[str, Any]) -> str | bytes:
    """
    Return a file's content with a proof in it; the same bytes for the same.

    The proof has the hash of all else that the file shows, under ``shown``.
    A PDF gets its proof when it is drawn: see ``xmp``.
    """
    if suffix not in SUFFIXES or suffix == ".pdf":
        return content
    return _put(content, suffix, _as_text({**proof, "shown": digest_without(content, suffix)}))


def _as_text(proof: Mapping[str, Any]) -> str:
    return json.dumps(proof, ensure_ascii=False, separators=(",", ":"))


def _put(content: str | bytes, suffix: str, proof: str) -> str | bytes:
    if suffix == ".svg" and isinstance(content, str):
        said = f'<metadata id="{_NAME}">{escape(proof, quote=False)}</metadata>\n'
        return content.replace("</desc>\n", f"</desc>\n{said}", 1)
    if suffix == ".html" and isinstance(content, str):
        safe = proof.replace("<", "\\u003c").replace("&", "\\u0026")
        said = f'<script type="application/json" id="{_NAME}">{safe}</script>\n'
        return content.replace("</head>\n", f"{said}</head>\n", 1)
    if suffix == ".docx" and isinstance(content, bytes):
        return _into_word(content, proof)
    if suffix == ".png" and isinstance(content, bytes):
        return _into_png(content, proof)
    return content


def take(content: bytes, suffix: str) -> str | None:
    """
    Return the proof in a file's content; None where there is none.

    Raises
    ------
    InputError
        For a file that is not of its format, that is empty, or was cut off before or within its proof.
    """
    if not content:
        raise InputError("is empty; write it again")
    found = _take(content, suffix)
    if found is None and suffix in _ENDS and _begins(content, suffix) and not _ends(content, suffix):
        raise InputError("was cut off; write it again")
    return found


def _begins(content: bytes, suffix: str) -> bool:
    """Return whether a file begins as its format does."""
    begin = content[:_NEAR].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    marks = {".svg": (b"<?xml", b"<svg"), ".html": (b"<!doctype html", b"<html")}
    return begin.startswith({".pdf": (b"%pdf",), ".png": (b"\x89png",)}.get(suffix) or marks[suffix])


def _ends(content: bytes, suffix: str) -> bool:
    return _ENDS[suffix] in content[-_NEAR:]


def _take(content: bytes, suffix: str) -> str | None:
    if suffix in (".svg", ".html"):
        text = _text(content)
        found = (_SVG if suffix == ".svg" else _HTML).search(text)
        if found is None and names_a_proof(content, suffix):
            raise InputError("was cut off within its proof; write it again")
        return None if found is None else unescape(found[1]) if suffix == ".svg" else found[1]
    if suffix == ".pdf":
        within = _XMP.search(content)
        if within is None and names_a_proof(content, suffix):
            raise InputError("was cut off within its proof; write it again")
        return unescape(_text(within[1])) if within else None
    if suffix == ".docx":
        return _from_word(content)
    return _from_png(content) if suffix == ".png" else None


def names_a_proof(content: bytes, suffix: str) -> bool:
    """Return whether a figure or a page has the mark of a proof in it, whole or not."""
    marks = {
        ".svg": f'id="{_NAME}"',
        ".html": f'id="{_NAME}"',
        ".pdf": "<pr:proof>",
        ".png": f"iTXt{_NAME}\0",
    }
    return suffix in marks and marks[suffix].encode() in content


def bare(content: bytes, suffix: str) -> bytes:
    """Return a file's content without its proof: as it would be written of numbers that were typed."""
    if suffix == ".docx":
        if _from_word(content) is None or _size_of(content) > _MOST_BYTES:
            return content
        parts = _parts_of(content)
        if parts.pop(_PART, None) is None:
            return content
        return _from_parts({name: part.replace(_RELATION, b"") for name, part in parts.items()})
    return strip(_text(content), suffix).encode() if suffix in (".svg", ".html") else content


def strip(content: str, suffix: str) -> str:
    """Return a text without its proof."""
    pattern = {".svg": _SVG, ".html": _HTML}.get(suffix)
    return pattern.sub("", content, count=1) if pattern else content


def xmp(proof: Mapping[str, Any]) -> str:
    """Return a proof as the XMP metadata of a PDF, which ``close`` then makes whole."""
    said = escape(_as_text({**proof, "shown": _NOT_YET}), quote=False)
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pr="urn:peerreview:proof:1:">'
        f"<pr:proof>{said}</pr:proof></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def close(document: bytes) -> bytes:
    """Return a PDF whose proof has the hash of what it shows."""
    return _with_shown(document, digest_without(document, ".pdf"))


def digest_without(content: str | bytes, suffix: str) -> str:
    """
    Return the SHA-256 of what a file shows, without its proof; blank for a format that takes none.

    It says that nobody changed the drawing and left its proof as it was. Of
    a Word document it is that of its words and pictures, of any other file of all its bytes.
    """
    if suffix in (".svg", ".html"):
        text = content if isinstance(content, str) else _text(content)
        return hashlib.sha256(strip(text, suffix).encode()).hexdigest()
    if isinstance(content, str) or suffix not in SUFFIXES:
        return ""
    if suffix == ".docx":
        return word.digest(_parts_of(content, shown=True))
    left = _without_chunk(content) if suffix == ".png" else _with_shown(content, _NOT_YET)
    return hashlib.sha256(left).hexdigest()


def _with_shown(document: bytes, digest: str) -> bytes:
    """Return a PDF with a hash of what it shows in its proof, in the place of the one there."""
    proof = _XMP.search(document)
    found = None if proof is None else _IN_PDF.search(document, proof.start(), proof.end())
    return (
        document if found is None else document[: found.start(1)] + digest.encode() + document[found.end(1) :]
    )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8") from error


def _into_png(picture: bytes, proof: str) -> bytes:
    """Return a PNG with a text chunk right after the header's 33 bytes, uncompressed: zlibs differ."""
    said = b"iTXt" + _NAME.encode() + b"\0\0\0\0\0" + proof.encode()
    length = struct.pack(">I", len(said) - 4)
    return picture[:33] + length + said + struct.pack(">I", zlib.crc32(said)) + picture[33:]


def _from_png(picture: bytes) -> str | None:
    found = _chunk(picture)
    if found is None:
        return None
    begin, end = found
    if end > len(picture):
        raise InputError("was cut off within its proof; write it again")
    return _text(picture[begin + 8 + len(_NAME) + 5 : end - 4])


def _chunk(picture: bytes) -> tuple[int, int] | None:
    """Return where a PNG's proof begins and ends, with the length before it and the sum behind it."""
    begin = picture.find(b"iTXt" + _NAME.encode() + b"\0\0\0\0\0") - 4
    if begin < 0:
        return None
    (length,) = struct.unpack(">I", picture[begin : begin + 4])
    return begin, begin + length + 12


def _without_chunk(picture: bytes) -> bytes:
    found = _chunk(picture)
    return picture if found is None else picture[: found[0]] + picture[found[1] :]


def _into_word(document: bytes, proof: str) -> bytes:
    """Return a Word document with a part of custom XML that its main part knows of: Word keeps that."""
    parts = _parts_of(document)
    parts[word.RELATIONS] = parts[word.RELATIONS].replace(
        b"</Relationships>", _RELATION + b"</Relationships>"
    )
    said = f'<proof xmlns="peerreview/proof/1">{escape(proof, quote=False)}</proof>'
    parts[_PART] = f'<?xml version="1.0" encoding="UTF-8"?>\n{said}'.encode()
    return _from_parts(parts)


def _parts_of(document: bytes, *, shown: bool = False) -> dict[str, bytes]:
    """Return the parts of a document by name; ``shown`` for those alone that say what it shows."""
    with zipfile.ZipFile(io.BytesIO(document)) as before:
        names = before.namelist()
        return {name: before.read(name) for name in (word.parts_shown(iter(names)) if shown else names)}


def _size_of(document: bytes) -> int:
    """Return the bytes that a document has unpacked, as it says itself."""
    with zipfile.ZipFile(io.BytesIO(document)) as within:
        return sum(each.file_size for each in within.infolist())


def _from_parts(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after:
        for name in in_order(parts):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, parts[name])
    return stream.getvalue()


def _from_word(document: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as within:
            named = [each for each in within.infolist() if each.filename.startswith("customXml/")]
            for each in named:
                # Word gives custom XML names of its own when it saves.
                if each.file_size <= _MOST_BYTES:
                    found = _PART_TEXT.search(_text(within.read(each)))
                    if found and "peerreview/proof/1" in found[0]:
                        return unescape(found[1])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise InputError("is not a Word document") from error
    return None
