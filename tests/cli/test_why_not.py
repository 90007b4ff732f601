"""Tests of the why-not command."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading

run = CliRunner().invoke

MEDLINE = """\
TY  - JOUR
TI  - Peer support workers in community teams
AU  - Ade, Bo
PY  - 2021
JO  - Journal of Peer Studies
VL  - 3
SP  - 11
DO  - 10.5555/jps.11
ER  -
TY  - JOUR
TI  - Housing after prison
AU  - Poe, Dan
PY  - 2019
JO  - Housing Review
ER  -
"""
EMBASE = """\
TY  - JOUR
TI  - Peer support workers in community teams.
AU  - Ade, B.
PY  - 2021
JO  - J Peer Stud
VL  - 3
SP  - 11
DO  - 10.5555/jps.11
AN  - L77
ER  -
TY  - JOUR
TI  - Sleep and school in cities
AU  - Roe, Cy
PY  - 2020
JO  - Sleep
DO  - 10.5555/sleep.1
ER  -
"""
SOURCES = """\
file,source,source_kind
medline.ris,MEDLINE,database
embase.ris,Embase,database
none.ris,CINAHL,database
"""


@pytest.fixture(autouse=True)
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A screened review of three works: one excluded, one waiting, one included; ids by the first word."""
    monkeypatch.chdir(tmp_path)
    Path("medline.ris").write_text(MEDLINE)
    Path("embase.ris").write_text(EMBASE)
    Path("sources.csv").write_text(SOURCES)
    assert run(app, ["import", "medline.ris", "embase.ris"]).exit_code == 0
    assert run(app, ["dedupe"]).exit_code == 0
    unique = reading.read(Path("unique.csv"), tables.UNIQUE)
    found = {row["title"].split()[0]: row["record_id"] for row in tables.rows(unique)}
    votes = ["record_id,reviewer,stage,decision,reason,decided_at"]
    for who in ("ana@example.org", "ben"):
        votes.append(f"{found['Peer']},{who},title_abstract,exclude,,2024-01-0{len(votes)}")
        votes.append(f"{found['Housing']},{who},title_abstract,include,,2024-01-03")
        votes.append(f"{found['Housing']},{who},full_text,include,,2024-02-03")
    Path("decisions").mkdir()
    Path("decisions/all.csv").write_text("\n".join(votes) + "\n")
    assert run(app, ["screen"]).exit_code == 0
    return found


def test_where_a_paper_left_is_told_with_who_and_when(ids: dict[str, str]) -> None:
    result = run(app, ["why-not", "https://doi.org/10.5555/JPS.11"])

    _, said, found, *_ = result.stdout.splitlines()
    assert said == "Excluded at title and abstract – by ana and ben, 2024-01-04."
    assert re.fullmatch(rf"Found by DOI in \w+ and \w+; trace {ids['Peer']} tells the whole\.", found)
    assert "example.org" not in result.stdout + result.stderr


def test_a_paper_whose_own_record_was_merged_says_into_what(ids: dict[str, str]) -> None:
    removed = reading.read(Path("duplicates.csv"), tables.DUPLICATES)["record_id"].iloc[0]

    told = run(app, ["why-not", removed]).stdout

    assert f"Its record {removed} was merged into {ids['Peer']}, by the rule “" in told
    assert "where they are two works, say distinct in overrides.csv" in told


def test_what_did_not_leave_says_so() -> None:
    assert (
        "\nIncluded; no study in reports.csv yet.\n" in run(app, ["why-not", "Housing after prison"]).stdout
    )
    waits = run(app, ["why-not", "sleep and school in cities"]).stdout
    assert "\nWaits at title and abstract: pending, nobody voted yet.\n" in waits


def test_what_no_search_found_has_the_nearest_records() -> None:
    told = run(app, ["why-not", "Peer", "support", "workers", "in", "teams"]).stdout

    first, nearest, best, *_ = told.splitlines()
    assert first == "No search found 'Peer support workers in teams'."
    assert nearest == "With all of these words:"
    assert "Ade B (2021). Peer support workers in community teams" in best
    assert "Excluded at title and abstract – by ana and ben" in best


def test_what_is_written_otherwise_has_the_most_like_titles() -> None:
    told = run(app, ["why-not", "Peer support worker in community team"]).stdout

    _, nearest, best = told.splitlines()
    assert nearest == "Nearest by title:"
    assert best.startswith("  0.9")


def test_what_nothing_comes_near_says_so() -> None:
    assert run(app, ["why-not", "10.9999/nowhere"]).stdout == (
        "No search found '10.9999/nowhere'.\nNo record comes near by DOI.\n"
    )


def test_as_data() -> None:
    found = json.loads(run(app, ["why-not", "--json", "10.5555/jps.11"]).stdout)
    missing = json.loads(run(app, ["why-not", "--json", "Peer support worker in community team"]).stdout)

    assert (found["schema"], found["found"], found["works"][0]["end"]) == (
        "peerreview/why-not/1",
        True,
        "excluded",
    )
    assert (missing["found"], missing["works"]) == (False, [])
    assert missing["nearest"][0]["likeness"] > 0.6


KNOWN = """\
@article{a, title={Peer support workers in community teams}, author={Ade, B.}, year={2021},
  journal={Journal of Peer Studies}, pages={11}, volume={3}}
@article{b, title={Peer support workers in community teams}, doi={10.5555/jps.11}, year={2021}}
@article{c, title={Sleep and school in cities}, author={Roe, C.}, year={2020}}
@article{d, title={Recovery colleges in Neverland}, author={Pan, P.}, year={2001}, journal={Tales}}
@article{e, title={Recovery colleges in Neverland.}, author={Pan, P.}, year={2001}, journal={Tales}}
"""


def test_the_recall_of_each_search_is_n_of_all_known_papers() -> None:
    Path("known.bib").write_text(KNOWN)

    result = run(app, ["why-not", "--file", "known.bib"])

    assert result.exit_code == 0
    assert result.stdout.startswith(
        """\
The searches found 2 of 3 known papers (5 references), 67%.

By source
  MEDLINE  1 of 3
  Embase   2 of 3, 1 of them nowhere else
  CINAHL   0 of 3

Where they stand
  Excluded at title and abstract: 1 of 3
  Waits at title and abstract: 1 of 3

Found by no search
  known.bib:5: Pan P (2001). Recovery colleges in Neverland. Tales.
    No record comes near by title.

Found
"""
    )
    assert "  known.bib:1: Ade B (2021)." in result.stdout


def test_the_recall_as_data() -> None:
    Path("known.bib").write_text(KNOWN)

    told = json.loads(run(app, ["why-not", "--file", "known.bib", "--json"]).stdout)

    assert (told["n_papers"], told["n_found"], told["n_references"]) == (3, 2, 5)
    assert told["sources"][1] == {"source": "Embase", "n": 2, "n_alone": 1}
    assert [each["found"] for each in told["papers"]] == [True, True, False]


def test_a_reference_whose_doi_and_title_are_two_works_is_not_counted_as_found() -> None:
    Path("known.bib").write_text(
        "@article{a, title={Housing after prison}, year={2019}, doi={10.5555/sleep.1}}\n"
    )

    told = run(app, ["why-not", "--file", "known.bib"]).stdout

    assert told.startswith("The searches found 0 of 1 known papers, 0%.")
    assert "Several works bear the name; not counted as found" in told


def test_a_faulty_list_is_told_with_its_line() -> None:
    Path("known.bib").write_text("@article{a, title={Peer support")

    result = run(app, ["why-not", "--file", "known.bib"])

    assert result.exit_code == 1
    assert result.stderr.startswith("known.bib:1: ")


@pytest.mark.parametrize("words", [[], ["x", "--file", "medline.ris"]])
def test_one_paper_or_a_list_is_asked_for(words: list[str]) -> None:
    assert run(app, ["why-not", *words]).exit_code == 2
