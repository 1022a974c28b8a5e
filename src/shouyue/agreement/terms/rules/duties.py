"""When duties fall due within the term, and when one that is not done yet is at risk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shouyue.agreement.terms.rules.schedule import PhasePlan, Term, add_months, month_end, month_start
from shouyue.agreement.terms.rules.working_time import working_days

_STEP_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
CADENCES = ("once", "daily", "monthly", "quarterly", "yearly", "continuous")
ANCHORS = ("contract", "calendar")
# A duty is at risk when less than this share of its time is left, or this many working days.
RISK_PERCENT = 20
RISK_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a duty falls due.

    cadence: once, daily, monthly, quarterly, yearly, continuous. anchor: "contract" counts periods in months of the
    contract, "calendar" takes calendar months, quarters and years. first_month: the contract month at whose end a
    duty on the contract's months first falls due; calendar duties count from that month's first period.
    """

    cadence: str
    anchor: str = "calendar"
    first_month: int = 1

    def __post_init__(self) -> None:
        if self.cadence not in CADENCES:
            raise ValueError(f"unknown cadence: {self.cadence}")
        if self.anchor not in ANCHORS:
            raise ValueError(f"unknown anchor: {self.anchor}")
        if self.first_month < 1:
            raise ValueError(f"contract months start at 1, not {self.first_month}")


def due_dates(rhythm: Rhythm, term: Term) -> Iterator[date]:
    """Every day of the term on which the duty falls due, in order. None for a duty that holds at all times.

    A calendar period counts when at least half of its days lie in the term; one that the end of the term cuts off is
    due on the term's last day. Periods on the contract's months are due on their last day.
    """
    if rhythm.cadence == "continuous":
        return iter(())
    if rhythm.cadence == "daily":
        return _days(term)
    if rhythm.anchor == "contract":
        return _contract_dates(rhythm, term)
    return _calendar_dates(rhythm, term)


def next_due(rhythm: Rhythm, term: Term, on: date) -> date | None:
    """The first due day that is `on` or later; None when there is none left in the term or the duty has no dates."""
    return next((due for due in due_dates(rhythm, term) if due >= on), None)


def window_start(rhythm: Rhythm, term: Term, due: date, phases: Iterable[PhasePlan] = ()) -> date:
    """The day on which the time for a duty due on `due` began.

    That is the day after the due day before it, or the start of the term. A duty done once has the time of the phase
    whose months contain the month it falls due in.
    """
    earlier = [day for day in due_dates(rhythm, term) if day < due]
    if earlier:
        return earlier[-1] + timedelta(days=1)
    if rhythm.cadence == "once":
        for phase in phases:
            if phase.first_month <= rhythm.first_month <= phase.last_month:
                return month_start(term.starts_on, phase.first_month)
    return term.starts_on


def is_at_risk(due: date, on: date, started: date) -> bool:
    """Is a dated duty, not done yet on the morning of `on`, close to being late?

    True when less than 20 % of its days or at most 3 working days are left; both ends count as days of its time.
    False before it started and after it was due: then it is not waiting, or late. Working days are those of
    mainland China, holidays and make-up days included. For duties of a week or longer:
    a daily duty would always be at risk. Raises ValueError when it is due before it started.
    """
    if due < started:
        raise ValueError(f"a duty that started on {started} cannot be due on {due}")
    if not started <= on <= due:
        return False
    days_left = (due - on).days + 1
    days_all = (due - started).days + 1
    return days_left * 100 < days_all * RISK_PERCENT or working_days(on, due) <= RISK_WORKING_DAYS


def _days(term: Term) -> Iterator[date]:
    day = term.starts_on
    while day <= term.ends_on:
        yield day
        day += timedelta(days=1)


def _contract_dates(rhythm: Rhythm, term: Term) -> Iterator[date]:
    month = rhythm.first_month
    while (due := month_end(term.starts_on, month)) <= term.ends_on:
        yield due
        if rhythm.cadence == "once":
            return
        month += _STEP_MONTHS[rhythm.cadence]


def _calendar_dates(rhythm: Rhythm, term: Term) -> Iterator[date]:
    step = _STEP_MONTHS[rhythm.cadence]
    counts_from = add_months(term.starts_on, rhythm.first_month - 1)
    first = date(counts_from.year, (counts_from.month - 1) // step * step + 1, 1)
    while first <= term.ends_on:
        following = add_months(first, step)
        last = following - timedelta(days=1)
        inside = min(last, term.ends_on) - max(first, counts_from)
        if 2 * (inside.days + 1) >= (following - first).days:
            yield min(last, term.ends_on)
        first = following
