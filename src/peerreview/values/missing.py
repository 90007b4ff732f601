"""The words for nothing."""

NO_VALUE = frozenset(
    {"nan", "NaN", "NA", "None", "NULL", "null", "<NA>",
     "#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)  # fmt: skip
"""What programs write for none, to the letter: Python, R and SQL; spreadsheets where a formula failed."""
A_TITLE = "None"
"""The one of them that is a title, too."""
UNKNOWN = frozenset(
    {"", "unknown", "untitled", "no title", "no title available", "title not available", "not available",
     "name", "ref", "value", "anonymous", "anon", "no authors listed", "na", "n a", "none", "null", "nan",
     "et al"}
)  # fmt: skip
"""What stands, folded, in the cell of a title, an author or a journal that nobody knew."""
NO_PAGES = frozenset({"", "-", "no", "no-specified", "n/a", "na", "n.pag", "no pagination", "none", "n.pag."})
"""What stands, in lower case, for pages that a text does not have."""
NO_REASON = frozenset(
    {"", "na", "n/a", "n.a", "none", "nil", "nan", "#n/a", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "."}
)
"""What stands, in lower case, in a cell of reasons that says nothing."""


def is_no_reason(cell: str) -> bool:
    """
    Return whether a cell of reasons says nothing.

    >>> [is_no_reason(cell) for cell in (" N/A ", "n.a.", "No peers", "Not available in English")]
    [True, True, False, False]
    """
    word = cell.strip().lower()
    return word in NO_REASON or word.rstrip(".") in NO_REASON
