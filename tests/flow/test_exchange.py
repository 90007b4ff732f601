"""A flow is kept, typed and passed on without loss."""

import csv
import io
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerreview.errors import InputError, InputErrors
from peerreview.flow import BOXES, Box, Flow, Part
from peerreview.flow.exchange import from_table, lines, not_drawn_by_r, read, to_json, to_r
from peerreview.flow.identities import check
from peerreview.flow.labels import read as read_labels
from peerreview.tables import reading
from tests.flow.test_counting import derive
from tests.reviews import make_review

ENGLISH = read_labels()
SCHEMA_FILE = resources.files("peerreview.flow") / "flow.schema.json"


@given(seed=st.integers(0, 10**6), finished=st.booleans())
@settings(max_examples=15, deadline=None)
def test_flow_json_reads_back_as_it_was(seed: int, finished: bool) -> None:
    counted = derive(make_review(seed, finished=finished))

    again = read(to_json(counted, check(counted), ENGLISH), ".json")

    assert counted.boxes == again.boxes
    assert counted.reports_of == again.reports_of
    assert [str(verdict) for verdict in check(counted)] == [str(verdict) for verdict in check(again)]


def test_flow_json_says_what_state_the_review_is_in() -> None:
    def state(**counts: int) -> str:
        flow = Flow({key: Box(n) for key, n in counts.items()})
        return str(json.loads(to_json(flow, check(flow), ENGLISH))["state"])

    assert state(screened=3, excluded=1, sought=2) == "final"
    assert state(screened=3, excluded=1, sought=2, awaiting_screening=1) == "draft"
    assert state(screened=3, excluded=1, sought=1) == "inconsistent"


def test_numbers_are_typed_as_toml_or_json() -> None:
    typed = read('screened = 5\n[reports_excluded]\ntotal = 4\n"Wrong design" = 3\n', ".toml")

    assert (Box(5), Box(4, (), (Part("Wrong design", 3),))) == (typed["screened"], typed["reports_excluded"])
    assert (
        typed.boxes
        == read('{"screened": 5, "reports_excluded": {"total": 4, "Wrong design": 3}}', ".json").boxes
    )


def test_a_breakdown_without_a_total_is_its_own() -> None:
    assert read("[databases]\nMEDLINE = 3\nEmbase = 4\n", ".toml").n("databases") == 7


@pytest.mark.parametrize(
    ("text", "suffix", "said"),
    [
        ("screend = 5", ".toml", "unknown box 'screend'"),
        ("screened = -5", ".toml", "screened -5 is not a count"),
        ("screened = 1.5", ".toml", "screened 1.5 is not a count"),
        ("screened = true", ".toml", "screened True is not a count"),
        ('screened = "5"', ".toml", "screened '5' is not a count"),
        ("screened = ", ".toml", "is not TOML"),
        ("{", ".json", "is not JSON"),
        ("[1]", ".json", "is not a flow"),
        ('{"schema": "other/1"}', ".json", "schema 'other/1' is not"),
        ('{"schema": "peerreview/flow/1"}', ".json", "is not a whole peerreview/flow/1: 'boxes' is missing"),
        ('{"schema": "peerreview/flow/1", "boxes": 1}', ".json", "a value is of another kind than the one"),
        (
            '{"schema": "peerreview/flow/1", "boxes": {"screened": {"n": 1, "ids": [1]}}}',
            ".json",
            "is not a whole peerreview/flow/1: ids are texts",
        ),
        ("a,b\n1,2\n", ".csv", "the columns data and n are missing"),
        ("data,n\nrecords_screened,12a3\n", ".csv", "records_screened '12a3' is not a count"),
        ("data,n\nrecords_screened,-5\n", ".csv", "records_screened '-5' is not a count"),
        ('data,n\ndbr_excluded,"Wrong population, adults"\n', ".csv", "dbr_excluded 'adults' is not a count"),
    ],
)
def test_what_is_not_a_flow_is_said_to_be_none(text: str, suffix: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, suffix)

    assert said in str(caught.value)


def test_a_fault_of_the_csv_has_its_line() -> None:
    with pytest.raises(InputError) as caught:
        read("data,n\nduplicates,1\nrecords_screened,x\n", ".csv")

    assert caught.value.line == 3


def test_the_r_package_reads_every_row_of_its_template() -> None:
    rows = list(csv.DictReader(io.StringIO(to_r(Flow({"databases": Box(3)}), ENGLISH))))

    assert list(rows[0]) == ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
    assert len(rows) == 34
    assert [(row["n"], row["boxtext"]) for row in rows if row["data"] == "database_results"] == [
        ("3", "Databases")
    ]
    assert [row["n"] for row in rows if row["data"] == "records_screened"] == ["NA"]


def test_a_comma_in_a_reason_survives_the_r_packages_csv() -> None:
    reasons = (Part("Wrong population, adults; 30", 3), Part("<18 & others", 2))
    flow = Flow({"reports_excluded": Box(5, (), reasons)})

    written = to_r(flow, ENGLISH)

    assert flow.boxes == read(written, ".csv").boxes
    cell = next(row["n"] for row in csv.DictReader(io.StringIO(written)) if row["data"] == "dbr_excluded")
    assert [len(part.split(",")) for part in cell.split(";")] == [2, 2]


def test_the_r_packages_blank_template_is_blank() -> None:
    rows = ["data,node,n", "NA,node4,0", "included,node3,0", "database_results,node7,NA"]
    text = "\n".join([*rows, 'dbr_excluded,node14,"Reason1, xxx; Reason2, xxx"'])

    assert read(text, ".csv").boxes == {}


def test_totals_of_the_r_package_may_have_separators() -> None:
    text = 'data,n\ndatabase_results,"10,491"\ndbr_excluded,138\ndatabase_specific_results,0\n'

    assert {"databases": Box(10491), "reports_excluded": Box(138)} == read(text, ".csv").boxes


@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_counts_survive_the_r_packages_csv(seed: int) -> None:
    counted = derive(make_review(seed))

    again = read(to_r(counted, ENGLISH), ".csv")

    for key, box in counted.boxes.items():
        if key not in ("included", "earlier_records"):
            assert box.n == again.n(key), key


def test_what_the_r_package_has_no_row_for_is_named() -> None:
    assert not_drawn_by_r(Flow({"hand_searching": Box(3), "screened": Box(1)})) == ["hand_searching"]


def test_a_table_of_boxes_tells_the_columns_apart() -> None:
    flow = Flow({"sought": Box(1200), "other_sought": Box(2), "awaiting_screening": Box(0)})

    assert lines(flow, ENGLISH) == [
        ("Reports sought for retrieval", "1,200"),
        ("Reports sought for retrieval (other methods)", "2"),
    ]


R = (
    "previous_studies,0", "previous_reports,0", "database_results,500", "register_results,0",
    "website_results,0", "organisation_results,0", "citations_results,0", "duplicates,120",
    "records_screened,380", "other_sought_reports,0", "other_notretrieved_reports,0", "other_assessed,0",
    '"other_excluded","Reason1, xxx; Reason2, xxx"', "new_studies,18", "total_studies,0", "total_reports,0",
)  # fmt: skip


def test_the_zeros_of_what_was_not_filled_in_are_blanks() -> None:
    flow = read("\n".join(["data,n", *R]), ".csv")

    assert not flow.is_updated
    assert not flow.has_other_methods
    assert (flow.n("registers"), flow.n("studies"), flow.n("total_studies")) == (0, 18, None)


@pytest.mark.parametrize(
    ("changed", "to", "box"),
    [
        ("total_studies,0", "total_studies,18", "previous_studies"),
        ("previous_reports,0", "previous_reports,NA", "previous_studies"),
        ("website_results,0", "website_results,3", "other_sought"),
        ("website_results,0", "website_results,NA", "citation_searching"),
    ],
)
def test_a_zero_beside_what_was_filled_in_is_a_zero(changed: str, to: str, box: str) -> None:
    flow = read("\n".join(["data,n", *(to if row == changed else row for row in R)]), ".csv")

    assert flow.n(box) == 0


@pytest.mark.parametrize(
    ("cell", "n"),
    [("1204", 1204), ("1,204", 1204), ("1 204", 1204), ("1204.0", 1204), ("12,345,678", 12345678), ("7", 7)],
)
def test_a_count_is_read_as_people_and_programs_write_it(cell: str, n: int) -> None:
    assert read(f'data,n\nrecords_screened,"{cell}"\n', ".csv").n("screened") == n


@pytest.mark.parametrize("cell", ["12.5", "1.204", "1,20", "1,2,4", "12,04", "1e3", "0x10", "²"])
def test_what_may_be_another_count_is_none(cell: str) -> None:
    with pytest.raises(InputError, match=re.escape(repr(cell))):
        read(f'data,n\nrecords_screened,"{cell}"\n', ".csv")


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Wrong population, 1,204; Other, 3", {"Wrong population": 1204, "Other": 3}),
        ("Wrong population, 1,234,567", {"Wrong population": 1234567}),
        ("Wrong population, adults, 30; Phase 1, 204", {"Wrong population, adults": 30, "Phase 1": 204}),
        ("Phase 1,204", {"Phase 1": 204}),
        ("Too old,30", {"Too old": 30}),
        ("Wrong design, 4.0", {"Wrong design": 4}),
    ],
)
def test_a_reason_ends_where_its_count_begins(cell: str, parts: dict[str, int]) -> None:
    flow = read(f'data,n\ndbr_excluded,"{cell}"\n', ".csv")

    assert {part.label: part.n for part in flow["reports_excluded"].parts} == parts


def test_a_reason_whose_count_may_be_two_is_nobodys_to_guess() -> None:
    with pytest.raises(InputError, match="dbr_excluded 'Wrong population,1,204'"):
        read('data,n\ndbr_excluded,"Wrong population,1,204"\n', ".csv")


def test_other_methods_bear_the_names_that_a_team_gave_them() -> None:
    flow = read('[other_sources]\n"Library, of a colleague" = 6\n"Radio" = 15\n', ".toml")

    assert flow.n("other_sources") == 21
    assert flow.boxes == read(to_r(flow, ENGLISH), ".csv").boxes


def test_a_whole_number_with_a_point_is_one() -> None:
    assert read('{"screened": 1000.0}', ".json").n("screened") == 1000


def test_what_a_count_rests_on_is_kept() -> None:
    parts = (Part("MEDLINE", 3, (), "typed"), Part("Embase", 4, (), "synthetic"))
    flow = Flow({"databases": Box(7, (), parts, "typed")}, unfinished=(("records_missing", "Embase"),))

    text = to_json(flow, check(flow), ENGLISH)
    again = read(text, ".json")

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert faults(json.loads(text), schema, schema) == []
    assert (flow.boxes, flow.unfinished) == (again.boxes, again.unfinished)
    assert ("– Embase", "4†") in lines(flow, ENGLISH)
    for wrong, to in (('"typed"', '"guessed"'), ("records_missing", "forgotten")):
        with pytest.raises(InputError, match="is not"):
            read(text.replace(wrong, to), ".json")


def faults(value: Any, rule: dict[str, Any], whole: dict[str, Any], at: str = "$") -> list[str]:
    """Return where a value breaks a JSON schema; of the language, what ours uses."""
    if "$ref" in rule:
        rule = whole["$defs"][rule["$ref"].rpartition("/")[2]]
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "null": type(None),
    }
    named = rule.get("type", [])
    kind = tuple(kinds[each] for each in ([named] if isinstance(named, str) else named))
    found = [] if not kind or isinstance(value, kind) else [f"{at} is not {named}"]
    if "const" in rule and value != rule["const"]:
        found.append(f"{at} is not {rule['const']}")
    if "enum" in rule and value not in rule["enum"]:
        found.append(f"{at} {value} is none of {rule['enum']}")
    if "pattern" in rule and not re.search(rule["pattern"], value):
        found.append(f"{at} {value} is not {rule['pattern']}")
    if "minimum" in rule and value < rule["minimum"]:
        found.append(f"{at} is below {rule['minimum']}")
    if isinstance(value, dict):
        found += [f"{at} lacks {key}" for key in rule.get("required", ()) if key not in value]
        others = rule.get("additionalProperties", {})
        for key, each in value.items():
            found += faults(key, rule.get("propertyNames", {}), whole, f"{at}.{key}")
            own = rule.get("properties", {}).get(key, others)
            found += faults(each, own, whole, f"{at}.{key}") if own is not False else [f"{at} has {key}"]
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += faults(each, rule.get("items", {}), whole, f"{at}[{number}]")
    return found


def test_a_template_saved_by_a_spreadsheet_is_read() -> None:
    saved = 'data;n\r\ndatabase_results;"1,000"\r\ndbr_excluded;"Wrong design, 3; Wrong outcome, 4"\r\n'

    flow = read(saved, ".csv")

    assert flow.n("databases") == 1000
    assert [(part.label, part.n) for part in flow["reports_excluded"].parts] == [
        ("Wrong design", 3),
        ("Wrong outcome", 4),
    ]
    assert read(saved.replace("\r\n", "\r"), ".csv").n("databases") == 1000


@given(seed=st.integers(0, 10**6), finished=st.booleans())
@settings(max_examples=10, deadline=None)
def test_flow_json_follows_its_published_schema(seed: int, finished: bool) -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    counted = derive(make_review(seed, finished=finished))

    content = json.loads(to_json(counted, check(counted), ENGLISH))

    assert faults(content, schema, schema) == []
    assert list(BOXES) == schema["properties"]["boxes"]["propertyNames"]["enum"]
    content["boxes"]["screend"] = {"n": -1}
    assert len(faults(content, schema, schema)) == 4


@pytest.mark.parametrize("cell", ["1000", "1000.0", "1,000", " 1000 "])
def test_a_count_is_read_as_spreadsheets_and_pandas_write_it(cell: str) -> None:
    text = f'data,n\ndatabase_results,"{cell}"\ndatabase_specific_results,\n'

    assert read(text, ".csv").n("databases") == 1000


def test_a_part_of_a_record_is_no_count() -> None:
    with pytest.raises(InputError, match=r"database_results '99.5' is not a count") as told:
        read("\ndata;n\ndatabase_results;99.5\n", ".csv")

    assert told.value.line == 3


def test_a_flow_is_read_as_any_table_is(tmp_path: Path) -> None:
    path = tmp_path / "flow.csv"
    path.write_bytes("data;n\r\ndatabase_results;1,000\r\ndbr_excluded;Größe, 3\r\n".encode("cp1252"))
    flow = from_table(reading.read_raw(path))
    path.write_text("data,n\n\nrecords_screened,x\n")

    assert (flow.n("databases"), flow["reports_excluded"].parts) == (1000, (Part("Größe", 3),))
    with pytest.raises(InputErrors, match=r"flow.csv:3: records_screened 'x' is not a count"):
        from_table(reading.read_raw(path))
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"flow.csv:1: is not PRISMA2020's CSV"):
        from_table(reading.read_raw(path))


def test_a_source_with_a_dot_in_its_name_is_not_a_table_of_tables() -> None:
    with pytest.raises(InputError, match="a name with a dot stands in quotes"):
        read("[registers]\nClinicalTrials.gov = 3\n", ".toml")

    typed = read('[registers]\n"ClinicalTrials.gov" = 3\n', ".toml")
    assert typed.n("registers") == 3
