"""
What a review's Makefile writes: read, never run, for it may be anybody's.

As much of make as such a Makefile has: variables, conditions on them,
patterns of files, rules. What a shell would say is taken as blank.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from peerreview.errors import InputError

MAKEFILE = "Makefile"
_ALL, _PHONY = "all", ".PHONY"
_SET = re.compile(r"(?:export\s+)?([\w.-]+)\s*(\+=|:=|\?=|=)\s*(.*)")
_RULE = re.compile(r"([^:=]+)::?(?!=)(.*)")
_CONDITION = re.compile(r"(ifeq|ifneq)\s*\((.*),(.*?)\)|(ifdef|ifndef)\s+(\S+)")
_INNERMOST = re.compile(r"\$\(([^()$]*)\)|\$\{([^{}$]*)\}")
_OURS = re.compile(
    r"(?:\$\(PEERREVIEW\)|\$\{PEERREVIEW\}|\bpeerreview)\s+((?:table\s+|form\s+)?[a-z][a-z-]*)"
)
_MOST = 10_000
"""Variables that are put in for one another at most: one that names itself ends."""


@dataclass(frozen=True)
class Written:
    """A file that a Makefile writes, and the command that its rule calls; blank where it is none of ours."""

    file: str
    command: str


@dataclass
class _Rule:
    needs: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    """What is made before it, and need not be newer."""
    command: str = ""
    has_recipe: bool = False


def missing(folder: Path) -> list[Written]:
    """Return what a review's Makefile writes of what is there now, and is not there itself; in its order."""
    return [each for each in written(folder) if not (folder / each.file).exists()]


def written(folder: Path) -> list[Written]:
    """Return what a review's Makefile writes of what is there now, whether there or not; in its order."""
    makefile = folder / MAKEFILE
    if not makefile.is_file():
        return []
    from peerreview.tables import reading

    try:
        rules = _Reader(folder).read(reading.read_text(makefile))
    except InputError:
        return []
    found = []
    for file in _reached(rules):
        rule = rules[file]
        can_be = rule.has_recipe and all((folder / each).exists() for each in rule.needs)
        if can_be and rule.command:
            found.append(Written(file, rule.command))
    return found


def _reached(rules: dict[str, _Rule]) -> Iterator[str]:
    """Yield what is made when nothing is named, each once."""
    waiting, seen = [_ALL if _ALL in rules else next(iter(rules), "")], set()
    while waiting:
        file = waiting.pop(0)
        if file in seen or file not in rules:
            continue
        seen.add(file)
        yield file
        waiting += [*rules[file].needs, *rules[file].after]


@dataclass
class _Reader:
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> dict[str, _Rule]:
        """Return the rules of a Makefile by what each writes."""
        rules: dict[str, _Rule] = {}
        targets: list[str] = []
        within: list[bool] = []
        for line in re.sub(r"\\\r?\n", " ", text).splitlines():
            if line.startswith("\t"):
                if all(within):
                    for target in targets:
                        _take_recipe(rules[target], line)
                continue
            said = re.sub(r"(?<!\\)#.*", "", line).strip()
            if self._is_condition(said, within) or not said or not all(within):
                continue
            if found := _SET.fullmatch(said):
                self._set(*found.groups())
            elif found := _RULE.match(said):
                targets = self.expand(found[1]).split()
                needs, _, after = self.expand(found[2]).partition("|")
                for target in targets:
                    rule = rules.setdefault(target, _Rule())
                    rule.needs += needs.split()
                    rule.after += after.split()
        # What is phony is the name of some work, not of a file.
        phony = rules[_PHONY].needs if _PHONY in rules else []
        for target in phony:
            rules.get(target, _Rule()).command = ""
        return {target: rule for target, rule in rules.items() if not target.startswith(".")}

    def _is_condition(self, said: str, within: list[bool]) -> bool:
        """Return whether a line begins, turns or ends a condition, and follow it."""
        word = said.split(maxsplit=1)[0] if said else ""
        if word == "endif" and within:
            within.pop()
        elif word == "else" and within:
            within[-1] = not within[-1]
        elif found := _CONDITION.match(said):
            kind, one, other, named, name = found.groups()
            if kind:
                within.append((self.expand(one).strip() == self.expand(other).strip()) == (kind == "ifeq"))
            else:
                within.append(bool(self.variables.get(name, "")) == (named == "ifdef"))
        else:
            return False
        return True

    def _set(self, name: str, how: str, value: str) -> None:
        before = self.variables.get(name)
        if how == "+=" and before is not None:
            value = f"{before} {value}"
        if how != "?=" or before is None:
            self.variables[name] = self.expand(value) if how == ":=" else value

    def expand(self, text: str) -> str:
        """Return a text with what variables and patterns of files stand for; other functions are blank."""
        for _ in range(_MOST):
            found = _INNERMOST.search(text)
            if found is None or len(text) > _MOST * 10:
                break
            text = f"{text[: found.start()]}{self._value(found[1] or found[2] or '')}{text[found.end() :]}"
        return text

    def _value(self, said: str) -> str:
        name, _, rest = said.strip().partition(" ")
        if not rest:
            return self.variables.get(name, "")
        if name == "if":
            condition, _, then = rest.partition(",")
            return then if condition.strip() else ""
        # A function of the Makefile's own that is given a pattern lists files.
        patterns = rest.split() if name == "wildcard" else rest.split(",")[1:] if name == "call" else []
        listed = [path for each in patterns for path in self._matching(each.strip())]
        return " ".join(path.relative_to(self.folder).as_posix() for path in listed)

    def _matching(self, pattern: str) -> list[Path]:
        is_within = pattern and not pattern.startswith(("/", "~")) and ".." not in pattern
        return sorted(self.folder.glob(pattern)) if is_within else []


def _take_recipe(rule: _Rule, line: str) -> None:
    rule.has_recipe = True
    found = _OURS.search(line)
    if found and not rule.command:
        rule.command = " ".join(found[1].split())
