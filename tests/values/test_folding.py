import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerreview.values.folding import fold, plain_title, same, same_all


def test_other_scripts_are_kept() -> None:
    assert fold("Занятость и мотивация.") == "занятость и мотивация"


def test_what_stands_between_signs_is_no_mark_up() -> None:
    assert fold("<<Except for the law>>: p<a and b>c of <i>H<sub class='x'>2</sub></i>O<br/>") == (
        "except for the law p a and b c of h2o"
    )


@pytest.mark.parametrize("written", ["Müller’s São Paulo „Peers“", "Schön — naïve"])
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_text_that_was_encoded_twice_is_read(written: str, encoding: str) -> None:
    assert fold(written.encode().decode(encoding, errors="surrogateescape")) == fold(written)


@pytest.mark.parametrize("written", ["Âge et Âme", "Ãrea Ñandú", "Äpfel – Åre"])
def test_letters_with_accents_are_not_taken_for_another_encoding(written: str) -> None:
    assert fold(written).isascii()


def test_a_title_is_the_same_with_entities_and_without() -> None:
    assert plain_title("Peers &amp;amp; work: <i>Études</i>") == plain_title("Peers & work – études.")


def test_a_word_for_nothing_is_no_title() -> None:
    assert [plain_title(cell) for cell in ("", "N/A", "[Untitled]", "…")] == ["", "", "", ""]


def test_signs_make_two_ids_different_and_blanks_do_not() -> None:
    assert same("R-1") != same("R1")
    assert same(" r  1 ") == same("R 1")


@given(st.lists(st.text(alphabet="aÀß  \t\u00a0\x1c\x00İ-", max_size=6)))
def test_many_names_are_folded_as_each_alone(names: list[str]) -> None:
    assert same_all(names) == [same(name) for name in names]
