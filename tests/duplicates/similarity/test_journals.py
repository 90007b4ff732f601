import pytest

from peerreview.duplicates.similarity.journals import same_journal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("j am coll cardiol", "journal american college cardiology"),
        ("natl med j", "national medical journal"),
        ("icis transforming society", "international conference information systems"),
        ("jama", "journal american medical association"),
        ("acm computing surveys", "computing surveys"),
        ("proceedings symposium ward routes", "symposium ward routes"),
        ("icps", "proc int conf peer systems / icps"),
        ("american journal physiology", "american journal physiology heart circulatory physiology"),
        ("proc acm huma inte", "proceedings acm human computer interaction"),
        ("acta gastroenterol belg", "acta gastro enterologica belgica"),
        ("aust nz j psychiat", "australian new zealand journal psychiatry"),
        ("jpn j clin oncol", "japanese journal clinical oncology"),
        ("ajnr am j neuroradiol", "american journal neuroradiology"),
        ("jama", "jama journal american medical association"),
        ("arthroscopy", "arthroscopy journal arthroscopic related surgery"),
        ("jthoraccardiovascsurg", "journal thoracic cardiovascular surgery"),
    ],
)
def test_journals_are_the_same_however_they_are_shortened(one: str, other: str) -> None:
    assert same_journal(one, other) >= 0.8
    assert same_journal(one, other) == same_journal(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("transplantation", "transplantation proceedings"),
        ("journal hypertension", "journal human hypertension"),
        ("eur heart j", "eur j heart fail"),
        ("american journal public health", "american journal dental public health"),
        ("stroke", "canadian journal neurological sciences"),
        ("pediatrics", "pediatric research"),
        ("medicine", "medical science monitor"),
        ("european journal pediatrics", "european journal pediatric surgery"),
        ("jama journal american medical association", "jama surgery"),
        ("vlwb", "vlwb journal international journal very large ward bases"),
        ("very large ward bases", "vlwb j"),
        ("very large ward bases", "vlwb journal international journal very large ward bases"),
        ("proceedings national academy sciences", "national academy sciences"),
        ("acm transactions networking", "ieee transactions networking"),
        ("circulation", "circulation journal official journal japanese circulation society"),
    ],
)
def test_journals_that_share_words_are_not_the_same(one: str, other: str) -> None:
    assert same_journal(one, other) < 0.8
