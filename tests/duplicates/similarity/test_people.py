from tests.duplicates.similarity.likeness import likeness


def test_a_shortened_list_of_authors_is_no_difference() -> None:
    assert likeness("authors", {"authors": "Reeves, A"}, {"authors": "Reeves, A; Singh, B"}) == 1


def test_the_same_authors_in_another_order_have_no_other_first_author() -> None:
    one, other = {"authors": "Reeves, A; Singh, B; Lund, C"}, {"authors": "Lund, C; Singh, B; Reeves, A"}

    assert likeness("first_author", one, other) >= 0.85


def test_given_names_taken_for_family_names_are_recognised() -> None:
    title = {"title": "Peer support workers in mental health"}
    one, other = {"authors": "Andrea, C.; Lorenzo, N."}, {"authors": "Carignani, Andrea; Negri, Lorenzo"}

    assert likeness("authors", title | one, title | other) >= 0.9


def test_half_of_a_first_author_s_double_name_is_recognised() -> None:
    title = {"title": "Peer support workers in mental health"}
    one, other = {"authors": "Lund, Reeves A.; Singh, B."}, {"authors": "Reeves, A. L.; Singh, B."}

    assert likeness("first_author", title | one, title | other) >= 0.85
