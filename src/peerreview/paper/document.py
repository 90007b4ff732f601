"""What a printed document is put together of: sections of sentences, figures and tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from peerreview.paper.sheets import DAGGER, Sheet
from peerreview.tables import SYNTHETIC_NOTE


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the file and rows that its numbers come from."""

    text: str
    source: str
    synthetic: bool = False

    def __str__(self) -> str:
        return f"{self.text}{DAGGER}" if self.synthetic else self.text


@dataclass(frozen=True)
class Figure:
    """A figure by its name; ``draw`` gives a ``figures.Diagram``."""

    name: str
    title: str
    draw: Callable[[], Any]


@dataclass(frozen=True)
class Section:
    """A part of the document: sentences first, then figures, then tables."""

    title: str
    sentences: tuple[Sentence, ...] = ()
    figures: tuple[Figure, ...] = ()
    sheets: tuple[Sheet, ...] = field(default=())

    @property
    def notes(self) -> tuple[str, ...]:
        """What the dagger of a sentence means."""
        return (SYNTHETIC_NOTE,) if any(each.synthetic for each in self.sentences) else ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.sentences or self.figures or self.sheets)


def marked(sentences: Sequence[Sentence], *, synthetic: bool) -> tuple[Sentence, ...]:
    """Return sentences as synthetic ones, where what they rest on is."""
    return tuple(replace(each, synthetic=each.synthetic or synthetic) for each in sentences)
