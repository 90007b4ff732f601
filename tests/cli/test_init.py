import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import protocol, tables
from peerreview.cli import app
from peerreview.tables import reading

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "peer-workforce"


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_review_has_a_place_for_everything(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["init", str(tmp_path / "review")])

    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert names(tmp_path / "review") == {
        "peerreview.toml",
        "sources.csv",
        "Makefile",
        ".gitignore",
        "README.md",
        "exports/.gitkeep",
        "decisions/.gitkeep",
    }


def test_what_init_writes_is_what_the_other_commands_read(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path)])

    assert list(reading.read(tmp_path / "sources.csv", tables.SOURCES).columns) == list(
        tables.SOURCES.all_columns
    )
    assert protocol.read(tmp_path / "peerreview.toml") == protocol.Protocol()


def test_the_ratings_in_the_protocol_work_once_they_are_wanted(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path)])
    path = tmp_path / "peerreview.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index("# ratings = [")
    lines[start:] = [line.removeprefix("# ") for line in lines[start:]]
    path.write_text("\n".join(lines), encoding="utf-8")

    assert [rating.name for rating in protocol.read(path).ratings] == ["good", "fair", "poor"]


def test_init_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("mine\n", encoding="utf-8")

    result = CliRunner().invoke(app, ["init", str(tmp_path)])

    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path / 'Makefile'}: is there already; init writes over nothing\n"
    assert names(tmp_path) == {"Makefile"}
    assert (tmp_path / "Makefile").read_text(encoding="utf-8") == "mine\n"


def test_init_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    whole, begun = tmp_path / "whole", tmp_path / "begun"
    CliRunner().invoke(app, ["init", str(whole), "--git"])
    begun.mkdir()
    (begun / "Makefile").write_bytes((whole / "Makefile").read_bytes())
    (begun / ".sources.csv.lock").touch()

    result = CliRunner().invoke(app, ["init", str(begun), "--git"])

    assert result.exit_code == 0, result.stderr
    assert names(begun) == names(whole)
    assert all((begun / name).read_bytes() == (whole / name).read_bytes() for name in names(whole))
    assert CliRunner().invoke(app, ["init", str(begun)]).exit_code == 1


def test_of_two_who_begin_a_review_at_once_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def waiting(*_: Path) -> Iterator[None]:
        (tmp_path / "Makefile").write_text("theirs\n", encoding="utf-8")
        yield

    monkeypatch.setattr(sys.modules["peerreview.cli.init"], "alone", waiting)

    result = CliRunner().invoke(app, ["init", str(tmp_path)])

    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path / 'Makefile'}: is there already; init writes over nothing\n"
    assert names(tmp_path) == {"Makefile"}


def test_a_file_is_no_place_for_a_review(tmp_path: Path) -> None:
    (tmp_path / "review").write_text("", encoding="utf-8")

    result = CliRunner().invoke(app, ["init", str(tmp_path / "review")])

    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path / 'review'}: is a file, not a folder; name another\n"


def test_files_that_init_knows_nothing_of_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine\n", encoding="utf-8")

    assert CliRunner().invoke(app, ["init", str(tmp_path), "--quiet"]).stderr == ""
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine\n"


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_in_a_new_review_says_what_to_do_first(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path)])

    result = subprocess.run(["make", "-C", str(tmp_path)], capture_output=True, text=True, check=True)

    assert "put the databases' exports into exports/" in result.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_plans_no_more_than_the_review_has_inputs_for(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path)])
    (tmp_path / "exports" / "medline.ris").write_text("TY  - JOUR\nTI  - A\nER  - \n", encoding="utf-8")

    def planned() -> list[str]:
        command = ["make", "-n", "-C", str(tmp_path), "--no-print-directory"]
        plan = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return [line.split()[1] for line in plan.splitlines() if line.startswith("peerreview ")]

    assert planned() == ["import", "dedupe"]
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "medline.txt").write_text("", encoding="utf-8")
    assert planned() == ["import", "dedupe", "search"]
    (tmp_path / "decisions" / "ana.csv").write_text("", encoding="utf-8")
    assert planned() == ["import", "dedupe", "search", "screen", "agreement", "prisma", "table", "table"]
    (tmp_path / "studies.csv").write_text("", encoding="utf-8")
    (tmp_path / "themes.csv").write_text("", encoding="utf-8")
    (tmp_path / "appraisal.csv").write_text("", encoding="utf-8")
    assert planned()[-3:] == ["table", "themes", "appraise"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_the_makefile_of_a_new_review_runs_the_lot(tmp_path: Path) -> None:
    CliRunner().invoke(app, ["init", str(tmp_path)])
    records = [
        f"TY  - JOUR\nID  - {number}\nT1  - {title}\nA1  - Berry, Ana\nY1  - 2020//\nER  - \n"
        for number, title in ((1, "Peers at work"), (2, "Trees in spring"), (3, "Peers at home"))
    ]
    (tmp_path / "exports" / "medline.ris").write_text("\n".join(records), encoding="utf-8")
    (tmp_path / "sources.csv").write_text(
        "file,source,source_kind,platform,round,searched_on,records,query\n"
        "exports/medline.ris,MEDLINE,database,Ovid,1,2026-01-31,3,peers\n",
        encoding="utf-8",
    )
    run(tmp_path, "unique.csv")
    ids = {
        row["title"]: row["record_id"] for row in reading.read_raw(tmp_path / "unique.csv").to_dict("records")
    }
    for name in ("ana", "bo"):
        votes = ["record_id,reviewer,stage,decision,reason"]
        votes += [
            f"{ids['Peers at work']},{name},{stage},include," for stage in ("title_abstract", "full_text")
        ]
        votes += [f"{ids['Trees in spring']},{name},title_abstract,exclude,"]
        votes += [f"{ids['Peers at home']},{name},title_abstract,include,"]
        votes += [f"{ids['Peers at home']},{name},full_text,exclude,wrong setting"]
        (tmp_path / "decisions" / f"{name}.csv").write_text("\n".join(votes) + "\n", encoding="utf-8")
    tables_of_people = {
        "reports": f"record_id,study_id\n{ids['Peers at work']},s1\n",
        "studies": "study_id,label,country,design\ns1,Berry 2020,Spain,qualitative\n",
        "themes": "study_id,theme\ns1,readiness\n",
        "appraisal": "study_id,item,judgement\ns1,1.1,yes\n",
    }
    for name, text in tables_of_people.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    run(tmp_path)

    made = {"prisma.svg", "flow.json", "flow.csv", "agreement.md", "themes.md", "appraisal.md"}
    assert made | {"tables/characteristics.md", "tables/excluded.md"} <= names(tmp_path)
    assert "wrong setting" in (tmp_path / "tables" / "excluded.md").read_text(encoding="utf-8")
    assert "peerreview" not in run(tmp_path)
    run(tmp_path, "check")
    run(tmp_path, "report.html")
    assert "agreed on 100.0% of 3" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_takes_names_as_browsers_and_people_give_them(tmp_path: Path) -> None:
    review = tmp_path / "Übersicht 2026"
    CliRunner().invoke(app, ["init", str(review)])
    exports = [review / "exports" / name for name in ("savedrecs (1).ris", "R&D; d'été [all].ris")]
    for number, path in enumerate(exports):
        path.write_text(f"TY  - JOUR\nTI  - Peers at work {number}\nER  - \n", encoding="utf-8")
    run(review, "unique.csv")
    record_id = reading.read_raw(review / "unique.csv")["record_id"][0]
    votes = review / "decisions" / "customizations log.csv"
    rows = f"record_id,reviewer,stage,decision\n{record_id},ana,title_abstract,include\n"
    votes.write_text(rows, encoding="utf-8")

    run(review, "screening.csv")

    assert "pending" in (review / "screening.csv").read_text(encoding="utf-8")
    assert "peerreview" not in run(review, "screening.csv")
    votes.write_text(rows.replace("ana", "bo"), encoding="utf-8")
    planned = run(review, "-n")
    assert "peerreview screen" in planned
    assert "peerreview import" not in planned
    exports[1].touch()
    assert "peerreview import" in run(review, "-n")


def run(folder: Path, *targets: str) -> str:
    command = ["make", "-C", str(folder), f"PEERREVIEW={sys.executable} -m peerreview", *targets]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return made.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_the_example_comes_with_its_inputs_and_without_what_make_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The repository's own list of what belongs to the example: a fresh machine has no git to ask.
    with (REPOSITORY / "pyproject.toml").open("rb") as stream:
        packed = tomllib.load(stream)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    prefix = "examples/peer-workforce/"
    belongs = {name.removeprefix(prefix) for name in packed if name.startswith(prefix)}
    copy = tmp_path / "repository" / "examples" / "peer-workforce"
    for folder in (tmp_path / "fresh", copy):
        result = CliRunner().invoke(app, ["init", str(folder), "--example"])
        assert result.exit_code == 0, result.stderr
    plan = subprocess.run(
        ["make", "-n", "-C", str(copy), "all", "evidence.md"], capture_output=True, text=True, check=True
    )
    made = ["exports/scopus.ris", "decisions/ana.csv", "unique.csv", "duplicates.csv", "synthetic/truth.csv"]
    made += re.findall(r" -o (\S+)", plan.stdout)
    for name in made:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("what make wrote", encoding="utf-8")
    monkeypatch.setattr(
        sys.modules["peerreview.cli.init"], "__file__", str(tmp_path / "repository/a/b/c/init.py")
    )

    result = CliRunner().invoke(app, ["init", str(tmp_path / "made"), "--example"])

    assert result.exit_code == 0, result.stderr
    assert names(tmp_path / "fresh") == belongs == names(tmp_path / "made")
    assert {"records.csv", "prisma.svg", "tables/characteristics.md"} <= set(made) <= names(copy)


def test_an_installation_without_the_example_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["peerreview.cli.init"], "__file__", str(tmp_path / "a/b/c/init.py"))

    result = CliRunner().invoke(app, ["init", str(tmp_path / "example"), "--example"])

    assert result.exit_code == 1
    assert result.stderr == (
        "the worked example is missing from this installation; install peerreview anew\n"
    )
    assert not (tmp_path / "example").exists()
