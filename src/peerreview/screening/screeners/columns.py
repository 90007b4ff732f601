"""What the columns of people's sheets are: votes, reasons or about the record; asked where not plain."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from peerreview.errors import InputError
from peerreview.screening.screeners import WIDE, Asked, Export
from peerreview.screening.screeners.grids import NAMING, Grid
from peerreview.screening.screeners.headings import (
    is_negated,
    lists_answers,
    tokens_of,
    without_stage,
    words_of,
)
from peerreview.screening.screeners.vocabulary import (
    ABOUT,
    ADJUDICATED,
    AGAINST,
    ANY_REASON,
    DECIDES,
    DECISION_WORDS,
    FIELD_WORDS,
    FINAL,
    GIVES_REASON,
    NOTES,
    REASON_WORDS,
)
from peerreview.screening.screeners.words import fold, fold_stage, kind, plain
from peerreview.values.folding import same

_DECISION_WORD = re.compile(rf"\b(?:{'|'.join(sorted(DECISION_WORDS))})\b", re.IGNORECASE)
_AGAINST = re.compile(rf"\b(?:{'|'.join(sorted(AGAINST))}|or|vs)\b", re.IGNORECASE)
_ABOUT = ABOUT | NAMING
_OF = re.compile(r"^(?:by|of|from)\s+|['’]s$|\s+(?:by|of)$", re.IGNORECASE)
_VOTERS = frozenset({"reviewer", "screener", "rater", "coder"})
_LINKING = frozenset({"at", "by", "for", "from", "has", "is", "of", "on", "to", "was", "with"})
"""Words that stand, so spelled, in no person's name beside others: what was done with whom."""
_EXCLUDING = AGAINST - {"excludes", "exclusion", "not", "rejection"}
"""Words in the name of a column that says yes to what was excluded."""
_SHARE = 0.5
_FEW = 5
"""Different cells that a column has at most that may be votes in words of the team's own."""
_MANY = 20
"""Cells of which some say no where they are somebody's votes."""
_LONGEST = 30
"""Letters of such a word."""
_SCORE = re.compile(r"-?[0-9]+[.,][0-9]+")
"""A number with decimals, which is nobody's word for a vote."""
_FORM = ("record_id", "reviewer", "stage", "decision", "reason", "decided_at", "note")
"""What people fill in one of our own forms, and what names it."""


@dataclass(frozen=True)
class VoteColumn:
    """A column of votes; a blank reviewer is who is named elsewhere, a blank stage that of the row."""

    place: int
    name: str
    reviewer: str
    stage: str = ""
    role: str = ""
    reasons: tuple[int, ...] = ()


@dataclass(frozen=True)
class Understood:
    """
    A sheet's columns: of votes, of reasons that are the record's, and of notes.

    ``unused`` hold something that nothing is made of; ``was_inferred`` where
    nobody named the columns of votes.
    """

    votes: tuple[VoteColumn, ...]
    reasons: tuple[int, ...]
    unused: tuple[str, ...]
    was_inferred: bool


def understand(export: Export) -> Understood:
    """
    Return what a sheet's columns are.

    Raises
    ------
    InputError
        Where a name is no column's, and where a column may or may not be votes.
    """
    grid, asked = export.grid, export.asked
    votes = named(export)
    was_inferred = not votes
    if not votes:
        votes = inferred(grid, asked)
        if not votes:
            raise InputError(f"has no column of votes; {WIDE}", path=export.name)
        people = [each for each in votes if each.reviewer]
        if asked.reviewers and (people or len(votes) != 1):
            raise InputError(_no_column(asked.reviewers, grid), path=export.name)
        one_name(export, f"one column of votes, {votes[0].name!r},")
        _check_inferred(export, votes)
        was_inferred = not asked.reviewers
    votes, shared = _with_reasons(grid, votes, [find(export, name) for name in asked.reasons], asked.stage)
    _check_doubled(export, votes)
    _check_turned(export, votes)
    used = {each.place for each in votes} | {place for each in votes for place in each.reasons} | set(shared)
    unused = [
        name
        for place, name in enumerate(grid.header)
        if name and place not in used and _bare(name) not in _ABOUT and grid.holds(place)
        and not (len(votes) == 1 and _bare(name) in NOTES)
    ]  # fmt: skip
    return Understood(tuple(votes), tuple(shared), tuple(unused), was_inferred)


def named(export: Export) -> list[VoteColumn]:
    """
    Return the columns of votes that people named; none where they named none.

    Raises
    ------
    InputError
        For a name that is no column's beside one that is.
    """
    grid, asked = export.grid, export.asked
    if asked.votes:
        places = [find(export, column) for column, _ in asked.votes]
        twice = next((place for place, n in Counter(places).items() if n > 1), None)
        if twice is not None:
            raise InputError(
                f"column {grid.header[twice]!r} is one person's; it is named twice", path=export.name
            )
        return [
            replace(_vote_column(place, grid.header[place]), reviewer=" ".join(reviewer.split()))
            for place, (_, reviewer) in zip(places, asked.votes, strict=True)
        ]
    wanted = _apart(grid, asked.reviewers)
    found = {name: place for name in wanted if (place := _place(grid, name)) is not None}
    if not found:
        return []
    strange = [name for name in wanted if name not in found]
    if strange:
        raise InputError(_no_column(strange, grid), path=export.name)
    columns = [_vote_column(place, grid.header[place]) for place in dict.fromkeys(found.values())]
    return [
        each
        if len(found) == 1 and _is_decision(each.name)
        else replace(each, reviewer=each.reviewer or each.name)
        for each in columns
    ]


def one_name(export: Export, what: str) -> str:
    """
    Return who voted, where a table or a list is one person's; blank where nobody says.

    Raises
    ------
    InputError
        Where several are named.
    """
    people = export.asked.reviewers
    if len(people) > 1:
        raise InputError(f"{what} is no {len(people)} people's: {_list(people)}", path=export.name)
    return people[0] if people else ""


def inferred(grid: Grid, asked: Asked) -> list[VoteColumn]:
    """Return the columns that hold nothing but words for votes, or 0 and 1 where no other does."""
    words: list[VoteColumn] = []
    digits: list[VoteColumn] = []
    for place, name in enumerate(grid.header):
        if not name or _bare(name) in _ABOUT | NOTES or gives_reason(name):
            continue
        is_decision = _is_decision(name)
        if not is_decision and _is_field(name):
            continue
        filled = grid.count(place)
        known = sum(n for cell, n in filled.items() if _means(cell, asked) is not None)
        decided = any(_means(cell, asked) for cell in filled)
        if not decided or known <= _SHARE * filled.total():
            continue
        column = _vote_column(place, name)
        is_digits = all(_plain_digit(cell) for cell in filled) and not asked.meanings
        (digits if is_digits and not is_decision else words).append(column)
    return words or digits


def called_so(grid: Grid, asked: Asked) -> dict[str, int]:
    """Return the columns that are called decisions and hold words for votes, with the number of those."""
    found = {}
    for each in inferred(grid, asked):
        if _is_decision(each.name):
            found[each.name] = sum(n for cell, n in grid.count(each.place).items() if _means(cell, asked))
    return found


def likeliest(grid: Grid) -> list[str]:
    """Return the names of columns, those first that say the same few short words again and again."""

    def is_unlikely(place: int) -> bool:
        filled = grid.count(place)
        is_short = all(len(cell) <= _LONGEST for cell in filled)
        return not filled or not is_short or len(filled) > _FEW or filled.total() <= len(filled)

    places = [place for place, name in enumerate(grid.header) if name]
    return [grid.header[place] for place in sorted(places, key=is_unlikely)]


def find(export: Export, name: str) -> int:
    """
    Return where a column is that somebody named.

    Raises
    ------
    InputError
        Listing the columns, where there is none.
    """
    place = _place(export.grid, name)
    if place is None:
        raise InputError(_no_column([name], export.grid), path=export.name)
    return place


def check_form(export: Export) -> None:
    """
    Check that a sheet like one of our own forms has all its columns.

    Raises
    ------
    InputError
        Naming the one that is missing, where another seems to stand for it.
    """
    grid, asked = export.grid, export.asked
    names = {same(name) for name in grid.header}
    missing = [name for name in _FORM if name not in names]
    strange = [
        place
        for place, name in enumerate(grid.header)
        if name and same(name) not in (*_FORM, "role", "reason_of") and _bare(name) not in _ABOUT
    ]
    if not strange or not missing or asked.votes:
        return
    if len(missing) == 1 and not (missing[0] == "reason" and asked.reasons):
        raise _lost(export, missing[0], strange)
    if "stage" in missing and {"record_id", "decision"} <= names:
        for place in strange:
            stages = {fold_stage(cell) for cell in grid.count(place)}
            if stages and None not in stages and stages != {asked.stage}:
                raise _lost(export, "stage", [place])
    votes = {"record_id", "reviewer", "stage"} <= names
    if votes and "decision" in missing:
        raise _lost(export, "decision", strange)
    if "reviewer" in missing and {"record_id", "stage", "decision"} <= names and not asked.reviewers:
        raise _lost(export, "reviewer", strange)


def _check_turned(export: Export, votes: Sequence[VoteColumn]) -> None:
    """Refuse a plain yes in a column that is called by what was excluded, until people say what it means."""
    for each in votes:
        if not _excludes(each.name):
            continue
        plainly = [
            cell
            for cell in export.grid.count(each.place)
            if kind(cell) not in ("", "include") and plain(cell) not in export.asked.meanings
        ]
        if plainly:
            said = " and ".join(repr(cell) for cell in sorted(plainly)[:_FEW])
            yes = next((cell for cell in plainly if fold(cell) == "include"), plainly[0])
            message = (
                f"column {each.name!r} says {said}, and its name what was excluded: what do they mean? "
                f"--map says it, as in {yes}=exclude"
            )
            raise InputError(message, path=export.name)


def check_names(export: Export) -> None:
    """
    Check that no column stands here twice, but for those about the record that nothing is made of.

    Raises
    ------
    InputError
        Naming the first.
    """
    for name in export.grid.doubled():
        if _bare(name) in NAMING or _bare(name) not in ABOUT | NOTES:
            message = f"column {name!r} stands here twice, and the cells differ; {WIDE}"
            raise InputError(message, path=export.name)


def _lost(export: Export, missing: str, strange: Sequence[int]) -> InputError:
    listed = ", ".join(repr(export.grid.header[place]) for place in strange)
    message = (
        f"column {missing!r} is missing; found {listed} in a form of peerreview's own: call it {missing}"
    )
    return InputError(message, path=export.name)


def _check_inferred(export: Export, votes: Sequence[VoteColumn]) -> None:
    """Refuse what could be read in two ways; the cure is to name the columns."""
    grid, asked = export.grid, export.asked
    questions = []
    open_ones = [each.name for each in votes if not each.reviewer and not each.role]
    if len(open_ones) > 1 and len({each.stage for each in votes if not each.reviewer}) < len(open_ones):
        questions.append(f"which of {_list(open_ones)} is the decision")
    taken = {each.place for each in votes}
    people = [one.reviewer for one in votes]
    copies = {each.place: original for each in votes if (original := grid.copied(each.name, people))}
    for place, original in copies.items():
        questions.append(f"is {grid.header[place]!r} a copy of {original!r}, or another reviewer")
    for place, name in enumerate(grid.header):
        if place in taken or not grid.holds(place) or gives_reason(name):
            continue
        if _may_be_votes(grid, place, taken, asked):
            said = ", ".join(repr(cell) for cell in sorted(grid.count(place))[:_FEW])
            questions.append(f"is {name or f'column {place + 1}'!r} votes ({said})")
        elif not asked.reviewers and len(votes) == 1 and open_ones and _may_be_people(grid, place):
            questions.append(f"does {name!r} say who voted (--reviewer NAME, or call it reviewer)")
    questions += _apart_in_words(grid, votes)
    if ticked := _may_be_criteria(grid, votes, asked):
        questions.append(f"{_list(ticked)}: people, or what was checked of each record")
    questions += _apart_in_names([each for each in votes if each.place not in copies], asked)
    if turned := _turned(grid, votes, asked):
        questions.append(f"does {turned!r} say what was excluded")
    if questions:
        raise InputError(f"{'; '.join(questions)}? {WIDE}", path=export.name)


def _may_be_criteria(grid: Grid, votes: Sequence[VoteColumn], asked: Asked) -> list[str]:
    """
    Return the names of columns that may be criteria, and nobody's votes: nothing says that they are people.

    Several hold check boxes (TRUE and FALSE), or all of many cells say a plain yes.
    """
    people = [each for each in votes if each.reviewer and not each.role]
    said = {cell for each in people for cell in grid.count(each.place)}
    n_said = sum(grid.count(each.place).total() for each in people)
    are_boxes = len(people) > 1 and all(kind(cell) == "true" for cell in said)
    is_yes = n_said >= _MANY and all(
        kind(cell) in ("yes", "true", "ja", "oui") and _means(cell, asked) == "include" for cell in said
    )
    are_people = any(
        same(each.reviewer) in asked.known_reviewers or _VOTERS & set(tokens_of(each.name)) for each in people
    )
    return [each.name for each in people] if (are_boxes or is_yes) and not are_people else []


def _turned(grid: Grid, votes: Sequence[VoteColumn], asked: Asked) -> str:
    """
    Return the name of a column that may say what was excluded; blank where there is none.

    It does where no vote is one to exclude. Where it says a plain yes and no as the votes do, and no
    column is called a decision, it may hold the decisions, and they the criteria.
    """
    has_exclusion = any(_means(cell, asked) == "exclude" or plain(cell) == "0" for each in votes
                        for cell in grid.count(each.place))  # fmt: skip
    said = {kind(cell) for each in votes for cell in grid.count(each.place)} - {"", "include"}
    has_decision = any(_is_decision(each.name) for each in votes)
    for place, name in enumerate(grid.header):
        if not _excludes(name) or not grid.holds(place):
            continue
        is_like = not said.isdisjoint(map(kind, grid.count(place)))
        if not has_exclusion or (is_like and not has_decision):
            return name
    return ""


def _apart_in_words(grid: Grid, votes: Sequence[VoteColumn]) -> Iterator[str]:
    """
    Yield a question for each column that says yes and no in no word of the others: it may be a flag.

    Of two people's columns either may be the strange one, and each may have words of their own.
    """
    kinds = {each.place: set(filter(None, map(kind, grid.count(each.place)))) for each in votes}
    for each in votes:
        others = [one for one in votes if one is not each and kinds[one.place]]
        said = set().union(*(kinds[one.place] for one in others))
        own = kinds[each.place]
        is_one = len(own) == len(said) == 1 and own != said
        if is_one and each.reviewer and not each.role and (len(others) > 1 or not others[0].reviewer):
            words = ", ".join(repr(cell) for cell in sorted(grid.count(each.place))[:_FEW])
            yield f"is {each.name!r} votes ({words}) beside columns in other words"


def _apart_in_names(votes: Sequence[VoteColumn], asked: Asked) -> Iterator[str]:
    """
    Yield a question for each column that may be about a person, and not that person's votes.

    Its name goes on behind that of another column (``Ana OK`` beside ``Ana``), says what was done by or
    with somebody (``Uploaded by Ana``), or is none of the protocol's reviewers beside one that is.
    """
    people = [each for each in votes if each.reviewer and not each.role]
    known = [each.name for each in people if same(each.reviewer) in asked.known_reviewers]
    for each in people:
        words = words_of(each.reviewer)
        # Beside a "Reviewer" stands a "Reviewer 2".
        others = ((one.name, {*tokens_of(one.reviewer)}) for one in people if one.stage == each.stage)
        longer_than = [name for name, own in others if own - _VOTERS and own < {*tokens_of(each.reviewer)}]
        if longer_than:
            yield f"is {each.name!r} votes of another reviewer than {longer_than[0]!r}, or about them"
        elif len(words) > 1 and _LINKING & {*words}:
            yield f"is {each.name!r} votes, and whose"
        elif known and each.name not in known:
            yield f"is {each.name!r} votes, and whose (of the protocol's reviewers is {_list(known)})"


def _may_be_votes(grid: Grid, place: int, taken: Collection[int], asked: Asked) -> bool:
    """Return whether a column that was not taken for votes may be some: few short words, again and again."""
    name = grid.header[place]
    if name and (_bare(name) in _ABOUT | NOTES or _is_field(name) or fold_stage(name)):
        return False
    filled = grid.count(place)
    if not name:
        # Programs write a row's number in a column without a name.
        words = {cell for cell in filled if not plain(cell).isdigit()}
        return bool(words) and all(_means(cell, asked) is not None for cell in words)
    if any(_means(cell, asked) for cell in filled):
        return True
    if filled and all(_SCORE.fullmatch(cell) for cell in filled):
        return False
    is_short = all(len(cell) <= _LONGEST for cell in filled)
    # Notes are few and differ; votes are repeated, or as many as another's.
    is_full = filled.total() >= _SHARE * max(grid.count(each).total() for each in taken)
    is_word = all(len(cell.split()) == 1 for cell in filled)
    return is_short and len(filled) <= _FEW and (is_word or is_full or filled.total() > len(filled))


def _may_be_people(grid: Grid, place: int) -> bool:
    name = grid.header[place]
    if not name or _bare(name) in _ABOUT | NOTES or _is_field(name):
        return False
    filled = grid.count(place)
    is_text = all(not any(letter.isdigit() for letter in cell) and len(cell) <= _LONGEST for cell in filled)
    return is_text and filled.total() > 2 * len(filled)


def _check_doubled(export: Export, votes: Sequence[VoteColumn]) -> None:
    check_names(export)
    people = Counter((same(each.reviewer), each.stage) for each in votes)
    twice = next((each for each in votes if people[same(each.reviewer), each.stage] > 1), None)
    if twice is not None:
        message = f"two columns are of {twice.reviewer or twice.name!r} at one stage; {WIDE}"
        raise InputError(message, path=export.name)


def _vote_column(place: int, name: str) -> VoteColumn:
    """Return what the name of a column of votes says: whose they are, of which stage, in which role."""
    text, stage = without_stage(name)
    tokens = tokens_of(text)
    kept = [token for token in tokens if token not in DECISION_WORDS]
    folded = " ".join(kept)
    if folded in FINAL:
        return VoteColumn(place, name, name, stage, "consensus")
    if folded in ADJUDICATED:
        return VoteColumn(place, name, name, stage, "adjudicator")
    if not kept or AGAINST.issuperset(kept) or lists_answers(tokens):
        return VoteColumn(place, name, "" if tokens or stage else name, stage)
    if len(kept) == len(tokens) and not stage:
        return VoteColumn(place, name, name)
    return VoteColumn(place, name, _person(text), stage)


def _person(text: str) -> str:
    """Return the name in ``decision_ana`` or ``Ana's vote``: what is left without words for a decision."""
    bare = _DECISION_WORD.sub(" ", text.replace("_", " "))
    if lists_answers([token for token in tokens_of(text) if token in DECISION_WORDS | AGAINST]):
        bare = _AGAINST.sub(" ", bare)
    return " ".join(_OF.sub("", " ".join(bare.split())).split()).strip(" -,:()[]/") or text


def _bare(name: str) -> str:
    return same(name.replace("_", " "))


def _is_decision(name: str) -> bool:
    text, stage = without_stage(name)
    tokens = tokens_of(text)
    if " ".join(tokens) in FINAL | ADJUDICATED:
        return False
    if {"include", "exclude"} <= set(tokens) or lists_answers(tokens):
        return True
    return all(token in DECISION_WORDS for token in tokens) and (
        bool(DECIDES & set(tokens)) or (bool(tokens or stage) and name.casefold() not in _ABOUT)
    )


def _is_field(name: str) -> bool:
    text, _ = without_stage(name)
    tokens = tokens_of(text)
    if " ".join(token for token in tokens if token not in DECISION_WORDS) in FINAL | ADJUDICATED:
        return False
    return not _VOTERS & set(tokens) and any(token in FIELD_WORDS for token in tokens)


def _excludes(name: str) -> bool:
    tokens = tokens_of(name)
    is_against = not _EXCLUDING.isdisjoint(tokens) or is_negated(tokens)
    return is_against and not {*tokens} & {*GIVES_REASON, "include", "why"} and not lists_answers(tokens)


def _means(cell: str, asked: Asked) -> str | None:
    word = plain(cell)
    return asked.meanings.get(word, "exclude" if word == "0" else fold(cell))


def _plain_digit(cell: str) -> bool:
    return plain(cell) in ("0", "1", "-1")


def gives_reason(name: str) -> bool:
    """Return whether a column is called as one of reasons."""
    tokens = set(tokens_of(name))
    return bool(tokens & GIVES_REASON) or tokens >= {"why", "excluded"}


def _with_reasons(
    grid: Grid, votes: Sequence[VoteColumn], asked: Sequence[int], stage: str
) -> tuple[list[VoteColumn], list[int]]:
    """Return the votes with the columns of their own reasons, and those of reasons that are the record's."""
    own: dict[int, list[int]] = {}
    shared = list(asked)
    for place, name in enumerate(grid.header):
        if place in asked or not gives_reason(name) or any(each.place == place for each in votes):
            continue
        text, at = without_stage(name)
        rest = [token for token in tokens_of(text) if token not in REASON_WORDS]
        whose = [
            each
            for each in votes
            if rest and (tokens_of(without_stage(each.name)[0]) == rest or tokens_of(each.reviewer) == rest)
            and (not at or not each.stage or each.stage == at)
        ]  # fmt: skip
        if whose:
            for each in whose:
                own.setdefault(each.place, []).append(place)
        elif not rest or all(token in ANY_REASON for token in rest):
            of_stage = [each for each in votes if at and each.stage]
            if not at or (not of_stage and at == (stage or at)):
                shared.append(place)
            for each in of_stage:
                if each.stage == at:
                    own.setdefault(each.place, []).append(place)
    return [replace(each, reasons=tuple(own.get(each.place, ()))) for each in votes], shared


def _apart(grid: Grid, names: Sequence[str]) -> list[str]:
    """Return names of columns, of which several may stand in one option: ``ana,ben``."""
    apart: list[str] = []
    for name in names:
        parts = [part.strip() for part in name.split(",") if part.strip()]
        several = _place(grid, name) is None and any(_place(grid, part) is not None for part in parts)
        apart += parts if several else [name]
    return apart


def _place(grid: Grid, name: str) -> int | None:
    exact = [place for place, each in enumerate(grid.header) if each == name.strip()]
    found = exact or [place for place, each in enumerate(grid.header) if each and same(each) == same(name)]
    return found[0] if found else None


def _no_column(strange: Sequence[str], grid: Grid) -> str:
    columns = ", ".join(repr(name) for name in grid.header if name)
    return f"{_list(strange)} is no column; columns are {columns}; {WIDE}"


def _list(names: Sequence[str]) -> str:
    return " and ".join(repr(name) for name in names)
