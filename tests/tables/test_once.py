from pathlib import Path

import pytest

from peerreview import tables
from peerreview.errors import InputErrors
from peerreview.tables import reading
from peerreview.tables.once import keeping_tables

TABLE = tables.Table("words", columns=("id", "word"), key=("id",), values={"word": ("yes", "no")})


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files that were taken apart so far."""
    paths: list[Path] = []
    whole = reading._read_bytes

    def counted(content: bytes, path: Path) -> object:
        paths.append(path)
        return whole(content, path)

    monkeypatch.setattr(reading, "_read_bytes", counted)
    return paths


def test_a_table_is_taken_apart_once_within_a_command_and_anew_outside(
    tmp_path: Path, parsed: list[Path]
) -> None:
    path = tmp_path / "words.csv"
    path.write_text("id,word\n1,Yes\n", encoding="utf-8")

    with keeping_tables():
        first, again = reading.read(path, TABLE), reading.read(path, TABLE)
        raw = reading.read_raw(path)
    assert len(parsed) == 1
    outside = reading.read(path, TABLE)

    assert len(parsed) == 2
    assert [list(each["word"]) for each in (first, again, outside, raw)] == [["yes"]] * 3 + [["Yes"]]


def test_what_is_changed_in_one_table_is_not_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("id,word\n1,yes\n", encoding="utf-8")

    with keeping_tables():
        first = reading.read(path, TABLE)
        first.loc[0, "word"] = "no"
        first["more"] = "x"
        again = reading.read(path, TABLE)

    assert again.to_dict("list") == {"id": ["1"], "word": ["yes"]}


def test_a_file_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"

    with keeping_tables():
        for word in ("yes", "no"):
            path.write_text(f"id,word\n1,{word}\n", encoding="utf-8")
            assert list(reading.read(path, TABLE)["word"]) == [word]


def test_files_of_the_same_bytes_are_told_apart_in_faults(tmp_path: Path) -> None:
    with keeping_tables():
        for name in ("one.csv", "two.csv"):
            (tmp_path / name).write_text("id,word\n1,perhaps\n", encoding="utf-8")
            for _ in range(2):
                with pytest.raises(InputErrors, match=f"{name}:2"):
                    reading.read(tmp_path / name, TABLE)


def test_a_table_that_is_read_by_other_rules_is_checked_by_those(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("id,word\n1,yes\n", encoding="utf-8")

    with keeping_tables():
        reading.read(path, TABLE)
        with pytest.raises(InputErrors, match="'yes' is not"):
            reading.read(path, tables.Table("words", columns=("id", "word"), values={"word": ("no",)}))
