"""Customers as cards on a board: a lane for each kind, or for each choice of a declared field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouyue.customers.people import queries
from shouyue.customers.people.desk.listing import Row, dressed
from shouyue.customers.people.forms import MORE, CustomerFilters, chosen_customers
from shouyue.customers.people.models import Customer, CustomerKind
from shouyue.customers.people.more_fields import MoreField, more_fields

_BY: Final = "by"
_KIND: Final = "kind"
_KINDS: Final = (CustomerKind.PERSON, CustomerKind.COMPANY, CustomerKind.UNKNOWN)
Choice = tuple[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Card:
    """One customer on the board. edit_url: where a move is posted; seen: the value that the reader sees."""

    row: Row
    edit_url: str
    seen: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board. others: value and name of the lanes that its cards can be moved to."""

    title: str | Promise
    cards: list[Card]
    count: int
    is_exact: bool
    others: list[Choice]
    query: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """How the board is cut. by: kind, or a declared field's name. filter: its name in the list's address."""

    by: str
    field: MoreField | None
    filter: str
    choices: Sequence[Choice]
    has_rest: bool

    def rows(self, customers: QuerySet[Customer], value: str) -> QuerySet[Customer]:
        if self.field is None:
            return customers.filter(kind=value)
        return self.field.narrowed(customers, value) if value else self.field.without(customers)

    def cards(self, rows: Sequence[Row], value: str) -> list[Card]:
        if self.field is None:
            return [Card(row, reverse("customers:edit", args=[row.pk, _KIND]), value) for row in rows]
        seen = self.field.seen([row.pk for row in rows], value)
        return [Card(row, reverse("customers:value", args=[row.pk, self.by]), seen[row.pk]) for row in rows]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The customers of the list's filters as cards; a card is moved by its buttons, and the filters stay."""
    laned = [one for one in more_fields().declared() if one.has_lanes]
    cut = _cut(request.GET.get(_BY, ""), laned)
    asked = request.GET.copy()
    asked.pop(cut.filter, None)
    filters = CustomerFilters(asked, sources=queries.customer_sources())
    customers, order = chosen_customers(filters)
    choices = [*cut.choices, ("", _("not set"))] if cut.has_rest else list(cut.choices)
    found = queries.lanes([cut.rows(customers, value) for value, _title in choices], order=order)
    rows = iter(dressed([one for lane in found for one in lane.customers]))
    lanes = [
        Lane(
            title,
            cut.cards([next(rows) for _one in lane.customers], value),
            lane.count,
            lane.is_exact,
            [one for one in choices if one[0] != value],
            _list_query(asked, cut, value),
        )
        for (value, title), lane in zip(choices, found, strict=True)
    ]
    cuts: list[tuple[str, str, bool]] = [
        (_with(asked, _BY, by), title, by == cut.by)
        for by, title in [(_KIND, _("Kind")), *((one.name, one.title) for one in laned)]
    ]
    listed = _with(asked, _BY, "")
    context = {"lanes": lanes, "query": asked.urlencode(), "list_query": listed, "cuts": cuts}
    return render(request, "customers/board.html", context)


def _cut(by: str, laned: Sequence[MoreField]) -> _Cut:
    field = next((one for one in laned if one.name == by), None)
    if field is None:
        return _Cut(_KIND, None, _KIND, [(kind.value, kind.label) for kind in _KINDS], has_rest=False)
    return _Cut(field.name, field, f"{MORE}{field.name}", list(field.choices), has_rest=True)


def _list_query(asked: QueryDict, cut: _Cut, value: str) -> str:
    """Of the list that holds all of a lane; "" where no filter of the list says so."""
    if not value:
        return ""
    query = asked.copy()
    query.pop(_BY, None)
    query[cut.filter] = value
    return query.urlencode()


def _with(asked: QueryDict, name: str, value: str) -> str:
    query = asked.copy()
    query.pop(name, None)
    if value:
        query[name] = value
    return query.urlencode()
