import numpy as np

from peerreview.duplicates import overlap
from peerreview.duplicates.rounds import find_duplicates
from peerreview.duplicates.rules import default_rules
from tests.builders import make_records


def test_found_is_within_across_and_unique() -> None:
    records = make_records(
        title=["a", "a", "a", "b", "c"], source=["Scopus", "Scopus", "Embase", "Embase", "Scopus"]
    )

    embase, scopus = overlap.count_sources(records, np.array([0, 0, 0, 3, 4])).to_dict("records")

    assert [embase[column] for column in ("found", "within", "across", "unique")] == [2, 0, 1, 1]
    assert [scopus[column] for column in ("found", "within", "across", "unique")] == [3, 1, 1, 1]
    assert (scopus["shared: Embase"], scopus["shared: Scopus"]) == (1, 2)


def test_the_summary_adds_up() -> None:
    records = make_records(title=["Peer work in wards"] * 3, doi=["10.5555/a"] * 3)

    rules = default_rules()

    counted = overlap.summarise(records, find_duplicates(records, rules), rules)

    summary = counted.to_json()

    assert (summary["records"], summary["removed"], summary["kept"]) == (3, 2, 1)
    assert summary["overlap"] == {"MEDLINE": {"MEDLINE": 1}}
