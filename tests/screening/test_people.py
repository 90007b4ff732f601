import pytest

from peerreview.errors import InputErrors
from peerreview.protocol import Reviewer
from peerreview.screening.people import ask, check_roles, known_as, name_of, shown_as
from tests.builders import make_votes

ANA = Reviewer("Ana Ruiz", aliases=("ana@example.org", "AR"), public="Reviewer A")
GPT = Reviewer("gpt", role="ai", tool="GPT", version="4o", prompt="prompts/screen.txt")


def test_a_reviewer_votes_under_one_name_whatever_the_tool_called_them() -> None:
    votes = make_votes("r1 ar title_abstract include", "r2 ana@example.org title_abstract include")

    assert list(known_as(votes, [ANA])["reviewer"]) == ["Ana Ruiz", "Ana Ruiz"]


def test_a_role_of_the_protocol_holds_where_the_vote_has_none_of_its_own() -> None:
    votes = make_votes(
        "r1 gpt title_abstract include",
        "r2 gpt title_abstract include - reviewer",
        "r3 gpt title_abstract include - consensus",
        "r4 bo title_abstract include",
    )

    assert list(known_as(votes, [GPT])["role"]) == ["ai", "ai", "consensus", ""]


def test_votes_keep_the_lines_that_they_come_from() -> None:
    votes = make_votes("r1 gpt title_abstract include")
    votes.attrs["files"] = (("gpt.csv", 1),)

    assert known_as(votes, [GPT]).attrs["files"] == (("gpt.csv", 1),)
    assert list(votes["role"]) == [""]


def test_no_e_mail_address_is_printed() -> None:
    assert shown_as(["Ana Ruiz", "bo@example.org", "bo"], [ANA]) == {
        "Ana Ruiz": "Reviewer A",
        "bo": "bo",
        "bo@example.org": "bo (2)",
    }


@pytest.mark.parametrize("name", ["consensus", "Adjudicator_2", "final decision", "AGREED (ana+bo)"])
def test_a_vote_of_a_resolution_without_a_role_is_asked_about(name: str) -> None:
    votes = make_votes("r1 ana title_abstract include", "r1 x title_abstract include")
    votes.loc[1, "reviewer"] = name

    with pytest.raises(InputErrors, match="votes without a role: fill in consensus or adjudicator"):
        check_roles(votes)


def test_a_role_is_the_answer() -> None:
    check_roles(make_votes("r1 consensus title_abstract include - consensus"))
    check_roles(make_votes("r1 consensus title_abstract include - reviewer"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana", "ana "), ("Zoë", "zoe"), ("Ruiz, Ana", "Ana Ruiz"), ("Natali", "Natalie"), ("Ana", "Ana Ruiz")],
)
def test_names_that_may_be_one_persons_are_asked_about(one: str, other: str) -> None:
    assert len(list(ask([one, other], []))) == 1
    assert list(ask([one, other], [Reviewer(one), Reviewer(other)])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("R1", "R2"), ("reviewer 1", "reviewer 2"), ("reviewer", "reviewer 2"), ("Ana", "Ann"), ("评", "审")],
)
def test_names_that_differ_are_two_peoples(one: str, other: str) -> None:
    assert list(ask([one, other], [])) == []


def test_a_reviewer_is_found_by_any_of_their_names() -> None:
    shown = {"Ana Ruiz": "Reviewer A", "bo@example.org": "bo"}

    assert [name_of(name, [ANA], shown) for name in ("ar", "Reviewer A", "bo", "bo@example.org", "cy")] == [
        "Ana Ruiz", "Ana Ruiz", "bo@example.org", "bo@example.org", "cy",
    ]  # fmt: skip
