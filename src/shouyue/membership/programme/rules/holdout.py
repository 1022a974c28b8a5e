"""A persistent holdout: who gets no campaign, so that its effect can be told. Seeded, so anybody can check it."""

import hmac
from hashlib import sha256
from uuid import UUID

_STEPS = 1_000_000


# Who gets no campaign gets none of any: the effect of all of them together stays visible.
CAMPAIGNS = "campaigns"


def is_held_out(seed: str, customer: UUID, share: float) -> bool:
    """The same customer and seed always give the same answer; over many customers `share` of them are held out.

    A larger share keeps everybody who was held out before.
    """
    digest = hmac.new(seed.encode(), customer.bytes, sha256).digest()
    return int.from_bytes(digest[:8], "big") % _STEPS < round(share * _STEPS)
