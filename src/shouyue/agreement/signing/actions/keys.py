"""Signing a statement with a party's key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shouyue.agreement.signing.models import PartyKey
from shouyue.agreement.signing.rules.statement import canonical, make_key, sign
from shouyue.store.models import Staff


def signed_with_key(statement: Mapping[str, Any], *, passphrase: str, by: Staff, at: datetime) -> tuple[PartyKey, str]:
    """The signatory's key and its signature of the statement; the first signature makes the key.

    The product keeps the private half sealed with the passphrase and never the passphrase: nobody else can sign.
    Raises rules.statement.WrongPassphraseError.
    """
    key = PartyKey.objects.filter(holder=by, side=by.party).first()
    if key is None:
        public, sealed = make_key(passphrase)
        key = PartyKey.objects.create(side=by.party, public_key=public, sealed=sealed, holder=by, made_at=at)
    return key, sign(key.sealed, passphrase, canonical(statement))
