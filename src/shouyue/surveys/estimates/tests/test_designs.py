"""Weighted estimates: what svy's traps would break, and plain arithmetic on simple designs."""

from math import inf, isfinite, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.designs import (
    Design,
    Estimate,
    UnreachableError,
    Weighting,
    decision_share,
    effective_answers,
    kish_effect,
    mean,
    share,
    total,
    weights_after,
)

MARGINS = {"tier": ["gold"] * 3 + ["silver"] * 5, "region": ["north", "south"] * 4}
TOTALS = {"tier": {"gold": 30.0, "silver": 90.0}, "region": {"north": 50.0, "south": 70.0}}


def test_equal_weights_give_the_plain_share_and_its_error() -> None:
    kept = [True] * 40 + [False] * 10
    found = share(kept, Design(weights=[20.0] * 50))
    assert found.value == pytest.approx(0.8)
    assert found.error == pytest.approx(sqrt(0.8 * 0.2 / 49))


def test_a_census_has_no_error() -> None:
    found = total([1.0, 2.0, 3.0, 6.0], Design(weights=[1.0] * 4, populations=[4.0] * 4))
    assert (found.value, found.error) == (12.0, 0.0)


@pytest.mark.parametrize(("everybody", "low_is_open"), [(True, True), (False, False)])
@pytest.mark.parametrize("answers", [2, 60])
def test_agreement_of_all_has_an_interval(everybody: bool, low_is_open: bool, answers: int) -> None:
    found = share([everybody] * answers, Design(weights=[3.0] * answers))
    assert found.value == (1.0 if everybody else 0.0)
    assert (isfinite(found.low), isfinite(found.high)) == (True, True)
    assert found.low < found.high
    assert (found.high == 1.0, found.low == 0.0) == (low_is_open, not low_is_open)


@pytest.mark.parametrize("keeps", [True, False])
def test_one_answer_alone_shows_nothing(keeps: bool) -> None:
    assert share([keeps], Design(weights=[70.0])) == Estimate(float(keeps), inf, 0.0, 1.0, 0)


def test_raking_reaches_every_margin() -> None:
    reached = weights_after(Design(weights=[10.0] * 8), Weighting(MARGINS, TOTALS))
    for name, levels in TOTALS.items():
        for label, wanted in levels.items():
            got = sum(weight for weight, at in zip(reached, MARGINS[name], strict=True) if at == label)
            assert got == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=20)
@given(counts=st.lists(st.integers(20, 400), min_size=4, max_size=4))
def test_raking_reaches_margins_of_any_population(counts: list[int]) -> None:
    # Two margins of one population of four cells: they agree on its size.
    rows = {"a": [0, 0, 1, 1, 0, 1, 0, 1], "b": [0, 1, 0, 1, 1, 0, 0, 1]}
    totals = {
        "a": {0: float(counts[0] + counts[1]), 1: float(counts[2] + counts[3])},
        "b": {0: float(counts[0] + counts[2]), 1: float(counts[1] + counts[3])},
    }
    reached = weights_after(Design(weights=[1.0] * 8), Weighting(rows, totals))
    for name, levels in totals.items():
        for label, wanted in levels.items():
            got = sum(weight for weight, at in zip(reached, rows[name], strict=True) if at == label)
            assert abs(got - wanted) < 1e-6


def test_trimmed_raking_keeps_the_bound_and_the_margins() -> None:
    rows = {"tier": ["gold"] * 4 + ["silver"] * 6}
    totals = {"tier": {"gold": 40.0, "silver": 60.0}}
    start = Design(weights=[1.0, 1.0, 1.0, 37.0, *[10.0] * 6])
    untrimmed = weights_after(start, Weighting(rows, totals))
    trimmed = weights_after(start, Weighting(rows, totals, largest=16.0))
    assert max(untrimmed) > 16 >= max(trimmed) - 1e-6
    assert sum(trimmed[:4]) == pytest.approx(40, abs=1e-6)
    assert kish_effect(trimmed) < kish_effect(untrimmed)


def test_a_margin_out_of_reach_is_refused() -> None:
    with pytest.raises(UnreachableError):
        weights_after(Design(weights=[1.0] * 8), Weighting(MARGINS, TOTALS, largest=5.0))


def test_unequal_weights_cost_answers() -> None:
    assert kish_effect([2.0] * 7) == pytest.approx(1.0)
    assert kish_effect([1.0, 3.0]) == pytest.approx(1.25)
    assert effective_answers([1.0, 3.0]) == pytest.approx(1.6)
    with pytest.raises(ValueError, match="weights lie above 0"):
        kish_effect([])


def test_strata_take_their_difference_out_of_the_error() -> None:
    values, strata = [1.0, 1.0, 9.0, 9.0], ["low", "low", "high", "high"]
    plain = mean(values, Design(weights=[5.0] * 4))
    stratified = mean(values, Design(weights=[5.0] * 4, strata=strata))
    assert (plain.value, stratified.value) == (5.0, 5.0)
    assert stratified.error == 0 < plain.error


def test_agreeing_answers_of_unequal_weight_count_as_what_the_weights_leave_of_them() -> None:
    weights = [1.0] * 51 + [17 / 3] * 9  # nine stand for half of everybody
    sure, found = (
        share([True] * 60, Design(weights=weights), level=0.9, method="korn-graubard"),
        decision_share([True] * 60, Design(weights=weights), level=0.9),
    )
    assert sure.low == pytest.approx(0.05 ** (1 / 60))
    # Clopper-Pearson of n / Kish answers that all agree, by its formula.
    assert (found.low, found.high) == (pytest.approx(0.05 ** (1 / (60 / kish_effect(weights)))), 1.0)
    other = decision_share([False] * 60, Design(weights=weights), level=0.9)
    assert (other.low, other.high) == (0.0, pytest.approx(1 - found.low))


def test_strata_that_explain_every_answer_leave_an_interval() -> None:
    design = Design(weights=[1.0] * 4, strata=["a", "a", "b", "b"])
    assert share([True, True, False, False], design, level=0.9, method="korn-graubard").error == 0
    found = decision_share([True, True, False, False], design, level=0.9)
    # Clopper-Pearson of 2 of 4 at 90 %.
    assert (round(found.low, 4), round(found.high, 4)) == (0.0976, 0.9024)


@settings(max_examples=25, deadline=None)
@given(
    answers=st.lists(st.tuples(st.booleans(), st.floats(0.05, 50), st.sampled_from("ab")), min_size=4, max_size=40),
)
def test_an_interval_that_decides_lies_around_its_share_and_is_never_narrower(
    answers: list[tuple[bool, float, str]],
) -> None:
    kept = [one for one, _weight, _stratum in answers]
    strata = [stratum for _kept, _weight, stratum in answers]
    is_stratified = min(strata.count("a"), strata.count("b")) > 1
    design = Design(weights=[weight for _kept, weight, _s in answers], strata=strata if is_stratified else None)
    sure, found = share(kept, design, level=0.9, method="korn-graubard"), decision_share(kept, design, level=0.9)
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 1
    assert found.high - found.low >= sure.high - sure.low - 1e-9
