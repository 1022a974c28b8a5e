"""Households and relations on screen: add, remove, and the drawing of who hangs together with whom."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.customers.duplicates.public import ids_of_person
from shouyue.customers.kinships import actions, queries
from shouyue.customers.kinships.forms import HOUSEHOLD, REFUSALS, KinshipForm
from shouyue.customers.kinships.models import HouseholdMember, Relation
from shouyue.customers.kinships.rules.relations import RelationRefusedError
from shouyue.customers.people.public import Customer, customers_found
from shouyue.kernel import clock
from shouyue.web.habits import undo
from shouyue.web.staff import must_change

UNDO = "customers.kinships"
_SHOWN_MAX = 20


@sensitive_post_parameters("who")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kinship_add(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Say what a customer is to another one, who is found by a search; of several one is chosen."""
    by = must_change(request)
    customer = get_object_or_404(Customer.objects.exclude(kind="anonymous"), pk=customer_id)
    form = KinshipForm(request.POST or None)
    found: list[queries.Named] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        found = [] if said["chosen"] else _found(said["who"], customer)
        other = said["chosen"] or (found[0].customer.pk if len(found) == 1 else None)
        if other and _recorded(request, customer, other, form, by):
            return redirect("customers:record", customer.pk)
        if not other and not found:
            form.add_error("who", REFUSALS["nobody"])
        if other:
            found = []
    context = {"customer": customer, "form": form, "found": found}
    return render(request, "customers/kinship_add.html", context, status=422 if form.errors else 200)


@require_POST
def kinship_end(request: HttpRequest, customer_id: UUID, relation_id: UUID) -> HttpResponse:
    """Take a relation away; it stays on record and can be taken back."""
    by, found = must_change(request), get_object_or_404(Relation, pk=relation_id)
    actions.end_relation(found.pk, by=by, at=clock.now())
    undo.offer(request, _("The relation was removed."), name=UNDO, kept={"restore": str(found.pk)})
    return redirect("customers:record", customer_id)


@require_POST
def household_change(request: HttpRequest, customer_id: UUID, membership_id: UUID) -> HttpResponse:
    """Let a member leave the household, or be its head."""
    by, found = must_change(request), get_object_or_404(HouseholdMember, pk=membership_id)
    if "head" in request.POST:
        try:
            actions.make_head(found.pk, by=by, at=clock.now())
        except HouseholdMember.DoesNotExist:
            messages.error(request, _("They left the household meanwhile."))
    else:
        actions.leave_household(found.pk, by=by, at=clock.now())
        undo.offer(request, _("They are no longer in the household."), name=UNDO, kept={"back": str(found.pk)})
    return redirect("customers:record", customer_id)


@require_safe
def network(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everybody within two steps as a drawing, and the same as a table."""
    customer = get_object_or_404(Customer, pk=customer_id)
    ids = ids_of_person([customer.pk])[customer.pk]
    found = queries.network(ids)
    points = found.drawing.points
    context = {
        "customer": customer,
        "found": found,
        "nodes": [(found.names[who], point, who == ids[0]) for who, point in points.items() if who in found.names],
        "lines": [(points[one], points[other], label) for one, other, label in _lines(found)],
        "homes": [(found.names[one], found.names[other]) for one, other in found.households],
    }
    return render(request, "customers/network.html", context)


def _lines(found: queries.Network) -> list[tuple[UUID, UUID, str]]:
    ties = [(one.one.customer.pk, one.other.customer.pk, str(one.relation.get_kind_display())) for one in found.ties]
    return ties + [(one, other, "") for one, other in found.households]


def take_back(request: HttpRequest, kept: dict[str, Any]) -> str:
    """The reversing act of what was done last."""
    by, at = must_change(request), clock.now()
    try:
        if "end" in kept:
            actions.end_relation(UUID(kept["end"]), by=by, at=at)
            return _("It is as before.")
        if "leave" in kept:
            is_back = actions.undo_joining(UUID(kept["leave"]), by=by, at=at)
        elif "restore" in kept:
            is_back = actions.restore_relation(UUID(kept["restore"]), by=by, at=at)
        else:
            is_back = actions.return_to_household(UUID(kept["back"]), by=by, at=at)
    except (Relation.DoesNotExist, HouseholdMember.DoesNotExist):
        raise Http404 from None
    except RelationRefusedError:
        is_back = False
    return _("It is as before.") if is_back else _("Somebody changed it since, so it stays as it is now.")


def _recorded(request: HttpRequest, customer: Customer, other: UUID, form: KinshipForm, by: str) -> bool:
    said, at = form.cleaned_data, clock.now()
    try:
        if said["kind"] == HOUSEHOLD:
            made = actions.join_household(other, of=customer.pk, by=by, at=at)
            undo.offer(request, _("They are in one household now."), name=UNDO, kept={"leave": str(made.pk)})
            return True
        one, to = (other, customer.pk) if said["is_reversed"] else (customer.pk, other)
        relation = actions.relate(one, said["kind"], to, by=by, at=at)
    except RelationRefusedError as refused:
        form.add_error("who", REFUSALS[refused.reason])
        return False
    undo.offer(request, _("The relation was recorded."), name=UNDO, kept={"end": str(relation.pk)})
    return True


def _found(text: str, customer: Customer) -> list[queries.Named]:
    found = [one for one in customers_found(text, shown_max=_SHOWN_MAX).customers if one.pk != customer.pk]
    names = queries.named([one.pk for one in found])
    return [names[one.pk] for one in found]
