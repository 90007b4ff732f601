"""``dedupe --engine dask`` writes what ``dedupe`` writes, byte for byte."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.tables import writing
from tests.variants import invent

OUTPUTS = ("unique.csv", "duplicates.csv", "possible.csv")


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stderr


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_dask_writes_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip(
        "distributed", reason="--engine dask is not tested: pip install dask distributed pyarrow"
    )
    writing.write(invent(300, seed=2)[0], tmp_path / "records.csv")
    for engine in ("memory", "dask"):
        (tmp_path / engine).mkdir()
        told = run(
            *("dedupe", str(tmp_path / "records.csv"), "-o", str(tmp_path / engine / "unique.csv")),
            *("--engine", engine, "--workers", "1", "--quiet"),
        )

        assert told == (0, "")

    for name in OUTPUTS:
        assert (tmp_path / "memory" / name).read_bytes() == (tmp_path / "dask" / name).read_bytes()
    assert sorted(path.name for path in (tmp_path / "dask").iterdir()) == sorted(OUTPUTS)


def test_without_dask_the_way_to_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    writing.write(invent(3, seed=2)[0], tmp_path / "records.csv")

    told = run(
        *("dedupe", str(tmp_path / "records.csv"), "-o", str(tmp_path / "unique.csv"), "--engine", "dask")
    )

    assert told[0] == 1
    assert "--engine dask needs dask and distributed and pyarrow: pip install dask distributed" in told[1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.csv"]


def test_a_scheduler_goes_with_dask(tmp_path: Path) -> None:
    writing.write(invent(3, seed=2)[0], tmp_path / "records.csv")
    words = "dedupe", str(tmp_path / "records.csv"), "-o", str(tmp_path / "unique.csv")

    assert run(*words, "--scheduler", "tcp://127.0.0.1:8786")[0] == 2
    assert run(*words, "--engine", "dask", "--explain", "a", "b")[0] == 2
    assert run(*words, "--engine", "spark")[0] == 2
