"""How well and how fast doubles are found among generated people, whose truth is known."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from shouyue.customers.linking.engine import joined, link, table_of
from shouyue.customers.linking.rules.chinese import CHINESE, is_enough
from shouyue.customers.linking.rules.features import Features, Name, features
from shouyue.customers.linking.rules.generated import Row, people, true_pairs
from shouyue.customers.linking.rules.pairs import LIKELY
from shouyue.store.pinyin import readings

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Measured:
    """looked_at: the share of true pairs that were compared at all; None unless asked for.

    seconds: for features and linking.
    """

    size: int
    true: int
    found: int
    right: int
    looked_at: float | None
    seconds: float

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.true

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.true)


def measured(size: int, seed: int, *, with_blocks: bool = False) -> Measured:
    """Link generated people. with_blocks: also tell how many true pairs were looked at, which keeps every pair."""
    rows = people(size, seed, read=readings)
    truth = true_pairs(rows)
    began = time.perf_counter()
    pairs = link(_table(rows), CHINESE, **_least(with_blocks))
    seconds = time.perf_counter() - began
    places = {_ordered(pair.one, pair.other): pair for pair in pairs}
    found = {at for at, pair in places.items() if pair.probability >= LIKELY and is_enough(pair.levels)}
    looked_at = len(truth & set(places)) / len(truth) if with_blocks else None
    return Measured(size, len(truth), len(found), len(found & truth), looked_at, seconds)


def _table(rows: Sequence[Row]) -> "pa.Table":
    """In batches, as the search reads sealed persons."""
    names: dict[str, Name] = {}
    numbered = enumerate(rows)
    tables = []
    while batch := list(islice(numbered, _BATCH)):
        tables.append(table_of({str(place): of_row(row, names) for place, row in batch}))
    return joined(tables)


def of_row(row: Row, names: dict[str, Name] | None = None) -> Features:
    """What is compared of a generated record. names: of those who came before."""
    return features(
        name=row.name,
        title=row.title,
        phones=row.phones,
        emails=row.emails,
        address=row.address,
        born_on=row.born_on,
        read=readings,
        names=names,
    )


def _least(with_blocks: bool) -> dict[str, float]:
    return {"least": 0.0} if with_blocks else {}


def _ordered(one: str, other: str) -> tuple[int, int]:
    first, second = int(one), int(other)
    return (first, second) if first < second else (second, first)
