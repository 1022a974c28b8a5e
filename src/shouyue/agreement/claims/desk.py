"""The pages of claims: the list, the notice, and a claim with what followed."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.agreement.claims.actions import (
    ClaimRefusedError,
    ClaimWords,
    StepRefusedError,
    answer_claim,
    claim_breach,
)
from shouyue.agreement.claims.forms import ClaimForm, StepForm
from shouyue.agreement.claims.models import ClaimStep
from shouyue.agreement.claims.queries import claim_of, claims_of
from shouyue.agreement.claims.targets import missed_targets
from shouyue.agreement.disclosures.public import disclosures_of
from shouyue.agreement.filings.public import due_days
from shouyue.agreement.terms.public import Agreement, current_agreement
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.kernel.period import Quarter
from shouyue.store.models import Staff
from shouyue.web.format import day as day_name
from shouyue.web.format import quarter as quarter_name


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Every claim of both parties."""
    agreement = current_agreement()
    if agreement is None:
        return render(request, "agreement/empty.html")
    views = claims_of(agreement, on=_today(agreement))
    context = {"agreement": agreement, "claims": views, "may_claim": _party(request) in {"a", "b"}}
    return render(request, "agreement/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """The notice of 8.2(1)."""
    agreement, reader = current_agreement(), request.user
    if agreement is None or not isinstance(reader, Staff) or reader.party not in {"a", "b"}:
        raise Http404
    form = _claim_form(request, agreement, reader)
    if request.method == "POST" and form.is_valid():
        try:
            made = claim_breach(agreement, ClaimWords(**form.cleaned_data), by=reader, at=clock.now())
        except ClaimRefusedError as refused:
            form.refuse(refused.lacks)
        else:
            messages.success(
                request,
                _("Notice is given. The other party may answer until %(day)s.") % {"day": day_name(made.reply_by)},
            )
            return redirect("agreement:claim", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "agreement/new_claim.html", {"agreement": agreement, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    """One claim: what it rests on, what followed, and what the reader may do next."""
    agreement, reader = current_agreement(), request.user
    view = claim_of(agreement, claim_id, on=_today(agreement)) if agreement else None
    if agreement is None or view is None:
        raise Http404
    steps = [(step.value, str(ClaimStep.Kind(step).label)) for step in view.open_to(_party(request))]
    form = StepForm(request.POST or None, steps=steps, initial={"id": new_id()})
    if request.method == "POST" and isinstance(reader, Staff) and form.is_valid():
        said = form.cleaned_data
        try:
            answer_claim(
                claim_id,
                said["step"],
                step_id=said["id"],
                text=said["text"],
                evidence=said["evidence"],
                by=reader,
                at=clock.now(),
            )
        except StepRefusedError:
            form.add_error("step", _("The claim has moved on meanwhile. Read what was added and choose again."))
        else:
            messages.success(request, _("Kept. Both parties see it now."))
            return redirect("agreement:claim", claim_id)
    status = 422 if request.method == "POST" else 200
    context = {"agreement": agreement, "view": view, "claim": view.claim, "form": form if steps else None}
    return render(request, "agreement/claim.html", context, status=status)


def _claim_form(request: HttpRequest, agreement: Agreement, reader: Staff) -> ClaimForm:
    against = "b" if reader.party == "a" else "a"
    targets = [
        (one.result_id, f"{one.name} · {quarter_name(Quarter.parse(one.period).first_day)} · {one.kept} / {one.asked}")
        for one in missed_targets(agreement.pk)
    ]
    days = due_days(agreement, on=agreement.standing_day(_today(agreement)))
    open_days = [day for day in days if day.is_not_performed and day.owner in {against, "both"}]
    duties = [(day.key, f"{day.clause} {day.title} · {day_name(day.due_on)} · {day.word}") for day in open_days]
    owed = [view for view in disclosures_of(agreement, on=_today(agreement)) if view.row.owed_by == against]
    facts = [(view.row.pk, f"{view.row.number} · {view.row.fact[:40]} · {view.word}") for view in owed]
    return ClaimForm(request.POST or None, targets=targets, duties=duties, facts=facts, initial={"id": new_id()})


def _party(request: HttpRequest) -> str:
    return request.user.party if isinstance(request.user, Staff) else ""


def _today(agreement: Agreement) -> date:
    """Claims run by the calendar, not by how far the records reach."""
    return clock.day_in(agreement.zone, clock.now())
