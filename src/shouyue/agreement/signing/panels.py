"""What this room gives to My work: drafts and amendments that wait for the reader's signature."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouyue.agreement.signing.models import Amendment, Draft
from shouyue.agreement.signing.rules.statement import digest
from shouyue.agreement.terms.public import current_agreement
from shouyue.store.contributions.work import Urgency, WorkItem
from shouyue.store.models import Staff
from shouyue.store.registry import Reader


def waiting_for_signature(reader: Reader, _at: datetime) -> Sequence[WorkItem]:
    """Drafts whose named signatory the reader is, and amendments that the other party proposed."""
    if not isinstance(reader, Staff) or reader.party not in {"a", "b"}:
        return []
    return [*_drafts(reader), *_amendments(reader)]


def _drafts(reader: Staff) -> list[WorkItem]:
    rows = Draft.objects.filter(state=Draft.State.OPEN, **{f"terms__signatories__{reader.party}": reader.pk})
    return [
        WorkItem(
            key=f"draft:{row.pk}",
            kind=_("Draft to sign"),
            title=row.number,
            url=reverse("agreement:draft", args=[row.pk]),
            action=_("Read and sign"),
        )
        for row in rows.prefetch_related("signatures")
        if not any(one.side == reader.party and one.digest == digest(row.terms) for one in row.signatures.all())
    ]


def _amendments(reader: Staff) -> list[WorkItem]:
    agreement = current_agreement()
    rows = Amendment.objects.filter(agreement=agreement, end__isnull=True).exclude(by_party=reader.party)
    return [
        WorkItem(
            key=f"amendment:{row.pk}",
            kind=_("Amendment proposed"),
            title=f"{row.number} · {row.get_kind_display()}",
            url=reverse("agreement:amendment", args=[row.pk]),
            action=_("Read and answer"),
            urgency=Urgency.AT_RISK,
        )
        for row in rows
    ]
