import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from peerreview import tables
from peerreview.cli import app
from peerreview.tables import reading, writing
from tests.builders import make

Run = Callable[..., Result]
HEADER = "record_id,reviewer,stage,decision,reason,role,decided_at\n"


def _votes(name: str, decisions: str, *, at: str = "2024-01-01T10:00:00Z") -> str:
    words = {"i": "include", "e": "exclude", "m": "maybe"}
    return "".join(
        f"r{number},{name},title_abstract,{words[letter]},,,{at}\n" for number, letter in enumerate(decisions)
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a way to run ``peerreview`` in a review with 60 records that ana and bo screened."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "decisions").mkdir()
    _write("ana", _votes("ana", "i" * 12 + "m" * 2 + "e" * 46))
    _write("bo", _votes("bo", "i" * 10 + "e" * 50))
    return lambda *arguments: CliRunner().invoke(app, ["agreement", *arguments])


def _write(name: str, rows: str) -> None:
    Path(f"decisions/{name}.csv").write_text(HEADER + rows, encoding="utf-8")


def _measured(run: Run, *arguments: str) -> dict[str, Any]:
    result = run(*arguments, "-o", "agreement.json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(Path("agreement.json").read_text(encoding="utf-8"))
    return found


def test_the_sentence_is_ready_for_the_methods_section(run: Run) -> None:
    assert run().exit_code == 0

    text = Path("agreement.md").read_text(encoding="utf-8")
    assert (
        "Two reviewers (ana, bo) independently judged 60 titles and abstracts; agreement before discussion "
        "was 93.3% (Cohen's kappa 0.79, 95% CI 0.60 to 0.98; Gwet's AC1"
    ) in text
    assert "A maybe counts as include (2 votes)." in text
    assert "they differed on 4." in text


def test_json_names_its_schema_and_its_statistics(run: Run) -> None:
    found = _measured(run)

    assert found["schema"] == "peerreview/agreement/1"
    (stage,) = found["stages"]
    assert stage["stage"] == "title_abstract"
    assert stage["pairs"][0]["table"] == [[10, 4], [0, 46]]
    assert stage["overall"]["n_pairable"] == 60
    assert stage["sentence"].startswith("Two reviewers")


def test_a_maybe_may_be_a_category_of_its_own(run: Run) -> None:
    pair = _measured(run, "--maybe", "keep")["stages"][0]["pairs"][0]

    assert pair["table"] == [[10, 0, 2], [0, 0, 2], [0, 0, 46]]
    assert pair["cohen_quadratic"] > pair["cohen"]


def test_the_protocol_says_what_a_maybe_counts_as(run: Run) -> None:
    Path("peerreview.toml").write_text('[screening]\nmaybe = "exclude"\n', encoding="utf-8")

    assert _measured(run)["maybe"] == "exclude"
    assert _measured(run, "--maybe", "missing")["maybe"] == "missing"


@pytest.mark.parametrize("suffix", [".md", ".csv", ".tex", ".html", ".json"])
def test_every_format_is_the_same_bytes_twice(run: Run, suffix: str) -> None:
    assert run("-o", f"one{suffix}").exit_code == 0
    assert run("-o", f"two{suffix}", "decisions/ana.csv", "decisions/bo.csv").exit_code == 0

    assert Path(f"one{suffix}").read_bytes() == Path(f"two{suffix}").read_bytes()
    assert "0.79" in Path(f"one{suffix}").read_text(encoding="utf-8")


def test_csv_has_a_row_per_statistic(run: Run) -> None:
    run("-o", "agreement.csv")

    table = reading.read_raw(Path("agreement.csv"))
    named = table[(table["statistic"] == "cohen") & (table["reviewer_1"] == "ana")]
    assert float(named["value"].iloc[0]) == pytest.approx(0.7931034)


def test_an_undefined_statistic_says_why(run: Run) -> None:
    _write("ana", _votes("ana", "e" * 60))
    _write("bo", _votes("bo", "e" * 60))

    pair = _measured(run)["stages"][0]["pairs"][0]
    run()

    assert pair["cohen"] is None
    assert pair["why"]["cohen"] == "both reviewers always chose exclude"
    assert "n/a (both reviewers always chose exclude)" in Path("agreement.md").read_text(encoding="utf-8")


def test_a_misleading_number_has_a_warning(run: Run) -> None:
    _write("ana", _votes("ana", "i" * 2 + "e" * 58))
    _write("bo", _votes("bo", "e" * 60))

    warnings = " | ".join(_measured(run)["stages"][0]["warnings"])

    assert "bo chose exclude throughout" in warnings
    assert "include by ana and bo or either: 2; kappa's interval is too narrow" in warnings
    assert "high agreement, low kappa" in warnings


def test_votes_without_times_may_be_post_discussion(run: Run) -> None:
    _write("bo", _votes("bo", "i" * 10 + "e" * 50, at=""))

    result = run()

    assert "votes without a time: 60; they may have been changed after discussion" in result.stderr


def test_changed_votes_are_told_and_the_first_ones_count(run: Run) -> None:
    before = _measured(run)["stages"][0]["pairs"]
    changed = "r10,bo,title_abstract,include,,,2024-02-01T10:00:00Z\n"
    _write("bo-2", changed)

    stage = _measured(run)["stages"][0]

    assert stage["pairs"] == before
    assert stage["n_changed"] == 1
    assert "Votes changed: 1; those before discussion count." in stage["notes"]


def test_appraisal_items_are_compared_with_the_same_command(run: Run) -> None:
    rows = [f"s{n},{item},{name},{said}" for n, (a, b) in enumerate([("Yes", "Yes"), ("No", "Can't tell")])
            for item in ("1.1", "1.2") for name, said in (("ana", a), ("bo", b))]  # fmt: skip
    Path("appraisal.csv").write_text(
        "\n".join(["study_id,item,reviewer,judgement", *rows, ""]), encoding="utf-8"
    )

    found = _measured(run, "appraisal.csv", "--categories", "Yes,Can't tell,No")

    assert [stage["stage"] for stage in found["stages"]] == ["1.1", "1.2"]
    assert found["stages"][0]["pairs"][0]["table"] == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert found["maybe"] is None


def test_a_value_outside_the_vocabulary_is_told(run: Run) -> None:
    result = run("--categories", "yes,no")

    assert result.exit_code == 1
    assert "decisions/ana.csv:2: decision 'include' is not yes or no" in result.stderr


def test_a_vocabulary_of_one_word_is_a_usage_error(run: Run) -> None:
    assert run("--categories", "yes").exit_code == 2


def test_files_of_different_stages_are_told(run: Run) -> None:
    Path("decisions/bo.csv").write_text(HEADER + "r1,bo,full_text,include,,,\n", encoding="utf-8")

    result = run()

    assert result.exit_code == 1
    assert "decisions/bo.csv:2: reviewers vote at different stages" in result.stderr


def test_an_ai_is_reported_against_the_people(run: Run) -> None:
    _write("gpt", "r0,gpt,title_abstract,include,,ai,\nr59,gpt,title_abstract,include,,ai,\n")

    (ai,) = _measured(run)["stages"][0]["ai"]

    assert (ai["reviewer"], ai["recall"], ai["precision"]) == ("gpt", 1.0, 0.5)
    run()
    assert "an AI's votes enter no agreement" in Path("agreement.md").read_text(encoding="utf-8")


def test_three_reviewers_have_no_pooled_kappa(run: Run) -> None:
    _write("cy", _votes("cy", "i" * 9 + "e" * 51))
    run()

    text = Path("agreement.md").read_text(encoding="utf-8")

    assert "3 reviewers judged 60 titles and abstracts, 60 of them by at least two" in text
    assert "Krippendorff's alpha 0.8" in text


def test_reviewers_who_share_few_records_are_told(run: Run) -> None:
    _write("bo", _votes("bo", "i" * 3))

    assert "records that ana and bo share: 3, too few to tell" in run().stderr


def test_one_reviewer_alone_agrees_with_nobody(run: Run) -> None:
    Path("decisions/bo.csv").unlink()

    stage = _measured(run)["stages"][0]

    assert stage["pairs"] == []
    assert stage["overall"]["why"]["ac1"] == "no record was judged by two reviewers"
    assert stage["sentence"] == ""


def test_an_ai_alone_has_nobody_to_agree_with(run: Run) -> None:
    Path("decisions/bo.csv").unlink()
    _write("ana", "r1,gpt,title_abstract,include,,ai,\n")

    stage = _measured(run)["stages"][0]

    assert stage["overall"]["alpha_nominal"] is None
    assert stage["ai"][0]["n"] == 0


def test_a_file_without_votes_is_told(run: Run) -> None:
    result = run("decisions/none.csv")
    assert "no such file" in result.stderr

    Path("decisions/none.csv").write_text(HEADER, encoding="utf-8")
    result = run("decisions/none.csv")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "no duplicates.csv: votes on duplicates are not brought together",
        "decisions/none.csv: no vote at title_abstract or full_text to compare",
    ]
    assert "there is nothing to compare" in Path("agreement.md").read_text(encoding="utf-8")


def test_reasons_of_full_texts_have_a_table(run: Run) -> None:
    rows = "".join(
        f"r{n},{{0}},full_text,exclude,{reason},,2024-01-01\n"
        for n, reason in enumerate(["design", "population"] * 5)
    )
    _write("ana", rows.format("ana"))
    _write(
        "bo",
        rows.format("bo").replace("r0,bo,full_text,exclude,design", "r0,bo,full_text,exclude,population"),
    )
    run()

    text = Path("agreement.md").read_text(encoding="utf-8")

    assert "**Full text: primary reasons of exclusion**" in text
    assert "| ana – bo | 10 | 90.0% | 0.80 |" in text
    assert "design 88.9%; population 90.9%" in text


def _write_records(name: str, *ids: str) -> None:
    writing.write(make(tables.RECORDS if name == "records.csv" else tables.UNIQUE, record_id=ids), Path(name))


def test_a_vote_on_a_record_of_no_review_is_refused_as_screen_does(run: Run) -> None:
    _write_records("unique.csv", *(f"r{number}" for number in range(59)))

    result = run()

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        f"decisions/{name}.csv:61: record_id 'r59' is not among the records of this review"
        for name in ("ana", "bo")
    ]
    assert not Path("agreement.md").exists()


def test_records_removed_as_duplicates_are_of_the_review(run: Run) -> None:
    _write_records("unique.csv", *(f"r{number}" for number in range(59)))
    pair = make(tables.DUPLICATES, record_id=["r59"], duplicate_of=["r58"], verdict=["duplicate"])
    writing.write(pair, Path("duplicates.csv"))

    assert "duplicates.csv, unique.csv\n" in run().stderr


def test_records_to_check_with_may_be_named(run: Run) -> None:
    _write_records("records.csv", "r0", "r1")

    result = run("--records", "records.csv")

    assert result.exit_code == 1
    assert "decisions/ana.csv:4: record_id 'r2' is not among the records of this review" in result.stderr
    assert run("--records", "none.csv").stderr.endswith("none.csv: no such file\n")


def test_other_vocabularies_are_not_of_records(run: Run) -> None:
    _write_records("unique.csv", "r0")
    judged = "study_id,item,judgement,reviewer\ns1,1.1,yes,ana\ns1,1.1,yes,bo\n"
    Path("appraisal.csv").write_text(judged, encoding="utf-8")

    assert run("appraisal.csv", "--categories", "yes,no").exit_code == 0
    result = run("appraisal.csv", "--categories", "yes,no", "--records", "unique.csv")
    assert result.exit_code == 2
    assert "--records goes with decisions, not with --categories" in result.stderr


def test_which_of_several_votes_counts_is_an_option(run: Run) -> None:
    _write("bo-2", "r10,bo,title_abstract,include,,,2024-02-01T10:00:00Z\n")

    assert _measured(run)["stages"][0]["pairs"][0]["table"] == [[10, 4], [0, 46]]
    final = _measured(run, "--of", "final")

    assert final["of"] == "final"
    assert final["stages"][0]["pairs"][0]["table"] == [[11, 3], [0, 46]]
    assert "agreement of the final votes was" in final["stages"][0]["sentence"]
    assert "independently" not in final["stages"][0]["sentence"]


def test_a_tie_breaker_is_left_out_by_name(run: Run) -> None:
    before = _measured(run)["stages"][0]["overall"]
    _write("cy", "".join(f"r{n},cy,title_abstract,include,,,2024-03-01\n" for n in (10, 11)))

    stage = _measured(run)["stages"][0]

    assert stage["overall"] == before
    assert (
        "left out, for they voted on conflicts alone, after both others, and so broke ties: cy (2 records)"
        in (run().stderr)
    )
    assert stage["sentence"].endswith("A further reviewer (cy) voted on conflicts alone.")


def test_the_name_of_a_resolution_without_a_role_is_asked_about(run: Run) -> None:
    _write("agreed", "r10,consensus,title_abstract,include,,,2024-03-01\n")

    result = run()

    assert result.exit_code == 1
    assert "decisions/agreed.csv:2: 'consensus' votes without a role" in result.stderr


def test_people_are_printed_under_their_public_names(run: Run) -> None:
    _write("bo", _votes("bo@example.org", "i" * 10 + "e" * 50))
    protocol = '[[reviewers]]\nname = "ana"\npublic = "AR"\n'
    Path("peerreview.toml").write_text(protocol, encoding="utf-8")

    run()

    text = Path("agreement.md").read_text(encoding="utf-8")
    assert "Two reviewers (AR, bo) independently judged 60" in text
    assert "@" not in text


def test_agreement_stands_by_source(run: Run) -> None:
    ids = [f"r{number}" for number in range(60)]
    sources = ["Embase" if number % 2 else "Embase; MEDLINE" for number in range(60)]
    writing.write(make(tables.UNIQUE, record_id=ids, sources=sources), Path("unique.csv"))

    found = _measured(run)["stages"][0]["sources"]
    run()

    assert [(each["source"], each["n_pairable"]) for each in found] == [("Embase", 60), ("MEDLINE", 30)]
    assert found[0]["pa"] == pytest.approx(56 / 60)
    text = Path("agreement.md").read_text(encoding="utf-8")
    assert "**Title and abstract: agreement by source**" in text
    assert "| MEDLINE | 30 | 93.3% |" in text


def test_a_constant_reviewer_has_neither_interval_nor_p(run: Run) -> None:
    _write("ana", _votes("ana", "i" * 31 + "e" * 29))
    _write("bo", _votes("bo", "e" * 60))

    pair = _measured(run)["stages"][0]["pairs"][0]
    run()

    assert (pair["cohen"], pair["cohen_se"], pair["cohen_z"], pair["cohen_p"]) == (0.0, 0.0, None, None)
    assert pair["why"]["cohen_p"] == "a reviewer always chose one category"
    assert "0.00 to" not in Path("agreement.md").read_text(encoding="utf-8").split("all reviewers")[0]


def test_an_ai_on_trial_is_told_with_its_intervals(run: Run) -> None:
    keys = {"name": "gpt", "role": "ai", "tool": "GPT", "version": "4o", "prompt": "prompts/screen.txt"}
    lines = ["[[reviewers]]", *(f'{key} = "{value}"' for key, value in keys.items())]
    Path("peerreview.toml").write_text("\n".join(lines), encoding="utf-8")
    _write("gpt", _votes("gpt", "i" * 9 + "e" * 51))

    run()

    text = Path("agreement.md").read_text(encoding="utf-8")
    assert "90.0% (55.5 to 99.7)" in text
    assert "gpt: tool GPT; version 4o; prompt prompts/screen.txt." in text
    assert "gpt: to claim a recall of 95% or more, it must miss none of the next" in text
    assert "Two reviewers (ana, bo)" in text


def test_cautions_are_a_line_for_each_kind(run: Run) -> None:
    for name in ("ana", "bo", "cy", "di", "ed"):
        _write(name, _votes(name, "i" * (5 if name == "ed" else 4) + "e" * 2, at=""))

    lines = run().stderr.splitlines()

    assert len(lines) <= 8
    assert any(
        "pairs that share fewer than 20 records, too few to tell: 10 (ana and bo 6; " in line
        for line in lines
    )
