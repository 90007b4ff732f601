"""Each tool's export, in the smallest file that shows its quirk."""

from dataclasses import replace
from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.screening import people
from peerreview.screening.decisions import Taken, take_votes
from peerreview.screening.lookup import index
from peerreview.screening.people import Reviewer
from peerreview.screening.screeners import NOTHING_ASKED, Asked, Export, RawVote, registry
from peerreview.screening.screeners.words import fold
from tests.builders import make_records

RAYYAN = (
    "key,title,year,notes,doi,pubmed_id\n"
    'rayyan-1,A trial,2020,"Cited By :3 | Export Date: 1 Jan | RAYYAN-INCLUSION: {""Anna""=>""Included"", '
    '""Bo ""=>""Excluded""} | RAYYAN-LABELS: KDE | '
    "RAYYAN-EXCLUSION-REASONS: wrong population,foreign language "
    '| USER-NOTES: {""Anna""=>[""P 31\\nCS } | 1.4"", ""say \\""hi\\"" | no""]}",10.5555/1,\n'
    "rayyan-2,Untouched,2020,References: a | b | c,10.5555/2,\n"
    'rayyan-3,Third,2020,"RAYYAN-INCLUSION: {""Анна""=>""Maybe""}",10.5555/3,\n'
)
LOG = (
    "created_at,user_id,user_email,article_id,key,value\n"
    "2024-01-02T10:00:00.000Z,7,anna@example.org,1,included,1\n"
    "2024-01-03T09:00:00.000Z,8,bo@example.org,1,included,0\n"
    '2024-01-03T09:00:10.000Z,8,bo@example.org,1,"""__EXR__wrong drug""",1\n'
    "2024-01-03T09:00:20.000Z,8,bo@example.org,1,included,-1\n"
    "2024-01-03T09:00:30.000Z,8,bo@example.org,3,included,1\n"
    "2024-01-03T09:00:40.000Z,8,bo@example.org,3,included,deleted\n"
    '2024-01-03T09:00:50.000Z,8,bo@example.org,3,"""a label""",1\n'
)
COVIDENCE = (
    "Title,Authors,Published Year,DOI,Ref,Covidence #,Study,Notes,Tags\n"
    'B,"Doe, J.",2020,10.5555/2,6002,#2,Doe 2020,Exclusion reason: Wrong study design; ,\n'
)


def read(text: str, name: str = "export.csv") -> tuple[str, list[RawVote]]:
    export = Export(name, text)
    found = registry.detect(export)
    return found.NAME, list(found.cast(export))


def brief(votes: list[RawVote]) -> list[str]:
    return [
        " ".join(filter(None, (vote.reviewer, vote.stage, vote.decision, vote.reason or _if_excluded(vote))))
        for vote in votes
    ]


def _if_excluded(vote: RawVote) -> str:
    return vote.if_excluded if fold(vote.decision) == "exclude" else ""


def test_a_list_of_rayyans_notes_that_has_no_end_is_read_once() -> None:
    """Notes with blanks between them could be parted in two ways each: 40 of them took for ever."""
    notes = " ".join(f'""note {number}""' for number in range(4_000))
    inclusion = 'RAYYAN-INCLUSION: {""Anna""=>""Included""} | USER-NOTES: {""Anna""=>['
    whole, endless = (
        read(f'key,title,notes\nrayyan-1,A trial,"{inclusion}{notes}{end}"\n')[1] for end in ("]}", "")
    )

    assert (brief(whole), brief(endless)) == (["Anna Included"], ["Anna Included"])
    assert whole[0].note.startswith("note 0 / note 1")
    assert endless[0].note == ""


def test_rayyans_votes_stand_within_its_notes() -> None:
    name, votes = read(RAYYAN)

    assert name == "rayyan"
    assert brief(votes) == [
        "Anna Included",
        "Bo Excluded wrong population; foreign language",
        "",
        "Анна Maybe",
    ]
    assert votes[0].note == 'P 31 CS } | 1.4 / say "hi" | no; labels: KDE'
    assert (votes[1].note, votes[1].reason_of) == ("labels: KDE", "record")
    assert votes[0].reference.key == "rayyan-1"


@pytest.mark.parametrize(
    ("name", "reviewer"),
    [
        ("Included/Excluded", ""),
        ("Include or exclude", ""),
        ("INCLUDE - EXCLUDE - MAYBE", ""),
        ("Include (1) / Exclude (0)", ""),
        ("Relevant or not", ""),
        ("Accept/Reject", ""),
        ("Include? (Y/N)", ""),
        ("Eligible (yes/no/unsure)", ""),
        ("I/E", ""),
        ("Ana include/exclude", "Ana"),
        ("Ana: include or exclude", "Ana"),
        ("Ana", "Ana"),
    ],
)
def test_the_words_that_may_be_said_are_no_reviewers_name(name: str, reviewer: str) -> None:
    found, votes = read(f"title,{name}\nA,Include\nB,Exclude\n")

    assert (found, [(vote.reviewer, vote.decision) for vote in votes]) == (
        "wide",
        [(reviewer, "Include"), (reviewer, "Exclude")],
    )


def test_the_header_again_is_no_record() -> None:
    table = Export("sheets.csv", "title,Included,Agree\nA,Yes,1\ntitle,Included,\nB,No,0\n")
    taken = take_votes([table], index(make_records(title=["A", "B"]), {}))

    assert list(taken.votes["decision"]) == ["include", "exclude"]
    assert "sheets.csv: line 3 is the header again, and no record" in taken.remarks


@pytest.mark.parametrize("name", ["Discarded", "Not relevant", "Removed", "Dropped"])
def test_a_yes_to_what_was_left_out_is_asked_about(name: str) -> None:
    with pytest.raises(InputError, match="say what was excluded"):
        read(f"title,{name}\nA,Yes\nB,No\n")


@pytest.mark.parametrize("name", ["Included/Excluded", "Decision", "include"])
def test_a_table_of_votes_is_not_read_by_the_one_note_of_rayyans_in_it(name: str) -> None:
    note = '"RAYYAN-INCLUSION: {""Anna""=>""Excluded""}"'
    text = f"{name},key,title,notes\nyes,rayyan-1,A,\nno,rayyan-2,B,{note}\nno,rayyan-3,C,\n"

    with pytest.raises(
        InputError, match=f"column '{name}' holds 3 votes, and Rayyan's notes those on 1 record"
    ):
        read(text)


def test_rayyans_table_may_have_a_column_of_fewer_votes() -> None:
    note = '"RAYYAN-INCLUSION: {""Anna""=>""Excluded""}"'
    name, votes = read(f"decision,key,title,notes\nyes,rayyan-1,A,{note}\n,rayyan-2,B,{note}\n")

    assert (name, brief(votes)) == ("rayyan", ["Anna Excluded", "Anna Excluded"])


def test_rayyans_ris_has_its_votes_in_a_note() -> None:
    text = (
        "TY  - JOUR\nAN  - rayyan-1\nTI  - A trial\nY1  - 2020\n"
        'N1  - RAYYAN-INCLUSION: {"Anna"=>"Included"} | RAYYAN-LABELS: x\nER  - \n'
    )

    name, votes = read(text, "articles.ris")

    assert (name, brief(votes)) == ("rayyan", ["Anna Included"])
    assert (votes[0].reference.key, votes[0].reference.title) == ("rayyan-1", "A trial")


def test_rayyans_bibtex_has_its_votes_in_a_note() -> None:
    text = (
        "@article{rayyan-1,\n  title={A trial},\n  year={2020},\n"
        '  note={RAYYAN-INCLUSION: {"Anna"=>"Included", "Bo"=>"Excluded"}}\n}\n'
    )

    name, votes = read(text, "articles.bib")

    assert (name, brief(votes)) == ("rayyan", ["Anna Included", "Bo Excluded"])
    assert votes[0].reference.title == "A trial"


def test_rayyans_log_has_every_vote_with_its_time() -> None:
    name, votes = read(LOG)

    assert name == "rayyan_log"
    assert brief(votes) == [
        "anna@example.org 1",
        "bo@example.org 0",
        "bo@example.org -1 wrong drug",
        "bo@example.org",
    ]
    assert votes[2].decided_at == "2024-01-03T09:00:20.000Z"
    assert votes[2].reference.key == "rayyan-1"


def test_rayyans_articles_tell_which_records_the_log_is_about() -> None:
    records = index(make_records(doi=["10.5555/1", "10.5555/2", "10.5555/3"]), {})

    taken = take_votes([Export("articles.csv", RAYYAN), Export("log.csv", LOG)], records)

    assert taken.votes["record_id"].tolist() == ["r1", "r1", "r1"]
    assert taken.votes["decision"].tolist() == ["include", "maybe", "exclude"]
    assert not any("discussion" in remark for remark in taken.remarks)


def test_rayyans_log_alone_asks_for_its_articles() -> None:
    told = "Rayyan's log has its own keys alone; name the articles.csv of that review beside it"
    records = index(make_records(doi=["10.5555/1"]), {})

    assert told in take_votes([Export("log.csv", LOG)], records).remarks
    assert told not in take_votes([Export("articles.csv", RAYYAN), Export("log.csv", LOG)], records).remarks


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "review_7_excluded_csv_20240101000000.csv",
            ["Covidence title_abstract include", "Covidence full_text exclude Wrong study design"],
        ),
        (
            "review_7_irrelevant_csv_20240101000000.csv",
            ["Covidence title_abstract exclude Wrong study design"],
        ),
        ("review_7_select_csv_20240101000000.csv", ["Covidence title_abstract include"]),
        (
            "review_7_included_csv_20240101000000.csv",
            ["Covidence title_abstract include", "Covidence full_text include"],
        ),
        ("review_7_screen_csv_20240101000000.csv", ["Covidence"]),
    ],
)
def test_covidences_file_name_is_the_decision_and_what_it_implies(name: str, told: list[str]) -> None:
    found, votes = read(COVIDENCE, f"folder/{name}")

    assert found == "covidence"
    assert brief(votes) == told
    assert {vote.role for vote in votes} == {"consensus"}


def test_a_renamed_covidence_file_has_no_decision() -> None:
    with pytest.raises(InputError, match=r"renamed.csv: Covidence keeps the decision in the file's name"):
        read(COVIDENCE, "renamed.csv")


def test_asreviews_unseen_records_are_not_rated() -> None:
    header = "record_id,title,asreview_label,asreview_time,asreview_user_name\n"
    text = header + "0,A,1,2024-01-01 10:00:00,Ana\n1,B,,,\n"

    assert read(text)[0] == "asreview"
    assert brief(read(text)[1]) == ["Ana 1", ""]


def test_asreviews_label_may_stand_anywhere_in_a_note() -> None:
    text = "".join(
        f"TY  - GEN\nTI  - {title}\nN1  - first\nN1  - {note}\nER  - \n\n"
        for title, note in (
            ("A", "<p>Notes 1. ASReview_relevant. Notes 2</p>"), ("B", "ASReview_irrelevant"),
            ("C", "ASReview_not_seen"), ("D", "nothing"),
        )
    )  # fmt: skip

    assert brief(read(text, "a.ris")[1]) == ["relevant", "irrelevant", "not_seen", ""]


def test_asreviews_rank_is_no_vote_beside_its_label() -> None:
    name, votes = read("record_id,primary_title,included,asreview_ranking\n7,A,1,1\n9,B,0,2\n4,C,,3\n")

    assert (name, [vote.decision for vote in votes]) == ("asreview", ["1", "0", ""])


def test_asreviews_zero_is_an_exclusion() -> None:
    taken = take_votes([Export("ana.csv", "record_id,included\nr1,0\nr2,1\n")], None)

    assert taken.votes["decision"].tolist() == ["exclude", "include"]
    assert taken.votes["reviewer"].tolist() == ["ana", "ana"]


def test_abstrackrs_zero_is_a_doubt() -> None:
    taken = _abstrackr("(internal) id,record_id,ann,bob\n1,r1,1,0\n2,r2,o,1\n")

    assert taken.votes["decision"].tolist() == ["include", "maybe", "include"]


def test_abstrackrs_resolution_is_an_adjudicators() -> None:
    text = (
        '{"id":2,"title":"B","labels":[{"email":"a@example.org","value":1,"created_at":"2024-01-01T10:00:00Z"},'
        '{"email":"b@example.org","value":-1}],"resolution_labels":[{"user_id":5,"value":1}],"tags":[]}\n'
        '{"id":3,"title":"C","labels":[],"resolution_labels":[]}\n'
    )

    name, votes = read(text, "project.jsonl")

    assert name == "abstrackr"
    assert brief(votes) == ["a@example.org 1", "b@example.org -1", "5 1", ""]
    assert [vote.role for vote in votes[:3]] == ["reviewer", "reviewer", "adjudicator"]
    assert votes[0].decided_at == "2024-01-01T10:00:00Z"


def _abstrackr(text: str) -> Taken:
    return take_votes([Export("labels.csv", text)], None)


def test_metagear_names_two_reviewers_per_row() -> None:
    text = "STUDY_ID,REVIEWERS_A,INCLUDE_A,REVIEWERS_B,INCLUDE_B,TITLE\n3,Ann,NO,Bob,not vetted,C\n"

    assert read(text)[0] == "metagear"
    assert brief(read(text)[1]) == ["Ann NO", "Bob not vetted"]
    assert brief(read("STUDY_ID,REVIEWERS,INCLUDE\n1,Ann,YES\n")[1]) == ["Ann YES"]


def test_metagears_numbers_are_of_one_table_and_name_no_record_of_another() -> None:
    # As write.csv of R saves it: row names first, names of columns with points.
    head = '"","STUDY_ID","REVIEWERS","INCLUDE","Key","Item.Type","Publication.Year","Title","DOI"\n'
    journals = head + '"1",1,"Verity","MAYBE","HX1","journalArticle",2020,"Lamps on wards",""\n'
    theses = head + '"1",1,"Verity","NO","HX9","thesis",2019,"Elsewhere",""\n'
    records = index(make_records(title=["Lamps on wards", "Other"], year=["2020", ""]), {})

    first = take_votes([Export("effort_Verity.csv", journals)], records)
    second = take_votes([Export("theses_Verity.csv", theses)], records)

    assert read(journals)[0] == "metagear"
    assert first.votes[["record_id", "reviewer", "decision"]].to_numpy().tolist() == [
        ["r1", "Verity", "maybe"]
    ]
    assert first.keys.empty
    assert second.votes.empty
    assert "matches no record" in str(second.lost[0])


def test_colandrs_own_columns_name_its_records() -> None:
    # The columns of its export, by its own source (colandr's back end, exports.py).
    text = (
        '"study_id","deduplication_status","citation_screening_status","fulltext_screening_status",'
        '"citation_title","citation_authors","citation_pub_year","fulltext_exclude_reasons"\n'
        '7,"not_duplicate","included","excluded","Lamps on wards","Example, V.",2020,"wrong design"\n'
        '8,"not_duplicate","screened_once","","Other","",,""\n'
    )
    records = index(make_records(title=["Lamps on wards", "Other"], year=["2020", ""]), {})

    votes = take_votes([Export("colandr.csv", text)], records).votes

    assert votes[["record_id", "stage", "decision", "reason"]].to_numpy().tolist() == [
        ["r1", "title_abstract", "include", ""], ["r1", "full_text", "exclude", "wrong design"],
    ]  # fmt: skip


def test_revtools_abstract_goes_before_its_title() -> None:
    text = "label,title,screened_titles,screened_abstracts\na,A,selected,excluded\nb,B,excluded,NA\n"

    assert read(text)[0] == "revtools"
    assert brief(read(text)[1]) == ["excluded", "excluded"]


def test_colrevs_status_implies_the_decisions_before_it() -> None:
    text = (
        "ID,colrev_status,screening_criteria\na,rev_included,population=in;design=in\n"
        "b,rev_excluded,population=out;design=out\nc,rev_prescreen_excluded,\nd,pdf_not_available,\ne,md_prepared,\n"
    )

    assert read(text)[0] == "colrev"
    assert brief(read(text)[1]) == [
        "CoLRev title_abstract include", "CoLRev full_text include",
        "CoLRev title_abstract include", "CoLRev full_text exclude population; design",
        "CoLRev title_abstract exclude",
        "CoLRev title_abstract include", "CoLRev retrieval not_retrieved",
        "",
    ]  # fmt: skip


def test_colrevs_bibtex_has_the_status_as_a_field() -> None:
    text = "@article{a,\n  title={A},\n  colrev_status={rev_prescreen_excluded}\n}\n"

    assert read(text, "records.bib")[0] == "colrev"
    assert brief(read(text, "records.bib")[1]) == ["CoLRev title_abstract exclude"]


def test_abstrackrs_damaged_line_is_told() -> None:
    with pytest.raises(InputError, match=r"project.jsonl:2: is not JSON"):
        read('{"id":3,"labels":[]}\n{"id":', "project.jsonl")


def test_colandrs_open_status_is_not_rated() -> None:
    text = (
        "id,title,citation_screening_status,fulltext_screening_status,fulltext_exclude_reasons\n"
        "1,A,included,excluded,wrong design; wrong population\n2,B,conflict,,\n"
    )

    assert read(text)[0] == "colandr"
    assert brief(read(text)[1]) == [
        "colandr title_abstract included", "colandr full_text excluded wrong design; wrong population",
        "colandr title_abstract", "colandr full_text",
    ]  # fmt: skip


def test_eppis_codes_are_decisions_and_reasons() -> None:
    text = (
        "ItemId,ShortTitle,Title,I/E/D/S flag,"
        "INCLUDE on title & abstract,EXCLUDE wrong population on full text\n"
        "1,Doe,A,I,1,\n2,Roe,B,E,1,1\n3,Poe,C,E,,\n"
    )

    assert read(text)[0] == "eppi"
    assert brief(read(text)[1]) == [
        "EPPI-Reviewer title_abstract include",
        "EPPI-Reviewer title_abstract include", "EPPI-Reviewer full_text exclude wrong population",
        "EPPI-Reviewer exclude",
    ]  # fmt: skip


def test_eppis_report_may_be_a_web_page() -> None:
    text = (
        "<html><body><table><tr><th>ItemId</th><th>ShortTitle</th><th>Title</th><th>I/E/D/S flag</th>"
        "<th>EXCLUDE wrong design on title &amp; abstract</th></tr>\n"
        "<tr><td>7</td><td>Doe</td><td>A<br>trial</td><td>E</td><td>X</td></tr></table></body></html>\n"
    )

    name, votes = read(text, "report.html")

    assert (name, brief(votes)) == ("eppi", ["EPPI-Reviewer title_abstract exclude wrong design"])
    assert (votes[0].line, votes[0].reference.title) == (2, "A trial")


def test_a_long_table_names_stage_and_reviewer() -> None:
    text = (
        "record_id,stage,reviewer,decision\nREC-1 ,Title/Abstract, Ana,Exclude\nrec-1,title_abstract,ana,\n"
    )

    taken = take_votes([Export("long.csv", text)], index(make_records(record_id=["rec-1"]), {}))

    assert taken.votes.iloc[0][["record_id", "stage", "reviewer", "decision"]].tolist() == [
        "rec-1", "title_abstract", "Ana", "exclude",
    ]  # fmt: skip
    assert len(taken.votes) == 1


def test_an_unknown_stage_is_told() -> None:
    with pytest.raises(Exception, match=r"long.csv:2: 'pilot' is no stage"):
        take_votes([Export("long.csv", "record_id,stage,reviewer,decision\nr1,pilot,ana,yes\n")], None)


@pytest.mark.parametrize("start", ["<!DOCTYPE html>\n<html>", "\ufeff\n<html lang='en'>"])
def test_a_form_that_is_a_page_is_no_file_of_its_answers(start: str) -> None:
    with pytest.raises(InputError, match=r"a.html: is a web page, .* give the file that its page saves"):
        read(f"{start}<head><title>Title and abstract: ana</title></head><body></body></html>\n", "a.html")


def test_what_is_no_export_of_a_tool_is_told() -> None:
    with pytest.raises(InputError, match=r"a.csv: is no export of a screening tool.*found title, year"):
        read("title,year\nA,2001\n", "a.csv")


def test_a_format_without_a_real_sample_says_so() -> None:
    assert any(
        "unverified" in remark for remark in _abstrackr("(internal) id,record_id,ann\n1,r1,1\n").remarks
    )


def test_every_tool_says_how_it_was_checked() -> None:
    verified = {name for name, screener in registry.SCREENERS.items() if screener.VERIFIED}

    assert verified == {"rayyan", "rayyan_log", "asreview", "metagear", "long", "wide"}


@pytest.mark.parametrize(
    ("path", "tool", "n_rated"),
    [
        ("rayyan_rayyanR/tinea_update.ris", "rayyan", 16),
        ("rayyan_rayyanR/customizations_log.csv", "rayyan_log", 19),
        ("asreview_demo/baseline_tag-notes_labels.ris", "asreview", 20),
        ("asreview_demo/generic_partial_labels.csv", "asreview", 4),
        ("synthetic/rayyan_articles.csv", "rayyan", 7),
        ("synthetic/metagear_dual.csv", "metagear", 5),
    ],
)
def test_a_tools_own_files_are_read(corpus: Path, path: str, tool: str, n_rated: int) -> None:
    content = (corpus / "decisions" / path).read_text(encoding="utf-8-sig")

    name, votes = read(content, path)

    rated = [vote for vote in votes if vote.decision not in ("", "not_seen", "not vetted")]
    assert (name, len(rated)) == (tool, n_rated)


def flagged(name: str, *, asked: Asked = NOTHING_ASKED) -> set[str]:
    """Return whose votes are read from a sheet of two people with a further column of yes and no."""
    text = f"record_id,Ana,Ben,{name}\nr1,yes,no,yes\nr2,no,no,no\nr3,yes,yes,yes\n"
    return set(take_votes([Export("sheet.csv", text, asked)], None).votes["reviewer"])


@pytest.mark.parametrize(
    "name", ["Ana OK", "Ben was told", "Uploaded by Kim", "Discuss with Ana", "sent to Kim", "Ana 2"]
)
def test_a_column_about_a_person_may_be_no_vote_and_is_asked_about(name: str) -> None:
    with pytest.raises(InputError, match=f"is '{name}' votes"):
        flagged(name)


@pytest.mark.parametrize("name", ["Kim", "Cy Doe", "K. L.", "Decision by Kim", "Kim's vote", "Van der Berg"])
def test_a_third_person_beside_two_is_read_without_a_question(name: str) -> None:
    assert len(flagged(name)) == 3


def test_a_reviewer_and_a_reviewer_2_are_two_people() -> None:
    text = "record_id,Reviewer,Reviewer 2\nr1,yes,no\nr2,no,no\n"

    assert len(set(take_votes([Export("sheet.csv", text)], None).votes["reviewer"])) == 2


def test_beside_the_protocol_s_reviewers_a_strange_name_is_asked_about() -> None:
    asked = Asked(known_reviewers=people.known_names([Reviewer("Ana Ruiz", aliases=("Ana",))]))

    with pytest.raises(InputError, match=r"is 'Ben' votes, and whose .* 'Ana'"):
        flagged("Kim checked", asked=asked)
    with pytest.raises(InputError, match="is 'Told Kim' votes"):
        flagged("Told Kim", asked=replace(asked, known_reviewers=asked.known_reviewers | {"ben"}))
    both = replace(asked, known_reviewers=asked.known_reviewers | {"ben"})
    assert flagged("viewed", asked=both) == {"Ana", "Ben"}
    named = replace(both, votes=(("Ana", "Ana"), ("Ben", "Ben"), ("Told Kim", "Kim")))
    assert flagged("Told Kim", asked=named) == {"Ana", "Ben", "Kim"}


def test_where_no_name_is_the_protocol_s_the_sheet_goes_by_other_names() -> None:
    assert flagged("viewed", asked=Asked(known_reviewers=frozenset({"cy"}))) == {"Ana", "Ben"}


def test_a_header_alone_holds_no_votes_and_is_told_so() -> None:
    with pytest.raises(InputError, match="has no row below its header, and so no votes"):
        take_votes([Export("sheet.csv", "record_id,title,ana,ben\n")], None)
