"""When a material fact must be told (clause 8.1(3)), and how many working days late it was."""

from datetime import date, timedelta
from enum import StrEnum

from shouyue.agreement.terms.rules.working_time import after_working_days, working_days

WORKING_DAYS = 5  # clause 8.1(3); the definition frozen at signing says so too


class Standing(StrEnum):
    """Where an owed fact stands on a day."""

    TOLD = "told"
    LATE = "late"  # told, but after its day
    OWED = "owed"
    OVERDUE = "overdue"


def due_on(known_on: date, days: int = WORKING_DAYS) -> date:
    """The last day on which the fact can be told in time; the day it became known is not counted."""
    return after_working_days(known_on, days)


def standing(due: date, told_on: date | None, *, on: date) -> Standing:
    """told_on: the day on which it was told, None while it was not; a later day than `on` is not known yet."""
    if told_on is not None and told_on <= on:
        return Standing.TOLD if told_on <= due else Standing.LATE
    return Standing.OWED if on <= due else Standing.OVERDUE


def working_days_late(due: date, told_on: date | None, *, on: date) -> int:
    """Working days after the due day until it was told, or until `on` while it is not; 0 in time."""
    until = told_on if told_on is not None and told_on <= on else on
    return working_days(due + timedelta(days=1), until) if until > due else 0
