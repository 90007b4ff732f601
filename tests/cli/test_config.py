"""Tests of the config command, and of method that commands take from the protocol."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.duplicates.rules import default_rules
from peerreview.tables import writing
from tests.builders import make

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
        ("[agreement]\nof = 'last'\n", "peerreview.toml:2: of 'last' is not one of standing, first, final"),
        ("[agreement]\nseed = -1\n", "peerreview.toml:2: seed -1 in [agreement] is not a count"),
        ("[themes]\nbasis = ['heard']\n", "peerreview.toml:2: basis 'heard' in [themes] is not one of text"),
        ("[appraisal]\ninstrument = 'mmat'\n", "peerreview.toml:2: instrument 'mmat' is not one of amstar-2"),
    ],
)
def test_what_the_protocol_does_not_know_is_an_error_with_the_nearest_known(text: str, said: str) -> None:
    Path("peerreview.toml").write_text(text)

    result = run(app, ["config"])

    assert result.exit_code == 1
    assert result.stderr.startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[review]\nregistration = 42\n", "2: registration 42 is not text; put it in quotes"),
        ("[review]\nregistration = { id = 42 }\n", "2: id 42 is not text"),
        ("[review.registration]\n\nid = 42\n", "3: id 42 is not text"),
        ("[review]\n[review.registration]\nnumber = 'x'\n", "3: unknown key 'number'"),
        ("[screening]\nmaybe = 'no'\nreasons = 'x'\n", "3: reasons 'x' is not a list of texts"),
        ("[screening]\nseed = 'x'\n", "2: seed 'x' in [screening] is not a count"),
        ("[screening.votes_required]\nfull_text = 3\n", "2: votes_required of full_text is 3, not 1 or 2"),
        (
            "[screening]\nvotes_required = { full_txt = 1 }\n",
            "2: unknown stage 'full_txt' in votes_required (the nearest is 'full_text')",
        ),
        ("[[reviewers]]\nname = 'a'\n[[reviewers]]\nname = 3\n", "4: name 3 is not text"),
        ("[[reviewers]]\nname = 'a'\n[[reviewers]]\nname = 'b'\nrole = 'x'\n", "5: role 'x' of b is not one"),
        ("[[reviewers]]\nname = 'a'\nalias = 'b'\n", "3: unknown key 'alias' in [[reviewers]]"),
        ("[[reviewers]]\nname = 'a'\n[[reviewers]]\nname = 'A'\n", "4: 'A' is a name of two"),
        ("[criteria]\ninclude = 'x'\n", "2: include 'x' is not a list of texts"),
        ("criteria = 3\n", "1: [criteria] is not a table of lists"),
        ("[reasons.aliases]\na = 3\n", "1: [reasons.aliases] is not a table of texts"),
        ("[appraisal]\nratings = 3\n", "2: ratings is not a list"),
        (
            "[appraisal]\ninstrument = 'nos-cohort'\nblanks = 'none'\n",
            "3: blanks 'none' under [appraisal] is not",
        ),
        (
            "[appraisal]\nratings = [{ name = 'a', points = 3 }]\n",
            "2: rating 'a' goes by points, and mmat-2018",
        ),
        ("[elsewhere]\nexcluded = -1\n", "2: excluded -1 in [elsewhere] is not a count"),
        ("[agreement]\ncategories = ['a']\n", "2: categories are not two words or more"),
        ("[table]\nreferences = 'apa'\n", "2: references 'apa' is not one of author-year, numbers"),
        ("[table]\ncolumns = 3\n", "2: columns 3 is not a list of texts"),
        ("[table]\nreference = 'x'\n", "2: unknown key 'reference' in [table] (the nearest is 'references')"),
        ("[themes]\nbasis = 3\n", "2: basis 3 is not a list of texts"),
        ("[question]\nframework = 3\n", "2: framework 3 is not text"),
        ("[[amendments]]\ndate = '2024'\nwhat = 3\n", "3: what 3 is not text"),
    ],
)
def test_each_value_of_the_wrong_kind_has_its_line(text: str, said: str) -> None:
    Path("peerreview.toml").write_text(text)

    result = run(app, ["config"])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"peerreview.toml:{said}")


def test_registration_and_amendments_are_told_part_by_part_in_the_order_of_the_file() -> None:
    Path("peerreview.toml").write_text(
        "[review]\nregistration = { register = 'PROSPERO', id = 'CRD42021257013', date = 2021-05-30 }\n"
        "[[amendments]]\ndate = 2023-02-01\nwhat = 'Embase left out'\nwhy = 'no licence'\n"
        "[[amendments]]\ndate = '2022-01'\nwhat = 'Adults alone'\n"
    )

    found = told()

    assert found["review.registration.id"] == ("CRD42021257013", "peerreview.toml:2")
    assert found["review.registration.date"] == ("2021-05-30", "peerreview.toml:2")
    assert found["amendments.2023-02-01"] == ("Embase left out; no licence", "peerreview.toml:3")
    assert found["amendments.2022-01"] == ("Adults alone", "peerreview.toml:7")


def test_that_a_reason_is_free_where_none_is_listed_is_told() -> None:
    assert told()["screening.reasons"][0].startswith("any: none is listed")
    Path("peerreview.toml").write_text("[screening]\nreasons = ['Wrong design']\n")
    assert told()["screening.reasons"] == ("Wrong design", "peerreview.toml:2")


def test_tables_take_their_columns_and_citations_from_the_protocol_and_the_option_wins() -> None:
    Path("studies.csv").write_text("study_id,label,country,design\ns1,Ada 2001,Chad,trial\n")
    Path("reports.csv").write_text("record_id,study_id\nr1,s1\n")
    Path("peerreview.toml").write_text(
        "[table]\ncolumns = ['design']\nby = ['country']\nreferences = 'numbers'\n"
    )

    def shown(*words: str) -> str:
        result = run(app, ["table", *words])
        assert result.exit_code == 0, result.stderr
        return result.stdout

    assert "Chad" not in shown("characteristics")
    assert "Chad" in shown("characteristics", "--columns", "country")
    assert "| Ada 2001 | trial | \\[1\\] |" in shown("characteristics")
    assert "[1]" not in shown("characteristics", "--references", "author-year")
    assert "Chad" in shown("counts")
    assert "trial" in shown("counts", "--by", "design")


def test_forms_and_agreement_take_their_seed_and_words_from_the_protocol() -> None:
    writing.write(
        make(tables.UNIQUE, record_id=[f"r{n}" for n in range(30)], source_kinds=["database"] * 30),
        Path("unique.csv"),
    )

    def order(*options: str) -> list[str]:
        Path("form.csv").unlink(missing_ok=True)
        result = run(app, ["screen", "--form", "ana", "-o", "form.csv", *options])
        assert result.exit_code == 0, result.stderr
        return re.findall(r"\br[0-9]+\b", Path("form.csv").read_text())

    own, seeded = order(), order("--seed", "5")
    Path("peerreview.toml").write_text("[screening]\nseed = 5\n[agreement]\ncategories = ['yes', 'no']\n")
    assert own != seeded == order()
    assert order("--seed", "6") != seeded
    Path("decisions").mkdir()
    Path("decisions/all.csv").write_text(
        VOTES
        + "".join(f"r{n},{who},title_abstract,{'yes' if n else 'no'},\n" for n in (0, 1) for who in "ab")
    )
    result = run(app, ["agreement", "-o", "-"])
    assert result.exit_code == 0, result.stderr
    assert "yes" in result.stdout


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
