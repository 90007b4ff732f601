"""Tests of the status command: what is done, left, stale, odd and next."""

import contextlib
import json
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing

WORKS = (
    ("Peer support workers in community teams", "Ade, Bo", "2021"),
    ("Housing after prison and its costs", "Poe, Dan", "2019"),
    ("Sleep and school in large cities", "Roe, Cy", "2020"),
    ("Supervision of nurses at night", "Bell, Ann", "2018"),
    ("Music in wards for the old", "Cole, Eve", "2017"),
    ("Gardens and grief in hospices", "Dunn, Kay", "2016"),
)
EDITS = int(os.environ.get("PEERREVIEW_EDITS", "12"))
"""How many random edits are tried; 200 take some minutes."""


def ris(number: int, database: str) -> str:
    title, author, year = WORKS[number]
    return (
        f"TY  - JOUR\nAN  - {database}{number}\nTI  - {title}\nAU  - {author}\nPY  - {year}\n"
        f"JO  - Journal of {author.partition(',')[0]} Studies\nSP  - {number + 3}\nER  - \n"
    )


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def done(*words: str) -> None:
    result = run(*words)
    assert result.exit_code == 0, result.output + repr(result.exception)


PIPELINE = (
    ("import", "exports/embase.ris", "exports/medline.ris"),
    ("dedupe",),
    ("screen",),
    ("prisma", "-o", "prisma.svg", "-o", "flow.json", "-o", "flow.csv"),
    ("agreement", "-o", "agreement.md"),
    ("agreement", "-o", "agreement.json"),
    ("themes", "-o", "themes.md"),
    ("appraise", "-o", "appraisal.md"),
    ("table", "characteristics", "-o", "tables/characteristics.md"),
    ("table", "excluded", "-o", "tables/excluded.csv"),
    ("table", "sources", "-o", "tables/sources.html"),
    ("table", "matrix", "-o", "tables/matrix.tex"),
)
OUTPUTS = (
    "records.csv", "duplicates.csv", "unique.csv", "possible.csv", "screening.csv", "conflicts.csv",
    "flow.json", "flow.csv", "prisma.svg", "agreement.md", "agreement.json", "themes.md", "appraisal.md",
    "tables/characteristics.md", "tables/excluded.csv", "tables/sources.html", "tables/matrix.tex",
)  # fmt: skip


def make_all() -> bool:
    """Run the whole review; return whether every command could."""
    return all(run(*command, "--quiet").exit_code == 0 for command in PIPELINE)


def finish() -> list[str]:
    """Make a finished review in the working folder; return the ids of its six works, in their order."""
    for folder in ("exports", "decisions", "tables"):
        Path(folder).mkdir()
    Path("exports/medline.ris").write_text("".join(ris(number, "M") for number in range(4)))
    Path("exports/embase.ris").write_text("".join(ris(number, "E") for number in (0, 4, 5)))
    Path("sources.csv").write_text(
        "file,source,source_kind,records,searched_on,query\n"
        "exports/medline.ris,MEDLINE,database,,2024-01-01,peers\n"
        "exports/embase.ris,Embase,database,,2024-01-02,peers\n"
    )
    Path("peerreview.toml").write_text(
        '[review]\ntitle = "Peers"\n[screening]\nreasons = ["Wrong design", "Wrong place"]\n'
    )
    for command in PIPELINE[:2]:
        done(*command)
    lines = Path("unique.csv").read_text().splitlines()[1:]
    found = [next(line.split(",")[0] for line in lines if title in line) for title, *_ in WORKS]
    for who, first in (("ana@example.org", "include"), ("ben", "maybe")):
        rows = ["record_id,reviewer,stage,decision,reason,note"]
        rows += [
            f"{each},{who},title_abstract,{first if each == found[0] else 'include'},," for each in found[:4]
        ]
        rows += [f"{each},{who},title_abstract,exclude,," for each in found[4:]]
        rows += [f"{each},{who},full_text,include,," for each in found[:2]]
        rows += [f"{each},{who},full_text,exclude,Wrong design," for each in found[2:4]]
        Path(f"decisions/{who.partition('@')[0]}.csv").write_text("\n".join(rows) + "\n")
    Path("reports.csv").write_text(f"record_id,study_id\n{found[0]},S1\n{found[1]},S2\n")
    Path("studies.csv").write_text(
        "study_id,label,country,design\nS1,Ade 2021,Spain,qualitative\nS2,Poe 2019,Italy,qualitative\n"
    )
    Path("themes.csv").write_text("study_id,theme,coder\nS1,trust,ana\nS2,money,ana\n")
    Path("codebook.csv").write_text("theme,parent,label\ntrust,,Trust\nmoney,,Money\n")
    items = [
        f"{study},{item},yes"
        for study in ("S1", "S2")
        for item in ("S1", "S2", "1.1", "1.2", "1.3", "1.4", "1.5")
    ]
    Path("appraisal.csv").write_text("\n".join(["study_id,item,judgement", *items]) + "\n")
    assert make_all()
    return found


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A finished review's folder, made once, and the ids of its works."""
    folder = tmp_path_factory.mktemp("finished")
    with contextlib.chdir(folder):
        return folder, finish()


@pytest.fixture
def ids(finished: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A finished review, whose folder is the working one; the ids of its six works, in their order."""
    folder, found = finished
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return list(found)


def told(*options: str) -> dict[str, Any]:
    result = run("status", "--json", *options)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return dict(json.loads(result.stdout))


def states() -> dict[str, str]:
    return {each["file"]: each["state"] for each in told()["outputs"]}


def stale() -> set[str]:
    return {file for file, state in states().items() if state != "fresh"}


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_of_a_finished_review_every_output_is_fresh_and_nothing_is_next() -> None:
    found = told()

    assert states() == dict.fromkeys(OUTPUTS, "fresh")
    assert (found["finished"], found["odd"], found["next_step"]) == (True, [], "")
    assert run("status", "--check").exit_code == 0
    assert "Next: nothing; the review is finished" in run("status").stdout


@pytest.mark.usefixtures("ids")
def test_an_appraisal_with_confidence_from_its_critical_items_is_fresh() -> None:
    """The command prints a further table then."""
    add("peerreview.toml", '\n[appraisal]\ninstrument = "amstar-2"\n')
    Path("appraisal.csv").write_text("study_id,item,judgement\nS1,2,yes\n")
    done("appraise", "-o", "appraisal.md")

    assert "Confidence" in Path("appraisal.md").read_text()
    assert states()["appraisal.md"] == "fresh"


@pytest.mark.usefixtures("ids")
def test_results_of_one_study_are_no_two_studies_to_appraise() -> None:
    add("peerreview.toml", '\n[appraisal]\ninstrument = "rob-2"\n')
    rows = [f"S1,D1,{result},low" for result in ("deaths", "pain")]
    Path("appraisal.csv").write_text("\n".join(["study_id,item,result,judgement", *rows]) + "\n")

    (part,) = [part for part in told()["parts"] if part["name"] == "Appraisal"]

    assert part["unit"] == "results"


@pytest.mark.usefixtures("ids")
def test_the_clock_makes_nothing_stale() -> None:
    for path in Path().rglob("*.csv"):
        path.touch()

    assert stale() == set()


Edit = Callable[[random.Random], None]


def replaced(file: str, old: str, new: str, chance: random.Random) -> None:
    """Change one of the places in a file where a text stands."""
    text = Path(file).read_text()
    places = [place for place in range(len(text)) if text.startswith(old, place)]
    if places:
        place = chance.choice(places)
        Path(file).write_text(text[:place] + new + text[place + len(old) :])


def add(file: str, text: str) -> None:
    Path(file).write_text(Path(file).read_text() + text)


def put(file: str, text: str) -> None:
    Path(file).write_text(text)


def override(ids: list[str], verdict: str) -> str:
    return f"record_id,duplicate_of,verdict\n{ids[4]},{ids[5]},{verdict}\n"


def edits(ids: list[str]) -> list[Edit]:
    """Return what people, and accidents, do to a review's files."""
    votes = ("decisions/ana.csv", "decisions/ben.csv")
    return [
        lambda c: replaced(c.choice(votes), "exclude", "include", c),
        lambda c: replaced(c.choice(votes), "include", "exclude", c),
        lambda c: replaced(c.choice(votes), "include,,", "include,,seen", c),
        lambda c: replaced(c.choice(votes), "Wrong design", "Wrong place", c),
        lambda c: replaced("sources.csv", "peers", "peers OR mates", c),
        lambda c: replaced("sources.csv", "MEDLINE", "PubMed", c),
        lambda c: replaced("exports/medline.ris", "JO  - ", "JO  - The ", c),
        lambda c: add("exports/embase.ris", ris(c.randrange(6), "X")),
        lambda _: add("exports/embase.ris", "\n"),
        lambda c: replaced("studies.csv", "Spain", "Portugal", c),
        lambda c: replaced("studies.csv", "Poe 2019", "Poe 2019a", c),
        lambda c: add("themes.csv", f"{c.choice(('S1', 'S2'))},{c.choice(('trust', 'money'))},ben\n"),
        lambda c: replaced("codebook.csv", "Trust", "Confidence", c),
        lambda c: replaced("appraisal.csv", "yes", "no", c),
        lambda c: replaced(
            "peerreview.toml", '"Wrong design", "Wrong place"', '"Wrong place", "Wrong design"', c
        ),
        lambda c: replaced("peerreview.toml", "Peers", "Peers at work", c),
        lambda c: replaced("reports.csv", "S2", "S1", c),
        lambda c: put("overrides.csv", override(ids, c.choice(("duplicate", "distinct")))),
        lambda c: replaced(c.choice(OUTPUTS[:6]), "\n", "\n\n", c),
        lambda c: replaced(c.choice(("records.csv", "unique.csv")), "JOUR", "BOOK", c),
        lambda c: replaced("screening.csv", "include", "exclude", c),
        lambda c: replaced("prisma.svg", "(n = 2)", "(n = 3)", c),
        lambda c: replaced("flow.json", '"n": 2', '"n": 3', c),
        lambda c: replaced(c.choice(OUTPUTS[9:]), "a", "b", c),
        lambda c: Path(c.choice(OUTPUTS)).touch(),
        lambda c: add("decisions/ben.csv", f"{c.choice(ids)},cy,title_abstract,include,,\n"),
    ]


@pytest.mark.slow
def test_after_random_edits_what_would_be_written_otherwise_is_stale_and_nothing_else(
    ids: list[str], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(21)  # noqa: S311  an order of edits, not a secret
    fresh = Path.cwd()
    n_compared = 0
    for number in range(EDITS):
        here = tmp_path_factory.mktemp("edited") / "review"
        shutil.copytree(fresh, here)
        monkeypatch.chdir(here)
        for edit in chance.choices(edits(ids), k=chance.choice((1, 1, 2))):
            edit(chance)
        before = {name: (here / name).read_bytes() for name in OUTPUTS}
        named = stale()
        if not make_all():
            # What cannot be made is told, too: something is blocked.
            assert "blocked" in states().values() or named, number
            continue
        n_compared += 1
        changed = {name for name in OUTPUTS if (here / name).read_bytes() != before[name]}
        assert named == changed, number
        assert stale() == set(), number
        shutil.rmtree(here)

    assert n_compared > EDITS * 0.7


@pytest.mark.slow
def test_each_person_who_is_awaited_is_named_without_an_address(ids: list[str]) -> None:
    lines = Path("decisions/ana.csv").read_text().splitlines(keepends=True)
    kept = [line for line in lines if not (ids[5] in line or (ids[3] in line and "full_text" in line))]
    Path("decisions/ana.csv").write_text("".join(kept))

    found = told()

    parts = {part["name"]: part for part in found["parts"]}
    assert parts["Title and abstract"]["awaited"] == [{"reviewer": "ana", "n": 1}]
    assert (parts["Title and abstract"]["left"], parts["Full text"]["left"]) == (1, 1)
    result = run("status")
    assert "@" not in result.stdout + result.stderr
    assert "ana 1" in result.stdout
    assert run("status", "--check").exit_code == 3


def test_with_assignments_only_who_was_assigned_is_awaited(ids: list[str]) -> None:
    text = Path("decisions/ana.csv").read_text()
    Path("decisions/ana.csv").write_text(
        text.replace(f"{ids[5]},ana@example.org,title_abstract,exclude,,\n", "")
    )
    Path("assignments.csv").write_text(
        f"record_id,reviewer,stage\n{ids[5]},ben,title_abstract\n{ids[5]},cy@example.org,title_abstract\n"
    )

    parts = {part["name"]: part for part in told()["parts"]}

    assert parts["Title and abstract"]["awaited"] == [{"reviewer": "cy", "n": 1}]


@pytest.mark.slow
def test_the_next_command_follows_the_order_of_a_review(ids: list[str]) -> None:
    def is_next() -> str:
        return str(told()["next_step"])

    text = Path("decisions/ben.csv").read_text()
    Path("decisions/ben.csv").write_text(
        text.replace(f"{ids[4]},ben,title_abstract,exclude", f"{ids[4]},ben,title_abstract,include")
    )
    assert is_next() == "peerreview screen"
    done("screen")
    assert is_next() == "fill in conflicts.csv, then peerreview screen --resolve conflicts.csv"
    answered = Path("conflicts.csv").read_text().rstrip("\n")
    Path("conflicts.csv").write_text(answered.removesuffix(",,,,") + ",exclude,,ana and ben,\n")
    assert is_next() == "peerreview screen --resolve conflicts.csv"
    assert "conflicts.csv holds 1 answer that is not in decisions/ yet" in told()["odd"]
    done("screen", "--resolve", "conflicts.csv")
    assert is_next().startswith("make, or peerreview ")
    Path("records.csv").unlink()
    assert is_next() == "peerreview import exports/*"


@pytest.mark.usefixtures("ids")
def test_what_is_out_of_place_is_odd() -> None:
    Path("decisions/cy.xlsx").write_bytes(b"PK")
    Path("exports/scopus.csv").write_text("Title\nA\n")
    add("sources.csv", "exports/cinahl.ris,CINAHL,database,12,,\n")

    assert told()["odd"] == [
        "exports/cinahl.ris, the export of CINAHL in sources.csv, is not here",
        "exports/scopus.csv is in no row of sources.csv",
        "decisions/cy.xlsx is not read: votes are .csv; peerreview decisions makes votes of it",
    ]


@pytest.mark.usefixtures("ids")
def test_sources_without_a_row_are_odd() -> None:
    Path("sources.csv").write_text("file,source,source_kind\n")

    assert "sources.csv lists no search" in told()["odd"]


def test_an_empty_folder_has_a_first_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert told()["next_step"].startswith("put the exports into exports/")
    assert run("status", "no-folder").exit_code == 2


@pytest.mark.usefixtures("ids")
def test_records_whose_exports_are_not_here_are_not_compared() -> None:
    shutil.rmtree("exports")

    found = states()

    assert found["records.csv"] == "unchecked"
    assert found["unique.csv"] == "fresh"


@pytest.mark.usefixtures("ids")
def test_what_cannot_be_made_is_told_and_stops_what_comes_after() -> None:
    add("decisions/ana.csv", "nobody,ana@example.org,title_abstract,include,,\n")

    found = told()

    blocked = next(each for each in found["outputs"] if each["state"] == "blocked")
    assert blocked["file"] == "screening.csv"
    assert "decisions/ana.csv:" in blocked["why"]
    assert found["next_step"].startswith("mend what stops screen: decisions/ana.csv:")


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_figure_drawn_with_options_is_fresh_and_one_in_words_of_its_own_is_not_sure() -> None:
    done(
        "prisma", "--caption", "One reading (n = 9)", "--labels", "de", "--header-totals", "-o", "prisma.svg"
    )
    assert states()["prisma.svg"] == "fresh"

    text = Path("prisma.svg").read_text()
    Path("prisma.svg").write_text(re.sub(r"(<text[^>]*>)([^<(]{4,})", r"\1X \2", text))
    assert states()["prisma.svg"] == "differs"


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_figure_for_a_page_is_fresh_wherever_its_lines_break() -> None:
    done("prisma", "--width", "110mm", "-o", "narrow.svg")
    text = Path("narrow.svg").read_text()
    Path("other.svg").write_text(re.sub(r">(\(n\s=\s)6\)<", r">\g<1>7)<", text))

    found = states()

    assert (found["narrow.svg"], found["other.svg"]) == ("fresh", "stale")


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_figures_and_counts_that_were_cut_off_are_stale_and_verify_names_them() -> None:
    drawn = Path("prisma.svg").read_text()
    Path("cut.svg").write_text(drawn.replace('{"schema"', '{schema"'))
    Path("prisma.svg").write_text(drawn[: drawn.index("</metadata>")])
    Path("flow.json").write_text(Path("flow.json").read_text()[:400])

    found = states()
    told_of = run("verify")

    assert (found["flow.json"], found["cut.svg"]) == ("stale", "stale")
    assert found["prisma.svg"] == "differs"
    assert told_of.exit_code == 1
    assert "cut.svg:1: is not JSON" in told_of.output
    assert "was cut off within its proof" in run("verify", "prisma.svg").output


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_the_figures_beside_a_report_are_no_other_flows() -> None:
    done("report", "-o", "report.md")
    Path("appraisal.md").write_text("edited by hand\n")

    now = told()

    assert now["next_step"] == "make, or peerreview appraise -o appraisal.md"
    state_of = {each["file"]: each["state"] for each in now["outputs"]}
    assert state_of["report-flow.svg"] == "fresh"
    assert not {"report-appraisal.svg", "report-themes.svg"} & set(state_of)


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_tables_that_need_no_option_are_compared() -> None:
    for name in ("yield", "citation-searching", "excluded"):
        done("table", name, "-o", f"tables/{name}.md")
    assert {states()[f"tables/{name}.md"] for name in ("yield", "citation-searching", "excluded")} == {
        "fresh"
    }

    Path("tables/yield.md").write_text(Path("tables/yield.md").read_text().replace("2", "3"))
    assert states()["tables/yield.md"] == "differs"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "row", "output"),
    [
        ("appraisal.csv", "S1,1.1,perhaps\n", "appraisal.md"),
        ("sources.csv", "exports/medline.ris,MEDLINE,database,,2024-01-01,peers\n", "records.csv"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_fault_in_one_table_is_told_beside_how_far_all_else_has_come(
    file: str, row: str, output: str
) -> None:
    add(file, row)

    found = told()

    blocked = [each for each in found["outputs"] if each["state"] == "blocked"]
    assert output in {each["file"] for each in blocked}
    assert all(each["why"].startswith(f"{file}:") for each in blocked)
    assert "Possible duplicates" in {part["name"] for part in found["parts"]}
    assert found["next_step"].startswith("mend what stops ")
    checked = run("status", "--check")
    assert checked.exit_code == 3
    assert f"{output} cannot be made: {file}:" in checked.output


@pytest.mark.usefixtures("ids")
def test_a_table_written_with_options_is_not_called_stale() -> None:
    done("table", "characteristics", "--columns", "country", "-o", "tables/characteristics.md")

    assert states()["tables/characteristics.md"] == "differs"


@pytest.mark.usefixtures("ids")
def test_records_joined_by_rules_of_ones_own_are_not_compared() -> None:
    pairs = reading.read(Path("duplicates.csv"), tables.DUPLICATES)
    writing.write(pairs.assign(rule="my own rule"), Path("duplicates.csv"))

    assert states()["unique.csv"] == "unchecked"


def update() -> None:
    """Make the finished review an update of what it is: a search more, of works that it knows."""
    shutil.copy("flow.json", "v1.json")
    Path("exports/medline-2.ris").write_text(ris(0, "Z") + ris(4, "Z"))
    add("sources.csv", "exports/medline-2.ris,MEDLINE,database,,2025-01-01,peers\n")
    text = Path("sources.csv").read_text().splitlines()
    rounds = ["round", "1", "1", "2"]
    Path("sources.csv").write_text(
        "\n".join(f"{line},{n}" for line, n in zip(text, rounds, strict=True)) + "\n"
    )
    done("import", "exports/embase.ris", "exports/medline.ris", "exports/medline-2.ris")
    drawn = ("prisma", "--previous", "v1.json", "-o", "prisma.svg", "-o", "flow.json")
    for command in (*PIPELINE[1:3], drawn):
        done(*command)


@pytest.mark.slow
def test_an_update_is_known_by_the_tables_it_was_counted_from(ids: list[str]) -> None:
    update()
    assert states()["flow.json"] == "fresh"

    add("decisions/ana.csv", f"{ids[5]},cy,title_abstract,include,,\n")
    assert states()["flow.json"] == "stale"


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_table_with_a_proof_is_compared_without_it_and_its_files_with_it() -> None:
    for suffix in ("html", "docx"):
        done("table", "characteristics", "-o", f"tables/characteristics.{suffix}")
    of_paper = {f"tables/characteristics.{suffix}" for suffix in ("html", "docx")}
    assert {states()[file] for file in of_paper} == {"fresh"}

    Path("studies.csv").write_text(Path("studies.csv").read_text() + "\n")
    Path("tables/matrix.docx").write_bytes(b"PK\x03\x04 no document")

    found = states()
    assert {found[file] for file in of_paper} == {"differs"}
    assert found["tables/matrix.docx"] in ("differs", "blocked")


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_an_output_of_the_makefile_that_was_deleted_is_missing() -> None:
    Path("Makefile").write_text(
        "all: prisma.svg themes.md tables/sources.html\n"
        "prisma.svg: screening.csv\n\tpeerreview prisma -o $@\n"
        "themes.md: themes.csv\n\tpeerreview themes -o $@\n"
        "tables/sources.html: sources.csv\n\t$(PEERREVIEW) table sources -o $@\n"
    )
    assert not {"missing"} & set(states().values())
    for file in ("prisma.svg", "tables/sources.html"):
        Path(file).unlink()

    found = told()

    missing = [(each["file"], each["command"]) for each in found["outputs"] if each["state"] == "missing"]
    assert missing == [("prisma.svg", "prisma"), ("tables/sources.html", "table sources")]
    assert found["next_step"] == "make, or peerreview prisma -o prisma.svg"
    checked = run("status", "--check")
    assert checked.exit_code == 3
    assert "prisma.svg is not written yet" in checked.output
