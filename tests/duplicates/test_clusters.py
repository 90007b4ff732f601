"""Rows that are one: the members of each cluster, the lowest of them kept, and strangers kept apart."""

import random

import pytest

from peerreview.duplicates.clusters import Clusters


def some_pairs(chance: random.Random, n_rows: int, n_pairs: int) -> list[tuple[int, int]]:
    return [(chance.randrange(n_rows), chance.randrange(n_rows)) for _ in range(n_pairs)]


@pytest.mark.parametrize("seed", range(40))
def test_members_of_a_cluster_are_the_rows_with_one_row_kept(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  nothing is secret here
    n_earlier, n_rows = chance.randint(1, 12), 20
    before = Clusters(n_earlier)
    before.join_all(some_pairs(chance, n_earlier, 6))
    clusters = Clusters(n_rows, before.roots() if seed % 2 else None)

    strangers = some_pairs(chance, n_rows, 4)
    clusters.keep_apart(strangers)
    were_one = {pair for pair in strangers if clusters.kept(pair[0]) == clusters.kept(pair[1])}
    changed: set[int] = set()
    for pair in some_pairs(chance, n_rows, 14):
        changed = {clusters.kept(row) for row in changed | clusters.join_all([pair])}

    kept = clusters.roots().tolist()
    for row in range(n_rows):
        assert clusters.members(row) == [other for other in range(n_rows) if kept[other] == kept[row]]
        assert clusters.kept(row) == kept[row] == min(clusters.members(row))
    assert list(clusters.groups()) == [clusters.members(row) for row in sorted(changed)]
    assert all(kept[one] != kept[other] for one, other in set(strangers) - were_one)
