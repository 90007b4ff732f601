"""What several commands read: a folder's votes, the coding, the appraisal, what another command wrote."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from peerreview.cli import console
from peerreview.errors import InputError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.protocol import Protocol
    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.instrument import Instrument
    from peerreview.synthesis.themes import Coding

FOLDER = Path("decisions")


def decision_files(named: list[Path] | None, *, may_be_none: bool = False) -> list[Path]:
    """Return the files named, else those of the folder ``decisions``, sorted; tell which."""
    # A shell that finds no such file, or never looks, hands the pattern on.
    if named and named != [FOLDER / "*.csv"]:
        return named
    found = sorted(FOLDER.glob("*.csv"))
    if found:
        console.remark(f"read {len(found)} file{'s' * (len(found) > 1)}: {', '.join(map(str, found))}")
    elif not may_be_none:
        raise InputError("no decisions; name the files, or put them there", path=f"{FOLDER}/*.csv")
    return found


def read_duplicates(named: Path | None, usual: Path) -> "pd.DataFrame":
    """Return the pairs in the file named; else in the usual one, if it is there, and tell."""
    from peerreview import tables
    from peerreview.tables import reading

    if named is not None:
        return reading.read(named, tables.DUPLICATES)
    if not usual.exists():
        return tables.empty(tables.DUPLICATES)
    console.remark(f"read {usual}")
    return reading.read(usual, tables.DUPLICATES)


def read_coding(
    themes_file: Path, codebook_file: Path, studies_file: Path, *, bases: tuple[str, ...], documents: Path
) -> "Coding":
    """
    Return the coding in a review's files: long, a wide matrix, or what Taguette exports.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview import tables
    from peerreview.synthesis import codings
    from peerreview.synthesis import themes as stage
    from peerreview.tables import reading

    studies = reading.read(studies_file, tables.STUDIES)
    codebook = tables.empty(tables.CODEBOOK)
    if codebook_file.exists():
        raw = reading.read_raw(codebook_file)
        foreign = set(codings.TAGUETTE_CODEBOOK) <= set(raw.columns)
        with reading.lines_for_rows():
            codebook = tables.check(codings.codebook_from_taguette(raw) if foreign else raw, tables.CODEBOOK)
    raw = reading.read_raw(themes_file)
    shape = codings.shape_of(raw)
    with reading.lines_for_rows():
        if shape == "wide":
            coded = codings.from_matrix(raw, codebook)
        elif shape == "taguette":
            known = reading.read_optional(documents, tables.DOCUMENTS)
            belongs = {name: name for name in studies["study_id"]}
            belongs |= dict(zip(studies["label"], studies["study_id"], strict=True))
            belongs |= dict(zip(known["document"], known["study_id"], strict=True))
            coded, untagged = codings.from_taguette(raw, belongs)
            if untagged:
                console.remark(
                    f"{themes_file}: {untagged:,} of {len(raw):,} highlights have no tag and are not counted"
                )
        else:
            coded = tables.check(raw, tables.THEMES)
        coding = stage.code(coded, codebook, studies=studies, bases=bases)
    with_codebook = f" and {codebook_file}" if codebook_file.exists() else "; no codebook"
    console.remark(f"read {themes_file} ({shape}){with_codebook}")
    return coding


def chosen_bases(option: str) -> tuple[str, ...]:
    """
    Return the bases of an option such as ``text,title``.

    Raises
    ------
    UsageError
        For one that does not exist.
    """
    from peerreview.tables import BASES

    bases = tuple(basis.strip() for basis in option.split(",") if basis.strip())
    for basis in bases:
        if basis not in BASES:
            raise UsageError(f"--basis {basis!r} is not one of {', '.join(BASES)}")
    return bases


def read_studies(path: Path, fields: Path) -> "pd.DataFrame":
    """
    Return the studies, checked against the declared fields where there are any.

    Raises
    ------
    InputError, InputErrors
        With file and line of each fault.
    """
    from peerreview import tables
    from peerreview.synthesis import extraction
    from peerreview.tables import reading

    studies = reading.read(path, tables.STUDIES)
    if fields.exists():
        with reading.lines_for_rows():
            undeclared = extraction.check(studies, reading.read(fields, tables.FIELDS))
        told = f"; not declared: {', '.join(undeclared)}" if undeclared else ""
        console.remark(f"checked {path} against {fields}{told}")
    return studies


def read_appraised(
    appraisal: Path, studies: Path, instrument: "Instrument", laid_down: "Protocol"
) -> "tuple[Appraised, ...]":
    """Return what the appraisers said of each study, rated by the protocol's rule."""
    from peerreview import tables
    from peerreview.synthesis import appraisal as stage
    from peerreview.tables import reading

    return stage.appraise(
        reading.read(appraisal, tables.APPRAISAL),
        reading.read(studies, tables.STUDIES),
        instrument=instrument,
        ratings=laid_down.ratings,
    )


def read_instrument(name: str) -> "Instrument":
    """
    Return a shipped instrument by its name, or a team's own by its file.

    Raises
    ------
    InputError
        Where there is neither.
    """
    from importlib import resources

    from peerreview.synthesis.instrument import parse
    from peerreview.tables import reading

    if name.endswith(".toml"):
        return parse(reading.read_text(Path(name)), Path(name).stem, path=name)
    shipped = resources.files("peerreview.synthesis") / "instruments"
    known = sorted(
        each.name.removesuffix(".toml") for each in shipped.iterdir() if each.name.endswith(".toml")
    )
    if name not in known:
        raise InputError(f"instrument {name!r} is not one of {', '.join(known)}; or name a .toml file")
    return parse((shipped / f"{name}.toml").read_text(encoding="utf-8"), name, path=f"{name}.toml")


def read_agreement(path: Path) -> dict[str, Any]:
    """
    Return what ``agreement`` wrote as JSON.

    Raises
    ------
    InputError
        For what is not JSON, not of its schema, or has lost a part that tables show.
    """
    import json

    from peerreview.agreement.measure import SCHEMA
    from peerreview.tables import reading

    try:
        content = json.loads(reading.read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"is not JSON: {error.msg}", path=path, line=error.lineno) from error
    found = content.get("schema", "") if isinstance(content, dict) else ""
    if found != SCHEMA:
        raise InputError(f"schema {found!r} is not {SCHEMA!r}", path=path)
    if not _is_whole(content):
        raise InputError(f"is not a whole {SCHEMA}; write it again with agreement -o {path.name}", path=path)
    return dict(content)


def _is_whole(content: dict[str, Any]) -> bool:
    """Return whether there are stages, their pairs, and numbers where people may have typed words."""
    stages = content.get("stages")
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        return False
    lists = [stage.get("pairs") for stage in stages]
    if not all(isinstance(pairs, list) for pairs in lists):
        return False
    shown = ("n_both", "percent", "cohen", "cohen_lo", "cohen_hi", "pabak")
    return all(
        isinstance(pair, dict)
        and isinstance(pair.get("n_both"), int)
        and all(isinstance(pair.get(name), int | float | None) for name in shown)
        for pairs in lists
        for pair in pairs or ()
    )
