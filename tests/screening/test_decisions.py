import pytest

from peerreview.errors import InputError, InputErrors
from peerreview.screening.decisions import Listing, Taken, take_votes
from peerreview.screening.lookup import Index, index
from peerreview.screening.screeners import Asked, Export
from tests.builders import make_records

WIDE = "record_id,title,ana,Bo \n"


def _take(text: str, *, name: str = "votes.csv", records: Index | None = None, **options: object) -> Taken:
    return take_votes([Export(name, text)], records, **options)  # type: ignore[arg-type]


def cast(taken: Taken, *columns: str) -> list[tuple[str, ...]]:
    names = columns or ("record_id", "reviewer", "decision")
    return list(zip(*(taken.votes[name].tolist() for name in names), strict=True))


def test_each_column_of_a_wide_table_is_a_reviewer() -> None:
    taken = _take(WIDE + "r1,A,yes,Excluded\nr2,B,,1\n")

    assert cast(taken) == [("r1", "ana", "include"), ("r1", "Bo", "exclude"), ("r2", "Bo", "include")]


def test_zero_is_an_exclusion_beside_one() -> None:
    taken = _take(WIDE + "r1,A,0,1\n")

    assert cast(taken)[0] == ("r1", "ana", "exclude")
    assert "votes.csv: 0 is read as exclude; --map 0=… says otherwise" in taken.remarks


def test_zero_is_a_doubt_where_minus_one_excludes() -> None:
    assert cast(_take(WIDE + "r1,A,0,-1\n"))[0] == ("r1", "ana", "maybe")


def test_a_declared_meaning_goes_before_any_folding() -> None:
    taken = _take(WIDE + "r1,A,0,-1\n", meanings={"0": "exclude"})

    assert cast(taken)[0] == ("r1", "ana", "exclude")


def test_what_was_folded_is_told() -> None:
    assert (
        "read 'Excluded' as 'exclude' (1), 'yes' as 'include' (1)"
        in _take(WIDE + "r1,A,yes,Excluded\n").remarks
    )


def test_an_unknown_value_is_told_with_its_line() -> None:
    with pytest.raises(InputErrors, match=r"votes\.csv:3: 'perhaps' is no decision"):
        _take(WIDE + "r1,A,yes,no\nr2,B,yes,perhaps\nr3,C,yes,no\n")


def test_rows_that_name_a_record_in_different_ways_are_each_their_own() -> None:
    records = make_records(
        title=["A trial", "Another", "A third"], doi=["10.5555/1", "", ""], pmid=["", "7", ""]
    )

    taken = _take("doi,pmid,title,ana\n10.5555/1,,,yes\n,7,,no\n,,A third,yes\n", records=index(records, {}))

    assert cast(taken, "record_id", "decision") == [("r1", "include"), ("r2", "exclude"), ("r3", "include")]


def test_a_number_of_one_export_is_no_record_of_another() -> None:
    records = make_records(title=["A trial", "Another"], doi=["10.5555/1", "10.5555/2"])
    exports = [
        Export("ana.csv", "id,title,ana\n1,A trial,yes\n"),
        Export("bo.csv", "id,doi,bo\n1,10.5555/2,no\n"),
    ]

    assert cast(take_votes(exports, index(records, {}))) == [
        ("r1", "ana", "include"),
        ("r2", "bo", "exclude"),
    ]


def test_a_final_column_is_a_consensus() -> None:
    taken = _take("record_id,ana,bo,final\nr1,yes,no,no\n")

    assert cast(taken, "reviewer", "role") == [
        ("ana", "reviewer"),
        ("bo", "reviewer"),
        ("final", "consensus"),
    ]


def test_votes_without_a_history_may_be_post_discussion() -> None:
    assert "these may be votes after discussion: the export keeps no history of changes" in (
        _take(WIDE + "r1,A,yes,no\n").remarks
    )


def test_a_duplicate_in_the_export_with_another_vote_is_a_vote_on_the_duplicate() -> None:
    records = index(make_records(doi=["10.5555/a", "10.5555/A"]), {"r2": "r1"})

    taken = _take("doi,ana,bo\n10.5555/a,yes,yes\n10.5555/a,no,yes\n", records=records)

    assert cast(taken) == [("r1", "ana", "include"), ("r1", "bo", "include"), ("r2", "ana", "exclude")]


def test_two_votes_on_one_record_without_a_time_have_no_order() -> None:
    with pytest.raises(InputErrors, match=r"votes\.csv:3: ana says include and exclude of 'r1'"):
        _take("record_id,ana,bo\nr1,yes,yes\nr1,no,yes\n")


def test_a_record_that_is_not_there_is_listed() -> None:
    records = index(make_records(title=["A trial"]), {})

    taken = _take("title,ana,bo\nA trial.,yes,no\nAnother,yes,no\n", records=records)

    assert cast(taken) == [("r1", "ana", "include"), ("r1", "bo", "exclude")]
    assert [str(fault) for fault in taken.lost] == [
        "votes.csv:3: 'Another' matches no record of this review; its votes are not taken"
    ]


FLAGGED = "record_id,ana,bo,{0}\nr1,include,exclude,{1}\nr2,exclude,include,{2}\nr3,maybe,exclude,{1}\n"


def test_a_column_called_like_a_person_in_words_of_its_own_is_asked_about() -> None:
    with pytest.raises(InputError, match=r"is 'Maya' votes \('no', 'yes'\) beside columns in other words"):
        _take(FLAGGED.format("Maya", "yes", "no"))
    with pytest.raises(InputError, match="is 'Sam' votes"):
        _take("record_id,decision,Sam\nr1,include,yes\nr2,exclude,no\n")


TURNED = "record_id,title,{0},{1}\nr1,A,TRUE,TRUE\nr2,B,FALSE,TRUE\nr3,C,TRUE,FALSE\n"


def asking(text: str, *votes: tuple[str, str], meanings: dict[str, str] | None = None) -> Taken:
    return take_votes([Export("votes.csv", text, Asked(votes=votes, meanings=meanings or {}))], None)


@pytest.mark.parametrize("name", ["Exclude", "Excluded", "Rejected", "Exclude_ana", "Irrelevant"])
def test_a_yes_in_a_column_of_what_was_excluded_is_no_yes_to_including(name: str) -> None:
    text = TURNED.format(name, "Abstract")

    with pytest.raises(InputError, match=f"column '{name}' says 'FALSE' and 'TRUE', and its name what was"):
        asking(text, (name, "ana"))


def test_a_yes_in_a_column_of_what_was_excluded_is_what_people_say_it_is() -> None:
    meant = {"true": "exclude", "false": "include"}
    taken = take_votes(
        [
            Export(
                "votes.csv",
                TURNED.format("Exclude", "Abstract"),
                Asked(votes=(("Exclude", "ana"),), meanings=meant),
            )
        ],
        None,
        meanings=meant,
    )

    assert [vote[2] for vote in cast(taken)] == ["exclude", "include", "exclude"]


def test_a_table_that_is_refused_tells_the_columns_first_that_may_be_votes() -> None:
    about = ",".join(f"Item {number}" for number in range(9))
    rows = "".join(f"{','.join(f'{row}{number}' for number in range(9))},TRUE\n" for row in range(3))

    with pytest.raises(InputError, match="no table of votes; found Exclude_ana, Item 0, Item 1"):
        _take(f"{about},Exclude_ana\n{rows}")


def test_words_for_both_decisions_in_a_column_of_what_was_excluded_are_plain() -> None:
    text = "record_id,title,Excluded\nr1,A,Excluded\nr2,B,Included\n"

    assert [vote[2] for vote in cast(asking(text, ("Excluded", "ana")))] == ["exclude", "include"]


def test_a_criterion_beside_a_column_of_what_was_excluded_is_nobody_s_vote() -> None:
    with pytest.raises(InputError, match="does 'Exclude' say what was excluded"):
        _take(TURNED.format("Paediatric", "Exclude"))


@pytest.mark.parametrize("name", ["Unclear", "unsure", "Unclear_ana"])
def test_what_was_unclear_is_nobody_s_column_of_votes(name: str) -> None:
    with pytest.raises(InputError):
        _take(TURNED.format(name, "Abstract"))


def test_three_people_may_write_their_words_in_any_form() -> None:
    assert len(_take(FLAGGED.format("Maya", "Included", "EXCLUDE")).votes) == 9


def test_rayyans_log_finds_its_records_by_an_endnote_file_beside_it() -> None:
    records = index(make_records(title=["A trial", "Another"], doi=["10.5555/1", ""]), {})
    log = "created_at,user_id,user_email,article_id,key,value\n2024-01-02T10:00:00.000Z,7,anna,1,included,1\n"
    enw = "%0 Journal Article\n%T A trial\n%A Doe, J.\n%D 2020\n%R 10.5555/1\n%M rayyan-1\n\n"

    taken = take_votes([Export("log.csv", log), Export("articles.enw", enw)], records)

    assert cast(taken) == [("r1", "anna", "include")]


def test_a_record_that_a_listed_name_may_mean_is_not_said_to_be_out_of_the_list() -> None:
    records = index(make_records(title=["A trial", "A trial", "Another"]), {})

    taken = _take(
        "title\nA trial\n",
        records=records,
        listing=Listing("include", "exclude", ("r1", "r2", "r3")),
        reviewer="Zoe",
    )

    assert cast(taken) == [("r3", "Zoe", "exclude")]
    assert "could be r1 or r2" in str(taken.lost[0])


def test_whoever_waits_is_told_how_many_votes_have_their_record() -> None:
    told: list[tuple[str, int, int]] = []
    # Our own ids are looked up all at once; a DOI takes a look each.
    dois = [f"10.5555/{place}" for place in range(450)]
    records = make_records(record_id=[f"r{place}" for place in range(450)], doi=dois)
    sheet = "doi,ana\n" + "".join(f"{doi},{'yes' if place % 3 else 'no'}\n" for place, doi in enumerate(dois))

    _take(sheet, records=index(records, {}), watch=lambda of, done, total: told.append((of, done, total)))

    assert told == [("votes", 0, 450), ("votes", 200, 450), ("votes", 400, 450)]
