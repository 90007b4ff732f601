"""Tests of charts."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError
from peerreview.paper.figures import Diagram, charts
from peerreview.paper.figures.lettering import width
from peerreview.synthesis import appraisal, instrument, themes
from peerreview.synthesis.appraisal import Appraised
from peerreview.tables import SYNTHETIC_NOTE
from tests.builders import make

ITEMS = "".join(f'Q{number} = "Is part {number} sound?"\n' for number in range(1, 4))
OWN = instrument.parse(
    '[[judgements]]\njudgement = "yes"\nsymbol = "+"\nlevel = "good"\nfavourable = true\n'
    '[[judgements]]\njudgement = "no"\nsymbol = "−"\nlevel = "poor"\n'
    f'[[sets]]\nset = "all"\n[sets.items]\n{ITEMS}',
    "own",
)


def test_four_levels_have_four_colours() -> None:
    for name in (
        "robins-i",
        "rob-2",
        "mmat-2018",
        "jbi-cohort",
        "amstar-2",
        "quadas-2",
        "nos-cohort",
        "robins-e",
    ):
        colours = charts.colours_of(instrument.shipped(name))
        assert len(set(colours.values())) == len(colours)


def test_two_judgements_of_one_level_have_two_colours() -> None:
    judgements = "".join(
        f'[[judgements]]\njudgement = "{word}"\nlevel = "poor"\n' for word in ("serious", "critical")
    )
    own = instrument.parse(f'{judgements}[[sets]]\nset = "all"\n[sets.items]\nQ1 = "Sound"\n', "own")

    assert len(set(charts.colours_of(own).values())) == 2


def test_two_stars_stand_in_a_disc_and_in_the_legend() -> None:
    nos = instrument.shipped("nos-cohort")
    rows = [{"study_id": "s1", "item": each.item, "judgement": f"{nos.most(each)}"} for each in nos.items]
    appraised = appraisal.appraise(tables.make(tables.APPRAISAL, rows), studies(1), instrument=nos)

    figure = charts.traffic_light(appraised, instrument=nos)

    drawn = [(shape.width, line) for shape in figure.shapes for line in shape.lines if line.text == "**"]
    assert len(drawn) == 2
    assert all(width("**", line.size, bold=True) < wide for wide, line in drawn)
    assert said(figure)[8:10] == ["Stars", "9/9"]


def studies(n_studies: int, **columns: list[str]) -> pd.DataFrame:
    numbers = range(1, n_studies + 1)
    return make(
        tables.STUDIES, study_id=[f"s{n}" for n in numbers], label=[f"Study {n}" for n in numbers], **columns
    )


def appraise(n_studies: int, *rows: str) -> tuple[Appraised, ...]:
    names = ("study_id", "item", "judgement", "reviewer", "basis")
    judged = tables.make(tables.APPRAISAL, [dict(zip(names, row.split(), strict=False)) for row in rows])
    return appraisal.appraise(judged, studies(n_studies), instrument=OWN)


def said(figure: Diagram) -> list[str]:
    return [line.text for shape in figure.shapes for line in shape.lines]


def noted(figure: Diagram) -> str:
    return " ".join(note.text for note in figure.notes)


def test_a_chart_says_in_words_what_it_shows_for_those_who_do_not_see_it() -> None:
    appraised = appraise(2, "s1 Q1 yes", "s1 Q2 no", "s2 Q1 yes", "s2 Q2 yes", "s2 Q3 no")

    light = charts.traffic_light(appraised, instrument=OWN).description
    assert "Study 1: Q1 yes, Q2 no, Q3 not judged; Study 2: Q1 yes, Q2 yes, Q3 no." in light
    bars = charts.summary_bars(appraised, instrument=OWN).description
    assert "Q1 Is part 1 sound?: yes 2 of 2; Q2 Is part 2 sound?: yes 1, no 1 of 2" in bars
    counted = charts.bars(studies(3, country=["Norway", "Peru", "Norway"]), "country").description
    assert counted == "Unit: studies (N = 3). Norway 2; Peru 1."


def test_a_judgement_is_told_by_its_symbol_and_not_by_colour_alone() -> None:
    figure = charts.traffic_light(appraise(1, "s1 Q1 yes", "s1 Q2 no"), instrument=OWN)

    discs = [shape for shape in figure.shapes if shape.radius]
    assert [line.text for disc in discs for line in disc.lines] == ["+", "−", "…"]
    assert len({disc.fill for disc in discs}) == 3


def test_conflicts_and_missing_judgements_are_explained_where_they_are() -> None:
    figure = charts.traffic_light(appraise(1, "s1 Q1 yes ana", "s1 Q1 no ben"), instrument=OWN)

    assert {"appraisers differ", "not judged"} <= set(said(figure))


def test_bars_explain_what_is_missing_and_what_appraisers_differ_on() -> None:
    open_ = charts.summary_bars(appraise(2, "s1 Q1 yes ana", "s1 Q1 no ben"), instrument=OWN)
    done = charts.summary_bars(appraise(1, "s1 Q1 yes", "s1 Q2 yes", "s1 Q3 no"), instrument=OWN)

    assert {"appraisers differ", "not judged"} <= set(said(open_))
    assert not {"appraisers differ", "not judged"} & set(said(done))


def test_sixty_studies_are_all_on_the_figure_and_none_on_another() -> None:
    figure = charts.traffic_light(appraise(60, "s1 Q1 yes"), instrument=OWN, rule="Rating: ours.")

    rows = [shape for shape in figure.shapes if shape.lines and shape.lines[0].text.startswith("Study ")]
    assert len(rows) == 60
    assert len({shape.lines[0].y for shape in rows}) == 60
    assert all(shape.lines[0].y < figure.height for shape in rows)
    assert "Rating: ours." in noted(figure)


def test_the_dagger_is_explained_only_where_a_judgement_is_synthetic() -> None:
    real = charts.traffic_light(appraise(1, "s1 Q1 yes"), instrument=OWN)
    made_up = charts.traffic_light(appraise(1, "s1 Q1 yes ana synthetic"), instrument=OWN)

    assert SYNTHETIC_NOTE not in noted(real)
    assert SYNTHETIC_NOTE in noted(made_up)
    assert "+†" in said(made_up)


def test_the_bars_of_an_item_add_up_to_the_studies_asked() -> None:
    figure = charts.summary_bars(appraise(4, "s1 Q1 yes", "s2 Q1 yes", "s3 Q1 no"), instrument=OWN)

    first = [shape for shape in figure.shapes if shape.width > 30][:3]
    assert [shape.lines[0].text for shape in first] == ["+ 2", "− 1", "… 1"]
    assert sum(shape.width for shape in first) == pytest.approx(charts.BAR)


def test_a_heat_map_shows_what_is_coded_and_how_often() -> None:
    codebook = make(tables.CODEBOOK, theme=["a", "b"], parent=["", "a"], label=["Trust", "Hope"])
    found = make(tables.THEMES, study_id=["s1", "s2"], theme=["b", "a"], basis=["text", "synthetic"])

    figure = charts.heat_map(themes.code(found, codebook, studies=studies(2)))

    assert [text for text in said(figure) if text[0] in "•◦"][:3] == ["◦", "•", "•†"]
    assert {"1†", "1", "only through a subtheme", "coded, synthetic"} <= set(said(figure))
    assert SYNTHETIC_NOTE in noted(figure)


def test_years_stand_in_their_order_and_countries_by_their_number() -> None:
    by_year = charts.bars(studies(3, year=["2021", "1999", "2021"]), "year")
    by_country = charts.bars(studies(3, country=["Chad", "Mali", "Mali"]), "country")

    assert said(by_year) == ["1999", "1", "2021", "2"]
    assert said(by_country) == ["Mali", "2", "Chad", "1"]


def test_bars_of_a_column_that_is_not_there_are_refused() -> None:
    with pytest.raises(InputError, match="column 'county' is missing"):
        charts.bars(studies(1), "county")


def test_headings_are_turned_all_or_none() -> None:
    found = tables.make(tables.THEMES, [{"study_id": "s1", "theme": "cost"}])
    short = make(tables.CODEBOOK, theme=["cost"], label=["€"], parent=[""])
    mixed = make(tables.CODEBOOK, theme=["cost", "trust"], label=["Cost", "Trust in staff"], parent=["", ""])

    def turned(codebook: pd.DataFrame) -> set[bool]:
        figure = charts.heat_map(themes.code(found, codebook, studies=studies(1)))
        labels = set(codebook["label"])
        return {line.turned for shape in figure.shapes for line in shape.lines if line.text in labels}

    assert (turned(short), turned(mixed)) == ({False}, {True})


def test_a_long_theme_does_not_run_into_the_next_one() -> None:
    long = "Organisational culture, leadership and readiness for change in services without peer workers"
    found = tables.make(tables.THEMES, [{"study_id": "s1", "theme": "a"}])
    codebook = make(tables.CODEBOOK, theme=["a", "b"], label=[long, "Cost"], parent=["", ""])

    figure = charts.heat_map(themes.code(found, codebook, studies=studies(1)))

    turned = [line for shape in figure.shapes for line in shape.lines if line.turned]
    assert [line.text for line in turned[-1:]] == ["Cost"]
    assert " ".join(line.text for line in turned[:-1]) == long
    assert max(line.x for line in turned[:-1]) + 10 < turned[-1].x
