"""Published flows as an audit reads them: what adds up passes, and what does not is found."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from peerreview.flow import Box, Flow
from peerreview.flow.identities import check, fails

PUBLISHED = tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))["flow"]


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda each: each["source"].split(",")[0])
def test_an_audit_finds_what_a_reader_finds(published: dict[str, Any]) -> None:
    verdicts = check(Flow({key: Box(n) for key, n in published["boxes"].items()}))

    assert published.get("fails", []) == [each.id for each in fails(verdicts)]
    assert published.get("remarks", []) == [each.id for each in fails(verdicts, "warning")]
