"""The review of tiers: what a replay finds is recorded, and who is about to lose a tier is warned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.kernel.ids import keyed_id, new_id
from shouyue.kernel.merkle import merkle_root
from shouyue.membership.programme.public import NoProgrammeError, counting_version
from shouyue.membership.tiers.facts import TierAtRisk, TiersChanged
from shouyue.membership.tiers.models import TierChange, TierStanding, TierWhy
from shouyue.membership.tiers.queries.replay import Replayed, Risk, replay, risks_of, timeline
from shouyue.store import facts


@dataclass(frozen=True, slots=True)
class Reviewed:
    """changed: tiers that were recorded anew; warned: members who were warned now."""

    changed: int
    warned: int


@transaction.atomic
def review_tiers(customers: Sequence[UUID], *, on: date, at: datetime, by: str) -> Reviewed:
    """Record the tiers of these members as of the end of `on`, with every change since they were last looked at.

    Repeated, nothing more is recorded. Where records of earlier days came in late, the tier that they lead to is
    recorded as a correction of `on`: what was recorded stays; so where numbers were merged, or un-merged. Every number
    of a person has the person's tier. Raises NoProgrammeError.
    """
    version, told = counting_version(on), timeline()
    if told is None:
        raise NoProgrammeError
    rows = TierStanding.objects.select_for_update().filter(customer_id__in=customers).order_by("customer_id")
    known = {row.customer_id: row for row in rows}
    found = replay(customers, told=told, on=on)
    changes = _changes(found, known, on=on, version=version.number, at=at)
    risks = risks_of(found, told=told, on=on)
    warned = [who for who, risk in risks.items() if who not in known or known[who].warned_for != risk.reviewed_on]
    TierChange.objects.bulk_create(changes, batch_size=5000)
    _keep_standings(found, known, changes, risks, on)
    _announce(changes, {who: risks[who] for who in warned}, at=at, by=by)
    return Reviewed(len(changes), len(warned))


def _changes(
    found: Replayed, known: Mapping[UUID, TierStanding], *, on: date, version: int, at: datetime
) -> list[TierChange]:
    """Changes that are not recorded yet, by day."""
    told, before = found.changes, dict.fromkeys(range(len(found.members)), "")
    changes = []
    for place, day, tier, why, amount in zip(told.member, told.on, told.tier, told.why, told.amount, strict=True):
        who, name, was = found.members[place], tier or "", before[place]
        before[place] = name
        if name != was and (who not in known or day >= known[who].checked_on):
            changes.append(_change(who, day, (was, name, why.value), amount=amount, version=version, at=at))
    changes = _unrecorded(changes)
    latest = {who: row.tier for who, row in known.items()} | {change.customer_id: change.tier for change in changes}
    for who, tier in zip(found.members, told.tiers, strict=True):
        was, name = latest.get(who, ""), tier or ""
        if was != name:
            changes.append(_change(who, on, (was, name, TierWhy.CORRECTED), amount=0, version=version, at=at))
    return changes


def _change(who: UUID, day: date, step: tuple[str, str, str], *, amount: int, version: int, at: datetime) -> TierChange:
    before, tier, why = step
    # A tier may be corrected to and fro on one day; what a replay tells again is the same change.
    moment = f" {at.isoformat()}" if why == TierWhy.CORRECTED else ""
    return TierChange(
        customer_id=who,
        id=keyed_id(who, f"tier {day} {before} {tier} {why}{moment}"),
        on=day,
        tier=tier,
        before=before,
        why=why,
        amount=amount,
        version=version,
        recorded_at=at,
    )


def _unrecorded(changes: list[TierChange]) -> list[TierChange]:
    wanted = TierChange.objects.filter(customer_id__in={change.customer_id for change in changes})
    recorded = set(wanted.filter(id__in=[change.id for change in changes]).values_list("id", flat=True))
    return [change for change in changes if change.id not in recorded]


def _keep_standings(
    found: Replayed,
    known: Mapping[UUID, TierStanding],
    changes: Sequence[TierChange],
    risks: Mapping[UUID, Risk],
    on: date,
) -> None:
    latest = {change.customer_id: change for change in changes}
    rows = []
    for who, first, tier in zip(found.members, found.joined.tolist(), found.changes.tiers, strict=True):
        row = known.get(who) or TierStanding(customer_id=who, since=date.fromordinal(first), why=TierWhy.JOINED)
        if change := latest.get(who):
            row.since, row.why = change.on, change.why
        risk = risks.get(who)
        row.tier, row.checked_on, row.stands_for_all = tier or "", on, not found.follows(who)
        row.projected, row.warned_for = (risk.projected or "", risk.reviewed_on) if risk else (row.tier, None)
        rows.append(row)
    kept = ["tier", "since", "why", "projected", "warned_for", "checked_on", "stands_for_all"]
    TierStanding.objects.bulk_create(
        rows, batch_size=5000, update_conflicts=True, unique_fields=["customer"], update_fields=kept
    )


def _announce(changes: Sequence[TierChange], warned: Mapping[UUID, Risk], *, at: datetime, by: str) -> None:
    told: list[facts.FactBase] = []
    if changes:
        rows = (f"{one.customer_id} {one.on} {one.tier} {one.why}".encode() for one in changes)
        fallen = sum(one.why == TierWhy.FELL for one in changes)
        told.append(TiersChanged(batch_id=new_id(), row_count=len(changes), rows_root=merkle_root(rows), fell=fallen))
    told += [
        TierAtRisk(subject=who, tier=risk.tier or "", projected=risk.projected or "", reviewed_on=risk.reviewed_on)
        for who, risk in warned.items()
    ]
    facts.announce(*told, at=at, by=by)
