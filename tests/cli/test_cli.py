import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import peerreview
from peerreview.cli import app
from peerreview.screening.screeners import registry

HEAVY = (
    *("pandas", "numpy", "rispy", "bibtexparser", "rapidfuzz", "jinja2", "graphviz", "fontTools"),
    "hashlib",  # with OpenSSL
)


def test_the_version_is_printed_and_nothing_else() -> None:
    result = CliRunner().invoke(app, ["--version"])

    assert (0, f"peerreview {peerreview.__version__}\n") == (result.exit_code, result.stdout)


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["--version"]])
def test_help_loads_no_heavy_library(words: list[str]) -> None:
    code = f"import sys; sys.argv = ['peerreview', *{words!r}]\n"
    code += "from peerreview.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
    code += f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert result.stderr.strip() == "[]"


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
