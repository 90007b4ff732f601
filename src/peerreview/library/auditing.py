"""A published review's paper to whether the numbers that it prints add up."""

from __future__ import annotations

from pathlib import Path

from peerreview.library.results import PaperAudit
from peerreview.tables import reading


def audit_paper(path: str | Path) -> PaperAudit:
    """
    Return whether the numbers of its flow that a published review prints add up, each with its sentence.

    Parameters
    ----------
    path : the paper, ``.txt``, ``.md``, ``.html``, ``.docx``, JATS ``.xml``, or ``.pdf`` where pdftotext is.

    Returns
    -------
    PaperAudit(verdict, why, boxes, numbers, sums, audited); a box has each number that is printed for it.

    Raises
    ------
    InputError
        With file and line, for what is no paper, damaged, or holds no text.
    MissingToolError
        For a PDF where pdftotext is not installed.
    """
    import pandas as pd

    from peerreview.flow import printed
    from peerreview.imports.papers import reading as papers
    from peerreview.imports.papers import statements
    from peerreview.paper.sheets.audits import Audited

    paper = papers.read(reading.read_bytes(Path(path)), path)
    audit = printed.audit(statements.read(paper), unread=statements.why_unread(paper))
    numbers = [
        (each.n, " or ".join(each.boxes), each.sentence, each.place) for each in audit.numbers if each.boxes
    ]
    sums = [(each.id, each.says, each.status, "; ".join(each.why)) for each in audit.sums]
    return PaperAudit(
        audit.status,
        audit.why,
        audit.boxes,
        pd.DataFrame(numbers, columns=["n", "box", "sentence", "place"]),
        pd.DataFrame(sums, columns=["id", "says", "verdict", "sum"]),
        Audited(str(path), paper.title, paper.doi, audit),
    )
