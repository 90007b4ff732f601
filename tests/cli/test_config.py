"""Tests of the config command, and of method that commands take from the protocol."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.duplicates.rules import default_rules

run = CliRunner().invoke
PROTOCOL = """\
[review]
title = "Peers"
[screening.votes_required]
full_text = 1
[agreement]
seed = 7
of = "final"
[[reviewers]]
name = "ana@example.org"
role = "adjudicator"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*words: str) -> dict[str, tuple[str, str]]:
    result = run(app, ["config", "--json", *words])
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["settings"]
    return {f"{row['section']}.{row['key']}": (row["value"], row["from"]) for row in rows}


def test_what_is_in_force_is_told_with_its_line_or_as_the_default() -> None:
    Path("peerreview.toml").write_text(PROTOCOL)

    found = told()

    assert found["review.title"] == ("Peers", "peerreview.toml:2")
    assert found["screening.votes_required.full_text"] == ("1", "peerreview.toml:4")
    assert found["screening.votes_required.title_abstract"] == ("2", "default")
    assert found["agreement.of"] == ("final", "peerreview.toml:7")
    assert found["reviewers.ana"] == ("adjudicator", "peerreview.toml:8")
    page = run(app, ["config"]).stdout
    assert "agreement.seed" in page
    assert "@" not in page


def test_the_protocol_of_a_folder_above_is_in_force_up_to_the_working_one(folder: Path) -> None:
    (folder / "reviews" / "one").mkdir(parents=True)
    Path("peerreview.toml").write_text(PROTOCOL)

    assert told("reviews/one")["review.title"][0] == "Peers"
    assert run(app, ["config", "none"]).exit_code == 2


def test_without_a_protocol_all_is_as_by_default() -> None:
    result = run(app, ["config"])

    assert result.stdout.startswith("no peerreview.toml here or above: all is as by default\n")
    assert {where for _, where in told().values()} == {"default"}


def test_a_table_in_one_line_has_that_line() -> None:
    Path("peerreview.toml").write_text("[screening]\nvotes_required = { full_text = 1 }\n")

    assert told()["screening.votes_required.full_text"] == ("1", "peerreview.toml:2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[screening]\nreson = []\n",
            "peerreview.toml:2: unknown key 'reson' in [screening] (the nearest is 'reasons')",
        ),
        ("[screning]\n", "peerreview.toml:1: unknown section [screning] (the nearest is 'screening')"),
        ("[screening]\nlenient = true\n", "peerreview.toml:2: 'lenient' lifts a guard"),
        (
            "[duplicates]\nallow-inconsistent = true\n",
            "peerreview.toml:2: 'allow-inconsistent' lifts",
        ),
        ("[agreement]\nof = 'last'\n", "peerreview.toml: of 'last' is not one of standing, first, final"),
        ("[agreement]\nseed = -1\n", "peerreview.toml: seed -1 in [agreement] is not a count"),
        ("[themes]\nbasis = ['heard']\n", "peerreview.toml: basis 'heard' in [themes] is not one of text"),
    ],
)
def test_what_the_protocol_does_not_know_is_an_error_with_the_nearest_known(text: str, said: str) -> None:
    Path("peerreview.toml").write_text(text)

    result = run(app, ["config"])

    assert result.exit_code == 1
    assert result.stderr.startswith(said)


VOTES = "record_id,reviewer,stage,decision,decided_at\n"


def test_agreement_takes_which_votes_count_from_the_protocol_and_the_option_wins() -> None:
    Path("decisions").mkdir()
    rows = [
        f"r{n},{who},title_abstract,{said},2024-01-0{day}"
        for n in (1, 2)
        for who, day, said in (("ana", 1, "include"), ("bo", 2, "exclude"), ("bo", 3, "include"))
    ]
    Path("decisions/all.csv").write_text(VOTES + "\n".join(rows) + "\n")

    def percent(*options: str) -> float:
        run(app, ["agreement", "-o", "agreement.json", *options])
        return float(json.loads(Path("agreement.json").read_text())["stages"][0]["pairs"][0]["percent"])

    assert percent() == 0
    Path("peerreview.toml").write_text('[agreement]\nof = "final"\n')
    assert percent() == 1
    assert percent("--of", "first") == 0


def test_dedupe_takes_the_protocols_rules() -> None:
    Path("a.ris").write_text("TY  - JOUR\nTI  - Peers\nDO  - 10.5555/a\nER  - \n")
    run(app, ["import", "a.ris", "--source", "MEDLINE"])
    Path("peerreview.toml").write_text('[duplicates]\nrules = "own.toml"\n')

    missing = run(app, ["dedupe"])

    assert (missing.exit_code, missing.stderr.startswith("own.toml: ")) == (1, True)
    name = default_rules().rules[0].name
    Path("own.toml").write_text(
        f'[weights]\ntitle = 1\n[[rule]]\nname = "{name}"\nwhy = "x"\nverdict = "duplicate"\ntitle = "same"\n'
    )
    found = run(app, ["dedupe"])
    assert found.exit_code == 0, found.stderr
    assert "own.toml" in found.stderr


def test_themes_take_the_bases_that_count_from_the_protocol() -> None:
    Path("studies.csv").write_text("study_id,label\nS1,Ade\nS2,Poe\n")
    Path("themes.csv").write_text("study_id,theme,basis\nS1,trust,text\nS2,trust,synthetic\n")
    Path("peerreview.toml").write_text('[themes]\nbasis = ["text"]\n')

    run(app, ["themes", "-o", "themes.json"])

    (theme,) = json.loads(Path("themes.json").read_text())["themes"]
    assert (theme["n"], theme["n_synthetic"]) == (1, 0)
