"""Drafts as they read, the signatures under them that count, and amendments with what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shouyue.agreement.signing.models import Amendment, AmendmentEnd, Draft, Signature
from shouyue.agreement.signing.rules.draft import ClauseRead, own_words, places, shape
from shouyue.agreement.signing.rules.statement import canonical, digest, fingerprint, holds
from shouyue.agreement.terms.public import (
    Agreement,
    AgreementTerms,
    Change,
    PartyTerms,
    definitions,
    pinned_targets,
    template,
)

if TYPE_CHECKING:
    from shouyue.agreement.terms.rules.template import AgreementTemplate

TEMPLATE = "one_year"


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature with whether its key made it (it is computed anew) and how people compare the key."""

    row: Signature
    holds: bool
    key: str


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An amendment and its end, None while it is open. about: what it changes, as a reader calls it."""

    row: Amendment
    about: str
    end: AmendmentEnd | None
    signatures: list[SignatureView]

    def waits_for(self, party: str) -> bool:
        return self.end is None and party in {"a", "b"} and party != self.row.by_party


def drafts() -> list[Draft]:
    """The latest fifty drafts, open ones first."""
    return list(Draft.objects.select_related("made_by", "edited_by").order_by("state", "-made_at")[:50])


def shape_of(draft: Draft) -> "AgreementTemplate":
    """The contract that the draft would become."""
    return shape(template(TEMPLATE), draft.terms)


def clauses_of(draft: Draft) -> list[ClauseRead]:
    """Every place of the draft in order, and where its words come from."""
    return places(template(TEMPLATE), draft.terms)


def terms_of(draft: Draft, *, signed_on: date) -> AgreementTerms:
    """The draft as terms to sign; without a first day it runs from the day of the second signature (6.1)."""
    said = draft.terms
    return AgreementTerms(
        number=draft.number,
        party_a=PartyTerms(**said.get("party_a", {})),
        party_b=PartyTerms(**said.get("party_b", {})),
        starts_on=_day(said, "starts_on") or signed_on,
        ends_on=_day(said, "ends_on"),
        zone=said.get("zone") or "Asia/Shanghai",
        currency=said.get("currency") or "CNY",
        institution=said.get("institution", ""),
        targets=said.get("targets") or {},
        clauses=own_words(said),
    )


def signatures_that_count(draft: Draft) -> list[Signature]:
    """Signatures under the words as they are now; those under earlier words stay on record and count no more."""
    now = digest(draft.terms)
    rows = Signature.objects.filter(draft=draft).select_related("key", "seal", "scan", "signed_by")
    return [row for row in rows if row.digest == now]


def seen(signatures: Sequence[Signature]) -> list[SignatureView]:
    """Each signature verified against its statement."""
    return [
        SignatureView(
            row, holds(row.key.public_key, row.signature, canonical(row.statement)), fingerprint(row.key.public_key)
        )
        for row in signatures
    ]


def agreement_signatures(agreement: Agreement) -> list[SignatureView]:
    """The signatures that put an agreement into force; empty for one that was recorded without this process."""
    draft = Draft.objects.filter(agreement=agreement).first()
    return seen(signatures_that_count(draft)) if draft else []


def loose_lines(agreement: Agreement) -> list[str]:
    """Lines of the signed document that stand under no number."""
    draft = Draft.objects.filter(agreement=agreement).first()
    return list(draft.terms.get("loose", [])) if draft else []


def amendments_of(agreement: Agreement) -> list[AmendmentView]:
    """Every amendment, the latest first."""
    rows = Amendment.objects.filter(agreement=agreement).select_related("end__ended_by")
    rows = rows.prefetch_related("signatures__key", "signatures__signed_by")
    names = subject_names(agreement)
    return [
        AmendmentView(
            row,
            names.get((row.kind, row.about), row.about),
            getattr(row, "end", None),
            seen(list(row.signatures.all())),
        )
        for row in rows
    ]


def amendment_of(agreement: Agreement, amendment_id: UUID) -> AmendmentView | None:
    """One amendment; None when the agreement has no such one."""
    return next((view for view in amendments_of(agreement) if view.row.pk == amendment_id), None)


def subject_names(agreement: Agreement) -> dict[tuple[str, str], str]:
    """What targets and definitions are called, by kind and subject of a change; clauses go by their numbers."""
    names = {("target", one.obligation): one.title for one in pinned_targets(agreement.pk)}
    return names | {("definition", one.measure): one.title for one in definitions(agreement)}


def as_change(amendment: Amendment) -> Change:
    return Change(
        kind=amendment.kind,
        subject=amendment.about,
        value=amendment.value,
        applies_from=amendment.applies_from,
    )


def _day(said: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(said[name]) if said.get(name) else None
