"""Somebody looks at a referral that waits."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shouyue.membership.referral.actions.rewarding import reward_approved
from shouyue.membership.referral.facts import ReferralDecided
from shouyue.membership.referral.models import Referral, ReferralState
from shouyue.store import facts


@transaction.atomic
def decide_referral(customer_id: UUID, *, counts: bool, at: datetime, by: str) -> Referral:
    """Somebody looked at a referral that waits; decided once, the first decision stands.

    Where it counts, both get what they missed while it waited. Raises Referral.DoesNotExist.
    """
    row = Referral.objects.select_for_update().get(customer_id=customer_id)
    if row.state == ReferralState.REVIEW:
        row.state = ReferralState.COUNTED if counts else ReferralState.REFUSED
        row.decided_at, row.decided_by = at, by
        row.save(update_fields=["state", "decided_at", "decided_by"])
        facts.announce(ReferralDecided(subject=customer_id, state=row.state), at=at, by=by)
        reward_approved(row, on=timezone.localdate(at), at=at, by=by)
    return row
