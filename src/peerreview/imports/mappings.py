"""What the columns of a table of references are, as a file: the answer that people give once."""

from peerreview.tables import CONTENT, toml

COLUMNS = (*(column for column in CONTENT if column != "extra"), "first_page", "last_page")
"""What a column of a table may be; a page range may stand in two."""


def parse(text: str, path: object = "") -> dict[str, str]:
    r"""
    Return what a mapping file says: header → column, blank for one that goes to ``extra``.

    >>> parse('[columns]\n"Paper Name" = "title"')
    {'Paper Name': 'title'}

    Raises
    ------
    InputError
        For what is not TOML, an unknown key, or a column that records do not have.
    """
    document = toml.parse(text, path=path)
    for key in document.content:
        if key != "columns":
            raise document.fault(f"unknown key {key!r}; known: columns", key)
    said = document.content.get("columns", {})
    if not isinstance(said, dict) or not all(isinstance(column, str) for column in said.values()):
        raise document.fault(
            "columns is not what it should be: a column's name = what it is, in quotes", "columns"
        )
    for header, column in said.items():
        if column and column not in COLUMNS:
            message = (
                f"{column!r} is no column of records; columns are {', '.join(COLUMNS)}, or blank for none"
            )
            raise document.fault(message, header, "columns")
    if not said:
        raise document.fault("says of no column what it is: [columns]")
    return dict(said)
