"""Two people who run commands in one folder at the same time, as processes of their own."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from peerreview import tables
from peerreview.tables import reading, writing
from tests.builders import make, make_records, make_votes

ROUNDS = 2


def at_once(folder: Path, *commands: Sequence[str]) -> list[tuple[int, str]]:
    """Run commands at the same time in a folder; return the exit status and stderr of each."""
    started = [
        subprocess.Popen(
            [sys.executable, *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for command in commands
    ]
    told = [process.communicate()[1] for process in started]
    return [(process.returncode, said) for process, said in zip(started, told, strict=True)]


def peerreview(*arguments: str) -> list[str]:
    return ["-m", "peerreview", *arguments]


@pytest.mark.slow
def test_of_two_who_settle_conflicts_at_once_no_answer_is_lost(tmp_path: Path) -> None:
    ids = [f"r{number}" for number in range(100)]
    writing.write(make(tables.UNIQUE, record_id=ids, title=ids), tmp_path / "unique.csv")
    (tmp_path / "decisions").mkdir()
    for name, decision in (("ana", "include"), ("bo", "exclude")):
        votes = make_votes(*(f"{each} {name} title_abstract {decision}" for each in ids))
        writing.write(votes, tmp_path / "decisions" / f"{name}.csv")

    for part, half in (("one", ids[:50]), ("other", ids[50:])):
        answers = {"record_id": half, "stage": ["title_abstract"] * 50, "decision": ["include"] * 50}
        writing.write(make(tables.CONFLICTS, **answers), tmp_path / f"{part}.csv")
    for number in range(ROUNDS):
        (tmp_path / "decisions" / "resolutions.csv").unlink(missing_ok=True)

        ended = at_once(
            tmp_path,
            peerreview("screen", "--resolve", "one.csv"),
            peerreview("screen", "--resolve", "other.csv"),
        )

        assert [status for status, _ in ended] == [0, 0], ended
        settled = reading.read(tmp_path / "decisions" / "resolutions.csv", tables.VOTES)
        assert sorted(settled["record_id"]) == sorted(ids), f"round {number}"
        # Whoever came last settled with all of them.
        outcomes = reading.read(tmp_path / "screening.csv", tables.SCREENING)
        of_titles = outcomes.loc[outcomes["stage"] == "title_abstract", "outcome"]
        assert set(of_titles) == {"include"}


@pytest.mark.slow
def test_the_same_answers_handed_in_twice_at_once_are_taken_once(tmp_path: Path) -> None:
    records = make_records(title=["Peer support in wards"] * 4, year=["2001", "2011", "2021", "1991"])
    writing.write(records, tmp_path / "records.csv")
    pairs = {"record_id": ["r2", "r3"], "duplicate_of": ["r1", "r1"], "verdict": ["distinct", "distinct"]}
    writing.write(make(tables.POSSIBLE, **pairs), tmp_path / "judged.csv")

    resolve = peerreview("dedupe", "--resolve", "judged.csv", "--workers", "1")
    ended = at_once(tmp_path, resolve, resolve)

    assert [status for status, _ in ended] == [0, 0], ended
    assert len(reading.read(tmp_path / "overrides.csv", tables.OVERRIDE)) == 2


REVIEW = """
import sys
from pathlib import Path
import typer
from peerreview import tables
from peerreview.cli import reviewing
from peerreview.duplicates.rules import default_rules
from peerreview.tables import reading
name, keys = sys.argv[1], iter(sys.argv[2])
typer.getchar = lambda: next(keys)
sys.stdin.isatty = sys.stderr.isatty = lambda: True
reviewing.review(
    reading.read(Path("records.csv"), tables.RECORDS), tables.empty(tables.OVERRIDE), default_rules(),
    overrides=Path("overrides.csv"), by=name, workers=1,
)
"""


@pytest.mark.slow
def test_a_verdict_of_one_erases_none_of_another_s(tmp_path: Path) -> None:
    n_works = 10
    works = [number // 2 for number in range(2 * n_works)]
    records = make_records(
        title=[f"Peer support workers in wards of town {'abcdefghij'[work] * 9}" for work in works],
        authors=[f"Reeves{'abcdefghij'[work] * 4}, Ann; Singh, Bo" for work in works],
        year=["2019"] * len(works),
        journal=["Health Policy"] * len(works),
        volume=["3"] * len(works),
        issue=[str(number % 2 + 1) for number in range(len(works))],
    )
    writing.write(records, tmp_path / "records.csv")
    for _ in range(ROUNDS):
        (tmp_path / "overrides.csv").unlink(missing_ok=True)

        # Ana judges the first five, Bo those below: each reads the other's word between two keys.
        ended = at_once(tmp_path, ["-c", REVIEW, "ana", "nnnnnq"], ["-c", REVIEW, "bo", "sssssnnnnnq"])

        assert [status for status, _ in ended] == [0, 0], ended
        said = reading.read(tmp_path / "overrides.csv", tables.OVERRIDE)
        pairs = {frozenset(pair) for pair in zip(said["record_id"], said["duplicate_of"], strict=True)}
        # A pair that Bo had judged by then is not asked of Ana again, who answers the next one.
        assert len(pairs) == len(said)
        assert len(pairs) == n_works


@pytest.mark.slow
def test_of_two_imports_into_one_table_none_drops_the_other_s_records_in_silence(tmp_path: Path) -> None:
    for name in "ab":
        lines = (f"TY  - JOUR\nTI  - Title {name} {number}\nER  - \n" for number in range(500))
        (tmp_path / f"{name}.ris").write_text("".join(lines), encoding="utf-8")
    for _ in range(ROUNDS):
        (tmp_path / "records.csv").unlink(missing_ok=True)

        declared = ("--source", "MEDLINE", "--kind", "database")
        ended = at_once(tmp_path, *(peerreview("import", f"{name}.ris", *declared) for name in "ab"))

        assert sorted(status for status, _ in ended) == [0, 1], ended
        refused = next(said for status, said in ended if status)
        assert "which is not given now; give it too, or --replace" in refused
        assert len(reading.read(tmp_path / "records.csv", tables.RECORDS)) == 500
