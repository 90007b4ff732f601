"""A dozen invented works, and which databases hold them: small enough to see through."""

from collections.abc import Sequence

WORKS = (
    ("Peer support on acute wards: a qualitative study", "Abbot, Ann", "2015", "Ward Studies", "10.5555/w.1"),
    ("Supervision of peer workers in community teams", "Bell, Bo", "2016", "Peer Work", "10.5555/w.2"),
    ("Sleep and shift work among nurses", "Cole, Cy", "2016", "Nursing Hours", "10.5555/w.3"),
    ("What managers say about peer roles", "Dunn, Di", "2017", "Ward Studies", "10.5555/w.4"),
    ("Housing after prison: a cohort study", "Eden, Eve", "2018", "Housing Research", "10.5555/w.5"),
    ("Training for peer support workers: a survey", "Ford, Flo", "2018", "Peer Work", "10.5555/w.6"),
    ("Lived experience in service design", "Gray, Gil", "2019", "Service Design", "10.5555/w.7"),
    ("Role conflict of peer workers in hospitals", "Hall, Hanna", "2019", "Ward Studies", "10.5555/w.8"),
    ("Peer workers and pay: an editorial", "Ives, Ian", "2020", "Peer Work", "10.5555/w.9"),
    ("Burnout in emergency departments", "Jones, Jo", "2020", "Nursing Hours", "10.5555/w.10"),
    ("Integrating peer workers: a case study", "Kent, Kim", "2021", "Service Design", "10.5555/w.11"),
    ("Peer support by telephone: a randomised trial", "Lane, Lou", "2022", "Peer Work", "10.5555/w.12"),
)
HELD = {"medline": range(9), "embase": (0, 1, 3, 5, 7, 9, 10), "cinahl": (1, 3, 6, 8, 10, 11)}
"""Which of the works each database holds."""
INCLUDED = ("10.5555/w.1", "10.5555/w.2", "10.5555/w.8", "10.5555/w.11")
TO_FULL_TEXT = (*INCLUDED, "10.5555/w.4", "10.5555/w.6", "10.5555/w.7")
MAYBE = ("10.5555/w.4",)
FULL_TEXT_REASONS = ("Wrong population", "Wrong design")


def ris(places: Sequence[int], *, database: str = "", renamed: tuple[str, str] = ("", "")) -> str:
    """Return works as the RIS of a database; ``renamed`` is a title and a DOI in place of their own."""
    records = []
    for place in places:
        title, author, year, journal, doi = WORKS[place]
        title, doi = renamed[0] or title, renamed[1] or doi
        source = f"DB  - {database}\n" if database else ""
        records.append(
            f"TY  - JOUR\n{source}AN  - {700 + place}\nT1  - {title}\nA1  - {author}\nY1  - {year}\n"
            f"JF  - {journal}\nDO  - {doi}\nAB  - An invented abstract, for demonstration.\nER  - \n\n"
        )
    return "".join(records)
