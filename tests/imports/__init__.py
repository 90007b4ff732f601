"""Tests of exports, and what is made of them."""

from peerreview.imports.batches import Batch, Collected


def whole(found: Collected) -> Batch:
    """Return what an export gave as what one stretch gives."""
    batch = Batch(found.format, found.encoding)
    batch.rejects, batch.warnings, batch.columns = found.rejects, found.warnings, found.columns
    for told, rows in found.records():
        batch.keys += told.keys
        batch.digests += told.digests
        batch.lines += told.lines
        batch.origins += told.origins
        batch.rows += rows
    return batch
