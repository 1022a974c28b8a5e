"""Small cells: groups of so few answers that a person could be recognised are not shown, by differencing either."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)
CELL_MIN = 5


def hidden_cells(sizes: Mapping[Name, int], least: int = CELL_MIN) -> set[Name]:
    """Which groups of one total must stay hidden. sizes: answers of each, >= 0; empty groups give nothing away.

    Where the hidden ones together have fewer than `least` answers, or there is only one of them, the total minus the
    shown groups would give it away: the smallest shown group is hidden with them, until that is no longer so.
    """
    hidden = {name for name, size in sizes.items() if 0 < size < least}
    shown = sorted((name for name, size in sizes.items() if size >= least), key=lambda name: sizes[name])
    while hidden and shown and (len(hidden) == 1 or sum(sizes[name] for name in hidden) < least):
        hidden.add(shown.pop(0))
    return hidden
