"""What is not everybody's left out of a package: names, quotes; the rest counted and proven anew."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.cli.makefile import MAKEFILE
from peerreview.cli.packing import staging
from peerreview.errors import InputError
from peerreview.review import AGREEMENT, FLOW, PROTOCOL, VOTES, name_of

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.flow.proofs import Proof
    from peerreview.review import Review

_QUOTES = ("quote", "content")
"""Columns of a coding that hold what participants, or papers, say in their words."""
README = "README.md"
_PICTURES = (".pdf", ".png", ".docx", ".xlsx")
"""Files whose text nobody looks through here."""


def leave_out(files: Mapping[str, bytes], *, names: bool, quotes: bool) -> tuple[dict[str, bytes], list[str]]:
    """
    Return a review's files without reviewers' names, or quotes, and what to tell people of it.

    What rests on a changed table is written anew: the outcomes of screening,
    agreement, the flow and its proofs. An output that names somebody still,
    or that nobody can look through, is left out.
    """
    with staging() as folder:
        staged = _Staged(folder, dict(files))
        if quotes:
            staged.drop_quotes()
        if names:
            staged.replace_names()
        if staged.files != dict(files):
            staged.write_anew()
        return dict(sorted(staged.files.items())), staged.told


@dataclass
class _Staged:
    """A copy of a review in a folder of its own, on its way into a package."""

    folder: Path
    files: dict[str, bytes]
    pseudonyms: dict[str, str] = field(default_factory=dict)
    quotes: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    packed: dict[str, str] = field(init=False)
    """The SHA-256 of each file as it came."""

    def __post_init__(self) -> None:
        from peerreview.tables import reading

        self.packed = {name: reading.hash_of(content) for name, content in self.files.items()}

    def review(self) -> "Review":
        """Return the review as it lies in the folder now."""
        from peerreview.review import Review
        from peerreview.tables import writing

        writing.write_all({self.folder / name: content for name, content in self.files.items()})
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).as_posix() not in self.files:
                path.unlink()
        return Review(self.folder)

    def tables(self) -> "Iterator[tuple[str, pd.DataFrame]]":
        """Yield the review's tables, as they stand, by the name of the file."""
        from peerreview.tables import reading

        self.review()
        known = {name_of(each) for each in vars(tables).values() if isinstance(each, tables.Table)}
        for name in self.files:
            if name in known or (name.startswith(f"{VOTES.name}/") and name.endswith(".csv")):
                try:
                    yield name, reading.read_raw(self.folder / name)
                except InputError as error:
                    raise InputError(error.message, path=name, line=error.line) from error

    def drop_quotes(self) -> None:
        """Leave what a coding quotes blank; of rows that say the same without it, one stays."""
        from peerreview.synthesis.codings import TAGUETTE

        read = {*tables.THEMES.all_columns, *TAGUETTE[1:]}
        for name, raw in self.tables():
            quoted = [str(each) for each in raw.columns if str(each).strip().casefold() in _QUOTES]
            if name == name_of(tables.THEMES) and any((raw[each].str.strip() != "").any() for each in quoted):
                self.quotes |= {cell for each in quoted for cell in raw[each] if cell.strip()}
                blank = raw.assign(**dict.fromkeys(quoted, ""))
                told = [each for each in raw.columns if str(each).strip().casefold() in read]
                self.files[name] = _written(blank.drop_duplicates(told))

    def replace_names(self) -> None:
        """Put pseudonyms for names: in tables, in their files' names, in the protocol."""
        from peerreview.screening import pseudonyms as stage

        frames = dict(self.tables())
        named = {
            cell.strip()
            for frame in frames.values()
            for column in frame.columns
            if str(column).strip().casefold() in stage.PERSON
            for cell in frame[column].unique()
        }
        votes = b"".join(self.files[name] for name in sorted(frames) if name.startswith(f"{VOTES.name}/"))
        chosen = stage.choose_names(named, self.review().protocol().reviewers, votes)
        self.pseudonyms = chosen
        found = {}
        for name, content in self.files.items():
            path = Path(name)
            is_votes = path.parent == VOTES
            renamed = (
                f"{VOTES.name}/{stage.replace_words(path.stem, chosen)}{path.suffix}" if is_votes else name
            )
            if name in frames:
                found[renamed] = _written(stage.replace_in_table(frames[name], chosen))
            elif name == README:
                found[name] = stage.replace_words(content.decode("utf-8", "replace"), chosen).encode()
            elif name == PROTOCOL:
                found[name] = stage.replace_in_protocol(content.decode("utf-8-sig"), chosen).encode()
            else:
                found[renamed] = content
        if MAKEFILE in found:
            text = found[MAKEFILE].decode("utf-8", "replace")
            for before, after in zip(self.files, found, strict=True):
                text = text.replace(before, after) if before != after else text
            found[MAKEFILE] = text.encode()
        self.files = found

    def write_anew(self) -> None:
        """Write what rests on a changed table; leave out what cannot be, or names somebody."""
        from peerreview.cli.remaking import remake_tables
        from peerreview.tables import writing

        review = self.review()
        if self.pseudonyms:
            made = remake_tables(review, review.protocol(), {f"{VOTES.name}/"})
            for table in (tables.SCREENING, tables.CONFLICTS):
                if name_of(table) in self.files and table.name in made.frames:
                    frame = made.frames[table.name]
                    is_for_people = table is tables.CONFLICTS
                    self.files[name_of(table)] = _written(
                        writing.for_people(frame) if is_for_people else frame
                    )
            self._measure_agreement()
        self._prove()
        self._leave_out_names()
        self._leave_out_quotes()

    def _measure_agreement(self) -> None:
        """Measure agreement of the pseudonymous votes, where it was measured."""
        from peerreview.cli.outputs import as_json, written
        from peerreview.cli.packing import measure_agreement
        from peerreview.cli.proving import prove_sheets
        from peerreview.paper.sheets.agreement import agreement_sheets

        review = self.review()
        measured = measure_agreement(review)
        if measured is None:
            return
        if AGREEMENT in self.files:
            self.files[AGREEMENT] = as_json(measured.to_json()).encode()
        for name in [each for each in self.files if each in ("agreement.md", "agreement.html")]:
            sheets = agreement_sheets(measured)
            proof = prove_sheets(review, sheets) if name.endswith(".html") else None
            ((_, content),) = written(sheets, Path(name), proof=proof)
            self.files[name] = content if isinstance(content, bytes) else content.encode()

    def _leave_out_names(self) -> None:
        from peerreview.screening.pseudonyms import names_anybody

        for name, content in dict(self.files).items():
            is_table = name.endswith(".csv") and "/" not in name
            if is_table or name.startswith((f"{VOTES.name}/", "exports/")) or not self.pseudonyms:
                continue
            says_names = names_anybody(content.decode("utf-8", "replace"), self.pseudonyms)
            if name == PROTOCOL and says_names:
                # All rests on it: without its instrument and reasons the tables could not be read.
                self.told.append(
                    f"{name}: has a reviewer's name, as authors have: see whether it may go along"
                )
            elif Path(name).suffix in _PICTURES or says_names:
                del self.files[name]
                self.told.append(f"{name}: left out: it names reviewers, or nobody can look through it")

    def _leave_out_quotes(self) -> None:
        """Leave out what was written with quotes in it: a report, a table of the evidence."""
        said = [each for quote in sorted(self.quotes) for each in _phrases(quote)]
        for name, content in dict(self.files).items():
            is_output = not name.startswith((f"{VOTES.name}/", "exports/")) and name != name_of(tables.THEMES)
            text = _words_of(content, Path(name).suffix) if said and is_output else ""
            if any(each in text for each in said):
                del self.files[name]
                self.told.append(
                    f"{name}: left out: it quotes what the coding quotes; --with-quotes packs it"
                )

    def _prove(self) -> None:
        """Give the flow, and figures of it, the proof that they have by these tables."""
        from peerreview.cli.proving import count
        from peerreview.cli.vouching import read_vouched
        from peerreview.flow.proofs import SHEETS, sealed, to_data
        from peerreview.render import seals

        earlier_flows = self._take_earlier_flows()
        review = self.review()
        for name, content in dict(self.files).items():
            suffix = Path(name).suffix
            proven = read_vouched(self.folder / name) if suffix in seals.SUFFIXES or name == FLOW else None
            if proven is None:
                continue
            then = proven.proof
            if then.of == SHEETS and self._prove_again(then, None).tables == then.tables:
                continue
            earlier = earlier_flows.get(then.previous)
            now = None
            if (then.previous and earlier is None) or suffix not in (".json", ".svg", ".html"):
                why = "its proof is of tables with names or quotes"
            elif proven.is_shown is False:
                why = "it was changed after it was written"
            else:
                now = self._prove_again(then, earlier)
                why = "" if self._is_of_now(then, now) else "it is not what the tables give now"
            if now is None or why:
                del self.files[name]
                self.told.append(f"{name}: left out: {why}")
            elif suffix == ".json":
                counted = count(review, {}, None, earlier, show_zero=then.zeros)
                said = json.loads(content)
                said |= {"inputs": dict(sorted(counted.flow.inputs.items()))}
                self.files[name] = _as_text(sealed(said, counted.proof))
            else:
                again = seals.put(seals.strip(content.decode(), suffix), suffix, to_data(now) | proven.beside)
                self.files[name] = again if isinstance(again, bytes) else again.encode()

    def _is_of_now(self, then: "Proof", now: "Proof") -> bool:
        """Return whether what a file shows is of the review as it was packed: the new proof is of that."""
        from peerreview.flow.proofs import SHEETS

        if then.of == SHEETS:
            return all(
                self.packed.get(name, each.sha256) == each.sha256 for name, each in then.tables.items()
            )
        was, is_ = ({key: (box.n, box.sha256) for key, box in proof.boxes.items()} for proof in (then, now))
        return was == is_

    def _prove_again(self, then: "Proof", earlier: Path | None) -> "Proof":
        """Return the proof of what a figure shows, by the tables as they are now."""
        from peerreview.cli.ledger import count_ledger
        from peerreview.cli.proving import count, read_counted
        from peerreview.flow.proofs import ABSENT, SHEETS, prove_table
        from peerreview.library.proving import digest, prove_flow

        review = self.review()
        if then.of == SHEETS:
            absent = {name: each for name, each in then.tables.items() if each == ABSENT}
            there = {name: self.folder / name for name in then.tables if (self.folder / name).is_file()}
            here = {name: prove_table(digest(path)) for name, path in there.items()}
            return replace(then, tables=absent | here)
        if then.of:
            frames = read_counted(review, {})
            return prove_flow(review, {}, frames, count_ledger(frames, review.protocol()))
        return count(review, {}, None, earlier, show_zero=then.zeros).proof

    def _take_earlier_flows(self) -> dict[str, Path]:
        """
        Return where earlier versions' flows lie, by the SHA-256 that they had.

        One whose own proof names reviewers, as those of the files of votes, is kept without that: it is its
        counts that an update rests on.
        """
        from peerreview.screening.pseudonyms import names_anybody
        from peerreview.tables import reading

        found = {}
        for name, content in dict(self.files).items():
            if Path(name).suffix != ".json" or name == FLOW:
                continue
            found[reading.hash_of(content)] = self.folder / name
            text = content.decode("utf-8", "replace")
            if not names_anybody(text, self.pseudonyms):
                continue
            with suppress(InputError):
                said = reading.parse_json(text)
                if isinstance(said, dict) and said.pop("proof", None):
                    self.files[name] = _as_text(said)
        return found


def _phrases(quote: str) -> list[str]:
    """
    Return what of a quote to look for in a text: its words, between signs that a format writes otherwise.

    A word alone is looked for in quotation marks: it may stand in any text.

    >>> _phrases("I felt heard & <seen> by them"), _phrases("Never.")
    ([' i felt heard ', ' by them '], ['“ never ”'])
    """
    parts = [_folded(each).split() for each in re.split(r"[<>&%$#_{}~^\\|*`\"]", quote)]
    phrases = [f" {' '.join(words)} " for words in parts if len(words) > 1]
    return phrases or [f"“ {words[0]} ”" for words in parts if words]


def _words_of(content: bytes, suffix: str) -> str:
    """Return the words of a file's text, as ``_phrases`` has them; of a document, those of its parts."""
    from peerreview.render import archive

    texts = [content]
    if suffix in (".docx", ".xlsx"):
        with suppress(InputError):
            texts = [part for name, part in archive.unpack(content) if name.endswith(".xml")]
    whole = " ".join(each.decode("utf-8", "replace") for each in texts)
    # Within tags a quote may stand, too, as what is shown of a cell that is pointed at.
    return "".join(_folded(html.unescape(each)) for each in (re.sub(r"<[^<>]+>", " ", whole), whole))


def _folded(text: str) -> str:
    """Return words and curly quotation marks, each between blanks, and nothing else."""
    words = re.findall(r"[“”]|[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def _as_text(said: object) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _written(table: "pd.DataFrame") -> bytes:
    from peerreview.tables import writing

    return writing.to_csv(table).encode()
