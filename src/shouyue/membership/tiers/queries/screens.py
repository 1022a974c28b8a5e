"""What the desk shows about tiers: members of each, who is about to lose one, one member's history replayed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from shouyue.membership.ledger.public import Balance
from shouyue.membership.programme.public import published_versions
from shouyue.membership.tiers.models import TierStanding
from shouyue.membership.tiers.queries.activities import activities_of
from shouyue.membership.tiers.queries.replay import passes_of, timeline_from
from shouyue.membership.tiers.rules.standing import (
    Activity,
    Change,
    Measure,
    PaidTier,
    Progress,
    history,
    progress,
    tier_on,
)


@dataclass(frozen=True, slots=True)
class TierHistory:
    """A member's tiers replayed from what happened. at_day: the tier of the day that was asked for; paid: bought."""

    measure: Measure
    joined_on: date
    changes: list[Change]
    progress: Progress
    paid: list[PaidTier]
    at_day: str | None


def standings_with(tier: str) -> QuerySet[TierStanding]:
    """Members who had a tier at the last review, unordered; list them by ("customer_id",)."""
    return TierStanding.objects.filter(tier=tier)


def warned() -> QuerySet[TierStanding]:
    """Members who will fall at a coming review unless they buy, unordered; list by ("warned_for", "customer_id")."""
    return TierStanding.objects.filter(warned_for__isnull=False)


def tier_history(customer_id: UUID, *, on: date, day: date) -> TierHistory | None:
    """Replayed up to `on`, and the tier of any past day. None for whoever is no member, or without a programme."""
    told = timeline_from(published_versions())
    member = Balance.objects.filter(customer_id=customer_id).first()
    if told is None or member is None:
        return None
    measure = told.at(on).measure
    days = activities_of([customer_id], measure).get(customer_id, [])
    joined_on = min([on, timezone.localdate(member.enrolled_at), *(one for one, _amount in days[:1])])
    activities = [Activity(one, amount) for one, amount in days]
    paid = passes_of([customer_id]).get(customer_id, [])
    return TierHistory(
        measure=measure,
        joined_on=joined_on,
        changes=history(told, activities, joined_on=joined_on, until=on)[::-1],
        progress=progress(told, activities, joined_on=joined_on, day=on, paid=paid),
        paid=paid,
        at_day=tier_on(told, activities, joined_on=joined_on, day=day, paid=paid) if day >= joined_on else None,
    )
