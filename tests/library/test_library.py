"""The public functions say what the commands say, to the byte, and load nothing before they are asked for."""

import dataclasses
import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import peerreview as pr
from peerreview.cli import app
from peerreview.library import results
from peerreview.tables import writing
from tests.library.test_docs import ALONE, EMBASE, MEDLINE, export
from tests.plugins.packages import INSTRUMENT, SHEET, install

run = CliRunner().invoke

STUDIES = "study_id,label,country,design\ns1,Abbot 2019,Chad,qualitative\ns2,Abbot 2021,Mali,qualitative\n"
THEMES = "study_id,theme,quote,coder\ns1,hope,we hoped,ana\ns2,hope,,ben\ns1,pay,,ben\n"


def test_importing_the_package_loads_no_stage() -> None:
    code = (
        "import sys, peerreview; dir(peerreview); peerreview.__version__;"
        "print([name for name in ('pandas', 'numpy', 'typer', 'peerreview.library') if name in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout == "[]\n"


def test_every_name_of_the_package_is_there_and_nothing_else() -> None:
    assert sorted(pr.__all__) == pr.__all__
    assert [name for name in pr.__all__ if getattr(pr, name, None) is None] == []
    assert set(pr.__all__) <= set(dir(pr))
    with pytest.raises(AttributeError, match="module 'peerreview' has no attribute 'dedupe_all'"):
        _ = pr.dedupe_all


def functions() -> list[str]:
    return [name for name in pr.__all__ if inspect.isfunction(getattr(pr, name))]


@pytest.mark.parametrize("name", functions())
def test_a_function_that_takes_frames_says_their_columns_and_what_it_raises(name: str) -> None:
    function = getattr(pr, name)
    said = inspect.getdoc(function) or ""
    takes = {
        each.name
        for each in inspect.signature(function).parameters.values()
        if "DataFrame" in str(each.annotation)
    }
    described = said.partition("Parameters\n----------")[2].partition("\n\n")[0]

    assert "Raises\n------" in said
    for parameter in takes:
        text = re.search(rf"(?:^|[\s,]){parameter}(?:, \w+)* : ((?:.|\n)*?)(?=\n\w|\Z|\. \w+ : )", described)
        assert text, f"{name}: {parameter} is not described"
        # Its columns, or where they are said.
        told = re.search(
            r"``\w+(?:, \w+)*``|as in ``|as ``\w+`` returned|brings votes|to each table", text[1]
        )
        assert told or "returned" in text[1] or "imported" in text[1], f"{name}: {parameter} has no columns"


def test_what_comes_back_is_frozen_and_names_all_it_holds() -> None:
    names = "Exports Strategies Duplicates Votes Screened Agreement Themes Appraisal Sheet Flow PaperAudit"
    for name in names.split():
        result = getattr(pr, name)
        assert result.__dataclass_params__.frozen
        for field in dataclasses.fields(result):
            if not field.name.startswith("_"):
                assert f"``{field.name}``" in (result.__doc__ or ""), f"{name}.{field.name}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review's folder with two exports, as the working folder."""
    monkeypatch.chdir(tmp_path)
    export(tmp_path / "exports", "medline", *MEDLINE, ALONE)
    export(tmp_path / "exports", "embase", *EMBASE)
    return tmp_path


PATHS = ("exports/medline.ris", "exports/embase.ris")


def command(*words: str) -> None:
    result = run(app, [*words, "--quiet"])
    assert result.exit_code == 0, result.stderr


def text(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def csv(frame: pd.DataFrame) -> str:
    return writing.to_csv(frame)


@pytest.mark.usefixtures("folder")
def test_records_and_duplicates_are_those_of_the_commands() -> None:
    command("import", *PATHS, "--report", "import.json")
    command("dedupe", "--summary", "dedupe.json")

    exports = pr.read_exports(*PATHS)
    found = pr.find_duplicates(exports.records)

    assert text("records.csv") == csv(exports.records)
    assert text("rejects.csv") == csv(exports.rejects)
    assert text("import.json") == exports.to_json()
    assert text("duplicates.csv") == csv(found.pairs)
    assert text("unique.csv") == csv(pr.keep_one(exports.records, found))
    assert text("dedupe.json") == found.to_json()
    assert found.sources["found"].tolist() == [2, 3]
    command("export", "-o", "unique.ris")
    assert text("unique.ris") == pr.to_references(pr.Review().read("unique"))


def screened_folder() -> None:
    command("import", *PATHS)
    command("dedupe")
    Path("votes.csv").write_text(
        "doi,ana,ben\n10.5555/one,include,include\n10.5555/two,include,exclude\n10.5555/three,exclude,exclude\n",
        encoding="utf-8",
    )
    command("decisions", "votes.csv", "-o", "decisions/team.csv", "--votes", "ana=ana", "--votes", "ben=ben")
    command("screen")


@pytest.mark.usefixtures("folder")
def test_votes_outcomes_and_agreement_are_those_of_the_commands() -> None:
    screened_folder()
    command("screen", "--status", "-o", "status.json")
    command("agreement", "-o", "agreement.json")
    command("agreement", "-o", "agreement.md")
    review = pr.Review()
    unique, pairs = review.read("unique"), review.read("duplicates")

    votes = pr.read_votes(
        "votes.csv", records=review.read("records"), duplicates=pairs, columns={"ana": "ana", "ben": "ben"}
    )
    screened = pr.settle(unique, votes.votes, duplicates=pairs)
    agreement = pr.measure(votes.votes, duplicates=pairs, records=unique)

    assert text("decisions/team.csv") == csv(votes.votes)
    assert text("screening.csv") == csv(screened.screening)
    assert text("status.json") == screened.to_json()
    assert screened.n_open == 2
    shares = {share.reviewer: share.done for share in screened.status.stages[0].reviewers}
    assert shares == {"ana": 3, "ben": 3}
    assert screened.conflicts["problem"].tolist() == ["decisions differ"]
    assert text("agreement.json") == agreement.to_json()
    assert text("agreement.md") == agreement.write("again.md").read_text(encoding="utf-8")
    assert {"percent", "cohen"} <= set(agreement.statistics["statistic"])
    assert agreement.sentences[0].startswith("Two reviewers (ana, ben) ")
    assert "<table" in agreement._repr_html_()


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_a_flow_is_that_of_the_command() -> None:
    screened_folder()
    command("prisma", "-o", "prisma.svg", "-o", "flow.json", "-o", "flow.csv", "-o", "prisma.html")
    review = pr.Review()

    flow = review.flow()

    assert text("flow.json") == flow.to_json()
    assert text("prisma.svg") == flow.to_svg() == flow._repr_svg_()
    assert text("prisma.html") == flow.write("again.html").read_text(encoding="utf-8")
    assert text("flow.csv") == flow.write("again.csv").read_text(encoding="utf-8")
    assert flow.n("screened") == 2
    assert len(flow.ids("awaiting_screening")) == 1
    assert flow.still_open == ("2 await a decision",)
    assert "awaiting_screening 1, " in repr(flow)
    again = pr.read_flow("flow.json")
    assert again.counts["n"].tolist() == flow.counts["n"].tolist()


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_themes_appraisals_and_tables_are_those_of_the_commands() -> None:
    screened_folder()
    for name, content in (("studies", STUDIES), ("themes", THEMES)):
        Path(f"{name}.csv").write_text(content, encoding="utf-8")
    Path("appraisal.csv").write_text("study_id,item,judgement\ns1,1.1,yes\n", encoding="utf-8")
    Path("sources.csv").write_text(
        "file,source,source_kind\nexports/medline.ris,MEDLINE,database\n", encoding="utf-8"
    )
    for name in ("themes", "appraise"):
        command(name, "-o", f"{name}.json")
        command(name, "-o", f"{name}.md")
    command("table", "characteristics", "--unique", "unique.csv", "-o", "characteristics.md")
    command("table", "counts", "--by", "country", "-o", "counts.tex")
    command("table", "excluded", "-o", "excluded.md")
    command("table", "sources", "-o", "sources.html")
    review = pr.Review()
    studies = review.read("studies")

    coded = pr.tally_themes(review.read("themes"), studies)
    appraised = pr.appraise(review.read("appraisal"), studies)
    described = pr.characteristics(studies)

    assert text("themes.json") == coded.to_json()
    assert text("themes.md") == coded.write("again.md").read_text(encoding="utf-8")
    assert coded.tally.set_index("theme")["n"].to_dict() == {"hope": 2, "pay": 1}
    assert text("appraise.json") == appraised.to_json()
    assert text("appraise.md") == appraised.write("again.md").read_text(encoding="utf-8")
    assert appraised.ratings["rating"].tolist() == ["", ""]
    assert appraised.remarks[0].startswith("s1 (Abbot 2019): ")
    assert text("characteristics.md") == described.to_markdown()
    assert text("counts.tex") == pr.count_studies(studies, "country").to_latex()
    excluded = pr.list_excluded(review.read("screening"), review.read("unique"))
    assert text("excluded.md") == excluded.to_markdown()
    searched = pr.list_searches(review.read("sources"), records=review.read("records"))
    # The file also proves what it was made of; a frame has no file.
    proof = r'<script type="application/json" id="peerreview-proof">.*</script>\n'
    assert re.sub(proof, "", text("sources.html")) == searched.to_html()
    assert described.frame["country"].tolist() == ["Chad", "Mali"]
    assert described._repr_html_().startswith("<table")
    assert "<th scope=" in coded._repr_html_() + appraised._repr_html_()


@pytest.mark.usefixtures("folder")
def test_a_folder_s_tables_are_named_read_and_written() -> None:
    screened_folder()
    review = pr.Review(".")

    there = {"conflicts", "duplicates", "records", "rejects", "screening", "unique", "decisions"}
    assert there <= set(review.tables)
    assert "studies" not in review.tables
    assert repr(review) == "Review('.')"
    assert len(review.read("decisions")) == 6
    assert review.read("decisions").attrs == {}
    written = review.write("studies", pd.DataFrame({"study_id": [1, 2], "label": ["A", "B"]}))
    assert written.read_text(encoding="utf-8") == "study_id,label\n1,A\n2,B\n"
    with pytest.raises(pr.UsageError, match="no table is called 'paper'"):
        review.read("paper")
    with pytest.raises(pr.UsageError, match="votes lie in files of their own"):
        review.write("decisions", pd.DataFrame())
    with pytest.raises(pr.InputError, match=r"reports\.csv"):
        review.read("reports")


@pytest.mark.usefixtures("folder")
def test_what_a_notebook_asks_wrongly_is_told_in_a_sentence() -> None:
    records = pr.read_exports(*PATHS).records
    pairs = pd.DataFrame({"record_id": ["x"], "duplicate_of": ["y"], "verdict": ["duplicate"]})

    for wrong, said in (
        (pr.read_exports, "takes the paths"),
        (lambda: pr.read_exports(PATHS[0], kind="db"), "kind 'db' is not one of database"),
        (lambda: pr.read_exports(PATHS[0], PATHS[0]), "another export is called 'exports/medline.ris'"),
        (lambda: pr.read_exports("nowhere.ris"), "nowhere.ris"),
        (lambda: pr.keep_one(records, pairs), "duplicates: row 0: duplicate_of 'y' is not in the records"),
        (lambda: pr.measure(pd.DataFrame(), maybe="no"), "maybe 'no' is not one of include"),
        (lambda: pr.measure(pd.DataFrame(), of="all"), "of 'all' is not one of standing"),  # type: ignore[arg-type]
        (lambda: pr.to_references(records, "docx"), "format 'docx' is not one of ris"),
        (
            lambda: pr.lay_out("excludd"),
            "no sheet is called 'excludd'; sheets are citation-searching, excluded, yield",
        ),
        (lambda: pr.lay_out("excluded", unique=records), "takes screening, unique, sources (or none)"),
        (
            lambda: pr.appraise(pd.DataFrame(), pd.DataFrame(), instrument="nmat"),
            "instrument 'nmat' is not one",
        ),
        (
            lambda: pr.appraise(
                pd.DataFrame(), pd.DataFrame(), protocol=pr.Protocol(instruments={"RCT": "rob-2"})
            ),
            "the protocol has an instrument for each design: name one of rob-2",
        ),
        (lambda: pr.derive_flow(records).write("flow.doc"), "suffix '.doc' is not one of .svg"),
        (lambda: pr.characteristics(pd.DataFrame({"study_id": ["1"]})), "studies: column 'label' is missing"),
    ):
        with pytest.raises(pr.PeerreviewError) as caught:
            wrong()
        assert said in str(caught.value)


def test_a_flow_that_does_not_add_up_is_an_error_unless_it_may_be_one(tmp_path: Path) -> None:
    typed = tmp_path / "typed.toml"
    typed.write_text("screened = 10\nexcluded = 4\nsought = 7\n", encoding="utf-8")

    with pytest.raises(pr.InputErrors, match="flow: "):
        pr.read_flow(typed)

    flow = pr.read_flow(typed, allow_inconsistent=True)
    assert "DOES NOT ADD UP" in flow.to_svg()
    assert json.loads(flow.to_json())["state"] == "inconsistent"


def test_an_update_is_counted_from_the_last_version(folder: Path) -> None:
    first = pr.read_exports(PATHS[0], source="MEDLINE").records
    studies = pd.DataFrame({"study_id": first["record_id"], "label": first["title"]})
    outcomes = pd.concat(
        first[["record_id"]].assign(stage=stage, outcome="include")
        for stage in ("title_abstract", "full_text")
    )
    reports = first[["record_id"]].assign(study_id=studies["study_id"])
    before = pr.derive_flow(first, screening=outcomes, reports=reports, studies=studies)

    after = pr.derive_flow(first, screening=outcomes, reports=reports, studies=studies, previous=before)

    assert folder.is_dir()
    assert (before.n("studies"), after.n("previous_studies"), after.n("databases")) == (3, 3, 0)


def test_another_package_s_sheet_is_laid_out_from_frames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = {"peerreview.sheets": {"ages": "cairn_of_frames"}}
    install(tmp_path, "cairn-of-frames", points, {"cairn_of_frames.py": SHEET})
    monkeypatch.syspath_prepend(tmp_path)
    studies = pd.DataFrame({"study_id": ["s1"], "label": ["Ada 2001"]})

    sheet = pr.lay_out("ages", studies=studies)

    assert sheet.frame.to_dict("records") == [{"study": "Ada 2001", "reports": "0"}]
    assert sheet.notes == ()
    with pytest.raises(pr.UsageError, match=r"'\.svg' is not one of"):
        sheet.write(tmp_path / "ages.svg")


def test_the_results_of_the_package_are_those_of_the_library() -> None:
    assert pr.Flow is results.Flow


@pytest.mark.usefixtures("folder")
def test_searches_that_are_declared_say_which_export_is_whose() -> None:
    sources = pd.DataFrame(
        {
            "file": PATHS,
            "source": ["Ovid MEDLINE", "Embase.com"],
            "source_kind": "database",
            "records": [3.0, 2],
        }
    )

    records = pr.read_exports(*PATHS, sources=sources).records

    assert records["source"].value_counts().to_dict() == {"Ovid MEDLINE": 3, "Embase.com": 2}
    with pytest.raises(pr.InputErrors, match="3 records found where sources says 4"):
        pr.read_exports(*PATHS, sources=sources.assign(records=[4, 2]))
    Path("exports/again.ris").write_bytes(Path(PATHS[0]).read_bytes())
    with pytest.raises(pr.InputError, match=r"again\.ris: is the same export as exports/medline\.ris"):
        pr.read_exports(PATHS[0], "exports/again.ris")


@pytest.mark.usefixtures("folder")
def test_an_export_is_called_by_its_place_in_the_working_folder() -> None:
    (within,) = set(pr.read_exports(Path(PATHS[0]).resolve()).records["source_file"])
    outside = Path("..", "elsewhere.ris").resolve()
    outside.write_bytes(Path(PATHS[0]).read_bytes())
    (beyond,) = set(pr.read_exports(outside).records["source_file"])

    assert (within, beyond) == ("exports/medline.ris", "elsewhere.ris")


@pytest.mark.usefixtures("folder")
def test_the_rest_of_a_faulty_export_is_kept_where_that_is_asked() -> None:
    with Path(PATHS[0]).open("a", encoding="utf-8") as file:
        file.write("TY  - JOUR\nPY  - 2020\nER  - \n")

    with pytest.raises(pr.InputErrors, match="neither title nor identifier"):
        pr.read_exports(PATHS[0])
    kept = pr.read_exports(PATHS[0], lenient=True)

    assert len(kept.records) == 3
    (problem,) = kept.rejects["problem"]
    assert problem.startswith("neither title nor identifier")


@pytest.mark.usefixtures("folder")
def test_people_s_word_and_their_rules_are_taken() -> None:
    records = pr.read_exports(*PATHS).records
    first = pr.find_duplicates(records).pairs
    word = first[["record_id", "duplicate_of"]].assign(verdict="distinct")
    Path("rules.toml").write_text('[[rule]]\nname = "none"\n', encoding="utf-8")

    found = pr.find_duplicates(records, overrides=word)

    assert len(first) == 2
    assert (found.pairs["verdict"] == "duplicate").sum() == 0
    assert len(pr.keep_one(records, found)) == 5
    with pytest.raises(pr.InputError, match=r"rules\.toml"):
        pr.find_duplicates(records, rules="rules.toml")


@pytest.mark.usefixtures("folder")
def test_votes_that_match_nothing_are_an_error_unless_they_may_be_left_out() -> None:
    records = pr.read_exports(PATHS[0]).records
    Path("votes.csv").write_text("doi,ana\n10.5555/one,include\n10.5555/nine,exclude\n", encoding="utf-8")
    Path("picture.csv").write_bytes(b"\x89PNG\r\n")

    with pytest.raises(pr.InputErrors, match=r"votes\.csv:3: "):
        pr.read_votes("votes.csv", records=records, columns={"ana": "ana"})
    with pytest.raises(pr.InputError, match=r"picture\.csv: is a picture"):
        pr.read_votes("picture.csv")
    found = pr.read_votes("votes.csv", records=records, columns={"ana": "ana"}, lenient=True)

    assert len(found.votes) == 1
    assert found.unmatched["doi"].tolist() == ["10.5555/nine"]


def test_typed_numbers_that_are_none_are_told_with_their_file(tmp_path: Path) -> None:
    typed = tmp_path / "typed.toml"
    typed.write_text("screend = 10\n", encoding="utf-8")

    with pytest.raises(pr.InputError, match=r"typed\.toml: unknown box 'screend'"):
        pr.read_flow(typed)


def test_a_team_s_own_instrument_and_rule_rate_the_studies(tmp_path: Path) -> None:
    own = tmp_path / "cairn.toml"
    own.write_text(INSTRUMENT, encoding="utf-8")
    (tmp_path / "peerreview.toml").write_text(
        '[appraisal]\nratings = [{ name = "high", at_least = 0.5 }]\n', encoding="utf-8"
    )
    studies = pd.DataFrame({"study_id": ["s1"], "label": ["Ada 2001"]})
    judged = pd.DataFrame(
        {"study_id": ["s1", "s1"], "item": "c1", "judgement": "yes", "reviewer": ["ana", "bo"]}
    )

    rated = pr.appraise(
        judged, studies, instrument=own, protocol=pr.read_protocol(tmp_path / "peerreview.toml")
    )

    assert rated.ratings.to_dict("records") == [
        {"study_id": "s1", "label": "Ada 2001", "result": "", "rating": "high"}
    ]
    assert {"appraisal", "summary", "ratings", "appraisers"} <= {sheet.layout.name for sheet in rated.sheets}
    for suffix in (".docx", ".xlsx"):
        assert rated.write(tmp_path / f"appraisal{suffix}").stat().st_size > 1_000
    with pytest.raises(pr.UsageError, match="CSV holds one sheet"):
        rated.write(tmp_path / "appraisal.csv")
    assert rated.sheets[0].write(tmp_path / "items.csv").read_text(encoding="utf-8").startswith("study,")


def test_a_codebook_orders_the_themes() -> None:
    studies = pd.DataFrame({"study_id": ["s1"], "label": ["Ada 2001"]})
    coded = pd.DataFrame({"study_id": ["s1"], "theme": ["pay"]})

    tally = pr.tally_themes(coded, studies, codebook=pd.DataFrame({"theme": ["pay", "hope"]})).tally

    assert tally["theme"].tolist() == ["pay", "hope"]
    with pytest.raises(pr.InputErrors, match="themes: row 0: theme 'pay' is not in the codebook"):
        pr.tally_themes(coded, studies, codebook=pd.DataFrame({"theme": ["hope"]}))


def test_searches_are_read_and_checked_as_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    history = "Ovid\n1 exp Sleep/ (40)\n2 nap*.tw. (30)\n3 1 or 2 (39)\nAfter duplicates were removed: 12\n"
    Path("medline.txt").write_text(history)
    sources = pd.DataFrame(
        {"file": [""], "source": ["MEDLINE"], "source_kind": ["database"], "records": [39]}
    )

    found = pr.read_strategies("medline.txt", sources=sources)
    sources.assign(platform="Ovid").to_csv("sources.csv", index=False)
    run(app, ["search", "medline.txt", "-o", "search.csv", "-q"])

    assert found.lines["hits"].tolist() == ["40", "30", "39"]
    assert writing.to_csv(found.lines) == Path("search.csv").read_text(encoding="utf-8")
    assert writing.to_csv(found.checks) == Path("search-checks.csv").read_text(encoding="utf-8")
    assert found.checks["severity"].iloc[0] == "error"
    assert found.remarks == ("medline.txt:5: is no line of the search: 'After duplicates were removed: 12'",)
    assert "| 3 | 1 or 2 | 39 |" in found.sheets[1].to_markdown()
    with pytest.raises(pr.UsageError, match="takes the paths of search histories"):
        pr.read_strategies()


@pytest.mark.usefixtures("folder")
def test_a_paper_s_audit_is_that_of_the_command() -> None:
    said = "We screened 1,000 abstracts, of which 950 were excluded. We assessed 55 full-text articles."
    Path("horns.md").write_text(f"# Horns\n\n## Results\n\n### Study selection\n\n{said}\n", encoding="utf-8")
    run(app, ["audit", "horns.md", "-o", "horns.json"])

    audit = pr.audit_paper("horns.md")

    assert audit.to_json() == text("horns.json")
    assert (audit.verdict, audit.boxes["screened"]) == ("differs", (1000,))
    assert audit.numbers["n"].tolist() == [1000, 950, 55]
    assert audit.sums.set_index("id")["sum"]["D2"] == "1,000 - 950 is not 55"
    with pytest.raises(pr.InputError, match=r"gone\.md"):
        pr.audit_paper("gone.md")
