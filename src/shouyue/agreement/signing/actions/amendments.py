"""Proposing an amendment, and ending the proposal: accepted and carried out, refused, or taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shouyue.agreement.signing.actions.keys import signed_with_key
from shouyue.agreement.signing.models import Amendment, AmendmentEnd, Signature
from shouyue.agreement.signing.queries import as_change
from shouyue.agreement.signing.rules.statement import digest
from shouyue.agreement.terms.public import Agreement, Change, amend, weigh_change
from shouyue.kernel.clock import day_in
from shouyue.store import facts
from shouyue.store.facts import FactBase
from shouyue.store.models import Staff


@dataclass(frozen=True, kw_only=True)
class AmendmentProposed(FactBase):
    """A party proposed to change the agreement from a day on."""

    agreement_id: UUID
    amendment_id: UUID
    change: str
    by_party: str


@dataclass(frozen=True, kw_only=True)
class AmendmentEnded(FactBase):
    """A proposed change was accepted and carried out, refused, or taken back."""

    agreement_id: UUID
    amendment_id: UUID
    end: str


class AmendmentRefusedError(Exception):
    """The step cannot be taken. reason: not_a_party, ended, own (a party cannot accept its own proposal), others."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def propose(
    agreement: Agreement,
    change: Change,
    *,
    amendment_id: UUID,
    reason: str,
    passphrase: str,
    by: Staff,
    at: datetime,
) -> Amendment:
    """Propose a change under the proposer's signature, once.

    Raises AmendmentRefusedError, ChangeRefusedError, WrongPassphraseError.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    kept = Amendment.objects.filter(pk=amendment_id).first()
    if kept is not None:
        return kept
    if by.party not in {"a", "b"}:
        raise AmendmentRefusedError("not_a_party")
    before = weigh_change(agreement, change, on=day_in(agreement.zone, at))
    amendment = Amendment(
        id=amendment_id,
        agreement=agreement,
        number=Amendment.objects.filter(agreement=agreement).count() + 1,
        kind=change.kind,
        about=change.subject,
        value=dict(change.value),
        before=before,
        reason=reason,
        applies_from=change.applies_from,
        by_party=by.party,
        proposed_at=at,
    )
    amendment.save(force_insert=True)
    _sign(amendment, passphrase=passphrase, by=by, at=at)
    told = AmendmentProposed(
        agreement_id=agreement.pk, amendment_id=amendment.pk, change=change.kind, by_party=by.party
    )
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return amendment


@transaction.atomic
def accept(amendment_id: UUID, *, passphrase: str, by: Staff, at: datetime) -> AmendmentEnd:
    """The other party signs: the change is carried out as the next version. Once.

    Raises AmendmentRefusedError, ChangeRefusedError, WrongPassphraseError.
    """
    amendment, ended = _locked(amendment_id)
    if ended is not None and ended.kind == AmendmentEnd.Kind.ACCEPTED:
        return ended
    if by.party not in {"a", "b"} or by.party == amendment.by_party:
        raise AmendmentRefusedError("own")
    _refuse_ended(ended)
    _sign(amendment, passphrase=passphrase, by=by, at=at)
    amend(amendment.agreement_id, as_change(amendment), at=at)
    return _end(amendment, AmendmentEnd.Kind.ACCEPTED, text="", by=by, at=at)


@transaction.atomic
def turn_down(amendment_id: UUID, *, text: str, by: Staff, at: datetime) -> AmendmentEnd:
    """The other party refuses, or the proposer takes it back. Raises AmendmentRefusedError."""
    amendment, ended = _locked(amendment_id)
    if by.party not in {"a", "b"}:
        raise AmendmentRefusedError("not_a_party")
    _refuse_ended(ended)
    own = by.party == amendment.by_party
    kind = AmendmentEnd.Kind.TAKEN_BACK if own else AmendmentEnd.Kind.REFUSED
    return _end(amendment, kind, text=text, by=by, at=at)


def _locked(amendment_id: UUID) -> tuple[Amendment, AmendmentEnd | None]:
    amendment = Amendment.objects.select_related("agreement").get(pk=amendment_id)
    Agreement.objects.select_for_update().get(pk=amendment.agreement_id)
    return amendment, AmendmentEnd.objects.filter(amendment=amendment).first()


def _refuse_ended(ended: AmendmentEnd | None) -> None:
    if ended is not None:
        raise AmendmentRefusedError("ended")


def _sign(amendment: Amendment, *, passphrase: str, by: Staff, at: datetime) -> None:
    words: dict[str, Any] = {
        "kind": amendment.kind,
        "subject": amendment.about,
        "value": amendment.value,
        "applies_from": amendment.applies_from.isoformat(),
    }
    statement = {
        "paper": "amendment",
        "agreement": amendment.agreement.number,
        "number": amendment.number,
        "digest": digest(words),
        "side": by.party,
        "signatory": by.name,
        "at": at.isoformat(),
    }
    key, made = signed_with_key(statement, passphrase=passphrase, by=by, at=at)
    Signature(
        amendment=amendment,
        side=by.party,
        signatory=by.name,
        digest=digest(words),
        statement=statement,
        key=key,
        signature=made,
        signed_by=by,
        signed_at=at,
    ).save(force_insert=True)


def _end(amendment: Amendment, kind: str, *, text: str, by: Staff, at: datetime) -> AmendmentEnd:
    ended = AmendmentEnd(amendment=amendment, kind=kind, text=text, party=by.party, ended_by=by, ended_at=at)
    ended.save(force_insert=True)
    told = AmendmentEnded(agreement_id=amendment.agreement_id, amendment_id=amendment.pk, end=kind)
    facts.announce(told, at=at, by=f"staff:{by.pk}")
    return ended
