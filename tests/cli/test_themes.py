"""Tests of the themes command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peerreview.cli import app
from peerreview.tables import SYNTHETIC_NOTE

run = CliRunner().invoke
NASTY = 'A & B 50% _x_ <i> | =cmd() "q" $#{}~^\\'


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with two studies and a codebook, as the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "studies.csv").write_text("study_id,label\ns1,Ada 2001\ns2,Bo 2002\n", encoding="utf-8")
    (tmp_path / "codebook.csv").write_text(
        "theme,parent,label\ntrust,,Trust\nhope,trust,Hope\n", encoding="utf-8"
    )
    (tmp_path / "themes.csv").write_text(
        "study_id,theme,quote,basis\ns1,hope,we hope,text\ns2,trust,,synthetic\n", encoding="utf-8"
    )
    return tmp_path


def test_the_tally_and_the_matrix_are_written_together(review: Path) -> None:
    result = run(app, ["themes"])

    text = (review / "themes.md").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "| &emsp;Hope | 1 | 2 | 50% | 1 |" in text
    assert "| Trust | 1† | 2 | 50%† | 2† |" in text
    assert "| Trust | ◦ | •† |" in text


@pytest.mark.parametrize("suffix", ["md", "html", "tex", "csv"])
def test_what_the_dagger_means_is_printed_where_a_cell_has_one(review: Path, suffix: str) -> None:
    run(app, ["themes", "-o", f"tally.{suffix}"])
    run(app, ["themes", "-o", f"supported.{suffix}", "--basis", "text,title"])

    assert SYNTHETIC_NOTE in (review / f"tally.{suffix}").read_text(encoding="utf-8")
    assert "†" not in (review / f"supported.{suffix}").read_text(encoding="utf-8")


def test_csv_numbers_are_numbers_and_the_matrix_lies_beside(review: Path) -> None:
    run(app, ["themes", "-o", "tally.csv"])

    assert (review / "tally.csv").read_text(encoding="utf-8").splitlines()[:3] == [
        "theme,n,n_studies,percent,n_with_subthemes,note",
        f'Trust,1,2,50%,2,"{SYNTHETIC_NOTE}"',
        "Hope,1,2,50%,1,",
    ]
    assert (review / "tally-matrix.csv").read_text(encoding="utf-8").splitlines()[:2] == [
        "theme,s1,s2,note",
        f'Trust,through a subtheme,coded†,"{SYNTHETIC_NOTE}"',
    ]


def test_json_has_counts_and_evidence(review: Path) -> None:
    run(app, ["themes", "-o", "tally.json"])

    told = json.loads((review / "tally.json").read_text(encoding="utf-8"))
    assert told["schema"] == "peerreview/themes/1"
    assert told["themes"][1]["studies"][0]["evidence"] == [{"quote": "we hope", "basis": "text"}]


def test_stated_totals_are_compared(review: Path) -> None:
    (review / "stated.csv").write_text("theme,stated\nhope,2\ntrust,\n", encoding="utf-8")

    run(app, ["themes", "--stated", "stated.csv", "-o", "t.md"])

    text = (review / "t.md").read_text(encoding="utf-8")
    assert "| Hope | 2 | 1 | +1 | differs by 1 |" in text
    assert "1 of 1 stated totals differ from the rows." in text


def test_an_input_is_never_written_over(review: Path) -> None:
    before = (review / "themes.csv").read_bytes()

    result = run(app, ["themes", "-o", "themes.csv"])

    assert result.exit_code == 2
    assert result.stderr == "themes.csv: is read by this command; name another file\n"
    assert before == (review / "themes.csv").read_bytes()


def test_bad_rows_are_told_with_file_and_line_and_nothing_is_written(review: Path) -> None:
    (review / "themes.csv").write_text("study_id,theme\ns1,hope\ns9,hope\ns1,joy\n", encoding="utf-8")

    result = run(app, ["themes"])

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "themes.csv:3: study_id 's9' is not in the studies; add it there or correct it",
        "themes.csv:4: theme 'joy' is not in the codebook; add it there or correct it",
    ]
    assert not (review / "themes.md").exists()


def test_a_basis_that_is_not_one_is_told_with_its_line(review: Path) -> None:
    (review / "themes.csv").write_text("study_id,theme,basis\ns1,hope,synthetc\n", encoding="utf-8")

    result = run(app, ["themes"])

    assert result.exit_code == 1
    assert "themes.csv:2: basis 'synthetc' is not text, title, outside or synthetic" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--basis", "txt"], "--basis 'txt' is not one of text, title, outside, synthetic"),
        (
            ["-o", "themes.gif"],
            "themes.gif: this is written as .md, .html, .tex, .csv, .docx, .xlsx, .json, .svg",
        ),
    ],
)
@pytest.mark.usefixtures("review")
def test_options_that_make_no_sense_are_usage_errors(options: list[str], message: str) -> None:
    result = run(app, ["themes", *options])

    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith(message)


def test_a_team_may_use_its_own_template(review: Path) -> None:
    (review / "own.md.j2").write_text(
        "{% for row in rows %}{{ row.theme }}={{ row.n }};{% endfor %}", encoding="utf-8"
    )

    run(app, ["themes", "--template", "own.md.j2", "-o", "own.md"])

    assert (review / "own.md").read_text(encoding="utf-8") == "Trust=1†;Hope=1;"


@pytest.mark.parametrize(
    ("suffix", "as_text"),
    [
        ("md", r'A & B 50% \_x\_ \<i\> \| =cmd() "q" \$\#{}\~^\\'),
        ("html", "A &amp; B 50% _x_ &lt;i&gt; | =cmd() &#34;q&#34; $#{}~^\\"),
        (
            "tex",
            r'A \& B 50\% \_x\_ \textless{}i\textgreater{} \textbar{} =cmd() \string"q\string"',
        ),
        ("tex", r"\$\#\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}"),
        ("csv", '"A & B 50% _x_ <i> | =cmd() ""q"" $#{}~^\\"'),
    ],
)
def test_every_format_prints_a_nasty_label_as_text(review: Path, suffix: str, as_text: str) -> None:
    quoted = NASTY.replace('"', '""')
    (review / "codebook.csv").write_text(
        f'theme,parent,label\ntrust,,"{quoted}"\nhope,,=1+1\n', encoding="utf-8"
    )

    run(app, ["themes", "-o", f"t.{suffix}"])

    assert as_text in (review / f"t.{suffix}").read_text(encoding="utf-8")


def test_a_spreadsheet_never_runs_a_label(review: Path) -> None:
    (review / "codebook.csv").write_text("theme,parent,label\ntrust,,=1+1\nhope,,Hope\n", encoding="utf-8")

    run(app, ["themes", "-o", "t.csv"])

    assert "\n'=1+1,1,2" in (review / "t.csv").read_text(encoding="utf-8")


def test_a_wide_matrix_is_read_as_themes(review: Path) -> None:
    (review / "matrix.csv").write_text("study_id,trust,hope\ns1,1,0\ns2,x,1\n", encoding="utf-8")

    result = run(app, ["themes", "--themes", "matrix.csv", "-o", "t.csv"])

    assert result.exit_code == 0
    assert (review / "t.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "Trust,2,2,100%,2",
        "Hope,1,2,50%,1",
    ]


def test_studies_alone_are_no_coding(review: Path) -> None:
    (review / "matrix.csv").write_text("study_id,label\ns1,Ana 2001\n", encoding="utf-8")

    result = run(app, ["themes", "--themes", "matrix.csv", "-o", "t.md"])

    assert result.exit_code == 1
    assert result.stderr == (
        "matrix.csv:1: holds no theme; "
        "add a column 'theme' with a row per theme found, or a column per theme\n"
    )
    assert not (review / "t.md").exists()


def test_what_taguette_exports_is_read_as_themes(review: Path) -> None:
    (review / "highlights.csv").write_text(
        'id,document,tag,content\n1,a.pdf,ready.roles,"we, all"\n2,a.pdf,,nothing\n3,Bo 2002,ready,so\n',
        encoding="utf-8",
    )
    (review / "tags.csv").write_text(
        "tag,description,number of highlights,number of documents\nready,Ready,1,1\nready.roles,,1,1\n",
        encoding="utf-8",
    )
    (review / "documents.csv").write_text("document,study_id\na.pdf,s1\n", encoding="utf-8")

    result = run(app, ["themes", "--themes", "highlights.csv", "--codebook", "tags.csv", "-o", "t.csv"])

    assert "highlights.csv: 1 of 3 highlights have no tag and are not counted" in result.stderr
    assert (review / "t.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "ready,1,2,50%,2",
        "roles,1,2,50%,1",
    ]


def test_two_coders_are_compared_theme_by_theme(review: Path) -> None:
    (review / "themes.csv").write_text(
        "study_id,theme,coder\ns1,hope,ana\ns1,hope,ben\ns2,trust,ana\ns2,hope,ben\ns2,trust,ben\n",
        encoding="utf-8",
    )

    run(app, ["themes"])

    text = (review / "themes.md").read_text(encoding="utf-8")
    assert "| Trust | ana – ben | 2 | 100.0% | 1.00 |" in text
    assert "| &emsp;Hope | ana – ben | 2 | 50.0% | 0.00 |" in text


def test_five_totals_of_the_model_review_cannot_be_rebuilt_from_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2] / "examples" / "peer-workforce")

    run(app, ["themes", "--basis", "text", "--stated", "stated.csv", "-o", str(tmp_path / "t.md")])

    text = (tmp_path / "t.md").read_text(encoding="utf-8")
    stated = [line for line in text.split("**Themes and")[0].splitlines() if "differs by" in line]
    assert [line.split("|")[1:6] for line in stated] == [
        [" Education and training ", " 12 ", " 11 ", " +1 ", " differs by 1 "],
        [" Role clarity ", " 12 ", " 9 ", " +3 ", " differs by 3 "],
        [" Professional supervision ", " 8 ", " 6 ", " +2 ", " differs by 2 "],
        [" Leadership ", " 11 ", " 9 ", " +2 ", " differs by 2 "],
        [" Consistent inclusion ", " 14 ", " 8 ", " +6 ", " differs by 6 "],
    ]


def test_stated_totals_are_numbers_in_data_formats(review: Path) -> None:
    (review / "stated.csv").write_text("theme,stated\nhope,0\ntrust,\n", encoding="utf-8")

    run(app, ["themes", "--stated", "stated.csv", "-o", "t.csv"])
    run(app, ["themes", "--stated", "stated.csv", "-o", "t.json"])

    assert "Hope,0,1,-1,differs by 1," in (review / "t.csv").read_text(encoding="utf-8")
    told = json.loads((review / "t.json").read_text(encoding="utf-8"))
    assert [each["gap"] for each in told["stated"]] == [-1, None]


@pytest.mark.usefixtures("review")
@pytest.mark.parametrize("option", ["codebook", "documents"])
def test_a_file_that_is_named_must_be_there(option: str) -> None:
    result = run(app, ["themes", f"--{option}", "mispelt.csv"])

    assert (result.exit_code, result.stderr) == (1, "mispelt.csv: no such file\n")
    assert not Path("themes.md").exists()
