"""Tests of change against R and published examples."""

from math import sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.change import (
    different_people_changed,
    holm,
    same_people_changed,
    same_people_differ,
    trend,
)


def wilson(kept: int, asked: int, z: float) -> tuple[float, float]:
    """Wilson 1927, by its formula."""
    share, square = kept / asked, z * z / asked
    middle, reach = share + square / 2, z * sqrt(share * (1 - share) / asked + square / (4 * asked))
    return (middle - reach) / (1 + square), (middle + reach) / (1 + square)


def test_the_p_value_of_two_samples_is_where_newcombes_interval_touches_none() -> None:
    """Newcombe 1998, table II (a): 56 of 70 against 48 of 80; the interval is 0.0524 to 0.3339."""
    p_value = different_people_changed(kept_before=48, asked_before=80, kept_after=56, asked_after=70)
    # The score test of the same table says 0.0080 (z = 2.650), Fisher's 0.0087.
    assert p_value == pytest.approx(0.00804, rel=0.15)
    assert different_people_changed(kept_before=40, asked_before=50, kept_after=80, asked_after=100) == 1.0
    assert different_people_changed(kept_before=0, asked_before=900, kept_after=900, asked_after=900) == 1e-12


@given(st.integers(1, 80), st.integers(1, 80), st.data())
def test_the_p_value_of_two_samples_equals_the_formula(before: int, after: int, data: st.DataObject) -> None:
    kept, kept_after = data.draw(st.integers(0, before)), data.draw(st.integers(0, after))
    p_value = different_people_changed(kept_before=kept, asked_before=before, kept_after=kept_after, asked_after=after)
    if 1e-11 < p_value < 0.999:
        z = -NormalDist().inv_cdf(p_value / 2)
        (low, high), (low_after, high_after) = wilson(kept, before, z), wilson(kept_after, after, z)
        share, share_after = kept / before, kept_after / after
        gap = abs(share_after - share)
        reach = sqrt((share_after - low_after) ** 2 + (high - share) ** 2)
        if share_after < share:
            reach = sqrt((high_after - share_after) ** 2 + (share - low) ** 2)
        assert gap == pytest.approx(reach, abs=1e-6)


def test_mcnemar_equals_r() -> None:
    """R: mcnemar.test on Agresti's approval data."""
    test = same_people_changed(both=794, lost=150, won=86, neither=570)
    assert test.statistic == pytest.approx((150 - 86 - 1) ** 2 / (150 + 86))
    assert test.statistic == pytest.approx(16.817797, abs=1e-6)
    assert test.p_value == pytest.approx(4.114562e-05, abs=1e-10)
    uncorrected = same_people_changed(both=794, lost=150, won=86, neither=570, corrected=False)
    assert uncorrected.statistic == pytest.approx((150 - 86) ** 2 / (150 + 86))


def test_cochran_q_equals_conover() -> None:
    rows = ["111", "111", "010", "110", "000", "111", "111", "110", "001", "010", "111", "111"]
    test = same_people_differ([[int(mark) for mark in row] for row in rows])
    assert test.statistic == pytest.approx(2.8)
    assert test.p_value == pytest.approx(0.246597, abs=1e-6)


def test_trend_equals_r() -> None:
    """R: prop.trend.test on Fleiss' smokers."""
    test = trend([83, 90, 129, 70], [86, 93, 136, 82])
    assert test.statistic == pytest.approx(8.2249223, abs=1e-6)
    assert test.p_value == pytest.approx(0.004131897, abs=1e-8)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_what_cannot_be_tested_is_refused() -> None:
    with pytest.raises(ValueError, match="changed"):
        same_people_changed(both=5, lost=0, won=0, neither=5)
    with pytest.raises(ValueError, match="agree"):
        trend([5, 5], [5, 5])
    with pytest.raises(ValueError, match="two or more"):
        trend([5], [6])
    for answers in ([], [[1]], [[1, 0], [1]], [[1, 2]]):
        with pytest.raises(ValueError, match="rows"):
            same_people_differ(answers)
