"""Where a dated duty stands on a day: done in time, done late, open, close to being late, or overdue."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from shouyue.agreement.terms.rules.duties import is_at_risk


class Standing(StrEnum):
    """One due day of one duty."""

    DONE = "done"
    LATE = "late"  # done, but after its day
    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    OPEN = "open"  # its time runs
    TO_COME = "to_come"


# What a claim of breach may rest on.
NOT_PERFORMED = frozenset({Standing.LATE, Standing.OVERDUE})


def standing(*, due: date, started: date, done: Iterable[date], on: date) -> Standing:
    """The standing on the morning of `on` of a duty due on `due`, whose time began on `started`.

    done: the days on which it was done, as filed; the first one counts, and days after `on` are not known yet.
    """
    known = [day for day in done if day <= on]
    if known:
        return Standing.DONE if min(known) <= due else Standing.LATE
    if on > due:
        return Standing.OVERDUE
    if on < started:
        return Standing.TO_COME
    return Standing.AT_RISK if is_at_risk(due, on, started) else Standing.OPEN


def days_late(*, due: date, done: Iterable[date], on: date) -> int:
    """How many days after its day it was done, or has been overdue for; 0 while it is not late."""
    known = [day for day in done if day <= on]
    return max(0, (min(known, default=on) - due).days)
