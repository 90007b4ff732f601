import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
RECORD = """TY  - JOUR
AN  - {number}
TI  - {title}
AU  - {author}, A.
PY  - 20{number:02}
JO  - Journal of {author} Studies
ER  -
"""
TITLES = ("Peer support in hospitals", "Supervision of nurses", "Sleep and school", "Housing after prison")
AUTHORS = ("Abbot", "Bell", "Cole", "Dunn")


def test_a_newcomer_reads_it_in_five_minutes() -> None:
    words = README.read_text(encoding="utf-8").split()

    # 200 words a minute.
    assert len(words) <= 1_000


def test_both_lines_to_set_up_stand_each_on_a_line_of_its_own() -> None:
    lines = [line.strip() for line in README.read_text(encoding="utf-8").splitlines()]

    (example,) = [line for line in lines if "make -C examples/peer-workforce" in line]
    (tests,) = [line for line in lines if line.startswith("python3 -m venv") and "nox -s tests" in line]
    assert example.startswith("python3 -m venv .venv && .venv/bin/pip install -q . && ")
    assert tests.endswith(".venv/bin/nox -s tests")


@pytest.mark.parametrize("shell", ["bash", "zsh", "dash"])
def test_peerreview_is_there_once_the_environment_is_activated(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} on this machine")
    if not Path(sys.prefix, "bin", "activate").is_file():
        pytest.skip("the tests run in no virtual environment that could be activated")
    shown = re.search(
        r"^    (\. \.venv/bin/activate && .*)$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert shown
    command = shown[1].replace(".venv", f"'{sys.prefix}'")

    told = subprocess.run(
        [shell, "-c", command],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Usage: peerreview" in told.stdout


def test_the_extras_are_those_of_the_project() -> None:
    with (README.parent / "pyproject.toml").open("rb") as stream:
        extras = tomllib.load(stream)["project"]["optional-dependencies"]
    told = re.search(
        r"need extras: `pip install '\.\[all\]'`, or one of\n(.*?);", README.read_text(encoding="utf-8")
    )

    assert told
    named = [name for name in re.findall(r"`(\w+)`", told[1]) if name != "all"]
    assert named == [name for name in extras if name != "all"]
    # Dask and what it brings along are for the few who have millions of records.
    assert extras["all"] == [f"peerreview[{','.join(name for name in named if name != 'dask')}]"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine: the tour did not run")
def test_the_tour_runs(tmp_path: Path) -> None:
    tour = re.search(r"<!-- tour -->\n```make\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert tour
    for folder in ("exports", "decisions"):
        (tmp_path / folder).mkdir()
    (tmp_path / "Makefile").write_text(tour[1])
    records = [
        RECORD.format(number=number, title=title, author=author)
        for number, (title, author) in enumerate(zip(TITLES, AUTHORS, strict=True), 1)
    ]
    (tmp_path / "exports" / "medline.ris").write_text("\n".join(records))
    (tmp_path / "exports" / "embase.ris").write_text(records[0].replace("AN  - 1", "AN  - 77"))
    sources = "file,source,source_kind,records\nexports/medline.ris,MEDLINE,database,4\n"
    (tmp_path / "sources.csv").write_text(sources + "exports/embase.ris,Embase,database,1\n")
    bin_folder = Path(sys.executable).parent

    def make(target: str) -> subprocess.CompletedProcess[str]:
        path = f"{bin_folder}:/usr/local/bin:/usr/bin:/bin"
        return subprocess.run(
            ["make", target], cwd=tmp_path, env={"PATH": path}, capture_output=True, text=True, check=True
        )

    make("unique.csv")
    ids = [line.split(",")[0] for line in (tmp_path / "unique.csv").read_text().splitlines()[1:]]
    for reviewer, decisions in {"ana": "ieee", "bo": "iiee"}.items():
        rows = [
            f"{record_id},{reviewer},title_abstract,{'include' if decision == 'i' else 'exclude'}"
            for record_id, decision in zip(ids, decisions, strict=True)
        ]
        text = "record_id,reviewer,stage,decision\n" + "\n".join(rows) + "\n"
        (tmp_path / "decisions" / f"{reviewer}.csv").write_text(text)
    make("all")

    assert len(ids) == 4
    assert "Records screened" in (tmp_path / "prisma.svg").read_text()
    assert "75" in (tmp_path / "agreement.md").read_text()
    assert "Nothing to be done" in make("all").stdout
