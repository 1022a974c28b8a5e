"""Which tier an amount reaches, what it earns there, and what a review makes of a tier."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

Exact: TypeAlias = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class Step:
    """One tier. minimum: the amount that reaches it, itself included.

    per: the amount that earns one point there; 0 or none: it earns none.
    """

    name: str
    minimum: Exact
    per: Exact | None = None


class Landing(StrEnum):
    """What a review does with a tier whose minimum was missed."""

    ONE_DOWN = "one_down"
    BALANCE_BASED = "balance_based"


class UnknownTierError(ValueError):
    """A tier that this version of the programme does not have."""


def reached(steps: Sequence[Step], amount: Exact) -> Step | None:
    """The highest tier whose minimum the amount reaches; None below all of them. The order of steps is free."""
    open_steps = [step for step in steps if Fraction(step.minimum) <= Fraction(amount)]
    return max(open_steps, key=lambda step: Fraction(step.minimum), default=None)


def rank(steps: Sequence[Step], name: str | None) -> int:
    """0 for the lowest tier, -1 for none. Raises UnknownTierError."""
    if name is None:
        return -1
    names = [step.name for step in ordered(steps)]
    if name not in names:
        raise UnknownTierError(name)
    return names.index(name)


def ordered(steps: Sequence[Step]) -> list[Step]:
    """From the lowest tier to the highest."""
    return sorted(steps, key=lambda step: Fraction(step.minimum))


def step_points(step: Step | None, amount: Exact) -> int:
    """Points of a purchase at the tier's own rate, rounded down. Only the tier reached counts, never a higher one's."""
    if step is None or not step.per or amount <= 0:
        return 0
    return int(Fraction(amount) / Fraction(step.per))


def reviewed(steps: Sequence[Step], *, current: str | None, amount: Exact, landing: Landing) -> str | None:
    """The tier after a review on the amount of the closed window.

    Who reaches their tier or a higher one has what they reach. Who misses it falls one step, or to what they reach.
    """
    found = reached(steps, amount)
    name = found.name if found else None
    held = rank(steps, current)
    if rank(steps, name) >= held or landing is Landing.BALANCE_BASED:
        return name
    down = held - 1
    return ordered(steps)[down].name if down >= 0 else None
