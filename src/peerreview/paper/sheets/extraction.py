"""Two people's extractions → how far they agree, and where they differ."""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from peerreview.agreement.judgements import agree_pairwise
from peerreview.paper.sheets import Cell, Column, Sheet, heading_of, rows_of
from peerreview.synthesis.extraction import extracted
from peerreview.tables import row_errors
from peerreview.values.counts import counted
from peerreview.values.folding import same


def extractor_agreement(extractions: Mapping[str, pd.DataFrame]) -> Sheet:
    """
    Return how far people agree on each field of the studies in which both filled it in.

    A blank says nothing: two of them are no agreement, and what one filled in alone is counted apart.

    Parameters
    ----------
    extractions : person → studies as that person extracted them.
    """
    spelled, alone = _matched(extractions)
    rows: list[list[Cell | str]] = []
    for column, columns_of in spelled.items():
        said = {
            person: dict(zip(studies["study_id"], studies[columns_of[person]].map(same), strict=True))
            for person, studies in extractions.items()
        }
        for first, second in combinations(sorted(said), 2):
            rows += _of_pair(column, {first: said[first], second: said[second]})
    columns = (
        Column("field", "Field"),
        Column("pair", "Extractors"),
        Column("n", "Studies filled in by both", number=True),
        Column("alone", "By one alone", number=True),
        Column("percent", "Agreement", number=True),
        Column("kappa", "Cohen's kappa", number=True),
    )
    note = (
        "Case and spaces aside; cells that both filled in. Cohen's kappa, – where it is not defined, means "
        "little for free text."
    )
    return Sheet(
        "extraction", "Agreement between extractors by field", columns, rows_of(rows), (note, *alone)
    )


def _of_pair(column: str, said: Mapping[str, Mapping[str, str]]) -> list[list[Cell | str]]:
    """Return the row of two people and a field; none where they have no study in common."""
    (first, by_first), (second, by_second) = said.items()
    both = [study for study in by_first if study in by_second]
    if not both:
        return []
    filled = [study for study in both if by_first[study] and by_second[study]]
    n_alone = sum(bool(by_first[study]) != bool(by_second[study]) for study in both)
    told = {person: {study: cells[study] for study in filled} for person, cells in said.items()}
    categories = sorted({cell for cells in told.values() for cell in cells.values()})
    share, kappa = "–", "–"
    pair = next(iter(agree_pairwise(told, categories)), None)
    named = f"{first} – {second}" if pair is None else f"{pair.first} – {pair.second}"
    if pair is not None and pair.percent is not None:
        share = f"{100 * pair.percent:.1f}%"
    if pair is not None and pair.kappa.value is not None:
        kappa = f"{pair.kappa.value:.2f}"
    return [[heading_of(column), named, str(len(filled)), str(n_alone), share, kappa]]


def check_labels(extractions: Mapping[str, pd.DataFrame]) -> None:
    """
    Check that no study has one id in one person's table and another in the next one's.

    Parameters
    ----------
    extractions : person → ``study_id, label``.

    Raises
    ------
    InputErrors
        With the line of each row whose label is another study's to somebody else.
    """
    for first, second in combinations(sorted(extractions), 2):
        labels = _labels(extractions[first])
        called: dict[str, list[str]] = {}
        for study_id, label in labels.items():
            called.setdefault(same(label), []).append(study_id)
        crossed = []
        for row, (study_id, label) in enumerate(_labels(extractions[second]).items()):
            others = called.get(same(label), [])
            if label and study_id in labels and others and study_id not in others:
                told = f"{label!r} is {study_id} here and {' or '.join(others)} to {first}; give it one id"
                crossed.append((row, told))
        if crossed:
            raise row_errors(extractions[second], crossed)


def _labels(studies: pd.DataFrame) -> dict[str, str]:
    return dict(zip(studies["study_id"], studies["label"], strict=True))


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
    shown, _ = _matched(extractions)
    for person in people:
        for row in extractions[person].to_dict("records"):
            labels.setdefault(row["study_id"], row["label"])
            for column, columns_of in shown.items():
                cells.setdefault((row["study_id"], column), {})[person] = row[columns_of[person]]
    agreed: dict[tuple[str, str], str] = {}
    if consensus is not None:
        called = {_folded(column): column for column in consensus.columns}
        agreed = {
            (row["study_id"], column): row[called[_folded(column)]].strip()
            for row in consensus.to_dict("records")
            for column in shown
            if _folded(column) in called
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
    told = f"{counted(len(rows), 'cell')} to settle."
    if consensus is not None:
        told = f"{sum(not row[-1] for row in rows):,} of {len(rows):,} cells are left to settle."
    return Sheet("differences", "Where extractors differ", columns, rows_of(rows), (told,))


def _matched(extractions: Mapping[str, pd.DataFrame]) -> tuple[dict[str, dict[str, str]], list[str]]:
    """
    Return the columns that everyone has, with each person's spelling, and a note on those of some alone.

    They are called as the first one calls them, in that one's order; ``Dose_mg`` is ``dose mg``.
    """
    people = sorted(extractions)
    folded = {
        person: {_folded(column): column for column in reversed(extracted(extractions[person]))}
        for person in people
    }
    first, *others = people
    spelled = {
        column: {first: column} | {
            other: column if column in extractions[other] else folded[other][_folded(column)]
            for other in others
        }
        for column in extracted(extractions[first])
        if all(column in extractions[other] or _folded(column) in folded[other] for other in others)
    }  # fmt: skip
    taken = {(person, column) for columns_of in spelled.values() for person, column in columns_of.items()}
    left = {
        person: [column for column in extracted(extractions[person]) if (person, column) not in taken]
        for person in people
    }
    told = "; ".join(f"{', '.join(columns)} ({person})" for person, columns in left.items() if columns)
    return spelled, [f"Not compared, as not everyone has the column: {told}."] if told else []


def _folded(column: str) -> str:
    return same(column.replace("_", " "))
