"""Tests of CSL-JSON."""

import json

import pytest

from peerreview.imports.formats import NOWHERE, Piece, RawRecord, Warned, csl
from peerreview.imports.formats.writers.csl import write
from tests.builders import make_records
from tests.imports.formats.samples import CSL, fields_of, records_of, rejects_of, warnings_of


def item(**keys: object) -> str:
    return json.dumps([{"type": "article-journal", "id": "a", "title": "Peer work", **keys}])


def test_names_with_particles_and_bodies_are_read() -> None:
    assert fields_of(CSL)[0]["authors"] == "Example, Verity; van den Berg, Jörg K.; Peer Work Group"


def test_numbers_stay_as_they_were_written() -> None:
    assert (
        fields_of('[{"type": "book", "title": "A", "volume": 007.50}]'.replace("007.50", "7.50"))[0]["volume"]
        == "7.50"
    )


@pytest.mark.parametrize(
    "date",
    [
        {"date-parts": [[2024, 3]]},
        {"date-parts": [["2024"]]},
        {"raw": "March 2024"},
        {"literal": "c. 2024"},
        "2024-03-25",
    ],
)
def test_the_year_is_found_in_every_form_of_date(date: object) -> None:
    assert fields_of(item(issued=date))[0]["year"] == "2024"


def test_an_odd_date_gives_no_year() -> None:
    assert "year" not in fields_of(item(issued=[2024]))[0]


def test_crossref_items_are_found_within_their_message() -> None:
    text = '{"status": "ok", "message": {"items": [' + CSL.strip()[1:-1] + '], "query": {"start": "0"}}}'

    assert len(records_of(text)) == 3
    assert [each.message for each in warnings_of(text)] == ["what stands after the items is no reference"]


def test_one_object_and_one_object_per_line_are_read() -> None:
    one = '{"type": "book", "id": "a", "title": "Peer work"}\n'

    assert [record.line for record in records_of(one)] == [1]
    assert [record.line for record in records_of(one * 2)] == [1, 2]


def test_a_damaged_item_costs_no_other() -> None:
    (reject,) = rejects_of(CSL.replace('"September 2019"', "September 2019"))

    assert reject.line == 18
    assert reject.problem.startswith("not sound JSON: expecting value in line 22")
    assert len(records_of(CSL.replace('"September 2019"', "September 2019"))) == 2


def test_two_items_that_have_run_together_are_rejected() -> None:
    fused = '[{"type": "book", "id": "a", "title": "A", "type": "book", "id": "b", "title": "B"}]'

    assert rejects_of(fused) == [
        Piece(1, "key 'type' stands twice in one item; two records may have run together", fused[1:])
    ]


def test_an_object_that_is_no_reference_is_rejected() -> None:
    assert [type(part) for part in csl.parse('[{"title": "A", "type": "book"}, {"family": "Example"}]')] == [
        RawRecord,
        Piece,
    ]


def test_nesting_without_end_is_rejected() -> None:
    assert [type(part) for part in csl.parse('[{"title": "A", "b": ' + "[" * 100_000)] == [Piece, Warned]


def test_stray_brackets_are_told() -> None:
    assert [type(part) for part in csl.parse('[{"title": "A"}, }]')] == [RawRecord, Warned]


def test_keys_without_a_column_stay_as_they_are() -> None:
    extra = json.loads(fields_of(CSL)[0]["extra"])

    assert extra["custom"] == {"a": ["1", "2"]}
    assert extra["id"] == "example2024"


def test_the_source_or_a_link_tells_the_database() -> None:
    (named,) = records_of(item(source="PubMed"))
    (linked,) = records_of(item(URL="https://www.scopus.com/inward/record.uri?eid=1"))
    (bare,) = records_of(item())

    assert csl.origin(named).database == "PubMed"
    assert csl.origin(linked).database == "Scopus"
    assert csl.origin(bare) == NOWHERE


@pytest.mark.parametrize(
    ("given", "journal", "expected"),
    [
        ("JOUR", "", "article-journal"),
        ("Book Section", "", "chapter"),
        ("thesis", "", "thesis"),
        ("", "J Invent", "article-journal"),
        ("", "", "document"),
    ],
)
def test_a_type_is_written_as_csl_knows_it(given: str, journal: str, expected: str) -> None:
    (written,) = json.loads(write(make_records(title=["Peer work"], type=[given], journal=[journal])))

    assert written["type"] == expected
    assert written["custom"].get("type") == (None if given == "thesis" else given)


def test_the_numbers_of_pubmed_stand_in_zotero_s_note() -> None:
    text = item(id="1", type="book", title="A", note="PMID: 90000001\nPMCID: PMC9000001")

    assert (fields_of(text)[0]["pmid"], fields_of(text)[0]["pmcid"]) == ("90000001", "PMC9000001")


def test_a_work_as_openalex_s_interface_gives_it_is_read() -> None:
    work = {
        "id": "https://openalex.org/W9",
        "doi": "https://doi.org/10.5555/PEER.1",
        "title": "Peer work",
        "publication_year": 2024,
        "type": "article",
        "ids": {"pmid": "https://pubmed.ncbi.nlm.nih.gov/90000001"},
        "authorships": [
            {"author": {"display_name": "Verity Example"}},
            {"author": {"display_name": "Ada Sample"}},
        ],
        "primary_location": {
            "landing_page_url": "https://x.example",
            "source": {"display_name": "Invention"},
        },
        "biblio": {"volume": "24", "issue": None, "first_page": "211", "last_page": "219"},
        "abstract_inverted_index": {"We": [0, 2], "asked": [1], "listened.": [3]},
    }
    text = json.dumps({"meta": {"count": 1}, "results": [work]})
    (fields,) = fields_of(text)

    assert (fields["authors"], fields["year"]) == ("Example, Verity; Sample, Ada", "2024")
    assert (fields["journal"], fields["volume"], fields["pages"]) == ("Invention", "24", "211-219")
    assert (fields["doi"], fields["pmid"], fields["accession"]) == ("10.5555/peer.1", "90000001", "W9")
    assert (fields["abstract"], fields["url"]) == ("We asked We listened.", "https://x.example")
    assert csl.origin(records_of(text)[0]).database == "OpenAlex"


def test_the_source_of_what_was_written_here_keeps_its_name() -> None:
    text = write(make_records(title=["A"], source=["BIOSIS Citation Index"]))

    assert csl.origin(records_of(text)[0]).database == "BIOSIS Citation Index"


def test_what_was_written_of_a_record_without_a_title_is_known_again() -> None:
    assert csl.looks_like(write(make_records(accession=["L29"])))


def test_nothing_in_place_of_a_value_is_no_value() -> None:
    text = json.dumps(
        [
            {
                "id": "a",
                "type": "book",
                "title": "A",
                "author": None,
                "editor": [{"family": "Kay", "given": "B"}],
            }
        ]
    )
    (record,) = [part for part in csl.parse(text) if isinstance(part, RawRecord)]

    assert csl.to_fields(record)["authors"] == "Kay, B"
    for key in ("title", "issued", "custom", "authorships", "URL", "keyword", "DOI"):
        nothing = json.dumps([{"id": "a", "type": "book", "title": "A", "DOI": "10.5555/a", key: None}])
        (record,) = [part for part in csl.parse(nothing) if isinstance(part, RawRecord)]
        csl.origin(record)
        assert csl.to_fields(record)["type"] == "book"


@pytest.mark.parametrize(
    "issued",
    [[{"day": "1", "year": "2009"}], {"date_parts": [[2009, 3]]}, {"year": 2009}],
)
def test_a_date_in_a_shape_of_its_own_has_its_year(issued: object) -> None:
    (record,) = csl.parse(item(issued=issued))
    assert isinstance(record, RawRecord)

    assert csl.to_fields(record)["year"] == "2009"


def test_a_null_among_authors_is_nobody() -> None:
    people = [None, {"family": None, "given": None}, {"family": "Doe", "given": "J"}]
    (fields,) = fields_of(json.dumps([{"id": "a", "type": "book", "title": "A", "author": people}]))

    assert fields["authors"] == "Doe, J"
