"""Word's .docx: paragraphs under headings, and the text of boxes that were drawn in it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from peerreview.errors import InputError
from peerreview.imports.papers import ABSTRACT, BODY, CAPTION, FIGURE, Headings, Paper, Passages
from peerreview.imports.papers.jats import DEEPEST
from peerreview.imports.papers.text import AFTER_THE_PAPER
from peerreview.tables import marks

_DOCUMENT = "word/document.xml"
_DAMAGED = "is a Word document that is damaged, or locked by a password; save it again, or as text"
_CAPTION = re.compile(r"fig(?:ure|\.)?\s*\d", re.IGNORECASE)


def looks_like(content: bytes) -> bool:
    """Whether bytes are a Word document."""
    return content.startswith(b"PK") and b"word/" in content


def read(content: bytes) -> Paper:
    """
    Return a paper from a Word document, what was deleted under tracked changes left out.

    Raises
    ------
    InputError
        For one that is damaged, locked, or unpacks to far more than text does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            marks.check_unpacked(archive, len(content), "save it again, or as text")
            document = archive.read(_DOCUMENT)
        if re.search(rb"<!DOCTYPE|<!ENTITY", document[:4_000]):
            raise InputError(_DAMAGED)
        told = _Document()
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = told.start
        parser.EndElementHandler = told.end
        parser.CharacterDataHandler = told.characters
        parser.Parse(document, True)  # noqa: FBT003  expat's own
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, KeyError) as error:
        raise InputError(_DAMAGED) from error
    except expat.ExpatError as error:
        raise InputError(_DAMAGED) from error
    return Paper(told.passages.found, told.title)


class _Document:
    """What a document says, as its elements come."""

    def __init__(self) -> None:
        self.passages = Passages()
        self.title = ""
        self._headings, self._style, self._is_after = Headings(), "", False
        self._parts: list[str] = []
        self._boxes: list[list[str]] = []
        self._old = self._depth = 0
        self._is_text = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise InputError(f"is nested deeper than {DEEPEST} elements")
        name = tag.rpartition("}")[2]
        # Word writes a drawing twice: as it is, and for programs that are older.
        self._old += name == "Fallback"
        if name == "pStyle":
            self._style = next((value for key, value in given.items() if key.endswith("val")), "")
        if name == "txbxContent" and not self._old:
            self._boxes.append(self._parts)
            self._parts = []
        self._is_text = name == "t"
        if name in ("tab", "br"):
            self.characters_of(" ")

    def characters(self, text: str) -> None:
        if self._is_text:
            self.characters_of(text)

    def characters_of(self, text: str) -> None:
        """Take text in, but for the second copy of a drawing."""
        if not self._old:
            self._parts.append(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        name = tag.rpartition("}")[2]
        self._is_text = False
        self._old -= name == "Fallback"
        if name == "txbxContent" and not self._old and self._boxes:
            self.passages.add("".join(self._parts), FIGURE, under=self._headings.path)
            self._parts = self._boxes.pop()
        elif name == "p":
            if self._boxes:
                # A box is one passage, however many lines it has.
                self.characters_of(" ")
            elif not self._old:
                self._take()

    def _take(self) -> None:
        said = " ".join("".join(self._parts).split())
        style, self._style, self._parts = self._style.lower(), "", []
        if not said:
            return
        if style.startswith(("heading", "title", "berschrift", "titre", "ttulo")) or style.isdigit():
            self.title = self.title or (said if style.startswith("tit") else "")
            level = re.search(r"\d$", style)
            self._headings.take(said, int(level[0]) if level else 0)
            self._is_after = bool(AFTER_THE_PAPER.match(said))
        elif not self._is_after:
            kind = CAPTION if style.startswith("caption") or _CAPTION.match(said) else BODY
            if kind == BODY and self._headings.is_abstract:
                kind = ABSTRACT
            self.passages.add(said, kind, under=self._headings.path)
            self._headings.note_passage()
