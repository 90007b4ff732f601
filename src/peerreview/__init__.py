"""
Systematic reviews from export to PRISMA 2020, as files in and files out.

A review is a handful of tables. A stage is a function from tables to a
table, prints nothing and opens nothing; ``cli`` reads files, calls one
stage and writes files. The rooms are called as the sections of a methods
chapter, each resting on those below it only:

- ``cli``: a file per command
- ``library``: a function per stage, frames in and out; ``public``: those that this module offers
- ``render``: a file per format that is written
- ``paper``: ``citations``, ``sheets`` (a file per table), ``figures``, ``document`` (what one is made of),
  ``report``, ``rounds``, ``checklist``; ``trail`` (a record's life), ``telling``, ``missed``, ``standing``
- ``flow``: tables to PRISMA's counts, and the proof that they add up
- ``agreement``: ``coefficients``, ``alpha``, ``intervals`` (the formulas); ``independence`` (which votes),
  ``estimates`` (each statistic by its name; ``said``: back from JSON), ``tallies``, ``measure`` (votes
  to statistics), ``measured``; ``machines`` (on trial), ``judgements`` (of other things)
- ``synthesis``: ``extraction``; ``studies`` (which one a row is of), ``spelling``, ``instrument``,
  ``answers`` (words and signs for a judgement), ``headings`` and ``sums`` (of sheets of ``judgements``),
  ``appraisal``, ``overall``, ``ratings``; ``codings``, ``coded_elsewhere`` (by other tools), ``themes``
- ``screening``: ``screeners`` (one per tool; ``grids``, ``columns``: people's sheets), ``opening``,
  ``lookup``, ``coded`` (a column's words, each judged once), ``finding``, ``naming``, ``meanings``,
  ``repeats``, ``decisions``, ``mappings``, ``people``, ``votes``, ``checks``, ``retrieval``,
  ``ballots`` (equal votes are judged once), ``outcomes``,
  ``selection`` (a part of the records), ``worklist``; ``order``, ``relevance``, ``stopping``
- ``duplicates``: ``compared`` (columns and fields), ``normalise``, ``blocking``, ``similarity``,
  ``engines`` (to compare), ``rules``, ``judging``, ``lessons``, ``overrides``, ``clusters``, ``keeping``,
  ``runs``, ``listing``, ``questions``, ``rounds``, ``seeking`` (known papers)
- ``imports``: ``formats`` (a file per export format; ``writers`` of some), ``pages`` (as much as is
  held of one), ``stretches`` (what is read at a time), ``collecting``, ``batches``, ``ids``, ``records``,
  ``exports``;
  ``papers`` (published ones: their text, and the numbers in it)
- ``review``: which tables a folder has, where each lies
- ``protocol``, ``tables``
- ``values``: a file per kind of value: ``identifiers``, ``years``, ``pages``, ``names``, ``folding``
- ``workers``, ``errors``

Where does a line belong? A path or an option: ``cli``. How a file's bytes
become rows, and rows bytes: ``tables``. Which columns and values are legal:
``tables.schema``. What a DOI is, or a year, or a blank: ``values``. A foreign
tag (``AU``, ``LID``): that format. Records made comparable: ``normalise``.
Two texts to a number: ``similarity``. Which number is enough: the rules.
Tables to a table: the stage named for what comes out. Arrangement or wording:
a sheet, a figure or a template. Bytes of a format: ``render``. If it fits
two of these it is two lines.
"""

import sys

if sys.argv[:1] == ["-m"] and "peerreview" in sys.orig_argv and not sys.flags.safe_path:
    # python -m peerreview looks for modules in the working folder first: a pandas.py among the
    # exports, from wherever they came, would run.
    sys.path.pop(0)

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from peerreview.errors import (
        InputError,
        InputErrors,
        PeerreviewError,
        PluginError,
        UsageError,
    )
    from peerreview.library.public import (
        Agreement,
        Appraisal,
        Duplicates,
        Exports,
        Flow,
        PaperAudit,
        Protocol,
        Rating,
        Review,
        Reviewer,
        Screened,
        Sheet,
        Themes,
        Votes,
        appraise,
        audit_paper,
        characteristics,
        count_studies,
        derive_flow,
        find_duplicates,
        keep_one,
        lay_out,
        list_excluded,
        list_searches,
        measure,
        read_exports,
        read_flow,
        read_protocol,
        read_votes,
        settle,
        tally_themes,
        to_references,
    )

__version__ = "0.1.0"

__all__ = [
    "Agreement",
    "Appraisal",
    "Duplicates",
    "Exports",
    "Flow",
    "InputError",
    "InputErrors",
    "PaperAudit",
    "PeerreviewError",
    "PluginError",
    "Protocol",
    "Rating",
    "Review",
    "Reviewer",
    "Screened",
    "Sheet",
    "Strategies",
    "Themes",
    "UsageError",
    "Votes",
    "appraise",
    "audit_paper",
    "characteristics",
    "count_studies",
    "derive_flow",
    "find_duplicates",
    "keep_one",
    "lay_out",
    "list_excluded",
    "list_searches",
    "measure",
    "read_exports",
    "read_flow",
    "read_protocol",
    "read_strategies",
    "read_votes",
    "settle",
    "tally_themes",
    "to_references",
]


def __getattr__(name: str) -> Any:
    """Return what the package offers to notebooks and scripts, loaded once it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from peerreview import errors
    from peerreview.library import public

    return getattr(errors if hasattr(errors, name) else public, name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
