"""Loyalty by behaviour: who bought again. Counted over every customer in one pass, so there is no interval.

Purchases come as (customer, day) pairs, one per order, all orders of a customer together and in the order of days.
Memory holds a few numbers per quarter and one customer at a time, whatever the number of customers.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from shouyue.kernel.period import Quarter

Purchase = tuple[Hashable, date]


class PurchasesUnsortedError(ValueError):
    """A customer's purchases were not in the order of their days."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many kept out of how many, and whether the time to judge them has come."""

    kept: int
    asked: int
    is_due: bool


def repurchase_by_cohort(purchases: Iterable[Purchase], window_days: int, as_of: date) -> dict[Quarter, Count]:
    """Of the customers whose first order fell in a quarter, how many ordered again within the window.

    window_days: calendar days after the first order, >= 0; a second order on the same day counts, and so does one on
    the last day of the window. as_of: later orders are not looked at. A cohort is due once the window of its
    last day has passed in full; until then its counts are what is known so far.
    Returns the cohorts that have customers, by time.
    Raises PurchasesUnsortedError, and ValueError for a negative window.
    """
    return repurchase_by_windows(purchases, [window_days], as_of)[window_days]


def repurchase_by_windows(
    purchases: Iterable[Purchase], windows: Sequence[int], as_of: date
) -> dict[int, dict[Quarter, Count]]:
    """The same for several windows of so many days, in one pass; by window."""
    if any(window < 0 for window in windows):
        raise ValueError(f"windows of {windows} days")
    asked: Counter[Quarter] = Counter()
    kept: dict[int, Counter[Quarter]] = {window: Counter() for window in windows}
    for days in _days_by_customer(purchases, as_of):
        first = next(days)
        cohort = Quarter.of(first)
        asked[cohort] += 1
        second = next(days, None)
        if second is not None:
            waited = (second - first).days
            for window in windows:
                if waited <= window:
                    kept[window][cohort] += 1
    return {
        window: {
            cohort: Count(kept[window][cohort], asked[cohort], is_due=as_of >= cohort.last_day + timedelta(days=window))
            for cohort in sorted(asked)
        }
        for window in windows
    }


def retention_by_quarter(purchases: Iterable[Purchase], as_of: date) -> dict[Quarter, Count]:
    """Of the customers who ordered in the previous quarter, how many ordered in this one too.

    as_of: later orders are not looked at. A quarter is due once its last day has come.
    Returns the quarters up to as_of whose previous quarter had customers, by time; so the first one is absent.
    Raises PurchasesUnsortedError.
    """
    active: Counter[Quarter] = Counter()
    stayed: Counter[Quarter] = Counter()
    for days in _days_by_customer(purchases, as_of):
        before: Quarter | None = None
        for day in days:
            quarter = Quarter.of(day)
            if quarter == before:
                continue
            active[quarter] += 1
            if before is not None and before.next() == quarter:
                stayed[quarter] += 1
            before = quarter
    judged = (quarter.next() for quarter in sorted(active) if quarter.last_day < as_of)
    return {
        quarter: Count(stayed[quarter], active[quarter.previous()], is_due=as_of >= quarter.last_day)
        for quarter in judged
    }


def _days_by_customer(purchases: Iterable[Purchase], as_of: date) -> Iterator[Iterator[date]]:
    """The days of each customer's orders up to as_of, for the customers who have any."""
    until = (purchase for purchase in _in_order(purchases) if purchase[1] <= as_of)
    for _, orders in groupby(until, key=itemgetter(0)):
        yield (day for _, day in orders)


def _in_order(purchases: Iterable[Purchase]) -> Iterator[Purchase]:
    last_customer: Hashable = None
    last_day = date.min
    for purchase in purchases:
        customer, day = purchase
        if customer == last_customer and day < last_day:
            raise PurchasesUnsortedError(f"purchases of {customer!r}: {day} comes after {last_day}")
        last_customer, last_day = customer, day
        yield purchase
