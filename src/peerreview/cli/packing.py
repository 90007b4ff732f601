"""Which files of a review's folder go into its package, and what is said of them."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.review import AGREEMENT, FLOW, PROTOCOL, SEARCHES, VOTES, name_of

if TYPE_CHECKING:
    from peerreview.agreement.measured import Measured
    from peerreview.render.crate import About
    from peerreview.review import Protocol, Review

from peerreview.cli.makefile import MAKEFILE

INDEX = "index.html"
ENVIRONMENT = "environment.txt"
HASHES = "exports.sha256"
"""What a package without exports has of them: what ``sha256sum -c`` checks."""
EXPORTS = "exports"
_ABOUT = ("README.md", "LICENSE", "LICENSE.md", "CITATION.cff", MAKEFILE)
_OUTPUTS = (
    "prisma", "flow", "ledger", "agreement", "themes", "evidence", "appraisal", "report", "retractions",
    "characteristics", "excluded", "findings", "checklist", "strategies",
    "search",
)  # fmt: skip
"""What outputs in a review's folder are called; others go along where the Makefile names them."""
_WRITTEN = (".svg", ".pdf", ".png", ".html", ".docx", ".md", ".json", ".csv", ".tex")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def choose(review: "Review", *, exports: bool, also: Collection[Path] = ()) -> dict[str, Path]:
    """
    Return the files of a review that its package holds, by their names there, in order.

    Tables, votes, protocol and outputs of the usual names, and what the
    Makefile names, with what lies beside that: it may need it.

    Raises
    ------
    InputError
        For a file named that is not there, or lies outside the review's folder.
    """
    folder = review.folders[0]
    names = {name_of(each) for each in vars(tables).values() if isinstance(each, tables.Table)}
    wanted = [PROTOCOL, *_ABOUT, *names]
    found = [folder / name for name in wanted]
    found += [path for path in _files(folder) if path.stem in _OUTPUTS and path.suffix in _WRITTEN]
    for name in (VOTES.name, "tables", SEARCHES.name, *([EXPORTS] if exports else [])):
        found += _files(folder / name)
    found += [*_of_makefile(folder, exports=exports), *_earlier(review)]
    for path in also:
        inside = folder / path if not path.is_absolute() else path
        if not inside.exists():
            raise InputError("no such file", path=path)
        found += _all_files(inside) if inside.is_dir() else [inside]
    chosen = {}
    for path in found:
        if not path.is_file() or path.is_symlink():
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            raise InputError("lies outside the review's folder", path=path)
        chosen[path.resolve().relative_to(folder.resolve()).as_posix()] = path
    if name_of(tables.RECORDS) not in chosen:
        raise InputError("holds no table of a review; name the review's folder", path=folder)
    return dict(sorted(chosen.items()))


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder that people see: none that begins with a dot, nor a spreadsheet's lock."""
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_file() and path.name[0] not in ".~"]


def _all_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder).parts
        if path.is_file() and not any(part[0] in ".~" or part == "__pycache__" for part in within):
            yield path


def _of_makefile(folder: Path, *, exports: bool) -> Iterator[Path]:
    from peerreview.tables import reading

    makefile = folder / MAKEFILE
    if not makefile.is_file():
        return
    text = reading.read_text(makefile)
    named = dict.fromkeys(re.split(r"[\s:=()$,]+", text))
    # Where it writes files of its own it needs none of them.
    written = {
        (folder / word).parent
        for line in re.findall(r"(?m)^([^\s#:][^:=]*):(?!=)", text)
        for word in line.split()
    }
    for word in named:
        # What a recipe calls, as synthetic/make_votes.py, may read what lies beside it.
        path = folder / word
        beside = path.parent.name
        if not word or word.startswith(("/", "~", "-")) or ".." in word or not path.is_file():
            continue
        if path.parent in written and path.parent != folder:
            continue
        if path.parent != folder and beside not in (EXPORTS, VOTES.name, "tables"):
            yield from _all_files(path.parent)
        elif beside != EXPORTS or exports:
            yield path


def _earlier(review: "Review") -> Iterator[Path]:
    """Yield the earlier version's flow that an update's rests on, where it lies in the review's folder."""
    from peerreview.cli.proving import find_earlier
    from peerreview.cli.vouching import read_vouched

    folder = review.folders[0]
    written = read_vouched(folder / FLOW) if (folder / FLOW).exists() else None
    if written is None or not written.proof.previous:
        return
    path = find_earlier(folder, written.proof.previous)
    if path is not None:
        yield path
    else:
        review.remark("the earlier version's flow is not in this folder: who verifies it needs it, too")


def environment(versions: Mapping[str, str]) -> str:
    """Return what the package was made with, in the form that pip installs: which Python does not matter."""
    return "".join(f"{name}=={version}\n" for name, version in versions.items())


def hashes(folder: Path) -> str:
    """Return the SHA-256 of each export of a review, as ``sha256sum`` writes it."""
    from peerreview.tables import reading

    listed = [path for path in _files(folder / EXPORTS) if path.name != "README.md"]
    return "".join(f"{reading.digest(path)}  {EXPORTS}/{path.name}\n" for path in listed)


def last_day(review: "Review") -> str:
    """Return the last day that the review's searches and votes tell of; blank where they tell of none."""
    days = set()
    sources = review.read_optional(tables.SOURCES)
    days |= {day for cell in sources["searched_on"] for day in _DAY.findall(cell)}
    files = review.vote_files(None, may_be_none=True)
    if files:
        days |= {day for cell in review.read_votes(files)["decided_at"] for day in _DAY.findall(cell)}
    return max(days, default="")


def about(review: "Review", plan: "Protocol") -> "About":
    """Return what a package says of its review, and remark what it would have to say and cannot."""
    from peerreview.render.crate import About

    is_day = len(plan.published) == len("2026-01-01")
    last = last_day(review)
    if not is_day:
        told = f"the last day that the tables tell of, {last}, stands there" if last else "blank"
        review.remark(f"{PROTOCOL}: [review] published is no day; {told}")
    for key, value in (("authors", plan.authors), ("license", plan.license), ("title", plan.title)):
        if not value:
            review.remark(f"{PROTOCOL}: [review] {key} is not given; the package says so")
    return About(
        plan.title or "A systematic review",
        plan.authors,
        plan.license,
        plan.published if is_day else "",
        last,
        plan.registration,
        plan.funding,
        ENVIRONMENT,
    )


_DESCRIBED = {
    PROTOCOL: "The review's protocol",
    name_of(tables.RECORDS): "Every record of every export, with its line there",
    name_of(tables.DUPLICATES): "Pairs of records judged: which record is a duplicate of which",
    name_of(tables.UNIQUE): "The records to screen, each once",
    name_of(tables.SCREENING): "The outcome of each record at each stage",
    name_of(tables.SOURCES): "The searches",
    name_of(tables.OVERRIDE): "What people judged of pairs of records",
    name_of(tables.REPORTS): "The included reports, and the studies that they tell of",
    name_of(tables.STUDIES): "The included studies",
    name_of(tables.THEMES): "Themes found in the studies",
    name_of(tables.CODEBOOK): "The themes",
    name_of(tables.APPRAISAL): "The appraisal of the studies",
    FLOW: "The PRISMA 2020 flow: each count with the ids of its records, and its proof",
    "prisma.svg": "The PRISMA 2020 flow diagram, with its proof",
    INDEX: "The review to read: open it in a browser",
    ENVIRONMENT: "The versions that the package was made with",
    HASHES: "The SHA-256 of each export; the exports themselves are not in the package",
    MAKEFILE: "How each file is made of the others",
}


_DESCRIBED_BY_FOLDER = {
    VOTES.name: "Votes on the records, each with its reviewer and stage",
    EXPORTS: "An export, as the source gave it",
    SEARCHES.name: "A search strategy, as it was run",
    "tables": "A table of the paper, made of the review's tables",
}
_DESCRIBED_BY_NAME = {
    "README": "What is in the review's folder, and how it goes together",
    "LICENSE": "The licence",
    "CITATION": "How to cite the review",
    "agreement": "How far the reviewers agreed",
    "report": "Methods, flow, tables and figures in one document",
    "ledger": "All versions of the review side by side",
    "possible": "Pairs of records that may be duplicates, for people to judge",
    "conflicts": "Records on which reviewers disagree",
    "rejects": "Parts of exports that could not be read as records",
    "stated": "Totals that a manuscript states",
    "changes": "Studies that were retired or corrected since an earlier version",
    "retraction_watch": "Notices of retractions and corrections, as Retraction Watch has them",
    "search-changes": "What changed in a search since it was run before",
}


def _described(name: str) -> str:
    """Return what a file of a package is, by its name, its folder, and what it was written from."""
    path = Path(name)
    stem, folder = path.stem, path.parent.as_posix()
    if name in _DESCRIBED:
        return _DESCRIBED[name]
    if stem.upper() == "README" and folder != ".":
        return f"What is in {folder}/"
    if folder in _DESCRIBED_BY_FOLDER:
        return _DESCRIBED_BY_FOLDER[folder]
    if folder == "." and stem in _DESCRIBED_BY_NAME:
        return _DESCRIBED_BY_NAME[stem]
    if folder == "." and stem in _OUTPUTS:
        return "An output of the review"
    return "A file that goes with the review"


def pack_review(
    review: "Review",
    *,
    exports: bool = True,
    anonymous: bool = False,
    quotes: bool = False,
    abstracts: bool = False,
    also: Collection[Path] = (),
) -> bytes:
    """
    Return a review's package: its files, what each is, and a page to read, in one zip.

    Raises
    ------
    InputError, InputErrors
        Where the folder holds no review, and for a table that cannot be read.
    """
    from peerreview.cli.leaving_out import leave_out
    from peerreview.render import archive, crate
    from peerreview.tables import plugins, reading

    files = {
        name: reading.read_bytes(path) for name, path in choose(review, exports=exports, also=also).items()
    }
    plan = review.protocol()
    said = about(review, plan)
    if not exports:
        files[HASHES] = hashes(review.folders[0]).encode()
    files[ENVIRONMENT] = environment(plugins.versions("peerreview")).encode()
    if anonymous or not quotes:
        files, told = leave_out(files, names=anonymous, quotes=not quotes)
        for each in told:
            review.remark(each)
    files = dict(sorted(files.items()))
    said = replace(said, described={name: _described(name) for name in (INDEX, *files)})
    shown = write_index(files, said, abstracts=abstracts).encode()
    files = {INDEX: shown, **files}
    described = crate.describe(files, said).encode()
    return archive.pack({crate.METADATA: described, **files}, shown=frozenset([INDEX]))


@contextmanager
def staging() -> Iterator[Path]:
    """Yield a folder for a copy of the review's files; what is wrong in one is told of the file itself."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        try:
            yield folder
        except (InputError, InputErrors) as error:
            for each in error.errors if isinstance(error, InputErrors) else [error]:
                path = Path(each.path)
                each.path = str(path.relative_to(folder)) if path.is_relative_to(folder) else each.path
            raise


def measure_agreement(review: "Review") -> "Measured | None":
    """Return how far the reviewers agreed, by their votes; None without any, or where these are in words."""
    from peerreview.cli.laying_out import measure
    from peerreview.cli.remaking import Remade

    plan = review.protocol()
    is_told = review.vote_files(None, may_be_none=True) and not plan.categories
    return measure(Remade(review, plan)) if is_told else None


def write_index(files: Mapping[str, bytes], said: "About", *, abstracts: bool) -> str:
    """Return the page for readers, of a package's own files."""
    from peerreview.cli.inputs import read_coding
    from peerreview.cli.proving import count, find_earlier, read_flow
    from peerreview.cli.sections import read_sections
    from peerreview.cli.vouching import read_vouched
    from peerreview.flow import identities, labels
    from peerreview.flow.page import list_behind
    from peerreview.flow.proofs import Proof
    from peerreview.paper.figures.prisma import lay_out
    from peerreview.paper.sheets.themes import theme_evidence
    from peerreview.render import index
    from peerreview.review import Review
    from peerreview.tables import writing

    with staging() as folder:
        writing.write_all({folder / name: content for name, content in files.items()})
        review = Review(folder)
        written = read_vouched(review.folders[0] / FLOW) if FLOW in files else None
        then = written.proof if written else Proof("", {}, {})
        earlier = find_earlier(review.folders[0], then.previous) if then.previous else None
        counted = count(review, {}, None, earlier, show_zero=then.zeros)
        flow, proof = counted.flow, counted.proof
        if then.previous and earlier is None:
            # An update whose earlier version is not here cannot be counted: it is shown as it was written.
            flow, proof = read_flow(review.folders[0] / FLOW), then
        agreed = None if review.has(AGREEMENT) else measure_agreement(review)
        sections = [
            replace(section, sheets=(*section.sheets, theme_evidence(read_coding(review))))
            if section.title == "Themes"
            else section
            for section in read_sections(review, review.protocol(), flow=flow, agreed=agreed)
        ]
        more = {"doi": "DOI", **({"abstract": "Abstract"} if abstracts else {})}
        frames = counted.frames
        listed = list_behind(
            flow,
            frames[tables.RECORDS.name],
            frames[tables.DUPLICATES.name],
            labels.read(),
            more=more,
        )
        failing = dict.fromkeys(each.id for each in identities.fails(identities.check(flow)))
        figure = lay_out(flow, labels.read(), failing=list(failing))
    sizes = {name: len(content) for name, content in files.items()}
    return index.page(said, sections, sizes, flow=(figure, listed, proof))


def read_package(path: Path) -> dict[str, bytes]:
    """
    Return the files of a package by name, each as its metadata says it is.

    Raises
    ------
    InputError
        For what is no package, would write outside its folder, or differs from what it says of itself.
    """
    from peerreview.render import archive, crate
    from peerreview.tables import reading

    try:
        files = dict(archive.unpack(reading.read_bytes(path)))
        said = crate.digests(reading.parse_json(files.get(crate.METADATA, b"{}").decode("utf-8", "replace")))
    except InputError as error:
        raise InputError(error.message, path=path) from error
    if not said:
        raise InputError(f"is no package: it holds no {crate.METADATA}", path=path)
    for name, content in files.items():
        if name != crate.METADATA and said.get(crate.address(name)) != reading.hash_of(content):
            raise InputError(f"holds another {name} than {crate.METADATA} says", path=path)
    gone = sorted(set(said) - {crate.address(name) for name in files})
    if gone:
        raise InputError(f"lacks {gone[0]}, which {crate.METADATA} lists", path=path)
    return files
