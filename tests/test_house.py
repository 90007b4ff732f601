"""The house keeps its plan: rooms rest on those below, and no module outgrows its name."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import peerreview
from peerreview import tables
from peerreview.review import name_of

HOUSE = Path(peerreview.__file__).parent
FLOORS = (
    {"cli"},
    {"library"},
    {"render"},
    {"paper"},
    {"agreement", "flow"},
    {"screening", "synthesis"},
    {"duplicates", "imports"},
    {"review"},
    {"protocol"},
    {"tables"},
    {"values"},
    {"errors", "workers"},
)
DOORS = ("__main__", "__init__", "library")
"""No rooms: what a notebook and a script come in by touches every room, as it must."""
MOST_ARROWS = 50
MOST_LINES = 600


def modules(room: str = "") -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((HOUSE / room).rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


@cache
def imports() -> tuple[tuple[Path, ast.Import | ast.ImportFrom], ...]:
    """Return each import of the house, with its module: read once for all tests."""
    return tuple(
        (path, node)
        for path, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def arrows() -> set[tuple[str, str]]:
    rooms = {room_of(path) for path in HOUSE.rglob("*.py")}
    found = set()
    for path, node in imports():
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "peerreview":
            above = (node.module or "").split(".")[1:2]
            named = above or [alias.name for alias in node.names]
            found |= {(room_of(path), each) for each in named if each in rooms}
    return {(one, other) for one, other in found if one not in (other, *DOORS) and other not in DOORS}


def test_no_arrow_runs_back_up_and_there_are_few() -> None:
    floors = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

    assert [arrow for arrow in sorted(arrows()) if floors[arrow[0]] >= floors[arrow[1]]] == []
    assert len(arrows()) <= MOST_ARROWS


def test_every_room_has_its_floor() -> None:
    listed = {room_of(path) for path in HOUSE.rglob("*.py")} - {"__init__", "__main__"}

    assert listed <= set().union(*FLOORS)


def test_no_table_s_file_name_stands_in_a_command() -> None:
    """In a command's help it may: that is for people."""
    files = {name_of(table) for table in vars(tables).values() if isinstance(table, tables.Table)}
    files -= {name_of(tables.VOTES)}
    written = []
    for path, module in modules("cli"):
        written += [
            f"{path.name}:{node.lineno}: {node.value}"
            for node in ast.walk(module)
            if isinstance(node, ast.Constant) and node.value in files
        ]

    assert written == []


def test_no_module_is_imported_by_a_string_in_a_command() -> None:
    assert [path.name for path, _ in modules("cli") if "import_module" in path.read_text()] == []


def test_no_module_has_outgrown_its_name() -> None:
    lengths = {str(path.relative_to(HOUSE)): path.read_text().count("\n") for path in HOUSE.rglob("*.py")}

    assert {name: n for name, n in lengths.items() if n > MOST_LINES} == {}


def importing(name: str) -> set[str]:
    return {
        str(path.relative_to(HOUSE))
        for path, node in imports()
        if (isinstance(node, ast.Import) and name in {alias.name.split(".")[0] for alias in node.names})
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == name)
    }


def test_how_bytes_become_rows_stands_in_tables_and_in_the_format_of_references() -> None:
    assert importing("csv") <= {
        "tables/dialects.py",
        "tables/reading.py",
        "tables/writing.py",
        "imports/formats/shared/grids.py",
    }
    assert importing("tomllib") == {"tables/toml.py"}
    assert importing("openpyxl") == {"render/excel.py"}
    assert importing("python_calamine") == {"tables/workbooks.py"}


def test_other_packages_come_in_by_one_door() -> None:
    named = {
        str(path.relative_to(HOUSE))
        for path, node in imports()
        if (isinstance(node, ast.Import) and any("importlib.metadata" in each.name for each in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "importlib.metadata")
    }

    assert named == {"tables/plugins.py"}


def test_no_stage_opens_a_file_of_the_review() -> None:
    """What ships with a room it may read."""
    stages = ("agreement", "flow", "synthesis", "screening", "duplicates", "imports", "paper")
    opened = {
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for room in stages
        for path, module in modules(room)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"open", "read_bytes", "write_text", "write_bytes"}
    }

    assert opened == set()


def test_a_stage_prints_nothing() -> None:
    printing = {
        f"{path.relative_to(HOUSE)}:{node.lineno}"
        for path, module in modules()
        if room_of(path) != "cli"
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }

    assert printing == set()


def takes_frames(function: ast.FunctionDef) -> list[str]:
    asked = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [each.arg for each in asked if each.annotation and "DataFrame" in ast.unparse(each.annotation)]


def public_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, module in modules():
        classes = [node for node in module.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
        for node in [*module.body, *(each for scope in classes for each in scope.body)]:
            if not isinstance(node, ast.FunctionDef) or node.name[0] == "_":
                continue
            if not any("overload" in ast.unparse(each) for each in node.decorator_list):
                yield f"{path.relative_to(HOUSE)}: {node.name}", node


def test_a_function_that_takes_frames_says_what_they_hold_and_what_it_raises() -> None:
    """In its section Parameters, each frame as ``name : its columns``."""
    silent = []
    for place, function in public_functions():
        if place.startswith("cli/"):
            continue
        said = ast.get_docstring(function) or ""
        described = said.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
        silent += [
            f"{place}({name})"
            for name in takes_frames(function)
            if not re.search(rf"(?:^|[\s,.]){name}(?:, \w+)* : ", described)
        ]
        raises = any(isinstance(node, ast.Raise) and node.exc for node in ast.walk(function))
        if takes_frames(function) and raises and "Raises\n------" not in said:
            silent.append(f"{place} raises")

    assert silent == []


TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "docs", "examples", "noxfile.py",
    "pyproject.toml", "src", "tests",
}  # fmt: skip


def test_the_top_level_has_what_every_project_has_and_nothing_else() -> None:
    root, git = Path(__file__).parents[1], shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("no git here that says which files are the project's")

    kept = subprocess.run([git, "-C", str(root), "ls-files"], capture_output=True, text=True, check=True)

    assert {name.partition("/")[0] for name in kept.stdout.splitlines()} == TOP
