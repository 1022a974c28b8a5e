"""Questions of the till: what counts on a day, and what orders have earned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import connection
from django.utils import timezone

from shouyue.customers.public import ids_of_person
from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.public import EarnProgramme, standings
from shouyue.membership.programme.public import ProgrammeVersion, closed_days
from shouyue.membership.tiers.public import pasts_of
from shouyue.membership.tills.rules.due import EarnVersion, Quote, Sold, earn_of, lines_of, points_due
from shouyue.membership.tills.rules.tiers import TierRule, person_tiers_at, tier_rule_of
from shouyue.purchases.public import CategoryTree
from shouyue.store.copying import uuid_array
from shouyue.store.prepared import fetched


@dataclass(frozen=True, slots=True)
class Rules:
    """What purchases of a day earn by. number: of the programme's version; terms: what becomes of the points."""

    number: int
    earn: EarnVersion
    tiers: TierRule
    terms: EarnProgramme


class Versions:
    """Every published version, read once; make one for each batch."""

    @cached_property
    def _versions(self) -> list[ProgrammeVersion]:
        return list(ProgrammeVersion.objects.filter(is_draft=False).order_by("-starts_on", "-version"))

    @cached_property
    def _terms(self) -> list[EarnProgramme]:
        return list(EarnProgramme.objects.order_by("-starts_on", "-version"))

    @cached_property
    def _closed(self) -> dict[str, date]:
        return closed_days()

    def __init__(self) -> None:
        self._by_day: dict[date, Rules | None] = {}
        self._read: dict[int, tuple[EarnVersion, TierRule]] = {}

    def on(self, day: date) -> Rules | None:
        """The rules of a day: the newest versions that have begun. None while there are none."""
        if day not in self._by_day:
            version = next((one for one in self._versions if one.starts_on and one.starts_on <= day), None)
            terms = next((one for one in self._terms if one.starts_on <= day), None)
            self._by_day[day] = (
                self.numbered(version.version or 0, terms.version)
                if version is not None and terms is not None
                else None
            )
        return self._by_day[day]

    def numbered(self, number: int, terms: int) -> Rules:
        if number not in self._read:
            [version] = [one for one in self._versions if one.version == number]
            self._read[number] = earn_of(version.content, self._closed), tier_rule_of(version.content)
        [found] = [one for one in self._terms if one.version == terms]
        return Rules(number, *self._read[number], found)


def current_versions(stamp: str) -> Versions:
    """`Versions` as of a stamp of `states_of`: they are read anew when a version or a closing came."""
    kept = _current.get("kept")
    if kept is None or kept[0] != stamp:
        kept = _current["kept"] = stamp, Versions()
    return kept[1]


_current: dict[str, tuple[str, Versions]] = {}


class Earned(NamedTuple):
    """What an order has earned, as `Earning` keeps it."""

    customer_id: UUID
    order_id: UUID
    points: int
    version: int
    terms: int
    tier: str
    is_first: bool
    paid_fen: int
    has_returns: bool
    turns: int
    kept_categories: str | None
    excused: int

    @property
    def categories(self) -> dict[str, list[str]] | None:
        """By item, the categories that it was in when the order first earned; None: no rule asked for them."""
        return None if self.kept_categories is None else orjson.loads(self.kept_categories)


def earned(orders: Iterable[tuple[UUID, UUID]]) -> dict[UUID, Earned]:
    """By order, of these (customer, order) that have earned."""
    pairs = list(orders)
    with connection.cursor() as cursor:
        cursor.execute(_EARNED, [uuid_array(one[0] for one in pairs), uuid_array(one[1] for one in pairs)])
        return {row[1]: Earned(*row) for row in cursor.fetchall()}


class States(NamedTuple):
    """What is known of sales before they are brought to what they are due.

    earned: by order, of those that have earned. had_first: customers whose first purchase was counted.
    stamp: changes with every published version and closing.
    """

    earned: dict[UUID, Earned]
    had_first: set[UUID]
    stamp: str


def states_of(orders: Sequence[tuple[UUID, UUID]]) -> States:
    """Of these (customer, order), at least one; the customers' balances are locked. One statement."""
    values = [uuid_array(one[0] for one in orders), uuid_array(one[1] for one in orders)]
    rows = fetched(_STATES, values, rows=len(orders))
    return States(
        earned={row[1]: Earned(*row[:12]) for row in rows if row[2] is not None},
        had_first={row[0] for row in rows if row[13]},
        stamp=rows[0][12],
    )


def reasons_of(orders: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[list[str | None]]]:
    """By order: why it earned what it earned at first, as `Award.parts`."""
    pairs = list(orders)
    with connection.cursor() as cursor:
        cursor.execute(_REASONS, [uuid_array(one[0] for one in pairs), uuid_array(one[1] for one in pairs)])
        return {row[0]: orjson.loads(row[1]) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """A person's points under all their numbers. ids: of those that are members; none: the person is no member."""

    ids: list[UUID]
    usable: int
    pending: int
    held: int
    debt: int
    next_expires_on: date | None
    next_expires_points: int


def standing_of_person(customer_id: UUID, *, on: date) -> PersonStanding:
    """Where a person stands, known by any of their ids. Two statements."""
    ids = ids_of_person([customer_id]).get(customer_id, [customer_id])
    found = list(standings(ids, on=on).values())
    if not found:
        return PersonStanding([], 0, 0, 0, 0, None, 0)
    all_in_one = found[0].joined(found[1:])
    return PersonStanding(
        ids=[one.customer_id for one in found],
        usable=all_in_one.usable,
        pending=all_in_one.pending,
        held=all_in_one.held,
        debt=all_in_one.debt,
        next_expires_on=all_in_one.next_expires_on,
        next_expires_points=all_in_one.next_expires_points,
    )


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a purchase would earn, and why. worth_fen: what these points would pay. parts: as `Award.parts`."""

    points: int
    worth_fen: int
    currency: str
    tier: str
    parts: list[list[str | None]]


def quoted(
    customer_id: UUID | None,
    *,
    items: Sequence[str],
    amounts_fen: Sequence[int],
    source: str,
    placed_at: datetime,
) -> Quoted:
    """A dry run of a purchase: nothing is written. Somebody unknown has no tier; no programme gives no points."""
    day = timezone.localdate(placed_at)
    rules = Versions().on(day)
    if rules is None:
        return Quoted(0, 0, "", "", [])
    pasts = pasts_of([customer_id], measure=rules.tiers.measure, on=day) if customer_id else {}
    tier = None
    for past in pasts.values():
        tier = person_tiers_at(rules.tiers, past.strands, days=[day], paid=past.paid)[day]
    categories = categories_now({_UNSOLD: (source, items)})[_UNSOLD] if rules.earn.asks_categories else None
    lines = lines_of(items, amounts_fen, categories)
    due = points_due(rules.earn, Sold(day, source, lines, tier, who=customer_id))
    worth = due.points * rules.terms.point_value_e4 // 100
    return Quoted(due.points, worth, rules.terms.currency, tier or "", parts_of(due))


def categories_now(asked: Mapping[UUID, tuple[str, Sequence[str]]]) -> dict[UUID, dict[str, list[str]]]:
    """By order, of (source, items): each item's category and all above it, as they are now. Two statements.

    An item without a category has an empty list: one that it gets later changes nothing of the past.
    """
    if not asked:
        return {}
    paths = CategoryTree().paths({(source, item) for source, items in asked.values() for item in items})
    return {key: {item: paths.get((source, item), []) for item in items} for key, (source, items) in asked.items()}


def parts_of(due: Quote) -> list[list[str | None]]:
    """A quote's parts as `Award.parts` keeps them."""
    return [
        [str(part.source), part.key, str(part.points), str(part.amount_fen), str(part.factor) if part.factor else None]
        for part in due.parts
    ]


def with_returns(customers: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """(customer, order) of these customers' orders of which something came back."""
    with connection.cursor() as cursor:
        cursor.execute(_WITH_RETURNS, [uuid_array(customers)])
        return list(cursor.fetchall())


def turn_id(order_id: UUID, turn: int) -> UUID:
    """Of the movement that changed an order's points for the turn-th time, and of the lot that it made, if it did."""
    return keyed_id(order_id, f"turn {turn}")


def expired_of_orders(orders: Iterable[Earned], *, on: date) -> dict[UUID, int]:
    """By order: how many of all the points that it gave have expired unused by `on`."""
    lots = [
        (one.customer_id, lot, one.order_id)
        for one in orders
        for lot in (one.order_id, *(turn_id(one.order_id, turn + 1) for turn in range(one.turns)))
    ]
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRED, [on, *(uuid_array(column) for column in zip(*lots, strict=True))])
        return {row[0]: int(row[1]) for row in cursor.fetchall()}


def had_first(customers: Iterable[UUID]) -> set[UUID]:
    """Those whose first purchase was counted."""
    with connection.cursor() as cursor:
        cursor.execute(_HAD_FIRST, [uuid_array(customers)])
        return {row[0] for row in cursor.fetchall()}


# Stands for the order that a quote has none of.
_UNSOLD = UUID(int=0)
_EARNED = """
SELECT customer_id, id, points, version, terms, tier, is_first, paid_fen, has_returns, turns, categories::text,
    excused
FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id) JOIN membership_earning USING (customer_id, id)
"""
# A version's row that is written anew has another place and transaction, whatever its number.
_STATES = """
SELECT asked.customer_id, asked.id, points, version, terms, tier, is_first, paid_fen, has_returns, turns,
    categories::text, excused, told.stamp,
    EXISTS (SELECT 1 FROM membership_earning WHERE customer_id = asked.customer_id AND is_first)
FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id) LEFT JOIN membership_earning USING (customer_id, id),
(SELECT md5(string_agg(mark, ' ' ORDER BY mark)) AS stamp FROM (
    SELECT concat('version ', ctid, xmin) AS mark FROM membership_programmeversion WHERE NOT is_draft
    UNION ALL SELECT concat('terms ', ctid, xmin) FROM membership_earnprogramme
    UNION ALL SELECT concat('closing ', ctid, xmin) FROM membership_closing
    UNION ALL SELECT 'database ' || current_database()
) AS marks) AS told
"""
_REASONS = """
SELECT id, parts::text FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id)
JOIN membership_award USING (customer_id, id)
"""
_WITH_RETURNS = """
SELECT earning.customer_id, earning.id FROM unnest(%s::uuid[]) AS asked (id), LATERAL (
    SELECT customer_id, id FROM membership_earning WHERE customer_id = asked.id AND has_returns
) AS earning
"""
_HAD_FIRST = """
SELECT asked.id FROM unnest(%s::uuid[]) AS asked (id)
WHERE EXISTS (SELECT 1 FROM membership_earning WHERE customer_id = asked.id AND is_first)
"""
# A lot has the id of its order or of a turn. What is past its day counts, though the night may not have taken it yet.
_EXPIRED = """
SELECT asked.order_id, sum(CASE WHEN lot.expires_on < %s THEN lot."left" ELSE 0 END + coalesce((
    SELECT sum(take.points) FROM membership_take AS take
    JOIN membership_transfer AS made ON made.customer_id = take.customer_id AND made.id = take.transfer_id
    WHERE take.customer_id = lot.customer_id AND take.lot_id = lot.id AND made.credit = 'expired'
), 0))
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[]) AS asked (customer_id, id, order_id)
JOIN membership_lot AS lot USING (customer_id, id) GROUP BY asked.order_id
"""
