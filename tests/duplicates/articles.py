"""Records of one article, as tests of duplicates vary them."""

import pandas as pd

from peerreview.duplicates.rules import default_rules
from tests.builders import make_records

TITLE = "Peer support workers in mental health services: a qualitative study"
OTHER = "Supervision of lived experience staff in community organisations"
RULES = default_rules()


def pairs(duplicates: pd.DataFrame, verdict: str = "duplicate") -> list[tuple[str, str]]:
    """Return (record kept, record removed) for each pair with this verdict."""
    chosen = duplicates[duplicates["verdict"] == verdict]
    return list(zip(chosen["duplicate_of"], chosen["record_id"], strict=True))


def article(**columns: list[str]) -> pd.DataFrame:
    """Return records of one article, but for these columns."""
    n_rows = max(len(cells) for cells in columns.values())
    same = {"title": TITLE, "authors": "Reeves, Ann; Singh, Bo", "year": "2019", "journal": "Health Policy"}
    return make_records(**({name: [cell] * n_rows for name, cell in same.items()} | columns))
