"""Tiny packages that add to peerreview, as an installer would leave them in a folder."""

from collections.abc import Mapping
from pathlib import Path

FORMAT = '''
"""Cairn: a line per reference, ``title | year | DOI``, under a line that says so."""

from peerreview.imports.formats import Origin, RawRecord

NAME = "cairn"


def looks_like(text):
    return text.startswith("CAIRN 1")


def parse(text):
    for number, line in enumerate(text.splitlines(), start=1):
        if number > 1 and line:
            title, year, doi = (part.strip() for part in line.split("|"))
            yield RawRecord(number, line, [("title", title), ("year", year), ("doi", doi)])


def to_fields(raw):
    return dict(raw.tags)


def origin(raw):
    return Origin(database="Cairn.info", how="the first line")
'''
SCREENER = '''
"""Pebbles: a line per vote, ``DOI reviewer + or -``, under a line that says so."""

from peerreview.screening.screeners import RawVote, Reference

NAME = "pebbles"
VERIFIED = True
ZERO = ""
INDEPENDENT = True


def looks_like(export):
    return export.text.startswith("PEBBLES")


def cast(export):
    for number, line in enumerate(export.text.splitlines(), start=1):
        if number > 1:
            doi, reviewer, sign = line.split()
            yield RawVote(number, Reference(doi=doi), {"+": "include", "-": "exclude"}[sign], reviewer)
'''
PLATFORM = '''
"""Cairn.info: a line per search, ``n) query = count``, under its name."""

import re

from peerreview.imports.strategies import Entry, Strategy, Syntax

NAME = "cairn"
TITLE = "Cairn.info"
SYNTAX = Syntax(reference=re.compile(r"L(\\d+)"), fields=re.compile("(titre)"), limits=re.compile("(depuis)"))


def count_signs(text):
    return 99 if text.startswith("CAIRN.INFO") else 0


def parse(rows):
    found = []
    for row in rows[1:]:
        number, _, rest = row.text.partition(") ")
        query, _, count = rest.partition(" = ")
        found.append(Entry(row.line, number, query, count))
    return Strategy(tuple(found))
'''
SHEET = '''
"""The years of the studies, and how many reports tell of each study."""

from peerreview.paper.sheets import Cell, Column, Sheet

NAME = "ages"
HELP = "Lay out how old the studies are."
TABLES = ("studies",)
OPTIONAL = ("reports",)


def lay_out(studies, reports):
    told = reports["study_id"].value_counts()
    columns = (Column("study", "Study"), Column("reports", "Reports", number=True))
    rows = tuple(
        (Cell(label), Cell(str(told.get(study_id, 0))))
        for study_id, label in zip(studies["study_id"], studies["label"])
    )
    return Sheet("ages", "Reports per study", columns, rows)
'''
INSTRUMENT = """
title = "Cairn, an instrument of one question"

[[judgements]]
judgement = "yes"
level = "good"
favourable = true

[[judgements]]
judgement = "no"
level = "poor"

[[sets]]
set = "all"
title = "All studies"
items = { c1 = "Does it stand?" }
"""


def install(
    folder: Path,
    name: str,
    points: Mapping[str, Mapping[str, str]],
    files: Mapping[str, str],
    *,
    version: str = "1.0",
) -> Path:
    """Leave a package in a folder: its files, its name and version, and its entry points by group."""
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (info / "METADATA").write_text(told, encoding="utf-8")
    listed = "\n".join(
        f"[{group}]\n" + "".join(f"{point} = {value}\n" for point, value in of.items())
        for group, of in points.items()
    )
    (info / "entry_points.txt").write_text(listed, encoding="utf-8")
    return folder
