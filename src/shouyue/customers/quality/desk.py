"""Screens about the quality of what is known of customers."""

import secrets
from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shouyue.customers.quality.actions import auditing
from shouyue.customers.quality.actions.correcting import AlreadyDecidedError, decide_correction
from shouyue.customers.quality.forms import AuditSize, FreshnessDay, Said
from shouyue.customers.quality.models import AccuracyAudit, CorrectionRequest
from shouyue.customers.quality.panels import FIELD_NAMES, RESULT_NAMES
from shouyue.customers.quality.queries import audits, standings
from shouyue.customers.quality.queries.corrections import open_corrections
from shouyue.kernel import clock
from shouyue.store.models import Party
from shouyue.web.exports import csv_answer
from shouyue.web.staff import may_change, must_change


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """How fresh the values of each field are, today or on any past day."""
    agreed = standings.terms()
    today = agreed.freshness.day(clock.now())
    form = FreshnessDay(request.GET or None, initial={"on": today})
    on = min((form.cleaned_data["on"] if form.is_valid() else None) or today, today)
    found = standings.freshness(on=on, agreed=agreed.freshness)
    lines = [(FIELD_NAMES[one.field], one, agreed.freshness.half_life_days[one.field]) for one in found]
    context = {"form": form, "on": on, "lines": lines, "agreed": agreed, "has_values": any(one.values for one in found)}
    is_wrong = bool(form.is_bound and form.errors)
    return render(request, "customers/quality.html", context, status=422 if is_wrong else 200)


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """The audits of the last months, and the next one to commit."""
    return _audits(request, AuditSize(initial={"size": 120}))


@require_POST
def audit_commit(request: HttpRequest) -> HttpResponse:
    """Commit this month's audit; the seed is made here, where nobody can choose it."""
    by, form = must_change(request), AuditSize(request.POST)
    if not form.is_valid():
        return _audits(request, form, status=422)
    at = clock.now()
    month = standings.terms().freshness.day(at)
    audit = auditing.commit_audit(month=month, size=form.cleaned_data["size"], seed=secrets.token_hex(32), by=by, at=at)
    return redirect("customers:audit", audit_id=audit.pk)


@require_safe
def audit(request: HttpRequest, audit_id: UUID) -> HttpResponse:
    """One audit: its commitment, the sheet, and what it found."""
    found = get_object_or_404(AccuracyAudit, pk=audit_id)
    lines = audits.sheet(found) if found.drawn_at else []
    context = {
        "audit": found,
        "lines": [(line, [FIELD_NAMES[field] for field in line.fields]) for line in lines],
        "noted": sum(line.is_noted for line in lines),
        "results": [(RESULT_NAMES[one.field], one) for one in audits.results(found)],
        "may_act": may_change(request),
    }
    return render(request, "customers/audit.html", context)


@require_POST
def audit_draw(request: HttpRequest, audit_id: UUID) -> HttpResponse:
    by = must_change(request)
    found = get_object_or_404(AccuracyAudit, pk=audit_id)
    try:
        auditing.draw_audit(found.pk, by=by, at=clock.now())
    except auditing.NobodyToDrawError:
        messages.error(request, _("Nobody can be drawn: no customer is known by name or phone. Import a list first."))
    return redirect("customers:audit", audit_id=found.pk)


@require_POST
def audit_close(request: HttpRequest, audit_id: UUID) -> HttpResponse:
    by = must_change(request)
    found = get_object_or_404(AccuracyAudit, pk=audit_id)
    try:
        auditing.close_audit(found.pk, by=by, at=clock.now())
    except auditing.AuditOrderError:
        messages.error(request, _("Draw the sample first: an audit without a sample has no result."))
    return redirect("customers:audit", audit_id=found.pk)


@never_cache
@sensitive_post_parameters()
def audit_answer(request: HttpRequest, audit_id: UUID, place: int) -> HttpResponse:
    """What one customer said. Blind: the page does not show what we have."""
    must_change(request)
    found = get_object_or_404(AccuracyAudit, pk=audit_id)
    line = next((one for one in audits.sheet(found) if one.place == place), None)
    if line is None or found.closed_at is not None:
        return redirect("customers:audit", audit_id=found.pk)
    form = Said(request.POST or None, asked=line.fields)
    if request.method == "POST" and form.is_valid():
        was_reached = "unreached" not in request.POST
        auditing.note_answers(found.pk, place, form.cleaned_data, was_reached=was_reached)
        messages.success(request, _("Number %(place)s is noted.") % {"place": place})
        return redirect("customers:audit", audit_id=found.pk)
    context = {"audit": found, "line": line, "form": form, "fields": [form[name] for name in line.fields]}
    return render(request, "customers/audit_answer.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
def audit_sheet(request: HttpRequest, audit_id: UUID) -> HttpResponseBase:
    """The sheet for the calls as a file: whom to dial, empty columns for what they say, and nothing of ours."""
    must_change(request)
    found = get_object_or_404(AccuracyAudit, pk=audit_id, drawn_at__isnull=False)
    heads = [_("Number"), _("Customer"), _("Phone to dial"), *(str(name) for name in FIELD_NAMES.values())]

    def rows() -> Iterator[list[object]]:
        for line in audits.sheet(found, is_whole=True):
            blanks = ["" if field in line.fields else _("not asked") for field in FIELD_NAMES]
            yield [line.place, line.name, line.phone, *blanks]

    return csv_answer(f"audit-{found}.csv", heads, list(rows()))


@never_cache
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What customers ask to correct, oldest first. Only Party A reads the values whole."""
    is_serving = getattr(request.user, "party", "") == Party.A
    rows = [
        (one, FIELD_NAMES[one.field], one.value.plain if is_serving and one.value and one.value.is_open else one.value)
        for one in open_corrections()
    ]
    return render(request, "customers/corrections.html", {"rows": rows, "may_act": may_change(request)})


@require_POST
def correction_decide(request: HttpRequest, request_id: UUID) -> HttpResponse:
    by, found = must_change(request), get_object_or_404(CorrectionRequest, pk=request_id)
    is_accepted = "accept" in request.POST
    try:
        decide_correction(found.pk, is_accepted=is_accepted, by=by, at=clock.now())
    except AlreadyDecidedError:
        messages.error(request, _("Somebody decided this request already, or the customer asked anew."))
    else:
        messages.success(request, _("The record is corrected.") if is_accepted else _("The request is refused."))
    return redirect("customers:corrections")


def _audits(request: HttpRequest, form: AuditSize, status: int = 200) -> HttpResponse:
    month = standings.terms().freshness.day(clock.now()).replace(day=1)
    found = [(one, next((r for r in audits.results(one) if r.field == "record"), None)) for one in audits.audits()]
    is_due = all(one.month != month for one, _result in found)
    context = {"audits": found, "form": form, "month": month, "is_due": is_due, "may_act": may_change(request)}
    return render(request, "customers/audits.html", context, status=status)
