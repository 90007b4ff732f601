import pytest

from peerreview.venues import COCHRANE, REGISTRATION, read_settings


@pytest.mark.parametrize(
    ("journal", "kind", "setting"),
    [
        ("medRxiv", "", "preprint"),
        ("Symposium on Dependable Computing", "", "conference"),
        ("Journal of Trials", "inproceedings", "conference"),
        ("Cochrane Database of Systematic Reviews", "", COCHRANE),
        ("", "thesis", "thesis"),
        ("Dissertation Abstracts International", "article", "thesis"),
        ("https://clinicaltrials.gov/show/NCT00000001", "", REGISTRATION),
        ("Mayo Clinic Proceedings", "article", ""),
    ],
)
def test_where_a_record_appeared_is_told_from_its_words(journal: str, kind: str, setting: str) -> None:
    assert [setting] == read_settings([kind], [journal], [""])
