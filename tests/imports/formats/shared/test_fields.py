"""Tests of fields on their way to columns."""

import json

from hypothesis import given
from hypothesis import strategies as st

from peerreview.imports.formats.shared.fields import Fields, to_json
from peerreview.values import years


def test_what_no_column_takes_and_what_cleaning_changed_stays_in_extra() -> None:
    fields = Fields(
        [("TI", "A &amp; B"), ("TI", "Second"), ("PY", "2001"), ("XX", "odd"), ("KW", "a"), ("KW", "a")]
    )
    fields.first("title", ("TI",))
    fields.first("year", ("PY",), years.year)
    fields.every("keywords", ("KW",))

    columns = fields.finish()

    assert (columns["title"], columns["year"], columns["keywords"]) == ("A & B", "2001", "a")
    assert json.loads(columns["extra"]) == {"TI": ["A &amp; B", "Second"], "XX": "odd", "KW": ["a", "a"]}


def test_a_value_that_is_nothing_once_clean_leaves_the_place_to_the_next() -> None:
    fields = Fields([("PY", "10 15"), ("DA", "2005/10/15")])
    fields.first("year", ("PY", "DA"), years.year)

    assert fields.finish()["year"] == "2005"


@given(st.text(alphabet=st.characters() | st.sampled_from('"\\\n\u2028'), max_size=8))
def test_a_long_value_is_written_as_json_writes_it(end: str) -> None:
    value = "Peer work. " * 20 + end

    assert to_json({"AB": value}) == json.dumps({"AB": value}, ensure_ascii=False)
