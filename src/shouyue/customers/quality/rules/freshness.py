"""How fresh a value is on a day: half of what is left is lost with each half-life of its field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shouyue.customers.attesting.rules.standing import Standing

# What counts until an agreement says otherwise: agreements signed before freshness was defined have no parameters.
HALF_LIFE_DAYS: Final[Mapping[str, int]] = {
    "name": 1_825,
    "phone": 180,
    "email": 365,
    "address": 365,
    "birthday": 3_650,
}
REISSUED_AFTER_DAYS: Final = 90
TOLD_WEIGHT: Final = 0.5


@dataclass(frozen=True, slots=True)
class FreshnessTerms:
    """What the agreement says. half_life_days: by field, at least one day. told_weight: what a value is worth that
    nobody verified, on the day it was told. reissued_after_days: when an unverified phone may be somebody else's."""

    half_life_days: Mapping[str, int] = field(default_factory=lambda: HALF_LIFE_DAYS)
    told_weight: float = TOLD_WEIGHT
    reissued_after_days: int = REISSUED_AFTER_DAYS
    zone: str = "Asia/Shanghai"

    @classmethod
    def of(cls, parameters: Mapping[str, Any], *, zone: str) -> "FreshnessTerms":
        """The terms in the parameters of a definition; what they leave out is as above."""
        return cls(
            half_life_days={**HALF_LIFE_DAYS, **parameters.get("half_life_days", {})},
            told_weight=float(parameters.get("told_weight", TOLD_WEIGHT)),
            reissued_after_days=int(parameters.get("reissued_after_days", REISSUED_AFTER_DAYS)),
            zone=zone,
        )

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()


def age_days(standing: Standing, *, on: date, terms: FreshnessTerms) -> int:
    """Whole days since the value was last found right, or told if it never was; never below zero."""
    return max(0, (on - terms.day(standing.verified_at or standing.asserted_at)).days)


def score(standing: Standing | None, name: str, *, on: date, terms: FreshnessTerms) -> float:
    """Freshness from 0 to 1: 1 on the day of verification, 1/2 a half-life later, 1/4 after two.

    A value that nobody verified starts at terms.told_weight. None, of which nothing is known, is 0.
    """
    if standing is None:
        return 0.0
    whole = 1.0 if standing.verified_at else terms.told_weight
    left: float = whole * 0.5 ** (age_days(standing, on=on, terms=terms) / terms.half_life_days[name])
    return left


def is_fresh(standing: Standing | None, name: str, *, on: date, terms: FreshnessTerms) -> bool:
    """Verified, and no longer ago than one half-life."""
    return (
        standing is not None
        and standing.verified_at is not None
        and age_days(standing, on=on, terms=terms) <= terms.half_life_days[name]
    )


def may_be_reissued(standing: Standing | None, *, on: date, terms: FreshnessTerms) -> bool:
    """Whether a phone is to be checked before it is used: not verified, or told, within the days after which
    operators give a number to somebody else."""
    return standing is None or age_days(standing, on=on, terms=terms) > terms.reissued_after_days


@dataclass(frozen=True, slots=True)
class FieldFreshness:
    """One field over many customers: how many have a value, how many of those are verified, and are fresh.

    mean: of the scores, None without values.
    """

    field: str
    values: int
    verified: int
    fresh: int
    mean: float | None

    @property
    def share(self) -> float | None:
        return self.fresh / self.values if self.values else None


def summed(
    counts: Iterable[tuple[str, Standing | None, int]], *, on: date, terms: FreshnessTerms
) -> list[FieldFreshness]:
    """By field, in the order of the terms, from (field, standing, how many values stand like this)."""
    found: dict[str, list[float]] = {name: [0, 0, 0, 0.0] for name in terms.half_life_days}
    for name, standing, many in counts:
        sums = found[name]
        sums[0] += many
        sums[1] += many * bool(standing and standing.verified_at)
        sums[2] += many * is_fresh(standing, name, on=on, terms=terms)
        sums[3] += many * score(standing, name, on=on, terms=terms)
    return [
        FieldFreshness(name, int(values), int(verified), int(fresh), total / values if values else None)
        for name, (values, verified, fresh, total) in found.items()
    ]
