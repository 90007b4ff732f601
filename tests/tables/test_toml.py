"""Tests of settings in TOML: what they say, and the line of what is wrong in them."""

from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.tables import toml


@pytest.mark.parametrize(
    ("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ("[a\n", 1), ("a = 1\nb = '''x\n", 2)]
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InputError, match="is not TOML") as told:
        toml.parse(text, path="rules.toml")

    assert (told.value.path, told.value.line) == ("rules.toml", line)


def test_the_mark_of_windows_editors_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfa = 1\r\n")

    assert toml.read(tmp_path / "a.toml").content == {"a": 1}
    assert toml.parse("\ufeffa = 1").content == {"a": 1}


def test_settings_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"a = 1\nb = '\xfc'\n")

    with pytest.raises(InputError, match=r"a.toml:2: is not UTF-8 text; save it as UTF-8"):
        toml.read(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("key", "section", "number", "line"),
    [
        ("top", "", 1, 1), ("a", "first", 1, 3), ("a", "each", 2, 8), ("first", "", 1, 2), ("", "each", 2, 7),
        ("b c", "first", 1, 4), ("a", "", 1, None), ("z", "first", 1, None), ("x", "sub.part", 1, 11),
        ("sub", "", 1, 10),
    ],
)  # fmt: skip
def test_a_key_has_the_line_of_its_own_section(key: str, section: str, number: int, line: int | None) -> None:
    text = (
        'top = 1\n[first]\na = 1\n"b c" = 2\n[[each]]\na = 1\n[[ each ]] # two\na = 2\n\n[sub.part]\nx = 1\n'
    )

    assert toml.parse(text).line(key, section, number) == line


def test_a_key_that_is_missing_is_told_at_its_section() -> None:
    document = toml.parse("[[rule]]\na = 1\n[[rule]]\nb = 1\n", path="rules.toml")

    assert str(document.fault("has no name", "name", "rule", 2)) == "rules.toml:3: has no name"
    assert str(document.fault("is odd")) == "rules.toml: is odd"
