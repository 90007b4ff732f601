# ruff: noqa: E501  one pattern, one line
"""What a rule says of a number, and what stands around it → the box of the flow; several where it may be in each."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.imports.papers import counts, inclusion, patterns, sentences
from peerreview.imports.papers.wording import (
    AGAIN,
    FULL,
    STAGES,
    STUDIES,
    TITLE,
    WHOLE,
    Boxes,
    Reader,
    Words,
    of_included,
    other_method,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_N = counts.COUNT
_CLAUSE_ENDS = re.compile(
    r"[,;:]| and | leaving | while | whereas | but | because | since | due to | owing to | as (?:they|it|the)\b"
)
_WITH_DATABASES = re.compile(
    rf"\b(?:databases? search\w*|search\w* of (?:\w+ ){{0,3}}databases?)\b[^.;{_N[1:-1]}]*\b(?:and|as well as|plus|along with|together with)\b[^.;{_N[1:-1]}]*\b(?:total of|yielded|retrieved|returned|resulted in) $"
)
_DATABASES = re.compile(r"\bdatabases?\b")
_NOT_OF_TITLES = re.compile(
    r"\bsearch|\b(?:initial|original|first) (?:pool|set|list|sample|yield|collection) of (?:a total of )?$"
)
_READ = re.compile(
    r"\b(?:after|following|by|on|through|from)\b[^.;]*\b(?:titleabstract|titles?|abstracts|abstract (?:review\w*|screening|reading|evaluation))\b"
)
_BEHIND = re.compile(rf"[^.;{_N[1:-1]}]*\bafter\b[^.;{_N[1:-1]}]*\b(?:duplic|removing duplic)")
_UNIQUE = re.compile(r" (?:\w+ )?(?:unique|non-?duplicate|de-?duplicated)\b")
_SUITED = re.compile(r" (?:\w+ )?(?:pertinent|relevant|eligible|suitable|qualifying|qualified|appropriate)\b")
_ONCE_MORE = re.compile(
    r"\b(?:after|following) (?:the |this |an )?(?:initial |first |primary )(?:\w+ )?screening(?: process| phase| stage| step)?,? (?:a total of |the |all )?$"
    r"|\b(?:after|following) (?:the )?(?:\w+ )?screening, (?:a total of |the |all )?$"
    r"|\b(?:after|following|upon) (?:the |this )?(?:titleabstract|title|abstract) (?:reviews?|screening|reading|evaluation), (?:a total of |the |all )?$"
)
_TRIED_FOR = re.compile(
    r"\b(?:looked for|searched for the|tried to (?:find|get|obtain|retrieve|locate)|attempted to|asked for|ordered|requested|wished to|wanted to)\b"
)
_NOT_DONE = re.compile(r"(?: \w+){0,2} (?:did|do|were|was|had|could) not\b")
_IS_YIELD = re.compile(
    r"\bsearch\w*\b[^.;,\ue000-\uf8ff]*\b(?:yield|return|retriev|identif|produc|generat|result|found|gave|provid|reveal)\w*(?: (?:in|a|the|total|of|us))* $"
)
_AT_LAST = re.compile(
    r"(?: \w+){0,4} (?:were|was) (?:finally|ultimately|eventually) screened\b(?! out| for| by)"
)
_TO_MEET = re.compile(
    r"(?: \w+){0,4}? (?:found|judged|considered|deemed) to (?:meet|fulfil\w*|satisfy|be eligible|have met)\b"
)
_MET = re.compile(r"(?: \w+){0,2}? (?:met|fulfil\w*|satisf\w*)\b")
_EXTRACTED = re.compile(r"[^.;,]*\bfor (?:the )?(?:fulltext |data )+extraction\b")
_TELLING = re.compile(
    r"(?: \w+){1,3} (?:providing|reporting|that|which|comparing|describing|on|assessing|examining)\b"
)
"""What publications are about: those that are in, and no step of a flow."""
_EXCLUDES = re.compile(r"\bexclud\w* (?:a further |a total of |another |an additional )?$")
_HAS_NONE = re.compile(r"\b(?:did not have|had no|no|without|lack\w*) (?:\w+ )?fulltext \($")
_MEETS = re.compile(
    r"[^.;]*\b(?:met|meeting|fulfil\w*|satisf\w*)\b[^.;]*\b(?:inclusion|eligib\w+|selection) criteria"
)
_FURTHER = re.compile(r"\b(?:further|in addition|additionally|moreover|also),? (?:a total of |another )?$")
_AFTER_TITLES = re.compile(
    r"[^.;,]*\bafter\b[^.;,]*\band (?:the )?(?:initial )?(?:titleabstract|titles?|abstracts?|screening)\b"
)
_BASED_ON = re.compile(r", (?:based on|on the basis of|judging by|according to) [^,.;]*")
_FINAL_DATA = re.compile(r"\b(?:finally|ultimately)\b[^.;]* from $")
_FOR_REVIEW = re.compile(
    r"[^.;,]*\b(?:eligible for|included in) (?:the |this |our )?(?:final |present )*(?:review|meta-? ?analysis|analysis|synthesis)\b"
)
_DUPLICATES_OUT = re.compile(
    r"\bduplic\w*(?: \w+)? (?:had been|have been|has been|were|was|are) (?:removed|excluded|eliminated|deleted|discarded),? $"
)
_IS_OUT = re.compile(r"\b(?:exclu|remov|reject|discard|eliminat)")
_OF_RETRIEVED = re.compile(r"[^.;]*\b(?:retrieved|identified|found)\b,? after\b")
_AFTER_SEARCHES = re.compile(
    r"(?: \w+){0,4} (?:were|was) (?:finally )?(?:included|selected) (?:after|following|through) [^.;]*\b(?:screening|search\w*|selection)\b[^.;]* and\b"
)
_MISSING = re.compile(r"\b(?:not (?:be )?(?:retriev|obtain|access|locat|found)|unavailab|inaccessib)")
_BY_MISTAKE = re.compile(r"[^.;]*\b(?:wrongly|erroneously|mistakenly)\b")
_SCREENED_FOR = re.compile(
    r"(?: (?!fulltext)[\w-]+){0,3} (?:were|was) (?:then |identified and |found and |retrieved and )?screened for (?:\w+ )?(?:eligib|inclusion|relevan)"
)
_UPDATES = re.compile(r"\bupdates?\b")
_ARE_IN = re.compile(r" (?:included|eligible|accepted) (?:studies|trials|articles|papers|publications)\b")
_KINDS_IN = re.compile(
    r" (?!additional|further|more|other)[^.;,]*(?:, [^.;,]*)?,? were (?:finally )?included in (?:the|this|our) (?:\w+ )?(?:review|meta|synthesis|analysis)"
)
"""Articles or conference abstracts that are in, and were not found by another method."""
_FOR_TITLES = re.compile(r"[^.;,]*\bfor (?:the )?(?:titleabstract|titles?|abstracts?) (?:screening|review)\b")
_NEW = re.compile(r" (?:\w+ ){0,2}new\b")
_UNMET = re.compile(r"\b(?:not|nor) (?:meet|met|meeting|fulfil\w*|satisf\w+)\b[^.;]*\bcriteria")
_TRIED = re.compile(r"\brandom(?:ly)?\b|\bpilot|\bcalibrat|\bsubset\b|\bsample of\b")
SCREENING = re.compile(r"\bscreen\w*")
_DUPLICATES = re.compile(r"\bduplic")
_IS_GOT = re.compile(
    r"\b(?:identif|found|f[io]nd|retriev|search|add(?:ed|ing|ition of)|locat|obtain|hand|citation|snowball|referenc|bibliograph|register|websites?"
    r"|via|through|expert|contact|other|gr[ae]y|database|(?<!not be )(?<!not )included\b|yield|manual|records?|conference|unpublished|(?:another|additional) (?:\w+ )?(?:\w+ )?(?:was|were))"
)
_REMAINED_AFTER = re.compile(
    r"[^.;,]*\bremain\w* (?:after|following|upon) (?:[\w-]+ ){0,2}?(?P<stage>fulltext|titleabstract|titles?|abstracts?)\b"
)
_BESIDE_DUPLICATES = re.compile(
    r"\b(?:titleabstract|titles?|abstracts?|screen\w*|fulltext|criteria|because|due to|reason\w*|irrelevan\w*|ineligib\w*|eligib\w*|not|non)\b"
    r"|\bduplic\w*[^.;]*\b(?:and|or) (?:other|irrelev|those|records that|articles that)"
)
"""What else may be removed in a sentence that names duplicates."""
_AFTER_DUPLICATES = re.compile(
    r"\b(?:after|following|upon|once|when|with|by|removing|excluding|eliminating|removal of)\b[^.;]*?\b(?:duplic\w+|duplicateremoval)"
)
_SEARCHED = re.compile(r"\bsearch|database|records|citations|references|\bhits\b|retriev|yield|total|initial")
OF_SEARCH = re.compile(r"records?|citations?|references?|hits|abstracts?|titles?")
_COUNTED_NOUN = re.compile(
    r"^ (?:(?!following|after|at|during|based|on|by|in|from|upon|through)[a-z][\w'/-]* ){0,2}?(?:titles?|abstracts?|titleabstract|fulltext)\b"
)
_IS_OF_STEPS = re.compile(
    rf"\bscreen|\bof (?:which|these|them|those)\b"
    rf"|{_N} (?:\w+ )?(?:were|was|records|articles|papers|studies|publications|reviews)\b.*\b(?:exclu|remov|met|includ)"
)
"""A sentence that goes on to what came of those that it tells of."""
_OF_ANOTHER = re.compile(
    rf"\b(?:{sentences.NOT_OWN}|past|older|published) (?:[\w-]+ ){{0,3}}?(?:reviews?|meta-? ?analys[ei]s|overviews?|synthes[ei]s)\b|\bet al\b"
)
"""A review that is not the paper's own."""
_FEWEST_TREATED = 3
"""Two that are named without a word of inclusion are some of those that are in."""
MAYBE = "found"
"""What was found, in a search or in the world: the numbers after it say which."""
YIELDED = "yielded"
"""What a search yielded, and what was screened of it: one number."""
TREATED = "treated"
"""What a review treats of, which is all that is in where nothing says another number."""
SOLE = "sole"
"""What one database yielded: its share, or all where the text names no other."""
_AT_FULL_TEXT = 6


def settle(box: str, words: Words, reader: Reader) -> Boxes:
    """Return the boxes that a number may be in, given the box of the rule that fits it, and note where we are."""
    if box == "not_retrieved" and _EXCLUDES.search(words.before):
        # That texts were not to be had is the reason.
        box = "EXCLUDED"
    boxes = _SETTLED[box](words, reader) if box in _SETTLED else (box.lower(),) if box else ()
    if boxes == ("source",) and _MET.match(words.after):
        # After a list of databases: how many of those found in them are in.
        boxes = (of_included(words.noun),)
    if boxes and inclusion.counts_what_is_no_paper(words):
        boxes = ()
    if set(boxes) & {"assessed", "chosen"}:
        if _EXTRACTED.match(words.after):
            # What came through, for the data to be taken out.
            boxes = (of_included(words.noun),)
        elif words.noun != "fulltext" and inclusion.is_beside_another(words) and inclusion.is_one_kind(words):
            boxes = ()
    if _TRIED.search(words.near) and set(boxes) & {"screened", "assessed", "chosen"}:
        # Some that two people tried themselves on.
        boxes = ()
    if boxes == ("chosen",) and _MISSING.search(words.before):
        # What is left once those that could not be had are gone.
        boxes = ("assessed",)
    if boxes == ("duplicates",) and reader.stage >= _AT_FULL_TEXT:
        # A reason as others are.
        boxes = ()
    reader.has_assessed = reader.has_assessed or bool({"assessed", "chosen"} & set(boxes))
    reader.stage = max([reader.stage, *(STAGES.get(each, 0) for each in boxes[:1])])
    return boxes


def _found(words: Words, reader: Reader) -> Boxes:
    """Return what something that was found is: by a search, or after duplicates, or on reading titles."""
    before = words.before
    if AGAIN.search(words.text) or _NEW.match(words.after):
        return ()
    if _TO_MEET.match(words.after):
        return (of_included(words.noun),)
    if STUDIES.match(words.noun) and not _SEARCHED.search(words.text) and inclusion.is_one_kind(words):
        return ()
    if _READ.search(before) and not _NOT_OF_TITLES.search(before):
        return (of_included(words.noun),) if WHOLE.search(before) else ("chosen",)
    if _FURTHER.search(before) and (method := other_method(words.text)) != "other_sources":
        return (method,)
    if re.match(r" (?:included|accepted) ", words.after) and _ARE_IN.match(words.after):
        return (of_included(words.noun),)
    if _UNIQUE.match(words.after) or _BEHIND.match(words.after) or _is_after_duplicates(before):
        return ("after_duplicates",)
    if reader.stage >= 2:
        return ()
    if _SUITED.match(words.after) and "potential" not in words.near and not _SEARCHED.search(words.before):
        return (MAYBE,)
    is_searched = _SEARCHED.search(words.text) or OF_SEARCH.match(words.noun)
    return ("databases",) if is_searched else (MAYBE,)


def _is_after_duplicates(before: str) -> bool:
    is_after = bool(_AFTER_DUPLICATES.search(before))
    return is_after and not TITLE.search(before) and not SCREENING.search(before)


def _other(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    if _WITH_DATABASES.search(words.before) and not re.match(
        r" (?:additional|further|more|other)\b", words.after
    ):
        return ("databases",)
    # What a search found that was run again, or databases among others, is no other method's.
    after = re.split(_N, words.after)[0]
    if AGAIN.search(words.text) or _UPDATES.search(after) or _DATABASES.search(after):
        return ()
    if _MEETS.match(after) and (method := other_method(after)) != "other_sources":
        return (method,)
    if any(said.match(after) for said in (_MEETS, _ARE_IN, _AFTER_SEARCHES, _KINDS_IN)):
        return (of_included(words.noun),)
    if _FOR_TITLES.match(words.after):
        return ("screened",)
    if words.before.endswith(("the ", "including ")) or re.match(
        r" of |[^.;,]*\b(?:not|exclu\w+)\b", words.after
    ):
        # They were named before, or are some of those.
        return ()
    if not _IS_GOT.search(words.text):
        # Further ones of those that are in.
        return ()
    return (other_method(words.near),)


def _screened(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    if _IS_YIELD.search(words.before):
        return (YIELDED,)
    if re.match(r"(?: \w+){0,3} (?:passed|survived|came through|got through)\b", words.after):
        return ("chosen",)
    if _AT_LAST.match(words.after):
        # What the screening came to, in the words of some.
        return (of_included(words.noun),)
    # What is screened once more, or what screening comes to, was chosen before.
    return ("chosen",) if _ONCE_MORE.search(words.before) else ("screened",)


def _unique(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    if re.search(r"\b(?:from|of) (?:a |the |total |of )*$", words.before) and _OF_RETRIEVED.match(
        words.after
    ):
        return ("databases",)
    if _FINAL_DATA.search(words.before) or _FOR_REVIEW.match(words.after):
        return (of_included(words.noun),)
    if _TELLING.match(words.after):
        return ()
    if _AFTER_TITLES.match(words.after):
        return ("chosen",)
    return ("screened",) if re.match(r"[^.;,]*\bscreened\b", words.after) else ("after_duplicates",)


def _assessed(words: Words, reader: Reader) -> Boxes:
    # Titles and abstracts are assessed for eligibility, too.
    is_title = bool(TITLE.search(words.near)) and not WHOLE.search(words.near)
    if is_title and _READ.search(words.before) and not inclusion.TITLES_OF.search(words.before):
        return ("chosen",)
    if _HAS_NONE.search(words.before):
        return ()
    if reader.stage <= STAGES["after_duplicates"] and _SCREENED_FOR.match(words.after):
        return ("screened",)
    if _TRIED_FOR.search(words.near):
        return ("sought",)
    if _NOT_DONE.match(words.after):
        # A reason that is found in a full text.
        return ()
    return ("screened",) if is_title else ("assessed",)


def _whole(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    said = re.split(_N, words.after)[1]
    is_title, is_full = bool(TITLE.search(said)), bool(WHOLE.search(said))
    if is_title == is_full:
        return ()
    return ("screened",) if is_title else ("assessed",)


def _detailed(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    # What is analysed in detail may be in, or be read in full.
    return ("assessed", of_included(words.noun))


def _treated(words: Words, reader: Reader) -> Boxes:
    # What a review treats of may be all that is in, where it tells of no step before.
    if _OF_ANOTHER.search(words.text) or words.counts[0] < _FEWEST_TREATED:
        return ()
    is_stage = TITLE.search(words.near) or FULL.search(words.near) or _IS_OF_STEPS.search(words.text)
    return _reviewed(words, reader) if is_stage or reader.stage > 1 else (TREATED,)


def _yield(words: Words, reader: Reader) -> Boxes:
    # Several that are named before one number yielded it together.
    named = re.findall(rf"\b(?:{patterns.read().words['database']})\b", re.split(_N, words.before)[-1])
    return (SOLE,) if len(named) == 1 else _found(words, reader)


def _is_no_exclusion(words: Words) -> bool:
    """Whether a number is not of what was excluded, though the words around it are those of an exclusion."""
    before, after = words.before, words.after
    return (
        # What went on to a step at which some were excluded.
        bool(
            re.search(r"\bremaining $", before)
            and re.match(r"[^.;,]*\band excluded (?:according|based|by|on)\b", after)
        )
        # An interval that excludes zero.
        or words.counts[:1] == (0,)
        # The last of several reasons' shares, or of several reasons.
        or bool(re.search(r"\b(?:together|along) with $|\bas well as $", before))
        or bool(_BY_MISTAKE.match(after) or re.match(r"[^.;]*\bfor more than one reason\b", after))
        # What was selected, in the words of some.
        or bool(re.match(r"[^.;]*\bscreened out\b[^.;]*\bsearch", after))
        # Once more those that it has told of before.
        or (before.endswith(("these ", "those ")) and words.counts[0] in words.numbers[: -len(words.counts)])
    )


def _beside_duplicates(words: Words, near_after: str, reader: Reader) -> Boxes | None:
    """Return what a number is of a sentence that names duplicates; None where these do not settle it."""
    if _DUPLICATES.search(near_after):
        # Duplicates and others in one number.
        return ()
    if _DUPLICATES_OUT.search(words.before):
        # What was removed are the duplicates that it names before; others may be so after them.
        if _IS_OUT.search(near_after):
            return None
        return ("screened",) if SCREENING.search(near_after) else ("after_duplicates",)
    is_of_them = _DUPLICATES.search(words.text) and not _BESIDE_DUPLICATES.search(words.text)
    return ("duplicates",) if is_of_them and reader.stage <= 2 else None


_CHOSEN_BY_TITLES = re.compile(
    r"\b(?:selected|chosen|retained|left|remaining|that remained) (?:after|by|on|through|following|based on|from) (?:\w+ ){0,5}?(?:titleabstract|titles?|abstracts?)\b"
)


def _excluded(words: Words, reader: Reader) -> Boxes:
    """Return at which stage what is excluded was so."""
    before, after = words.before, words.after
    if _is_no_exclusion(words):
        return ()
    if re.match(r" (?:\w+ )?fulltext\b", after):
        return ("reports_excluded",)
    # By what those that are left were chosen is the stage before.
    said = _CHOSEN_BY_TITLES.sub("", before)
    last = max((found.end() for found in re.finditer(_N, said)), default=0)
    # What is counted is no stage: 130 abstracts may be excluded at full text.
    after = _COUNTED_NOUN.sub("", after)
    cut = _CLAUSE_ENDS.search(after)
    near_after = after[: cut.start()] if cut else re.split(_N, after)[0]
    if cut and (by := _BASED_ON.match(after, cut.start())):
        near_after += by[0]
    near_before = said[last:]
    if (boxes := _beside_duplicates(words, near_after, reader)) is not None:
        return boxes
    for near in (near_after, near_before, said):
        is_title, is_full = bool(TITLE.search(near)), bool(FULL.search(near))
        if is_title and is_full and near is not said:
            return ()
        if is_title != is_full:
            if near is said and (reader.stage >= 5 or (reader.stage == 4 and _IS_OUT.search(near_after))):
                # Excluded once more, behind those of the titles.
                break
            return ("excluded",) if is_title else ("reports_excluded",)
    if reader.stage >= 7:
        return ("reports_excluded",) if FULL.search(before) or reader.has_assessed else ()
    if reader.stage >= 5:
        return ("reports_excluded",)
    if reader.stage == 4:
        return ("excluded", "reports_excluded")
    if reader.stage >= 2 or reader.has_screened or SCREENING.search(before + near_after):
        return ("excluded",)
    # Where criteria are not met, at titles or at full texts, nothing was excluded before screening.
    return () if _UNMET.search(after) else ("other_reasons", "excluded")


def _reviewed(words: Words, reader: Reader) -> Boxes:
    """Return at which stage what was reviewed was so, where the words near it or the sentence say that."""
    if re.match(r"[^.;,]*\banaly[sz]ed", words.after):
        return ()
    for said in (words.near, words.text):
        is_title, is_full = bool(TITLE.search(said)), bool(FULL.search(said))
        if is_title != is_full:
            return ("screened",) if is_title else ("assessed",)
    return ("assessed",) if reader.stage == 4 else ()


def _remaining(words: Words, reader: Reader) -> Boxes:
    if re.match(
        r" (?:using|used|reporting|reported|had|did|compared|comparing|are|is)\b| of (?:the|these|those|them|which)\b",
        words.after,
    ):
        # The rest of some kind.
        return ()
    if re.match(rf"[^.;]{{0,60}}(?:,| and) (?:and )?{_N} (?!were|was|did|of|had|could)", words.after):
        # Two kinds of things are left.
        return ()
    if _READ.search(words.before) and not FULL.search(words.before):
        return ("chosen",)
    if TITLE.search(words.before) and re.search(r"\bfulltext\b[^.;]*\b(?:reduc|narrow)\w*", words.before):
        return (of_included(words.noun),)
    if re.search(r"\b(?:finally|ultimately|in the end),? (?:a total of |only )?$", words.before):
        return (of_included(words.noun),)
    if after := _REMAINED_AFTER.match(words.after):
        return (of_included(words.noun),) if after["stage"].startswith("full") else ("chosen",)
    if _is_after_duplicates(words.before) or reader.stage == 2:
        return ("after_duplicates",)
    if re.search(r"\bfulltext[^.;]*\b(?:reduc|exclu|remov)", words.before):
        return (of_included(words.noun),)
    if reader.stage in (3, 4):
        return ("assessed",)
    return (of_included(words.noun),) if reader.stage in (5, 6) else ()


_SETTLED: MappingProxyType[str, Callable[[Words, Reader], Boxes]] = MappingProxyType(
    {
        "EXCLUDED": _excluded,
        "REMAINING": _remaining,
        "REVIEWED": _reviewed,
        "FOUND": _found,
        "OTHER": _other,
        "WHOLE": _whole,
        "YIELD": _yield,
        "DETAILED": _detailed,
        "TREATED": _treated,
        "assessed": _assessed,
        "screened": _screened,
        "after_duplicates": _unique,
        "meta_analysis": inclusion.pooled,
        "included": inclusion.included,
    }
)
"""What the boxes in capitals of ``patterns.toml`` come to, and those that words near a number can turn."""
