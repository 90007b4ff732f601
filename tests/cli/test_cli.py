import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import peerreview
from peerreview.cli import app
from peerreview.screening.screeners import registry
from peerreview.tables.writing import to_csv
from tests.reviews import make_review

HEAVY = (
    *("pandas", "numpy", "rispy", "bibtexparser", "rapidfuzz", "jinja2", "graphviz", "fontTools"),
    *("rich", "textual"),
    "hashlib",  # with OpenSSL
)
VOTES = """record_id,reviewer,stage,decision
r000,?,title_abstract,include
r001,?,title_abstract,exclude
"""
NEEDLESS = (
    (
        ["table", "counts", "--by", "country"],
        ("agreement", "duplicates", "flow", "imports", "paper.figures", "protocol", "screening"),
    ),
    (["agreement"], ("duplicates", "flow", "imports", "paper.figures", "synthesis.instrument")),
    (
        ["prisma", "-o", "flow.svg"],
        (
            *("duplicates.normalise", "imports", "library.results", "paper.figures.charts"),
            *("render.dot", "render.pdf", "render.png", "render.word", "synthesis.instrument"),
        ),
    ),
)
"""Commands, one run after the other, and of what nothing is to be loaded by then."""


def run_in_one_process(*commands: list[str], folder: Path) -> list[set[str]]:
    """Return which modules are loaded once each command has run, all in one process of their own."""
    code = "import json, sys\nfrom peerreview.cli import main\n"
    code += "for words in json.loads(sys.argv[1]):\n    sys.argv = ['peerreview', *words]\n"
    code += "    try:\n        main()\n    except SystemExit as end:\n        assert not end.code\n"
    code += "    print('\\nloaded', *sys.modules, file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", code, json.dumps(commands)],
        capture_output=True, check=True, cwd=folder, encoding="utf-8",
    )  # fmt: skip
    return [set(line.split()[1:]) for line in told.stderr.splitlines() if line.startswith("loaded ")]


def test_the_version_is_printed_and_nothing_else() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert (0, f"peerreview {peerreview.__version__}\n") == (result.exit_code, result.stdout)


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    *_, loaded = run_in_one_process(["--help"], ["import", "--help"], ["--version"], folder=tmp_path)

    assert {"peerreview.cli.import_", "typer"} <= loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.slow
def test_a_command_loads_nothing_of_what_it_does_not_do(tmp_path: Path) -> None:
    review = make_review(3)
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "ana.csv").write_text(VOTES.replace("?", "ana"), encoding="utf-8")
    (tmp_path / "decisions" / "bo.csv").write_text(VOTES.replace("?", "bo"), encoding="utf-8")
    for name in ("records", "duplicates", "screening", "reports"):
        (tmp_path / f"{name}.csv").write_text(to_csv(getattr(review, name)), encoding="utf-8")
    studies = review.studies.assign(country="Chad")
    (tmp_path / "studies.csv").write_text(to_csv(studies), encoding="utf-8")

    loaded = run_in_one_process(*(words for words, _ in NEEDLESS), folder=tmp_path)

    for (words, rooms), modules in zip(NEEDLESS, loaded, strict=True):
        parts = [f"peerreview.{room}" for room in rooms]
        there = [name for name in modules if any(f"{name}.".startswith(f"{part}.") for part in parts)]
        assert sorted(there) == [], words
    # Each takes as long to load as a small table to write.
    assert loaded[-1].isdisjoint({"urllib.request", "graphviz", "xml.etree.ElementTree"})


def test_the_module_runs_as_a_program() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "peerreview", "--version"], capture_output=True, text=True, check=True
    )

    assert result.stdout.startswith("peerreview ")


def test_a_wrong_option_exits_with_2() -> None:
    assert CliRunner().invoke(app, ["--colour"]).exit_code == 2


def test_every_command_and_option_has_help() -> None:
    from typer.main import get_command

    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        first_line = (command.help or "").strip().splitlines()[0]
        assert len(first_line) < 60, name
        for option in command.params:
            assert getattr(option, "help", None), f"{name} {option.name}"


def test_help_names_every_instrument_that_ships() -> None:
    shipped = (Path(peerreview.__file__).parent / "synthesis" / "instruments").glob("*.toml")
    # A narrow terminal breaks names at their hyphens.
    told = "".join(CliRunner().invoke(app, ["appraise", "--help"]).stdout.split())

    assert [path.stem for path in shipped if path.stem not in told] == []


def test_help_says_which_tools_exports_were_checked_on_real_files() -> None:
    told = " ".join(CliRunner().invoke(app, ["decisions", "--help"]).stdout.casefold().split())
    checked, _, unchecked = told.partition("not yet:")

    for name in set(registry.SCREENERS) - {"rayyan_log", "long"}:
        assert name in (checked if registry.SCREENERS[name].VERIFIED else unchecked.partition(".")[0]), name


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("screen unique.csv decisions/ana.csv", "decisions/ana.csv"),
        ("screen unique.csv decisions/ana.csv", "unique.csv"),
        ("agreement decisions/ana.csv", "decisions/ana.csv"),
        ("dedupe records.csv", "records.csv"),
        ("export records.csv", "records.csv"),
        ("prisma", "screening.csv"),
        ("decisions decisions/ana.csv", "decisions/ana.csv"),
        ("decisions decisions/ana.csv", "decisions/resolutions.csv"),
    ],
)
def test_no_command_writes_over_what_it_reads_or_what_people_settled(
    command: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("what people wrote")
    for name in ("unique.csv", "decisions/ana.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    result = CliRunner().invoke(app, [*command.split(), "-o", file])

    assert result.exit_code == 2
    assert result.stderr.startswith(f"{file}: ")
    assert path.read_text() == "what people wrote"


@pytest.mark.parametrize("command", ["dedupe records.csv", "import a.ris", "screen"])
def test_a_name_that_no_file_can_have_is_told_in_one_line(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "a" * 300 + ".csv"

    result = CliRunner().invoke(app, [*command.split(), "-o", name])

    assert result.exit_code == 1
    assert result.stderr == f"{name}: File name too long\n"


def test_what_a_cell_holds_moves_no_cursor_and_fills_no_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "themes.csv").write_text("\x1b[2J\u202estudy,theme\ns1,t1\n", encoding="utf-8")
    (tmp_path / "studies.csv").write_text("study_id,label\ns1,Ada 2001\n")

    result = CliRunner().invoke(app, ["themes"])
    (tmp_path / "themes.csv").write_text(f"study_id,theme\n{'x' * 40_000},t1\n")
    long = CliRunner().invoke(app, ["themes"])

    assert (result.exit_code, long.exit_code) == (1, 1)
    assert r"\x1b[2J\u202estudy" in result.stderr
    assert "\x1b" not in result.stderr
    assert len(long.stderr) < 3_000


def test_a_file_that_may_not_be_read_is_no_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked.ris"
    locked.write_text("TY  - JOUR\nTI  - A\nER  - \n")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr("os.access", lambda *_, **__: False)
    result = CliRunner().invoke(app, ["import", str(locked), "-o", str(tmp_path / "records.csv")])

    assert (result.exit_code, result.stderr) == (1, f"{locked}: cannot be read: Permission denied\n")


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["appraise", "--appraisal", "ana.csv", "--appraisal", "ben.csv"], "--appraisal"),
        (["table", "counts", "--by", "country", "--by=design"], "--by"),
        (["themes", "--themes=a.csv", "--studies", "s.csv", "--themes", "b.csv"], "--themes"),
    ],
)
def test_a_second_value_of_an_option_that_takes_one_is_refused_not_the_first_dropped(
    arguments: list[str], option: str
) -> None:
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 2
    assert f"{option} is given more than once; it takes one value" in result.output


def test_a_second_output_of_a_command_that_writes_one_is_refused_not_dropped() -> None:
    result = CliRunner().invoke(app, ["appraise", "-o", "figure.svg", "--output=table.md"])

    assert result.exit_code == 2
    assert "-o is given more than once; this command writes one output a run" in result.output
