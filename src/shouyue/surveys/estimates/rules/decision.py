"""Met, missed or undetermined: what the answers of a drawn sample prove about a target, in whole numbers.

The rule allows each wrong verdict at most `alpha` (agreed at signing, usually 1/20). MISSED: so few kept answers
would be rarer than alpha if the target were just met; the upper Clopper-Pearson bound lies below p0. MET: so many
would be at most as frequent as alpha if the target were just not met; the lower bound reaches p0. Everything
between proves neither: UNDETERMINED. The tails are exact sums of integers, so that anyone can recompute a verdict
with nothing but the standard library and get the same one, also on the boundary.

p0 and alpha are exact: a Fraction, a Decimal, or text such as "0.9". A float is refused, for 0.9 as a float is not 0.9.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import islice, repeat
from math import ceil, comb, floor

from shouyue.kernel.shares import Interval, share_interval

Exact = Fraction | Decimal | str

FIVE_PERCENT = Fraction(1, 20)

# Beyond this many answers a customer survey is no longer a plan; it also bounds the time of one question.
ANSWERS_MAX = 20_000


class Decision(StrEnum):
    MET = "met"
    MISSED = "missed"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Limits:
    """MISSED when kept <= missed_max, MET when kept >= met_min; None where no count of kept answers would do."""

    missed_max: int | None
    met_min: int | None

    def decide(self, kept: int) -> Decision:
        if self.missed_max is not None and kept <= self.missed_max:
            return Decision.MISSED
        if self.met_min is not None and kept >= self.met_min:
            return Decision.MET
        return Decision.UNDETERMINED


def decision_limits(asked: int, p0: Exact, alpha: Exact = FIVE_PERCENT, population: int | None = None) -> Limits:
    """The two counts of kept answers that decide, for `asked` answers and the target share p0.

    asked: >= 0. p0: 0 < p0 <= 1. alpha: the risk allowed on each side, 0 < alpha < 1/2.
    population: how many customers the sample was drawn from without replacement, >= asked; the tails are then
    hypergeometric and the target is the whole number ceil(p0 * population) of kept customers. None: binomial.
    20,000 answers take at most 0.2 s; out of a million customers 0.3 s for a target of 90 %, 1.1 s for 50 %. Results
    are remembered.
    Raises ValueError outside those limits.
    Source: Clopper & Pearson 1934; n = 100, 400, 1000 and scipy's tails in tests/test_decision.py.
    """
    target, risk = _target(p0), _risk(alpha)
    if asked < 0 or (population is not None and population < asked):
        raise ValueError(f"need 0 <= asked <= population, not {asked} of {population}")
    if population is None:
        return _binomial_limits(asked, target, risk)
    return _hypergeometric_limits(asked, target, risk, population)


def verdict(kept: int, asked: int, p0: Exact, alpha: Exact = FIVE_PERCENT, population: int | None = None) -> Decision:
    """What `kept` of `asked` answers prove about the target p0. Limits and errors as for decision_limits."""
    _check_counts(kept, asked)
    return decision_limits(asked, p0, alpha, population).decide(kept)


def literal_verdict(kept: int, asked: int, p0: Exact) -> Decision:
    """The verdict by the letter, kept/asked >= p0, with no regard to chance; UNDETERMINED without answers."""
    _check_counts(kept, asked)
    if asked == 0:
        return Decision.UNDETERMINED
    return Decision.MET if Fraction(kept, asked) >= _target(p0) else Decision.MISSED


def false_missed_risk_of_literal(p: Exact, n: int, p0: Exact) -> float:
    """How often the letter (share of n answers < p0) accuses a party whose true share is p: in [0, 1].

    At p = 0.92 and p0 = 0.90 it is 0.176 for n = 100 and still 0.062 for n = 400.
    """
    true_share, least_kept = _target(p), ceil(_target(p0) * n)
    total: int = true_share.denominator**n
    reached = sum(islice(_binomial_weights(n, true_share), n - least_kept + 1))
    return (total - reached) / total


def decision_interval(kept: int, asked: int, alpha: Exact = FIVE_PERCENT, population: int | None = None) -> Interval:
    """The interval that agrees with the verdict: alpha outside on each side, so its level is 1 - 2 alpha.

    Binomial: Clopper-Pearson. With a population: the shares of all whole numbers of kept customers that the
    answers do not rule out. asked >= 1; errors as for decision_limits.
    """
    _check_counts(kept, asked)
    risk = _risk(alpha)
    if population is None:
        return share_interval(kept, asked, float(1 - 2 * risk), "beta")
    if asked < 1 or population < asked:
        raise ValueError(f"need 1 <= asked <= population, not {asked} of {population}")
    low, high = _kept_in_population(kept, asked, risk, population)
    return Interval(low / population, high / population, float(1 - 2 * risk), "hypergeometric")


@lru_cache(maxsize=1024)
def extra_answers_needed(
    kept: int, asked: int, p0: Exact, alpha: Exact = FIVE_PERCENT, population: int | None = None
) -> int | None:
    """How many more answers would bring a verdict if the share stayed what it is; 0 when there is one already.

    The total is found by doubling and halving, with the kept answers rounded towards p0. Counts are whole, so the
    need is a saw: a total a few answers smaller may decide too. It is a plan, not a promise, and a top-up is
    a second look at the same wave: the wave's plan must have allowed for it.
    None when the share equals p0 (no number of answers would do), when there are no answers yet, and when more
    than ANSWERS_MAX answers (or than the population has) would be needed.
    """
    _check_counts(kept, asked)
    target = _target(p0)
    if asked == 0 or Fraction(kept, asked) == target:
        return None

    def decides(total: int) -> bool:
        return verdict(_kept_at(total, Fraction(kept, asked), target), total, p0, alpha, population) in _DECIDED

    most = ANSWERS_MAX if population is None else min(population, ANSWERS_MAX)
    if decides(asked):
        return 0
    total = first_deciding(decides, above=asked, first=2 * asked, most=most)
    return None if total is None else total - asked


def first_deciding(decides: Callable[[int], bool], *, above: int, first: int, most: int) -> int | None:
    """A number up to `most` that decides while the one before does not, by doubling from `first` and halving back.

    above: a number that does not decide, below `first`. None when doubling meets none.
    """
    short, enough = above, min(first, most)
    while not decides(enough):
        if enough >= most:
            return None
        short, enough = enough, min(2 * enough, most)
    while enough - short > 1:
        middle = (short + enough) // 2
        short, enough = (short, middle) if decides(middle) else (middle, enough)
    return enough


_DECIDED = (Decision.MET, Decision.MISSED)


def _kept_at(total: int, share: Fraction, target: Fraction) -> int:
    return ceil(share * total) if share < target else floor(share * total)


@lru_cache(maxsize=4096)
def _binomial_limits(asked: int, target: Fraction, risk: Fraction) -> Limits:
    mirrored = target < Fraction(1, 2)
    weights = _binomial_weights(asked, 1 - target if mirrored else target)
    total: int = target.denominator**asked
    # Upper bound < p0 means a tail below the risk; lower bound >= p0 means a tail of at most the risk.
    missed_line, met_line = ceil(risk * total) - 1, floor(risk * total)
    missed, met = _tail_sizes(asked, weights, total, missed_line=missed_line, met_line=met_line, mirrored=mirrored)
    return _limits(asked, missed, met)


def _hypergeometric_limits(asked: int, target: Fraction, risk: Fraction, population: int) -> Limits:
    # Missed must refute the worst population that meets the target; met, the best one that does not.
    least_kept = ceil(target * population)
    missed, _ = _hypergeometric_tails(asked, least_kept, risk, population)
    _, met = _hypergeometric_tails(asked, least_kept - 1, risk, population)
    return _limits(asked, missed, met)


@lru_cache(maxsize=4096)
def _hypergeometric_tails(asked: int, kept_all: int, risk: Fraction, population: int) -> tuple[int, int]:
    mirrored = 2 * kept_all < population
    weights = _hypergeometric_weights(asked, population - kept_all if mirrored else kept_all, population)
    total = comb(population, asked)
    line = floor(risk * total)
    return _tail_sizes(asked, weights, total, missed_line=line, met_line=line, mirrored=mirrored)


def _limits(asked: int, missed: int, met: int) -> Limits:
    """From how many of the counts 0..asked lie in the tail that says missed, and in the one that says met."""
    return Limits(missed_max=missed - 1 if missed else None, met_min=asked - met + 1 if met else None)


def _tail_sizes(
    asked: int, weights: Iterator[int], total: int, *, missed_line: int, met_line: int, mirrored: bool
) -> tuple[int, int]:
    """How many counts have a lower tail of at most missed_line, and how many an upper tail of at most met_line.

    weights come from the nearer end, so that a target of 90 % is settled by the upper tenth of the counts:
    from all kept downwards, or (mirrored) from none kept upwards.
    """
    near_line, far_line = (missed_line, met_line) if mirrored else (met_line, missed_line)
    summed = near = seen = 0
    for weight in weights:
        if total - summed <= far_line:
            break
        summed += weight
        seen += 1
        near = seen if summed <= near_line else near
    far = asked + 1 - seen
    return (near, far) if mirrored else (far, near)


def _binomial_weights(asked: int, share: Fraction) -> Iterator[int]:
    """Whole weights of asked, asked - 1, ..., 0 answers of a kind with this share; together denominator**asked."""
    part, rest = share.numerator, share.denominator - share.numerator
    weight = part**asked
    for others in range(asked + 1):
        yield weight
        # No remainder: the next weight is a whole number, and this is the ratio of neighbours.
        weight = weight * ((asked - others) * rest) // ((others + 1) * part)


def _hypergeometric_weights(asked: int, having: int, population: int) -> Iterator[int]:
    """Whole weights of asked, asked - 1, ..., 0 answers of a kind that `having` of the population are of."""
    lacking = population - having
    most, least = min(asked, having), max(0, asked - lacking)
    yield from repeat(0, asked - most)
    weight = comb(having, most) * comb(lacking, asked - most)
    for count in range(most, least - 1, -1):
        yield weight
        weight = weight * (count * (lacking - asked + count)) // ((having - count + 1) * (asked - count + 1))
    yield from repeat(0, least)


def _kept_in_population(kept: int, asked: int, risk: Fraction, population: int) -> tuple[int, int]:
    """The fewest and the most kept customers in the population that the answers do not rule out."""
    everyone = range(population + 1)

    def refuted_by_so_many(kept_all: int) -> bool:
        return asked - kept < _hypergeometric_tails(asked, kept_all, risk, population)[1]

    def refuted_by_so_few(kept_all: int) -> bool:
        return kept < _hypergeometric_tails(asked, kept_all, risk, population)[0]

    low = bisect_left(everyone, True, key=lambda kept_all: not refuted_by_so_many(kept_all))
    high = bisect_left(everyone, True, key=refuted_by_so_few) - 1
    return low, high


def _target(p0: Exact) -> Fraction:
    target = _fraction(p0)
    if not 0 < target <= 1:
        raise ValueError(f"a target share lies above 0 and is at most 1, not {p0}")
    return target


def _risk(alpha: Exact) -> Fraction:
    risk = _fraction(alpha)
    if not 0 < risk < Fraction(1, 2):
        raise ValueError(f"the risk on each side lies between 0 and 1/2, not {alpha}")
    return risk


def _fraction(value: Exact) -> Fraction:
    if not isinstance(value, Fraction | Decimal | str):
        raise TypeError(f"give an exact share (Fraction, Decimal or text), not {type(value).__name__}")
    return Fraction(value)


def _check_counts(kept: int, asked: int) -> None:
    if not 0 <= kept <= asked:
        raise ValueError(f"need 0 <= kept <= asked, not {kept} of {asked}")
