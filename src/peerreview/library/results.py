"""What the public functions return: frozen, with all they hold named, shown by a notebook as they print."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from peerreview.errors import UsageError
from peerreview.tables import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peerreview.agreement.measured import Measured
    from peerreview.duplicates.overlap import Summary
    from peerreview.errors import InputError
    from peerreview.flow import Flow as Counted
    from peerreview.flow.identities import Verdict
    from peerreview.flow.proofs import Proof
    from peerreview.paper.figures import Diagram
    from peerreview.paper.sheets import Sheet as Layout
    from peerreview.paper.sheets.audits import Audited
    from peerreview.protocol import Rating
    from peerreview.screening.progress import Status
    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.instrument import Instrument
    from peerreview.synthesis.themes import Coding


@dataclass(frozen=True)
class Exports:
    """
    What was read of exports.

    ``records`` has the columns of ``records.csv``, a row per record, all text; ``rejects`` the pieces that
    are no record (``source_file, source_line, problem, text``); ``remarks`` say how each file was read.
    """

    records: pd.DataFrame
    rejects: pd.DataFrame
    remarks: tuple[str, ...]
    _report: Mapping[str, object] = field(repr=False)

    def to_json(self) -> str:
        """Return what ``import --report`` writes: counts and warnings per file, ``peerreview/import/1``."""
        return writing.to_json(self._report)


@dataclass(frozen=True)
class Duplicates:
    """
    What a search for duplicates found.

    ``pairs`` has the columns of ``duplicates.csv``, a row per pair judged: ``verdict`` is ``duplicate``
    (``record_id`` is removed, ``duplicate_of`` kept), ``possible`` (for people) or ``related``; ``score``
    is in [0, 1]. ``joined`` are records that an earlier round kept and a later one joined to another, each
    with the record kept now. ``summary`` has the counts, of all records and per source.
    """

    pairs: pd.DataFrame
    joined: tuple[tuple[str, str], ...]
    summary: Summary

    @property
    def sources(self) -> pd.DataFrame:
        """
        Counts per source, whole numbers.

        Columns: ``source``, ``source_kinds``, ``found`` (records), ``within`` (found again there), ``across``
        (works that others have, too), ``unique`` (works that no other has); then a column per source: works
        that both have.
        """
        return self.summary.sources

    def to_json(self) -> str:
        """Return what ``dedupe --summary FILE.json`` writes, ``peerreview/dedupe/1``."""
        return writing.to_json(self.summary.to_json())


@dataclass(frozen=True)
class Votes:
    """
    The votes of a screening tool's exports, or of sheets.

    ``votes`` has the columns of a decisions file, a row per vote; ``unmatched`` the references that no
    record was found for (``source_file, source_line, key, doi, pmid, title, year, problem``); ``keys`` the
    tool's own keys of records; ``faults`` say why a vote was left out, ``remarks`` how the files were read.
    """

    votes: pd.DataFrame
    unmatched: pd.DataFrame
    keys: pd.DataFrame
    faults: tuple[InputError, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Screened:
    """
    What the votes add up to.

    ``screening`` has the columns of ``screening.csv``, a row per record and stage that it reached;
    ``conflicts`` those of ``conflicts.csv``, a row per record to settle; ``n_open`` is how many records wait
    at a stage for votes or for a resolution; ``remarks`` are for people; ``status`` says per stage and
    reviewer what is done and left.
    """

    screening: pd.DataFrame
    conflicts: pd.DataFrame
    n_open: int
    remarks: tuple[str, ...]
    status: Status = field(repr=False)

    def to_json(self) -> str:
        """Return what ``screen --status -o FILE.json`` writes: what is done and left, per reviewer."""
        return writing.to_json(self.status.to_json())


@dataclass(frozen=True)
class Sheet:
    """
    A table for the paper.

    A notebook shows it as HTML; ``layout`` has its columns, rows, notes and which cells are synthetic.
    """

    layout: Layout

    @property
    def frame(self) -> pd.DataFrame:
        """The cells as text, a column per column of the sheet under its short name; daggers stay."""
        rows = [[cell.marked_value for cell in row] for row in self.layout.rows]
        return pd.DataFrame(rows, columns=[column.name for column in self.layout.columns], dtype="str")

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes under it."""
        return self.layout.all_notes

    def to_markdown(self) -> str:
        """Return it as Markdown, as ``table NAME`` prints it."""
        return _filled((self,), ".md")

    def to_html(self) -> str:
        """Return it as a page of HTML."""
        return _filled((self,), ".html")

    def to_latex(self) -> str:
        """Return it as LaTeX: a table that compiles, without a document around it."""
        return _filled((self,), ".tex")

    def write(self, path: str | Path) -> Path:
        """
        Write it as ``.md``, ``.html``, ``.tex``, ``.csv``, ``.docx`` or ``.xlsx``, whole or not at all.

        Raises
        ------
        UsageError
            For another suffix.
        MissingToolError
            Where the suffix needs a package that is not there.
        """
        return _write((self,), path)

    def _repr_html_(self) -> str:
        return _shown((self,))


class _Printed:
    """What has sheets: they are written, and shown, together."""

    sheets: tuple[Sheet, ...]

    def write(self, path: str | Path) -> Path:
        """Write the sheets, as ``Sheet.write``; several stand in one file."""
        return _write(self.sheets, path)

    def _repr_html_(self) -> str:
        return _shown(self.sheets)


@dataclass(frozen=True)
class Strategies(_Printed):
    """
    Search histories, read and checked.

    ``lines`` has the columns of ``strategies.csv``, a row per line of a search: ``file, line, platform,
    database, searched_on, number, text, hits`` (digits, blank where none are told), ``combination, fields,
    limits``. ``checks`` has a row per finding: ``file, line, number, severity`` (``error``: the search's own
    numbers contradict it; ``remark``: for people to look at), ``check, element`` (of PRESS 2015),
    ``message``. ``sheets`` are the table of the searches, each search as it was run, and the checks;
    ``remarks`` say what was read as no line of a search.
    """

    lines: pd.DataFrame
    checks: pd.DataFrame
    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Agreement(_Printed):
    """
    How far reviewers agreed, before discussion.

    ``statistics`` has a row per statistic: ``stage``, ``reviewer_1`` and ``reviewer_2`` (blank: of all),
    ``statistic``, ``value`` (text; kappas in [-1, 1], shares in [0, 1], blank where undefined), ``why`` it
    is undefined. ``sheets`` are the tables; ``sentences`` are ready for the methods section; ``warnings``
    say what a reader must know; ``measured`` has all of it, by stage and pair.
    """

    statistics: pd.DataFrame
    sheets: tuple[Sheet, ...]
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    measured: Measured = field(repr=False)

    def to_json(self) -> str:
        """Return what ``agreement -o FILE.json`` writes, ``peerreview/agreement/1``."""
        return writing.to_json(self.measured.to_json())


@dataclass(frozen=True)
class Themes(_Printed):
    """
    In how many studies a theme was found, and in which.

    ``tally`` has a row per theme: ``theme, parent, label, level``, and whole numbers of studies: ``n`` with
    the theme itself, ``n_with_subthemes``, the same of synthetic rows alone (``n_synthetic``,
    ``n_with_subthemes_synthetic``), ``n_studies`` in all. ``sheets`` are the tally, the matrix of studies
    and themes, and the coders' agreement where there are two; ``coding`` has the rows behind each count.
    """

    tally: pd.DataFrame
    sheets: tuple[Sheet, ...]
    coding: Coding = field(repr=False)

    def to_json(self) -> str:
        """Return what ``themes -o FILE.json`` writes, with the quotes behind it, ``peerreview/themes/1``."""
        from peerreview.synthesis.themes import to_json

        return writing.to_json(to_json(self.coding))


@dataclass(frozen=True)
class Appraisal(_Printed):
    """
    What the appraisers said of each study.

    ``items`` has a row per item that a study was asked: ``item, text, set``, a whole number of studies per
    judgement of the instrument, ``conflict``, ``missing``, ``n_asked``, ``n_synthetic``. ``ratings`` has
    a row per study, or per result judged: ``study_id, label, result, rating``; the rating is blank without a
    rule, or where the appraisal is not complete.
    ``sheets`` are the tables; ``remarks`` say of each study what is open or odd; ``appraised`` has all that
    was said of each, by item, ``instrument`` the items, ``rule`` the protocol's ratings.
    """

    items: pd.DataFrame
    ratings: pd.DataFrame
    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]
    appraised: tuple[Appraised, ...] = field(repr=False)
    instrument: Instrument = field(repr=False)
    rule: tuple[Rating, ...] = field(repr=False)

    def to_json(self) -> str:
        """Return what ``appraise -o FILE.json`` writes, ``peerreview/appraisal/1``."""
        from peerreview.paper.sheets.appraisal import whole_json

        return writing.to_json(
            whole_json(self.appraised, instrument=self.instrument, ratings=self.rule),
        )


@dataclass(frozen=True, repr=False)
class Flow:
    """
    The PRISMA 2020 flow of a review: its boxes, and the proof that they add up.

    A notebook shows its figure. ``counted`` has the boxes with the records behind each; ``verdicts`` say of
    each sum whether it holds; ``records`` and ``duplicates`` are listed behind the boxes of the HTML page.
    ``proof`` is what the counts of a review's folder rest on.
    """

    counted: Counted
    verdicts: tuple[Verdict, ...]
    records: pd.DataFrame
    duplicates: pd.DataFrame
    proof: Proof | None = None

    def __repr__(self) -> str:
        drawn = [f"{key} {n:,}" for key in self.counted.boxes if (n := self.counted.n(key))]
        return f"Flow({', '.join(drawn)})"

    @property
    def counts(self) -> pd.DataFrame:
        """
        The boxes that are not blank, a row each, their parts below them.

        Columns: ``box``, ``part`` (a database, a reason; blank: the box itself), ``label``, ``n`` (a whole
        number of records, reports or studies), ``ids`` (their ids, joined by ``; ``; blank where typed).
        """
        from peerreview.flow import BOXES, labels
        from peerreview.tables import LIST

        words = labels.read()
        rows: list[tuple[str, str, str, int, str]] = []
        for key in BOXES:
            box = self.counted[key]
            if box.n is not None:
                name = words.full(key, updated=self.counted.is_updated)
                rows.append((key, "", name, box.n, LIST.join(box.ids)))
                rows += [(key, part.label, part.label, part.n, LIST.join(part.ids)) for part in box.parts]
        return pd.DataFrame(rows, columns=["box", "part", "label", "n", "ids"])

    def n(self, box: str) -> int | None:
        """Return a box's count, as in ``flow.n("screened")``; None where it is blank."""
        return self.counted.n(box)

    def ids(self, box: str) -> tuple[str, ...]:
        """Return the ids of the records behind a box."""
        return self.counted[box].ids

    @property
    def still_open(self) -> tuple[str, ...]:
        """What is to be done before the review is finished; of a finished one, nothing."""
        return self.counted.still_open

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is odd about the tables that it was counted from."""
        return self.counted.remarks

    def to_json(self) -> str:
        """Return what ``prisma -o FILE.json`` writes, ``peerreview/flow/1``."""
        return str(self._written(".json"))

    def to_svg(self, *, labels: str = "en", caption: str = "") -> str:
        """
        Return the figure as SVG; one of a flow that is unfinished or does not add up is stamped so.

        Parameters
        ----------
        labels : a language (``en``, ``de``, ``es``, ``fr``) or a file of labels.
        caption : a line under the figure.
        """
        return str(self._written(".svg", labels, caption))

    def write(self, path: str | Path, *, labels: str = "en", caption: str = "") -> Path:
        """
        Write it as ``.svg, .html, .pdf, .png, .dot, .md, .json`` or ``.csv`` (PRISMA2020's); return where.

        Raises
        ------
        UsageError
            For another suffix.
        MissingToolError
            Where the suffix needs a package that is not there.
        """
        path = Path(path)
        writing.write(self._written(path.suffix.lower(), labels, caption), path)
        return path

    def _written(self, suffix: str, labels: str = "en", caption: str = "") -> str | bytes:
        from peerreview.flow import labels as labels_
        from peerreview.render import flow as render

        figure, words = self._figure(labels, caption), labels_.read(labels)
        listed = self.records, self.duplicates
        drawing = render.Drawing(self.counted, self.verdicts, figure, words, *listed, proof=self.proof)
        known = (".svg", ".html", ".pdf", ".png", ".dot", ".md", ".json", ".csv", *render.GRAPHVIZ_SUFFIXES)
        if suffix not in known:
            raise UsageError(f"suffix {suffix!r} is not one of {', '.join(known)}")
        return render.write(drawing, suffix)

    def _figure(self, labels: str, caption: str) -> Diagram:
        from peerreview.flow import identities
        from peerreview.flow import labels as labels_
        from peerreview.paper.figures.prisma import lay_out

        failing = list(dict.fromkeys(verdict.id for verdict in identities.fails(self.verdicts)))
        return lay_out(self.counted, labels_.read(labels), caption=caption, failing=failing)

    def _repr_svg_(self) -> str:
        return self.to_svg()


def _filled(sheets: tuple[Sheet, ...], suffix: str) -> str:
    from peerreview.render.sheets import fill

    return fill([sheet.layout for sheet in sheets], suffix)


def _shown(sheets: tuple[Sheet, ...]) -> str:
    from peerreview.render.sheets import fill_alone

    return "\n".join(fill_alone(sheet.layout) for sheet in sheets)


def _write(sheets: tuple[Sheet, ...], path: str | Path) -> Path:
    path = Path(path)
    suffix = path.suffix.lower()
    content: Any
    if suffix in (".docx", ".xlsx"):
        from peerreview.render import excel, word

        layouts = [sheet.layout for sheet in sheets]
        content = word.write(layouts) if suffix == ".docx" else excel.write(layouts)
    elif suffix in (".md", ".html", ".tex") or (suffix == ".csv" and len(sheets) == 1):
        content = _filled(sheets, suffix)
    else:
        known = ".md, .html, .tex, .docx, .xlsx" + (", .csv" if len(sheets) == 1 else "; CSV holds one sheet")
        raise UsageError(f"{path}: suffix {suffix!r} is not one of {known}")
    writing.write(content, path)
    return path


@dataclass(frozen=True)
class PaperAudit:
    """
    What the numbers that a published review prints add up to.

    ``verdict`` is ``holds``, ``differs`` or ``cannot be checked``, ``why`` says so where that is not plain.
    ``boxes`` are the counts that the text prints for each box, several where it contradicts itself.
    ``numbers`` has a row per number, ``n, box, sentence, place`` (two boxes where it may be in either);
    ``sums`` a row per identity, ``id, says, verdict, sum``; ``audited`` has all of it, and each reading.
    """

    verdict: str
    why: str
    boxes: Mapping[str, tuple[int, ...]]
    numbers: pd.DataFrame = field(repr=False)
    sums: pd.DataFrame = field(repr=False)
    audited: Audited = field(repr=False)

    def to_json(self) -> str:
        """Return what ``audit -o FILE.json`` writes, ``peerreview/audit/1``."""
        from peerreview.paper.sheets.audits import to_json

        return writing.to_json(to_json([self.audited]))
