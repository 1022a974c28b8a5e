"""The walk over all members that the nightly jobs have in common."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from shouyue.membership.tiers.queries.members import members_after
from shouyue.store.jobs import Handle


def walk_members(handle: Handle, act: Callable[[list[UUID]], object], *, most: int) -> None:
    """Act on batches of at most so many members, each in a transaction with the job's cursor.

    A run that was broken off goes on behind its last batch.
    """
    done, last = 0, UUID(handle.cursor) if handle.cursor else None
    while batch := members_after(last, most=most):
        last, done = batch[-1], done + len(batch)
        with transaction.atomic():
            act(batch)
            handle.save_cursor(str(last))
        handle.progress(done)
    handle.progress(done, done)
