"""Tests of change against R and published examples."""

import pytest

from shouyue.surveys.estimates.rules.change import holm, same_people_changed, same_people_differ, trend


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
