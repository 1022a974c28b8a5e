"""Loyalty by behaviour: worked examples, and one pass against a naive count over whole lists."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouyue.kernel.period import Quarter
from shouyue.surveys.estimates.rules.loyalty import (
    Count,
    Purchase,
    PurchasesUnsortedError,
    repurchase_by_cohort,
    repurchase_by_windows,
    retention_by_quarter,
)

Q1, Q2, Q3, Q4 = (Quarter(2020, number) for number in (1, 2, 3, 4))
DAYS = st.dates(date(2019, 1, 1), date(2021, 12, 31))
HISTORIES = st.dictionaries(st.integers(0, 30), st.lists(DAYS, min_size=1, max_size=8).map(sorted), max_size=12)


def _purchases(histories: dict[int, list[date]]) -> list[Purchase]:
    return [(customer, day) for customer, days in histories.items() for day in days]


def test_repurchase_counts_the_second_order_within_the_window() -> None:
    first = date(2020, 2, 1)
    purchases = [
        ("on the last day of the window", first),
        ("on the last day of the window", first + timedelta(days=90)),
        ("a day too late", first),
        ("a day too late", first + timedelta(days=91)),
        ("twice on the same day", first),
        ("twice on the same day", first),
        ("once", date(2020, 4, 1)),
    ]
    as_of = date(2020, 6, 29)  # 90 days after 31 March
    assert repurchase_by_cohort(purchases, 90, as_of) == {Q1: Count(2, 3, True), Q2: Count(0, 1, False)}
    day_before = repurchase_by_cohort(purchases, 90, as_of - timedelta(days=1))
    assert day_before[Q1] == Count(2, 3, False)


def test_repurchase_does_not_look_past_the_stated_day() -> None:
    purchases = [("a", date(2020, 2, 1)), ("a", date(2020, 3, 1)), ("b", date(2020, 3, 2))]
    assert repurchase_by_cohort(purchases, 90, date(2020, 2, 15)) == {Q1: Count(0, 1, False)}


def test_repurchase_window_of_no_days_is_the_same_day() -> None:
    purchases = [("a", date(2020, 2, 1)), ("a", date(2020, 2, 1)), ("b", date(2020, 2, 1)), ("b", date(2020, 2, 2))]
    assert repurchase_by_cohort(purchases, 0, date(2020, 3, 31)) == {Q1: Count(1, 2, True)}


def test_retention_asks_those_of_the_previous_quarter() -> None:
    purchases = [
        ("stays", date(2020, 1, 5)),
        ("stays", date(2020, 1, 6)),
        ("stays", date(2020, 5, 1)),
        ("leaves", date(2020, 3, 31)),
        ("returns", date(2020, 2, 1)),
        ("returns", date(2020, 8, 1)),
        ("comes", date(2020, 6, 30)),
    ]
    assert retention_by_quarter(purchases, date(2020, 9, 29)) == {Q2: Count(1, 3, True), Q3: Count(0, 2, False)}
    assert retention_by_quarter(purchases, date(2020, 12, 31)) == {
        Q2: Count(1, 3, True),
        Q3: Count(0, 2, True),
        Q4: Count(0, 1, True),
    }


def test_retention_of_the_first_quarter_is_nothing() -> None:
    assert retention_by_quarter([("a", date(2020, 1, 5))], date(2020, 3, 31)) == {}
    assert retention_by_quarter([("a", date(2020, 1, 5))], date(2020, 4, 1)) == {Q2: Count(0, 1, False)}
    assert retention_by_quarter([], date(2020, 3, 31)) == {}


@given(HISTORIES, st.integers(0, 400), DAYS)
def test_repurchase_equals_a_naive_count(histories: dict[int, list[date]], window_days: int, as_of: date) -> None:
    expected: dict[Quarter, Count] = {}
    seen = {customer: [day for day in days if day <= as_of] for customer, days in histories.items()}
    for cohort in {Quarter.of(days[0]) for days in seen.values() if days}:
        members = [days for days in seen.values() if days and Quarter.of(days[0]) == cohort]
        kept = [days for days in members if sum((day - days[0]).days <= window_days for day in days) > 1]
        is_due = (as_of - cohort.last_day).days >= window_days
        expected[cohort] = Count(len(kept), len(members), is_due)
    result = repurchase_by_cohort(iter(_purchases(histories)), window_days, as_of)
    assert result == expected
    assert list(result) == sorted(result)


@given(HISTORIES, st.sets(st.integers(0, 400), min_size=1, max_size=4), DAYS)
def test_several_windows_in_one_pass_equal_each_alone(
    histories: dict[int, list[date]], windows: set[int], as_of: date
) -> None:
    found = repurchase_by_windows(iter(_purchases(histories)), sorted(windows), as_of)
    assert found == {one: repurchase_by_cohort(iter(_purchases(histories)), one, as_of) for one in windows}


@given(HISTORIES, DAYS)
def test_retention_equals_a_naive_count(histories: dict[int, list[date]], as_of: date) -> None:
    active: dict[Quarter, set[int]] = {}
    for customer, days in histories.items():
        for day in days:
            if day <= as_of:
                active.setdefault(Quarter.of(day), set()).add(customer)
    expected = {}
    for before, customers in active.items():
        quarter = before.next()
        if quarter <= Quarter.of(as_of):
            stayed = customers & active.get(quarter, set())
            expected[quarter] = Count(len(stayed), len(customers), quarter.last_day <= as_of)
    result = retention_by_quarter(iter(_purchases(histories)), as_of)
    assert result == expected
    assert list(result) == sorted(result)


@pytest.mark.parametrize("unsorted_at", [1, 2, 5])
def test_unsorted_days_are_refused_wherever_they_are(unsorted_at: int) -> None:
    purchases = [("a", date(2020, 1, 1) + timedelta(days=day)) for day in range(7)]
    purchases[unsorted_at] = ("a", date(2019, 1, 1))
    with pytest.raises(PurchasesUnsortedError):
        repurchase_by_cohort(purchases, 90, date(2021, 1, 1))
    with pytest.raises(PurchasesUnsortedError):
        retention_by_quarter(purchases, date(2021, 1, 1))


def test_negative_window_is_refused() -> None:
    with pytest.raises(ValueError, match="window"):
        repurchase_by_cohort([], -1, date(2021, 1, 1))


def test_purchases_are_read_once_and_never_held() -> None:
    """A source that allows a single pass and counts how far the reader is ahead of the customer in hand."""

    def source() -> Iterator[Purchase]:
        for customer in range(1_000):
            yield customer, date(2020, 2, 1)
            yield customer, date(2020, 5, 1)

    assert retention_by_quarter(source(), date(2020, 12, 31)) == {
        Q2: Count(1_000, 1_000, True),
        Q3: Count(0, 1_000, True),
    }
