"""Whole reviews as the files that users have, made up at random, and what is true of them."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

REASONS = ("Wrong population, adults", "Wrong design", "No <results> | yet")
LEFT = ("database", "register")
SOURCES = {
    "MEDLINE": "database",
    "Embase": "database",
    "ICTRP": "register",
    "Web pages": "website",
    "Cited works": "citation_searching",
}
TITLE, FULL = "title_abstract", "full_text"
_SYLLABLES = ("ba", "co", "di", "fu", "ge", "ju", "ki", "lo", "me", "nu", "pa", "ri", "so", "tu", "va", "ze")
_PROTOCOL = f"""[screening]
reasons = [{", ".join(f'"{reason}"' for reason in REASONS)}]
"""
Pair = tuple[str, str]


@dataclass
class Work:
    """
    A work: in which sources it was found, and how it went.

    ``said`` has what ana and ben said at a stage before they talked, ``outcomes`` what came of it, ``by``
    what settled it. ``end`` is where it ended; of what is included, ``study`` is the number of its study.
    """

    number: int
    title: str
    sources: Sequence[str]
    end: str = ""
    reason: str = ""
    study: int = 0
    said: dict[str, Pair] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    record_id: str = ""

    @property
    def is_left(self) -> bool:
        """Whether a database or a register found it."""
        return any(SOURCES[each] in LEFT for each in self.sources)


@dataclass
class Whole:
    """A review: its works, and the votes as rows of a decisions file, by the name of the file."""

    works: list[Work]
    votes: dict[str, list[dict[str, str]]]
    chance: random.Random
    minute: int = 0

    @classmethod
    def of(cls, seed: int, n_works: int = 30) -> "Whole":
        """Return a review of some works, each found by one source or several."""
        chance = random.Random(seed)  # noqa: S311  made up, not secret

        def word() -> str:
            return "".join(chance.choices(_SYLLABLES, k=chance.randint(3, 5)))

        works = [
            Work(
                number,
                " ".join(word() for _ in range(8)).capitalize(),
                sorted(chance.sample(list(SOURCES), chance.choice((1, 1, 2, 3)))),
            )
            for number in range(n_works)
        ]
        return cls(works, {"ana": [], "ben": [], "others": []}, chance)

    def write_searches(self, folder: Path) -> None:
        """Write an export for each source that found something, and ``sources.csv``."""
        (folder / "exports").mkdir()
        (folder / "peerreview.toml").write_text(_PROTOCOL, encoding="utf-8")
        listed = []
        for source, kind in SOURCES.items():
            here = [work for work in self.works if source in work.sources]
            if not here:
                continue
            name = f"exports/{source}.{'csv' if source == 'Embase' else 'ris'}"
            if source == "Embase":
                rows = [
                    {"Title": work.title, "Year": "2020", "DOI": f"10.5555/{work.number}"} for work in here
                ]
                write_rows(folder / name, rows)
            else:
                lines = [
                    f"TY  - JOUR\nTI  - {work.title}\nPY  - 2020\nDO  - 10.5555/{work.number}\nER  - \n"
                    for work in here
                ]
                (folder / name).write_text("\n".join(lines), encoding="utf-8")
            listed.append({"file": name, "source": source, "source_kind": kind, "records": str(len(here))})
        write_rows(folder / "sources.csv", listed)

    def judge(self, *, finished: bool) -> None:
        """Have every work judged, once it is known under which id; unless ``finished`` some wait."""
        chance, n_studies = self.chance, 0
        for work in self.works:
            if chance.random() < 0.08:
                tool = chance.random() < 0.5
                work.end = "automation" if tool else "other_reasons"
                self._vote(work, "robot" if tool else "ana", "before_screening", "exclude", tool=tool)
                continue
            if work.is_left and not self._go(work, TITLE, chance.random() < 0.6, finished=finished):
                work.end = "excluded" if TITLE in work.outcomes else "awaiting_screening"
            elif chance.random() < 0.15:
                work.end = "not_retrieved"
                self._vote(work, "ana", "retrieval", "not_retrieved")
            elif self._go(work, FULL, chance.random() < 0.5, finished=finished):
                work.end = "included"
                is_new = not n_studies or chance.random() < 0.7
                n_studies += is_new
                work.study = n_studies if is_new else chance.randint(1, n_studies)
            else:
                work.end = "reports_excluded" if FULL in work.outcomes else "awaiting_assessment"

    def _go(self, work: Work, stage: str, is_in: bool, *, finished: bool) -> bool:
        """Have ana and ben judge a work at a stage; return whether it goes on."""
        outcome = "include" if is_in else "exclude"
        other = "exclude" if is_in else "include"
        work.reason = "" if is_in or stage == TITLE else self.chance.choice(REASONS)
        said = self.chance.choice(
            [(outcome, outcome), (outcome, outcome), (outcome, other), (other, outcome)]
        )
        if stage == TITLE and self.chance.random() < 0.2:
            said = ("maybe", said[1])
        work.said[stage] = said
        for name, decision in zip(("ana", "ben"), said, strict=True):
            reason = (work.reason or REASONS[0]) if stage == FULL and decision == "exclude" else ""
            self._vote(work, name, stage, decision, reason)
        agreed = {"include" if each == "maybe" else each for each in said}
        if len(agreed) > 1:
            if not finished and self.chance.random() < 0.5:
                return False
            work.by[stage] = self.chance.choice(("votes", "consensus", "adjudicator"))
            if work.by[stage] == "votes":
                # They talk, and who thought otherwise changes the vote.
                for name, decision in zip(("ana", "ben"), said, strict=True):
                    if decision != outcome:
                        self._vote(work, name, stage, outcome, work.reason)
            else:
                self._vote(work, "cy", stage, outcome, work.reason, role=work.by[stage])
        else:
            work.by[stage] = "votes"
            outcome = agreed.pop()
        work.outcomes[stage] = outcome
        return outcome == "include"

    def _vote(
        self,
        work: Work,
        name: str,
        stage: str,
        decision: str,
        reason: str = "",
        *,
        role: str = "",
        tool: bool = False,
    ) -> None:
        self.minute += 60
        day, hour = divmod(self.minute // 60, 24)
        row = {
            "record_id": work.record_id,
            "reviewer": name,
            "stage": stage,
            "decision": decision,
            "reason": reason,
            "role": "automation" if tool else role,
            "decided_at": f"2024-{1 + day // 28:02}-{1 + day % 28:02}T{hour:02}:00:00Z",
        }
        self.votes[name if name in self.votes else "others"].append(row)

    def write_votes(self, folder: Path) -> None:
        """Write the votes, a file a person, and which reports are of which study."""
        (folder / "decisions").mkdir()
        for name, rows in self.votes.items():
            if rows:
                write_rows(folder / "decisions" / f"{name}.csv", rows)
        included = [work for work in self.works if work.study]
        links = [{"record_id": work.record_id, "study_id": f"S{work.study}"} for work in included]
        studies = [{"study_id": each, "label": each} for each in sorted({row["study_id"] for row in links})]
        write_rows(folder / "reports.csv", links)
        write_rows(folder / "studies.csv", studies)

    def boxes(self) -> dict[str, int]:
        """Return how many records each box of the flow counts."""
        left = [work for work in self.works if work.is_left]
        right = [work for work in self.works if not work.is_left]
        found = Counter(SOURCES[source] for work in self.works for source in work.sources)
        ends = Counter(work.end for work in left)
        others = Counter(work.end for work in right)
        n_left = found["database"] + found["register"]
        first = Counter(_first(work) for work in right)
        n_aside = others["automation"] + others["other_reasons"]
        return {
            "databases": found["database"],
            "registers": found["register"],
            "duplicates": n_left - len(left),
            "found_again": sum(found.values()) - n_left - len(right),
            **{key: ends[key] for key in ("automation", "other_reasons", "excluded", "not_retrieved")},
            **{key: ends[key] for key in ("reports_excluded", "awaiting_screening", "awaiting_assessment")},
            "screened": sum(TITLE in work.outcomes for work in left),
            "sought": sum(work.outcomes.get(TITLE) == "include" for work in left),
            "assessed": ends["reports_excluded"] + ends["included"],
            "websites": first["Web pages"],
            "citation_searching": first["Cited works"],
            "other_set_aside": n_aside,
            "other_sought": len(right) - n_aside,
            "other_not_retrieved": others["not_retrieved"],
            "other_assessed": others["reports_excluded"] + others["included"],
            "other_reports_excluded": others["reports_excluded"],
            "other_awaiting_assessment": others["awaiting_assessment"],
            "included": ends["included"] + others["included"],
            "studies": len({work.study for work in self.works if work.study}),
            "reports": sum(bool(work.study) for work in self.works),
        }


def _first(work: Work) -> str:
    """Return the source whose record is kept: of one text under one id that which was imported first."""
    return next(source for source in SOURCES if source in work.sources)


def write_rows(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Write rows as CSV."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(listed[0]) if listed else ["record_id", "study_id", "label"])
        writer.writeheader()
        writer.writerows(listed)
