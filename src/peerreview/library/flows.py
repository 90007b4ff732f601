"""Tables, or typed numbers, to a flow that is proven."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from peerreview import protocol as protocols
from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.library.frames import fit_optional, pairs_of
from peerreview.protocol import Protocol
from peerreview.tables import plugins, reading
from peerreview.tables.fitting import fit
from peerreview.tables.plugins import Kind

if TYPE_CHECKING:
    import pandas as pd

    from peerreview.library.results import Duplicates, Flow


def derive_flow(
    records: pd.DataFrame,
    duplicates: Duplicates | pd.DataFrame | None = None,
    screening: pd.DataFrame | None = None,
    *,
    reports: pd.DataFrame | None = None,
    studies: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
    previous: Flow | None = None,
    protocol: Protocol | None = None,
    show_zero: bool = False,
    allow_inconsistent: bool = False,
) -> Flow:
    """
    Return the PRISMA 2020 flow of a review, each box counted from the tables by itself, and proven.

    Parameters
    ----------
    records : as in ``find_duplicates``; all of them, duplicates too.
    duplicates : ``record_id, duplicate_of, verdict``, as ``find_duplicates`` returned it.
    screening : ``record_id, stage, outcome``, optionally ``reason, reviewers, resolved_by``, as ``settle``
        returned it.
    reports : ``record_id, study_id``; without it, the boxes of studies and reports are blank.
    studies : ``study_id, label``. sources : the searches, as in ``read_exports``.
    changes : studies retired or corrected after they were included: ``study_id, round, change, reason``.
    previous : the flow of the review's last version: an update is drawn.
    protocol : reasons in order, and what another program removed before the exports were made.
    show_zero : count 0 for what was not searched, too.
    allow_inconsistent : return a flow that does not add up; its figure is stamped so.

    Returns
    -------
    Flow(counted, verdicts, records, duplicates); ``counts`` are records, reports or studies.

    Raises
    ------
    InputErrors
        For a frame that does not fit, a row about a record that is not there, and a sum that does not hold.

    References
    ----------
    PRISMA 2020 flow diagram: Page et al. (2021), doi:10.1136/bmj.n71.
    """
    from dataclasses import replace

    from peerreview.flow import amended, identities
    from peerreview.flow.counting import derive
    from peerreview.flow.firmness import find_intervals
    from peerreview.library.results import Flow

    plan = protocol or Protocol()
    fitted = fit(records, tables.RECORDS)
    others = {
        "reports": fit_optional(reports, tables.REPORTS),
        "studies": fit_optional(studies, tables.STUDIES),
        "sources": fit_optional(sources, tables.SOURCES),
    }
    pairs = tables.empty(tables.DUPLICATES) if duplicates is None else pairs_of(duplicates)
    outcomes = tables.empty(tables.SCREENING) if screening is None else fit(screening, tables.SCREENING)
    counted = derive(
        fitted,
        pairs,
        outcomes,
        **others,
        previous=None if previous is None else previous.counted,
        reasons=plan.reasons,
        show_zero=show_zero,
        elsewhere=plan.elsewhere,
        libraries=plan.libraries,
        amended=(
            None if changes is None else amended.read(fit(changes, tables.CHANGES), fitted, pairs, **others)
        ),
    )
    counted = replace(
        counted, plugins=plugins_in_force(), intervals=find_intervals(counted, fitted, pairs, outcomes)
    )
    return _proven(Flow(counted, tuple(identities.check(counted)), fitted, pairs), allow_inconsistent)


def read_flow(path: str | Path, *, allow_inconsistent: bool = False) -> Flow:
    """
    Return a flow that ``prisma`` wrote as JSON, or numbers typed by people: TOML, JSON or PRISMA2020's CSV.

    Raises
    ------
    InputError, InputErrors
        For what is none of these, an unknown box, a count that is no whole number, and a sum that does
        not hold.
    """
    from peerreview.flow import exchange, identities
    from peerreview.library.results import Flow

    path = Path(path)
    counted = exchange.read_of(reading.read_text(path), path)
    none = tables.empty(tables.RECORDS), tables.empty(tables.DUPLICATES)
    return _proven(Flow(counted, tuple(identities.check(counted)), *none), allow_inconsistent)


def read_protocol(path: str | Path) -> Protocol:
    """
    Return the protocol in a ``peerreview.toml``.

    Raises
    ------
    InputError
        Where it is not there, and for an unknown key or a value of the wrong kind, with its line.
    """
    return protocols.read(Path(path))


def plugins_in_force() -> tuple[plugins.Plugin, ...]:
    """Return what other packages add, for the record: a flow may rest on what they read."""
    if not plugins.are_there():
        return ()
    from peerreview.imports.formats import registry as formats
    from peerreview.imports.strategies import registry as platforms
    from peerreview.paper.sheets import registry as sheets
    from peerreview.screening.screeners import registry as screeners
    from peerreview.synthesis import instrument

    return plugins.in_force(
        {
            Kind.FORMAT: formats.names(),
            Kind.SCREENER: screeners.SCREENERS,
            Kind.SHEET: sheets.names(),
            Kind.INSTRUMENT: instrument.names(),
            Kind.PLATFORM: platforms.names(),
        }
    )


def _proven(flow: Flow, allow_inconsistent: bool) -> Flow:  # noqa: FBT001
    from peerreview.flow import identities

    failing = identities.fails(flow.verdicts)
    if failing and not allow_inconsistent:
        raise InputErrors([InputError(str(verdict), path="flow") for verdict in failing])
    return flow
