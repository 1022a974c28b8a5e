"""Take an import of customers back: earlier values again, new customers away; what was changed or used since stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from shouyue.customers.attesting.public import put_back_standings
from shouyue.customers.duplicates.public import forget_undecided
from shouyue.customers.lists.facts import CustomersImportUndone, PeopleTakenBack
from shouyue.customers.lists.models import ListedChange
from shouyue.customers.lists.queries.uses import customers_in_use, vouched_for_since
from shouyue.customers.lists.rules import earlier
from shouyue.customers.lists.rules.earlier import Change
from shouyue.customers.people.public import (
    Earlier,
    Known,
    Standing,
    persons_in,
    put_back,
    remove_customers,
    standing_of,
)
from shouyue.kernel.ids import keyed_id
from shouyue.store import facts
from shouyue.store.imports.mapping import Undo, UndoBatch, UndoFinished, Undone
from shouyue.store.person_keys import PersonKeys
from shouyue.store.sealed_fields import unseal


def take_back(batch: UndoBatch) -> list[Undone]:
    """Take one batch of an import's customers back, in the order of their ids. A fixed number of statements."""
    found = ListedChange.objects.filter(run_id=batch.run_id).order_by("customer_id")
    if batch.after:
        found = found.filter(customer_id__gt=batch.after)
    changes = {one.customer_id: one for one in found[: batch.records_max]}
    if not changes:
        return []
    outcomes = _decide(changes, standing_of(list(changes)))
    restored = [changes[who] for who, what in outcomes.items() if what == earlier.RESTORED]
    removed = [who for who, what in outcomes.items() if what == earlier.REMOVED]
    _restore(restored, batch)
    forget_undecided(removed)
    ListedChange.objects.filter(
        run_id=batch.run_id, customer_id__in=[*removed, *(one.customer_id for one in restored)]
    ).delete()
    remove_customers(removed)
    if restored or removed:
        batch_id = keyed_id(batch.run_id, f"undo {max(changes)}")
        news = PeopleTakenBack(batch_id=batch_id, run_id=batch.run_id, restored=len(restored), removed=len(removed))
        facts.announce(news, at=batch.at, by=batch.by)
    return [Undone(who, who, changes[who].file_number, changes[who].row_number, what) for who, what in outcomes.items()]


def finish_undo(finished: UndoFinished) -> None:
    """Announce it; the earlier values of customers that stay as they are have served."""
    ListedChange.objects.filter(run_id=finished.run_id).delete()
    news = CustomersImportUndone(
        run_id=finished.run_id, restored=finished.restored, removed=finished.removed, kept=finished.kept
    )
    facts.announce(news, at=finished.at, by=finished.by)


def forget_earlier_values(*, before: datetime, rows_max: int) -> int:
    """Delete up to `rows_max` of what imports before a moment kept; returns how many."""
    old = ListedChange.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:rows_max]
    deleted, _by_model = ListedChange.objects.filter(pk__in=list(old)).delete()
    return deleted


UNDO = Undo(take_back=take_back, finish=finish_undo)


def _decide(changes: Mapping[UUID, ListedChange], current: Mapping[UUID, Standing]) -> dict[UUID, str]:
    as_left = {
        who for who, one in changes.items() if who in current and earlier.digest(current[who]) == bytes(one.after)
    }
    new = [who for who, one in changes.items() if one.place is None]
    used = customers_in_use(new) | vouched_for_since({who: one.at for who, one in changes.items()})
    return {who: earlier.outcome(Change(who in set(new), who in as_left, who in used)) for who in changes}


def _restore(changes: Sequence[ListedChange], batch: UndoBatch) -> None:
    unseal(changes, ["person"])
    ids = [one.customer_id for one in changes]
    now_known = persons_in(ids, keys=PersonKeys())
    before = {one.customer_id: _earlier(one, now_known.get(one.customer_id)) for one in changes}
    put_back(before, at=batch.at)
    moved = {
        who: now_known[who].main_changed(one.known)
        for who, one in before.items()
        if one.known is not None and who in now_known
    }
    since = {one.customer_id: one.at for one in changes}
    put_back_standings(moved, before=since, key=keyed_id(batch.run_id, "undo"), at=batch.at, by=batch.by)


def _earlier(change: ListedChange, now_known: Known | None) -> Earlier:
    kind, country, region, city, first_seen_at, last_seen_at = change.place or [""] * 6
    updated_at, first_attestation_id, first_fields = change.moments or [None] * 3
    standing = Standing(
        change.customer_id,
        kind,
        country,
        region,
        city,
        first_seen_at=_moment(first_seen_at),
        last_seen_at=_moment(last_seen_at),
        updated_at=_moment(updated_at),
        first_attestation_id=UUID(first_attestation_id) if first_attestation_id else None,
        first_fields=first_fields,
        by_hand=None,
    )
    if change.moments is None:
        return Earlier(standing, None)
    # Where the import changed the place alone, the person is what it was.
    kept = change.person.plain if change.person else None
    return Earlier(standing, earlier.as_known(cast("dict[str, object]", kept)) if kept else now_known)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
