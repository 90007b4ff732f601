"""Exports of other tools, written as those tools write them, of the invented works of ``settings``."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.pages.works import TO_FULL_TEXT, WORKS, ris


def endnote(folder: Path) -> None:
    """Lay out EndNote's XML of a library of eight works."""
    records = "".join(
        f'<record><database name="My EndNote Library.enl">My EndNote Library.enl</database><source-app '
        f'name="EndNote" version="20.0">EndNote</source-app><rec-number>{place + 1}</rec-number>'
        f'<ref-type name="Journal Article">17</ref-type><contributors><authors><author>'
        f'<style face="normal" font="default" size="100%">{author}</style></author></authors></contributors>'
        f'<titles><title><style face="normal" font="default" size="100%">{title}</style></title>'
        f"<secondary-title>{journal}</secondary-title></titles><dates><year>{year}</year></dates>"
        f"<electronic-resource-num>{doi}</electronic-resource-num></record>"
        for place, (title, author, year, journal, doi) in enumerate(WORKS[:8])
    )
    (folder / "exports").mkdir()
    text = f'<?xml version="1.0" encoding="UTF-8" ?><xml><records>{records}</records></xml>\n'
    (folder / "exports" / "library.xml").write_text(text, encoding="utf-8")


def zotero(folder: Path) -> None:
    """Lay out exports of Zotero, RIS and CSL-JSON, and of a collection of what is included."""
    (folder / "exports").mkdir()
    text = ris(range(5)).replace("\n", "\r\n")
    (folder / "exports" / "Exported Items.ris").write_bytes(text.encode())
    items = [
        {
            "id": f"http://zotero.org/users/1/items/{place}",
            "type": "article-journal",
            "title": title,
            "author": [dict(zip(("family", "given"), author.split(", "), strict=True))],
            "container-title": journal,
            "issued": {"date-parts": [[year]]},
            "DOI": doi,
        }
        for place, (title, author, year, journal, doi) in enumerate(WORKS[3:7])
    ]
    (folder / "exports" / "Exported Items.json").write_text(json.dumps(items, indent=1), encoding="utf-8")
    (folder / "included.ris").write_bytes(ris(range(2, 5)).replace("\n", "\r\n").encode())


def rayyan(folder: Path) -> None:
    """Lay out Rayyan's ``articles.csv``, and the log of who clicked what and when."""
    rows, log = [], []
    for place, (title, author, year, journal, doi) in enumerate(WORKS):
        votes = {name: _rayyan_word(doi, place, name) for name in ("Ana", "Ben")}
        said = ", ".join(f'"{name}"=>"{word}"' for name, word in votes.items())
        rows.append(
            {
                "key": f"rayyan-{900 + place}",
                "title": title,
                "year": year,
                "journal": journal,
                "authors": author,
                "notes": f"RAYYAN-INCLUSION: {{{said}}}",
                "doi": doi,
            }
        )
        for user, (name, word) in enumerate(votes.items(), start=1):
            log.append(
                {
                    "created_at": f"2026-03-0{user}T10:{place:02}:00.000Z",
                    "user_id": user,
                    "user_email": f"{name.lower()}@example.org",
                    "article_id": 900 + place,
                    "key": "included",
                    "value": {"Included": 1, "Excluded": -1}[word],
                }
            )
    _write(folder / "articles.csv", rows)
    _write(folder / "customizations_log.csv", log)


def _rayyan_word(doi: str, place: int, name: str) -> str:
    differs = place == 5 and name == "Ben"
    return "Included" if doi in TO_FULL_TEXT and not differs else "Excluded"


def covidence(folder: Path) -> None:
    """Lay out Covidence's four reference exports, whose names say what was decided."""
    sets: dict[str, list[Mapping[str, object]]] = {"irrelevant": [], "included": [], "excluded": []}
    for place, (title, author, year, journal, doi) in enumerate(WORKS):
        is_last = doi in TO_FULL_TEXT[:4]
        where = "included" if is_last else "excluded" if doi in TO_FULL_TEXT else "irrelevant"
        family = author.partition(",")[0]
        notes = "Exclusion reason: Wrong design; " if where == "excluded" else ""
        sets[where].append(
            {
                "Title": title, "Authors": author, "Abstract": "", "Published Year": year,
                "Published Month": "", "Journal": journal, "Volume": "", "Issue": "", "Pages": "",
                "Accession Number": "", "DOI": doi, "Ref": 6000 + place, "Covidence #": f"#{place + 1}",
                "Study": f"{family} {year}", "Notes": notes, "Tags": "",
            }
        )  # fmt: skip
    for name, rows in sets.items():
        _write(folder / f"review_77_{name}_csv_20260401000000.csv", rows)


def asreview(folder: Path) -> None:
    """Lay out an export of ASReview for each of two reviewers; Ben stopped before the end."""
    for name, n_read in (("ana", 12), ("ben", 9)):
        rows = [
            {
                "record_id": place,
                "title": title,
                "doi": doi,
                "asreview_label": int(doi in TO_FULL_TEXT) if place < n_read else "",
                "asreview_time": f"2026-03-01 10:{place:02}:00" if place < n_read else "",
                "asreview_note": "",
            }
            for place, (title, _, _, _, doi) in enumerate(WORKS)
        ]
        _write(folder / f"asreview-{name}.csv", rows)


def eppi(folder: Path) -> None:
    """Lay out a coding report of EPPI-Reviewer, a column per code."""
    rows = []
    for place, (title, author, year, _, doi) in enumerate(WORKS):
        is_in = doi in TO_FULL_TEXT
        rows.append(
            {
                "ItemId": 5000 + place,
                "ShortTitle": f"{author.partition(',')[0]} ({year})",
                "Title": title,
                "I/E/D/S flag": "I" if is_in else "E",
                "INCLUDE on title & abstract": 1 if is_in else "",
                "EXCLUDE wrong population on title & abstract": "" if is_in else 1,
            }
        )
    _write(folder / "coding-report.csv", rows)


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(written.getvalue(), encoding="utf-8")
