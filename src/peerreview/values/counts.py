"""Counts in words: of one thing, or of several."""


def counted(n: int, one: str, more: str = "") -> str:
    """
    Return a count and its noun, with a verb where it is given with one.

    >>> counted(1, "record"), counted(1204, "record"), counted(2, "search is", "searches are")
    ('1 record', '1,204 records', '2 searches are')
    """
    return f"{n:,} {one if n == 1 else more or one + 's'}"
