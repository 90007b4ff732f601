"""A file's bytes → a paper, by what they hold."""

from __future__ import annotations

from peerreview.errors import InputError
from peerreview.imports.papers import Paper, docx, hypertext, jats, text
from peerreview.tables import dialects


def looks_like_pdf(content: bytes) -> bool:
    """Whether bytes are a PDF, whose text another program has to take out."""
    return content[:1_024].lstrip().startswith(b"%PDF-")


def read(content: bytes, path: object = "") -> Paper:
    """
    Return a paper from JATS, HTML, Word, Markdown or plain text.

    Raises
    ------
    InputError
        With file and line, for what is none of them, damaged, or holds no text.
    """
    try:
        paper = _read(content)
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error
    if not paper.passages:
        raise InputError("holds no text that could be read", path=path)
    return paper


def _read(content: bytes) -> Paper:
    if docx.looks_like(content):
        return docx.read(content)
    if content.startswith(b"PK") or looks_like_pdf(content):
        raise InputError("is no paper as text; .txt, .md, .html, .docx, .pdf and JATS .xml are read")
    said = dialects.decode(content).text
    if jats.looks_like(said):
        return jats.read(said)
    return hypertext.read(said) if hypertext.looks_like(said) else text.read(said)
