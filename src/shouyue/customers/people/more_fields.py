"""Fields that customers have beside their own: told by the room that declares them, asked by the list and the board."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from shouyue.customers.people.models import Customer


class Changeable(Protocol):
    """A field of which one value, or the values of many customers together, can be changed by hand."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str | Promise: ...

    def form(self, said: QueryDict | None) -> forms.Form:
        """What asks for a value, in its field `value`."""
        ...

    def words(self, form: forms.Form) -> str:
        """The value that a valid form asks for."""
        ...

    def now(self, customers: Sequence[Customer]) -> Mapping[UUID, str]:
        """By customer the value in words; a fixed number of statements."""
        ...

    def differing(self, ids: Sequence[UUID], form: forms.Form) -> int:
        """How many of these customers have another value; till sales, which stay as they are, are not counted."""
        ...

    def change(self, ids: Sequence[UUID], form: forms.Form, *, by: str, at: datetime) -> tuple[UUID, int] | None:
        """Set it on all of them: which edit that was, and how many it changed. None when all have it already.

        Raises ValueError.
        """
        ...


class MoreField(Changeable, Protocol):
    """A declared field. choices: key and name of what a list is filtered by; is_free: by any word.

    Values are texts here: the key of a choice, yes or no, a tag.
    """

    @property
    def title(self) -> str: ...
    @property
    def choices(self) -> Sequence[tuple[str, str]]: ...
    @property
    def is_free(self) -> bool: ...
    @property
    def has_lanes(self) -> bool: ...

    def narrowed(self, rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
        """The customers with this value."""
        ...

    def without(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        """The customers without a value."""
        ...

    def seen(self, customers: Sequence[UUID], text: str) -> Mapping[UUID, str]:
        """By customer what a form carries to say that its reader saw this value."""
        ...


class MoreFields(Protocol):
    """Who declares them."""

    def declared(self) -> Sequence[MoreField]:
        """The fields of which lists may tell. One statement."""
        ...

    def changeable(self, *, is_whole: bool) -> Sequence[Changeable]:
        """The fields that are changed on many, personal ones too. is_whole: whether the reader may see those values."""
        ...

    def shown(self, customers: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        """By customer and name of the field its value in words; a fixed number of statements."""
        ...

    def undo(self, edit: UUID, *, by: str, at: datetime) -> tuple[int, int]:
        """Take an edit of many back: how many are as before, and how many somebody changed since. Twice is once."""
        ...


class _Nothing:
    """Nobody declares any."""

    def declared(self) -> Sequence[MoreField]:
        return []

    def changeable(self, *, is_whole: bool) -> Sequence[Changeable]:
        del is_whole
        return []

    def shown(self, customers: Sequence[UUID]) -> Mapping[UUID, Mapping[str, str]]:
        del customers
        return {}

    def undo(self, edit: UUID, *, by: str, at: datetime) -> tuple[int, int]:
        del edit, by, at
        return 0, 0


_told: list[MoreFields] = [_Nothing()]


def know_more_fields(who: MoreFields) -> None:
    """Say whom to ask. Called from AppConfig.ready."""
    _told[:] = [who]


def more_fields() -> MoreFields:
    return _told[0]
