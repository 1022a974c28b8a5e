"""What kinships show on the page of a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shouyue.customers.kinships.queries import Member, Tie, kinships_of
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader


@dataclass(frozen=True, slots=True)
class Card:
    """Household and relations of one record."""

    customer: UUID
    ties: list[Tie]
    members: list[Member]
    can_edit: bool


def _cards(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, Card]:
    can_edit = getattr(reader, "party", Party.AUDITOR) != Party.AUDITOR
    # Where there is nothing to show, the card stands once, on the record that stands for all.
    return {
        who: Card(who, found.ties, found.members, can_edit)
        for who, found in kinships_of(customers).items()
        if found.ties or found.members or who == customers[0]
    }


KINSHIPS: Final = Contribution(
    name="customers.kinships",
    order=8,
    title=_("Household and relations"),
    contribute=_cards,
    template="customers/_kinships.html",
)
