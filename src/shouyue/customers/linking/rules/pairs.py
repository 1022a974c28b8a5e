"""Which pairs are likely one person, and the best of them where nobody can be in two."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

# From here on a pair is put before a clerk as likely one person; chosen on generated people, decision 0009.
LIKELY: Final = 0.8


class Pair(Protocol):
    """Two records and how much speaks for one person."""

    @property
    def one(self) -> str: ...

    @property
    def other(self) -> str: ...

    @property
    def weight(self) -> float: ...


P = TypeVar("P", bound=Pair)


def one_to_one(pairs: Sequence[P]) -> list[P]:
    """The best pairs such that no record is in two of them: for two lists without doubles of their own."""
    taken: set[str] = set()
    kept: list[P] = []
    for pair in sorted(pairs, key=lambda pair: (-pair.weight, pair.one, pair.other)):
        if pair.one not in taken and pair.other not in taken:
            taken |= {pair.one, pair.other}
            kept.append(pair)
    return kept
