"""A file's bytes → a paper, by what they hold."""

from __future__ import annotations

from dataclasses import replace

from peerreview.errors import InputError, MissingToolError
from peerreview.imports.papers import Paper, docx, figures, hypertext, jats, linenumbers, pdf, text
from peerreview.tables import dialects


def read(content: bytes, path: object = "") -> Paper:
    """
    Return a paper from JATS, HTML, Word, Markdown or plain text; a PDF's text is taken out first.

    Raises
    ------
    MissingToolError
        For a PDF where pdftotext is not installed.
    InputError
        With file and line, for what is none of them, damaged, or holds no text.
    """
    try:
        paper = _read(content)
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error
    except MissingToolError as error:
        raise MissingToolError(f"{path}: {error}") from error
    if not paper.passages:
        raise InputError("holds no text that could be read", path=path)
    return replace(paper, passages=figures.marked(linenumbers.removed(paper.passages)))


def _read(content: bytes) -> Paper:
    if docx.looks_like(content):
        return docx.read(content)
    if pdf.looks_like(content):
        return text.read(dialects.decode(pdf.text_of(content)).text)
    if content.startswith(b"PK"):
        raise InputError("is no paper as text; .txt, .md, .html, .docx, .pdf and JATS .xml are read")
    said = dialects.decode(content).text
    if jats.looks_like(said):
        return jats.read(said)
    is_page = hypertext.is_page(said) or (hypertext.looks_like(said) and not text.looks_like(said))
    return hypertext.read(said) if is_page else text.read(said)
