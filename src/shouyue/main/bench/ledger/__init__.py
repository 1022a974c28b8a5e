"""What points cost: accrual beside a plain INSERT, growth, expiry, 64 at once, and HTTP beside pgbench, in one run."""

from collections.abc import Iterator

from shouyue.main.bench.ledger.ground import Ground, made_ground
from shouyue.main.bench.ledger.moving import measure_accrual, measure_expiry, measure_redemptions
from shouyue.main.bench.ledger.selling import measure_selling
from shouyue.main.bench.line import Line

_ROWS = 1_000_000


def measure_ledger(rows: int | None) -> Iterator[Line]:
    """Lines about points. rows: purchases that are accrued, default 1,000,000; a tenth as many members."""
    ground: Ground = made_ground(rows or _ROWS)
    yield from measure_accrual(ground)
    yield from measure_redemptions(ground)
    yield from measure_selling(ground)
    yield from measure_expiry()
