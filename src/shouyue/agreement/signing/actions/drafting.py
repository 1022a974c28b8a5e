"""Making a draft, editing it, dropping it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from shouyue.agreement.signing.models import Draft
from shouyue.agreement.signing.rules.reading import ReadContract
from shouyue.agreement.terms.public import Agreement
from shouyue.store.models import Staff

PARTIES = ("a", "b")


class DraftRefusedError(Exception):
    """The draft cannot be made or changed. reason: number_taken, not_a_party, closed, changed_meanwhile."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def start_draft(draft_id: UUID, number: str, *, by: Staff, at: datetime) -> Draft:
    """An empty draft of the product's own contract, once. Raises DraftRefusedError."""
    return _make(Draft(id=draft_id, number=number, terms={}), by=by, at=at)


def draft_from(
    read: ReadContract, *, draft_id: UUID, number: str, source: str, content: bytes, by: Staff, at: datetime
) -> Draft:
    """A draft with the particulars and the words of a document that was read, once. Raises DraftRefusedError."""
    terms = {
        "party_a": read.particulars["a"],
        "party_b": read.particulars["b"],
        "clauses": [[words.number, words.title, words.text] for words in read.clauses],
        "loose": read.loose,
        "title": read.title,
    }
    digest = hashlib.sha256(content).hexdigest()
    made = Draft(id=draft_id, number=number, terms=terms, source=source[-120:], source_sha256=digest)
    return _make(made, by=by, at=at)


@transaction.atomic
def edit_draft(draft_id: UUID, terms: Mapping[str, Any], *, revision: int, by: Staff, at: datetime) -> Draft:
    """Put these terms over the draft's; what is not named stays. Signatures under other words no longer count.

    revision: the one the editor saw. Raises DraftRefusedError, Draft.DoesNotExist.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    _refuse_strangers(by)
    if draft.state != Draft.State.OPEN:
        raise DraftRefusedError("closed")
    if draft.revision != revision:
        raise DraftRefusedError("changed_meanwhile")
    wanted = {**draft.terms, **terms}
    if wanted == draft.terms:
        return draft
    draft.terms = wanted
    draft.revision += 1
    draft.edited_by, draft.edited_at = by, at
    draft.save(update_fields=["terms", "revision", "edited_by", "edited_at"])
    return draft


@transaction.atomic
def drop_draft(draft_id: UUID, *, by: Staff, at: datetime) -> Draft:
    """End a draft that nobody pursues; its row stays. Raises DraftRefusedError."""
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    _refuse_strangers(by)
    if draft.state == Draft.State.SIGNED:
        raise DraftRefusedError("closed")
    draft.state = Draft.State.DROPPED
    draft.edited_by, draft.edited_at = by, at
    draft.save(update_fields=["state", "edited_by", "edited_at"])
    return draft


def _make(draft: Draft, *, by: Staff, at: datetime) -> Draft:
    _refuse_strangers(by)
    kept = Draft.objects.filter(pk=draft.pk).first()
    if kept is not None:
        return kept
    if Agreement.objects.filter(number=draft.number).exists():
        raise DraftRefusedError("number_taken")
    draft.made_by = draft.edited_by = by
    draft.made_at = draft.edited_at = at
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as taken:
        raise DraftRefusedError("number_taken") from taken
    return draft


def _refuse_strangers(by: Staff) -> None:
    if by.party not in PARTIES:
        raise DraftRefusedError("not_a_party")
