from peerreview.folding import fold


def test_other_scripts_are_kept() -> None:
    assert fold("Занятость и мотивация.") == "занятость и мотивация"
