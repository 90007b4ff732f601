"""Tests of the retractions command: what is found, what the team decided, what changes without a work."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests import leaving
from tests.imports.test_notices import HEADER, row

TITLES = (
    "Wages of peer workers in ten wards",
    "Housing after prison and its costs",
    "Sleep and school in large cities",
    "Supervision of nurses at night",
    "Music in wards for the old",
    "Gardens and grief in hospices",
    "Buses and clinics in the country",
    "Letters from women in labour wards",
)
N_INCLUDED = 6
LINKS = ((0, "S1"), (1, "S2"), (2, "S2"), (3, "S3"), (3, "S4"), (4, "S5"), (5, "S6"))
"""A study with two reports, and a report of two studies, among others."""
PIPELINE = (
    ("import", "exports/medline.ris", "--source", "Ovid MEDLINE", "--kind", "database"),
    ("dedupe",),
    ("screen",),
    ("prisma", "-o", "flow.json"),
    ("report", "-o", "report.md"),
)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def done(*words: str) -> Result:
    result = run(*words)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result


def write(path: Path, *rows: dict[str, str]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def pipeline() -> None:
    for command in PIPELINE:
        done(*command)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return the folder of a finished review, and the ids of its records in order."""
    folder = tmp_path_factory.mktemp("review")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return folder, make_review()


@pytest.fixture
def review(finished: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids of a finished review's records, in order; a copy of it is the working folder."""
    folder, ids = finished
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return ids


def make_review() -> list[str]:
    ris = "".join(
        f"TY  - JOUR\nAN  - M{number}\nTI  - {title}\nAU  - Ade, Ann\nPY  - 2019\nDO  - 10.5555/p{number}\n"
        f"JO  - Journal {number} of Work\nSP  - {number + 3}\nER  - \n"
        for number, title in enumerate(TITLES)
    )
    Path("exports").mkdir()
    Path("exports/medline.ris").write_text(ris, encoding="utf-8")
    done(*PIPELINE[0])
    ids = reading.read(Path("records.csv"), tables.RECORDS)["record_id"].tolist()
    votes = [
        {"record_id": each, "reviewer": name, "stage": stage, "decision": decision, "reason": reason}
        for name in ("ana", "ben")
        for stage, decided in (("title_abstract", len(ids) - 1), ("full_text", len(ids) - 1))
        for place, each in enumerate(ids)
        for decision, reason in [
            ("include", "")
            if place < (decided if stage == "title_abstract" else N_INCLUDED)
            else ("exclude", "" if stage == "title_abstract" else "wrong design")
        ]
        if stage == "title_abstract" or place < decided
    ]
    write(Path("decisions/votes.csv"), *votes)
    write(Path("reports.csv"), *({"record_id": ids[place], "study_id": study} for place, study in LINKS))
    studies = sorted({study for _, study in LINKS})
    countries = ("Spain", "Chad", "Spain", "Peru", "Chad", "Spain")
    write(
        Path("studies.csv"),
        *(
            {"study_id": each, "label": f"Ade {each}", "country": country}
            for each, country in zip(studies, countries, strict=True)
        ),
    )
    write(
        Path("themes.csv"),
        *(
            {"study_id": each, "theme": theme}
            for place, each in enumerate(studies)
            for theme in ("trust", "pay", "time")[: 1 + place % 3]
        ),
    )
    items = ("1.1", "1.2", "1.3", "1.4", "1.5")
    write(
        Path("appraisal.csv"),
        *(
            {"study_id": each, "item": item, "judgement": "no" if (place + number) % 4 == 0 else "yes"}
            for place, each in enumerate(studies)
            for number, item in enumerate(items)
        ),
    )
    write(
        Path("findings.csv"),
        {"finding": "Pay matters", "studies": "S2; S5", "confidence": "low"},
        {"finding": "Time is short", "studies": "S6", "confidence": "high"},
    )
    pipeline()
    return ids


def notice(*rows: str) -> None:
    Path("watch.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def retracted() -> list[dict[str, str]]:
    return tables.rows(reading.read(Path("retracted.csv"), tables.RETRACTED))


def test_an_included_paper_that_was_retracted_is_named_and_a_decision_awaited(review: list[str]) -> None:
    notice(row(TITLES[4], doi="10.5555/P4"), row("Another paper", doi="10.5555/other"))

    told = done("retractions", "watch.csv")

    (found,) = retracted()
    assert (found["record_id"], found["kind"], found["certainty"]) == (review[4], "retraction", "certain")
    assert (found["standing"], found["studies"], found["source"]) == ("Included", "Ade S5", "watch.csv:2")
    assert f"{review[4]}: retracted on 2020-03-31; doi:10.5555/n1" in told.stderr
    result = run("retractions", "watch.csv", "--check")
    assert result.exit_code == 3
    assert "1 notice on an included work waits for a decision" in result.stderr


def test_a_decision_with_its_reason_ends_the_waiting(review: list[str]) -> None:
    notice(row(TITLES[4], doi="10.5555/p4"))
    decision = {
        "record_id": review[4],
        "kind": "retraction",
        "verdict": "keep",
        "why": "pooled without it",
        "by": "ana",
    }
    write(Path("retractions.csv"), decision)

    assert run("retractions", "watch.csv", "--check").exit_code == 0
    write(Path("retractions.csv"), decision | {"verdict": "leave_out"})
    assert run("retractions", "watch.csv", "--check").exit_code == 3
    write(Path("retractions.csv"), decision | {"why": ""})
    told = run("retractions", "watch.csv", "--check")
    assert told.exit_code == 1
    assert told.stderr.startswith("retractions.csv:2: why is blank")


@pytest.mark.slow
def test_a_work_whose_study_was_retired_in_an_update_waits_for_nothing(review: list[str]) -> None:
    write(
        Path("sources.csv"),
        *(
            {
                "file": file,
                "source": "Ovid MEDLINE",
                "source_kind": "database",
                "round": number,
                "records": "0" if not file else "",
            }
            for file, number in (("exports/medline.ris", "1"), ("", "2"))
        ),
    )
    notice(row(TITLES[4], doi="10.5555/p4"))
    write(Path("changes.csv"), {"study_id": "S5", "round": "2", "change": "retired", "reason": "retracted"})
    write(
        Path("retractions.csv"),
        {"record_id": review[4], "kind": "retraction", "verdict": "leave_out", "why": "no data behind it"},
    )

    done("retractions", "watch.csv", "--check")
    done("retractions", "watch.csv")
    assert retracted()[0]["standing"] == "Its study was retired"


@pytest.mark.usefixtures("review")
def test_a_reinstated_paper_is_not_retracted() -> None:
    notice(
        row(TITLES[4], doi="10.5555/p4", date="3/31/2020 0:00"),
        row(TITLES[4], doi="10.5555/p4", date="4/30/2021 0:00", nature="Reinstatement"),
    )
    done("retractions", "watch.csv")

    assert [(each["kind"], each["stands"]) for each in retracted()] == [
        ("retraction", "no"),
        ("reinstatement", "yes"),
    ]
    assert run("retractions", "watch.csv", "--check").exit_code == 0


@pytest.mark.parametrize(("back", "stands"), [("3/31/2020", "unclear"), ("", "unclear"), ("1/1/2020", "yes")])
@pytest.mark.usefixtures("review")
def test_where_it_is_not_plain_that_the_reinstatement_came_last_people_are_asked(
    back: str, stands: str
) -> None:
    notice(
        row(TITLES[4], doi="10.5555/p4", date="3/31/2020 0:00"),
        row(TITLES[4], doi="10.5555/p4", date=back, nature="Reinstatement"),
    )
    done("retractions", "watch.csv")

    assert retracted()[0]["stands"] == stands
    assert run("retractions", "watch.csv", "--check").exit_code == 3


@pytest.mark.slow
def test_the_decision_on_a_retraction_settles_the_concern_before_it(review: list[str]) -> None:
    notice(
        row(TITLES[4], doi="10.5555/p4", date="3/31/2019 0:00", nature="Expression of concern"),
        row(TITLES[4], doi="10.5555/p4", date="4/30/2021 0:00"),
    )
    decision = {"record_id": review[4], "kind": "retraction", "verdict": "other_paper", "why": "a namesake"}
    write(Path("retractions.csv"), decision)
    assert "(concern)" in run("retractions", "watch.csv", "--check").stderr
    write(Path("retractions.csv"), decision | {"verdict": "keep", "why": "data shown to us"})

    assert run("retractions", "watch.csv", "--check").exit_code == 0
    notice(
        row(TITLES[4], doi="10.5555/p4", date="3/31/2023 0:00", nature="Expression of concern"),
        row(TITLES[4], doi="10.5555/p4", date="4/30/2021 0:00"),
    )
    assert "(concern)" in run("retractions", "watch.csv", "--check").stderr


@pytest.mark.usefixtures("review")
def test_a_correction_is_listed_and_nobody_is_asked() -> None:
    notice(row(TITLES[4], doi="10.5555/p4", nature="Correction"))
    done("retractions", "watch.csv")

    assert [each["kind"] for each in retracted()] == ["correction"]
    assert run("retractions", "watch.csv", "--check").exit_code == 0


@pytest.mark.usefixtures("review")
def test_the_file_is_named_by_its_day_and_its_hash() -> None:
    notice(row(TITLES[4], doi="10.5555/p4"))
    done("retractions", "watch.csv", "--dated", "2026-11-01", "-o", "found.json")
    compared = json.loads(Path("found.json").read_text(encoding="utf-8"))["compared"]

    assert compared["sha256"] == reading.digest(Path("watch.csv"))
    assert (compared["file"], compared["dated"], compared["newest_notice"]) == (
        "watch.csv",
        "2026-11-01",
        "2020-03-31",
    )
    assert run("retractions", "watch.csv", "--dated", "1.11.2026").exit_code == 2


def without(review: list[str], gone: set[int]) -> dict[str, Any]:
    """Leave works out of the folder's tables by hand, as a team would; return the flow's boxes then."""
    ids = {review[place] for place in gone}
    reason = "Retracted publication"
    write(
        Path("decisions/retracted.csv"),
        *(
            {"record_id": each, "reviewer": "consensus", "stage": "full_text", "decision": "exclude",
             "reason": reason, "role": "consensus"}
            for each in sorted(ids)
        ),
    )  # fmt: skip
    left = [(place, study) for place, study in LINKS if place not in gone]
    write(Path("reports.csv"), *({"record_id": review[place], "study_id": study} for place, study in left))
    staying = {study for _, study in left}
    for table in (tables.STUDIES, tables.THEMES, tables.APPRAISAL):
        path = Path(f"{table.name}.csv")
        frame = reading.read(path, table)
        path.write_text(writing.to_csv(frame[frame["study_id"].isin(staying)]), encoding="utf-8")
    findings = [("Pay matters", "low", ("S2", "S5")), ("Time is short", "high", ("S6",))]
    rows = [
        {"finding": said, "studies": "; ".join(each for each in of if each in staying), "confidence": sure}
        for said, sure, of in findings
        if staying & set(of)
    ]
    write(Path("findings.csv"), *rows) if rows else Path("findings.csv").unlink()
    pipeline()
    return boxes()


def boxes() -> dict[str, Any]:
    flow = json.loads(Path("flow.json").read_text(encoding="utf-8"))["boxes"]
    return {name: (box["n"], sorted(box.get("ids", []))) for name, box in flow.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "gone",
    [
        {0},
        {1},
        {1, 2},
        {3},
        {4},
        {5},
        {0, 3, 5},
        {0, 1},
        {2, 4},
    ],
)
def test_what_changes_is_what_a_review_without_the_works_has(review: list[str], gone: set[int]) -> None:
    notice(*(row(TITLES[place], doi=f"10.5555/p{place}") for place in sorted(gone)))
    done("retractions", "watch.csv", "-o", "found.json")
    told = json.loads(Path("found.json").read_text(encoding="utf-8"))["consequences"][-1]
    before, report = boxes(), Path("report.md").read_text(encoding="utf-8")

    after = without(review, gone)

    assert set(told["record_ids"]) == {review[place] for place in gone}
    counted = {each["key"]: each["after"] for each in told["boxes"]}
    for name, (n, ids) in after.items():
        assert counted.get(name, before[name][0]) == n, name
        assert (name in counted) == (before[name] != (n, ids)), name
    then = Path("report.md").read_text(encoding="utf-8")
    assert told["sentences"]
    for was, will in told["sentences"]:
        assert was.rstrip(".") in report.replace("\\", "")
        assert will.rstrip(".") in then.replace("\\", "")


LIVING = Path(__file__).parents[2] / "examples" / "living-update"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("study", "found_since"),
    [
        ("s2", {"m8-adb516"}),
        ("s3", set()),
        ("s4", {"e5-6183d3"}),
    ],
)
def test_what_an_earlier_version_counted_is_retired_what_came_since_excluded_and_the_update_counted_so(
    study: str, found_since: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(LIVING, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    count = (
        ("screen",),
        ("prisma", "--previous", "published/flow-2021.json", "-o", "flow.json"),
        ("report", "-o", "report.md"),
    )
    exports = sorted(map(str, Path("exports").glob("*.ris")))
    for command in (("import", *exports, "--sources", "sources.csv"), ("dedupe",), *count):
        done(*command)
    before = leaving.state()
    Path("retractions.csv").unlink()
    gone = {row["record_id"] for row in leaving.rows(Path("reports.csv")) if row["study_id"] == study}
    leaving.watch(gone)
    done("retractions", "watch.csv", "--previous", "published/flow-2021.json", "-o", "found.json")
    told = json.loads(Path("found.json").read_text(encoding="utf-8"))["consequences"][-1]

    leaving.take_out_by_hand(found_since)
    if gone - found_since:
        with Path("changes.csv").open("a", encoding="utf-8") as file:
            file.write(f"{study},2,retired,Retracted publication,,,,synthetic\n")
    for command in count:
        done(*command)

    assert set(told["record_ids"]) == gone
    leaving.check(told, before, leaving.state())


@pytest.mark.slow
@pytest.mark.usefixtures("review")
def test_a_study_with_another_report_stays() -> None:
    notice(row(TITLES[1], doi="10.5555/p1"))
    done("retractions", "watch.csv", "-o", "found.json")
    (told,) = json.loads(Path("found.json").read_text(encoding="utf-8"))["consequences"]

    assert told["studies"] == []
    assert "studies" not in {each["key"] for each in told["boxes"]}
    said = json.loads(Path("found.json").read_text(encoding="utf-8"))["compared"]["said"]
    assert ", and for 1 notice in watch.csv (" in said


@pytest.mark.slow
def test_a_cluster_inherits_what_one_of_its_records_says(review: list[str]) -> None:
    text = Path("exports/medline.ris").read_text(encoding="utf-8")
    again = text.split("ER  - \n")[4] + "ER  - \n"
    Path("exports/embase.ris").write_text(
        again.replace("TI  - Music", "TI  - RETRACTED: Music").replace("AN  - M4", "AN  - Z4"),
        encoding="utf-8",
    )
    told = done("import", "exports/embase.ris", "--source", "Embase", "--kind", "database", "-o", "more.csv")
    assert "say of themselves" in told.stderr
    records = [reading.read(Path(name), tables.RECORDS) for name in ("records.csv", "more.csv")]
    together = tables.make(tables.RECORDS, [line for frame in records for line in tables.rows(frame)])
    Path("records.csv").write_text(writing.to_csv(together), encoding="utf-8")
    told = done("dedupe")
    assert "say of themselves" in told.stderr
    done("screen")
    done("retractions")

    (found,) = retracted()
    assert (found["record_id"], found["how"], found["source"]) == (
        review[4],
        "title “RETRACTED:”",
        "the record itself",
    )


def test_import_remarks_on_every_record_that_puts_its_own_paper_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    doubtful = (
        "RETRACTED: Wages",
        "Sleep [Retracted]",
        "WITHDRAWN: Music",
        "REMOVED: Buses",
        "Temporary removal: Letters",
        "Gardens [Expression of concern in J Peer Work. 2019;3:1]",
    )
    sound = ("Erratum to: Wages", "Retraction: Wages", "Areas of concern in wards", "Removed from home")
    Path("one.ris").write_text(
        "".join(f"TY  - JOUR\nTI  - {title}\nPY  - 2019\nER  - \n" for title in (*doubtful, *sound)),
        encoding="utf-8",
    )

    told = done("import", "one.ris", "--source", "Embase", "--kind", "database")

    assert f"retracted, withdrawn or doubted: {len(doubtful)} (" in told.stderr


@pytest.mark.slow
def test_the_report_and_status_say_what_was_found_and_decided(review: list[str]) -> None:
    notice(row(TITLES[4], doi="10.5555/p4"))
    done("retractions", "watch.csv", "-o", "retractions.json")
    done("report", "-o", "report.md")
    assert "Ade S5" in Path("report.md").read_text(encoding="utf-8").partition("Retractions")[2]
    assert "Retractions" in done("status").stdout
    write(
        Path("retractions.csv"),
        {"record_id": review[4], "kind": "retraction", "verdict": "keep", "why": "the data are sound"},
    )
    done("report", "-o", "report.md")
    assert "the data are sound" in Path("report.md").read_text(encoding="utf-8")


def test_nothing_is_written_over_what_people_decided(review: list[str]) -> None:
    notice(row(TITLES[4], doi="10.5555/p4"))
    write(
        Path("retractions.csv"),
        {"record_id": review[4], "kind": "retraction", "verdict": "keep", "why": "sound"},
    )

    result = run("retractions", "watch.csv", "-o", "retractions.csv")

    assert result.exit_code == 2
    assert "sound" in Path("retractions.csv").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.usefixtures("review")
def test_each_format_is_written() -> None:
    notice(row(TITLES[4], doi="10.5555/p4"))
    for suffix in (".md", ".html", ".tex", ".docx", ".xlsx", ".json"):
        done("retractions", "watch.csv", "-o", f"found{suffix}")
        assert Path(f"found{suffix}").stat().st_size > 200
    assert "What changes without Ade S5" in Path("found.md").read_text(encoding="utf-8")
    shutil.rmtree("exports")
