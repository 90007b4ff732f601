# ruff: noqa: E501  one pattern, one line
"""A number that a rule takes for what is included → whether it is all of it, some of it, or of something else."""

from __future__ import annotations

import re

from peerreview.imports.papers import counts, patterns
from peerreview.imports.papers.wording import (
    AGAIN,
    ITSELF,
    REPORTS,
    STUDIES,
    WHOLE,
    Boxes,
    Reader,
    Words,
    of_included,
    other_method,
)

_N = counts.COUNT
_KIND = r"studies|study|trials?|rcts?|experiments?|cohorts?|articles?|papers?|publications?|reports?|records?|manuscripts?|references?|reviews|surveys?|series|dissertations?|theses|thesis|abstracts?|chapters?|books?|guidelines?|preprints?|evaluations?"
_VERBS = r"were\b|was\b|are\b|met\b|inclu|compris|consist|which|exclu|identif|remain|screen|retriev|assess|under(?:went|go)|report(?:ed|ing)|describ|represent|publish|left|leav|found|yield|select"
_PLAIN = rf"(?:(?!{_VERBS})[a-z][\w'/-]*,? ){{0,6}}?"
_KIND_THEN = re.compile(
    rf" {_PLAIN}(?P<one>{_KIND})\b(?P<gap>[^.;:()]*?)(?:,|\band|\bplus|\bas well as) (?:and )?{_N} {_PLAIN}(?P<other>{_KIND})\b(?P<rest>.{{0,20}})"
)
_STEP = re.compile(
    r"\b(?:screened|reviewed|assessed|examined|read|retrieved|identified|found|excluded)(?: \w+){0,2} $"
)
_KIND_BEFORE = re.compile(
    rf"{_N} {_PLAIN}(?P<other>{_KIND})\b(?P<gap>[^.;:(){_N[1:-1]}]*?),? (?:and|plus|as well as) (?:another |a further )?$"
)
"""One kind of so many, and another: neither is all."""
_INCLUDES = re.compile(r"\b(?:included?|includes|including|comprised?|comprises)(?: \w+){0,3} $")
_SMALL = "of|in|for|were|was|from|and|or|which|that|after|with|on|to|by|as|at"
_THINGS = re.compile(rf" (?!{_SMALL})(?!(?:[\w'/-]+ ){{0,5}}?(?:{_KIND})\b)[a-z]")
"""What studies include, as pregnancies."""
_SOME_OF = re.compile(r"\bout of (?:the |these |those |all |a total of )*$")
_ADJECTIVE_BEFORE = re.compile(rf"{_N} (?:(?!were|was|and|\w+(?:ed|s) )[a-z][\w'/-]* ){{1,2}}(?:and|plus) $")
_OTHERS_COUNTED = re.compile(
    r" (?:[a-z][\w'-]* ){0,3}?(?P<what>[a-z][\w-]*s|foci|data|maxima|loci|phenomena|criteria),? (?:were|was|are|met|meet)\b"
)
"""What is counted: where that is no record, report or study, it is not what a box is of."""
_UNCOUNTED = frozenset(
    {"others", "ones", "these", "those", "analysis", "synthesis", "previous", "various", "series"}
)
_ON_TITLES = re.compile(
    r"\b(?:after|following|upon|by|based on|through) (?:(?!were|was)[a-z]+ ){0,8}(?:titleabstract|titles?|abstracts?)\b"
)
TITLES_OF = re.compile(r"\b(?:titleabstract|titles?|abstracts?) of (?:the |these |all )*$")
_SCREENS = re.compile(r"\bscreen(?:ed|ing) (?:a total of |the |all |of )*$")
_FROM_REFERENCES = re.compile(
    r"\bfrom (?:[a-z]+ ){0,3}?(?:references?|reference lists?|bibliograph\w+)\b[^.;]*$"
)
_IN_REVIEW = re.compile(
    r"[^.;,\ue000-\uf8ff]*\b(?:included (?:in|for)|for|in) (?:this|our|the (?:final|present|current)) (?:\w+ )?(?:study|review|analysis|synthesis|meta-? ?analysis)\b"
)
_REVIEW_OF = re.compile(
    r"\b(?:upon|after|following|by) (?:\w+ )?(?:review|assessment|evaluation|reading|examination) of (?:the |these |all )?(?:remaining )?$"
)
_IF = re.compile(r"\b(?:if|when|whenever|in case) $")
_ONLY = re.compile(r"[^.;]*, (?:but )?only (?:[\w-]+ ){1,3}(?:were|was) included\b")
_THIS = re.compile(r"\b(?:this|our|the present|the current|present|current) (?:\w+ ){0,2}meta-? ?analys")
_IN = re.compile(
    r"\binclu(?:ded|des|ding|de)\b|\bremain\w* for (?:the |this |our |final )*(?:review|analysis|synthesis)\b|\bfor inclusion\b|\bfinal(?:ly)?\b"
)
"""What is in, and does not just meet the criteria."""


def take_included(boxes: Boxes, words: Words, n: int, number: int, reader: Reader) -> Boxes:
    """Return the boxes of what may be included, or none where it is some of those that were said to be before."""
    # Of those that are in, fewer are some; of those that met the criteria, fewer may be in.
    is_in = bool(_IN.search(words.near))
    if n < reader.included and not (reader.is_eligible and is_in):
        return ()
    if n < reader.included:
        reader.superseded.update(reader.standing)
    reader.included, reader.is_eligible = n, not is_in
    reader.standing.append(number)
    return boxes


_TELLS_ALL = re.compile(
    r"\b(?:total|in all|altogether|overall|final(?:ly)?|ultimately|eventually|consequently|therefore|thus|hence)\b"
    r"|\binclu(?:ded?|des|ding|sion)\b|\b(?:meets?|met|meeting|fulfil\w*|satisf\w+|match\w*|pass\w*)\b|\beligib\w+ for\b|\bselected\b|\bsuitable\b"
)
_OF_SOME = re.compile(
    r"\bpotentially\b|\bconsider(?:ed|ation)\b|\bnot\b|\bexclu|\b(?:these|those|both|each|at least|if|remaining) #(?! met|.{0,40} (?:met|fulfil|were (?:finally )?(?:included|eligible)))"
)
"""Words around a number of studies that say it is all that is in, and that it is some of these."""


def is_said_of_all(words: Words) -> bool:
    """Whether the words around a number, but for those in brackets, say that it is all that is in."""
    around = re.sub(r"\([^()]*\)", "", words.text).partition(words.sign)
    near = f"{re.split(_N, around[0])[-1]}{ITSELF}{re.split(_N, around[2])[0]}"
    return bool(_TELLS_ALL.search(near)) and not _OF_SOME.search(near)


def is_beside_another(words: Words) -> bool:
    """Whether just an ``and`` stands between a number with its noun and another."""
    told = r"(?: (?!and\b)[\w'-]+){1,4}"
    return bool(re.match(rf"{told} and {_N}", words.after) or re.search(rf"{_N}{told} and $", words.before))


def pooled(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    """Return the boxes of a number of a meta-analysis: what is in it may be all that is in."""
    if words.counts[:1] in ((0,), (1,)) or is_one_kind(words) or _counts_others(words):
        return ()
    if not re.search("includ|selec", words.near + words.after):
        # They may be some of those that are in.
        return ()
    is_all = _THIS.search(words.after) or re.search(r"\bqualitative", words.after)
    return (of_included(words.noun),) if is_all else ("meta_analysis",)


def included(words: Words, reader: Reader) -> Boxes:
    """Return the boxes of a number that is said to be included: at some stage, in the review, or as a part."""
    if re.match(rf"[^.;]*\bin (?:these|those|the) {_N} (?:\w+ ){{0,2}}(?:reviews|meta)", words.after):
        # Those of other reviews, which are what is in.
        return ()
    if _SOME_OF.search(words.before) or (_INCLUDES.search(words.before) and _THINGS.match(words.after)):
        return ()
    after = re.split(_N, words.after)[0]
    on_titles = _ON_TITLES.search(after)
    if re.match(
        r"[^.;,]*\bfor (?:the |a )?fulltext (?:screening|review|assessment|reading|evaluation)\b", words.after
    ):
        return ("chosen",)
    if re.match(
        r"[^.;,]*\bin an? (?:title|abstract|titleabstract)(?:[ -]level)? (?:review|screening)\b", words.after
    ):
        return ("screened",)
    by_titles = (
        not WHOLE.search(re.split(r",|\b(?:were|was)\b", after[on_titles.end() :])[0])
        if on_titles
        else not re.match(
            r"[^.;]*\ball (?:of )?(?:the |our )?(?:inclusion|eligibility|selection) criteria", words.after
        )
        and not re.search(r"\bof (?:which|these|those|them),? $", words.before)
        and _ON_TITLES.search(words.near)
        and not WHOLE.search(words.before + words.near)
    )
    if by_titles and not _IN_REVIEW.match(words.after):
        return ("chosen",)
    if re.match(
        r"[^.;,]*\bpotentially (?:eligible|relevant)\b|(?: \w+){0,3} (?:appeared|seemed) to\b", words.after
    ):
        return ("chosen",)
    if reached := _FROM_REFERENCES.search(words.before):
        # What reference lists gave, and how many are in with these.
        return (other_method(reached[0]),) if words.counts[1:] else (of_included(words.noun),)
    if TITLES_OF.search(words.before) or _SCREENS.search(words.before):
        return ("screened",)
    if _REVIEW_OF.search(words.before) or _IF.search(words.before) or _ONLY.match(words.after):
        # Those of whom some came through, that may be, or of which something else is in.
        return ()
    if re.match(r" (?:\w+ )?(?:new|additional|further|more)\b", words.after) and "total" in words.text:
        # An update's, and how many are in with these is said beside.
        return ()
    # One kind of so many, and another: the sum is not said.
    if (
        is_one_kind(words)
        or _counts_others(words)
        or (AGAIN.search(words.text) and "total" not in words.text)
    ):
        return ()
    is_final = "final" in words.before or _IN_REVIEW.match(words.after)
    if words.noun == "fulltext" and reader.stage < 3 and not is_final:
        return ("assessed", "reports")
    return (of_included(words.noun),)


def is_one_kind(words: Words) -> bool:
    """Whether another kind is counted beside, as 12 trials, 9 surveys and 3 cohorts; a total may have its kinds behind it."""
    before = _KIND_BEFORE.search(words.before)
    if _ADJECTIVE_BEFORE.search(words.before):
        return True
    is_plain = before and not re.search(_VERBS, before["gap"])
    is_short = not words.noun and not re.match(
        r" (?:of|on|in|with|for|from|using|that|comparing)\b", words.after
    )
    is_apart = (
        before
        and re.search(_STEP, words.before[: before.start()])
        and re.match(r"[^.;,]*?\b(?:were|was|met)\b", words.after)
    )
    if before and is_plain and not is_apart and not is_short and _same_kind(words.noun, before["other"]):
        return True
    if re.match(
        rf"(?: (?!{_KIND})[a-z-]+){{1,3}} (?:and|plus) {_N} (?:[a-z-]+ ){{1,3}}?(?:{_KIND})\b", words.after
    ):
        # 12 observational and 2 experimental studies.
        return True
    if re.match(rf"[^.;]*\b(?:whereas|while|and) the (?:remaining|other) {_N}", words.after):
        return True
    if re.match(rf",? and {_N}", words.after) and "respectively" not in words.after:
        return True
    then = _KIND_THEN.match(words.after)
    if not then or re.search(_VERBS, then["gap"]) or not _same_kind(then["one"], then["other"]):
        return False
    own, *others = words.counts
    is_total = any(sum(others[:n]) == own for n in range(2, len(others) + 1))
    is_apart = re.match(r" (?:were|was|could|had|in|for)\b", then["rest"]) and re.search(
        "inclu", words.before
    )
    return not is_total and not is_apart


def _same_kind(one: str, other: str) -> bool:
    """Whether two nouns may be kinds of one thing: studies and reports are not, they are counted twice."""
    plain = [
        ("study" if STUDIES.match(each) else "report" if REPORTS.match(each) else "") for each in (one, other)
    ]
    return "" in plain or plain[0] == plain[1]


_COUNTED = re.compile(
    rf" (?!{_SMALL}|met|meet|had|did|could)(?:(?!{_VERBS}|{_SMALL})[a-z][\w'-]* )?(?P<what>[a-z][\w-]+s)\b"
)
_NO_THING = frozenset(
    {
        "was",
        "is",
        "has",
        "does",
        "this",
        "thus",
        "plus",
        "whereas",
        "these",
        "those",
        "exclusions",
        "duplicates",
        "cases",
        "times",
    }
)


def counts_what_is_no_paper(words: Words) -> bool:
    """Whether a number that stands with no noun counts neither records nor studies, as three types, or is a year."""
    if words.noun or words.before.endswith(("(", "=", ": ")):
        return False
    papers = _names("things", "records", "dup")
    if counts.is_year(words.counts[0]) and _AFTER_YEAR.match(words.after):
        return not re.match(rf"(?: [\w'-]+){{0,3}}? {papers}", words.after)
    found = _COUNTED.match(words.after)
    return bool(found and found["what"] not in _NO_THING | _UNCOUNTED and not re.search(papers, found[0]))


def _names(*kinds: str) -> str:
    """Return a pattern of the words of some kinds in ``patterns.toml``."""
    known = patterns.read().words
    return rf"\b(?:{'|'.join(known[kind] for kind in kinds)})\b"


_AFTER_YEAR = re.compile(rf" (?!{_VERBS}|remain|(?:did|do|had|has|have|could|can|would|of|in|on)\b)[a-z]")


def _counts_others(words: Words) -> bool:
    """Whether what is counted is neither records nor studies, as twelve tools."""
    found = _OTHERS_COUNTED.match(words.after)
    if not found or found["what"] in _UNCOUNTED:
        return False
    return not re.search(_names("things", "records"), found[0])
