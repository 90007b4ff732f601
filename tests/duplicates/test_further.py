"""New records against those of earlier searches: the verdicts are those of all records together."""

from pathlib import Path

import pandas as pd
import pytest

from peerreview import tables
from peerreview.duplicates import blocking, keeping
from peerreview.duplicates.rounds import find_duplicates
from tests.batches import in_rounds, one_after_the_other
from tests.builders import make, make_records
from tests.duplicates.articles import RULES
from tests.variants import invent, invent_beyond_medicine

pytest.importorskip("pyarrow", reason="dedupe --against is not tested: pip install pyarrow")


@pytest.mark.parametrize("seed", [1, 2])
def test_a_batch_has_the_verdicts_of_all_together(tmp_path: Path, seed: int) -> None:
    halves = [make(250, seed=seed)[0] for make in (invent, invent_beyond_medicine)]
    records = in_rounds(pd.concat(halves, ignore_index=True), 0.2, 0.1, seed=seed)

    found, unique = one_after_the_other(records, tmp_path, RULES)

    together = find_duplicates(records, RULES)
    pd.testing.assert_frame_equal(together.duplicates, found.found.duplicates)
    assert found.found.lessons == together.lessons
    pd.testing.assert_frame_equal(keeping.keep_one(records, together.duplicates), unique)
    assert len(together.duplicates) > 50


def test_a_new_record_meets_its_neighbours_in_a_crowd_of_earlier_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "NEIGHBOURS", 3)
    records = invent(200, seed=9)[0]
    records.loc[::4, "title"] = "Editorial"
    records = in_rounds(records, 0.3, seed=9)

    found, _ = one_after_the_other(records, tmp_path, RULES)

    pd.testing.assert_frame_equal(find_duplicates(records, RULES).duplicates, found.found.duplicates)
    assert found.found.crowds


def bridged() -> pd.DataFrame:
    """Return two records that are possibly one, and one of a later search that is both."""
    title = "Peer support workers in mental health services of three regions"
    return make_records(
        title=[title, title, title],
        authors=["Reeves, Ann; Singh, Bo", "Reeves, Ann; Singh, Bo", "Reeves, Ann; Singh, Bo"],
        year=["2019", "2020", "2019"],
        journal=["Lancet", "", "Lancet"],
        doi=["10.5555/a", "10.5555/b", ""],
        volume=["3", "", "3"],
        round=["1", "1", "2"],
    )


@pytest.mark.parametrize(
    "said", [[("r3", "r2", "duplicate"), ("r3", "r1", "duplicate")], [("r3", "r1", "distinct")]]
)
def test_people_have_the_last_word_on_new_records_and_earlier_ones(
    tmp_path: Path, said: list[tuple[str, str, str]]
) -> None:
    records = bridged()
    columns = dict(
        zip(("record_id", "duplicate_of", "verdict"), map(list, zip(*said, strict=True)), strict=True)
    )
    words = make(tables.OVERRIDE, **columns)
    folder = tmp_path / "keys"
    folder.mkdir()

    found, unique = one_after_the_other(records, folder, RULES, overrides=words)

    together = find_duplicates(records, RULES, overrides=words)
    pd.testing.assert_frame_equal(together.duplicates, found.found.duplicates)
    pd.testing.assert_frame_equal(keeping.keep_one(records, together.duplicates), unique)
    assert found.found.joined == together.joined == ((("r2", "r1"),) if len(said) == 2 else ())
