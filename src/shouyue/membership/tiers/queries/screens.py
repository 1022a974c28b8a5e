"""What the desk shows about tiers: members of each, who is about to lose one, one member's history replayed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from shouyue.membership.programme.public import published_versions
from shouyue.membership.tiers.models import TierStanding
from shouyue.membership.tiers.queries.persons import pasts_of
from shouyue.membership.tiers.queries.replay import timeline_from
from shouyue.membership.tiers.rules.persons import person_history, person_progress, person_tier_on
from shouyue.membership.tiers.rules.standing import Change, Measure, PaidTier, Progress


@dataclass(frozen=True, slots=True)
class TierHistory:
    """A member's tiers replayed from what happened. at_day: the tier of the day that was asked for; paid: bought.

    numbers: how many of the person's numbers count together.
    """

    measure: Measure
    joined_on: date
    changes: list[Change]
    progress: Progress
    paid: list[PaidTier]
    at_day: str | None
    numbers: int


def standings_with(tier: str) -> QuerySet[TierStanding]:
    """Members who had a tier at the last review, a person once, unordered; list them by ("customer_id",)."""
    return TierStanding.objects.filter(tier=tier, stands_for_all=True)


def warned() -> QuerySet[TierStanding]:
    """Members who will fall at a coming review unless they buy, unordered; list by ("warned_for", "customer_id")."""
    return TierStanding.objects.filter(warned_for__isnull=False)


def tier_history(customer_id: UUID, *, on: date, day: date) -> TierHistory | None:
    """Replayed up to `on`, and the tier of any past day. None for whoever is no member, or without a programme."""
    told = timeline_from(published_versions())
    if told is None:
        return None
    measure = told.at(on).measure
    past = pasts_of([customer_id], measure=measure, on=on).get(customer_id)
    if past is None:
        return None
    joined_on = past.strands[0].joined_on
    return TierHistory(
        measure=measure,
        joined_on=joined_on,
        changes=person_history(told, past.strands, until=on)[::-1],
        progress=person_progress(told, past.strands, day=on, paid=past.paid),
        paid=past.paid,
        at_day=person_tier_on(told, past.strands, day=day, paid=past.paid) if day >= joined_on else None,
        numbers=len(past.ids),
    )
