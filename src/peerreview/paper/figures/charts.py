"""Charts: traffic lights and bars of an appraisal, the heat map of themes, bars of studies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from peerreview import tables
from peerreview.paper.figures import DROP, Diagram, Shape, Style, Text
from peerreview.paper.figures.lettering import Word, width, wrap
from peerreview.paper.sheets import DAGGER, heading_of
from peerreview.paper.sheets.appraisal import (
    CONFLICT,
    IN_WORDS,
    MISSING,
    UNCOUNTED,
    counting_notes,
    has_confidence,
    is_shown,
    rule_notes,
    said_in_words,
    stopped_notes,
)
from peerreview.paper.sheets.themes import BY_SUBTHEME, CODED
from peerreview.synthesis import appraisal, overall, themes
from peerreview.synthesis.by_design import Appraisal, apart
from peerreview.synthesis.extraction import must_have
from peerreview.synthesis.ratings import rule
from peerreview.tables import SYNTHETIC_NOTE, is_synthetic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from peerreview.synthesis.appraisal import Appraised
    from peerreview.synthesis.instrument import Instrument
    from peerreview.synthesis.themes import Coding

COLOURS = {
    "good": "#56b4e9",
    "middling": "#f0e442",
    "poor": "#d55e00",
    "critical": "#d55e00",
    "unclear": "#c8c8c8",
    "inapplicable": "#ffffff",
}
"""Told apart with every kind of colour vision (Okabe & Ito 2008), and in print by the symbols on them."""
FOURTH = "#e69f00"
"""What is poor where something is worse: between yellow and vermilion."""
FURTHER = ("#009e73", "#cc79a7", "#0072b2", "#e69f00", "#999999")
"""For judgements of an instrument that share a level with another."""
SOLID, PALE, DEEP, PAPER, INK = "#56b4e9", "#d6ecf9", "#0072b2", "#ffffff", "#000000"
CELL, ROOM, MARGIN, SIZE, SMALL, LEADING = 26.0, 22.0, 16.0, 13.0, 11.0, 16.0
MOST_LABEL = 190.0
MOST_LINES = 2
BAR = 420.0
_READABLE = 700.0
"""A figure is at least so wide that the notes under it read well."""


@dataclass(frozen=True)
class Chart:
    """A figure of an appraisal: its name and title, and how it is drawn."""

    name: str
    title: str
    draw: Callable[[], Diagram]


def of_appraisals(appraisals: Sequence[Appraisal], names: Sequence[str]) -> list[Chart]:
    """
    Return the figures of an appraisal, instrument by instrument.

    Parameters
    ----------
    names : what the judgements by study and item are called, and their sums; the first alone draws no sums.
    """
    found = []
    for each, behind, title in apart(appraisals):
        draw = (
            partial(
                traffic_light,
                each.appraised,
                instrument=each.instrument,
                rule=rule(each.ratings, each.instrument),
            ),
            partial(summary_bars, each.appraised, instrument=each.instrument),
        )
        titles = ("Quality appraisal by study and item", "Quality appraisal by item")
        found += [
            Chart(f"{name}{behind}", f"{of}{title}", drawn)
            for name, of, drawn in zip(names, titles, draw, strict=False)
        ]
    return found


def traffic_light(appraised: Sequence[Appraised], *, instrument: Instrument, rule: str = "") -> Diagram:
    """Return the judgement on each item of each study as a coloured disc with its symbol."""
    asked = [each for each in instrument.items if is_shown(each, appraised)]
    colours = colours_of(instrument)
    ends = _ends(appraised, instrument=instrument, rated=bool(rule))
    labels = [study.name for study in appraised]
    left = _label_room(labels)
    items = [each.item for each in asked]
    head, turned = _heading_room(items), _are_turned(items)
    shapes: list[Shape] = []
    told: list[str] = []
    made_up = False
    for number, each in enumerate(asked):
        shapes += _heading(MARGIN + left + (number + 0.5) * CELL, MARGIN + head, each.item, turned=turned)
    place = MARGIN + left + len(asked) * CELL + 12
    for heading, ending in ends.items():
        shapes.append(_line(place, MARGIN + head - 6, heading, bold=True))
        for below, words in enumerate(ending):
            y = MARGIN + head + below * CELL
            shapes.append(_line(place, y + CELL / 2 + DROP * SIZE, words))
        place += max(width(each, SIZE, bold=True) for each in (heading, *ending)) + 18
    for below, study in enumerate(appraised):
        y = MARGIN + head + below * CELL
        shapes.append(_line(MARGIN, y + CELL / 2 + DROP * SIZE, study.name))
        in_words = []
        for number, each in enumerate(asked):
            if each.item not in study.asked or (each.optional and each.item not in study.judged):
                continue
            judged = study.judged.get(each.item)
            x = MARGIN + left + number * CELL
            if judged is None:
                shapes.append(_disc(x, y, PAPER, MISSING, settled=False))
                in_words.append(f"{each.item} not judged")
            elif judged.words:
                in_words.append(f"{each.item} answered in words")
                made_up = made_up or judged.synthetic
                shapes.append(_disc(x, y, PAPER, IN_WORDS + (DAGGER if judged.synthetic else "")))
            elif judged.judgement is None:
                shapes.append(_disc(x, y, PAPER, CONFLICT, settled=False))
                in_words.append(f"{each.item} appraisers differ")
            else:
                in_words.append(f"{each.item} {judged.judgement.judgement}")
                made_up = made_up or judged.synthetic
                symbol = judged.judgement.symbol + (DAGGER if judged.synthetic else "")
                shapes.append(_disc(x, y, colours[judged.judgement.judgement], symbol))
        ending = [f"{heading} {words[below]}" for heading, words in ends.items()]
        told.append(f"{study.name}: {', '.join([*in_words, *ending])}")
    across = place - MARGIN
    bottom = MARGIN + head + len(appraised) * CELL + 10
    keys = [(each.symbol, colours[each.judgement], each.judgement) for each in instrument.judgements]
    if any(said_in_words(study) for study in appraised):
        keys.append((IN_WORDS, PAPER, "answered in words"))
    if any(study.missing for study in appraised):
        keys.append((MISSING, PAPER, "not judged"))
    if any(study.conflicts for study in appraised):
        keys.append((CONFLICT, PAPER, "appraisers differ"))
    blank = " A blank item is not asked of the study's design." if instrument.designs else ""
    notes = [f"{instrument.title}.{blank}"]
    named = [f"{each.item}: {each.text}" for each in asked if each.item != each.text]
    # Labels are short enough to stand in one line, questions are not.
    notes += [f"{'; '.join(named)}."] if named and instrument.own_labels else named
    notes += [instrument.labels_note] if instrument.labels_note else []
    notes += [f"{study.name}: {study.fault}." for study in appraised if study.fault]
    notes += [f"{study.name}: {what}." for study in appraised for what in stopped_notes(study, instrument)]
    notes += counting_notes(instrument, rated=bool(rule))
    notes += rule_notes(rule, instrument)
    notes += [overall.sentence(instrument)] if instrument.overall else []
    return _figure(
        shapes,
        across,
        bottom,
        notes,
        told=told,
        keys=keys,
        synthetic=made_up,
        title="Quality appraisal by study and item",
    )


def summary_bars(appraised: Sequence[Appraised], *, instrument: Instrument) -> Diagram:
    """
    Return how often each judgement was given per item, as bars of the studies asked.

    Where every study has a weight and they differ, the bars are shares of the weight, as robvis draws them.
    """
    colours = colours_of(instrument)
    weighted = appraisal.is_weighted(appraised)
    items = {each.item: each for each in instrument.items}
    summary = appraisal.summarise(appraised, instrument=instrument)
    shapes: list[Shape] = []
    told: list[str] = []
    left = 330.0
    y = MARGIN
    for row in summary.to_dict("records"):
        named = row["text"] if row["item"] == row["text"] else f"{row['item']} {row['text']}"
        lines = wrap(_words(named), left - 16, SMALL + 1)
        tall = max(CELL, len(lines) * LEADING + 4)
        first = y + tall / 2 - (len(lines) - 1) * LEADING / 2 + DROP * SMALL
        shapes += [
            _line(MARGIN, first + number * LEADING, "".join(word.text for word in line), size=SMALL + 1)
            for number, line in enumerate(lines)
        ]
        shares = appraisal.weigh(appraised, items[row["item"]]) if weighted else {}
        parts = [(each.symbol, colours[each.judgement], each.judgement) for each in instrument.judgements]
        parts += [(CONFLICT, PAPER, "conflict"), (MISSING, PAPER, "missing")]
        x = MARGIN + left
        in_words = []
        for symbol, fill, name in parts:
            n = int(row[name])
            if not n:
                continue
            share = shares[name] if weighted else n / int(row["n_asked"])
            wide = BAR * share
            counted_as = f"{share:.0%}" if weighted else f"{n}"
            in_words.append(f"{name} {counted_as}")
            mark = DAGGER if row["n_synthetic"] and name != "missing" else ""
            shapes.append(_block(x, y + 3, wide, tall - 6, fill, f"{symbol} {counted_as}{mark}", symbol))
            x += wide
        shapes.append(_line(MARGIN + left + BAR + 8, y + tall / 2 + DROP * SIZE, f"n = {row['n_asked']}"))
        told.append(f"{named}: {', '.join(in_words)} of {row['n_asked']}")
        y += tall
    counted = summary[[each.judgement for each in instrument.judgements]].sum()
    keys = [
        (each.symbol, colours[each.judgement], each.judgement)
        for each in instrument.judgements
        if counted[each.judgement]
    ]
    keys += [(MISSING, PAPER, "not judged")] if summary["missing"].any() else []
    keys += [(CONFLICT, PAPER, "appraisers differ")] if summary["conflict"].any() else []
    things = "results" if any(study.result for study in appraised) else "studies"
    of_design = " whose design asks for the item" if instrument.designs else ""
    shared = f"the weight of the n {things}" if weighted else f"the n {things}"
    said = [f"{instrument.title}. Bars are shares of {shared}{of_design}."]
    said += [instrument.labels_note] if instrument.labels_note else []
    made_up = bool((summary["n_synthetic"] > 0).any())
    return _figure(
        shapes,
        left + BAR + 70,
        y + 8,
        said,
        told=told,
        keys=keys,
        synthetic=made_up,
        title="Quality appraisal by item",
    )


def colours_of(instrument: Instrument) -> dict[str, str]:
    """Return judgement → colour: that of its level, and one of its own where the level is taken."""
    levels = {each.level for each in instrument.judgements}
    found: dict[str, str] = {}
    for each in instrument.judgements:
        colour = FOURTH if each.level == "poor" and "critical" in levels else COLOURS[each.level]
        free = (other for other in FURTHER if other not in found.values())
        found[each.judgement] = colour if colour not in found.values() else next(free, colour)
    return found


def _ends(appraised: Sequence[Appraised], *, instrument: Instrument, rated: bool) -> dict[str, list[str]]:
    """Return what stands at the end of each study's row, by its heading."""
    marks = [DAGGER if study.synthetic else "" for study in appraised]
    ends = {}
    if has_confidence(instrument):
        said = [study.by_rule or "not judged" for study in appraised]
        ends["Confidence"] = [words + mark for words, mark in zip(said, marks, strict=True)]
    if instrument.unit:
        ends[heading_of(instrument.unit)] = [
            study.total + mark if study.total else UNCOUNTED
            for study, mark in zip(appraised, marks, strict=True)
        ]
    if rated:
        said = [study.rating or "not rated" for study in appraised]
        ends["Rating"] = [words + mark for words, mark in zip(said, marks, strict=True)]
    return ends


def heat_map(coding: Coding) -> Diagram:
    """Return the study × theme matrix as a map, with the number of studies under each theme."""
    below = coding.below()
    left = _label_room(list(coding.studies.values()))
    names = [each.label for each in coding.themes]
    head, turned = _heading_room(names), _are_turned(names)
    shapes: list[Shape] = []
    made_up = implied = False
    for number, each in enumerate(coding.themes):
        shapes += _heading(
            MARGIN + left + (number + 0.5) * CELL,
            MARGIN + head,
            each.label,
            turned=turned,
            bold=not each.level,
        )
    for row, (study_id, label) in enumerate(coding.studies.items()):
        y = MARGIN + head + row * CELL
        shapes.append(_line(MARGIN, y + CELL / 2 + DROP * SIZE, label))
        for number, each in enumerate(coding.themes):
            x = MARGIN + left + number * CELL
            fill, symbol, doubt = PAPER, "", False
            if (study_id, each.theme) in coding.rows:
                doubt = coding.is_synthetic(study_id, each.theme)
                fill, symbol = PALE if doubt else SOLID, CODED
            else:
                under = [theme for theme in below[each.theme] if (study_id, theme) in coding.rows]
                if under:
                    doubt = all(coding.is_synthetic(study_id, theme) for theme in under)
                    implied = True
                    symbol = BY_SUBTHEME
            made_up = made_up or doubt
            shapes.append(_block(x, y, CELL, CELL, fill, symbol + (DAGGER if doubt else "")))
    foot = MARGIN + head + len(coding.studies) * CELL
    shapes.append(_line(MARGIN, foot + CELL / 2 + DROP * SIZE, "Studies", bold=True))
    told = []
    for number, row_ in enumerate(themes.tally(coding).to_dict("records")):
        mark = DAGGER if row_["n_synthetic"] else ""
        told.append(f"{names[number]} {row_['n']}")
        middle = MARGIN + left + (number + 0.5) * CELL
        shapes.append(
            _line(middle, foot + CELL / 2 + DROP * SMALL, f"{row_['n']}{mark}", size=SMALL, anchor="middle")
        )
    keys = [(CODED, SOLID, "coded")]
    keys += [(CODED + DAGGER, PALE, "coded, synthetic")] if made_up else []
    keys += [(BY_SUBTHEME, PAPER, "only through a subtheme")] if implied else []
    said = [f"Unit: studies (N = {len(coding.studies)}); blank means not coded, not absent."]
    if coding.bases:
        said.append(f"Only rows whose basis is {' or '.join(coding.bases)}.")
    return _figure(
        shapes,
        left + len(coding.themes) * CELL,
        foot + CELL + 8,
        said,
        told=told,
        keys=keys,
        synthetic=made_up,
        title="Themes by study",
    )


def bars(studies: pd.DataFrame, column: str) -> Diagram:
    """
    Return the number of studies per value of a column; years in their order, other values by frequency.

    Parameters
    ----------
    studies : ``study_id``, the column to count and optionally its ``<column>_basis``.
    column : its name.

    Raises
    ------
    InputError
        For a column that is not there.
    """
    must_have(studies, column)
    counts: dict[str, int] = {}
    doubtful: set[str] = set()
    for row in tables.rows(studies):
        value = row[column] or "not reported"
        counts[value] = counts.get(value, 0) + 1
        if is_synthetic(row, column):
            doubtful.add(value)
    years = all(value.isdecimal() and len(value) < 10 for value in counts)
    order = sorted(counts, key=lambda value: (int(value),) if years else (-counts[value], value))
    left = _label_room(order)
    most = max(counts.values(), default=1)
    shapes: list[Shape] = []
    for below, value in enumerate(order):
        y = MARGIN + below * CELL
        wide = BAR * counts[value] / most
        mark = DAGGER if value in doubtful else ""
        shapes.append(_line(MARGIN, y + CELL / 2 + DROP * SIZE, value))
        shapes.append(_block(MARGIN + left, y + 4, wide, CELL - 8, DEEP))
        shapes.append(_line(MARGIN + left + wide + 8, y + CELL / 2 + DROP * SIZE, f"{counts[value]}{mark}"))
    said = [f"Unit: studies (N = {len(studies)})."]
    heading = heading_of(column)
    return _figure(
        shapes,
        left + BAR + 50,
        MARGIN + len(order) * CELL + 8,
        said,
        told=[f"{value} {counts[value]}" for value in order],
        synthetic=bool(doubtful),
        title=f"Studies by {heading[:1].lower()}{heading[1:]}",
    )


def _figure(
    shapes: Sequence[Shape],
    across: float,
    bottom: float,
    notes: Sequence[str],
    *,
    title: str,
    told: Sequence[str],
    keys: Sequence[tuple[str, str, str]] = (),
    synthetic: bool = False,
) -> Diagram:
    """
    Return a figure with its legend and notes under it; ``keys`` are (symbol, fill, meaning).

    ``told`` is what it shows, in words, for those who do not see it.
    """
    whole = max(across + 2 * MARGIN, _READABLE)
    legend: list[Shape] = []
    x, y = MARGIN, bottom
    for symbol, fill, meaning in keys:
        taken = CELL + 6 + width(meaning, SIZE) + 18
        if x + taken > whole - MARGIN and x > MARGIN:
            x, y = MARGIN, y + CELL
        legend.append(_key(x, y, fill, symbol))
        legend.append(_line(x + CELL + 4, y + ROOM / 2 + DROP * SIZE, meaning))
        x += taken
    y += CELL + 14 if keys else 10
    lines: list[Text] = []
    for note in (*notes, SYNTHETIC_NOTE) if synthetic else notes:
        for words in wrap(_words(note), whole - 2 * MARGIN, SMALL):
            lines.append(Text(MARGIN, y, words, SMALL))
            y += LEADING
    return Diagram(
        width=whole,
        height=y + 4,
        shapes=(*shapes, *legend),
        arrows=(),
        notes=tuple(lines),
        title=title,
        description=" ".join([*notes[:1], f"{'; '.join(told)}." if told else ""]).strip(),
        language="en",
        style=Style(),
    )


def _disc(x: float, y: float, fill: str, symbol: str, *, settled: bool = True) -> Shape:
    edge = (CELL - ROOM) / 2
    size = _fitting_size(symbol, SIZE)
    base = y + CELL / 2 + DROP * size
    return Shape(
        key="",
        x=x + edge,
        y=y + edge,
        width=ROOM,
        height=ROOM,
        fill=fill,
        stroke=INK if fill == PAPER else "none",
        lines=(Text(x + CELL / 2, base, (Word(symbol),), size, bold=True, anchor="middle"),),
        radius=ROOM / 2,
        dashed=not settled,
    )


def _key(x: float, y: float, fill: str, symbol: str) -> Shape:
    """Return a square of the legend."""
    size = _fitting_size(symbol, SMALL)
    middle = Text(x + ROOM / 2, y + ROOM / 2 + DROP * size, (Word(symbol),), size, bold=True, anchor="middle")
    return Shape("", x, y, ROOM, ROOM, fill, "#909090", (middle,) if symbol else ())


def _fitting_size(symbol: str, size: float) -> float:
    """Return the size of letters at which a symbol stands in a disc, the given one at most."""
    wide = width(symbol, size, bold=True)
    return size if wide <= ROOM else size * (ROOM - 4) / wide


def _block(x: float, y: float, wide: float, tall: float, fill: str, *said: str) -> Shape:
    """Return a rectangle with the first of the texts that fits into it."""
    base = y + tall / 2 + DROP * SMALL
    fitting = [each for each in said if each and width(each, SMALL, bold=True) <= wide]
    lines = [
        Text(x + wide / 2, base, (Word(each),), SMALL, bold=True, anchor="middle") for each in fitting[:1]
    ]
    return Shape("", x, y, wide, tall, fill, "#909090", tuple(lines))


def _line(
    x: float, y: float, said: str, *, size: float = SIZE, bold: bool = False, anchor: str = "start"
) -> Shape:
    text = Text(x, y, (Word(said),), size, bold=bold, anchor=anchor)
    return Shape("", x, y, 0, 0, PAPER, "none", (text,))


def _heading(middle: float, bottom: float, said: str, *, turned: bool, bold: bool = False) -> list[Shape]:
    """Return a column's heading; where it is turned, on up to two lines."""
    if not turned:
        return [_line(middle, bottom - 6, said, size=SMALL, anchor="middle", bold=bold)]
    lines = _on_two_lines(said)
    first = middle + DROP * SMALL - (len(lines) - 1) * 6
    return [
        Shape(
            "",
            first,
            bottom - 6,
            0,
            0,
            PAPER,
            "none",
            (Text(first + 12 * number, bottom - 6, words, SMALL, bold=bold, turned=True),),
        )
        for number, words in enumerate(lines)
    ]


def _are_turned(labels: Sequence[str]) -> bool:
    """Return whether headings are turned: all, where one is too long for its column."""
    return any(width(label, SMALL, bold=True) > CELL - 4 for label in labels)


def _on_two_lines(said: str) -> list[tuple[Word, ...]]:
    """Return a heading on two lines at most: a third would run into the next column's."""
    most = MOST_LABEL
    while len(lines := wrap(_words(said), most, SMALL)) > MOST_LINES:
        most *= 1.2
    return lines


def _heading_room(labels: Sequence[str]) -> float:
    if not _are_turned(labels):
        return 20.0
    lines = [words for label in labels for words in _on_two_lines(label)]
    return max(width("".join(word.text for word in words), SMALL, bold=True) for words in lines) + 14


def _label_room(labels: Sequence[str]) -> float:
    return max((width(label, SIZE) for label in labels), default=0.0) + 12


def _words(text: str) -> list[Word]:
    return [Word(word) for word in text.split(" ") if word]
