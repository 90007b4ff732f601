"""One search in the layouts in which people and platforms print it, read the same from each."""

import pytest

from peerreview.errors import InputErrors
from peerreview.imports.strategies import reading
from tests.imports.strategies.histories import cells

TEXTS = (
    "exp Shift Work/",
    '"night shift".ti,ab.',
    "(rota* adj2 work*).tw,kf.",
    "or/1-3",
    "exp Sleep/",
    "4 and 5",
)
COUNTS = ("2,041", "318", "13,110", "14,987", "98,003", "1,204")
READ = [
    (str(number), text, count.replace(",", ""))
    for number, (text, count) in enumerate(zip(TEXTS, COUNTS, strict=True), start=1)
]


def _print(line: str, head: str = "Ovid MEDLINE", *, newest_first: bool = False) -> str:
    numbered = list(enumerate(zip(TEXTS, COUNTS, strict=True), start=1))
    lines = [
        line.format(
            n=number, text=text, count=count, plain=count.replace(",", ""), blank=count.replace(",", " ")
        )
        for number, (text, count) in (reversed(numbered) if newest_first else numbered)
    ]
    return "\n".join([head, *lines, ""])


@pytest.mark.parametrize(
    "line",
    [
        "{n}\t{text}\t{count}",
        "{n}\t{count}\t{text}",
        "{n} {text} ({plain})",
        "{n}. {text} (n = {count})",
        "{n}) {text}\t{blank}",
        "[{n}] {text}\t{count}",
        "({n}) {text}\t{count}",
        "#{n} {text} {count}",
        "S{n}  {text}  {plain}",
        "L{n}\t{text}\t{count}",
        "Line {n}: {text}  {count}",
        "• {n}. {text} ({count})",
        "- #{n} {text} ({count})",
        "{n} {text} - {count} hits",
        "{n}: {text} – {count} results",
        "{n} {text}; {count} records",
        "{n} {text} Results: {plain}",
        "{n} {text} ........ {count}",
        '"{n}","{text}","{plain}"',
        "{n}\n{text}\n{count}",
    ],
)
def test_a_search_is_read_the_same_from_each_layout(line: str) -> None:
    printed = _print(line)
    if line.startswith('"'):
        printed = printed.replace('""', '"""').replace('shift".', 'shift"".')

    assert cells(printed) == READ


@pytest.mark.parametrize(
    "line", ["{n}\t{text}\t{count}", "{n} {text} ({count})", "#{n}\n{text}\n{count}\n17:05:02"]
)
def test_a_search_with_the_last_line_first_is_read_the_same(line: str) -> None:
    assert cells(_print(line, newest_first=True)) == READ


def test_lines_left_out_leave_the_others_where_they_are() -> None:
    lines = _print("{n} {text} ({count})").split("\n")
    printed = "\n".join(
        [*lines[:3], *(line.replace(line[0], str(int(line[0]) + 20), 1) for line in lines[3:7])]
    )

    assert [number for number, _, _ in cells(printed)] == ["1", "2", "23", "24", "25", "26"]


def test_a_line_above_a_gap_is_read_where_the_last_one_comes_first() -> None:
    printed = "Ovid\n24\t5 and 9\t12\n9\texp Sleep/\t98\n8\tnap*.tw.\t31\n"

    assert cells(printed) == [("8", "nap*.tw.", "31"), ("9", "exp Sleep/", "98"), ("24", "5 and 9", "12")]


def test_quotation_marks_around_all_of_a_copied_line_are_kept() -> None:
    printed = 'CINAHL (EBSCO)\nNo.\tSearch terms\tResults\nS1\t"shift work"\t31\nS2\t(MH "Sleep+")\t98\n'

    assert cells(printed, "text") == [('"shift work"',), ('(MH "Sleep+")',)]


def test_all_that_stands_beside_a_line_of_ebsco_may_stand_in_one_row_with_it() -> None:
    beside = (
        "Expanders - Apply equivalent subjects Search modes - Boolean/Phrase Interface - EBSCOhost Research "
        "Databases Search Screen - Advanced Search Database - CINAHL Plus with Full Text"
    )
    printed = f'S2 S1 AND TI nap* {beside} 1,204\nS1 (MH "Sleep+") {beside} 98,003\n'

    assert cells(printed) == [("1", '(MH "Sleep+")', "98003"), ("2", "S1 AND TI nap*", "1204")]


def test_a_session_of_embase_is_known_by_its_heading_and_its_days_are_no_counts() -> None:
    printed = (
        "Embase Session Results\nNo.  Query                 Results   Date\n"
        "#3. #1 AND #2  204  12 May 2025\n#2. sleep/  98,003  12 May 2025\n#1. codeine/  10  12 May 2025\n"
    )

    assert cells(printed, "number", "text", "hits", "platform") == [
        ("1", "codeine/", "10", "embase"),
        ("2", "sleep/", "98003", "embase"),
        ("3", "#1 AND #2", "204", "embase"),
    ]


def test_a_range_of_days_at_the_end_of_a_line_is_no_count() -> None:
    printed = (
        'PubMed\n#1 nap*[tiab]  98\n#2 #1 AND ("2000"[dp] :\n  "2025"[dp])  73\n#3 #2 AND sleep[ti]  12\n'
    )

    assert cells(printed)[1] == ("2", '#1 AND ("2000"[dp] : "2025"[dp])', "73")


LONE = '"shift work" AND (nap OR rest)\n'


@pytest.mark.parametrize("head", ["Platform: PubMed\n", "PubMed\n", "PubMed search strategy:\n\n"])
def test_a_query_without_fields_is_read_where_its_platform_is_named(head: str) -> None:
    assert cells(head + LONE, "platform", "text") == [("pubmed", LONE.strip())]


def test_a_query_without_fields_is_read_where_sources_name_its_platform() -> None:
    found = reading.read({"strategies/a.txt": LONE.encode()}, {"strategies/a.txt": "NLM; PubMed"})

    assert found.lines["platform"].tolist() == ["pubmed"]


def test_a_query_without_fields_is_asked_for_its_platform() -> None:
    with pytest.raises(InputErrors, match=r"name it in a first line, as in Platform: Ovid, or in the column"):
        reading.read({"a.txt": LONE.encode()})


def test_what_sources_call_a_platform_does_not_overrule_what_a_search_shows() -> None:
    text = "1 exp Sleep/\n2 nap*.ti,ab.\n3 1 or 2\n"
    found = reading.read({"embase.txt": text.encode()}, {"embase.txt": "Elsevier; Embase"})

    assert set(found.lines["platform"]) == {"ovid"}


@pytest.mark.parametrize("last", ["1 AND 2", "#1 AND #2", "(1 or 2)"])
def test_a_last_row_that_combines_lines_and_has_no_number_is_told(last: str) -> None:
    text = f"PubMed\n1 (nap*[tiab] OR rest[tiab])\n2 work*[tiab]\n{last}\n"
    found = reading.read({"a.txt": text.encode()})

    assert found.lines["text"].tolist() == ["(nap*[tiab] OR rest[tiab])", "work*[tiab]"]
    assert found.remarks == (
        f"a.txt:4: combines lines and has no number, so that it is not read as one: {last!r}",
    )


BROAD = "(rota OR 'night shift'[tiab]) AND (sleep[tiab] OR rest[tiab])"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"# Broad\n{BROAD}\n\n# Narrow\n(rota[ti]) AND (sleep[ti])\n", 5),
        (f"{BROAD}\n(rota[ti]) AND (sleep[ti])\n", 2),
        (f"Broad\n{BROAD}\nNarrow\nrota[ti] AND sleep[ti]\n", 4),
    ],
)
def test_a_second_search_without_lines_is_told_before_it_is_read_as_one_with_the_first(
    text: str, line: int
) -> None:
    remarks = reading.read({"pubmed.txt": f"PubMed\n{text}".encode()}).remarks

    found = [told for told in map(str, remarks) if "no operator stands between" in told]
    assert [told.startswith(f"pubmed.txt:{line + 1}:") for told in found] == [True]


@pytest.mark.parametrize(
    "text",
    [
        f"{BROAD}\n",
        "(rota OR 'night shift'[tiab])\nAND\n(sleep[tiab] OR rest[tiab])\n",
        "Who\n(rota OR 'night shift'[tiab]) AND\nWhat\n(sleep[tiab] OR rest[tiab])\n",
        "(rota OR\n(night[tiab] AND shift[tiab]))\nAND (sleep[tiab])\n",
    ],
)
def test_a_search_in_several_rows_is_one(text: str) -> None:
    remarks = reading.read({"pubmed.txt": f"PubMed\n{text}".encode()}).remarks

    assert not [told for told in map(str, remarks) if "no operator" in told]
