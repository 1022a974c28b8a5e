"""Non-response: the published bounds, and what they must obey."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.nonresponse import Bounds, response_rate, tipping_point, worst_case

WAVES = st.integers(1, 5_000).flatmap(
    lambda invited: st.integers(0, invited).flatmap(
        lambda answered: st.tuples(st.integers(0, answered), st.just(answered), st.just(invited))
    )
)


def test_worked_example() -> None:
    """1,000 invited, 400 answered, 372 satisfied."""
    assert response_rate(400, 1000) == 0.4
    assert worst_case(372, 400, 1000) == Bounds(0.372, 0.972)
    assert tipping_point(372, 400, 1000, 0.9) == pytest.approx(0.88)


def test_nobody_silent_leaves_no_tipping_point() -> None:
    assert tipping_point(9, 10, 10, 0.9) is None
    assert worst_case(9, 10, 10) == Bounds(0.9, 0.9)


def test_tipping_point_leaves_the_scale_when_the_silent_cannot_matter() -> None:
    assert tipping_point(95, 95, 100, 0.9) == -1
    assert tipping_point(0, 50, 100, 0.9) == pytest.approx(1.8)


@given(WAVES, st.floats(0.01, 0.99))
def test_tipping_share_of_the_silent_reaches_the_target(wave: tuple[int, int, int], p0: float) -> None:
    kept, answered, invited = wave
    bounds, silent = worst_case(*wave), invited - answered
    assert 0 <= bounds.low <= bounds.high <= 1
    assert bounds.high - bounds.low == pytest.approx(1 - response_rate(answered, invited))
    point = tipping_point(*wave, p0)
    if point is None:
        assert silent == 0
    else:
        assert (kept + point * silent) / invited == pytest.approx(p0)
        assert (point <= 1) == (bounds.high >= p0) or bounds.high == pytest.approx(p0)


@pytest.mark.parametrize("wave", [(1, 0, 10), (-1, 5, 10), (5, 11, 10), (0, 0, 0)])
def test_impossible_counts_are_refused(wave: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="need"):
        worst_case(*wave)
    with pytest.raises(ValueError, match="need"):
        tipping_point(*wave, 0.9)
