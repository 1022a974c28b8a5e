"""The generated company: a Chinese department store's two years, written as the files anybody could bring.

Seeded: the same seed and last day give the same files. The faults are on purpose: those of the people (persons.py),
returns that undo no purchase, till sales without a customer, double rows, seasons and one bad quarter.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from shouyue.kernel.period import Quarter
from shouyue.main.demo import persons
from shouyue.main.demo.goods import (
    CHANNEL_HEADS,
    CHANNELS,
    GOODS,
    METHODS,
    PRODUCT_HEADS,
    STORE_HEADS,
    STORES,
    product_rows,
)
from shouyue.main.demo.persons import customer_no

IntArray: TypeAlias = "NDArray[np.int64]"
FloatArray: TypeAlias = "NDArray[np.float64]"
Moments: TypeAlias = "NDArray[Any]"  # datetime64 by the second

_PRICED = tuple((one.code, one.name, f"{one.fen / 100:.2f}") for one in GOODS)
ORDER_HEADS = (
    "order_no",
    "customer_no",
    "ordered_at",
    "store",
    "channel",
    "paid_by",
    "item_code",
    "item_name",
    "quantity",
    "unit_price",
)
ANSWER_HEADS = ("answer_no", "customer_no", "order_no", "asked_on", "answered_at", "score")

# The rest stand on the list only.
BUYERS = 0.58
MEAN_STAY_DAYS, VISITS_MAX = 440.0, 80
LINES_SHARE = 0.76  # of orders that have one line only
# Satisfied share by quarter, oldest first: a slow rise with one bad quarter (the move of the warehouse).
SATISFIED = (0.885, 0.894, 0.902, 0.857, 0.904, 0.918, 0.932, 0.936)
BAD_QUARTER = 3
# Score and up to which chance it is given.
_SCORES_SATISFIED, _SCORES_OTHER = ((5, 0.62), (4, 1.0)), ((3, 0.55), (2, 0.8), (1, 1.0))


@dataclass(frozen=True, slots=True)
class Size:
    """How large the generated company is."""

    customers: int = 20_000
    invited_each_quarter: int = 1_000


def write_company(folder: Path, *, until: date, seed: int = 20260101, size: Size | None = None) -> None:
    """Write its files for the two years that end on `until`: customers, products, stores, channels, orders, answers."""
    size = size or Size()
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    first = Quarter.of(until)
    for _ in range(7):
        first = first.previous()
    _write(folder / "customers.csv", persons.COLUMNS, persons.customers(random, size.customers))
    orders = _orders(random, size, first.first_day, until)
    _write(folder / "products.csv", PRODUCT_HEADS, product_rows())
    _write(folder / "stores.csv", STORE_HEADS, (one.row for one in STORES))
    _write(folder / "channels.csv", CHANNEL_HEADS, CHANNELS)
    _write(folder / "orders.csv", ORDER_HEADS, _lines(random, orders, until))
    _write(folder / "answers.csv", ANSWER_HEADS, _answers(random, size, orders, until))


@dataclass(frozen=True, slots=True)
class _Orders:
    """Orders by time, one array for each property. buyer: index of the customer, -1 for a till sale."""

    number: list[str]
    buyer: IntArray
    day: IntArray  # since `first`
    at: Moments
    first: date


def _orders(random: Generator, size: Size, first: date, until: date) -> _Orders:
    """Each buyer comes at a pace of their own until they stay away; a quarter of the list never bought."""
    days = (until - first).days + 1
    buyers = np.flatnonzero(random.random(size.customers) < BUYERS)
    tills = size.customers // 8
    day, who = _visits(random, buyers, days, _bad_quarter(first))
    day = np.concatenate([day, random.integers(0, days, tills)])
    who = np.concatenate([who, np.full(tills, -1)])
    kept = random.random(len(day)) < _season(first, days)[day]
    day, who = day[kept], who[kept]
    minutes = (np.clip(random.normal(15.5, 3.2, len(day)), 9.5, 21.9) * 60).astype(int)
    at = np.datetime64(first, "s") + day * np.timedelta64(1, "D") + minutes * np.timedelta64(1, "m")
    by_time = np.lexsort((who, at))
    at = at[by_time]
    months = np.char.replace(np.datetime_as_string(at, unit="M"), "-", "")
    numbers = [f"D{month[2:]}{place:07d}" for place, month in enumerate(months.tolist(), start=1)]
    return _Orders(numbers, who[by_time], day[by_time], at, first)


def _visits(random: Generator, buyers: IntArray, days: int, bad: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """(day, buyer) of every visit. A third were customers before the first day; a twentieth came once and hardly again.

    Everybody stays away for good one day, sooner if that day falls into the bad quarter.
    """
    count = len(buyers)
    paces = np.where(random.random(count) < 0.95, random.gamma(3.0, 8.0, count), 400.0)
    joined = np.where(random.random(count) < 0.33, 0.0, random.random(count) * (days - 20))
    stays = random.exponential(MEAN_STAY_DAYS, count)
    gaps = np.maximum(0.3, random.exponential(1.0, (count, VISITS_MAX)) * paces[:, None])
    gaps[:, 0] = random.exponential(10.0, count)
    moments = joined[:, None] + np.cumsum(gaps, axis=1)
    last = joined + stays
    in_bad = (last > bad[0] - 60) & (last < bad[1] + 60) & (joined < bad[0])
    last = np.where(in_bad, np.minimum(last, bad[0] + random.random(count) * 20), last)
    # The first visit is what made them a customer.
    came = (moments < days) & ((moments <= last[:, None]) | (np.arange(VISITS_MAX) == 0))
    rows, columns = np.nonzero(came)
    return moments[rows, columns].astype(int), buyers[rows]


def _bad_quarter(first: date) -> tuple[int, int]:
    """First and last day, since `first`, of the quarter in which the warehouse moved."""
    quarter = Quarter.of(first)
    for _ in range(BAD_QUARTER):
        quarter = quarter.next()
    return (quarter.first_day - first).days, (quarter.last_day - first).days


def _season(first: date, days: int) -> FloatArray:
    """Share of the visits that happen, by day: lull at the spring festival, 6.18, 11.11 and the end of the year."""
    calendar = [first + timedelta(days=day) for day in range(days)]
    weights = [{1: 0.92, 2: 0.6, 6: 0.92, 11: 0.97, 12: 1.0}.get(one.month, 0.84) for one in calendar]
    high = {(6, 18), (11, 11), (12, 12), (12, 24), (12, 31)}
    return np.array([1.0 if (one.month, one.day) in high else w for one, w in zip(calendar, weights, strict=True)])


def _lines(random: Generator, orders: _Orders, until: date) -> Iterator[tuple[str, ...]]:
    """Lines of the orders, then what came back; about one line in thirty does."""
    count = len(orders.number)
    many = np.minimum(random.geometric(LINES_SHARE, count), 6)
    order_of = np.repeat(np.arange(count), many)
    items = random.integers(0, len(GOODS), len(order_of))
    quantities = random.choice([1, 1, 1, 2, 3], len(order_of))
    stores = random.integers(0, len(STORES), count)
    at = np.char.replace(np.datetime_as_string(orders.at, unit="s"), "T", " ").tolist()
    rows = _rows_of(orders, at, _places(random, stores))
    twice = random.random(len(order_of)) < 0.0004  # the till sent a line twice
    for order, item, quantity, again in zip(
        order_of.tolist(), items.tolist(), quantities.tolist(), twice.tolist(), strict=True
    ):
        sold = (*rows[order], *_PRICED[item][:2], str(quantity), _PRICED[item][2])
        yield sold
        if again:
            yield sold
    back = np.flatnonzero(random.random(len(order_of)) < 0.03)
    # Some bring back what they never bought here.
    wrong = random.random(len(back)) < 0.02
    for line, is_wrong, after in zip(back.tolist(), wrong.tolist(), random.integers(1, 20, len(back)), strict=True):
        order = int(order_of[line])
        when = orders.at[order] + after * np.timedelta64(1, "D")
        if when.astype("datetime64[D]") <= np.datetime64(until):
            number, customer, _at, *place = rows[order]
            item = _PRICED[(int(items[line]) + 7 * is_wrong) % len(GOODS)]
            moment = str(when).replace("T", " ")
            yield "T" + number, customer, moment, *place, *item[:2], f"-{quantities[line]}", item[2]


def _places(random: Generator, stores: IntArray) -> list[tuple[str, str, str]]:
    """Store, channel and way of paying of each order."""
    # A stream of its own: what is drawn after this does not depend on it.
    chances = random.spawn(1)[0].random((len(stores), 2)).tolist()
    shops = (STORES[store] for store in stores.tolist())
    return [
        (shop.row[0], _picked(shop.channels, by), _picked(METHODS, how))
        for shop, (by, how) in zip(shops, chances, strict=True)
    ]


def _picked(choices: tuple[tuple[str, float], ...], chance: float) -> str:
    return next(name for name, up_to in choices if chance < up_to)


def _rows_of(orders: _Orders, at: list[str], places: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """What all lines of an order begin with."""
    who = [customer_no(index) if index >= 0 else "" for index in orders.buyer.tolist()]
    return [
        (number, customer, moment, *place)
        for number, customer, moment, place in zip(orders.number, who, at, places, strict=True)
    ]


def _answers(random: Generator, size: Size, orders: _Orders, until: date) -> Iterator[tuple[str, ...]]:
    """Every quarter so many are asked about an order; near half of them answer, the others' score is empty."""
    quarter = Quarter.of(orders.first)
    for share in SATISFIED:
        asked_on = min(quarter.last_day - timedelta(days=10), until)
        days = (quarter.first_day - orders.first).days, (asked_on - orders.first).days
        pool = np.flatnonzero((orders.day >= days[0]) & (orders.day <= days[1]) & (orders.buyer >= 0))
        pool = pool[random.permutation(len(pool))]
        _buyers, places = np.unique(orders.buyer[pool], return_index=True)
        for order in pool[np.sort(places)[: size.invited_each_quarter]].tolist():
            yield _answer(random, orders, order, asked_on, share)
        quarter = quarter.next()


def _answer(random: Generator, orders: _Orders, order: int, asked_on: date, share: float) -> tuple[str, ...]:
    number = orders.number[order]
    asked = (f"Q{asked_on:%y%m}-{number}", customer_no(int(orders.buyer[order])), number, asked_on.isoformat())
    answers, mark, pick, days, hours = random.random(5)
    if answers > 0.48:
        return (*asked, "", "")
    scores = _SCORES_SATISFIED if mark < share else _SCORES_OTHER
    score = next(score for score, up_to in scores if pick < up_to)
    at = f"{asked_on + timedelta(days=int(days * 7))} {9 + int(hours * 12):02}:{int(hours * 7919) % 60:02}:00"
    return (*asked, at, str(score))


def _write(path: Path, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)
