"""Sheets of the people who were drawn: printed with their codes, or filled in by somebody who asks them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from shouyue.customers.public import masked_persons
from shouyue.kernel import clock
from shouyue.surveys.questionnaires.public import AnswerRefusedError, questions_of, shown, told_of
from shouyue.surveys.sheets.actions.answering import (
    AnswersMissingError,
    WaveOverError,
    answers_on,
    send_answers,
    sheet_of,
)
from shouyue.surveys.sheets.refusals import needed, why
from shouyue.surveys.waves.public import Sheet, WavePlan, plan_of
from shouyue.web.paging import page_of
from shouyue.web.qr import qr_code
from shouyue.web.staff import must_change, staff_name

_CHANNEL = "interviewer"


@require_safe
@cache_control(private=True, no_store=True)
def sheets(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """One slip for each customer who has not answered, with their code; made to be printed and cut."""
    must_change(request)
    plan = _open_plan(wave_id)
    waiting = Sheet.objects.filter(wave=wave_id, sent_at__isnull=True).select_related("customer")
    page = page_of(waiting, order=("customer_id", "id"), request=request)
    persons = masked_persons([sheet.customer_id for sheet in page.rows], ["name"])
    slips = [
        {"sheet": sheet, "person": persons.get(sheet.customer_id), "link": link, "code": qr_code(link)}
        for sheet in page.rows
        for link in [request.build_absolute_uri(f"/a/{plan.token_of(sheet.id)}/")]
    ]
    return render(request, "surveys/sheets.html", {"plan": plan, "page": page, "slips": slips})


@require_safe
@cache_control(private=True, no_store=True)
def interview(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Who was drawn and has not answered, to be asked in person or by phone."""
    must_change(request)
    plan = _open_plan(wave_id, in_person=True)
    number = request.GET.get("number", "").strip()
    waiting = Sheet.objects.filter(wave=wave_id, sent_at__isnull=True).select_related("customer")
    if number:
        waiting = waiting.filter(customer__source_key=number)
    page = page_of(waiting, order=("customer_id", "id"), request=request)
    persons = masked_persons([sheet.customer_id for sheet in page.rows], ["name", "phone"])
    lines = [(sheet, persons.get(sheet.customer_id)) for sheet in page.rows]
    return render(request, "surveys/interview.html", {"plan": plan, "page": page, "lines": lines, "number": number})


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def entry(request: HttpRequest, wave_id: UUID, sheet_id: UUID) -> HttpResponse:
    """The questions of one customer, filled in by an interviewer; counted like any other answer, and marked."""
    must_change(request)
    by, plan = staff_name(request), _open_plan(wave_id, in_person=True)
    token = plan.token_of(sheet_id)
    sheet = Sheet.objects.filter(wave=wave_id, id=sheet_id).first()
    if sheet is None:
        raise Http404
    faults: dict[str, str] = {}
    if request.method == "POST":
        told = told_of(questions_of(plan.wave.questionnaire), request.POST.getlist)
        try:
            send_answers(token, told, at=clock.now(), channel=_CHANNEL, by=by)
        except AnswerRefusedError as refused:
            faults = {refused.code: why(refused.reason)}
        except AnswersMissingError as refused:
            faults = dict.fromkeys(refused.codes, needed())
        except WaveOverError:
            messages.error(request, _("The wave was closed meanwhile; this answer was not taken."))
            return redirect("surveys:wave", wave_id)
        else:
            messages.success(request, _("Counted. Go on with the next customer."))
            return redirect("surveys:interview", wave_id)
    found = sheet_of(token)
    questions = shown(questions_of(plan.wave.questionnaire), answers_on(found), faults)
    context = {"plan": plan, "sheet": found, "questions": questions, "faults": faults}
    return render(request, "surveys/entry.html", context, status=422 if faults else 200)


def _open_plan(wave_id: UUID, *, in_person: bool = False) -> WavePlan:
    """in_person: to write for somebody whom the asker knows, which an anonymous wave does not allow."""
    found = plan_of(wave_id)
    if found is None or found.closed_at is not None or (in_person and found.wave.is_anonymous):
        raise Http404
    return found
