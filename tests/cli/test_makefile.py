"""What a review's Makefile writes is read from it, and never run."""

from pathlib import Path

import pytest

from peerreview.cli.makefile import Written, missing


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("unique.csv").write_text("record_id\n")


def files(makefile: str) -> list[str]:
    Path("Makefile").write_text(makefile)
    return [each.file for each in missing(Path())]


RULE = "%s: unique.csv\n\t@$(PEERREVIEW) table yield -o $@\n"


def test_what_is_made_when_nothing_is_named_is_told_with_its_command() -> None:
    Path("Makefile").write_text(f"all: a.md\n{RULE % 'a.md'}{RULE % 'b.md'}")

    assert missing(Path()) == [Written("a.md", "table yield")]


def test_without_a_target_called_all_the_first_one_is_what_is_made() -> None:
    assert files(f"{RULE % 'a.md'}{RULE % 'b.md'}") == ["a.md"]


@pytest.mark.parametrize(
    ("condition", "is_made"),
    [
        ("ifneq ($(wildcard *.csv),)", True),
        ("ifneq ($(wildcard *.ris),)", False),
        ("ifeq ($(call names,votes/*.csv),)", True),
        ("ifdef NOWHERE", False),
        ("ifndef NOWHERE", True),
    ],
)
def test_conditions_on_what_is_there_are_followed(condition: str, is_made: bool) -> None:
    made = files(
        f"names = $(shell ls $(1))\n{condition}\nWANTED += a.md\nelse\nWANTED += b.md\nendif\n"
        f"all: $(WANTED)\n{RULE % 'a.md b.md'}"
    )

    assert made == (["a.md"] if is_made else ["b.md"])


def test_what_its_rule_cannot_be_followed_for_yet_is_not_missing() -> None:
    assert files(f"all: a.md b.md\na.md: studies.csv\n\tpeerreview prisma -o $@\n{RULE % 'b.md'}") == ["b.md"]


def test_the_name_of_some_work_and_files_of_other_programs_are_not_missing() -> None:
    work = ".PHONY: check\ncheck:\n\tpeerreview prisma --check\n"

    assert files(f"all: check z.txt\n{work}z.txt: unique.csv\n\ttouch $@\n") == []


@pytest.mark.parametrize(
    "makefile",
    ["A = $(A) $(A)\nall: $(A)\n", "all: $(((\n", "", "endif\nelse\nall:: x\n", "ifeq (a\n\t\n: :\n"],
)
def test_a_makefile_that_means_nothing_has_nothing_missing(makefile: str) -> None:
    assert files(makefile) == []


def test_nothing_of_a_makefile_is_run_or_looked_for_outside_its_folder(tmp_path: Path) -> None:
    ran = tmp_path / "ran"

    assert files(f"X := $(shell touch {ran})\nall: $(X) $(wildcard /etc/* ../*)\n\ttouch {ran}\n") == []
    assert not ran.exists()
