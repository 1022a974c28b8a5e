"""Two records before a merge: where they differ, which one should stay, what its page shows afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

SAME, DIFFERS, ONE_SIDE = "same", "differs", "one_side"
_NEVER: Final = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which record stays. known: how many fields have a value; last_seen_at: of its latest record."""

    id: UUID
    known: int
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """A value after a merge. is_of_stay: False when only the other record has one."""

    value: object
    is_of_stay: bool


def agreement(one: object, other: object) -> str | None:
    """Whether two values of a field are the same; None when neither is known."""
    if not one and not other:
        return None
    if not one or not other:
        return ONE_SIDE
    return SAME if one == other else DIFFERS


def suggested(one: Standing, other: Standing) -> UUID:
    """Who should stay: whoever more is known of, then who was seen last, then the smaller id."""
    first, second = sorted((one, other), key=lambda side: side.id)
    return second.id if _rank(second) > _rank(first) else first.id


def after_merge(stay: Mapping[str, object], go: Mapping[str, object], fields: Sequence[str]) -> dict[str, Told]:
    """What the page of the merged person shows: values of the record that stays, gaps filled from the other."""
    return {
        field: Told(value, is_of_stay=bool(stay.get(field)))
        for field in fields
        if (value := stay.get(field) or go.get(field))
    }


def _rank(side: Standing) -> tuple[int, str]:
    return side.known, side.last_seen_at.isoformat() if side.last_seen_at else _NEVER
