"""Kaplan-Meier against R's survival on the aml data, and against plain counting; indices against their formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.scores import effort_score, scale_index
from shouyue.surveys.estimates.rules.survival import survival

TIMES = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
LEFT = [True, True, False, True, True, False, True, True, False, True, False]


def test_the_curve_and_its_median_are_those_of_r() -> None:
    curve = survival(TIMES, LEFT)
    assert curve.shares == pytest.approx(
        (0.909091, 0.818182, 0.715909, 0.613636, 0.490909, 0.368182, 0.184091), abs=1e-6
    )
    assert curve.median == 31
    assert curve.errors[:2] == pytest.approx((0.0867, 0.1163), abs=5e-5)
    assert (curve.at(8), curve.at(9), curve.at(1000)) == (1.0, curve.shares[0], curve.shares[-1])


@given(times=st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_without_anybody_unknown_the_curve_counts(times: list[int]) -> None:
    curve = survival(times, [True] * len(times))
    for time in range(41):
        assert curve.at(time) == pytest.approx(sum(other > time for other in times) / len(times))


def test_nobody_left_is_a_flat_curve() -> None:
    curve = survival([3, 4], [False, False])
    assert (curve.times, curve.at(100), curve.median) == ((), 1.0, None)


def test_marks_and_times_must_fit() -> None:
    with pytest.raises(ValueError, match="at least one customer"):
        survival([1], [])


def test_an_index_runs_from_0_to_100() -> None:
    assert scale_index([8, 8, 8]) == pytest.approx(700 / 9)
    assert (scale_index([1, 1]), scale_index([10, 10])) == (0, 100)
    assert scale_index([1, 5], [3, 1], high=5) == 25
    with pytest.raises(ValueError, match="marks from 1 to 10"):
        scale_index([11])


def test_effort_is_a_mean() -> None:
    assert effort_score([7, 5, 6]) == 6
    with pytest.raises(ValueError, match="marks from 1 to 7"):
        effort_score([8])
