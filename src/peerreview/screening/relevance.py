"""
Which records are likelier to be relevant, and which words say so, learned from one reviewer's own votes.

The door to scikit-learn, which comes with the extra ``rank``. Words of title
and abstract are weighted by TF-IDF over all records of the review, whoever
voted on them; logistic regression learns from one reviewer's votes. Nothing
here is drawn at random, and no library's threads add numbers up in another order.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from peerreview.errors import MissingToolError
from peerreview.tables import LIST

METHOD = "TF-IDF and logistic regression"
"""What the ranking is done by, in a report's words (PRISMA 2020, item 8)."""
EXPLAINED = ("rank", "record_id", "score", "words_for", "words_against")
MOST_WORDS = 3
"""Words told of each record, for and against."""
_DIGITS = 6
"""
Decimals of a score that count: well above what two builds of a library differ by, and so that what
is equal but for that goes by its id.
"""
_C = 1.0
_MOST_STEPS = 1000
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Spoken:
    """
    Why a record stands where it does: its rank from 1, and the words that spoke for and against it.

    ``score`` is the log odds that the regression gives, which is no probability: the votes
    that it learned from are no sample. Words stand with the most telling first.
    """

    rank: int
    score: float
    words_for: tuple[str, ...]
    words_against: tuple[str, ...]

    def __str__(self) -> str:
        told = [f"for: {', '.join(self.words_for)}"] if self.words_for else []
        told += [f"against: {', '.join(self.words_against)}"] if self.words_against else []
        return "; ".join([str(self.rank), *told])


@dataclass(frozen=True)
class Ranked:
    """Records, the likeliest first; ``spoken`` says why; ``method`` and ``remarks`` are for people."""

    records: tuple[str, ...]
    spoken: Mapping[str, Spoken]
    method: str
    remarks: tuple[str, ...] = ()


class Ranker:
    """
    The words of all records, to rank some of them by votes on others, as often as is asked.

    Parameters
    ----------
    unique : ``record_id, title, abstract`` of all records of the review.

    Raises
    ------
    MissingToolError
        Without scikit-learn.
    """

    def __init__(self, unique: pd.DataFrame) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  an extra
        except ImportError as error:
            raise MissingToolError.of("an order by relevance", "scikit-learn") from error
        columns = (unique[name].tolist() for name in ("record_id", "title", "abstract"))
        texts = sorted((each, f"{title} {abstract}") for each, title, abstract in zip(*columns, strict=True))
        self.places = {record_id: place for place, (record_id, _) in enumerate(texts)}
        # Two letters or digits make a word, and two words in a row count as one more. English function
        # words tell nothing, and a word of one record cannot tell of another.
        weighing = TfidfVectorizer(
            sublinear_tf=True,
            ngram_range=(1, 2),
            stop_words="english",
            min_df=2 if len(texts) > 1 else 1,
        )
        try:
            self.weights: Any = weighing.fit_transform([text for _, text in texts])
        except ValueError:
            # No word stands in two records.
            self.weights, self.words = None, np.array([], dtype=object)
            return
        self.words = weighing.get_feature_names_out()

    def scores(self, own: Mapping[str, bool]) -> tuple[np.ndarray, np.ndarray]:
        """
        Return the log odds of all records by place, and each word's weight, from votes both ways.

        A vote to include weighs 1, and all to exclude together weigh no more
        than all to include: however many there are, the few are not drowned.
        """
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  an extra

        known = sorted(each for each in own if each in self.places)
        voted = self.weights[[self.places[each] for each in known]]
        # A word that stands in no record voted on weighs nothing, and is quicker left out.
        there = np.unique(voted.indices)
        weights = np.zeros(len(self.words))
        if not len(there):
            return np.zeros(len(self.places)), weights
        n_for = sum(own[each] for each in known)
        balance = {True: 1.0, False: n_for / (len(known) - n_for)}
        # The primal problem of liblinear draws nothing and runs on one thread.
        model = LogisticRegression(
            C=_C, solver="liblinear", class_weight=balance, tol=_TOLERANCE, max_iter=_MOST_STEPS
        )
        model.fit(voted[:, there], [own[each] for each in known])
        weights[there] = np.round(model.coef_[0], _DIGITS + 3)
        return np.round(self.weights @ weights + model.intercept_[0], _DIGITS), weights


def rank(unique: pd.DataFrame, own: Mapping[str, bool], left: Collection[str]) -> Ranked:
    """
    Return records, the likeliest first, as one reviewer's votes have it; of equal ones by id.

    Parameters
    ----------
    unique : ``record_id, title, abstract`` of all records of the review.
    own : the reviewer's votes, whether each sent its record on; both have to occur.
    left : the records to rank.

    Raises
    ------
    MissingToolError
        Without scikit-learn.
    """
    ranker = Ranker(unique)
    there = sorted(set(left))
    method = f"{METHOD} (scikit-learn {_version()})"
    if ranker.weights is None:
        told = "no word stands in two records, so that none tells of another: the order is by id"
        return Ranked(tuple(there), {}, method, (told,))
    scores, weights = ranker.scores(own)
    order = sorted(there, key=lambda each: (-scores[ranker.places[each]], each))
    spoken = {
        record_id: _told(ranker, record_id, place, scores, weights)
        for place, record_id in enumerate(order, start=1)
    }
    n_silent = sum(not (each.words_for or each.words_against) for each in spoken.values())
    remarks = (f"{n_silent:,} of them share no word with the records voted on",) if n_silent else ()
    return Ranked(tuple(order), spoken, method, remarks)


def explain(spoken: Mapping[str, Spoken]) -> pd.DataFrame:
    """Return why each record stands where it does as a table of text, the likeliest first."""
    rows = [
        {
            "rank": str(each.rank),
            "record_id": record_id,
            "score": f"{each.score:.3f}",
            "words_for": LIST.join(each.words_for),
            "words_against": LIST.join(each.words_against),
        }
        for record_id, each in spoken.items()
    ]
    return pd.DataFrame(rows, columns=list(EXPLAINED), dtype="str")


def _told(ranker: Ranker, record_id: str, place: int, scores: np.ndarray, weights: np.ndarray) -> Spoken:
    row = ranker.weights[ranker.places[record_id]]
    spoke = np.round(row.data * weights[row.indices], _DIGITS)
    said = list(zip(spoke.tolist(), ranker.words[row.indices].tolist(), strict=True))
    words_for = sorted((-weight, word) for weight, word in said if weight > 0)
    against = sorted((weight, word) for weight, word in said if weight < 0)
    return Spoken(
        place,
        float(scores[ranker.places[record_id]]),
        tuple(word for _, word in words_for[:MOST_WORDS]),
        tuple(word for _, word in against[:MOST_WORDS]),
    )


def _version() -> str:
    import sklearn  # noqa: PLC0415  an extra

    return str(sklearn.__version__)
