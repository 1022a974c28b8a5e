"""What upper rooms add to the pages of lower rooms, which cannot import them: panels, columns."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.utils.functional import Promise

if TYPE_CHECKING:  # rooms register before Django's models are ready
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

Reader: TypeAlias = "AbstractBaseUser | AnonymousUser"
Contribute: TypeAlias = "Callable[[Sequence[UUID], Reader], Mapping[UUID, Any]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One addition to a place such as "customer.panel" or "customer.column".

    name: unique in its place. order: smaller stands first; leave gaps of ten. title: a lazy translation.
    contribute: what to show for each of a batch of subjects, in a fixed number of queries; subjects of which the
    reader may see nothing are left out. "customer.panel" is asked of all ids of one person, first the one that stands
    for all. template: shows one such value as `value`; "" where the value is plain text. is_extra: a column of words
    that is there, and asked for, only when it is chosen.
    """

    name: str
    order: int
    title: str | Promise
    contribute: Contribute
    template: str = ""
    is_extra: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A contribution with its values for the subjects that were asked for."""

    name: str
    title: str | Promise
    template: str
    values: Mapping[UUID, Any]


_places: dict[str, dict[str, Contribution]] = defaultdict(dict)


def add(place: str, contribution: Contribution) -> None:
    """Register a contribution. Called from AppConfig.ready; the same name again replaces it."""
    _places[place][contribution.name] = contribution


def offered(place: str) -> list[Contribution]:
    """What is registered for a place, in order."""
    return sorted(_places[place].values(), key=lambda one: (one.order, one.name))


def shown(place: str, subjects: Sequence[UUID], reader: Reader) -> list[Shown]:
    """What upper rooms show at a place for these subjects, in order. One call of each contribution."""
    return [Shown(one.name, one.title, one.template, one.contribute(subjects, reader)) for one in offered(place)]
