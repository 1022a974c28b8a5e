"""Cells that a spreadsheet would run: harmless on the way out, unchanged once they are back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.formulas import as_typed, neutral


@pytest.mark.parametrize("text", ["=1+1", "+86 138 0013 8000", "-5℃", "@家", "\tx", "＝1"])
def test_what_would_run_is_text_and_comes_back_as_it_was(text):
    assert (neutral(text), as_typed(neutral(text))) == (f"'{text}", text)


@pytest.mark.parametrize("cell", ["-5", "+86", "王伟", "", "'tis", "'", None, 5])
def test_everything_else_is_left_alone(cell):
    assert (neutral(cell), as_typed(cell)) == ("" if cell is None else str(cell), cell)


@given(st.text().filter(lambda text: not (text[:1] == "'" and neutral(text[1:]) != text[1:])))
def test_no_text_is_changed_by_the_way_out_and_back(text):
    assert as_typed(neutral(text)) == text
