"""Amounts are kept exactly or refused; nothing is rounded in silence."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.money import E4_MAX, E4_MIN, AmountError, from_e4, to_e4, yuan_text


@pytest.mark.parametrize(
    ("value", "amount_e4"),
    [
        ("12.5", 125_000),
        ("-0.0001", -1),
        ("0.10000000", 1_000),
        ("0.10000", 1_000),
        ("1e3", 10_000_000),
        ("1E-4", 1),
        (" 7 ", 70_000),
        ("+3.", 30_000),
        ("-0", 0),
        ("0E+999999", 0),
        (Decimal("2.55"), 25_500),
        (-3, -30_000),
        ("922337203685477.5807", E4_MAX),
        ("-922337203685477.5808", E4_MIN),
        ("0." + "1" + "0" * 6000, 1_000),
    ],
)
def test_to_e4_is_exact(value: str | Decimal | int, amount_e4: int) -> None:
    assert to_e4(value) == amount_e4


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("0.00001", "more than four decimals: 0.00001"),
        ("0.000010", "more than four decimals: 0.000010"),
        ("1e-999999", "more than four decimals: 1e-999999"),
        ("NaN", "not a finite amount: NaN"),
        ("sNaN", "not a finite amount: sNaN"),
        ("-Infinity", "not a finite amount: -Infinity"),
        ("922337203685477.5808", "too large for an amount: 922337203685477.5808"),
        ("-922337203685477.5809", "too large for an amount: -922337203685477.5809"),
        ("1e999999", "too large for an amount: 1e999999"),
        ("1,000", "not an amount: '1,000'"),
        ("1_000", "not an amount: '1_000'"),
        ("１２", "not an amount: '１２'"),
        ("", "not an amount: ''"),
        (1.5, "an amount is text, Decimal or int, not float"),
        (True, "an amount is text, Decimal or int, not bool"),
        (None, "an amount is text, Decimal or int, not NoneType"),
    ],
)
def test_to_e4_refuses_with_the_reason(value: str, reason: str) -> None:
    with pytest.raises(AmountError) as refusal:
        to_e4(value)
    assert str(refusal.value) == reason
    assert isinstance(refusal.value, ValueError)


@given(st.integers(E4_MIN, E4_MAX))
def test_every_amount_goes_there_and_back(amount_e4: int) -> None:
    amount = from_e4(amount_e4)
    assert to_e4(amount) == to_e4(str(amount)) == amount_e4
    assert amount * 10_000 == amount_e4


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_to_e4_never_rounds(value: Decimal) -> None:
    with localcontext(prec=2000):
        exact = value * 10_000
        is_whole = exact == exact.to_integral_value()
    if is_whole:
        assert to_e4(value) == exact
    else:
        with pytest.raises(AmountError):
            to_e4(value)


def test_precision_of_the_caller_does_not_matter() -> None:
    with localcontext(prec=3):
        assert to_e4("123456789.1234") == 1_234_567_891_234


@pytest.mark.parametrize(("fen", "text"), [(29_900, "299"), (5, "0.05"), (150, "1.50"), (123_456_789, "1234567.89")])
def test_a_price_is_typed_with_every_digit(fen: int, text: str) -> None:
    assert yuan_text(fen) == text
