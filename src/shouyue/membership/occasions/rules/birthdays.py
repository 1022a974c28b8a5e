"""Whose birthday it was in the days just passed."""

from datetime import date, timedelta
from typing import Final

from shouyue.customers.people.rules.birthdays import next_birthday
from shouyue.customers.people.rules.people import LUNAR

__all__ = ["LUNAR", "birthday_lately", "comes_too_soon"]

# Two birthdays by the lunar calendar are at least 353 days apart: what comes sooner is a birthday that was corrected.
APART_DAYS: Final = 300
# A worker that stood still over a weekend forgets nobody.
LOOKED_BACK_DAYS: Final = 6


def birthday_lately(born_on: date, *, is_lunar: bool, on: date) -> date | None:
    """The latest birthday from LOOKED_BACK_DAYS before a day up to the day itself; None if there was none."""
    found = next_birthday(born_on, is_lunar=is_lunar, on=on - timedelta(days=LOOKED_BACK_DAYS))
    return found if found <= on else None


def comes_too_soon(day: date, earlier: date | None) -> bool:
    """Whether points for a birthday were given so lately that this one cannot be another year's."""
    return earlier is not None and (day - earlier).days < APART_DAYS
