"""CoLRev: ``colrev_status`` is how far a record came, ``screening_criteria`` why it went out."""

from collections.abc import Iterator

from peerreview.screening.screeners import Export, RawVote, Reference, cell, referred

NAME = "colrev"
VERIFIED = False
ZERO = ""
INDEPENDENT = True

_INCLUDED = frozenset({"rev_included", "rev_synthesized"})
_PAST_PRESCREEN = _INCLUDED | {
    "rev_prescreen_included", "pdf_needs_manual_retrieval", "pdf_imported", "pdf_not_available",
    "pdf_needs_manual_preparation", "pdf_prepared", "rev_excluded",
}  # fmt: skip


def looks_like(export: Export) -> bool:
    """Return whether records have a CoLRev status."""
    return "colrev_status" in export.columns or (export.format == "bibtex" and "colrev_status" in export.text)


def cast(export: Export) -> Iterator[RawVote]:
    """Return the team's decisions that a status implies, as a consensus."""
    if export.format:
        for line, tags, reference in export.references():
            row = {tag.casefold(): value for tag, value in tags}
            yield from _decisions(line, reference, row)
        return
    for line, row in export.table[1]:
        yield from _decisions(line, referred(row, key=cell(row, "id")), row)


def _decisions(line: int, reference: Reference, row: dict[str, str]) -> Iterator[RawVote]:
    status = cell(row, "colrev_status").casefold().rpartition(".")[2]
    criteria = [part.partition("=") for part in cell(row, "screening_criteria").split(";")]
    reasons = "; ".join(name.strip() for name, _, value in criteria if value.strip() == "out")
    said = []
    if status == "rev_prescreen_excluded":
        said.append(("title_abstract", "exclude", ""))
    elif status in _PAST_PRESCREEN:
        said.append(("title_abstract", "include", ""))
    if status == "pdf_not_available":
        said.append(("retrieval", "not_retrieved", ""))
    elif status == "rev_excluded":
        said.append(("full_text", "exclude", reasons))
    elif status in _INCLUDED:
        said.append(("full_text", "include", ""))
    if not said:
        yield RawVote(line, reference)
    for stage, decision, reason in said:
        yield RawVote(line, reference, decision, "CoLRev", stage=stage, reason=reason, role="consensus")
