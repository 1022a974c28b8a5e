"""Contacts and birthday of a customer, changed by hand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouyue.customers.attesting.public import TOLD
from shouyue.customers.contacts import actions
from shouyue.customers.contacts.forms import REFUSALS, BirthdayForm, ContactForm, NewContact
from shouyue.customers.contacts.models import ContactChange, ContactKind
from shouyue.customers.contacts.panels import lines_of
from shouyue.customers.contacts.queries import Contact, contacts_of
from shouyue.customers.contacts.rules import birthdays, contacts
from shouyue.customers.contacts.rules.contacts import ContactRefusedError
from shouyue.customers.people.public import Customer
from shouyue.kernel import clock
from shouyue.store.models import Party
from shouyue.web.habits import undo
from shouyue.web.staff import must_be_staff, must_change

UNDO = "customers.contacts"


@sensitive_post_parameters("value")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact_add(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """One more phone, e-mail address, address, WeChat id or card."""
    must_change(request)
    customer = _customer(customer_id)
    kind = request.GET.get("kind", contacts.PHONE)
    form = NewContact(request.POST or None, initial={"kind": kind, "how": TOLD})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data

        def change(part: contacts.Part) -> contacts.Part:
            value = contacts.clean(said["kind"], said["value"])
            return contacts.added(part, value, said["label"], is_main=said["is_main"])

        if _changed(request, (customer, said["kind"]), form, change):
            return redirect("customers:record", customer.pk)
    return _page(request, "customers/contact_add.html", customer, form)


@sensitive_post_parameters("value")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, customer_id: UUID, kind: str, key: UUID) -> HttpResponse:
    """One value: change it, say that it is right, make it the main one, remove it. Only Party A reads it whole."""
    by, customer = must_change(request), _customer(customer_id)
    found = contacts_of([customer.pk], at=clock.now()).get(customer.pk)
    one = next((one for one in found.of(kind) if one.key == key), None) if found and kind in contacts.KINDS else None
    if found is None or one is None:
        messages.error(request, _("Somebody changed or removed this value meanwhile. Please look again."))
        return redirect("customers:record", customer.pk)
    is_serving = must_be_staff(request).party == Party.A
    form = _contact_form(request, one, is_serving=is_serving)
    if request.method == "POST" and _acted(request, customer, one, form, by):
        return redirect("customers:record", customer.pk)
    line = next(line for line in lines_of(found) if line.contact.key == key and line.contact.kind == kind)
    more = {"line": line, "is_serving": is_serving, "kind_name": ContactKind(kind).label}
    return _page(request, "customers/contact.html", customer, form, more)


def _contact_form(request: HttpRequest, one: Contact, *, is_serving: bool) -> ContactForm:
    form = ContactForm(
        request.POST or None,
        initial={"value": one.value if is_serving else "", "label": one.label, "how": TOLD},
    )
    # Who may not read the value leaves the field empty to keep it.
    form.fields["value"].required = is_serving and "save" in request.POST
    return form


def _acted(request: HttpRequest, customer: Customer, one: Contact, form: ContactForm, by: str) -> bool:
    if not form.is_valid():
        return False
    said, at, where = form.cleaned_data, clock.now(), (customer, one.kind)
    if "confirm" in request.POST:
        if said["how"] == TOLD:
            form.add_error("how", _("Say how you know that it is right: from the customer, a document or a call."))
            return False
        origin = actions.by_hand(by=by, method=said["how"], at=at)
        actions.confirm_contact(customer.pk, one.kind, one.value, origin=origin, at=at)
        messages.success(request, _("It is noted that this value is right."))
        return True
    if "main" in request.POST:
        return _changed(request, where, form, lambda part: contacts.promoted(part, one.value))
    if "remove" in request.POST:
        return _changed(request, where, form, lambda part: contacts.removed(part, one.value))

    def change(part: contacts.Part) -> contacts.Part:
        new = contacts.clean(one.kind, said["value"]) if said["value"] else one.value
        return contacts.changed(part, one.value, new, said["label"])

    return _changed(request, where, form, change)


def _changed(
    request: HttpRequest,
    where: tuple[Customer, str],
    form: ContactForm,
    change: Callable[[contacts.Part], contacts.Part],
) -> bool:
    (customer, kind), at = where, clock.now()
    origin = actions.by_hand(by=must_change(request), method=form.cleaned_data["how"], at=at)
    try:
        made = actions.change_contacts(customer.pk, kind, change, origin=origin, at=at)
    except ContactRefusedError as refused:
        form.add_error("value", REFUSALS[refused.reason])
        return False
    _said(request, made)
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def birthday(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The birthday, by the calendar that the person keeps."""
    by, customer = must_change(request), _customer(customer_id)
    is_serving = must_be_staff(request).party == Party.A
    form = BirthdayForm(request.POST or None, initial=_birthday_said(customer, is_serving=is_serving))
    if request.method == "POST" and form.is_valid():
        said, at = form.cleaned_data, clock.now()
        origin = actions.by_hand(by=by, method=said["how"], at=at)
        try:
            made = actions.change_birthday(customer.pk, said["born_on"], said["calendar"], origin=origin, at=at)
        except ContactRefusedError as refused:
            form.add_error("day", REFUSALS[refused.reason])
        else:
            _said(request, made)
            return redirect("customers:record", customer.pk)
    return _page(request, "customers/birthday.html", customer, form)


def _birthday_said(customer: Customer, *, is_serving: bool) -> dict[str, str]:
    found = contacts_of([customer.pk], at=clock.now()).get(customer.pk)
    born_on = found.born_on if found and is_serving else None
    calendar = found.known.calendar if found and found.known.calendar else birthdays.SOLAR
    day = ""
    if born_on and calendar == birthdays.LUNAR:
        one = birthdays.lunar(born_on)
        day = f"{one.year}-{'闰' if one.is_leap else ''}{one.month}-{one.day}"
    elif born_on:
        day = born_on.isoformat()
    return {"calendar": calendar, "day": day, "how": TOLD}


def take_back(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of a change."""
    by = must_change(request)
    try:
        is_back = actions.undo_contact_change(UUID(kept["customer"]), UUID(kept["change"]), by=by, at=clock.now())
    except ContactChange.DoesNotExist:
        raise Http404 from None
    return _("It is as before.") if is_back else _("Somebody changed it since, so it stays as it is now.")


def _said(request: HttpRequest, made: ContactChange | None) -> None:
    if made is None:
        messages.success(request, _("Nothing was changed."))
        return
    kept = {"customer": str(made.customer_id), "change": str(made.id)}
    undo.offer(request, _("%(what)s was changed.") % {"what": made.get_kind_display()}, name=UNDO, kept=kept)


def _page(
    request: HttpRequest, template: str, customer: Customer, form: Any, more: dict[str, Any] | None = None
) -> HttpResponse:
    context = {"customer": customer, "form": form, **(more or {})}
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


def _customer(customer_id: UUID) -> Customer:
    return get_object_or_404(Customer.objects.exclude(kind="anonymous"), pk=customer_id)
