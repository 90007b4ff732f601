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
