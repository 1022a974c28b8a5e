"""Points that move inside the database: accrual, growth, expiry, and 64 threads at one balance."""

import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from shouyue.kernel.ids import new_id
from shouyue.main.bench.ledger.ground import AT, DAY, Ground, owned, settled
from shouyue.main.bench.line import Line, line
from shouyue.membership.public import (
    Command,
    Purchases,
    accrue_purchases,
    expire_due,
    move_points,
    programme_on,
    prove_balances,
)

_BATCH = 10_000
_SMALL = 100_000
_SEED = 20260404
_THREADS, _EACH = 64, 10
_EXPIRY_SECONDS = 60.0  # for a million lots


def measure_accrual(ground: Ground) -> Iterator[Line]:
    """Purchases as they come, ten thousand a transaction, of any member; then the same transfers by a bare INSERT."""
    random = np.random.default_rng(_SEED)
    taken = [_accrue(_batch(ground, random, size)) for size in _sizes(ground.rows)]
    ours, plain = sum(taken), _plain_insert_seconds()
    yield line(
        "ledger",
        "purchases accrued (rules, transfers, lots, balances), against one INSERT … SELECT of the transfers (cost)",
        size=ground.rows,
        value=ground.rows / ours,
        unit="purchases/s",
        baseline=ground.rows / plain,
        ratio=ours / plain,
        bound=("<=", 4.0),
    )
    small = min(_SMALL, ground.rows // 2)
    at_first, at_last = _seconds_until(taken, small), mean(taken[-10:])
    yield line(
        "ledger",
        f"a purchase accrued at this size, against one at {small:,} (cost)",
        size=ground.rows,
        value=_BATCH / at_last,
        unit="purchases/s",
        baseline=_BATCH / at_first,
        ratio=at_last / at_first,
        bound=("<=", 1.3),
    )


def _sizes(rows: int) -> list[int]:
    ends = [*range(0, rows, _BATCH), rows]
    return [end - start for start, end in pairwise(ends)]


def _batch(ground: Ground, random: np.random.Generator, size: int) -> tuple[list[str], NDArray[np.int64]]:
    chosen = np.sort(random.integers(0, len(ground.members), size))
    names = sorted(str(ground.members[place]) for place in chosen.tolist())
    return names, random.integers(1_000, 100_000, size)


def _accrue(batch: tuple[list[str], NDArray[np.int64]]) -> float:
    customers, amounts = batch
    orders = [str(new_id()) for _customer in customers]
    terms = programme_on(DAY)
    if terms is None:
        raise RuntimeError("the ground has no programme")
    began = time.perf_counter()
    purchases = Purchases(customers, orders, amounts, [DAY.isoformat()] * len(orders))
    accrue_purchases(purchases, programme=terms, at=AT, on=DAY, by="bench")
    return time.perf_counter() - began


def _seconds_until(taken: list[float], rows: int) -> float:
    """The mean of the last batches, at most ten, before there were so many rows."""
    end = min(len(taken), max(1, rows // _BATCH))
    return mean(taken[max(0, end - 10) : end])


def _plain_insert_seconds() -> float:
    with owned() as owner:
        owner.execute("CREATE TABLE bench_staged AS SELECT * FROM membership_transfer")
        owner.execute("CREATE TABLE bench_plain (LIKE membership_transfer INCLUDING ALL)")
        owner.execute(
            "ALTER TABLE bench_plain ADD FOREIGN KEY (customer_id) REFERENCES membership_balance (customer_id)"
        )
        owner.execute("ANALYZE bench_staged")
        began = time.perf_counter()
        owner.execute("INSERT INTO bench_plain SELECT * FROM bench_staged")
        seconds = time.perf_counter() - began
        owner.execute("DROP TABLE bench_staged, bench_plain")
    return seconds


def measure_redemptions(ground: Ground) -> Iterator[Line]:
    """64 threads want more than there is: exactly what is there goes, and each key only once."""
    who = ground.members[0]
    lot = Command.award(new_id(), who, _THREADS * _EACH // 2, cost_fen=0, days=(DAY, None))
    held = move_points([lot], at=AT, on=DAY, by="bench")[0].available
    gate, won = threading.Barrier(_THREADS + 1), [0] * _THREADS

    def redeem(number: int) -> None:
        gate.wait()
        for _turn in range(_EACH):
            wish = Command.redemption(new_id(), who, max(1, held // (_THREADS * _EACH // 2)))
            won[number] += sum(done.points for done in move_points([wish], at=AT, on=DAY, by="bench"))
        connection.close()

    threads = [threading.Thread(target=redeem, args=(number,)) for number in range(_THREADS)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    left = move_points([Command.redemption(new_id(), who, held * 2)], at=AT, on=DAY, by="bench")[0].available
    yield line(
        "ledger",
        f"{_THREADS} threads redeem from one member: points redeemed and left are those there were (difference)",
        size=_THREADS * _EACH,
        value=abs(held - sum(won) - left),
        unit="points",
        bound=("<=", 0.0),
    )
    yield line(
        "ledger",
        f"redemptions by {_THREADS} threads from one member, refused ones too",
        size=_THREADS * _EACH,
        value=_THREADS * _EACH / seconds,
        unit="calls/s",
    )


def measure_expiry() -> Iterator[Line]:
    """The night on which every lot has passed its last day, and the proof after it."""
    settled()
    on = DAY + timedelta(days=400)
    lots = _count('SELECT count(*) FROM membership_lot WHERE "left" > 0 AND expires_on < %s', on)
    began = time.perf_counter()
    expire_due(on=on, at=AT, by="bench")
    seconds = time.perf_counter() - began
    yield line(
        "ledger",
        "lots past their last day taken away in one run",
        size=lots,
        value=lots / seconds,
        unit="lots/s",
        bound=(">=", 1_000_000 / _EXPIRY_SECONDS),
    )
    began = time.perf_counter()
    proof = prove_balances(at=AT, by="bench")
    yield line(
        "ledger",
        "proof of all balances and lots from transfers and takes",
        size=proof.lots,
        value=time.perf_counter() - began,
        unit="s",
    )
    yield line(
        "ledger",
        "differences that the proof found",
        size=proof.lots,
        value=proof.differences,
        unit="rows",
        bound=("<=", 0),
    )


def _count(statement: str, on: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [on])
        [[count]] = cursor.fetchall()
    return int(count)
