"""Tiers that are sold or granted, and that end before their day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.customers.public import ids_of_person
from shouyue.membership.ledger.public import Balance, NotAMemberError
from shouyue.membership.passes.facts import TierPassEnded, TierSold
from shouyue.membership.passes.rules.steps import UnknownTierError, tier_names_of
from shouyue.membership.programme.public import counting_version
from shouyue.membership.tiers.public import TierPass
from shouyue.store import facts


class AlreadyBoughtError(Exception):
    """The member has this tier already on some of these days. until: the last one."""

    def __init__(self, until: date) -> None:
        super().__init__(str(until))
        self.until = until


class PassOverError(Exception):
    """The last day of this pass is over, or there is none of this number."""


@transaction.atomic
def sell_tier(
    *,
    pass_id: UUID,
    customer_id: UUID,
    tier: str,
    days: tuple[date, date],
    price_fen: int,
    at: datetime,
    by: str,
    why: str = "",
) -> TierPass:
    """Sell a tier from the first to the last of `days`, or grant it for 0; the same id is one sale.

    A person has it once, whatever number it was sold under. Raises NotAMemberError, UnknownTierError,
    NoProgrammeError, AlreadyBoughtError.
    """
    first, last = days
    ids = _locked(customer_id)
    members = set(Balance.objects.filter(customer_id__in=ids).values_list("customer_id", flat=True))
    member = next((one for one in (customer_id, *ids) if one in members), None)
    if member is None:
        raise NotAMemberError(str(customer_id))
    done = TierPass.objects.filter(customer_id__in=ids, id=pass_id).first()
    if done is not None:
        return done
    if tier not in tier_names_of(counting_version(first).content):
        raise UnknownTierError(tier)
    same = TierPass.objects.filter(customer_id__in=ids, tier=tier, first__lte=last, last__gte=first)
    if until := max((one.good_until for one in same if one.good_until >= max(first, one.first)), default=None):
        raise AlreadyBoughtError(until)
    sold = TierPass(
        customer_id=member,
        id=pass_id,
        tier=tier,
        first=first,
        last=last,
        price_fen=price_fen,
        sold_at=at,
        sold_by=by,
        why=why,
    )
    sold.save(force_insert=True)
    facts.announce(TierSold(subject=member, pass_id=pass_id, tier=tier, last=last), at=at, by=by)
    return sold


@transaction.atomic
def end_pass(*, customer_id: UUID, pass_id: UUID, on: date, why: str, at: datetime, by: str) -> TierPass:
    """From a day on a bought tier does not count; what was earned with it stays. Done twice, it has ended once.

    Raises PassOverError.
    """
    row = _running(customer_id, pass_id, on)
    if row.ended_on is None:
        row.ended_on, row.ended_at, row.ended_by, row.ended_why = max(on, row.first), at, by, why
        _keep(row, at=at, by=by)
    return row


@transaction.atomic
def resume_pass(*, customer_id: UUID, pass_id: UUID, on: date, at: datetime, by: str) -> TierPass:
    """A pass that was ended goes on to its last day. Raises PassOverError, AlreadyBoughtError."""
    row = _running(customer_id, pass_id, on)
    if row.ended_on is not None:
        others = TierPass.objects.filter(customer_id__in=_locked(customer_id), tier=row.tier, first__lte=row.last)
        for one in others.exclude(id=pass_id):
            if one.good_until >= max(row.ended_on, one.first):
                raise AlreadyBoughtError(one.good_until)
        row.ended_on, row.ended_at, row.ended_by, row.ended_why = None, None, "", ""
        _keep(row, at=at, by=by)
    return row


def _locked(customer_id: UUID) -> list[UUID]:
    """The numbers of the person, whose balances are locked."""
    ids = ids_of_person([customer_id]).get(customer_id, [customer_id])
    list(Balance.objects.select_for_update().filter(customer_id__in=ids).order_by("customer_id"))
    return ids


def _running(customer_id: UUID, pass_id: UUID, on: date) -> TierPass:
    """Under the person's locks, which every sale takes too."""
    _locked(customer_id)
    row = TierPass.objects.filter(customer_id=customer_id, id=pass_id, last__gte=on).first()
    if row is None:
        raise PassOverError
    return row


def _keep(row: TierPass, *, at: datetime, by: str) -> None:
    row.save(update_fields=["ended_on", "ended_at", "ended_by", "ended_why"])
    told = TierPassEnded(subject=row.customer_id, pass_id=row.id, tier=row.tier, ended_on=row.ended_on)
    facts.announce(told, at=at, by=by)
