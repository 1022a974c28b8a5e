"""Who says that a value is so: governed fields, and what stands behind them when they are recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

# Governed field -> the attribute of `Known` that holds it. The order is that of the bits in Person.first_fields.
GOVERNED: Final[Mapping[str, str]] = {
    "name": "name",
    "phone": "phones",
    "email": "emails",
    "address": "address",
    "birthday": "born_on",
}
TOLD, MEMBER, DOCUMENT, CALL, DELIVERED = "told", "member", "document", "call", "delivered"
BY_HAND: Final = "desk"  # the source of what staff write on a record
# The source of what says that a field has no value any more.
GONE: Final = "gone"
METHODS: Final = (TOLD, MEMBER, DOCUMENT, CALL, DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What stands behind values that are recorded: one for a whole import or batch.

    key: the same key is the same attestation. source: where it comes from. method: told (nobody checked it), or how
    it was verified. verified_at: when; None unless it was. evidence: a reference, never a value of a person.
    """

    key: UUID
    source: str
    by: str = ""
    method: str = TOLD
    verified_at: datetime | None = None
    evidence: str = ""


def governed_in(attributes: Iterable[str]) -> list[str]:
    """The governed fields among attributes of `Known`."""
    wanted = set(attributes)
    return [field for field, attribute in GOVERNED.items() if attribute in wanted]


def bits_of(known: object) -> int:
    """Which governed fields of a `Known` have a value, one bit for each."""
    return sum(1 << place for place, attribute in enumerate(GOVERNED.values()) if getattr(known, attribute, None))


def fields_in(bits: int) -> list[str]:
    """The governed fields of bits_of."""
    return [field for place, field in enumerate(GOVERNED) if bits >> place & 1]
