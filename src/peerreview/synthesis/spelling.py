"""Words of people's tables, without what spreadsheets and people vary in them."""

from peerreview.values.folding import same


def comparable(text: str) -> str:
    """
    Return text without what spreadsheets and people vary.

    >>> comparable("Can’t_tell "), comparable("Non-randomised")
    ("can't tell", 'non randomised')
    """
    return same(text.replace("’", "'").replace("_", " ").replace("-", " "))
