"""Who is one person with whom: told by the room that merges, asked by the pages of customers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

# All ids of each person by the id that was asked; first the one that stands for all.
Ask: TypeAlias = Callable[[Iterable[UUID]], Mapping[UUID, Sequence[UUID]]]


def _nobody_is_merged(ids: Iterable[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    return {one: [one] for one in ids}


_asked: list[Ask] = [_nobody_is_merged]


def know_same_persons(ask: Ask) -> None:
    """Say whom to ask. Called from AppConfig.ready."""
    _asked[:] = [ask]


def ids_of(customer: UUID) -> Sequence[UUID]:
    """All ids of the person; first the one that stands for all."""
    return _asked[0]([customer])[customer]
