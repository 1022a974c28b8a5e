"""Days of the contract: its months counted from the effective date, its phases, the day it is read on."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

PhaseMoment = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """First and last day of an agreement, both inside it. Raises ValueError when it ends before it starts."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError(f"a term from {self.starts_on} cannot end on {self.ends_on}")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePlan:
    """A phase as contract months, 1-based and inclusive: months 4 to 6."""

    first_month: int
    last_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState:
    """Where a phase stands on a day. "done" says that its time is over, not that its duties were kept.

    days_left: days still to come after that day until the phase ends (0 on its last day); None unless it is now.
    """

    moment: PhaseMoment
    starts_on: date
    ends_on: date
    days_left: int | None


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later; the month's last day where that day does not exist.

    Always count from the first day, never from the answer: 31 January + 1 + 1 months is 28 March.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def month_start(starts_on: date, month: int) -> date:
    """First day of contract month `month` (1 is the month that begins on the effective date)."""
    if month < 1:
        raise ValueError(f"contract months start at 1, not {month}")
    return add_months(starts_on, month - 1)


def month_end(starts_on: date, month: int) -> date:
    """Last day of contract month `month`: the day before the next one begins."""
    return month_start(starts_on, month + 1) - timedelta(days=1)


def month_of(starts_on: date, day: date) -> int:
    """The contract month a day falls in; 0 or less before the effective date."""
    months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
    return months + 1 if add_months(starts_on, months) <= day else months


def months_in(term: Term) -> int:
    """How many contract months the term touches; a last month cut short counts."""
    return month_of(term.starts_on, term.ends_on)


def contract_month(term: Term, on: date) -> int | None:
    """The contract month of a day ("month 9 of 12"), None outside the term."""
    return month_of(term.starts_on, on) if on in term else None


def phase_state(phase: PhasePlan, starts_on: date, on: date) -> PhaseState:
    """Is the phase over, running or still to come on that day, and how many days of it are left?"""
    first = month_start(starts_on, phase.first_month)
    last = month_end(starts_on, phase.last_month)
    if on > last:
        return PhaseState(moment="done", starts_on=first, ends_on=last, days_left=None)
    if on < first:
        return PhaseState(moment="later", starts_on=first, ends_on=last, days_left=None)
    return PhaseState(moment="now", starts_on=first, ends_on=last, days_left=(last - on).days)


def standing_day(today: date, data_until: date | None) -> date:
    """The day to judge on: today, or the last day with complete records where they end earlier."""
    return today if data_until is None else min(today, data_until)
