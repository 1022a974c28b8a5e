"""What became of a result that a measure of a plan answers: the same question asked again, in a later quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """What the second result shows against the first one."""

    BETTER = "better"
    WORSE = "worse"
    NOT_SHOWN = "not_shown"  # it may be chance
    WAITING = "waiting"  # nobody has asked again yet


class Ground(StrEnum):
    """What the outcome rests on."""

    DIFFERENT_PEOPLE = "different_people"  # Newcombe's interval of the difference of two samples
    SAME_PEOPLE = "same_people"  # McNemar's test of those who answered both times
    WEIGHTED = "weighted"  # the normal interval of the difference of two weighted shares
    COUNTED = "counted"  # everybody answered both times: the figures themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One result. kept of asked answers; share differs from kept / asked where answers were weighted."""

    period: str
    day: date
    share: float
    kept: int
    asked: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A measure of a plan asks what became of a result. result: its key; delivered_on: None while it is not done."""

    result: str
    delivered_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remeasured:
    """Before and after. after and all below: None while nobody has asked again.

    low, high: 95 % interval of the difference; None where the same people were compared or everybody was counted.
    pairs: of those who answered both times, how many turned from kept and how many to it. p_value: before, adjusted:
    after Holm's correction over the `family` results of the same first quarter that were asked again together.
    is_after_delivery: whether the second question came once the measure was delivered.
    """

    key: str
    label: str
    before: Measured
    after: Measured | None = None
    outcome: Outcome = Outcome.WAITING
    ground: Ground | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: tuple[int, int, int] | None = None
    p_value: float | None = None
    adjusted: float | None = None
    family: int = 1
    is_after_delivery: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChoice:
    """A result that a measure may answer. group: what it stands under in a list of choices."""

    key: str
    label: str
    group: str


def which_again(delivered_on: date | None, opened: Sequence[date]) -> int | None:
    """Which of the later waves measures anew: the first that was opened on the day of delivery or after it.

    opened: days on which the later waves were opened, ascending. While the measure is not delivered the first one
    counts, and the page says so; None while there is none.
    """
    since = delivered_on or date.min
    return next((place for place, day in enumerate(opened) if day >= since), None)
