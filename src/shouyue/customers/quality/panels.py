"""What quality shows on the page of a customer: how fresh each value is, and what stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shouyue.customers.attesting.public import Method, Standing
from shouyue.customers.people.public import Person
from shouyue.customers.quality.models import CorrectionRequest, CorrectionState
from shouyue.customers.quality.queries import standings
from shouyue.customers.quality.rules.freshness import FreshnessTerms, is_fresh, may_be_reissued, score
from shouyue.kernel import clock
from shouyue.store.contributions.work import WorkItem
from shouyue.store.models import Party
from shouyue.store.registry import Contribution, Reader
from shouyue.web.format import day

FIELD_NAMES: Final[Mapping[str, str | Promise]] = {
    "name": pgettext_lazy("of a person", "Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "address": _("Address"),
    "birthday": _("Birthday"),
}
RESULT_NAMES: Final[Mapping[str, str | Promise]] = {**FIELD_NAMES, "record": _("Whole record: name, phone, address")}


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a customer. method: in words. is_risky: a phone that may have been given to somebody else."""

    field: str
    name: str | Promise
    standing: Standing | None
    method: str | Promise
    score: float
    is_fresh: bool
    is_risky: bool


def lines_of(
    has_value: Sequence[str], found: Mapping[str, Standing], *, at: datetime, agreed: FreshnessTerms
) -> list[Line]:
    """The values of one customer, in the order of the governed fields."""
    on = agreed.day(at)
    lines = []
    for field, name in FIELD_NAMES.items():
        if field in has_value:
            one = found.get(field)
            lines.append(
                Line(
                    field,
                    name,
                    one,
                    Method(one.method).label if one else _("from before sources were kept"),
                    score(one, field, on=on, terms=agreed),
                    is_fresh(one, field, on=on, terms=agreed),
                    field == "phone" and may_be_reissued(one, on=on, terms=agreed),
                )
            )
    return lines


def values_of(customers: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Which governed fields of these customers have a value, without opening any."""
    rows = Person.objects.filter(pk__in=customers).only("customer_id", *_COLUMNS.values())
    return {row.pk: [field for field, name in _COLUMNS.items() if getattr(row, name) is not None] for row in rows}


def _panel(customers: Sequence[UUID], _reader: Reader) -> Mapping[UUID, list[Line]]:
    # Of the ids of one person the first that has a value is the one whose value the page shows.
    at, agreed = clock.now(), standings.terms().freshness
    found, has = standings.standings(customers, until=at), values_of(customers)
    if not has:
        return {}
    source = {field: who for who in reversed(customers) for field in has.get(who, [])}
    shown = {field: one for field, who in source.items() if (one := found.get(who, {}).get(field))}
    return {customers[0]: lines_of(list(source), shown, at=at, agreed=agreed)}


_COLUMNS: Final = {"name": "name", "phone": "phone", "email": "email", "address": "address", "birthday": "born_on"}


def waiting_corrections(reader: Reader, _at: datetime) -> Sequence[WorkItem]:
    """What members asked to correct, the oldest first; for the parties, not an auditor."""
    if getattr(reader, "party", Party.AUDITOR) == Party.AUDITOR:
        return []
    waiting = CorrectionRequest.objects.filter(state=CorrectionState.OPEN).select_related("customer")
    return [
        WorkItem(
            key=f"correction:{one.pk}",
            kind=_("Correction asked for"),
            title=_("%(field)s of customer %(number)s")
            % {"field": FIELD_NAMES[one.field], "number": one.customer.source_key},
            note=day(one.asked_at),
            url=f"{reverse('customers:corrections')}#correction-{one.pk}",
            action=_("Decide"),
        )
        for one in waiting.order_by("asked_at", "id")[:_WAITING_MAX]
    ]


_WAITING_MAX = 20
FRESHNESS = Contribution(
    name="customers.freshness",
    order=5,
    title=_("How fresh this is"),
    contribute=_panel,
    template="customers/_freshness.html",
)
