# ruff: noqa: E501  one pattern, one line
"""
Numbers that are one another's differences → their boxes, whatever words stand around them.

2,532 less 741 is 1,791, less 1,702 is 89, less 58 is 31: numbers that a
passage prints and that go on like this are the steps of its flow, and which
steps they are say the words of some of them, and the order in which steps
are taken. Nothing is reckoned that the passage does not print.

Of each way down from a number (``_Stretch._best``) it is weighed what speaks
for its steps: what rules said of its numbers, words beside them, how rarely a
difference of that size comes about by chance. The best is taken where no other
way to read it comes near, and only as far as the near ones agree (``_clear``).
The weights are ours, set by hand on invented texts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from math import log2
from typing import TYPE_CHECKING

from peerreview.imports.papers import FIGURE, counts, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from peerreview.imports.papers.statements import Statement

_FOUND, _SCREENED, _SOUGHT, _ASSESSED, _INCLUDED = _STAGES = range(5)


@dataclass(frozen=True)
class _Kind:
    """What a number may be: its boxes, words that say so, and words that say it is something else."""

    boxes: frozenset[str]
    words: re.Pattern[str]
    against: re.Pattern[str]


@dataclass(frozen=True)
class _Step:
    """What leaves the flow, the stage before it, and the stages that may be behind it."""

    out: _Kind
    start: int
    ends: tuple[int, ...]

    @property
    def box(self) -> str:
        """The box of what leaves."""
        (box,) = self.out.boxes
        return box


def _kind(boxes: str, words: str, against: str = "$.") -> _Kind:
    return _Kind(frozenset(boxes.split()), re.compile(words), re.compile(against))


_OUT = (
    r"exclu|remov|discard|reject|eliminat|dropp|set aside|put aside|ruled out|left out|filter|weed|delet|omit|turned down"
    r"|disqualif|ineligib|\bnot\b|\bno\b|without|irrelevan|\bfail|unfit|unsuit"
)
_TITLES = r"titleabstract|titles?\b|abstracts?\b"
_FULL = r"fulltext|\bin full\b|\bread\b|\breading\b|in detail"
_GOT = r"retriev\w*|obtain\w*|access\w*|availab\w*|locat\w*|found|find|hold|reach\w*|procur\w*|get|got|trac\w+|open\w*|deliver\w*|success|respon\w*"
_TRIED = (
    r"\bwish|\bwant|\border(?:ed|ing)\b|request|looked for|\btr(?:y|ied)\b|attempt|asked for|sought|\bprocure"
)
_NOT = r"\b(?:not|never|neither|unable|fail\w*|without|miss\w*|lack\w*|no|nor|impossible)\b|n't\b"
_DUPLICATES = _kind(
    "duplicates",
    r"duplic|double|repeated|repetit|redundan|overlap|identical|more than (?:one|once)|twice|in both|the same\b|same (?:record|article|reference|paper)",
    r"duplic\w*[^.;,]{0,30} or ",
)
_OTHER_REASONS = _kind(
    "other_reasons",
    r"automat|languages?\b|non-?english|filters\b|(?:before|prior to) screening|(?:publication|document) (?:type|date|year)",
    _TITLES,
)
_EXCLUDED = _kind(
    "excluded", rf"{_OUT}|{_TITLES}|screen|relevan|first (?:filter|round|step|stage|phase)", _FULL
)
_LOST = rf"(?:{_NOT})[^.;]*?\b(?:{_GOT})\b|unavailab|inaccess|unobtain|unretriev|irretriev|\b(?:{_GOT})\b[^.;]*?(?:{_NOT})"
_NOT_RETRIEVED = _kind("not_retrieved", _LOST)
_REPORTS_EXCLUDED = _kind(
    "reports_excluded", rf"{_OUT}|fulltext|criteri|eligib|wrong|reasons?\b", rf"{_TITLES}|{_LOST}"
)
_STEPS = (
    _Step(_DUPLICATES, _FOUND, (_SCREENED, _FOUND)),
    _Step(_OTHER_REASONS, _FOUND, (_FOUND, _SCREENED)),
    _Step(_EXCLUDED, _SCREENED, (_SCREENED, _SOUGHT, _ASSESSED, _INCLUDED)),
    _Step(_NOT_RETRIEVED, _SOUGHT, (_ASSESSED,)),
    _Step(_REPORTS_EXCLUDED, _ASSESSED, (_INCLUDED, _ASSESSED)),
)
_LEFT = ("databases", "screened", "sought", "assessed", "included")
_IN = (
    _kind("databases identified source registers", r"search|database|found|identif|yield|hits|records|total|initial|retriev|altogether|\bin all\b"),
    _kind("screened after_duplicates yielded", rf"{_TITLES}|screen|relevan|unique|remain|\bleft\b|\bother\b|after|single|distinct|different|kept|judged", _FULL),
    _kind("sought chosen assessed", rf"{_TRIED}|fulltext|\bread|retriev|obtain|sought|remain|\bleft\b|\bothers?\b|candidate|potential|eligib|\bfull\b|kept", "duplic"),
    _kind("assessed chosen sought", r"fulltext|\bread|assess|eligib|remain|\bleft\b|\bothers?\b|candidate|potential|\bfull\b|detail|evaluat|examin|kept", rf"duplic|\bme?et\b|fulfil|satisf|{_TRIED}"),
    _kind("studies reports", r"includ|final|criteri|synthes|remain|retain|\bthus\b|hence|\bleft\b|eligib|review|accept|kept|selected|present|stayed", r"duplic|\bnot (?:\w+ ){0,2}inclu"),
)  # fmt: skip
"""By stage: what is in the flow then."""
_KINDS = {step.box: step.out for step in _STEPS} | dict(
    zip((*_LEFT, "chosen"), (*_IN, _IN[_ASSESSED]), strict=True)
)
_OF_FLOW = re.compile(r"duplic|screen|titleabstract|titles?\b|abstracts?\b|fulltext|exclu|search|retriev")
_CLAUSE = re.compile(r"[,;:]|\.(?= )|\b(?:and|which|who|we|but|while|whereas|so that)\b")
_ANY = _kind("", "$.")
_COUNTED = re.compile(
    r"record|reference|citation|article|paper|publication|abstract|title|stud(?:y|ies)|trial|report|manuscript|document|hits?\b|results?\b"
    r"|items?\b|entr(?:y|ies)|fulltext|works?\b|reviews?\b|literature"
)
_FARTHEST = 10
"""Numbers between those of one step."""
_FEWEST = 2
"""Steps; one alone may be two kinds of what is in, and all."""
_RULE, _CLASH, _LABEL_CLASH = 2.0, -1.0, -4.0
"""What counts for a box: that a rule said so, that one said another, and that the label of a figure did."""
_CLOSE, _WORD, _SILENT = 1.0, 0.5, -0.5
"""What counts for it: a word beside the number, one farther off, and none."""
_RARE, _AGAIN, _PLACE, _BACKWARDS = 1.25, -1.0, -0.1, -0.5
"""What counts for a step at most, that no other would come about; against it, that it is a stage's second, a number between its own, and that what it leaves is told before."""
_BY_CHANCE = 0.3
"""What is said for a step by its rarity alone, below which any two numbers come to a third."""
_NONE = -100.0
"""What counts for a step for which nothing speaks."""
_CLEAR = 0.75
"""By how much more must speak for a reading than for any other, to be taken."""
_PLAIN = 4.0
"""What must speak for a chain of which no rule says anything."""
_WINDOW = 3
"""Passages that may tell of one flow."""
_FLOWS, _MOST_STEPS, _MOST_NUMBERS = 3, 8, 120
"""Flows of one passage, steps of one flow, and numbers of passages that are no tables."""


@dataclass(frozen=True)
class _Mention:
    """A number where it stands: its place among the others, what rules said of it, the words around."""

    place: int
    n: int
    boxes: frozenset[str]
    near: str
    noun: str
    sentence: str = ""
    is_label: bool = False

    def speaks_for(self, kind: _Kind) -> float:
        """Return how much speaks for a number to be of a kind."""
        boxes, weight = kind.boxes, _SILENT
        if kind.words.search(self.near):
            weight = _CLOSE if kind.words.search(self.beside) else _WORD
        if kind.against.search(self.beside):
            weight -= _CLOSE
        if self.boxes & boxes:
            return weight + _RULE / len(self.boxes)
        if self.boxes:
            return weight + (_LABEL_CLASH if self.is_label else _CLASH)
        return weight

    @cached_property
    def beside(self) -> str:
        """The words of the number's own clause."""
        before, _, after = self.near.partition(wording.ITSELF)
        return f"{_CLAUSE.split(before)[-1]} {_CLAUSE.split(after, maxsplit=1)[0]}"


@dataclass(frozen=True)
class _Path:
    """Numbers that go on as differences: what is left after each step, and what each step takes out."""

    left: tuple[int, ...]
    out: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class _Reading:
    """A way to take a path: its steps, the stages of what is left, and how much speaks for it."""

    weight: float
    steps: tuple[_Step, ...]
    stages: tuple[int, ...]


class _Stretch:
    """The numbers of passages that stand together."""

    def __init__(self, mentions: Sequence[_Mention]) -> None:
        self._mentions = mentions
        self._by_n: dict[int, list[_Mention]] = defaultdict(list)
        for each in mentions:
            self._by_n[each.n].append(each)
        self._paths: dict[tuple[int, int], tuple[float, _Path]] = {}

    def find(self) -> dict[int, str]:
        """Return the box of each number of the clear chain for which most speaks, by its place."""
        paths = {
            path: weight
            for n in self._by_n
            for weight, path in (self._best(n, stage) for stage in _STAGES[:_INCLUDED])
            if path.out
        }
        for path in sorted(paths, key=lambda path: -paths[path]):
            if found := self._clear(path):
                return found
        return {}

    def _clear(self, path: _Path) -> dict[int, str]:
        """Return the box of each number of a path, by its place; none where it is not clear that it is a flow."""
        readings = sorted(self._readings(path), key=lambda each: each.weight, reverse=True)
        told = [self._boxes(path, each) for each in readings if each.weight > readings[0].weight - _CLEAR]
        agreed = {
            place: box for place, box in told[0].items() if all(each.get(place) == box for each in told)
        }
        named = [each for each in self._mentions if agreed.get(each.place)]
        n_said = sum(agreed[each.place] in each.boxes for each in named)
        n_against = sum(bool(each.boxes) and agreed[each.place] not in each.boxes for each in named)
        n_steps = len(path.out)
        is_enough = n_said >= _FEWEST or (n_steps >= _FEWEST and (n_said or readings[0].weight >= _PLAIN))
        is_odd = n_against > (n_said if n_steps > _FEWEST else 0)
        is_of_flow = any(_OF_FLOW.search(each.near) for each in named) and any(
            _COUNTED.search(each.near) for each in named if each.n in path.left
        )
        return agreed if is_enough and is_of_flow and not is_odd else {}

    def _in(self, n: int, stage: int) -> float:
        """Return how much speaks for a number to be in the flow at a stage."""
        return max(each.speaks_for(_IN[stage]) for each in self._by_n[n])

    def _takes(self, step: _Step, whole: int, out: tuple[int, ...], rest: int, end: int) -> float:
        """Return what speaks for a step that takes so many of so many, besides what does for those it leaves at a stage."""
        taken = min(max(each.speaks_for(step.out) for each in self._by_n[n]) for n in out)
        left = self._in(rest, end)
        chance = min(log2(max(whole / (len(self._by_n) * len(out)), 1)) / 4, _RARE)
        is_again = end == step.start
        if taken + left + chance <= 0 or chance < _BY_CHANCE:
            return _NONE
        if (is_again or len(out) > 1) and min(taken, left, chance - _BY_CHANCE) <= 0:
            return _NONE
        if taken <= 0 and (chance < _RARE / 2 or step.out not in (_EXCLUDED, _REPORTS_EXCLUDED)):
            # Whatever else is left out has its own words.
            return _NONE
        return taken + chance + (_AGAIN if is_again else 0.0) + self._apart(whole, *out, rest)

    def _apart(self, whole: int, *others: int) -> float:
        """Return what speaks against a step because its numbers are told far from one another, or backwards."""
        places = [self._by_n[n][0].place for n in (whole, *others)]
        return _PLACE * max(max(places) - min(places) - len(places), 0) + (
            _BACKWARDS if places[-1] < places[0] else 0.0
        )

    def _best(self, n: int, stage: int) -> tuple[float, _Path]:
        """Return the path down from a number at a stage for which most speaks, and how much."""
        if (n, stage) not in self._paths:
            own = self._in(n, stage)
            best = (own, _Path((n,)))
            for out, rest in self._differences(n):
                for step in (each for each in _STEPS if each.start == stage):
                    for end in step.ends:
                        weight, path = self._best(rest, end)
                        weight += own + self._takes(step, n, out, rest, end)
                        if weight > best[0] and len(path.out) < _MOST_STEPS:
                            best = (weight, _Path((n, *path.left), (out, *path.out)))
            self._paths[n, stage] = best
        return self._paths[n, stage]

    def _differences(self, n: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield what may be taken from a number, and what is left, of numbers that stand near one another."""
        for rest in self._by_n:
            out = n - rest
            if rest < 1 or out < 1:
                continue
            if out in self._by_n:
                if self._is_near(n, out, rest):
                    yield (out,), rest
                continue
            for one, other in self._beside.get(out, ()):
                if self._is_near(n, one, other, rest):
                    yield (one, other), rest

    @cached_property
    def _beside(self) -> dict[int, list[tuple[int, int]]]:
        """Sums of two numbers that stand side by side, or with one between them."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for apart in (1, 2):
            for one, other in zip(self._mentions, self._mentions[apart:], strict=False):
                if one.sentence == other.sentence:
                    found[one.n + other.n].append((one.n, other.n))
        return found

    def _is_near(self, *numbers: int) -> bool:
        """Whether numbers stand near one another, each at a place of its own."""
        if any(len(self._by_n[n]) < times for n, times in Counter(numbers).items()):
            return False
        return any(
            all(any(abs(each.place - first.place) <= _FARTHEST for each in self._by_n[n]) for n in numbers)
            for first in self._by_n[numbers[0]]
        )

    def _readings(self, path: _Path) -> list[_Reading]:
        """Return each way to take a path."""
        found = [_Reading(self._in(path.left[0], stage), (), (stage,)) for stage in _STAGES[:_INCLUDED]]
        for whole, out, left in zip(path.left, path.out, path.left[1:], strict=False):
            found = [
                _Reading(
                    each.weight + self._takes(step, whole, out, left, end) + self._in(left, end),
                    (*each.steps, step),
                    (*each.stages, end),
                )
                for each in found
                for step in _STEPS
                if step.start == each.stages[-1]
                for end in step.ends
            ]
        return found

    def _boxes(self, path: _Path, reading: _Reading) -> dict[int, str]:
        """Return the box of each number of a path, by its place, if it is read so."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for out, step in zip(path.out, reading.steps, strict=True):
            for n in out:
                wanted[n].add(step.box)
        for n, box in zip(path.left, _boxes_of(reading), strict=True):
            wanted[n].add(box)
        found = {}
        for n, boxes in wanted.items():
            if len(boxes) > 1:
                continue
            (box,) = boxes
            kind = _KINDS.get(box, _ANY)
            best = max(self._by_n[n], key=lambda each: each.speaks_for(kind))
            found[best.place] = _as_said(best, box, is_first=n == path.left[0])
        return found


def _boxes_of(reading: _Reading) -> Iterator[str]:
    """Yield the boxes of what is left, stage by stage; blank for what is between two steps of one stage."""
    out = [step.box for step in reading.steps]
    before, behind = ("", *out), (*out, "")
    for place, stage in enumerate(reading.stages):
        if place and reading.stages[place - 1] == stage:
            yield ""
        elif (
            stage in (_SOUGHT, _ASSESSED) and before[place] == "excluded" and behind[place] != "not_retrieved"
        ):
            yield "chosen"
        else:
            yield _LEFT[stage]


def _as_said(mention: _Mention, box: str, *, is_first: bool) -> str:
    """Return a box as a rule said it of a number at the same stage, if one did; all that was found may be screened."""
    if box == "screened" and is_first and not mention.boxes & _IN[_SCREENED].boxes:
        found = sorted(mention.boxes & _IN[_FOUND].boxes)
        if found or not _IN[_SCREENED].words.search(mention.beside):
            return next(iter(found), "databases" if _IN[_FOUND].words.search(mention.beside) else "")
    if box == "included":
        return wording.of_included(mention.noun)
    same = next((kind.boxes for kind in _IN if box in kind.boxes), frozenset())
    said = mention.boxes & same - {"source"}
    return next(iter(said)) if box and len(said) == 1 else box


def settle(passages: Sequence[Sequence[Statement]]) -> list[list[Statement]]:
    """
    Return the statements of passages with the boxes that chains of differences give them.

    Parameters
    ----------
    passages : those that stand together, each with its own statements.

    Returns
    -------
    The same numbers; one in a chain has one box. Another that stands among them, and that rules
    put into a box of the chain, has none: how many that box holds is known.
    """
    found = [_without_reasons(own) for own in passages]
    for start in range(len(found)):
        window = found[start : start + _WINDOW]
        taken: dict[tuple[int, int], str] = {}
        for _ in range(_FLOWS):
            keys, mentions = _mentions_of(window, taken)
            if len(mentions) > _MOST_NUMBERS:
                break
            boxes = {keys[place]: box for place, box in _Stretch(_without_parts(mentions)).find().items()}
            if not any(at == 0 for at, _ in boxes):
                break
            taken |= boxes
        if taken:
            _put(found, start, taken)
    return found


_SEVERAL = frozenset({"databases", "studies", "reports", ""})
"""Boxes that may have further numbers beside a chain's."""


def _put(found: list[list[Statement]], start: int, taken: Mapping[tuple[int, int], str]) -> None:
    """Put the boxes of chains into the statements of passages from one on, and out what else stands among them."""
    first, last = min(taken), max(taken)
    held: dict[str, set[int]] = defaultdict(set)
    for (at, number), box in taken.items():
        held[box] |= {each.n for each in found[start + at] if each.number == number}
    for at in range(last[0] + 1):
        kept: dict[tuple[int, str], Statement] = {}
        for each in found[start + at]:
            key, box = (at, each.number), each.box
            if key in taken:
                box = taken[key]
            elif first <= key <= last and box not in _SEVERAL and box in held and each.n not in held[box]:
                box = ""
            kept[each.number, box] = replace(each, box=box)
        found[start + at] = list(kept.values())


_IN_BRACKETS = re.compile(rf"[(\[][^()]*{wording.ITSELF}")
_LONGEST = 9
"""Parts into which a number is taken apart."""


def _parts(mentions: Sequence[_Mention]) -> Iterator[tuple[_Mention, Sequence[_Mention]]]:
    """Yield numbers with those behind them that add up to them, as 45 for no data (28) and another topic (17)."""
    for at, whole in enumerate(mentions):
        behind = mentions[at + 1 : at + 1 + _LONGEST]
        sums = list(accumulate(each.n for each in behind))
        run = behind[: sums.index(whole.n) + 1] if whole.n in sums else []
        is_told_so = len(run) == _FEWEST and all(_IN_BRACKETS.search(each.near) for each in run)
        if len(run) > _FEWEST or (is_told_so and run[0].sentence == run[1].sentence):
            yield whole, run


def _without_parts(mentions: Sequence[_Mention]) -> list[_Mention]:
    """Return numbers without those that add up to the one before them."""
    parts = {each.place for _, run in _parts(mentions) for each in run if not each.boxes}
    return [each for each in mentions if each.place not in parts]


def _without_reasons(own: Sequence[Statement]) -> list[Statement]:
    """Return a passage's statements without the boxes of reasons that add up to what was excluded before them."""
    keys, mentions = _mentions_of([own], {})
    reasons = {
        keys[each.place][1]
        for whole, run in _parts(mentions)
        if whole.boxes & _OF_REASONS
        for each in run
        if each.boxes & _OF_REASONS
    }
    return [replace(each, box="") if each.number in reasons else each for each in own]


_OF_REASONS = frozenset({"excluded", "reports_excluded", "other_reasons"})


def _mentions_of(
    window: Sequence[Sequence[Statement]], taken: dict[tuple[int, int], str]
) -> tuple[list[tuple[int, int]], list[_Mention]]:
    """Return the numbers of passages that are in no chain yet: where they are, and what is said of them."""
    grouped: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    for at, own in enumerate(window):
        for each in own:
            is_year = counts.is_year(each.n) and not each.noun and not each.box
            if (at, each.number) not in taken and each.near and each.n > 0 and not is_year:
                grouped[at, each.number].append(each)
    mentions = [
        _Mention(
            place,
            of[0].n,
            frozenset({each.box for each in of} - {""}),
            of[0].near,
            of[0].noun,
            of[0].sentence,
            of[0].kind == FIGURE,
        )
        for place, of in enumerate(grouped.values())
    ]
    return list(grouped), mentions
