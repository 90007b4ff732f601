"""Whatever careless hands do to a sheet, its votes are read as they were meant, or it is refused."""

import os

import pytest

from peerreview.errors import PeerreviewError
from peerreview.screening.decisions import take_votes
from peerreview.screening.lookup import index
from peerreview.screening.screeners import Asked, Export
from peerreview.values.folding import same
from tests.builders import make_records
from tests.screening import sheets

VARIANTS = int(os.environ.get("PEERREVIEW_VARIANTS", "300"))
RECORDS = make_records(record_id=[f"r{n}" for n in range(14)], title=[sheets.title(n) for n in range(14)])


def read(sheet: sheets.Sheet, *, with_records: bool) -> dict[sheets.Vote, str] | None:
    """Return the votes and their reasons; None where the sheet is refused."""
    export = Export("sheet.csv", sheet.text, Asked(reviewers=sheet.reviewers))
    try:
        taken = take_votes([export], index(RECORDS, {}) if with_records else None)
    except PeerreviewError:
        return None
    if taken.lost:
        return None
    columns = (taken.votes[name] for name in ("record_id", "reviewer", "decision", "reason"))
    return {(one, same(name), said): reason for one, name, said, reason in zip(*columns, strict=True)}


@pytest.mark.parametrize("seed", range(0, VARIANTS, 100))
def test_a_changed_sheet_gives_the_votes_it_holds_or_none(seed: int) -> None:
    for each in range(seed, min(seed + 100, VARIANTS)):
        sheet = sheets.changed(each)
        found = read(sheet, with_records=each % 3 > 0)

        meant = {(one, same(name), said): sheet.reasons[one, name, said] for one, name, said in sheet.votes}
        assert found is None or found.keys() == meant.keys(), (each, sheet.what, sheet.text)
        assert found is None or all(found[vote] in (meant[vote], "") for vote in meant), (each, sheet.what)


def test_sheets_as_they_should_be_are_all_read() -> None:
    import random

    for seed in range(50):
        sheet = sheets.make(random.Random(seed))  # noqa: S311  made up, not secret

        found = read(sheet, with_records=True)

        assert found is not None, sheet.text
        assert found.keys() == {(one, same(name), said) for one, name, said in sheet.votes}


def test_most_changed_sheets_are_read() -> None:
    read_ones = [read(sheets.changed(each), with_records=True) is not None for each in range(200)]

    assert sum(read_ones) > len(read_ones) / 3
