"""The review's protocol, ``peerreview.toml``: what was decided before the first record was read."""

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from peerreview.errors import InputError
from peerreview.tables import BASES, LIST, ROLES, STAGES, toml

MACHINES = ("ai", "automation")
"""Roles of tools; every other is a person's, or what people agreed on."""

FILE = Path("peerreview.toml")
ORDERS = ("seed", "id", "source", "relevance")
"""In which order records come to who screens: shuffled, or as it says."""
MARKS = ("include", "exclude")
"""What a word to mark speaks for."""


@dataclass(frozen=True)
class Rating:
    """A word for a study whose share of "yes" judgements, in [0, 1], is at least ``at_least``."""

    name: str
    at_least: float


@dataclass(frozen=True)
class Reviewer:
    """
    One who votes, a person or a tool.

    ``aliases`` are other names in decisions files; ``public`` is the name to print. A
    blank role leaves each vote its own. ``tool``, ``version`` and ``prompt`` are of
    the roles ``ai`` and ``automation``.
    """

    name: str
    aliases: tuple[str, ...] = ()
    role: str = ""
    public: str = ""
    tool: str = ""
    version: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class Registration:
    """
    Where the review is registered; ``register`` is blank where only an id is known.

    ``protocol`` is where the protocol can be read.
    """

    register: str = ""
    id: str = ""
    date: str = ""
    protocol: str = ""

    def __str__(self) -> str:
        named = " ".join(filter(None, [self.register, self.id]))
        return ", ".join(filter(None, [named, self.date]))


@dataclass(frozen=True)
class Amendment:
    """A change to the protocol after it was registered, and why."""

    date: str
    what: str
    why: str = ""


@dataclass(frozen=True)
class Protocol:
    """
    What a review's team laid down.

    ``votes_required`` is 1 or 2 per stage. ``reasons`` are in order: the
    first that applies is the primary one. ``ratings`` run from the highest
    ``at_least`` down and are empty where the team gives no rule.
    ``reason_aliases`` are a tool's words for the reasons.
    ``elsewhere`` are numbers of records that another program removed before
    the exports were made, by box, and ``libraries`` the sources of
    ``sources.csv`` that hold what it left: their records were found by the
    searches that have no file there. ``criteria`` are lines to show to those who
    screen, by heading; ``question`` the parts of the review's question, by name.
    ``registration`` is what stands there in one piece, ``registered`` its parts.
    ``planned`` are the sources to be searched. ``rules`` is a file of
    rules of duplicates, beside the protocol; ``of`` and ``seed`` are agreement's:
    which votes count, and the seed of its intervals; ``bases`` those of the rows
    of themes that count, all where there are none. ``marked`` are words to mark for
    those who screen, under ``include`` and ``exclude``; a ``*`` at the end stands for any letters.
    ``order`` is that in which records come to them.
    """

    title: str = ""
    registration: str = ""
    votes_required: dict[str, int] = field(default_factory=lambda: {"title_abstract": 2, "full_text": 2})
    maybe: str = "include"
    reasons: tuple[str, ...] = ()
    instrument: str = "mmat-2018"
    ratings: tuple[Rating, ...] = ()
    reviewers: tuple[Reviewer, ...] = ()
    reason_aliases: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    criteria: dict[str, tuple[str, ...]] = field(default_factory=dict)
    registered: Registration = Registration()
    question: dict[str, str] = field(default_factory=dict)
    planned: tuple[str, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    funding: str = ""
    competing_interests: str = ""
    rules: str = ""
    of: str = "standing"
    seed: int = 0
    bases: tuple[str, ...] = ()
    order: str = "seed"
    marked: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(MARKS, ()))

    @property
    def for_screeners(self) -> dict[str, tuple[str, ...]]:
        """What those who screen are shown, by heading: the question, then the criteria."""
        asked = tuple(
            text if part == "question" else f"{part.replace('_', ' ')}: {text}"
            for part, text in self.question.items()
            if part != "framework"
        )
        return ({"question": asked} if asked else {}) | self.criteria


GUARDED = (
    "lenient", "allow_inconsistent", "again", "replace", "expect", "unmatched", "force", "quiet", "check",
)  # fmt: skip
"""Options that lift a guard, or that are of one run: no team lays them down as method."""
ELSEWHERE = ("duplicates", "automation", "other_reasons", "excluded")
"""Boxes of the flow in which records may have ended before this review's tables begin."""


def read(path: Path = FILE) -> Protocol:
    """
    Return the protocol in a file, or the default one where no file is named and none is there.

    Raises
    ------
    InputError
        For a file that is named and not there, what is not TOML, an unknown key or a
        value of the wrong kind.
    """
    if not path.exists():
        if path == FILE:
            return Protocol()
        raise InputError("no such file", path=path)
    document = toml.read(path)
    raw = document.content
    known = {
        "review": {"title", "registration", "funding", "competing_interests"},
        "screening": {"votes_required", "maybe", "reasons", "order", *(f"{mark}_words" for mark in MARKS)},
        "appraisal": {"instrument", "ratings"},
        "reasons": {"aliases"},
        "elsewhere": {"libraries", *ELSEWHERE},
        "sources": {"planned"},
        "duplicates": {"rules"},
        "agreement": {"of", "seed"},
        "themes": {"basis"},
    }
    question = _question(document)
    amendments = _amendments(document)
    people = _reviewers(raw.pop("reviewers", []), path)
    criteria = _criteria(raw.pop("criteria", {}), path)
    for section, keys in raw.items():
        if section not in known or not isinstance(keys, dict):
            others = ("reviewers", "criteria", "question", "amendments")
            near = _nearest(section, (*known, *others))
            message = f"unknown section [{section}]{near}; known: {', '.join(known)}, [{'], ['.join(others)}]"
            raise document.fault(message, section)
        for key in keys:
            _must_know(document, key, known[section], section)
    review, screening, appraisal, reasons, elsewhere, sources, duplicates, agreement, themes = (
        raw.get(section, {}) for section in known
    )
    registered = _registration(document, review.get("registration", ""))
    listed = _texts(screening, "reasons", path)
    return Protocol(
        title=_text(review, "title", "", path),
        registration=str(registered),
        votes_required=_votes(screening.get("votes_required", {}), path),
        maybe=_one_of(screening, "maybe", ("include", "exclude", "keep", "missing"), path),
        reasons=listed,
        instrument=_text(appraisal, "instrument", "mmat-2018", path),
        ratings=_ratings(appraisal.get("ratings", []), path),
        reviewers=people,
        reason_aliases=_aliases(reasons.get("aliases", {}), listed, path),
        elsewhere={key: _count(elsewhere, key, path) for key in ELSEWHERE if key in elsewhere},
        libraries=_texts(elsewhere, "libraries", path),
        criteria=criteria,
        registered=registered,
        question=question,
        planned=_texts(sources, "planned", path),
        amendments=amendments,
        funding=_text(review, "funding", "", path),
        competing_interests=_text(review, "competing_interests", "", path),
        rules=_text(duplicates, "rules", "", path),
        of=_one_of(agreement, "of", ("standing", "first", "final"), path),
        seed=_count(agreement, "seed", path, "agreement") if "seed" in agreement else 0,
        bases=_bases(themes, path),
        marked=_marked(document, screening),
        order=_one_of(screening, "order", ORDERS, path),
    )


FRAMEWORKS = {
    "PICO": ("population", "intervention", "comparison", "outcome"),
    "PICOS": ("population", "intervention", "comparison", "outcome"),
    "PECO": ("population", "exposure", "comparison", "outcome"),
    "PICo": ("population", "phenomenon_of_interest", "context"),
    "PEO": ("population", "exposure", "outcome"),
    "PCC": ("population", "concept", "context"),
    "SPIDER": ("sample", "phenomenon_of_interest", "design", "evaluation", "research_type"),
    "free": (),
}
"""
The parts of a question by the framework that it is put in.

PICO: Richardson et al. (1995); SPIDER: Cooke, Smith & Booth (2012),
doi:10.1177/1049732312452938; PICo and PCC: JBI's manual.
"""

_ANY_PART = ("setting", "time", "study_design")
"""What a question in any framework may say, too."""

REGISTERS = {
    "PROSPERO": (
        r"CRD4(?:20[0-9]{2})[0-9]{6,7}",
        "CRD and 11 or 12 digits that hold the year, as in CRD42021257013",
    ),
    "INPLASY": (
        r"INPLASY20[0-9]{7,8}|10\.37766/inplasy20[0-9]{2}\.[0-9]{1,2}\.[0-9]{4}",
        "INPLASY and 9 or 10 digits, as in INPLASY202150038",
    ),
    "OSF": (
        r"(?:https?://)?(?:osf\.io/|doi\.org/10\.17605/osf\.io/|10\.17605/osf\.io/)?[a-z0-9]{5}/?",
        "five letters and digits, as in osf.io/ab12c",
    ),
}
"""The form of a register's ids, and how to tell it to people; another register's id is taken as it stands."""

_SAME_REGISTER = {"open science framework": "OSF", "open science": "OSF", "osf registries": "OSF"}


def _registration(document: toml.Document, value: Any) -> Registration:
    """Return the registration: in one piece as it stands, or as its parts, whose form is checked."""
    path = Path(document.path)
    if not isinstance(value, dict):
        return Registration(id=_text({"registration": value}, "registration", "", path))
    for key in value:
        _must_know(document, key, {each.name for each in fields(Registration)}, "review.registration")
    day = _date(document, value.get("date", ""), "registration")
    told = Registration(
        _text(value, "register", "", path).strip(),
        _text(value, "id", "", path).strip(),
        day,
        _text(value, "protocol", "", path).strip(),
    )
    ours = {name.casefold(): name for name in REGISTERS} | _SAME_REGISTER
    register = ours.get(told.register.casefold(), told.register)
    if told.id and register in REGISTERS:
        form, said = REGISTERS[register]
        if not re.fullmatch(form, told.id, re.IGNORECASE):
            raise document.fault(f"id {told.id!r} is not one of {register}: {said}", "registration", "review")
    return replace(told, register=register)


def _question(document: toml.Document) -> dict[str, str]:
    """Return the question's parts in the order of its framework, the framework first."""
    path = Path(document.path)
    value = document.content.pop("question", {})
    if isinstance(value, str):
        return {"question": value}
    if not isinstance(value, dict):
        raise document.fault("question is not a text, and not a table of its parts", "question")
    framework = _text(value, "framework", "free", path)
    # PICO and PICo differ in their last letter alone: of one written otherwise it is the first.
    alike = (name for name in FRAMEWORKS if name.casefold() == framework.casefold())
    chosen = framework if framework in FRAMEWORKS else next(alike, "")
    if not chosen:
        message = f"framework {framework!r} is not one of {', '.join(FRAMEWORKS)}"
        raise document.fault(message, "framework", "question")
    parts = (*FRAMEWORKS[chosen], *_ANY_PART)
    if chosen != "free":
        for key in value:
            _must_know(document, key, {"framework", "question", *parts}, "question")
    else:
        parts = tuple(key for key in value if key not in ("framework", "question"))
    listed = ("question", *parts)
    told = {key: text for key in listed if (text := _text(value, key, "", path).strip())}
    return {"framework": chosen, **told} if chosen != "free" and told else told


def _amendments(document: toml.Document) -> tuple[Amendment, ...]:
    path = Path(document.path)
    value = document.content.pop("amendments", [])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise document.fault("amendments is not a list; begin each with [[amendments]]", "amendments")
    found = []
    for number, each in enumerate(value, start=1):
        for key in each:
            _must_know(document, key, {"date", "what", "why"}, "amendments", number)
        what = _text(each, "what", "", path).strip()
        if not what or not each.get("date"):
            message = "one of [[amendments]] does not say its date, and what was changed"
            raise document.fault(message, "", "amendments", number)
        day = _date(document, each["date"], "amendments", number)
        found.append(Amendment(day, what, _text(each, "why", "", path).strip()))
    return tuple(sorted(found, key=lambda each: each.date))


def _date(document: toml.Document, value: Any, section: str, number: int = 1) -> str:
    """Return a day as YYYY-MM-DD; a month or a year will do."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if text and not re.fullmatch(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?", text):
        message = f"date {text!r} of {section} is not a date as 2021-05-30"
        raise document.fault(message, "date", section, number)
    return text


def _must_know(
    document: toml.Document, key: str, known: Collection[str], section: str, number: int = 1
) -> None:
    if key not in known:
        if key.replace("-", "_") in GUARDED:
            message = f"{key!r} lifts a guard: it is an option of a command, for one run, and no method"
            raise document.fault(message, key, section, number)
        allowed = ", ".join(sorted(known))
        message = f"unknown key {key!r} in [{section}]{_nearest(key, known)}; known: {allowed}"
        raise document.fault(message, key, section, number)


def _nearest(word: str, known: Iterable[str]) -> str:
    """
    Return the known word that comes nearest, in brackets; blank where none does.

    >>> _nearest("reson", ["reasons", "maybe"]), _nearest("xyz", ["reasons"])
    (" (the nearest is 'reasons')", '')
    """
    near = difflib.get_close_matches(word.casefold(), sorted(known), n=1)
    return f" (the nearest is {near[0]!r})" if near else ""


def _bases(section: dict[str, Any], path: Path) -> tuple[str, ...]:
    bases = _texts(section, "basis", path)
    for basis in bases:
        if basis not in BASES:
            raise InputError(f"basis {basis!r} in [themes] is not one of {', '.join(BASES)}", path=path)
    return bases


def _marked(document: toml.Document, section: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the words to mark, by what they speak for: each once, and none for both."""
    found: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for mark in MARKS:
        key = f"{mark}_words"
        words: dict[str, str] = {}
        for written in _texts(section, key, Path(document.path)):
            word = " ".join(written.split())
            stem = word.removesuffix("*")
            if not re.search(r"[^\W_]", stem) or "*" in stem:
                message = f"{word!r} in {key} is no word to mark; * stands at its end alone, as in random*"
                raise document.fault(message, key, "screening")
            if owners.setdefault(word.casefold(), key) != key:
                message = f"{word!r} is among include_words and exclude_words; leave it in one"
                raise document.fault(message, key, "screening")
            words.setdefault(word.casefold(), word)
        found[mark] = tuple(words.values())
    return found


@dataclass(frozen=True)
class Setting:
    """What a protocol says of one thing; ``line`` is None where it is the default."""

    section: str
    key: str
    value: str
    line: int | None


def settings(path: Path | None = None) -> tuple[Setting, ...]:
    """
    Return every setting in force, those of the file and the defaults, in the order of a review.

    Parameters
    ----------
    path : the protocol's file; None where there is none.
    """
    plan = Protocol() if path is None else read(path)
    document = toml.read(path) if path is not None else toml.parse("")
    shown = {
        ("review", "title"): plan.title,
        ("review", "registration"): plan.registration,
        ("review", "funding"): plan.funding,
        ("review", "competing_interests"): plan.competing_interests,
        **{("question", part): text for part, text in plan.question.items()},
        ("sources", "planned"): LIST.join(plan.planned),
        ("duplicates", "rules"): plan.rules or "those of peerreview",
        **{("screening.votes_required", stage): str(n) for stage, n in plan.votes_required.items()},
        ("screening", "maybe"): plan.maybe,
        ("screening", "reasons"): LIST.join(plan.reasons),
        ("screening", "order"): plan.order,
        **{("screening", f"{mark}_words"): LIST.join(words) for mark, words in plan.marked.items()},
        ("reasons", "aliases"): LIST.join(
            f"{word} = {reason}" for word, reason in plan.reason_aliases.items()
        ),
        ("agreement", "of"): plan.of,
        ("agreement", "seed"): str(plan.seed),
        ("appraisal", "instrument"): plan.instrument,
        ("appraisal", "ratings"): LIST.join(f"{each.name} from {each.at_least:g}" for each in plan.ratings),
        ("themes", "basis"): LIST.join(plan.bases) or "all",
        ("elsewhere", "libraries"): LIST.join(plan.libraries),
        **{("elsewhere", box): str(plan.elsewhere.get(box, "")) for box in ELSEWHERE},
        **{("criteria", heading): LIST.join(listed) for heading, listed in plan.criteria.items()},
    }
    found = [
        Setting(section, key, value, _line(document, section, key)) for (section, key), value in shown.items()
    ]
    for number, each in enumerate(plan.reviewers, start=1):
        about = [
            each.role or "reviewer",
            *(f"{key} {told}" for key in ("tool", "version") if (told := getattr(each, key))),
        ]
        line = document.line("", "reviewers", number)
        found.append(Setting("reviewers", each.public or each.name, ", ".join(about), line))
    return tuple(found)


def _line(document: toml.Document, section: str, key: str) -> int | None:
    """Return the line of a setting: in a section, or within a table that stands in one line."""
    within: Any = document.content
    for part in section.split("."):
        within = within.get(part, {})
    if key not in within:
        return None
    above, _, last = section.rpartition(".")
    heading = document.line("", f"{section}.{key}")
    return document.line(key, section) or heading or (document.line(last, above) if above else None)


def _text(section: dict[str, Any], key: str, default: str, path: Path) -> str:
    value = section.get(key, default)
    if not isinstance(value, str):
        # An id such as 42021257013 must stay text: a number loses its leading zeros.
        raise InputError(f"{key} {value!r} is not text; put it in quotes", path=path)
    return value


def _texts(section: dict[str, Any], key: str, path: Path) -> tuple[str, ...]:
    value = section.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InputError(f"{key} {value!r} is not a list of texts", path=path)
    return tuple(value)


def _criteria(value: Any, path: Path) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise InputError('[criteria] is not a table of lists, as in include = ["Adults"]', path=path)
    return {heading: _texts(value, heading, path) for heading in value}


def _aliases(value: Any, reasons: tuple[str, ...], path: Path) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        message = '[reasons.aliases] is not a table of texts, as in "wrong pop" = "Wrong population"'
        raise InputError(message, path=path)
    owners: dict[str, str] = {}
    for word, reason in value.items():
        if reasons and reason not in reasons:
            message = f"{reason!r} in [reasons.aliases] is none of the reasons: {', '.join(reasons)}"
            raise InputError(message, path=path)
        if owners.setdefault(" ".join(word.casefold().split()), reason) != reason:
            raise InputError(f"{word!r} stands for two reasons in [reasons.aliases]", path=path)
    return dict(value)


def _count(section: dict[str, Any], key: str, path: Path, name: str = "elsewhere") -> int:
    value = section[key]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{key} {value!r} in [{name}] is not a count: a whole number, 0 or more", path=path)
    return value


def _one_of(section: dict[str, Any], key: str, allowed: tuple[str, ...], path: Path) -> str:
    value = section.get(key, allowed[0])
    if value not in allowed:
        raise InputError(f"{key} {value!r} is not one of {', '.join(allowed)}", path=path)
    return str(value)


def _votes(value: Any, path: Path) -> dict[str, int]:
    required = dict(Protocol().votes_required)
    if not isinstance(value, dict):
        raise InputError("votes_required is not a table of stages", path=path)
    for stage, votes in value.items():
        if stage not in STAGES:
            raise InputError(f"unknown stage {stage!r} in votes_required", path=path)
        if votes not in (1, 2) or isinstance(votes, bool):
            raise InputError(f"votes_required of {stage} is {votes!r}, not 1 or 2", path=path)
        required[stage] = votes
    return required


def _ratings(value: Any, path: Path) -> tuple[Rating, ...]:
    ratings = []
    if not isinstance(value, list):
        raise InputError("ratings is not a list", path=path)
    for each in value:
        if not isinstance(each, dict) or set(each) != {"name", "at_least"}:
            raise InputError(f"rating {each!r} has not the keys name and at_least", path=path)
        name, at_least = each["name"], each["at_least"]
        if not isinstance(name, str) or not isinstance(at_least, int | float) or not 0 <= at_least <= 1:
            raise InputError(f"rating {each!r} is not a name and a share from 0 to 1", path=path)
        ratings.append(Rating(name, float(at_least)))
    return tuple(sorted(ratings, key=lambda rating: -rating.at_least))


def _reviewers(value: Any, path: Path) -> tuple[Reviewer, ...]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise InputError("reviewers is not a list; begin each with [[reviewers]]", path=path)
    found = [_reviewer(each, path) for each in value]
    owners: dict[str, Reviewer] = {}
    for reviewer in found:
        for name in (reviewer.name, *reviewer.aliases):
            owner = owners.setdefault(" ".join(name.casefold().split()), reviewer)
            if owner is not reviewer:
                message = f"{name!r} is a name of two of [[reviewers]], {owner.name} and {reviewer.name}"
                raise InputError(message, path=path)
    return tuple(found)


def _reviewer(value: dict[str, Any], path: Path) -> Reviewer:
    keys = [each.name for each in fields(Reviewer)]
    for key in value:
        if key not in keys:
            message = f"unknown key {key!r} in [[reviewers]]; known: {', '.join(keys)}"
            raise InputError(message, path=path)
    texts = {key: _text(value, key, "", path) for key in keys if key != "aliases"}
    reviewer = Reviewer(aliases=_texts(value, "aliases", path), **texts)
    if not reviewer.name.strip():
        raise InputError("one of [[reviewers]] has no name", path=path)
    if reviewer.role and reviewer.role not in ROLES:
        message = f"role {reviewer.role!r} of {reviewer.name} is not one of {', '.join(ROLES)}"
        raise InputError(message, path=path)
    told = next((key for key in ("tool", "version", "prompt") if texts[key]), "")
    if told and reviewer.role not in MACHINES:
        message = f"{told} of {reviewer.name} goes with the role {' or '.join(MACHINES)}"
        raise InputError(message, path=path)
    return reviewer
