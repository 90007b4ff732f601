"""A figure is never drawn without its text."""

import io
import shutil
import sys
from importlib import resources
from pathlib import Path

import pytest
from fontTools import ttLib
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerreview.errors import InputError, MissingToolError
from peerreview.flow.labels import languages, read
from peerreview.paper.sheets import DAGGER
from peerreview.paper.sheets.appraisal import CONFLICT, MISSING
from peerreview.paper.sheets.themes import BY_SUBTHEME, CODED
from peerreview.render import fonts
from peerreview.synthesis import instrument


def test_the_fonts_that_ship_draw_every_language_that_ships_but_chinese() -> None:
    regular = fonts.read(fonts.shipped()[""])
    bold = fonts.read(fonts.shipped()["B"])

    assert regular.family == "DejaVu Sans"
    # No font of 5 MB ships for Chinese: a figure in it takes one of the machine's, or is refused.
    for language in set(languages()) - {"zh"}:
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

    with pytest.raises(InputError, match="no font on this machine has 研; install one"):
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


@pytest.mark.parametrize("flavor", ["woff", "woff2"])
def test_a_font_for_web_pages_is_refused_for_no_picture_could_be_drawn_with_it(
    tmp_path: Path, flavor: str
) -> None:
    content = fonts.shipped()[""].read_bytes()
    path = tmp_path / f"a.{flavor}"
    if flavor == "woff":
        with ttLib.TTFont(io.BytesIO(content)) as font:
            font.flavor = flavor
            font.save(path)
    else:
        path.write_bytes(b"wOF2" + content[4:])

    with pytest.raises(InputError, match="is not a TrueType or OpenType font"):
        fonts.read(path)


def make_font(path: Path, characters: dict[int, str]) -> Path:
    """Write a font of two glyphs, A and the one that says that there is none."""
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap(characters)
    builder.setupGlyf({name: TTGlyphPen(None).glyph() for name in (".notdef", "A")})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Gaps", "styleName": "Regular"})
    builder.setupPost()
    builder.save(path)
    return path


def test_a_character_that_a_font_maps_to_no_glyph_is_not_drawn(tmp_path: Path) -> None:
    face = fonts.read(make_font(tmp_path / "gaps.ttf", {0x41: "A", 0x42: ".notdef", 0x43: "A"}))

    assert (face.family, face.style) == ("Gaps", "Regular")
    assert face.characters == {0x41, 0x43}


def test_a_font_without_a_table_of_characters_draws_none(tmp_path: Path) -> None:
    with ttLib.TTFont(make_font(tmp_path / "symbols.ttf", {0x41: "A"})) as font:
        del font["cmap"].tables[1:]
        font["cmap"].tables[0].platformID, font["cmap"].tables[0].platEncID = 1, 0
        font.save(tmp_path / "symbols.ttf")

    assert fonts.read(tmp_path / "symbols.ttf").characters == frozenset()


def test_of_a_collection_the_first_font_is_read(tmp_path: Path) -> None:
    collection = ttLib.TTCollection()
    collection.fonts = [ttLib.TTFont(fonts.shipped()[style]) for style in ("B", "")]
    collection.save(tmp_path / "two.ttc")
    collection.close()

    assert (fonts.read(tmp_path / "two.ttc").family, "Bold") == (
        "DejaVu Sans",
        fonts.read(tmp_path / "two.ttc").style,
    )


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 30_000),
    changed=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 255)), max_size=8),
)
def test_a_damaged_font_is_read_or_told(tmp_path: Path, cut: int, changed: list[tuple[int, int]]) -> None:
    content = bytearray(make_font(tmp_path / "whole.ttf", {0x41: "A", 0x43: "A"}).read_bytes()[: cut or None])
    for place, byte in changed:
        if place < len(content):
            content[place] = byte
    path = tmp_path / "damaged.ttf"
    path.write_bytes(content)
    fonts.read.cache_clear()
    fonts._family_and_style.cache_clear()

    try:
        told = fonts.read(path).path.name
    except InputError as error:
        told = error.message

    assert told in {"damaged.ttf", "is not a TrueType or OpenType font"}


def test_without_fonttools_the_message_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "fontTools.ttLib", None)

    with pytest.raises(MissingToolError, match=r"pip install fonttools$"):
        fonts.read(tmp_path / "a.ttf")


def test_a_user_without_a_home_has_the_fonts_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)

    assert all(path.is_absolute() for path in fonts._installed())


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
