"""Tests of where a record comes from: databases, and what a record only passed through."""

import pytest

from peerreview.imports.formats import mixture
from tests.imports.formats.samples import records_of

LINK = "https://www.scopus.com/record/1"
XML = f"""<xml><records><record><titles><title>A</title></titles><ref-type>6</ref-type>
<remote-database-name>EPPI-Reviewer</remote-database-name>
<urls><web-urls><url>{LINK}</url></web-urls></urls></record></records></xml>
"""
JSON = f'[{{"type": "book", "title": "A", "source": "Zotero", "URL": "{LINK}"}}]'


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        (f"TY  - JOUR\nTI  - A\nDB  - EndNote\nUR  - {LINK}\nER  - \n", ("Scopus", "EndNote", "UR")),
        ("TY  - JOUR\nTI  - A\nDB  - Library Catalog\nER  - \n", ("", "", "")),
        ("TY  - JOUR\nTI  - A\nDB  - Covidence\nDB  - Embase\nER  - \n", ("Embase", "Covidence", "DB")),
        (f"%0 Book\n%T A\n%U {LINK}\n%~ Citavi 6\n", ("Scopus", "Citavi", "%U")),
        ("RT Book, Whole\nSR 1\nT1 A\nDB Mendeley\nDS CINAHL\nOL English\n", ("CINAHL", "RefWorks", "DS")),
        (XML, ("Scopus", "EndNote", "urls/web-urls/url")),
        (JSON, ("Scopus", "Zotero", "URL")),
    ],
)
def test_what_a_record_passed_through_is_no_source(text: str, origin: tuple[str, str, str]) -> None:
    (record,) = records_of(text)
    found = mixture.detect(text).origin(record)

    assert origin == (found.database, found.carrier, found.how)
