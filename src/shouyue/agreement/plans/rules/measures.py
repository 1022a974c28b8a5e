"""The measures of a plan (clauses 13.1 and 13.2): when each must be delivered and where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shouyue.agreement.filings.rules.standing import Standing, days_late, standing
from shouyue.agreement.terms.rules.schedule import Term, month_end, month_start

__all__ = ["OWNERS", "PlannedMeasure", "Standing", "due_on", "lacks", "lateness_of", "standing_of", "starts_on"]
OWNERS = ("a", "b", "both")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeasure:
    """One measure. key: stays the same through the plan's versions. months: of the contract, from 1, inclusive.

    budget_fen: what it may cost, 0 where nothing is set aside. answers: key of the result that it shall improve, ""
    for none.
    """

    key: str
    title: str
    clause: str
    owner: str
    first_month: int
    last_month: int
    goal: str = ""
    budget_fen: int = 0
    answers: str = ""


def lacks(measures: Sequence[PlannedMeasure], months: int) -> list[str]:
    """Why these measures are no plan: empty, owner, months, keys; [] when they are one. months: of the contract."""
    found = [] if measures else ["empty"]
    if any(one.owner not in OWNERS for one in measures):
        found.append("owner")
    if any(not 1 <= one.first_month <= one.last_month <= months for one in measures):
        found.append("months")
    if len({one.key for one in measures}) != len(measures):
        found.append("keys")
    return found


def due_on(measure: PlannedMeasure, term: Term) -> date:
    """The last day of its last month, or of the contract where that ends earlier."""
    return min(month_end(term.starts_on, measure.last_month), term.ends_on)


def starts_on(measure: PlannedMeasure, term: Term) -> date:
    """The first day of its first month; never after its due day, also in a contract that ended early."""
    return min(month_start(term.starts_on, measure.first_month), due_on(measure, term))


def standing_of(measure: PlannedMeasure, term: Term, done: Iterable[date], *, on: date) -> Standing:
    """As for a dated duty: done, late, overdue, at risk, open, to come."""
    return standing(due=due_on(measure, term), started=starts_on(measure, term), done=done, on=on)


def lateness_of(measure: PlannedMeasure, term: Term, done: Iterable[date], *, on: date) -> int:
    """Days after its due day until it was delivered, or until `on`."""
    return days_late(due=due_on(measure, term), done=done, on=on)
