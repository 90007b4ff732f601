"""
What a value is: one reading each of what exports and people write in a cell, for every room above.

``identifiers`` (DOI, PMID, PMCID, ISSN, ISBN), ``years``, ``pages``,
``names``; ``numbers`` and ``lists`` within a cell; ``cells``: plain text of
an export; ``folding``: text to compare; ``missing``: the words for nothing.

A number, a name and an identifier are exact or blank. What a cell holds
instead is kept by whoever asks; nothing here repairs it.
"""
