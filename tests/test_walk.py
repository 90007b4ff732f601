"""
One review walked through every table.

Three databases with 240 records, one citation-searching record that
duplicates a database record and one that does not, a vote on a record that
is merged by a later export, and a duplicate found only at full text: all
boxes of the flow add up before and after.
"""

import csv
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app

pytestmark = pytest.mark.slow
SYLLABLES = [
    "ba",
    "do",
    "ki",
    "lu",
    "me",
    "nor",
    "pas",
    "quin",
    "rel",
    "sto",
    "tar",
    "vex",
    "wim",
    "zan",
    "cor",
]
AUTHORS = [
    "Adams",
    "Baker",
    "Clark",
    "Davis",
    "Evans",
    "Frank",
    "Ghosh",
    "Hills",
    "Irwin",
    "Jones",
    "Keane",
    "Lopez",
    "Meyer",
    "Novak",
    "Olsen",
]


class Reference:
    """What several databases hold of one paper, invented."""

    def __init__(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311  invented, not secret
        words = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(7)]
        self.title = " ".join(words).capitalize()
        self.author = chance.choice(AUTHORS)
        self.year = str(2000 + number % 23)
        self.journal = "Journal of " + "".join(chance.choices(SYLLABLES, k=4)).capitalize()
        self.pages = f"{number * 3}-{number * 3 + 9}"
        self.doi = f"10.5555/walk.{number}"

    def ris(self, accession: str) -> str:
        first, last = self.pages.split("-")
        return (
            f"TY  - JOUR\nAN  - {accession}\nT1  - {self.title}\nA1  - {self.author}, Ann\n"
            f"Y1  - {self.year}//\nJF  - {self.journal}\nSP  - {first}\nEP  - {last}\n"
            f"DO  - {self.doi}\nER  - \n\n"
        )

    def bibtex(self, key: str) -> str:
        return (
            f"@article{{{key},\n  title = {{{self.title}}},\n  author = {{{self.author}, A.}},\n"
            f"  year = {{{self.year}}},\n  journal = {{{self.journal}}},\n  pages = {{{self.pages}}},\n"
            f"  doi = {{{self.doi}}}\n}}\n\n"
        )


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert status == result.exit_code, result.output + repr(result.exception)
    return result.output


def rows(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(name: str, table: list[dict[str, str]]) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    with Path(name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def boxes() -> dict[str, int]:
    run("prisma", "-o", "flow.json")
    run("prisma", "--check")
    return {name: box["n"] for name, box in json.loads(Path("flow.json").read_text())["boxes"].items()}


EXPECTED = {
    "databases": 240,
    "duplicates": 60,
    "screened": 180,
    "excluded": 168,
    "sought": 12,
    "not_retrieved": 1,
    "assessed": 11,
    "reports_excluded": 5,
    "citation_searching": 1,
    "other_sought": 1,
    "other_assessed": 1,
    "reports": 7,
    "studies": 6,
}


def vote(record_id: str, stage: str, decision: str, reason: str = "") -> list[dict[str, str]]:
    """Both reviewers' votes on a record."""
    return [
        {"record_id": record_id, "reviewer": who, "stage": stage, "decision": decision, "reason": reason}
        for who in ("ana", "bo")
    ]


def screen_all() -> None:
    run("dedupe", "records.csv", "-o", "unique.csv")
    run("screen", "unique.csv", *sorted(map(str, Path("decisions").glob("*.csv"))), "-o", "screening.csv")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A finished review in an empty folder; the ids of the twelve database records sought for retrieval."""
    monkeypatch.chdir(tmp_path)
    works = [Reference(number) for number in range(301)]
    Path("exports").mkdir()
    medline = "".join(works[number].ris(f"W{number + 1000}") for number in range(1, 101))
    embase = "".join(works[number].ris(f"X{number + 5000}") for number in range(61, 141))
    scopus = "".join(works[number].bibtex(f"key{number}") for number in [*range(81, 101), *range(141, 181)])
    citations = works[1].ris("Y1") + works[200].ris("Y2")
    Path("exports/medline.ris").write_text(medline)
    Path("exports/embase.ris").write_text(embase)
    Path("exports/scopus.bib").write_text(scopus)
    Path("exports/citations.ris").write_text(citations)
    names = ("file", "source", "source_kind", "records")
    searches = [
        ("exports/medline.ris", "MEDLINE", "database", "100"),
        ("exports/embase.ris", "Embase", "database", "80"),
        ("exports/scopus.bib", "Scopus", "database", "60"),
        ("exports/citations.ris", "Citation searching", "citation_searching", "2"),
    ]
    write_rows("sources.csv", [dict(zip(names, search, strict=True)) for search in searches])
    run("import", *(search[0] for search in searches), "-o", "records.csv")
    run("dedupe", "records.csv", "-o", "unique.csv")
    unique = rows("unique.csv")
    left = [row["record_id"] for row in unique if "database" in row["source_kinds"].split("; ")]
    right = [row["record_id"] for row in unique if "database" not in row["source_kinds"].split("; ")]
    assert (len(left), len(right)) == (180, 1)
    sought, out = left[:12], left[12:]
    votes = [each for record_id in sought[:11] for each in vote(record_id, "title_abstract", "include")]
    votes += [each for record_id in out for each in vote(record_id, "title_abstract", "exclude")]
    split = vote(sought[11], "title_abstract", "include")
    split[1]["decision"] = "exclude"
    write_rows("decisions/title_abstract.csv", votes + split)
    run("screen", "unique.csv", "decisions/title_abstract.csv", "-o", "screening.csv")
    conflicts = rows("conflicts.csv")
    assert [sought[11]] == [row["record_id"] for row in conflicts]
    write_rows("answers.csv", [conflicts[0] | {"decision": "include", "reviewer": "ana; bo"}])
    run(
        "screen",
        "unique.csv",
        "decisions/title_abstract.csv",
        "--resolve",
        "answers.csv",
        "-o",
        "screening.csv",
    )
    at_full_text = [
        each for record_id in sought[1:6] for each in vote(record_id, "full_text", "exclude", "Setting")
    ]
    at_full_text += [
        each for record_id in sought[6:] + right for each in vote(record_id, "full_text", "include")
    ]
    at_full_text += vote(sought[0], "retrieval", "not_retrieved")[:1]
    write_rows("decisions/full_text.csv", at_full_text)
    studies = ["S1", "S1", "S2", "S3", "S4", "S5", "S6"]
    included = zip(sought[6:] + right, studies, strict=True)
    write_rows("reports.csv", [{"record_id": record_id, "study_id": study} for record_id, study in included])
    write_rows("studies.csv", [{"study_id": study, "label": study} for study in sorted(set(studies))])
    screen_all()
    return sought


def test_every_box_adds_up(review: list[str]) -> None:
    flow = boxes()

    assert {name: flow[name] for name in EXPECTED} == EXPECTED
    assert len(review) == 12


def test_a_vote_follows_a_record_merged_by_a_later_export(review: list[str]) -> None:
    late = "".join(Reference(number).bibtex(f"late{number}") for number in (2, 3, 4, 5, 6))
    Path("exports/late.bib").write_text(late)
    with Path("sources.csv").open("a") as stream:
        stream.write("exports/late.bib,Web of Science,database,5\n")
    before = {row["record_id"] for row in rows("unique.csv")}

    exports = [row["file"] for row in rows("sources.csv")]
    run("import", *exports, "-o", "records.csv")
    screen_all()

    removed = before - {row["record_id"] for row in rows("unique.csv")}
    voted = {row["record_id"] for row in rows("decisions/title_abstract.csv")}
    assert removed & voted, "a record with votes is removed in favour of one of the late export"
    flow = boxes()
    changed = EXPECTED | {"databases": 245, "duplicates": 65}
    assert {name: flow[name] for name in EXPECTED} == changed
    assert len(review) == 12


def test_a_duplicate_found_at_full_text_corrects_every_box(review: list[str]) -> None:
    boxes()
    override = {
        "record_id": review[7],
        "duplicate_of": review[6],
        "verdict": "duplicate",
        "by": "ana",
        "why": "same",
    }
    write_rows("overrides.csv", [override])

    screen_all()

    Path("flow.json").rename("before.json")
    flow = boxes()
    changes = {"duplicates": 61, "screened": 179, "sought": 11, "assessed": 10, "reports": 6}
    assert {name: flow[name] for name in EXPECTED} == EXPECTED | changes
    printed = run("prisma", "--diff", "before.json", "flow.json")
    for name, count in changes.items():
        assert str(count) in printed, name
