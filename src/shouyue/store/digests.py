"""Who has this phone, this e-mail address, this card: exact look-up by keyed digests, nothing readable stored."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db import connection

from shouyue.kernel.identities import card_form, email_form, phone_form
from shouyue.store import keys
from shouyue.store.keys import InstallationKey, Use, keyed_digest
from shouyue.store.models import IdentityDigest, IdentityKind

_FORMS: dict[IdentityKind, Callable[[str], str | None]] = {
    IdentityKind.PHONE: phone_form,
    IdentityKind.EMAIL: email_form,
    IdentityKind.CARD: card_form,
    IdentityKind.WECHAT: lambda text: unicodedata.normalize("NFKC", text).strip().casefold() or None,
    IdentityKind.UNIONID: lambda text: text.strip() or None,
}
_KEEP = """
INSERT INTO store_identitydigest (digest, customer_id, kind)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) ON CONFLICT DO NOTHING
"""
Identity = tuple[UUID, IdentityKind, str]


def identity_digest(kind: IdentityKind, text: str, *, key: InstallationKey | None = None) -> UUID | None:
    """128 bits that stand for a phone, an e-mail address or a card, the same however it was typed.

    Other for each kind and each installation. None when the text is none of its kind.
    """
    form = _FORMS[kind](text)
    if form is None:
        return None
    return UUID(bytes=keyed_digest(_secret(key or keys.ring().current, kind), form.encode(), size=16))


def keep_identities(identities: Iterable[Identity]) -> int:
    """Make customers findable: one statement for many (customer id, kind, text as typed).

    What is no phone, address or card, or is known already, is passed over. Returns how many are new.
    """
    key = keys.ring().current
    secrets = {kind: _secret(key, kind) for kind in _FORMS}
    # As hexadecimal digits, which are in the order of the ids: lists bring people by the hundred thousand.
    rows = [
        (keyed_digest(secrets[kind], form.encode(), size=16).hex(), f"{who.int:032x}", kind.value)
        for who, kind, text in identities
        if (form := _FORMS[kind](text)) is not None
    ]
    if not rows:
        return 0
    rows.sort()
    digests, customers, kinds = (f"{{{','.join(column)}}}" for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [digests, customers, kinds])
        return int(cursor.rowcount)


def _secret(key: InstallationKey, kind: IdentityKind) -> bytes:
    return key.derived(Use.DIGESTS, kind)


def customers_with(kind: IdentityKind, text: str, *, or_kinds: Sequence[IdentityKind] = ()) -> list[UUID]:
    """The customers who have exactly this phone, e-mail address or card; several where a family shares it.

    or_kinds: what else the text may be. One statement.
    """
    kinds = (kind, *or_kinds)
    digests = [identity_digest(one, text, key=key) for one in kinds for key in keys.ring().keys]
    found = IdentityDigest.objects.filter(digest__in=[digest for digest in digests if digest], kind__in=kinds)
    return list(found.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def forget_identities(customers: Sequence[UUID], *, kinds: Sequence[IdentityKind] = tuple(IdentityKind)) -> int:
    """Make customers unfindable, for their erasure or before their identities of some kinds are kept anew."""
    deleted, _by_model = IdentityDigest.objects.filter(customer_id__in=customers, kind__in=kinds).delete()
    return deleted
