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
    )


def _comparison(told: Mapping[str, Any]) -> Comparison:
    return Comparison(Group(*told["ours"]), Group(*told["theirs"]), told["left_out"])
