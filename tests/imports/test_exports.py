"""Several exports, read on the way told of."""

from peerreview.imports.exports import Expected, Export, read_exports
from peerreview.tables.contents import Content

RECORD = "TY  - JOUR\nTI  - Peer support\nAU  - Abbot, Ann\nPY  - 2019\nER  - \n\n"


def test_whoever_waits_is_told_how_much_is_read() -> None:
    told: list[tuple[str, int, int]] = []
    contents = [Content((RECORD * times).encode()) for times in (40, 80)]
    exports = [Export(name, name) for name in ("a.ris", "b.ris")]

    found = read_exports(exports, contents, Expected(), lambda of, done, all_: told.append((of, done, all_)))

    assert found.n_found == 120
    assert [of for of, *_ in told] == ["KB"] * len(told)
    assert told[0] == ("KB", 0, 120 * len(RECORD) // 1000)
    assert told[-1][1] == 40 * len(RECORD) // 1000
