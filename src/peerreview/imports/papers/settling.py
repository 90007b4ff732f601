# ruff: noqa: E501  one pattern, one line
"""What a rule says of a number, and what stands around it → the box of the flow; several where it may be in each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from peerreview.imports.papers import counts, patterns

if TYPE_CHECKING:
    from collections.abc import Callable

_N = counts.COUNT
_CLAUSE_ENDS = re.compile(
    r"[,;:]| and | leaving | while | whereas | but | because | since | due to | owing to | as (?:they|it|the)\b"
)
_TITLE = re.compile(r"\b(?:titleabstract|titles?|abstracts?)\b")
_FULL = re.compile(r"\bfulltext|\bin full\b|\bin detail\b|\bdetailed (?:review|reading|assess|evaluat)")
_WHOLE = re.compile(r"\bfulltext|\bin full\b|\bfully\b|\bin detail\b|\bentire")
_WITH_DATABASES = re.compile(
    rf"\bdatabases? search\w*\b[^.;{_N[1:-1]}]*\b(?:and|as well as|plus|along with|together with)\b[^.;{_N[1:-1]}]*\b(?:total of|yielded|retrieved|returned|resulted in) $"
)
_DATABASES = re.compile(r"\bdatabases?\b")
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
_THINGS = re.compile(
    rf" (?!of|in|for|were|was|from|and|or|which|that|after|with|on|to|by|as|at)(?!(?:[\w'/-]+ ){{0,5}}?(?:{_KIND})\b)[a-z]"
)
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
_READ = re.compile(r"\b(?:after|following|by|on|through|from)\b[^.;]*\b(?:titleabstract|titles?|abstracts)\b")
_BEHIND = re.compile(rf"[^.;{_N[1:-1]}]*\bafter\b[^.;{_N[1:-1]}]*\b(?:duplic|removing duplic)")
_UNIQUE = re.compile(r" (?:\w+ )?(?:unique|non-?duplicate|de-?duplicated)\b")
_SUITED = re.compile(r" (?:\w+ )?(?:pertinent|relevant|eligible|suitable|qualifying|qualified|appropriate)\b")
_ONCE_MORE = re.compile(
    r"\b(?:after|following) (?:the |this |an )?(?:initial |first |primary )(?:\w+ )?screening(?: process| phase| stage| step)?,? (?:a total of |the |all )?$"
    r"|\b(?:after|following) (?:the )?(?:\w+ )?screening, (?:a total of |the |all )?$"
)
_ON_TITLES = re.compile(
    r"\b(?:after|following|by|based on|through) (?:(?!were|was)[a-z]+ ){0,8}(?:titleabstract|titles?|abstracts?)\b"
)
_TITLES_OF = re.compile(r"\b(?:titleabstract|titles?|abstracts?) of (?:the |these |all )*$")
_TRIED_FOR = re.compile(
    r"\b(?:looked for|searched for the|tried to (?:find|get|obtain|retrieve|locate)|attempted to|asked for|ordered|requested|wished to|wanted to)\b"
)
_NOT_DONE = re.compile(r"(?: \w+){0,2} (?:did|do|were|was|had|could) not\b")
_FROM_REFERENCES = re.compile(
    r"\bfrom (?:[a-z]+ ){0,3}?(?:references?|reference lists?|bibliograph\w+)\b[^.;]*$"
)
_IN_REVIEW = re.compile(
    r"[^.;,\ue000-\uf8ff]*\b(?:included (?:in|for)|for|in) (?:this|our|the (?:final|present|current)) (?:\w+ )?(?:study|review|analysis|synthesis|meta-? ?analysis)\b"
)
_IS_YIELD = re.compile(
    r"\bsearch\w*\b[^.;,\ue000-\uf8ff]*\b(?:yield|return|retriev|identif|produc|generat|result|found|gave|provid|reveal)\w*(?: (?:in|a|the|total|of|us))* $"
)
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
_REVIEW_OF = re.compile(
    r"\b(?:upon|after|following|by) (?:\w+ )?(?:review|assessment|evaluation|reading|examination) of (?:the |these |all )?(?:remaining )?$"
)
_FINAL_DATA = re.compile(r"\b(?:finally|ultimately)\b[^.;]* from $")
_FOR_REVIEW = re.compile(
    r"[^.;,]*\b(?:eligible for|included in) (?:the |this |our )?(?:final |present )*(?:review|meta-? ?analysis|analysis|synthesis)\b"
)
_BY_MISTAKE = re.compile(r"[^.;]*\b(?:wrongly|erroneously|mistakenly)\b")
_IF = re.compile(r"\b(?:if|when|whenever|in case) $")
_ONLY = re.compile(r"[^.;]*, (?:but )?only (?:[\w-]+ ){1,3}(?:were|was) included\b")
_SCREENED_FOR = re.compile(
    r"(?: (?!fulltext)[\w-]+){0,3} (?:were|was) (?:then )?screened for (?:\w+ )?(?:eligib|inclusion|relevan)"
)
_NEW = re.compile(r" (?:\w+ ){0,2}new\b")
_UNMET = re.compile(r"\b(?:not|nor) (?:meet|met|meeting|fulfil\w*|satisf\w+)\b[^.;]*\bcriteria")
_TRIED = re.compile(r"\brandom(?:ly)?\b|\bpilot|\bcalibrat|\bsubset\b|\bsample of\b")
_AGAIN = re.compile(r"\b(?:updated?|second|re-?run|repeated|latest|new) (?:\w+ )?search")
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
MAYBE = "found"
"""What was found, in a search or in the world: the numbers after it say which."""
YIELDED = "yielded"
"""What a search yielded, and what was screened of it: one number."""
SOLE = "sole"
"""What one database yielded: its share, or all where the text names no other."""
_THIS = re.compile(r"\b(?:this|our|the present|the current|present|current) (?:\w+ ){0,2}meta-? ?analys")
_REST = re.compile(rf"\b(?:remaining|leaving|left)\b(?: \w+){{0,3}} {_N}?$")
STUDIES = re.compile(r"(?:stud(?:y|ies)|trials?|rcts?|experiments?|cohorts?)\b")
REPORTS = re.compile(
    r"(?:articles?|hits|papers?|publications?|reports?|records?|manuscripts?|references?|citations?|documents?|fulltext|literatures?)\b"
)


@dataclass
class Reader:
    """
    What has been read of a passage so far, as its sentences come.

    ``included`` is how many are in, or met the criteria where ``is_eligible``; ``standing`` counts
    the passage's numbers that say so, and ``superseded`` those that said so of more.
    """

    stage: int = 0
    has_screened: bool = False
    included: int = 0
    is_eligible: bool = False
    standing: list[int] = field(default_factory=list)
    superseded: set[int] = field(default_factory=set)
    has_assessed: bool = False


_STAGES = {
    "databases": 1, "duplicates": 2, "after_duplicates": 2, "yielded": 2, "screened": 3, "excluded": 4, "sought": 5, "not_retrieved": 5,
    "chosen": 5, "assessed": 5, "reports_excluded": 6, "studies": 7, "reports": 7,
}  # fmt: skip


_AT_FULL_TEXT = 6


@dataclass(frozen=True)
class Words:
    """A number's sentence in the form of ``patterns.shape``, what stands before and after it, what it counts."""

    sign: str
    text: str
    numbers: tuple[int, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """The number and those after it in the sentence."""
        return self.numbers[ord(self.sign) - counts.FIRST :]

    @property
    def before(self) -> str:
        """The sentence up to the number."""
        return self.text.partition(self.sign)[0]

    @property
    def after(self) -> str:
        """The sentence from the number on."""
        return self.text.partition(self.sign)[2]

    @property
    def near(self) -> str:
        """The words around the number, up to its neighbours."""
        return f"{re.split(_N, self.before)[-1]} {re.split(_N, self.after)[0]}"

    @property
    def around(self) -> str:
        """The words around the number up to its neighbours, with a sign in its place."""
        return f"{re.split(_N, self.before)[-1]}{ITSELF}{re.split(_N, self.after)[0]}"

    @property
    def noun(self) -> str:
        """What the number counts, as printed; blank where that is no report and no study."""
        stop = patterns.read().words["stop"]
        found = re.match(
            rf"\)?,?(?: (?!(?:{stop})\b)[a-z][\w'/-]*,?){{0,6}}?,? ({STUDIES.pattern}|{REPORTS.pattern})",
            self.after,
        )
        return found[1] if found else ""

    @property
    def is_rest(self) -> bool:
        """Whether the number is said to be what remains."""
        return bool(_REST.search(self.before)) or bool(re.match(r"(?: \w+){0,2} remain", self.after))


ITSELF = "#"
"""What stands for a number in the words around it."""
Boxes = tuple[str, ...]
_IN = re.compile(r"\binclu(?:ded|des|ding|de)\b|\bfor inclusion\b|\bfinal(?:ly)?\b")
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


def settle(box: str, words: Words, reader: Reader) -> Boxes:
    """Return the boxes that a number may be in, given the box of the rule that fits it, and note where we are."""
    if box == "not_retrieved" and _EXCLUDES.search(words.before):
        # That texts were not to be had is the reason.
        box = "EXCLUDED"
    boxes = _SETTLED[box](words, reader) if box in _SETTLED else (box.lower(),) if box else ()
    if set(boxes) & {"assessed", "chosen"}:
        if _EXTRACTED.match(words.after):
            # What came through, for the data to be taken out.
            boxes = (of_included(words.noun),)
        elif words.noun != "fulltext" and _is_beside_another(words) and _is_one_kind(words):
            boxes = ()
    if _TRIED.search(words.near) and set(boxes) & {"screened", "assessed", "chosen"}:
        # Some that two people tried themselves on.
        boxes = ()
    if boxes == ("duplicates",) and reader.stage >= _AT_FULL_TEXT:
        # A reason as others are.
        boxes = ()
    reader.has_assessed = reader.has_assessed or bool({"assessed", "chosen"} & set(boxes))
    reader.stage = max([reader.stage, *(_STAGES.get(each, 0) for each in boxes[:1])])
    return boxes


def _is_beside_another(words: Words) -> bool:
    """Whether just an ``and`` stands between a number with its noun and another."""
    told = r"(?: (?!and\b)[\w'-]+){1,4}"
    return bool(re.match(rf"{told} and {_N}", words.after) or re.search(rf"{_N}{told} and $", words.before))


def of_included(noun: str) -> str:
    """Return the box of what is included, by what is counted."""
    return "reports" if REPORTS.match(noun) else "studies"


def _found(words: Words, reader: Reader) -> Boxes:
    """Return what something that was found is: by a search, or after duplicates, or on reading titles."""
    before = words.before
    if _AGAIN.search(words.text) or _NEW.match(words.after):
        return ()
    if _READ.search(before) and not re.search(r"\bsearch", before):
        return (of_included(words.noun),) if _WHOLE.search(before) else ("chosen",)
    if _FURTHER.search(before) and (method := other_method(words.text)) != "other_sources":
        return (method,)
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
    return is_after and not _TITLE.search(before) and not SCREENING.search(before)


def _other(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    if _WITH_DATABASES.search(words.before) and not re.match(
        r" (?:additional|further|more|other)\b", words.after
    ):
        return ("databases",)
    # What a search found that was run again, or databases among others, is no other method's.
    if _AGAIN.search(words.text) or _DATABASES.search(re.split(_N, words.after)[0]):
        return ()
    if _MEETS.match(re.split(_N, words.after)[0]):
        return (of_included(words.noun),)
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
    # What is screened once more, or what screening comes to, was chosen before.
    return ("chosen",) if _ONCE_MORE.search(words.before) else ("screened",)


def _unique(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    if _FINAL_DATA.search(words.before) or _FOR_REVIEW.match(words.after):
        return (of_included(words.noun),)
    if _TELLING.match(words.after):
        return ()
    if _AFTER_TITLES.match(words.after):
        return ("chosen",)
    return ("screened",) if re.match(r"[^.;,]*\bscreened\b", words.after) else ("after_duplicates",)


def _assessed(words: Words, reader: Reader) -> Boxes:
    # Titles and abstracts are assessed for eligibility, too.
    is_title = bool(_TITLE.search(words.near)) and not _WHOLE.search(words.near)
    if is_title and _READ.search(words.before) and not _TITLES_OF.search(words.before):
        return ("chosen",)
    if _HAS_NONE.search(words.before):
        return ()
    if reader.stage <= _STAGES["after_duplicates"] and _SCREENED_FOR.match(words.after):
        return ("screened",)
    if _TRIED_FOR.search(words.near):
        return ("sought",)
    if _NOT_DONE.match(words.after):
        # A reason that is found in a full text.
        return ()
    return ("screened",) if is_title else ("assessed",)


def _pooled(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    if words.counts[:1] in ((0,), (1,)) or _is_one_kind(words) or _counts_others(words):
        return ()
    if not re.search("includ|selec", words.near + words.after):
        # They may be some of those that are in.
        return ()
    is_all = _THIS.search(words.after) or re.search(r"\bqualitative", words.after)
    return (of_included(words.noun),) if is_all else ("meta_analysis",)


def _included(words: Words, reader: Reader) -> Boxes:
    if _SOME_OF.search(words.before) or (_INCLUDES.search(words.before) and _THINGS.match(words.after)):
        return ()
    after = re.split(_N, words.after)[0]
    on_titles = _ON_TITLES.search(after)
    if re.match(
        r"[^.;,]*\bfor (?:the |a )?fulltext (?:screening|review|assessment|reading|evaluation)\b", words.after
    ):
        return ("chosen",)
    by_titles = (
        not _WHOLE.search(re.split(r",|\b(?:were|was)\b", after[on_titles.end() :])[0])
        if on_titles
        else _ON_TITLES.search(words.near) and not _WHOLE.search(words.before + words.near)
    )
    if by_titles and not _IN_REVIEW.match(words.after):
        return ("chosen",)
    if re.match(r"[^.;,]*\bpotentially (?:eligible|relevant)\b", words.after):
        return ("chosen",)
    if reached := _FROM_REFERENCES.search(words.before):
        # What reference lists gave, and how many are in with these.
        return (other_method(reached[0]),) if words.counts[1:] else (of_included(words.noun),)
    if _TITLES_OF.search(words.before):
        return ("screened",)
    if _REVIEW_OF.search(words.before) or _IF.search(words.before) or _ONLY.match(words.after):
        # Those of whom some came through, that may be, or of which something else is in.
        return ()
    if re.match(r" (?:\w+ )?(?:new|additional|further|more)\b", words.after) and "total" in words.text:
        # An update's, and how many are in with these is said beside.
        return ()
    # One kind of so many, and another: the sum is not said.
    if (
        _is_one_kind(words)
        or _counts_others(words)
        or (_AGAIN.search(words.text) and "total" not in words.text)
    ):
        return ()
    is_final = "final" in words.before or _IN_REVIEW.match(words.after)
    if words.noun == "fulltext" and reader.stage < 3 and not is_final:
        return ("assessed", "reports")
    return (of_included(words.noun),)


def _is_one_kind(words: Words) -> bool:
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


def _counts_others(words: Words) -> bool:
    """Whether what is counted is neither records nor studies, as twelve tools."""
    found = _OTHERS_COUNTED.match(words.after)
    if not found or found["what"] in _UNCOUNTED:
        return False
    known = patterns.read().words
    return not re.search(rf"\b(?:{known['things']}|{known['records']})\b", found[0])


def _whole(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    said = re.split(_N, words.after)[1]
    is_title, is_full = bool(_TITLE.search(said)), bool(_WHOLE.search(said))
    if is_title == is_full:
        return ()
    return ("screened",) if is_title else ("assessed",)


def _detailed(words: Words, reader: Reader) -> Boxes:  # noqa: ARG001  one shape for all
    # What is analysed in detail may be in, or be read in full.
    return ("assessed", of_included(words.noun))


def _yield(words: Words, reader: Reader) -> Boxes:
    # Several that are named before one number yielded it together.
    named = re.findall(rf"\b(?:{patterns.read().words['database']})\b", re.split(_N, words.before)[-1])
    return (SOLE,) if len(named) == 1 else _found(words, reader)


def _excluded(words: Words, reader: Reader) -> Boxes:
    """Return at which stage what is excluded was so."""
    before, after = words.before, words.after
    is_last = re.search(r"\b(?:together|along) with $|\bas well as $", before) or _BY_MISTAKE.match(after)
    if is_last or re.match(r"[^.;]*\bfor more than one reason\b", after):
        # The last of several reasons' shares, or of several reasons.
        return ()
    if re.match(r"[^.;]*\bscreened out\b[^.;]*\bsearch", after):
        # What was selected, in the words of some.
        return ()
    if re.match(r" (?:\w+ )?fulltext\b", after):
        return ("reports_excluded",)
    last = max((found.end() for found in re.finditer(_N, before)), default=0)
    # What is counted is no stage: 130 abstracts may be excluded at full text.
    after = _COUNTED_NOUN.sub("", after)
    cut = _CLAUSE_ENDS.search(after)
    near_after = after[: cut.start()] if cut else re.split(_N, after)[0]
    if cut and (by := _BASED_ON.match(after, cut.start())):
        near_after += by[0]
    near_before = before[last:]
    if _DUPLICATES.search(near_after):
        # Duplicates and others in one number.
        return ()
    if _DUPLICATES.search(words.text) and reader.stage <= 2 and not _BESIDE_DUPLICATES.search(words.text):
        return ("duplicates",)
    for near in (near_after, near_before, before):
        is_title, is_full = bool(_TITLE.search(near)), bool(_FULL.search(near))
        if is_title and is_full and near is not before:
            return ()
        if is_title != is_full:
            if near is before and reader.stage >= 5:
                break
            return ("excluded",) if is_title else ("reports_excluded",)
    if reader.stage >= 7:
        return ("reports_excluded",) if _FULL.search(before) or reader.has_assessed else ()
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
        is_title, is_full = bool(_TITLE.search(said)), bool(_FULL.search(said))
        if is_title != is_full:
            return ("screened",) if is_title else ("assessed",)
    return ("assessed",) if reader.stage == 4 else ()


def _remaining(words: Words, reader: Reader) -> Boxes:
    if re.match(r" (?:using|used|reporting|reported|had|did|compared|comparing)\b", words.after):
        # The rest of some kind.
        return ()
    if re.match(rf"[^.;]{{0,60}}(?:,| and) (?:and )?{_N} (?!were|was|did|of|had|could)", words.after):
        # Two kinds of things are left.
        return ()
    if _READ.search(words.before) and not _FULL.search(words.before):
        return ("chosen",)
    if _TITLE.search(words.before) and re.search(r"\bfulltext\b[^.;]*\b(?:reduc|narrow)\w*", words.before):
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


_METHODS = ("citation", "hand", "grey", "website")
_METHOD_BOX = {
    "citation": "citation_searching", "hand": "hand_searching", "grey": "grey_literature", "website": "websites",
}  # fmt: skip


def other_method(near: str) -> str:
    """Return the box of the one other method that is named near a number; of several, or none, other sources."""
    words = patterns.read().words
    named = [method for method in _METHODS if re.search(rf"\b(?:{words[method]})", near)]
    is_other = bool(re.search(rf"\b(?:{words['other']})", near))
    return _METHOD_BOX[named[0]] if len(named) == 1 and not is_other else "other_sources"


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
        "assessed": _assessed,
        "screened": _screened,
        "after_duplicates": _unique,
        "meta_analysis": _pooled,
        "included": _included,
    }
)
"""What the boxes in capitals of ``patterns.toml`` come to, and those that words near a number can turn."""
