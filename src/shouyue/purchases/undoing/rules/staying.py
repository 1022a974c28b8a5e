"""Which orders of an import go when it is taken back, and which stay because something was built on them since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

RESTORED: Final = "restored"
REMOVED: Final = "removed"
EDITED: Final = "edited"
RETURNED: Final = "returned"


@dataclass(frozen=True, slots=True)
class Change:
    """One order of an import, as it stands at the undo. is_new: the import made it. is_as_left: nobody told of it
    since."""

    is_new: bool
    is_as_left: bool


def outcomes(changes: Mapping[UUID, Change], returns: Iterable[tuple[UUID, UUID]]) -> dict[UUID, str]:
    """restored, removed, edited or returned, by order.

    returns: (order, order with the return that undoes a line of it). An order stays when a return of it stays: one
    that the import did not bring, or one that stays itself.
    """
    found = {key: _alone(change) for key, change in changes.items()}
    undoes: dict[UUID, list[UUID]] = defaultdict(list)
    staying = set()
    for sale, back in returns:
        undoes[back].append(sale)
        if found.get(back) != REMOVED:
            staying.add(back)
    while staying:
        for sale in undoes[staying.pop()]:
            if found.get(sale) == REMOVED:
                found[sale] = RETURNED
                staying.add(sale)
    return found


def _alone(change: Change) -> str:
    if not change.is_as_left:
        return EDITED
    return REMOVED if change.is_new else RESTORED
