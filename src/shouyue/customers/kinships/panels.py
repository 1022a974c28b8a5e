"""What kinships show on the page of a customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.kinships.queries import Member, Tie, kinships_of_persons
from shouyue.customers.kinships.rules.relations import MUTUAL
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader


@dataclass(frozen=True, slots=True)
class Card:
    """Household and relations of one person. customer: the record that stands for all of theirs."""

    customer: UUID
    ties: list[Tie]
    members: list[Member]
    can_edit: bool


def _card(customers: Sequence[UUID], reader: Reader) -> Mapping[UUID, Card]:
    can_edit = getattr(reader, "party", Party.AUDITOR) != Party.AUDITOR
    found = kinships_of_persons({customers[0]: customers})[customers[0]]
    return {customers[0]: Card(customers[0], found.ties, found.members, can_edit)}


def _households(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, str]:
    found = kinships_of_persons(ids_of_person(customers))
    return {who: household_words(one.members) for who, one in found.items()}


def _relations(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, str]:
    ids = ids_of_person(customers)
    found = kinships_of_persons(ids)
    return {who: "、".join(relation_words(tie, ids[who]) for tie in one.ties) for who, one in found.items()}


def household_words(members: Sequence[Member]) -> str:
    """A household in a line: how many live there, and the head behind their mask. "" where there is none."""
    if not members:
        return ""
    values = {"count": len(members), "head": next((one.who.name for one in members if one.membership.is_head), "–")}
    return ngettext("%(count)s person, head %(head)s", "%(count)s people, head %(head)s", len(members)) % values


def relation_words(tie: Tie, same: Sequence[UUID]) -> str:
    """A relation as the line of one of the two tells it, who has these ids."""
    kind, is_one = tie.relation.get_kind_display(), tie.relation.one_id in same
    if is_one or tie.relation.kind in MUTUAL:
        return f"{kind} {(tie.other if is_one else tie.one).name}"
    return f"{tie.one.name} {kind} {tie.other.name}"


KINSHIPS: Final = Contribution(
    name="customers.kinships",
    order=8,
    title=_("Household and relations"),
    contribute=_card,
    template="customers/_kinships.html",
)
HOUSEHOLD: Final = Contribution(
    name="customers.household",
    order=20,
    title=pgettext_lazy("who live together", "Household"),
    contribute=_households,
    is_extra=True,
)
RELATIONS: Final = Contribution(
    name="customers.relations",
    order=21,
    title=_("Relations"),
    contribute=_relations,
    is_extra=True,
)
