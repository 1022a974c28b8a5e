"""Books from locked records and back: a fixed number of statements, however many customers a batch names."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouyue.kernel.ids import keyed_id
from shouyue.membership.ledger.rules.book import Book
from shouyue.membership.ledger.rules.commands import Command
from shouyue.membership.ledger.rules.moves import Account, Lot, Move, Part

# Accounts from which points come as a new lot, named by its transfer.
_MAKES_A_LOT = (Account.ISSUED, Account.TRANSIT, Account.EXPIRED)


@dataclass(slots=True)
class Written:
    """A transfer to be written: its move, its id, and the command that caused it (None: the day's settling)."""

    customer_id: UUID
    id: UUID
    command: Command
    move: Move
    is_head: bool


@dataclass(slots=True)
class Shelf:
    """Books of a batch by customer. seen: lots as they were read. written: transfers in order."""

    books: dict[UUID, Book]
    seen: dict[tuple[UUID, str], tuple[int, int, int, int, bool]]
    holds: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    written: list[Written] = field(default_factory=list)
    noted: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def note(self, command: Command, customer_id: UUID, *, is_settling: bool = False) -> list[Written]:
        """Give ids to the moves that the customer's book noted since the last call."""
        book = self.books[customer_id]
        fresh = book.moves[self.noted[customer_id] :]
        self.noted[customer_id] = len(book.moves)
        rows = []
        for number, move in enumerate(fresh):
            is_head = number == 0 and not is_settling and customer_id == command.customer_id
            if move.debit in _MAKES_A_LOT:
                made = UUID(move.parts[0].lot)
            elif is_head:
                made = command.id
            else:
                made = keyed_id(command.id, f"{'settling ' if is_settling else ''}{customer_id} {number}")
            rows.append(Written(customer_id, made, command, move, is_head))
        self.written += rows
        return rows


def open_shelf(
    customers: Iterable[UUID], *, holds: Sequence[tuple[UUID, UUID]], lots: Sequence[tuple[UUID, str]]
) -> Shelf:
    """Lock the balances of these members in order and read their open lots.

    holds: (customer, hold) that the batch settles. lots: (customer, lot) needed even if nothing is left of them.
    Whoever is no member has no book.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(customers)])
        books = {customer_id: Book(debt=debt, may_owe=True) for customer_id, debt in cursor.fetchall()}
        shelf = Shelf(books, {})
        cursor.execute(_LOTS, [list(books), [one[0] for one in lots], [one[1] for one in lots]])
        for row in cursor.fetchall():
            _put_lot(shelf, row)
        if holds:
            cursor.execute(_HOLDS, [[one[0] for one in holds], [one[1] for one in holds]])
            for customer_id, hold, parts in cursor.fetchall():
                if customer_id in books:
                    books[customer_id].holds[str(hold)] = tuple(Part(*part) for part in json.loads(parts))
                    shelf.holds[customer_id].add(str(hold))
    return shelf


def _put_lot(shelf: Shelf, row: tuple[Any, ...]) -> None:
    customer_id, lot_id, made_at, activates_on, expires_on, is_pending, left, held, cost, held_cost = row
    name = str(lot_id)
    lot = Lot(
        id=name,
        made=(int(made_at.timestamp() * 1_000_000), name),
        left=left,
        cost=cost,
        held=held,
        held_cost=held_cost,
        expires_on=expires_on.toordinal() if expires_on else None,
        activates_on=activates_on.toordinal() if activates_on else None,
        is_pending=bool(is_pending),
    )
    shelf.books[customer_id].lots[name] = lot
    shelf.seen[(customer_id, name)] = _state(lot)


def _state(lot: Lot) -> tuple[int, int, int, int, bool]:
    return lot.left, lot.held, lot.cost, lot.held_cost, lot.is_pending


def close_shelf(shelf: Shelf, *, at: datetime, on: date, by: str) -> None:
    """Write what the books noted: transfers, lots, takes, holds, balances."""
    if not shelf.written:
        return
    _insert(_TRANSFERS, [_transfer_row(row, at, on, by) for row in shelf.written])
    made, changed = [], []
    by_id = {(row.customer_id, str(row.id)): row for row in shelf.written}
    for customer_id, book in shelf.books.items():
        for name, lot in book.lots.items():
            before = shelf.seen.get((customer_id, name))
            if before is None:
                made.append(_lot_row(by_id[customer_id, name], lot, at))
            elif before != _state(lot):
                changed.append((customer_id, name, *_state(lot)))
    _insert(_NEW_LOTS, made)
    _insert(_CHANGED_LOTS, changed)
    _insert(_TAKES, [row for one in shelf.written for row in _take_rows(one)])
    _write_holds(shelf, by_id, at)
    _insert(_BALANCES, [(customer_id, *net.values()) for customer_id, net in net_by_customer(shelf.written).items()])


def net_by_customer(written: Iterable[Written]) -> dict[UUID, dict[Account, int]]:
    """What a batch adds to each account, as balances count it."""
    net: dict[UUID, dict[Account, int]] = defaultdict(lambda: dict.fromkeys(Account, 0))
    for row in written:
        account = net[row.customer_id]
        account[row.move.debit] -= row.move.points
        account[row.move.credit] += row.move.points
    for account in net.values():
        account[Account.ISSUED] = -account[Account.ISSUED]
        account[Account.DEBT] = -account[Account.DEBT]
    return net


def _transfer_row(row: Written, at: datetime, on: date, by: str) -> tuple[object, ...]:
    move, command = row.move, row.command
    wanted = abs(command.points) if row.is_head and command.points is not None else move.points
    return (
        row.customer_id,
        row.id,
        command.id,
        move.debit,
        move.credit,
        move.reason,
        move.points,
        None if wanted == move.points else wanted,
        on,
        at,
        command.order_id,
        command.peer_id if row.customer_id == command.customer_id else command.customer_id,
        command.programme,
        by,
    )


def _lot_row(made: Written, lot: Lot, at: datetime) -> tuple[object, ...]:
    part = made.move.parts[0]
    days = (lot.activates_on, lot.expires_on)
    activates_on, expires_on = (None if day is None else date.fromordinal(day) for day in days)
    return (made.customer_id, lot.id, part.points, part.cost, at, activates_on, expires_on, *_state(lot))


def _take_rows(row: Written) -> list[tuple[object, ...]]:
    """Every part but that of a new lot, which the transfer itself names."""
    if row.move.debit in _MAKES_A_LOT:
        return []
    return [
        (row.customer_id, keyed_id(row.id, f"{number} {part.lot}"), row.id, part.lot, part.points, part.cost)
        for number, part in enumerate(row.move.parts)
    ]


def _write_holds(shelf: Shelf, by_id: dict[tuple[UUID, str], Written], at: datetime) -> None:
    fresh, changed = [], []
    for customer_id, book in shelf.books.items():
        for hold in shelf.holds[customer_id]:
            state = "standing" if hold in book.holds else _end(shelf, customer_id, hold)
            parts = book.holds.get(hold, ())
            changed.append((customer_id, hold, state, _parts_text(parts)))
        for hold in book.holds.keys() - shelf.holds[customer_id]:
            command = by_id[customer_id, hold].command
            fresh.append((customer_id, hold, _parts_text(book.holds[hold]), command.order_id, at, command.until))
    _insert(_NEW_HOLDS, fresh)
    _insert(_CHANGED_HOLDS, changed)


def _end(shelf: Shelf, customer_id: UUID, hold: str) -> str:
    captured = any(
        row.move.credit is Account.REDEEMED and str(row.command.target) == hold
        for row in shelf.written
        if row.customer_id == customer_id
    )
    return "captured" if captured else "released"


def _parts_text(parts: Iterable[Part]) -> str:
    return json.dumps([[part.lot, part.points, part.cost] for part in parts])


def _insert(statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


_LOCK = """
SELECT customer_id, debt FROM membership_balance WHERE customer_id = ANY(%s::uuid[]) ORDER BY customer_id FOR UPDATE
"""
_LOTS = """
SELECT lot.customer_id, lot.id, made_at, activates_on, expires_on, is_pending, "left", held, cost_left_fen,
    held_cost_fen
FROM unnest(%s::uuid[]) AS asked (id), LATERAL (
    SELECT * FROM membership_lot WHERE customer_id = asked.id AND ("left" > 0 OR held > 0)
) AS lot
UNION
SELECT customer_id, id, made_at, activates_on, expires_on, is_pending, "left", held, cost_left_fen, held_cost_fen
FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id) JOIN membership_lot AS lot USING (customer_id, id)
"""
_HOLDS = """
SELECT hold.customer_id, hold.id, parts FROM unnest(%s::uuid[], %s::uuid[]) AS asked (customer_id, id)
JOIN membership_hold AS hold USING (customer_id, id) WHERE state = 'standing'
"""
_TRANSFERS = """
INSERT INTO membership_transfer (customer_id, id, command_id, debit, credit, reason, points, asked, effective_on,
    recorded_at, order_id, peer_id, programme, actor)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
    %s::date[], %s::timestamptz[], %s::uuid[], %s::uuid[], %s::int[], %s::text[])
"""
_NEW_LOTS = """
INSERT INTO membership_lot (customer_id, id, points, cost_fen, made_at, activates_on, expires_on, "left", held,
    cost_left_fen, held_cost_fen, is_pending)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::date[], %s::date[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
"""
_CHANGED_LOTS = """
UPDATE membership_lot AS lot SET "left" = new."left", held = new.held, cost_left_fen = new.cost,
    held_cost_fen = new.held_cost, is_pending = new.is_pending
FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[])
    AS new (customer_id, id, "left", held, cost, held_cost, is_pending)
WHERE lot.customer_id = new.customer_id AND lot.id = new.id
"""
_TAKES = """
INSERT INTO membership_take (customer_id, id, transfer_id, lot_id, points, cost_fen)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[])
"""
_NEW_HOLDS = """
INSERT INTO membership_hold (customer_id, id, state, parts, order_id, made_at, until)
SELECT customer_id, id, 'standing', parts, order_id, made_at, until
FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[], %s::uuid[], %s::timestamptz[], %s::timestamptz[])
    AS new (customer_id, id, parts, order_id, made_at, until)
"""
_CHANGED_HOLDS = """
UPDATE membership_hold AS hold SET state = new.state, parts = new.parts
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::jsonb[]) AS new (customer_id, id, state, parts)
WHERE hold.customer_id = new.customer_id AND hold.id = new.id
"""
_BALANCES = """
UPDATE membership_balance AS balance SET issued = balance.issued + new.issued, pending = balance.pending + new.pending,
    available = balance.available + new.available, held = balance.held + new.held, debt = balance.debt + new.debt,
    redeemed = balance.redeemed + new.redeemed, paid_out = balance.paid_out + new.paid_out,
    expired = balance.expired + new.expired, clawed_back = balance.clawed_back + new.clawed_back,
    transit = balance.transit + new.transit
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS new (customer_id, issued, pending, available, held, debt, redeemed, paid_out, expired, clawed_back, transit)
WHERE balance.customer_id = new.customer_id
"""
