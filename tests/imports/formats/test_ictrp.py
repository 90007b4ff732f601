"""Tests of the XML of WHO's registry of trials."""

import json

from peerreview.imports import records
from peerreview.imports.formats import ictrp
from tests.exports import read_export
from tests.imports.formats.samples import ICTRP, fields_of, records_of


def test_a_trial_is_read_with_its_number_and_registration() -> None:
    first = fields_of(ICTRP)[0]

    assert first["accession"] == "ACTRN12000000001"
    assert first["title"] == "Peer workers in acute care < 65 years"
    assert (first["year"], first["type"], first["keywords"]) == ("2024", "Interventional", "Depression")
    assert first["url"] == "https://example.org/trial/1"
    assert json.loads(first["extra"])["Source_Register"] == "ANZCTR"


def test_conditions_are_told_apart() -> None:
    text = ICTRP.replace("Depression\n", "Depression;&lt;br&gt;Anxiety &lt;br /&gt;Grief\n")

    assert fields_of(text)[0]["keywords"] == "Depression; Anxiety; Grief"


def test_the_public_title_serves_where_no_other_is() -> None:
    assert fields_of(ICTRP)[2]["title"] == "Recovery colleges"


def test_the_source_is_a_register() -> None:
    batch = read_export(ICTRP.encode())

    assert ictrp.origin(records_of(ICTRP)[0]).database == "ICTRP"
    assert records.find_source(batch, "trials.xml").kind == "register"


def test_a_trial_cut_off_is_rejected() -> None:
    batch = read_export(ICTRP[: ICTRP.index("Supervision of")].encode())

    assert (batch.imported, len(batch.rejects)) == (1, 1)
