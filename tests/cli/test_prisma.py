"""The prisma command: tables or typed numbers in, a proved figure out."""

import json
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview.cli import app
from peerreview.render import fonts
from peerreview.tables.writing import to_csv
from tests.builders import make_records
from tests.reviews import make_review


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["prisma", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_review(folder: Path, seed: int = 3, *, finished: bool = True) -> None:
    review = make_review(seed, finished=finished)
    for name in ("records", "duplicates", "screening", "reports", "studies"):
        (folder / f"{name}.csv").write_text(to_csv(getattr(review, name)), encoding="utf-8")


TYPED = """
databases = 10491
duplicates = 5300
screened = 5191
citation_searching = 14
"""


def test_a_reviews_folder_needs_no_option(folder: Path) -> None:
    write_review(folder)

    result = run()

    assert result.exit_code == 0
    assert result.stdout == ""
    assert ET.parse(folder / "prisma.svg").getroot().tag.endswith("svg")
    assert "read duplicates.csv, screening.csv, reports.csv, studies.csv" in result.stderr


def test_several_outputs_come_from_one_count(folder: Path) -> None:
    write_review(folder)

    run("-o", "a.svg", "-o", "flow.json", "-o", "flow.csv", "-o", "flow.dot")

    flow = json.loads((folder / "flow.json").read_text(encoding="utf-8"))
    assert flow["schema"] == "peerreview/flow/1"
    assert re.fullmatch("[0-9a-f]{64}", flow["inputs"]["records"])
    assert flow["boxes"]["databases"]["n"] == len(flow["boxes"]["databases"]["ids"])
    assert (folder / "flow.dot").read_text(encoding="utf-8").startswith("digraph")


def test_the_same_tables_give_the_same_bytes(folder: Path) -> None:
    write_review(folder)

    run("-o", "a.svg", "-o", "a.json")
    run("-o", "b.svg", "-o", "b.json")

    for suffix in ("svg", "json"):
        assert (folder / f"a.{suffix}").read_bytes() == (folder / f"b.{suffix}").read_bytes()


def test_what_does_not_add_up_writes_nothing(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")
    (folder / "prisma.svg").write_text("old", encoding="utf-8")

    result = run("--flow", "paper.toml")

    assert result.exit_code == 1
    assert "paper.toml: D1 fails by +14: 10,491 + 14 - 5,300 is not 5,191: 14 is also" in result.stderr
    assert (folder / "prisma.svg").read_text(encoding="utf-8") == "old"


def test_what_does_not_add_up_is_stamped_where_it_is_drawn(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")

    result = run("--flow", "paper.toml", "--allow-inconsistent")

    assert result.exit_code == 0
    assert "DOES NOT ADD UP" in (folder / "prisma.svg").read_text(encoding="utf-8")


def test_a_check_of_what_does_not_add_up_prints_each_identity_and_fails(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")

    result = run("--flow", "paper.toml", "--check")

    assert result.exit_code == 1
    assert "D1 fails by +14" in result.stdout
    assert "D2 cannot be checked: excluded, sought are blank" in result.stdout
    assert not (folder / "prisma.svg").exists()


def test_an_unfinished_review_is_a_draft_and_its_check_says_so(folder: Path) -> None:
    write_review(folder, 5, finished=False)

    assert run("-q").exit_code == 0
    assert ">DRAFT<" in (folder / "prisma.svg").read_text(encoding="utf-8")
    assert run("--check").exit_code == 3


def test_a_finished_review_passes_its_check(folder: Path) -> None:
    write_review(folder)

    result = run("--check")

    assert result.exit_code == 0
    assert "P1 holds" in result.stdout


def test_records_alone_are_a_draft(folder: Path) -> None:
    write_review(folder)
    for name in ("duplicates", "screening", "reports", "studies"):
        (folder / f"{name}.csv").unlink()

    result = run()

    assert result.exit_code == 0
    assert "the review is not finished" in result.stderr


def test_a_file_that_is_named_must_be_there(folder: Path) -> None:
    write_review(folder)

    result = run("--screening", "screened.csv")

    assert (result.exit_code, result.stderr) == (1, "screened.csv: no such file\n")


def test_an_outcome_of_no_record_is_named_with_its_line(folder: Path) -> None:
    write_review(folder)
    with (folder / "screening.csv").open("a", encoding="utf-8") as stream:
        stream.write("r999,full_text,include,,,votes\n")

    result = run()

    assert result.exit_code == 1
    assert re.search(r"screening\.csv:\d+: record_id 'r999' is not in the records", result.stderr)


@pytest.mark.usefixtures("folder")
def test_an_unknown_suffix_is_a_usage_error() -> None:
    assert run("-o", "prisma.bmp").exit_code == 2


def test_a_figure_can_go_to_standard_output(folder: Path) -> None:
    write_review(folder)

    result = run("-o", "-", "-q")

    assert result.stdout.startswith("<svg")


def test_every_form_is_written_in_one_go(folder: Path) -> None:
    write_review(folder)
    names = ["f.svg", "f.html", "f.pdf", "f.png", "f.dot", "f.md", "f.json", "f.csv"]

    result = run("-q", "--dpi", "48", *(f"-o{name}" for name in names))

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (folder / "f.png").read_bytes().startswith(b"\x89PNG")
    assert b"f.html#" in (folder / "f.pdf").read_bytes()
    assert (folder / "f.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "| Records screened |" in (folder / "f.md").read_text(encoding="utf-8")


def test_a_picture_that_cannot_be_drawn_leaves_all_outputs_as_they_were(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_review(folder)
    monkeypatch.setitem(sys.modules, "resvg_py", None)

    result = run("-q", "-o", "prisma.svg", "-o", "prisma.png")

    assert result.exit_code == 1
    assert result.stderr == "PNG needs resvg-py and fonttools: pip install resvg-py fonttools\n"
    assert not (folder / "prisma.svg").exists()


def test_typed_numbers_are_drawn_in_another_language(folder: Path) -> None:
    (folder / "paper.toml").write_text("screened = 1234", encoding="utf-8")

    assert run("--flow", "paper.toml", "--labels", "de", "--caption", "Nach dem Text").exit_code == 0

    svg = (folder / "prisma.svg").read_text(encoding="utf-8")
    assert "Gescreente Datensätze" in svg
    assert "(n\xa0=\xa01.234)" in svg
    assert "Nach dem Text" in svg


def test_the_audit_lists_the_readings_that_add_up(folder: Path) -> None:
    (folder / "paper.toml").write_text(TYPED, encoding="utf-8")

    result = run("--flow", "paper.toml", "--check")

    assert "reading 1 adds up: the 14 of citation_searching skip screening" in result.stdout
    assert "the duplicates are 5,314" in result.stdout


def test_a_fault_of_typed_numbers_names_the_file(folder: Path) -> None:
    (folder / "paper.toml").write_text("screend = 3", encoding="utf-8")

    assert run("--flow", "paper.toml").stderr.startswith("paper.toml: unknown box 'screend'")


def test_what_the_r_package_cannot_draw_is_remarked(folder: Path) -> None:
    (folder / "paper.toml").write_text("hand_searching = 3", encoding="utf-8")

    result = run("--flow", "paper.toml", "-o", "flow.csv")

    assert "hand_searching has no row in PRISMA2020's template" in result.stderr


@pytest.mark.parametrize(("name", "text"), [("paper.toml", "# to do"), ("paper.csv", "data,n\n")])
def test_a_flow_without_a_count_is_not_drawn(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)

    result = run("--flow", name, "-o", "a.svg")

    assert result.exit_code == 1
    assert result.stderr == f"{name}: holds no count; a box and its number, as in screened = 120\n"
    assert not (folder / "a.svg").exists()


def test_an_update_takes_the_last_versions_flow(folder: Path) -> None:
    write_review(folder)
    run("-q", "-o", "last.json")

    result = run("-q", "--previous", "last.json")

    assert result.exit_code == 0
    assert "Previous studies" in (folder / "prisma.svg").read_text(encoding="utf-8")


def test_a_round_without_the_last_version_is_remarked(folder: Path) -> None:
    write_review(folder, 7)

    assert "round 2 is counted with the first" in run().stderr


def test_two_flows_are_compared(folder: Path) -> None:
    write_review(folder, 5, finished=False)
    run("-q", "-o", "old.json")
    write_review(folder, 5, finished=False)
    screening = (folder / "screening.csv").read_text(encoding="utf-8")
    changed = re.sub("title_abstract,(pending|conflict)", "title_abstract,exclude", screening)
    assert changed != screening
    (folder / "screening.csv").write_text(changed, encoding="utf-8")
    run("-q", "-o", "new.json")

    result = run("--diff", "old.json", "new.json")
    run("--diff", "old.json", "new.json", "-o", "changes.html", "-o", "changes.json")

    assert "Records awaiting screening → Records excluded" in result.stdout
    assert "Records excluded" in (folder / "changes.html").read_text(encoding="utf-8")
    assert json.loads((folder / "changes.json").read_text(encoding="utf-8"))["moved"]
    assert run("--diff", "old.json", "new.json", "-o", "c.pdf").exit_code == 2


def test_colours_and_fonts_are_chosen(folder: Path) -> None:
    (folder / "paper.toml").write_text("databases = 3", encoding="utf-8")

    run("--flow", "paper.toml", "--colours", "heading=#336699,ink=#111111", "--font", "Fira Sans")

    svg = (folder / "prisma.svg").read_text(encoding="utf-8")
    assert 'fill="#336699"' in svg
    assert "Fira Sans" in svg


@pytest.mark.parametrize("colours", ["heading=red", "sky=#336699", 'heading=#336699" onload="x'])
def test_a_colour_that_is_none_is_a_usage_error(folder: Path, colours: str) -> None:
    (folder / "paper.toml").write_text("databases = 3", encoding="utf-8")

    assert run("--flow", "paper.toml", "--colours", colours).exit_code == 2


def test_a_font_file_is_drawn_with(folder: Path) -> None:
    (folder / "paper.toml").write_text("databases = 3", encoding="utf-8")
    font = folder / "own.ttf"
    font.write_bytes(fonts.shipped()["B"].read_bytes())

    result = run("--flow", "paper.toml", "--font", "own.ttf", "-o", "a.png", "-o", "a.pdf", "--dpi", "48")

    assert result.exit_code == 0


def test_a_family_that_is_not_there_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "paper.toml").write_text("databases = 3", encoding="utf-8")
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))

    result = run("--flow", "paper.toml", "--font", "Fira Sans", "-o", "a.png")

    assert result.exit_code == 1
    assert result.stderr == "no font 'Fira Sans' on this machine, and no such file\n"


@pytest.mark.parametrize("name", ["a.png", "a.pdf", "a.docx"])
def test_chinese_without_a_font_for_it_is_refused_and_never_drawn_as_empty_boxes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (folder / "paper.toml").write_text("screened = 1000\nexcluded = 900\nsought = 100\n", encoding="utf-8")
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))

    picture = run("--flow", "paper.toml", "--labels", "zh", "-o", name)
    vector = run("--flow", "paper.toml", "--labels", "zh", "-o", "a.svg", "-o", "a.html")

    assert picture.exit_code == 1
    assert picture.stderr.startswith("no font on this machine has ")
    assert picture.stderr.rstrip().endswith("or name it to prisma: --font FILE.ttf")
    assert not (folder / name).exists()
    # A browser takes its own machine's font.
    assert vector.exit_code == 0, vector.stderr
    assert "筛选的记录" in (folder / "a.svg").read_text(encoding="utf-8")


def test_options_change_what_the_boxes_say(folder: Path) -> None:
    flow = '[databases]\nMEDLINE = 3\nEmbase = 4\n[reports_excluded]\n"Wrong design" = 2\n'
    (folder / "paper.toml").write_text(flow, encoding="utf-8")

    run("--flow", "paper.toml", "--no-per-source", "--header-totals", "--title", "Flow of our review")

    svg = (folder / "prisma.svg").read_text(encoding="utf-8")
    assert "MEDLINE" not in svg
    assert "Reports excluded (n\xa0=\xa02):" in svg
    assert '<title id="prisma-title">Flow of our review</title>' in svg


def test_formats_of_graphviz_need_graphviz_and_say_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_review(folder)
    monkeypatch.setenv("PATH", str(folder))

    result = run("-q", "-o", "prisma.eps")

    assert result.exit_code == 1
    assert (
        result.stderr == ".eps needs Graphviz's dot: apt-get install graphviz; .svg, .pdf and .png do not\n"
    )


def test_graphviz_writes_its_own_formats(folder: Path) -> None:
    if shutil.which("dot") is None:
        pytest.skip("no dot on this machine")
    write_review(folder)

    assert run("-q", "-o", "prisma.eps").exit_code == 0
    assert (folder / "prisma.eps").read_bytes().startswith(b"%!PS")


def test_a_table_from_a_stream_has_no_checksum(folder: Path) -> None:
    write_review(folder)
    records = (folder / "records.csv").read_bytes()

    result = CliRunner().invoke(app, ["prisma", "--records", "-", "-o", "flow.json"], input=records)

    assert result.exit_code == 0, result.stderr
    inputs = json.loads((folder / "flow.json").read_text(encoding="utf-8"))["inputs"]
    assert inputs["records"] == "-"
    assert re.fullmatch("[0-9a-f]{64}", inputs["screening"])


def test_a_width_is_a_length_on_paper(folder: Path) -> None:
    (folder / "paper.toml").write_text("databases = 3\nscreened = 3\nduplicates = 0\n", encoding="utf-8")

    assert run("--flow", "paper.toml", "--width", "8.4 cm").exit_code == 0
    assert 'width="84.00mm"' in (folder / "prisma.svg").read_text(encoding="utf-8")
    for length in ("170", "0mm", "wide", "-3mm"):
        wrong = run("--flow", "paper.toml", f"--width={length}")
        assert wrong.exit_code == 2
        assert wrong.stderr == f"width {length!r} is no length such as 170mm, 17cm, 6.7in or 482pt\n"
    narrow = run("--flow", "paper.toml", "--width", "20mm")
    assert narrow.exit_code == 2
    assert narrow.stderr == (
        "width '20mm': a flow of 2 columns needs a width of 59mm for lettering of 7 points, not 20mm\n"
    )


def test_a_figure_taller_than_a_page_is_told(folder: Path) -> None:
    reasons = "".join(f'"Reason {number}" = 1\n' for number in range(90))
    (folder / "paper.toml").write_text(f"assessed = 90\n[reports_excluded]\n{reasons}", encoding="utf-8")

    result = run("--flow", "paper.toml", "--width", "170mm")

    assert "mm tall at a width of 170mm: more than a page of A4 has" in result.stderr
    assert "more than a page" not in run("--flow", "paper.toml").stderr


def test_a_flow_is_written_for_word(folder: Path) -> None:
    pytest.importorskip("docx")
    (folder / "paper.toml").write_text("databases = 3\n", encoding="utf-8")

    assert run("--flow", "paper.toml", "-o", "flow.docx", "--dpi", "72").exit_code == 0
    assert (folder / "flow.docx").read_bytes().startswith(b"PK")


def test_unique_records_of_another_run_than_the_pairs_are_told(folder: Path) -> None:
    write_review(folder)
    review = make_review(3)
    removed = set(review.duplicates["record_id"])
    unique = [each for each in review.records["record_id"] if each not in removed]

    def told(ids: list[str]) -> str:
        (folder / "unique.csv").write_text("\n".join(["record_id", *ids, ""]), encoding="utf-8")
        return run().stderr

    gone = min(removed)
    assert "unique.csv" not in told(unique)
    assert (
        f"unique.csv: holds 1 record that duplicates.csv removes, as {gone!r}: the two tables are of two runs"
        in told([*unique, gone])
    )
    assert (
        f"unique.csv: lacks 1 record that duplicates.csv leaves, as {unique[2]!r}; run dedupe again"
        in told([*unique[:2], *unique[3:]])
    )


@pytest.mark.slow
@pytest.mark.parametrize("of", [["-o", "flow.json"], ["--ledger", "-o", "ledger.md"]])
def test_outcomes_older_than_the_votes_are_told(folder: Path, of: list[str]) -> None:
    def command(*arguments: str) -> None:
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.stderr

    records = make_records(title=["Peer support", "Wards at night"], round=["1", "1"])
    (folder / "records.csv").write_text(to_csv(records), encoding="utf-8")
    (folder / "decisions").mkdir()
    votes = folder / "decisions" / "ana.csv"
    votes.write_text("record_id,reviewer,stage,decision\nr1,ana,title_abstract,include\n", encoding="utf-8")
    (folder / "peerreview.toml").write_text(
        "[screening.votes_required]\ntitle_abstract = 1\n", encoding="utf-8"
    )
    command("dedupe", "--workers", "1")
    command("screen")
    assert "screening.csv:" not in run(*of).stderr

    with votes.open("a", encoding="utf-8") as stream:
        stream.write("r2,ana,title_abstract,exclude\n")
    assert (
        "screening.csv: 1 outcome would be otherwise by the votes in decisions/ now, "
        "as of 'r2' at title_abstract; run screen again\n"
    ) in run(*of).stderr

    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "screening.csv").write_bytes((folder / "screening.csv").read_bytes())
    assert "screen again" not in run("--screening", "elsewhere/screening.csv", *of).stderr
    command("screen")
    assert "screening.csv:" not in run(*of).stderr
