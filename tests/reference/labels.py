"""The languages of the figure, and every wording that a file of labels may replace."""

from peerreview.flow.labels import languages as shipped
from peerreview.flow.labels import read
from tests.reference.pipes import table


def languages() -> str:
    """Return the languages as a table, with the name of the first box in each."""
    rows = [(f"`{each}`", read(each).box("screened"), read(each).count(1234)) for each in shipped()]
    return table(("language", "“Records screened”", "a count"), rows) + "\n"


def wording() -> str:
    """Return every key with its English wording."""
    rows = [(f"`{key}`", text) for key, text in read().words.items()]
    return table(("key", "in English"), rows) + "\n"
