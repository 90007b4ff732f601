import pytest

from peerreview.agreement import measure as agreement
from peerreview.paper.sheets.agreement import agreement_sheets, told
from peerreview.tables import SYNTHETIC_NOTE
from tests.builders import make_votes


@pytest.mark.parametrize("synthetic", [True, False])
def test_statistics_of_invented_votes_say_so_under_every_table(synthetic: bool) -> None:
    votes = make_votes("r1 ana title_abstract include", "r1 ben title_abstract include")

    measured = told(agreement.measure(votes, kept={}, choices=agreement.Choices()), synthetic=synthetic)

    shown = agreement_sheets(measured)
    assert measured.synthetic is synthetic
    assert shown
    assert {SYNTHETIC_NOTE in sheet.all_notes for sheet in shown} == {synthetic}


def test_the_sentence_of_two_reviewers_is_about_the_records_that_both_judged() -> None:
    # A tenth was judged twice, as a check of one reviewer by another.
    twice = ["r0 ana title_abstract include", "r0 ben title_abstract exclude"]
    once = [f"r{number} ana title_abstract exclude" for number in range(1, 10)]

    (stage,) = told(agreement.measure(make_votes(*twice, *once), kept={}, choices=agreement.Choices())).stages

    assert stage.sentence.startswith("Two reviewers (ana, ben) independently judged 1 title and abstract; ")
    # The pair's own AC1, as in its row of the table; that of all ten records is another.
    assert "Gwet's AC1 -1.00" in stage.sentence
    assert stage.overall.ac1.value != -1


def test_a_maybe_of_an_ai_is_told_apart_from_what_people_left_open() -> None:
    people = [f"r1 {name} title_abstract include" for name in ("ana", "ben")]
    ai = [f"r{number} gpt title_abstract maybe - ai" for number in (1, 2)]

    measured = agreement.measure(
        make_votes(*people, *ai), kept={}, choices=agreement.Choices(maybe="keep", draws=10)
    )

    told_of = [note for sheet in agreement_sheets(measured) for note in sheet.notes if "left out are" in note]
    assert told_of == [
        "gpt: left out are 1 of its votes, on records that people have not decided on.",
        "gpt: left out are 1 of its votes that say neither include nor exclude (maybe, or two that differ).",
    ]
