"""Signing a draft; with the second signature under the same words the agreement is in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from shouyue.agreement.enclosures.public import keep_file
from shouyue.agreement.signing.actions.keys import signed_with_key
from shouyue.agreement.signing.models import Draft, Signature
from shouyue.agreement.signing.queries import signatures_that_count, terms_of
from shouyue.agreement.signing.rules.statement import digest
from shouyue.agreement.terms.public import sign_agreement
from shouyue.kernel.clock import day_in
from shouyue.kernel.ids import new_id
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff

if TYPE_CHECKING:
    from shouyue.agreement.enclosures.models import Enclosure


@dataclass(frozen=True, kw_only=True)
class DraftSigned(FactBase):
    """A party signed a draft; the agreement is in force once both have."""

    draft_id: UUID
    number: str
    side: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """How a party signs. seal: an image (name, bytes); scan: the signed paper, if there is one."""

    passphrase: str
    seal: tuple[str, bytes]
    scan: tuple[str, bytes] | None = None


class SignatureRefusedError(Exception):
    """The draft cannot be signed so. reason: closed, other_words, not_the_signatory, incomplete."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def sign_draft(draft_id: UUID, hand: Hand, *, shown: str, by: Staff, at: datetime) -> Signature:
    """Sign the words whose digest was shown, once. Raises SignatureRefusedError, WrongPassphraseError.

    The second party's signature under the same words puts the agreement into force in the same transaction.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    words = digest(draft.terms)
    kept = Signature.objects.filter(draft=draft, side=by.party, digest=words).first()
    if kept is not None and words == shown:
        return kept
    _refuse(draft, words, shown, by)
    statement = {
        "paper": "draft",
        "number": draft.number,
        "digest": words,
        "side": by.party,
        "signatory": by.name,
        "at": at.isoformat(),
    }
    key, made = signed_with_key(statement, passphrase=hand.passphrase, by=by, at=at)
    signature = Signature(
        draft=draft,
        side=by.party,
        signatory=by.name,
        digest=words,
        statement=statement,
        key=key,
        signature=made,
        seal=_kept(hand.seal, by=by, at=at),
        scan=_kept(hand.scan, by=by, at=at),
        signed_by=by,
        signed_at=at,
    )
    signature.save(force_insert=True)
    facts.announce(
        DraftSigned(draft_id=draft.pk, number=draft.number, side=by.party, digest=words), at=at, by=f"staff:{by.pk}"
    )
    if {one.side for one in signatures_that_count(draft)} == {"a", "b"}:
        _put_into_force(draft, by=by, at=at)
    return signature


def _refuse(draft: Draft, words: str, shown: str, by: Staff) -> None:
    if draft.state != Draft.State.OPEN:
        raise SignatureRefusedError("closed")
    if words != shown:
        raise SignatureRefusedError("other_words")
    if draft.terms.get("signatories", {}).get(by.party) != by.pk:
        raise SignatureRefusedError("not_the_signatory")
    if not all(draft.terms.get(side, {}).get("name") for side in ("party_a", "party_b")):
        raise SignatureRefusedError("incomplete")


def _put_into_force(draft: Draft, *, by: Staff, at: datetime) -> None:
    """Clause 12.1. Clause 6.1: it runs from the day on which both have signed, unless another day is agreed on."""
    terms = terms_of(draft, signed_on=day_in(_zone(draft), at))
    draft.agreement = sign_agreement(terms, by=f"staff:{by.pk}", at=at)
    draft.state = Draft.State.SIGNED
    draft.save(update_fields=["agreement", "state"])


def _zone(draft: Draft) -> str:
    return str(draft.terms.get("zone") or "Asia/Shanghai")


def _kept(file: tuple[str, bytes] | None, *, by: Staff, at: datetime) -> "Enclosure | None":
    return None if file is None else keep_file(new_id(), name=file[0], content=file[1], by=by, at=at)
