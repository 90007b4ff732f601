"""A flow in the forms it is kept and passed on in: flow.json, typed numbers, PRISMA2020's CSV."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from peerreview.errors import InputError, odd_part
from peerreview.flow import (
    AWAITING,
    BOXES,
    TYPED,
    UNFINISHED,
    Box,
    Cause,
    Flow,
    Interval,
    Part,
    Unique,
    is_right,
    marks,
)
from peerreview.flow.identities import Verdict, fails
from peerreview.flow.proofs import Proof, plugin_data, plugin_of, sealed
from peerreview.tables import SYNTHETIC, dialects, header_error, reading, row_errors, rows, toml, writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from peerreview.flow.labels import Labels

SCHEMA = "peerreview/flow/1"

# The rows of the R package PRISMA2020 (Haddaway et al. 2022, doi:10.1002/cl2.1230), which others
# read and write, too; ``key`` is the box of ours.
_R_TEMPLATE = resources.files("peerreview.flow") / "prisma2020.csv"
_R_HEADER = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
_R_TEXTS = {
    "prevstud": "headings.previous",
    "newstud": "headings.databases",
    "othstud": "headings.other",
    "identification": "phases.identification",
    "screening": "phases.screening",
    "included": "phases.included",
}
# A group of the template whose cells all hold its 0 was not filled in.
_R_GROUPS = (
    ("previous_studies", "previous_reports", "total_studies", "total_reports"),
    (
        "website_results", "organisation_results", "citations_results", "other_sought_reports",
        "other_notretrieved_reports", "other_assessed", "other_excluded",
    ),
    ("total_studies_ma", "total_reports_ma"),
)  # fmt: skip
_UNDRAWN = ("included", "earlier_records")
_NOTED = (
    *AWAITING, "awaiting_study", "found_again", "other_set_aside", "reports_of_previous",
    "retired_studies", "retired_reports", "corrected_studies",
)  # fmt: skip
# The R package cuts a reason at its first comma, a list at each semicolon: look-alikes are safe.
_SAFE = str.maketrans({",": "\N{SINGLE LOW-9 QUOTATION MARK}", ";": "\N{GREEK QUESTION MARK}", "'": "’"})
_COUNT = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:\.0+)?")
"""A count as people, spreadsheets and pandas write it: 1204, 1,204, 1 204, 1204.0."""
_MOST_DIGITS = 12
_TOO_MANY = 10**_MOST_DIGITS
"""No review counts a million million: such a number is a slip, or meant to stop us."""
_UNSAFE = str.maketrans({"\N{SINGLE LOW-9 QUOTATION MARK}": ",", "\N{GREEK QUESTION MARK}": ";"})


def to_json(flow: Flow, verdicts: Sequence[Verdict], labels: Labels, proof: Proof | None = None) -> str:
    """Return a flow as ``flow.json``: boxes with counts and records, verdicts, hashes, the proof."""
    boxes = {
        key: {
            "label": labels.full(key, updated=flow.is_updated),
            "n": box.n,
            "ids": list(box.ids),
            **({"basis": box.basis} if box.basis else {}),
            **_interval_to_json(flow.intervals.get(key)),
            **({"parts": [_part_to_json(part) for part in box.parts]} if box.parts else {}),
        }
        for key in BOXES
        if (box := flow.boxes.get(key)) is not None and box.n is not None
    }
    content = {
        "schema": SCHEMA,
        "review": "updated" if flow.is_updated else "new",
        "other_methods": flow.has_other_methods,
        "state": "inconsistent" if fails(verdicts) else "draft" if flow.still_open else "final",
        "inputs": dict(sorted(flow.inputs.items())),
        **({"plugins": [plugin_data(each) for each in flow.plugins]} if flow.plugins else {}),
        "boxes": boxes,
        "reports_of": {study: list(ids) for study, ids in sorted(flow.reports_of.items())},
        "identities": [verdict.to_data() for verdict in verdicts],
        **({"unique_records": _unique_to_json(flow.unique)} if flow.unique else {}),
        "unfinished": [{"kind": kind, "names": names} for kind, names in flow.unfinished],
        "notes": list(flow.notes),
    }
    return json.dumps(sealed(content, proof) if proof else content, ensure_ascii=False, indent=1) + "\n"


def _interval_to_json(interval: Interval | None) -> dict[str, Any]:
    if interval is None:
        return {}
    by = {cause.value: list(bounds) for cause, bounds in interval.by.items()}
    return {"at_least": interval.least, "at_most": interval.most, **({"because": by} if by else {})}


def _intervals(boxes: Mapping[str, Any]) -> dict[str, Interval]:
    return {
        key: Interval(
            _whole(key, box["at_least"]),
            _whole(key, box["at_most"]),
            {
                Cause(cause): (_whole(key, low), _whole(key, high))
                for cause, (low, high) in box.get("because", {}).items()
            },
        )
        for key, box in boxes.items()
        if "at_least" in box
    }


def _unique_to_json(unique: Unique) -> dict[str, int]:
    return {
        "at_least": unique.n_least,
        "at_most": unique.n_most,
        "possible_pairs": unique.n_pairs,
    }


def _unique(said: Mapping[str, Any] | None) -> Unique | None:
    keys = ("at_least", "at_most", "possible_pairs")
    return None if said is None else Unique(*(_whole(f"unique_records {key}", said[key]) for key in keys))


def _part_to_json(part: Part) -> dict[str, Any]:
    told = {"label": part.label, "n": part.n, "ids": list(part.ids)}
    return told | ({"basis": part.basis} if part.basis else {})


def lines(flow: Flow, labels: Labels) -> list[tuple[str, str]]:
    """Return each box that is not blank as its name and count, its parts after it."""
    said = []
    for key in BOXES:
        n = flow.n(key)
        if n is None or key in _UNDRAWN or (key in _NOTED and not n):
            continue
        mark = marks(flow[key].basis)
        said.append((labels.full(key, updated=flow.is_updated), labels.number(n) + mark))
        said += [
            (
                f"– {labels.get(f'reasons.{part.label}', part.label)}",
                labels.number(part.n) + marks(part.basis),
            )
            for part in flow[key].parts
        ]
    return said


def read_of(text: str, path: Path) -> Flow:
    """
    Return the flow in a file's text, as ``read``; its suffix says in which form.

    Raises
    ------
    InputError
        With the file.
    """
    try:
        return read(text, path.suffix.lower())
    except InputError as error:
        raise InputError(error.message, path=path, line=error.line) from error


def read(text: str, suffix: str) -> Flow:
    """
    Return the flow in a text: ``flow.json``, typed numbers in TOML or JSON, or PRISMA2020's CSV.

    Typed numbers are ``box = n``; a breakdown is ``[box]`` with a line per
    part, and ``total`` where the box states one of its own.

    Raises
    ------
    InputError
        For what is none of these, an unknown box, or a count that is not a whole number.
    """
    if suffix == ".csv":
        return _from_r(text)
    content = reading.parse_json(text) if suffix == ".json" else toml.parse(text).content
    if not isinstance(content, dict):
        raise InputError("is not a flow: expected boxes with their counts")
    if "schema" in content:
        return _from_json(content)
    return Flow({key: _typed(key, value) for key, value in content.items()})


def _from_json(content: Mapping[str, Any]) -> Flow:
    if content["schema"] != SCHEMA:
        raise InputError(f"schema {content['schema']!r} is not {SCHEMA}")
    try:
        boxes = {
            _known(key): Box(
                _whole(key, box["n"]),
                _ids(box),
                tuple(
                    Part(str(part["label"]), _whole(key, part["n"]), _ids(part), _basis(part))
                    for part in box.get("parts", ())
                ),
                _basis(box),
            )
            for key, box in content["boxes"].items()
        }
        return Flow(
            boxes,
            notes=tuple(map(str, content.get("notes", ()))),
            inputs=dict(content.get("inputs", {})),
            reports_of={study: tuple(ids) for study, ids in content.get("reports_of", {}).items()},
            unfinished=tuple(map(_open_end, content.get("unfinished", ()))),
            plugins=tuple(map(plugin_of, content.get("plugins", ()))),
            unique=_unique(content.get("unique_records")),
            intervals=_intervals(content["boxes"]),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"is not a whole {SCHEMA}: {odd_part(error)}") from error


def _basis(box: Mapping[str, Any]) -> str:
    basis = box.get("basis", "")
    if basis not in ("", SYNTHETIC, TYPED):
        raise InputError(f"basis {basis!r} is not {SYNTHETIC} or {TYPED}")
    return str(basis)


def _open_end(said: Mapping[str, Any]) -> tuple[str, str]:
    if said["kind"] not in UNFINISHED:
        raise InputError(f"unfinished {said['kind']!r} is not one of {', '.join(UNFINISHED)}")
    return said["kind"], str(said["names"])


def _ids(box: Mapping[str, Any]) -> tuple[str, ...]:
    ids = tuple(box.get("ids", ()))
    if not all(isinstance(each, str) for each in ids):
        raise ValueError("ids are texts")
    return ids


def _typed(key: str, value: Any) -> Box:
    _known(key)
    if isinstance(value, dict):
        parts = tuple(Part(label, _whole(key, n)) for label, n in value.items() if label != "total")
        total = _whole(key, value["total"]) if "total" in value else sum(part.n for part in parts)
        return Box(total, (), parts)
    return Box(_whole(key, value))


def _known(key: str) -> str:
    if key not in BOXES:
        raise InputError(f"unknown box {key!r}; known: {', '.join(BOXES)}")
    return key


def _whole(key: str, value: Any) -> int:
    if isinstance(value, dict):
        rest = ".".join(value)
        raise InputError(f'{key}: a name with a dot stands in quotes, as in "….{rest}" = 3')
    # JSON that pandas wrote has 1000.0 for 1000.
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or not 0 <= value < _TOO_MANY:
        raise InputError(f"{key} {value!r} is not a count: a whole number, 0 or more")
    return int(value)


def _r_rows() -> list[dict[str, str]]:
    (_, header), *listed = dialects.records(_R_TEMPLATE.read_text(encoding="utf-8"), ",")
    return [dict(zip(header, cells, strict=True)) for _, cells in listed]


def to_r(flow: Flow, labels: Labels) -> str:
    """
    Return a flow in the CSV form of the R package PRISMA2020.

    What that template has no row for follows under this flow's own name of
    the box; the package leaves such rows out. People open it as a table: no
    cell is run as a formula, and ``read`` gives each back to the letter.
    """
    said_rows = []
    written = set(_UNDRAWN)
    for row in _r_rows():
        data, node, box, key, description, tooltip, url = row.values()
        bare = key.removesuffix("[]")
        written.add(bare)
        said = (
            labels.get(f"boxes.{bare}_updated" if flow.is_updated else "", labels.box(bare)) if bare else ""
        )
        if box in _R_TEXTS and not key:
            said = labels.get(f"{_R_TEXTS[box]}_updated" if flow.is_updated else "", labels[_R_TEXTS[box]])
        if data.endswith("_specific_results"):
            said = description.rpartition(": ")[2].title()
        n = "0" if not key else _r_cell(flow, key)
        said_rows.append((data, node, box, description, said, tooltip, url, n))
    for key in BOXES:
        if key not in written and flow.n(key) is not None:
            label = labels.box(key)
            parts = flow[key].parts if is_right(key) else ()
            said = _r_list(parts) or str(flow.n(key))
            said_rows.append((key, "NA", "NA", label, label, "NA", "NA", said))
    return "".join(f"{writing.csv_line(map(_r_safe, row))}\n" for row in (_R_HEADER, *said_rows))


def _r_safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs; the package's own script would end at a straight apostrophe."""
    return f"’{cell}" if _r_runs(cell) else cell


def _r_meant(cell: str) -> str:
    return cell[1:] if cell.startswith("’") and _r_runs(cell[1:]) else cell


def _r_runs(cell: str) -> bool:
    bare = cell.lstrip("’")
    return writing.escape_cell(bare) != bare


def _r_cell(flow: Flow, key: str) -> str:
    box = flow[key.removesuffix("[]")]
    if key.endswith("[]") and box.parts:
        return _r_list(box.parts)
    if key.endswith("[]") and "excluded" not in key:
        return "NA"
    return "NA" if box.n is None else str(box.n)


def _r_list(parts: Sequence[Part]) -> str:
    return "; ".join(f"{part.label.translate(_SAFE)}, {part.n}" for part in parts)


def not_drawn_by_r(flow: Flow) -> list[str]:
    """Return the boxes of a flow that PRISMA2020's template has no row for."""
    written = {row["key"].removesuffix("[]") for row in _r_rows()} | {*_UNDRAWN, "excluded_human"}
    return [key for key in BOXES if key not in written and flow.n(key)]


def from_table(table: pd.DataFrame) -> Flow:
    """
    Return the flow in PRISMA2020's rows, from whatever spreadsheet they were read.

    Parameters
    ----------
    table : ``data`` (the row's name) and ``n`` (a count, or a list such as ``MEDLINE, 12; Embase, 9``),
        as text.

    Raises
    ------
    InputError, InputErrors
        As ``read``, with file and line.
    """
    if {"data", "n"} - set(table.columns):
        raise header_error(table, _NOT_R)
    said = {row["data"].strip(): (row["n"].strip(), place) for place, row in enumerate(rows(table))}
    boxes: dict[str, Box] = {}
    for data, cell, place in _r_filled(said):
        try:
            _take_r(data, cell, boxes)
        except InputError as error:
            raise row_errors(table, [(place, error.message)]) from error
    return Flow(boxes)


_NOT_R = "is not PRISMA2020's CSV: the columns data and n are missing"


def _from_r(text: str) -> Flow:
    layout = dialects.sniff(text)
    first, named = dialects.header(text, layout)
    header = [name.strip() for name in named]
    if "data" not in header or "n" not in header:
        raise InputError(_NOT_R, line=first or 1)
    said: dict[str, tuple[str, int]] = {}
    for line, cells in dialects.records(text, layout.delimiter, layout.start, layout.above):
        if line > first:
            row = dict(zip(header, cells, strict=False))
            said[row.get("data", "").strip()] = row.get("n", "").strip(), line
    boxes: dict[str, Box] = {}
    for data, cell, line in _r_filled(said):
        try:
            _take_r(data, cell, boxes)
        except InputError as error:
            raise InputError(error.message, line=line) from error
    return Flow(boxes)


@cache
def _keys() -> dict[str, str]:
    return {key: key for key in BOXES} | {row["data"]: row["key"] for row in _r_rows()}


def _r_filled(said: Mapping[str, tuple[str, int]]) -> Iterator[tuple[str, str, int]]:
    """Yield the template's rows, with their places, that somebody filled in."""
    cells_of = {
        # The template's own blanks say nothing.
        data: ("" if cell == "NA" or "xxx" in cell else _r_meant(cell), place)
        for data, (cell, place) in said.items()
        if _keys().get(data)
    }
    for group in _R_GROUPS:
        cells_of = _without_unfilled(cells_of, group)
    for data, (cell, place) in cells_of.items():
        if cell:
            yield data, cell, place


def _take_r(data: str, cell: str, boxes: dict[str, Box]) -> None:
    """Add what a row of the template says to the boxes."""
    key = _keys()[data]
    bare = key.removesuffix("[]")
    is_list = key.endswith("[]") or (data == key and is_right(data))
    boxes[bare] = _from_cell(data, cell, boxes.get(bare, Box()), is_list=is_list)


def _without_unfilled(
    cells_of: Mapping[str, tuple[str, int]], group: Sequence[str]
) -> dict[str, tuple[str, int]]:
    """Return the cells without a group of the template that was left at its zeros."""
    filled = [cell for data in group if (cell := cells_of.get(data, ("", 0))[0])]
    # Where a team says a zero of its own, other cells of the group are blank: it has no NA.
    is_unfilled = all(_COUNT.fullmatch(cell) and not _number("", cell) for cell in filled)
    blank = [data for data in group if data in cells_of and not cells_of[data][0]]
    lists = {data for data in blank if data.endswith("excluded")}
    if is_unfilled and set(blank) <= lists:
        return {data: cell for data, cell in cells_of.items() if data not in group}
    return dict(cells_of)


def _from_cell(data: str, cell: str, box: Box, *, is_list: bool) -> Box:
    if is_list and not _COUNT.fullmatch(cell):
        parts = tuple(_r_part(data, line) for line in cell.split(";") if line.strip())
        return Box(sum(part.n for part in parts) if box.n is None else box.n, (), parts)
    if is_list and data.endswith("_specific_results"):
        return box
    return Box(_number(data, cell), (), box.parts)


def _r_part(data: str, line: str) -> Part:
    """
    Return a line of a list, ``Wrong population, 1,204``, as its label and count.

    Without a blank before it, 1,204 may be 204 of a reason that ends with 1:
    that is nobody's to guess.
    """
    label, _, n = line.rpartition(",")
    before, comma, thousands = label.rpartition(",")
    if re.fullmatch(r"[0-9]{3}(?:\.0+)?\s*", n) and re.fullmatch(r"\s*[0-9]{1,3}", thousands) and comma:
        while re.fullmatch(r"[0-9]{3}", thousands) and before.rpartition(",")[1]:
            before, _, more = before.rpartition(",")
            thousands = f"{more},{thousands}"
        if not thousands.startswith((" ", "\N{NO-BREAK SPACE}")):
            message = f"{data} {line.strip()!r}: write the count without a comma, and a blank before it"
            raise InputError(message)
        label, n = before, f"{thousands},{n}"
    return Part(label.strip().translate(_UNSAFE), _number(data, n))


def _number(data: str, cell: str) -> int:
    found = _COUNT.fullmatch(cell.strip())
    digits = re.sub("[^0-9]", "", found[1]) if found else ""
    if not digits or len(digits) > _MOST_DIGITS:
        raise InputError(f"{data} {cell.strip()!r} is not a count: a whole number, 0 or more")
    return int(digits)
