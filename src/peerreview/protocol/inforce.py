"""What is in force: each setting of a protocol, its value, and the line it comes from."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from peerreview.protocol import ELSEWHERE, Protocol, Rating, Registration, read
from peerreview.tables import LIST, toml

ANY_REASON = "any: none is listed, so a full text may be excluded for whatever reviewers write"


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
        **{
            ("review.registration", part): told
            for part in (each.name for each in fields(Registration))
            if plan.registered.register and (told := getattr(plan.registered, part))
        },
        ("review", "authors"): LIST.join(plan.authors),
        ("review", "license"): plan.license,
        ("review", "published"): plan.published,
        ("review", "funding"): plan.funding,
        ("review", "competing_interests"): plan.competing_interests,
        **{("question", part): text for part, text in plan.question.items()},
        ("sources", "planned"): LIST.join(plan.planned),
        ("duplicates", "rules"): plan.rules or "those of peerreview",
        **{("screening.votes_required", stage): str(n) for stage, n in plan.votes_required.items()},
        ("screening", "maybe"): plan.maybe,
        ("screening", "reasons"): LIST.join(plan.reasons) or ANY_REASON,
        **{("screening", f"{mark}_words"): LIST.join(words) for mark, words in plan.marked.items()},
        ("reasons", "aliases"): LIST.join(
            f"{word} = {reason}" for word, reason in plan.reason_aliases.items()
        ),
        ("screening", "order"): plan.order,
        ("screening", "seed"): "the reviewer's own" if plan.shuffle is None else str(plan.shuffle),
        ("agreement", "of"): plan.of,
        ("agreement", "seed"): str(plan.seed),
        ("agreement", "categories"): LIST.join(plan.categories) or "the decisions",
        ("appraisal", "instrument"): LIST.join(
            f"{design} = {name}" for design, name in plan.instruments.items()
        )
        or plan.instrument,
        ("appraisal", "ratings"): LIST.join(f"{each.name} from {_from(each)}" for each in plan.ratings),
        ("appraisal", "ratings_source"): plan.ratings[0].source if plan.ratings else "",
        ("appraisal", "blanks"): plan.blanks or "not judged",
        ("themes", "basis"): LIST.join(plan.bases) or "all",
        ("table", "columns"): LIST.join(plan.columns) or "all",
        ("table", "by"): LIST.join(plan.by),
        ("table", "references"): plan.references,
        ("elsewhere", "libraries"): LIST.join(plan.libraries),
        **{("elsewhere", box): str(plan.elsewhere.get(box, "")) for box in ELSEWHERE},
        **{("criteria", heading): LIST.join(listed) for heading, listed in plan.criteria.items()},
    }
    found = [
        Setting(section, key, value, _line(document, section, key)) for (section, key), value in shown.items()
    ]
    # As they stand in the file: the protocol has them by their dates.
    for number, change in enumerate(document.content.get("amendments", []), start=1):
        told = "; ".join(str(change[key]).strip() for key in ("what", "why") if change.get(key))
        found.append(
            Setting("amendments", str(change["date"]), told, document.line("", "amendments", number))
        )
    for number, each in enumerate(plan.reviewers, start=1):
        about = [
            each.role or "reviewer",
            *(f"{key} {told}" for key in ("tool", "version") if (told := getattr(each, key))),
        ]
        line = document.line("", "reviewers", number)
        found.append(Setting("reviewers", each.public or each.name, ", ".join(about), line))
    return tuple(found)


def _from(rating: Rating) -> str:
    """Return the least that a rating takes: a share, or points in each set."""
    if not rating.points:
        return f"{rating.at_least:g}"
    return " and ".join(f"{least} in {name}" if name else f"{least} points" for name, least in rating.points)


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
