from peerreview.duplicates.keeping import keep_one
from peerreview.duplicates.listing import possible_pairs
from peerreview.duplicates.rounds import find_duplicates
from tests.duplicates.articles import RULES, article


def test_people_are_shown_both_records_of_a_possible_pair() -> None:
    records = article(volume=["3", "3"], issue=["1", "2"])
    duplicates = find_duplicates(records, RULES).duplicates

    shown = possible_pairs(keep_one(records, duplicates), duplicates)

    assert shown.columns[:5].tolist() == ["record_id", "duplicate_of", "verdict", "by", "why"]
    assert shown[["record_id", "duplicate_of", "verdict"]].to_numpy().tolist() == [["r2", "r1", ""]]
    assert shown["group"].tolist() == ["1"]
    assert shown["issue"].tolist() == ["2"]
    assert shown["issue_of_duplicate_of"].tolist() == ["1"]
