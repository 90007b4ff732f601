"""What can go wrong, in one line each, and the exit status that says so."""

from collections.abc import Sequence
from typing import ClassVar, Self

MOST_SHOWN = 20


def at(path: str, line: int | None, message: str) -> str:
    """
    Return a message in the compiler's form.

    >>> at("decisions/ana.csv", 14, "decision 'perhaps' is not include, exclude or maybe")
    "decisions/ana.csv:14: decision 'perhaps' is not include, exclude or maybe"
    """
    place = ":".join(part for part in (path, str(line or "")) if part)
    return f"{place}: {message}" if place else message


def odd_part(error: Exception) -> str:
    """
    Return what is odd about data of ours that somebody changed, from what Python raised on reading it.

    >>> odd_part(KeyError("boxes")), odd_part(ValueError("ids are texts"))
    ("'boxes' is missing", 'ids are texts')
    >>> odd_part(TypeError("'int' object is not iterable"))
    'a value is of another kind than the one written'
    """
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return str(error) if type(error) is ValueError else "a value is of another kind than the one written"


class PeerreviewError(Exception):
    """Anything that a user is told in plain words; never shown as a traceback."""

    exit_status: ClassVar[int] = 1


class InputError(PeerreviewError):
    """A file that is not what it should be; ``line`` is 1-based."""

    def __init__(self, message: str, *, path: object = "", line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.path, self.line = message, str(path), line

    def __str__(self) -> str:
        return at(self.path, self.line, self.message)


class InputErrors(PeerreviewError):
    """Several faults of the input, told together, up to 20 at a time."""

    def __init__(self, errors: Sequence[InputError]) -> None:
        super().__init__(errors)
        self.errors = list(errors)

    def __str__(self) -> str:
        shown = [str(error) for error in self.errors[:MOST_SHOWN]]
        if len(self.errors) > MOST_SHOWN:
            shown.append(f"… and {len(self.errors) - MOST_SHOWN:,} more")
        return "\n".join(shown)


class MissingToolError(PeerreviewError):
    """An optional package or program that is not installed; the message says how to get it."""

    @classmethod
    def of(cls, what: str, *libraries: str, instead: str = "") -> Self:
        """
        Return what to say where ``what`` needs libraries that are not installed.

        They are named themselves, not as an extra: pip finds them wherever
        peerreview came from.

        >>> str(MissingToolError.of("PNG", "resvg-py", "fonttools"))
        'PNG needs resvg-py and fonttools: pip install resvg-py fonttools'
        >>> str(MissingToolError.of(".xlsx", "openpyxl", instead="save the sheet as CSV UTF-8"))
        '.xlsx needs openpyxl: pip install openpyxl, or save the sheet as CSV UTF-8'
        """
        cure = f"pip install {' '.join(libraries)}{', or ' if instead else ''}{instead}"
        return cls(f"{what} needs {' and '.join(libraries)}: {cure}")


class PluginError(PeerreviewError):
    """Another package's code that adds to peerreview and does not work; the message names the package."""


class UnfinishedError(PeerreviewError):
    """The review is sound but not finished; only ``--check`` runs say so."""

    exit_status = 3


class UsageError(PeerreviewError):
    """Options that do not go together."""

    exit_status = 2
