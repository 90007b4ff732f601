import pytest

from peerreview.duplicates.normalise.venues import (
    COCHRANE,
    REGISTRATION,
    SUPPLEMENT,
    read_journal,
    read_settings,
)


@pytest.mark.parametrize(
    ("journal", "kind", "setting"),
    [
        ("medRxiv", "", "preprint"),
        ("Symposium on Dependable Computing", "", "conference"),
        ("Journal of Trials", "inproceedings", "conference"),
        ("Journal of Trials. Conference: 8th Annual Meeting. Bali, Indonesia", "", SUPPLEMENT),
        ("Cochrane Database of Systematic Reviews", "", COCHRANE),
        ("", "thesis", "thesis"),
        ("Dissertation Abstracts International", "article", "thesis"),
        ("https://clinicaltrials.gov/show/NCT00000001", "", REGISTRATION),
        ("Mayo Clinic Proceedings", "article", ""),
    ],
)
def test_where_a_record_appeared_is_told_from_its_words(journal: str, kind: str, setting: str) -> None:
    assert [setting] == read_settings([kind], [journal], [""], [""])


@pytest.mark.parametrize(
    ("kind", "journal", "doi", "link", "setting"),
    [
        ("UNPB", "", "10.5555/ip.77", "", "preprint"),
        ("posted-content", "", "", "", "preprint"),
        ("JOUR", "", "10.31730/osf.io/abcde", "", "preprint"),
        ("JOUR", "", "", "https://www.biorxiv.org/content/1", "preprint"),
        ("JOUR", "Cold Spring Harbor Laboratory", "", "", "preprint"),
        ("JOUR", "Ward Care", "10.48550/arxiv.1", "https://arxiv.org/abs/1", ""),
        ("JOUR", "", "10.5555/iw.4", "https://example.org/preprint", ""),
    ],
)
def test_a_preprint_is_told_by_type_doi_or_link(
    kind: str, journal: str, doi: str, link: str, setting: str
) -> None:
    assert [setting] == read_settings([kind], [journal], [doi], [link])


@pytest.mark.parametrize(
    ("written", "journal"),
    [
        ("Journal of Trials.35 (2) ()(pp 129-136) 2014.Date of Publication: 2014.", "journal trials"),
        ("Journal of Trials.12 Suppl 2 ()(pp v-xii; S1-105)", "journal trials"),
        ("Journal of Trials. Conference: 8th Annual Meeting. Bali, Indonesia", "journal trials"),
        ("Journal of Trials Vol 10 Apr 2014, ArtID 11", "journal trials"),
        ("Annales de Cardiologie et d’Angéiologie", "annales cardiologie angeiologie"),
        ("Journal of Paediatric Haematology", "journal pediatric hematology"),
        ("Zentralblatt für Chirurgie", "zentralblatt chirurgie"),
        ("Journal of Ultrasonics (2001)", "journal ultrasonics"),
        ("3 Biotech", "3 biotech"),
    ],
)
def test_a_journal_s_name_is_read_without_what_databases_add(written: str, journal: str) -> None:
    assert read_journal(written) == journal
