"""A review's folder: which tables it has, where each lies, and which belong beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputError, UsageError
from peerreview.tables import STREAM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from peerreview.protocol import Protocol as Protocol  # noqa: PLC0414  commands know it by this door
    from peerreview.protocol.inforce import Setting as Setting  # noqa: PLC0414
    from peerreview.tables import Table

# Every command asks where its tables lie before it is known whether any is read: help is to come at once.

PROTOCOL = "peerreview.toml"
AGREEMENT = "agreement.json"
"""What ``agreement`` writes for other commands; ``FLOW`` is the same of ``prisma``."""
FLOW = "flow.json"
NOTICES = "retractions.json"
"""The same of ``retractions``."""
VOTES = Path("decisions")
"""The folder of the votes, a file per reviewer or tool."""
SEARCHES = Path("strategies")
"""The folder of the saved searches, a file per source."""
RESOLUTIONS = "resolutions.csv"
"""Among the votes: what people settled."""
COUNTED = (
    tables.RECORDS, tables.DUPLICATES, tables.SCREENING, tables.REPORTS, tables.STUDIES, tables.SOURCES,
    tables.CHANGES,
)  # fmt: skip
"""What a flow is counted from."""


def name_of(table: Table) -> str:
    """
    Return what a table's file is called in a review's folder.

    >>> name_of(tables.DUPLICATES)
    'duplicates.csv'
    """
    return f"{table.name}.csv"


class Review:
    """
    The tables around those that were named, and a record of what was read.

    A table that nobody named is looked for beside the named ones: in their
    folders and nowhere else. Where two of these folders have one, neither
    is guessed to be meant.

    Parameters
    ----------
    folders : where the named tables lie, the main one's first; the working folder where none is named.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = tuple(dict.fromkeys(folders)) or (Path(),)
        self._read: list[Path] = []
        self._sought: list[Path] = []
        self._told: set[Path] = set()
        self._missed: list[str] = []
        self._remarks: list[str] = []
        self._instead: dict[str, pd.DataFrame] = {}

    @classmethod
    def around(cls, main: Path | None, *others: Path | None) -> Review:
        """
        Return the review of a command's tables.

        Where the main one is not named, it may lie in the working folder,
        too, as ever.
        """
        named = [each for each in (main, *others) if each is not None]
        folders = [_folder(each) for each in named]
        review = cls(*folders) if main is not None else cls(*folders, Path())
        review.note_named(*named)
        return review

    @classmethod
    def of_votes(cls, named: Sequence[Path], *others: Path | None) -> Review:
        """Return the review that votes belong to: they lie in its folder, or in one within it."""
        folders = [_folder(each) for each in others if each is not None]
        for path in named:
            beside = _folder(path)
            folders += [beside.parent] if beside.name == VOTES.name else [beside, beside.parent]
        review = cls(*folders)
        review.note_named(*others)
        return review

    def as_if(self, instead: Mapping[str, pd.DataFrame]) -> Review:
        """
        Return this review with other rows in some tables: what would be, were they so.

        Parameters
        ----------
        instead : tables by name, with the columns that they have when they are read.
        """
        other = Review(*self.folders)
        other._instead = dict(instead)
        return other

    def path(self, table: Table | str, named: Path | None = None) -> Path:
        """
        Return where a table lies, or would lie.

        Raises
        ------
        InputError
            Where a table is named that is not there.
        UsageError
            Where several folders have one and none is named.
        """
        if named is not None:
            if named != STREAM and not named.exists():
                raise InputError("no such file", path=named)
            return named
        name = table if isinstance(table, str) else name_of(table)
        there = {path.resolve(): path for folder in self.folders if (path := folder / name).exists()}
        if len(there) > 1:
            listed = " or ".join(str(path) for path in there.values())
            raise UsageError(f"which one is meant, {listed}? Name it by its option")
        return next(iter(there.values()), self.folders[0] / name)

    def _there(self, table: Table, named: Path | None) -> Path:
        """
        Return where a table lies that must be there.

        Raises
        ------
        InputError
            Where it does not: with the workbook that lies there instead, else the command that writes it.
        """
        path = self.path(table, named)
        if named is None and not path.exists():
            instead = _workbook_beside(path)
            cure = f"; {table.cure}" if table.cure else ""
            there = f"; save {instead} as {path.name}, or name it by its option" if instead else cure
            raise InputError(f"no such file{there}", path=path)
        return path

    def has(self, table: Table | str, named: Path | None = None) -> bool:
        """Return whether there is such a table."""
        if not isinstance(table, str) and table.name in self._instead:
            return True
        path = self.path(table, named)
        is_there = path == STREAM or path.exists()
        if not is_there:
            self.seek(path)
        return is_there

    def read(
        self,
        table: Table,
        named: Path | None = None,
        *,
        rules: Table | None = None,
        mapped_in: Path | None = None,
    ) -> pd.DataFrame:
        """
        Return a table that must be there, checked; by another table's ``rules`` where that will do.

        Parameters
        ----------
        mapped_in : a folder for its cells, where they are not to be in memory.

        Raises
        ------
        InputError, InputErrors
            With file and line of each fault.
        """
        from peerreview.tables import mapped, reading

        if table.name in self._instead:
            return self._instead[table.name]
        path = self._there(table, named)
        if mapped_in:
            frame = mapped.read(path, rules or table, mapped_in)
        else:
            frame = reading.read(path, rules or table)
        # The one that a command is for goes without saying where people stand beside it.
        self.note(path, told=named is None and path.parent != Path())
        return self._noted(frame)

    def read_optional(
        self, table: Table, named: Path | None = None, *, without: str = "", rules: Table | None = None
    ) -> pd.DataFrame:
        """
        Return a table, or an empty one where there is none.

        Parameters
        ----------
        without : what it means that there is none, where that changes a number.
        """
        from peerreview.tables import reading

        if table.name in self._instead:
            return self._instead[table.name]
        path = self.path(table, named)
        if path != STREAM and not path.exists():
            self.seek(path)
            if without:
                self._missed.append(f"no {path}: {without}")
            if instead := _workbook_beside(path):
                self._missed.append(
                    f"{instead}: is not read: save it as {path.name}, or name it by its option"
                )
            if Path(path.name).exists():
                self._missed.append(f"{path.name}: is not read: it lies beside none of the tables named")
            return tables.empty(table)
        frame = reading.read(path, rules or table)
        self.note(path, told=named is None)
        return self._noted(frame)

    def read_raw(self, table: Table, named: Path | None = None) -> pd.DataFrame:
        """Return the cells of a table as they stand, unchecked."""
        from peerreview.tables import reading

        if table.name in self._instead:
            return self._instead[table.name]
        path = self._there(table, named)
        frame = tables.named(reading.read_raw(path, table), table)
        self.note(path, told=named is None and path.parent != Path())
        return self._noted(frame)

    def vote_files(self, named: Sequence[Path] | None, *, may_be_none: bool = False) -> list[Path]:
        """
        Return the files of votes named, else those of the review, sorted.

        Raises
        ------
        InputError
            Where there are none.
        """
        # A shell that finds no such file, or never looks, hands the pattern on.
        folder = self.folders[0] / VOTES
        if named and list(named) != [VOTES / "*.csv"]:
            if {path.resolve() for path in named} >= {path.resolve() for path in folder.glob("[!.]*.csv")}:
                # Most shells put all files there for the pattern.
                self.seek(folder / "*.csv")
            self.note_named(*named)
            return list(named)
        self.seek(folder / "*.csv")
        listed = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
        found = [path for path in listed if path.suffix == ".csv"]
        for path in listed:
            if path not in found and path.suffix.lower() != ".md":
                self._remarks.append(
                    f"{path}: is not read: votes are .csv; peerreview decisions makes votes of other files"
                )
        if not found and not may_be_none:
            raise InputError("no decisions; name the files, or put them there", path=folder / "*.csv")
        for path in found:
            self.note(path)
        return found

    def read_votes(
        self,
        files: Sequence[Path],
        rules: Table = tables.VOTES,
        *,
        prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    ) -> pd.DataFrame:
        """
        Return the votes of several files as one table; ``prepare`` renames columns first.

        Parameters
        ----------
        files : decisions files.
        rules : of their columns.
        prepare : makes a file's raw cells into those columns.
        """
        from peerreview.tables import reading

        if rules.name in self._instead:
            return self._instead[rules.name]
        return self._noted(reading.read_all(files, rules, prepare=prepare))

    def protocol(self, named: Path | None = None) -> Protocol:
        """
        Return the protocol: the one named, else that beside the main table or in a folder above it.

        Looked for upwards as far as the working folder; the default one where there is none.
        """
        from peerreview import protocol

        path = self.path(PROTOCOL, named) if named is not None else self._protocol_file()
        if path is None:
            self.seek(self.folders[0] / PROTOCOL)
            return protocol.Protocol()
        self.note(path, told=named is None)
        return protocol.read(path)

    def settings(self, named: Path | None = None) -> tuple[Path | None, Sequence[Setting]]:
        """Return the protocol's file, None where there is none, and every setting in force."""
        from peerreview.protocol import inforce

        path = self.path(PROTOCOL, named) if named is not None else self._protocol_file()
        return path, inforce.settings(path)

    def _protocol_file(self) -> Path | None:
        folder = self.folders[0]
        upwards = [folder, *folder.parents] if _is_within(folder, Path()) else [folder]
        for above in upwards:
            if (above / PROTOCOL).exists():
                return above / PROTOCOL
            if above.resolve() == Path.cwd():
                break
        return None

    @property
    def files_read(self) -> tuple[Path, ...]:
        """The files that were read so far, but for what came from a stream, in order."""
        return tuple(path for path in self._read if path != STREAM)

    @property
    def files_sought(self) -> tuple[Path, ...]:
        """The files that were looked for and not there; ``*`` stands for all of a folder, there or not."""
        return tuple(self._sought)

    def seek(self, path: Path) -> None:
        """Remember that a file was looked for: what is written may be other once it is there."""
        if path not in self._sought:
            self._sought.append(path)

    def note(self, path: Path, *, told: bool = True) -> None:
        """Remember that a file was read; ``told`` where nobody named it."""
        if path not in self._read:
            self._read.append(path)
        if told:
            self._told.add(path)

    def note_named(self, *named: Path | None) -> None:
        """
        Remember files that options name, to be read elsewhere.

        Raises
        ------
        InputError
            Where one is not there.
        """
        for path in named:
            if path is not None:
                self.note(self.path("", path), told=False)

    def _noted(self, frame: pd.DataFrame) -> pd.DataFrame:
        self._remarks += tables.remarks(frame)
        return frame

    def remark(self, text: str) -> None:
        """Add a line to what people are told."""
        self._remarks.append(text)

    def told(self) -> list[str]:
        """Return what to tell people, once: which files were read unnamed, and which are missing."""
        lines = [f"read {', '.join(str(path) for path in self._read if path in self._told)}"]
        # What several tables rest on is told once.
        lines = (lines if self._told else []) + list(dict.fromkeys(self._missed + self._remarks))
        self._told, self._missed, self._remarks = set(), [], []
        return lines

    def keep_apart(self, *outputs: Path | None, unread: Sequence[Table] = ()) -> None:
        """
        Refuse to write over what was named or read, or over tables still ``unread``.

        Raises
        ------
        UsageError
            Where an output is one of the files read.
        """
        paths = [*self._read, *(self.path(table) for table in unread)]
        inputs = {path.resolve() for path in paths if path != STREAM}
        for output in outputs:
            if output is not None and output != STREAM and output.resolve() in inputs:
                raise UsageError(f"{output}: is read by this command; name another file")


def _folder(path: Path) -> Path:
    return Path() if path == STREAM else path.parent


def _workbook_beside(path: Path) -> str:
    """Return the name of a workbook that lies where a table should; blank where none does."""
    there = (path.with_suffix(suffix) for suffix in (".xlsx", ".xls", ".ods"))
    return next((each.name for each in there if each.is_file()), "")


def _is_within(folder: Path, other: Path) -> bool:
    return folder.resolve().is_relative_to(other.resolve())
