"""What other packages add is found, wins over nothing that ships, and fails in one line."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import peerreview
from peerreview.cli import app
from peerreview.imports import collecting, formats
from peerreview.imports.formats import (
    Format,
    bibtex,
    csl,
    embase,
    endnote_xml,
    ictrp,
    nbib,
    ovid,
    pubmed_xml,
    refer,
    refworks,
    registry,
    ris,
    spreadsheet,
    wos,
)
from peerreview.paper import sheets as sheets_folder
from peerreview.paper.sheets import citation_searching, excluded, yields
from peerreview.paper.sheets import registry as sheets
from peerreview.screening import screeners
from peerreview.screening.screeners import registry as tools
from peerreview.synthesis import instrument
from peerreview.tables import plugins
from tests.plugins.packages import FORMAT, INSTRUMENT, PLATFORM, SCREENER, SHEET, install

run = CliRunner().invoke

SHIPPED: tuple[Format, ...] = (
    ris, bibtex, nbib, wos, ovid, refer, refworks, pubmed_xml, endnote_xml, ictrp, csl, embase,
    spreadsheet,
)  # fmt: skip
"""The type checker sees here that each module is of the shape of a format."""
CAIRN = "CAIRN 1\nPeer work on wards | 2019 | 10.5555/one\nWhat peers do | 2021 | 10.5555/two\n"
RIS = "TY  - JOUR\nTI  - Peer work on wards\nPY  - 2019\nER  - \n"
CSV = "title,authors,year,doi\nPeer work on wards,Abbot A,2019,10.5555/one\n"


@pytest.fixture(autouse=True)
def _none_known_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what other tests loaded: their packages have the same names."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield
    plugins._FAILED.clear()
    plugins._load.cache_clear()
    for name in set(sys.modules) - before:
        if name.startswith("cairn"):
            del sys.modules[name]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that packages are installed in; the working folder is another."""
    folder, review = tmp_path / "site", tmp_path / "review"
    folder.mkdir()
    review.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(review)
    return folder


def with_format(
    site: Path, source: str = FORMAT, *, name: str = "cairn", package: str = "cairn-refs"
) -> None:
    module = f"cairn_{package.replace('-', '_')}"
    install(site, package, {"peerreview.formats": {name: module}}, {f"{module}.py": source})


def test_an_export_is_read_by_another_package_s_format(site: Path) -> None:
    with_format(site)
    Path("refs.txt").write_text(CAIRN, encoding="utf-8")

    result = run(app, ["import", "refs.txt", "-o", "-"])

    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert "Peer work on wards" in lines[1]
    assert ",Cairn.info,database," in lines[1]
    assert "refs.txt: cairn, UTF-8" in result.stderr


def test_the_processes_that_share_the_reading_know_it_too(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_format(site)
    monkeypatch.setattr(collecting, "LARGE", 1)
    for number in (1, 2):
        text = CAIRN.replace("2019", f"200{number}")
        Path(f"refs{number}.txt").write_text(text, encoding="utf-8")

    result = run(app, ["import", "refs1.txt", "refs2.txt", "-o", "-"])

    assert result.exit_code == 0, result.stderr
    assert len(result.stdout.splitlines()) == 5


def test_votes_are_read_by_another_package_s_screening_tool(site: Path) -> None:
    points = {"peerreview.screeners": {"pebbles": "cairn_pebbles"}}
    install(site, "pebbles", points, {"cairn_pebbles.py": SCREENER})
    Path("refs.ris").write_text(RIS.replace("ER  - ", "DO  - 10.5555/one\nER  - "), encoding="utf-8")
    Path("votes.txt").write_text("PEBBLES\n10.5555/one ana +\n10.5555/one ben -\n", encoding="utf-8")
    assert run(app, ["import", "refs.ris"]).exit_code == 0

    result = run(app, ["decisions", "votes.txt", "--records", "records.csv", "-o", "-"])

    assert result.exit_code == 0, result.stderr
    assert [line.split(",")[1:4] for line in result.stdout.splitlines()[1:]] == [
        ["ana", "title_abstract", "include"],
        ["ben", "title_abstract", "exclude"],
    ]
    assert "read as pebbles" in result.stderr


def test_a_search_is_read_by_another_package_s_platform(site: Path) -> None:
    install(site, "cairn", {"peerreview.platforms": {"cairn": "cairn_info"}}, {"cairn_info.py": PLATFORM})
    Path("cairn.txt").write_text("CAIRN.INFO\n1) pairs = 12\n2) aide = 30\n3) L1 OR L2 = 29\n")

    result = run(app, ["search", "cairn.txt", "-o", "-"])

    assert result.exit_code == 0, result.stderr
    assert "(Cairn.info)" in result.stdout
    assert "cairn.txt:4: line 3: found 29, and could find at least 30" in result.stderr


def test_a_platform_that_gives_no_lines_is_named_by_its_package(site: Path) -> None:
    source = PLATFORM.replace("return Strategy(tuple(found))", "return found")
    install(site, "cairn", {"peerreview.platforms": {"cairn": "cairn_info"}}, {"cairn_info.py": source})
    Path("cairn.txt").write_text("CAIRN.INFO\n1) pairs = 12\n")

    result = run(app, ["search", "cairn.txt"])

    assert result.exit_code == 1
    assert "platform 'cairn' of cairn 1.0: parse gave what is no Strategy of numbered lines" in result.stderr


def with_sheet(site: Path, source: str = SHEET) -> None:
    install(site, "cairn-ages", {"peerreview.sheets": {"ages": "cairn_ages"}}, {"cairn_ages.py": source})
    Path("studies.csv").write_text("study_id,label\ns1,Ada 2001\n", encoding="utf-8")
    Path("reports.csv").write_text("record_id,study_id\nr1,s1\nr2,s1\n", encoding="utf-8")


def test_a_table_is_laid_out_by_another_package_s_sheet(site: Path) -> None:
    with_sheet(site)

    result = run(app, ["table", "ages"])

    assert result.exit_code == 0, result.stderr
    assert "| Ada 2001 | 2 |" in result.stdout
    assert "Lay out how old the studies are." in run(app, ["table", "--help"]).stdout
    assert "--studies" in run(app, ["table", "ages", "--help"]).stdout


def test_studies_are_appraised_by_another_package_s_instrument(site: Path) -> None:
    points = {"peerreview.instruments": {"cairn": "cairn_tools"}}
    install(
        site, "cairn-tools", points, {"cairn_tools/__init__.py": "", "cairn_tools/cairn.toml": INSTRUMENT}
    )
    Path("studies.csv").write_text("study_id,label\ns1,Ada 2001\n", encoding="utf-8")
    Path("appraisal.csv").write_text("study_id,item,judgement\ns1,c1,yes\n", encoding="utf-8")

    result = run(app, ["appraise", "--instrument", "cairn", "-o", "-"])

    assert result.exit_code == 0, result.stderr
    assert "Does it stand?" in result.stdout
    unknown = run(app, ["appraise", "--instrument", "kairn", "-o", "-"])
    assert unknown.exit_code == 1
    assert ", cairn; or name a .toml file" in unknown.stderr


def test_what_is_in_force_stands_in_the_flow(site: Path) -> None:
    with_format(site)
    with_format(site, name="ris", package="better-ris")
    Path("refs.ris").write_text(RIS, encoding="utf-8")
    assert run(app, ["import", "refs.ris"]).exit_code == 0

    result = run(app, ["prisma", "-o", "flow.json", "--quiet"])

    assert result.exit_code == 0, result.stderr
    written = json.loads(Path("flow.json").read_text(encoding="utf-8"))
    assert written["plugins"] == [
        {"kind": "format", "name": "cairn", "package": "cairn-refs", "version": "1.0"}
    ]
    again = run(app, ["prisma", "--flow", "flow.json", "-o", "again.json", "--quiet"])
    assert again.exit_code == 0
    assert json.loads(Path("again.json").read_text(encoding="utf-8"))["plugins"] == written["plugins"]


@pytest.mark.usefixtures("site")
def test_without_plug_ins_a_flow_says_nothing_of_them() -> None:
    Path("refs.ris").write_text(RIS, encoding="utf-8")
    assert run(app, ["import", "refs.ris"]).exit_code == 0
    assert run(app, ["prisma", "-o", "flow.json", "--quiet"]).exit_code == 0

    assert "plugins" not in json.loads(Path("flow.json").read_text(encoding="utf-8"))


def test_what_ships_wins_over_a_plug_in_of_its_name_and_says_so(site: Path) -> None:
    with_format(site, "raise SystemExit(9)", name="ris", package="better-ris")
    Path("refs.ris").write_text(RIS, encoding="utf-8")

    result = run(app, ["import", "refs.ris", "-o", "-"])

    assert result.exit_code == 0
    assert "format 'ris' of better-ris 1.0 is not used: peerreview's own ris is" in result.stderr


def test_two_plug_ins_of_one_name_are_an_error(site: Path) -> None:
    with_format(site)
    with_format(site, package="cairn-other")
    Path("refs.txt").write_text(CAIRN, encoding="utf-8")

    result = run(app, ["import", "refs.txt", "-o", "-"])

    assert result.exit_code == 1
    assert result.stderr == (
        "two packages have a format 'cairn': cairn-other 1.0 and cairn-refs 1.0; uninstall one\n"
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nowhere_to_be_found", "cannot be loaded: ModuleNotFoundError: No module named"),
        ("raise SystemExit(3)", "cannot be loaded: SystemExit: 3"),
        ("def (:", "cannot be loaded: SyntaxError: invalid syntax"),
        (FORMAT.replace("def to_fields", "def to_content"), "has no to_fields"),
        (FORMAT.replace('NAME = "cairn"', 'NAME = "kairn"'), "calls itself 'kairn'"),
        (FORMAT.replace('text.startswith("CAIRN 1")', "1 / 0"), "looks_like failed: ZeroDivisionError"),
    ],
)
def test_a_broken_package_is_named_only_where_its_format_would_be_used(
    site: Path, source: str, said: str
) -> None:
    with_format(site, source)
    for name, text in (("refs.txt", CAIRN), ("refs.ris", RIS), ("refs.csv", CSV)):
        Path(name).write_text(text, encoding="utf-8")

    as_ris, as_csv, as_cairn = (
        run(app, ["import", f"refs.{each}", "-o", "-"]) for each in ("ris", "csv", "txt")
    )

    assert (as_ris.exit_code, as_csv.exit_code, as_cairn.exit_code) == (0, 0, 1)
    assert "cairn" not in as_ris.stderr
    fault = f"format 'cairn' of cairn-refs 1.0: {said}"
    assert fault in as_csv.stderr
    assert fault in as_cairn.stderr
    assert "Traceback" not in as_cairn.stderr
    assert len([line for line in as_cairn.stderr.splitlines() if line.startswith("refs.txt")]) == 1


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (FORMAT.replace("yield RawRecord(number", "yield RawRecord(line, number"), "TypeError"),
        (FORMAT.replace("RawRecord(number, line,", "RawRecord(str(number), line,"), "which is no RawRecord"),
        (FORMAT.replace("return dict(raw.tags)", "return {'titel': 'x'}"), "'titel', which is no column"),
        (FORMAT.replace("return dict(raw.tags)", "return raw.tags['x']"), "to_fields failed: TypeError"),
        (FORMAT.replace("return Origin(", "return dict("), "which is no Origin"),
    ],
)
def test_what_a_format_does_wrong_is_told_in_one_line(site: Path, broken: str, said: str) -> None:
    with_format(site, broken)
    Path("refs.txt").write_text(CAIRN, encoding="utf-8")

    result = run(app, ["import", "refs.txt", "-o", "-"])

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    (line,) = result.stderr.splitlines()
    assert line.startswith("format 'cairn' of cairn-refs 1.0: ")
    assert said in line
    assert line.endswith("; update or uninstall cairn-refs")


def test_a_screening_tool_that_casts_something_else_is_told(site: Path) -> None:
    points = {"peerreview.screeners": {"pebbles": "cairn_pebbles"}}
    install(site, "pebbles", points, {"cairn_pebbles.py": SCREENER.replace("yield RawVote(", "yield (")})
    Path("votes.txt").write_text("PEBBLES\n10.5555/one ana +\n", encoding="utf-8")

    result = run(app, ["decisions", "votes.txt", "-o", "-"])

    assert result.exit_code == 1
    assert "screener 'pebbles' of pebbles 1.0: cast gave" in result.stderr


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nowhere_to_be_found", "cannot be loaded"),
        (SHEET.replace('("studies",)', '("ages",)'), "asks for ('ages',); tables are"),
        (SHEET.replace('("studies",)', "()"), "asks for no table"),
        (SHEET.replace("return Sheet(", "return dict("), "lay_out"),
        (SHEET.replace("Cell(label), ", ""), "not a Sheet with a cell per column"),
    ],
)
def test_a_broken_sheet_breaks_no_other_table(site: Path, source: str, said: str) -> None:
    with_sheet(site, source)

    broken, other, listed = (
        run(app, ["table", *each]) for each in (["ages"], ["characteristics"], ["--help"])
    )

    assert broken.exit_code == 1
    assert "sheet 'ages' of cairn-ages 1.0: " in broken.stderr
    assert said in broken.stderr
    assert (other.exit_code, listed.exit_code) == (0, 0)
    assert "ages" in listed.stdout


@pytest.mark.parametrize("toml", [None, "title = 1\n"])
def test_a_broken_instrument_names_its_package(site: Path, toml: str | None) -> None:
    files = {"cairn_tools/__init__.py": ""} | ({"cairn_tools/cairn.toml": toml} if toml else {})
    install(site, "cairn-tools", {"peerreview.instruments": {"cairn": "cairn_tools"}}, files)
    Path("studies.csv").write_text("study_id,label\ns1,Ada 2001\n", encoding="utf-8")
    Path("appraisal.csv").write_text("study_id,item,judgement\ns1,c1,yes\n", encoding="utf-8")

    result = run(app, ["appraise", "--instrument", "cairn", "-o", "-"])

    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "cairn-tools" in line
    assert "cairn.toml" in line


def test_entry_points_that_cannot_be_read_are_told_with_their_package(site: Path) -> None:
    with_format(site)
    (listed,) = site.glob("*.dist-info/entry_points.txt")
    listed.write_text("[peerreview.formats]\ncairn\n", encoding="utf-8")
    Path("refs.txt").write_text(CAIRN, encoding="utf-8")

    result = run(app, ["import", "refs.txt", "-o", "-"])

    assert result.exit_code == 1
    assert "cairn-refs 1.0: its entry_points.txt cannot be read" in result.stderr


def test_a_new_file_beside_the_formats_that_ship_is_a_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cairn.py").write_text(FORMAT, encoding="utf-8")
    shipped = registry.names()
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])

    found = registry.detect_first(CAIRN)

    assert found.NAME == "cairn"
    assert registry.names() == (*shipped[:-1], "cairn", shipped[-1])
    del sys.modules["peerreview.imports.formats.cairn"]


def test_a_new_file_beside_the_screening_tools_that_ship_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pebbles.py").write_text(SCREENER, encoding="utf-8")
    monkeypatch.setattr(screeners, "__path__", [*screeners.__path__, str(tmp_path)])

    found = [tool.NAME for tool in tools._shipped(screeners.__path__)]

    assert found[-4:] == ["pebbles", "ticks", "long", "wide"]
    assert found[:-4] == [name for name in tools.SCREENERS if name not in ("ticks", "long", "wide")]
    del sys.modules["peerreview.screening.screeners.pebbles"]


def test_a_new_file_beside_the_sheets_that_ship_is_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ages.py").write_text(SHEET, encoding="utf-8")
    monkeypatch.setattr(sheets_folder, "__path__", [*sheets_folder.__path__, str(tmp_path)])

    found = [layout.NAME for layout in sheets.shipped()]

    assert found == ["ages", *(each.NAME for each in LAYOUTS)]
    del sys.modules["peerreview.paper.sheets.ages"]


LAYOUTS: tuple[sheets.Layout, ...] = (citation_searching, excluded, yields)
"""The type checker sees here that a module is of the shape of a sheet."""


def test_every_format_that_ships_is_called_as_its_file() -> None:
    assert tuple(each.NAME for each in SHIPPED) == registry.names()
    assert all(each.__name__.endswith(f".{each.NAME}") for each in SHIPPED)  # type: ignore[attr-defined]


def test_the_registry_of_sheets_knows_every_table() -> None:
    from peerreview.cli.table import commands

    assert set(sheets.names()) == set(commands())
    assert [layout.NAME for layout in LAYOUTS] == [layout.NAME for layout in sheets.shipped()]


def test_every_instrument_that_ships_is_found_by_its_file() -> None:
    assert "mmat-2018" in instrument.names()
    assert [instrument.named(name).name for name in instrument.names()] == list(instrument.names())


def test_help_and_a_known_export_look_for_no_plug_in() -> None:
    code = (
        "import sys, peerreview.cli; from peerreview.imports.formats import registry;"
        f"registry.detect_first({RIS!r});"
        "from peerreview.tables import plugins;"
        "print(plugins._installed.cache_info().misses)"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout == "0\n"


@pytest.mark.slow
def test_an_installed_wheel_reads_its_files(tmp_path: Path) -> None:
    points = {"peerreview.formats": {"cairn": "cairn_refs"}}
    built = install(tmp_path / "built", "cairn-refs", points, {"cairn_refs.py": FORMAT})
    info = built / "cairn_refs-1.0.dist-info"
    told = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    (info / "WHEEL").write_text(told, encoding="utf-8")
    packed = [path for path in sorted(built.rglob("*")) if path.is_file()]
    (info / "RECORD").write_text(
        "".join(f"{path.relative_to(built)},,\n" for path in packed), encoding="utf-8"
    )
    wheel = tmp_path / "cairn_refs-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in (*packed, info / "RECORD"):
            archive.write(path, path.relative_to(built))
    site = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)  # what an installer does with a wheel of pure Python
    (tmp_path / "refs.txt").write_text(CAIRN, encoding="utf-8")
    house = str(Path(peerreview.__file__).parents[1])

    read = subprocess.run(
        [sys.executable, "-m", "peerreview", "import", "refs.txt", "-o", "records.csv"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(site), house))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert read.returncode == 0, read.stderr
    assert "2 records from 1 export" in read.stderr


def test_a_sheet_that_ships_wins_over_a_plug_in_of_its_name(site: Path) -> None:
    install(site, "my-counts", {"peerreview.sheets": {"excluded": "nowhere"}}, {})
    for name, header in (("screening", "record_id,stage,outcome,reason,reviewers,resolved_by\n"),):
        Path(f"{name}.csv").write_text(header, encoding="utf-8")
    Path("refs.ris").write_text(RIS, encoding="utf-8")
    assert run(app, ["import", "refs.ris"]).exit_code == 0
    assert run(app, ["dedupe"]).exit_code == 0

    result = run(app, ["table", "excluded"])

    assert result.exit_code == 0, result.stderr
    assert "sheet 'excluded' of my-counts 1.0 is not used: peerreview's own excluded is" in result.stderr


def test_an_error_that_a_plug_in_raises_on_purpose_is_told_with_its_file(site: Path) -> None:
    source = FORMAT.replace(
        "    for number, line in enumerate",
        '    from peerreview.errors import InputError\n    raise InputError("breaks off", line=2)\n'
        "    for number, line in enumerate",
    )
    with_format(site, source)
    Path("refs.txt").write_text(CAIRN, encoding="utf-8")

    result = run(app, ["import", "refs.txt", "-o", "-"])

    assert result.exit_code == 1
    assert "refs.txt:2: breaks off" in result.stderr
