from importlib.resources import files
from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.paper.sheets import Cell, Column, Sheet
from peerreview.render.filling import render
from peerreview.render.sheets import fill

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
        ("one\n{{ n | nosuch }}", "own.j2:2: No filter named 'nosuch'"),
        ("{% if n %}{{ n | nosuch }}{% endif %}", "own.j2: No filter named 'nosuch'"),
        ("{{ n | xy | n }}", "own.j2: does not work: Cannot specify ','"),
        ("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}", "own.j2: does not work: it calls"),
        ("{{ '(' * 5000 }}{{" + "(" * 5000 + "n" + ")" * 5000 + "}}", "own.j2: does not work: it calls"),
        ("{{ n.real.nothing.more }}", "own.j2: 'int object' has no attribute 'nothing'"),
        ("{{ 'a' * 10000000000 }}", "own.j2: asks for what no template may: a text, list or number of 10,"),
        ("{{ 9 ** 387420489 }}", "own.j2: asks for what no template may: a text, list or number of 387,"),
        ("{% for i in range(10000000) %}{% endfor %}", "own.j2: does not work: Range too big"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "own.j2: asks for what no template may: access"),
        ("{{ n.__init__.__globals__ }}", "own.j2: asks for what no template may: access"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "own.j2: asks for what no template may"),
        ("{{ '{0.__class__}'.format(n) }}", "own.j2: asks for what no template may"),
        ("{{ ('{0.__class__}' | attr('format'))(n) }}", "own.j2: asks for what no template may"),
        ("{{ self._TemplateReference__context }}", "own.j2: asks for what no template may"),
        ("{% include '../../../../../etc/passwd' %}", "own.j2: includes '../../../../../etc/passwd', which"),
        ("{% include '/etc/passwd' %}", "own.j2: includes '/etc/passwd', which is not there"),
        ("{% import 'os' as os %}", "own.j2: includes 'os', which is not there"),
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


def test_a_team_s_template_may_repeat_and_count_as_a_page_needs(tmp_path: Path) -> None:
    text = "{{ '-' * 80 }}{{ 3 * 4 }}{{ 2 ** 10 }}{{ ['a'] * 3 }}{{ 1000000 * 1000000 }}"

    assert rendered(tmp_path, "txt", text, "x") == "-" * 80 + "121024['a', 'a', 'a']1000000000000"


@pytest.mark.parametrize("suffix", ["md", "html", "tex", "csv"])
def test_a_shipped_template_may_be_taken_over_by_a_team(tmp_path: Path, suffix: str) -> None:
    """What it does is within what the sandbox lets any template do."""
    cells = ((Cell("s1"), Cell("3")), (Cell("=x"), Cell("4")))
    sheet = Sheet("own", "Title", (Column("study", "Study"), Column("n", "n", number=True)), cells)
    shipped = files("peerreview.render") / "templates" / "tables" / f"sheets.{suffix}.j2"
    path = tmp_path / "own.j2"
    path.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")

    assert fill([sheet], f".{suffix}", template=path) == fill([sheet], f".{suffix}")
