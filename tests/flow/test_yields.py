"""Tests of what each source gave the review."""

from hypothesis import given
from hypothesis import strategies as st

from peerreview import tables
from peerreview.flow.yields import Yields, count_yields
from tests.builders import make


def _count(works: dict[str, str], outcomes: list[str], studies: dict[str, str] | None = None) -> Yields:
    """Count works, given as their sources, and outcomes, as ``id stage outcome``."""
    found_in = [source for listed in works.values() for source in listed.split("; ")]
    records = make(tables.RECORDS, source=found_in)
    unique = make(tables.UNIQUE, record_id=list(works), sources=list(works.values()))
    rows = [each.split() for each in outcomes]
    columns = {
        name: [row[place] for row in rows] for place, name in enumerate(("record_id", "stage", "outcome"))
    }
    links = make(tables.REPORTS, record_id=list(studies or {}), study_id=list((studies or {}).values()))
    return count_yields(records, unique, make(tables.SCREENING, **columns), links)


def _both(record_id: str, outcome: str = "include") -> list[str]:
    return [f"{record_id} title_abstract include", f"{record_id} full_text {outcome}"]


def test_a_work_that_two_sources_have_counts_in_each_and_is_alone_in_none() -> None:
    found = _count({"r1": "Embase; MEDLINE", "r2": "MEDLINE"}, [*_both("r1"), *_both("r2")])

    embase, medline = found.sources
    assert (embase.works, embase.alone, embase.included, embase.included_alone) == (1, 0, 1, 0)
    assert (medline.works, medline.alone, medline.included, medline.included_alone) == (2, 1, 2, 1)
    assert found.without_loss == ("Embase",)


def test_a_database_that_citations_were_searched_in_too_is_two_sources() -> None:
    records = make(
        tables.RECORDS,
        record_id=["r1", "r2", "r2~2", "r3", "r4"],
        source=["Scopus"] * 4 + ["MEDLINE"],
        source_kind=["database", "database", "citation_searching", "citation_searching", "database"],
    )
    unique = make(
        tables.UNIQUE,
        record_id=["r1", "r2", "r3", "r4"],
        sources=["Scopus"] * 3 + ["MEDLINE"],
        duplicates=["", "r2~2", "", ""],
    )
    screening = make(
        tables.SCREENING, record_id=["r2", "r3"], stage=["full_text"] * 2, outcome=["include"] * 2
    )

    found = count_yields(records, unique, screening, tables.empty(tables.REPORTS))

    assert [(each.name, each.records, each.works, each.alone, each.included) for each in found.sources] == [
        ("MEDLINE", 1, 1, 1, 0),
        ("Scopus (citation searching)", 2, 2, 1, 2),
        ("Scopus (database)", 2, 2, 1, 1),
    ]
    assert (found.n_in_databases, found.fewest) == (1, (("Scopus (database)",),))
    assert found.of("Scopus", "citation_searching") == found.sources[1]
    assert found.of("Scopus", "website") is None


def test_what_was_retired_since_is_no_study_of_any_source() -> None:
    works = {"r1": "MEDLINE", "r2": "Embase", "r3": "Embase"}
    records = make(tables.RECORDS, source=list(works.values()))
    unique = make(tables.UNIQUE, record_id=list(works), sources=list(works.values()))
    rows = [each.split() for record_id in works for each in _both(record_id)]
    screening = make(
        tables.SCREENING,
        **{
            name: [row[place] for row in rows] for place, name in enumerate(("record_id", "stage", "outcome"))
        },
    )
    # The second report tells of a study that stays, too; the third has no study yet.
    reports = make(tables.REPORTS, record_id=["r1", "r2", "r2"], study_id=["s1", "s1", "s2"])
    changes = make(tables.CHANGES, study_id=["s1", "s2"], change=["retired", "corrected"])

    found = count_yields(records, unique, screening, reports, changes=changes)

    assert {each.source: (each.included, each.studies) for each in found.sources} == {
        "Embase": (2, 1),
        "MEDLINE": (0, 0),
    }
    assert (found.n_included, found.n_studies, set(found.included)) == (2, 1, {"r2", "r3"})
    assert found.sources[1].number_needed_to_read is None


def test_the_number_needed_to_read_is_of_works_screened_for_each_included() -> None:
    works = {f"r{n}": "MEDLINE" for n in range(1, 6)}
    outcomes = [
        *_both("r1"),
        *_both("r2", "exclude"),
        "r3 title_abstract exclude",
        "r4 title_abstract exclude",
    ]

    (medline,) = _count(works, outcomes).sources

    assert (medline.screened, medline.screened_in, medline.included) == (4, 2, 1)
    assert medline.number_needed_to_read == 4


def test_a_source_of_which_nothing_is_included_has_no_number_needed_to_read() -> None:
    (medline,) = _count({"r1": "MEDLINE"}, ["r1 title_abstract exclude"]).sources

    assert medline.number_needed_to_read is None


def test_what_is_not_judged_to_the_end_is_told() -> None:
    works = {f"r{n}": "MEDLINE" for n in range(1, 7)}
    outcomes = [
        "r1 title_abstract pending", "r2 title_abstract conflict", "r3 title_abstract include",
        "r4 title_abstract include", "r4 retrieval not_retrieved", *_both("r5", "pending"),
    ]  # fmt: skip

    assert _count(works, outcomes).n_open == 5  # all but r4; of r6 there is no vote


def test_records_of_other_methods_go_straight_to_their_full_texts() -> None:
    (found,) = _count({"r1": "Reference lists"}, ["r1 full_text include"]).sources

    assert (found.screened, found.screened_in, found.included) == (1, 1, 1)


def test_a_study_is_lost_only_if_none_of_its_reports_is_found_elsewhere() -> None:
    works = {"r1": "MEDLINE", "r2": "Embase", "r3": "Embase"}
    found = _count(works, [*_both("r1"), *_both("r2"), *_both("r3")], {"r1": "S1", "r2": "S1", "r3": "S2"})

    embase, medline = found.sources
    assert (embase.studies, embase.studies_alone) == (2, 1)
    assert (medline.studies, medline.studies_alone) == (1, 0)
    assert medline.included_alone == 1


def test_the_fewest_databases_are_all_sets_of_the_least_size() -> None:
    works = {"r1": "CINAHL; Embase", "r2": "Embase; MEDLINE", "r3": "MEDLINE; Scopus"}
    found = _count(works, [*_both("r1"), *_both("r2"), *_both("r3")])

    assert found.fewest == (("CINAHL", "MEDLINE"), ("Embase", "MEDLINE"), ("Embase", "Scopus"))


@given(
    st.lists(st.tuples(st.sets(st.sampled_from("ABCDE"), min_size=1), st.booleans()), min_size=1, max_size=9)
)
def test_each_of_the_fewest_has_all_that_is_included_and_none_smaller_has(
    works: list[tuple[set[str], bool]],
) -> None:
    named = {f"r{n}": "; ".join(sorted(sources)) for n, (sources, _) in enumerate(works)}
    kept = [n for n, (_, is_included) in enumerate(works) if is_included]
    found = _count(named, [line for n in kept for line in _both(f"r{n}")])

    assert found.n_included == found.n_in_databases == len(kept)
    assert bool(found.fewest) == bool(kept)
    for chosen in found.fewest:
        assert all(works[n][0] & set(chosen) for n in kept)
        # Without any one of them something is missing, else there were a smaller set.
        assert all(any(not works[n][0] & (set(chosen) - {each}) for n in kept) for each in chosen)


def test_nothing_screened_is_nothing_included() -> None:
    empty = tables.empty(tables.REPORTS)
    found = count_yields(
        make(tables.RECORDS, source=["MEDLINE"]),
        make(tables.UNIQUE, sources=["MEDLINE"]),
        tables.empty(tables.SCREENING),
        empty,
    )

    assert (found.n_included, found.fewest, found.n_open) == (0, (), 1)


def test_a_report_of_a_record_that_was_removed_is_one_of_the_record_kept() -> None:
    found = count_yields(
        make(tables.RECORDS, source=["MEDLINE", "Embase"]),
        make(tables.UNIQUE, record_id=["r1"], sources=["Embase; MEDLINE"]),
        make(tables.SCREENING, record_id=["r1"], stage=["full_text"], outcome=["include"]),
        make(tables.REPORTS, record_id=["r2"], study_id=["S1"]),
        make(
            tables.DUPLICATES,
            record_id=["r2", "r3"],
            duplicate_of=["r1", "r1"],
            verdict=["duplicate", "possible"],
        ),
    )

    assert (found.n_studies, [each.studies for each in found.sources]) == (1, [1, 1])
