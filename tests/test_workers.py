import html
import json
import sys
from pathlib import Path

import pytest

from peerreview import workers


def test_pieces_come_back_in_order() -> None:
    assert [text.upper() for text in workers.share(html.escape, ["a", "b", "c"], 2)] == ["A", "B", "C"]


def test_what_a_worker_cannot_do_is_done_here() -> None:
    assert workers.share(json.dumps, [{}, []], 1) == ["{}", "[]"]


def test_without_a_python_to_start_the_result_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    assert workers.share(html.escape, ["a & b"], 2) == ["a &amp; b"]


def test_a_script_in_the_reviews_folder_is_not_taken_for_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("open('ran', 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert workers.share(html.escape, ["a & b"], 2) == ["a &amp; b"]
    assert not (tmp_path / "ran").exists()
