"""Tests of the import command."""

import json
import os
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading
from tests.builders import make_ris

run = CliRunner().invoke


pytestmark = pytest.mark.usefixtures("review")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with two exports, as the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports/scopus.ris").write_bytes(make_ris("TI  - A", "DB  - Scopus") + make_ris("TI  - B"))
    (tmp_path / "exports/refs.bib").write_bytes(b"@book{a,\n title = {C},\n}\n")
    return tmp_path


def read(path: Path) -> pd.DataFrame:
    return reading.read(path, tables.RECORDS)


def test_exports_become_one_table_with_counts_told(review: Path) -> None:
    result = run(app, ["import", "exports/scopus.ris", "exports/refs.bib"])

    table = read(review / "records.csv")
    assert (result.exit_code, result.stdout) == (0, "")
    assert list(table["title"]) == ["A", "B", "C"]
    assert list(table["source_file"]) == ["exports/scopus.ris", "exports/scopus.ris", "exports/refs.bib"]
    assert list(table["source"]) == ["Scopus", "Scopus", "refs"]
    assert (
        "exports/scopus.ris: ris, UTF-8; Scopus (database, found in DB of 1 of 2 records); "
        "found 2, imported 2, rejected 0, warnings 0" in result.stderr
    )
    assert (review / "rejects.csv").read_text(encoding="utf-8") == "source_file,source_line,problem,text\n"


def test_reading_on_all_cores_changes_nothing(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (review / "entities.xml").write_text('<!DOCTYPE x [<!ENTITY a "b">]>\n<PubmedArticleSet/>\n')
    command = ["import", "exports/scopus.ris", "entities.xml", "exports/refs.bib", "--lenient"]
    alone = run(app, [*command, "-o", "records.csv"])
    table = (review / "records.csv").read_bytes()
    monkeypatch.setattr("peerreview.imports.collecting.LARGE", 0)
    monkeypatch.setattr("peerreview.imports.stretches.LENGTH", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    shared = run(app, [*command, "--replace", "-o", "records.csv"])

    assert (shared.exit_code, shared.stderr) == (0, alone.stderr)
    assert (review / "records.csv").read_bytes() == table


def test_a_table_of_records_may_be_parquet(review: Path) -> None:
    pytest.importorskip("pyarrow")
    run(app, ["import", "exports/scopus.ris", "-o", "records.parquet"])
    run(app, ["import", "exports/scopus.ris", "-o", "records.csv"])

    assert read(review / "records.parquet").equals(read(review / "records.csv"))


def test_a_declared_source_wins(review: Path) -> None:
    run(app, ["import", "exports/scopus.ris", "--source", "Experts", "--kind", "citation_searching"])

    table = read(review / "records.csv")
    assert {("Experts", "citation_searching")} == set(zip(table["source"], table["source_kind"], strict=True))


OVID = make_ris("TI  - A", "DB  - Ovid MEDLINE(R) ALL <1946 to June 2024>") + make_ris(
    "TI  - B", "DB  - Embase <1974 to 2024>"
)
SHARED = "file,source,source_kind,records\nexports/ovid.ris,{},database,1\nexports/ovid.ris,{},database,{}\n"


def test_one_file_of_several_databases_gives_each_record_its_own(review: Path) -> None:
    (review / "exports/ovid.ris").write_bytes(OVID)
    (review / "sources.csv").write_text(SHARED.format("Ovid MEDLINE", "Embase", 1))

    result = run(app, ["import", "exports/ovid.ris"])

    assert result.exit_code == 0
    assert list(read(review / "records.csv")["source"]) == ["Ovid MEDLINE", "Embase"]


@pytest.mark.parametrize(
    ("one", "other", "n", "said"),
    [
        ("Ovid MEDLINE", "Embase", 2, "1 record of Embase found where sources.csv says 2"),
        ("Ovid MEDLINE", "PsycINFO", 0, "the record comes from 'Embase', and sources.csv has for its file"),
        ("Ovid MEDLINE", "MEDLINE", 1, "mean the same database: Ovid MEDLINE, MEDLINE"),
    ],
)
def test_a_shared_file_that_is_not_as_declared_is_told(
    review: Path, one: str, other: str, n: int, said: str
) -> None:
    (review / "exports/ovid.ris").write_bytes(OVID)
    (review / "sources.csv").write_text(SHARED.format(one, other, n))

    result = run(app, ["import", "exports/ovid.ris"])

    assert result.exit_code == 1
    assert said in result.stderr
    assert not (review / "records.csv").exists()


def test_an_export_that_was_promised_and_not_given_is_an_error(review: Path) -> None:
    (review / "sources.csv").write_text(
        "file,source,source_kind,records\nexports/scopus.ris,Scopus,database,2\n"
        "exports/medline.ris,MEDLINE,database,183\nexports/none.ris,CINAHL,database,0\n"
    )

    strict = run(app, ["import", "exports/scopus.ris"])
    lenient = run(app, ["import", "exports/scopus.ris", "--lenient"])

    assert strict.exit_code == 1
    assert "'exports/medline.ris' is not among the exports given: the 183 records of MEDLINE are missing" in (
        strict.stderr
    )
    assert lenient.exit_code == 0
    assert "'exports/medline.ris' is not among the exports given" in lenient.stderr


def test_sources_csv_says_where_an_export_is_from(review: Path) -> None:
    (review / "sources.csv").write_text(
        "file,source,source_kind,round,records\n"
        "scopus.ris,Scopus (2nd),database,2,2\n"
        "exports/refs.bib,Web,website,,\n",
        encoding="utf-8",
    )

    result = run(app, ["import", "exports/scopus.ris", "exports/refs.bib"])

    table = read(review / "records.csv")
    assert "read sources.csv" in result.stderr
    assert list(table["source"]) == ["Scopus (2nd)", "Scopus (2nd)", "Web"]
    assert list(table["round"]) == ["2", "2", "1"]
    assert list(table["source_kind"])[2] == "website"


def test_a_search_without_its_export_and_an_export_without_its_search_are_told(review: Path) -> None:
    (review / "sources.csv").write_text(
        "file,source,source_kind\nscopus.ris,Scopus,database\nref.bib,Web,website\n", encoding="utf-8"
    )

    result = run(app, ["import", "exports/scopus.ris", "exports/refs.bib"])

    assert result.exit_code == 0
    assert "exports/refs.bib: is not in sources.csv" in result.stderr
    assert "sources.csv: 'ref.bib' is not among the exports given" in result.stderr
    assert "scopus.ris: is not in" not in result.stderr
    assert "'scopus.ris'" not in result.stderr


def test_a_number_that_the_database_did_not_report_is_an_error(review: Path) -> None:
    (review / "searches.csv").write_text(
        "file,source,source_kind,records\nscopus.ris,Scopus,database,3\n", encoding="utf-8"
    )

    by_table = run(app, ["import", "exports/scopus.ris", "--sources", "searches.csv"])
    by_option = run(app, ["import", "exports/scopus.ris", "--expect", "1"])

    assert (by_table.exit_code, by_option.exit_code) == (1, 1)
    assert "exports/scopus.ris: 2 records found where searches.csv says 3" in by_table.stderr
    assert "exports/scopus.ris: 2 records found where --expect says 1" in by_option.stderr
    assert not (review / "records.csv").exists()
    assert run(app, ["import", "exports/scopus.ris", "--expect", "2"]).exit_code == 0


def test_strict_lists_all_faults_and_writes_nothing(review: Path) -> None:
    (review / "bad.ris").write_bytes(make_ris("AB  - a") + make_ris("TI  - A") + b"TY  - JOUR\nTI  - cut o")
    (review / "page.html").write_bytes(b"<html><body>log in</body></html>")

    result = run(app, ["import", "bad.ris", "page.html", "exports/refs.bib"])

    assert (result.exit_code, result.stdout) == (1, "")
    assert "bad.ris:1: neither title nor identifier" in result.stderr
    assert "bad.ris:7: the file ends within this record" in result.stderr
    assert "page.html: is a web page (HTML)" in result.stderr
    assert not (review / "records.csv").exists()
    assert not (review / "rejects.csv").exists()


def test_lenient_writes_the_pieces_where_no_record_is_left_and_keeps_the_table_of_before(
    review: Path,
) -> None:
    (review / "bad.ris").write_bytes(make_ris("AU  - Sand, B.") + make_ris("AB  - b"))
    (review / "records.csv").write_text("before\n", encoding="utf-8")

    result = run(app, ["import", "bad.ris", "--lenient", "--replace"])

    assert result.exit_code == 1
    assert list(reading.read(review / "rejects.csv", tables.REJECTS)["source_line"]) == ["1", "4"]
    assert (review / "records.csv").read_text(encoding="utf-8") == "before\n"


def test_lenient_keeps_the_rest_and_writes_the_pieces(review: Path) -> None:
    (review / "bad.ris").write_bytes(make_ris("AB  - a") + make_ris("TI  - A") + b"TY  - JOUR\nTI  - cut o")

    result = run(app, ["import", "bad.ris", "--lenient"])

    rejects = reading.read(review / "rejects.csv", tables.REJECTS)
    assert result.exit_code == 0
    assert list(read(review / "records.csv")["title"]) == ["A"]
    assert list(rejects["source_line"]) == ["1", "7"]
    assert rejects["text"].iloc[1] == "TY  - JOUR\nTI  - cut o"
    assert "records.csv: 1 record from 1 export; 2 rejected" in result.stderr


def test_what_an_update_finds_again_renames_no_record_of_the_first_round(review: Path) -> None:
    again, new = make_ris("TI  - A"), make_ris("TI  - B")
    (review / "medline.ris").write_bytes(again)
    (review / "medline-2.ris").write_bytes(again + new)
    (review / "sources.csv").write_text(
        "file,source,source_kind,round\nmedline.ris,MEDLINE,database,1\nmedline-2.ris,MEDLINE,database,2\n"
    )
    run(app, ["import", "medline.ris"])
    (before,) = read(review / "records.csv")["record_id"]

    result = run(app, ["import", "medline-2.ris", "medline.ris"])

    table = read(review / "records.csv")
    assert result.exit_code == 0
    assert list(table["round"]) == ["2", "2", "1"]
    assert [table["record_id"].iloc[place] for place in (0, 2)] == [f"{before}~2", before]


def test_a_search_is_that_of_the_export_whose_folder_it_names(review: Path) -> None:
    for folder, title in {"embase": "A", "medline": "B"}.items():
        (review / folder).mkdir()
        (review / folder / "export.ris").write_bytes(make_ris(f"TI  - {title}", "DB  - MEDLINE"))
    (review / "sources.csv").write_text("file,source,source_kind\nembase/export.ris,Embase,database\n")

    run(app, ["import", "medline/export.ris", "embase/export.ris"])

    assert list(read(review / "records.csv")["source"]) == ["MEDLINE", "Embase"]


def test_a_search_is_found_from_a_folder_above_and_its_records_are_counted(review: Path) -> None:
    (review / "sources.csv").write_text("file,source,source_kind,records\nexports/scopus.ris,S,database,7\n")
    os.chdir(review.parent)
    export = f"{review.name}/exports/scopus.ris"

    result = run(app, ["import", export, "--sources", f"{review.name}/sources.csv", "-o", "records.csv"])

    assert result.exit_code == 1
    assert f"{export}: 2 records found where {review.name}/sources.csv says 7" in result.stderr


def test_one_search_is_not_that_of_two_exports(review: Path) -> None:
    (review / "old").mkdir()
    (review / "old/scopus.ris").write_bytes(make_ris("TI  - C"))
    (review / "sources.csv").write_text("file,source,source_kind\nscopus.ris,Scopus,database\n")

    result = run(app, ["import", "exports/scopus.ris", "old/scopus.ris"])

    told = "sources.csv: 'scopus.ris' may be exports/scopus.ris or old/scopus.ris; write the folder, too"
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, told)


def test_an_export_without_a_record_is_refused_unless_the_search_found_none(review: Path) -> None:
    (review / "records.csv").write_bytes(b"")
    (review / "none.csv").write_text("title,authors,year\n")

    refused = run(app, ["import", "none.csv", "-o", "other.csv"])
    expected = run(app, ["import", "none.csv", "-o", "other.csv", "--expect", "0"])

    assert refused.exit_code == 1
    assert "none.csv: holds no record; leave it out or, if the search found none, say 0" in refused.stderr
    assert (expected.exit_code, len(read(review / "other.csv"))) == (0, 0)


def test_lenient_keeps_a_rest_and_refuses_where_there_is_none(review: Path) -> None:
    (review / "none.csv").write_text("title,authors,year\n")
    (review / "bad.ris").write_bytes(make_ris("AB  - neither title nor number"))

    kept = run(app, ["import", "none.csv", "bad.ris", "exports/refs.bib", "--lenient"])
    before = (review / "records.csv").read_bytes()
    refused = run(app, ["import", "none.csv", "bad.ris", "--lenient", "--replace"])

    assert (kept.exit_code, len(read(review / "records.csv"))) == (0, 1)
    assert "none.csv:1: warning: holds no record" in kept.stderr
    assert refused.exit_code == 1
    assert "bad.ris:1: neither title nor identifier" in refused.stderr
    assert before == (review / "records.csv").read_bytes()


def test_a_blank_source_is_wrong_usage(review: Path) -> None:
    result = run(app, ["import", "exports/refs.bib", "--source", " "])

    assert (result.exit_code, "--source is blank" in result.stderr) == (2, True)
    assert not (review / "records.csv").exists()


def test_two_exports_that_the_table_would_call_alike_are_refused(review: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ris").write_bytes(make_ris(f"TI  - {folder}"))
    paths = [str(tmp_path / folder / "x.ris") for folder in ("one", "two")]

    result = run(app, ["import", *paths, "-o", str(review / "exports/records.csv")])

    assert result.exit_code == 1
    assert f"{paths[1]}: is called 'x.ris' in the table, as {paths[0]} is" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
def test_a_file_name_that_is_no_text_is_refused_in_one_line(review: Path) -> None:
    name = os.fsdecode(b"\xe9.ris")
    Path(name).write_bytes(make_ris("TI  - A"))

    result = run(app, ["import", name])

    assert result.exit_code == 1
    assert "its name cannot be written as text; rename it" in result.stderr
    assert not (review / "records.csv").exists()


def test_the_same_export_twice_is_refused_unless_again(review: Path) -> None:
    (review / "copy.ris").write_bytes((review / "exports/scopus.ris").read_bytes())

    refused = run(app, ["import", "exports/scopus.ris", "copy.ris"])
    taken = run(app, ["import", "exports/scopus.ris", "copy.ris", "--again"])

    assert (refused.exit_code, taken.exit_code) == (1, 0)
    assert "copy.ris: is the same export as exports/scopus.ris; leave one out, or --again" in refused.stderr
    assert list(read(review / "records.csv")["record_id"].str.endswith("~2")) == [False, False, True, True]


def test_an_export_imported_before_is_not_dropped_unless_replace(review: Path) -> None:
    run(app, ["import", "exports/scopus.ris", "exports/refs.bib"])
    before = (review / "records.csv").read_bytes()

    refused = run(app, ["import", "exports/refs.bib"])

    assert refused.exit_code == 1
    assert "records.csv: holds records of 'exports/scopus.ris', which is not given now" in refused.stderr
    assert (review / "records.csv").read_bytes() == before
    assert run(app, ["import", "exports/refs.bib", "--replace"]).exit_code == 0
    assert len(read(review / "records.csv")) == 1


def test_a_table_that_may_not_be_read_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    run(app, ["import", "exports/scopus.ris"])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    result = run(app, ["import", "exports/refs.bib"])

    assert (result.exit_code, result.stderr) == (1, "records.csv: cannot be read: Permission denied\n")


def test_a_file_that_is_no_table_of_records_is_not_overwritten(review: Path) -> None:
    (review / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")

    result = run(app, ["import", "exports/refs.bib", "-o", "notes.csv"])

    assert "notes.csv: is there and is no table of records" in result.stderr
    assert (review / "notes.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_records_of_a_review_are_no_export(review: Path) -> None:
    run(app, ["import", "exports/scopus.ris"])

    result = run(app, ["import", "records.csv", "-o", "again.csv"])

    assert result.exit_code == 1
    assert "records.csv: is a table of peerreview's; peerreview export writes" in result.stderr
    assert not (review / "again.csv").exists()


def test_records_are_a_table(review: Path) -> None:
    result = run(app, ["import", "exports/refs.bib", "-o", "records.xlsx"])

    assert result.exit_code == 2
    assert "records.xlsx: a table is written as .csv or .parquet, or to -" in result.stderr
    assert not (review / "records.xlsx").exists()


def test_unique_records_are_not_written_over_by_an_import(review: Path) -> None:
    run(app, ["import", "exports/refs.bib"])
    run(app, ["dedupe", "records.csv", "-o", "unique.csv"])

    result = run(app, ["import", "exports/refs.bib", "-o", "unique.csv"])

    assert "unique.csv: is there and is no table of records" in result.stderr
    assert len(read(review / "unique.csv")) == 1


def test_a_table_saved_by_a_spreadsheet_is_known_as_one_of_records(review: Path) -> None:
    run(app, ["import", "exports/scopus.ris"])
    table = read(review / "records.csv")
    table.to_csv(review / "records.csv", sep=";", index=False, encoding="utf-8-sig")

    result = run(app, ["import", "exports/refs.bib"])

    assert "records.csv: holds records of 'exports/scopus.ris', which is not given now" in result.stderr


def test_the_report_has_the_counts_and_changes_no_table(review: Path) -> None:
    run(app, ["import", "exports/scopus.ris", "-o", "a.csv"])
    run(app, ["import", "exports/scopus.ris", "-o", "b.csv", "--report", "report.json"])

    (told,) = json.loads((review / "report.json").read_text(encoding="utf-8"))["files"]
    assert (review / "a.csv").read_bytes() == (review / "b.csv").read_bytes()
    assert {"file": "exports/scopus.ris", "format": "ris", "found": 2, "rejected": 0}.items() <= told.items()


def test_other_folders_and_absolute_paths_give_the_same_bytes(
    review: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run(app, ["import", "exports/scopus.ris"])
    here = (review / "records.csv").read_bytes()
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "review"
    review.rename(elsewhere)

    run(app, ["import", str(elsewhere / "exports/scopus.ris"), "-o", str(elsewhere / "records.csv")])

    assert (elsewhere / "records.csv").read_bytes() == here


def test_a_stream_carries_the_table_alone(review: Path) -> None:
    result = run(app, ["import", "-", "-o", "-"], input=(review / "exports/refs.bib").read_bytes())

    assert result.exit_code == 0
    assert result.stdout.startswith("record_id,source,")
    assert "C" in result.stdout


def test_a_missing_export_and_a_kind_alone_are_refused() -> None:
    missing = run(app, ["import", "exports/none.ris"])
    kind = run(app, ["import", "exports/refs.bib", "--kind", "website"])

    assert (missing.exit_code, missing.stderr) == (1, "exports/none.ris: no such file\n")
    assert (kind.exit_code, kind.stderr) == (2, "--kind goes with --source\n")


@pytest.mark.parametrize("option", ["--output", "--report"])
def test_no_output_takes_the_place_of_an_export(review: Path, option: str) -> None:
    before = (review / "exports/scopus.ris").read_bytes()

    result = run(app, ["import", "exports/scopus.ris", option, "exports/scopus.ris"])

    assert result.exit_code == 2
    assert before == (review / "exports/scopus.ris").read_bytes()


def test_rejects_take_the_place_of_no_export(review: Path) -> None:
    (review / "rejects.csv").write_text("Title,Authors,Year\nA,Reeves V,2024\n", encoding="utf-8")

    result = run(app, ["import", "rejects.csv"])

    assert result.stderr == "rejects.csv: is read by this command; name another file\n"
    assert "Reeves V" in (review / "rejects.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "options",
    [["-o", "rejects.csv"], ["--report", "rejects.csv"], ["-o", "r.csv", "--report", "r.csv"]],
)
def test_no_output_takes_the_place_of_another(review: Path, options: list[str]) -> None:
    result = run(app, ["import", "exports/scopus.ris", *options])

    assert result.exit_code == 2
    assert "another table is written there too; name another file\n" in result.stderr
    assert not (review / options[-1]).exists()


def test_what_is_no_record_is_kept_beside_a_stream_too(review: Path) -> None:
    (review / "cut.ris").write_bytes(make_ris("TI  - A") + b"TY  - JOUR\nTI  - B is cut in the mid")

    result = run(app, ["import", "cut.ris", "--lenient", "-o", "-"])

    assert result.exit_code == 0
    assert "B is cut in the mid" in (review / "rejects.csv").read_text(encoding="utf-8")


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize("options", [[], ["--lenient"]])
def test_a_page_in_place_of_an_export_is_one_line_and_an_error(options: list[str]) -> None:
    Path("page.ris").write_text("<!DOCTYPE html><html><body>Log in</body></html>", encoding="utf-8")

    result = run(app, ["import", "page.ris", *options])

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "is a web page (HTML)" in result.stderr


def test_a_row_is_written_for_each_export_that_has_none(review: Path) -> None:
    (review / "sources.csv").write_bytes(
        b"source;file;source_kind;note\r\nBooks;exports/refs.bib;other;mine\r\n"
    )
    before = (review / "sources.csv").read_bytes()
    command = ["import", "exports/scopus.ris", "exports/refs.bib", "--write-sources"]
    first = run(app, command)
    after = (review / "sources.csv").read_bytes()
    second = run(app, command)

    assert (first.exit_code, second.exit_code) == (0, 0)
    header, rest = after.split(b"\r\n", 1)
    assert header.startswith(b"source;file;source_kind;note")
    assert before.split(b"\r\n")[1] in rest
    assert tables.rows(reading.read(review / "sources.csv", tables.SOURCES))[1] == {
        "file": "exports/scopus.ris",
        "source": "Scopus",
        "source_kind": "database",
        "platform": "",
        "round": "1",
        "searched_on": "",
        "records": "2",
        "query": "",
        "direction": "",
        "seeds": "",
        "note": "",
    }
    assert "sources.csv: 1 row added" in first.stderr
    assert (review / "sources.csv").read_bytes() == after


def test_a_library_of_several_databases_has_a_row_for_each(review: Path) -> None:
    two = (
        make_ris("TI  - A", "DB  - Scopus")
        + make_ris("TI  - B", "DB  - ERIC")
        + make_ris("TI  - C", "DB  - ERIC")
    )
    (review / "exports/library.ris").write_bytes(two)
    (review / "exports/other.ris").write_bytes(two + make_ris("TI  - D"))
    result = run(app, ["import", "exports/library.ris", "exports/other.ris", "--write-sources"])
    rows = tables.rows(reading.read(review / "sources.csv", tables.SOURCES))

    assert result.exit_code == 0
    assert [(row["file"], row["source"], row["records"]) for row in rows] == [
        ("exports/library.ris", "ERIC", "2"),
        ("exports/library.ris", "Scopus", "1"),
    ]
    assert "exports/other.ris: its records do not say of which databases they are" in result.stderr


def test_no_row_is_written_by_an_import_that_fails(review: Path) -> None:
    (review / "bad.ris").write_bytes(make_ris("AB  - neither title nor number"))
    result = run(app, ["import", "exports/scopus.ris", "bad.ris", "--write-sources"])

    assert result.exit_code == 1
    assert not (review / "sources.csv").exists()


@pytest.mark.parametrize("date", ["01/02/2026", "2026", "spring 2026", "2026-02-31"])
def test_a_date_that_is_none_or_two_is_refused(review: Path, date: str) -> None:
    (review / "sources.csv").write_text(
        f"file,source,source_kind,searched_on\nexports/scopus.ris,Scopus,database,{date}\n", encoding="utf-8"
    )
    result = run(app, ["import", "exports/scopus.ris"])

    assert result.exit_code == 1
    assert f"sources.csv:2: searched_on {date!r} is not one day or month" in result.stderr


def test_a_source_that_would_be_two_in_a_list_is_refused(review: Path) -> None:
    (review / "sources.csv").write_text(
        "file,source,source_kind\nexports/scopus.ris,Scopus; PubMed,database\n", encoding="utf-8"
    )
    told = "source 'Scopus; PubMed' would be two in a list; write 'Scopus, PubMed'"
    declared = run(app, ["import", "exports/scopus.ris"])
    named = run(app, ["import", "exports/refs.bib", "--source", "Scopus; PubMed", "-o", "other.csv"])

    assert (declared.exit_code, named.exit_code) == (1, 1)
    assert f"sources.csv:2: {told}" in declared.stderr
    assert told in named.stderr


def test_a_table_of_other_columns_is_read_by_a_mapping(review: Path) -> None:
    (review / "set.csv").write_text('Paper Name,Authors\nPeer work,"Doe, J"\n', encoding="utf-8")
    (review / "columns.toml").write_text('[columns]\n"Paper Name" = "title"\n', encoding="utf-8")
    refused = run(app, ["import", "set.csv"])
    result = run(app, ["import", "set.csv", "--mapping", "columns.toml"])

    assert refused.exit_code == 1
    assert "set.csv: is a table, and no column of it is known" in refused.stderr
    assert result.exit_code == 0
    assert list(read(review / "records.csv")["title"]) == ["Peer work"]


def test_what_is_told_of_many_records_is_one_line_with_a_count(review: Path) -> None:
    (review / "a.ris").write_bytes(make_ris("DO  - 10.5555/a") * 134 + make_ris("TI  - B", "XX - odd"))
    told = run(app, ["import", "a.ris", "--report", "told.json"]).stderr

    assert told.count("record without a title") == 1
    assert "a.ris:1: warning: record without a title (134 times, also in lines 4, 7, 10, 13, 16, …)" in told
    (file,) = json.loads((review / "told.json").read_text(encoding="utf-8"))["files"]
    assert sum(each["message"] == "record without a title" for each in file["warnings"]) == 134
