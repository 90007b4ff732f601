"""Every table of a review: its columns and legal values, declared once, and the check at the door."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError, InputErrors, RowErrors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

DATABASE_KINDS = ("database", "register")
"""Source kinds in the left column of PRISMA's flow; all others are in the right one."""
SOURCE_KINDS = (
    *DATABASE_KINDS,
    "website",
    "organisation",
    "citation_searching",
    "hand_searching",
    "grey_literature",
    "other",
)
STAGES = ("before_screening", "title_abstract", "retrieval", "full_text")
REVIEWED_STAGES = ("title_abstract", "full_text")
"""Stages at which reviewers vote independently of each other."""
ROLES = ("reviewer", "adjudicator", "consensus", "ai", "automation")
RESOLUTIONS = ("consensus", "adjudicator")
"""Roles, and names of appraisers and coders, whose word settles what others differ on."""
DECISIONS = ("include", "exclude", "maybe", "not_retrieved")
OUTCOMES = ("include", "exclude", "not_retrieved", "conflict", "pending")
RESOLVED_BY = ("votes", "consensus", "adjudicator", "automation", "")
VERDICTS = ("duplicate", "possible", "related")
OVERRIDES = ("duplicate", "distinct")
SYNTHETIC = "synthetic"
BASES = ("text", "title", "outside", SYNTHETIC)
"""Where a cell of an example comes from; ``synthetic`` is never a finding."""
SYNTHETIC_NOTE = "† synthetic, for demonstration; not a finding about the study"
"""Printed under every table and figure with a cell that rests on synthetic rows alone."""
_MOST_NAMED, _LONGEST = 8, 40
"""Columns named in one line, and letters of each: where there is no header, they are a row."""
LIST = "; "
"""What joins the members of a list within one cell."""


@dataclass(frozen=True)
class Table:
    """
    A table's rules.

    ``columns`` must be there; ``optional`` ones are added blank where they
    are missing; further columns are kept as they are. ``filled`` may not be
    blank, ``key`` may not repeat, ``values`` lists what a column may say,
    ``names`` are of people or things and may be blank; ``cure`` says where
    such a table comes from.
    """

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    cure: str = ""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Required columns, then optional ones."""
        return self.columns + self.optional


CONTENT = (
    "accession", "type", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid",
    "pmcid", "isbn", "issn", "abstract", "keywords", "language", "url", "extra",
)  # fmt: skip
"""Columns of a record that its export filled, as against where it came from."""

SOURCES = Table(
    "sources",
    columns=("file", "source", "source_kind"),
    optional=("platform", "round", "searched_on", "records", "query"),
    filled=("file", "source", "source_kind"),
    values=MappingProxyType({"source_kind": SOURCE_KINDS}),
    numbers=("round", "records"),
    key=("file",),
)
RECORDS = Table(
    "records",
    columns=("record_id", "source", "source_kind", "round", "source_file", "source_line", *CONTENT),
    filled=("record_id", "source", "source_kind", "round"),
    values=MappingProxyType({"source_kind": SOURCE_KINDS}),
    numbers=("round",),
    key=("record_id",),
    cure="peerreview import writes this table",
)
REJECTS = Table("rejects", columns=("source_file", "source_line", "problem", "text"))
UNIQUE = Table(
    "unique",
    columns=(*RECORDS.columns, "sources", "source_kinds", "duplicates"),
    filled=RECORDS.filled,
    values=RECORDS.values,
    numbers=RECORDS.numbers,
    key=("record_id",),
    cure="peerreview dedupe writes this table",
)
DUPLICATES = Table(
    "duplicates",
    columns=("record_id", "duplicate_of", "verdict", "relation", "rule", "score", "similarities"),
    filled=("record_id", "duplicate_of", "verdict"),
    values=MappingProxyType({"verdict": VERDICTS}),
    cure="peerreview dedupe writes this table",
)
OVERRIDE = Table(
    "overrides",
    columns=("record_id", "duplicate_of", "verdict"),
    optional=("by", "why"),
    filled=("record_id", "duplicate_of", "verdict"),
    values=MappingProxyType({"verdict": OVERRIDES}),
)
VOTES = Table(
    "decisions",
    columns=("record_id", "reviewer", "stage", "decision"),
    optional=("reason", "role", "decided_at", "note"),
    filled=("record_id", "reviewer", "stage", "decision"),
    values=MappingProxyType({"stage": STAGES, "decision": DECISIONS, "role": (*ROLES, "")}),
    cure="peerreview decisions turns a screening tool's export into votes",
)
"""A blank role means ``reviewer``."""
SCREENING = Table(
    "screening",
    columns=("record_id", "stage", "outcome", "reason", "reviewers", "resolved_by"),
    filled=("record_id", "stage", "outcome"),
    values=MappingProxyType({"stage": STAGES, "outcome": OUTCOMES, "resolved_by": RESOLVED_BY}),
    key=("record_id", "stage"),
    cure="peerreview screen writes this table",
)
CONFLICTS = Table(
    "conflicts",
    columns=(
        "record_id",
        "stage",
        "problem",
        "votes",
        "title",
        "abstract",
        "decision",
        "reason",
        "reviewer",
        "note",
    ),
    cure="peerreview screen writes this table",
)
"""``decision`` to ``note`` are left blank for whoever settles the conflict."""
REPORTS = Table(
    "reports", columns=("record_id", "study_id"), filled=("record_id", "study_id"), key=("record_id",)
)
STUDIES = Table("studies", columns=("study_id", "label"), filled=("study_id", "label"), key=("study_id",))
FIELD_TYPES = ("text", "integer", "number", "year", "date", "choice", "list")
FIELDS = Table(
    "fields",
    columns=("field", "type"),
    optional=("required", "values", "description"),
    filled=("field", "type"),
    values=MappingProxyType({"type": FIELD_TYPES, "required": ("yes", "no", "")}),
    key=("field",),
)
"""What the team extracts from a study: a column of ``studies`` each; ``values`` is a list."""
THEMES = Table(
    "themes",
    columns=("study_id", "theme"),
    optional=("coder", "quote", "location", "basis"),
    filled=("study_id", "theme"),
    names=("coder",),
    values=MappingProxyType({"basis": (*BASES, "")}),
)
CODEBOOK = Table(
    "codebook",
    columns=("theme", "parent", "label"),
    optional=("description",),
    filled=("theme",),
    names=("parent",),
    key=("theme",),
)
DOCUMENTS = Table(
    "documents", columns=("document", "study_id"), filled=("document", "study_id"), key=("document",)
)
"""Which study a document of a coding tool belongs to."""
STATED = Table(
    "stated",
    columns=("theme", "stated"),
    filled=("theme",),
    key=("theme",),
    numbers=("stated",),
)
"""Totals that a manuscript states, in studies; blank where it states none."""
APPRAISAL = Table(
    "appraisal",
    columns=("study_id", "item", "judgement"),
    optional=("reviewer", "note", "basis"),
    filled=("study_id", "item", "judgement"),
    names=("reviewer",),
    values=MappingProxyType({"basis": (*BASES, "")}),
    cure="a row is one study's judgement on one item",
)


def csv_line(cells: Iterable[str]) -> str:
    """Return a row as a line of CSV; many times faster than the csv module, which goes by characters."""
    return ",".join(
        [
            cell
            # The first two are most cells, and quickly told.
            if not cell or cell.isalnum() or not ("," in cell or '"' in cell or "\n" in cell or "\r" in cell)
            else '"' + cell.replace('"', '""') + '"'
            for cell in cells
        ]
    )


_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escape_cell(text: str) -> str:
    """
    Return a cell that a spreadsheet shows as text and never runs as a formula.

    A number may have its sign: it runs nothing.

    >>> escape_cell("=cmd()"), escape_cell("-3.5")
    ("'=cmd()", '-3.5')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of text that people fill in: what exports wrote runs nothing in their spreadsheet."""
    return frame.map(escape_cell)


def empty(table: Table) -> pd.DataFrame:
    """Return the table with its columns and no rows."""
    import pandas as pd  # noqa: PLC0415  commands need the words here without waiting for pandas

    return pd.DataFrame({column: pd.Series([], dtype="str") for column in table.all_columns})


def make(table: Table, rows: Iterable[Mapping[str, str]]) -> pd.DataFrame:
    """Return rows as a table of text: its columns in their order, blank where a row has none."""
    import pandas as pd  # noqa: PLC0415

    listed = list(rows)
    return pd.DataFrame(
        {
            column: pd.Series([row.get(column, "") for row in listed], dtype="str")
            for column in table.all_columns
        }
    )


def check(raw: pd.DataFrame, table: Table) -> pd.DataFrame:
    """
    Return a raw table as a sound one: its columns first, in their order, all text.

    Ids, names, numbers and words lose the blanks around them.

    Raises
    ------
    InputErrors
        Where a column is missing.
    RowErrors
        Where rows break a rule of the table, each with its file and row.
    """
    path = raw.attrs.get("files", (("", 0),))[0][0]
    missing = [column for column in table.columns if column not in raw.columns]
    if missing:
        raise InputErrors([InputError(_missing(missing, list(raw.columns), table), path=path, line=1)])
    added: dict[str, Any] = {column: "" for column in table.optional if column not in raw.columns}
    # A blank that a spreadsheet left at the end of an id or a name makes no other record and no other person.
    words = {*table.filled, *table.key, *table.values, *table.numbers, *table.names}
    stripped = {column: raw[column].str.strip() for column in sorted(words) if column in raw.columns}
    checked = raw.assign(**added, **stripped)
    others = [column for column in checked.columns if column not in table.all_columns]
    checked = checked[[*table.all_columns, *others]]
    problems: list[tuple[int, str]] = []
    for column in table.filled:
        problems += [(row, f"{column} is blank") for row in _rows(checked[column] == "")]
    for column, legal in table.values.items():
        wrong = ~checked[column].isin(legal)
        if column in table.filled:
            wrong &= checked[column] != ""
        allowed = _either([value for value in legal if value])
        problems += [
            (row, f"{column} {_short(checked[column].iloc[row])} is not {allowed}") for row in _rows(wrong)
        ]
    for column in table.numbers:
        wrong = (checked[column] != "") & ~checked[column].str.fullmatch(r"[0-9]{1,12}")
        problems += [
            (row, f"{column} {_short(checked[column].iloc[row])} is not a whole number")
            for row in _rows(wrong)
        ]
    if table.key:
        for row in _rows(checked.duplicated(list(table.key))):
            again = " ".join(_short(checked[column].iloc[row]) for column in table.key)
            problems.append((row, f"{' and '.join(table.key)} {again} stands here twice"))
    if problems:
        raise row_errors(checked, sorted(problems))
    return checked


def rows(table: pd.DataFrame) -> list[dict[str, str]]:
    """Return a table's rows, each as its cells by their columns."""
    return [{str(column): str(cell) for column, cell in row.items()} for row in table.to_dict("records")]


def is_synthetic(row: Mapping[str, str], column: str) -> bool:
    """Return whether a cell is synthetic: by its ``<column>_basis`` where there is one, else its row's."""
    return row.get(f"{column}_basis", row.get("basis", "")) == SYNTHETIC


def any_synthetic(table: pd.DataFrame) -> bool:
    """Return whether a row of a table says by its ``basis`` that it is synthetic."""
    return "basis" in table and bool((table["basis"] == SYNTHETIC).any())


def row_errors(table: pd.DataFrame, problems: Iterable[tuple[int, str]]) -> RowErrors:
    """
    Return the error for rows of a table that break a rule.

    Parameters
    ----------
    table : as it was read; ``table.attrs["files"]`` names its files and their numbers of rows.
    problems : (0-based position in ``table``, message) each.
    """
    files: Sequence[tuple[str, int]] = table.attrs.get("files", ())
    placed = []
    for position, message in problems:
        row = position
        path = ""
        for name, n_rows in files:
            path = name
            if row < n_rows:
                break
            row -= n_rows
        placed.append((path, row, message))
    return RowErrors(placed)


def _missing(missing: Sequence[str], there: Sequence[str], table: Table) -> str:
    if len(missing) == 1:
        return f"column {missing[0]!r} is missing; found {', '.join(there) or 'nothing'}"
    named, found = (
        ", ".join(" ".join(name.split())[:_LONGEST] for name in names[:_MOST_NAMED])
        + (", …" if len(names) > _MOST_NAMED else "")
        for names in (missing, there)
    )
    cure = f"; {table.cure}" if table.cure else ""
    return f"columns {named} are missing; found {found or 'nothing'}{cure}"


def _short(cell: str) -> str:
    """Return a cell for a message: where columns have shifted, it may be a whole abstract."""
    return repr(cell if len(cell) <= 2 * _LONGEST else f"{cell[: 2 * _LONGEST]}…")


def _rows(wrong: pd.Series) -> list[int]:
    return [int(position) for position in wrong.to_numpy().nonzero()[0]]


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
