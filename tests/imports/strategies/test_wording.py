"""How lines are written, and what is remarked on."""

import pytest

from peerreview.imports.strategies import registry, wording

PLATFORMS = {each.NAME: each for each in registry.known()}


def checks(platform: str, text: str) -> list[str]:
    """Return the checks that remark on a line."""
    found = PLATFORMS[platform]
    return [name for name, _, _ in wording.remarks(text, found.SYNTAX, found.TITLE)]


@pytest.mark.parametrize(
    ("platform", "text", "check"),
    [
        ("ovid", "(peer* adj3 support*.ti,ab.", "brackets"),
        ("ovid", '"peer support.ti.', "quotes"),
        ("ebsco", "TI “peer support”", "typographic"),
        ("embase", "‘peer group’/exp", "typographic"),
        ("pubmed", "peer[tiab] or support[tiab]", "operators"),
        ("ovid", "peer or or support.ti.", "operators"),
        ("scopus", "TITLE-ABS-KEY ( peer ) AND", "operators"),
        ("ovid", "pe*.ti.", "truncation"),
        ("pubmed", "pee*[tiab]", "truncation"),
        ("ovid", "exp Peer Group", "explosion"),
        ("ovid", "exp Neoplasms or cancer*.ti.", "explosion"),
        ("ebsco", '"Nurses+"', "explosion"),
    ],
)
def test_what_a_platform_may_not_read_as_meant_is_remarked_on(platform: str, text: str, check: str) -> None:
    assert checks(platform, text) == [check]


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("ovid", "exp *Peer Group/px or (peer* adj3 (support* or buddy)).ti,ab."),
        ("ovid", "group$1.ti,ab. or gym?.ti."),
        ("pubmed", '"peer or buddy"[tiab] AND "Peer Group"[Mesh:NoExp]'),
        ("ebsco", '(MH "Nurses+") OR TI (nurse* or midwi*)'),
        ("embase", "'alzheimer’s disease'/exp OR alzheimer*:ti,ab"),
        ("cochrane", "MeSH descriptor: [Peer Group] explode all trees"),
        ("web_of_science", "TS=(peer* near/3 support*)"),
    ],
)
def test_what_is_sound_is_not(platform: str, text: str) -> None:
    assert checks(platform, text) == []
