"""What was sold of something, and how much of it came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shouyue.kernel.shares import Interval, share_interval


@dataclass(frozen=True, slots=True)
class Sold:
    """Sales in the one currency in which most lines were sold. Orders that were cancelled are left out.

    pieces: sold, whatever came back later. amount_e4: less what was given back. lines: that sold something;
    lines_back: those of them of which something came back. buyers: known customers.
    """

    currency: str
    pieces: int
    pieces_back: int
    amount_e4: int
    lines: int
    lines_back: int
    buyers: int

    @property
    def return_share(self) -> float | None:
        """Share of the sold lines of which something came back; None when nothing was sold."""
        return self.lines_back / self.lines if self.lines else None

    @property
    def return_interval(self) -> Interval | None:
        """Wilson's 95 % interval of that share, lines taken as independent."""
        return share_interval(self.lines_back, self.lines) if self.lines else None


NOTHING_SOLD = Sold("", 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """Net amount and pieces sold in the month that begins on `first`."""

    first: date
    amount_e4: int
    pieces: int


def without_gaps(months: Sequence[Month], *, most: int) -> list[Month]:
    """The months in order with those in which nothing was sold, the latest `most` of them."""
    if not months:
        return []
    by_first = {one.first: one for one in months}
    found, first, last = [], min(by_first), max(by_first)
    while first <= last:
        found.append(by_first.get(first, Month(first, 0, 0)))
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found[-most:]


def rolled_up(own: Mapping[UUID, int], parents: Mapping[UUID, UUID | None]) -> dict[UUID, int]:
    """By category: its own amount and those of all below it. parents: of every category, without circles."""
    total = dict.fromkeys(parents, 0)
    for key, amount in own.items():
        place: UUID | None = key
        while place is not None:
            total[place] = total.get(place, 0) + amount
            place = parents.get(place)
    return total
