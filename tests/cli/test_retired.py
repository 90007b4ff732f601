"""A study that was retired is in no table from then on, and the report says so."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview.cli import app

TEXTS = {
    "records.csv": "record_id,source,source_kind,round,source_file,source_line,accession,type,title,authors,"
    "year,journal,volume,issue,pages,doi,pmid,pmcid,isbn,issn,abstract,keywords,language,url,extra\n"
    + "".join(
        f"{record},MEDLINE,database,{number},,,,,{title}{',' * 16}\n"
        for record, number, title in (("r1", "1", "A"), ("r2", "1", "B"), ("r3", "2", "C"))
    ),
    "screening.csv": "record_id,stage,outcome,reason,reviewers,resolved_by\n"
    + "".join(
        f"r{number},{stage},include,,,votes\n"
        for number in (1, 2, 3)
        for stage in ("title_abstract", "full_text")
    ),
    "reports.csv": "record_id,study_id\nr1,s1\nr2,s2\nr3,s3\n",
    "studies.csv": "study_id,label,country\ns1,Ada 2001,Chad\ns2,Bo 2002,Mali\ns3,Cy 2024,Peru\n",
    "codebook.csv": "theme,parent,label\nhope,,Hope\ncare,,Care\n",
    "themes.csv": "study_id,theme,coder\ns1,hope,ana\ns2,hope,ana\ns3,care,ana\n",
    "appraisal.csv": "study_id,item,judgement\n"
    + "".join(f"s{study},{item},yes\n" for study in (1, 2, 3) for item in range(1, 11)),
    "findings.csv": "finding,themes,studies\nHope helps,,Ada 2001; Bo 2002\n",
    "peerreview.toml": '[appraisal]\ninstrument = "casp-qualitative"\n',
    "changes.csv": "study_id,round,change,reason\ns1,2,retired,The article was retracted.\n",
}


@pytest.fixture(autouse=True)
def _review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.stderr
    return result


@pytest.mark.parametrize(
    "command",
    [
        "table characteristics",
        "table themes",
        "table matrix",
        "table appraisal",
        "table findings",
        "table counts --by country",
        "themes",
        "appraise",
    ],
)
def test_a_retired_study_is_in_no_table(command: str) -> None:
    result = run(*command.split(), "-o", "-")

    assert "Ada 2001" not in result.stdout
    assert "Chad" not in result.stdout
    assert "Bo 2002" in result.stdout or "Mali" in result.stdout or "| Hope | 1 |" in result.stdout
    assert "changes.csv: retired, and left out of what is laid out: s1" in result.stderr


def test_a_report_without_any_study_left_says_so(tmp_path: Path) -> None:
    later = "\n".join(f"s{number},3,retired,Criteria were narrowed." for number in (2, 3))
    (tmp_path / "changes.csv").write_text(f"{TEXTS['changes.csv']}{later}\n", encoding="utf-8")
    fourth = "file,source,source_kind,round\n,MEDLINE,database,3\n"
    (tmp_path / "sources.csv").write_text(fourth, encoding="utf-8")
    for name in ("themes.csv", "appraisal.csv", "findings.csv"):
        (tmp_path / name).unlink()

    result = run("report", "-o", "-")

    assert "The review includes 0 studies." in result.stdout
    assert "By country" not in result.stdout


def test_a_finding_that_names_it_is_told() -> None:
    result = run("table", "findings", "-o", "-")

    assert "finding 'Hope helps' names retired studies: Ada 2001; left out" in result.stderr


def test_the_report_says_what_was_retired_and_why() -> None:
    run("report", "-o", "report.md")

    text = Path("report.md").read_text(encoding="utf-8")
    assert "The review includes 2 studies in 2 reports." in text
    assert "1 study included earlier was retired, and is in no number here: s1 (round 2: The article" in text
    assert "not assigned to a study" not in text


def test_what_is_told_of_several_tables_is_told_once() -> None:
    result = run("report", "-o", "report.md")

    assert result.stderr.count("left out of what is laid out: s1") == 1


def test_the_life_of_its_report_tells_that_no_table_has_it() -> None:
    gone, stays = run("trace", "r1"), run("trace", "r2")

    assert "Studies retired from the review (n = 1): study s1" in gone.stdout
    assert "Cited in: no table" in gone.stdout
    assert "Cited in: table characteristics" in stays.stdout
