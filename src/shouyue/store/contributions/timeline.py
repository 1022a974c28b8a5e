"""The timeline of a subject: rooms give items, newest first; here they become one list, read on from a cursor."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.utils.functional import Promise

from shouyue.store.registry import Reader

PAGE = 20


class CursorUnreadableError(ValueError):
    """A place in a timeline that nobody gave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One thing that happened.

    key: unique among all items of all rooms ("order:" and the id). tone: jade, amber, seal, slate or quiet.
    url: where it is told in full; "" for nowhere.
    """

    at: datetime
    key: str
    title: str | Promise
    note: str | Promise = ""
    url: str = ""
    tone: str = "quiet"

    @property
    def place(self) -> "Place":
        return Place(self.at, self.key)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a page ended: items older than this follow; of one moment, those with a smaller key."""

    at: datetime
    key: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.key}"

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Raises CursorUnreadableError."""
        moment, _mark, key = text.partition("~")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            raise CursorUnreadableError(text) from None
        if at.tzinfo is None or not key or "\x00" in key:
            raise CursorUnreadableError(text)
        return cls(at, key)


# Subjects, reader, the moment from which on older items are wanted (itself included; None: all), how many at most.
Contribute: TypeAlias = Callable[[Sequence[UUID], Reader, datetime | None, int], Sequence[TimelineItem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineSource:
    """Items of one room. title: of the tab that shows them alone; "" for none.

    contribute: the newest items of all the subjects together that are not younger than the given moment, as many as
    asked for unless there are fewer. Newest means by (at, key), the key as text: the order of UUIDs is that of their
    text, so ("-at", "-id") does it.
    """

    name: str
    contribute: Contribute
    title: str | Promise = ""


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """items: newest first. next: where the following page begins; None at the end."""

    items: list[TimelineItem]
    next: Place | None


_sources: dict[str, TimelineSource] = {}


def add(source: TimelineSource) -> None:
    """Register a room's items. The same name again replaces it."""
    _sources[source.name] = source


def sources() -> list[TimelineSource]:
    """The rooms that give items, in the order of their names."""
    return [_sources[name] for name in sorted(_sources)]


def page_of(
    subjects: Sequence[UUID], reader: Reader, *, before: Place | None = None, size: int = PAGE, only: str = ""
) -> TimelinePage:
    """The newest `size` items of the subjects before a place. subjects: all ids of one person. only: of this source.

    One call of each room, whatever the number of subjects; a second one only where a page ended amid many items of
    one and the same moment. Raises KeyError for a source that is not there.
    """
    found: list[TimelineItem] = []
    for source in [_sources[only]] if only else _sources.values():
        found += _older(source, subjects, reader, before=before, size=size + 1)
    newest = heapq.nlargest(size + 1, found, key=lambda item: item.place)
    items = newest[:size]
    return TimelinePage(items, items[-1].place if len(newest) > size else None)


def _older(
    source: TimelineSource, subjects: Sequence[UUID], reader: Reader, *, before: Place | None, size: int
) -> list[TimelineItem]:
    # Whoever ended the page before gives its last item once more.
    asked = size + 1 if before else size
    while True:
        given = source.contribute(subjects, reader, before.at if before else None, asked)
        older = [item for item in given if before is None or item.place < before]
        if len(older) >= size or len(given) < asked:
            return older
        asked *= 2
