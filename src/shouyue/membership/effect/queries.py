"""Questions about the effect: what to count with, and the latest reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from shouyue.customers.public import Customer
from shouyue.kernel.shares import Interval
from shouyue.membership.effect.models import EffectReading
from shouyue.membership.effect.rules.comebacks import Customer as Known
from shouyue.membership.effect.rules.comparison import Comparison, Group
from shouyue.membership.effect.rules.friends import RewardChange
from shouyue.membership.ledger.public import Balance
from shouyue.membership.referral.public import Referral, ReferralState
from shouyue.purchases.public import spend_by_day


def everybody() -> list[Known]:
    """Every known customer with what they bought and when they joined; three statements."""
    ids = list(Customer.objects.exclude(kind="anonymous").order_by("pk").values_list("pk", flat=True))
    joined = dict(Balance.objects.order_by("customer_id").values_list("customer_id", "enrolled_at"))
    spent = spend_by_day(ids, zone=settings.TIME_ZONE)
    return [Known(who, timezone.localdate(joined[who]) if who in joined else None, spent.get(who, ())) for who in ids]


def friends_since(day: date) -> Mapping[UUID, int]:
    """How many friends who count each member brought since a day."""
    found = Referral.objects.filter(state=ReferralState.COUNTED, at__date__gte=day).values("referrer_id")
    return {row["referrer_id"]: row["n"] for row in found.annotate(n=Count("customer_id")).order_by("referrer_id")}


def friends_brought() -> list[tuple[UUID, date]]:
    """(member, day) of each friend who counts."""
    found = Referral.objects.filter(state=ReferralState.COUNTED).order_by("at", "customer_id")
    return [(who, timezone.localdate(at)) for who, at in found.values_list("referrer_id", "at")]


@dataclass(frozen=True, slots=True)
class CampaignEffect:
    zh: str
    en: str
    first: date
    last: date
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class EffectView:
    """The latest reading. split: the day between the two spans that `returning` compares, `days` each.

    held: who bought in the second span, with campaigns and without; None in readings of before it was counted.
    rewarded: the last change of the reward for friends and who brought one since and before; None where there was none.
    """

    measured_at: datetime
    until: date
    split: date
    days: int
    returning: Comparison
    held: Comparison | None
    bringing: Comparison
    brought: Group
    campaigns: list[CampaignEffect]
    rewarded: tuple[RewardChange, Comparison] | None = None

    @property
    def brought_interval(self) -> Interval | None:
        return self.brought.interval


def latest_effect() -> EffectView | None:
    """None before the first measuring."""
    row = EffectReading.objects.order_by("-measured_at", "-id").first()
    if row is None:
        return None
    told = row.content
    return EffectView(
        measured_at=row.measured_at,
        until=row.until,
        split=date.fromisoformat(told["split"]),
        days=told["days"],
        returning=_comparison(told["returning"]),
        held=_comparison(told["held"]) if "held" in told else None,
        bringing=_comparison(told["bringing"]),
        brought=Group(*told["brought"]),
        campaigns=[
            CampaignEffect(
                one["zh"],
                one["en"],
                date.fromisoformat(one["first"]),
                date.fromisoformat(one["last"]),
                _comparison(one["compared"]),
            )
            for one in told["campaigns"]
        ],
        rewarded=_rewarded(told["rewarded"]) if told.get("rewarded") else None,
    )


def _rewarded(told: Mapping[str, Any]) -> tuple[RewardChange, Comparison]:
    change = RewardChange(date.fromisoformat(told["on"]), told["days"], told["before"], told["after"])
    return change, _comparison(told["compared"])


def _comparison(told: Mapping[str, Any]) -> Comparison:
    return Comparison(Group(*told["ours"]), Group(*told["theirs"]), told["left_out"])
