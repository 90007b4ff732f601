"""Two people's extractions → how far they agree, and where they differ."""

from collections.abc import Mapping

import pandas as pd

from peerreview.agreement.judgements import agree_pairwise
from peerreview.paper.sheets import Cell, Column, Sheet, heading_of, rows_of
from peerreview.synthesis.extraction import extracted
from peerreview.values.folding import same


def extractor_agreement(extractions: Mapping[str, pd.DataFrame]) -> Sheet:
    """
    Return how far people agree on each field of the studies that both extracted.

    Parameters
    ----------
    extractions : person → studies as that person extracted them.
    """
    rows: list[list[Cell | str]] = []
    for column in _common(extractions):
        said = {
            person: dict(zip(studies["study_id"], studies[column].map(same), strict=True))
            for person, studies in extractions.items()
        }
        categories = sorted({cell for cells in said.values() for cell in cells.values()})
        for pair in agree_pairwise(said, categories):
            share = "–" if pair.percent is None else f"{100 * pair.percent:.1f}%"
            kappa = "–" if pair.kappa.value is None else f"{pair.kappa.value:.2f}"
            rows.append([heading_of(column), f"{pair.first} – {pair.second}", str(pair.n), share, kappa])
    columns = (
        Column("field", "Field"),
        Column("pair", "Extractors"),
        Column("n", "Studies extracted by both", number=True),
        Column("percent", "Agreement", number=True),
        Column("kappa", "Cohen's kappa", number=True),
    )
    note = "Case and spaces aside; Cohen's kappa, – where it is not defined, means little for free text."
    return Sheet("extraction", "Agreement between extractors by field", columns, rows_of(rows), (note,))


def extraction_differences(
    extractions: Mapping[str, pd.DataFrame], consensus: pd.DataFrame | None = None
) -> Sheet:
    """
    Return the cells on which people differ, for them to settle, with what they agreed on.

    Parameters
    ----------
    extractions : person → ``study_id, label`` and what that person extracted.
    consensus : ``study_id`` and what they agreed on, in the same columns.
    """
    people = sorted(extractions)
    labels: dict[str, str] = {}
    cells: dict[tuple[str, str], dict[str, str]] = {}
    shown = _common(extractions)
    for person in people:
        for row in extractions[person].to_dict("records"):
            labels.setdefault(row["study_id"], row["label"])
            for column in shown:
                cells.setdefault((row["study_id"], column), {})[person] = row[column]
    agreed: dict[tuple[str, str], str] = {}
    if consensus is not None:
        agreed = {
            (row["study_id"], column): row[column].strip()
            for row in consensus.to_dict("records")
            for column in shown
            if column in row
        }
    rows = [
        [
            labels[study_id],
            heading_of(column),
            *(said.get(person, "not extracted") for person in people),
            *([agreed.get((study_id, column), "")] if consensus is not None else []),
        ]
        for (study_id, column), said in cells.items()
        if len({same(said.get(person, "not extracted")) for person in people}) > 1
    ]
    columns = (
        Column("study", "Study"),
        Column("field", "Field"),
        *(Column(person, person) for person in people),
        *([Column("consensus", "Consensus")] if consensus is not None else []),
    )
    told = f"{len(rows):,} cells to settle."
    if consensus is not None:
        told = f"{sum(not row[-1] for row in rows):,} of {len(rows):,} cells are left to settle."
    return Sheet("differences", "Where extractors differ", columns, rows_of(rows), (told,))


def _common(extractions: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the extracted columns that everyone has, in the first one's order."""
    first, *others = (extractions[person] for person in sorted(extractions))
    return [column for column in extracted(first) if all(column in other.columns for other in others)]
