"""What docs/python.md shows, in one notebook from top to bottom."""

import doctest
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
_BLOCK = re.compile(r"^```(python|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MEDLINE = ("10.5555/one", "Peer work on wards", "2019"), ("10.5555/two", "What peers do at night", "2021")
EMBASE = ("10.5555/one", "Peer Work on Wards.", "2019"), ("10.5555/two", "What peers do at night", "2021")
ALONE = ("10.5555/three", "Supervision of those who were patients", "2022")


def export(folder: Path, name: str, *records: tuple[str, str, str]) -> None:
    folder.mkdir(exist_ok=True)
    text = "".join(
        f"TY  - JOUR\nDB  - {name.upper()}\nTI  - {title}\nAU  - Abbot, Ann\nPY  - {year}\nJO  - Ward\n"
        f"DO  - {doi}\nER  - \n\n"
        for doi, title, year in records
    )
    (folder / f"{name}.ris").write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_the_page_runs_from_two_exports_to_a_flow_and_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export(tmp_path / "exports", "medline", *MEDLINE, ALONE)
    export(tmp_path / "exports", "embase", *EMBASE)
    (tmp_path / "review").mkdir()
    notebook: dict[str, object] = {}
    said: list[str] = []
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DocTestRunner(optionflags=flags)
    for kind, block in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "python":
            exec(compile(block, str(PAGE), "exec"), notebook)  # noqa: S102  our own page
            continue
        shown = doctest.DocTestParser().get_doctest(block, notebook, PAGE.name, str(PAGE), 0)
        runner.run(shown, out=said.append, clear_globs=False)
        notebook |= shown.globs

    assert not said, "".join(said)
    assert "Studies included in review" in Path("prisma.svg").read_text(encoding="utf-8")
    assert "| Peer Work on Wards. | 2019 |" in Path("characteristics.md").read_text(encoding="utf-8")


def test_the_notebook_has_25_lines_at_most() -> None:
    (first, *_) = [
        block for kind, block in _BLOCK.findall(PAGE.read_text(encoding="utf-8")) if kind == "python"
    ]

    assert len([line for line in first.splitlines() if line.strip()]) <= 25


def test_the_lines_of_the_readme_keep_one_record_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    export(tmp_path / "exports", "medline", *MEDLINE, ALONE)
    export(tmp_path / "exports", "embase", *EMBASE)
    shown = PAGE.parents[1].joinpath("README.md").read_text(encoding="utf-8")
    block = re.search(r"^    import peerreview\n(?:    .*\n)+", shown, re.MULTILINE)
    assert block
    script: dict[str, object] = {}

    exec(compile(re.sub(r"^    ", "", block[0], flags=re.MULTILINE), "README.md", "exec"), script)  # noqa: S102

    assert [len(script[name]) for name in ("records", "unique")] == [5, 3]  # type: ignore[arg-type]


def test_the_page_of_plug_ins_shows_a_format_that_works() -> None:
    page = PAGE.with_name("plugins.md").read_text(encoding="utf-8")
    (module,) = [block for kind, block in _BLOCK.findall(page) if kind == "python"]
    cairn: dict[str, object] = {}

    exec(compile(module, "cairn_refs.py", "exec"), cairn)  # noqa: S102  our own page

    (record,) = cairn["parse"]("CAIRN 1\nHope | 2020 | 10.5555/x\n")  # type: ignore[operator]
    assert cairn["to_fields"](record)["year"] == "2020"  # type: ignore[operator]
