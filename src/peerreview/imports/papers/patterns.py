# ruff: noqa: E501  one pattern, one line
"""``patterns.toml`` → regular expressions, and a sentence in the form that they are written for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from peerreview.imports.papers import counts
from peerreview.tables import toml

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_ADJECTIVE = "were|was|are|is|been|being|be|to|for|from|that|which|by|in|on|with|had|have|has|of|we|they|at|as|remained|remain|met|who|it"
_ADJECTIVE = rf"(?:(?!(?:{{stop}}|{_NO_ADJECTIVE})\b|\w+s, )[a-z][\w'’/-]*,? ){{0,4}}?"
_NOT_YET = r" (?:\w+ ){0,3}?(?:for|to|in|at|as) (?:\w+ ){0,2}?(?:fulltext|further (?!analy|synth)|detailed (?:ass|rev|eva|exa|scr|rea)|retriev|screen|eligib|assess|potential|full )"
_NOT_PEOPLE = r"(?! (?:(?!(?:{records})\b)[a-z][\w'’/-]*,? ){0,4}?(?:{people}))"
_GAP = r"(?:(?!(?:{stop})\b)[^\s;:(),§\ue000-\uf8ff]+ ){0,5}?"
_LONG_GAP = r"(?:(?!(?:{stop})\b)[^\s;:()§\ue000-\uf8ff]+ ){0,9}?"


@dataclass(frozen=True)
class Rule:
    """What says of a number that it is in a box."""

    box: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Patterns:
    """What ``patterns.toml`` says, ready for use."""

    rules: tuple[Rule, ...]
    labels: tuple[Rule, ...]
    words: Mapping[str, str]


@cache
def read() -> Patterns:
    """Return the patterns that ship."""
    shipped = resources.files("peerreview.imports.papers").joinpath("patterns.toml")
    document = toml.parse(shipped.read_text(encoding="utf-8"), path="patterns.toml").content
    words = document["words"]
    rules = tuple(
        Rule(each["box"], tuple(_compiled(pattern, words) for pattern in each["says"]))
        for each in document["rule"]
    )
    labels = tuple(
        Rule(each["box"], (re.compile(each["says"].replace("{database}", words["database"])),))
        for each in document["label"]
    )
    return Patterns(rules, labels, words)


def _compiled(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """Return a pattern of ``patterns.toml`` as a regular expression; its first sign is the group ``n``."""
    text = pattern.replace("~~ ", _LONG_GAP).replace("~ ", _GAP).replace("{adjective}", _ADJECTIVE)
    text = text.replace("{notyet}", _NOT_YET).replace("{notpeople}", _NOT_PEOPLE)
    for name, each in words.items():
        text = text.replace(f"{{{name}}}", f"(?:{each})")
    first, _, rest = text.partition("#")
    text = f"{first}(?P<n>{counts.COUNT}){rest}".replace("@", counts.COUNT)
    start = r"(?<![\w-])" if first[:1].isalpha() or first.startswith("(?:") else ""
    end = r"(?!\w)" if rest[-1:].isalpha() or rest.endswith(")") else ""
    return re.compile(start + text.replace(" ", r"\s") + end)


_N = counts.COUNT
_KINDS = "studies|study|trials?|rcts?|articles?|papers?|publications?|reports?|reviews?|records?|references?|citations?|cohorts?|experiments?"
_OF_STUDIES = "studies|trials|rcts|articles|papers|publications|reports|reviews"
_PEOPLE = (
    "(?:patients|participants|subjects|people|adults|children|women|men|individuals|adolescents|infants)"
)
_MONTH = r"(?:early |late )?(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*,? )?"
_SHAPES = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"[’‘`´]", "'"),
        # References of which the file has no more than the commas between them.
        (r"[(\[](?:\s*[,;–-])*\s*[)\]]", " "),
        (r"(?:\s*,){2,}", ","),
        (
            rf", (?:which|that) (?:included|enrolled|involved|comprised) (?:a total of )?{_N} [^.;,{_N[1:-1]}]*, (?=(?:were|was|met)\b)",
            " ",
        ),
        # Of how many studies reviews are.
        (
            rf"({_N} (?:[a-z-]+ )*?(?:reviews|meta-?analyses)),? (?:comprising|including|with|covering|containing) (?:a total of )?{_N} [^.;()]*?,? (?=(?:met|were|was)\b)",
            r"\1 ",
        ),
        # Which kinds they are.
        (
            rf"({_N} (?:[a-z-]+ ){{0,4}}?(?:{_KINDS})), (?:out )?of (?:which|these|whom) {_N} [^.;()]*?, (?=(?:were|was) (?:finally )?(?:included|selected))",
            r"\1 ",
        ),
        (
            rf"({_N} (?:[a-z-]+ ){{0,4}}?(?:{_KINDS})) (?:including|comprising|such as) [^.;:(){_N[1:-1]}]{{0,120}}? (?=(?:were|was) (?:finally )?(?:included|selected|identified))",
            r"\1 ",
        ),
        # When they were published.
        (
            (
                rf",? (?:published |conducted |reported )?(?:between|from|in|since|until|after|before) {_MONTH}(?:19|20)\d\d"
                rf"(?:,? ?(?:and|to|through|until|-|–) ?{_MONTH}(?:19|20)\d\d)?(?![\d.,]\d)\b"
            ),
            "",
        ),
        # References set above the line, in a text that has no such line.
        (
            r"\b(studies|articles|trials|records|papers|publications|reviews|criteria|reports)\d[\d,–-]*",
            r"\1",
        ),
        (r"\binclusion(?: criteria)?(?: and |/| or )exclusion criteria", "inclusion criteria"),
        (r"\bfull[- ]?(?:text|length)s?\b", "fulltext"),
        (r"\((?:in |as )?fulltexts?\)", "fulltext"),
        (
            r"\bfull[- ](?=(?:papers?|articles?|manuscripts?|reports?|publications?|copies|versions?)\b)",
            "fulltext ",
        ),
        (
            r"\b(?:titles?|abstracts?)(?:(?:,? ?|-)(?:and/or|and|or|/|&|&amp;|\+|,)(?: ?|-)(?:the |their )?(?:titles?|abstracts?|summar(?:y|ies)|keywords?))+\b",
            "titleabstract",
        ),
        (rf"\bde-? ?duplicated (?=(?:[a-z-]+ )?(?:{_KINDS}|candidates)\b)", "unique "),
        (r"\bde-? ?duplica\w+", "duplicateremoval"),
        # What is read out for a figure: records screened with n equals 40.
        (rf"\b(?:with|equals?|of|at|is|are) n (?:=|equals(?: to)?)\s*({_N})", r"(\1)"),
        (rf"[\[(]\s*n\s*(?:=|:|equals(?: to)?)?\s*({_N})", r"(\1"),
        (rf"\bn\s*(?:=|equals(?: to)?)\s*({_N})", r"\1"),
        (rf"({_N})\s*\]", r"\1)"),
        (r"[,;]?\s*\d[\d.,]*\s*(?:%|per ?cent\b)", " § "),
        # 95% (3,597/3,798) of records: the share is no count, and is gone.
        (
            rf"\b(of|and|while|whereas) +\(({_N}) *\) (?:of )?(?:the )?(?=(?:{_KINDS}|duplicates)\b)",
            r"\1 \2 ",
        ),
        (rf"({_N})\s*[,;]?\s*§", r"\1"),
        (rf"({_N}) \(of {_N}\)", r"\1"),
        # What the sources come to.
        (rf"\(({_N}) ({_KINDS}) (?:in total|in all|altogether|overall)\)", r", giving a total of \1 \2"),
        # What they are of, with numbers of its own, before the verb: 17 studies with 677 adults and 805 controls were included.
        (
            (
                rf"({_N} (?:[a-z/-]+ ){{0,6}}?(?:{_OF_STUDIES}),?) (?:which |that )?(?:with|compris\w+|includ(?:ing|ed)|involv\w+|enroll\w+|encompass\w+|consist\w+ of|totall?ing|represent\w+|recruit\w+|report\w+|contain\w+|cover\w+)"
                rf"(?=[^.;:]*?{_N}) (?:(?!{_N} (?:[a-z/-]+ ){{0,4}}?(?:{_OF_STUDIES})\b|(?:were|was|met|which|had|did|but|only|while|whereas)\b)[^.;:\s]+ ){{1,30}}?(?=(?:were|was|met|fulfilled|satisfied|qualified)\b)"
            ),
            r"\1 ",
        ),
        (
            (
                rf",? (?:with|comprising|including|involving|containing|totall?ing|representing|enrolling|consisting(?: of)?|of) (?:a total of |over |more than )?{_N} (?:\w+ ){{0,3}}(?:patients?|participants?|subjects?|people|adults?|children|women|men|individuals?|cases|hips|knees|shoulders|thas|procedures|animals|controls)\b"
                r"(?: in (?:the |a )?(?:\w+ ){0,3}?groups?\b)?"
                rf"(?: and {_N} (?:(?:\w+ ){{0,2}}(?:controls|cases|patients)|in (?:the |a )?(?:\w+ ){{0,3}}?groups?\b))?"
            ),
            " ",
        ),
        # People counted with their studies.
        (rf" and {_N} (?:[\w-]+ ){{0,2}}{_PEOPLE}(?= (?:were|was|met)\b)", ""),
        (
            rf"{_N} (?:[\w-]+ ){{0,2}}{_PEOPLE} (?:from|in|across|of) (?=(?:a total of )?{_N} (?:[\w-]+ ){{0,3}}?(?:{_KINDS})\b)",
            "",
        ),
        (
            rf" (?:originating from|from|in|across|covering) {_N} (?:\w+ ){{0,2}}(?:countries|continents|regions|cent(?:er|re)s|hospitals|journals|groups|teams|universities|states|provinces|lmics|lics|hics)\b",
            "",
        ),
        (
            rf" (?:in|over|during|within|from) (?:the )?(?:last|past|previous) {_N} (?:years|decades|months)\b",
            "",
        ),
        (
            rf",? (?:with|comprising|including|involving|enrolling|assessing|examining|recruiting|covering|describing|reporting|providing) (?:data (?:from|on|of) )?(?:a total (?:(?:population|sample(?: size)?|number|cohort) )?of |over |more than )?{_N} (?:(?!{_KINDS})(?:[a-z-]+|{_N}) ){{0,14}}?(?=(?:were|was|met|fulfilled)\b)",
            " ",
        ),
        (r"\((?:\s*(?:see|fig|table|supplement)[^()]*)\)", ""),
        (rf"\([^(){_N[1:-1]}]*\)", " "),
        (rf"\[[^\[\]{_N[1:-1]}]*\]", " "),
        (
            rf"(?<!studies )(?<!trials )(?<!articles )(?<!papers )(?<!reports )(?<!publications )\(\s*({_N})\s*(?:records?|articles?|studies|citations?|papers?|references?|publications?|duplicates?|titles?|abstracts?|trials?|reports?)?\s*[,;]?\s*\)",
            r"(\1)",
        ),
        (r"\s+", " "),
        (r"\s+([,.;:)])", r"\1"),
    )
)


def shape(text: str) -> str:
    """Return a sentence in which signs stand for counts in the form that patterns are written for."""
    text = f" {text.lower()} "
    for pattern, put in _SHAPES:
        text = pattern.sub(put, text)
    return text.strip()
