"""Who may be what to whom, and where people and companies stand in a drawing of their relations."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

SPOUSE, PARENT, SIBLING, OTHER_KIN, WORKS_AT, CONTACT_OF, OWNS = (
    "spouse",
    "parent",
    "sibling",
    "kin",
    "works_at",
    "contact_of",
    "parent_company",
)
KINDS: Final = (SPOUSE, PARENT, SIBLING, OTHER_KIN, WORKS_AT, CONTACT_OF, OWNS)
# Said of both alike: who is told first does not matter.
MUTUAL: Final = frozenset({SPOUSE, SIBLING, OTHER_KIN})
# Nobody comes after themselves in these.
RANKED: Final = frozenset({PARENT, OWNS})
_COMPANY: Final = "company"
_ANONYMOUS: Final = "anonymous"
NODES_MAX, STEPS_MAX = 40, 2
_RING, _MARGIN = 150, 96


class RelationRefusedError(ValueError):
    """Two customers that cannot stand so to each other. reason: self, company, person, cycle, there, or anonymous."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def ordered(kind: str, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """How a relation is kept: of a mutual one the smaller id stands first."""
    return (min(one, other), max(one, other)) if kind in MUTUAL else (one, other)


def check(kind: str, *, one: str, other: str) -> None:
    """Whether customers of these kinds can stand so to each other. Raises RelationRefusedError.

    Persons are kin of persons, work at companies and are their contacts; companies belong to companies. Who is not
    known to be a person or a company may be a person.
    """
    if _ANONYMOUS in {one, other}:
        raise RelationRefusedError("anonymous")
    if (one == _COMPANY) is not (kind == OWNS):
        raise RelationRefusedError("company" if kind == OWNS else "person")
    if (other == _COMPANY) is not (kind in {OWNS, WORKS_AT, CONTACT_OF}):
        raise RelationRefusedError("person" if other == _COMPANY else "company")


@dataclass(frozen=True, slots=True)
class Point:
    """Where somebody stands in the drawing; the middle of their name."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The places of everybody in a drawing of that size, in pixels."""

    width: int
    height: int
    points: Mapping[UUID, Point]


def drawing(centre: UUID, edges: Sequence[tuple[UUID, UUID]]) -> Drawing:
    """The one in the middle, who is related to them around, and whose relatives those are outside of these.

    edges: who is related to whom; what does not hang together with the middle is left out. The same edges give the
    same drawing in whatever order they come.
    """
    rings = _rings(centre, edges)
    reach = max(1, len(rings) - 1) * _RING
    angles = _angles(rings, edges)
    points = {centre: Point(reach + _MARGIN, reach + _MARGIN)}
    for distance, ring in enumerate(rings[1:], 1):
        for who in ring:
            points[who] = Point(
                round(reach + _MARGIN + distance * _RING * math.cos(angles[who])),
                round(reach + _MARGIN + distance * _RING * math.sin(angles[who])),
            )
    size = 2 * (reach + _MARGIN)
    return Drawing(size, size, points)


def _angles(rings: Sequence[Sequence[UUID]], edges: Sequence[tuple[UUID, UUID]]) -> dict[UUID, float]:
    """The first ring around the middle, from above on; further out each beside the one through whom they belong."""
    if len(rings) == 1:
        return {}
    sector = min(2 * math.pi / len(rings[1]), math.pi)
    angles = {who: 2 * math.pi * place / len(rings[1]) - math.pi / 2 for place, who in enumerate(rings[1])}
    for inner, outer in itertools.pairwise(rings[1:]):
        through: dict[UUID, list[UUID]] = {}
        for who in outer:
            near = {b for a, b in edges if a == who} | {a for a, b in edges if b == who}
            through.setdefault(next(one for one in inner if one in near), []).append(who)
        for one, group in through.items():
            for place, who in enumerate(group, 1):
                angles[who] = angles[one] + (place / (len(group) + 1) - 0.5) * sector
    return angles


def _rings(centre: UUID, edges: Sequence[tuple[UUID, UUID]]) -> list[list[UUID]]:
    rings, seen = [[centre]], {centre}
    while len(rings) <= STEPS_MAX and len(seen) < NODES_MAX:
        last = set(rings[-1])
        near = {b for a, b in edges if a in last} | {a for a, b in edges if b in last}
        fresh = sorted(near - seen)[: NODES_MAX - len(seen)]
        if not fresh:
            break
        rings.append(fresh)
        seen |= set(fresh)
    return rings
