"""What the columns and words of a sheet mean, as a file: the answer that people give once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from peerreview import tables
from peerreview.errors import InputError, UsageError
from peerreview.screening.screeners import Asked
from peerreview.screening.screeners.words import plain
from peerreview.tables import toml
from peerreview.values.folding import same

_KEYS = {"votes": dict, "reasons": list, "words": dict, "stage": str}


def ask(
    votes: Sequence[str],
    reviewers: Sequence[str],
    reasons: Sequence[str],
    meanings: Sequence[str],
    stage: str,
) -> Asked:
    """
    Return what options say of a sheet.

    Parameters
    ----------
    votes : ``COLUMN=REVIEWER`` each. meanings : ``VALUE=DECISION`` each.

    Raises
    ------
    UsageError
        For what is not of that form.
    """
    pairs = []
    for pair in votes:
        column, equals, reviewer = pair.rpartition("=")
        if not equals or not column.strip() or not reviewer.strip():
            raise UsageError(f"--votes {pair!r} is not COLUMN=REVIEWER")
        pairs.append((column.strip(), reviewer.strip()))
    mapped = {}
    for pair in meanings:
        value, equals, meaning = pair.rpartition("=")
        if not equals or meaning not in (*tables.DECISIONS, ""):
            message = f"--map {pair!r} is not VALUE=DECISION; decisions are {', '.join(tables.DECISIONS)}"
            raise UsageError(message)
        mapped[plain(value)] = meaning
    if pairs and reviewers:
        raise UsageError("--votes says whose each column is; leave out --reviewer")
    return Asked(tuple(pairs), tuple(reviewers), tuple(reasons), mapped, stage)


def known_reasons(reasons: Sequence[str], aliases: Mapping[str, str]) -> dict[str, str]:
    """
    Return folded words to the reasons of the protocol: its own, and a tool's for them.

    >>> known_reasons(["Wrong peers"], {"wp": "Wrong peers"})
    {'wrong peers': 'Wrong peers', 'wp': 'Wrong peers'}
    """
    return {same(reason): reason for reason in reasons} | {same(word): own for word, own in aliases.items()}


def parse(text: str, path: object = "") -> Asked:
    """
    Return what a mapping file says.

    Raises
    ------
    InputError
        For what is not TOML, an unknown key, or a word that means no decision.
    """
    raw = toml.parse(text, path=path).content
    for key, value in raw.items():
        if key not in _KEYS:
            raise InputError(f"unknown key {key!r}; known: {', '.join(_KEYS)}", path=path)
        listed = value.values() if isinstance(value, dict) else value
        if not isinstance(value, _KEYS[key]) or not all(isinstance(each, str) for each in listed):
            raise InputError(f"{key} is not what it should be: texts, in quotes", path=path)
    words = {plain(word): decision for word, decision in raw.get("words", {}).items()}
    wrong = next((each for each in words.values() if each not in (*tables.DECISIONS, "")), None)
    if wrong is not None:
        message = (
            f"{wrong!r} is no decision; decisions are {', '.join(tables.DECISIONS)}, or blank for not rated"
        )
        raise InputError(message, path=path)
    stage = raw.get("stage", "")
    if stage and stage not in tables.STAGES:
        raise InputError(f"{stage!r} is no stage; stages are {', '.join(tables.STAGES)}", path=path)
    votes = tuple((column, reviewer) for column, reviewer in raw.get("votes", {}).items())
    return Asked(votes=votes, reasons=tuple(raw.get("reasons", [])), meanings=words, stage=stage)


def write(answers: Asked) -> str:
    """
    Return what was understood as a mapping file.

    >>> print(write(Asked(votes=(("KL", "Kim"),), meanings={"0": "exclude"})))
    # Which columns of the sheet are whose votes, and what its words mean: for decisions --mapping.
    <BLANKLINE>
    [votes]
    "KL" = "Kim"
    <BLANKLINE>
    [words]
    "0" = "exclude"
    <BLANKLINE>
    """
    lines = [
        "# Which columns of the sheet are whose votes, and what its words mean: for decisions --mapping."
    ]
    if answers.stage:
        lines.append(f"stage = {_text(answers.stage)}")
    if answers.reasons:
        lines.append(f"reasons = [{', '.join(map(_text, answers.reasons))}]")
    pairs: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("votes", dict(answers.votes)),
        ("words", dict(sorted(answers.meanings.items()))),
    )
    for section, content in pairs:
        if content:
            lines += [
                "",
                f"[{section}]",
                *(f"{_text(key)} = {_text(value)}" for key, value in content.items()),
            ]
    return "\n".join([*lines, ""])


def over(options: Asked, kept: Asked) -> Asked:
    """Return what options say, and else what a mapping file does."""
    return replace(
        options,
        votes=options.votes or (() if options.reviewers else kept.votes),
        reasons=options.reasons or kept.reasons,
        meanings={**kept.meanings, **options.meanings},
        stage=options.stage or kept.stage,
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
