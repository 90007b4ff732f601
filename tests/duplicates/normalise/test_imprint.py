import pytest

from peerreview.duplicates.normalise.imprint import read_issue, read_volume


@pytest.mark.parametrize(
    ("written", "volume"), [("88 Suppl 1", "88"), ("4 (1)", "4"), ("2019", ""), ("(Jul)", "")]
)
def test_a_volume_is_its_first_number(written: str, volume: str) -> None:
    assert volume == read_volume(written, 2019)


@pytest.mark.parametrize(("written", "issue"), [("4 SUPPL. 1", "4"), ("2 57-2", "2"), ("9876", "")])
def test_an_issue_is_a_number_within_its_volume(written: str, issue: str) -> None:
    assert issue == read_issue(written)
