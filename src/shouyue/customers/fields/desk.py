"""Declared fields on screen: the list of fields, and one value of a customer in place."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shouyue.customers.fields import actions, queries
from shouyue.customers.fields.actions import Declared, FieldRefusedError
from shouyue.customers.fields.forms import REFUSALS, ChangedFieldForm, FieldForm, ValueForm, choices_text
from shouyue.customers.fields.models import CustomField, CustomValueChange
from shouyue.customers.fields.rules.values import MULTI, TAGS, ChangedMeanwhileError, Value, texts_of
from shouyue.customers.people.public import Customer
from shouyue.kernel import clock
from shouyue.store.models import Party
from shouyue.web.habits import undo
from shouyue.web.staff import may_change, must_be_staff, must_change

UNDO = "customers.fields"


@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: HttpRequest) -> HttpResponse:
    """The fields that are declared, and a form for one more."""
    form = FieldForm(request.POST or None)
    if request.method == "POST":
        by = must_change(request)
        if form.is_valid():
            try:
                made = actions.declare_field(Declared(**form.cleaned_data), by=by, at=clock.now())
            except FieldRefusedError as refused:
                form.add_error("choices", REFUSALS[refused.reason])
            else:
                messages.success(request, _("Customers have the field “%(title)s” now.") % {"title": made.title})
                return redirect("customers:fields")
    found = list(CustomField.objects.order_by("retired_at", "made_at", "id"))
    context = {"fields": found, "form": form, "may_act": may_change(request)}
    return render(request, "customers/fields.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def field(request: HttpRequest, field_id: UUID) -> HttpResponse:
    """Change the names and choices of one field."""
    must_change(request)
    found = get_object_or_404(CustomField, pk=field_id)
    said = {
        "title_zh": found.title_zh,
        "title_en": found.title_en,
        "choices": choices_text(found),
        "is_required": found.is_required,
    }
    form = ChangedFieldForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_field(found.pk, Declared(kind=found.kind, **form.cleaned_data))
        except FieldRefusedError as refused:
            form.add_error("choices", REFUSALS[refused.reason])
        else:
            messages.success(request, _("The field is changed."))
            return redirect("customers:fields")
    context = {"field": found, "form": form, "has_choices": bool(found.choices)}
    return render(request, "customers/field.html", context, status=422 if form.is_bound else 200)


@require_POST
def field_retire(request: HttpRequest, field_id: UUID) -> HttpResponse:
    """Ask nobody for it any more, or again."""
    must_change(request)
    found = get_object_or_404(CustomField, pk=field_id)
    actions.retire_field(found.pk, is_retired="retire" in request.POST, at=clock.now())
    return redirect("customers:fields")


@sensitive_post_parameters("value")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def value(request: HttpRequest, customer_id: UUID, name: str) -> HttpResponse:
    """One value in place: its form or, with `shown`, itself, and what became of it.

    422: cannot be used; 409: somebody else was quicker.
    """
    by = must_change(request)
    customer = get_object_or_404(Customer.objects.exclude(kind="anonymous"), pk=customer_id)
    found = get_object_or_404(CustomField, name=name, retired_at__isnull=True)
    if request.method != "POST":
        return _value(request, customer, found) if "shown" in request.GET else _form(request, customer, found)
    form = ValueForm(request.POST, field=found)
    said, seen = request.POST.getlist("value"), form.cleaned_data.get("seen") if form.is_valid() else None
    if "value" in form.errors:
        return _answer(request, customer, found, form, status=422)
    try:
        change = actions.set_value(customer.pk, found, said, seen=seen, by=by, at=clock.now())
    except ChangedMeanwhileError:
        if request.POST.get("back") == "board":
            messages.error(request, _("Somebody else moved this customer meanwhile. Look where they are now."))
            return redirect(_board(request))
        return _form(request, customer, found, mine=said, status=409)
    if change:
        kept = {"customer": str(customer.pk), "change": str(change.id)}
        undo.offer(request, _("%(what)s was changed.") % {"what": found.title}, name=UNDO, kept=kept)
    if request.headers.get("HX-Request"):
        return _value(request, customer, found)
    return redirect(_board(request) if request.POST.get("back") == "board" else _record(customer))


def take_back(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of a change."""
    by = must_change(request)
    try:
        is_back = actions.undo_value(UUID(kept["customer"]), UUID(kept["change"]), by=by, at=clock.now())
    except CustomValueChange.DoesNotExist:
        raise Http404 from None
    return _("It is as before.") if is_back else _("Somebody changed it since, so it stays as it is now.")


def _form(
    request: HttpRequest, customer: Customer, found: CustomField, *, mine: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    """The form with the value as it is now, or with what the editor wrote where somebody else was quicker."""
    current = _current(customer, found)
    may_read = not found.is_personal or must_be_staff(request).party == Party.A
    texts = list(mine) if status == 409 else texts_of(current) if may_read else []
    said = texts if found.kind == MULTI else ", ".join(texts) if found.kind == TAGS else "".join(texts[:1])
    form = ValueForm(field=found, initial={"value": said, "seen": actions.seen_key(customer.pk, current)})
    theirs = queries.plain_words(found, current) if may_read else ""
    return _answer(request, customer, found, form, status=status, theirs=theirs)


def _answer(
    request: HttpRequest, customer: Customer, found: CustomField, form: ValueForm, *, status: int, theirs: str = ""
) -> HttpResponse:
    template = "customers/edit_value.html" + ("#form" if request.headers.get("HX-Request") else "")
    context = {"customer": customer, "field": found, "form": form, "theirs": theirs, "is_conflict": status == 409}
    return render(request, template, context, status=status)


def _value(request: HttpRequest, customer: Customer, found: CustomField) -> HttpResponse:
    known = queries.values_of([customer.pk], is_whole=True).get(customer.pk, queries.NOTHING)
    shown = queries.words(found, known)
    context = {"who": customer.pk, "field": found, "shown": shown, "can_edit": may_change(request)}
    return render(request, "customers/edit_value.html#value", context)


def _current(customer: Customer, found: CustomField) -> Value:
    known = queries.values_of([customer.pk], is_whole=True).get(customer.pk, queries.NOTHING)
    return known.of(found)


def _board(request: HttpRequest) -> str:
    query = request.POST.get("query", "")
    return reverse("customers:board") + (f"?{QueryDict(query).urlencode()}" if query else "")


def _record(customer: Customer) -> str:
    return reverse("customers:record", args=[customer.pk])
