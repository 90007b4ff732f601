"""Sheets of judgements → rows of ``appraisal.csv``: long ones, and a row per study as robvis has it."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from peerreview import tables
from peerreview.errors import InputError
from peerreview.synthesis import answers, headings, sums
from peerreview.synthesis.answers import Meaning
from peerreview.synthesis.headings import Headings
from peerreview.synthesis.instrument import Instrument, Judgement
from peerreview.synthesis.spelling import comparable
from peerreview.synthesis.studies import COLUMNS, by_name, check_names, column_of, ids_of, with_years, year_of
from peerreview.synthesis.sums import Sum
from peerreview.tables import header_error, places, row_errors

_OTHERS = {
    "result": ("result", "results", "outcome"),
    "weight": ("weight", "weights"),
    "reviewer": tables.APPRAISERS,
    "role": ("role",),
    "basis": ("basis",),
    "note": ("note", "notes", "comment", "comments"),
}
_ITEM = ("item", "domain", "bias domain", "question", "criterion", "criteria")
_JUDGEMENT = ("judgement", "judgment", "rating", "answer", "risk of bias", "risk", "rob")
"""What long sheets of people call the two columns that they need."""


@dataclass(frozen=True)
class Judgements:
    """
    Judgements as a table of ours, the ``shape`` that they had (long, wide), and what was odd.

    ``unread`` are columns that are no item of the instrument.
    """

    appraisal: pd.DataFrame
    shape: str
    odd: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to tell people of the sheet."""
        return tuple(remarks_on([self]))


def remarks_on(parts: Sequence[Judgements]) -> list[str]:
    """Return what was odd of one sheet that several instruments were read in, each once."""
    told = list(dict.fromkeys(said for each in parts for said in each.odd))
    unread = [column for column in parts[0].unread if all(column in each.unread for each in parts)]
    said = [f"columns that are no item and are not read: {', '.join(unread)}"] if unread else []
    # How a sheet lies is told before what is in it.
    first = [each for each in told if each == _TURNED]
    return [*first, *said, *(each for each in told if each not in first)]


_TURNED = "a row per item, and a column per study"


def read(
    raw: pd.DataFrame,
    studies: pd.DataFrame,
    instrument: Instrument,
    *,
    blanks: str = "",
    others: Collection[str] = (),
) -> Judgements:
    """
    Return judgements of either shape as a table of ours.

    Parameters
    ----------
    raw : the cells as they stand: a row per study and item, or a row per study with a column per item,
        as the Excel tool of RoB 2 and robvis have it.
    studies : ``study_id, label``.
    blanks : the judgement that a blank cell means beside others; without one, it is not judged.
    others : studies that are appraised with another instrument, whose judgements are left out.

    Raises
    ------
    InputError, InputErrors
        Where a table breaks a rule, or holds sums of items instead of items.
    """
    check_blanks(blanks, instrument)
    names = {comparable(str(column)): str(column) for column in raw.columns}
    turned = None if "judgement" in names else _turned(raw, by_name(studies), instrument)
    if turned is not None:
        held = headings.read(list(turned.columns), instrument)
        as_rows = _from_sheet(turned, studies, instrument, held, blanks, others)
        return replace(as_rows, odd=(_TURNED, *as_rows.odd))
    called = _called_otherwise(raw, names, instrument)
    unread: tuple[str, ...] = ()
    if called is not None:
        raw, names = called, {comparable(str(column)): str(column) for column in called.columns}
        ours = {comparable(column) for column in (*tables.APPRAISAL.columns, *_OTHERS)}
        study = column_of(map(str, raw.columns))
        unread = tuple(column for name, column in names.items() if name not in ours and column != study)
    if {"item", "judgement"} & set(names):
        long = _with_ids(raw, studies, names)
        if others and "study_id" in long.columns:
            long = long[~long["study_id"].str.strip().isin(set(others))]
        if blanks and "judgement" in long.columns:
            long = long.assign(judgement=long["judgement"].where(long["judgement"].str.strip() != "", blanks))
        return Judgements(tables.check(long, tables.APPRAISAL), "long", unread=unread)
    held = headings.read([str(column) for column in raw.columns], instrument)
    _refuse_sums(raw, held, instrument)
    if not held.items:
        if column_of(map(str, raw.columns)) and "study id" not in names:
            listed = ", ".join(each.item for each in instrument.items[:3])
            found = ", ".join(map(str, raw.columns))
            raise header_error(raw, f"no column is an item of {instrument.name} ({listed} …); found {found}")
        return Judgements(tables.check(raw, tables.APPRAISAL), "long")
    return _from_sheet(raw, studies, instrument, held, blanks, others)


def _turned(
    raw: pd.DataFrame, known: Mapping[str, Sequence[str]], instrument: Instrument
) -> pd.DataFrame | None:
    """
    Return a sheet with a row per item as one with a row per study; None where its rows are no items.

    One of its first two columns names the items (a group of them may stand before), each further one a study,
    of which at least one is ``known``.
    """
    for place, column in enumerate(raw.columns[:2]):
        rows = [row for row in raw.to_dict("records") if row[column].strip()]
        names = [row[column].strip() for row in rows]
        held = headings.read(names, instrument)
        studies = list(map(str, raw.columns[place + 1 :]))
        are_items = len(held.items) > 1 and 2 * len(held.items) > len(names) == len({*names, "study"}) - 1
        if are_items and any(comparable(study) in known for study in studies):
            turned = pd.DataFrame(
                {name: [row[study] for study in studies] for name, row in zip(names, rows, strict=True)},
                dtype="str",
            )
            turned.insert(0, "study", studies)
            first = next(iter(places.of(raw)), None)
            if first is None:
                return turned
            # A study is a column now: what is wrong with it stands in the line of the header.
            return places.put(turned, places.listed([(first.path, first.header or 1)] * len(studies)))
    return None


def _called_otherwise(
    raw: pd.DataFrame, names: Mapping[str, str], instrument: Instrument
) -> pd.DataFrame | None:
    """
    Return a sheet with a row per study and item under other names (domain, judgment) as one under ours.

    None where it has ours, or where what would be its items are none of the instrument's.
    """
    item = next((names[each] for each in _ITEM if each in names), "")
    judgement = next((names[each] for each in _JUDGEMENT if each in names), "")
    if not item or not judgement or (comparable(item), comparable(judgement)) == ("item", "judgement"):
        return None
    cells = [cell.strip() for cell in raw[item]]
    found = headings.items_of(dict.fromkeys(cells), instrument)
    if not all(found.values()):
        return None
    about = {
        name: next((names[each] for each in listed if each in names), "") for name, listed in _OTHERS.items()
    }
    if about["result"] and _are_judgements(raw[about["result"]], instrument):
        del about["result"]
    ours = {column: name for name, column in about.items() if column and column not in (item, judgement)}
    named = raw.rename(columns=ours | {item: "item", judgement: "judgement"})
    return named.assign(item=[found[cell] for cell in cells])


def check_blanks(blanks: str, instrument: Instrument) -> None:
    """
    Refuse a meaning of blanks that an instrument does not have, or that cannot be told from no question.

    Raises
    ------
    InputError
        With the judgements that there are.
    """
    if blanks and instrument.find_judgement(blanks) is None:
        legal = ", ".join(each.judgement for each in instrument.judgements)
        raise InputError(f"blanks {blanks!r} under [appraisal] is not one of {legal}")
    if blanks and instrument.designs:
        raise InputError(
            f"blanks {blanks!r} under [appraisal]: in a sheet for {instrument.name} a blank may be an item "
            "that the study's design does not ask for"
        )


def _refuse_sums(raw: pd.DataFrame, held: Headings, instrument: Instrument) -> None:
    """Refuse a sheet that has the sum of a set, and none of its items."""
    of_set = {each.item: each.set for each in instrument.items}
    there = {of_set[item] for item in held.items}
    alone = [column for column, chosen in held.sums.items() if chosen and chosen not in there]
    if alone:
        items = ", ".join(each.item for each in instrument.items if each.set == held.sums[alone[0]])
        named = f"columns {', '.join(map(repr, alone))} hold" if alone[1:] else f"column {alone[0]!r} holds"
        raise header_error(
            raw,
            f"{named} the {instrument.unit} of several items, which no one can take apart; "
            f"{instrument.name} has a column per item ({items} …); for sums alone, name an instrument of "
            "your own, whose items they are",
        )


def _with_ids(raw: pd.DataFrame, studies: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a long table with the ids of its studies, where it calls these by their labels."""
    called = {names[each]: "reviewer" for each in _OTHERS["reviewer"][1:] if each in names}
    study = "" if "study id" in names else column_of(map(str, raw.columns))
    if not study:
        if "study id" in names:
            belongs, column = by_name(studies), names["study id"]
            known = ["".join(belongs.get(comparable(cell), ())[:1]) for cell in raw[column]]
            check_names(raw, column, known, belongs)
        return raw.rename(columns=called)
    ids = ids_of(raw, study, by_name(studies))
    return raw.rename(columns={**called, study: "study_id"}).assign(study_id=ids)


def _from_sheet(
    raw: pd.DataFrame,
    studies: pd.DataFrame,
    instrument: Instrument,
    held: Headings,
    blanks: str,
    others: Collection[str],
) -> Judgements:
    if held.fault:
        raise header_error(raw, held.fault)
    of_items = [column for columns in held.items.values() for column in columns]
    left = [str(column) for column in raw.columns if column not in (*of_items, *held.sums)]
    study = column_of(left)
    if not study:
        raise header_error(raw, f"no column says which study; name one of {', '.join(COLUMNS[:3])}")
    about = {
        name: column
        for name, spellings in _OTHERS.items()
        for column in left
        if comparable(column) in spellings
        and column != study
        # A domain of another tool may be called Outcome: what it holds names no result.
        and not (name == "result" and _are_judgements(raw[column], instrument))
    }
    rows, positions, summed = [], [], []
    faults: list[tuple[int, str]] = []
    n_blank = 0
    belongs = by_name(studies)
    dated = with_years(raw, study, belongs)
    ids = ids_of(dated, study, belongs)
    ours = [
        (position, study_id, row)
        for position, (study_id, row) in enumerate(zip(ids, raw.to_dict("records"), strict=True))
        if study_id not in others
    ]
    cells = [blanks, *(row[column].strip() for column in of_items for _, _, row in ours)]
    meanings = answers.read(cells, instrument)
    starred = answers.is_starred(meanings)
    for position, study_id, row in ours:
        common = {name: row[column].strip() for name, column in about.items()}
        read_row = _row(row, held, meanings, instrument, blanks)
        faults += [(position, each) for each in read_row.faults]
        n_blank += read_row.n_blank
        for item, word in read_row.words.items():
            rows.append(common | {"study_id": study_id, "item": item, "judgement": word})
            positions.append(position)
        sums_there = sums.of_row(
            row, held.sums, read_row.judged(meanings, instrument, starred=starred), instrument
        )
        summed += [(row[study].strip(), each) for each in sums_there]
    if faults:
        raise row_errors(raw, faults)
    made = places.put(tables.make(tables.APPRAISAL, rows), places.take(raw, positions))
    unread = [column for column in left if column not in (study, *about.values())]
    unread = [column for column in unread if dated is raw or column != year_of(left)]
    odd = _on_blanks(n_blank, summed, instrument)
    odd += [
        f"{name}: {each.column!r} says {each.says}, its items add up to {each.have}"
        for name, each in summed
        if each.whole and each.says != each.have
    ]
    return Judgements(tables.check(made, tables.APPRAISAL), "wide", tuple(odd), tuple(unread))


def _are_judgements(cells: Iterable[str], instrument: Instrument) -> bool:
    """Return whether all cells that are filled in are judgements of the instrument, or signs of several."""
    filled = {cell.strip() for cell in cells if cell.strip()}
    said = answers.read(filled, instrument).values()
    return bool(filled) and all(each.judgement is not None or each.fault for each in said)


@dataclass(frozen=True)
class _Row:
    """What a row of a sheet says: item → the cell or word; blank cells beside others; what is wrong."""

    words: Mapping[str, str]
    n_blank: int
    faults: tuple[str, ...]

    def judged(
        self, meanings: Mapping[str, Meaning], instrument: Instrument, *, starred: bool
    ) -> dict[str, Judgement]:
        found = {}
        items = {each.item: each for each in instrument.items}
        for item, word in self.words.items():
            said = meanings.get(word) or Meaning(instrument.find_judgement(word))
            judgement = answers.of_item(word, said, items[item], instrument, starred=starred).judgement
            if judgement is not None:
                found[item] = judgement
        return found


def _row(
    row: Mapping[Hashable, str],
    held: Headings,
    meanings: Mapping[str, Meaning],
    instrument: Instrument,
    blanks: str,
) -> _Row:
    cells = {item: [row[column].strip() for column in columns] for item, columns in held.items.items()}
    rated = {each.item for each in instrument.items if each.rated and not each.free}
    # Where nothing is judged, nobody has judged: a blank means something beside a judgement alone.
    is_judged = any(cell for listed in cells.values() for cell in listed)
    words, n_blank, faults = {}, 0, []
    for item, listed in cells.items():
        means = blanks if is_judged and item in rated else ""
        n_blank += listed.count("") if is_judged and item in rated and not blanks else 0
        said = [cell or means for cell in listed]
        if "" in said:
            continue
        if len(said) == 1:
            words[item] = said[0]
            continue
        points = _points_of_parts(said, meanings)
        word = next((each.judgement for each in instrument.judgements if each.points == points), "")
        if points is None or not word:
            found = ", ".join(map(repr, said))
            faults.append(f"{found} in the parts of item {item}: each is one point or none")
        else:
            words[item] = word
    return _Row(words, n_blank, tuple(faults))


def _points_of_parts(cells: Sequence[str], meanings: Mapping[str, Meaning]) -> int | None:
    """Return what an item's parts count together; None where one is no judgement, or counts more than one."""
    points = 0
    for cell in cells:
        judgement = meanings[cell].judgement
        if judgement is None or judgement.points > 1:
            return None
        points += judgement.points
    return points


def _on_blanks(n_blank: int, summed: Sequence[tuple[str, Sum]], instrument: Instrument) -> list[str]:
    """Return how to say what a blank means, where an instrument counts and nobody said so."""
    nothing = next((each.judgement for each in instrument.judgements if not each.points), "")
    if not n_blank or not instrument.unit or not nothing:
        return []
    open_ = [each for _, each in summed if not each.whole]
    fit = bool(open_) and all(each.says == each.have for each in open_)
    told = f"; the sums of the sheet count a blank as {nothing}" if fit else ""
    cells = tables.counted(n_blank, "blank cell is", "blank cells are")
    cure = f'write blanks = "{nothing}" under [appraisal] in peerreview.toml'
    return [f"{cells} not judged{told}: if a blank means {nothing}, {cure}"]
