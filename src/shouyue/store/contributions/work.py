"""My work: what waits for the person who signs in, from every room, in one queue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeAlias

from django.utils.functional import Promise

from shouyue.store.registry import Reader


class Urgency(IntEnum):
    """What stands first."""

    BROKEN = 0  # a promise is missed, or work stands still until somebody acts
    AT_RISK = 1
    TO_DO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """One thing to do. key: unique in the queue. due_at: the moment by which; None without one.

    kind: what it is, in a word or two. action: what the button says; it leads to `url`.
    """

    key: str
    kind: str | Promise
    title: str | Promise
    url: str
    action: str | Promise
    urgency: Urgency = Urgency.TO_DO
    due_at: datetime | None = None
    note: str | Promise = ""


# Who asks, and the moment of the question. Gives only what this person may act on or must know of.
Waiting: TypeAlias = Callable[[Reader, datetime], Sequence[WorkItem]]

_sources: dict[str, Waiting] = {}


def add(name: str, waiting: Waiting) -> None:
    """Register a room's work, in a fixed number of queries. The same name again replaces it."""
    _sources[name] = waiting


def queue(reader: Reader, *, at: datetime) -> list[WorkItem]:
    """Everything that waits: the most urgent first, within an urgency by its clock, then in the order of the rooms."""
    items = [item for waiting in _sources.values() for item in waiting(reader, at)]
    return sorted(items, key=lambda item: (item.urgency, item.due_at or _NEVER))


_NEVER = datetime.max.replace(tzinfo=UTC)
