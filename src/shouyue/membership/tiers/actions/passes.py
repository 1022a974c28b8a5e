"""A tier that is sold."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shouyue.membership.ledger.public import Balance, NotAMemberError
from shouyue.membership.programme.public import counting_version
from shouyue.membership.tiers.facts import TierSold
from shouyue.membership.tiers.models import TierPass
from shouyue.membership.tiers.rules.terms import tier_names_of
from shouyue.membership.tiers.rules.tiers import UnknownTierError
from shouyue.store import facts


@transaction.atomic
def sell_tier(
    *, pass_id: UUID, customer_id: UUID, tier: str, days: tuple[date, date], price_fen: int, at: datetime, by: str
) -> TierPass:
    """Sell a tier from the first to the last of `days`; the same id is one sale.

    Raises NotAMemberError, UnknownTierError, NoProgrammeError.
    """
    first, last = days
    if not Balance.objects.select_for_update().filter(customer_id=customer_id).exists():
        raise NotAMemberError(str(customer_id))
    done = TierPass.objects.filter(customer_id=customer_id, id=pass_id).first()
    if done is not None:
        return done
    if tier not in tier_names_of(counting_version(first).content):
        raise UnknownTierError(tier)
    sold = TierPass(
        customer_id=customer_id,
        id=pass_id,
        tier=tier,
        first=first,
        last=last,
        price_fen=price_fen,
        sold_at=at,
        sold_by=by,
    )
    sold.save(force_insert=True)
    facts.announce(TierSold(subject=customer_id, pass_id=pass_id, tier=tier, last=last), at=at, by=by)
    return sold
