from peerreview.paper import document


def test_what_was_done_to_synthetic_records_is_marked() -> None:
    sentence = document.Sentence("2 records.", "records.csv")

    assert str(document.marked([sentence], synthetic=True)[0]) == "2 records.†"
    assert str(document.marked([sentence], synthetic=False)[0]) == "2 records."


def test_a_section_without_anything_is_empty() -> None:
    assert document.Section("Search").is_empty
