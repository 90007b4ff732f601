import pytest

from peerreview.agreement import measure as agreement
from peerreview.paper.sheets.agreement import agreement_sheets, told
from peerreview.tables import SYNTHETIC_NOTE
from tests.builders import make_votes


@pytest.mark.parametrize("synthetic", [True, False])
def test_statistics_of_invented_votes_say_so_under_every_table(synthetic: bool) -> None:
    votes = make_votes("r1 ana title_abstract include", "r1 ben title_abstract include")

    measured = told(agreement.measure(votes, kept={}, choices=agreement.Choices()), synthetic=synthetic)

    shown = agreement_sheets(measured)
    assert measured.synthetic is synthetic
    assert shown
    assert {SYNTHETIC_NOTE in sheet.all_notes for sheet in shown} == {synthetic}
