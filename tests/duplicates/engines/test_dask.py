"""Records in parts, on however many workers, give the duplicates that all in memory give, byte for byte."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from peerreview import __version__, tables
from peerreview.cli.clusters import SETTINGS, connected
from peerreview.duplicates import blocking
from peerreview.duplicates.engines import stored
from peerreview.duplicates.engines.dask import Dask
from peerreview.duplicates.rounds import Found, find_duplicates
from peerreview.errors import PeerreviewError
from tests.batches import one_after_the_other
from tests.duplicates.articles import RULES
from tests.variants import invent, invent_beyond_medicine

distributed = pytest.importorskip(
    "distributed", reason="--engine dask is not tested: pip install dask distributed pyarrow"
)
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Yield a cluster of threads in this process: quick to begin."""
    with distributed.Client(
        processes=False, n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as client:
        yield client


def invented(n_records: int, seed: int) -> pd.DataFrame:
    """Return records of medicine and of computing, a third of them of a second search."""
    halves = (make(n_records // 2, seed=seed)[0] for make in (invent, invent_beyond_medicine))
    records = pd.concat(halves, ignore_index=True)
    records.loc[::3, "round"] = "2"
    return records


def assert_same(one: Found, other: Found) -> None:
    pd.testing.assert_frame_equal(one.duplicates, other.duplicates)
    assert one.joined == other.joined
    assert one.lessons == other.lessons
    assert one.crowds == other.crowds
    assert list(one.lessons.venues) == list(other.lessons.venues)


def finished(folder: Path) -> dict[str, int]:
    """Return when each file was written, without those that workers are still at after an interrupt."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*")}


@pytest.mark.parametrize("size", [3, 61, 1000])
def test_records_in_parts_of_any_size_have_the_same_duplicates(
    client: Any, tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = invented(40 if size == 3 else 300, seed=size)
    monkeypatch.setattr(stored, "AT_ONCE", 7)

    in_parts = find_duplicates(records, RULES, engine=Dask(client, tmp_path, size=size))

    in_memory = find_duplicates(records, RULES)
    assert_same(in_memory, in_parts)
    assert len(in_memory.duplicates) > 10


def test_a_later_search_finds_the_same_with_keys_that_dask_left(client: Any, tmp_path: Path) -> None:
    records = invented(300, seed=5)
    steps, keys = tmp_path / "steps", tmp_path / "keys"
    steps.mkdir()
    keys.mkdir()

    found, _ = one_after_the_other(records, keys, RULES, engine=Dask(client, steps, size=61))

    pd.testing.assert_frame_equal(find_duplicates(records, RULES).duplicates, found.found.duplicates)


def test_in_a_crowded_block_the_same_neighbours_meet(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "NEIGHBOURS", 2)
    records = invented(200, seed=9)
    records.loc[::4, "title"] = "Editorial"
    records.loc[::8, "title"] = "Message from the chair"

    in_parts = find_duplicates(records, RULES, engine=Dask(client, tmp_path, size=23))

    assert_same(find_duplicates(records, RULES), in_parts)
    assert max(crowd.largest for crowd in in_parts.crowds if crowd.key == "title") == 25


@pytest.mark.parametrize("n_records", [0, 1])
def test_where_there_is_nothing_to_compare_there_are_no_duplicates(
    client: Any, tmp_path: Path, n_records: int
) -> None:
    records = invent(1, seed=1)[0].iloc[:n_records]

    found = find_duplicates(records, RULES, engine=Dask(client, tmp_path))

    assert_same(find_duplicates(records, RULES), found)


def test_peoples_word_holds_in_parts_as_in_memory(client: Any, tmp_path: Path) -> None:
    records = invented(300, seed=4)
    plain = find_duplicates(records, RULES)
    removed = plain.duplicates[plain.duplicates["verdict"] == "duplicate"].iloc[:3]
    rows = [
        {"record_id": one, "duplicate_of": other, "verdict": "distinct", "by": "ana"}
        for one, other in zip(removed["record_id"], removed["duplicate_of"], strict=True)
    ]
    words = tables.make(tables.OVERRIDE, rows)

    in_parts = find_duplicates(records, RULES, overrides=words, engine=Dask(client, tmp_path, size=50))

    assert_same(find_duplicates(records, RULES, overrides=words), in_parts)
    assert not plain.duplicates.equals(in_parts.duplicates)


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    records = invented(400, seed=6)
    killed: list[int] = []

    def watch(of: str, done: int, total: int) -> None:
        del total
        if of == "parts compared" and done == 1 and not killed:
            killed.append(min(engine.client.run(os.getpid).values()))
            os.kill(killed[0], signal.SIGKILL)

    with connected(tmp_path, workers=2, watch=watch, size=29) as engine:
        found = find_duplicates(records, RULES, engine=engine)

    assert killed
    assert_same(find_duplicates(records, RULES), found)


def test_a_run_that_died_goes_on_from_its_last_finished_step(client: Any, tmp_path: Path) -> None:
    records = invented(300, seed=11)
    told: list[str] = []

    def die(of: str, done: int, total: int) -> None:
        del total
        told.append(of)
        if told.count("buckets of blocks") > 9 and done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_duplicates(records, RULES, engine=Dask(client, tmp_path, die, size=47))
    stood = finished(tmp_path)
    found = find_duplicates(records, RULES, engine=Dask(client, tmp_path, size=47))

    assert_same(find_duplicates(records, RULES), found)
    assert {"records-0.arrow", "judged-first-0.arrow"} <= set(stood)
    assert "judged-1-0.arrow" not in stood or "judged-2-0.arrow" not in stood
    kept = {name for name in stood if name.startswith(("cells", "keys", "records", "judged"))}
    again = finished(tmp_path)
    assert {name: again[name] for name in kept} == {name: stood[name] for name in kept}


def test_where_no_scheduler_answers_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peerreview.cli.clusters.PATIENCE", 0.2)

    with (
        pytest.raises(PeerreviewError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers there"),
        connected(tmp_path, scheduler="tcp://127.0.0.1:9"),
    ):
        pass


def test_a_cluster_is_used_by_its_address(client: Any, tmp_path: Path) -> None:
    records = invented(60, seed=3)

    with connected(tmp_path, scheduler=client.scheduler.address, size=17) as engine:
        found = find_duplicates(records, RULES, engine=engine)

    assert_same(find_duplicates(records, RULES), found)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((__version__, False), r"does not see .*; name a folder that all workers share"),
        (("0.0.9", True), "has peerreview 0.0.9, not"),
        (None, "has no workers"),
    ],
)
def test_a_cluster_that_cannot_do_it_is_told(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Any, said: str
) -> None:
    answers = {"tcp://10.0.0.2:4000": told} if told else {}
    monkeypatch.setattr("distributed.Client.run", lambda *_: answers)

    with (
        pytest.raises(PeerreviewError, match=said),
        connected(tmp_path, scheduler=client.scheduler.address),
    ):
        pass


@pytest.mark.slow
def test_workers_that_die_again_and_again_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, "distributed.scheduler.allowed-failures", 0)

    with (
        pytest.raises(PeerreviewError, match="Dask's workers die at one step again and again"),
        connected(tmp_path, workers=1) as engine,
    ):
        engine.run("", os._exit, [(1,)])
