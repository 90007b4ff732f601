"""Tests of whole numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerreview.values import numbers


@given(st.integers(min_value=0, max_value=10**15))
def test_a_number_is_itself_however_a_program_writes_it(number: int) -> None:
    digits = str(number)

    assert digits == numbers.whole(digits) == numbers.whole(f"{digits}.0")
    assert len(digits) == 1 or digits == numbers.whole(f"{number:.{len(digits) - 1}E}")


@pytest.mark.parametrize("cell", ["", ".0", "1.5", "1,000", "1 000", "1e3", "1.0E+03", "-1", "١", "0x1"])
def test_what_is_no_whole_number_to_the_last_digit_is_blank(cell: str) -> None:
    assert numbers.whole(cell) == ""
