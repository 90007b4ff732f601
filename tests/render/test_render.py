from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.render import render

HOSTILE = 'a & b % c_d <script> | =cmd() "x" #1 $2 {y} ~ ^ \\'


def rendered(folder: Path, suffix: str, template: str, value: str) -> str:
    path = folder / "own.j2"
    path.write_text(template)
    return render(f"tables/own.{suffix}", {"value": value}, template=path)


def test_every_format_shows_hostile_text_as_text(tmp_path: Path) -> None:
    assert "&lt;script&gt;" in rendered(tmp_path, "html", "{{ value }}", HOSTILE)
    assert "&lt;script&gt;" in rendered(tmp_path, "svg", "{{ value }}", HOSTILE)
    assert r"a \& b \% c\_d \textless{}script" in rendered(tmp_path, "tex", "<< value >>", HOSTILE)
    assert r"c\_d \<script\> \|" in rendered(tmp_path, "md", "{{ value }}", HOSTILE)
    assert rendered(tmp_path, "csv", "{{ value }}", '=1+"1"') == '"\'=1+""1"""'


def test_a_template_with_a_fault_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"own.j2:2: "):
        rendered(tmp_path, "md", "one\n{% if %}", "x")
    with pytest.raises(InputError, match="'values' is undefined"):
        rendered(tmp_path, "md", "{{ values }}", "x")
    with pytest.raises(InputError, match="cannot be read"):
        render("tables/own.md", {}, template=tmp_path / "none.j2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% include 'none.md.j2' %}", "own.j2: includes 'none.md.j2', which is not there"),
        ("{{ 1 / 0 }}", "own.j2: does not work: division by zero"),
        ("{{ n + 'a' }}", "own.j2: does not work: unsupported operand"),
    ],
)
def test_a_team_s_template_that_does_not_work_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.j2").write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as caught:
        render("tables/sheets.md", {"n": 1}, template=Path("own.j2"))

    assert str(caught.value).startswith(message)


def test_a_template_saved_by_a_windows_editor_begins_with_its_text(tmp_path: Path) -> None:
    path = tmp_path / "own.j2"
    path.write_text("n is {{ n }}", encoding="utf-8-sig")

    assert render("tables/own.md", {"n": 1}, template=path) == "n is 1"
