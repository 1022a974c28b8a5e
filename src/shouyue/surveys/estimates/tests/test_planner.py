"""How many to ask, against published tables and the decision rule itself."""

import pytest
from scipy.stats import binom

from shouyue.surveys.estimates.rules.decision import decision_limits
from shouyue.surveys.estimates.rules.planner import answers_for_verdict, answers_for_width, power_of_comparison

KREJCIE_MORGAN = {10: 10, 50: 44, 100: 80, 220: 140, 500: 217, 1000: 278, 1500: 306, 2800: 338, 10_000: 370}


@pytest.mark.parametrize(("population", "answers"), KREJCIE_MORGAN.items())
def test_width_equals_krejcie_and_morgan(population: int, answers: int) -> None:
    assert answers_for_width(0.05, population=population) == answers


def test_width_without_a_population() -> None:
    assert answers_for_width(0.05) == 385
    assert answers_for_width(0.03, level=0.95) == 1068
    assert answers_for_width(0.01, population=1) == 1


def test_power_of_a_comparison_equals_stata() -> None:
    assert power_of_comparison(-0.014, 0.015, 550) == pytest.approx(0.74156, abs=1e-6)


def test_answers_for_a_verdict_hold_their_power_from_there_on() -> None:
    planned = {p: answers_for_verdict(p, "0.9") for p in (0.85, 0.87, 0.93, 0.95)}
    assert planned == {0.85: 299, 0.87: 749, 0.93: 593, 0.95: 203}
    missed_power = [binom.cdf(decision_limits(n, "0.9").missed_max, n, 0.85) for n in range(298, 800)]
    assert missed_power[0] < 0.8 <= min(missed_power[1:])
    met_power = [binom.sf(decision_limits(n, "0.9").met_min - 1, n, 0.95) for n in range(202, 800)]
    assert met_power[0] < 0.8 <= min(met_power[1:])


def test_no_number_of_answers_settles_a_share_on_the_target() -> None:
    assert answers_for_verdict(0.9, "0.9") is None
    assert answers_for_verdict(0.899, "0.9") is None


@pytest.mark.parametrize("half_width", [0, 1, -0.1])
def test_impossible_plans_are_refused(half_width: float) -> None:
    with pytest.raises(ValueError, match="between"):
        answers_for_width(half_width)
    with pytest.raises(ValueError, match="between"):
        answers_for_verdict(half_width, "0.9")
    with pytest.raises(ValueError, match="lie in"):
        power_of_comparison(half_width, 1.05, 100)
    with pytest.raises(ValueError, match="customer"):
        answers_for_width(0.1, population=0)
