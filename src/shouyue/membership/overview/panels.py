"""What membership says on pages of lower rooms: points that would go when an import of orders is taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shouyue.membership.ledger.public import Balance
from shouyue.membership.referral.public import Referral, reward_purchases
from shouyue.membership.tills.public import earn_from_batches
from shouyue.purchases.public import OrdersTakenBack, buyers_of
from shouyue.store.contributions.consequences import Consequence
from shouyue.store.models import Fact

_BY = "rehearsal"


def _points_taken_back(news: Sequence[Fact], at: datetime) -> Mapping[str, int]:
    """Members who would lose points, how many of theirs, how many more they would owe; points given for returns that
    go."""
    batches = [UUID(fact.payload["batch_id"]) for fact in news if fact.kind == OrdersTakenBack.kind]
    buyers = buyers_of(batches) if batches else []
    if not buyers:
        return {}
    brought = Referral.objects.filter(customer_id__in=buyers).values_list("referrer_id", flat=True)
    concerned = {*buyers, *brought}
    before = _standing(concerned)
    # What the reactions do, in their order: their counts are those of the undo.
    earn_from_batches(batches, at=at, by=_BY)
    reward_purchases(batches, at=at, by=_BY)
    after = _standing(concerned)
    lost = {who: max(before[who][0] - after[who][0], 0) for who in before}
    owed = {who: max(after[who][1] - before[who][1], 0) for who in before}
    given = sum(max(after[who][0] - before[who][0], 0) for who in before)
    members = sum(1 for who in before if lost[who] or owed[who])
    return {"members": members, "points": sum(lost.values()), "debt": sum(owed.values()), "given": given}


def _standing(customers: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """By member: the points that they have, usable or not yet, and those that they owe."""
    found = Balance.objects.filter(pk__in=customers)
    return {one.pk: (one.pending + one.available + one.held, one.debt) for one in found}


POINTS_TAKEN_BACK = Consequence(
    name="membership.points", order=10, count=_points_taken_back, template="membership/_undo_foreseen.html"
)
