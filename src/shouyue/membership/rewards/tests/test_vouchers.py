"""Voucher codes: read back however they are typed, and every slip noticed."""

from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.rewards.rules.vouchers import ALPHABET, code_of, read


@given(st.binary(min_size=1), st.text())
def test_a_code_is_read_back_however_it_is_typed(secret, number):
    code = code_of(secret, number)
    assert read(code) == read(code.lower().replace("-", " ")) == code
    assert not set(code) & set("01258BILOSUVZ")


@given(st.text(min_size=1), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_every_wrong_letter_is_noticed(number, place, letter):
    plain = code_of(b"k", number).replace("-", "")
    slip = plain[:place] + letter + plain[place + 1 :]
    assert (read(slip) is None) is (slip != plain)


@given(st.text(min_size=1), st.integers(0, 11), st.integers(0, 11))
def test_every_swap_is_noticed(number, one, other):
    letters = list(code_of(b"k", number).replace("-", ""))
    before = list(letters)
    letters[one], letters[other] = letters[other], letters[one]
    assert (read("".join(letters)) is None) is (letters != before)
