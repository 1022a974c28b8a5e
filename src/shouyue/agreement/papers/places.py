"""The places of a contract that is not signed yet, as a paper sets them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shouyue.agreement.terms.rules.template import AgreementTemplate


@dataclass(frozen=True, slots=True)
class Place:
    """A chapter, a clause or an item. label: how it is numbered under its clause."""

    number: str
    label: str
    title: str
    text: str
    parts: list["Place"] = field(default_factory=list)


def chapters_of(shape: "AgreementTemplate") -> list[Place]:
    """The contract of a draft, chapter by chapter, in its own language."""
    found: dict[str, Place] = {}
    tops: list[Place] = []
    for clause in shape.clauses:
        parent, bracket, item = clause.number.partition("(")
        place = Place(clause.number, bracket + item or clause.number, clause.title_zh, clause.text_zh)
        found[clause.number] = place
        above = parent if bracket else clause.number.rpartition(".")[0]
        (found[above].parts if above else tops).append(place)
    return tops
