"""The version of a customer's record: the same values have the same one, and every change makes another."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b


def version_of(values: Sequence[str], person_changed_at: datetime | None) -> int:
    """A number that names the state of a record. values: what is known of the customer, in a fixed order.

    person_changed_at: when a value of the person last changed; None where nothing is known of one. When the customer
    last bought is left out: an order changes nothing that somebody could overwrite.
    """
    moment = person_changed_at.isoformat() if person_changed_at else ""
    digest = blake2b("\x1f".join([*values, moment]).encode(), digest_size=6)
    return int.from_bytes(digest.digest())
