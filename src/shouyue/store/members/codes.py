"""Signing in by phone: who may ask for a code how often, what a right code proves, and whom it signs in."""

import hmac
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from shouyue.store import keys
from shouyue.store.digests import customers_with, identity_digest
from shouyue.store.keys import InstallationKey, Use, keyed_digest
from shouyue.store.members.sessions import start_session
from shouyue.store.models import IdentityKind, MemberSession, SignInCode
from shouyue.store.outgoing import Channel, Message
from shouyue.store.sealing import Cipher

DIGITS: Final = 6
TRIES_MAX: Final = 5
CODE_LASTS: Final = timedelta(minutes=5)
AGAIN_AFTER: Final = timedelta(seconds=60)
CHOICE_LASTS: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many codes for one phone, or one network address, within a span."""

    column: str
    span: timedelta
    most: int


# Whole families and shops share an address, and mobile networks share one among many: its limit is wide.
LIMITS: Final = (
    Limit("phone_digest", AGAIN_AFTER, 1),
    Limit("phone_digest", timedelta(hours=1), 5),
    Limit("phone_digest", timedelta(days=1), 10),
    Limit("address_digest", timedelta(hours=1), 60),
)


class AskedTooOftenError(Exception):
    """No code now. wait_seconds: whole seconds, at least 1, until one may be asked for again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("codes were asked for too often")
        self.wait_seconds = max(1, math.ceil(wait.total_seconds()))


class Verdict(Enum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    SPENT = "spent"  # too many wrong ones: only another code helps
    ENDED = "ended"  # expired, used, or never asked for


def made_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


@transaction.atomic
def ask_code(*, phone: str, address: str, code: str, text: str, channel: Channel, at: datetime) -> SignInCode:
    """Note a code for a phone in E.164, and send `text`, which holds it, if a customer has that phone.

    The same happens for every phone, known or not, but that nothing leaves for an unknown one. address: where the
    request came from. Raises AskedTooOftenError, which knows no difference either; ValueError for what is no phone.
    """
    key = keys.ring().current
    phone_digest = identity_digest(IdentityKind.PHONE, phone, key=key)
    if phone_digest is None:
        raise ValueError("not a phone number")
    asked = SignInCode(key_id=key.id, phone_digest=phone_digest, address_digest=_address_digest(address, key))
    _take_turns(asked.phone_digest, asked.address_digest)
    _refuse_too_often(asked, at)
    asked.phone = _cipher(key).seal(phone.encode(), context=asked.pk.bytes)
    asked.code_digest = _code_digest(asked.pk, code, key)
    asked.made_at, asked.expires_at, asked.tries_left = at, at + CODE_LASTS, TRIES_MAX
    asked.save(force_insert=True)
    is_known = bool(customers_with(IdentityKind.PHONE, phone))
    channel.send(Message(to=phone, text=text, expires_at=asked.expires_at, is_withheld=not is_known), at=at)
    return asked


@transaction.atomic
def check_code(asked_id: UUID, typed: str, *, at: datetime) -> Verdict:
    """Whether this is the code that was sent; counts the wrong ones. A code of an unknown phone is never right."""
    asked = SignInCode.objects.select_for_update().filter(pk=asked_id).first()
    if asked is None or at >= asked.expires_at or asked.proved_at is not None:
        return Verdict.ENDED
    if not asked.tries_left:
        return Verdict.SPENT
    given = _code_digest(asked.pk, typed, keys.ring().named(asked.key_id))
    if hmac.compare_digest(given, bytes(asked.code_digest)) and customers_of(asked):
        asked.proved_at = at
        asked.save(update_fields=["proved_at"])
        return Verdict.RIGHT
    asked.tries_left -= 1
    asked.save(update_fields=["tries_left"])
    return Verdict.WRONG if asked.tries_left else Verdict.SPENT


@transaction.atomic
def sign_in(asked_id: UUID, customer_id: UUID, *, at: datetime) -> MemberSession | None:
    """Start the session of one of the customers who have the phone, once. None: the code proves nothing (any more)."""
    asked = SignInCode.objects.select_for_update().filter(pk=asked_id).first()
    if asked is None or not is_proved(asked, at=at) or customer_id not in customers_of(asked):
        return None
    asked.used_at = at
    asked.save(update_fields=["used_at"])
    return start_session(customer_id, at=at)


def is_proved(asked: SignInCode, *, at: datetime) -> bool:
    """Whether the right code was given lately and nobody was signed in by it yet."""
    return asked.used_at is None and asked.proved_at is not None and at < asked.proved_at + CHOICE_LASTS


def customers_of(asked: SignInCode) -> Sequence[UUID]:
    """The customers who have the phone that the code was for."""
    return customers_with(IdentityKind.PHONE, phone_of(asked))


def phone_of(asked: SignInCode) -> str:
    """The phone that the code was for, E.164. Raises KeysMissingError when the installation lost its key."""
    cipher = _cipher(keys.ring().named(asked.key_id))
    return cipher.open(bytes(asked.phone), context=asked.pk.bytes).decode()


def _take_turns(*digests: UUID) -> None:
    # Two requests at once for one phone or from one address count each other.
    with connection.cursor() as cursor:
        for lock in sorted(digest.int & (2**63 - 1) for digest in digests):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _refuse_too_often(asked: SignInCode, at: datetime) -> None:
    waits = [
        earlier[limit.most - 1] + limit.span - at
        for limit in LIMITS
        if len(earlier := _earlier(limit, getattr(asked, limit.column), at)) == limit.most
    ]
    if waits:
        raise AskedTooOftenError(max(waits))


def _earlier(limit: Limit, digest: UUID, at: datetime) -> Sequence[datetime]:
    """The newest moments within the span when codes were asked for, no more than the limit allows."""
    rows = SignInCode.objects.filter(**{limit.column: digest}, made_at__gt=at - limit.span).order_by("-made_at")
    return list(rows.values_list("made_at", flat=True)[: limit.most])


def _address_digest(address: str, key: InstallationKey) -> UUID:
    return UUID(bytes=keyed_digest(key.derived(Use.CODES, "address"), address.encode(), size=16))


def _code_digest(asked_id: UUID, code: str, key: InstallationKey) -> bytes:
    return keyed_digest(key.derived(Use.CODES, "code"), asked_id.bytes + code.encode(), size=16)


def _cipher(key: InstallationKey) -> Cipher:
    return Cipher(key.derived(Use.CODES, "phone"))
