"""Tests of PubMed's tagged text, and of ERIC's and PubMed Central's use of it."""

import json

from peerreview.imports.formats import NOWHERE, Origin, nbib
from peerreview.imports.formats.writers.nbib import write
from tests.builders import make_records
from tests.imports.formats.samples import NBIB, fields_of, records_of, rejects_of, warnings_of

ERIC = """
OWN - ERIC
TI  - Peer teaching
AU  - Sample, Ada
AID - http://dx.doi.org/10.5555/eric.1
OID - EJ9000001
DP  - Article 10 2019
LID - http://eric.ed.gov/?id=EJ9000001
ISSN - ISSN-1234-5679
PT  - Journal Articles

OWN - ERIC
TI  - Peer learning
OID - ED9000002
"""
CENTRAL = """
PMC - PMC9000001
PMID- 90000001
TI  - Peer work
AB  -
OAB - Publisher: Abstract available from the publisher.
SO  - J Invent. 2018;5:1-2.

PMC - PMC9000002
TI  - Peer work again
SO  - J Invent. 2019;6:1-2.
"""


def test_a_wrapped_title_is_one_line_and_the_doi_is_the_one_marked_so() -> None:
    first = fields_of(NBIB)[0]

    assert first["title"] == "Peer workers in acute care: a qualitative study of role clarity."
    assert (first["doi"], first["pmid"], first["pmcid"]) == ("10.5555/peer.1", "90000001", "PMC9000001")
    assert json.loads(first["extra"])["LID"] == ["10.5555/PEER.1 [doi]", "S0000-1 [pii]"]


def test_full_names_are_taken_and_groups_stay_in_their_place() -> None:
    text = NBIB.replace("Peer Work Group", "Médecins Sans Frontières")

    assert fields_of(text)[0]["authors"] == "Example, Verity; Müller, Jörg K; Médecins Sans Frontières"


def test_et_al_is_no_author() -> None:
    assert (
        fields_of(NBIB.replace("FAU - Sample, Ada\n", "").replace("AU  - Sample A", "AU  - et al."))[1].get(
            "authors"
        )
        is None
    )


def test_et_al_after_others_stays() -> None:
    text = NBIB.replace("CN  - Peer Work Group", "CN  - et al.")

    assert fields_of(text)[0]["authors"] == "Example, Verity; Müller, Jörg K; et al."


def test_eric_begins_its_records_with_their_owner() -> None:
    first, second = fields_of(ERIC)

    assert (first["accession"], first["doi"], first["year"]) == ("EJ9000001", "10.5555/eric.1", "2019")
    assert (first["issn"], first["url"]) == ("1234-5679", "http://eric.ed.gov/?id=EJ9000001")
    assert second["title"] == "Peer learning"
    assert nbib.origin(records_of(ERIC)[0]) == Origin("ERIC", how="OWN")


def test_pubmed_central_puts_its_own_number_first() -> None:
    first, second = fields_of(CENTRAL)

    assert (first["pmcid"], first["pmid"], second["accession"]) == ("PMC9000001", "90000001", "PMC9000002")
    assert "abstract" not in first
    assert nbib.origin(records_of(CENTRAL)[0]).database == "PubMed Central"
    assert nbib.origin(records_of(NBIB)[0]).database == "PubMed"


def test_an_unindented_line_continues_the_value_even_if_it_holds_a_hyphen() -> None:
    text = NBIB.replace("      twelve peer workers.", "SARS-CoV-2 and COVID-19 - twelve.")

    assert fields_of(text)[0]["abstract"].endswith("We asked SARS-CoV-2 and COVID-19 - twelve.")


def test_a_tag_without_its_spaces_is_read() -> None:
    assert fields_of("PMID- 1\nTI  -Peer work\nSO- Somewhere\n")[0]["title"] == "Peer work"


def test_a_lost_first_line_is_no_lost_record() -> None:
    assert len(records_of(NBIB.replace("PMID- 90000002\n", ""))) == 3


def test_two_records_run_together_are_rejected_not_merged() -> None:
    (reject,) = rejects_of(NBIB.replace("\nPMID- 90000002\n", ""))

    assert reject.problem == "'TI' stands twice: two records have run together"
    assert "Supervision" in reject.text


def test_a_file_that_ends_within_a_line_has_lost_the_end_of_its_last_record() -> None:
    (reject,) = rejects_of(NBIB[: NBIB.index("J Invent. 2020") - 20])

    assert (reject.line, reject.problem[:38]) == (44, "the last record breaks off in the midd")


def test_a_whole_last_record_needs_no_line_end_and_is_told() -> None:
    text = NBIB.rstrip("\n")

    assert len(records_of(text)) == 3
    assert [(each.line, each.message[:36]) for each in warnings_of(text)] == [
        (44, "the file ends without a line end: th")
    ]


def test_a_record_cut_off_in_the_tag_with_which_another_ended_is_rejected() -> None:
    (reject,) = rejects_of("PMID- 1\nTI  - Good one\n\nPMID- 2\nTI  - Cut off in the mi")

    assert (reject.line, reject.problem[:38]) == (4, "the last record breaks off in the midd")


def test_a_source_that_is_cut_off_shows_no_end() -> None:
    assert len(rejects_of(NBIB.removesuffix("1-2.\n"))) == 1


def test_a_record_that_ends_as_all_others_do_is_whole() -> None:
    text = "".join(f"PMID- {n}\nTI  - Peer work\nPT  - Reports\n\n" for n in range(1, 4)).rstrip()

    assert (len(records_of(text)), len(warnings_of(text))) == (3, 1)
    assert len(rejects_of(text[:-1])) == 1


def test_what_is_written_begins_with_a_number_and_wraps_as_pubmed_does() -> None:
    text = write(make_records(title=["Peer work " * 12], pmid=["90000001"], authors=["Example, Verity K"]))

    assert text.startswith("PMID- 90000001\nOWN - peerreview\nDB  - MEDLINE\nTI  - Peer work Peer")
    assert "\n      work Peer work" in text
    assert "FAU - Example, Verity K\nAU  - Example VK\n" in text
    assert max(map(len, text.split("\n"))) <= 90


def test_what_was_written_here_keeps_source_link_and_authors_and_gains_no_number() -> None:
    row = {"pmid": "90000001", "url": "<Go to ISI>://WOS:1", "authors": "Example, V; et al.", "accession": ""}
    records = make_records(title=["A"], source=["Scopus"], **{column: [row[column]] for column in row})
    text = write(records)
    fields = nbib.to_fields(records_of(text)[0])

    assert {column: fields[column] for column in row} == row
    assert nbib.origin(records_of(text)[0]).database == "Scopus"


def test_a_blank_number_is_no_sign_of_pubmed() -> None:
    blank = NBIB.replace("PMID- 90000002\nOWN - NLM\n", "PMID-\n")
    no_number = NBIB.replace("PMID- 90000002\n", "")

    assert nbib.origin(records_of(blank)[1]) == NOWHERE
    assert nbib.origin(records_of(no_number)[1]) == Origin("PubMed", "PubMed", how="OWN")


def test_a_title_that_pubmed_does_not_have_is_the_one_of_the_article_s_own_language() -> None:
    text = "PMID- 9\nTI  - [Not Available].\nTT  - Le travail de nuit.\nDP  - 1999\n\n"

    assert fields_of(text)[0]["title"] == "Le travail de nuit."
    assert fields_of(text.replace("Not Available", "Night work"))[0]["title"] == "[Night work]."
    assert fields_of(text.replace("TT  - Le travail de nuit.\n", ""))[0]["title"] == "[Not Available]."
