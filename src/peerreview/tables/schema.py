"""Every table of a review: its columns and legal values, declared once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

STREAM = Path("-")
"""Standard input or output, where a file could be named."""

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
APPRAISERS = (
    "reviewer", "reviewer name", "appraiser", "assessor", "rater", "gutachter", "gutachterin", "bewerter",
    "évaluateur", "evaluador", "evaluadora", "revisor", "revisora", "revisore", "valutatore", "avaliador",
    "beoordelaar",
)  # fmt: skip
"""What people's sheets call the column of who judged; the first is ours."""

WITHDRAWN = "withdrawn"
"""A vote of this word takes back the reviewer's own vote: rows are only ever added."""

DECISIONS = ("include", "exclude", "maybe", "not_retrieved", WITHDRAWN)

OPEN = ("conflict", "pending")
"""Outcomes that await something: a resolution, or votes."""

OUTCOMES = ("include", "exclude", "not_retrieved", *OPEN)

RESOLVED_BY = ("votes", "consensus", "adjudicator", "automation", "")

VERDICTS = ("duplicate", "possible", "related")

OVERRIDES = ("duplicate", "distinct")

ALL = "all "
"""Before a verdict on a pair: it holds for every pair of its group."""

VENUE_VERDICTS = ("same", "distinct")

SYNTHETIC = "synthetic"

OUTSIDE = "outside"
"""A cell that no report of the study says, but another source does."""

OUTSIDE_NOTE = "‡ known from outside the reports"
"""Printed under every table with such a cell."""

BASES = ("text", "title", OUTSIDE, SYNTHETIC)
"""Where a cell of an example comes from; ``synthetic`` is never a finding."""

SYNTHETIC_NOTE = "† synthetic, for demonstration; not a finding about the study"
"""Printed under every table and figure with a cell that rests on synthetic rows alone."""


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
    optional=("platform", "round", "searched_on", "records", "query", "direction", "seeds"),
    filled=("source", "source_kind"),
    values=MappingProxyType({"source_kind": SOURCE_KINDS}),
    numbers=("round", "records"),
    names=("file",),
    key=("file", "source", "round"),
)
"""A file with several databases has a row for each; a search whose records are in none has a blank file."""

STRATEGIES = Table(
    "strategies",
    columns=("file", "line", "platform", "number", "text"),
    optional=("hits", "combination", "fields", "limits", "database", "searched_on"),
    filled=("file", "line", "platform", "number", "text"),
    numbers=("line", "number", "hits"),
    cure="peerreview search -o strategies.csv writes this table",
)
"""
A line of a search, exactly as it was run.

``combination`` is how it combines others, by their numbers: ``1 OR 2``, ``(1 OR 2) AND …``, ``LIMIT(5)``,
``DEDUPE(5)``; ``…`` is what it searches itself.
"""

PRESS = (
    "",
    "translation of the research question",
    "Boolean and proximity operators",
    "subject headings",
    "text word searching",
    "spelling, syntax and line numbers",
    "limits and filters",
)
"""
The elements of PRESS 2015, by which a search is peer reviewed: McGowan et al. (2016),
doi:10.1016/j.jclinepi.2016.01.021.
"""

CHECKED = Table(
    "strategy_checks",
    columns=("file", "line", "number", "severity", "check", "element", "message"),
    filled=("file", "severity", "check", "message"),
    values=MappingProxyType({"severity": ("error", "remark"), "element": PRESS}),
    numbers=("line",),
    cure="peerreview search writes this table",
)
"""``error``: a search's own numbers contradict each other, or a line that it names is not there."""

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

POSSIBLE = Table(
    "possible",
    columns=("record_id", "duplicate_of", "verdict"),
    optional=("by", "why", "group"),
    values=MappingProxyType({"verdict": ("", *OVERRIDES, *(f"{ALL}{verdict}" for verdict in OVERRIDES))}),
    cure="peerreview dedupe writes this table",
)
"""``verdict`` to ``why`` are left blank for whoever judges the pair, or all of its group at once."""

VENUE = Table(
    "venues",
    columns=("venue", "same_as", "verdict"),
    optional=("by", "why"),
    filled=("venue", "same_as", "verdict"),
    values=MappingProxyType({"verdict": VENUE_VERDICTS}),
)
"""People's word on two names of venues: one, or two."""

VOTES = Table(
    "decisions",
    columns=("record_id", "reviewer", "stage", "decision"),
    optional=("reason", "role", "decided_at", "note", "reason_of"),
    filled=("record_id", "reviewer", "stage", "decision"),
    values=MappingProxyType(
        {"stage": STAGES, "decision": DECISIONS, "role": (*ROLES, ""), "reason_of": ("record", "")}
    ),
    cure="peerreview decisions turns a screening tool's export into votes",
)
"""A blank role means ``reviewer``; ``reason_of`` is ``record`` where nobody says whose reason it is."""

KEYS = Table(
    "keys",
    columns=("tool", "key", "record_id", "how"),
    filled=("tool", "key", "record_id"),
    cure="peerreview decisions writes this table",
)
"""Another tool's key of a record, and by what it was found to be that."""

ASSIGNMENTS = Table(
    "assignments",
    columns=("record_id", "reviewer", "stage"),
    filled=("record_id", "reviewer", "stage"),
    key=("record_id", "reviewer", "stage"),
    values=MappingProxyType({"stage": STAGES}),
    cure="peerreview screen --form NAME --share writes this table",
)
"""Who is to judge a record at a stage; a record that stands in no row is anybody's."""

UNMATCHED = Table(
    "unmatched",
    columns=("source_file", "source_line", "key", "doi", "pmid", "title", "year", "problem"),
)
"""References of an export that no record was found for."""

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
    "reports",
    columns=("record_id", "study_id"),
    filled=("record_id", "study_id"),
    key=("record_id", "study_id"),
)
"""A report may tell of several studies, and a study have several reports."""

STUDIES = Table("studies", columns=("study_id", "label"), filled=("study_id", "label"), key=("study_id",))

CHANGES_OF_STUDIES = ("retired", "corrected")

CHANGES = Table(
    "changes",
    columns=("study_id", "round", "change", "reason"),
    optional=("record_id", "date", "by", "basis"),
    filled=("study_id", "round", "change", "reason"),
    values=MappingProxyType({"change": CHANGES_OF_STUDIES, "basis": (*BASES, "")}),
    numbers=("round",),
    names=("record_id",),
    key=("study_id", "round", "change"),
    cure="a row says that a study, once included, was retired or corrected, in which round and why",
)
"""
What became of included studies: ``round`` is that of the version in which it was done.

A retired study counts in no version from that round on; its rows stay in all
tables, so that earlier versions can be counted again. ``record_id`` is the
report that a correction is told in.
"""

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
    cure="peerreview form themes makes this table of what MAXQDA, ATLAS.ti or NVivo export",
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
    optional=("reviewer", "note", "basis", "result", "weight", "role"),
    filled=("study_id", "item", "judgement"),
    names=("reviewer", "result", "weight"),
    values=MappingProxyType({"basis": (*BASES, ""), "role": ("reviewer", *RESOLUTIONS, "")}),
    cure="a row is one study's judgement on one item",
)
"""
``result`` is the result that is judged, where an instrument judges results; ``weight`` that of the study,
or of its result, in the summary; a ``role`` other than ``reviewer`` settles what appraisers differ on.
"""

CONFIDENCE = ("high", "moderate", "low", "very low")
"""
GRADE's four levels of certainty, and GRADE-CERQual's of confidence: Lewin et al. (2018),
doi:10.1186/s13012-017-0688-3.
"""

FINDINGS = Table(
    "findings",
    columns=("finding",),
    optional=("themes", "studies", "confidence", "why", "basis"),
    filled=("finding",),
    key=("finding",),
    values=MappingProxyType({"confidence": (*CONFIDENCE, ""), "basis": (*BASES, "")}),
    cure="a row is a finding of the review, in its own words",
)
"""``themes`` and ``studies`` are lists; the confidence is the review's own, and ``why`` its grounds."""

WORDING = Table(
    "wording",
    columns=("item", "text"),
    optional=("instrument",),
    filled=("item", "text"),
    names=("instrument",),
    key=("instrument", "item"),
    cure="a row is an item of the instrument, in the words of the team's own copy",
)
"""An instrument's own words, where they may not ship; a blank ``instrument`` is the one in use."""

NOTICE_KINDS = ("retraction", "partial_retraction", "withdrawal", "concern", "correction", "reinstatement")
"""What a notice says of a paper."""

DOUBTED = NOTICE_KINDS[:4]
"""Kinds that put it in doubt; a correction is to be read, and a reinstatement clears."""

RETRACTED = Table(
    "retracted",
    columns=(
        "record_id", "about", "kind", "certainty", "stands", "title", "standing", "studies", "date",
        "notice_doi", "notice_pmid", "reason", "how", "source",
    ),
    filled=("record_id", "about", "kind", "certainty"),
    key=("record_id", "about", "kind"),
    values=MappingProxyType(
        {
            "about": ("paper", "notice"),
            "kind": NOTICE_KINDS,
            "certainty": ("certain", "possible"),
            "stands": ("yes", "no", "unclear"),
        }
    ),
    cure="peerreview retractions writes this table",
)  # fmt: skip
"""
A work of the review that a notice is of, or that is such a notice (``about``).

``stands`` is ``no`` where the paper was reinstated since; ``standing`` says where the work is in the review.
"""

RETRACTION_VERDICTS = ("keep", "leave_out", "other_paper")

RETRACTIONS = Table(
    "retractions",
    columns=("record_id", "kind", "verdict", "why"),
    optional=("by",),
    filled=("record_id", "kind", "verdict", "why"),
    key=("record_id", "kind"),
    values=MappingProxyType({"kind": NOTICE_KINDS, "verdict": RETRACTION_VERDICTS}),
    cure="a row is the team's word on a work that a notice is of, with its reason",
)
"""``other_paper``: the notice is not of this work. Who leaves a work out votes so, too: see the docs."""
