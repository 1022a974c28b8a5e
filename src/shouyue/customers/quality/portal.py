"""My data at the portal: what we know of the member, and their word on it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shouyue.customers.attesting.public import Origin
from shouyue.customers.people.public import Customer, Person
from shouyue.customers.quality.actions.confirming import NothingToConfirmError, ValuesChangedError, confirm_values
from shouyue.customers.quality.actions.correcting import request_correction
from shouyue.customers.quality.forms import REFUSALS, Correction
from shouyue.customers.quality.models import CorrectionRequest, CorrectionState
from shouyue.customers.quality.panels import FIELD_NAMES, values_of
from shouyue.customers.quality.rules.corrections import CorrectionRefusedError
from shouyue.kernel import clock
from shouyue.store.sealed_fields import unseal
from shouyue.web.portal.principal import member_of

_SHOWN = ("name", "phone", "email", "born_on", "address")


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What we know of the member, masked: a phone lies on many tables."""
    return _page(request, Correction(initial={"key": uuid4()}))


@require_POST
def my_data_confirm(request: HttpRequest) -> HttpResponse:
    """The member says that values are right as they are: one field, or all of them."""
    who, at = member_of(request).customer_id, clock.now()
    has = values_of([who]).get(who, [])
    fields = [request.POST["field"]] if request.POST.get("field") in has else has
    person = Person.objects.filter(pk=who).only("updated_at").first()
    try:
        if person is None or request.POST.get("seen") != person.updated_at.isoformat():
            raise ValuesChangedError
        origin = Origin(key=uuid4(), source="portal", by=f"member:{who}", method="member", verified_at=at)
        confirm_values({who: fields}, origin=origin, at=at, seen={who: person.updated_at})
    except (ValuesChangedError, NothingToConfirmError):
        messages.error(request, _("Your data changed in the meantime. Please look again before you confirm."))
    else:
        messages.success(request, _("Thank you. We noted that this is right."))
    return redirect("customers:my_data")


@sensitive_post_parameters("value")
@never_cache
@require_POST
def my_data_correct(request: HttpRequest) -> HttpResponse:
    """The member says that a value is another one."""
    who, form = member_of(request).customer_id, Correction(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    try:
        request_correction(who, said["field"], said["value"], key=said["key"], by=f"member:{who}", at=clock.now())
    except CorrectionRefusedError as refused:
        form.add_error("value", REFUSALS[refused.reason])
        return _page(request, form, status=422)
    messages.success(request, _("Thank you. We check it and then correct it."))
    return redirect("customers:my_data")


def _page(request: HttpRequest, form: Correction, status: int = 200) -> HttpResponse:
    who: UUID = member_of(request).customer_id
    rows = Person.objects.filter(pk=who).only("customer_id", "updated_at", *_SHOWN)
    asked = CorrectionRequest.objects.filter(customer=who, state=CorrectionState.OPEN).order_by("asked_at")
    person = next(iter(unseal(rows, _SHOWN)), None)
    context = {
        "customer": Customer.objects.filter(pk=who).first(),
        "person": person,
        "seen": person.updated_at.isoformat() if person else "",
        "has": [(field, FIELD_NAMES[field]) for field in values_of([who]).get(who, [])],
        "asked": [(FIELD_NAMES[one.field], one.asked_at) for one in asked],
        "form": form,
    }
    return render(request, "customers/my_data.html", context, status=status)
