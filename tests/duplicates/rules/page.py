"""Write the page of rules, ``docs/rules.md``, anew: ``python -m tests.duplicates.rules.page``."""

from peerreview.duplicates.rules import default_rules
from peerreview.duplicates.rules.examples import page
from tests.duplicates.rules.test_examples import PAGE

if __name__ == "__main__":
    head = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    PAGE.write_text(f"{head}\n{page(default_rules())}\n", encoding="utf-8")
