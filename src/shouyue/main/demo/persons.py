"""The generated company's list of customers: who they are, with the faults that such lists have.

Families share a phone and an address; clerks write what they hear, "王先生" instead of a name, or a phone with a digit
too few; people move, and their second row comes later; some are on the list twice.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from shouyue.main.demo.names import FEMALE, HOMOPHONES, MALE, MOBILE_PREFIXES, PLACES, STREETS, SURNAMES

COLUMNS = ("customer_no", "name", "title", "phone", "email", "birthday", "address", "city")
# Shares of people with a fault, or without a value.
FAMILY, TWICE, MOVED, SURNAME_ONLY = 0.06, 0.015, 0.02, 0.03
NO_PHONE, NO_EMAIL, NO_BIRTHDAY, NO_ADDRESS = 0.06, 0.35, 0.3, 0.25
SHORT_PHONE, WRONG_DAY, SPACED_PHONE = 0.0015, 0.001, 0.05
_OLDEST = date(1948, 1, 1)
_Row: TypeAlias = tuple[str, ...]
Chances: TypeAlias = "NDArray[np.float64]"


def customer_no(index: int) -> str:
    return f"YS{100_001 + index}"


def customers(random: Generator, count: int, *, first: int = 0, with_moves: bool = True) -> Iterator[_Row]:
    """Rows of customers.csv: one for each customer from number `first` on, then second rows of those who moved."""
    rows = list(_customers(random, count, first))
    yield from rows
    if not with_moves:
        return
    for index in np.flatnonzero(random.random(count) < MOVED):
        city, address = _address(random.random(5))
        yield (*rows[index][:3], "", "", "", address, city)


def _customers(random: Generator, count: int, first: int) -> Iterator[_Row]:
    chance = random.random((count, 24))
    weights = 1 / np.arange(3, len(SURNAMES) + 3)
    surnames = random.choice(len(SURNAMES), size=count, p=weights / weights.sum())
    serials = random.choice(len(MOBILE_PREFIXES) * 10**8, size=count, replace=False)
    rows: list[_Row] = []
    for index in range(count):
        row = _person(first + index, chance[index], SURNAMES[surnames[index]], int(serials[index]))
        if index and chance[index, 20] < FAMILY:
            row = _of_family(row, rows[index - 1])
        elif index > 50 and chance[index, 20] < FAMILY + TWICE:
            row = _again(row, rows[index - 1 - int(chance[index, 21] * 50)], chance[index, 22])
        rows.append(row)
        yield _with_faults(row, chance[index])


def _person(index: int, chance: Chances, surname: tuple[str, str], serial: int) -> _Row:
    is_woman = chance[0] < 0.58
    given = FEMALE if is_woman else MALE
    name, spoken = given[int(chance[1] * len(given))]
    prefix, number = MOBILE_PREFIXES[serial // 10**8], serial % 10**8
    city, address = _address(chance[2:7])
    born = _OLDEST + timedelta(days=int((0.12 + 0.86 * chance[7]) * 365.25 * 60))
    year = f"{born.year % 100:02}" if chance[8] < 0.5 else f"{index % 997}"
    return (
        customer_no(index),
        surname[0] + name,
        "女士" if is_woman else "先生",
        f"{prefix}{number:08}" if chance[9] >= NO_PHONE else "",
        f"{surname[1]}.{spoken}{year}@example.cn" if chance[10] >= NO_EMAIL else "",
        born.isoformat() if chance[11] >= NO_BIRTHDAY else "",
        address if chance[12] >= NO_ADDRESS else "",
        city,
    )


def _address(chance: Chances) -> tuple[str, str]:
    # Half of the people live where the company began.
    place = 0 if chance[0] < 0.5 else int((chance[0] - 0.5) * 2 * len(PLACES))
    region, city, districts = PLACES[place]
    street = STREETS[int(chance[2] * len(STREETS))]
    district, house, flat = districts[int(chance[1] * 4)], 1 + int(chance[3] * 320), int(chance[4] * 1_000)
    return city, f"{region}{city}市{district}{street} {house} 号 {1 + flat % 40} 幢 {1 + flat // 40}0{1 + flat % 4} 室"


def _of_family(row: _Row, other: _Row) -> _Row:
    """Husband and wife, parent and child: the phone, the address and the city of the one before."""
    return (*row[:3], other[3], row[4], row[5], other[6], other[7])


def _again(row: _Row, other: _Row, chance: float) -> _Row:
    """Somebody who is on the list already, under another number: misheard, or with two digits of the phone swapped."""
    _number, name, title, phone, email, birthday, address, city = other
    if chance < 0.6 or len(phone) < 11:
        return row[0], name.translate(HOMOPHONES), title, phone, "", birthday, address, city
    swapped = f"{phone[:7]}{phone[8]}{phone[7]}{phone[9:]}"
    return row[0], name, title, swapped, email, "", "", city


def _with_faults(row: _Row, chance: Chances) -> _Row:
    number, name, title, phone, email, birthday, address, city = row
    if chance[13] < SURNAME_ONLY:
        name = name[0] + title
    if phone and chance[14] < SHORT_PHONE:
        phone = phone[3:]
    elif phone and chance[14] < SPACED_PHONE:
        phone = f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}"
    if birthday and chance[15] < WRONG_DAY:
        birthday = f"{birthday[:4]}-02-30"
    return number, name, title if chance[16] < 0.8 else "", phone, email, birthday, address, city
