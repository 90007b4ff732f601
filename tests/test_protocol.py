from pathlib import Path

import pytest

from peerreview import protocol
from peerreview.errors import InputError
from peerreview.protocol import Protocol, Rating, Reviewer
from peerreview.protocol.inforce import settings


def written(folder: Path, text: str) -> Path:
    path = folder / "peerreview.toml"
    path.write_text(text)
    return path


def test_without_a_protocol_two_people_vote_at_both_stages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert protocol.read() == Protocol()
    assert Protocol().votes_required == {"title_abstract": 2, "full_text": 2}


def test_a_protocol_says_what_the_team_laid_down(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [review]
        title = "Peer workforce"
        registration = "CRD 042021257013"
        [screening]
        votes_required = { title_abstract = 1 }
        maybe = "keep"
        reasons = ["Wrong population", "Wrong design"]
        [appraisal]
        instrument = "mmat-2018"
        ratings = [{ name = "fair", at_least = 0.5 }, { name = "good", at_least = 0.8 }]
        """,
    )

    read = protocol.read(path)

    assert read.registration == "CRD 042021257013"
    assert read.votes_required == {"title_abstract": 1, "full_text": 2}
    assert read.reasons == ("Wrong population", "Wrong design")
    assert read.ratings == (Rating("good", 0.8), Rating("fair", 0.5))


def test_a_protocol_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.toml: no such file"):
        protocol.read(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[review", "is not TOML"),
        ("[reviews]", "unknown section"),
        ("title = 'x'", "unknown section"),
        ("[review]\nname = 'x'", "unknown key 'name'"),
        ("[review]\nregistration = 42021257013", "is not text; put it in quotes"),
        ("[screening]\nreasons = 'x'", "is not a list of texts"),
        ("[screening]\nmaybe = 'x'", "is not one of"),
        ("[screening]\nvotes_required = 2", "is not a table"),
        ("[screening]\nvotes_required = { abstract = 2 }", "unknown stage 'abstract'"),
        ("[screening]\nvotes_required = { full_text = 3 }", "not 1 or 2"),
        ("[appraisal]\ninstrument = {}", "is not a name for each design, as in"),
        ("[appraisal]\ninstrument = { cohort = 1 }", "is not a name for each design, as in"),
        ("[appraisal]\ninstrument = 1", "instrument 1 is not text"),
        ("[appraisal]\nratings = 'x'", "is not a list"),
        ("[appraisal]\nratings = [{ name = 'good' }]", "has not the keys"),
        ("[appraisal]\nratings = [{ name = 'good', at_least = 8 }]", "share from 0 to 1"),
        ("[appraisal]\nratings = [{ name = 'good', points = 0.7 }]", "points are a whole number, or one for"),
        ("[appraisal]\nratings = [{ name = 'good', points = {} }]", "points are a whole number, or one for"),
        ("[appraisal]\nratings = [{ name = 'good', points = { a = -1 } }]", "points are a whole number"),
        (
            "[appraisal]\nratings = [{ name = 'good', points = 7 }, { name = 'poor', at_least = 0 }]",
            "ratings go by at_least or by points, not by both",
        ),
    ],
)
def test_a_fault_of_the_protocol_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        protocol.read(written(tmp_path, text))


def test_words_to_mark_are_kept_once_as_they_are_written(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [screening]
        include_words = ["Random*", "peer  support", "random*"]
        exclude_words = ["C++"]
        """,
    )

    assert protocol.read(path).marked == {"include": ("Random*", "peer support"), "exclude": ("C++",)}
    assert Protocol().marked == {"include": (), "exclude": ()}
    shown = {(each.section, each.key): (each.value, each.line) for each in settings(path)}
    assert shown["screening", "include_words"] == ("Random*; peer support", 3)


def test_the_order_of_records_is_the_team_s(tmp_path: Path) -> None:
    assert protocol.read(written(tmp_path, "[screening]\norder = 'relevance'")).order == "relevance"
    assert Protocol().order == "seed"
    with pytest.raises(InputError, match="order 'best' is not one of seed, id, source, relevance"):
        protocol.read(written(tmp_path, "[screening]\norder = 'best'"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("include_words = 'x'", "is not a list of texts"),
        (
            "include_words = ['ward', '*']",
            r":3: '\*' in include_words is no word to mark; \* stands at its end",
        ),
        ("include_words = ['w*rd']", r":3: 'w\*rd' in include_words is no word to mark"),
        ("exclude_words = ['']", ":3: '' in exclude_words is no word to mark"),
        (
            "include_words = ['Ward']\nexclude_words = ['ward']",
            ":4: 'ward' is among include_words and exclude_words",
        ),
        (
            "include_word = ['ward']",
            r"unknown key 'include_word' in \[screening\] \(the nearest is 'include_words'\)",
        ),
    ],
)
def test_a_word_that_cannot_be_marked_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text(f"[review]\n[screening]\n{text}\n")

    with pytest.raises(InputError, match=told):
        protocol.read(path)


def test_a_protocol_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text('[review]\ntitle = "Soins à domicile"\n', encoding="utf-8-sig")

    assert protocol.read(path).title == "Soins à domicile"


def test_a_protocol_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text('[review]\ntitle = "Soins à domicile"\n', encoding="cp1252")

    with pytest.raises(InputError, match=r"peerreview.toml:2: is not UTF-8 text; save it as UTF-8"):
        protocol.read(path)


def test_an_unknown_key_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text("[review]\ntitle = 'x'\n\n[screening]\nvotes = 2\n")

    with pytest.raises(InputError, match=r"peerreview.toml:5: unknown key 'votes' in \[screening\]"):
        protocol.read(path)


def test_a_protocol_names_reviewers_and_tools(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        [[reviewers]]
        name = "Ana Ruiz"
        aliases = ["ana@example.org"]
        public = "AR"
        [[reviewers]]
        name = "gpt"
        role = "ai"
        tool = "GPT"
        version = "4o, 2024-08-06"
        prompt = "prompts/screen.txt"
        """,
    )

    ana, gpt = protocol.read(path).reviewers

    assert ana == Reviewer("Ana Ruiz", aliases=("ana@example.org",), public="AR")
    assert (gpt.role, gpt.tool, gpt.version, gpt.prompt) == (
        "ai", "GPT", "4o, 2024-08-06", "prompts/screen.txt",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("reviewers = 1", "begin each with"),
        ("[[reviewers]]\nrole = 'ai'", "has no name"),
        ("[[reviewers]]\nname = 'ana'\nemail = 'x'", "unknown key 'email'"),
        ("[[reviewers]]\nname = 'ana'\nrole = 'boss'", "role 'boss' of ana is not one of reviewer"),
        ("[[reviewers]]\nname = 'ana'\ntool = 'GPT'", "tool of ana goes with the role ai or automation"),
        ("[[reviewers]]\nname = 'ana'\n[[reviewers]]\nname = 'bo'\naliases = ['Ana']", "a name of two"),
        ("[[reviewers]]\nname = 'ana'\n[[reviewers]]\nname = 'ana '", "a name of two"),
    ],
)
def test_reviewers_that_are_not_clear_are_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told.replace("[", r"\[")):
        protocol.read(written(tmp_path, text))


def test_what_was_removed_elsewhere_is_a_count_by_box(tmp_path: Path) -> None:
    path = written(tmp_path, '[elsewhere]\nlibraries = ["EndNote"]\nduplicates = 5300\n')

    assert protocol.read(path).elsewhere == {"duplicates": 5300}
    assert protocol.read(path).libraries == ("EndNote",)
    for wrong in ("-1", "1.5", "true", '"5,300"'):
        with pytest.raises(InputError, match=r"duplicates .* in \[elsewhere\] is not a count"):
            protocol.read(written(tmp_path, f"[elsewhere]\nduplicates = {wrong}\n"))


@pytest.mark.parametrize(
    ("register", "number"),
    [
        ("PROSPERO", "CRD42021257013"),
        ("prospero", "CRD420251012345"),
        ("INPLASY", "INPLASY202150038"),
        ("INPLASY", "10.37766/inplasy2021.5.0038"),
        ("OSF", "osf.io/ab12c"),
        ("Open Science Framework", "https://doi.org/10.17605/OSF.IO/AB12C"),
        ("Research Registry", "reviewregistry1234"),
    ],
)
def test_a_registration_is_a_register_and_an_id_of_its_form(
    tmp_path: Path, register: str, number: str
) -> None:
    text = f'[review]\nregistration = {{ register = "{register}", id = "{number}", date = 2021-05-30 }}\n'

    read = protocol.read(written(tmp_path, text))

    assert (read.registered.id, read.registered.date) == (number, "2021-05-30")
    assert read.registration == f"{read.registered.register} {number}, 2021-05-30"


@pytest.mark.parametrize(
    ("register", "number"),
    [
        ("PROSPERO", "42021257013"),
        ("PROSPERO", "CRD4202125701"),
        ("PROSPERO", "CRD41921257013"),
        ("INPLASY", "INPLASY2021"),
        ("OSF", "osf.io/abc"),
    ],
)
def test_an_id_that_its_register_cannot_have_given_is_told(
    tmp_path: Path, register: str, number: str
) -> None:
    text = f'[review]\ntitle = "x"\nregistration = {{ register = "{register}", id = "{number}" }}\n'

    with pytest.raises(InputError, match=rf"peerreview.toml:3: id '{number}' is not one of {register}: "):
        protocol.read(written(tmp_path, text))


def test_a_registration_in_one_piece_is_taken_as_it_stands(tmp_path: Path) -> None:
    read = protocol.read(written(tmp_path, '[review]\nregistration = "PROSPERO 12"\n'))

    assert (read.registration, read.registered.register) == ("PROSPERO 12", "")


def test_a_question_has_the_parts_of_its_framework_in_their_order(tmp_path: Path) -> None:
    text = '[question]\nframework = "spider"\ndesign = "Interviews"\nsample = "Peers"\n'

    read = protocol.read(written(tmp_path, text))

    assert read.question == {"framework": "SPIDER", "sample": "Peers", "design": "Interviews"}
    assert read.for_screeners == {"question": ("sample: Peers", "design: Interviews")}


def test_a_question_may_be_free(tmp_path: Path) -> None:
    plain = protocol.read(written(tmp_path, 'question = "What helps?"\n[review]\ntitle = "x"\n'))
    parts = protocol.read(written(tmp_path, '[question]\nquestion = "What helps?"\nwhom = "Peers"\n'))

    assert plain.question == {"question": "What helps?"}
    assert parts.question == {"question": "What helps?", "whom": "Peers"}


def test_amendments_stand_in_the_order_of_their_dates(tmp_path: Path) -> None:
    text = (
        '[[amendments]]\ndate = "2022-03"\nwhat = "Update"\n'
        '[[amendments]]\ndate = 2021-05-30\nwhat = "CINAHL added"\nwhy = "Nurses"\n'
    )

    read = protocol.read(written(tmp_path, text))

    assert [(each.date, each.what, each.why) for each in read.amendments] == [
        ("2021-05-30", "CINAHL added", "Nurses"),
        ("2022-03", "Update", ""),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[review]\nregistation = 'x'",
            r"unknown key 'registation' in \[review\] \(the nearest is 'registration'",
        ),
        ("[screning]", r"unknown section \[screning\] \(the nearest is 'screening'\)"),
        ("[sources]\nplaned = []", "the nearest is 'planned'"),
        ("[review]\nregistration = { regster = 'x' }", "the nearest is 'register'"),
        ("[question]\nframework = 'PICO'\npopulaton = 'x'", "the nearest is 'population'"),
        ("[question]\nframework = 'PEO'\nintervention = 'x'", r"unknown key 'intervention' in \[question\]"),
        ("[question]\nframework = 'FINER'", "framework 'FINER' is not one of PICO, "),
        ("question = 1", "is not a text, and not a table"),
        ("[[amendments]]\ndate = '2021'\nwat = 'x'", "the nearest is 'what'"),
        ("[[amendments]]\nwhat = 'x'", "does not say its date"),
        ("[[amendments]]\ndate = '3/4/2021'\nwhat = 'x'", "date '3/4/2021' of amendments is not a date"),
        ("amendments = 1", "begin each with"),
        ("[review]\nfunding = 1", "is not text"),
    ],
)
def test_what_the_protocol_cannot_mean_is_told_with_the_nearest_it_can(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        protocol.read(written(tmp_path, text))


@pytest.mark.parametrize(
    ("aliases", "told"),
    [
        ('wp = "Wrong peers"', ""),
        ('wp = "Wrong"', r"'Wrong' in \[reasons.aliases\] is none of the reasons: Wrong peers"),
        ("wp = 1", r"\[reasons.aliases\] is not a table of texts"),
    ],
)
def test_a_tool_s_word_stands_for_a_reason_that_is_the_review_s(
    tmp_path: Path, aliases: str, told: str
) -> None:
    path = tmp_path / "peerreview.toml"
    path.write_text(
        f'[screening]\nreasons = ["Wrong peers"]\n[reasons.aliases]\n{aliases}\n', encoding="utf-8"
    )

    if told:
        with pytest.raises(InputError, match=told):
            protocol.read(path)
    else:
        assert protocol.read(path).reason_aliases == {"wp": "Wrong peers"}
