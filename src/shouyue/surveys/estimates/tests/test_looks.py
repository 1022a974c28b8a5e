"""Group-sequential limits against an enumeration of every path, and the risks they must keep."""

from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouyue.surveys.estimates.rules.decision import Decision, decision_limits
from shouyue.surveys.estimates.rules.looks import look_limits, verdict_at_look

HALVES = (Fraction(1, 40), Fraction(1, 20))


def _risks(asked: list[int], limits: list, p: Fraction) -> tuple[Fraction, Fraction]:
    """How often a wave ends in missed and in met, path by path, stopping at the first look that decides."""
    paths, ends = {0: Fraction(1)}, {Decision.MISSED: Fraction(0), Decision.MET: Fraction(0)}
    for (before, now), limit in zip(pairwise([0, *asked]), limits, strict=True):
        reached: dict[int, Fraction] = {}
        for kept, chance in paths.items():
            for extra in range(now - before + 1):
                ways = comb(now - before, extra) * p**extra * (1 - p) ** (now - before - extra)
                reached[kept + extra] = reached.get(kept + extra, Fraction(0)) + chance * ways
        paths = {}
        for kept, chance in reached.items():
            verdict = limit.decide(kept)
            if verdict in ends:
                ends[verdict] += chance
            else:
                paths[kept] = chance
    return ends[Decision.MISSED], ends[Decision.MET]


def test_one_look_is_the_ordinary_verdict() -> None:
    for asked in (50, 100, 400):
        assert look_limits([asked], ["0.05"], "0.9") == [decision_limits(asked, "0.9")]


@settings(max_examples=25)
@given(
    asked=st.lists(st.integers(1, 25), min_size=1, max_size=3, unique=True).map(sorted),
    percent=st.sampled_from([50, 75, 80, 90]),
)
def test_both_risks_stay_within_the_agreed_one(asked: list[int], percent: int) -> None:
    p0 = Fraction(percent, 100)
    spent = [Fraction(step + 1, 20 * len(asked)) for step in range(len(asked))]
    limits = look_limits(asked, spent, p0)
    for p in (p0, p0 + Fraction(1, 25)):
        assert _risks(asked, limits, p)[0] <= Fraction(1, 20)
    for p in (p0, p0 - Fraction(1, 25)):
        assert _risks(asked, limits, p)[1] <= Fraction(1, 20)


def test_looking_twice_without_a_plan_breaks_the_risk_and_the_plan_mends_it() -> None:
    asked = [60, 120]
    careless = [decision_limits(n, "0.8") for n in asked]
    assert max(_risks(asked, careless, Fraction(4, 5))) > Fraction(1, 20)
    assert max(_risks(asked, look_limits(asked, HALVES, "0.8"), Fraction(4, 5))) <= Fraction(1, 20)


def test_no_limit_could_be_wider() -> None:
    asked = [20, 40]
    limits = look_limits(asked, HALVES, "0.75")
    first = sum(comb(20, k) * Fraction(3, 4) ** k * Fraction(1, 4) ** (20 - k) for k in range(limits[0].missed_max + 2))
    assert first > HALVES[0]


def test_the_first_look_that_decides_stands() -> None:
    spent = ("0.025", "0.05")
    assert verdict_at_look([60], [100], spent, "0.9") is Decision.MISSED
    assert verdict_at_look([91], [100], spent, "0.9") is Decision.UNDETERMINED
    assert verdict_at_look([91, 390], [100, 400], spent, "0.9") is Decision.MET
    # Missed at the first look: what came later does not undo it.
    assert verdict_at_look([60, 360], [100, 400], spent, "0.9") is Decision.MISSED


def test_looks_must_go_forward() -> None:
    with pytest.raises(ValueError, match="more answers each"):
        look_limits([100, 100], HALVES, "0.9")
    with pytest.raises(ValueError, match="ends below 1/2"):
        look_limits([100, 200], ["0.05", "0.025"], "0.9")
