"""Screening forms: what people fill in comes back as it was meant, however it was saved."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.paper import screening_form
from peerreview.protocol import Protocol
from peerreview.render import excel
from peerreview.screening import progress
from peerreview.screening.decisions import take_votes
from peerreview.screening.screeners import Export
from peerreview.tables import reading, writing
from tests.builders import make, make_votes

Run = Callable[..., Result]
REASONS = ("Wrong population", "Wrong design; too short", "Пациенты")
BLANK = "<table:table-cell/>"
STAGE_WORDS = {
    "title_abstract": ("include", "exclude", "maybe"),
    "retrieval": ("include", "not_retrieved"),
    "full_text": ("include", "exclude", "maybe", "not_retrieved"),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run ``peerreview`` in a folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, [*arguments])


def _records(n: int, *, words: int = 40) -> None:
    writing.write(
        make(
            tables.UNIQUE,
            record_id=[f"r{number}" for number in range(n)],
            title=[f'Étude {number}; of lamps, "lifts"' for number in range(n)],
            abstract=[" ".join(["ward"] * (number % 7) * words) for number in range(n)],
            doi=[f"10.5555/a<{number}>" for number in range(n)],
            source_kinds=["database"] * n,
        ),
        Path("unique.csv"),
    )


def _form(stage: str, n: int = 6):  # type: ignore[no-untyped-def]
    unique = make(
        tables.UNIQUE,
        title=[f'=Étude {number}; a, "b"\nand more' for number in range(n)],
        abstract=["'quoted' — text" for _ in range(n)],
    )
    cells = progress.form(unique["record_id"], unique, reviewer="Jörg", stage=stage)
    return screening_form.lay_out(cells, stage, Protocol(reasons=REASONS))


def _ods(rows: list[list[str]]) -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text"))

    def written(cell: str) -> str:
        lines = "".join(f"<text:p>{escape(part)}</text:p>" for part in cell.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>' if cell else BLANK

    listed = "".join(f"<table:table-row>{''.join(map(written, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content {names} office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="form">{listed}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return stream.getvalue()


def _saved(form, filled: dict[tuple[int, str], str], how: str) -> bytes:  # type: ignore[no-untyped-def]
    """Return a form with cells filled in, as a program saves it."""
    columns = list(form.cells.columns)
    if how == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(excel.fill_in(form)))
        for (row, column), text in filled.items():
            book["form"].cell(row + 2, columns.index(column) + 1, text)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()
    cells = writing.for_people(form.cells)
    rows = [columns, *cells.to_numpy().tolist()]
    for (row, column), text in filled.items():
        rows[row + 1][columns.index(column)] = text
    if how == "ods":
        return _ods(rows)
    delimiter, encoding, end = {
        "comma": (",", "utf-8-sig", "\n"), "semicolon": (";", "utf-8", "\r\n"),
        "cp1252": (";", "cp1252", "\r\n"), "tab": ("\t", "utf-16", "\r\n"),
    }[how]  # fmt: skip
    text = end.join(writing.csv_line(row, delimiter) for row in rows) + end
    return text.encode(encoding, "replace")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_cells_filled_in_come_back_as_exactly_those_votes(data: st.DataObject) -> None:
    from peerreview.imports import formats

    stage = data.draw(st.sampled_from(list(STAGE_WORDS)))
    how = data.draw(st.sampled_from(["xlsx", "ods", "comma", "semicolon", "cp1252", "tab"]))
    form = _form(stage)
    ids = form.cells["record_id"].tolist()
    own = [reason for reason in REASONS if how != "cp1252" or reason.isascii()]
    filled: dict[tuple[int, str], str] = {}
    meant = {}
    for row in data.draw(st.sets(st.integers(0, len(ids) - 1))):
        decision = data.draw(st.sampled_from(STAGE_WORDS[stage]))
        reason = data.draw(st.sampled_from(["", *own])) if decision == "exclude" else ""
        day = data.draw(st.sampled_from(["", "2026-05-04", "4.5.2026", "31/05/2026"]))
        note = data.draw(st.sampled_from(["", "read again, later"]))
        said = {"decision": decision, "reason": reason, "decided_at": day, "note": note}
        filled |= {(row, column): text for column, text in said.items() if text}
        at = "retrieval" if decision == "not_retrieved" else stage
        iso = {"4.5.2026": "2026-05-04", "31/05/2026": "2026-05-31"}.get(day, day)
        meant[ids[row]] = ("Jörg", at, decision, reason, note, iso)

    text = formats.decode(_saved(form, filled, how)).text
    votes = take_votes([Export("form.csv", text)], None).votes

    columns = ("reviewer", "stage", "decision", "reason", "note", "decided_at")
    found = {
        record_id: cells
        for record_id, *rest in zip(*(votes[name] for name in ("record_id", *columns)), strict=True)
        if (cells := tuple(rest))
    }
    assert found == meant


def test_a_date_that_can_be_two_days_is_asked_about(run: Run) -> None:
    header = "record_id,reviewer,stage,decision,reason,decided_at,note\n"
    row = "r{0},ana,title_abstract,include,,{1},\n"
    Path("form.csv").write_text(header + row.format(1, "04/05/2026"), encoding="utf-8")

    asked = run("decisions", "form.csv", "-o", "votes.csv")
    assert asked.exit_code == 1
    assert "form.csv:2: decided_at '04/05/2026' can be 2026-04-05 or 2026-05-04" in asked.stderr
    Path("form.csv").write_text(
        header + row.format(1, "04/05/2026") + row.format(2, "31/05/2026"), encoding="utf-8"
    )
    assert ",2026-05-04," in run("decisions", "form.csv", "-o", "-").stdout


def test_a_day_given_for_all_rows_stands_where_none_was_filled_in(run: Run) -> None:
    _records(3)
    run("screen", "--form", "ana", "-o", "form.csv")
    form = reading.read_raw(Path("form.csv"))
    writing.write(form.assign(decision="include", decided_at=["", "2026-05-01", ""]), Path("form.csv"))

    taken = run("decisions", "form.csv", "-o", "-", "--decided-on", "2026-05-04")

    assert sorted(line.split(",")[6] for line in taken.stdout.splitlines()[1:]) == [
        "2026-05-01", "2026-05-04", "2026-05-04",
    ]  # fmt: skip


def test_abstract_and_decision_stand_on_one_small_screen(run: Run) -> None:
    _records(14, words=60)
    run("screen", "--form", "ana", "-o", "form.xlsx")
    page = openpyxl.load_workbook("form.xlsx")["form"]
    names = [cell.value for cell in page[1]]

    def pixels(name: str) -> float:
        letter = openpyxl.utils.get_column_letter(names.index(name) + 1)
        return float(page.column_dimensions[letter].width) * 7 + 5

    shown = names[: names.index("abstract") + 1]
    assert shown == ["decision", "reason", "note", "decided_at", "title", "abstract"]
    # Numbers of rows and a scroll bar take 50 pixels of the 1,366.
    assert sum(map(pixels, shown)) <= 1_316
    assert page.freeze_panes == "D2"
    heights = [page.row_dimensions[row].height for row in range(2, page.max_row + 1)]
    # Of 768 pixels 430 are left for a row under ribbon, header and taskbar: 322 points.
    assert max(heights) <= 322
    assert page.cell(2, names.index("abstract") + 1).alignment.wrap_text


def test_a_doi_is_a_link_and_the_second_sheet_says_what_to_go_by(run: Run) -> None:
    _records(3)
    Path("peerreview.toml").write_text(
        '[review]\ntitle = "Peers"\n[screening]\nreasons = ["No peers"]\n'
        '[criteria]\ninclude = ["Adults on a ward"]\n',
        encoding="utf-8",
    )

    run("screen", "--form", "ana", "-o", "form.xlsx")

    book = openpyxl.load_workbook("form.xlsx")
    names = [cell.value for cell in book["form"][1]]
    links = {
        cell.hyperlink.target
        for cell in next(book["form"].iter_cols(names.index("doi") + 1))
        if cell.hyperlink
    }
    assert "https://doi.org/10.5555/a%3C1%3E" in links
    said = {row[0].value: row[1].value for row in book["about"].iter_rows()}
    assert said["left to fill in"] == '=COUNTBLANK(form!A2:A4)&" of 3"'
    assert said["include"] == "Adults on a ward"
    assert said["reason 1"] == "No peers"


def test_a_full_text_that_nobody_got_may_be_said_so_in_its_form(run: Run) -> None:
    _records(2)
    Path("decisions").mkdir()
    rows = [f"r{n},{who},title_abstract,include" for n in range(2) for who in ("ana", "bo")]
    Path("decisions/a.csv").write_text(
        "\n".join(["record_id,reviewer,stage,decision", *rows]) + "\n", encoding="utf-8"
    )

    run("screen", "--form", "ana", "--stage", "full_text", "-o", "form.xlsx")
    words = [cell.value for cell in openpyxl.load_workbook("form.xlsx")["allowed"]["A"]]
    run("screen", "--form", "ana", "--stage", "retrieval", "-o", "sought.csv")
    sought = reading.read_raw(Path("sought.csv"))
    writing.write(sought.assign(decision=["not_retrieved", ""]), Path("sought.csv"))
    assert run("decisions", "sought.csv", "-o", "decisions/sought.csv").exit_code == 0

    assert words == ["include", "exclude", "maybe", "not_retrieved"]
    assert len(sought) == 2
    assert run("screen").exit_code == 0
    outcomes = reading.read(Path("screening.csv"), tables.SCREENING)
    assert (outcomes["outcome"] == "not_retrieved").sum() == 1
    assert "1 record is left" in run("screen", "--form", "ana", "--stage", "retrieval", "-o", "b.csv").stderr


def test_a_pilot_is_of_the_same_records_for_all(run: Run) -> None:
    _records(60)
    drawn = []
    for name in ("ana", "bo"):
        run("screen", "--form", name, "--sample", "10", "--seed", "3", "-o", f"{name}.csv")
        drawn.append(reading.read_raw(Path(f"{name}.csv"))["record_id"].tolist())

    assert len(drawn[0]) == 10
    assert set(drawn[0]) == set(drawn[1])
    run("screen", "--form", "ana", "--sample", "10", "--seed", "4", "-o", "other.csv")
    assert set(reading.read_raw(Path("other.csv"))["record_id"]) != set(drawn[0])


@pytest.mark.slow
def test_three_people_share_a_thousand_records_two_to_each(run: Run) -> None:
    _records(1_000, words=1)
    people = ("ana", "ben", "cy")
    said = {"ana": "include", "ben": "exclude", "cy": "include"}
    for number, name in enumerate(people, start=1):
        share = f"{number}/3 of ana,ben,cy"
        made = run("screen", "--form", name, "--share", share, "-o", f"forms/{name}.csv")
        assert made.exit_code == 0, made.stderr
        form = reading.read_raw(Path(f"forms/{name}.csv"))
        # Ben takes out what all others keep, but for each tenth record.
        decisions = ["include" if int(each[1:]) % 10 == 0 else said[name] for each in form["record_id"]]
        writing.write(form.assign(decision=decisions), Path(f"forms/{name}.csv"))
    for name in people:
        assert run("decisions", f"forms/{name}.csv", "-o", f"decisions/{name}.csv").exit_code == 0
    assert run("screen").exit_code == 0
    assert run("agreement", "-o", "agreement.json").exit_code == 0

    shares = reading.read(Path("assignments.csv"), tables.ASSIGNMENTS)
    by_record = shares.groupby("record_id")["reviewer"].agg(lambda names: ",".join(sorted(names)))
    assert sorted(by_record.value_counts()) == [333, 333, 334]
    assert len(by_record) == 1_000
    outcomes = reading.read(Path("screening.csv"), tables.SCREENING)
    at_stage = outcomes[outcomes["stage"] == "title_abstract"]
    pairs_of = {str(record_id): str(pair) for record_id, pair in by_record.items()}
    meant = {
        record_id: "include" if "ben" not in pair or int(record_id[1:]) % 10 == 0 else "conflict"
        for record_id, pair in pairs_of.items()
    }
    assert dict(zip(at_stage["record_id"], at_stage["outcome"], strict=True)) == meant
    conflicts = reading.read(Path("conflicts.csv"), tables.CONFLICTS)
    assert len(conflicts) == list(meant.values()).count("conflict")
    measured = json.loads(Path("agreement.json").read_text(encoding="utf-8"))
    pairs = {(each["reviewer_1"], each["reviewer_2"]): each for each in measured["stages"][0]["pairs"]}
    for pair, found in pairs.items():
        own = [record_id for record_id, names in pairs_of.items() if names == ",".join(pair)]
        same = sum(meant[record_id] != "conflict" for record_id in own)
        assert found["n_both"] == len(own)
        assert found["percent"] == pytest.approx(same / len(own))


def test_records_that_stay_with_others_than_those_who_share_now_are_told(run: Run) -> None:
    _records(30, words=1)
    run("screen", "--form", "ana", "--share", "ana,ben", "-o", "a.csv")

    again = run("screen", "--form", "ana", "--share", "ana,ben", "-o", "b.csv")
    others = run("screen", "--form", "ana", "--share", "ana,ben,cy", "-o", "c.csv")

    assert "stay with" not in again.stderr
    assert "30 records stay with those who have them (ana, ben)" in others.stderr


def test_records_shared_out_stay_with_their_people_and_new_ones_are_added(run: Run) -> None:
    _records(30, words=1)
    run("screen", "--form", "ana", "--share", "ana,ben,cy", "-o", "a.csv")
    before = reading.read(Path("assignments.csv"), tables.ASSIGNMENTS)
    _records(40, words=1)
    run("screen", "--form", "ana", "--share", "ana,ben,cy", "-o", "b.csv")
    after = reading.read(Path("assignments.csv"), tables.ASSIGNMENTS)

    rows = set(after.itertuples(index=False, name=None))
    assert set(before.itertuples(index=False, name=None)) <= rows
    assert len(rows) == 80
    assert after["reviewer"].value_counts().tolist() == [27, 27, 26]
    # Who is asked for no share gets their own records all the same.
    run("screen", "--form", "ben", "-o", "c.csv")
    own = set(after.loc[after["reviewer"] == "ben", "record_id"])
    assert set(reading.read_raw(Path("c.csv"))["record_id"]) == own
    status = json.loads(run("screen", "--status", "--json").stdout)["stages"][0]["reviewers"]
    assert {each["reviewer"]: each["left"] for each in status}["ben"] == len(own)


@pytest.mark.parametrize(
    ("share", "told"),
    [
        ("1/2 of ana,ben,cy", "3 people have 3 shares"),
        ("2/3 of ana,ben,cy", "share 2 is that of 'ben', --form of 'ana'"),
        ("ben,cy", "'ana', of --form, has no share in it"),
        ("ana", "names no two people"),
    ],
)
def test_shares_that_do_not_fit_are_told(run: Run, share: str, told: str) -> None:
    _records(3)

    result = run("screen", "--form", "ana", "--share", share, "-o", "a.csv")

    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())
    assert not Path("assignments.csv").exists()


def test_a_form_for_the_browser_has_the_words_of_the_stage_and_the_criteria(run: Run) -> None:
    _records(3)
    Path("peerreview.toml").write_text(
        '[screening]\nreasons = ["No peers"]\n[criteria]\ninclude = ["Adults on a ward"]\n', encoding="utf-8"
    )

    made = run("screen", "--form", "ana", "-o", "ana.html")

    assert made.exit_code == 0, made.stderr
    assert "open ana.html in a browser" in made.stderr
    page = Path("ana.html").read_text(encoding="utf-8")
    assert all(word in page for word in ("Adults on a ward", "No peers", "maybe", "ana.csv"))
    assert run("screen", "--form", "ana", "-o", "ana.html").exit_code == 0


def test_by_relevance_the_likelier_records_come_first_and_the_form_says_why(run: Run) -> None:
    titles = [f"nurses on the ward {n}" if n % 2 else f"lamps in the lift {n}" for n in range(12)]
    unique = make(
        tables.UNIQUE, record_id=[f"r{n}" for n in range(12)], title=titles, source_kinds=["database"] * 12
    )
    writing.write(unique, Path("unique.csv"))
    arguments = ("screen", "--form", "ana", "--order", "relevance", "-o", "form.csv")

    assert "no order by relevance before ana has a vote to include" in run(*arguments).stderr
    assert "relevance" not in reading.read_raw(Path("form.csv")).columns
    votes = ("r0 ana title_abstract exclude", "r1 ana title_abstract include")
    Path("decisions").mkdir()
    writing.write(make_votes(*votes), Path("decisions/ana.csv"))
    told = run(*arguments)

    assert "ordered by relevance, from the 2 votes of ana at title_abstract (1 to include)" in told.stderr
    form = reading.read_raw(Path("form.csv"))
    assert [int(each[1:]) % 2 for each in form["record_id"]] == [1] * 5 + [0] * 5
    assert form["relevance"].iloc[0].startswith("1; for: nurses")
    assert "against: lamps" in form["relevance"].iloc[-1]
    form["decision"] = ["include"] * 5 + ["exclude"] * 5
    Path("form.csv").write_text(writing.to_csv(form))
    assert run("decisions", "form.csv", "-o", "decisions/more.csv").exit_code == 0
    taken = reading.read(Path("decisions/more.csv"), tables.VOTES)
    assert taken["decision"].tolist() == ["include"] * 5 + ["exclude"] * 5
    assert set(taken["note"]) == {""}


def test_a_page_keeps_the_order_by_relevance(run: Run) -> None:
    titles = [f"nurses on the ward {n}" if n % 2 else f"lamps in the lift {n}" for n in range(8)]
    unique = make(tables.UNIQUE, title=titles, source_kinds=["database"] * 8)
    writing.write(unique, Path("unique.csv"))
    votes = ("r1 ana title_abstract exclude", "r2 ana title_abstract include")
    Path("decisions").mkdir()
    writing.write(make_votes(*votes), Path("decisions/ana.csv"))

    run("screen", "--form", "ana", "--order", "relevance", "-o", "form.html")

    page = Path("form.html").read_text()
    assert page.index("nurses on the ward 3") < page.index("lamps in the lift 2")


def test_a_page_marks_the_protocol_s_words(run: Run) -> None:
    _records(2)
    Path("peerreview.toml").write_text(
        '[screening]\ninclude_words = ["lamp*"]\nexclude_words = ["ward"]\n', encoding="utf-8"
    )

    run("screen", "--form", "ana", "-o", "form.html")

    words = re.search(r'"words":\s*(\{.*?\})', Path("form.html").read_text(encoding="utf-8"))
    assert words
    assert json.loads(words[1]) == {"include": ["lamp*"], "exclude": ["ward"]}


def test_an_order_by_relevance_is_explained_record_by_record(run: Run) -> None:
    titles = [f"nurses on the ward {n}" if n % 2 else f"lamps in the lift {n}" for n in range(8)]
    writing.write(make(tables.UNIQUE, title=titles, source_kinds=["database"] * 8), Path("unique.csv"))
    Path("decisions").mkdir()
    votes = ("r1 ana title_abstract exclude", "r2 ana title_abstract include")
    writing.write(make_votes(*votes), Path("decisions/ana.csv"))

    told = run("screen", "--form", "ana", "--order", "relevance", "--explain", "-o", "form.csv")

    header, first, *_, last = told.stdout.splitlines()
    assert header == "rank,record_id,score,words_for,words_against"
    assert first.startswith("1,r4,")
    assert "nurses; " in first
    assert "lamps; " in last
    assert len(told.stdout.splitlines()) == 7
    assert Path("form.csv").exists()
    alone = run("screen", "--form", "ana", "--explain", "-o", "form.csv")
    assert (alone.exit_code, "--explain goes with --form and --order relevance" in alone.stderr) == (2, True)


def test_a_form_s_order_is_the_protocol_s_where_none_is_asked_for(run: Run) -> None:
    _records(12)
    Path("peerreview.toml").write_text("[screening]\norder = 'id'\n", encoding="utf-8")

    run("screen", "--form", "ana", "-o", "form.csv")
    run("screen", "--form", "ana", "--order", "seed", "-o", "other.csv")

    ids, shuffled = (reading.read_raw(Path(name))["record_id"].tolist() for name in ("form.csv", "other.csv"))
    assert ids == sorted(ids)
    assert shuffled != ids
