"""What referrals announce."""

from dataclasses import dataclass

from shouyue.store.facts import FactBase


@dataclass(frozen=True, kw_only=True)
class ReferralDecided(FactBase):
    """Somebody came by a member's link. state: counted, review or refused."""

    state: str
