"""Write the outputs that pages show anew: ``python -m tests.pages docs/tutorial.md …``; look at the diff."""

import sys
import tempfile
from pathlib import Path

from tests.pages.reading import read
from tests.pages.running import ANYTHING, run
from tests.pages.settings import SETTINGS

if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = read(Path(name))
        with tempfile.TemporaryDirectory() as folder:
            for setting in page.settings:
                SETTINGS[setting](Path(folder))
            shown = run(page, Path(folder))
        text = page.text
        for each in reversed(shown):
            if not each.holds or each.block.text.strip() == ANYTHING:
                text = text[: each.block.start] + each.said.strip("\n") + "\n" + text[each.block.end :]
        page.path.write_text(text, encoding="utf-8")
        print(f"{name}: {sum(not each.holds for each in shown)} of {len(shown)} outputs were others")
