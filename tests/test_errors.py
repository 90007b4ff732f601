from peerreview.errors import InputError, InputErrors


def test_an_error_names_file_and_line() -> None:
    error = InputError("reviewer is blank", path="decisions/ana.csv", line=14)

    assert str(error) == "decisions/ana.csv:14: reviewer is blank"


def test_many_errors_are_told_twenty_at_a_time() -> None:
    errors = InputErrors(
        [InputError(f"fault {number}", path="a.csv", line=number) for number in range(1, 31)]
    )

    lines = str(errors).splitlines()

    assert len(lines) == 21
    assert lines[-1] == "… and 10 more"
