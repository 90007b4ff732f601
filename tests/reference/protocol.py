"""The keys of ``peerreview.toml``: the file that ``init`` writes, and the defaults in force without one."""

from importlib import resources

from peerreview.protocol.inforce import settings
from tests.reference.pipes import table


def template() -> str:
    """Return the commented file that ``init`` writes, as it is."""
    written = resources.files("peerreview.cli") / "templates" / "review" / "peerreview.toml"
    return f"```toml\n{written.read_text(encoding='utf-8')}```\n"


def defaults() -> str:
    """Return each key that has a default, as a table."""
    rows = [(f"[{each.section}]", f"`{each.key}`", each.value) for each in settings() if each.value]
    return table(("section", "key", "default"), rows) + "\n"
