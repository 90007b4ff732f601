"""The reference leaves nothing out: each column, box, key and statistic that the code has is explained."""

import re
from pathlib import Path

import pytest

from peerreview import protocol
from peerreview.agreement.tallies import Ratings, statistics_of_all, statistics_of_pair, tally
from peerreview.errors import InputError
from peerreview.flow import BOXES
from tests.reference import flow, tables
from tests.reference.protocol import template
from tests.reference.statistics import EXPLAINED

TOO_PLAIN = {"n_both", "table", "pe", "n_items", "n_pairable", "draws", "why"}
"""Names in ``agreement.json`` that are no statistics."""


def test_every_column_of_every_table_is_explained() -> None:
    blank = [
        f"{table.name}.{column}"
        for table in tables.all_tables()
        for column in table.all_columns
        if not tables.meaning(table, column)
    ]
    unsaid = [each.name for each in tables.all_tables() if not tables.SAID.get(each.name, {}).get("_row")]

    assert (blank, unsaid) == ([], []), "say in tests/reference/columns.toml what they hold"


def test_no_explanation_is_of_a_column_that_is_gone() -> None:
    by_name = {each.name: set(each.all_columns) for each in tables.all_tables()}
    known = set().union(*by_name.values())

    stale = [column for column in tables.SAID["columns"] if column not in known]
    stale += [
        f"{name}.{column}"
        for name, said in tables.SAID.items()
        for column in said
        if name != "columns" and column not in {"_row", "_by", *by_name.get(name, ())}
    ]
    assert stale == []


def test_every_box_is_explained() -> None:
    assert [key for key in BOXES if not flow.counted(key)] == [], "tests/reference/boxes.toml"
    assert [key for key in flow.COUNTED if key not in BOXES] == []


def test_every_statistic_is_explained() -> None:
    import numpy as np

    counted = tally(Ratings(np.array([[0, 1, 0], [1, 1, 1]]), ("a", "b", "c"), ("include", "exclude")))
    found = statistics_of_pair(counted.pairs[0, 1], ("include", "exclude")).to_json()
    found |= statistics_of_all(counted, ("include", "exclude"), draws=2).to_json()
    told = {name.strip() for names in EXPLAINED for name in names.split(",")}
    bare = {re.sub(r"^alpha_.*", "alpha_…", name) for name in set(found) - TOO_PLAIN}
    bare = {re.sub(r"_(linear|quadratic)", "", name) for name in bare}
    bare = {name if name in told else re.sub(r"_(se0?|lo|hi|z|p)$", "", name) for name in bare}

    assert bare - told == set()


SECTIONS = (
    "review", "screening", "appraisal", "reasons", "elsewhere", "sources", "duplicates", "agreement",
    "themes",
)  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS)
def test_the_file_that_init_writes_has_every_key(section: str, tmp_path: Path) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text(f"[{section}]\nnone_such = 1\n", encoding="utf-8")

    with pytest.raises(InputError, match="unknown key") as caught:
        protocol.read(path)
    keys = str(caught.value).rpartition("known: ")[2].split(", ")

    # A section ends where the next one begins, in force or as a comment.
    written = re.split(r"^(?:# )?\[+", template(), flags=re.MULTILINE)
    own = "\n".join(part for part in written if re.match(rf"{section}\b", part))
    assert [key for key in keys if not re.search(rf"\b{key}\b", own)] == []
