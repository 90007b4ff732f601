"""Two people's versions of a table merged row by row: no vote is lost."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview import tables
from peerreview.errors import InputError
from peerreview.tables import reading
from peerreview.tables.merging import Merged, merge
from peerreview.tables.writing import csv_line

VOTES = tables.VOTES.columns


def merged(folder: Path, base: str, ours: str, theirs: str, shown: str = "decisions/ana.csv") -> Merged:
    paths = [folder / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, (base, ours, theirs), strict=True):
        path.write_bytes(text.encode())
    return merge(*paths, shown=shown)


def text(*rows: str, header: str = ",".join(VOTES)) -> str:
    return "\n".join([header, *rows, ""])


A, B, C = (f"r{n},ana,title_abstract,include" for n in (1, 2, 3))


def test_votes_that_both_added_at_the_end_are_no_conflict(tmp_path: Path) -> None:
    found = merged(tmp_path, text(A), text(A, B), text(A, C))

    assert found == Merged(text(A, B, C).encode())


def test_a_vote_that_both_added_is_one(tmp_path: Path) -> None:
    assert merged(tmp_path, text(A), text(A, B), text(A, B, C)).content == text(A, B, C).encode()


def test_a_file_that_both_began_is_merged_without_a_base(tmp_path: Path) -> None:
    assert merged(tmp_path, "", text(A), text(C)).content == text(A, C).encode()


def test_a_vote_that_one_side_removed_stays_and_is_told(tmp_path: Path) -> None:
    found = merged(tmp_path, text(A, B), text(B, C), text(A, B))

    assert found.content == text(B, C, A).encode()
    assert found.remarks == (
        "decisions/ana.csv: 1 vote that one side removed stays; the decision withdrawn takes a vote back",
    )


def test_a_note_that_one_side_mended_is_taken_and_of_two_both_stay(tmp_path: Path) -> None:
    header = ",".join((*VOTES, "note"))
    base, mine, other = (text(f"{A},{note}", header=header) for note in ("", "seen", "read"))

    assert merged(tmp_path, base, base + f"{B},\n", other).content == (other + f"{B},\n").encode()
    both = merged(tmp_path, base, mine, other)
    assert both.content == (mine + f"{A},read\n").encode()
    assert both.conflicts == ()


def test_a_changed_decision_is_a_further_vote(tmp_path: Path) -> None:
    changed = A.replace("include", "exclude")

    found = merged(tmp_path, text(A), text(A, B), text(changed))

    assert set(found.content.decode().splitlines()[1:]) == {A, B, changed}


def test_what_a_spreadsheet_saved_otherwise_is_the_same_table(tmp_path: Path) -> None:
    theirs = "\ufeff" + text(A, C).replace(",", ";").replace("\n", "\r\n")

    assert merged(tmp_path, text(A), text(A, B), theirs).content == text(A, B, C).encode()
    ours = merged(tmp_path, text(A), theirs, text(A, B)).content
    assert ours == (theirs + B.replace(",", ";") + "\r\n").encode()


def test_a_column_that_one_side_added_is_kept(tmp_path: Path) -> None:
    wide = text(f"{A},seen", f"{C},", header=",".join((*VOTES, "note")))

    found = merged(tmp_path, text(A), text(A, B), wide)

    assert found.content.decode() == text(f"{A},seen", f"{B},", f"{C},", header=",".join((*VOTES, "note")))


STUDIES = "study_id,label,country"


def test_cells_that_one_side_changed_are_taken_from_it(tmp_path: Path) -> None:
    base = text("S1,Ade,Spain", "S2,Poe,", header=STUDIES)
    ours = text("S1,Ade 2021,Spain", "S2,Poe,", header=STUDIES)
    theirs = text("S1,Ade,Portugal", "S2,Poe,Italy", "S3,Roe,Chile", header=STUDIES)

    found = merged(tmp_path, base, ours, theirs, "studies.csv")

    assert found.content.decode() == text(
        "S1,Ade 2021,Portugal", "S2,Poe,Italy", "S3,Roe,Chile", header=STUDIES
    )
    assert found.conflicts == ()


def test_a_cell_that_both_changed_is_a_conflict_with_both_rows(tmp_path: Path) -> None:
    base, ours, theirs = (text(f"S1,Ade,{place}", header=STUDIES) for place in ("Spain", "Peru", "Chile"))

    found = merged(tmp_path, base, ours, theirs, "studies.csv")

    assert found.conflicts == ("studies.csv: country of S1 is 'Peru' in ours and 'Chile' in theirs",)
    assert found.content.decode() == text(
        "<<<<<<< ours", "S1,Ade,Peru", "=======", "S1,Ade,Chile", ">>>>>>> theirs", header=STUDIES
    )
    (tmp_path / "studies.csv").write_bytes(found.content)
    with pytest.raises(Exception, match=r"studies\.csv:2"):
        reading.read(tmp_path / "studies.csv", tables.STUDIES)


def test_a_row_changed_here_and_removed_there_is_a_conflict_and_one_only_removed_is_gone(
    tmp_path: Path,
) -> None:
    base = text("S1,Ade,", "S2,Poe,", header=STUDIES)
    changed = text("S1,Ade,Peru", "S2,Poe,", header=STUDIES)

    found = merged(tmp_path, base, changed, text(header=STUDIES), "studies.csv")

    assert found.conflicts == ("studies.csv: the row S1 was changed by one side and removed by the other",)
    assert "Poe" not in found.content.decode()


def test_rows_without_a_key_are_wholes(tmp_path: Path) -> None:
    header = "study_id,theme"
    found = merged(
        tmp_path,
        text("S1,trust", "S1,money", header=header),
        text("S1,trust", "S1,money", "S2,trust", header=header),
        text("S1,trust", "S2,trust", "S3,money", header=header),
        "themes.csv",
    )

    assert found.content.decode() == text("S1,trust", "S2,trust", "S3,money", header=header)


def test_a_workbook_and_a_broken_table_are_told_by_the_table_s_own_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^decisions/ana\.csv:2: 5 cells in a table of 4 columns"):
        merged(tmp_path, text(A), text(f"{A},x"), text(A, B))
    (tmp_path / "book").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="workbook"):
        merge(tmp_path / "base", tmp_path / "ours", tmp_path / "book", shown="decisions/ana.csv")


def test_two_tables_that_are_not_the_same_one_are_not_merged(tmp_path: Path) -> None:
    studies = text("S1,A", header="study_id,label")

    with pytest.raises(
        InputError, match=r"^x\.csv: is studies and decisions, one on each side: nothing to merge"
    ):
        merged(tmp_path, studies, studies, text(A), "x.csv")
    with pytest.raises(InputError, match="is another table and decisions"):
        merged(tmp_path, "", text("1", header="n"), text(A))


ROW = st.tuples(
    st.sampled_from(["r1", "r2", "r3"]),
    st.sampled_from(["ana", "bo, c"]),
    st.sampled_from(["title_abstract", "full_text"]),
    st.sampled_from(["include", "exclude"]),
    st.sampled_from(["", "Wrong design", 'a "quote"']),
    st.sampled_from(["", "2024-01-01", "2024-01-02"]),
    st.sampled_from(["", "seen", "two\nlines"]),
)
COLUMNS = (*VOTES, "reason", "decided_at", "note")


def table(rows: list[tuple[str, ...]]) -> str:
    return "".join(csv_line(row) + "\n" for row in [COLUMNS, *rows])


def votes_of(rows: list[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {(*row[:4], row[5]) for row in rows}


def rows_of(content: bytes, folder: Path) -> list[tuple[str, ...]]:
    (folder / "read.csv").write_bytes(content)
    frame = reading.read_raw(folder / "read.csv")
    return list(zip(*(frame[column].tolist() for column in COLUMNS), strict=True))


@pytest.mark.slow
@settings(max_examples=100)
@given(st.data())
def test_no_vote_is_lost_or_made_up_in_any_merge(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    base = data.draw(st.lists(ROW, max_size=6))

    def side() -> list[tuple[str, ...]]:
        kept = [row for row in base if data.draw(st.integers(0, 5))]
        mended = [(*row[:6], "mended") if not data.draw(st.integers(0, 4)) else row for row in kept]
        return mended + data.draw(st.lists(ROW, max_size=4))

    ours, theirs = side(), side()
    found = merged(folder, table(base), table(ours), table(theirs))
    back = merged(folder, table(base), table(theirs), table(ours))

    rows = rows_of(found.content, folder)
    assert votes_of(rows) == votes_of(ours) | votes_of(theirs)
    assert set(rows) <= {*ours, *theirs}
    assert Counter(rows) == Counter(rows_of(back.content, folder))
    again = merged(folder, table(base), found.content.decode(), table(theirs))
    assert votes_of(rows_of(again.content, folder)) == votes_of(rows)
    assert found.conflicts == ()
