"""Tests of files' bytes that are not held, and of what is put by."""

import hashlib
from pathlib import Path

import pytest

from peerreview.errors import InputError
from peerreview.tables import contents, spool
from peerreview.tables.contents import Content, open_content
from peerreview.tables.spool import Spool


def test_a_file_comes_in_parts_as_it_comes_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_AT_ONCE", 3)
    path = tmp_path / "a.ris"
    path.write_bytes(b"TY  - JOUR\n")
    there = open_content(path)

    assert (there.n_bytes, list(there.parts())) == (11, [b"TY ", b" - ", b"JOU", b"R\n"])
    assert list(Content(b"TY  - JOUR\n").parts()) == list(there.parts())
    assert there.digest() == hashlib.sha256(there.whole()).hexdigest()


def test_what_is_added_to_a_file_meanwhile_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    path.write_bytes(b"TY")
    there = open_content(path)
    path.write_bytes(b"TY  - JOUR\n")

    assert b"".join(there.parts()) == b"TY"


def test_exports_are_the_same_by_their_bytes_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    path.write_bytes(b"abc")
    there = open_content(path)

    assert [there.is_same(Content(other)) for other in (b"abc", b"abd", b"ab")] == [True, False, False]
    assert not Content(b"").is_same(Content(b""))


@pytest.mark.parametrize(("name", "problem"), [("nowhere.ris", "no such file"), (".", "is a folder")])
def test_what_cannot_be_read_is_told_before_anything_is_read(tmp_path: Path, name: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        open_content(tmp_path / name)


@pytest.mark.parametrize("most", [1, 10**6])
def test_what_is_put_by_is_taken_back_as_often_as_it_is_asked_for(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MOST", most)
    shelf = Spool(tmp_path)
    first, second = shelf.put(["a"] * 5), shelf.put({"b": b"c"})

    assert [shelf.take(place) for place in (second, first, second)] == [{"b": b"c"}, ["a"] * 5, {"b": b"c"}]
    assert list(tmp_path.iterdir()) == []
