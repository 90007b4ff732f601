"""The figure of a living review's versions: what stands in it fits, and each total is handed on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.flow.labels import languages, read
from peerreview.flow.page import list_versions
from peerreview.paper.figures import MILLIMETRES, POINTS, Diagram, TooNarrowError
from peerreview.paper.figures.ledger import lay_out
from peerreview.render import svg
from tests.flow.test_ledger import count, small
from tests.reviews import make_history

ENGLISH = read()


def fits(figure: Diagram) -> bool:
    """Return whether each line stands within its box, and each box within the figure."""
    lettered = all(
        line.width <= (shape.height if line.turned else shape.width)
        for shape in figure.shapes
        for line in shape.lines
    )
    return lettered and all(
        shape.x >= 0 and shape.x + shape.width <= figure.width and shape.y + shape.height <= figure.height
        for shape in figure.shapes
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 6), st.sampled_from(languages()), st.booleans())
def test_whatever_a_ledger_holds_stands_within_its_boxes(
    seed: int, n_rounds: int, language: str, finished: bool
) -> None:
    counted = count(make_history(seed, n_rounds=n_rounds, finished=finished))

    figure = lay_out(counted, read(language))

    assert fits(figure)
    boxes = [shape for shape in figure.shapes if shape.key]
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            aside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert aside or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_each_total_is_handed_on_to_the_next_version() -> None:
    figure = lay_out(count(make_history(8, n_rounds=3)), ENGLISH)

    assert [arrow.ends for arrow in figure.arrows] == [
        (f"total_{what}/{number}", f"previous_{what}/{number + 1}")
        for what in ("studies", "reports")
        for number in (1, 2)
    ]
    places = {shape.key: shape for shape in figure.shapes if shape.key}
    for arrow in figure.arrows:
        came, goes = (places[key] for key in arrow.ends)
        assert arrow.points[0] == (came.x + came.width, came.middle[1])
        assert arrow.points[-1] == (goes.x, goes.middle[1])


def test_what_was_retired_and_why_stands_under_the_figure() -> None:
    figure = lay_out(count(small("s1 2 retired")), ENGLISH, caption="Of a small review.")

    said = " ".join(text.text for text in figure.notes).replace("\N{NO-BREAK SPACE}", " ")
    assert "total: 1 + 1 − 1 = 1." in said
    assert "Retired in version 2: A; Retracted." in said
    assert said.endswith("Of a small review.")


@pytest.mark.parametrize("n_rounds", [2, 5])
def test_up_to_five_versions_go_on_a_page_of_a4_and_can_be_read(n_rounds: int) -> None:
    figure = lay_out(count(make_history(8, n_rounds=n_rounds)), ENGLISH)

    assert figure.size[0] * MILLIMETRES <= 170.01
    assert figure.size[1] * MILLIMETRES <= 240
    smallest = min(text.size for shape in figure.shapes for text in shape.lines)
    assert smallest * figure.scale * POINTS >= 7


def test_a_width_at_which_nobody_could_read_it_is_refused() -> None:
    counted = count(make_history(8, n_rounds=5))

    with pytest.raises(TooNarrowError, match=r"a ledger of 5 versions needs a width of [0-9]+mm"):
        lay_out(counted, ENGLISH, across=80 / MILLIMETRES)
    wide = lay_out(counted, ENGLISH, across=200 / MILLIMETRES)
    assert wide.size[0] * MILLIMETRES == pytest.approx(200)


def test_a_draft_is_stamped_and_its_open_ends_are_dashed() -> None:
    counted = count(make_history(3, n_rounds=2, finished=False))
    assert counted.still_open

    figure = lay_out(counted, ENGLISH)

    assert figure.stamp == "DRAFT"
    assert any(shape.dashed for shape in figure.shapes)


def test_each_number_of_the_page_opens_its_records() -> None:
    history = small("s1 2 retired")
    counted = count(history)

    behind = list_versions(counted, history.records, history.duplicates, ENGLISH)
    page = svg.page(lay_out(counted, ENGLISH), behind)

    assert behind.boxes["found_before/2"].records == [2]
    assert behind.boxes["retired_studies/2"].records == [0]
    assert 'href="#found_before/2"' in page
    assert "Version 2: Studies retired" in page
