"""Export formats: one file each, all of one shape, recognised by content and never by suffix."""

from dataclasses import dataclass, field
from typing import Protocol

Tags = list[tuple[str, str]]
"""Fields as the export gave them, in its order; a repeated tag stands there repeatedly."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One reference as its export gave it: ``line`` is 1-based, ``text`` verbatim."""

    line: int
    text: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an export that is not a record, or cannot be one without loss."""

    line: int
    problem: str
    text: str


@dataclass(frozen=True, slots=True)
class Warned:
    """What is odd about an export but loses nothing."""

    line: int
    message: str


@dataclass(slots=True)
class Export:
    """What a format's ``parse`` found: each record of the file is in ``records`` or in ``rejects``."""

    records: list[RawRecord] = field(default_factory=list)
    rejects: list[Piece] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


class Format(Protocol):
    """
    The shape of every module here.

    ``NAME`` is the format's short name (``ris``); ``looks_like`` says
    whether text is in this format; ``parse`` cuts it into raw records;
    ``to_fields`` maps one raw record to the content columns of
    ``records.csv``, with every tag that has no column of its own in ``extra``.
    """

    NAME: str

    def looks_like(self, text: str) -> bool: ...  # noqa: D102
    def parse(self, text: str) -> Export: ...  # noqa: D102
    def to_fields(self, raw: RawRecord) -> dict[str, str]: ...  # noqa: D102
