"""A figure is never drawn without its text."""

import shutil
from importlib import resources
from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.flow.labels import languages, read
from peerreview.paper.sheets import DAGGER
from peerreview.paper.sheets.appraisal import CONFLICT, MISSING
from peerreview.paper.sheets.themes import BY_SUBTHEME, CODED
from peerreview.render import fonts
from peerreview.synthesis import instrument


def test_the_fonts_that_ship_draw_every_language_that_ships() -> None:
    regular = fonts.read(fonts.shipped()[""])
    bold = fonts.read(fonts.shipped()["B"])

    assert regular.family == "DejaVu Sans"
    for language in languages():
        text = {ord(character) for words in read(language).words.values() for character in words}
        assert text <= regular.characters & bold.characters | {0xA0, 0x202F}


def test_the_fonts_that_ship_draw_every_symbol_of_the_figures() -> None:
    instruments = (resources.files("peerreview.synthesis") / "instruments").iterdir()
    symbols = {*CODED, *BY_SUBTHEME, *MISSING, *CONFLICT, *DAGGER}
    for shipped in instruments:
        known = instrument.parse(shipped.read_text(encoding="utf-8"), shipped.name)
        symbols |= {*"".join(each.symbol for each in known.judgements)}

    for style in ("", "B"):
        drawn = fonts.read(fonts.shipped()[style]).characters
        assert {symbol for symbol in symbols if ord(symbol) not in drawn} == set()


def test_nothing_else_is_opened_for_what_the_font_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: pytest.fail("looked for other fonts"))

    assert [face.family for face in fonts.needed(["Größe\u202f1\u200e"])] == ["DejaVu Sans"]


def test_a_character_that_no_font_has_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: iter(()))

    with pytest.raises(InputError, match="no font on this machine has 研; name one that has: --font"):
        fonts.needed(["a研"])


def test_a_font_of_the_machine_stands_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "a.ttf"
    broken.write_bytes(b"no font")
    other = tmp_path / "b.ttf"
    shutil.copy(fonts.shipped()["B"], other)
    monkeypatch.setattr(fonts, "_installed", lambda: iter([broken, other]))
    monkeypatch.setattr(fonts, "shipped", lambda: {"": Path(shutil.copy(fonts_italic(), tmp_path / "c.ttf"))})

    assert [tmp_path / "c.ttf", other] == [face.path for face in fonts.needed(["aש"])]


def fonts_italic() -> Path:
    """Return the face that has no Hebrew."""
    return Path(str(resources.files("peerreview.render.fonts") / "DejaVuSans-Oblique.ttf"))


def test_what_is_not_a_font_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.ttf"
    path.write_text("no font at all, just some text", encoding="utf-8")

    with pytest.raises(InputError, match="is not a TrueType or OpenType font"):
        fonts.read(path)
    with pytest.raises(InputError, match="cannot be read"):
        fonts.read(tmp_path / "none.ttf")


def test_a_family_of_the_machine_is_found_with_its_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: iter(sorted(fonts.shipped().values())))

    assert fonts.find("dejavu sans") == fonts.shipped()
    with pytest.raises(InputError, match="no font 'Arial' on this machine, and no such file"):
        fonts.find("Arial")


def test_fonts_are_looked_for_upright_and_sans_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / ".fonts"
    folder.mkdir()
    for name in ("A-Bold.ttf", "B-Regular.ttf", "ASerif.otf", "notes.txt"):
        (folder / name).touch()
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    assert [path.name for path in fonts._installed() if path.parent == folder] == [
        "B-Regular.ttf",
        "A-Bold.ttf",
        "ASerif.otf",
    ]
