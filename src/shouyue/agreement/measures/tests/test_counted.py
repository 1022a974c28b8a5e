"""Counts by quarter: nothing is lost, nothing counts early."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shouyue.agreement.measures.rules.counted import Scope, by_quarter
from shouyue.kernel.period import Quarter

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(st.lists(st.tuples(DAYS, st.booleans())), DAYS)
def test_every_due_day_counts_once_in_its_quarter(days: list[tuple[date, bool]], as_of: date) -> None:
    found = by_quarter(days, as_of=as_of)
    due = [(day, kept) for day, kept in days if day <= as_of]
    assert sum(one.asked for one in found) == len(due)
    assert sum(one.kept for one in found) == sum(kept for _day, kept in due)
    assert [one.quarter for one in found] == sorted({Quarter.of(day) for day, _kept in due})


def test_the_quarters_of_a_term_end_with_the_records() -> None:
    scope = Scope(
        agreement_id=UUID(int=1),
        starts_on=date(2026, 2, 15),
        ends_on=date(2027, 2, 14),
        zone="Asia/Shanghai",
        as_of=date(2026, 7, 1),
        parameters={},
    )
    assert [str(quarter) for quarter in scope.quarters()] == ["2026Q1", "2026Q2", "2026Q3"]
