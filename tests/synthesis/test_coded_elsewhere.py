"""Tests of what coding tools export, and of people's own sheets of themes."""

import pandas as pd
import pytest

from peerreview import tables
from peerreview.errors import InputError, InputErrors
from peerreview.synthesis import coded_elsewhere
from peerreview.tables import places
from tests.builders import make

STUDIES = make(tables.STUDIES, study_id=["s1", "s2"], label=["Ada 2001", "Bo 2002"])


def sheet(*rows: str) -> pd.DataFrame:
    header, *cells = [row.split(";") for row in rows]
    frame = pd.DataFrame(cells, columns=header, dtype="str")
    places.put(frame, [places.Stretch("coding.csv", range(2, len(frame) + 2))])
    return frame


def read(*rows: str, **documents: str) -> coded_elsewhere.Found:
    named = make(tables.DOCUMENTS, document=list(documents), study_id=list(documents.values()))
    return coded_elsewhere.read(sheet(*rows), studies=STUDIES, documents=named)


def themes_of(found: coded_elsewhere.Found) -> list[tuple[str, str]]:
    return list(zip(found.themes["study_id"], found.themes["theme"], strict=True))


def test_segments_of_maxqda_have_their_code_with_those_above_it() -> None:
    found = read(
        "Color;Document name;Code;Beginning;Segment;Modified by",
        "●;Ada 2001.pdf;Trust\\Peers;3;we hope;ana",
        "●;bo 2002;Trust > Time;1;we wait;ben",
        "●;Bo 2002;;1;nothing;ben",
    )

    assert themes_of(found) == [("s1", "Trust > Peers"), ("s2", "Trust > Time")]
    assert found.themes["quote"].tolist() == ["we hope", "we wait"]
    assert found.themes["coder"].tolist() == ["ana", "ben"]
    assert found.themes["location"].tolist() == ["Ada 2001.pdf 3", "bo 2002 1"]
    assert "1 row has no code" in found.told
    assert "not read: Color" in found.told


def test_a_quotation_of_atlas_ti_has_several_codes() -> None:
    found = read("ID;Document;Codes;Quotation Content", "1:1;Ada 2001;Trust\nTime;we hope")

    assert themes_of(found) == [("s1", "Trust"), ("s1", "Time")]


@pytest.mark.parametrize(
    "rows",
    [
        ("Study;A : Trust;B : Time", "1 : Ada 2001;2;0", "2 : Bo 2002;0;1"),
        ("Studie;Trust;Time", "Ada 2001;x;", "Bo 2002;;x"),
        ("Study;Theme", "Ada 2001;Trust", "Bo 2002;Time"),
    ],
)
def test_a_matrix_of_nvivo_and_peoples_sheets_name_studies_by_their_labels(rows: tuple[str, ...]) -> None:
    assert themes_of(read(*rows)) == [("s1", "Trust"), ("s2", "Time")]


def test_a_document_is_of_the_study_that_the_team_says() -> None:
    assert themes_of(read("Document;Code", "scan7;Trust", scan7="s2")) == [("s2", "Trust")]


def test_what_is_of_no_study_and_a_sum_are_told() -> None:
    with pytest.raises(InputErrors, match=r"coding.csv:3: 'Zed' belongs to no study; add it"):
        read("Document;Code", "Ada 2001;Trust", "Zed;Trust")
    with pytest.raises(InputError, match="column 'Total' is called as a sum, and no theme"):
        read("Study;Trust;Total", "Ada 2001;1;1")
    with pytest.raises(InputError, match="no column says which study or document a row is of"):
        read("who;Code", "Ada 2001;Trust")
