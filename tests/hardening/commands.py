"""Every command that writes, in a review in which each has something to write."""

import csv
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LIVING = Path(__file__).parents[2] / "examples" / "living-update"
NOT_OURS = ("README.md", "Makefile", "expected", ".gitignore")
N_OPEN = 50
"""Records beside the example's: found since, some judged by one, some in conflict."""


@dataclass(frozen=True)
class Command:
    """
    A command line and the files that it makes or adds to.

    ``keys`` are pressed in a terminal; ``grows`` are people's tables that gain rows at each key, so that
    there are many states between the old and the new one. ``once``: it writes over nothing
    that is there, or says that there is nothing more to do.
    """

    name: str
    line: str
    outputs: tuple[str, ...]
    keys: str = ""
    grows: tuple[str, ...] = ()
    once: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether it draws a screen of its own."""
        return self.name == "screen --review"

    @property
    def arguments(self) -> list[str]:
        """The words of the command line."""
        return self.line.split()


PREVIOUS = "--previous published/flow-2021.json"
COMMANDS = (
    Command("init", "init new", ("new/*",), once=True),
    Command("init --example", "init new --example --living --git", ("new/*",), once=True),
    Command(
        "import",
        "import exports/2021-embase.ris exports/2021-medline.ris exports/2024-embase.ris "
        "exports/2024-medline.ris exports/found-since.ris --lenient --report imported.json",
        ("records.csv", "rejects.csv", "imported.json"),
    ),
    Command(
        "import --write-sources",
        "import more.ris --source PsycINFO --kind database --write-sources -o psycinfo.csv",
        ("psycinfo.csv", "rejects.csv", "sources.csv"),
    ),
    Command("search", "search -o searches.md", ("searches.md",)),
    Command("search .csv", "search -o lines.csv", ("lines*.csv",)),
    Command(
        "search --diff",
        "search strategies/2024-medline.txt --diff strategies/2021-medline.txt -o changes.docx",
        ("changes.docx",),
    ),
    Command(
        "dedupe",
        "dedupe --workers 1 --summary found.csv",
        ("unique.csv", "duplicates.csv", "possible.csv", "found.csv"),
    ),
    Command(
        "dedupe --resolve",
        "dedupe --workers 1 --resolve judged.csv --by ana",
        ("overrides.csv", "unique.csv", "duplicates.csv", "possible.csv"),
    ),
    Command(
        "dedupe --review",
        "dedupe --workers 1 --review --by ana",
        ("overrides.csv", "unique.csv", "duplicates.csv", "possible.csv"),
        keys="nnyn",
        grows=("overrides.csv",),
    ),
    Command(
        "decisions",
        "decisions sheet.csv --reviewer cy --stage title_abstract --lenient --replace -o decisions/cy.csv "
        "--unmatched unmatched.csv --save-mapping words.toml",
        ("decisions/cy.csv", "unmatched.csv", "words.toml"),
    ),
    Command("screen", "screen", ("screening.csv", "conflicts.csv")),
    Command(
        "screen --resolve",
        "screen --resolve answers.csv",
        ("decisions/resolutions.csv", "screening.csv", "conflicts.csv"),
    ),
    Command(
        "screen --review",
        "screen --review --as ben --stage title_abstract --order id",
        ("decisions/ben.csv",),
        keys="ieeiiuiq",
        grows=("decisions/ben.csv",),
    ),
    Command("screen --form .xlsx", "screen --form ben -o ben.xlsx", ("ben.xlsx",)),
    Command("screen --form .csv", "screen --form ben -o to-ben.csv", ("to-ben.csv",)),
    Command("screen --form, shuffled", "screen --form dora --order seed -o to-dora.csv", ("to-dora.csv",)),
    Command("screen --form .html", "screen --form ben -o ben.html", ("ben.html",)),
    Command("screen --status", "screen --status -o progress.json", ("progress.json",)),
    Command("screen --stopping", "screen --stopping -o stopping.json", ("stopping.json",)),
    Command(
        "screen --stop",
        "screen --stopping --stop --as dora --recall 0.3 --confidence 0.3",
        ("decisions/stopped.csv",),
        once=True,
    ),
    Command("screen .parquet", "screen -o screened.parquet", ("screened.parquet", "conflicts.csv")),
    Command("agreement", "agreement -o agreement.json", ("agreement.json",)),
    Command("agreement .csv", "agreement -o agreement.csv", ("agreement.csv",)),
    Command("agreement .docx", "agreement -o agreement.docx", ("agreement.docx",)),
    Command("themes", "themes -o themes-tally.csv", ("themes-tally*.csv",)),
    Command("themes .json", "themes -o themes.json", ("themes.json",)),
    Command("themes .svg", "themes -o themes.svg", ("themes*.svg",)),
    Command("appraise", "appraise -o appraised.csv", ("appraised*.csv", "studies.csv")),
    Command("appraise .svg", "appraise -o appraised.svg", ("appraised*.svg",)),
    Command(
        "prisma",
        f"prisma {PREVIOUS} -o prisma.svg -o prisma.html -o flow.json -o flow.csv",
        ("prisma.svg", "prisma.html", "flow.json", "flow.csv"),
    ),
    Command("prisma .png", "prisma -o flow.png -o flow.pdf", ("flow.png", "flow.pdf")),
    Command("prisma --ledger", "prisma --ledger -o ledger.svg -o ledger.md -o ledger.csv", ("ledger.*",)),
    Command(
        "prisma --diff",
        "prisma --diff published/flow-2021.json flow.json -o changed.txt -o changed.json",
        ("changed.*",),
    ),
    Command("table", "table characteristics -o characteristics.md", ("characteristics.md",)),
    Command("table .csv", "table sources -o searched.csv", ("searched.csv",)),
    Command("table .tex", "table excluded -o excluded.tex", ("excluded.tex",)),
    Command("table .xlsx", "table yield -o yield.xlsx", ("yield.xlsx",)),
    Command("table .svg", "table counts --by design -o designs.svg", ("designs.svg",)),
    Command("export", "export -o all.ris", ("all.ris",)),
    Command("export .bib", "export unique.csv -o unique.bib", ("unique.bib",)),
    Command("export .csv", "export unique.csv -o to-screen.csv", ("to-screen.csv",)),
    Command("report", "report -o report.html", ("report*.html",)),
    Command("report .md", "report -o report.md", ("report*.md", "report*.svg")),
    Command("report .docx", "report -o report.docx", ("report.docx",)),
    Command("form reports", "form reports -o reports-to-fill.csv", ("reports-to-fill.csv",)),
    Command("form", "form studies -o form.xlsx", ("form.xlsx",)),
    Command("form, filled", "form appraisal by-ana.csv by-ben.csv -o taken.csv", ("taken.csv",)),
    Command(
        "retractions",
        f"retractions retraction_watch.csv --dated 2024-03-01 {PREVIOUS} -o retracted.md",
        ("retracted.md",),
    ),
    Command(
        "retractions .csv", "retractions retraction_watch.csv --dated 2024-03-01 -o noticed.csv",
        ("noticed.csv",),
    ),
    Command("merge-votes", "merge-votes base.csv ours.csv theirs.csv", ("ours.csv",)),
    Command("audit", "audit paper.md -o audited.csv", ("audited*.csv",)),
    Command("audit .json", "audit paper.md -o audited.json", ("audited.json",)),
    Command("package", "package -o review.zip", ("review.zip",)),
    Command("unpack", "unpack review.zip unpacked", ("unpacked/**/*",), once=True),
)  # fmt: skip


def make_inputs(folder: Path) -> None:
    """Lay out what people and databases give: the living example, more records, votes, themes, appraisals."""
    shutil.copytree(LIVING, folder, ignore=shutil.ignore_patterns(*NOT_OURS), dirs_exist_ok=True)
    write = _writer(folder)
    # Of each two neighbours the second may be the first once more: people have to look.
    works = [number // 2 for number in range(N_OPEN)]
    write(
        "exports/found-since.ris",
        *(
            f"TY  - JOUR\nID  - w{number}\nTI  - Peer support in wards of town {chr(97 + work) * 9}"
            f"\nAU  - Reeves{chr(97 + work) * 4}, Ann\nAU  - Singh, Bo\nPY  - 2019\n"
            f"JO  - Health Policy\nVL  - 3\nIS  - {number % 2 + 1}\nAB  - {'Peers at work. ' * 20}\nER  - \n"
            for number, work in enumerate(works)
        ),
        "TY  - JOUR\nnot a field\nER  - ",
    )
    _append(
        folder / "sources.csv",
        "exports/found-since.ris,Web of Science,database,Clarivate,2,2024-02-04,,,synthetic",
    )
    write("more.ris", *(f"TY  - JOUR\nTI  - Peer work {number}\nPY  - 2001\nER  - \n" for number in range(9)))
    write("paper.md", "Of 57 records 28 were duplicates; 29 were screened, 9 excluded and 20 read in full.")
    write("codebook.csv", "theme,parent,label", "hope,,Hope", "trust,,Trust")
    write(
        "themes.csv",
        "study_id,theme,coder,quote",
        *(f"s{n},{theme},{who},said so" for n in (1, 2, 3) for theme in ("hope", "trust") for who in "ab"),
        "s2,hope,b,again",
    )
    judged = [
        f"s{study},{item},{'no' if study == 2 and who == 'ben' and item == '2.1' else 'yes'},{who}"
        for study in (1, 2, 3)
        for item in ("S1", "S2", "2.1", "2.2", "2.3", "2.4", "2.5")
        for who in ("ana", "ben")
    ]
    write("appraisal.csv", "study_id,item,judgement,reviewer", *judged)
    for who in ("ana", "ben"):
        write(
            f"by-{who}.csv",
            "study_id,item,judgement,reviewer",
            *(each for each in judged if each.endswith(who)),
        )
    protocol = folder / "peerreview.toml"
    protocol.write_text(protocol.read_text(encoding="utf-8") + '\n[appraisal]\ninstrument = "mmat-2018"\n')


def make_votes(folder: Path) -> None:
    """Vote on what there is to screen, once records have their ids: two differ on some, some are left."""
    write = _writer(folder)
    unique = (folder / "unique.csv").read_text(encoding="utf-8").splitlines()
    ids = [each.partition(",")[0] for each in unique if ",Web of Science," in each]
    said = {name: ("include" if name == "ana" else "exclude") for name in ("ana", "ben")}
    for name, other in said.items():
        rows = [
            f"{each},{name},title_abstract,{word},,2024-03-0{1 + place % 9},synthetic"
            for place, each in enumerate(ids[:12])
            for word in (other if place < 3 else "exclude",)
            if name == "ana" or place < 6
        ]
        _append(folder / "decisions" / f"{name}.csv", *rows)
    write(
        "sheet.csv", "record_id,title,decision", *(f"{each},,exclude" for each in ids[:5]), "nobody,,include"
    )
    write(
        "answers.csv",
        "record_id,stage,problem,votes,title,abstract,decision,reason,reviewer,note",
        *(f"{each},title_abstract,,,,,exclude,,consensus," for each in ids[:2]),
    )
    possible = (folder / "possible.csv").read_text(encoding="utf-8").splitlines()
    pairs = [each.split(",")[:2] for each in possible[1:3]]
    write("judged.csv", "record_id,duplicate_of,verdict", *(f"{','.join(pair)},distinct" for pair in pairs))
    header = "record_id,reviewer,stage,decision"
    rows = [f"{each},ana,title_abstract,exclude" for each in ids[:9]]
    write("base.csv", header, *rows[:3])
    write("ours.csv", header, *rows[:5])
    write("theirs.csv", header, *rows[:3], *rows[6:])


def make_draws(folder: Path) -> None:
    """Have one more read the first of a shuffled sheet: a random sample, which bears stopping."""
    sheet = (folder / "to-dora.csv").read_text(encoding="utf-8").splitlines()
    ids = [row["record_id"] for row in csv.DictReader(sheet)]
    _writer(folder)(
        "decisions/dora.csv",
        "record_id,reviewer,stage,decision,decided_at",
        *(
            f"{each},dora,title_abstract,{'exclude' if place > 10 else 'include'},2024-03-11T10:{place}:00Z"
            for place, each in enumerate(ids[:10], start=10)
        ),
    )


AFTER = {"dedupe": make_votes, "screen --form, shuffled": make_draws}
"""What people do once a command has run."""


def masked(content: bytes) -> bytes:
    """Return a file without the time of day: a vote cast by key says when it was."""
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", b"TIME", content)


def contents(folder: Path) -> dict[str, bytes]:
    """Return what each file of a folder holds, by its path there."""
    return {
        str(path.relative_to(folder)): masked(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_passing(name: str) -> bool:
    """Return whether a file is one that is there only while another is written."""
    return Path(name).name.startswith(".") and name.endswith((".part", ".lock"))


def _writer(folder: Path) -> Callable[..., None]:
    def write(name: str, *lines: str) -> None:
        (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")

    return write


def _append(file: Path, *lines: str) -> None:
    before = file.read_text(encoding="utf-8")
    n_columns = before.partition("\n")[0].count(",")
    assert all(line.count(",") == n_columns for line in lines), (file, lines[:1])
    file.write_text(before + "".join(f"{line}\n" for line in lines), encoding="utf-8")
