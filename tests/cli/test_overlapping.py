"""The overlap of sources fits the terminal that it is shown on."""

import numpy as np
import pytest

from peerreview.cli.overlapping import lines
from peerreview.duplicates.overlap import Summary, count_sources
from tests.builders import make_records

NAMES = (
    "APA PsycInfo",
    "Cochrane Central Register of Controlled Trials (CENTRAL)",
    "Embase",
    "MEDLINE",
    "Scopus",
)


def summary(*sources: str) -> Summary:
    records = make_records(
        record_id=[f"r{place}" for place in range(len(sources))],
        source=list(sources),
        source_kind=["database"] * len(sources),
    )
    return Summary(len(sources), 0, 0, 0, len(sources), 0, count_sources(records, np.arange(len(sources))))


@pytest.mark.parametrize("across", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("n_sources", [1, 2, 5])
def test_no_line_is_wider_than_the_terminal_and_no_number_is_lost(across: int, n_sources: int) -> None:
    told = lines(summary(*NAMES[:n_sources]), across=across)

    assert max(map(len, told)) <= across
    for place in range(1, n_sources + 1):
        of = [line for line in told if line.startswith(f"[{place}]")]
        cells = [cell for line in of for cell in line.split() if cell.isdecimal()]
        assert len(cells) == 4 + n_sources


def test_where_there_is_room_all_stands_side_by_side() -> None:
    told = lines(summary("Embase", "MEDLINE"), across=100)

    assert told == [
        "source         found  within  across  unique   shared with     [1]     [2]",
        "[1]  Embase        1       0       0       1                     1       0",
        "[2]  MEDLINE       1       0       0       1                     0       1",
    ]


def test_where_there_is_none_what_sources_share_stands_below() -> None:
    told = lines(summary("Embase", "MEDLINE", "Scopus"), across=48)

    assert told[0] == "source         found  within  across  unique"
    assert told[4] == "shared with      [1]     [2]     [3]"
    assert told[5] == "[1]  Embase        1       0       0"


def test_more_sources_than_can_be_crossed_are_counted_alone() -> None:
    told = lines(summary(*(f"source {place:02}" for place in range(13))), across=200)

    assert len(told) == 14
    assert "shared with" not in told[0]
