"""What a figure says is counted again from the tables, box by box."""

import contextlib
import csv
import json
import os
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from peerreview.cli import app
from tests.cli.test_status import done, finished, ids
from tests.reviews import make_review

__all__ = ["finished", "ids"]

CHANGES = int(os.environ.get("PEERREVIEW_CHANGES", "6"))
"""How many random changes are tried."""


def verify(*words: str) -> Result:
    return CliRunner().invoke(app, ["verify", *words])


def odd(*words: str) -> list[str]:
    """Return the lines that say of something that it does not hold, without the file's name."""
    lines = verify(*words).stdout.splitlines()
    return [line.partition(": ")[2] for line in lines if not line.endswith(": holds")]


def change(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new, 1))


@pytest.fixture(scope="session")
def drawn(finished: tuple[Path, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished review's flow in every format that is slow to draw, and in two captions for Word."""
    there = tmp_path_factory.mktemp("drawn")
    with contextlib.chdir(finished[0]):
        figures = (f"{there}/a.{suffix}" for suffix in ("pdf", "png", "docx", "html"))
        done("prisma", "-q", *(word for figure in figures for word in ("-o", figure)))
        done("prisma", "-q", "--caption", "Another", "-o", f"{there}/other.docx")
    return there


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_of_an_untouched_review_every_figure_holds(drawn: Path) -> None:
    for path in drawn.glob("a.*"):
        shutil.copy(path, path.name)

    result = verify()

    assert result.exit_code == 0, result.output
    assert {line.partition(":")[0] for line in result.stdout.splitlines()} == {
        "flow.json", "prisma.svg", "a.pdf", "a.png", "a.docx", "a.html", "tables/sources.html",
        "flow.csv", "agreement.md", "agreement.json", "themes.md", "appraisal.md",
        "tables/characteristics.md", "tables/excluded.csv", "tables/matrix.tex",
    }  # fmt: skip
    assert "prisma.svg: screened: holds" in result.stdout.splitlines()


@pytest.mark.slow
def test_a_changed_outcome_is_named_with_its_record_and_its_line(ids: list[str]) -> None:
    change("screening.csv", f"{ids[4]},title_abstract,exclude", f"{ids[4]},title_abstract,include")

    for file in ("flow.json", "prisma.svg"):
        result = verify(file)

        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        assert f"{file}: excluded: differs (was 2, is 1: record {ids[4]})" in lines
        assert f"{file}: sought: differs (was 4, is 5: record {ids[4]})" in lines
        assert f"{file}: screened: holds" in lines
        assert any(
            ": screening.csv: differs (line " in line and ", column outcome)" in line for line in lines
        )


@pytest.mark.slow
def test_a_figure_alone_still_finds_the_record(ids: list[str]) -> None:
    """Its proof has no ids, only the hash of them all and their sum."""
    Path("flow.json").unlink()
    change("screening.csv", f"{ids[4]},title_abstract,exclude", f"{ids[4]},title_abstract,include")

    assert f"excluded: differs (was 2, is 1: record {ids[4]})" in odd("prisma.svg")


def test_a_changed_vote_moves_the_boxes_once_screen_is_run(ids: list[str]) -> None:
    change(
        "decisions/ana.csv",
        f"{ids[3]},ana@example.org,full_text,exclude",
        f"{ids[3]},ana@example.org,full_text,include",
    )

    found = odd("prisma.svg")

    assert f"reports_excluded: differs (once screen is run: was 2, is 1: record {ids[3]})" in found
    assert "screening.csv: differs (screen would write it otherwise)" in found
    assert any(line.startswith("decisions/ana.csv: differs (row ") for line in found)


def test_a_reason_that_no_box_has_yet_is_named_before_screen_is_run(ids: list[str]) -> None:
    """Of what was excluded by title no reason was given: a part comes that was not there."""
    votes = Path("decisions/ana.csv").read_text().splitlines()
    place = votes[0].split(",").index("reason")
    for file in ("ana", "ben"):
        lines = Path(f"decisions/{file}.csv").read_text().splitlines()
        cells = [line.split(",") for line in lines]
        for each in cells:
            if each[0] == ids[4] and "exclude" in each:
                each[place] = "Not about peers"
        Path(f"decisions/{file}.csv").write_text("\n".join(map(",".join, cells)) + "\n")

    found = odd("prisma.svg")

    assert (
        f"excluded/Not about peers: differs (once screen is run: was not there, is 1: record {ids[4]})"
        in found
    )


@pytest.mark.usefixtures("ids")
def test_a_table_that_moves_no_box_differs_by_name_and_place() -> None:
    change("studies.csv", "Portugal" if "Portugal" in Path("studies.csv").read_text() else "Spain", "Peru")
    change("themes.csv", "money", "time")

    result = verify("prisma.svg")

    assert result.exit_code == 1
    assert odd("prisma.svg") == [
        "studies.csv: differs (line 2, column country)",
        "themes.csv: differs (row 2, column theme)",
    ]


@pytest.mark.usefixtures("ids")
def test_what_rests_on_a_missing_table_cannot_be_checked() -> None:
    Path("reports.csv").unlink()

    result = verify("prisma.svg", "--folder", ".")

    assert result.exit_code == 3
    lines = result.stdout.splitlines()
    assert "prisma.svg: studies: cannot be checked (table missing: reports)" in lines
    assert "prisma.svg: reports.csv: cannot be checked (it is not there)" in lines
    assert "prisma.svg: screened: holds" in lines


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_table_that_cannot_be_read_is_told_with_its_line() -> None:
    change("screening.csv", "title_abstract", "title")

    result = verify("prisma.svg")

    assert result.exit_code == 1
    assert "screened: cannot be checked (screening.csv:" in result.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_table_that_cannot_be_read_is_told_where_one_before_it_is_stale_too() -> None:
    lines = Path("sources.csv").read_text().splitlines()
    Path("sources.csv").write_text("\n".join([f"{lines[0]},round", *(f"{line},1x" for line in lines[1:])]))
    change("decisions/ana.csv", "include", "exclude")

    found = odd("prisma.svg")

    assert any(line.startswith("sources.csv: differs") for line in found), found
    assert any(line.startswith("screened: cannot be checked (sources.csv:2: round '1x'") for line in found)


@pytest.mark.usefixtures("ids")
def test_a_number_that_was_changed_in_the_drawing_is_found() -> None:
    change("prisma.svg", "(n\u00a0=\u00a04)", "(n\u00a0=\u00a05)")

    assert odd("prisma.svg") == ["what is shown: differs (it was changed after it was written)"]


@pytest.mark.usefixtures("ids")
def test_a_file_without_a_proof_is_an_error() -> None:
    Path("typed.toml").write_text("screened = 3\nexcluded = 1\nsought = 2\n")
    done("prisma", "--flow", "typed.toml", "-o", "typed.svg")

    assert verify("typed.svg").exit_code == 1
    assert "typed.svg: holds no proof" in verify("typed.svg").stderr
    assert verify("nowhere.svg").exit_code == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_proof_of_any_review_holds_and_names_rows_of_each_box(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from peerreview.tables.writing import to_csv

    monkeypatch.chdir(tmp_path)
    review = make_review(seed, finished=False)
    for name in ("records", "duplicates", "screening", "reports", "studies"):
        Path(f"{name}.csv").write_text(to_csv(getattr(review, name)))
    done("prisma", "-o", "flow.json", "--allow-inconsistent", "-q")

    boxes = json.loads(Path("flow.json").read_text())
    for key, box in boxes["proof"]["boxes"].items():
        if "/" not in key and box["n"]:
            assert box["from"], key
            assert all(rows["n"] == _many(rows["rows"]) for rows in box["from"].values())
    assert [line for line in odd("flow.json") if "would write" not in line] == []


def _many(rows: str) -> int:
    return sum(
        int(end or begin) - int(begin) + 1
        for begin, _, end in (each.strip().partition("-") for each in rows.split(","))
    )


def change_a_cell(path: Path, chance: random.Random) -> None:
    """Put another of its column's cells, or another text, into one cell of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    place, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    before = rows[place][column]
    others = sorted({row[column] for row in rows[1:] if row[column] != before}) or [f"{before}x"]
    rows[place][column] = chance.choice(others)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def boxes_of(path: str) -> dict[str, tuple[int, list[str], str]]:
    """Return each count of a flow.json, its ids and its basis, by its key."""
    found = {}
    for key, box in json.loads(Path(path).read_text())["boxes"].items():
        found[key] = (box["n"], sorted(box["ids"]), box.get("basis", ""))
        for part in box.get("parts", ()):
            found[f"{key}/{part['label']}"] = (part["n"], sorted(part["ids"]), part.get("basis", ""))
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_of_random_changes_each_table_and_each_box_that_moved_is_named(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(27)  # noqa: S311  an order of changes, not a secret
    fresh = Path.cwd()
    for number in range(CHANGES):
        here = tmp_path_factory.mktemp("changed") / "review"
        shutil.copytree(fresh, here)
        monkeypatch.chdir(here)
        files = sorted(path for path in (*here.glob("*.csv"), *here.glob("decisions/*.csv")))
        tables_ = [path for path in files if path.name != "flow.csv" and path.read_text().count("\n") > 1]
        table = chance.choice(tables_)
        change_a_cell(table, chance)
        name = table.relative_to(here).as_posix()

        result = verify(chance.choice(("flow.json", "prisma.svg")))

        said = [line.partition(": ")[2] for line in result.stdout.splitlines()]
        assert result.exit_code == 1, (number, name, result.output)
        assert any(line.startswith(f"{name}: differs") for line in said), (number, name)
        now = CliRunner().invoke(
            app, ["prisma", "-q", "--allow-inconsistent", "-o", "again.json"], catch_exceptions=False
        )
        if now.exit_code:
            assert any(": cannot be checked (" in line for line in said)
            continue
        before, after = boxes_of("flow.json"), boxes_of("again.json")
        moved = {key for key in before | after if before.get(key) != after.get(key)}
        named = {
            key
            for key in before | after
            if any(line.startswith(f"{key}: differs") and "once" not in line for line in said)
        }
        assert named == moved, (number, name)
        shutil.rmtree(here)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["html", "docx"])
@pytest.mark.usefixtures("ids")
def test_a_report_is_checked_sentence_by_sentence_and_table_by_table(suffix: str) -> None:
    done("report", "-o", f"report.{suffix}")
    assert verify(f"report.{suffix}").exit_code == 0, odd(f"report.{suffix}")

    change("themes.csv", "S2,money", "S2,trust")

    found = odd(f"report.{suffix}")
    assert any(
        line.startswith("Themes, sentence ") and "was: Trust: coded in 1 of 2" in line for line in found
    ), found
    assert "themes.csv: differs (row 2, column theme)" in found
    assert any(line.startswith("Themes, table ") for line in found)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["matrix.html", "matrix.docx", "matrix.svg", "matrix.pdf", "matrix.png"])
@pytest.mark.usefixtures("ids")
def test_a_table_of_the_paper_carries_the_proof_of_the_files_it_was_made_of(file: str) -> None:
    done("table", "themes", "-o", f"tables/{file}")
    assert odd(f"tables/{file}") == []
    assert f"tables/{file}: table themes: holds" in verify().stdout.splitlines()
    assert f"tables/{file}: themes.csv: holds" in verify(f"tables/{file}").stdout.splitlines()

    change("themes.csv", "S2,money", "S2,trust")

    name = "themes.csv: differs (row 2, column theme)"
    assert odd(f"tables/{file}")[-1] == name
    assert verify(f"tables/{file}").exit_code == 1


@pytest.mark.usefixtures("ids")
def test_a_table_holds_where_what_changed_is_not_in_it() -> None:
    done("table", "themes", "-o", "tables/themes.html")
    Path("themes.csv").write_text(Path("themes.csv").read_text() + "\n")

    assert odd("tables/themes.html") == ["themes.csv: differs (its bytes; every cell says the same)"]

    change("themes.csv", "S2,money", "S2,trust")

    assert odd("tables/themes.html")[0].startswith("table themes: differs (row Trust, ")


@pytest.mark.usefixtures("ids")
def test_each_cell_of_a_table_that_is_another_now_is_named() -> None:
    """Whatever the file is called: its proof tells the command that lays it out."""
    done("table", "characteristics", "-o", "Table 1.docx")
    change("studies.csv", "Spain", "Peru")

    told = "table characteristics: differs (row Ade 2021, Country: was Spain, is Peru)"
    assert odd("Table 1.docx")[0] == told
    assert verify("Table 1.docx").exit_code == 1

    change("studies.csv", "S2,Poe 2019,Italy", "S3,Roe 2020,Chile")
    change("reports.csv", ",S2", ",S3")
    found = odd("Table 1.docx")[0]
    assert "row Roe 2020 came" in found
    assert "1 row is not there any more" in found


@pytest.mark.usefixtures("ids")
def test_a_table_written_with_options_cannot_be_checked_once_its_files_changed() -> None:
    done("table", "characteristics", "--columns", "design", "-o", "table.html")
    change("studies.csv", "Spain", "Peru")

    assert odd("table.html")[0] == (
        "table characteristics: cannot be checked "
        "(what it was made of has changed, and it was written with options; write it again)"
    )
    Path("studies.csv").unlink()
    assert verify("table.html").exit_code == 3
    assert odd("table.html")[0].endswith("(what it was made of is not all there)")


@pytest.mark.usefixtures("ids")
def test_a_table_of_thousands_of_cells_is_known_as_a_whole() -> None:
    rows = "".join(f"X{number},Lee {number},Spain,qualitative\n" for number in range(2_000))
    Path("studies.csv").write_text(Path("studies.csv").read_text() + rows)
    done("table", "characteristics", "-o", "table.html")
    change("studies.csv", "Italy", "Chile")

    assert odd("table.html")[0] == "table characteristics: differs (other cells)"


@pytest.mark.usefixtures("ids")
def test_a_cell_that_was_changed_in_a_table_on_a_page_is_found() -> None:
    done("table", "themes", "-o", "tables/themes.html")
    change("tables/themes.html", "</td>", "0</td>")

    assert odd("tables/themes.html") == ["what is shown: differs (it was changed after it was written)"]


def edit_flow(change_it: Callable[[dict[str, Any]], object]) -> None:
    """Change what flow.json says beside its proof, and leave the proof as it is."""
    said = json.loads(Path("flow.json").read_text())
    change_it(said)
    Path("flow.json").write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n")


EDITED = "what is shown: differs (it was changed after it was written)"


@pytest.mark.slow
def test_a_number_typed_into_the_flows_file_is_told_beside_that_of_its_proof(ids: list[str]) -> None:
    edit_flow(lambda said: said["boxes"]["screened"].update(n=7))
    assert odd("flow.json") == [EDITED, "screened: differs (the file says 7, its proof 6)"]

    edit_flow(lambda said: said["boxes"]["screened"].update(n=6, ids=[*ids[1:], "another"]))
    assert odd("flow.json") == [EDITED, "screened: differs (the file lists other records than its proof)"]

    edit_flow(lambda said: said["boxes"].pop("screened"))
    assert odd("flow.json") == [EDITED, "screened: differs (the file does not say it, its proof 6)"]
    assert verify("flow.json").exit_code == 1


@pytest.mark.usefixtures("ids")
def test_whatever_else_is_changed_in_the_flows_file_is_told() -> None:
    edit_flow(lambda said: said["boxes"]["screened"].update(at_most=9))

    assert odd("flow.json") == [EDITED]


@pytest.mark.usefixtures("ids")
def test_a_flow_laid_out_by_another_program_still_holds() -> None:
    said = json.loads(Path("flow.json").read_text())
    Path("flow.json").write_text(json.dumps(dict(reversed(said.items()))))

    assert odd("flow.json") == []


@pytest.mark.usefixtures("ids")
def test_a_proof_that_does_not_say_what_was_shown_is_not_taken_to_hold() -> None:
    edit_flow(lambda said: said["proof"].pop("shown"))

    result = verify("flow.json")

    assert result.exit_code == 3
    assert odd("flow.json") == ["what is shown: cannot be checked (its proof does not tell; write it again)"]


def change_part(path: str, part: str, edit: Callable[[bytes], bytes]) -> None:
    """Change a part of a Word document, packed anew as another program would."""
    with zipfile.ZipFile(path) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    assert edit(parts[part]) != parts[part]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as after:
        for name, content in parts.items():
            after.writestr(name, edit(content) if name == part else content)


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_number_that_was_changed_in_a_word_document_is_found() -> None:
    done("report", "-o", "report.docx")
    done("table", "themes", "-o", "themes.docx")

    change_part("report.docx", "word/document.xml", lambda part: part.replace(b"6 records", b"7 records"))
    change_part("themes.docx", "word/document.xml", lambda part: part.replace(b">1<", b">2<", 1))

    assert odd("report.docx") == [EDITED]
    assert odd("themes.docx") == [EDITED]


@pytest.mark.usefixtures("ids")
def test_another_picture_in_a_word_document_is_found(drawn: Path) -> None:
    shutil.copy(drawn / "a.docx", "flow.docx")
    with zipfile.ZipFile(drawn / "other.docx") as other:
        picture = other.read("word/media/image1.png")

    change_part("flow.docx", "word/media/image1.png", lambda _: picture)

    assert odd("flow.docx") == [EDITED]


@pytest.mark.usefixtures("ids")
def test_a_word_document_saved_again_without_a_change_holds() -> None:
    """Word parts a text into runs as it likes, marks its language, and names parts otherwise."""
    done("table", "themes", "-o", "themes.docx")

    def saved(part: bytes) -> bytes:
        again = b'r</w:t></w:r><w:proofErr w:type="x"/><w:r><w:rPr><w:lang w:val="en"/></w:rPr><w:t>ust<'
        return part.replace(b"rust<", again).replace(b"<w:body>", b"<w:body><w:p></w:p>")

    change_part("themes.docx", "word/document.xml", saved)

    assert odd("themes.docx") == []


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["pdf", "png"])
@pytest.mark.usefixtures("ids")
def test_pictures_that_were_changed_or_cut_off_are_found(suffix: str, drawn: Path) -> None:
    file = f"flow.{suffix}"
    whole = (drawn / f"a.{suffix}").read_bytes()

    for changed in (whole[:-10], whole[:-700] + bytes([whole[-700] ^ 1]) + whole[-699:]):
        Path(file).write_bytes(changed)
        assert odd(file) == [EDITED]
        assert verify(file).exit_code == 1


@pytest.mark.parametrize(
    ("file", "most", "said"),
    [
        ("flow.svg", 0, "is empty; write it again"),
        ("flow.html", 0, "is empty; write it again"),
        ("flow.docx", 0, "is empty; write it again"),
        ("flow.json", 0, "is empty; write it again"),
        ("flow.pdf", 900, "was cut off; write it again"),
        ("flow.svg", 300, "was cut off; write it again"),
        ("flow.html", 300, "was cut off; write it again"),
        ("flow.png", 30, "was cut off; write it again"),
        ("flow.docx", 900, "is not a Word document"),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_file_that_was_emptied_or_cut_off_before_its_proof_is_told_so(
    file: str, most: int, said: str, drawn: Path
) -> None:
    suffix = Path(file).suffix
    whole = Path("prisma.svg") if suffix in (".svg", ".json") else drawn / f"a{suffix}"
    Path(file).write_bytes(whole.read_bytes()[:most])

    result = verify(file)

    assert result.exit_code == 1
    assert f"{file}: {said}" in result.stderr


@pytest.mark.usefixtures("ids")
def test_in_a_folder_every_output_that_lost_its_proof_is_told_and_the_others_are_checked() -> None:
    done("report", "-o", "report.html")
    Path("prisma.svg").write_bytes(b"")
    Path("report.html").write_text("<!DOCTYPE html>\n<p>Six records</p>\n</html>\n")
    Path("tables/sources.html").write_text("<!DOCTYPE html>\n<table>")

    result = verify()

    assert result.exit_code == 1
    assert "prisma.svg: is empty; write it again" in result.stderr
    assert "tables/sources.html: was cut off; write it again" in result.stderr
    assert "report.html: the whole: cannot be checked (holds no proof" in result.stdout
    assert "flow.json: screened: holds" in result.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_an_output_without_a_proof_alone_ends_with_3_in_its_folder() -> None:
    Path("prisma.svg").write_text("<svg><text>(n = 6)</text></svg>")

    assert verify().exit_code == 3
    # Somebody else's picture is nobody's output.
    Path("prisma.svg").unlink()
    Path("photo.svg").write_text("<svg></svg>")
    Path("photo.png").write_bytes(b"")
    assert verify().exit_code == 0


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_folder_is_named_as_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = tmp_path / "beside"
    beside.mkdir()
    monkeypatch.chdir(beside)

    result = verify("..")

    assert result.exit_code == 0, result.output
    assert "../prisma.svg: screened: holds" in result.stdout.splitlines()
    assert verify(".").exit_code == 1
    assert "holds no file with a proof" in verify(".").stderr
    # The tables of the paper are a folder of the review's.
    assert "../tables/sources.html: table sources: holds" in verify("../tables").stdout.splitlines()


@pytest.mark.usefixtures("ids")
def test_of_several_files_each_is_checked_whatever_is_wrong_with_one() -> None:
    Path("cut.svg").write_bytes(b"")

    result = verify("cut.svg", "nowhere.svg", "prisma.svg")

    assert result.exit_code == 1
    assert "cut.svg: is empty" in result.stderr
    assert "nowhere.svg: no such file" in result.stderr
    assert "prisma.svg: screened: holds" in result.stdout.splitlines()


@pytest.mark.usefixtures("ids")
def test_a_file_that_came_since_and_would_have_been_read_is_told_of_a_table() -> None:
    """Nothing that the table was made of has changed, and its command would write another one."""
    Path("reports.csv").rename("later.csv")
    done("table", "characteristics", "-o", "tables/characteristics.html")
    assert odd("tables/characteristics.html") == []

    Path("later.csv").rename("reports.csv")

    assert verify("tables/characteristics.html").exit_code == 1
    assert "reports.csv: differs (it was not there)" in odd("tables/characteristics.html")


@pytest.mark.parametrize(
    ("command", "folder", "file"),
    [("agreement", "decisions", "cy.csv"), ("search", "strategies", "embase.txt")],
)
@pytest.mark.usefixtures("ids")
def test_a_file_that_came_since_into_a_folder_that_is_read_as_a_whole_is_told(
    command: str, folder: str, file: str
) -> None:
    Path("strategies").mkdir()
    Path("strategies/medline.txt").write_text("1. peer support.ti,ab. 10\n2. exp prisons/ 20\n3. 1 and 2 5\n")
    done(command, "-o", "out.html")
    assert odd("out.html") == []
    there = next(Path(folder).iterdir())

    Path(folder, file).write_text(there.read_text().replace("ana@example.org", "cy"))

    assert f"{folder}/{file}: differs (it was not there)" in odd("out.html")


@pytest.mark.usefixtures("ids")
def test_a_file_that_came_since_is_nothing_to_a_table_of_files_that_were_named() -> None:
    votes = Path("decisions/ben.csv").read_text()
    Path("decisions/cy.csv").write_text(votes.replace("ben", "cy"))
    done("agreement", "decisions/ana.csv", "decisions/ben.csv", "-o", "two.html")
    done("agreement", "decisions/ana.csv", "decisions/ben.csv", "decisions/cy.csv", "-o", "all.html")

    Path("decisions/di.csv").write_text(votes.replace("ben", "di"))

    assert odd("two.html") == []
    assert odd("all.html")[-1] == "decisions/di.csv: differs (it was not there)"


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_an_output_under_the_name_of_another_is_told() -> None:
    for name in ("themes", "matrix"):
        done("table", name, "-o", f"tables/{name}.html")
    done("report", "-o", "report.html")
    done("prisma", "-o", "prisma.html", "-q")
    shutil.move("tables/themes.html", "kept.html")
    shutil.move("tables/matrix.html", "tables/themes.html")
    shutil.move("kept.html", "tables/matrix.html")
    shutil.copy("prisma.html", "report.html")
    done("table", "themes", "-o", "map.svg")
    shutil.copy("map.svg", "prisma.svg")

    assert odd("tables/themes.html") == ["its name: differs (it was written as matrix.html)"]
    assert odd("tables/matrix.html") == ["its name: differs (it was written as themes.html)"]
    assert odd("report.html") == ["its name: differs (it is a flow, by its name a report)"]
    assert odd("prisma.svg") == ["its name: differs (it is a table, by its name a flow)"]
    assert verify("prisma.svg").exit_code == 1


@pytest.mark.usefixtures("ids")
def test_a_copy_under_a_name_of_ones_own_holds() -> None:
    done("appraise", "-o", "appraisal.svg", "-q")
    shutil.copy("prisma.svg", "Figure 1.svg")
    shutil.copy("appraisal.svg", "Figure 2.svg")
    shutil.copy("appraisal-summary.svg", "appraisal.svg")

    assert odd("Figure 1.svg") == []
    assert odd("Figure 2.svg") == []
    assert odd("appraisal.svg") == ["its name: differs (it was written as appraisal-summary.svg)"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"says":{', '"says":["'),
        ('"cells":{"table sources":{', '"cells":{"table sources":[{'),
        ('"rows":[[', '"rows":[1,['),
    ],
)
@pytest.mark.usefixtures("ids")
def test_a_proof_that_somebody_damaged_is_one_line_and_no_traceback(before: str, after: str) -> None:
    change("tables/sources.html", before, after)

    result = verify("tables/sources.html")

    assert result.exit_code == 1
    assert result.stderr.startswith("tables/sources.html:")
    assert len(result.stderr.splitlines()) == 1


MAKEFILE = """\
# Comments: prisma.svg gone.svg
WANTED := unique.csv
ifneq ($(wildcard decisions/*.csv),)
WANTED += prisma.svg flow.json tables/sources.html \\\\
    agreement.html
endif
.PHONY: all
all: $(WANTED)

prisma.svg: screening.csv $(wildcard nothing.csv)
	peerreview prisma -o $@ -o flow.json

flow.json: | prisma.svg
	@test -f $@ || peerreview prisma -o $@

tables/sources.html: sources.csv
	$(PEERREVIEW) table sources -o $@

agreement.html: not-there-yet.csv
	peerreview agreement -o $@

report.html: $(WANTED)
	peerreview report -o $@
"""


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_an_output_of_the_makefile_that_was_deleted_is_told() -> None:
    """What its rule cannot be followed for yet is nobody's fault, nor what is made only when asked for."""
    Path("Makefile").write_text(MAKEFILE)
    assert verify().exit_code == 0

    Path("tables/sources.html").unlink()
    Path("flow.json").unlink()

    result = verify()
    assert result.exit_code == 3
    missing = [line for line in result.stdout.splitlines() if "the whole: cannot" in line]
    why = "the whole: cannot be checked (it is not there; the Makefile writes it)"
    assert missing == [f"flow.json: {why}", f"tables/sources.html: {why}"]
    assert "prisma.svg: screened: holds" in result.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_file_that_takes_no_proof_is_compared_with_what_its_command_writes_now() -> None:
    result = verify("themes.md", "flow.csv", "screening.csv", "tables/excluded.csv")
    assert result.exit_code == 0, result.output
    assert "themes.md: the whole: holds (themes writes the same)" in result.stdout.splitlines()

    change("themes.md", "| Trust | 1", "| Trust | 2")
    change("screening.csv", "exclude", "include")

    assert verify("themes.md").exit_code == 3
    assert verify("themes.md").stdout.startswith(
        "themes.md: the whole: cannot be checked (themes without options would write it otherwise: line "
    )
    assert verify("screening.csv").exit_code == 1
    assert odd("screening.csv") == ["the whole: differs (screen would write it otherwise)"]


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_report_in_markdown_is_compared_line_by_line() -> None:
    done("report", "-o", "report.md")
    assert verify("report.md").exit_code == 0

    change("report.md", "6 records", "7 records")

    assert verify("report.md").exit_code == 1
    assert odd("report.md")[0].startswith("the whole: differs (report would write it otherwise: line ")


@pytest.mark.usefixtures("ids")
def test_of_a_file_that_no_command_is_known_for_nothing_can_be_said() -> None:
    Path("notes.md").write_text("Six records.\n")

    result = verify("notes.md")

    assert result.exit_code == 1
    assert "notes.md: holds no proof, and what its command would write is not known" in result.stderr


@pytest.mark.usefixtures("ids")
def test_a_workbook_that_was_cut_off_is_no_workbook() -> None:
    done("table", "themes", "-o", "tables/themes.xlsx")
    Path("tables/themes.xlsx").write_bytes(Path("tables/themes.xlsx").read_bytes()[:2_000])

    result = verify("tables/themes.xlsx")

    assert result.exit_code == 1
    assert result.stderr.startswith("tables/themes.xlsx: ")
    assert not result.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("ids")
def test_a_sentence_that_rests_on_the_flows_file_cannot_be_checked_without_it() -> None:
    done("report", "-o", "report.html")
    Path("flow.json").unlink()

    result = verify("report.html")

    assert result.exit_code == 3, result.output
    assert "cannot be checked (flow.json is not there)" in result.stdout


@pytest.mark.parametrize("before", ["(n\u00a0=\u00a04)", "Wrong design (n\u00a0=\u00a02)"])
@pytest.mark.usefixtures("ids")
def test_a_number_changed_in_the_drawing_by_somebody_who_took_the_hash_anew_is_found(before: str) -> None:
    """The hash is no signature: what stands in the boxes is compared with the counts, too."""
    from peerreview.render import seals

    text = Path("prisma.svg").read_text()
    proof = json.loads(seals.take(text.encode(), ".svg") or "")
    bare = seals.strip(text, ".svg").replace(before, re.sub("[0-9]", "7", before))
    Path("prisma.svg").write_text(str(seals.put(bare, ".svg", proof)))

    assert odd("prisma.svg") == ["what is shown: differs (its numbers are not those that the tables give)"]
    assert verify("prisma.svg").exit_code == 1


@pytest.mark.usefixtures("ids")
def test_a_figure_in_another_language_and_look_holds() -> None:
    look = ("--labels", "de", "--header-totals", "--caption", "One (n = 9)", "--width", "110mm")
    done("prisma", *look, "-o", "other.svg", "-q")

    assert odd("other.svg") == []
