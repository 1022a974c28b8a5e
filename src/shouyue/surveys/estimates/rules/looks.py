"""Verdicts of a wave that may be topped up: a plan of looks, whose risks together stay within the one agreed.

Looking twice doubles the chances to be wrong. So the risk is split over the looks before the first answer comes, and
the limits of each look spend no more than its part. All tails are exact sums of whole numbers, as in decision.py.
Each side counts its own crossings as if the other did not stop the wave, which can only make it more careful.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise
from math import ceil, comb, floor

from shouyue.surveys.estimates.rules.decision import Decision, Exact, Limits


def look_limits(asked: Sequence[int], spent: Sequence[Exact], p0: Exact) -> list[Limits]:
    """The limits of each look. asked: answers so far at each, ascending, >= 1. p0: the target share, within (0, 1).

    spent: the risk spent up to each look, on either side, ascending; its last entry is the whole risk, below 1/2.
    The numbers of answers may be known only when a look comes; the risks may not.
    Raises ValueError outside those limits.
    Source: exact error spending for binomial looks (Lan & DeMets 1983); enumeration in tests/test_looks.py.
    """
    risks = tuple(Fraction(one) for one in spent)
    target = Fraction(p0)
    is_ascending = all(first < second for first, second in pairwise(asked))
    if not asked or len(asked) != len(risks) or asked[0] < 1 or not is_ascending:
        raise ValueError("looks come with more answers each, and with a risk each")
    if list(risks) != sorted(risks) or not (0 < risks[-1] < Fraction(1, 2) and risks[0] >= 0) or not 0 < target < 1:
        raise ValueError("the risk spent ascends from 0 and ends below 1/2; the target lies between 0 and 1")
    low = _crossings(tuple(asked), risks, target, is_strict=True)
    high = _crossings(tuple(asked), risks, 1 - target, is_strict=False)
    return [
        Limits(missed_max=few, met_min=None if lost is None else n - lost)
        for n, few, lost in zip(asked, low, high, strict=True)
    ]


def verdict_at_look(kept: Sequence[int], asked: Sequence[int], spent: Sequence[Exact], p0: Exact) -> Decision:
    """The verdict of the looks so far: the first that decides stands. kept: so far at each look."""
    if any(not 0 <= k <= n for k, n in zip(kept, asked, strict=True)):
        raise ValueError("need 0 <= kept <= asked at each look")
    for limits, count in zip(look_limits(asked, spent[: len(asked)], p0), kept, strict=True):
        if (found := limits.decide(count)) is not Decision.UNDETERMINED:
            return found
    return Decision.UNDETERMINED


@lru_cache(maxsize=16_384)
def _crossings(
    asked: tuple[int, ...], risks: tuple[Fraction, ...], share: Fraction, *, is_strict: bool
) -> list[int | None]:
    """For each look the largest count that crosses downwards, when each answer counts with this share; None: none.

    Answers are counted by the rarer of the two kinds, so that few counts settle a limit: from below where answers that
    count are rare, else from above, where what remains is the lower tail.
    """
    is_rare = share < Fraction(1, 2)
    rarer = share.numerator if is_rare else share.denominator - share.numerator
    ways: _Ways = _nobody_asked
    before, crossed, found = 0, 0, []
    for answers, risk in zip(asked, risks, strict=True):
        ways = _after(ways, answers - before)
        total = share.denominator**answers
        crossed *= share.denominator ** (answers - before)
        line = (ceil(risk * total) - 1 if is_strict else floor(risk * total)) - crossed
        weights = _weights(ways, answers, rarer, share.denominator - rarer)
        if is_rare:
            limit, summed = _lowest(weights, line)
            limit = limit if limit is not None and ways(limit) else None
            crossed += summed
        else:
            others, left = _highest(weights, line, total - crossed)
            limit = answers - others if others <= answers and ways(others) else None
            crossed += left if limit is not None else 0
        if limit is not None:
            ways = _going_on(ways, limit, None) if is_rare else _going_on(ways, None, answers - limit)
        before = answers
        found.append(limit)
    return found


_Ways = Callable[[int], int]  # sequences of answers that have not crossed, by how many are of the rarer kind


def _nobody_asked(count: int) -> int:
    return int(count == 0)


def _after(ways: _Ways, more: int) -> _Ways:
    @cache
    def reached(count: int) -> int:
        return sum(
            number * comb(more, count - first)
            for first in range(max(0, count - more), count + 1)
            if (number := ways(first))
        )

    return reached


def _going_on(ways: _Ways, above: int | None, below: int | None) -> _Ways:
    """Only the counts above one bound or below the other are still going."""
    return lambda count: ways(count) if (above is None or count > above) and (below is None or count < below) else 0


def _weights(ways: _Ways, answers: int, rarer: int, others: int) -> Iterator[int]:
    """Whole weights of 0, 1, 2, … answers of the rarer kind."""
    weight = others**answers
    for count in range(answers + 1):
        yield ways(count) * weight
        # No remainder: rarer answers take the place of others one by one.
        weight = weight * rarer // others


def _lowest(weights: Iterator[int], line: int) -> tuple[int | None, int]:
    """The largest count whose lower tail stays within the line, and that tail."""
    limit, summed = None, 0
    for count, weight in enumerate(weights):
        if summed + weight > line:
            break
        limit, summed = count, summed + weight
    return limit, summed


def _highest(weights: Iterator[int], line: int, left: int) -> tuple[int, int]:
    """The smallest count of the rarer kind from which on the rest stays within the line, and that rest."""
    count = 0
    for weight in weights:
        if left <= line:
            break
        left -= weight
        count += 1
    return count, left
