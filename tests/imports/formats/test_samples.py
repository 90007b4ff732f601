"""Tests that hold for every format alike."""

import json

import pytest

from peerreview.imports.formats import Piece, RawRecord, mixture
from tests.imports.formats.samples import SAMPLES, fields_of, records_of, rejects_of

ALL = pytest.mark.parametrize("name", SAMPLES)


@ALL
def test_the_content_decides_on_the_format(name: str) -> None:
    expected, text = SAMPLES[name]

    assert expected == mixture.detect(text).NAME


@ALL
def test_three_records_are_three_records(name: str) -> None:
    _, text = SAMPLES[name]

    assert [each.get("year", "2020") for each in fields_of(text)] == ["2024", "2019", "2020"]
    assert not rejects_of(text)


@ALL
def test_each_record_stands_verbatim_at_its_line(name: str) -> None:
    _, text = SAMPLES[name]
    lines = text.split("\n")

    for record in records_of(text):
        assert record.text in text
        assert record.text.split("\n", maxsplit=1)[0] in lines[record.line - 1]


@ALL
def test_no_value_is_lost_between_the_record_and_its_text(name: str) -> None:
    _, text = SAMPLES[name]
    found = mixture.detect(text)

    for record in records_of(text):
        fields = found.to_fields(record)
        there = " ".join([*fields.values(), record.text]).replace('\\"', '"').lower()
        there = " ".join(there.split())
        for _, value in record.tags:
            assert " ".join(value.lower().split()) in there or value in record.text.replace("&amp;", "&")


@ALL
def test_extra_is_json_and_its_values_are_those_delivered(name: str) -> None:
    for fields in fields_of(SAMPLES[name][1]):
        assert isinstance(json.loads(fields.get("extra", "{}")), dict)


@ALL
def test_the_doi_is_bare_and_in_lower_case(name: str) -> None:
    # A registered trial has none.
    assert fields_of(SAMPLES[name][1])[0].get("doi", "") == ("" if name == "ictrp" else "10.5555/peer.1")


@ALL
def test_an_export_cut_off_in_its_last_record_keeps_the_others_and_says_so(name: str) -> None:
    _, text = SAMPLES[name]
    cut = text[: text.rindex("Recovery") + 4]

    assert [RawRecord, RawRecord] == [type(each) for each in records_of(cut)]
    assert [Piece] == [type(each) for each in rejects_of(cut)]
    assert "Reco" in rejects_of(cut)[0].text


@ALL
def test_the_same_export_twice_in_one_file_is_six_records(name: str) -> None:
    _, text = SAMPLES[name]

    assert len(records_of(text + text)) + len(rejects_of(text + text)) == 6


@ALL
def test_the_order_of_records_is_that_of_the_file(name: str) -> None:
    lines = [record.line for record in records_of(SAMPLES[name][1])]

    assert sorted(lines) == lines
