"""A review in one zip: the same bytes again, safe to unpack, and all of it follows from its tables."""

import hashlib
import io
import json
import random
import re
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from peerreview.cli import app
from peerreview.cli.vouching import read_vouched
from peerreview.render import archive, crate
from peerreview.tables import reading, writing
from tests.cli.test_status import PIPELINE, WORKS, add, done, finished, ids, update

__all__ = ["finished", "ids"]
pytestmark = pytest.mark.slow


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def files_of(package: str) -> dict[str, bytes]:
    return dict(archive.unpack(Path(package).read_bytes()))


def graph_of(package: str) -> dict[str, dict[str, object]]:
    said = json.loads(files_of(package)[crate.METADATA])
    return {each["@id"]: each for each in said["@graph"]}


@pytest.mark.usefixtures("ids")
def test_the_same_review_gives_the_same_package_whatever_the_clock_says() -> None:
    done("package", "-o", "one.zip")
    for path in Path().rglob("*.csv"):
        path.touch()
    done("package", "-o", "two.zip")

    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    with zipfile.ZipFile("one.zip") as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "ro-crate-metadata.json"


@pytest.mark.usefixtures("ids")
def test_unpacked_elsewhere_every_command_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("package")
    done("unpack", "review.zip", "else/where")
    packed = files_of("review.zip")
    monkeypatch.chdir(tmp_path / "else" / "where")

    for command in PIPELINE:
        done(*command, "--quiet")

    assert {name: Path(name).read_bytes() for name in packed} == packed
    assert run("verify").exit_code == 0
    assert {"exports/medline.ris", "decisions/ana.csv", "tables/matrix.tex", "prisma.svg"} <= set(packed)


@pytest.mark.parametrize("options", [(), ("--anonymous",)], ids=["with names", "anonymous"])
@pytest.mark.usefixtures("ids")
def test_an_updates_page_rests_on_the_earlier_version_which_goes_along(options: tuple[str, ...]) -> None:
    update()

    done("package", *options)
    done("unpack", "review.zip", "elsewhere")

    earlier = hashlib.sha256(Path("elsewhere/v1.json").read_bytes()).hexdigest()
    then, now = (json.loads(Path(file).read_text()) for file in ("v1.json", "elsewhere/v1.json"))
    # What the earlier version's own proof names are files of votes, by the reviewers.
    assert now == (then if not options else {key: then[key] for key in then if key != "proof"})
    for file in ("index.html", "prisma.svg", "flow.json"):
        vouched = read_vouched(Path("elsewhere") / file)
        assert vouched
        assert vouched.proof.previous == earlier
        assert run("verify", f"elsewhere/{file}").exit_code == 0


@pytest.mark.usefixtures("ids")
def test_an_update_without_its_earlier_version_is_shown_as_it_was_written(tmp_path: Path) -> None:
    update()
    shutil.move("v1.json", tmp_path.parent / "v1.json")

    packed = run("package")
    done("unpack", "review.zip", "elsewhere")

    assert "the earlier version's flow is not in this folder" in packed.stderr
    assert run("verify", "elsewhere/index.html").exit_code == 3
    named = run("verify", "elsewhere/index.html", "--previous", str(tmp_path.parent / "v1.json"))
    assert named.exit_code == 0, named.output


@pytest.mark.usefixtures("ids")
def test_the_package_says_who_wrote_it_under_which_licence_and_what_each_file_is() -> None:
    text = Path("peerreview.toml").read_text()
    Path("peerreview.toml").write_text(
        text.replace(
            "[review]",
            '[review]\nauthors = ["Ana Ruiz, https://orcid.org/0000-0002-1825-0097", "Ben Li"]\n'
            'license = "https://creativecommons.org/licenses/by/4.0/"\npublished = "2026-03-01"\n'
            'registration = "CRD42021257013"',
        )
    )

    done("package")

    graph = graph_of("review.zip")
    root = graph["./"]
    assert (root["name"], root["datePublished"]) == ("Peers", "2026-03-01")
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert root["author"] == [{"@id": "https://orcid.org/0000-0002-1825-0097"}, {"@id": "#author-2"}]
    assert graph["https://orcid.org/0000-0002-1825-0097"]["name"] == "Ana Ruiz"
    assert graph["#registration"]["value"] == "CRD42021257013"
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert {each for each, said in graph.items() if said["@type"] == "File"} == {
        crate.address(name) for name in files_of("review.zip")
    } - {"ro-crate-metadata.json"}


@pytest.mark.usefixtures("ids")
def test_what_is_not_said_is_told_and_the_day_is_the_last_that_tables_tell_of() -> None:
    result = run("package")

    assert "the last day that the tables tell of, 2024-01-02, stands there" in result.stderr
    assert "[review] license is not given" in result.stderr
    assert graph_of("review.zip")["./"]["datePublished"] == "2024-01-02"


@pytest.mark.usefixtures("ids")
def test_without_exports_their_hashes_are_enough_to_verify() -> None:
    Path("other").mkdir()

    done("package", "--without-exports", "-o", "other/review.zip")

    assert not [name for name in files_of("other/review.zip") if name.startswith("exports/")]
    result = run("verify", "other/review.zip", "--folder", "other")
    assert result.exit_code == 0, result.output
    assert "flow.json: exports/medline.ris: holds (by its hash; it is not in the package)" in result.stdout
    change = Path("exports/medline.ris").read_text().replace("Ade", "Ado")
    Path("exports/medline.ris").write_text(change)
    result = run("verify", "other/review.zip", "--folder", ".")
    assert result.exit_code == 1
    assert "flow.json: exports/medline.ris: differs" in result.stdout


def test_a_package_beside_changed_tables_names_what_moved(ids: list[str]) -> None:
    done("package")
    text = Path("screening.csv").read_text()
    Path("screening.csv").write_text(
        text.replace(f"{ids[4]},title_abstract,exclude", f"{ids[4]},title_abstract,include")
    )

    result = run("verify", "review.zip")

    assert result.exit_code == 1
    assert f"review.zip: prisma.svg: excluded: differs (was 2, is 1: record {ids[4]})" in result.stdout


@pytest.mark.usefixtures("ids")
def test_pseudonyms_leave_agreement_as_it_was_and_no_name() -> None:
    add(
        "peerreview.toml",
        '[[reviewers]]\nname = "ana@example.org"\naliases = ["Ana R."]\npublic = "Ana Ruiz"\n',
    )
    votes = Path("decisions/ana.csv").read_text()
    Path("decisions/ana.csv").write_text(votes.replace("ana@example.org", "Ana R.", 1))
    for command in PIPELINE[2:]:
        done(*command, "--quiet")
    done("agreement", "-o", "agreement.json", "-q")
    before = json.loads(Path("agreement.json").read_text())

    done("package", "--anonymous")

    files = files_of("review.zip")
    assert {"decisions/R1.csv", "decisions/R2.csv"} <= set(files) or len(
        [name for name in files if name.startswith("decisions/")]
    ) == 2
    shown = {name: content for name, content in files.items() if not name.startswith("exports/")}
    named = [
        name
        for name, content in shown.items()
        if any(who in content for who in (b"ana@example", b"Ana R", b",ben,", b"ben;", b"decisions/ana"))
    ]
    assert named == []
    after = json.loads(files["agreement.json"])
    assert _numbers(before) == _numbers(after)
    done("unpack", "review.zip", "there")
    assert run("verify", "--folder", "there").exit_code == 0


@pytest.mark.usefixtures("ids")
def test_a_protocol_and_a_readme_that_say_a_reviewers_name_go_along_without_it() -> None:
    # As the commented protocol of a new review does, where somebody is called as its example.
    add("peerreview.toml", '# name = "Ben Li"\n[appraisal]\ninstrument = "jbi-cohort"\n')
    Path("README.md").write_text("peerreview screen --form ben -o ben.xlsx\n")
    Path("appraisal.csv").write_text("Study,Assessor,1\nS1,Zoe Zacharias,yes\nS2,Zoe Zacharias,no\n")
    for command in PIPELINE[3:]:
        done(*command, "--quiet")

    done("package", "--anonymous")

    files = files_of("review.zip")
    assert re.search(rb'# name = "R[0-9]+ Li"', files["peerreview.toml"])
    assert re.search(rb"--form R[0-9]+ ", files["README.md"])
    assert [name for name, content in files.items() if b"Zacharias" in content] == []
    assert b"jbi-cohort" in files["peerreview.toml"]


@pytest.mark.usefixtures("ids")
def test_a_protocol_with_a_name_of_its_own_goes_along_and_is_told() -> None:
    text = Path("peerreview.toml").read_text()
    Path("peerreview.toml").write_text(text.replace("[review]", '[review]\nauthors = ["Ben Li"]'))
    for command in PIPELINE[2:]:
        done(*command, "--quiet")

    result = run("package", "--anonymous")

    assert result.exit_code == 0, result.output
    assert "peerreview.toml: has a reviewer's name, as authors have" in result.output
    assert b"Ben Li" in files_of("review.zip")["peerreview.toml"]


def _numbers(said: object) -> list[float]:
    if isinstance(said, dict):
        return sorted(number for each in said.values() for number in _numbers(each))
    if isinstance(said, list):
        return sorted(number for each in said for number in _numbers(each))
    return [said] if isinstance(said, (int, float)) else []


@pytest.mark.usefixtures("ids")
def test_quotes_go_along_only_when_asked_for() -> None:
    Path("themes.csv").write_text("study_id,theme,coder,quote\nS1,trust,ana,I felt heard\nS2,money,ana,\n")
    for command in PIPELINE[3:]:
        done(*command, "--quiet")

    done("package")
    done("package", "--with-quotes", "-o", "quotes.zip")

    assert b"heard" not in Path("review.zip").read_bytes()
    assert b"I felt heard" in files_of("quotes.zip")["themes.csv"]
    done("unpack", "review.zip", "there")
    assert run("verify", "--folder", "there").exit_code == 0


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    ("coding", "kept"),
    [
        (
            "study_id,theme,coder,quote,memo\nS1,trust,ana,I felt heard,x\nS1,trust,ana,She heard me,y\n",
            "study_id,theme,coder,quote,memo\nS1,trust,ana,,x\n",
        ),
        (
            "id,document,tag,content\n1,S1,trust,I felt heard\n2,S1,trust,She heard me\n",
            "id,document,tag,content\n1,S1,trust,\n",
        ),
    ],
)
def test_two_quotes_for_one_theme_of_a_study_are_one_row_where_quotes_stay_at_home(
    coding: str, kept: str
) -> None:
    Path("themes.csv").write_text(coding)

    done("package")
    done("package", "--with-quotes", "-o", "quotes.zip")

    assert files_of("review.zip")["themes.csv"].decode() == kept
    assert files_of("quotes.zip")["themes.csv"].decode() == coding
    done("unpack", "review.zip", "there")
    done("themes", "--themes", "there/themes.csv", "--studies", "there/studies.csv", "-o", "-")


@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize("options", [(), ("--with-quotes",)])
def test_what_is_wrong_in_a_table_is_told_of_the_review_s_own_file(options: Sequence[str]) -> None:
    Path("themes.csv").write_text("study_id,theme,coder,quote\nS1,trust,ana,so\nS9,trust,ana,so\n")

    ended = run("package", *options)

    assert ended.exit_code == 1
    assert ended.stderr.splitlines()[-1].startswith("themes.csv:3: study_id 'S9' is not in the studies")


@pytest.mark.usefixtures("ids")
def test_what_was_written_with_quotes_in_it_stays_at_home() -> None:
    quotes = 'study_id,theme,quote\nS1,trust,"I felt heard & <seen> by them"\nS2,money,Never.\n'
    Path("themes.csv").write_text(quotes)
    for suffix in ("md", "html", "docx", "tex", "xlsx", "csv"):
        done("table", "evidence", "-o", f"tables/evidence.{suffix}")
    done("table", "characteristics", "-o", "tables/characteristics.docx")
    done("report")
    done("prisma", "-o", "prisma.svg", "-o", "flow.json")

    told = run("package").stderr
    done("package", "--with-quotes", "-o", "quotes.zip")

    packed, whole = files_of("review.zip"), files_of("quotes.zip")
    assert {name for name in whole if name not in packed} == {
        "report.html",
        *(f"tables/evidence.{suffix}" for suffix in ("md", "html", "docx", "tex", "xlsx", "csv")),
    }
    assert "report.html: left out: it quotes what the coding quotes" in told
    assert "tables/characteristics.docx" in packed


def zipped(*entries: tuple[str, bytes], mode: int = 0o100644) -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        warnings.simplefilter("ignore")
        for name, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(("../evil.txt", b"x")), "no name of a file within a folder"),
        (zipped(("/etc/passwd", b"x")), "no name of a file within a folder"),
        (zipped(("a/../../b", b"x")), "no name of a file within a folder"),
        (zipped(("C:\\evil.txt", b"x")), "no name of a file within a folder"),
        (zipped(("a/CON.txt", b"x")), "no name of a file within a folder"),
        (zipped(("a. /b", b"x")), "no name of a file within a folder"),
        (zipped(("link", b"/etc/passwd"), mode=0o120777), "is a link or a device"),
        (zipped(("a", b"x"), ("A", b"y")), "one file on some machines"),
        (zipped(("a", b"x"), ("a/b", b"y")), "as a file and as the folder of"),
        (zipped(("bomb", b"\0" * 200_000_000)), "a bomb?"),
        (zipped(("a.csv", b"x")), "is no package: it holds no ro-crate-metadata.json"),
        (b"PK\x03\x04 not a zip", "is no whole zip"),
        (b"", "is no whole zip"),
    ],
)
def test_a_zip_that_means_harm_writes_nothing(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.zip").write_bytes(content)

    result = run("unpack", "bad.zip", "there")

    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.startswith("bad.zip: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


@pytest.mark.usefixtures("ids")
def test_a_package_with_a_changed_file_is_refused_and_named() -> None:
    done("package")
    files = files_of("review.zip")
    files["studies.csv"] = files["studies.csv"].replace(b"Spain", b"Peru")
    Path("forged.zip").write_bytes(archive.pack(files))

    result = run("unpack", "forged.zip", "there")

    assert (result.exit_code, Path("there").exists()) == (1, False)
    assert "holds another studies.csv than ro-crate-metadata.json says" in result.stderr


@pytest.mark.usefixtures("ids")
def test_damage_anywhere_in_a_package_is_told_in_one_line() -> None:
    done("package")
    whole = Path("review.zip").read_bytes()
    chance = random.Random(5)  # noqa: S311  where the damage is, not a secret
    for _ in range(25):
        place = chance.randrange(len(whole))
        Path("bad.zip").write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        shutil.rmtree("there", ignore_errors=True)

        result = run("unpack", "bad.zip", "there")

        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        assert "Traceback" not in result.output


@pytest.mark.usefixtures("ids")
def test_nothing_is_unpacked_over_a_folder_that_holds_something() -> None:
    done("package")

    result = run("unpack", "review.zip", "decisions")

    assert "is there already, and not an empty folder" in result.stderr
    assert run("package", "-o", "review.tar").exit_code == 2
    assert run("package", "decisions").exit_code == 1


@pytest.mark.usefixtures("ids")
def test_unpacking_goes_on_where_it_was_broken_off() -> None:
    done("package")
    done("unpack", "review.zip", "whole")
    names = {path.relative_to("whole") for path in Path("whole").rglob("*") if path.is_file()}
    Path("begun").mkdir()
    shutil.copy("whole/studies.csv", "begun/studies.csv")
    for name in ("records.csv", "studies.csv"):
        Path(f"begun/.{name}.lock").touch()

    done("unpack", "review.zip", "begun")

    assert {path.relative_to("begun") for path in Path("begun").rglob("*") if path.is_file()} == names
    # Killed once all was in its place: there is nothing more to do than to take the locks away.
    Path("begun/.studies.csv.lock").touch()
    assert "is there already" in run("unpack", "review.zip", "begun").stderr
    assert {path.relative_to("begun") for path in Path("begun").rglob("*") if path.is_file()} == names


class _Page(HTMLParser):
    """What stands in a page: its links, ids, headings and scripts that hold data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        self.links += [said["href"] or ""] if "href" in said else []
        self.ids += [said["id"] or ""] if "id" in said else []


def page_of(package: str) -> tuple[str, dict[str, Any]]:
    text = files_of(package)["index.html"].decode()
    found = re.search(r'<script type="application/json" id="behind">(.*?)</script>', text, re.DOTALL)
    assert found
    return text, json.loads(found[1])


def test_the_page_has_the_records_behind_each_number_and_needs_nothing_else(ids: list[str]) -> None:
    done("package")

    text, behind = page_of("review.zip")
    page = _Page(text)
    titles = {row[0]: row[1] for row in behind["records"] if len(row) > 1}
    assert titles[ids[0]] == WORKS[0][0]
    place, steps = 0, []
    for step in behind["boxes"]["excluded"]["records"]:
        place += step
        steps.append(behind["records"][place][0])
    assert sorted(steps) == sorted(ids[4:6])
    assert behind["boxes"]["excluded"]["from"] == [["records.csv", 2], ["screening.csv", 2]]
    assert not [link for link in page.links if link.startswith(("http:", "//"))]
    assert "src=" not in text.replace('src="data:', "")
    assert {"#flow", "#part-themes", "#files", "studies.csv", "prisma.svg"} <= set(page.links)
    assert len(page.ids) == len(set(page.ids))
    for word in ("Full texts excluded, with reasons", "Wrong design", "Trust", "Quality appraisal"):
        assert word in text


@pytest.mark.usefixtures("ids")
def test_marks_in_titles_and_links_do_nothing_on_the_page() -> None:
    done("package", "-o", "plain.zip")
    plain = _Page(page_of("plain.zip")[0]).tags
    text = Path("peerreview.toml").read_text()
    Path("peerreview.toml").write_text(
        text.replace('"Peers"', '"<script>alert(1)</script>"\nlicense = "javascript:alert(2)"')
    )
    for name in ("records.csv", "unique.csv"):
        rows = Path(name).read_text()
        Path(name).write_text(
            rows.replace(WORKS[0][0], "</script><img src=x onerror=alert(3)>").replace(
                "10.5555", "javascript:alert(4)"
            )
        )
    done("package")

    page = _Page(page_of("review.zip")[0])

    assert not [link for link in page.links if link.lower().startswith("javascript")]
    # The proof, the records, and two scripts of the page's own; pictures are those of the report alone.
    assert page.tags.count("script") == 4
    assert page.tags.count("img") == plain.count("img")


@pytest.mark.usefixtures("ids")
def test_abstracts_stand_on_the_page_only_when_asked_for() -> None:
    records = reading.read_raw(Path("records.csv"))
    told = records.assign(abstract=records["title"].map(lambda title: f"A secret on {title}").astype("str"))
    writing.write(told, Path("records.csv"))

    done("package")
    done("package", "--with-abstracts", "-o", "more.zip")

    assert "A secret on Housing" not in page_of("review.zip")[0]
    assert "A secret on Housing" in page_of("more.zip")[0]


def repack(package: str, edit: dict[str, bytes | None]) -> None:
    """Put other files into a package, or take some out, and have its metadata say so."""
    files = files_of(package) | edit
    kept = {name: content for name, content in files.items() if content is not None}
    said = json.loads(kept[crate.METADATA])
    for each in list(said["@graph"]):
        name = each["@id"]
        if name in edit and edit[name] is None:
            said["@graph"].remove(each)
        elif name in edit:
            each["sha256"] = hashlib.sha256(edit[name] or b"").hexdigest()
    kept[crate.METADATA] = json.dumps(said).encode()
    Path(package).write_bytes(archive.pack(kept))


@pytest.mark.usefixtures("ids")
def test_another_table_in_a_package_is_found_beside_the_review_that_it_is_of() -> None:
    done("package", "-o", "review.zip")
    assert run("verify", "review.zip").exit_code == 0

    studies = Path("studies.csv").read_bytes().replace(b"Spain", b"Peru")
    themes = Path("themes.csv").read_bytes().replace(b"money", b"trust")
    repack("review.zip", {"studies.csv": studies, "themes.csv": themes, "decisions/ana.csv": None})

    result = run("verify", "review.zip")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert "review.zip: studies.csv: differs (it is not what flow.json was written of)" in lines
    assert "review.zip: themes.csv: differs (it is not what flow.json was written of)" in lines
    assert "review.zip: decisions/ana.csv: cannot be checked (it is not in the package)" in lines


@pytest.mark.usefixtures("ids")
def test_an_output_of_a_package_that_lost_its_proof_is_told_by_its_name_there() -> None:
    Path("prisma.svg").write_bytes(b"")
    done("package", "-o", "review.zip")

    result = run("verify", "review.zip")

    assert result.exit_code == 1
    assert "review.zip: prisma.svg: differs (is empty; write it again)" in result.stdout.splitlines()
    assert "review.zip: flow.json: screened: holds" in result.stdout.splitlines()
    assert tempfile.gettempdir() not in result.output


@pytest.mark.parametrize("file", ["prisma.svg", "flow.json"])
def test_a_figure_of_other_votes_gets_no_new_proof_in_an_anonymous_package(file: str, ids: list[str]) -> None:
    votes = Path("decisions/ana.csv").read_text()
    before = f"{ids[3]},ana@example.org,full_text,exclude"
    Path("decisions/ana.csv").write_text(votes.replace(before, before.replace("exclude", "include")))

    result = run("package", "--anonymous", "-o", "review.zip")

    assert result.exit_code == 0, result.output
    assert f"{file}: left out: it is not what the tables give now" in result.stderr
    assert file not in files_of("review.zip")


@pytest.mark.parametrize("file", ["prisma.svg", "flow.json"])
@pytest.mark.usefixtures("ids")
def test_a_figure_that_was_edited_gets_no_new_proof_in_an_anonymous_package(file: str) -> None:
    text = Path(file).read_text()
    Path(file).write_text(
        text.replace("(n\u00a0=\u00a04)", "(n\u00a0=\u00a05)").replace('"n": 4,', '"n": 5,')
    )

    result = run("package", "--anonymous", "-o", "review.zip")

    assert f"{file}: left out: it was changed after it was written" in result.stderr
    assert file not in files_of("review.zip")


@pytest.mark.usefixtures("ids")
def test_a_table_of_a_coding_that_changed_since_gets_no_new_proof_without_its_quotes() -> None:
    Path("themes.csv").write_text("study_id,theme,coder,quote\nS1,trust,ana,I felt heard\nS2,money,ana,\n")
    done("table", "themes", "-o", "tables/themes.html", "-q")
    done("package", "-o", "review.zip")
    assert "tables/themes.html" in files_of("review.zip")
    Path("themes.csv").write_text("study_id,theme,coder,quote\nS1,trust,ana,I felt heard\nS2,trust,ana,\n")

    result = run("package", "-o", "review.zip")

    assert "tables/themes.html: left out: it is not what the tables give now" in result.stderr
    assert "tables/themes.html" not in files_of("review.zip")
