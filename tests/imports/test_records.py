"""Tests of raw records → records: ids, sources, counts."""

import json

import pytest

from peerreview import tables
from peerreview.imports import records, stretches
from peerreview.imports.records import Source, tabulate
from peerreview.tables.spool import Spool
from tests.builders import make_ris
from tests.exports import read_export
from tests.imports import whole as held
from tests.imports.formats.samples import NBIB

MEDLINE = Source("MEDLINE", "database")


def ids(*exports: bytes, source: Source = MEDLINE) -> list[str]:
    batches = [(read_export(export), f"{position}.ris", source) for position, export in enumerate(exports)]
    return list(tabulate(batches)["record_id"])


def test_an_id_is_readable_and_of_the_text_alone() -> None:
    numbered = make_ris("DB  - Ovid MEDLINE(R)", "ID  - 36522839", "TI  - A")
    plain = make_ris("TI  - Peer work", "AU  - Reeves, V", "PY  - 2024")

    (first,) = ids(numbered)
    (second,) = ids(plain, source=Source("Other", "website", "2"))

    assert first.startswith("medline-36522839-")
    assert second.startswith("reeves2024-")
    assert ids(plain, numbered) == [second, first]
    assert ids(make_ris("TI  - New"), numbered)[1] == first


def test_a_large_export_read_in_stretches_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = make_ris("TI  - A", "AN  - 1")
    exports = [
        whole * 3,
        whole + b"junk\n" + whole + b"\n\n" + make_ris("AB  - neither title nor number") + whole,
        whole.replace(b"ER  - ", b"") + whole + b"AU  - Late, V\n" + whole + b"TI  - B\nER  - \n" + whole,
        whole + whole.replace(b"TY  -", b"TY -") + whole,
        whole + whole + whole[:20],
        NBIB.encode(),
        NBIB.encode()[:-5],
    ]
    at_once = [held(read_export(export)) for export in exports]
    monkeypatch.setattr(stretches, "LENGTH", 1)

    assert [held(read_export(export)) for export in exports] == at_once
    assert [len(list(stretches.cut(stretches.open_export(export, Spool())[1]))) for export in exports] == [
        3,
        3,
        2,
        2,
        3,
        3,
        3,
    ]


def test_half_a_character_rejects_its_record_alone() -> None:
    batch = read_export(
        b'[{"id": "a", "type": "book", "title": "Bad \\ud800"}, {"id": "b", "title": "Good"}]'
    )

    assert (batch.imported, [piece.problem[:19] for piece in batch.rejects]) == (1, ["half a character (a"])


def test_line_ends_and_byte_order_marks_change_no_id() -> None:
    export = make_ris("TI  - Peer work")

    assert ids(export) == ids(export.replace(b"\n", b"\r\n")) == ids(b"\xef\xbb\xbf" + export)


def test_the_same_text_once_more_is_numbered() -> None:
    export = make_ris("TI  - A")

    first, second, third = ids(export + export, export)

    assert (second, third) == (f"{first}~2", f"{first}~3")


def test_an_export_more_renumbers_nothing() -> None:
    one, two = make_ris("TI  - A"), make_ris("TI  - B")

    assert ids(one) + ids(two) == ids(one, two)


def test_what_was_found_was_imported_or_rejected() -> None:
    batch = read_export(
        make_ris("TI  - A") + make_ris("AB  - neither title nor number") + make_ris("DO  - 10.5555/a")
    )

    assert (batch.found, batch.imported, len(batch.rejects)) == (3, 2, 1)
    assert batch.rejects[0].line == 4
    assert batch.rejects[0].problem == "neither title nor identifier, nor authors with a source"
    assert [(warned.line, warned.message) for warned in batch.warnings] == [(7, "record without a title")]


def test_bytes_that_cannot_be_decoded_reject_their_record_alone() -> None:
    batch = read_export(make_ris("TI  - A") + make_ris("TI  - Über").replace(b"e", b"\xc3\x28"))

    assert (batch.imported, len(batch.rejects)) == (1, 1)
    assert "cannot be decoded" in batch.rejects[0].problem
    (_, line) = records.rejects_to_csv([(batch, "a.ris", MEDLINE)])
    assert "\ufffd" in line.decode()


def test_a_character_that_a_database_has_lost_is_told_and_rejects_nothing() -> None:
    batch = read_export(make_ris("TI  - A") + make_ris("TI  - \ufffdber"))

    assert (batch.imported, batch.rejects) == (2, [])
    assert [(each.line, each.message) for each in batch.warnings] == [
        (4, "a character was lost before this export (U+FFFD)")
    ]


def test_a_source_found_is_of_the_record_and_a_declared_one_of_the_file() -> None:
    batch = read_export(
        make_ris("TI  - A", "DB  - Scopus")
        + make_ris("TI  - B", "DB  - ERIC")
        + make_ris("TI  - C", "DB  - ERIC")
    )
    found = records.find_source(batch, "library.ris")

    assert list(tabulate([(batch, "library.ris", found)])["source"]) == ["Scopus", "ERIC", "ERIC"]
    assert {"MEDLINE"} == set(tabulate([(batch, "library.ris", MEDLINE)])["source"])


def test_a_carrier_is_never_a_source() -> None:
    batch = read_export(make_ris("TI  - A", "AN  - rayyan-1"))

    assert Source("refs", "database", how="file name: the export names no database") == records.find_source(
        batch, "x/refs.ris"
    )
    assert records.carrier_of(batch) == "Rayyan"


def test_a_library_of_which_few_records_name_a_database_is_called_as_its_file() -> None:
    batch = read_export(make_ris("TI  - A", "DB  - Scopus") + make_ris("TI  - B") + make_ris("TI  - C"))
    found = records.find_source(batch, "x/library.ris")

    assert found.name == "library"
    assert list(tabulate([(batch, "x/library.ris", found)])["source"]) == ["Scopus", "library", "library"]


def test_a_minority_that_names_one_database_is_told_as_that() -> None:
    named, others = make_ris("TI  - A", "DB  - Scopus"), make_ris("TI  - B") + make_ris("TI  - C")
    found = records.find_source(read_export(named + others), "x/library.ris")

    assert found.how == "file name: 1 of 3 records name a database, Scopus"


def test_where_records_name_several_databases_the_others_are_of_none_of_them() -> None:
    several = b"".join(make_ris(f"TI  - {n}", f"DB  - {'Embase' if n < 5 else 'Scopus'}") for n in range(8))
    batch = read_export(several + make_ris("TI  - B"))
    found = records.find_source(batch, "x/library.ris")

    assert found == Source("library", "database", how="file name: its records are not from one database")
    assert list(tabulate([(batch, "x/library.ris", found)])["source"])[-1] == "library"


def test_a_record_of_several_databases_has_one_source_and_that_one_name_in_lists() -> None:
    batch = read_export(make_ris("TI  - A", "DB  - ProQuest One Academic; Social Science Premium Collection"))
    found = records.find_source(batch, "x/pq; 1.ris")

    assert found.name == "ProQuest One Academic, Social Science Premium Collection"
    assert list(tabulate([(batch, "x/pq; 1.ris", found)])["source"]) == [found.name]
    assert records.find_source(read_export(make_ris("TI  - A")), "x/pq; 1.ris").name == "pq, 1"


def test_a_row_of_a_database_that_is_not_known_is_not_of_the_one_that_others_name() -> None:
    rows = b"Database,Title,Year\nScopus,A,2020\nScopus,B,2020\nSL,C,2020\n"
    batch = read_export(rows)
    found = records.find_source(batch, "x/all.csv")

    assert found == Source(
        "all", "database", how="file name: 1 record names a database by a word that is not known"
    )
    assert list(tabulate([(batch, "x/all.csv", found)])["source"]) == ["Scopus", "Scopus", "all"]


def test_in_a_library_a_record_that_names_no_database_is_not_of_the_one_that_others_name() -> None:
    batch = read_export(
        make_ris("TI  - A", "DB  - Embase", "AN  - rayyan-1")
        + make_ris("TI  - B", "DB  - Embase", "AN  - rayyan-2")
        + make_ris("TI  - C", "AN  - rayyan-3")
    )
    found = records.find_source(batch, "x/library.ris")

    assert found == Source("library", "database", how="file name: some of its records name no database")
    assert list(tabulate([(batch, "x/library.ris", found)])["source"]) == ["Embase", "Embase", "library"]


def test_a_library_of_which_nearly_all_records_name_a_database_is_of_that() -> None:
    named = b"".join(make_ris(f"TI  - {n}", "DB  - Embase", f"AN  - rayyan-{n}") for n in range(9))
    batch = read_export(named + make_ris("TI  - C", "AN  - rayyan-9"))

    assert records.find_source(batch, "x.ris").name == "Embase"


def test_a_database_that_not_all_records_name_is_told_with_how_many_do() -> None:
    batch = read_export(make_ris("TI  - A", "DB  - ERIC") * 2 + make_ris("TI  - C"))

    assert records.find_source(batch, "x.ris").how == "found in DB of 2 of 3 records"


def test_who_resolved_a_doi_is_no_database() -> None:
    batch = read_export(make_ris("TI  - A", "DB  - DOI.org (Crossref)"))

    assert records.find_source(batch, "zotero.ris").name == "zotero"


def test_a_register_is_counted_as_one() -> None:
    batch = read_export(make_ris("TI  - A", "UR  - https://clinicaltrials.gov/show/NCT1"))

    assert records.find_source(batch, "x.ris").kind == "register"


def test_the_table_is_sound_and_says_where_each_record_stands() -> None:
    batch = read_export(b"\n" + make_ris("TI  - A", "XX  - kept"))
    table = tables.check(
        tabulate([(batch, "exports/a.ris", Source("Hand", "hand_searching", "2"))]), tables.RECORDS
    )
    row = table.iloc[0]

    assert [row[column] for column in ("source", "source_kind", "round", "source_file", "source_line")] == [
        "Hand",
        "hand_searching",
        "2",
        "exports/a.ris",
        "2",
    ]
    assert json.loads(row["extra"]) == {"XX": "kept"}


def test_an_import_of_nothing_is_an_empty_table() -> None:
    assert list(tabulate([]).columns) == list(tables.RECORDS.columns)


@pytest.mark.parametrize("names", [("Ågren", "agren"), ("O'Neil-Ngũgĩ", "o-neil-ngugi"), ("王", "anonymous")])
def test_the_key_of_an_id_is_plain(names: tuple[str, str]) -> None:
    name, key = names

    assert ids(make_ris("TI  - A", f"AU  - {name}, J", "PY  - 2001"))[0].startswith(f"{key}2001-")


def test_a_tally_below_the_records_is_no_record() -> None:
    header, record = b"Title,Authors,Year,DOI\n", b"Peer work,Lee A,2020,10.5555/a\n"
    rows = header + b"1984,Orwell G,1949,\n" + record + b",,,\n2,SAC,3,\n17,EASE,,\n"
    batch = read_export(rows)

    assert (batch.imported, [piece.line for piece in batch.rejects]) == (2, [5, 6])
    assert {piece.problem for piece in batch.rejects} == {
        "a number for a title and nothing to find it by: a tally"
    }


@pytest.mark.parametrize(
    ("sources", "name", "named"),
    [
        (
            ["Scopus", "PsycInfo", "Scopus", "Scopus"],
            "Scopus",
            ["Scopus", "APA PsycInfo", "Scopus", "Scopus"],
        ),
        (["Scopus", "PsycInfo", "ACM Queue"], "sheet", ["Scopus", "APA PsycInfo", "sheet"]),
        (["Lancet", "IEEE Access", "Global Health Action"], "sheet", ["sheet"] * 3),
    ],
)
def test_a_database_s_name_in_a_column_source_is_one_and_a_journal_s_is_none(
    sources: list[str], name: str, named: list[str]
) -> None:
    rows = "".join(f"Of bells and horns {n},2001,{source}\n" for n, source in enumerate(sources))
    batch = read_export(f"title,year,source\n{rows}".encode())

    found = records.find_source(batch, "sheet.csv")

    assert found.name == name
    assert ("column 'source'" in found.how) == (name != "sheet")
    assert list(tabulate([(batch, "sheet.csv", found)])["source"]) == named
