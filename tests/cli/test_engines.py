"""``dedupe --engine dask`` writes what ``dedupe`` writes, byte for byte, and goes on where it died."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app, engines
from peerreview.tables import reading, writing
from tests.variants import invent

OUTPUTS = ("unique.csv", "duplicates.csv", "possible.csv")
WITHOUT = "--engine dask is not tested: pip install dask distributed pyarrow"
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Yield the address of a cluster of threads in this process: quick to begin."""
    distributed = pytest.importorskip("distributed", reason=WITHOUT)
    with distributed.Client(processes=False, n_workers=1, dashboard_address="127.0.0.1:0") as client:
        yield client.scheduler.address


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Return a file of invented records."""
    path = tmp_path / "records.csv"
    writing.write(invent(200, seed=2)[0], path)
    return path


def dedupe(records: Path, *words: str, to: str = "out") -> tuple[int, str]:
    """Return the exit status and what was said."""
    folder = records.parent / to
    folder.mkdir(exist_ok=True)
    done = CliRunner().invoke(app, ["dedupe", str(records), "-o", str(folder / "unique.csv"), *words])
    return done.exit_code, done.stderr


@pytest.mark.slow
def test_dask_on_this_machine_writes_the_same_bytes(records: Path) -> None:
    pytest.importorskip("distributed", reason=WITHOUT)

    assert dedupe(records, "--quiet", to="memory") == (0, "")
    assert dedupe(records, "--quiet", "--engine", "dask", "--workers", "1", to="dask") == (0, "")

    for name in OUTPUTS:
        one, other = ((records.parent / engine / name).read_bytes() for engine in ("memory", "dask"))
        assert one == other
    assert sorted(path.name for path in (records.parent / "dask").iterdir()) == sorted(OUTPUTS)


def test_a_run_that_died_goes_on_and_leaves_no_checkpoint(
    records: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = records.parent / "steps"
    on_dask = "--engine", "dask", "--scheduler", scheduler, "--checkpoint", str(steps)
    with monkeypatch.context() as patched:
        patched.setattr("peerreview.duplicates.engines.dask.Met.telling", lambda _: 1 / 0)
        assert dedupe(records, *on_dask)[0] == 1
    assert (steps / "records-0.arrow").exists()

    status, said = dedupe(records, *on_dask)

    assert status == 0
    assert f"goes on from the steps in {steps}" in said
    assert not steps.exists()
    assert dedupe(records, "--quiet", to="memory") == (0, "")
    for name in OUTPUTS:
        one, other = ((records.parent / folder / name).read_bytes() for folder in ("memory", "out"))
        assert one == other


def test_workers_that_do_not_start_are_told_of(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason=WITHOUT)

    def fail(**_: object) -> None:
        message = "Nanny failed to start."
        raise RuntimeError(message)

    monkeypatch.setattr(distributed, "LocalCluster", fail)

    told = "Dask's workers did not start; begin again, or name fewer\n"
    assert dedupe(records, "--engine", "dask") == (1, told)
    assert not list((records.parent / "out").iterdir())


def test_a_checkpoint_of_other_records_is_not_gone_on_from(records: Path, scheduler: str) -> None:
    steps = records.parent / "steps"
    steps.mkdir()
    (steps / engines.STAMP).write_text('{"schema": "peerreview/checkpoint/1", "of": "0"}')
    on_dask = "--engine", "dask", "--scheduler", scheduler, "--checkpoint", str(steps)

    status, said = dedupe(records, *on_dask)

    assert status == 1
    assert f"{steps}: holds the steps of another run, of other records or rules; name another folder" in said
    (steps / engines.STAMP).write_text("{")
    assert dedupe(records, *on_dask)[0] == 1
    (steps / engines.STAMP).unlink()
    (steps / "thesis.docx").touch()
    assert (
        f"{steps}: holds thesis.docx, which is no step; name an empty folder" in dedupe(records, *on_dask)[1]
    )
    assert "is no folder to keep steps in" in dedupe(records, *on_dask[:-1], str(records))[1]


@pytest.mark.parametrize("missing", ["dask", "distributed", "pyarrow"])
def test_without_dask_the_way_to_it_is_named(
    records: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    status, said = dedupe(records, "--engine", "dask")

    assert status == 1
    assert "--engine dask needs dask and distributed and pyarrow: pip install dask distributed" in said
    assert list((records.parent / "out").iterdir()) == []


def test_what_goes_with_one_engine_is_refused_with_the_other(records: Path) -> None:
    assert dedupe(records, "--scheduler", "tcp://127.0.0.1:8786")[0] == 2
    assert dedupe(records, "--checkpoint", "steps")[0] == 2
    assert dedupe(records, "--engine", "dask", "--explain", "a", "b")[0] == 2
    assert dedupe(records, "--engine", "dask", "--review")[0] == 2
    assert dedupe(records, "--engine", "spark")[0] == 2


def test_before_memory_runs_out_dask_is_named(records: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--engine dask" not in dedupe(records)[1]
    monkeypatch.setattr(engines, "_free_memory", lambda: 100_000)

    status, said = dedupe(records)

    assert status == 0
    assert "200 records take about 0.0 GB, and 0.0 GB are free: use --engine dask, which takes" in said


def test_what_a_container_leaves_free_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "/proc/meminfo": "MemTotal: 16 kB\nMemAvailable:   9000 kB\n",
        "/sys/fs/cgroup/memory.max": "4000000\n",
        "/sys/fs/cgroup/memory.current": "1000000\n",
    }
    monkeypatch.setattr(engines, "_read", lambda path: files.get(path, ""))
    assert engines._free_memory() == 3_000_000
    files["/sys/fs/cgroup/memory.max"] = "max\n"
    assert engines._free_memory() == 9000 * 1024
    files.clear()
    assert engines._free_memory() == 0


def test_parquet_goes_in_and_out_in_parts(
    records: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tables.mapped", "duplicates.keeping"):
        monkeypatch.setattr(f"peerreview.{module}.AT_ONCE", 37)
    table = reading.read(records, tables.RECORDS)
    writing.write(table, records.with_suffix(".parquet"))
    assert dedupe(records, "--quiet", to="memory") == (0, "")
    out = records.parent / "out"

    done = CliRunner().invoke(
        app,
        [
            *("dedupe", str(records.with_suffix(".parquet")), "-o", str(out / "unique.parquet"), "--quiet"),
            *("--engine", "dask", "--scheduler", scheduler),
        ],
    )

    assert (done.exit_code, done.stderr) == (0, "")
    pd.testing.assert_frame_equal(
        reading.read(records.parent / "memory" / "unique.csv", tables.UNIQUE),
        reading.read(out / "unique.parquet", tables.UNIQUE),
    )
    for name in ("duplicates.csv", "possible.csv"):
        assert (records.parent / "memory" / name).read_bytes() == (out / name).read_bytes()
    assert sorted(path.name for path in out.iterdir()) == ["duplicates.csv", "possible.csv", "unique.parquet"]
