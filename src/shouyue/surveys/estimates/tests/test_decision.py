"""The decision rule against the agreed figures, scipy's tails, brute force and the interval it belongs to."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from shouyue.surveys.estimates.rules.decision import (
    ANSWERS_MAX,
    Decision,
    Limits,
    decision_interval,
    decision_limits,
    extra_answers_needed,
    false_missed_risk_of_literal,
    literal_verdict,
    verdict,
)

SHARES = st.integers(1, 99).map(lambda percent: Fraction(percent, 100))
RISKS = st.sampled_from([Fraction(1, 100), Fraction(1, 40), Fraction(1, 20), Fraction(1, 10), Fraction(1, 3)])
DRAWS = st.integers(1, 60).flatmap(lambda population: st.tuples(st.integers(0, population), st.just(population)))


@pytest.mark.parametrize(
    ("p0", "asked", "missed_max", "met_min"),
    [
        ("0.90", 50, 40, 49),
        ("0.90", 100, 84, 96),
        ("0.90", 300, 260, 279),
        ("0.90", 400, 349, 371),
        ("0.90", 1000, 883, 916),
        ("0.80", 100, 72, 87),
        ("0.80", 400, 306, 334),
        ("0.80", 1000, 778, 822),
    ],
)
def test_limits_are_the_agreed_ones(p0: str, asked: int, missed_max: int, met_min: int) -> None:
    assert decision_limits(asked, p0) == Limits(missed_max, met_min)
    at_limits = [missed_max, missed_max + 1, met_min - 1, met_min]
    assert [verdict(kept, asked, p0) for kept in at_limits] == [
        Decision.MISSED,
        Decision.UNDETERMINED,
        Decision.UNDETERMINED,
        Decision.MET,
    ]


def test_few_answers_prove_little() -> None:
    assert decision_limits(0, "0.9") == Limits(None, None)
    assert decision_limits(1, "0.9") == Limits(None, None)
    assert decision_limits(28, "0.9").met_min is None
    # 0.9**29 is the first power below 5 %.
    assert decision_limits(29, "0.9").met_min == 29
    assert verdict(0, 0, "0.9") is Decision.UNDETERMINED


def test_target_of_everyone_is_missed_by_one_and_never_proved_by_a_sample() -> None:
    assert decision_limits(50, "1") == Limits(49, None)
    assert decision_limits(50, "1", population=50) == Limits(49, 50)


def test_boundary_of_the_risk_itself() -> None:
    """P(X <= 0) = P(X >= 2) = 1/4 exactly: "below" does not hold for missed, "at most" does for met."""
    assert decision_limits(2, "1/2", "1/4") == Limits(None, 2)
    assert decision_limits(2, "1/2", Fraction(1, 4) + Fraction(1, 10**30)) == Limits(0, 2)
    assert decision_limits(2, "1/2", Fraction(1, 4) - Fraction(1, 10**30)) == Limits(None, None)


def test_boundary_of_the_risk_in_a_population() -> None:
    """One of twenty is asked: 1 in 20 to meet the only one who does not keep, or the only one who does."""
    assert decision_limits(1, "0.95", "1/20", population=20) == Limits(0, None)
    assert decision_limits(1, "0.10", "1/20", population=20) == Limits(None, 1)
    assert decision_limits(1, "0.95", "0.0499", population=20) == Limits(None, None)
    assert decision_limits(1, "0.10", "0.0499", population=20) == Limits(None, None)


@given(st.integers(0, 3_000), SHARES, RISKS)
@settings(max_examples=60)
def test_binomial_limits_equal_scipy(asked: int, p0: Fraction, alpha: Fraction) -> None:
    limits = decision_limits(asked, p0, alpha)
    risk, share = float(alpha), float(p0)
    below = limits.missed_max if limits.missed_max is not None else -1
    above = limits.met_min if limits.met_min is not None else asked + 1
    slack = 1e-9
    assert binom.cdf(below, asked, share) <= risk + slack
    assert binom.cdf(below + 1, asked, share) >= risk - slack
    assert binom.sf(above - 1, asked, share) <= risk + slack
    assert binom.sf(above - 2, asked, share) >= risk - slack


@given(DRAWS, SHARES, RISKS)
@settings(max_examples=150)
def test_hypergeometric_limits_equal_brute_force(draw: tuple[int, int], p0: Fraction, alpha: Fraction) -> None:
    """Count every sample, for every number of kept customers: what refutes all that meet, and all that do not?"""
    asked, population = draw

    def lower_tail(kept: int, kept_all: int) -> Fraction:
        ways = (comb(kept_all, i) * comb(population - kept_all, asked - i) for i in range(kept + 1))
        return Fraction(sum(ways), comb(population, asked))

    meeting = [kept_all for kept_all in range(population + 1) if Fraction(kept_all, population) >= p0]
    failing = [kept_all for kept_all in range(population + 1) if Fraction(kept_all, population) < p0]
    expected = []
    for kept in range(asked + 1):
        if all(lower_tail(kept, kept_all) <= alpha for kept_all in meeting):
            expected.append(Decision.MISSED)
        elif all(1 - lower_tail(kept - 1, kept_all) <= alpha for kept_all in failing):
            expected.append(Decision.MET)
        else:
            expected.append(Decision.UNDETERMINED)
    assert [verdict(kept, asked, p0, alpha, population) for kept in range(asked + 1)] == expected


@given(st.integers(1, 400), st.integers(0, 5_000), SHARES)
@settings(max_examples=60)
def test_hypergeometric_limits_equal_scipy(asked: int, others: int, p0: Fraction) -> None:
    population = asked + others
    least = ceil(p0 * population)
    limits = decision_limits(asked, p0, population=population)
    below = limits.missed_max if limits.missed_max is not None else -1
    above = limits.met_min if limits.met_min is not None else asked + 1
    slack = 1e-9
    assert hypergeom.cdf(below, population, least, asked) <= 0.05 + slack
    assert below == asked or hypergeom.cdf(below + 1, population, least, asked) >= 0.05 - slack
    assert hypergeom.sf(above - 1, population, least - 1, asked) <= 0.05 + slack
    assert hypergeom.sf(above - 2, population, least - 1, asked) >= 0.05 - slack


@given(DRAWS, SHARES)
def test_asking_everyone_is_the_letter(draw: tuple[int, int], p0: Fraction) -> None:
    kept, everyone = draw
    assert verdict(kept, everyone, p0, population=everyone) == literal_verdict(kept, everyone, p0)


@given(st.integers(0, 500), SHARES, RISKS)
def test_mirror_and_order(asked: int, p0: Fraction, alpha: Fraction) -> None:
    limits = decision_limits(asked, p0, alpha)
    if limits.missed_max is not None and limits.met_min is not None:
        assert limits.missed_max < limits.met_min
    # What proves "at least p0 keep" proves "at most 1 - p0 do not": only the boundary changes sides.
    mirror = decision_limits(asked, 1 - p0, alpha)
    missed = None if mirror.met_min is None else asked - mirror.met_min
    met = None if mirror.missed_max is None else asked - mirror.missed_max
    assert limits == Limits(missed, met) or _tail_is_exactly(alpha, asked, p0)


def _tail_is_exactly(alpha: Fraction, asked: int, p0: Fraction) -> bool:
    tail, tails = Fraction(0), set()
    for kept in range(asked + 1):
        tail += comb(asked, kept) * p0**kept * (1 - p0) ** (asked - kept)
        tails |= {tail, 1 - tail}
    return alpha in tails


@given(st.integers(1, 2_000).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked))), SHARES, RISKS)
@settings(max_examples=100)
def test_interval_agrees_with_verdict(counts: tuple[int, int], p0: Fraction, alpha: Fraction) -> None:
    kept, asked = counts
    interval = decision_interval(kept, asked, alpha)
    decision = verdict(kept, asked, p0, alpha)
    assert interval.level == pytest.approx(float(1 - 2 * alpha))
    slack = 1e-9
    if decision is Decision.MISSED:
        assert interval.high <= float(p0) + slack
    elif decision is Decision.MET:
        assert interval.low >= float(p0) - slack
    else:
        assert interval.low - slack <= float(p0) <= interval.high + slack


@given(DRAWS.filter(lambda draw: draw[0] > 0), st.data(), SHARES, RISKS)
@settings(max_examples=100)
def test_interval_of_a_population_agrees_with_verdict(
    draw: tuple[int, int], data: st.DataObject, p0: Fraction, alpha: Fraction
) -> None:
    asked, population = draw
    kept = data.draw(st.integers(0, asked))
    interval = decision_interval(kept, asked, alpha, population)
    low, high = round(interval.low * population), round(interval.high * population)
    assert low <= high
    assert kept <= high
    assert low <= population - (asked - kept)
    decision = verdict(kept, asked, p0, alpha, population)
    if decision is Decision.MISSED:
        assert Fraction(high, population) < p0
    elif decision is Decision.MET:
        assert Fraction(low, population) >= p0
    else:
        assert Fraction(low, population) < p0 <= Fraction(high, population)


def test_interval_of_a_census_is_the_share() -> None:
    interval = decision_interval(37, 40, population=40)
    assert (interval.low, interval.high) == (37 / 40, 37 / 40)


def test_interval_beside_a_verdict_is_clopper_pearson() -> None:
    """R, binom.confint(190, 200, methods = "exact"): 2.5 % outside on each side."""
    interval = decision_interval(190, 200, "0.025")
    assert interval.low == pytest.approx(0.9099724622986486, abs=2e-7)
    assert interval.high == pytest.approx(0.975765834527891, abs=2e-7)
    assert decision_interval(190, 200).level == 0.9


def test_error_rates_at_the_target_stay_within_the_risk() -> None:
    """Summed exactly, not simulated: at p0 itself missed is rarer than 5 %, and just below it so is met."""
    for asked in (20, 50, 100, 200, 400, 1000):
        limits = decision_limits(asked, "0.9")
        below = limits.missed_max if limits.missed_max is not None else -1
        above = limits.met_min if limits.met_min is not None else asked + 1
        assert binom.cdf(below, asked, 0.9) < 0.05
        assert binom.sf(above - 1, asked, 0.9) <= 0.05


def test_letter_accuses_the_innocent_as_often_as_published() -> None:
    risks = [round(false_missed_risk_of_literal("0.92", n, "0.90"), 3) for n in (100, 200, 400)]
    assert risks == [0.176, 0.122, 0.062]


@given(SHARES, st.integers(1, 500), SHARES)
def test_letter_risk_equals_scipy(p: Fraction, n: int, p0: Fraction) -> None:
    expected = binom.cdf(ceil(p0 * n) - 1, n, float(p))
    assert false_missed_risk_of_literal(p, n, p0) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("kept", "asked", "expected"),
    [(89, 100, Decision.MISSED), (90, 100, Decision.MET), (9, 10, Decision.MET), (0, 0, Decision.UNDETERMINED)],
)
def test_letter_counts_the_target_itself_as_met(kept: int, asked: int, expected: Decision) -> None:
    assert literal_verdict(kept, asked, "0.9") is expected


def test_extra_answers_bring_a_verdict_and_one_less_does_not() -> None:
    extra = extra_answers_needed(352, 400, "0.9")
    assert extra == 300
    kept_then = ceil(Fraction(352, 400) * 700)
    assert verdict(kept_then, 700, "0.9") is Decision.MISSED
    assert verdict(ceil(Fraction(352, 400) * 699), 699, "0.9") is Decision.UNDETERMINED


@pytest.mark.parametrize(
    ("kept", "asked", "population", "expected"),
    [
        (90, 100, None, None),  # exactly on the target
        (0, 0, None, None),  # no share yet
        (96, 100, None, 0),
        (84, 100, None, 0),
        (8_999, 10_000, None, None),  # further than ANSWERS_MAX
        (91, 100, 100, 0),  # everyone was asked
    ],
)
def test_extra_answers_at_the_edges(kept: int, asked: int, population: int | None, expected: int | None) -> None:
    assert extra_answers_needed(kept, asked, "0.9", population=population) == expected


@given(st.integers(1, 200).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked))))
@settings(max_examples=40)
def test_extra_answers_never_exceed_the_population(counts: tuple[int, int]) -> None:
    kept, asked = counts
    extra = extra_answers_needed(kept, asked, "0.9", population=2_000)
    if Fraction(kept, asked) == Fraction(9, 10):
        assert extra is None
    else:
        assert extra is not None
        assert 0 <= extra <= 2_000 - asked


def test_more_answers_than_the_cap_still_get_a_verdict() -> None:
    assert extra_answers_needed(27_000, ANSWERS_MAX + 10_000, "0.9") is None
    assert extra_answers_needed(26_000, ANSWERS_MAX + 10_000, "0.9") == 0
    assert extra_answers_needed(26_999, ANSWERS_MAX + 10_000, "0.9") is None


def test_exact_shares_of_any_spelling_agree_and_floats_are_refused() -> None:
    limits = decision_limits(100, "0.9")
    assert decision_limits(100, Decimal("0.90"), "0.05") == decision_limits(100, Fraction(9, 10), "5e-2") == limits
    with pytest.raises(TypeError, match="exact share"):
        decision_limits(100, 0.9)


@pytest.mark.parametrize(
    ("asked", "p0", "alpha", "population"),
    [(-1, "0.9", "0.05", None), (10, "0", "0.05", None), (10, "1.1", "0.05", None), (10, "0.9", "0", None),
     (10, "0.9", "0.5", None), (10, "0.9", "0.05", 9)],
)  # fmt: skip
def test_impossible_questions_are_refused(asked: int, p0: str, alpha: str, population: int | None) -> None:
    with pytest.raises(ValueError, match=r"need|share|risk"):
        decision_limits(asked, p0, alpha, population)


def test_impossible_counts_are_refused() -> None:
    for kept, asked in [(-1, 5), (6, 5)]:
        with pytest.raises(ValueError, match="need"):
            verdict(kept, asked, "0.9")
        with pytest.raises(ValueError, match="need"):
            literal_verdict(kept, asked, "0.9")
        with pytest.raises(ValueError, match="need"):
            decision_interval(kept, asked)
        with pytest.raises(ValueError, match="need"):
            extra_answers_needed(kept, asked, "0.9")
