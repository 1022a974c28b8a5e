"""Fields that customers have beside their own: told by the room that declares them, asked by the list and the board."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet

from shouyue.customers.people.models import Customer


class MoreField(Protocol):
    """One such field. choices: key and name of what a list is filtered by; is_free: by any word."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def choices(self) -> Sequence[tuple[str, str]]: ...
    @property
    def is_free(self) -> bool: ...
    @property
    def has_lanes(self) -> bool: ...


class MoreFields(Protocol):
    """Who declares them. Values are texts: the key of a choice, yes or no, a tag."""

    def declared(self) -> Sequence[MoreField]:
        """The fields of which lists may tell. One statement."""
        ...

    def shown(self, customers: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        """By customer and name of the field its value in words; a fixed number of statements."""
        ...

    def narrowed(self, rows: QuerySet[Customer], name: str, text: str) -> QuerySet[Customer]:
        """The customers with this value."""
        ...

    def without(self, rows: QuerySet[Customer], name: str) -> QuerySet[Customer]:
        """The customers without a value."""
        ...

    def seen(self, customers: Sequence[UUID], name: str, text: str) -> Mapping[UUID, str]:
        """By customer what a form carries to say that its reader saw this value."""
        ...


class _Nothing:
    """Nobody declares any."""

    def declared(self) -> Sequence[MoreField]:
        return []

    def shown(self, customers: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        del customers
        return {}

    def narrowed(self, rows: QuerySet[Customer], name: str, text: str) -> QuerySet[Customer]:
        del name, text
        return rows

    def without(self, rows: QuerySet[Customer], name: str) -> QuerySet[Customer]:
        del name
        return rows

    def seen(self, customers: Sequence[UUID], name: str, text: str) -> Mapping[UUID, str]:
        del customers, name, text
        return {}


_told: list[MoreFields] = [_Nothing()]


def know_more_fields(who: MoreFields) -> None:
    """Say whom to ask. Called from AppConfig.ready."""
    _told[:] = [who]


def more_fields() -> MoreFields:
    return _told[0]
