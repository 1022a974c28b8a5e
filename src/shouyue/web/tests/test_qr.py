"""QR codes that every phone and till reads, in any size."""

import re

import pytest

from shouyue.web.qr import qr_code


@pytest.mark.parametrize("text", ["A", "JPXG-KAAA-FFJY", "https://example.com/m/invited/JPXG-KAAA-FFJY"])
def test_a_code_is_no_micro_code_and_grows_with_its_place(text):
    drawn = str(qr_code(text))
    [(width, height)] = re.findall(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    # The smallest code that is no micro code has 21 modules, of four units each, and a border of two.
    assert width == height
    assert int(width) >= (21 + 4) * 4
    assert "style" not in drawn
