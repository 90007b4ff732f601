"""``dedupe --against`` writes the bytes that ``dedupe`` writes of all records, and refuses stale keys."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.duplicates import keeping
from peerreview.tables import reading, writing
from tests.batches import in_rounds
from tests.builders import make
from tests.variants import invent

OUTPUTS = "duplicates.csv", "possible.csv"
EXAMPLE = Path(__file__).parents[2] / "examples" / "living-update"
CLI = CliRunner()
pytest.importorskip("pyarrow", reason="dedupe --against is not tested: pip install pyarrow")


def run(*words: str) -> str:
    """Return what a command that is done said."""
    done = CLI.invoke(app, words)
    assert done.exit_code == 0, done.stderr
    return done.stderr


def refused(*words: str, status: int = 1) -> str:
    """Return what a command said that failed."""
    done = CLI.invoke(app, words)
    assert done.exit_code == status
    return done.stderr


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the records of three searches, all and each; the first was deduplicated."""
    monkeypatch.chdir(tmp_path)
    records = in_rounds(invent(120, seed=3)[0], 0.3, 0.1, seed=3)
    writing.write(records, tmp_path / "records.csv")
    for number, batch in records.groupby("round"):
        writing.write(batch, tmp_path / f"{number}.csv")
    run("dedupe", "1.csv", "-o", "one/unique.csv", "--keys", "one/keys", "-q")
    return tmp_path


def same(one: Path, other: Path, *names: str) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_search_after_search_gives_the_bytes_of_all_together(
    review: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 17)
    for folder in ("one", "two", "three", "all"):
        (review / folder).mkdir(exist_ok=True)
    unique = f"unique.{suffix}"
    run("dedupe", "1.csv", "-o", f"one/{unique}", "--keys", "keys", "-q")
    said = run("dedupe", "2.csv", "--against", f"one/{unique}", "--keys", "keys", "-o", f"two/{unique}")
    run("dedupe", "3.csv", "--against", f"two/{unique}", "--keys", "keys", "-o", f"three/{unique}")

    run("dedupe", "records.csv", "-o", f"all/{unique}", "-q")
    assert same(review / "three", review / "all", unique, *OUTPUTS)
    n_new = len(reading.read(review / "2.csv", tables.RECORDS))
    n_kept = len(reading.read(review / "two" / unique, tables.UNIQUE))
    assert f"{n_new} new records: " in said
    assert f"{n_kept} records kept of " in said

    run("dedupe", "2.csv", "--against", f"one/{unique}", "--keys", "keys", "-o", f"again/{unique}")
    assert same(review / "two", review / "again", unique, *OUTPUTS)


@pytest.mark.slow
def test_an_update_is_counted_as_if_all_had_been_deduplicated_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What both searches found has an id of its own in each where all exports are imported together."""
    made = tmp_path / "review"
    shutil.copytree(EXAMPLE, made, ignore=shutil.ignore_patterns("expected"))
    monkeypatch.chdir(made)
    run("import", *map(str, sorted(Path("exports").iterdir())), "--sources", "sources.csv", "-q")
    records = reading.read(Path("records.csv"), tables.RECORDS)
    writing.write(records[records["round"] == "1"], Path("base/records.csv"))
    run("dedupe", "base/records.csv", "-o", "base/unique.csv", "--keys", "base/keys", "-q")

    run("dedupe", "records.csv", "--against", "base/unique.csv", "-o", "unique.csv", "-q")

    run("screen", "unique.csv", "decisions/ana.csv", "decisions/ben.csv", "-q")
    run("prisma", "--previous", "published/flow-2021.json", "-o", "prisma.svg", "-q")
    assert same(made, EXAMPLE / "expected", "prisma.svg")


def test_keys_of_other_tables_rules_or_words_are_refused(review: Path) -> None:
    against = "dedupe", "2.csv", "--against", "one/unique.csv", "-o", "two/unique.csv"
    unique = (review / "one/unique.csv").read_bytes()
    (review / "one/unique.csv").write_bytes(unique + b"\n")
    assert "one/unique.csv: is not what the keys in one/keys were made with, or its" in refused(*against)
    (review / "one/unique.csv").write_bytes(unique)
    (review / "venues.csv").write_text("venue,same_as,verdict\nICML,Machine Learning,same\n")
    assert "one/keys: were made with other rules, another venues.csv or another peer" in refused(*against)
    (review / "venues.csv").unlink()
    shutil.move(review / "one/keys/1", review / "gone")
    assert "one/keys/1: is no folder of keys any more; run dedupe --keys on all" in refused(*against)
    shutil.rmtree(review / "one/keys")
    assert "one/keys: no such folder of keys; run dedupe --keys on all records again" in refused(*against)
    assert not (review / "two").exists()


@pytest.mark.slow
def test_a_word_that_was_taken_back_needs_all_records_again(review: Path) -> None:
    ids = reading.read(review / "1.csv", tables.RECORDS)["record_id"].tolist()
    apart = make(tables.OVERRIDE, record_id=[ids[0]], duplicate_of=[ids[1]], verdict=["distinct"])
    writing.write(apart, review / "overrides.csv")
    run("dedupe", "1.csv", "-o", "one/unique.csv", "--keys", "one/keys", "-q")
    against = "dedupe", "2.csv", "--against", "one/unique.csv", "-o", "two/unique.csv"
    run(*against, "-q")
    (review / "overrides.csv").unlink()

    assert f"were made when {ids[0]!r} and {ids[1]!r} were overridden as distinct" in refused(*against)

    removed = reading.read(review / "one/duplicates.csv", tables.DUPLICATES).iloc[0]
    one, other = removed["record_id"], removed["duplicate_of"]
    more = make(
        tables.OVERRIDE, record_id=[ids[0], one], duplicate_of=[ids[1], other], verdict=["distinct"] * 2
    )
    writing.write(more, review / "overrides.csv")
    assert (
        f"overrides.csv:3: {one!r} and {other!r} are distinct here, and one in an earlier search"
        in refused(*against)
    )


def test_records_that_are_not_later_ones_are_refused(review: Path) -> None:
    against = "--against", "one/unique.csv", "-o", "two/unique.csv"
    first, second = (reading.read(review / f"{number}.csv", tables.RECORDS) for number in (1, 2))
    known = first["record_id"][0]
    writing.write(second.assign(record_id=[known, *second["record_id"][1:]]), review / "again.csv")
    writing.write(second.assign(round="1"), review / "same.csv")
    writing.write(first[1:], review / "fewer.csv")

    assert f"again.csv:2: record {known!r} was found before" in refused("dedupe", "again.csv", *against)
    message = f"same.csv:2: record {second['record_id'][0]!r} is of round 1, and round 1 was searched without"
    assert message in refused("dedupe", "same.csv", *against)
    few = f"fewer.csv:2: {len(first) - 1} of the {len(first)} records of earlier rounds are here"
    assert few in refused("dedupe", "fewer.csv", *against)


def test_what_does_not_go_with_keys_is_refused(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    against = "dedupe", "2.csv", "--against", "one/unique.csv"
    assert "--since goes with all records" in refused(*against, "--since", "2", status=2)
    assert "--engine goes with all records" in refused(*against, "--engine", "dask", status=2)
    assert "keys go with an output in a file" in refused(*against, "-o", "-", status=2)
    (review / "other").mkdir()
    (review / "other/thesis.docx").touch()
    keys = "dedupe", "1.csv", "-o", "new/unique.csv", "--keys"
    assert "other: holds thesis.docx, which is no key; name an empty folder" in refused(*keys, "other")
    assert "1.csv: is no folder to keep keys in" in refused(*keys, "1.csv")
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "pyarrow", None)
        assert "--keys needs pyarrow" in refused(*keys, "keys")


def test_keys_say_of_which_tables_they_are_and_of_no_machine(review: Path) -> None:
    listed = json.loads((review / "one/keys/keys.json").read_text(encoding="utf-8"))

    assert listed["schema"] == "peerreview/keys/1"
    assert reading.digest(review / "one/unique.csv") in listed["searches"][0]["of"]
    assert str(review) not in json.dumps(listed)
