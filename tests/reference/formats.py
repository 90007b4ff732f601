"""The formats of exports and the screening tools, each by the docstring of its module."""

from peerreview.imports.formats import registry
from peerreview.screening.screeners.registry import SCREENERS
from peerreview.values.cleanings import CLEANINGS
from tests.reference.pipes import table


def exports() -> str:
    """Return the formats of exports as Markdown, a line each: what it is, if unverified, if written too."""
    lines = []
    for module in registry.known():
        what, *more = [" ".join(each.split()) for each in str(module.__doc__).split("\n\n")]
        told = [what, *(each[each.index("Unverified") :] for each in more if "Unverified" in each)]
        if module.NAME in registry.WRITTEN and module.NAME != "spreadsheet":
            told.append("Written, too.")
        lines.append(f"- `{module.NAME}`: {' '.join(told)}")
    return "\n".join(lines) + "\n"


def screeners() -> str:
    """Return the screening tools as a table: what an export of each is, and whether a real one was read."""
    rows = []
    for name, tool in SCREENERS.items():
        what = " ".join(str(tool.__doc__).split("\n\n")[0].split())
        rows.append((f"`{name}`", what, "yes" if tool.VERIFIED else "no"))
    return table(("name", "what it reads", "checked on real files"), rows) + "\n"


def cleanings() -> str:
    """Return what reading changes in values, an item each, as Markdown."""
    lines = []
    for each in CLEANINGS:
        columns = ", ".join(f"`{column}`" for column in each.columns)
        lines.append(f"- {columns}: {each.what} ({each.source}).")
    return "\n".join(lines) + "\n"
