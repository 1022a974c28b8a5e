"""Budgets: how much a campaign or a rule may still give, in amount or in uses."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

Exact: TypeAlias = Fraction | Decimal | int


class BudgetKind(StrEnum):
    SPEND = "spend"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class Budget:
    """limit: None is without end. counts_batch_once: several uses of one purchase are one use."""

    kind: BudgetKind
    limit: Exact | None
    used: Exact = 0
    counts_batch_once: bool = True

    @property
    def left(self) -> Exact | None:
        return None if self.limit is None else max(Fraction(0), Fraction(self.limit) - Fraction(self.used))


def weight(budget: Budget, amount: Exact, *, is_same_batch: bool = False) -> Exact:
    """What one use takes of the budget."""
    if budget.kind is BudgetKind.SPEND:
        return amount
    return 0 if is_same_batch and budget.counts_batch_once else 1


def would_apply(budget: Budget, amount: Exact, *, is_same_batch: bool = False) -> bool:
    """Whether the whole use still fits; a budget is never overdrawn, and never used in part."""
    if budget.limit is None:
        return True
    after = Fraction(budget.used) + Fraction(weight(budget, amount, is_same_batch=is_same_batch))
    return after <= Fraction(budget.limit)


def register(budget: Budget, amount: Exact, *, is_same_batch: bool = False) -> Budget | None:
    """The budget after the use, or None where it does not fit."""
    if not would_apply(budget, amount, is_same_batch=is_same_batch):
        return None
    used = Fraction(budget.used) + Fraction(weight(budget, amount, is_same_batch=is_same_batch))
    return replace(budget, used=used)


def revert(budget: Budget, amount: Exact, *, is_same_batch: bool = False) -> Budget:
    """The budget after a use was undone; it never holds more than it had at the start."""
    back = Fraction(weight(budget, amount, is_same_batch=is_same_batch))
    return replace(budget, used=max(Fraction(0), Fraction(budget.used) - back))
