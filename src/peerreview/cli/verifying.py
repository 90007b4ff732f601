"""How ``verify`` checks one file: its proof, the tables as they lie, and what their commands would write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.cli.auditing import check_audits
from peerreview.cli.proving import count, find_earlier, read_counted
from peerreview.cli.vouching import Vouched, check_name, find_outputs, read_flow_of, read_vouched
from peerreview.errors import InputError, PeerreviewError
from peerreview.review import COUNTED, FLOW, PROTOCOL, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from peerreview.flow import Flow
    from peerreview.flow.ledger import Ledger
    from peerreview.flow.proofs import Proof, TableProof
    from peerreview.flow.verified import Checked, Standing
    from peerreview.paper.sheets import Sheet
    from peerreview.paper.standing import Output
    from peerreview.review import Review

NO_PROOF = "holds no proof: it was drawn from typed numbers, or by another program"
NOTHING_KNOWN = "holds no proof, and what its command would write is not known from its name"


@dataclass(frozen=True)
class Verifier:
    """Checks files against the tables in a review's folder."""

    folder: Path
    previous: Path | None = None
    whole: bool = False

    @cached_property
    def review(self) -> "Review":
        """The review in the folder."""
        from peerreview.review import Review

        return Review(self.folder)

    def check(self, path: Path, *, named: bool = True) -> "list[Checked]":
        """
        Return what holds of a file: its counts, the tables they come from, what else lies there.

        Parameters
        ----------
        named : whether people named it; what was found in a folder may have no proof.

        Raises
        ------
        InputError
            For a file named that holds no proof, and a package that is not what it says of itself.
        """
        if path.suffix.lower() == ".zip":
            return self._check_package(path)
        if path.suffix.lower() in (".csv", ".json") and path.name != FLOW:
            audits = check_audits(path, Path(), self.folder)
            if audits is not None:
                return audits
        if not named and not path.exists():
            return _unknown("it is not there; the Makefile writes it")
        from peerreview.render import seals

        vouched = read_vouched(path)
        if vouched is not None:
            return [*check_name(path, vouched), *self._check_vouched(path, vouched)]
        if not named:
            return _unknown(NO_PROOF)
        if path.suffix.lower() in seals.SUFFIXES or path.name == FLOW:
            raise InputError(NO_PROOF, path=path)
        written = self._written_again(path)
        if written is None:
            raise InputError(NOTHING_KNOWN, path=path)
        return [written]

    def _written_again(self, path: Path) -> "Checked | None":
        """
        Return whether a file that takes no proof is what its command writes now; None where none is known.

        The command is known by the file's usual name, its options are not.
        """
        from peerreview.cli.remaking import REPORT, remake, remake_unsealed
        from peerreview.tables import reading

        if not path.resolve().is_relative_to(self.folder.resolve()):
            return None
        name = path.resolve().relative_to(self.folder.resolve()).as_posix()
        plan = self.review.protocol()
        outputs = remake_unsealed(self.review, plan) if name == REPORT else remake(self.review, plan).outputs
        found = next((each for each in outputs if each.file == name), None)
        if found is None:
            return None
        if found.state == "differs" and path.suffix.lower() == ".xlsx":
            # What is no workbook any more is told as such.
            reading.read_raw(path)
        return _as_written(found)

    def check_unsealed(self) -> "tuple[dict[str, Checked], list[str]]":
        """Return what holds of each output that takes no proof, by name, and which are not compared."""
        from peerreview.cli.remaking import remake_unsealed
        from peerreview.flow.verified import Checked, Word

        try:
            outputs = remake_unsealed(self.review, self.review.protocol())
        except PeerreviewError as error:
            return {PROTOCOL: Checked("the whole", Word.UNKNOWN, str(error).partition("\n")[0])}, []
        other = [each.file for each in outputs if each.state == "unchecked" and not each.why]
        return {each.file: _as_written(each) for each in outputs if each.file not in other}, other

    def _check_package(self, path: Path) -> "list[Checked]":
        """
        Return what holds of each file of a package that has a proof.

        By the tables of the review's folder where the package lies beside some, else by its own. An export of
        which it has the hash alone is known by that.
        """
        from tempfile import TemporaryDirectory

        from peerreview.cli.packing import HASHES, read_package
        from peerreview.flow.verified import Checked, Word
        from peerreview.tables import writing

        files = read_package(path)
        listed = (line.split(maxsplit=1) for line in files.get(HASHES, b"").decode().splitlines())
        by_hash = {name: digest for digest, name in listed}
        found = []
        with TemporaryDirectory() as folder:
            inner = Path(folder)
            writing.write_all({inner / name: content for name, content in files.items()})
            is_beside = (self.folder / name_of(tables.RECORDS)).exists()
            lying = Verifier(self.folder if is_beside else inner, self.previous, whole=self.whole)
            of_flow = read_flow_of(inner)
            beside = of_flow.proof.beside if of_flow else {}
            known = {
                name for name, digest in by_hash.items() if name in beside and beside[name].sha256 == digest
            }
            held = Checked("", Word.HOLDS, "by its hash; it is not in the package")
            # An output that was left out is made again of what is there.
            for proven in filter(Path.exists, find_outputs(inner)):
                name = proven.relative_to(inner).as_posix()
                try:
                    checked = lying.check(proven, named=False)
                except InputError as error:
                    found.append(Checked(name, Word.DIFFERS, error.message))
                    continue
                for each in checked:
                    said = held if each.word is Word.UNKNOWN and each.name in known else each
                    found.append(replace(said, name=f"{name}: {each.name}"))
            # By the package's own tables, with which they were packed.
            unsealed, _ = Verifier(inner).check_unsealed()
            there = {name: each for name, each in unsealed.items() if name in files}
            found += [replace(each, name=f"{name}: {each.name}") for name, each in there.items()]
            if is_beside and of_flow:
                found += _packed_otherwise(files, of_flow.proof, known)
        return found

    def _check_vouched(self, path: Path, vouched: Vouched) -> "list[Checked]":
        from peerreview.flow.proofs import SHEETS
        from peerreview.flow.verified import Word, check_boxes, check_tables

        if vouched.proof.of == SHEETS:
            return self._check_sheets(vouched)
        vouched = self._with_ids(vouched, path)
        then = vouched.proof
        tried = self._try_to_count(then)
        here = {**tried.files, **(tried.beside if then.beside else {})}
        files = check_tables({**then.tables, **then.beside}, here, tried.lines)
        changed = {
            each.name
            for each in files
            # What is not here cannot be imported again.
            if each.word is Word.DIFFERS
            or (each.word is Word.UNKNOWN and not each.name.startswith("exports/"))
        }
        boxes = check_boxes(then, tried.standing, ids=vouched.ids)
        said = [] if vouched.says is None else self._check_sayings(vouched, vouched.says)
        if path.suffix.lower() == ".svg" and vouched.is_shown and tried.flow is not None:
            said += _check_drawing(path, tried.flow, boxes)
        boxes, stale = self._anew(vouched, boxes, None if self.whole or not then.beside else changed)
        misprinted = {each.name: each for each in vouched.misprinted}
        boxes = [misprinted.pop(each.name, each) if each.word is Word.HOLDS else each for each in boxes]
        boxes += [each for each in misprinted.values() if each.name not in {box.name for box in boxes}]
        return [*_redrawn(vouched), *said, *boxes, *files, *stale]

    def _check_sheets(self, vouched: Vouched) -> "list[Checked]":
        """
        Return whether a table of the paper holds: its cells by the files that it was made of.

        Of the same files its command gives the same cells; of others it is laid out again, where no option
        was needed for it.
        """
        from peerreview.cli.laying_out import lay_out_again
        from peerreview.flow.verified import Checked, Word, check_tables

        then = self._known_rows(vouched.proof.tables)
        files = check_tables(then, self._prove_files(then), {})
        words = {each.word for each in files}
        says = vouched.says or {}
        if words <= {Word.HOLDS}:
            said = [Checked(name, Word.HOLDS) for name in says]
        elif Word.UNKNOWN in words:
            said = [Checked(name, Word.UNKNOWN, "what it was made of is not all there") for name in says]
        elif not vouched.made:
            why = "what it was made of has changed, and it was written with options; write it again"
            said = [Checked(name, Word.UNKNOWN, why) for name in says]
        else:
            now = {f"table {sheet.name}": sheet for sheet in lay_out_again(self.review, vouched.made)}
            said = [_check_table(name, was, vouched, now) for name, was in says.items()]
        return [*_redrawn(vouched), *said, *files]

    def _known_rows(self, files: "Mapping[str, TableProof]") -> "Mapping[str, TableProof]":
        """Return proofs of files with what flow.json knows of the rows of the same files."""
        other = read_flow_of(self.folder)
        known = {**other.proof.tables, **other.proof.beside} if other else {}
        same = {name for name, each in files.items() if name in known and known[name].sha256 == each.sha256}
        return {name: known[name] if name in same else each for name, each in files.items()}

    def _prove_files(self, then: "Mapping[str, TableProof]") -> "dict[str, TableProof]":
        """Return the proofs of files as they lie, of those that changed row by row."""
        from peerreview.flow.proofs import ABSENT, prove_table
        from peerreview.tables import reading

        found = {}
        for path in self._lying(then):
            name = path.relative_to(self.folder).as_posix()
            was = then.get(name, ABSENT)
            digest = reading.digest(path)
            is_told = digest != was.sha256 and was.rows is not None and path.suffix == ".csv"
            try:
                found[name] = prove_table(digest, reading.read_raw(path) if is_told else None)
            except InputError:
                found[name] = prove_table(digest)
        return found

    def _lying(self, then: "Mapping[str, TableProof]") -> "Iterator[Path]":
        """Yield the files of a proof that are here, and what is in folders that were read as a whole."""
        for name in then:
            folder, _, last = name.rpartition("/")
            if last.startswith("*"):
                for path in sorted((self.folder / folder).glob(last)):
                    is_read = path.name[0] != "." and path.stem.upper() != "README"
                    if path.is_file() and is_read and path.relative_to(self.folder).as_posix() not in then:
                        yield path
            elif (self.folder / name).is_file():
                yield self.folder / name

    def _check_sayings(self, vouched: Vouched, then: Mapping[str, str]) -> "list[Checked]":
        """Return whether each sentence and table of a report is what it would be now."""
        from peerreview.cli.proving import sayings
        from peerreview.cli.sections import read_sections
        from peerreview.flow.verified import Checked, Word

        try:
            now, sheets = sayings(read_sections(self.review, self.review.protocol()))
        except PeerreviewError as error:
            fault = str(error).partition("\n")[0]
            return [Checked(name, Word.UNKNOWN, fault) for name in then]
        found = []
        for name in dict.fromkeys((*then, *now, *sheets)):
            was, is_ = then.get(name, ""), now.get(name, "")
            if name in sheets and was:
                found.append(_check_table(name, was, vouched, sheets))
            elif name in sheets:
                found.append(Checked(name, Word.DIFFERS, "it was not there"))
            elif was.startswith("sha256:"):
                found.append(Checked(name, Word.DIFFERS, "it is not there any more"))
            elif was == is_:
                found.append(Checked(name, Word.HOLDS))
            elif not is_ and not (self.folder / FLOW).exists():
                found.append(Checked(name, Word.UNKNOWN, f"{FLOW} is not there"))
            else:
                said = f"was: {was or 'not there'}; is: {is_ or 'not there'}"
                found.append(Checked(name, Word.DIFFERS, said))
        return found

    def _with_ids(self, vouched: Vouched, path: Path) -> Vouched:
        """Return a figure's proof with what flow.json beside it knows, if that is of the same counts."""
        beside = self.folder / FLOW
        if vouched.ids is not None or beside.resolve() == path.resolve():
            return vouched
        other = read_flow_of(self.folder)
        if other is None:
            return vouched
        whole = replace(vouched, proof=replace(vouched.proof, beside=other.proof.beside))
        if other.proof.boxes == vouched.proof.boxes:
            return replace(whole, ids=other.ids)
        # A ledger has counts of its own; what lies beside the same tables is the same.
        is_beside = vouched.proof.of and other.proof.tables == vouched.proof.tables
        return whole if is_beside else vouched

    def _try_to_count(self, then: "Proof") -> "_Tried":
        """Return what the tables give as they lie; where they give nothing, why."""
        from peerreview.flow.proofs import counts
        from peerreview.flow.verified import Standing
        from peerreview.library.proving import paths_counted, prove_beside

        paths = paths_counted(self.review, {})
        missing = {
            table.name for table in COUNTED if name_of(table) in then.tables and table.name not in paths
        }
        try:
            found = self._count(then)
        except PeerreviewError as error:
            fault = str(error).partition("\n")[0]
            standing = Standing(None, {}, missing=frozenset(missing), fault=fault)
            return _Tried(standing, *self._read_each(paths), prove_beside(self.review))
        counted, frames, proof = found
        ids = {key: each.ids for key, each in counts(counted).items()}
        standing = Standing(proof, ids, _known(frames), frozenset(missing))
        lines = {f"{name}.csv": _lines(frame) for name, frame in frames.items()}
        flow = None if then.of else counted
        return _Tried(standing, proof.tables, lines, proof.beside, flow)

    def _count(self, then: "Proof") -> "tuple[Flow | Ledger, Mapping[str, pd.DataFrame], Proof]":
        """Return what a proof is of, counted from the tables as they lie; these, and its proof now."""
        from peerreview.cli.ledger import count_ledger
        from peerreview.library.proving import prove_flow

        if then.of:
            frames = read_counted(self.review, {})
            ledger = count_ledger(frames, self.review.protocol())
            return ledger, frames, prove_flow(self.review, {}, frames, ledger)
        # Of votes that add up to other outcomes it is told box by box.
        found = count(self.review, {}, None, self._earlier(then), show_zero=then.zeros, tell_of_votes=False)
        return found.flow, found.frames, found.proof

    def _earlier(self, then: "Proof") -> Path | None:
        """
        Return the earlier version's flow that a proof rests on.

        Raises
        ------
        InputError
            Where it is not there.
        """
        from peerreview.tables import reading

        if not then.previous:
            return None
        if self.previous is None:
            found = find_earlier(self.folder, then.previous)
        else:
            found = self.previous if reading.digest(self.previous) == then.previous else None
        if found is not None:
            return found
        raise InputError("the earlier version's flow is not there: name it with --previous")

    def _read_each(
        self, paths: Mapping[str, Path]
    ) -> "tuple[dict[str, TableProof], dict[str, Sequence[int]]]":
        """Return the proofs of tables of which one cannot be read, or all cannot be counted together."""
        from peerreview.flow.proofs import prove_table
        from peerreview.tables import reading

        found: dict[str, TableProof] = {}
        lines: dict[str, Sequence[int]] = {}
        for table in COUNTED:
            if table.name not in paths:
                continue
            path = paths[table.name]
            try:
                frame = self.review.read(table)
            except PeerreviewError:
                frame = None
            found[name_of(table)] = prove_table(reading.digest(path), frame)
            if frame is not None:
                lines[name_of(table)] = _lines(frame)
        laid_down, _ = self.review.settings()
        return found | ({PROTOCOL: prove_table(reading.digest(laid_down))} if laid_down else {}), lines

    def _anew(
        self, vouched: Vouched, boxes: "list[Checked]", changed: "set[str] | None"
    ) -> "tuple[list[Checked], list[Checked]]":
        """
        Return the counts with what they would be once tables are made anew, and which tables would change.

        Where a vote was changed and nobody ran ``screen`` since, the counts
        still are what the tables give, and will not be for long.
        """
        from peerreview.cli.ledger import count_ledger
        from peerreview.cli.remaking import remake_tables
        from peerreview.flow.proofs import counts, prove
        from peerreview.flow.verified import Checked, Standing, Word, check_boxes

        try:
            made = remake_tables(self.review, self.review.protocol(), changed)
        except PeerreviewError:
            return boxes, []
        # What is missing and was there then is told of by its name.
        odd = [each for each in made.outputs if each.state in ("stale", "blocked")]
        if not odd:
            return boxes, []
        said = [
            Checked(each.file, Word.UNKNOWN, each.why)
            if each.state == "blocked"
            else Checked(each.file, Word.DIFFERS, f"{each.command} would write it otherwise")
            for each in odd
        ]
        then = vouched.proof
        counted: Flow | Ledger
        try:
            frames = {table.name: made.frame(table) for table in COUNTED if made.has(table)}
            if then.of:
                frames.setdefault(tables.DUPLICATES.name, made.frame(tables.DUPLICATES))
                counted = count_ledger(frames, made.plan)
            else:
                counted = made.count(self._earlier(then), show_zero=then.zeros)
        except PeerreviewError:
            return boxes, said
        ids = {key: each.ids for key, each in counts(counted).items()}
        standing = Standing(prove(counted, frames, then.version, {}), ids, _known(frames))
        run = list(dict.fromkeys(each.command for each in odd if each.state != "blocked"))
        once = f"once {' and '.join(run)} {'is' if len(run) == 1 else 'are'} run"
        now = {each.name: each for each in boxes}
        after = []
        # Parts may come that no box has yet, and may go.
        for each in check_boxes(then, standing, ids=vouched.ids):
            as_it_lies = now.pop(each.name, None)
            if each.word is Word.DIFFERS and (as_it_lies is None or as_it_lies.word is Word.HOLDS):
                after.append(Checked(each.name, Word.DIFFERS, f"{once}: {each.why}"))
            elif as_it_lies is not None:
                after.append(as_it_lies)
        return [*after, *now.values()], said


@dataclass(frozen=True)
class _Tried:
    """
    What the tables give as they lie, their proofs by file, the line of each row, and what lies beside.

    ``flow`` is None where they give none, or a ledger.
    """

    standing: "Standing"
    files: "Mapping[str, TableProof]"
    lines: Mapping[str, Sequence[int]]
    beside: "Mapping[str, TableProof]"
    flow: "Flow | Ledger | None" = None


def _as_written(output: "Output") -> "Checked":
    """Return whether a file is what its command writes now."""
    from peerreview.flow.verified import Checked, Word

    why = f": {output.why}" if output.why else ""
    said = {
        "fresh": (Word.HOLDS, f"{output.command} writes the same"),
        "stale": (Word.DIFFERS, f"{output.command} would write it otherwise{why}"),
        "differs": (Word.UNKNOWN, f"{output.command} without options would write it otherwise{why}"),
    }
    return Checked("the whole", *said.get(output.state, (Word.UNKNOWN, output.why or "it is not compared")))


def _check_drawing(path: Path, flow: "Flow | Ledger", boxes: "Sequence[Checked]") -> "list[Checked]":
    """Return that a figure shows other numbers than those of its proof, which the tables give."""
    from peerreview.cli.remaking import state_of_figure
    from peerreview.flow import Flow
    from peerreview.flow.verified import Checked, Word
    from peerreview.tables import reading

    if not isinstance(flow, Flow) or any(each.word is not Word.HOLDS for each in boxes):
        return []
    # In words of people's own nothing can be compared.
    if state_of_figure(reading.read_text(path), [flow]) != "stale":
        return []
    why = "its numbers are not those that the tables give"
    return [Checked("what is shown", Word.DIFFERS, why)]


def _check_table(name: str, was: str, vouched: Vouched, now: "Mapping[str, Sheet]") -> "Checked":
    """Return whether a table says the same as when its hash was taken, else which cells are others."""
    from peerreview.flow.verified import Checked, Word
    from peerreview.paper.sheets.kept import differing, hash_cells

    if name not in now:
        return Checked(name, Word.UNKNOWN, "it cannot be laid out now; write it again")
    if hash_cells(now[name]) == was:
        return Checked(name, Word.HOLDS)
    return Checked(name, Word.DIFFERS, differing(vouched.cells.get(name, {}), now[name]))


def _unknown(why: str) -> "list[Checked]":
    from peerreview.flow.verified import Checked, Word

    return [Checked("the whole", Word.UNKNOWN, why)]


def _packed_otherwise(files: Mapping[str, bytes], then: "Proof", known: "set[str]") -> "list[Checked]":
    """Return the files of a package that its flow was not written of, and those that it lacks."""
    from peerreview.flow.verified import Checked, Word
    from peerreview.tables import reading

    found = []
    for name, was in {**then.tables, **then.beside}.items():
        if name not in files and name not in known:
            found.append(Checked(name, Word.UNKNOWN, "it is not in the package"))
        elif name in files and reading.hash_of(files[name]) != was.sha256:
            found.append(Checked(name, Word.DIFFERS, f"it is not what {FLOW} was written of"))
    return found


def _redrawn(vouched: Vouched) -> "list[Checked]":
    """Return that a file was changed after it was written, where it was, or that this cannot be told."""
    from peerreview.flow.verified import Checked, Word

    if vouched.is_shown:
        return []
    if vouched.is_shown is None:
        why = "its proof does not tell; write it again"
        return [Checked("what is shown", Word.UNKNOWN, why)]
    return [Checked("what is shown", Word.DIFFERS, "it was changed after it was written")]


def _known(frames: "Mapping[str, pd.DataFrame]") -> list[str]:
    """Return all ids that may be behind a count: of records, and of studies."""
    named = ((tables.RECORDS, "record_id"), (tables.STUDIES, "study_id"), (tables.REPORTS, "study_id"))
    found = [frames[table.name][column] for table, column in named if table.name in frames]
    return list(dict.fromkeys(each for column in found for each in column if each))


def _lines(frame: "pd.DataFrame") -> Sequence[int]:
    from peerreview.tables import places

    stretches = places.of(frame)
    return stretches[0].lines if len(stretches) == 1 else ()
