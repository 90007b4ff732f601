"""Tests of the XML door: what is read, and what is refused."""

import pytest

from peerreview.errors import InputError
from peerreview.imports.formats import Part, Piece, RawRecord, Warned
from peerreview.imports.formats.shared import markup


def parse(text: str) -> list[Part]:
    return list(markup.parse_records(text, ("record",), skipped=("gone",)))


def tags_of(inner: str) -> list[tuple[str, str]]:
    (record,) = parse(f"<records><record>{inner}</record></records>")
    assert isinstance(record, RawRecord)
    return record.tags


def test_attributes_stand_before_their_text_with_the_path_to_them() -> None:
    assert tags_of('<ids><id kind="doi">10.5555/a</id><id kind="">b</id></ids>') == [
        ("ids/id/@kind", "doi"),
        ("ids/id", "10.5555/a"),
        ("ids/id", "b"),
    ]


def test_styled_runs_and_formulas_are_one_text() -> None:
    assert tags_of("<t>CO<sub>2</sub> &amp; <mml:math><mml:mi>x</mml:mi></mml:math></t>") == [
        ("t", "CO2 & x")
    ]


def test_white_space_is_run_together_and_blank_elements_are_none() -> None:
    assert tags_of("<a>\n one\n  two </a><b> </b><c/>") == [("a", "one two")]


def test_html_names_are_read_and_unknown_ones_reject_the_record() -> None:
    assert tags_of("<a>caf&eacute;&nbsp;&lt;b&gt;</a>") == [("a", "café <b>")]
    assert [type(part) for part in parse("<record><a>&nosuch;</a></record>")] == [Piece]


@pytest.mark.parametrize("control", ["\x0b", "&#x1F;", "&#11;", "\x00", "&#xFFFE;", "&#65535;", "&#xD83D;"])
def test_characters_that_xml_forbids_are_read_as_spaces_with_a_warning(control: str) -> None:
    warned, record = parse(f"<records>\n<record><a>one{control}two</a></record></records>")

    assert warned == Warned(2, "control characters that XML forbids are read as spaces")
    assert isinstance(record, RawRecord)
    assert record.tags == [("a", "one two")]


def test_an_entity_bomb_is_refused_in_one_line_and_never_expanded() -> None:
    bomb = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 40))
    text = f'<!DOCTYPE x [<!ENTITY e0 "boom">{bomb}]>\n<records><record><a>&e39;</a></record></records>'

    with pytest.raises(InputError, match="declares entities of its own") as caught:
        parse(text)
    assert caught.value.line == 1


def test_an_external_entity_reads_no_file() -> None:
    text = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><record><a>&e;</a></record>'

    with pytest.raises(InputError, match="declares entities of its own"):
        parse(text)


def test_entities_declared_among_records_are_not_known_in_any() -> None:
    text = '<record><a>1</a></record><!DOCTYPE x [<!ENTITY e "boom">]><record><a>&e;</a></record>'

    assert [type(part) for part in parse(text)] == [RawRecord, Piece, Piece]


def test_a_plain_document_type_is_harmless_and_never_fetched() -> None:
    text = '<?xml version="1.0"?><!DOCTYPE x PUBLIC "-//X//EN" "https://example.org/x.dtd"><record><a>1</a></record>'

    assert [type(part) for part in parse(text)] == [RawRecord]


def test_a_record_without_an_end_costs_no_other() -> None:
    parts = parse("<records>\n<record><a>1</a>\n<record><a>2</a></record>\n<record><a>3")

    assert [(type(part), part.line) for part in parts] == [(Piece, 2), (RawRecord, 3), (Piece, 4)]


def test_a_record_that_is_not_sound_costs_no_other() -> None:
    parts = parse("<records><record><a>1</b></record>\n<record><a>2</a></record></records>")

    assert [type(part) for part in parts] == [Piece, RawRecord]


def test_a_record_without_a_start_is_no_comment() -> None:
    (first, second) = parse("<records>\n<recor><a>1</a></record><record><a>2</a></record></records>")

    assert isinstance(first, Piece)
    assert first.line == 2
    assert isinstance(second, RawRecord)


def test_comments_and_character_data_hide_what_they_hold() -> None:
    text = "<records><!-- <record> --><record><a><![CDATA[</record>]]></a></record></records>"

    (record,) = parse(text)

    assert isinstance(record, RawRecord)
    assert record.tags == [("a", "</record>")]


def test_a_comment_without_an_end_hides_nothing() -> None:
    assert [type(part) for part in parse("<records><record><!-- <a>1</a></record></records>")] == [Piece]


def test_what_may_stand_beside_records_is_left_out_and_other_elements_are_told() -> None:
    text = "<records><record/><gone><n>1</n></gone><odd/></records>"

    assert [type(part) for part in parse(text)] == [RawRecord, Warned]


def test_nesting_without_end_is_refused() -> None:
    (part,) = parse(f"<record>{'<a>' * 100_000}</record>")

    assert isinstance(part, Piece)
    assert part.problem == "the record is nested deeper than 60 elements"


def test_what_is_written_is_sound() -> None:
    assert markup.escape("a < b & c\x0b") == "a &lt; b &amp; c "


def test_a_file_that_ends_between_two_records_is_told() -> None:
    record = "<record><a>1</a></record>\n"

    *_, warned = parse(f"<xml>\n<records>\n{record}{record}")

    assert warned == Warned(5, "the file ends before </records>: records may be missing; export it again")
    assert [type(part) for part in parse(f"<xml><records>{record}</records></xml>")] == [RawRecord]
    *_, warned = parse(f"<PubmedArticleSet>\n{record}")
    assert isinstance(warned, Warned)
    assert "before </PubmedArticleSet>" in warned.message
    *_, warned = parse(f"<xml><records>{record}</records>")
    assert isinstance(warned, Warned)
    assert "before </xml>" in warned.message
