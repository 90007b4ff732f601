"""The tables of a review and their columns, from the schema that the commands check them by."""

import tomllib
from pathlib import Path

from peerreview import tables
from peerreview.review import name_of
from peerreview.tables import Table
from tests.reference.pipes import table

SAID = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))
"""What a row of each table is, who writes it, and what each column means, in words."""
OWN_FILES = {"decisions": "decisions/*.csv", "unmatched": "the file named with --unmatched"}


def all_tables() -> list[Table]:
    """Return every table of the schema, in its order."""
    named = vars(tables.schema) | vars(tables)
    return [each for each in named.values() if isinstance(each, Table)]


def file_of(one: Table) -> str:
    """Return what a table's file is called."""
    return OWN_FILES.get(one.name, name_of(one))


def meaning(one: Table, column: str) -> str:
    """Return what a column means, in this table or in all; blank where nobody has written it."""
    return str(SAID.get(one.name, {}).get(column) or SAID["columns"].get(column, ""))


def files() -> str:
    """Return the tables as one table: file, what a row is, who writes it."""
    rows = [
        (
            f"`{file_of(each)}`",
            SAID.get(each.name, {}).get("_row", ""),
            SAID.get(each.name, {}).get("_by", ""),
        )
        for each in all_tables()
    ]
    return table(("file", "one row is", "written by"), rows) + "\n"


def described() -> str:
    """Return each table under a heading, its columns as a table."""
    return "\n\n".join(_told(each) for each in all_tables()) + "\n"


def _told(one: Table) -> str:
    rows = [(f"`{column}`", meaning(one, column), _rule(one, column)) for column in one.all_columns]
    key = " and ".join(f"`{column}`" for column in one.key)
    head = [f"## `{file_of(one)}`"]
    if key:
        head.append(f"No two rows have the same {key}.")
    return "\n\n".join([*head, table(("column", "what it holds", "rule"), rows)])


def _rule(one: Table, column: str) -> str:
    """Return what is asked of a column: whether it must be there and filled, and its legal values."""
    told = ["may be missing"] if column in one.optional else []
    told += ["never blank"] if column in one.filled else []
    told += ["a whole number"] if column in one.numbers else []
    if column in one.values:
        listed = [f"`{value}`" for value in one.values[column] if value]
        told.append("one of " + ", ".join(listed) + ("" if column in one.filled else ", or blank"))
    return "; ".join(told)
