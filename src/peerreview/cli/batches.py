"""A new batch of records against those of earlier searches: the folder of keys, and what is written."""

import json
import shutil
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview import tables
from peerreview.cli import console, engines
from peerreview.cli.outputs import beside, put
from peerreview.errors import InputError, MissingToolError, UsageError
from peerreview.review import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from peerreview.duplicates.engines.earlier import Earlier, Part
    from peerreview.duplicates.rounds import Further
    from peerreview.duplicates.rules import Rules
    from peerreview.review import Review
    from peerreview.tables.shelf import Shelf

LISTED = "keys.json"
"""The file of a folder of keys that says which searches' keys it has."""
SCHEMA = "peerreview/keys/1"
AGAIN = "run dedupe --keys on all records again"


USUAL = "keys"
"""What the folder is called, beside the unique records."""


def check(keys: Path | None, against: Path | None, output: Path, **others: object) -> None:
    """
    Refuse options that do not go with keys.

    Raises
    ------
    UsageError
        Where one is given among ``others``, which go with all records alone.
    MissingToolError
        Where pyarrow is not installed.
    """
    if not (keys or against):
        return
    if not find_spec("pyarrow"):
        raise MissingToolError.of("--against" if against else "--keys", "pyarrow")
    if output == tables.STREAM:
        raise UsageError("keys go with an output in a file; -o names one")
    for option, named in others.items():
        if named and against:
            raise UsageError(f"--{option} goes with all records, not with --against")


@dataclass(frozen=True)
class Said:
    """What a search goes by: rules, and people's words on pairs and on names of venues."""

    rules: "Rules"
    overrides: "pd.DataFrame"
    venues: "pd.DataFrame"

    @property
    def by(self) -> str:
        """What tells rules and words on venues from any others."""
        return engines.digest([self.rules, self.venues.to_csv()])

    @property
    def words(self) -> list[list[str]]:
        """People's words on pairs."""
        columns = ("record_id", "duplicate_of", "verdict")
        cells = (self.overrides[column].tolist() for column in columns)
        return sorted(map(list, zip(*cells, strict=True)))


@dataclass(frozen=True)
class Keys:
    """
    A folder with what searches left for later ones, a folder each.

    ``searches`` are those that go with the tables at hand; others are not there for us, and replaced.
    """

    folder: Path
    searches: "tuple[dict[str, Any], ...]" = ()

    @classmethod
    def anew(cls, folder: Path) -> "Keys":
        """
        Return a folder without any search.

        Raises
        ------
        InputError
            Where it holds something else than keys.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            others = [path.name for path in folder.iterdir() if path.name != LISTED and not _is_ours(path)]
        except OSError as error:
            raise InputError(f"is no folder to keep keys in: {error.strerror}", path=folder) from error
        if others:
            raise InputError(f"holds {min(others)}, which is no key; name an empty folder", path=folder)
        return cls(folder)

    @classmethod
    def of(cls, folder: Path, unique: Path) -> "Keys":
        """
        Return the searches that led to a table of unique records.

        Raises
        ------
        InputError
            Where there are none.
        """
        from peerreview.tables import reading

        if not (folder / LISTED).is_file():
            raise InputError(f"no such folder of keys; {AGAIN}", path=folder)
        found = reading.read_json(folder / LISTED, SCHEMA).get("searches", [])
        of_tables = _digests(unique)
        for number in range(len(found), 0, -1):
            if found[number - 1].get("of") == of_tables:
                return cls(folder, tuple(found[:number]))
        message = f"is not what the keys in {folder} were made with, or its duplicates.csv is not: {AGAIN}"
        raise InputError(message, path=unique)

    def earlier(self) -> "Earlier":
        """
        Return the records of these searches.

        Raises
        ------
        InputError
            Where files are missing.
        """
        from peerreview.duplicates.engines.earlier import Earlier, Part
        from peerreview.duplicates.engines.stored import Store
        from peerreview.tables.shelf import Shelf

        parts = []
        for number, each in enumerate(self.searches, start=1):
            shelf = Shelf(self.folder / str(number))
            if not shelf.has("state"):
                raise InputError(f"is no folder of keys any more; {AGAIN}", path=shelf.folder)
            parts.append(Part(each["start"], Store(shelf, each["n_rows"], each["size"], each["n_buckets"])))
        return Earlier(parts)

    def check(self, said: Said) -> None:
        """
        Make sure that the searches were judged as this one will be.

        Raises
        ------
        InputError
            Where rules or people's words that they went by are others now.
        """
        last = self.searches[-1]
        if last["by"] != said.by:
            message = f"were made with other rules, another venues.csv or another peerreview; {AGAIN}"
            raise InputError(message, path=self.folder)
        now = said.words
        for one, other, verdict in last["words"]:
            if [one, other, verdict] not in now:
                message = f"were made when {one!r} and {other!r} were overridden as {verdict}; {AGAIN}"
                raise InputError(message, path=self.folder)

    def shelf(self) -> "Shelf":
        """Return an empty folder for the next search."""
        from peerreview.tables.shelf import Shelf

        self.write()
        for path in self.folder.iterdir():
            if _is_ours(path) and int(path.name) > len(self.searches):
                shutil.rmtree(path)
        new = self.folder / str(len(self.searches) + 1)
        new.mkdir()
        return Shelf(new)

    def add(self, part: "Part", unique: Path, said: Said) -> None:
        """Take a search that is done among the others, with the tables that it wrote."""
        store = part.store
        search: dict[str, Any] = {"start": part.start, "n_rows": store.n_rows, "size": store.size}
        search |= {"n_buckets": store.n_buckets, "of": _digests(unique)}
        search |= {"by": said.by, "words": said.words}
        replace(self, searches=(*self.searches, search)).write()

    def write(self) -> None:
        """Write which searches there are."""
        from peerreview.tables import writing

        listed = {"schema": SCHEMA, "searches": list(self.searches)}
        writing.write(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", self.folder / LISTED)


@dataclass(frozen=True)
class Batch:
    """New records, and the tables that earlier searches left."""

    review: "Review"
    table: "pd.DataFrame"
    against: Path
    keys: Path
    said: Said

    def dedupe(
        self,
        output: Path,
        pairs_file: Path,
        cores: int,
        pairs_for: "Callable[[pd.DataFrame], pd.DataFrame | bytes]",
    ) -> None:
        """
        Write the tables of all searches, and tell what the new records were.

        Parameters
        ----------
        pairs_for : returns possible pairs as they are to be written.
        """
        import numpy as np
        import pandas as pd

        from peerreview.duplicates import growing, listing, rounds
        from peerreview.duplicates.engines.memory import InMemory
        from peerreview.tables.lines import Lines
        from peerreview.tables.picking import Picking

        keys = Keys.of(self.keys, self.against)
        said = self.said
        keys.check(said)
        earlier = keys.earlier()
        new = rounds.new_among(self.table, earlier)
        listed = beside(self.against, name_of(tables.DUPLICATES))
        self.review.note_named(self.against, listed)
        unique = Picking(self.against, tables.UNIQUE)
        with console.working("looking for duplicates") as watch:
            further = rounds.find_further(
                new,
                earlier,
                Lines(listed),
                unique.take,
                said.rules,
                overrides=said.overrides,
                venues=said.venues,
                engine=InMemory(cores, watch),
                shelf=keys.shelf(),
            )
        duplicates, kept = further.found.duplicates, earlier.state.kept
        open_pairs = duplicates[duplicates["verdict"] == "possible"]
        ids = {*open_pairs["record_id"], *open_pairs["duplicate_of"]}
        there = earlier.texts("record_id")[kept == np.arange(len(kept))]
        growth = growing.grow(unique.take, new, kept, further.found.kept)
        some = growth.pieces(among=np.flatnonzero(there.isin(ids)))
        asked_of = pd.concat((piece.frame(unique.take) for piece in some), ignore_index=True)
        pairs = listing.possible_pairs(asked_of[asked_of["record_id"].isin(ids)], duplicates, said.rules)
        contents = [
            (beside(output, name_of(tables.DUPLICATES)), further.written()),
            (pairs_file, pairs_for(pairs)),
            (output, unique.amended(growth.pieces(), output)),
        ]
        put(self.review, contents)
        if further.part:
            keys.add(further.part, output, said)
        _tell(further, earlier.n_rows, len(pairs), pairs_file)


def _tell(further: "Further", start: int, n_possible: int, pairs_file: Path) -> None:
    import numpy as np

    kept = further.found.kept
    of_new = kept[start:]
    is_gone = of_new != np.arange(start, len(kept))
    n_before = int((of_new < start).sum())
    console.remark(
        f"{tables.counted(len(of_new), 'new record')}: "
        f"{tables.counted(int(is_gone.sum()), 'duplicate')} removed, "
        f"{n_before:,} of them of earlier records; {int((~is_gone).sum()):,} to screen"
    )
    console.remark(f"{int((kept == np.arange(len(kept))).sum()):,} records kept of {len(kept):,} in all")
    if n_possible:
        console.remark(f"{tables.counted(n_possible, 'possible pair')} to judge in {pairs_file}")
    for record_id, other in further.found.joined:
        console.remark(f"{record_id} is now a duplicate of {other}: its votes count for that")


def _is_ours(path: Path) -> bool:
    return path.is_dir() and path.name.isdecimal()


def _digests(unique: Path) -> list[str]:
    """Return what tells a table of unique records, and the duplicates beside it, from any other."""
    return [engines.digest_of(path) for path in (unique, beside(unique, name_of(tables.DUPLICATES)))]
