import pytest

from peerreview.duplicates.normalise.authors import read_families


@pytest.mark.parametrize(
    "written",
    [
        "Reeves, Ann; Singh, Bo",
        "Reeves A; Singh B",
        "A. Reeves; B. Singh",
        "Reeves, A. and Singh, B.",
        "Reeves A, Singh B",
        "Reeves A.Singh B.",
        "REEVES, A.; SINGH, B.",
        "A Reeves, B Singh",
        "Reeves, A., Singh, B.",
        "ReevesA.SinghB.-J.",
        "Reeves AnnSingh Bo J.",
    ],
)
def test_authors_are_read_in_every_house_style(written: str) -> None:
    assert read_families([written]) == [["reeves", "singh"]]


@pytest.mark.parametrize("written", ["Anonymous", "[No authors listed]", "No authors listed."])
def test_nobody_is_no_author(written: str) -> None:
    assert read_families([written]) == [[]]


def test_authors_are_read_the_same_alone_and_among_many() -> None:
    various = [
        "Meier A. B.Schulz C.Van Dam K.", "Meier, Anna; Schulz, Carl", "Meier A, Schulz C", "Anna Meier",
        "A. Meier and C. Schulz", "Wu. L.Li X.", "et al", "Meier A. B..Schulz C.",
    ]  # fmt: skip

    together = read_families(various)

    assert together == [read_families([cell])[0] for cell in various]
    assert together[:3] == [["meier", "schulz", "vandam"], ["meier", "schulz"], ["meier", "schulz"]]


@pytest.mark.parametrize(
    ("written", "families"),
    [
        ("McEvoy Ann", ["ann", "mcevoy"]),
        ("Reeves, A., et al.", ["reeves"]),
        ("LI, WU, MA", ["li", "wu", "ma"]),
        ("JoAnn Reeves", ["reeves", "joann"]),
        ("Di Mascio RosaMacDonald AnnVan Dam Kim L.", ["dimascio", "macdonald", "vandam"]),
    ],
)
def test_a_capital_within_a_name_does_not_begin_another(written: str, families: list[str]) -> None:
    assert read_families([written]) == [families]


def test_et_al_is_nobody() -> None:
    assert read_families(["Reeves, V; et al.", "Reeves V, Bo C, et al"]) == [["reeves"], ["reeves", "bo"]]
