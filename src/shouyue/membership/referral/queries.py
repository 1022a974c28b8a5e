"""Questions about referrals."""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db.models import Sum

from shouyue.customers.public import Person
from shouyue.membership.referral.models import Referral, ReferralCode, ReferralReward, ReferralState
from shouyue.membership.referral.rules.referral import Traces
from shouyue.store.models import IdentityDigest, IdentityKind
from shouyue.store.sealed_fields import unseal


def traces_of(customer_id: UUID, other_id: UUID, *, device: str) -> Traces:
    """What one person leaves that another may share: device, address, a card. Digests; nothing of it is kept."""
    people = unseal(Person.objects.filter(customer_id=customer_id).only("customer_id", "address"), ["address"])
    address = people[0].address.plain if people and people[0].address else ""
    cards = IdentityDigest.objects.filter(kind=IdentityKind.CARD)
    theirs = cards.filter(customer_id=other_id).values("digest")
    shared = cards.filter(customer_id=customer_id, digest__in=theirs).order_by("digest").first()
    plain = "".join(address.split()).lower()
    return Traces(
        device=device,
        address=sha256(plain.encode()).hexdigest() if plain else "",
        payment=str(shared.digest) if shared else "",
    )


def code_exists(code: str) -> bool:
    return ReferralCode.objects.filter(code=code).exists()


def waiting_referrals() -> list[Referral]:
    """Referrals that a person decides on, the oldest first."""
    return list(
        Referral.objects.filter(state=ReferralState.REVIEW)
        .select_related("customer", "referrer")
        .order_by("at", "customer_id")[:50]
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """What a member's link led to. friends: who count or are looked at; points: that stand."""

    friends: int
    waiting: int
    points: int


def brought_by(customer_id: UUID) -> Brought:
    """How many friends came by a member's link, and the points for it."""
    rows = list(Referral.objects.filter(referrer_id=customer_id).values_list("state", flat=True))
    standing = ReferralReward.objects.filter(receiver_id=customer_id, cancelled_at=None).exclude(
        customer_id=customer_id
    )
    return Brought(
        friends=rows.count(ReferralState.COUNTED),
        waiting=rows.count(ReferralState.REVIEW),
        points=standing.aggregate(all=Sum("points"))["all"] or 0,
    )
