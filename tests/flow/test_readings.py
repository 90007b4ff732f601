"""A general search for how numbers that do not add up may have been meant."""

from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.flow import Box, Flow
from peerreview.flow.identities import check, fails
from peerreview.flow.readings import find_readings

# Reeves et al. (2024), BMC Psychiatry 24:211, as its text states them.
PUBLISHED = {
    "databases": 10491,
    "citation_searching": 14,
    "duplicates": 5300,
    "screened": 5191,
    "assessed": 154,
    "studies": 16,
}
SOUND = {
    "databases": 100,
    "registers": 20,
    "duplicates": 30,
    "automation": 0,
    "other_reasons": 0,
    "screened": 90,
    "excluded": 60,
    "sought": 30,
    "not_retrieved": 2,
    "assessed": 28,
    "reports_excluded": 20,
    "studies": 7,
    "reports": 8,
}


def typed(**counts: int) -> Flow:
    return Flow({key: Box(n) for key, n in counts.items()})


def test_the_published_review_adds_up_in_four_ways() -> None:
    own = "the 14 of citation_searching skip screening, in a column of their own, and"
    left = "implied if all reports were retrieved: sought 154, excluded 5,037"
    both = "implied if all reports were retrieved: sought 140, excluded 5,051"
    merged = "the 14 of citation_searching were merged before duplicates were removed"
    removed = "14 records were removed before screening for other reasons, and this was not reported"

    readings = [str(reading) for reading in find_readings(typed(**PUBLISHED))]

    assert readings == [
        f"{own} later counts leave them out; {left}",
        f"{own} assessed counts them in; {both}",
        f"{merged}, and the duplicates are 5,314; {left}",
        f"{removed}; {left}",
    ]


def test_numbers_that_add_up_need_no_reading() -> None:
    assert find_readings(typed(**SOUND)) == []


def test_an_unreported_removal_is_found() -> None:
    readings = find_readings(typed(**{**SOUND, "assessed": 25, "reports_excluded": 17}))

    assert "3 reports were not retrieved, and this was not reported" in [str(each) for each in readings]


def test_studies_counted_for_reports_are_found() -> None:
    readings = find_readings(typed(**{**SOUND, "studies": 8, "reports": 7}))

    assert "the 8 studies are reports, of 7 studies" in [str(each) for each in readings]


def test_a_total_that_counts_the_other_column_in_is_found() -> None:
    right = {"websites": 5, "other_sought": 5, "other_not_retrieved": 0, "other_assessed": 5}
    right |= {"other_reports_excluded": 5}

    readings = find_readings(typed(**{**SOUND, **right, "databases": 105}))

    assert "databases count the 5 of websites in" in [str(each) for each in readings]


def test_a_reading_that_contradicts_itself_is_none() -> None:
    # Were the duplicates 5, the 95 left would still be fewer than the 300 assessed.
    flow = typed(databases=100, duplicates=15, screened=95, assessed=300)

    assert find_readings(flow) == []


def test_a_reading_from_which_less_than_nothing_follows_is_none() -> None:
    # Were 6 reports not retrieved, D3 would hold; of 10 records 12 duplicates would leave -2 to be screened.
    flow = typed(registers=10, duplicates=12, excluded=7, sought=9, not_retrieved=0, assessed=3)

    assert [verdict.id for verdict in fails(check(flow))] == ["D3"]
    assert find_readings(flow) == []


def test_what_would_be_below_zero_is_no_reading() -> None:
    assert all(
        n >= 0
        for reading in find_readings(typed(databases=5, duplicates=9, screened=3, sought=8))
        for counts in (reading.implied, reading.implied_if_retrieved)
        for n in counts.values()
    )


@given(key=st.sampled_from(sorted(SOUND)), d=st.integers(-20, 20))
@settings(max_examples=40, deadline=None)
def test_every_reading_adds_up(key: str, d: int) -> None:
    flow = typed(**{**SOUND, key: max(SOUND[key] + d, 0)})

    for reading in find_readings(flow):
        changed = flow
        for assumption in reading.assumptions:
            changed = changed.with_counts(**assumption.counts)
        assert fails(check(changed.with_counts(**reading.implied))) == []
