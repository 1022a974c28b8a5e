"""Give orders what they earn and take back what returns undo: each order is brought to what it is due, once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Purchases, accrue_purchases, move_points
from shouyue.membership.tiers.public import Past, pasts_of
from shouyue.membership.tills.queries import (
    Earned,
    Rules,
    States,
    Versions,
    categories_now,
    earned,
    expired_of_orders,
    had_first,
    parts_of,
    turn_id,
    with_returns,
)
from shouyue.membership.tills.rules.due import NOTHING, Quote, Sold, all_due, lines_of, to_take
from shouyue.membership.tills.rules.tiers import Measure, floor_of, person_tiers_at, tiers_at
from shouyue.membership.tills.rules.wishes import Command, ReturnPolicy, given_again, taken_back
from shouyue.purchases.public import Goods, buyers_of, goods_kept, spend_by_day
from shouyue.store.copying import text_array, uuid_array
from shouyue.store.prepared import executed, fetched


@dataclass(frozen=True, slots=True)
class Settled:
    """An order that was brought to what it is due. before, points: what it had earned before and has now."""

    goods: Goods
    before: int
    points: int
    quote: Quote


class Locked(NamedTuple):
    """A member whose balance is locked."""

    joined_on: date
    owes: bool
    has_passes: bool
    is_merged: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What a caller has read of these orders and their buyers already, after it locked them.

    spent: by customer, as `spend_by_day`.
    """

    states: States
    spent: Mapping[UUID, Sequence[tuple[date, int]]]


@dataclass(frozen=True, slots=True)
class _Case:
    """One order with what it is reckoned by. had: what it has earned, if it has. categories: by item, if asked for."""

    goods: Goods
    rules: Rules
    sold: Sold
    had: Earned | None
    categories: Mapping[str, Sequence[str]] | None = None


@transaction.atomic
def earn_from_batches(batches: Sequence[UUID], *, at: datetime, by: str) -> list[Settled]:
    """Bring the orders of these batches, and those whose returns changed with them, to what they are due.

    batches: of `OrdersRecorded` and `OrdersTakenBack`. Only members earn. Repeated, it finds nothing to do.
    """
    members = lock_members(buyers_of(batches))
    return earn_of_members(members, batches, at=at, by=by) if members else []


def earn_of_members(
    members: Mapping[UUID, Locked],
    batches: Sequence[UUID],
    *,
    at: datetime,
    by: str,
    orders: Sequence[tuple[UUID, UUID]] = (),
) -> list[Settled]:
    """`earn_from_batches` of members whose balances are locked. orders: (customer, order) besides the batches'."""
    customers = sorted(members)
    also = [*with_returns(customers), *orders]
    goods = goods_kept(batches, customers=customers, zone=settings.TIME_ZONE, also=also)
    return settle(goods, members, at=at, by=by)


def lock_members(customers: Collection[UUID]) -> dict[UUID, Locked]:
    """Lock the balances of those who are members, in order."""
    rows = fetched(_LOCK, [uuid_array(customers)], rows=len(customers))
    zone = timezone.get_default_timezone()
    return {row[0]: Locked(row[1].astimezone(zone).date(), *row[2:]) for row in rows}


def settle(
    goods: Sequence[Goods],
    members: Mapping[UUID, Locked],
    *,
    at: datetime,
    by: str,
    paid_fen: Mapping[UUID, int] | None = None,
    versions: Versions | None = None,
    seen: Seen | None = None,
) -> list[Settled]:
    """Bring these orders to what they are due; one answer for each that earns or earned, in their order.

    members: whose balances are locked. paid_fen: of new orders, what points paid.
    """
    cases = _cases(goods, members, paid_fen or {}, versions or Versions(), seen)
    quotes = _quotes(cases)
    on = timezone.localdate(at)
    pairs = list(zip(cases, quotes, strict=True))
    fresh = [(case, due) for case, due in pairs if case.had is None]
    moved = [(case, due, case.had) for case, due in pairs if case.had and _is_new(case, due, case.had)]
    _give(fresh, members, at=at, on=on, by=by)
    if moved:
        _change(moved, at=at, on=on, by=by)
    return [Settled(case.goods, case.had.points if case.had else 0, due.points, due) for case, due in pairs]


def _is_new(case: _Case, due: Quote, had: Earned) -> bool:
    is_wider = case.categories is not None and case.categories != (had.categories or {})
    return due.points != had.points or case.goods.is_whole is had.has_returns or is_wider


def _cases(
    goods: Sequence[Goods],
    members: Mapping[UUID, Locked],
    paid_fen: Mapping[UUID, int],
    versions: Versions,
    seen: Seen | None,
) -> list[_Case]:
    """Orders that earn by the rules of their day, or earned before; what a member bought before joining does not."""
    known = seen.states.earned if seen else earned((one.customer_id, one.order_id) for one in goods)
    rules: dict[UUID, Rules] = {}
    for one in goods:
        had = known.get(one.order_id)
        if had is not None:
            rules[one.order_id] = versions.numbered(had.version, had.terms)
        elif one.day >= members[one.customer_id].joined_on and not one.is_cancelled:
            found = versions.on(one.day)
            if found is not None and found.terms.currency == one.currency:
                rules[one.order_id] = found
    chosen = [one for one in goods if one.order_id in rules]
    tiers = _tiers([one for one in chosen if one.order_id not in known], members, rules, seen)
    firsts = {one.customer_id for one in chosen if one.is_first and one.order_id not in known}
    if firsts:
        firsts -= seen.states.had_first if seen else had_first(firsts)
        firsts -= _had_first_elsewhere([who for who in firsts if members[who].is_merged])
    categories = _categories(chosen, rules, known)
    cases = []
    for one in chosen:
        had = known.get(one.order_id)
        told = categories.get(one.order_id)
        sold = Sold(
            day=one.day,
            channel=one.source,
            lines=() if one.is_cancelled else lines_of(one.items, one.amounts_fen, told),
            tier=had.tier or None if had else tiers.get((one.customer_id, one.day)),
            is_first=had.is_first if had else one.is_first and one.customer_id in firsts,
            paid_fen=had.paid_fen if had else paid_fen.get(one.order_id, 0),
            who=one.customer_id,
        )
        cases.append(_Case(one, rules[one.order_id], sold, had, told))
    return cases


def _categories(
    chosen: Sequence[Goods], rules: Mapping[UUID, Rules], known: Mapping[UUID, Earned]
) -> dict[UUID, dict[str, list[str]]]:
    """By order whose rules ask for them: of items that it earned with before as they were then, of others as now.

    An order has other items than before when its import was taken back and it came again.
    """
    asking = [one for one in chosen if rules[one.order_id].earn.asks_categories]
    kept = {one.order_id: known[one.order_id].categories or {} for one in asking if one.order_id in known}
    unkept = {
        one.order_id: (one.source, items)
        for one in asking
        if (items := [item for item in one.items if item not in kept.get(one.order_id, {})])
    }
    found = categories_now(unkept)
    return {one.order_id: kept.get(one.order_id, {}) | found.get(one.order_id, {}) for one in asking}


def _had_first_elsewhere(customers: Sequence[UUID]) -> set[UUID]:
    """Those whose person had a first purchase counted under any number."""
    persons = ids_of_person(customers) if customers else {}
    had = had_first({one for ids in persons.values() for one in ids}) if persons else set()
    return {who for who, ids in persons.items() if not had.isdisjoint(ids)}


def _tiers(
    fresh: Sequence[Goods], members: Mapping[UUID, Locked], rules: Mapping[UUID, Rules], seen: Seen | None
) -> dict[tuple[UUID, date], str | None]:
    """The tier of each buyer on each day, where the rules of the day ask for it."""
    days: dict[tuple[UUID, int], set[date]] = defaultdict(set)
    used: dict[int, Rules] = {}
    idle: set[int] = set()
    for one in fresh:
        by = rules[one.order_id]
        if by.number not in used and by.number not in idle:
            if any(factor != 1 for factor in by.earn.tier_factors.values()) or by.earn.multipliers:
                used[by.number] = by
            else:
                idle.add(by.number)
        if by.number in used:
            days[one.customer_id, by.number].add(one.day)
    spent: Mapping[UUID, Sequence[tuple[date, int]]] = seen.spent if seen else {}
    if days and not seen:
        spent = spend_by_day(sorted({who for who, _number in days}), zone=settings.TIME_ZONE)
    floors = {number: floor_of(by.tiers) for number, by in used.items()}
    pasts = _pasts(days, members, used)
    found = {}
    for (who, number), wanted in days.items():
        rule, floor, member = used[number].tiers, floors[number], members[who]
        if past := pasts.get((who, number)):
            told = person_tiers_at(rule, past.strands, days=sorted(wanted), floor=floor, paid=past.paid)
        else:
            told = tiers_at(rule, spent.get(who, []), joined_on=member.joined_on, days=sorted(wanted), floor=floor)
        found.update({(who, day): tier for day, tier in told.items()})
    return found


def _pasts(
    days: Mapping[tuple[UUID, int], Collection[date]], members: Mapping[UUID, Locked], used: Mapping[int, Rules]
) -> dict[tuple[UUID, int], Past]:
    """Of buyers whose own spend does not tell the tier: they have several numbers, a bought tier, another measure."""
    found: dict[tuple[UUID, int], Past] = {}
    for number, rules in used.items():
        measure = rules.tiers.measure
        asked = [
            who
            for who, by in days
            if by == number and (measure is not Measure.SPEND or members[who].is_merged or members[who].has_passes)
        ]
        if asked:
            last = max(max(days[who, number]) for who in asked)
            told = pasts_of(asked, measure=measure, on=last)
            found |= {(who, number): past for who, past in told.items()}
    return found


def _quotes(cases: Sequence[_Case]) -> list[Quote]:
    quotes = [NOTHING] * len(cases)
    places: dict[int, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        places[case.rules.number].append(place)
    for chosen in places.values():
        version = cases[chosen[0]].rules.earn
        for place, due in zip(chosen, all_due(version, [cases[place].sold for place in chosen]), strict=True):
            quotes[place] = due
    return quotes


def _give(
    fresh: Sequence[tuple[_Case, Quote]], members: Mapping[UUID, Locked], *, at: datetime, on: date, by: str
) -> None:
    """First points of orders: by columns into the ledger, with their reasons, and what they were reckoned by."""
    if not fresh:
        return
    by_terms: dict[int, list[tuple[_Case, Quote]]] = defaultdict(list)
    for case, due in fresh:
        if due.points:
            by_terms[case.rules.terms.version].append((case, due))
    owing = {str(who) for who, member in members.items() if member.owes}
    for chosen in by_terms.values():
        accrue_purchases(_columns(chosen), programme=chosen[0][0].rules.terms, at=at, on=on, by=by, owing=owing)
    _insert(_EARNINGS, [_earning_row(case, due) for case, due in fresh], at)


def _columns(chosen: Sequence[tuple[_Case, Quote]]) -> Purchases:
    return Purchases(
        customers=[str(case.goods.customer_id) for case, _due in chosen],
        orders=[str(case.goods.order_id) for case, _due in chosen],
        amounts_fen=np.array([case.sold.earns_by_fen for case, _due in chosen], dtype=np.int64),
        days=[case.goods.day.isoformat() for case, _due in chosen],
        points=np.array([due.points for _case, due in chosen], dtype=np.int64),
    )


def _earning_row(case: _Case, due: Quote) -> tuple[str, ...]:
    return (
        str(case.goods.customer_id),
        str(case.goods.order_id),
        str(due.points),
        str(case.rules.number),
        str(case.rules.terms.version),
        case.sold.tier or "",
        "t" if case.sold.is_first else "f",
        str(case.sold.paid_fen),
        "f" if case.goods.is_whole else "t",
        case.goods.day.isoformat(),
        orjson.dumps(parts_of(due)).decode(),
        "" if case.categories is None else orjson.dumps(case.categories).decode(),
    )


def _change(moved: Sequence[tuple[_Case, Quote, Earned]], *, at: datetime, on: date, by: str) -> None:
    """Points of orders whose goods came back, or did not after all."""
    expired = expired_of_orders([had for _case, _due, had in moved], on=on)
    taken = [
        to_take(had.points - due.points, expired=expired.get(had.order_id, 0), excused=had.excused)
        for _case, due, had in moved
    ]
    wishes = [_wish(case, due.points, had, some) for (case, due, had), some in zip(moved, taken, strict=True)]
    if commands := [wish for wish in wishes if wish is not None]:
        move_points(commands, at=at, on=on, by=by)
    _insert(
        _CHANGED,
        [
            (
                str(case.goods.customer_id),
                str(case.goods.order_id),
                str(due.points),
                "f" if case.goods.is_whole else "t",
                str(had.turns + (due.points != had.points)),
                str(had.excused + max(0, had.points - due.points) - some),
                "" if case.categories is None else orjson.dumps(case.categories).decode(),
            )
            for (case, due, had), some in zip(moved, taken, strict=True)
        ],
    )


def _wish(case: _Case, points: int, had: Earned, taken: int) -> Command | None:
    goods, terms = case.goods, case.rules.terms
    wish_id = turn_id(goods.order_id, had.turns + 1)
    if taken:
        return taken_back(wish_id, goods.customer_id, goods.order_id, taken, ReturnPolicy(terms.return_policy))
    more = points - had.points
    if more <= 0:
        return None
    return given_again(
        wish_id,
        goods.customer_id,
        goods.order_id,
        more,
        cost_fen=(more * terms.point_value_e4 + 50) // 100,
        day=goods.day,
        pending_days=terms.pending_days,
        expire_after_days=terms.expire_after_days,
    )


def _insert(statement: str, rows: Sequence[tuple[str, ...]], *more: datetime) -> None:
    if rows:
        columns = (text_array(column) for column in zip(*rows, strict=True))
        executed(statement, [*more, *columns], rows=len(rows))


_LOCK = """
SELECT customer_id, enrolled_at, debt > 0,
    EXISTS (SELECT FROM membership_tierpass AS bought WHERE bought.customer_id = membership_balance.customer_id),
    EXISTS (SELECT FROM customers_merging WHERE merged_id = membership_balance.customer_id AND undone_at IS NULL)
    OR EXISTS (SELECT FROM customers_merging WHERE survivor_id = membership_balance.customer_id AND undone_at IS NULL)
FROM membership_balance WHERE customer_id = ANY(%s::uuid[])
ORDER BY customer_id FOR UPDATE
"""
_EARNINGS = """
WITH told AS (
    SELECT *, %s::timestamptz AS recorded_at FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::int[], %s::int[],
        %s::text[], %s::bool[], %s::bigint[], %s::bool[], %s::date[], %s::text[], %s::text[])
        AS told
        (customer_id, id, points, version, terms, tier, is_first, paid_fen, has_returns, "on", parts, categories)
), awards AS (
    INSERT INTO membership_award (customer_id, id, occasion, "on", points, parts, order_id, version, recorded_at)
    SELECT customer_id, id, 'purchase', "on", points, parts::jsonb, id, version, recorded_at FROM told WHERE points > 0
)
INSERT INTO membership_earning
    (customer_id, id, points, version, terms, tier, is_first, paid_fen, has_returns, turns, categories)
SELECT customer_id, id, points, version, terms, tier, is_first, paid_fen, has_returns, 0, nullif(categories, '')::jsonb
FROM told
"""
_CHANGED = """
UPDATE membership_earning AS earning SET points = told.points, has_returns = told.has_returns, turns = told.turns,
    excused = told.excused, categories = coalesce(nullif(told.categories, '')::jsonb, earning.categories)
FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bool[], %s::int[], %s::bigint[], %s::text[])
    AS told (customer_id, id, points, has_returns, turns, excused, categories)
WHERE earning.customer_id = told.customer_id AND earning.id = told.id
"""
