"""Changing customers by hand: one field in place, or one field of many with a preview and an undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shouyue.customers.people import queries
from shouyue.customers.people.actions.editing import (
    edit_customer,
    edit_customers,
    undo_edit,
)
from shouyue.customers.people.desk.listing import dressed
from shouyue.customers.people.forms import LABELS, MORE, CustomerFilters, EditForm, chosen_customers
from shouyue.customers.people.models import Customer, CustomerKind
from shouyue.customers.people.more_fields import Changeable, more_fields
from shouyue.customers.people.rules import editing
from shouyue.kernel import clock
from shouyue.kernel.edits import TooManyRowsError, Undone
from shouyue.web.format import count
from shouyue.web.habits import undo
from shouyue.web.staff import is_party_a, must_change

UNDO = "customers.edit"
_PREVIEWED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def edit_field(request: HttpRequest, customer_id: UUID, field: str) -> HttpResponse:
    """One field in place: its form or, with `shown`, its value, and what became of it.

    422: cannot be used; 409: somebody else was quicker.
    """
    by = must_change(request)
    customer = get_object_or_404(Customer.objects.exclude(kind=CustomerKind.ANONYMOUS), pk=customer_id)
    if field not in editing.FIELDS:
        raise Http404
    current = getattr(customer, field)
    if "shown" in request.GET:
        return render(request, "customers/edit_field.html#value", _field_context(customer, field))
    if request.method != "POST":
        form = EditForm(field=field, initial={"value": current, "seen": current})
        return _field_form(request, customer, field, form)
    form = EditForm(request.POST, field=field)
    if not form.is_valid():
        return _field_form(request, customer, field, form, status=422)
    wanted = form.cleaned_data["value"]
    try:
        seen = form.cleaned_data["seen"]
        edit = edit_customer(customer.pk, field=field, value=wanted, seen=seen, by=by, at=clock.now())
    except editing.ChangedMeanwhileError as other:
        mine = EditForm(field=field, initial={"value": wanted, "seen": other.current})
        return _field_form(request, customer, field, mine, status=409, theirs=_shown(field, other.current))
    customer.refresh_from_db()
    if edit:
        _offer_undo(request, edit.pk, edit.count)
    if request.headers.get("HX-Request"):
        return render(request, "customers/edit_field.html#value", _field_context(customer, field))
    return redirect(_board(request) if request.POST.get("back") == "board" else _record(customer))


def _field_form(
    request: HttpRequest, customer: Customer, field: str, form: EditForm, *, status: int = 200, theirs: str = ""
) -> HttpResponse:
    template = "customers/edit_field.html" + ("#form" if request.headers.get("HX-Request") else "")
    context = {**_field_context(customer, field), "form": form, "theirs": theirs, "is_conflict": status == 409}
    return render(request, template, context, status=status)


def _field_context(customer: Customer, field: str) -> dict[str, Any]:
    shown = _shown(field, getattr(customer, field))
    return {"customer": customer, "field": field, "label": LABELS[field], "shown": shown, "can_edit": True}


def _shown(field: str, value: str) -> str:
    return str(CustomerKind(value).label) if field == "kind" else value


@dataclass(frozen=True, slots=True)
class _Own:
    """A field that customers have by themselves, to be changed on many."""

    name: str

    @property
    def title(self) -> str | Promise:
        return LABELS[self.name]

    def form(self, said: QueryDict | None) -> EditForm:
        return EditForm(said, field=self.name)

    def words(self, form: Form) -> str:
        return _shown(self.name, form.cleaned_data["value"])

    def now(self, customers: Sequence[Customer]) -> Mapping[UUID, str]:
        return {one.pk: _shown(self.name, getattr(one, self.name)) for one in customers}

    def differing(self, ids: Sequence[UUID], form: Form) -> int:
        return queries.differing(ids, self.name, form.cleaned_data["value"])

    def change(self, ids: Sequence[UUID], form: Form, *, by: str, at: datetime) -> tuple[UUID, int] | None:
        edit = edit_customers(ids, field=self.name, value=form.cleaned_data["value"], by=by, at=at)
        return (edit.pk, edit.count) if edit else None


@sensitive_post_parameters("value")
@never_cache
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Change one field of many: first what will change, then the change itself."""
    by = must_change(request)
    ids = _chosen(request)
    if not ids:
        messages.error(request, _("Choose rows first: tick them, or press Space on a box."))
        return redirect(_back(request))
    if len(ids) > editing.ROWS_MAX:
        messages.error(
            request,
            _("At most %(most)s customers are changed at once. Narrow the list first.")
            % {"most": count(editing.ROWS_MAX)},
        )
        return redirect(_back(request))
    fields: dict[str, Changeable] = {name: _Own(name) for name in LABELS}
    fields |= {f"{MORE}{one.name}": one for one in more_fields().changeable(is_whole=is_party_a(request))}
    name = request.POST.get("field", "country")
    if name not in fields:
        raise Http404
    form = fields[name].form(request.POST if "preview" in request.POST or "apply" in request.POST else None)
    if "apply" in request.POST and form.is_valid():
        return _applied(request, ids, fields[name], form, by)
    return _preview(request, ids, fields, name, form)


def _applied(request: HttpRequest, ids: list[UUID], field: Changeable, form: Form, by: str) -> HttpResponse:
    try:
        edit = field.change(ids, form, by=by, at=clock.now())
    except (TooManyRowsError, ValueError):
        messages.error(request, _("This value cannot be used. Nothing was changed."))
        return redirect(_back(request))
    if edit:
        _offer_undo(request, *edit, is_own=isinstance(field, _Own))
    else:
        messages.success(request, _("All of them have this value already. Nothing was changed."))
    return redirect(_back(request))


def _preview(
    request: HttpRequest, ids: list[UUID], fields: Mapping[str, Changeable], name: str, form: Form
) -> HttpResponse:
    customers = list(Customer.objects.filter(pk__in=ids[:_PREVIEWED]).order_by("-last_seen_at", "-id"))
    field, is_told = fields[name], form.is_bound and form.is_valid()
    now = field.now(customers)
    context = {
        "form": form,
        "field": name,
        "fields": [(key, one.title) for key, one in fields.items()],
        "ids": ids,
        "scope": request.POST.get("scope", "chosen"),
        "query": request.POST.get("query", ""),
        "rows": [(row, now[row.pk]) for row in dressed(customers)],
        "count": len(ids),
        "more": len(ids) - len(customers),
        "wanted": field.words(form) if is_told else None,
        "changes": field.differing(ids, form) if is_told else None,
        "back": _back(request),
    }
    return render(request, "customers/bulk.html", context, status=422 if form.is_bound and not is_told else 200)


def _chosen(request: HttpRequest) -> list[UUID]:
    """The ticked customers, or all of the list's filters: one more than may be changed at most."""
    if request.POST.get("scope") == "all":
        filters = CustomerFilters(QueryDict(request.POST.get("query", "")), sources=queries.customer_sources())
        rows, order = chosen_customers(filters)
        return list(rows.order_by(*order).values_list("pk", flat=True)[: editing.ROWS_MAX + 1])
    try:
        return list(dict.fromkeys(UUID(key) for key in request.POST.getlist("row")[: editing.ROWS_MAX + 1]))
    except ValueError:
        raise Http404 from None


def _offer_undo(request: HttpRequest, edit: UUID, changed: int, *, is_own: bool = True) -> None:
    text = ngettext("%(count)s customer was changed.", "%(count)s customers were changed.", changed)
    kept = {"edit" if is_own else "declared": str(edit)}
    undo.offer(request, text % {"count": count(changed)}, name=UNDO, kept=kept)


def take_back(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of both changes."""
    by, at = must_change(request), clock.now()
    if "declared" in kept:
        undone = Undone(*more_fields().undo(UUID(kept["declared"]), by=by, at=at))
    else:
        undone = undo_edit(UUID(kept["edit"]), by=by, at=at)
    text = ngettext("%(count)s customer is as before.", "%(count)s customers are as before.", undone.restored)
    return undo.said(text % {"count": count(undone.restored)}, kept=undone.kept)


def _back(request: HttpRequest) -> str:
    return _with_query(request, reverse("customers:list"))


def _board(request: HttpRequest) -> str:
    """The board as it was: its filters travel with the card."""
    return _with_query(request, reverse("customers:board"))


def _with_query(request: HttpRequest, path: str) -> str:
    query = request.POST.get("query", "")
    return f"{path}?{QueryDict(query).urlencode()}" if query else path


def _record(customer: Customer) -> str:
    return reverse("customers:record", args=[customer.pk])
