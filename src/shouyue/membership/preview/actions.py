"""Reckon a draft on past purchases: at once where that is quick, else in the background."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shouyue.kernel import clock
from shouyue.membership.ledger.public import Balance
from shouyue.membership.persons.public import members_after
from shouyue.membership.preview.models import Preview
from shouyue.membership.preview.queries import Draft, last_day, movers, pasts
from shouyue.membership.preview.rules.tally import Tally, is_held_out
from shouyue.membership.programme.public import counting_version, draft
from shouyue.store.jobs import Handle, enqueue, job

AT_ONCE_MEMBERS: Final = 1_000
SAMPLE_MEMBERS: Final = 50_000
_BATCH: Final = 1_000


@transaction.atomic
def ask_preview(
    *, preview_id: UUID, days: int, with_coming: bool, at: datetime, by: str, at_once: int = AT_ONCE_MEMBERS
) -> Preview:
    """Have the draft reckoned on the last so many days of purchases, once for each id. Raises NoProgrammeError.

    with_coming: rules and campaigns that have not begun count on every day. at_once: with more members it is a job;
    with more than SAMPLE_MEMBERS it looks at a share of them, which the same id draws again.
    """
    known = Preview.objects.filter(pk=preview_id).first()
    if known is not None:
        return known
    on = timezone.localdate(at)
    members, last = Balance.objects.count(), last_day(on)
    row = Preview.objects.create(
        id=preview_id,
        content=draft().content,
        base=counting_version(on).number,
        first=last - timedelta(days=days - 1),
        last=last,
        share=min(1.0, SAMPLE_MEMBERS / max(members, 1)),
        with_coming=with_coming,
        asked_at=at,
        asked_by=by,
    )
    if members <= at_once:
        _reckon(row, Tally(), None, told=lambda _last, _tally, _seen: None)
        return row
    row.job = enqueue(preview_draft, {"preview": str(row.pk)}, by=by, key=f"membership.preview:{row.pk}").pk
    row.save(update_fields=["job"])
    return row


@job(name="membership.preview_draft", title=_("Preview of a draft"), retries=2)
def preview_draft(handle: Handle, *, preview: str) -> None:
    """Batch by batch of members; the sums so far are the cursor, so that a second attempt goes on."""
    row = Preview.objects.get(pk=UUID(preview))
    total = Balance.objects.count()
    start = handle.cursor or {"last": None, "seen": 0, "tally": None}

    def keep(last: UUID, tally: Tally, seen: int) -> None:
        with transaction.atomic():
            handle.save_cursor({"last": str(last), "seen": seen, "tally": tally.told()})
        handle.progress(min(seen, total - 1), total)

    last = UUID(start["last"]) if start["last"] else None
    _reckon(row, Tally(start["tally"]), last, told=keep, seen=start["seen"])
    handle.progress(total, total)


def _reckon(
    row: Preview, tally: Tally, last: UUID | None, *, told: Callable[[UUID, Tally, int], None], seen: int = 0
) -> None:
    draft = Draft(row, on=timezone.localdate(row.asked_at))
    for batch in _batches(last):
        chosen = [who for who in batch if row.share == 1 or is_held_out(str(row.pk), who, row.share)]
        tally.add(pasts(chosen, draft, first=row.first, last=row.last))
        tally.add_moves(movers(chosen, row.content, on=timezone.localdate(row.asked_at)))
        seen += len(batch)
        told(batch[-1], tally, seen)
    row.result, row.done_at, row.members = tally.told(), clock.now(), seen
    row.save(update_fields=["result", "done_at", "members"])


def _batches(last: UUID | None) -> Iterator[Sequence[UUID]]:
    while batch := members_after(last, most=_BATCH):
        last = batch[-1]
        yield batch
