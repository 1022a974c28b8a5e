"""The pages of the annexes' plans: how they stand, editing a version, confirming it, stating a delivery."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouyue.agreement.plans.actions import Delivered, PlanRefusedError, confirm_plan, deliver, propose_plan
from shouyue.agreement.plans.forms import DeliveryForm, GoalsForm, measure_rows
from shouyue.agreement.plans.improvements import improvements
from shouyue.agreement.plans.queries import PlanView, plan_of, plans_of
from shouyue.agreement.plans.rules.measures import PlannedMeasure
from shouyue.agreement.terms.public import Agreement, current_agreement, duties, phases
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff

# The duties from which an annex's first plan is made.
_CLAUSES = {1: "4.", 2: "5."}


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Both annexes on the schedule of 6.2."""
    agreement = current_agreement()
    if agreement is None:
        return render(request, "agreement/empty.html")
    on = _today(agreement)
    context = {
        "agreement": agreement,
        "on": on,
        "phases": phases(agreement, on=on),
        "plans": plans_of(agreement, on=on),
        "months": range(1, agreement.months + 1),
        "month": agreement.contract_month(on),
        "party": _party(request),
        "improvements": improvements.of(agreement, on=on),
        "waiting": [view.annex for view in plans_of(agreement, on=on) if view.waits_for(_party(request))],
    }
    return render(request, "agreement/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: HttpRequest, annex: int) -> HttpResponse:
    """Write the next version of a plan; the first one begins with the duties of its clauses."""
    agreement, view = _plan(annex)
    reader = _reader(request)
    newest = view.versions[0] if view.versions else None
    start = newest.as_measures() if newest else _from_duties(agreement, annex)
    initial = {"goals": newest.goals if newest else "", "after_version": newest.version if newest else 0}
    data = request.POST or None
    results = improvements.choices()
    wanted = request.GET.get("answers", "")
    if any(one.key == wanted for one in results):
        start = [*start, _answering(wanted, agreement, reader)]
    form, rows = GoalsForm(data, initial=initial), measure_rows(data, agreement, start, results)
    if data is not None and form.is_valid() and rows.is_valid():
        measures = [made for row in rows if (made := row.measure()) is not None]
        if _proposed(form, agreement, annex, measures, reader):
            messages.success(request, _("Proposed. It holds once the other party has confirmed it."))
            return redirect("agreement:plans")
    context = {"agreement": agreement, "view": view, "form": form, "rows": rows}
    return render(request, "agreement/plan_edit.html", context, status=200 if data is None else 422)


@require_POST
def confirm(request: HttpRequest, annex: int, version: int) -> HttpResponse:
    """The other party's confirmation."""
    agreement, _view = _plan(annex)
    try:
        confirm_plan(agreement, annex, version, by=_reader(request), at=clock.now())
    except PlanRefusedError:
        messages.error(request, _("The plan has moved on meanwhile. Read the newest version."))
    else:
        messages.success(request, _("Confirmed. The plan holds from now on."))
    return redirect("agreement:plans")


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, annex: int, key: str) -> HttpResponse:
    """One measure: what was delivered, and the form of the party that owes it."""
    agreement, view = _plan(annex)
    planned = next((one for one in view.measures if one.measure.key == key), None)
    if planned is None:
        raise Http404
    may_file = planned.is_owed_by(_party(request))
    form = DeliveryForm(request.POST or None, initial={"id": new_id(), "done_on": _today(agreement)})
    if request.method == "POST" and form.is_valid():
        said = Delivered(annex=annex, key=key, **form.cleaned_data)
        try:
            deliver(agreement, said, by=_reader(request), at=clock.now())
        except PlanRefusedError as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("Filed. Both parties see it now."))
            return redirect("agreement:plan_measure", annex, key)
    linked = improvements.of(agreement, on=_today(agreement)) if planned.measure.answers else []
    context = {
        "agreement": agreement,
        "view": view,
        "planned": planned,
        "improvements": [one for one in linked if (one.annex, one.measure.measure.key) == (annex, key)],
        "form": form if may_file else None,
    }
    return render(request, "agreement/plan_measure.html", context, status=422 if request.method == "POST" else 200)


def _plan(annex: int) -> tuple[Agreement, PlanView]:
    agreement = current_agreement()
    view = plan_of(agreement, annex, on=_today(agreement)) if agreement else None
    if agreement is None or view is None:
        raise Http404
    return agreement, view


def _party(request: HttpRequest) -> str:
    return request.user.party if isinstance(request.user, Staff) else ""


def _reader(request: HttpRequest) -> Staff:
    """The reader of a party; auditors only read."""
    if not isinstance(request.user, Staff) or request.user.party not in {"a", "b"}:
        raise Http404
    return request.user


def _from_duties(agreement: Agreement, annex: int) -> list[PlannedMeasure]:
    owed = [duty for duty in duties(agreement, on=_today(agreement)) if duty.clause.startswith(_CLAUSES[annex])]
    return [
        PlannedMeasure(
            key=duty.code,
            title=duty.title,
            clause=duty.clause,
            owner=duty.owner,
            first_month=1,
            last_month=min(3, agreement.months),
        )
        for duty in owed
    ]


def _answering(result: str, agreement: Agreement, reader: Staff) -> PlannedMeasure:
    """A row that waits for its title: the measure that shall answer a result, from this month on."""
    month = agreement.contract_month(_today(agreement)) or agreement.months
    return PlannedMeasure(
        key=str(new_id()),
        title="",
        clause="4.3",
        owner=reader.party,
        first_month=month,
        last_month=min(month + 2, agreement.months),
        answers=result,
    )


def _proposed(form: GoalsForm, agreement: Agreement, annex: int, measures: list[PlannedMeasure], reader: Staff) -> bool:
    said: dict[str, Any] = form.cleaned_data
    try:
        propose_plan(
            agreement,
            annex,
            measures,
            goals=said["goals"],
            after_version=said["after_version"],
            by=reader,
            at=clock.now(),
        )
    except PlanRefusedError as refused:
        words = {
            "changed_meanwhile": _(
                "Somebody wrote another version meanwhile. Open the plan again and repeat your change."
            ),
            "empty": _("A plan needs at least one measure."),
        }
        form.add_error(
            None, words.get(refused.reason, _("The measures contradict each other. Check months and owners."))
        )
        return False
    return True


def _today(agreement: Agreement) -> date:
    return agreement.standing_day(clock.day_in(agreement.zone, clock.now()))
