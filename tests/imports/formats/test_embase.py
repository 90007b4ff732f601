"""Tests of Embase.com's CSV with a row per field."""

from peerreview.imports.formats import Piece, embase, mixture
from tests.exports import read_export
from tests.imports.formats.samples import EMBASE_ROWS, fields_of, records_of, rejects_of, warnings_of


def test_each_row_is_a_field_and_each_cell_a_value() -> None:
    first, second, third = fields_of(EMBASE_ROWS)

    assert (first["authors"], first["keywords"]) == ("Example, V.; Müller, J.K.", "peer group; human")
    assert (first["pmid"], first["accession"], first["doi"]) == ("90000001", "L2900000001", "10.5555/peer.1")
    assert first["abstract"] == 'Peer work is growing. We asked twelve "peer workers".'
    assert (first["journal"], first["volume"], first["issue"]) == ("Journal of Invention", "24", "1")
    assert first["pages"] == "211-219"
    assert (second["year"], second["volume"], second["issue"], second["pages"]) == (
        "2019",
        "19",
        "SUPPL. 1",
        "S12",
    )
    assert (third["journal"], third["year"]) == ("Journal of Invention", "2020")
    assert {embase.origin(record)[:2] for record in records_of(EMBASE_ROWS)} == {("Embase", "Embase.com")}


def test_a_record_without_a_title_stands_below_a_blank_line() -> None:
    text = EMBASE_ROWS.replace('"TITLE","Supervision of peer workers"\n', "")

    assert [each.get("title", "") for each in fields_of(text)] == [
        "Peer workers in acute care",
        "",
        "Recovery colleges",
    ]
    assert read_export(text.encode()).imported == 3


def test_a_field_without_its_quote_costs_its_record_alone() -> None:
    text = EMBASE_ROWS.replace('"Sample A."', '"Sample A.')

    assert len(records_of(text)) == 2
    assert [(type(piece), piece.line) for piece in rejects_of(text)] == [(Piece, 15)]


def test_a_last_row_without_a_line_end_is_kept_where_it_is_whole() -> None:
    whole, cut = EMBASE_ROWS.rstrip("\n"), EMBASE_ROWS.rstrip("\n")[:-3]

    assert len(records_of(whole)) == 3
    assert "looks whole" in warnings_of(whole)[-1].message
    assert len(rejects_of(cut)) == 1


def test_a_table_with_a_column_per_field_is_none_of_these() -> None:
    assert mixture.detect("TITLE,AUTHOR NAMES,SOURCE,PUI\nPeer work,Doe J.,J Inv,L1\n").NAME == "spreadsheet"
