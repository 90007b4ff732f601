"""PDF: its text, as pdftotext gives it where that is installed."""

from __future__ import annotations

import shutil
import subprocess

from peerreview.errors import InputError, MissingToolError

_SECONDS = 120
"""A PDF of a thousand pages takes pdftotext a tenth of that."""


def looks_like(content: bytes) -> bool:
    """Whether bytes are a PDF, whose text another program has to take out."""
    return content[:1_024].lstrip().startswith(b"%PDF-")


def text_of(content: bytes) -> bytes:
    """
    Return a PDF's text.

    Raises
    ------
    MissingToolError
        Where pdftotext is not installed.
    InputError
        For a PDF that is damaged or locked, or holds pictures of pages.
    """
    tool = shutil.which("pdftotext")
    if tool is None:
        raise MissingToolError(
            "a PDF needs pdftotext, which comes with poppler-utils (apt) or poppler (brew); "
            "or save it as text"
        )
    try:
        ran = subprocess.run(  # noqa: S603  the program just found, with our own words
            [tool, "-enc", "UTF-8", "-q", "-", "-"],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"pdftotext takes more than {_SECONDS} s; save it as text") from error
    if ran.returncode:
        raise InputError("is a PDF that pdftotext cannot read, damaged or locked; save it as text")
    if not ran.stdout.strip():
        raise InputError("is a PDF without text, of pictures of pages; run it through OCR first")
    return ran.stdout
