"""Points for an amount: one at a time, all at once, and bit by bit back."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.membership.ledger.rules.earning import (
    Basis,
    OutOfRangeError,
    Rate,
    ReturnTooLargeError,
    Rounding,
    points_for,
    points_for_all,
    points_lost,
)

rates = st.builds(
    Rate,
    per=st.integers(1, 10_000),
    points=st.integers(1, 500),
    rounding=st.sampled_from(Rounding),
    basis=st.just(Basis.PAID),
)


@pytest.mark.parametrize(
    ("rounding", "points"),
    [
        (Rounding.DOWN, [0, 2, 3]),
        (Rounding.UP, [1, 3, 4]),
        (Rounding.HALF_UP, [1, 3, 4]),
        (Rounding.HALF_EVEN, [0, 2, 4]),
    ],
)
def test_rounding_of_half_points(rounding: Rounding, points: list[int]) -> None:
    assert [points_for(amount, Rate(100, 1, rounding)) for amount in (50, 250, 350)] == points


def test_what_was_paid_in_points_earns_only_on_the_gross_basis() -> None:
    assert points_for(10_000, Rate(1000, 1), paid_in_points=10) == 9
    assert points_for(10_000, Rate(1000, 1, basis=Basis.GROSS), paid_in_points=10) == 10
    assert points_for(10, Rate(1, 1), paid_in_points=11) == 0


def test_a_fraction_of_a_point_for_a_unit_is_exact() -> None:
    assert points_for(60, Rate(per=1, points=Fraction("0.05"))) == 3


@given(amounts=st.lists(st.integers(-(10**12), 10**12), max_size=30), rate=rates)
def test_the_columns_agree_with_the_single_rule(amounts: list[int], rate: Rate) -> None:
    assert points_for_all(np.array(amounts, dtype=np.int64), rate).tolist() == [
        points_for(one, rate) for one in amounts
    ]


def test_columns_refuse_what_would_overflow() -> None:
    with pytest.raises(OutOfRangeError):
        points_for_all(np.array([2**60]), Rate(1, 500))


@given(parts=st.lists(st.integers(1, 10**7), min_size=1, max_size=8), rate=rates)
def test_returns_bit_by_bit_take_back_exactly_what_was_given(parts: list[int], rate: Rate) -> None:
    total, before, lost = sum(parts), 0, 0
    for part in parts:
        lost += points_lost(total, part, rate, before=before)
        before += part
    assert lost == points_for(total, rate)
    with pytest.raises(ReturnTooLargeError):
        points_lost(total, 1, rate, before=before)
