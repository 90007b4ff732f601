from peerreview.folding import fold


def test_other_scripts_are_kept() -> None:
    assert fold("Занятость и мотивация.") == "занятость и мотивация"


def test_what_stands_between_signs_is_no_mark_up() -> None:
    assert fold("<<Except for the law>>: p<a and b>c of <i>H<sub class='x'>2</sub></i>O<br/>") == (
        "except for the law p a and b c of h2o"
    )
