"""Birthdays by two calendars, for the screens of contacts: the rules stand with the people that they are about."""

from shouyue.customers.people.rules.birthdays import lunar, lunar_cell, next_birthday, spoken
from shouyue.customers.people.rules.people import LUNAR, SOLAR, birthday_cell

__all__ = ["LUNAR", "SOLAR", "birthday_cell", "lunar", "lunar_cell", "next_birthday", "spoken"]
