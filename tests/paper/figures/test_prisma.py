"""The figure: which template, what is drawn or dropped, and no text outside its box."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.flow import AWAITING, BOXES, Box, Flow, Part
from peerreview.flow.labels import languages, read
from peerreview.paper.figures import (
    MILLIMETRES,
    PADDING,
    POINTS,
    SIZE,
    Arrow,
    Diagram,
    Shape,
    Style,
    TooNarrowError,
)
from peerreview.paper.figures.prisma import MARGIN, lay_out
from peerreview.render.fonts import shipped

ENGLISH = read()
LEFT = {"databases": 10, "registers": 0, "duplicates": 4, "screened": 6, "excluded": 3, "sought": 3}
LEFT |= {"not_retrieved": 0, "assessed": 3, "reports_excluded": 1, "studies": 1, "reports": 2}
OTHER = {"websites": 1, "other_sought": 1, "other_not_retrieved": 0, "other_assessed": 1}
OTHER |= {"other_reports_excluded": 1}
BEFORE = {"previous_studies": 3, "previous_reports": 4, "total_studies": 4, "total_reports": 6}


def typed(**counts: int) -> Flow:
    return Flow({key: Box(n) for key, n in counts.items()})


def said(figure: Diagram) -> list[str]:
    return [shape.tip.replace("\xa0", " ") for shape in figure.shapes]


@pytest.mark.parametrize(
    ("counts", "headings"),
    [
        (LEFT, ["Identification of studies via databases and registers"]),
        (
            LEFT | OTHER,
            [
                "Identification of studies via databases and registers",
                "Identification of studies via other methods",
            ],
        ),
        (
            LEFT | BEFORE,
            ["Previous studies", "Identification of new studies via databases and registers"],
        ),
        (
            LEFT | OTHER | BEFORE,
            [
                "Previous studies",
                "Identification of new studies via databases and registers",
                "Identification of new studies via other methods",
            ],
        ),
    ],
)
def test_the_template_is_chosen_by_what_is_not_blank(counts: dict[str, int], headings: list[str]) -> None:
    figure = lay_out(typed(**counts), ENGLISH)

    drawn = [text for text in said(figure) if text.startswith(("Identification of", "Previous"))]
    assert sorted(headings) == sorted(drawn)


def test_a_new_review_does_not_speak_of_new_studies() -> None:
    assert "new" not in " ".join(said(lay_out(typed(**LEFT, **OTHER), ENGLISH))).lower().split()


def test_an_update_has_new_and_total_studies() -> None:
    figure = said(lay_out(typed(**LEFT, **BEFORE), ENGLISH))

    assert "New studies included in review (n = 1) Reports of new included studies (n = 2)" in figure
    assert "Total studies included in review (n = 4) Reports of total included studies (n = 6)" in figure


def test_a_blank_is_dropped_and_a_zero_is_drawn() -> None:
    figure = said(lay_out(typed(**LEFT), ENGLISH))

    assert "Records removed before screening: Duplicate records removed (n = 4)" in figure
    assert "Reports not retrieved (n = 0)" in figure
    assert not any("other reasons" in text for text in figure)


def test_the_wording_is_that_of_the_official_template() -> None:
    counts = {**LEFT, "automation": 1, "other_reasons": 2}
    reasons = Box(3, (), (Part("Reason 1", 1), Part("Reason 2", 2)))

    figure = lay_out(Flow({**typed(**counts).boxes, "reports_excluded": reasons}), ENGLISH)

    removed = "Duplicate records removed (n = 4) Records marked as ineligible by automation tools (n = 1)"
    removed += " Records removed for other reasons (n = 2)"
    assert said(figure) == [
        "Identification of studies via databases and registers",
        "Records identified from: Databases (n = 10) Registers (n = 0)",
        f"Records removed before screening: {removed}",
        "Records screened (n = 6)",
        "Records excluded (n = 3)",
        "Reports sought for retrieval (n = 3)",
        "Reports not retrieved (n = 0)",
        "Reports assessed for eligibility (n = 3)",
        "Reports excluded: Reason 1 (n = 1) Reason 2 (n = 2)",
        "Studies included in review (n = 1) Reports of included studies (n = 2)",
        "Identification",
        "Screening",
        "Included",
    ]
    # The template's own notes tell authors what to report; they are nothing to print.
    assert [text.text for text in figure.notes] == [
        "Source: Page MJ, et al. BMJ 2021;372:n71. doi: 10.1136/bmj.n71. CC BY 4.0."
    ]


def test_before_screening_is_in_italics() -> None:
    figure = lay_out(typed(duplicates=4), ENGLISH)

    words = next(shape for shape in figure.shapes if shape.key == "duplicates").lines[0].words
    assert [tuple(word) for word in words] == [("Records removed ", False), ("before screening:", True)]


def test_an_underscore_of_a_reason_is_not_italics() -> None:
    reasons = Box(1, (), (Part("snake_case_reason", 1),))

    figure = lay_out(Flow({"reports_excluded": reasons}), ENGLISH)

    assert "Reports excluded: snake_case_reason (n = 1)" in said(figure)


def test_the_total_can_head_the_reasons() -> None:
    flow = Flow({"reports_excluded": Box(3, (), (Part("Wrong design", 3),))})

    figure = lay_out(flow, ENGLISH, Style(header_totals=True))

    assert "Reports excluded (n = 3): Wrong design (n = 3)" in said(figure)


def test_reasons_at_title_and_abstract_are_drawn_if_wanted() -> None:
    flow = Flow({"excluded": Box(3, (), (Part("Wrong design", 3),))})

    assert "Records excluded (n = 3)" in said(lay_out(flow, ENGLISH))
    wanted = lay_out(flow, ENGLISH, Style(reasons_at_title=True))
    assert "Records excluded (n = 3) Wrong design (n = 3)" in said(wanted)


def test_what_awaits_a_decision_is_apart_and_the_figure_a_draft() -> None:
    figure = lay_out(typed(screened=5, excluded=2, awaiting_screening=1234), ENGLISH)

    assert "Records awaiting screening (n = 1,234)" in said(figure)
    assert figure.stamp == "DRAFT"
    assert any("awaiting a decision: 1,234" in text.text for text in figure.notes)


def test_nothing_awaiting_is_not_drawn() -> None:
    figure = lay_out(typed(screened=5, awaiting_screening=0), ENGLISH)

    assert figure.stamp == ""
    assert not any("awaiting" in text for text in said(figure))


def test_what_does_not_add_up_is_stamped_with_what_fails() -> None:
    figure = lay_out(typed(screened=5), ENGLISH, failing=["D1", "I1"])

    assert figure.stamp == "DOES NOT ADD UP"
    assert "These numbers do not add up: D1, I1." in [text.text for text in figure.notes]


def test_found_again_is_a_footnote_and_the_caption_stands_under_the_figure() -> None:
    flow = Flow(typed(websites=3, found_again=2).boxes, notes=("† synthetic",))

    notes = [text.text for text in lay_out(flow, ENGLISH, caption="One reading").notes]

    assert (
        "Records found by other methods that had been identified already, and are not counted again: 2 of 5."
        in notes
    )
    assert notes[-2:] == ["One reading", "† synthetic"]


def test_no_asterisk_hangs_without_its_note() -> None:
    for language in languages():
        assert not [key for key, words in read(language).words.items() if "*" in words]


def test_other_methods_are_drawn_by_the_names_that_the_team_gave_them() -> None:
    flow = Flow({"other_sources": Box(21, (), (Part("Library of a colleague", 6), Part("Radio", 15)))})

    drawn = " ".join(said(lay_out(flow, ENGLISH)))

    assert "Other sources (n = 21) Library of a colleague (n = 6) Radio (n = 15)" in drawn


def test_what_is_still_to_be_done_is_told_under_the_draft() -> None:
    unfinished = (("records_missing", "MEDLINE (a.ris, 183)"), ("study_without_report", "s2"))
    flow = Flow(typed(studies=1, reports=1, awaiting_study=2).boxes, unfinished=unfinished)

    for language in languages():
        figure = lay_out(flow, read(language))
        notes = " ".join(text.text for text in figure.notes)
        assert figure.stamp == read(language)["draft"]
        stop = "。" if language == "zh" else "."
        assert f"MEDLINE (a.ris, 183){stop}" in notes
        assert f"s2{stop}" in notes
    assert "Included reports awaiting a study (n = 2)" in " ".join(said(lay_out(flow, ENGLISH)))


def test_a_dagger_stands_at_each_number_that_rests_on_something_made_up() -> None:
    parts = (Part("MEDLINE", 3, basis="synthetic"), Part("Embase", 4))
    flow = Flow({"databases": Box(7, (), parts, "synthetic"), "screened": Box(7)})

    drawn = " ".join(said(lay_out(flow, ENGLISH)))

    assert "Databases (n = 7)† MEDLINE (n = 3)† Embase (n = 4) Records screened (n = 7)" in drawn


def test_what_the_authors_state_is_told_under_the_figure() -> None:
    flow = Flow({"databases": Box(7, basis="typed"), "screened": Box(7)})

    notes = [text.text for text in lay_out(flow, ENGLISH).notes]

    assert "Not counted from records, but as the authors state: Databases." in notes


def test_reports_of_several_studies_are_a_footnote() -> None:
    flow = Flow(typed(studies=2, reports=1).boxes, reports_of={"s1": ("r1",), "s2": ("r1",)})

    notes = [text.text for text in lay_out(flow, ENGLISH).notes]

    assert "Reports that tell of more than one study: 1." in notes


def test_a_count_is_never_broken_over_lines() -> None:
    flow = typed(previous_studies=1234567, databases=1234567, duplicates=1234567)

    lines = [line.text for shape in lay_out(flow, ENGLISH).shapes for line in shape.lines]

    assert all(("(" in line) == (")" in line) for line in lines)


def test_a_dropped_box_leaves_no_arrow_hanging() -> None:
    figure = lay_out(typed(databases=5, assessed=3, reports=1), ENGLISH)

    assert [arrow.ends for arrow in figure.arrows] == [("databases", "assessed"), ("assessed", "reports")]


def test_what_was_screened_in_one_column_leads_there() -> None:
    figure = lay_out(typed(databases=5, websites=1, screened=6, studies=1), ENGLISH)

    assert ("websites", "screened") in [arrow.ends for arrow in figure.arrows]


def test_the_description_reads_out_every_box() -> None:
    figure = lay_out(typed(**LEFT), ENGLISH)

    assert "Records screened (n = 6); Records excluded (n = 3)" in figure.description.replace("\xa0", " ")


def overlap(one: Shape, other: Shape) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def crosses(arrow: Arrow, shape: Shape) -> bool:
    """Return whether an arrow runs through a box that is not one of its ends."""
    if shape.key in arrow.ends:
        return False
    for (x0, y0), (x1, y1) in zip(arrow.points, arrow.points[1:], strict=False):
        left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        if (
            left < shape.x + shape.width
            and right > shape.x
            and top < shape.y + shape.height
            and bottom > shape.y
        ):
            return True
    return False


WORDS = st.text("abcdefghijklmnopqrstuvwxyzÄéšΔЖ <&>\"'_-/(),.;研究設計סיבהالعمر", min_size=1, max_size=120)
PARTS = st.lists(st.builds(Part, WORDS, st.integers(0, 10**7)), max_size=18)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    keys = draw(st.sets(st.sampled_from(BOXES)))
    with_parts = {"databases", "registers", "reports_excluded", "other_reports_excluded", "excluded"}
    return Flow(
        {
            key: Box(
                draw(st.integers(0, 10**8)),
                (),
                tuple(draw(PARTS)) if key in with_parts and draw(st.booleans()) else (),
            )
            for key in sorted(keys)
        }
    )


PAGE = 170 / MILLIMETRES


@given(
    flow=flows(),
    language=st.sampled_from(languages()),
    wanted=st.booleans(),
    across=st.sampled_from([0, PAGE, 2 * PAGE]),
)
@settings(max_examples=200, deadline=None)
def test_no_text_leaves_its_box_and_no_boxes_overlap(
    flow: Flow, language: str, wanted: bool, across: float
) -> None:
    style = Style(header_totals=wanted, reasons_at_title=wanted)
    figure = lay_out(flow, read(language), style, across=across)
    margin = 4 if across else MARGIN

    assert not [pair for pair in combinations(figure.shapes, 2) if overlap(*pair)]
    for shape in figure.shapes:
        assert 0 <= shape.x <= shape.x + shape.width <= figure.width - margin + 0.1
        assert 0 <= shape.y <= shape.y + shape.height <= figure.height
        for line in shape.lines:
            if line.turned:
                assert line.width <= shape.height
                continue
            begins = {"start": line.x, "middle": line.x - line.width / 2, "end": line.x - line.width}[
                line.anchor
            ]
            assert shape.x + PADDING - 0.1 <= begins
            assert begins + line.width <= shape.x + shape.width - PADDING + 0.1
            assert shape.y <= line.y - line.size * 0.8
            assert line.y + line.size * 0.25 <= shape.y + shape.height
    for note in figure.notes:
        assert note.width <= figure.width - 2 * margin + 0.1
        assert note.y <= figure.height
    assert not [
        (arrow.ends, shape.key)
        for arrow in figure.arrows
        for shape in figure.shapes
        if not set(arrow.ends) & set(AWAITING) and crosses(arrow, shape)
    ]


@given(flow=flows(), language=st.sampled_from(languages()))
@settings(max_examples=50, deadline=None)
def test_a_figure_on_a_page_is_as_wide_as_asked_and_can_be_read(flow: Flow, language: str) -> None:
    figure = lay_out(flow, read(language), across=PAGE)

    assert figure.size[0] == pytest.approx(PAGE)
    texts = [*figure.notes, *(line for shape in figure.shapes for line in shape.lines)]
    assert min(text.size * figure.scale * POINTS for text in texts) >= 7 - 1e-9


def test_two_columns_of_databases_fit_a_column_of_a_journal() -> None:
    figure = lay_out(typed(**LEFT), ENGLISH, across=84 / MILLIMETRES)

    assert figure.size[0] * MILLIMETRES == pytest.approx(84)
    assert SIZE * figure.scale * POINTS == pytest.approx(7)
    with pytest.raises(TooNarrowError, match="a flow of 4 columns needs a width of 114mm"):
        lay_out(typed(**LEFT, **OTHER), ENGLISH, across=84 / MILLIMETRES)


def test_lettering_is_no_larger_than_in_print() -> None:
    figure = lay_out(typed(**LEFT), ENGLISH, across=PAGE)

    assert SIZE * figure.scale * POINTS == pytest.approx(9)


def test_a_page_has_no_room_for_a_column_in_which_nothing_stands() -> None:
    three = lay_out(typed(**LEFT, websites=1), ENGLISH, across=PAGE)
    four = lay_out(typed(**LEFT, **OTHER), ENGLISH, across=PAGE)

    assert min(shape.width for shape in three.shapes if shape.key) == pytest.approx(260)
    assert min(shape.width for shape in four.shapes if shape.key) < 260


def test_what_would_be_too_tall_for_a_page_has_wider_side_boxes() -> None:
    reasons = tuple(Part(f"A reason that takes more than a line or two, number {n}", 1) for n in range(30))
    flow = Flow({**typed(**LEFT, **OTHER).boxes, "reports_excluded": Box(30, (), reasons)})

    figure = lay_out(flow, ENGLISH, across=PAGE)

    wide = {shape.key: shape.width for shape in figure.shapes}
    assert wide["reports_excluded"] > wide["assessed"]
    assert figure.size[0] == pytest.approx(PAGE)


def test_a_name_that_breaks_is_read_out_whole() -> None:
    flow = Flow({"databases": Box(1, (), (Part("ClinicalTrials.gov/of-the-whole-world", 1),))})

    figure = lay_out(flow, ENGLISH, across=80 / MILLIMETRES)

    assert "ClinicalTrials.gov/of-the-whole-world" in figure.description
    assert not any("ClinicalTrials.gov/of-the-whole-world" in text for text in figure.texts)


def test_text_takes_no_more_than_was_measured() -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    from peerreview.paper.figures.lettering import BOLD, width

    fonts = {style: ttlib.TTFont(path) for style, path in shipped().items()}
    for style, font in fonts.items():
        units = font["head"].unitsPerEm
        for code, glyph in font.getBestCmap().items():
            if style == "I" and code > 0x17F:
                continue
            taken = font["hmtx"][glyph][0] / units
            # Single letters may be wider in bold; lines of them are not.
            room = width(chr(code), 1) * (BOLD * 1.4 if style == "B" else 1.001)
            if 0x20 <= code < 0x500 and room:
                assert taken <= room, (style, chr(code))
