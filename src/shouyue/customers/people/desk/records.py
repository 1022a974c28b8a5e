"""One customer on screen, with what the rooms know of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shouyue.customers.people import queries
from shouyue.customers.people.desk.listing import may_edit
from shouyue.customers.people.forms import LABELS
from shouyue.customers.people.models import Customer
from shouyue.customers.people.same_person import ids_of
from shouyue.store import registry
from shouyue.web.habits import timeline

# What the record shows of a person, masked.
_SHOWN = ("name", "title")


@require_safe
def customer_record(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One customer: properties, the timeline, and the panels of upper rooms, of all ids of the person.

    Where several records are one person, each card that there is for several says whose it is.

    The page of a merged record leads to the one that stands for it.
    """
    ids = ids_of(customer_id)
    if ids[0] != customer_id:
        return redirect("customers:record", ids[0])
    customer = get_object_or_404(Customer, pk=customer_id)
    persons = queries.masked_persons(ids, _SHOWN)
    others = Customer.objects.filter(pk__in=ids[1:]).order_by("id") if len(ids) > 1 else []
    numbers = {one.pk: one.source_key for one in (customer, *others)}
    context = {
        "customer": customer,
        "person": queries.masked_person(ids, _SHOWN),
        "others": [(one, persons.get(one.pk)) for one in others],
        "editable": [(name, label, _shown(customer, name)) for name, label in LABELS.items()],
        "can_edit": _can_edit(request, customer),
        "properties": _cards(request, ids, "customer.properties", numbers),
        "panels": _cards(request, ids, "customer.panel", numbers),
        "tags": [(one, value) for one, value, _who in _contributed(request, ids, "customer.tag")],
        "notes": _field_notes(request, customer),
        "timeline": timeline.first_page(request, ids),
        "timeline_kinds": timeline.kinds(request),
        "more_url": reverse("customers:timeline", args=[customer.pk]),
    }
    return render(request, "customers/record.html", context)


@require_safe
def customer_timeline(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What happened earlier, for the timeline of the record; without a place, the newest."""
    customer = get_object_or_404(Customer, pk=customer_id)
    return timeline.more(request, ids_of(customer.pk), more_url=reverse("customers:timeline", args=[customer.pk]))


def _shown(customer: Customer, field: str) -> str:
    return str(customer.get_kind_display() if field == "kind" else getattr(customer, field))


def _can_edit(request: HttpRequest, customer: Customer) -> bool:
    return not customer.is_anonymous and may_edit(request)


def _cards(
    request: HttpRequest, ids: Sequence[UUID], place: str, numbers: Mapping[UUID, str]
) -> list[tuple[registry.Shown, Any, str]]:
    """What is shown at a place, with its title: of several cards of one kind each names its record."""
    found = _contributed(request, ids, place)
    kinds = Counter(one.name for one, _value, _who in found)
    return [
        (one, value, f"{one.title} · {numbers[who]}" if kinds[one.name] > 1 else str(one.title))
        for one, value, who in found
    ]


def _contributed(request: HttpRequest, ids: Sequence[UUID], place: str) -> list[tuple[registry.Shown, Any, UUID]]:
    shown = registry.shown(place, ids, request.user)
    return [(one, one.values[who], who) for one in shown for who in ids if who in one.values]


def _field_notes(request: HttpRequest, customer: Customer) -> Mapping[str, Any]:
    """By field name, what upper rooms say of how far its value can be trusted: anything with `note` and `dot`."""
    notes: dict[str, Any] = {}
    for _shown, by_field, _who in _contributed(request, [customer.pk], "customer.field"):
        notes |= by_field
    return notes
