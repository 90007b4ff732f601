"""Studies, themes and judgements to the tables of the paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from peerreview import tables
from peerreview.errors import UsageError
from peerreview.library.frames import fit_optional
from peerreview.library.results import (
    Appraisal,
    Sheet,
    Themes,
)
from peerreview.protocol import Protocol
from peerreview.tables import reading
from peerreview.tables.fitting import fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from peerreview.synthesis.instrument import Instrument


def tally_themes(
    themes: pd.DataFrame,
    studies: pd.DataFrame,
    *,
    codebook: pd.DataFrame | None = None,
    bases: Sequence[str] = (),
) -> Themes:
    """
    Return in how many studies each theme was found, and in which; the unit is the study.

    Parameters
    ----------
    themes : a row per theme found: ``study_id, theme``, optionally ``coder, quote, location, basis``.
    studies : ``study_id, label``.
    codebook : ``theme``, optionally ``parent, label, description``; without one, any theme goes.
    bases : keep only rows with one of these bases (``text, title, outside, synthetic``).

    Returns
    -------
    Themes(tally, sheets); counts are studies.

    Raises
    ------
    InputErrors
        For a frame that does not fit, a study or theme that is not known, a row that stands twice; by row.
    """
    from peerreview.paper.sheets.themes import theme_sheets
    from peerreview.synthesis import themes as stage

    book = fit_optional(codebook, tables.CODEBOOK)
    coding = stage.code(
        fit(themes, tables.THEMES),
        tables.empty(tables.CODEBOOK) if book is None else book,
        studies=fit(studies, tables.STUDIES),
        bases=bases,
    )
    sheets = tuple(map(Sheet, theme_sheets(coding)))
    return Themes(stage.tally(coding), sheets, coding)


def appraise(
    appraisal: pd.DataFrame,
    studies: pd.DataFrame,
    *,
    instrument: str | Path = "",
    protocol: Protocol | None = None,
) -> Appraisal:
    """
    Return what the appraisers said of each study, what is missing, and a rating by the team's own rule.

    Parameters
    ----------
    appraisal : a row per study and item judged: ``study_id, item, judgement``, optionally ``reviewer, note,
        basis``; the reviewers ``consensus`` and ``adjudicator`` settle what others differ on.
    studies : ``study_id, label`` and, for instruments that ask by design, ``design``.
    instrument : ``mmat-2018``, ``amstar-2`` or another that is known by its name, or a ``.toml`` file; the
        protocol's if blank.
    protocol : its instrument and its ratings, which are shares in [0, 1] of favourable judgements, or
        points where the instrument counts.

    Returns
    -------
    Appraisal(items, ratings, sheets, remarks); counts are studies.

    Raises
    ------
    InputErrors
        For a frame that does not fit, and a study, item or judgement that is not known; by row.
    InputError
        Where there is no such instrument.
    UsageError
        Where the protocol has several, and none is named.
    """
    from peerreview.paper.sheets import appraisal as sheets
    from peerreview.synthesis import appraisal as stage

    plan = protocol or Protocol()
    if plan.instruments and not instrument:
        listed = ", ".join(dict.fromkeys(plan.instruments.values()))
        raise UsageError(f"the protocol has an instrument for each design: name one of {listed}")
    chosen = _instrument(str(instrument) or plan.instrument)
    appraised = stage.appraise(
        fit(appraisal, tables.APPRAISAL),
        fit(studies, tables.STUDIES),
        instrument=chosen,
        ratings=plan.ratings,
    )
    return Appraisal(
        stage.summarise(appraised, instrument=chosen),
        pd.DataFrame(
            [(study.study_id, study.label, study.result, study.rating) for study in appraised],
            columns=["study_id", "label", "result", "rating"],
            dtype="str",
        ),
        tuple(map(Sheet, sheets.appraisal_sheets(appraised, instrument=chosen, ratings=plan.ratings))),
        tuple(
            f"{study.study_id} ({study.name}): {what}"
            for study in appraised
            for what in sheets.what_is_open(study, chosen)
        ),
        tuple(appraised),
        chosen,
        plan.ratings,
    )


def characteristics(
    studies: pd.DataFrame,
    *,
    reports: pd.DataFrame | None = None,
    unique: pd.DataFrame | None = None,
    columns: Sequence[str] = (),
) -> Sheet:
    """
    Return the table of the included studies and what was extracted, a row each.

    Parameters
    ----------
    studies : ``study_id, label`` and a column for each thing extracted (``country, design, …``).
    reports : ``record_id, study_id``. unique : the records cited, as ``keep_one`` returned them.
    columns : those to show, in order; all that were extracted if none.

    Raises
    ------
    InputError, InputErrors
        For a frame that does not fit, and a column that is not there.
    """
    from peerreview.paper.citations import cite_studies
    from peerreview.paper.sheets import studies as sheets

    cited = {}
    if reports is not None and unique is not None:
        cited = cite_studies(fit(reports, tables.REPORTS), fit(unique, tables.UNIQUE, "unique"))
    return Sheet(sheets.characteristics(fit(studies, tables.STUDIES), citations=cited, columns=columns))


def count_studies(studies: pd.DataFrame, by: str) -> Sheet:
    """
    Return how many studies have each value of a column, with their share.

    Parameters
    ----------
    studies : ``study_id, label`` and the column. by : its name, as in ``country``; a cell may be a list
        joined by ``; ``.

    Raises
    ------
    InputError, InputErrors
        For a frame that does not fit, and a column that is not there.
    """
    from peerreview.paper.sheets.studies import study_counts

    return Sheet(study_counts(fit(studies, tables.STUDIES), by))


def list_excluded(
    screening: pd.DataFrame, unique: pd.DataFrame, *, sources: pd.DataFrame | None = None
) -> Sheet:
    """
    Return the table of the full texts excluded, each with its reason and citation.

    Parameters
    ----------
    screening : ``record_id, stage, outcome, reason``, as ``settle`` returned it.
    unique : the records cited, as ``keep_one`` returned them. sources : the searches, as in ``read_exports``.

    Raises
    ------
    InputErrors
        For a frame that does not fit, by row and column.

    References
    ----------
    PRISMA 2020, item 16b, doi:10.1136/bmj.n71.
    """
    return lay_out("excluded", screening=screening, unique=unique, sources=sources)


def list_searches(sources: pd.DataFrame, *, records: pd.DataFrame | None = None) -> Sheet:
    """
    Return the table of the searches: source, platform, date, records found and imported, query.

    Parameters
    ----------
    sources : the searches, as in ``read_exports``. records : what was imported, as in ``find_duplicates``.

    Raises
    ------
    InputErrors
        For a frame that does not fit, by row and column.

    References
    ----------
    PRISMA-S, doi:10.1186/s13643-020-01542-z.
    """
    from peerreview.paper.sheets.searches import searches

    there = tables.empty(tables.RECORDS) if records is None else fit(records, tables.RECORDS)
    return Sheet(searches(fit(sources, tables.SOURCES), there))


def lay_out(name: str, **frames: pd.DataFrame | None) -> Sheet:
    """
    Return a sheet by its name, one that ships or another package's, from the tables that it asks for.

    Parameters
    ----------
    name : as in ``peerreview table NAME``. frames : each table under its name, with that table's columns,
        as in ``lay_out("excluded", screening=…, unique=…)``.

    Raises
    ------
    UsageError
        For a name that no such sheet has, and for a table that it asks for and was not given.
    InputErrors
        For a frame that does not fit, by row and column.
    PluginError
        Where another package's sheet does not work.
    """
    from peerreview.paper.sheets import registry

    known: dict[str, registry.Layout] = {each.NAME: each for each in registry.shipped()}
    others = {} if name in known else {plugin.name: plugin for plugin in registry.offered()}
    if name not in (*known, *others):
        raise UsageError(f"no sheet is called {name!r}; sheets are {', '.join([*known, *others])}")
    sheet = known[name] if name in known else registry.load(others[name])
    given = {table: frame for table, frame in frames.items() if frame is not None}
    missing = [table for table in sheet.TABLES if table not in given]
    strange = [table for table in given if table not in (*sheet.TABLES, *sheet.OPTIONAL)]
    if missing or strange:
        asked = ", ".join([*sheet.TABLES, *(f"{table} (or none)" for table in sheet.OPTIONAL)])
        raise UsageError(f"the sheet {name!r} takes {asked}")
    read = {
        table: fit(given[table], registry.READABLE[table])
        if table in given
        else tables.empty(registry.READABLE[table])
        for table in (*sheet.TABLES, *sheet.OPTIONAL)
    }
    return Sheet(sheet.lay_out(**read))


def _instrument(chosen: str) -> Instrument:
    from peerreview.synthesis import instrument

    if not chosen.endswith(".toml"):
        return instrument.named(chosen)
    path = Path(chosen)
    return instrument.parse(reading.read_text(path), path.stem, path=chosen)
