"""The pages as a site: ``nox -s docs``. On their own they are plain Markdown."""

import re
from typing import Any

from pygments.lexers.special import TextLexer

project = "peerreview"
author = "The peerreview developers"
extensions = ["myst_parser"]
root_doc = "index"
html_theme = "furo"
html_title = "peerreview"
html_show_copyright = False
myst_heading_anchors = 3


def _list_pages(app: Any, name: str, source: list[str]) -> None:  # noqa: ARG001  Sphinx's own signature
    """Give the site the order of the index, in which each page has its link, section by section."""
    if name == root_doc:
        for section in source[0].split("\n## ")[1:]:
            caption = section.partition("\n")[0]
            pages = "\n".join(re.findall(r"\]\(([^):#]+)\.md\)", section))
            source[0] += f"\n\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{pages}\n```\n"


def setup(app: Any) -> None:
    """Connect what is peculiar to these pages."""
    app.connect("source-read", _list_pages)
    app.add_lexer("csv", TextLexer)
