import pytest

from peerreview.duplicates.normalise.folding import fold


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
