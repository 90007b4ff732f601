"""The reference, written from the code: ``python -m cogapp -r -I . docs/reference/*``."""

from tests.reference.commands import commands
from tests.reference.flow import boxes, identities, open_ends
from tests.reference.formats import cleanings, exports, screeners
from tests.reference.instruments import instruments
from tests.reference.labels import languages, wording
from tests.reference.manual import manual
from tests.reference.protocol import defaults, template
from tests.reference.statistics import names, statistics
from tests.reference.tables import described, files

__all__ = [
    "boxes",
    "cleanings",
    "commands",
    "defaults",
    "described",
    "exports",
    "files",
    "identities",
    "instruments",
    "languages",
    "manual",
    "names",
    "open_ends",
    "screeners",
    "statistics",
    "template",
    "wording",
]
