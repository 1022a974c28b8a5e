"""The matrix of duties, and the page on which a party files what it did."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.agreement.filings.actions import Done, FilingRefusedError, file_duty
from shouyue.agreement.filings.forms import FilingForm
from shouyue.agreement.filings.queries import due_day, matrix
from shouyue.agreement.filings.rules.standing import Standing
from shouyue.agreement.terms.public import Agreement, current_agreement, phases
from shouyue.kernel import clock
from shouyue.kernel.ids import new_id
from shouyue.store.models import Staff


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """Clause 7: who owes what in which month, and where it stands."""
    agreement = current_agreement()
    if agreement is None:
        return render(request, "agreement/empty.html")
    on = _today(agreement)
    months = agreement.months
    rows = matrix(agreement, months=months, on=on)
    days = [day for row in rows for day in row.days]
    context = {
        "agreement": agreement,
        "on": on,
        "rows": rows,
        "months": range(1, months + 1),
        "month": agreement.contract_month(on),
        "phases": phases(agreement, on=on),
        "counts": {
            "done": sum(day.standing is Standing.DONE for day in days),
            "late": sum(day.standing is Standing.LATE for day in days),
            "overdue": sum(day.standing is Standing.OVERDUE for day in days),
            "all": len(days),
        },
    }
    return render(request, "agreement/duties.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, code: str, due_on: str) -> HttpResponse:
    """One due day of one duty: what was filed, and the form of the party that owes it."""
    agreement = current_agreement()
    on = _today(agreement) if agreement else date.min
    try:
        day = due_day(agreement, code, date.fromisoformat(due_on), on=on) if agreement else None
    except ValueError:
        day = None
    if agreement is None or day is None:
        raise Http404
    reader = request.user
    may_file = isinstance(reader, Staff) and (
        reader.party == day.owner or (day.owner == "both" and reader.party in {"a", "b"})
    )
    form = FilingForm(request.POST or None, initial={"id": new_id(), "done_on": min(on, day.due_on)})
    if request.method == "POST" and form.is_valid() and isinstance(reader, Staff):
        try:
            file_duty(agreement, Done(code=code, due_on=day.due_on, **form.cleaned_data), by=reader, at=clock.now())
        except FilingRefusedError as refused:
            form.refuse(refused.reason)
        else:
            messages.success(request, _("Filed. Both parties see it now."))
            return redirect("agreement:duty", code, due_on)
    status = 422 if request.method == "POST" else 200
    context = {"agreement": agreement, "day": day, "form": form, "may_file": may_file, "on": on}
    return render(request, "agreement/duty.html", context, status=status)


def _today(agreement: Agreement) -> date:
    return agreement.standing_day(clock.day_in(agreement.zone, clock.now()))
