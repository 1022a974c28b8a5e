"""Where one member stands: points, tier, benefits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Balance, Lot
from shouyue.membership.programme.public import published_versions, version_on
from shouyue.membership.tiers.models import BenefitUse, TierChange, TierStanding
from shouyue.membership.tiers.queries.persons import pasts_of
from shouyue.membership.tiers.queries.replay import timeline_from
from shouyue.membership.tiers.rules.entitlements import Left, left_of
from shouyue.membership.tiers.rules.persons import person_progress
from shouyue.membership.tiers.rules.standing import Measure, Progress
from shouyue.membership.tiers.rules.terms import Benefit, TierName, benefits_of, tier_names_of


@dataclass(frozen=True, slots=True)
class OpenBenefit:
    benefit: Benefit
    left: Left


@dataclass(frozen=True, slots=True)
class MemberView:
    """Where a member stands on a day. expiring: (last day, points) of lots, the earliest first.

    bought_until: the last day of the tier that they have because they bought it.
    ids: all numbers of the person: points, uses of benefits and what decides the tier count together.
    """

    customer_id: UUID
    ids: list[UUID]
    usable: int
    pending: int
    debt: int
    expiring: list[tuple[date, int]]
    tier: TierName | None
    next_tier: TierName | None
    measure: Measure
    progress: Progress
    benefits: list[OpenBenefit]
    bought_until: date | None


def member_view(customer_id: UUID, *, on: date) -> MemberView | None:
    """None for whoever is no member under any number, or while no version of the programme counts."""
    versions = published_versions()
    told = timeline_from(versions)
    version = version_on(on)
    ids = ids_of_person([customer_id])[customer_id]
    members = list(Balance.objects.filter(customer_id__in=ids))
    if version is None or told is None or not members:
        return None
    past = pasts_of([customer_id], measure=told.at(on).measure, on=on)[customer_id]
    standing = person_progress(told, past.strands, day=on, paid=past.paid)
    debt = sum(one.debt for one in members)
    lots = list(Lot.objects.filter(customer_id__in=ids, left__gt=0).order_by("expires_on", "made_at", "id"))
    usable, pending = _counted(lots, on)
    names = tier_names_of(version.content)
    return MemberView(
        customer_id=customer_id,
        ids=ids,
        usable=max(0, usable - debt),
        pending=pending,
        debt=debt,
        expiring=_expiring(lots, on),
        tier=names.get(standing.tier or ""),
        next_tier=names.get(standing.next_tier or ""),
        measure=told.at(on).measure,
        progress=standing,
        benefits=_benefits(version.content, standing.tier, ids, on),
        bought_until=max(
            (one.last for one in past.paid if one.name == standing.tier and one.first <= on <= one.last), default=None
        ),
    )


def tier_counts() -> dict[str, int]:
    """Members by tier, as of the last review, a person once."""
    found = TierStanding.objects.filter(stands_for_all=True).values("tier").annotate(members=Count("customer_id"))
    return {row["tier"]: row["members"] for row in found.order_by("tier")}


def tier_changes(customer_id: UUID) -> list[TierChange]:
    """Every recorded change of a member's tier, the latest first."""
    return list(TierChange.objects.filter(customer_id=customer_id).order_by("-on", "-recorded_at", "-id")[:50])


def _counted(lots: Sequence[Lot], on: date) -> tuple[int, int]:
    good = [lot for lot in lots if lot.expires_on is None or lot.expires_on >= on]
    waits = [lot for lot in good if lot.is_pending and lot.activates_on is not None and lot.activates_on > on]
    pending = sum(lot.left for lot in waits)
    return sum(lot.left for lot in good) - pending, pending


def _expiring(lots: Sequence[Lot], on: date) -> list[tuple[date, int]]:
    by_day: dict[date, int] = defaultdict(int)
    for lot in lots:
        if lot.expires_on is not None and lot.expires_on >= on:
            by_day[lot.expires_on] += lot.left
    return sorted(by_day.items())[:3]


def _benefits(content: Mapping[str, Any], tier: str | None, ids: Sequence[UUID], on: date) -> list[OpenBenefit]:
    uses: dict[str, list[date]] = defaultdict(list)
    for use in BenefitUse.objects.filter(customer_id__in=ids).order_by("used_on", "id"):
        uses[use.benefit].append(use.used_on)
    return [OpenBenefit(one, left_of(one.quota, one.period, uses[one.key], on)) for one in benefits_of(content, tier)]
