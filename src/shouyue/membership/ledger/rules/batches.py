"""Transfers between accounts in batches: all of a batch or nothing, limits checked after every transfer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Amount: TypeAlias = Decimal | int


@dataclass(frozen=True, slots=True)
class Limits:
    allow_negative: bool = True
    allow_positive: bool = True

    def hold_for(self, balance: Amount) -> bool:
        return (self.allow_negative or balance >= 0) and (self.allow_positive or balance <= 0)


@dataclass(frozen=True, slots=True)
class Transfer:
    debit: str
    credit: str
    amount: Amount


def post(
    balances: dict[str, Amount], batches: Iterable[Sequence[Transfer]], limits: Mapping[str, Limits]
) -> list[bool]:
    """Post batches one after the other into `balances`; says of each whether it was accepted."""
    accepted = []
    for batch in batches:
        trial = dict(balances)
        fits = all(_applied(trial, transfer, limits) for transfer in batch)
        if fits:
            balances.update(trial)
        accepted.append(fits)
    return accepted


def _applied(balances: dict[str, Amount], transfer: Transfer, limits: Mapping[str, Limits]) -> bool:
    sides = (transfer.debit, transfer.credit)
    if transfer.amount <= 0 or transfer.debit == transfer.credit or any(side not in balances for side in sides):
        return False
    balances[transfer.debit] -= transfer.amount
    balances[transfer.credit] += transfer.amount
    return all(limits[side].hold_for(balances[side]) for side in sides)
