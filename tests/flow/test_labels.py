"""Wording of the figure in English and in translation."""

from importlib import resources
from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.flow.labels import languages, read

TRANSLATED = ["de", "es", "fr", "it", "nl", "pt", "zh"]


def test_seven_translations_ship_whole() -> None:
    english = read()

    assert languages() == sorted([*TRANSLATED, "en"])
    for language in TRANSLATED:
        words = read(language).words
        assert words.keys() == english.words.keys()
        # What is the same in two languages is few: "Source", "Organisations", the name of a phase.
        assert sum(words[key] == english[key] for key in words) < 8


def test_a_translation_says_that_it_is_not_an_official_one() -> None:
    unofficial = {
        "de": "keine amtliche", "es": "no oficial", "fr": "non officielle", "it": "non ufficiale",
        "nl": "geen officiële", "pt": "não oficial", "zh": "非官方",
    }  # fmt: skip

    folder = resources.files("peerreview.flow.labels")
    for language in TRANSLATED:
        first = (folder / f"{language}.toml").read_text(encoding="utf-8").partition("\n")[0]
        assert unofficial[language] in first
        assert "BMJ 2021;372:n71, CC BY 4.0" in first.replace("，", ", ")


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "(n = 1,234)"), ("de", "(n = 1.234)"), ("fr", "(n = 1\u202f234)")]
)
def test_numbers_are_set_as_the_language_does_and_never_broken(language: str, expected: str) -> None:
    assert expected.replace(" ", "\xa0") == read(language).count(1234)


def test_a_translation_of_ones_own_falls_back_on_english(tmp_path: Path) -> None:
    own = tmp_path / "nl.toml"
    own.write_text('language = "nl"\n[boxes]\nscreened = "Gescreende records"\n', encoding="utf-8")

    labels = read(str(own))

    assert (
        labels.box("screened"),
        labels.box("not_retrieved"),
    ) == ("Gescreende records", "Reports not retrieved")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[boxes]\nscreend = 'x'", "unknown key 'boxes.screend'"),
        ("count = '(n)'", "does not hold {n}"),
        ("[boxes]\nscreened = 3", "is not text"),
        ("[boxes", "is not TOML"),
    ],
)
def test_labels_that_cannot_be_used_are_an_error(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as caught:
        read(str(own))

    assert said in str(caught.value)


def test_a_language_that_does_not_ship_names_those_that_do() -> None:
    with pytest.raises(InputError, match="one of de, en, es, fr, it, nl, pt, zh"):
        read("tlh")


def test_a_reason_can_be_translated(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[reasons]\n"Wrong design" = "Falsches Design"\n', encoding="utf-8")

    assert read(str(own)).get("reasons.Wrong design", "") == "Falsches Design"


def test_labels_saved_by_a_windows_editor_are_read(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[boxes]\nscreened = "Gescreend"\n', encoding="utf-8-sig")

    assert read(str(own)).box("screened") == "Gescreend"


def test_labels_in_another_encoding_are_told(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[boxes]\nscreened = "Prüfung"\n', encoding="cp1252")

    with pytest.raises(InputError, match="is not UTF-8 text; save it as UTF-8"):
        read(str(own))
