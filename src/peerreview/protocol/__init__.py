"""The review's protocol, ``peerreview.toml``: what was decided before the first record was read."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from peerreview.errors import InputError
from peerreview.protocol.sections import Section, nearest
from peerreview.tables import BASES, ROLES, STAGES, toml

MACHINES = ("ai", "automation")
"""Roles of tools; every other is a person's, or what people agreed on."""

FILE = Path("peerreview.toml")
ORDERS = ("seed", "id", "source", "relevance")
"""In which order records come to who screens: shuffled, or as it says."""
MARKS = ("include", "exclude")
"""What a word to mark speaks for."""


@dataclass(frozen=True)
class Rating:
    """
    A word for a study whose share of "yes" judgements, in [0, 1], is at least ``at_least``.

    Or, with ``points``, for one that has so many in each set of the instrument's items; in all of them
    together, where the set is blank. ``source`` says whose rule it is.
    """

    name: str
    at_least: float = 0.0
    points: tuple[tuple[str, int], ...] = ()
    source: str = ""


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
    first that applies is the primary one. ``instruments`` are those of an appraisal by design, design →
    instrument, where there are several; ``instrument`` is blank then. ``ratings`` run from the highest
    ``at_least`` down and are empty where the team gives no rule; ``blanks`` is the judgement that a blank
    cell of a sheet means, where it means one.
    ``reason_aliases`` are a tool's words for the reasons.
    ``elsewhere`` are numbers of records that another program removed before
    the exports were made, by box, and ``libraries`` the sources of
    ``sources.csv`` that hold what it left: their records were found by the
    searches that have no file there. ``criteria`` are lines to show to those who
    screen, by heading; ``question`` the parts of the review's question, by name.
    ``registration`` is what stands there in one piece, ``registered`` its parts.
    ``authors`` are names, each with its ORCID where it has one; ``license`` is an address or a
    name, ``published`` a day. ``planned`` are the sources to be searched. ``rules`` is a file of
    rules of duplicates, beside the protocol; ``of`` and ``seed`` are agreement's:
    which votes count, and the seed of its intervals; ``bases`` those of the rows
    of themes that count, all where there are none. ``marked`` are words to mark for
    those who screen, under ``include`` and ``exclude``; a ``*`` at the end stands for any letters.
    ``order`` is that in which records come to them.
    ``categories`` are agreement's words where they are no decisions; ``shuffle`` is the seed of forms,
    None for the reviewer's own; ``columns``, ``by`` and ``references`` are of the paper's tables.
    """

    title: str = ""
    registration: str = ""
    votes_required: dict[str, int] = field(default_factory=lambda: {"title_abstract": 2, "full_text": 2})
    maybe: str = "include"
    reasons: tuple[str, ...] = ()
    instrument: str = "mmat-2018"
    instruments: dict[str, str] = field(default_factory=dict)
    ratings: tuple[Rating, ...] = ()
    blanks: str = ""
    reviewers: tuple[Reviewer, ...] = ()
    reason_aliases: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)
    libraries: tuple[str, ...] = ()
    criteria: dict[str, tuple[str, ...]] = field(default_factory=dict)
    registered: Registration = Registration()
    question: dict[str, str] = field(default_factory=dict)
    planned: tuple[str, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    authors: tuple[str, ...] = ()
    license: str = ""
    published: str = ""
    funding: str = ""
    competing_interests: str = ""
    rules: str = ""
    of: str = "standing"
    seed: int = 0
    bases: tuple[str, ...] = ()
    marked: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(MARKS, ()))
    order: str = "seed"
    categories: tuple[str, ...] = ()
    shuffle: int | None = None
    columns: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    references: str = "author-year"

    @property
    def for_screeners(self) -> dict[str, tuple[str, ...]]:
        """What those who screen are shown, by heading: the question, then the criteria."""
        asked = tuple(
            text if part == "question" else f"{part.replace('_', ' ')}: {text}"
            for part, text in self.question.items()
            if part != "framework"
        )
        return ({"question": asked} if asked else {}) | self.criteria


ELSEWHERE = ("duplicates", "automation", "other_reasons", "excluded")
"""Boxes of the flow in which records may have ended before this review's tables begin."""


REFERENCES = ("author-year", "numbers")
"""How a table cites a study."""
KNOWN: Mapping[str, Collection[str]] = MappingProxyType(
    {
        "review": (
            "title",
            "registration",
            "authors",
            "license",
            "published",
            "funding",
            "competing_interests",
        ),
        "screening": (
            "votes_required",
            "maybe",
            "reasons",
            "order",
            *(f"{mark}_words" for mark in MARKS),
            "seed",
        ),
        "appraisal": ("instrument", "ratings", "ratings_source", "blanks"),
        "reasons": ("aliases",),
        "elsewhere": ("libraries", *ELSEWHERE),
        "sources": ("planned",),
        "duplicates": ("rules",),
        "agreement": ("of", "seed", "categories"),
        "themes": ("basis",),
        "table": ("columns", "by", "references"),
    }
)
"""The keys of each section; an option that states method has one of its name."""


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
    raw = dict(document.content)
    question = _question(document, raw.pop("question", {}))
    amendments = _amendments(document, raw.pop("amendments", []))
    people = _reviewers(document, raw.pop("reviewers", []))
    criteria = _criteria(document, raw.pop("criteria", {}))
    for section, keys in raw.items():
        if section not in KNOWN or not isinstance(keys, dict):
            others = ("reviewers", "criteria", "question", "amendments")
            near = nearest(section, (*KNOWN, *others))
            message = f"unknown section [{section}]{near}; known: {', '.join(KNOWN)}, [{'], ['.join(others)}]"
            raise document.fault(message, section)
    of = {section: Section(document, section, raw.get(section, {})) for section in KNOWN}
    for section, keys in KNOWN.items():
        of[section].must_know(keys)
    review, screening, agreement = of["review"], of["screening"], of["agreement"]
    registered = _registration(review)
    listed = screening.texts("reasons")
    by_design = _instruments(of["appraisal"])
    return Protocol(
        title=review.text("title"),
        registration=str(registered),
        votes_required=_votes(screening),
        maybe=screening.one_of("maybe", ("include", "exclude", "keep", "missing")),
        reasons=listed,
        instrument="" if by_design else of["appraisal"].text("instrument", "mmat-2018"),
        instruments=by_design,
        ratings=_ratings(of["appraisal"]),
        blanks=of["appraisal"].text("blanks"),
        reviewers=people,
        reason_aliases=_aliases(of["reasons"], listed),
        elsewhere={key: of["elsewhere"].count(key) for key in ELSEWHERE if key in of["elsewhere"].content},
        libraries=of["elsewhere"].texts("libraries"),
        criteria=criteria,
        registered=registered,
        question=question,
        planned=of["sources"].texts("planned"),
        amendments=amendments,
        authors=review.texts("authors"),
        license=review.text("license"),
        published=_date(review, "review", "published"),
        funding=review.text("funding"),
        competing_interests=review.text("competing_interests"),
        rules=of["duplicates"].text("rules"),
        of=agreement.one_of("of", ("standing", "first", "final")),
        seed=agreement.count("seed") if "seed" in agreement.content else 0,
        categories=_categories(agreement),
        bases=_bases(of["themes"]),
        marked=_marked(screening),
        order=screening.one_of("order", ORDERS),
        shuffle=screening.count("seed") if "seed" in screening.content else None,
        columns=of["table"].texts("columns"),
        by=of["table"].texts("by"),
        references=of["table"].one_of("references", REFERENCES),
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


def _registration(review: Section) -> Registration:
    """Return the registration: in one piece as it stands, or as its parts, whose form is checked."""
    value = review.content.get("registration", "")
    if not isinstance(value, dict):
        return Registration(id=review.text("registration"))
    parts = Section(review.document, "review.registration", value)
    parts.must_know({each.name for each in fields(Registration)})
    day = _date(parts, "registration")
    told = Registration(
        parts.text("register").strip(), parts.text("id").strip(), day, parts.text("protocol").strip()
    )
    ours = {name.casefold(): name for name in REGISTERS} | _SAME_REGISTER
    register = ours.get(told.register.casefold(), told.register)
    if told.id and register in REGISTERS:
        form, said = REGISTERS[register]
        if not re.fullmatch(form, told.id, re.IGNORECASE):
            raise parts.fault(f"id {told.id!r} is not one of {register}: {said}", "id")
    return replace(told, register=register)


def _question(document: toml.Document, value: Any) -> dict[str, str]:
    """Return the question's parts in the order of its framework, the framework first."""
    if isinstance(value, str):
        return {"question": value}
    if not isinstance(value, dict):
        raise document.fault("question is not a text, and not a table of its parts", "question")
    asked = Section(document, "question", value)
    framework = asked.text("framework", "free")
    # PICO and PICo differ in their last letter alone: of one written otherwise it is the first.
    alike = (name for name in FRAMEWORKS if name.casefold() == framework.casefold())
    chosen = framework if framework in FRAMEWORKS else next(alike, "")
    if not chosen:
        message = f"framework {framework!r} is not one of {', '.join(FRAMEWORKS)}"
        raise asked.fault(message, "framework")
    parts = (*FRAMEWORKS[chosen], *_ANY_PART)
    if chosen != "free":
        asked.must_know({"framework", "question", *parts})
    else:
        parts = tuple(key for key in value if key not in ("framework", "question"))
    listed = ("question", *parts)
    told = {key: text for key in listed if (text := asked.text(key).strip())}
    return {"framework": chosen, **told} if chosen != "free" and told else told


def _amendments(document: toml.Document, value: Any) -> tuple[Amendment, ...]:
    found = []
    for each in _listed(document, "amendments", value):
        each.must_know({"date", "what", "why"})
        what = each.text("what").strip()
        if not what or not each.content.get("date"):
            raise each.fault("one of [[amendments]] does not say its date, and what was changed")
        found.append(Amendment(_date(each, "amendments"), what, each.text("why").strip()))
    return tuple(sorted(found, key=lambda each: each.date))


def _listed(document: toml.Document, name: str, value: Any) -> list[Section]:
    """Return the sections of one name, as of ``[[reviewers]]``."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise document.fault(f"{name} is not a list; begin each with [[{name}]]", name)
    return [
        Section(document, name, each, number, f"[[{name}]]") for number, each in enumerate(value, start=1)
    ]


def _date(section: Section, of: str, key: str = "date") -> str:
    """Return a day as YYYY-MM-DD; a month or a year will do."""
    value = section.content.get(key, "")
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    text = str(value).strip()
    if text and not re.fullmatch(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?", text):
        raise section.fault(f"{key} {text!r} of {of} is not a date as 2021-05-30", key)
    return text


def _bases(themes: Section) -> tuple[str, ...]:
    bases = themes.texts("basis")
    for basis in bases:
        if basis not in BASES:
            raise themes.fault(f"basis {basis!r} in [themes] is not one of {', '.join(BASES)}", "basis")
    return bases


def _categories(agreement: Section) -> tuple[str, ...]:
    named = tuple(" ".join(each.split()) for each in agreement.texts("categories"))
    if named and (len(set(named)) < 2 or len(set(named)) < len(named) or "" in named):
        raise agreement.fault("categories are not two words or more, each once", "categories")
    return named


def _marked(screening: Section) -> dict[str, tuple[str, ...]]:
    """Return the words to mark, by what they speak for: each once, and none for both."""
    found: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for mark in MARKS:
        key = f"{mark}_words"
        words: dict[str, str] = {}
        for written in screening.texts(key):
            word = " ".join(written.split())
            stem = word.removesuffix("*")
            if not re.search(r"[^\W_]", stem) or "*" in stem:
                message = f"{word!r} in {key} is no word to mark; * stands at its end alone, as in random*"
                raise screening.fault(message, key)
            if owners.setdefault(word.casefold(), key) != key:
                message = f"{word!r} is among include_words and exclude_words; leave it in one"
                raise screening.fault(message, key)
            words.setdefault(word.casefold(), word)
        found[mark] = tuple(words.values())
    return found


def _criteria(document: toml.Document, value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise document.fault('[criteria] is not a table of lists, as in include = ["Adults"]', "criteria")
    section = Section(document, "criteria", value)
    return {heading: section.texts(heading) for heading in value}


def _aliases(section: Section, reasons: tuple[str, ...]) -> dict[str, str]:
    value = section.content.get("aliases", {})
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        message = '[reasons.aliases] is not a table of texts, as in "wrong pop" = "Wrong population"'
        raise section.fault(message, "aliases")
    aliases = Section(section.document, "reasons.aliases", value)
    owners: dict[str, str] = {}
    for word, reason in value.items():
        if reasons and reason not in reasons:
            message = f"{reason!r} in [reasons.aliases] is none of the reasons: {', '.join(reasons)}"
            raise aliases.fault(message, word)
        if owners.setdefault(" ".join(word.casefold().split()), reason) != reason:
            raise aliases.fault(f"{word!r} stands for two reasons in [reasons.aliases]", word)
    return dict(value)


def _votes(screening: Section) -> dict[str, int]:
    required = dict(Protocol().votes_required)
    value = screening.content.get("votes_required", {})
    if not isinstance(value, dict):
        raise screening.fault("votes_required is not a table of stages", "votes_required")
    section = Section(screening.document, "screening.votes_required", value)
    for stage, votes in value.items():
        if stage not in STAGES:
            raise section.fault(f"unknown stage {stage!r} in votes_required{nearest(stage, STAGES)}", stage)
        if votes not in (1, 2) or isinstance(votes, bool):
            raise section.fault(f"votes_required of {stage} is {votes!r}, not 1 or 2", stage)
        required[stage] = votes
    return required


def _instruments(appraisal: Section) -> dict[str, str]:
    """Return design → instrument, where each design has its own."""
    value = appraisal.content.get("instrument")
    if not isinstance(value, dict):
        return {}
    if not value or not all(isinstance(each, str) and each for each in value.values()):
        told = 'as in { cohort = "nos-cohort" }'
        raise appraisal.fault(f"instrument {value!r} is not a name for each design, {told}", "instrument")
    return dict(value)


def _ratings(appraisal: Section) -> tuple[Rating, ...]:
    value = appraisal.content.get("ratings", [])
    if not isinstance(value, list):
        raise appraisal.fault("ratings is not a list", "ratings")
    source = appraisal.text("ratings_source")
    ratings = [_rating(appraisal, each, source) for each in value]
    by_points = [bool(each.points) for each in ratings]
    if any(by_points) and not all(by_points):
        raise appraisal.fault("ratings go by at_least or by points, not by both", "ratings")
    if all(len(each.points) == 1 and not each.points[0][0] for each in ratings):
        return tuple(sorted(ratings, key=lambda rating: -rating.points[0][1]))
    # By sets there is no order but that of the list: the first that a study reaches is its rating.
    return tuple(ratings if any(by_points) else sorted(ratings, key=lambda rating: -rating.at_least))


def _rating(appraisal: Section, each: Any, source: str) -> Rating:
    if not isinstance(each, dict) or set(each) not in ({"name", "at_least"}, {"name", "points"}):
        raise appraisal.fault(
            f"rating {each!r} has not the keys name and at_least, or name and points", "ratings"
        )
    name, at_least, points = each["name"], each.get("at_least", 0), each.get("points", {})
    if not isinstance(name, str) or not isinstance(at_least, int | float) or not 0 <= at_least <= 1:
        raise appraisal.fault(f"rating {each!r} is not a name and a share from 0 to 1", "ratings")
    by_set = points if isinstance(points, dict) else {"": points}
    if "points" in each and not (by_set and all(_is_count(n) for n in by_set.values())):
        raise appraisal.fault(f"rating {each!r}: points are a whole number, or one for each set", "ratings")
    return Rating(name, float(at_least), tuple(by_set.items()), source)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _reviewers(document: toml.Document, value: Any) -> tuple[Reviewer, ...]:
    sections = _listed(document, "reviewers", value)
    found = [_reviewer(each) for each in sections]
    owners: dict[str, Reviewer] = {}
    for section, reviewer in zip(sections, found, strict=True):
        for name in (reviewer.name, *reviewer.aliases):
            owner = owners.setdefault(" ".join(name.casefold().split()), reviewer)
            if owner is not reviewer:
                message = f"{name!r} is a name of two of [[reviewers]], {owner.name} and {reviewer.name}"
                raise section.fault(message, "name")
    return tuple(found)


def _reviewer(section: Section) -> Reviewer:
    keys = [each.name for each in fields(Reviewer)]
    section.must_know(keys)
    texts = {key: section.text(key) for key in keys if key != "aliases"}
    reviewer = Reviewer(aliases=section.texts("aliases"), **texts)
    if not reviewer.name.strip():
        raise section.fault("one of [[reviewers]] has no name")
    if reviewer.role and reviewer.role not in ROLES:
        message = f"role {reviewer.role!r} of {reviewer.name} is not one of {', '.join(ROLES)}"
        raise section.fault(message, "role")
    told = next((key for key in ("tool", "version", "prompt") if texts[key]), "")
    if told and reviewer.role not in MACHINES:
        message = f"{told} of {reviewer.name} goes with the role {' or '.join(MACHINES)}"
        raise section.fault(message, told)
    return reviewer
