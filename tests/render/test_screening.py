"""A screening form as a page: the same bytes, blind, and nothing in it but what it shows."""

import json
import re
from typing import Any

import pandas as pd

from peerreview.render.screening import SHOWN, page


def forms(n: int, **changes: str) -> pd.DataFrame:
    rows = [
        {
            "record_id": f"rec{number}-0a1b2c",
            "title": f"Peer support, trial {number}",
            "authors": "Reeves, A.; Müller, J.",
            "year": "2020",
            "journal": "A journal",
            "doi": f"10.5555/{number}",
            "url": "",
            "abstract": "We randomised adults; rats took no part.",
        }
        for number in range(n)
    ]
    rows[0] |= changes
    return pd.DataFrame(rows, columns=list(SHOWN), dtype="str")


def written(cells: pd.DataFrame, **changes: Any) -> str:
    options = {
        "reviewer": "ana",
        "stage": "title_abstract",
        "legal": ("include", "exclude", "maybe"),
        "file": "ana.csv",
        "marked": {"include": ["random*"], "exclude": ["rats"]},
    }
    return page(cells, **(options | changes))


def within(text: str) -> Any:
    return json.loads(re.search(r'id="form">(.*?)</script>', text, re.DOTALL).group(1))  # type: ignore[union-attr]


def test_the_same_form_gives_the_same_bytes_and_names_nothing_from_elsewhere() -> None:
    text = written(forms(3))

    assert text == written(forms(3))
    assert "src=" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_a_title_cannot_end_the_script_that_holds_it() -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028"
    text = written(forms(1, title=title))

    assert within(text)["records"][0]["title"] == title
    assert text.count("<script") == 2


def test_another_reviewer_s_form_of_the_same_records_is_another_form() -> None:
    assert within(written(forms(2)))["id"] != within(written(forms(2), reviewer="ben"))["id"]
