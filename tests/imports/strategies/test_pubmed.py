"""PubMed's history, downloaded and copied, old and new."""

from tests.imports.strategies.histories import cells, read

CSV = '''Search number,Query,Sort By,Filters,Search Details,Results,Time
4,#3 AND #1,,English,"(""a""[Title/Abstract]) AND (english[Filter])","1,234",05:11:12
3,"""peer support""[tiab] OR ""peer work*""[tiab]",,,"""x""","23,456",05:10:12
1,"""Peer Group""[Mesh]",,,"""y""","25,123",05:09:12
'''


def test_the_download_is_read_from_its_first_line_on() -> None:
    assert cells(CSV) == [
        ("1", '"Peer Group"[Mesh]', "25123"),
        ("3", '"peer support"[tiab] OR "peer work*"[tiab]', "23456"),
        ("4", "#3 AND #1", "1234"),
    ]
    assert [row["line"] for row in read(CSV)] == ["4", "3", "2"]


def test_a_filter_of_the_page_limits_its_line() -> None:
    assert cells(CSV, "limits", "combination")[-1] == ("English", "LIMIT(3 AND 1)")


def test_the_page_of_before_2020_is_read() -> None:
    text = (
        "Search\tAdd to builder\tQuery\tItems found\tTime\n"
        "#3\tAdd\tSearch (#1 AND #2)\t57\t10:12:13\n"
        '#2\tAdd\tSearch "diabetes mellitus"[MeSH Terms]\t380123\t10:11:58\n'
        "#1\tAdd\tSearch peer support[tiab]\t4021\t10:11:30\n"
    )

    assert cells(text) == [
        ("1", "peer support[tiab]", "4021"),
        ("2", '"diabetes mellitus"[MeSH Terms]', "380123"),
        ("3", "(#1 AND #2)", "57"),
    ]
