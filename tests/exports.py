"""One export read at once, as ``import`` reads each of several in stretches."""

from peerreview.imports.batches import Collected
from peerreview.imports.stretches import cut, cut_surely, open_export, read_stretch
from peerreview.tables.spool import Spool


def read_export(content: bytes) -> Collected:
    """Return the records of one export, in its own order."""
    batch, opened = open_export(content, Spool())
    below = [read_stretch(stretch) for stretch in cut(opened)]
    if any(each.strange for each in below):
        below = [read_stretch(stretch) for stretch in cut_surely(opened)]
    for each in below:
        batch.add(each)
    batch.end()
    return batch
