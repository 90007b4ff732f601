"""Tests of tables whose columns nobody knows, and of what people say that they are."""

import json

import pytest

from peerreview.errors import InputError
from peerreview.imports import collecting, exports, mappings, records, stretches
from peerreview.imports.exports import Expected, Export
from peerreview.tables.contents import Content
from tests.exports import read_export

UNKNOWN = b'Paper Name,Authors,Year,Venue,Seen\nPeer work,"Doe, J",2024,Ward Notes,yes\n'


def make_expected(**asked: str) -> Expected:
    return Expected(
        asked={header.replace("_", " "): column for header, column in asked.items()}, asked_in="c.toml"
    )


def test_a_table_of_unknown_columns_is_refused_with_what_they_may_be() -> None:
    with pytest.raises(InputError, match="no column of it is known as a title") as refused:
        read_export(UNKNOWN)

    assert "'Paper Name' (perhaps 'paper title': title), 'Authors' (authors), 'Year' (year)" in str(
        refused.value
    )
    assert "--mapping" in str(refused.value)


def test_a_letter_is_no_table() -> None:
    with pytest.raises(InputError, match="in no known export format"):
        read_export(b"Dear colleague,\nplease find the papers below.\n")


@pytest.mark.parametrize("large", [0, collecting.LARGE])
def test_a_table_is_read_by_what_people_say_of_its_columns(
    large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "LARGE", large)
    found = exports.read_exports(
        [Export("t.csv", "t.csv")], [Content(UNKNOWN)], make_expected(Paper_Name="title")
    )
    (batch, _, _) = found.placed[0]
    (record,) = records.tabulate(found.placed).to_dict("records")

    assert (found.faults, batch.found) == ((), 1)
    assert (record["title"], record["authors"], record["journal"]) == ("Peer work", "Doe, J", "Ward Notes")
    assert json.loads(record["extra"]) == {"Seen": "yes"}
    assert stretches.find_text(UNKNOWN, 2, record["record_id"]) == UNKNOWN.decode().split("\n")[1]


def test_what_people_say_of_a_column_wins() -> None:
    text = b"Title,Short Title,Year\nIn short,Peer work in wards,2024\n"
    asked = make_expected(Short_Title="title", Title="")
    found = exports.read_exports([Export("t.csv", "t.csv")], [Content(text)], asked)
    (record,) = records.tabulate(found.placed).to_dict("records")

    assert record["title"] == "Peer work in wards"
    assert json.loads(record["extra"]) == {"Title": "In short"}


def test_a_column_that_no_table_has_is_a_fault() -> None:
    text = b"Title,Year,DOI\nPeer work,2024,10.5555/a\n"
    found = exports.read_exports([Export("t.csv", "t.csv")], [Content(text)], make_expected(Papr="title"))

    assert [str(fault) for fault in found.faults] == [
        "c.toml: no export has a column 'Papr'; their columns: 'Title', 'Year', 'DOI'"
    ]


def test_a_table_with_numbers_but_no_titles_is_told() -> None:
    batch = read_export(b"Paper Name,DOI,Year\nPeer work,10.5555/a,2024\n")

    assert batch.imported == 1
    assert batch.warnings[0].line == 1
    assert "no column is known as the title: 'Paper Name'" in batch.warnings[0].message


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[words]\na = 'title'", "c.toml:1: unknown key 'words'; known: columns"),
        ("[columns]\nPaper = 'titel'", "c.toml:2: 'titel' is no column of records"),
        ("[columns]\nPaper = 1", "c.toml:1: columns is not what it should be"),
        ("columns = 'title'", "c.toml:1: columns is not what it should be"),
        ("", "c.toml: says of no column what it is"),
        ("[columns", "c.toml:1: is not TOML"),
    ],
)
def test_a_mapping_file_that_says_nothing_useful_is_refused(text: str, fault: str) -> None:
    with pytest.raises(InputError) as refused:
        mappings.parse(text, "c.toml")

    assert str(refused.value).startswith(fault)
