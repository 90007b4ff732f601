from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make, make_records

Run = Callable[..., Result]
WIDE = "title,ana,bo\nA trial,yes,no\nAnother,0,1\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run ``peerreview decisions`` in a review of two records and a duplicate."""
    monkeypatch.chdir(tmp_path)
    records = make_records(title=["A trial", "Another", "A Trial."], doi=["10.5555/1", "", "10.5555/1"])
    writing.write(records, tmp_path / "records.csv")
    merged = make(tables.DUPLICATES, record_id=["r3"], duplicate_of=["r1"], verdict=["duplicate"])
    writing.write(merged, tmp_path / "duplicates.csv")
    (tmp_path / "wide.csv").write_text(WIDE, encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(app, ["decisions", *arguments])


def test_a_wide_table_becomes_votes(run: Run) -> None:
    result = run("wide.csv", "-o", "decisions/wide.csv", "--stage", "full_text")

    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    votes = reading.read(Path("decisions/wide.csv"), tables.VOTES)
    assert votes["record_id"].tolist() == ["r1", "r1", "r2", "r2"]
    assert set(votes["stage"]) == {"full_text"}
    assert "wide.csv: 0 is read as exclude" in result.stderr
    assert "4 votes; ana at full_text: 1 include, 1 exclude" in result.stderr


def test_a_declared_meaning_is_taken(run: Run) -> None:
    result = run("wide.csv", "-o", "-", "--map", "0=maybe", "--quiet", "--reviewer", "ana,bo")

    assert "r2,ana,title_abstract,maybe" in result.stdout
    assert result.stderr == ""


def test_a_vote_on_an_unknown_record_is_listed_and_nothing_is_written(run: Run) -> None:
    Path("wide.csv").write_text(WIDE + "A third,yes,yes\n", encoding="utf-8")

    result = run("wide.csv", "-o", "votes.csv")

    assert result.exit_code == 1
    assert "wide.csv:4: 'A third' matches no record of this review; its votes are not taken" in result.stderr
    assert "nothing is written: --lenient takes the votes on records found" in result.stderr
    assert not Path("votes.csv").exists()


def test_a_table_that_names_no_record_says_which_columns_would(run: Run) -> None:
    Path("nameless.csv").write_text("Citation ID,Year,Ana\n17,2020,yes\n18,2021,no\n", encoding="utf-8")

    result = run("nameless.csv", "-o", "votes.csv")

    assert result.exit_code == 1
    assert "nameless.csv:2: names no record: a column called title, doi or pmid would" in result.stderr


def test_lenient_takes_the_others_and_lists_it(run: Run) -> None:
    Path("wide.csv").write_text(WIDE + "A third,yes,yes\n", encoding="utf-8")

    result = run("wide.csv", "-o", "votes.csv", "--lenient")

    assert result.exit_code == 0
    assert "wide.csv:4: 'A third' matches no record" in result.stderr
    assert len(reading.read(Path("votes.csv"), tables.VOTES)) == 4


def test_a_chosen_column_is_the_only_reviewer(run: Run) -> None:
    result = run("wide.csv", "-o", "-", "--reviewer", "bo", "--quiet")

    assert result.stdout.splitlines()[1:] == [
        "r1,bo,title_abstract,exclude,,reviewer,,,", "r2,bo,title_abstract,include,,reviewer,,,",
    ]  # fmt: skip


def test_a_file_without_names_is_its_reviewers(run: Run) -> None:
    Path("ana.csv").write_text("title,included\nA trial,1\n", encoding="utf-8")

    assert "r1,ana,title_abstract,include" in run("ana.csv", "-o", "-").stdout
    assert "r1,Zoe,title_abstract,include" in run("ana.csv", "-o", "-", "--reviewer", "Zoe").stdout


def test_reading_the_same_file_again_changes_nothing(run: Run) -> None:
    run("wide.csv", "-o", "votes.csv")
    first = Path("votes.csv").read_bytes()

    run("wide.csv", "-o", "votes.csv")

    assert Path("votes.csv").read_bytes() == first


def test_votes_that_were_taken_are_read_back_as_they_are(run: Run) -> None:
    run("wide.csv", "-o", "votes.csv")

    run("votes.csv", "-o", "again.csv")

    assert Path("again.csv").read_bytes() == Path("votes.csv").read_bytes()


def test_without_records_the_ids_are_not_checked(run: Run) -> None:
    Path("records.csv").unlink()
    Path("ids.csv").write_text("record_id,ana,bo\nx1,yes,no\n", encoding="utf-8")

    taken = run("ids.csv", "-o", "-")

    assert "x1,ana,title_abstract,include" in taken.stdout
    assert "record ids are not checked" in taken.stderr
    assert "has no id" in run("wide.csv", "-o", "-").stderr


def test_a_reference_keeps_the_record_id_that_our_own_export_gave_it(run: Run) -> None:
    note = 'RAYYAN-INCLUSION: {"Anna"=>"Included"}'
    Path("a.ris").write_text(f"TY  - JOUR\nID  - r2\nTI  - Renamed\nN1  - {note}\nER  - \n", encoding="utf-8")
    bib = f"@article{{r3,\n  title={{Renamed}},\n  note={{{note}}}\n}}\n"
    Path("a.bib").write_text(bib, encoding="utf-8")

    assert "r2,Anna,title_abstract,include" in run("a.ris", "-o", "-").stdout
    assert "r3,Anna,title_abstract,include" in run("a.bib", "-o", "-").stdout


def test_a_role_that_is_none_is_told(run: Run) -> None:
    Path("long.csv").write_text("record_id,reviewer,decision,role\nr1,ana,yes,boss\n", encoding="utf-8")

    assert "long.csv:2: 'boss' is no role" in run("long.csv", "-o", "-").stderr


def test_a_file_of_duplicates_that_is_named_must_be_there(run: Run) -> None:
    assert "none.csv: no such file" in run("wide.csv", "-o", "-", "--duplicates", "none.csv").stderr


@pytest.mark.parametrize("pair", ["0", "0=perhaps"])
def test_a_meaning_that_is_no_decision_is_a_usage_error(run: Run, pair: str) -> None:
    assert run("wide.csv", "-o", "-", "--map", pair).exit_code == 2


def test_an_unreadable_export_is_told_by_its_name(run: Run) -> None:
    Path("empty.csv").write_text("", encoding="utf-8")

    result = run("empty.csv", "-o", "-")

    assert result.exit_code == 1
    assert result.stderr == "empty.csv: is empty; export it again\n"
    assert "none.csv: no such file" in run("none.csv", "-o", "-").stderr


def test_votes_are_a_table(run: Run) -> None:
    result = run("wide.csv", "-o", "votes.xlsx")

    assert result.exit_code == 2
    assert "votes.xlsx: a table is written as .csv or .parquet, or to -; name such a file" in result.stderr


def test_a_full_text_that_never_came_is_a_vote_on_its_retrieval(run: Run) -> None:
    Path("form.csv").write_text(
        "record_id,reviewer,stage,decision\nr1,bo,full_text,Not retrieved\n", encoding="utf-8"
    )

    assert "r1,bo,retrieval,not_retrieved" in run("form.csv", "-o", "-").stdout


def test_a_column_that_may_be_votes_in_the_team_s_own_words_is_asked_about(run: Run) -> None:
    Path("three.csv").write_text(
        "record_id,title,ana,bo,cy,cy reason,empty\nr1,One,ja,keep,nein,design,\nr2,Two,oui,drop,sí,,\n",
        encoding="utf-8",
    )

    result = run("three.csv", "-o", "-")

    assert result.exit_code == 1
    assert result.stderr.endswith(
        "three.csv: is 'bo' votes ('drop', 'keep')? "
        "--votes COLUMN=REVIEWER names a column of votes, --map says what its values mean\n"
    )
    named = run("three.csv", "-o", "-", "--reviewer", "bo", "--map", "keep=include", "--map", "drop=exclude")
    assert "r2,bo,title_abstract,exclude" in named.stdout
    assert "three.csv: not read as votes: ana, cy, cy reason; " in named.stderr


def test_a_table_whose_votes_are_not_known_says_how_to_name_them(run: Run) -> None:
    Path("letters.csv").write_text("record_id,ana,bo\nr1,I,E\n", encoding="utf-8")

    assert run("letters.csv", "-o", "-").stderr.endswith(
        "letters.csv: is no export of a screening tool that is known, and no table of votes; "
        "found record_id, ana, bo; "
        "--votes COLUMN=REVIEWER names a column of votes, --map says what its values mean; "
        "--list what standing in a list of records means\n"
    )


def test_votes_taken_before_are_not_dropped_unasked(run: Run) -> None:
    Path("ana.csv").write_text("title,ana\nA trial,yes\nAnother,no\n", encoding="utf-8")
    Path("bo.csv").write_text("title,bo\nA trial,yes\n", encoding="utf-8")
    run("ana.csv")
    before = Path("decisions/votes.csv").read_bytes()

    refused = run("bo.csv")

    assert refused.exit_code == 1
    assert refused.stderr.endswith(
        "decisions/votes.csv: holds 2 votes that are not in this export; "
        "name another file with -o, or --replace\n"
    )
    assert Path("decisions/votes.csv").read_bytes() == before
    assert run("bo.csv", "--replace").exit_code == 0
    assert reading.read(Path("decisions/votes.csv"), tables.VOTES)["reviewer"].tolist() == ["bo"]


def test_votes_that_say_otherwise_now_are_told(run: Run) -> None:
    run("wide.csv")
    Path("wide.csv").write_text(WIDE.replace("yes,no", "no,no"), encoding="utf-8")

    again = run("wide.csv")

    assert again.exit_code == 0
    assert (
        "decisions/votes.csv: 1 of the votes there said otherwise; "
        "agreement is of first votes: keep those, too, in a file with decided_at\n" in again.stderr
    )
    assert "said otherwise" not in run("wide.csv").stderr


def test_what_is_no_table_of_votes_is_not_written_over(run: Run) -> None:
    Path("notes.csv").write_text("my notes\n", encoding="utf-8")

    assert run("wide.csv", "-o", "notes.csv").exit_code == 1
    assert Path("notes.csv").read_text(encoding="utf-8") == "my notes\n"
    Path("notes.csv").write_text("", encoding="utf-8")
    assert run("wide.csv", "-o", "notes.csv").exit_code == 0


def test_a_column_is_somebody_s_by_its_option(run: Run) -> None:
    Path("screened.csv").write_text(
        "title,Screener 1,viewed\nA trial,yes,1\nAnother,no,1\n", encoding="utf-8"
    )

    result = run("screened.csv", "-o", "-", "--votes", "Screener 1=Zoe", "--quiet")

    assert result.stdout.splitlines()[1:] == [
        "r1,Zoe,title_abstract,include,,reviewer,,,", "r2,Zoe,title_abstract,exclude,,reviewer,,,",
    ]  # fmt: skip
    strange = run("screened.csv", "-o", "-", "--votes", "Screener 2=Zoe")
    assert strange.exit_code == 1
    assert "'Screener 2' is no column; columns are 'title', 'Screener 1', 'viewed'" in strange.stderr
    assert run("screened.csv", "-o", "-", "--votes", "Zoe").exit_code == 2


def test_what_was_found_and_not_named_needs_somebody_to_be_told(run: Run) -> None:
    result = run("wide.csv", "-o", "votes.csv", "--quiet")

    assert result.exit_code == 1
    assert "wide.csv: columns 'ana', 'bo' were found, not named" in result.stderr
    assert not Path("votes.csv").exists()


def test_an_answer_is_kept_and_given_again(run: Run) -> None:
    Path("own.csv").write_text("title,S1,why not\nA trial,weg,too old\nAnother,da,\n", encoding="utf-8")
    named = ("--votes", "S1=Zoe", "--map", "weg=exclude", "--map", "da=include", "--reason", "why not")

    first = run("own.csv", "-o", "-", *named, "--save-mapping", "map.toml")

    assert 'reasons = ["why not"]' in Path("map.toml").read_text(encoding="utf-8")
    assert run("own.csv", "-o", "-", "--mapping", "map.toml", "--quiet").stdout == first.stdout
    assert "r1,Zoe,title_abstract,exclude,too old," in first.stdout
    Path("map.toml").write_text("[words]\nda = 'perhaps'\n", encoding="utf-8")
    assert "map.toml: 'perhaps' is no decision" in run("own.csv", "-o", "-", "--mapping", "map.toml").stderr


RIS = "TY  - JOUR\nTI  - A Trial\nDO  - 10.5555/1\nER  - \n"


def test_a_list_is_votes_and_what_stands_in_none_may_be_too(run: Run) -> None:
    Path("kept.ris").write_text(RIS, encoding="utf-8")

    result = run("kept.ris", "-o", "-", "--list", "include", "--rest", "exclude", "--reviewer", "Zoe")

    assert result.stdout.splitlines()[1:] == [
        "r1,Zoe,title_abstract,include,,reviewer,,found by DOI,",
        "r2,Zoe,title_abstract,exclude,,reviewer,,is not in the list,",
    ]
    pending = run("kept.ris", "-o", "-", "--list", "include", "--rest", "pending", "--reviewer", "Zoe")
    assert len(pending.stdout.splitlines()) == 2
    assert "one list of votes is no 2 people's: 'Zoe' and 'Yan'" in (
        run("kept.ris", "-o", "-", "--list", "include", "--reviewer", "Zoe", "--reviewer", "Yan").stderr
    )
    assert run("wide.csv", "-o", "-", "--rest", "exclude").exit_code == 2


def test_a_listed_record_that_is_not_found_is_read_before_the_rest_counts(run: Run) -> None:
    Path("kept.ris").write_text(RIS + "TY  - JOUR\nTI  - Elsewhere\nER  - \n", encoding="utf-8")
    words = ("kept.ris", "-o", "votes.csv", "--list", "include", "--rest", "exclude", "--reviewer", "Zoe")

    for more in ((), ("--lenient",)):
        refused = run(*words, *more)
        assert refused.exit_code == 1
        assert not Path("votes.csv").exists()
    assert "--rest exclude needs --unmatched FILE" in refused.stderr
    taken = run(*words, "--unmatched", "left.csv")
    assert taken.exit_code == 0
    assert "Elsewhere" in Path("left.csv").read_text(encoding="utf-8")
    assert "1 of the list matches no record: where one is here, it counts as exclude" in taken.stderr


def test_the_rest_of_a_list_at_full_text_is_what_came_there(run: Run) -> None:
    Path("kept.ris").write_text(RIS, encoding="utf-8")
    Path("screening.csv").write_text(
        "record_id,stage,outcome,reason,reviewers,resolved_by\n"
        "r1,title_abstract,include,,,votes\nr1,full_text,pending,,,\n"
        "r2,title_abstract,exclude,,,votes\nr9,full_text,pending,,,\n",
        encoding="utf-8",
    )
    words = ("kept.ris", "-o", "-", "--list", "include", "--rest", "exclude", "--reviewer", "Zoe")

    result = run(*words, "--stage", "full_text")

    assert [line.split(",")[0] for line in result.stdout.splitlines()[1:]] == ["r1", "r9"]
    assert "an exclusion at full text needs a reason" in result.stderr


def _workbook(rows: list[list[object]], *merged: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save("sheet.xlsx")


def test_a_workbook_with_two_rows_of_headings_and_totals_below_is_votes(run: Run) -> None:
    _workbook(
        [
            ["title", "Screening", None, "Remarks"],
            [None, "ana", "bo", None],
            ["A trial", "include", "exclude", "late"],
            ["Another", "exclude", "exclude", None],
            ["Total", 1, 0, None],
        ],
        "B1:C1",
    )

    result = run("sheet.xlsx", "-o", "-")

    assert result.exit_code == 0, result.stderr
    assert [",".join(line.split(",")[:4]) for line in result.stdout.splitlines()[1:]] == [
        "r1,ana,title_abstract,include", "r1,bo,title_abstract,exclude",
        "r2,ana,title_abstract,exclude", "r2,bo,title_abstract,exclude",
    ]  # fmt: skip


def test_a_vote_over_merged_rows_is_never_another_vote_in_silence(run: Run) -> None:
    _workbook(
        [["title", "ana", "bo"], ["A trial", "include", "exclude"], ["Another", None, "include"]], "B2:B3"
    )

    result = run("sheet.xlsx", "-o", "-")

    assert result.exit_code == 1 or "merged" in result.stderr, result.stdout


def test_a_list_that_names_a_duplicate_names_its_record(run: Run) -> None:
    Path("kept.csv").write_text("record_id\nr3\n", encoding="utf-8")

    result = run("kept.csv", "-o", "-", "--list", "include", "--rest", "exclude", "--reviewer", "Zoe")

    assert [line.split(",")[0] for line in result.stdout.splitlines()[1:]] == ["r3", "r2"]


def test_a_final_list_is_a_consensus_and_tells_no_first_votes(run: Run) -> None:
    Path("final.ris").write_text(RIS, encoding="utf-8")

    result = run("final.ris", "-o", "-", "--list", "include", "--role", "consensus", "--stage", "full_text")

    assert "r1,consensus,full_text,include,,consensus,," in result.stdout
    assert "the first votes are not known" in result.stderr


def test_what_a_list_names_and_no_record_is_goes_to_a_file(run: Run) -> None:
    Path("kept.ris").write_text(RIS + "\nTY  - JOUR\nTI  - Nowhere\nPY  - 2001\nER  - \n", encoding="utf-8")

    result = run(
        "kept.ris", "-o", "votes.csv", "--list", "include", "--reviewer", "Zoe", "--unmatched", "un.csv"
    )

    assert result.exit_code == 0, result.stderr
    assert "kept.ris,6,,,,Nowhere,2001," in Path("un.csv").read_text(encoding="utf-8")
    assert len(reading.read(Path("votes.csv"), tables.VOTES)) == 1


def test_a_tool_s_key_is_known_again(run: Run) -> None:
    Path("review_1_select_csv_1.csv").write_text(
        "Title,Covidence #,Study\nA trial,#7,Doe 2020\n", encoding="utf-8"
    )
    Path("later.csv").write_text("Covidence #,Zoe\n7,yes\n", encoding="utf-8")
    assert run("later.csv", "-o", "-").exit_code == 1

    run("review_1_select_csv_1.csv", "-o", "covidence.csv")

    assert "covidence,#7,r1,title" in Path("keys.csv").read_text(encoding="utf-8")
    assert "r1,Zoe,title_abstract,include" in run("later.csv", "-o", "-").stdout


def test_the_day_of_votes_may_be_given(run: Run) -> None:
    assert ",2026-05-04," in run("wide.csv", "-o", "-", "--decided-on", "2026-05-04").stdout
    assert run("wide.csv", "-o", "-", "--decided-on", "4.5.2026").exit_code == 2


def test_a_tool_s_words_are_the_reasons_of_the_protocol(run: Run) -> None:
    Path("peerreview.toml").write_text(
        '[screening]\nreasons = ["Wrong age, adults"]\n[reasons.aliases]\nadults = "Wrong age, adults"\n',
        encoding="utf-8",
    )
    note = 'RAYYAN-INCLUSION: {""Zoe""=>""Excluded""} | RAYYAN-LABELS: Adults,later'
    Path("articles.csv").write_text(f'key,title,notes\nrayyan-1,A trial,"{note}"\n', encoding="utf-8")

    assert (
        'r1,Zoe,title_abstract,exclude,"Wrong age, adults",reviewer' in run("articles.csv", "-o", "-").stdout
    )


def test_a_word_without_a_meaning_is_told_once_with_its_count(run: Run) -> None:
    Path("many.csv").write_text("title,ana\nA trial,hm\nAnother,hm\n", encoding="utf-8")

    told = run("many.csv", "-o", "-", "--votes", "ana=ana").stderr

    assert told == "many.csv:2: 'hm' is no decision that is known (2 times); say what it means with --map\n"


def test_two_rows_of_headings_are_one(run: Run) -> None:
    Path("two.csv").write_text(
        ",Title and abstract,,Full text,\ntitle,ana,bo,ana,bo\nA trial,yes,yes,no,yes\n", encoding="utf-8"
    )

    rows = run("two.csv", "-o", "-").stdout.splitlines()[1:]

    assert [",".join(row.split(",")[:4]) for row in rows] == [
        "r1,ana,title_abstract,include", "r1,bo,title_abstract,include",
        "r1,ana,full_text,exclude", "r1,bo,full_text,include",
    ]  # fmt: skip


def votes_of(result: Result) -> list[str]:
    """Return record, reviewer, stage and decision of each vote on standard output, sorted."""
    assert result.exit_code == 0, result.stderr
    return sorted(",".join(line.split(",")[:4]) for line in result.stdout.splitlines()[1:])


BOTH = [
    "r1,Ana,title_abstract,include", "r1,Ben,title_abstract,exclude",
    "r2,Ana,title_abstract,exclude", "r2,Ben,title_abstract,maybe",
]  # fmt: skip


def test_a_workbook_with_a_sheet_per_reviewer_is_read_sheet_by_sheet(run: Run) -> None:
    from openpyxl import Workbook

    book = Workbook()
    ana, ben, counts, old = (book.create_sheet(name) for name in ("Ana", "Ben", "Counts", "Cy"))
    book.remove(book.worksheets[0])
    for row in (["title", "decision"], ["A trial", "include"], ["Another", "exclude"]):
        ana.append(row)
        old.append(row)
    # Ben's columns stand the other way round.
    for row in (["decision", "title"], ["exclude", "A trial"], ["maybe", "Another"]):
        ben.append(row)
    counts.append(["included", 1])
    old.sheet_state = "hidden"
    book.save("votes.xlsx")

    result = run("votes.xlsx", "-o", "-", "--save-mapping", "mapping.toml")

    assert votes_of(result) == BOTH
    assert "votes.xlsx:Cy: is hidden, and not read" in result.stderr
    assert "column 'decision' is Ben's votes" in result.stderr
    # What is saved names no person: the column is another's on each sheet.
    assert votes_of(run("votes.xlsx", "-o", "-", "--mapping", "mapping.toml")) == BOTH


def test_sheets_that_are_called_as_stages_are_of_these(run: Run) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for name, decision in (("Title abstract", "include"), ("Full text", "exclude")):
        sheet = book.create_sheet(name)
        for row in (["title", "decision"], ["A trial", decision]):
            sheet.append(row)
    book.save("ana.xlsx")

    assert votes_of(run("ana.xlsx", "-o", "-")) == [
        "r1,ana,full_text,exclude", "r1,ana,title_abstract,include",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        (
            "Stand: 3.5.2026;;;", "Nr.;Titel;Ana;Ben", "1;A trial;Ja;Nein", ";;;", "2;Another;Nein;unklar",
            ";Summe Ja;1;0",
        ),
        ("Título;Puntuación;Ana;Ben", "A trial;3,5;Sí;No", "Another;2,5;No;Quizás"),
        ("Titre;Ana;Ben", "A trial;inclus;exclu", "Another;exclu;incertain"),
        (
            "Titel;Gutachter;Entscheidung", "A trial;Ana;Einschluss", "A trial;Ben;Ausschluss",
            "Another;Ana;Ausschluss", "Another;Ben;vielleicht",
        ),
        (
            "Título,Revisor,Decisión,Motivo de exclusión", "A trial,Ana,incluir,", "A trial,Ben,excluir,x",
            "Another,Ana,excluido,x", "Another,Ben,duda,",
        ),
        ("record,title,Ana,Ben", "7,A trial,inc,exc", "9,Another,exc,?"),
        (
            "Title,Stage,User,Decision", "A trial,Title and abstract screening,Ana,Yes",
            "A trial,Title and abstract screening,Ben,No", "Another,Title and abstract screening,Ana,No",
            "Another,Title and abstract screening,Ben,Maybe",
        ),
    ],
)  # fmt: skip
def test_sheets_of_other_languages_are_read_as_they_are_kept(run: Run, rows: tuple[str, ...]) -> None:
    Path("sheet.csv").write_text("\n".join(rows), encoding="cp1252")

    assert votes_of(run("sheet.csv", "-o", "-")) == BOTH


@pytest.mark.parametrize(
    "rows",
    [
        (
            "title,Include (Ana),Exclude (Ana),Include (Ben),Exclude (Ben),Maybe (Ben)", "A trial,x,,,X,",
            "Another,,x,,,x",
        ),
        (
            "title,reviewer,Include,Exclude,Unclear", "A trial,Ana,x,,", "A trial,Ben,,x,", "Another,Ana,,x,",
            "Another,Ben,,,x",
        ),
    ],
)  # fmt: skip
def test_a_tick_below_a_decision_is_that_vote(run: Run, rows: tuple[str, ...]) -> None:
    Path("sheet.csv").write_text("\n".join(rows), encoding="utf-8")

    assert votes_of(run("sheet.csv", "-o", "-")) == BOTH


def test_two_ticks_of_one_person_on_one_record_are_an_error(run: Run) -> None:
    Path("ana.csv").write_text("title,Include,Exclude\nA trial,x,\nAnother,x,x\n", encoding="utf-8")

    result = run("ana.csv", "-o", "-")

    assert result.exit_code == 1
    assert "ana.csv:3: 'Exclude' is ticked and so is include: only one can be" in result.stderr


def test_a_reason_beside_ticks_goes_with_what_is_excluded(run: Run) -> None:
    Path("ana.csv").write_text(
        "title,Include,Exclude,Reason\nA trial,x,,\nAnother,,x,Wrong design\n", encoding="utf-8"
    )

    result = run("ana.csv", "-o", "-", "--stage", "full_text")

    assert "r2,ana,full_text,exclude,Wrong design" in result.stdout


def test_a_column_that_says_yes_and_nothing_else_is_asked_about(run: Run) -> None:
    Path("sheet.csv").write_text("title,burden\n" + "A trial,Yes\n" * 20, encoding="utf-8")

    assert "'burden': people, or what was checked of each record?" in run("sheet.csv", "-o", "-").stderr


def test_check_boxes_that_nothing_says_are_of_people_are_asked_about(run: Run) -> None:
    sheet = "title,Ana,Inpatient\nA trial,TRUE,FALSE\nAnother,FALSE,TRUE\n"
    Path("sheet.csv").write_text(sheet, encoding="utf-8")

    asked = run("sheet.csv", "-o", "-")
    Path("peerreview.toml").write_text('[[reviewers]]\nname = "Ana"\n[[reviewers]]\nname = "Inpatient"\n')

    assert asked.exit_code == 1
    assert "'Ana' and 'Inpatient': people, or what was checked of each record?" in asked.stderr
    assert len(votes_of(run("sheet.csv", "-o", "-"))) == 4
    assert len(votes_of(run("sheet.csv", "-o", "-", "--votes", "Ana=Ana"))) == 2
